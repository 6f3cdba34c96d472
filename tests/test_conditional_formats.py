"""Conditional formats of workbooks: what they hide is no part of the document, what nobody can tell is said."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.formatting.rule import CellIsRule, FormulaRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from loader.documents.grid import Document
from loader.documents.readers import read
from tests.sound_documents import saved

WHITE = Font(color="FFFFFFFF")
BLUE = PatternFill(bgColor="FF4472C4", fill_type="solid")
HIDING = DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode=";;;"))
IN_YUAN = DifferentialStyle(numFmt=NumberFormat(numFmtId=171, formatCode='0.00"万元"'))


def looked(*rules: Rule, area: str = "B1:B4") -> Document:
    """A column of labels and one of 11.50, 0, 21.50 and an error, with conditional formats on the latter."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for label, value in zip("甲乙丙丁", (11.5, 0, 21.5, "#N/A"), strict=True):
        sheet.append([label, value])
    for rule in rules:
        sheet.conditional_formatting.add(area, rule)
    return read(saved(workbook), "a.xlsx")


def seen(document: Document) -> list[str]:
    return [cell.text for row in document.grids[0].rows for cell in row.cells if cell.column == 1]


HIDES = {
    "white digits": CellIsRule("equal", ["11.5"], font=WHITE),
    "white digits of the colour of their ground": CellIsRule("lessThan", ["20"], font=WHITE, fill=BLUE),
    "between two numbers": CellIsRule("between", ["11", "12"], font=WHITE),
    "not between two numbers": CellIsRule("notBetween", ["0", "11"], font=WHITE),
    "struck out": CellIsRule("greaterThan", ["20"], font=Font(strike=True)),
    "a format without digits": Rule("cellIs", dxf=HIDING, operator="equal", formula=["11.5"]),
    "another cell": FormulaRule(['$A1="甲"'], font=WHITE),
    "its own cell": FormulaRule(["B1>20"], font=WHITE),
    "errors": FormulaRule(["ISERROR(B1)"], font=WHITE),
    "errors by their kind": Rule("containsErrors", dxf=DifferentialStyle(font=WHITE), formula=["ISERROR(B1)"]),
}
LEFT = [
    ["0", "21.5", "#N/A"],
    ["11.5", "0", "21.5", "#N/A"],
    ["0", "21.5", "#N/A"],
    ["0", "#N/A"],
    ["11.5", "0", "#N/A"],
    ["0", "21.5", "#N/A"],
    ["0", "21.5", "#N/A"],
    ["11.5", "0", "#N/A"],
    ["11.5", "0", "21.5"],
    ["11.5", "0", "21.5"],
]


@pytest.mark.parametrize(("rule", "left"), list(zip(HIDES.values(), LEFT, strict=True)), ids=HIDES)
def test_what_a_condition_hides(rule: Rule, left: list[str]) -> None:
    document = looked(rule)
    assert seen(document) == left
    assert any("were left out" in remark for remark in document.remarks) == (len(left) < 4)


def test_zeros_that_are_hidden_need_no_word() -> None:
    document = looked(CellIsRule("equal", ["0"], font=WHITE))
    assert seen(document) == ["11.5", "21.5", "#N/A"]
    assert not document.remarks


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (CellIsRule("equal", ['""'], font=WHITE), ["11.5", "0", "21.5", "#N/A"]),
        (FormulaRule(['B1=""'], font=WHITE), ["11.5", "0", "21.5", "#N/A"]),
        (FormulaRule(['C1=""'], font=WHITE), []),  # a blank cell
        (FormulaRule(["C1=0"], font=WHITE), []),
        (FormulaRule(['A1>""'], font=WHITE), []),  # a text
        (CellIsRule("notEqual", ['""'], font=WHITE), ["#N/A"]),
    ],
)
def test_no_text_is_no_number(rule: Rule, left: list[str]) -> None:
    assert seen(looked(rule)) == left


def test_the_first_of_two_conditions_counts() -> None:
    shows = CellIsRule("greaterThan", ["20"], font=Font(color="FFFF0000"))
    hides = CellIsRule("greaterThan", ["10"], font=WHITE)
    assert seen(looked(shows, hides)) == ["0", "21.5", "#N/A"]


def test_a_condition_that_prints_in_another_way() -> None:
    document = looked(Rule("cellIs", dxf=IN_YUAN, operator="greaterThan", formula=["20"]))
    cells = [cell for row in document.grids[0].rows for cell in row.cells if cell.column == 1]
    assert [(cell.text, cell.raw) for cell in cells][2] == ("21.50万元", "21.5")


@pytest.mark.parametrize("rule", [FormulaRule(["VLOOKUP(A1,X:Y,2)>0"], font=WHITE), Rule("top10", dxf=HIDING, rank=1)])
def test_a_condition_that_nobody_works_out_is_told(rule: Rule) -> None:
    document = looked(rule)
    assert seen(document) == ["11.5", "0", "21.5", "#N/A"]
    (remark,) = document.remarks
    assert "4 cells whose conditional format may hide them" in remark
