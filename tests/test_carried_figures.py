"""Faults that a form agrees with, because they were carried into its sums: told by the other forms."""

from __future__ import annotations

import random

import pytest

from benchmarks.wrong_figures_of_sets import filed as workbook_filed
from benchmarks.wrong_figures_of_sets import places_of, with_figures
from loader.diagnosis.diagnose import diagnosed_ledger
from loader.diagnosis.disagreement.differences import differences
from loader.ledger.evidence.evidence import gather
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.shanghai_budget import SHANGHAI_BUDGET
from schema.forms.template import TemplateSet
from synthetic.budgets import CENT_OF_WAN
from synthetic.deviations import filed
from synthetic.faults import FAULTS
from synthetic.set_documents import amounts_of, document, random_account, text_of


def told(text: str) -> list[tuple[str, str | None]]:
    disclosure = filed(text)
    ledger = diagnosed_ledger(disclosure)
    return [(finding.kind, finding.form_id) for finding in (*disclosure.findings, *ledger.findings)]


def test_a_row_left_out_of_its_sums_is_told_by_the_grand_totals() -> None:
    name = "a row left out of its sums too"
    make, kinds = FAULTS[name]
    document = make(random_account(SHANGHAI_BUDGET, 3003), random.Random(f"{name} 3003"))
    assert document is not None
    assert told(document.text) == [(kinds[0], document.form_id)]


def test_a_line_that_its_total_lacks_too_is_one_wrong_figure() -> None:
    lines = text_of(random_account(FINAL_ACCOUNTS, 5001)).split("\n")
    at = next(at for at, line in enumerate(lines) if line.startswith("年初结转和结余\t"))
    year = next(line for line in lines if line.startswith("本年收入合计\t")).split("\t")[1]
    used = next(line for line in lines if line.startswith("使用非财政拨款结余\t")).split("\t")[1]
    for number, text in ((at, ""), (at + 1, f"{float(year) + float(used or 0):.2f}")):
        cells = lines[number].split("\t")
        lines[number] = "\t".join([cells[0], text, *cells[2:]])
    assert told("\n".join(lines)) == [("figure_in_sums", "f01")]


def test_a_row_under_another_code_is_named_though_its_sums_hold() -> None:
    lines = text_of(random_account(SHANGHAI_BUDGET, 5001)).split("\n")
    title = next(at for at, line in enumerate(lines) if line.startswith("支出预算总表"))
    at = next(at for at, line in enumerate(lines) if at > title and len(line.split("\t")[2]) == 2)
    cells = lines[at].split("\t")
    cells[2:4] = ["98", "别的支出"]
    lines[at] = "\t".join(cells)
    assert ("row_misplaced", "sh03") in told("\n".join(lines))


def test_cells_of_an_old_form_that_no_other_form_tells_have_no_support() -> None:
    """What is left at the end of the year by function is in form 5 alone."""
    name = "a form not brought up to date"
    make, _ = FAULTS[name]
    document = make(random_account(FINAL_ACCOUNTS, 3000), random.Random(f"{name} 3000"))
    assert document is not None
    disclosure = filed(document.text)
    ledger = diagnosed_ledger(disclosure)
    assert [(finding.kind, finding.form_id) for finding in ledger.findings] == [("stale_form", "f05")]
    cells = [(one.key, one.form.cells.get(one.key)) for one in differences(gather(disclosure), ledger)]
    supported = {key for key, cell in cells if cell is not None and cell.support is not None}
    assert supported
    assert not any(column in ("opening", "closing", "staff", "public") and row != "total" for row, column in supported)


@pytest.mark.parametrize(("entry", "form"), [(FINAL_ACCOUNTS, "f03"), (SHANGHAI_BUDGET, "sh03")])
def test_a_list_is_not_accused_of_an_old_figure_that_only_its_form_and_the_list_hold(
    entry: TemplateSet, form: str
) -> None:
    name = "a form not brought up to date"
    make, _ = FAULTS[name]
    document = make(random_account(entry, 991007), random.Random(f"{name} 991007"))
    assert document is not None
    assert document.form_id == form
    assert [found for found in told(document.text) if found[0] != "no_fund"] == [("stale_form", form)]


# in the first two the other funds of the function decide, in the others its nature remains open
@pytest.mark.parametrize(
    ("seed", "row", "column", "cents", "count"),
    [
        (100, "2020101", "project", -1, 1),
        (108, "2013704", "basic", 3, 1),
        (103, "2020850", "basic", -1, 2),
        (106, "2040705", "project", 3, 2),
    ],
)
def test_cents_in_all_sums_of_a_form_accuse_no_other(seed: int, row: str, column: str, cents: int, count: int) -> None:
    """The ledger may take them for money of a fund that only this form prints. Then the list of the year seems wrong,
    though its grand total is the same on both sides."""
    sheets = document(FINAL_ACCOUNTS, amounts_of(FINAL_ACCOUNTS, seed))
    places = places_of(workbook_filed(sheets))
    keys = [("f03", held, of) for held in (row, row[:5], row[:3], "total") for of in (column, "total")]
    wrong = {key: places[key].amount + cents * CENT_OF_WAN for key in keys}
    disclosure = workbook_filed(with_figures(sheets, places, wrong))
    ledger = diagnosed_ledger(disclosure)
    [finding] = ledger.findings
    figures = f"{wrong[keys[0]] / 1_000_000:.2f}，应为 {places[keys[0]].amount / 1_000_000:.2f}"
    assert figures in finding.worded("zh")
    if count == 1:
        assert (finding.kind, finding.form_id) == ("figure_in_sums", "f03")
    else:
        assert (finding.kind, finding.values["count"]) == ("several_explanations", count)
        assert finding.values["forms"] == ["f03"]
