"""Documents whose cover comes behind a notice, the contents or prose: its year and its office are found there."""

from __future__ import annotations

import pytest

from loader.documents.grid import DocumentError
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.prose.file_prose import file_prose
from loader.loading.options import DIVISION
from synthetic.budgets import Budget, random_budget
from synthetic.rendering import render

BUDGET: Budget = random_budget(24)
CODE, OFFICE = BUDGET.filed_by
FORMS = render(BUDGET, forms=range(1, 22)).split(f"单位名称：{OFFICE}\n")[1]
SAID = "2024年本单位收入预算300.5万元，其中，一般公共预算拨款200万元，政府性基金拨款100.5万元。"

BEFORE = {
    "a notice": "根据有关规定，现将我单位预算信息公开如下，与2023年相比，公开内容更加完整。",
    "an address": "地址：某某区新华路1号，邮编：412000，电话：0731-28000000",
    "contents": "\n".join(["目  录", "第一部分 单位概况", *(f"{no}、第{no}节……{no}" for no in range(1, 14))]),
    "prose": "一、主要职能\n负责有关工作，2023年完成任务120项，比2022年增加10项。\n二、机构设置\n内设办公室、财务股。",
}
COVERS = {
    "fields": f"单位名称：{OFFICE}\n2024年部门预算公开",
    "title first": f"2024年部门预算公开表\n\n单位名称：{OFFICE}",
    "one line": f"{OFFICE}2024年度单位预算",
    "three lines": f"{OFFICE}\n2024年\n部门预算",
    "year in words": f"{OFFICE}\n二〇二四年部门预算",
    "no word for whom": f"{OFFICE}2024年预算信息公开",
}


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("cover", COVERS)
def test_a_late_cover_says_the_year_of_the_forms(before: str, cover: str) -> None:
    text = f"{BEFORE[before]}\n\n{COVERS[cover]}\n\n{FORMS}"
    [disclosure] = file_disclosures(read(text.encode(), "disclosure.txt"), DIVISION)
    assert (disclosure.identity.fiscal_year, disclosure.identity.reporting_unit_code) == (2024, CODE)
    assert "other_year" not in {finding.kind for finding in disclosure.findings}


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("cover", COVERS)
def test_a_late_cover_says_year_and_office_of_prose(before: str, cover: str) -> None:
    text = f"{BEFORE[before]}\n\n{COVERS[cover]}\n\n一、收支情况\n{SAID}\n与2023年相比减少20万元，主要是压减支出。\n"
    prose = file_prose(read(text.encode(), "prose.txt"), None, None, None)
    assert prose is not None
    assert (prose.owner.fiscal_year, prose.owner.unit_name) == (2024, OFFICE)


def test_a_year_in_a_sentence_is_none_of_the_document() -> None:
    text = f"{BEFORE['a notice']}\n与2023年部门预算相比，收入减少。\n{FORMS}"
    with pytest.raises(DocumentError, match="no fiscal year"):
        file_disclosures(read(text.encode(), "disclosure.txt"), DIVISION)


def test_later_titles_of_two_years_say_none() -> None:
    text = f"{BEFORE['a notice']}\n\n2024年部门预算公开\n{BEFORE['a notice']}\n2023年部门决算公开\n{FORMS}"
    with pytest.raises(DocumentError, match="no fiscal year"):
        file_disclosures(read(text.encode(), "disclosure.txt"), DIVISION)


def test_titles_of_forms_overrule_a_late_cover() -> None:
    titled = FORMS.replace("\n收支总表\n", "\n2024年收支总表\n")
    text = f"{BEFORE['a notice']}\n\n{OFFICE}2023年部门预算\n\n{titled}"
    [disclosure] = file_disclosures(read(text.encode(), "disclosure.txt"), DIVISION)
    assert disclosure.identity.fiscal_year == 2024
    assert "other_year" in {finding.kind for finding in disclosure.findings}
