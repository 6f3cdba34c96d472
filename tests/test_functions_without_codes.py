"""Forms whose rows of functions have names and no codes: names that several functions have are told by other forms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.documents.grid import Grid
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.filing.rows.told_functions import FunctionRow, told_functions
from loader.ledger.evidence.evidence import gather
from schema.forms import FORMS
from synthetic.budgets import random_budget
from synthetic.deviations import deviations, filed
from synthetic.rendering import ALL_FORMS, Mess, render

NAMES_ONLY = Mess(names_only=True)
QUIET = {"code_by_name", "name_of_several", "missing_column", "missing_form", "label"}
LOCAL, PEOPLE, PARTY = "2010302", "2010102", "2013102"  # all of them are called so:
NAME = "一般行政管理事务"


def kinds(disclosure: FiledDisclosure) -> set[str]:
    """The kinds of findings that are more than notes on names; a cell that differs is one of them."""
    ledger = diagnosed_ledger(disclosure)
    assert not deviations(gather(disclosure).all_forms(), ledger)
    return {finding.kind for finding in (*disclosure.findings, *ledger.findings)} - QUIET


def row_keys(disclosure: FiledDisclosure) -> set[tuple[str | None, str | None]]:
    return {(form.form_id, cell.row_key) for form in disclosure.forms for cell in form.cells if cell.amount}


@pytest.mark.parametrize("seed", [100, 102, 106, 119, 401, 430])
def test_a_right_document_without_codes_of_functions_is_not_accused(seed: int) -> None:
    budget = random_budget(seed)
    disclosure = filed(render(budget, mess=NAMES_ONLY))
    assert not kinds(disclosure)
    assert row_keys(disclosure) <= row_keys(filed(render(budget)))


@pytest.mark.parametrize("seed", [304, 319, 326])
def test_a_form_of_items_alone_says_nothing_of_names_that_several_functions_have(seed: int) -> None:
    forms = tuple(number for number in ALL_FORMS if number != 3)
    disclosure = filed(render(random_budget(seed), forms=forms, mess=NAMES_ONLY))
    assert any(finding.kind == "name_of_several" for finding in disclosure.findings)
    assert not kinds(disclosure)


def told(all_spending: list[str | None], names: list[tuple[str, str | None]]) -> dict[int, str]:
    """The codes that form 3 (支出总表) tells for the rows of form 4, by their number."""
    above = [FunctionRow("001001", NAME, code, 100 + number) for number, code in enumerate(all_spending)]
    rows = [FunctionRow("001001", name, code, number) for number, (name, code) in enumerate(names)]
    return told_functions([(FORMS["r03"], above), (FORMS["r04"], rows)])[1]


def test_a_name_that_the_unit_has_once_is_told() -> None:
    assert told([LOCAL], [(NAME, None)]) == {0: LOCAL}


def test_of_several_codes_the_place_among_the_rows_tells() -> None:
    assert told([PEOPLE, LOCAL, PARTY], [(NAME, None), (NAME, None), (NAME, None)]) == {0: PEOPLE, 1: LOCAL, 2: PARTY}
    between = [("行政运行", "2010201"), (NAME, None), ("行政运行", "2013101")]
    assert told([PEOPLE, "2010201", LOCAL, "2013101", PARTY], between) == {1: LOCAL}


def test_nothing_is_told_if_two_codes_are_left_or_not_all_are_known() -> None:
    assert told([PEOPLE, LOCAL], [(NAME, None)]) == {}
    assert told([LOCAL, None], [(NAME, None)]) == {}
    assert told([LOCAL], [(NAME, None), (NAME, None)]) == {}


def test_rows_that_do_not_follow_the_order_of_the_codes_are_told_by_names_alone() -> None:
    backwards = [("行政运行", "2013101"), (NAME, None), ("行政运行", "2010201")]
    assert told([LOCAL, "2010201", "2013101"], backwards) == {1: LOCAL}
    assert told([PEOPLE, LOCAL, "2010201", "2013101"], backwards) == {}


@pytest.mark.parametrize("seed", [102, 106, 319])
def test_rows_of_other_sheets_with_equal_numbers_are_told_apart(seed: int) -> None:
    """A form goes on over sheets, whose rows are numbered from 1 each."""
    document = read(render(random_budget(seed), mess=NAMES_ONLY).encode(), "a.txt")
    rows = [tuple(row._replace(number=1) for row in grid.rows) for grid in document.grids]
    grids = [Grid(grid.place, own) for grid, own in zip(document.grids, rows, strict=True)]
    (numbered,) = file_disclosures(document, "430202", 2024, None, None, lambda identity: None)
    (unnumbered,) = file_disclosures(
        replace(document, grids=tuple(grids)), "430202", 2024, None, None, lambda identity: None
    )
    assert row_keys(unnumbered) == row_keys(numbered)


def test_a_row_printed_twice_has_no_name_of_several() -> None:
    """The name has one code, which the row above has already."""
    text = "单位编码：001001\n2024年部门预算\n支出总表\n单位：万元\n科目名称\t合计\t基本支出\t项目支出\n"
    text += "政协会议\t3.00\t\t3.00\n政协会议\t4.00\t\t4.00\n"
    (disclosure,) = file_disclosures(read(text.encode(), "a.txt"), "430202", 2024, None, None, lambda identity: None)
    assert [finding.kind for finding in disclosure.findings if finding.source_row == 7] == ["unknown_row"]
