"""Forms printed less finely than the others: they bear out what the finer ones say, and no further."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.diagnosis.differences import Difference, differences
from loader.ledger.evidence import gather
from loader.ledger.lines import Ledger
from synthetic.budgets import CENT_OF_WAN, FEN, budget_of, random_budget, random_shape
from synthetic.deviations import filed
from synthetic.rendering import ALL_FORMS, Key, Mess, published, render
from tests.conftest import Run

QUIET = {"missing_column", "missing_form", "label"}


def judged(text: str) -> tuple[Ledger, list[Difference], set[str]]:
    """The ledger of a document, the cells that differ, and the kinds of what was found."""
    disclosure = filed(text)
    ledger = diagnosed_ledger(disclosure)
    kinds = {finding.kind for finding in (*disclosure.findings, *ledger.findings)}
    return ledger, differences(gather(disclosure), ledger), kinds - QUIET


@pytest.mark.parametrize("form", ALL_FORMS)
def test_a_form_in_whole_wan_yuan_accuses_nobody(form: int) -> None:
    budget = random_budget(900)
    if form not in {no for no, _, _ in published(budget)}:
        pytest.skip("the budget has no such form")
    _, found, kinds = judged(render(budget, mess=Mess(whole=(form,))))
    assert not found
    assert not kinds


@pytest.mark.parametrize("seed", [902, 1200])
def test_forms_22_and_23_in_whole_wan_yuan_leave_the_ledger_as_it_is(seed: int) -> None:
    budget = random_budget(seed)
    ledger, found, kinds = judged(render(budget, mess=Mess(whole=(22, 23))))
    exact, _, _ = judged(render(budget))
    assert ledger.coarse_forms
    assert not found
    assert not kinds
    assert [(line.coordinates, line.amount) for line in ledger.lines] == [
        (line.coordinates, line.amount) for line in exact.lines
    ]


@pytest.mark.parametrize("form", [3, 7, 10, 23])
def test_a_form_in_wan_yuan_beside_others_in_yuan_accuses_nobody(form: int) -> None:
    budget = budget_of(replace(random_shape(1300), step=100))
    in_yuan = tuple(no for no in ALL_FORMS[:22] if no != form)
    ledger, found, kinds = judged(render(budget, mess=Mess(yuan=in_yuan)))
    assert ledger.coarse_forms
    assert not ledger.is_rounded
    assert not found
    assert not kinds


def test_a_figure_beyond_the_rounding_of_its_form_is_named_as_the_form_would_print_it() -> None:
    budget = random_budget(900)
    wrong: Key = (23, "budget", "general")
    right = published(budget)[wrong]
    changes = {wrong: right + 30 * FEN}
    disclosure = filed(render(budget, mess=Mess(whole=(22, 23)), changes=changes))
    ledger = diagnosed_ledger(disclosure)
    (found,) = differences(gather(disclosure), ledger)
    assert (found.form.form.report_no, *found.key) == wrong
    assert found.rebuilt == right
    assert found.proposed == round(right / FEN) * FEN != right
    (finding,) = [finding for finding in ledger.findings if finding.kind == "wrong_figure"]
    assert finding.report_no == 23
    assert finding.values["proposed"] == Decimal(round(right / FEN))


@pytest.mark.parametrize("kind", ["cent", "blank"])
def test_a_cent_in_a_finer_form_is_no_rounding(kind: str) -> None:
    budget = random_budget(900)
    figures = published(budget)
    wrong = next(key for key in sorted(figures) if key[0] == 7 and "/" in key[1])
    changes = {wrong: figures[wrong] + CENT_OF_WAN if kind == "cent" else 0}
    _, found, _ = judged(render(budget, mess=Mess(whole=(22, 23)), changes=changes))
    assert [(one.form.form.report_no, *one.key, one.rebuilt) for one in found] == [(*wrong, figures[wrong])]


@pytest.mark.parametrize("form", [7, 21])
def test_a_form_whose_figures_happen_to_be_whole_is_no_coarse_one(form: int) -> None:
    """The others print no more places than they need, 20 for 20.00, and one of them has a wrong figure."""
    budget = random_budget(900)
    figures = published(budget)
    wrong = next(key for key in sorted(figures) if key[0] == form and "/" in key[1])
    changes = {wrong: figures[wrong] + FEN // 5}
    ledger, found, _ = judged(render(budget, mess=Mess(short_figures=True), changes=changes))
    assert not ledger.coarse_forms
    assert [(one.form.form.report_no, *one.key) for one in found] == [wrong]


def test_the_warehouse_calls_them_rounded(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    budget = random_budget(902)
    path = tmp_path / "2024.txt"
    path.write_text(render(budget, mess=Mess(whole=(4, 22, 23))), encoding="utf-8")
    assert run("load", str(path)).exit_code == 0
    by_status: dict[str, list[int]] = dict(
        database.execute(
            "select status, array_agg(distinct report_no order by report_no) from report.comparison group by status"
        ).fetchall()
    )
    assert "differs" not in by_status
    assert by_status["rounding"] == [4, 22, 23]
    # what is rounded to nothing is as near as a figure
    nothing = "select count(*) from report.comparison where coalesce(filed, 0) = 0 and rebuilt <> 0"
    assert database.execute(nothing).fetchone() != (0,)
    sums = "('down_sum', 'across_sum', 'same_figure')"
    failed = f"select rule, form_id, row_key, column_key from rule.failure where rule in {sums}"
    assert not database.execute(failed).fetchall()
