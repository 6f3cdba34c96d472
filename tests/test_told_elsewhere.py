"""Documents without a cover: year and office come from weaker places, and that is said. Lists of offices are none."""

from __future__ import annotations

import re

import pytest

from loader.documents.grid import DocumentError
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.loading.options import DIVISION
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.national_budget import NATIONAL_BUDGET
from schema.forms.template import TemplateSet
from synthetic.set_documents import OFFICE, random_account, text_of

SETS = {"预算": NATIONAL_BUDGET, "决算": FINAL_ACCOUNTS}
OFFICE_LINE = f"部门：{OFFICE}\n"


def bare(entry: TemplateSet) -> str:
    """The forms of an account without cover, office and year."""
    forms = text_of(random_account(entry, 3)).split("\n\n", 1)[1]
    return re.sub("20\\d\\d年度?", "", forms.replace(f"部门：{OFFICE}", ""))


FORMS = {word: bare(entry) for word, entry in SETS.items()}


def filed(text: str, name: str = "x.txt") -> FiledDisclosure:
    (disclosure,) = file_disclosures(read(text.encode(), name), DIVISION)
    return disclosure


def said(disclosure: FiledDisclosure) -> dict[str, dict[str, object]]:
    """Kind → values of the findings about year and office."""
    kinds = ("year_elsewhere", "office_elsewhere", "other_year", "other_office")
    return {finding.kind: dict(finding.values) for finding in disclosure.findings if finding.kind in kinds}


@pytest.mark.parametrize("word", SETS)
@pytest.mark.parametrize(
    "name",
    [
        "{}2024年部门{}公开.txt",
        "附件1：{}2024年度部门{}公开表（定稿）.txt",
        "2024_{}_{}.txt",
        "街道/{}2024年部门{}.txt",
    ],
)
def test_the_name_of_the_file_tells_year_and_office(word: str, name: str) -> None:
    disclosure = filed(FORMS[word], name.format(OFFICE, word))
    assert (disclosure.identity.fiscal_year, disclosure.identity.reporting_unit_name) == (2024, OFFICE)
    found = said(disclosure)
    assert found.keys() == {"year_elsewhere", "office_elsewhere"}
    assert {values["place"] for values in found.values()} == {"file name"}


@pytest.mark.parametrize("word", SETS)
def test_a_title_behind_the_forms_tells_year_and_office(word: str) -> None:
    title = f"{OFFICE}2024年部门{word}情况说明"
    disclosure = filed(f"{FORMS[word]}\n{title}\n\n一、收支情况\n总体平稳，无重大变化。\n")
    assert (disclosure.identity.fiscal_year, disclosure.identity.reporting_unit_name) == (2024, OFFICE)
    assert disclosure.identity.reporting_unit_code.endswith("-1") is False
    assert {values["text"] for values in said(disclosure).values()} == {title}


def test_a_heading_tells_the_year_but_not_that_of_another_one() -> None:
    behind = "第三部分 2024年部门预算情况说明\n\n一、2023年预算执行情况\n"
    assert filed(f"{OFFICE_LINE}{FORMS['预算']}\n{behind}").identity.fiscal_year == 2024


@pytest.mark.parametrize("word", SETS)
def test_the_heads_of_columns_tell_the_year(word: str) -> None:
    disclosure = filed(OFFICE_LINE + FORMS[word].replace(f"{word}数", f"2024年{word}数"))
    assert disclosure.identity.fiscal_year == 2024
    assert said(disclosure).keys() == {"year_elsewhere"}


def test_weak_places_of_two_years_are_a_contradiction() -> None:
    heads = OFFICE_LINE + FORMS["预算"].replace("预算数", "2024年预算数")
    with pytest.raises(DocumentError, match="2023, 2024"):
        filed(heads, f"{OFFICE}2023年部门预算.txt")


def test_a_date_of_publication_is_no_year_but_it_is_said() -> None:
    with pytest.raises(DocumentError, match=r"only a date of publication \(2024-02-05\)"):
        filed(f"{OFFICE_LINE}公开时间：2024年2月5日\n{FORMS['预算']}")


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("2023年部门预算公开.txt", {"other_year"}),
        ("某某区市场局2024年部门预算.txt", set()),  # its short name
        ("某某区市场管理办2024年部门预算.txt", set()),
        ("某某区档案馆2024年部门预算.txt", {"other_office"}),
        ("2023年2月公开.txt", set()),  # perhaps when it was made
        ("2023年预算及2024年预算.txt", set()),
    ],
)
def test_a_file_name_that_says_otherwise_is_a_finding(name: str, kinds: set[str]) -> None:
    disclosure = filed(f"{OFFICE}\n2024年部门预算\n\n{FORMS['预算']}", name)
    assert (disclosure.identity.fiscal_year, disclosure.identity.reporting_unit_name) == (2024, OFFICE)
    assert said(disclosure).keys() == kinds


ONE, OTHER = "某某区市场监督执法大队", "某某区计量检定所"
LISTS = {
    "numbered": f"纳入编制范围的单位包括：\n1、{ONE}\n2、{OTHER}\n2024年部门预算公开表\n",
    "not numbered": f"二、单位构成\n{ONE}\n{OTHER}\n2024年部门预算公开表\n",
    "below the title": f"2024年部门预算\n单位构成\n{ONE}\n{OTHER}\n",
    "field": f"2024年部门预算\n下属单位：{ONE}\n",
    "field of several": f"2024年部门预算\n单位：{ONE}、{OTHER}\n",
    "sentence": f"2024年部门预算\n本部门下属单位：{ONE}、{OTHER}。\n",
    "field of names": f"2024年部门预算\n二级预算单位名称：{ONE}\n",
}


@pytest.mark.parametrize("units", LISTS)
@pytest.mark.parametrize("before", ["", "一、部门职责\n负责有关工作，完成任务。\n"])
def test_a_list_of_offices_tells_none_that_files(units: str, before: str) -> None:
    text = before + LISTS[units] + FORMS["预算"]
    with pytest.raises(DocumentError, match="no unit found"):
        filed(text)
    assert filed(text, f"{OFFICE}2024年部门预算.txt").identity.reporting_unit_name == OFFICE
