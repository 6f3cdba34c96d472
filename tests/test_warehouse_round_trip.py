"""Random budgets through Postgres: the report views rebuild what was rendered, whatever forms are filed."""

import random
from decimal import Decimal

import psycopg
import pytest

from loader.loading.load import load_content
from loader.loading.options import Options
from synthetic.budgets import FEN, random_budget
from synthetic.rendering import ALL_FORMS, FORMS, published, render
from tests.test_round_trip import folded


@pytest.mark.parametrize("seed", range(8))
def test_every_published_cell_agrees(database: psycopg.Connection, seed: int) -> None:
    budget = random_budget(seed)
    chosen = random.Random(seed)
    forms = set(ALL_FORMS) if seed % 2 == 0 else {no for no in ALL_FORMS if chosen.random() < 0.7} | {1, 3}
    if not budget.sheets:
        forms.discard(22)
    result = load_content(database, render(budget, forms).encode(), "budget.txt", Options())
    assert result.error is None
    wrong = database.execute(
        "select report_no, row_key, column_key, filed, rebuilt, filed_text, rebuilt_text from report.comparison"
        " where status in ('differs', 'rounding')"
    ).fetchall()
    assert wrong == []
    absent = {no for (no,) in database.execute("select report_no from report.comparison where status = 'not_filed'")}
    assert absent <= set(ALL_FORMS) - forms
    compared = database.execute(
        "select report_no, row_key, column_key, filed from report.comparison where status = 'equal' and filed <> 0"
    ).fetchall()
    found = {(no, row, column): int(filed * FEN) for no, row, column, filed in compared if _is_money(no, column)}
    assert folded(found) == {key: value for key, value in folded(published(budget, forms)).items() if value}


def _is_money(no: int, column: str) -> bool:
    form = FORMS[no]
    return bool(form.lists) or column in {c.id for c in form.money_columns}


def test_several_units_stand_in_one_report(database: psycopg.Connection) -> None:
    seed = next(n for n in range(100) if len(random_budget(n).units) > 2)
    budget = random_budget(seed)
    assert load_content(database, render(budget).encode(), "budget.txt", Options()).error is None
    rows = database.execute(
        "select row_key, row_level, total from report.r03 where row_level <= 2 order by row_no"
    ).fetchall()
    assert [level for _, level, _ in rows] == [0, 1] + [2] * (len(rows) - 2)
    total = rows[0][2]
    assert rows[1][2] == total
    assert sum((amount for _, level, amount in rows if level == 2), Decimal(0)) == total
    assert [key for key, level, _ in rows if level == 2] == sorted(key for key, level, _ in rows if level == 2)
