"""Forms printed less finely than the others: they bear out what the finer ones say, and no further."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.diagnosis.disagreement.differences import Difference, differences
from loader.ledger.evidence.evidence import gather
from loader.ledger.lines import Ledger
from synthetic.budgets import CENT_OF_WAN, FEN, budget_of, random_budget, random_shape
from synthetic.deviations import filed
from synthetic.rendering import ALL_FORMS, Key, Mess, published, render
from synthetic.wrong_forms import rounded_to_nothing
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


@pytest.mark.parametrize("form", [4, 14, 21])
def test_money_that_a_form_in_whole_wan_yuan_leaves_blank_accuses_nobody(form: int) -> None:
    """Of 0.49 万元 nothing is left there, but what finer forms print."""
    budget = random_budget(2000)
    away = rounded_to_nothing(budget, form)
    assert away
    ledger, found, kinds = judged(render(budget, mess=Mess(whole=(form,)), changes=away))
    assert ledger.coarse_forms
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


@pytest.mark.parametrize("form", [3, 4, 7])
@pytest.mark.parametrize("zero", ["", "0.00"])
def test_a_figure_left_out_of_a_form_in_whole_yuan_is_named_however_it_prints_noughts(form: int, zero: str) -> None:
    """Half of the last place of 0.00 元 is less than a 分."""
    budget = budget_of(replace(random_shape(1300), step=137))
    figures = published(budget)
    wrong = next(key for key in sorted(figures) if key[0] == form and "/" in key[1])
    mess = Mess(yuan=ALL_FORMS[:21], whole=(form,), zero=zero)
    ledger, found, kinds = judged(render(budget, mess=mess, changes={wrong: 0}))
    assert ledger.coarse_forms
    (one,) = found
    assert (one.form.form.report_no, *one.key) == wrong
    assert abs(one.proposed - figures[wrong]) <= 50
    assert one.proposed % 100 == 0
    assert "figure_blank" in kinds


def test_a_form_that_prints_to_the_cent_is_proposed_to_the_cent_be_it_called_coarse() -> None:
    """Half of a 分 is no whole number of 分, and nothing is rounded."""
    budget = random_budget(900)
    figures = published(budget)
    wrong = next(key for key in sorted(figures) if key[0] == 7 and "/" in key[1])
    disclosure = filed(render(budget, mess=Mess(yuan=ALL_FORMS[:21]), changes={wrong: figures[wrong] + 7 * FEN}))
    ledger = diagnosed_ledger(disclosure)
    (number,) = [form.form_no for form in disclosure.forms if form.template and form.template.report_no == 7]
    (one,) = differences(gather(disclosure), replace(ledger, coarse_forms=frozenset({number})))
    assert one.proposed == one.rebuilt == figures[wrong]


@pytest.mark.parametrize("zero", ["0", "0.00"])
def test_a_nought_is_as_coarse_as_the_figures_of_its_form(zero: str) -> None:
    """Below half of their last place it is rounded, beyond it is wrong: 0 beside 12.34 is no nought of whole 万元."""
    budget = random_budget(902)
    small = {key: 0 for key, amount in published(budget).items() if key[0] in (4, 23) and abs(amount) < FEN // 2}
    assert small
    ledger, found, kinds = judged(render(budget, mess=Mess(whole=(4, 22, 23), zero=zero), changes=small))
    assert ledger.coarse_forms
    assert not found
    assert not kinds

    budget = budget_of(replace(random_shape(1300), step=100))
    figures = published(budget)
    wrong = next(key for key in sorted(figures) if key[0] == 7 and 20_000 < figures[key] < FEN // 2)
    mess = Mess(yuan=tuple(no for no in ALL_FORMS[:22] if no != 7), zero=zero)
    ledger, found, _ = judged(render(budget, mess=mess, changes={wrong: 0}))
    assert ledger.coarse_forms
    assert [(one.form.form.report_no, *one.key) for one in found] == [wrong]


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


@pytest.mark.parametrize("zero", ["0", "0.00"])
def test_the_warehouse_calls_them_rounded(database: psycopg.Connection, run: Run, tmp_path: Path, zero: str) -> None:
    budget = random_budget(902)
    path = tmp_path / "2024.txt"
    small = {key: 0 for key, amount in published(budget).items() if key[0] in (4, 23) and abs(amount) < FEN // 2}
    path.write_text(render(budget, mess=Mess(whole=(4, 22, 23), zero=zero), changes=small), encoding="utf-8")
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
