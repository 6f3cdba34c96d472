"""Whose a document is where neither a cover nor a line above a form says it."""

from __future__ import annotations

import pytest

from loader.documents.grid import DocumentError
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from schema.forms.national_budget import NATIONAL_BUDGET
from synthetic.set_documents import random_account, text_of

OFFICE = "某某市某某区档案馆"


def document(first_lines: str, file_name: str) -> FiledDisclosure:
    """The forms of a budget without the name of the office, below these lines."""
    text = text_of(random_account(NATIONAL_BUDGET, 11))
    cover, _, forms = text.partition("\n\n")
    office = cover.split("\n")[0]
    forms = "\n".join(line.replace(f"部门：{office}", "") for line in forms.split("\n"))
    assert office not in forms
    (disclosure,) = file_disclosures(read(f"{first_lines}\n\n{forms}".encode(), file_name), "430202")
    return disclosure


@pytest.mark.parametrize(
    ("file_name", "is_department"),
    [(f"{OFFICE}2024年部门预算公开.txt", True), (f"2024/{OFFICE}2024年度单位预算.txt", False)],
)
def test_the_file_name_says_it_in_the_end(file_name: str, is_department: bool) -> None:
    disclosure = document("2024年度预算", file_name)
    identity = disclosure.identity
    assert (identity.reporting_unit_name, identity.reporting_unit_code.endswith("-1")) == (OFFICE, not is_department)
    [finding] = [found for found in disclosure.findings if found.kind == "office_by_file_name"]
    assert finding.values == {"name": OFFICE}


def test_the_document_overrules_the_file_name() -> None:
    disclosure = document(f"{OFFICE}2024年度部门预算", "某某市某某区图书馆2024年部门预算.txt")
    assert disclosure.identity.reporting_unit_name == OFFICE
    assert "office_by_file_name" not in {found.kind for found in disclosure.findings}


@pytest.mark.parametrize(
    "line",
    [
        "本部门下属单位：某某市某某区图书馆、某某市某某区文化馆。",
        "所属单位：某某市某某区图书馆。",
        "纳入预算编制范围的二级单位：某某市某某区图书馆、某某市某某区文化馆",
        "单位：某某市某某区图书馆、某某市某某区文化馆",
    ],
)
def test_a_list_of_units_above_a_form_is_not_the_office(line: str) -> None:
    with pytest.raises(DocumentError, match="no unit found"):
        document(f"2024年度部门预算\n{line}", "budget.txt")
    assert document(f"{OFFICE}\n2024年度部门预算\n{line}", "budget.txt").identity.reporting_unit_name == OFFICE
