"""In which money unit figures are printed: spellings of one unit, texts that state none, the unit of a part."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.placing.figures import UNIT_FACTORS
from loader.filing.tables.titles import FilingUnit, filing_unit_of, money_unit_of
from tests.conftest import SAMPLE, Run
from tests.test_units_without_codes import document

UNITS = {
    "元": [
        *(
            "单位：元",
            "金额：元",
            "单位/元",
            "单位＝元",
            "单位∶元",
            "单位︰元",
            "单位-元",
            "单位(元)",
            "金额单位为元",
            "本表金额单位均为元",
        ),
        *(
            "人民币元",
            "单位：人民币元",
            "单位：元人民币",
            "币种：人民币 单位：元",
            "单位：人民币（元）",
            "货币：元",
            "￥元",
            "RMB元",
        ),
        *(
            "（元）",
            "收支总表（单位：元）",
            "预算数（人民币元）",
            "【元】",
            "元",
            "金额单位：圆",
            "以元为单位",
            "单位：元（精确到分）",
            "金額單位：圓",
            *("单位，元", "单位；元", "金额单位：元 第1页"),
        ),
    ],
    "万元": [
        "单位：万元",
        "單位：萬元",
        "以万元为单位",
        "（万元）",
        "单位：人民币万元",
        "编制单位：某某局　　　　万元",
    ],
    "千元": ["单位：千元", "单位：仟元"],
    "十万元": ["单位：十万元", "单位：拾万元"],
    "百万元": ["单位：百万元"],
    "千万元": ["金额单位：千万元"],
    "亿元": ["单位：亿元"],
}
NO_UNIT = [
    "单位：元旦办公室",
    "单位：人民币管理处",
    "公元2024年",
    "多元化经营收入",
    "共 3 万元以上的设备",
    "单位：001001",
    "本年支出总计 1,234.50  万元",
    pytest.param("单位：" + " " * 50_000 + "某局", id="a line of blanks"),
]


@pytest.mark.parametrize(("unit", "text"), [(unit, text) for unit, texts in UNITS.items() for text in texts])
def test_one_unit(unit: str, text: str) -> None:
    assert money_unit_of(text) == unit


def test_a_unit_behind_an_office_is_no_part_of_its_name() -> None:
    assert filing_unit_of("编制单位：某某局　　　　万元") == FilingUnit(None, "某某局", is_department=False)


@pytest.mark.parametrize("text", NO_UNIT)
def test_no_unit(text: str) -> None:
    assert money_unit_of(text) is None


def test_every_unit_has_a_size() -> None:
    assert set(UNITS) | {"百元"} == set(UNIT_FACTORS)


@pytest.mark.parametrize(("unit", "factor"), [("万元", 1), ("百万元", 100), ("圆", Decimal(1) / 10_000)])
def test_the_unit_above_the_funds_of_goals(unit: str, factor: Decimal | int) -> None:
    """It stands in the first head of the part, not above the form."""
    text = SAMPLE.read_text(encoding="utf-8")
    assert text.count("预算情况 (万元)") == 1
    content = text.replace("预算情况 (万元)", f"预算情况 ({unit})").encode()
    [disclosure] = file_disclosures(read(content, "a.txt"), "430202")
    [amount] = [
        cell.amount
        for form in disclosure.forms
        for cell in form.cells
        if cell.row_key == "budget" and cell.text == "790.28"
    ]
    assert amount == Decimal("790.28") * factor


def test_a_load_says_that_no_form_states_a_money_unit(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    before, after = sample.read_text(encoding="utf-8").rsplit("单位：万元", 1)
    before = re.sub("(金额)?单位：万元", "", before)
    path = tmp_path / "001001.txt"
    path.write_text(before + after, encoding="utf-8")
    assert run("load", path).stderr.count("001001.txt: forms that state no money unit: 18, 万元 assumed") == 1
    # one form that states it speaks for the others
    path.write_text(f"{before}单位：万元{after}", encoding="utf-8")
    assert "assumed" not in run("load", path, "--supersede").stderr


@pytest.mark.parametrize("head", ["合计（元）", "合计/元", "合计 元", "（元）合计", "合计【元】"])
def test_a_unit_in_the_heads_alone(head: str) -> None:
    unstated = document("编制部门：某某局").decode().replace("\t单位：万元", "")
    stated = unstated.replace("\t合计\t人员经费", f"\t{head}\t人员经费")
    assert stated != unstated
    (assumed,), (known,) = (file_disclosures(read(text.encode(), "a.txt"), "430202") for text in (unstated, stated))
    amounts, tenths = (
        [cell.amount for form in one.forms for cell in form.cells if cell.amount and cell.column_key]
        for one in (assumed, known)
    )
    assert amounts
    assert [amount / 10_000 for amount in amounts] == tenths


@pytest.mark.parametrize(
    "note", ["注：金额单位：元", "本表金额单位为人民币元。", "填表说明：金额单位元，保留两位小数。"]
)
def test_a_unit_in_the_note_alone(note: str) -> None:
    before, after = document("编制部门：某某局").decode().replace("\t单位：万元", "").rsplit("\n\n", 1)
    stated = f"{before}\n{note}\n\n{after}"
    (known,) = file_disclosures(read(stated.encode(), "a.txt"), "430202")
    assert {form.money_unit for form in known.forms} == {"元"}


def test_a_unit_broken_over_two_lines_is_one() -> None:
    whole = document("编制部门：某某局").decode()
    broken = whole.replace("编制部门：某某局\t单位：万元", "单位：万\n\n编制部门：某某局\t元")
    assert broken != whole
    of_whole, of_broken = (file_disclosures(read(text.encode(), "a.txt"), "430202")[0] for text in (whole, broken))
    amounts = [
        [cell.amount for form in one.forms for cell in form.cells if cell.amount] for one in (of_whole, of_broken)
    ]
    assert amounts[0] == amounts[1]
    assert of_broken.identity == of_whole.identity


def test_a_table_below_the_upper_half_of_its_head_has_the_unit_above_that() -> None:
    """As programs write the tables of a page into Markdown: a head of several rows is broken where it does not fit."""
    text = "某某市某某局2024年单位预算\n\n2024年预算单位支出预算总表\n编制单位：某某市某某局　单位：元\n\n"
    text += "|项目||支出预算|||\n|---|---|---|---|---|\n|功能分类科目编码|功能分类科目名称|合计|基本支出|项目支出|\n"
    text += "|201|一般公共服务支出|90,000.00|50,000.00|40,000.00|\n||合计|90,000.00|50,000.00|40,000.00|\n\n"
    text += "“三公”经费和机关运行经费预算表\n编制单位：某某市某某局　单位：万元\n\n"
    text += "|||“三公”经费|预算数|||\n|---|---|---|---|---|---|---|\n"
    text += (
        "|合计|因公出国(境)费|公务接待费|公<br>小计|务用车购置及运行费<br>购置费<br>运行费|机关运行经费预算<br>数|\n"
    )
    text += "|3.50|1.00|2.50|||9.00|\n"
    (known,) = file_disclosures(read(text.encode(), "a.md"), "310107")
    figures = {cell.column_key: cell.amount for form in known.forms for cell in form.cells if form.form_id == "sh09"}
    assert (figures["total"], figures["operating_cost"]) == (Decimal("3.50"), Decimal("9.00"))


ABOVE = "单位编码：001001\n2024年部门预算\n"
HEAD = "{above}科目编码\t科目名称\t合计\t基本支出\t项目支出\n"
SPENDING = f"一般公共预算支出表\n{HEAD}201\t一般公共服务支出\t30.00\t20.00\t10.00\n{{below}}"
FUND = f"政府性基金预算支出表\n{HEAD}212\t城乡社区支出\t5.00\t\t5.00\n{{below}}"


def units_of(*tables: str) -> tuple[list[str], list[str]]:
    """The money units of the forms of a text, and the kinds of findings about money units."""
    found = read((ABOVE + "".join(tables)).encode(), "a.txt")
    (disclosure,) = file_disclosures(found, "430202", 2024, None, None, lambda identity: None)
    kinds = [finding.kind for finding in disclosure.findings if finding.kind.startswith("money_unit")]
    return [form.money_unit for form in disclosure.forms], kinds


@pytest.mark.parametrize(
    "below", ["单位：元\n", "\n（单位：元）\n", "填表人：某某\t单位：元\n", "第1页\n金额单位：元\n"]
)
def test_a_unit_below_the_table_alone(below: str) -> None:
    assert units_of(SPENDING.format(above="", below=below)) == (["元"], [])


def test_units_below_several_tables_are_those_of_the_tables_above_them() -> None:
    tables = SPENDING.format(above="", below="单位：元\n"), FUND.format(above="", below="单位：万元\n")
    assert units_of(*tables) == (["元", "万元"], [])


def test_a_unit_below_the_table_that_contradicts_the_one_above() -> None:
    last = SPENDING.format(above="单位：万元\n", below="单位：元\n")
    assert units_of(last) == (["万元"], ["money_unit_contradicted"])
    followed = last, FUND.format(above="单位：万元\n", below="")
    assert units_of(*followed) == (["万元", "万元"], ["money_unit_contradicted"])


@pytest.mark.parametrize("above", ["", "单位：万元\n"])
def test_a_unit_below_the_heading_of_what_follows_is_none_of_the_table(above: str) -> None:
    table = SPENDING.format(above=above, below="三、机关运行经费情况\n（单位：元）\n")
    assert units_of(table) == (["万元"], [] if above else ["money_unit_assumed"])


def test_a_unit_above_the_title_of_the_next_table_is_none_of_the_table_before() -> None:
    tables = SPENDING.format(above="单位：万元\n", below="单位：元\n"), FUND.format(above="", below="")
    assert units_of(*tables) == (["万元", "元"], [])
