"""Several offices without codes in one document: each has a disclosure of its own, however the document tells them
apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loader.documents.grid import DocumentError
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.filing.office_names import office_in
from loader.filing.prose.file_prose import file_prose
from schema.forms.final_accounts import FINAL_ACCOUNTS
from synthetic.budgets import Shape, budget_of
from synthetic.rendering import render
from synthetic.set_documents import OFFICE, Figures, amounts_of, document
from synthetic.workbooks import Cell, Sheet
from tests.test_set_documents import WRITERS, filed_figures, read_sheets

OTHER = "某某市某某区档案馆"
FORMS, PAIR = {"f01", "f03", "f05"}, {"f03", "f05"}


def of(office: str, seed: int) -> tuple[list[Sheet], Figures]:
    """The forms of an office, behind a cover, and their figures."""
    sheets = document(FINAL_ACCOUNTS, amounts_of(FINAL_ACCOUNTS, seed=seed), forms=FORMS)
    named = [
        Sheet(f"{sheet.name}{seed}", tuple(replace(c, text=c.text.replace(OFFICE, office)) for c in sheet.cells))
        for sheet in sheets
    ]
    return named, filed_figures(read_sheets(named))


def unnamed(sheets: list[Sheet]) -> list[Sheet]:
    """Without the lines above the forms that name an office."""
    return [
        replace(s, cells=tuple(c for c in s.cells if not c.text.startswith("部门："))) if number else s
        for number, s in enumerate(sheets)
    ]


def after_the_office(sheets: list[Sheet], name: str) -> list[Sheet]:
    return [replace(sheet, name=f"{name}-{number}") for number, sheet in enumerate(unnamed(sheets)[1:])]


def in_one(sheets: list[Sheet], name: str) -> list[Sheet]:
    """All forms on one sheet."""
    cells: list[Cell] = []
    for sheet in sheets[1:]:
        below = max((cell.row + cell.row_span + 1 for cell in cells), default=0)
        cells += [replace(cell, row=cell.row + below) for cell in sheet.cells]
    return [Sheet(name, tuple(cells))]


def disclosures(sheets: list[Sheet], suffix: str = "xlsx") -> list[FiledDisclosure]:
    return file_disclosures(read(WRITERS[suffix](sheets), f"2024年公开.{suffix}"), "430202")


WAYS = ("one behind another", "form by form", "in a sheet each", "covers")


@pytest.mark.parametrize(
    ("way", "suffix"), [("names of sheets", "xlsx"), *((way, suffix) for way in WAYS for suffix in ("xlsx", "html"))]
)
def test_each_office_has_its_own(way: str, suffix: str) -> None:
    (first, of_first), (second, of_second) = of(OFFICE, 3), of(OTHER, 4)
    title = Sheet("封面", (Cell(0, 0, "2024年度部门决算"),))
    sheets = {
        "one behind another": [*first, *second[1:]],
        "form by form": [first[0], *(sheet for pair in zip(first[1:], second[1:], strict=True) for sheet in pair)],
        "in a sheet each": [first[0], *in_one(first, "甲"), *in_one(second, "乙")],
        "covers": [*unnamed(first), *unnamed(second)],
        "names of sheets": [title, *after_the_office(first, OFFICE), *after_the_office(second, OTHER)],
    }[way]
    found = disclosures(sheets, suffix)
    assert [filed_figures(disclosure) for disclosure in found] == [of_first, of_second]
    assert [disclosure.identity.reporting_unit_name for disclosure in found] == [OFFICE, OTHER]
    assert not [finding.message for disclosure in found for finding in disclosure.findings]


def test_a_name_that_is_misspelt_makes_no_second_office() -> None:
    sheets, figures = of(OFFICE, 3)
    cells = [replace(cell, text=cell.text.replace(OFFICE, f"{OFFICE}（本级）")) for cell in sheets[-1].cells]
    (disclosure,) = disclosures([*sheets, Sheet("又一张", tuple(cells))])
    assert filed_figures(disclosure).keys() == figures.keys()
    assert [finding.kind for finding in disclosure.findings if finding.form_id] == ["duplicate_form"]


def test_a_department_and_its_unit_of_one_name_have_one_each() -> None:
    """Only the titles between the tables tell them apart: 部门决算 and 单位决算."""
    (first, of_first), (second, of_second) = of(OFFICE, 3), of(OFFICE, 4)
    title = Sheet("又一封面", (Cell(0, 0, OFFICE), Cell(1, 0, "2024年度单位决算公开表")))
    found = disclosures([*first, title, *second[1:]])
    assert [filed_figures(disclosure) for disclosure in found] == [of_first, of_second]
    code = found[0].identity.reporting_unit_code
    assert found[1].identity.reporting_unit_code == f"{code}-1"


def test_sheets_of_goals_stay_with_the_forms_before_them_if_department_and_unit_have_one_name() -> None:
    """Forms 22 and 23 print a name alone."""
    shape = Shape(seed=4, kinds=("agency", "institution"), functions=2, items=3, project_functions=2, projects=3)
    budget = budget_of(shape)
    first, second = budget.units
    budget = replace(budget, department_name=first.name)
    parts = [budget, budget.of_unit(first.code), budget.of_unit(second.code)]
    text = "".join(render(part) for part in parts)
    found = file_disclosures(read(text.encode(), "部门和单位.txt"), "430202")
    assert [disclosure.identity.reporting_unit_code for disclosure in found] == [part.filed_by[0] for part in parts]
    for disclosure, part in zip(found, parts, strict=True):
        goals = [form for form in disclosure.forms if form.form_id in ("r22", "r23")]
        assert len(goals) == len(part.sheets) + 1


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        (f"{OFFICE}2024年度部门预算", "budget after final"),
        ("其他材料", "2 of 2 forms come a second time with other figures"),
    ],
)
def test_a_second_disclosure_of_a_stage_that_its_titles_deny_or_of_nobody_is_rejected(title: str, reason: str) -> None:
    first, second = (document(FINAL_ACCOUNTS, amounts_of(FINAL_ACCOUNTS, seed=seed), forms=PAIR) for seed in (3, 4))
    second = [replace(sheet, name=f"{sheet.name}又") for sheet in second]
    with pytest.raises(DocumentError, match=reason):
        disclosures([*first, Sheet("又一封面", (Cell(0, 0, title),)), *unnamed(second)[1:]])


def test_a_second_disclosure_of_another_year_is_one_of_its_own() -> None:
    first, second = (document(FINAL_ACCOUNTS, amounts_of(FINAL_ACCOUNTS, seed=seed), forms=PAIR) for seed in (3, 4))
    second = [replace(sheet, name=f"{sheet.name}又") for sheet in second]
    title = Sheet("又一封面", (Cell(0, 0, f"{OFFICE}2023年度部门决算"),))
    found = disclosures([*first, title, *unnamed(second)[1:]])
    assert [disclosure.identity.fiscal_year for disclosure in found] == [2024, 2023]


def test_a_part_of_a_document_is_no_office() -> None:
    assert office_in(f"第二部分 {OFFICE}2024年部门预算情况说明") == OFFICE


def prose(office: str, heading: str, kind: str = "部门") -> str:
    """The prose of an office with its contents; ``heading`` names it in the first part."""
    return (
        f"{office}\n\n2024年{kind}预算公开\n\n目录\n\n第一部分 {heading}概况....1\n\n第二部分 预算情况说明....3\n\n"
        f"第一部分 {heading}概况\n\n主要职责是负责某某工作，以及其他工作。\n\n第二部分 预算情况说明\n\n"
        f"{office}2024年收入预算9.00万元，支出预算9.00万元。\n\n"
    )


@pytest.mark.parametrize("second", [prose(OTHER, "单位", "单位"), prose(OTHER, OTHER), prose(OFFICE, "单位", "单位")])
def test_prose_of_several_offices_without_forms_is_rejected(second: str) -> None:
    with pytest.raises(DocumentError, match="only prose of several offices"):
        file_prose(read((prose(OFFICE, "部门") + second).encode(), "说明.txt"), None, None, None)


def test_prose_of_one_office_may_shorten_its_name() -> None:
    found = file_prose(read(prose(OFFICE, OFFICE.removeprefix("某某市")).encode(), "说明.txt"), None, None, None)
    assert found is not None
    assert found.owner.unit_name == OFFICE
