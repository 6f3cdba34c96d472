"""Documents of offices that word and divide the official forms in their own way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import gather
from schema.forms.template import Stage
from synthetic.budgets import random_budget
from synthetic.deviations import differing, filed
from synthetic.rendering import render


def read_text(cover: str, *tables: str, division: str = "510104") -> FiledDisclosure:
    (disclosure,) = file_disclosures(read("\n".join([cover, "", *tables]).encode(), "公开.txt"), division)
    return disclosure


def table(title: str, *rows: str, above: str = "单位：万元", below: str = "") -> str:
    """A table of a text document; its cells stand between bars."""
    body = "".join("\t".join(row.split("|")) + "\n" for row in rows)
    return f"{title}\n\n{above}\n\n{body}\n{below}\n"


def row(disclosure: FiledDisclosure, form_id: str, key: str) -> dict[str, str]:
    """The figures of a row of a form, in 万元."""
    cells = [cell for form in disclosure.forms if form.form_id == form_id for cell in form.cells]
    found = {cell.column_key: cell.amount for cell in cells if cell.row_key == key}
    return {column: f"{amount.normalize():f}" for column, amount in found.items() if column and amount}


def kinds(disclosure: FiledDisclosure) -> list[str]:
    return [finding.kind for finding in disclosure.findings]


BUDGET, ACCOUNT = "某某市某某局2024年部门预算", "某某市某某局2013年度部门决算"
SPENDING = (
    "科目编码|科目名称|合计|基本支出|项目支出|事业单位经营支出|上缴上级支出|对附属单位补助支出",
    "2010301|行政运行|5.00|5.00||||",
    "2010302|一般行政管理事务|4.00||4.00|||",
    "|合计|9.00|5.00|4.00|||",
)


def test_类_款_and_项_may_stand_beneath_项目_alone() -> None:
    spending = table(
        "部门支出总表",
        "项目|||科目名称|合计|基本支出|项目支出",
        "类|款|项||||",
        "201|03|01|行政运行|5.00|5.00|",
        "|||合计|5.00|5.00|",
    )
    assert row(read_text(BUDGET, spending), "nb03", "2010301") == {"total": "5", "basic": "5"}


def test_a_class_holds_for_the_rows_below_a_repeated_row_of_类_款_and_项() -> None:
    words = "功能分类科目名称|合计|财政拨款收入|事业收入|事业单位经营收入|其他收入"
    heads = "项目||||收入预算||||", f"科目编码|||{words}", "类|款|项||||||"
    rows = "208|||社会保障和就业支出|9.00|9.00|||", "|01||人力资源事务|4.00|4.00|||"
    rest = "|05||养老支出|5.00|5.00|||", "||05|养老保险缴费支出|5.00|5.00|||", "|||合计|9.00|9.00|||"
    disclosure = read_text(BUDGET, table("收入预算总表", *heads, *rows, *heads, *rest), division="310107")
    assert row(disclosure, "sh02", "2080505") == {"total": "5", "fiscal": "5"}


def test_codes_of_economic_items_may_stand_in_one_column() -> None:
    basic = table(
        "一般公共预算基本支出部门预算经济分类预算表",
        "项目||一般公共预算基本支出||",
        "部门预算经济分类科目编码|经济分类科目名称|合计|人员经费|公用经费",
        "30101|基本工资|3.00|3.00|",
        "30201|办公费|2.00||2.00",
        "|合计|5.00|3.00|2.00",
    )
    by_function = (
        "功能分类科目编码|||功能分类科目名称|合计|基本支出|项目支出",
        "类|款|项||||",
        "201|03|01|行政运行|5.00|5.00|",
    )
    spending = table("支出预算总表", "项目||||支出预算||", *by_function, "|||合计|5.00|5.00|")
    disclosure = read_text(BUDGET, spending, basic, division="310107")
    assert row(disclosure, "sh08", "30201") == {"total": "2", "public": "2"}
    assert "unknown_column" not in kinds(disclosure)


def test_a_note_may_state_the_money_unit_of_the_form_above_it() -> None:
    in_yuan = "注：本表金额单位为元。\n说明：数据取自年初预算。"
    three_public = "“三公”经费合计|因公出国（境）费|公务用车购置费|公务用车运行费|公务接待费", "3.00|||2.00|1.00"
    disclosure = read_text(
        BUDGET,
        table("部门支出总表", *(line.replace(".00", "0000.00") for line in SPENDING), above="", below=in_yuan),
        table("一般公共预算“三公”经费支出表", *three_public, above="", below="注：本表金额单位为万元。"),
    )
    assert row(disclosure, "nb03", "total")["total"] == "9"
    assert row(disclosure, "nb07", "total")["reception"] == "1"
    assert "money_unit_assumed" not in kinds(disclosure)


def test_two_money_units_of_one_form_are_told() -> None:
    disclosure = read_text(BUDGET, table("部门支出总表（单位：万元）", *SPENDING, above="单位：元"))
    assert kinds(disclosure)[:1] == ["money_unit_contradicted"]
    heads = SPENDING[0].replace("合计", "合计（元）")
    assert "money_unit_contradicted" in kinds(read_text(BUDGET, table("部门支出总表", heads, *SPENDING[1:])))
    prices = SPENDING[0].replace("项目支出", "项目支出|单价（元）")
    assert "money_unit_contradicted" not in kinds(read_text(BUDGET, table("部门支出总表", prices, *SPENDING[1:])))


def adjusted(cover: str) -> FiledDisclosure:
    heads = "科目编码|科目名称|年初预算数|||调整预算数||", "||合计|基本支出|项目支出|合计|基本支出|项目支出"
    lists = (
        "收入||||支出|||",
        "项目|年初预算数|调整数|调整后预算数|项目|年初预算数|调整数|调整后预算数",
        "一、一般公共预算拨款收入|5.00|1.00|6.00|一、一般公共服务支出|5.00|1.00|6.00",
        "本年收入合计|5.00|1.00|6.00|本年支出合计|5.00|1.00|6.00",
        "收入总计|5.00|1.00|6.00|支出总计|5.00|1.00|6.00",
    )
    by_function = *heads, "2010301|行政运行|5.00|5.00||6.00|6.00|", "|合计|5.00|5.00||6.00|6.00|"
    return read_text(cover, table("收支总表", *lists), table("部门支出总表", *by_function))


def test_of_an_adjusted_budget_调整预算数_is_its_own_and_年初预算数_of_another_stage() -> None:
    disclosure = adjusted("某某市某某局2024年部门预算调整公开")
    assert disclosure.identity.stage == Stage.ADJUSTED
    assert row(disclosure, "nb03", "total")["total"] == "6"
    assert row(disclosure, "nb03", "total")["total@2024:budget"] == "5"
    revenue = row(disclosure, "nb01", "11")
    assert revenue == {"revenue": "6", "revenue@2024:budget": "5", "revenue~change": "1"}
    budget = adjusted(BUDGET)
    assert row(budget, "nb03", "total")["total@2024:adjusted"] == "6"
    assert not kinds(disclosure) + kinds(budget)


def test_what_is_spent_of_last_years_money_is_kept_beside_what_is_carried_over() -> None:
    revenue = table(
        "收入预算总表",
        "项目名称||金额",
        "收入总计||9.00",
        "一般公共预算资金|小计|6.00",
        "|公共财政拨款（补助）资金|6.00",
        "上年结转和结余资金|小计|3.00",
        "|其中：动用上年结转和结余资金|2.00",
    )
    spending = table("支出预算总表", "合计|基本支出|项目支出|单位预留机动经费|结转下年资金", "9.00|5.00|4.00||")
    disclosure = read_text(BUDGET, revenue, spending, division="320000")
    assert row(disclosure, "js02", "opening") == {"revenue": "3", "carried_spent": "2"}
    assert "unknown_row" not in kinds(disclosure)


def test_rows_of_unknown_meaning_are_not_zero() -> None:
    lists = (
        "收入||支出|",
        "项目|预算数|项目|预算数",
        "一、一般公共预算拨款收入|9.00|一、一般公共服务支出|9.00",
        "本年收入合计|9.00|本年支出合计|9.00",
        "收入总计|9.00|支出总计|9.00",
    )
    revenue = "科目编码|科目名称|合计|一般公共预算|政府性基金预算|上年结转", "|合计|9.00|9.00||", "|某某某|9.00|9.00||"
    general = "科目编码|科目名称|甲类|乙类", "2010301|行政运行|5.00|", "2010302|一般行政管理事务|4.00|", "|合计|9.00|"
    disclosure = read_text(
        BUDGET,
        table("收支总表", *lists),
        table("部门收入总表", *revenue),
        table("部门支出总表", *SPENDING),
        table("一般公共预算支出表", *general),
    )
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    assert sum(line.amount for line in ledger.lines if line.coordinates.statement == "revenue") == Decimal(9)


def test_a_head_row_with_columns_of_no_form_belongs_to_the_header() -> None:
    rows = (
        "<tr><td colspan=4>项目<td rowspan=3>合计<td rowspan=3>甲安排<td rowspan=3>乙安排<td rowspan=3>丙安排"
        "<tr><td colspan=3>科目编码<td rowspan=2>科目名称<tr><td>类<td>款<td>项"
        "<tr><td>201<td>03<td>01<td>行政运行<td>5.00<td>5.00<td><td>"
        "<tr><td><td><td><td>合计<td>5.00<td>5.00<td><td>"
    )
    page = f"<p>{BUDGET}</p><p>一般公共预算支出预算表</p><p>单位：万元</p><table>{rows}</table>"
    (disclosure,) = file_disclosures(read(page.encode(), "公开.html"), "510104")
    assert row(disclosure, "nb05", "2010301") == {"total": "5"}


def test_公共预算财政拨款_was_一般公共预算_until_2014() -> None:
    spending = (
        "项目||本年支出||",
        "功能分类科目编码|科目名称|小计|基本支出|项目支出",
        "2010301|行政运行|5.00|5.00|",
        "|合计|5.00|5.00|",
    )
    disclosure = read_text(ACCOUNT, table("公共预算财政拨款支出决算表", *spending))
    assert row(disclosure, "f05", "total") == {"total": "5", "basic": "5"}


def test_forms_7_and_16_without_title_and_levels_are_told_apart_by_their_order() -> None:
    heads = (
        "科目编码|科目名称|合计|基本支出||||项目支出",
        "|||小计|人员经费||公用经费|",
        "||||工资福利支出|对个人和家庭的补助||",
    )

    def by_function(*rows: str) -> str:
        return table("", *heads, *rows)

    basic = table(
        "一般公共预算基本支出表",
        "科目编码|科目名称|合计|人员经费|公用经费",
        "30101|基本工资|5.00|5.00|",
        "|合计|5.00|5.00|",
    )
    classes = "功能科目|||单位代码|单位名称（科目）|总计|机关工资福利支出|机关商品和服务支出", "类|款|项|||||"
    by_class = table(
        "政府性基金预算支出分类汇总表（按政府预算经济分类）",
        *classes,
        "212|08|99|001001|其他支出|4.00||4.00",
        "|||001001|某某局|4.00||4.00",
    )
    disclosure = read_text(
        BUDGET,
        by_function("2010301|行政运行|5.00|5.00|5.00|||", "|合计|5.00|5.00|5.00|||"),
        basic,
        by_function("2120899|其他支出|4.00|||||4.00", "|合计|4.00|||||4.00"),
        by_class,
        division="430202",
    )
    assert [form.form_id for form in disclosure.forms] == ["r07", "r08", "r16", "r17"]


def test_a_line_of_the_cover_with_office_and_money_unit_names_the_office_alone() -> None:
    cover = "2024年部门预算\n部门名称：某某市某某局 单位：万元\n" + "目录\n" * 8
    disclosure = read_text(cover, table("部门支出总表", *SPENDING))
    assert disclosure.identity.reporting_unit_name == "某某市某某局"


@pytest.mark.parametrize(("said", "is_told"), [("本表金额含上年结转12.50万元", False), ("12.50", True)])
def test_a_line_of_remarks_in_a_list_is_told_if_it_holds_a_figure(said: str, is_told: bool) -> None:
    lines = render(random_budget(8830000), forms=[1]).rstrip("\n").split("\n")
    disclosure = filed("\n".join([*lines, f"备注\t{said}"]))
    assert ("unknown_row" in kinds(disclosure)) == is_told
