"""A form that is wrong as a whole is named as such, and the ledger is true without it."""

from decimal import Decimal

import psycopg
import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import gather
from loader.ledger.lines import Ledger
from loader.loading.load import load_content
from loader.loading.options import Options
from synthetic.budgets import CENT_OF_WAN, Budget, Shape, budget_of, random_budget
from synthetic.deviations import deviations, filed
from synthetic.rendering import published, render
from synthetic.wrong_forms import multiplied, of_last_year


@pytest.fixture(scope="module")
def budget() -> Budget:
    return budget_of(Shape(kinds=("agency", "institution"), functions=3, items=3, project_functions=2))


def judged(text: str) -> tuple[Ledger, set[int]]:
    """The ledger of a document, and the forms that it does not bear out."""
    disclosure = filed(text)
    ledger = make_ledger(disclosure)
    return ledger, {report_no for report_no, _, _ in deviations(gather(disclosure).all_forms(), ledger)}


def said(ledger: Ledger) -> list[tuple[str, int | None, object]]:
    return [(finding.kind, finding.report_no, finding.values.get("ratio")) for finding in ledger.findings]


@pytest.mark.parametrize("report_no", [5, 7, 9, 10])
@pytest.mark.parametrize(("factor", "ratio"), [(10_000, "10000"), (10, "10")])
def test_a_form_in_another_money_unit_is_taken_divided(budget: Budget, report_no: int, factor: int, ratio: str) -> None:
    true, _ = judged(render(budget))
    ledger, wrong = judged(render(budget, changes=multiplied(budget, report_no, factor)))
    assert said(ledger) == [("scaled_form", report_no, ratio)]
    assert wrong == {report_no}
    assert ledger.lines == true.lines


def test_a_form_of_which_others_print_few_figures_is_taken_divided_too() -> None:
    """All of these are the same number of times too high; one that was carried over is printed there only."""
    budget = budget_of(Shape(sources=("111",), openings=("182",)))
    true, _ = judged(render(budget))
    ledger, wrong = judged(render(budget, changes=multiplied(budget, 6, 10_000)))
    assert said(ledger) == [("scaled_form", 6, "10000")]
    assert wrong == {6}
    assert ledger.lines == true.lines


def test_rows_pasted_twice_are_named_though_their_total_is_not_doubled() -> None:
    """All rows stand again above one 合计, so the figures are not all twice those of other forms."""
    lines = render(random_budget(5003)).split("\n")
    form = next(form for form in filed("\n".join(lines)).forms if form.report_no == 8)
    first = min(cell.source_row for cell in form.cells if cell.amount)
    total = next(cell.source_row for cell in form.cells if cell.row_key == "total")
    lines[total - 1 : total - 1] = lines[first - 1 : total - 1]
    found = make_ledger(filed("\n".join(lines))).findings
    assert [(finding.kind, finding.report_no) for finding in found] == [("form_pasted_twice", 8)]


def test_no_spending_below_nothing_reconciles_forms_that_contradict_each_other() -> None:
    """基本支出 and 项目支出 change places in the header of form 3: other funds cannot have spent the difference."""
    shape = Shape(kinds=("agency",), functions=3, items=3, project_functions=2)
    text = render(budget_of(shape), forms=(1, 2, 3, 6, 7, 8))
    swapped = text.replace("合计\t基本支出\t项目支出\t", "合计\t项目支出\t基本支出\t")
    assert swapped != text
    ledger, wrong = judged(swapped)
    assert wrong == {3}
    assert min(line.amount for line in ledger.lines) > 0


@pytest.mark.parametrize("report_no", [3, 5, 7, 9, 10])
def test_a_form_of_another_year_is_left_out(budget: Budget, report_no: int) -> None:
    ledger, wrong = judged(render(budget, changes=of_last_year(budget, report_no)))
    assert said(ledger) == [("foreign_form", report_no, None)]
    assert wrong == {report_no}


def test_the_only_form_of_a_fund_does_not_draw_others_away() -> None:
    """No form prints again what form 19 does: the ledger follows it, and totals of other forms seem wrong."""
    budget = budget_of(Shape(seed=1, project_functions=2, other_funds=("13", "31")))
    true, _ = judged(render(budget))
    disclosure = filed(render(budget, changes=multiplied(budget, 19, 10_000)))
    ledger = diagnosed_ledger(disclosure)
    assert said(ledger) == [("scaled_form", 19, "10000")]
    assert {report_no for report_no, _, _ in deviations(gather(disclosure).all_forms(), ledger)} == {19}
    assert ledger.lines == true.lines


def test_a_form_all_of_whose_figures_lack_the_same_is_stale() -> None:
    budget = budget_of(Shape(functions=1, items=1, project_functions=0))
    changed = {key: amount - CENT_OF_WAN for key, amount in published(budget).items() if key[0] == 13}
    ledger, wrong = judged(render(budget, changes=changed))
    assert said(ledger) == [("stale_form", 13, None)]
    assert wrong == {13}


def test_a_form_of_which_only_the_sums_lack_the_same_is_not_stale() -> None:
    budget = budget_of(Shape(functions=1, items=1, project_functions=0))
    figures = {key: amount for key, amount in published(budget).items() if key[0] == 3}
    finest = max(row for _, row, _ in figures if "/" in row)
    changed = {key: amount - CENT_OF_WAN for key, amount in figures.items() if key[1] != finest}
    ledger, wrong = judged(render(budget, changes=changed))
    assert "stale_form" not in {kind for kind, _, _ in said(ledger)}
    assert wrong == {3}


def test_local_practice_in_one_column_does_not_make_a_form_stale() -> None:
    """Its totals agree with the other forms, whose columns take the same lines in another order."""
    ledger, wrong = judged(render(random_budget(1200134), forms=(1, 3, 8, 13, 14)))
    assert not said(ledger)
    assert not wrong


def test_two_forms_that_differ_accuse_each_other(budget: Budget) -> None:
    forms = (3, 7)
    ledger, _ = judged(render(budget, forms=forms, changes=multiplied(budget, 7, 10)))
    assert {kind for kind, _, _ in said(ledger)}.isdisjoint({"scaled_form", "foreign_form"})


def test_a_wrong_form_is_told_when_it_is_loaded(database: psycopg.Connection, budget: Budget) -> None:
    text = render(budget, changes=multiplied(budget, 7, 10_000))
    assert load_content(database, text.encode(), "yuan.txt", Options()).outcome == "loaded"
    found = database.execute("select kind, form_id, message_zh from report.finding where severity = 'error'").fetchall()
    assert [(kind, form_id) for kind, form_id, _ in found] == [("scaled_form", "r07")]
    assert "10000" in found[0][2]
    differing = database.execute(
        "select distinct report_no, filed / rebuilt from report.comparison where status = 'differs'"
    )
    assert differing.fetchall() == [(7, Decimal(10_000))]
