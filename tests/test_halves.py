"""Wide tables that are printed in two halves, left and right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from schema.codes.finding_kinds import finding_kinds
from schema.forms.template import Role
from synthetic.budgets import random_budget
from synthetic.deviations import filed
from synthetic.rendering import FORMS, render
from synthetic.workbooks import Cell, Sheet, sheets_of, xlsx

RIGHT = render(random_budget(8830000), forms=range(1, 22))
TITLE = FORMS[5].title
CUT = 10  # the columns on the left: those of 基本支出 are the last


def _split(repeated: int, title: str) -> str:
    """The document with form 5 in two halves; the right one repeats this many columns of words."""
    lines = RIGHT.split("\n")
    first = next(at for at in range(lines.index(TITLE), len(lines)) if lines[at].count("\t") > CUT)
    last = next(at for at in range(first, len(lines)) if not lines[at].strip())
    rows = [line.split("\t") for line in lines[first:last]]
    left = ["\t".join(row[:CUT]) for row in rows]
    right = ["\t".join([*row[:repeated], *row[CUT:]]) for row in rows]
    return "\n".join([*lines[:first], *left, "", title, "金额单位：万元", "", *right, *lines[last:]])


def _figures(disclosure: FiledDisclosure) -> set[tuple[object, ...]]:
    forms = [form for form in disclosure.forms if form.form_id == "r05"]
    return {(cell.row_key, cell.column_key, cell.amount) for form in forms for cell in form.cells if cell.amount}


@pytest.mark.parametrize("title", [f"{TITLE}（续）", "续表"])
def test_a_right_half_with_the_words_of_the_left_one_is_part_of_the_form(title: str) -> None:
    words = sum(column.role in (Role.CODE, Role.NAME) for column in FORMS[5].columns)
    disclosure = filed(_split(words, title))
    ledger = diagnosed_ledger(disclosure)
    assert _figures(disclosure) == _figures(filed(RIGHT))
    found = [*disclosure.findings, *ledger.findings]
    assert not [finding.message for finding in found if finding_kinds()[finding.kind].severity == "error"]


def test_a_right_half_without_words_is_no_second_form() -> None:
    disclosure = filed(_split(0, f"{TITLE}（续）"))
    assert [form.form_id for form in disclosure.forms].count("r05") == 1
    assert "duplicate_form" not in {finding.kind for finding in disclosure.findings}


HEADER = 3  # the first row of the header: below title, office and money unit


def _in_two_sheets(cut: int, with_right: bool = True) -> FiledDisclosure:
    """The document as a workbook with form 5 over two sheets; the right one has neither words nor blank rows."""
    sheets = sheets_of(RIGHT)
    at = next(at for at, sheet in enumerate(sheets) if sheet.cells[0].text == TITLE)
    left = [cell for cell in sheets[at].cells if (cell.row < HEADER and cell.column == 0) or cell.column < cut]
    right = [cell for cell in sheets[at].cells if cell.row >= HEADER and cell.column + cell.column_span > cut]
    halves = [
        replace(sheets[at], cells=tuple(replace(c, column_span=min(c.column_span, cut - c.column)) for c in left)),
        Sheet("续", tuple(_moved(cell, cut) for cell in right)),
    ]
    content = xlsx([*sheets[:at], *halves[: 1 + with_right], *sheets[at + 1 :]])
    (disclosure,) = file_disclosures(read(content, "disclosure.xlsx"), "430202")
    return disclosure


def _moved(cell: Cell, cut: int) -> Cell:
    first = max(cell.column, cut)
    return replace(cell, row=cell.row - HEADER, column=first - cut, column_span=cell.column + cell.column_span - first)


def _errors(disclosure: FiledDisclosure) -> list[str]:
    found = [*disclosure.findings, *diagnosed_ledger(disclosure).findings]
    return [finding.message for finding in found if finding_kinds()[finding.kind].severity == "error"]


@pytest.mark.parametrize("cut", [9, 11, 12, 13])
def test_a_right_half_in_the_next_sheet_stands_beside_its_rows(cut: int) -> None:
    disclosure = _in_two_sheets(cut)
    assert _figures(disclosure) == _figures(filed(RIGHT))
    assert _errors(disclosure) == []


@pytest.mark.parametrize("cut", range(8, 20))
def test_a_form_without_its_right_half_accuses_nobody(cut: int) -> None:
    disclosure = _in_two_sheets(cut, with_right=False)
    assert "missing_column" in {finding.kind for finding in disclosure.findings if finding.form_id == "r05"}
    assert _errors(disclosure) == []
