"""What changed from one revision of a disclosure to the next, cell by cell."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from loader.loading.load import load_content
from loader.loading.options import Options
from loader.warehouse.revisions import withdraw
from synthetic.budgets import random_budget
from synthetic.rendering import Mess, render

COLUMNS = "report_no, row_key, column_key, change, earlier_text, later_text, difference"


@pytest.fixture
def text(sample: Path) -> str:
    return sample.read_text(encoding="utf-8")


def revise(connection: psycopg.Connection, *texts: str) -> None:
    """Load the texts one after the other, each to supersede those before."""
    for content in texts:
        result = load_content(connection, content.encode(), "a.txt", Options(supersede=True))
        assert result.outcome in ("loaded", "revised"), result.error


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def changes(connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    query = f"select {COLUMNS} from report.revision_change order by report_no, row_key, column_key, change"
    return connection.execute(query.encode()).fetchall()


def test_a_corrected_figure(database: psycopg.Connection, text: str) -> None:
    revise(database, text, changed(text, "合计\t\t896.28\t790.28\t106.00", "合计\t\t896.28\t791.28\t106.00"))
    assert changes(database) == [(3, "total", "basic", "changed", "790.28", "791.28", Decimal("1.00"))]
    row = database.execute(
        "select revision, earlier_revision, row_label, column_label, earlier_amount, later_amount, reporting_unit_code"
        " from report.revision_change"
    ).fetchone()
    assert row == (2, 1, "合计", "基本支出", Decimal("790.28"), Decimal("791.28"), "001001")


def test_a_corrected_text(database: psycopg.Connection, text: str) -> None:
    revise(database, text, changed(text, "特定目标类", "其他运转类"))
    (row,) = changes(database)
    assert row[0] == 22
    assert row[2:] == ("category", "changed", "特定目标类", "其他运转类", None)


def test_a_figure_taken_out(database: psycopg.Connection, text: str) -> None:
    revise(database, text, changed(text, "合计\t\t896.28\t790.28\t106.00", "合计\t\t896.28\t790.28\t"))
    (row,) = changes(database)
    assert row[2:] == ("project", "removed", "106.00", None, Decimal("-106.00"))


def test_a_row_moved_is_no_change_and_a_new_row_is_added(database: psycopg.Connection, text: str) -> None:
    lines = text.split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("201\t01\t04\t2010104"))
    moved = [*lines[:at], lines[at].replace("04\t2010104\t人大会议", "05\t2010105\t人大立法"), *lines[at:]]
    revise(database, text, "\n".join(moved))
    rows = changes(database)
    assert {row[3] for row in rows} == {"added"}
    assert {row[1] for row in rows} == {"001001/2010105"}


def test_a_cell_without_keys_goes_by_what_it_says(database: psycopg.Connection, text: str) -> None:
    revise(database, text, changed(text, "功能科目\t", "科目\t"))
    assert [(row[0], *row[3:]) for row in changes(database)] == [
        (3, "added", None, "科目", None),
        (3, "removed", "功能科目", None, None),
    ]


def test_white_space_and_separators_do_not_count(database: psycopg.Connection, text: str) -> None:
    spaced = changed(text, "特定目标类", "特定 目标类")
    revise(database, text, changed(spaced, "合计\t\t896.28\t790.28", "合计\t\t896.280\t 790.28"))
    assert changes(database) == []


@pytest.mark.parametrize("mess", [Mess(yuan=(3,)), Mess(narrow=True)], ids=["yuan", "width"])
def test_other_ways_to_print_the_same(database: psycopg.Connection, mess: Mess) -> None:
    budget = random_budget(0)
    revise(database, render(budget, (1, 2, 3, 21)), render(budget, (1, 2, 3, 21), mess))
    assert changes(database) == []


def test_each_revision_stands_beside_the_one_before(database: psycopg.Connection, text: str) -> None:
    """By date, not by the order of loading; a withdrawn one is passed over."""
    for day, figure in ((2, "790.28"), (1, "788.28"), (3, "793.28")):
        content = changed(text, "合计\t\t896.28\t790.28\t106.00", f"合计\t\t896.28\t{figure}\t106.00")
        options = Options(published_on=datetime.date(2024, 3, day))
        assert load_content(database, content.encode(), "a.txt", options).error is None
    query = "select revision, earlier_revision, difference from report.revision_change order by later_amount"
    assert database.execute(query).fetchall() == [(1, 2, 2), (3, 1, 3)]
    row = database.execute("select disclosure_id from budget.disclosure where revision = 1").fetchone()
    assert row is not None
    with database.transaction():
        withdraw(database, "430202", row[0])
    assert database.execute(query).fetchall() == [(3, 2, 5)]
