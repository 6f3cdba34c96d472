"""Budgets in the layout of 财政部, as provinces vary it: revenue by unit, units among functions, years side by side,
items of 三公 beneath one another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.filing.tables.titles import match_title
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import gather, to_fen
from schema.forms.template import Stage
from synthetic.deviations import differing

COVER = "某某市某某局2024年部门预算\n\n"
UNIT = "单位：万元\n\n"


def read_text(*tables: str, division: str = "510104") -> FiledDisclosure:
    (disclosure,) = file_disclosures(read((COVER + "\n".join(tables)).encode(), "公开.txt"), division)
    return disclosure


def table(title: str, *rows: str) -> str:
    """A table of a text document; its cells stand between bars."""
    return f"{title}\n\n{UNIT}" + "".join("\t".join(row.split("|")) + "\n" for row in rows)


def figures(disclosure: FiledDisclosure) -> dict[tuple[str | None, str | None, str | None], Decimal]:
    found = ((form.form_id, cell) for form in disclosure.forms for cell in form.cells if cell.amount)
    return {(form_id, cell.row_key, cell.column_key): cell.amount for form_id, cell in found if cell.amount}


EXPENDITURE = table(
    "部门支出总表",
    "科目编码|科目名称|合计|基本支出|项目支出|事业单位经营支出|上缴上级支出|对附属单位补助支出",
    "201|一般公共服务支出|9.00|5.00|4.00|||",
    "20103|政府办公厅（室）及相关机构事务|9.00|5.00|4.00|||",
    "2010301|行政运行|5.00|5.00||||",
    "2010302|一般行政管理事务|4.00||4.00|||",
    "|合计|9.00|5.00|4.00|||",
)


def test_revenue_with_a_row_a_unit_and_last_year_beside_this_year() -> None:
    revenue = table(
        "部门收入总表",
        "部门（单位）代码|部门（单位）名称|合计|本年收入||||上年结转结余||",
        "|||小计|一般公共预算|政府性基金预算|事业收入|小计|一般公共预算|单位资金",
        "合计||9.00|8.00|6.00||2.00|1.00|0.40|0.60",
        "103|某某局|9.00|8.00|6.00||2.00|1.00|0.40|0.60",
        "103001|某某局本级|9.00|8.00|6.00||2.00|1.00|0.40|0.60",
    )
    disclosure = read_text(revenue, EXPENDITURE)
    assert [form.form_id for form in disclosure.forms] == ["nb02x", "nb03"]
    found = figures(disclosure)
    row = {column: amount for (form, key, column), amount in found.items() if (form, key) == ("nb02x", "103001")}
    assert {column: str(amount) for column, amount in row.items()} == {
        "total": "9.00",
        "year_total": "8.00",
        "general": "6.00",
        "institution_income": "2.00",
        "opening": "1.00",
        "opening_general": "0.40",
        "opening_unit_funds": "0.60",
    }
    assert not [finding.message for finding in disclosure.findings]


@pytest.mark.parametrize("title", ["其他资金支出表（按功能分类）", "一般性支出预算表", "转移支付支出情况表"])
def test_a_title_of_other_money_is_believed(title: str) -> None:
    """The heads are those of a form, but no form is about this money."""
    other = table(title, "科目编码|科目名称|合计|基本支出|项目支出", "2010302|一般行政管理事务|1.00||1.00")
    disclosure = read_text(EXPENDITURE, other)
    assert [form.form_id for form in disclosure.forms] == ["nb03", None]


@pytest.mark.parametrize("behind", ["（按功能分类）", "（按功能分类科目）"])
def test_the_subjects_of_the_rows_behind_a_title_add_nothing(behind: str) -> None:
    general = table(f"预算05表 一般公共预算支出表{behind}", "科目编码|科目名称|合计", "2010301|行政运行|5.00")
    assert [form.form_id for form in read_text(general).forms] == ["nb05"]


@pytest.mark.parametrize(("division", "form_id"), [("510104", "nb03x"), ("430202", "r03")])
def test_rows_of_units_make_a_form_with_units(division: str, form_id: str) -> None:
    """The heads are those of the national form, but a function stands beneath each of two units. Alone it is a form of
    the division's own set, if there is one."""
    with_units = table(
        "部门支出总表",
        "科目编码|科目名称|合计|基本支出|项目支出|事业单位经营支出|上缴上级支出|对附属单位补助支出",
        "|合计|9.00|5.00|4.00|||",
        "103|某某局|9.00|5.00|4.00|||",
        "103001|某某局本级|6.00|5.00|1.00|||",
        "2010301|行政运行|6.00|5.00|1.00|||",
        "103002|某某服务中心|3.00||3.00|||",
        "2010301|行政运行|3.00||3.00|||",
    )
    disclosure = read_text(with_units, division=division)
    assert [form.form_id for form in disclosure.forms] == [form_id]
    found = figures(disclosure)
    assert (str(found[form_id, "103001/2010301", "total"]), str(found[form_id, "103002/2010301", "total"])) == (
        "6.00",
        "3.00",
    )


def test_units_beside_parts_of_codes_and_forms_by_function_alone() -> None:
    """One form tells two units apart, another adds them up; both are of one set and agree."""
    with_units = table(
        "部门支出总表",
        "科目编码|||单位代码|单位名称（科目）|合计|基本支出|项目支出",
        "类|款|项|||||",
        "|||合计||9.00|5.00|4.00",
        "|||103001|某某局本级|6.00|5.00|1.00",
        "201|03|01|103001|行政运行|6.00|5.00|1.00",
        "|||103002|某某服务中心|3.00||3.00",
        "201|03|01|103002|行政运行|3.00||3.00",
    )
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "2010301|行政运行|9.00|5.00|4.00",
        "|合计|9.00|5.00|4.00",
    )
    disclosure = read_text(with_units, general)
    assert [form.form_id for form in disclosure.forms] == ["nb03x", "nb05"]
    found = figures(disclosure)
    assert [str(found["nb03x", f"10300{unit}/2010301", "total"]) for unit in (1, 2)] == ["6.00", "3.00"]
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


def test_projects_of_two_units_with_their_funds() -> None:
    """The unit stands beside the project, by its name or not at all."""
    revenue = table(
        "部门收入总表",
        "部门（单位）代码|部门（单位）名称|合计|本年收入|||上年结转结余",
        "|||小计|一般公共预算|政府性基金预算|",
        "合计||9.00|9.00|9.00||",
        "103|某某局|9.00|9.00|9.00||",
        "103001|某某局本级|6.00|6.00|6.00||",
        "103002|某某服务中心|3.00|3.00|3.00||",
    )
    projects = table(
        "项目支出表",
        "类型|项目名称|项目单位|合计|本年拨款|||财政拨款结转结余|||财政专户管理资金|单位资金",
        "||||一般公共预算|政府性基金预算|国有资本经营预算|一般公共预算|政府性基金预算|国有资本经营预算||",
        "|合计||8.00|4.00|||1.00||||3.00",
        "特定目标类|会议经费|某某局本级|4.00|3.00|||1.00||||",
        "特定目标类|视察经费|某某服务中心|1.00|1.00|||||||",
        "其他运转类|视察经费|103001某某局|2.00||||||||2.00",
        "其他运转类|办案经费||1.00||||||||1.00",
    )
    disclosure = read_text(revenue, EXPENDITURE, projects)
    assert [form.form_id for form in disclosure.forms] == ["nb02x", "nb03", "nb12"]
    assert not [finding.message for finding in disclosure.findings]
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    lines = [line for line in ledger.lines if line.coordinates.statement == "special_fund"]
    assert {(at.unit, at.project, at.fund): str(line.amount) for line in lines if (at := line.coordinates)} == {
        ("103001", "会议经费", "11"): "3",
        ("103001", "会议经费", "181"): "1",
        ("103002", "视察经费", "11"): "1",
        ("103001", "视察经费", "3"): "2",
        ("103", "办案经费", "3"): "1",
    }


@pytest.mark.parametrize("title", ["部门项目支出预算表", "2024年度项目支出情况表"])
def test_projects_with_their_funds_in_one_row_of_heads(title: str) -> None:
    projects = table(
        title,
        "项目名称|项目单位|合计|一般公共预算拨款|政府性基金|国有资本经营预算|财政专户|单位资金",
        "会议经费|某某局|4.00|3.00|1.00|||",
        "合计||4.00|3.00|1.00|||",
    )
    found = figures(read_text(EXPENDITURE, projects))
    assert {column: str(a) for (form_id, key, column), a in found.items() if form_id == "nb12" and key != "total"} == {
        "total": "4.00",
        "general": "3.00",
        "government_fund": "1.00",
    }


def test_sums_of_types_and_units_are_no_projects() -> None:
    projects = table(
        "项目支出表",
        "类型|项目名称|项目单位|合计|一般公共预算|单位资金",
        "|合计||4.00|4.00|",
        "|某某局||4.00|4.00|",
        "特定目标类|小计||3.00|3.00|",
        "特定目标类|会议经费|某某局|3.00|3.00|",
        "其他运转类|办案经费|某某局|1.00|1.00|",
    )
    disclosure = read_text(EXPENDITURE, projects)
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    lines = [line for line in ledger.lines if line.coordinates.statement == "special_fund"]
    assert {line.coordinates.project: str(line.amount) for line in lines} == {"会议经费": "3", "办案经费": "1"}
    assert [finding.kind for finding in disclosure.findings] == ["unknown_row", "unknown_row"]


def test_this_year_and_last_beside_the_change_between_them() -> None:
    spending = table(
        "一般公共预算支出表",
        "科目编码|科目名称|2023年执行数|2024年预算数|||2024年预算数比2023年执行数|",
        "|||小计|基本支出|项目支出|增减额|增减%",
        "201|一般公共服务支出|8.00|9.00|5.00|4.00|1.00|12.50",
        "20103|政府办公厅（室）及相关机构事务|8.00|9.00|5.00|4.00|1.00|12.50",
        "2010301|行政运行|8.00|9.00|5.00|4.00|1.00|12.50",
        "|合计|8.00|9.00|5.00|4.00|1.00|12.50",
    )
    found = figures(read_text(EXPENDITURE, spending))
    row = {column: str(a) for (form, key, column), a in found.items() if (form, key) == ("nb05", "2010301")}
    assert {column: row[column] for column in ("total", "basic", "project", "total@2023:final")} == {
        "total": "9.00",
        "basic": "5.00",
        "project": "4.00",
        "total@2023:final": "8.00",
    }


def test_三公_whose_items_stand_beneath_one_another() -> None:
    three_public = table(
        "一般公共预算“三公”经费支出表",
        "项目|2023年预算数|2024年预算数",
        "合计|6.00|5.00",
        "1、因公出国（境）费用||",
        "2、公务接待费|2.00|2.00",
        "3、公务用车费|4.00|3.00",
        "其中：（1）公务用车运行维护费|4.00|2.50",
        "（2）公务用车购置费||0.50",
    )
    disclosure = read_text(EXPENDITURE, three_public)
    found = figures(disclosure)
    assert {key: str(a) for (form, key, column), a in found.items() if (form, column) == ("nb07x", "amount")} == {
        "total": "5.00",
        "reception": "2.00",
        "vehicle_total": "3.00",
        "vehicle_operation": "2.50",
        "vehicle_purchase": "0.50",
    }
    assert str(found["nb07x", "total", "amount@2023:budget"]) == "6.00"
    assert not [finding.message for finding in disclosure.findings]


def test_a_column_of_money_that_a_form_of_lists_lacks_is_told() -> None:
    three_public = table(
        "一般公共预算“三公”经费支出表",
        "项目|行次|2024年预算数|压减数",
        "合计|1|5.00|0.40",
        "公务接待费|2|2.00|0.40",
        "公务用车购置及运行费|3|3.00|",
        "0.30|4||",
    )
    disclosure = read_text(EXPENDITURE, three_public)
    told = [(finding.form_id, finding.message) for finding in disclosure.findings if finding.kind == "unknown_column"]
    assert [form_id for form_id, _ in told] == ["nb07x"]
    assert "压减数" in told[0][1]


def test_三公_whose_items_stand_beneath_one_another_make_the_ledger() -> None:
    three_public = table(
        "一般公共预算“三公”经费支出表",
        "项目|2024年预算数",
        "合计|5.00",
        "公务接待费|2.00",
        "公务用车购置及运行费|3.00",
        "公务用车运行费|3.00",
    )
    disclosure = read_text(EXPENDITURE, three_public)
    lines = [line for line in make_ledger(disclosure).lines if line.coordinates.statement == "three_public"]
    assert {line.coordinates.item: line.amount for line in lines} == {"reception": 2, "vehicle_operation": 3}


def test_spending_of_all_财政拨款_is_not_that_of_一般公共预算() -> None:
    rows = [
        "科目编码|科目名称|合计|基本支出|||项目支出",
        "|||小计|人员经费|公用经费|",
        "2010301|行政运行|9.00|5.00|3.00|2.00|4.00",
    ]
    rows.append("|合计|9.00|5.00|3.00|2.00|4.00")
    general = [row.replace("9.00", "7.00").replace("4.00", "2.00") for row in rows]
    titles = ("财政拨款支出表（功能科目）", "一般公共预算支出表")
    disclosure = read_text(EXPENDITURE, table(titles[0], *rows), table(titles[1], *general))
    assert [form.form_id for form in disclosure.forms] == ["nb03", "nb05x", "nb05"]
    found = figures(disclosure)
    assert [str(found[form_id, "2010301", "total"]) for form_id in ("nb05x", "nb05")] == ["9.00", "7.00"]


def test_codes_before_names_under_titles_that_say_by_which_subjects() -> None:
    by_function = table(
        "一般公共预算支出情况表（按功能分类科目）",
        "功能分类科目名称|2024年预算|其中：|",
        "||基本支出|项目支出",
        "合计|9.00|5.00|4.00",
        "[201]一般公共服务支出|9.00|5.00|4.00",
        "[20103]政府办公厅（室）及相关机构事务|9.00|5.00|4.00",
        "[2010301]行政运行|9.00|5.00|4.00",
    )
    by_item = table(
        "一般公共预算基本支出情况表（按支出经济分类科目）",
        "支出经济分类科目名称|2024年预算",
        "合计|5.00",
        "[301]工资福利支出|5.00",
        "[30101]基本工资|5.00",
    )
    disclosure = read_text(EXPENDITURE, by_function, by_item)
    assert [form.form_id for form in disclosure.forms] == ["nb03", "nb05", "nb06"]
    found = figures(disclosure)
    assert [str(found["nb05", "2010301", column]) for column in ("total", "basic", "project")] == [
        "9.00",
        "5.00",
        "4.00",
    ]
    assert str(found["nb06", "30101", "total"]) == "5.00"


@pytest.mark.parametrize("is_included", [True, False], ids=["with what is carried over", "of this year alone"])
def test_money_carried_over_may_or_may_not_be_spending_of_一般公共预算(is_included: bool) -> None:
    lists = table(
        "部门收支总表",
        "收入||支出|",
        "项目|预算数|项目|预算数",
        "一、一般公共预算拨款收入|8.00|一、一般公共服务支出|9.00",
        "二、政府性基金预算拨款收入||二、外交支出|",
        "本年收入合计|8.00|本年支出合计|9.00",
        "上年结转结余|1.00|年终结转结余|",
        "收入总计|9.00|支出总计|9.00",
    )
    fiscal = table(
        "财政拨款收支总表",
        "收入||支出|",
        "项目|预算数|项目|预算数",
        "一、本年收入|8.00|一、本年支出|9.00",
        "（一）一般公共预算拨款|8.00|（一）一般公共服务支出|9.00",
        "二、上年结转|1.00|二、年终结转结余|",
        "（一）一般公共预算拨款|1.00||",
        "收入总计|9.00|支出总计|9.00",
    )
    total, project = ("9.00", "4.00") if is_included else ("8.00", "3.00")
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "2010301|行政运行|5.00|5.00|",
        f"2010302|一般行政管理事务|{project}||{project}",
        f"|合计|{total}|5.00|{project}",
    )
    disclosure = read_text(lists, EXPENDITURE, fiscal, general)
    assert [form.form_id for form in disclosure.forms] == ["nb01", "nb03", "nb04", "nb05"]
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    spent = {line.coordinates.fund for line in ledger.lines if line.coordinates.statement == "expenditure"}
    assert spent == ({"11"} if is_included else {"11", "181"})


def spending(title: str, code: str, amount: str) -> str:
    return table(
        title,
        "科目编码|科目名称|合计|基本支出|项目支出",
        f"{code}|某某支出|{amount}||{amount}",
        f"|合计|{amount}||{amount}",
    )


def test_titles_of_the_budgets_in_other_words_tell_tables_with_one_header_apart() -> None:
    disclosure = read_text(
        EXPENDITURE,
        spending("附表5\n2024年度一般公共预算拨款支出预算表", "2010302", "4.00"),
        spending("附表6\n2024年度政府性基金预算拨款支出预算表", "2120803", "3.00"),
        spending("附表7\n2024年度国有资本经营预算拨款支出预算表", "2230105", "2.00"),
    )
    assert [form.form_id for form in disclosure.forms] == ["nb03", "nb05", "nb08", "nb09"]


@pytest.mark.parametrize(
    "above",
    [
        "部门支出情况表（基本支出、项目支出）",
        "一般公共预算支出表（含基本支出、项目支出）",
        "下表说明部门基本支出、项目支出情况",
    ],
)
def test_both_parts_of_spending_named_above_a_table_are_its_columns(above: str) -> None:
    rows = ("科目编码|科目名称|合计|基本支出|项目支出", "|合计|9.00|6.00|3.00", "2010301|行政运行|9.00|6.00|3.00")
    disclosure = read_text(table(above, *rows), spending("政府性基金预算支出情况表", "2120801", "2.00"))
    found = [str(a) for (_, row, column), a in figures(disclosure).items() if (row, column) == ("2010301", "project")]
    assert found == ["3.00"]


def test_one_part_of_spending_named_above_a_table_rules_a_form_of_all_out() -> None:
    rows = ("科目编码|科目名称|合计|基本支出|项目支出", "|合计|9.00|6.00|3.00", "2010301|行政运行|9.00|6.00|3.00")
    other = spending("政府性基金预算支出情况表", "2120801", "2.00")
    disclosure = read_text(table("部门支出情况表（项目支出）", *rows), other)
    assert "nb03" not in {form.form_id for form in disclosure.forms}


def test_a_title_of_another_budget_rules_a_form_out_where_the_order_of_forms_would_take_it() -> None:
    """The title in the middle is of no form; the one whose turn it is has another budget in its title."""
    disclosure = read_text(
        EXPENDITURE,
        spending("一般公共预算支出表", "2010302", "4.00"),
        spending("政府性基金预算安排情况分析表", "2120803", "3.00"),
        spending("国有资本经营预算支出表", "2230105", "2.00"),
    )
    assert [form.form_id for form in disclosure.forms] == ["nb03", "nb05", "nb08", "nb09"]


@pytest.mark.parametrize(
    ("title", "form_id"),
    [
        ("收入支出预算总表", "nb01"),
        ("2024年度收入支出总表", "nb01"),
        ("部门收入支出总体情况表", "nb01"),
        ("财政拨款收入支出总表", "nb04"),
        ("财政拨款收入支出总体情况表", "nb04"),
    ],
)
def test_收入支出_in_a_title_is_收支_and_no_spending_alone(title: str, form_id: str) -> None:
    assert form_id in dict(match_title(title))
    assert not {"r03", "nb03", "sh03", "js03"} & dict(match_title(title)).keys()
    form = table(
        title,
        "项目|预算数|项目|预算数",
        "一、一般公共预算拨款收入|9.00|一、一般公共服务支出|9.00",
        "本年收入合计|9.00|本年支出合计|9.00",
        "收入总计|9.00|支出总计|9.00",
    )
    other = spending("政府性基金预算支出情况表", "2120801", "2.00")
    disclosure = read_text(EXPENDITURE, form, other)
    assert [(one.form_id, one.recognised_by) for one in disclosure.forms][1] == (form_id, "title and header")


@pytest.mark.parametrize("title", ["一般公共预算支出经济分类情况表", "2024年预算情况"])
def test_heads_that_any_form_may_have_tell_no_form_that_few_places_print(title: str) -> None:
    items = table(title, "科目编码|科目名称|金额", "301|工资福利支出|5.00", "30101|基本工资|5.00", "|合计|5.00")
    disclosure = read_text(EXPENDITURE, items)
    assert "nb10" not in {form.form_id for form in disclosure.forms}


@pytest.mark.parametrize("title", ["一般公共预算基本支出经济分类情况表", "一般公共预算基本支出表（经济科目）"])
def test_basic_spending_by_item_in_other_words(title: str) -> None:
    rows = ("科目编码|科目名称|金额", "301|工资福利支出|5.00", "30101|基本工资|5.00", "|合计|5.00")
    disclosure = read_text(EXPENDITURE, table(title, *rows))
    assert [(form.form_id, form.recognised_by) for form in disclosure.forms[1:]] == [("nb06", "title and header")]


def test_codes_of_two_classifications_before_the_amounts_are_no_groups_side_by_side() -> None:
    """The government's classification stood in the rows beside its own; its codes took the figures."""
    items = table(
        "一般公共预算基本支出表",
        "部门预算支出经济分类科目||政府预算支出经济分类科目||一般公共预算基本支出||",
        "科目编码|科目名称|科目编码|科目名称|合计|人员经费|日常公用经费",
        "|合计|||5.00|3.00|2.00",
        "301|工资福利支出|501|机关工资福利支出|3.00|3.00|",
        "30101|基本工资|50101|工资奖金津补贴|3.00|3.00|",
        "302|商品和服务支出|502|机关商品和服务支出|2.00||2.00",
        "30201|办公费|50201|办公经费|2.00||2.00",
    )
    disclosure = read_text(EXPENDITURE, items)
    found = {(key, column): str(a) for (form, key, column), a in figures(disclosure).items() if form == "nb06"}
    assert found == {
        ("total", "total"): "5.00",
        ("total", "staff"): "3.00",
        ("total", "public"): "2.00",
        ("301", "total"): "3.00",
        ("301", "staff"): "3.00",
        ("30101", "total"): "3.00",
        ("30101", "staff"): "3.00",
        ("302", "total"): "2.00",
        ("302", "public"): "2.00",
        ("30201", "total"): "2.00",
        ("30201", "public"): "2.00",
    }


LISTS = table(
    "部门收支总表",
    "收入||支出|",
    "项目|预算数|项目|预算数",
    "一、一般公共预算拨款收入|8.00|一、一般公共服务支出|9.00",
    "二、政府性基金预算拨款收入||二、外交支出|",
    "三、国有资本经营预算拨款收入||三、国防支出|",
    "四、财政专户管理资金收入||四、公共安全支出|",
    "五、事业收入||五、教育支出|",
    "本年收入合计|8.00|本年支出合计|9.00",
    "上年结转结余|1.00|年终结转结余|",
    "收入总计|9.00|支出总计|9.00",
)
BASIC = table(
    "一般公共预算基本支出表",
    "部门预算支出经济分类科目||本年一般公共预算基本支出||",
    "科目编码|科目名称|合计|人员经费|公用经费",
    "301|工资福利支出|5.00|5.00|",
    "30101|基本工资|5.00|5.00|",
    "|合计|5.00|5.00|",
)


@pytest.mark.parametrize(
    ("text", "division", "form_id"),
    [(LISTS, "510104", "nb01"), (BASIC, "510104", "nb06"), (BASIC, "430202", "r08")],
)
def test_a_form_alone_that_two_sets_have_is_told_by_its_lines_or_by_the_place(
    text: str, division: str, form_id: str
) -> None:
    (disclosure,) = file_disclosures(read((COVER + text).encode(), "公开.txt"), division)
    assert [form.form_id for form in disclosure.forms] == [form_id]


def test_revenue_as_a_list_of_sources_with_sums_above_their_parts() -> None:
    lines = (
        "一、财政拨款收入|8.00",
        "（一）一般公共预算拨款|6.00",
        "（二）政府性基金预算拨款|2.00",
        "二、财政专户拨款|0.50",
        "三、单位资金|1.00",
        "（一）事业收入|0.70",
        "（二）其他资金|0.30",
        "本年收入合计|9.50",
        "上年结余结转|",
        "收入总计|9.50",
    )
    revenue = table("部门收入总体情况表", "项目|2024年预算", *lines)
    disclosure = read_text(EXPENDITURE, revenue)
    assert [form.form_id for form in disclosure.forms] == ["nb03", "nb02y"]
    found = {key: str(a) for (form, key, _), a in figures(disclosure).items() if form == "nb02y"}
    assert found == {
        "fiscal": "8.00",
        "11": "6.00",
        "12": "2.00",
        "2": "0.50",
        "unit_funds": "1.00",
        "31": "0.70",
        "39": "0.30",
        "year_total": "9.50",
        "grand_total": "9.50",
    }
    assert not [finding.message for finding in disclosure.findings]


def test_three_public_items_without_a_title_are_not_sources_of_revenue() -> None:
    items = ("合计|5.00", "因公出国（境）费|1.00", "公务接待费|4.00")
    disclosure = read_text(EXPENDITURE, table("公开情况", "项目|预算数", *items))
    assert [form.form_id for form in disclosure.forms] == ["nb03", "nb07x"]


def test_the_budget_of_a_year_beside_its_parts_is_their_total() -> None:
    rows = (
        "功能分类科目名称|2024年预算|其中：|",
        "||基本支出|项目支出",
        "合计|9.00|5.00|4.00",
        "[2010301]行政运行|9.00|5.00|4.00",
    )
    disclosure = read_text(table("支出总体情况表", *rows), table("政府性基金预算支出情况表", *rows))
    assert [form.form_id for form in disclosure.forms] == ["nb03", "nb08"]
    found = figures(disclosure)
    assert [str(found[form_id, "2010301", "total"]) for form_id in ("nb03", "nb08")] == ["9.00", "9.00"]


BY_FUNCTION = ("201-一般公共服务支出", "20103-政府办公厅（室）及相关机构事务", "2010301-行政运行")


@pytest.mark.parametrize("dash", ["-", "－", "—", "−", "‐"])
def test_a_dash_of_any_kind_may_part_code_and_name(dash: str) -> None:
    rows = [f"{text.replace('-', dash)}|5.00|5.00|" for text in BY_FUNCTION]
    general = table("一般公共预算支出表", "支出功能分类科目|合计|基本支出|项目支出", *rows, "合计|5.00|5.00|")
    disclosure = read_text(EXPENDITURE, general)
    keys = {key for form_id, key, _ in figures(disclosure) if form_id == "nb05"}
    assert keys == {"201", "20103", "2010301", "total"}
    assert not [finding.message for finding in disclosure.findings]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (("经济分类科目|||本年一般公共预算基本支出||", "类|款|科目名称|合计|人员经费|公用经费"), ("301||", "301|01|")),
        (("部门预算支出经济分类科目|合计|人员经费|公用经费",), ("", "　")),
    ],
    ids=["codes in two columns", "names alone"],
)
def test_economic_items_however_their_head_words_them(header: tuple[str, ...], rows: tuple[str, str]) -> None:
    blank = "||" if len(header) > 1 else ""
    of_class, of_item = rows
    basic = table(
        "一般公共预算基本支出表",
        *header,
        f"{of_class}工资福利支出|3.00|3.00|",
        f"{of_item}基本工资|3.00|3.00|",
        f"{blank}合计|3.00|3.00|",
    )
    disclosure = read_text(EXPENDITURE, basic)
    assert [form.form_id for form in disclosure.forms] == ["nb03", "nb06"]
    found = {(key, column) for form_id, key, column in figures(disclosure) if form_id == "nb06"}
    assert found == {(key, column) for key in ("301", "30101", "total") for column in ("total", "staff")}
    assert {finding.kind for finding in disclosure.findings} <= {"code_by_name"}


OF_UNIT = ("科目编码|||单位代码|单位名称（科目）", "类|款|项||")
OF_PROVINCE = ("科目编码|||单位代码|单位名称（科目名称）", "类|款|项||")


@pytest.mark.parametrize(("over", "heads"), [("项目||||", OF_UNIT), ("", OF_PROVINCE)])
def test_units_beside_their_functions(over: str, heads: tuple[str, str]) -> None:
    """A department prints its units in most forms: beside each function, and in rows above with or without a code.
    Projects and functions of one unit are not those of another."""

    def by_unit(title: str, money: str) -> str:
        blank = "|" * money.count("|")
        head = [f"{over}|{money}", heads[0] + "|" + blank] if over else [f"{heads[0]}|{money}"]
        return table(
            title,
            *head,
            f"{heads[1]}|{blank}",
            "||||合计|9.00|5.00|4.00",
            "|||103001|某某局机关|6.00|2.00|4.00",
            "201|03|01|103001|行政运行|2.00|2.00|",
            "201|03|02|103001|一般行政管理事务|4.00||4.00",
            "||||某某中心|3.00|3.00|",
            "201|03|01|103002|行政运行|3.00|3.00|",
        )

    three_public = table(
        "一般公共预算“三公”经费支出预算表",
        "单位编码|单位名称（科目）|合计|因公出国（境）费|公务用车购置及运行费|||公务接待费",
        "||||小计|公务用车购置费|公务用车运行费|",
        "|合计|3.00||2.00||2.00|1.00",
        "103001|某某局机关|2.00||2.00||2.00|",
        "103002|某某中心|1.00|||||1.00",
    )
    money = "合计|基本支出|项目支出"
    disclosure = read_text(
        by_unit("部门支出总表", money),
        by_unit("一般公共预算支出预算表", money),
        three_public,
    )
    assert [form.form_id for form in disclosure.forms] == ["nb03x", "nb05u", "nb07u"]
    found = figures(disclosure)
    for form_id in ("nb03x", "nb05u"):
        assert {key: str(amount) for (of, key, to), amount in found.items() if (of, to) == (form_id, "total")} == {
            "total": "9.00",
            "103001": "6.00",
            "103001/2010301": "2.00",
            "103001/2010302": "4.00",
            "103002": "3.00",
            "103002/2010301": "3.00",
        }
    assert str(found["nb07u", "103002", "reception"]) == "1.00"
    assert {finding.kind for finding in disclosure.findings} <= {"code_by_name"}
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


ITEMS_OF_UNITS = (
    ("301||103001|工资福利支出", "301|01|103001|基本工资", "302||103001|商品和服务支出", "302|01|103001|办公费"),
    ("|||工资福利支出", "301|01|103001|基本工资", "|||商品和服务支出", "302|01|103001|办公费"),
)


@pytest.mark.parametrize("items", ITEMS_OF_UNITS, ids=["classes with codes", "classes by name alone"])
def test_units_beside_their_economic_items(items: tuple[str, ...]) -> None:
    """The same items of two units are no rows of one: each unit keeps its own. So does the income of each function."""
    of_second = [row.replace("103001", "103002") for row in items]
    basic = table(
        "一般公共预算基本支出预算表",
        "项目||||基本支出||",
        "科目编码||单位代码|单位名称（科目）|合计|人员经费|公用经费",
        "类|款|||||",
        "|||合计|5.00|4.00|1.00",
        "|||某某局机关|2.00|1.50|0.50",
        *map("|".join, zip(items, ("1.50|1.50|", "1.50|1.50|", "0.50||0.50", "0.50||0.50"), strict=True)),
        "|||某某中心|3.00|2.50|0.50",
        *map("|".join, zip(of_second, ("2.50|2.50|", "2.50|2.50|", "0.50||0.50", "0.50||0.50"), strict=True)),
    )

    def by_unit(title: str, heads: str, *amounts: str) -> str:
        return table(
            title,
            f"项目|||||{heads}",
            "科目编码|||单位代码|单位名称（科目）" + "|" * heads.count("|"),
            "类|款|项||" + "|" * heads.count("|"),
            f"||||合计|{amounts[0]}",
            f"||||某某局机关|{amounts[1]}",
            f"201|03|01|103001|行政运行|{amounts[2]}",
            f"201|03|02|103001|一般行政管理事务|{amounts[3]}",
            f"||||某某中心|{amounts[4]}",
            f"201|03|01|103002|行政运行|{amounts[4]}",
        )

    spending = ("9.00|5.00|4.00", "6.00|2.00|4.00", "2.00|2.00|", "4.00||4.00", "3.00|3.00|")
    income = ("9.00||9.00", "6.00||6.00", "2.00||2.00", "4.00||4.00", "3.00||3.00")
    disclosure = read_text(
        by_unit("部门收入总表", "合计|上年结转|一般公共预算拨款收入", *income),
        by_unit("部门支出总表", "合计|基本支出|项目支出", *spending),
        basic,
        table(
            "一般公共预算“三公”经费支出预算表",
            "单位编码|单位名称（科目）|合计|因公出国（境）费|公务用车购置及运行费|||公务接待费",
            "||||小计|公务用车购置费|公务用车运行费|",
            "|合计|1.00|||||1.00",
            "103001|某某局机关|0.50|||||0.50",
            "103002|某某中心|0.50|||||0.50",
        ),
    )
    assert [form.form_id for form in disclosure.forms] == ["nb02u", "nb03x", "nb06u", "nb07u"]
    found = figures(disclosure)
    assert {key: str(amount) for (of, key, to), amount in found.items() if (of, to) == ("nb06u", "total")} == {
        "total": "5.00",
        "103001": "2.00",
        "103001/301": "1.50",
        "103001/30101": "1.50",
        "103001/302": "0.50",
        "103001/30201": "0.50",
        "103002": "3.00",
        "103002/301": "2.50",
        "103002/30101": "2.50",
        "103002/302": "0.50",
        "103002/30201": "0.50",
    }
    assert {finding.kind for finding in disclosure.findings} <= {"code_by_name"}
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    wages = {
        line.coordinates.unit: str(line.amount)
        for line in ledger.lines
        if line.coordinates.department_economic == "30101"
    }
    earned = {
        (line.coordinates.unit, line.coordinates.functional): str(line.amount)
        for line in ledger.lines
        if line.coordinates.statement == "revenue"
    }
    assert wages == {"103001": "1.5", "103002": "2.5"}
    assert earned == {("103001", "2010301"): "2", ("103001", "2010302"): "4", ("103002", "2010301"): "3"}


BY_FUNCTION_AND_USE = (
    "一、一般公共预算拨款收入|9.00|一、一般公共服务支出|9.00|一、基本支出|5.00",
    "本年收入合计|9.00|本年支出合计|9.00|二、项目支出|4.00",
    "收入总计|9.00|支出总计|9.00|支出总计|9.00",
)


@pytest.mark.parametrize("amount", ["预算数", "2024年预算"])
@pytest.mark.parametrize("by", ["按功能分类", "支出功能分类", "功能分类"])
def test_spending_by_function_beside_a_list_by_use(by: str, amount: str) -> None:
    head = "|".join(("项目", amount, by, amount, "按支出用途", amount))
    disclosure = read_text(EXPENDITURE, table("收支总体情况表", "收入||支出|||", head, *BY_FUNCTION_AND_USE))
    assert [form.form_id for form in disclosure.forms] == ["nb03", "nb01"]
    found = {key: shown for (_, key, column), shown in figures(disclosure).items() if column == "function"}
    assert found == dict.fromkeys(("201", "year_total", "grand_total"), 9)
    assert [finding.kind for finding in disclosure.findings] == ["unknown_column"]


def test_revenue_of_财政拨款_named_as_in_form_1() -> None:
    lists = table(
        "财政拨款收支预算总表",
        "收入||支出||||",
        "项目|预算数|项目|合计|一般公共预算|政府性基金预算|国有资本经营预算",
        "一、本年收入|9.00|一、本年支出|9.00|9.00||",
        "一般公共预算拨款收入|9.00|一般公共服务支出|9.00|9.00||",
        "二、上年结转||二、结转下年||||",
        "收入总计|9.00|支出总计|9.00|9.00||",
    )
    disclosure = read_text(EXPENDITURE, lists)
    assert figures(disclosure)["nb04", "11", "revenue"] == 9
    assert not [finding.message for finding in disclosure.findings]


def divided(*heads: str) -> FiledDisclosure:
    """Spending whose heads of 基本支出 and 项目支出 a further row divides."""
    return read_text(
        EXPENDITURE,
        table(
            "一般公共预算支出表",
            "科目编码|科目名称|合计|基本支出||项目支出|",
            "|||" + "|".join(heads),
            "|合计|9.00|4.00|1.00|3.00|1.00",
            "2010301|行政运行|5.00|4.00|1.00||",
            "2010302|一般行政管理事务|4.00|||3.00|1.00",
        ),
    )


def test_the_first_column_under_a_divided_head_is_not_the_whole() -> None:
    disclosure = divided("财政拨款", "其他资金", "财政拨款", "其他资金")
    found = {(key, column) for form_id, key, column in figures(disclosure) if form_id == "nb05"}
    assert found == {(key, "total") for key in ("total", "2010301", "2010302")}
    told = {finding.kind: finding for finding in disclosure.findings}
    assert told.keys() == {"unknown_column", "missing_column"}
    assert told["missing_column"].values["columns"] == ["基本支出-小计", "项目支出"]


def test_a_sum_under_a_divided_head_is_the_whole() -> None:
    disclosure = divided("小计", "其中：其他资金", "小计", "其中：其他资金")
    assert figures(disclosure)["nb05", "total", "basic"] == 4
    assert figures(disclosure)["nb05", "total", "project"] == 3
    assert [finding.kind for finding in disclosure.findings] == ["unknown_column"] * 2


def test_a_money_unit_beneath_each_head_divides_none() -> None:
    disclosure = divided("万元", "万元", "万元", "万元")
    assert figures(disclosure)["nb05", "2010301", "basic"] == 4


@pytest.mark.parametrize(
    ("first", "second"),
    [("局机关", "检测中心"), ("当年预算", "上年结转"), ("2024年预算", "上年结转安排")],
)
def test_of_columns_that_say_the_same_beneath_several_heads_those_of_合计_are_the_whole(
    first: str, second: str
) -> None:
    general = table(
        "一般公共预算支出表",
        f"科目编码|科目名称|{first}|||{second}|||合计||",
        "||小计|基本支出|项目支出|小计|基本支出|项目支出|小计|基本支出|项目支出",
        "2010301|行政运行|3.00|3.00||2.00|2.00||5.00|5.00|",
        "2010302|一般行政管理事务|3.00||3.00|1.00||1.00|4.00||4.00",
        "|合计|6.00|3.00|3.00|3.00|2.00|1.00|9.00|5.00|4.00",
    )
    disclosure = read_text(EXPENDITURE, general)
    row = {
        column: amount
        for (form, key, column), amount in figures(disclosure).items()
        if (form, key) == ("nb05", "total")
    }
    assert row == {"total": 9, "basic": 5, "project": 4}
    assert {finding.kind for finding in disclosure.findings} == {"unknown_column"}


def test_columns_of_several_units_are_not_the_whole() -> None:
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|局机关||检测中心|",
        "|||基本支出|项目支出|基本支出|项目支出",
        "2010301|行政运行|5.00|3.00||2.00|",
        "2010302|一般行政管理事务|4.00||3.00||1.00",
        "|合计|9.00|3.00|3.00|2.00|1.00",
    )
    disclosure = read_text(EXPENDITURE, general)
    row = {
        column: amount
        for (form, key, column), amount in figures(disclosure).items()
        if (form, key) == ("nb05", "total")
    }
    assert row == {"total": 9}
    assert {finding.kind for finding in disclosure.findings} == {"unknown_column", "missing_column"}
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


def in_two_groups(first: str, second: str) -> FiledDisclosure:
    """Both heads over 合计 and its parts, and none over the whole."""
    return read_text(
        EXPENDITURE,
        table(
            "一般公共预算支出表",
            f"科目编码|科目名称|{first}|||{second}||",
            "||合计|基本支出|项目支出|合计|基本支出|项目支出",
            "2010301|行政运行|3.00|3.00||2.00|2.00|",
            "2010302|一般行政管理事务|3.00||3.00|1.00||1.00",
            "|合计|6.00|3.00|3.00|3.00|2.00|1.00",
        ),
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("本级", "下级"),
        ("当年安排", "结转安排"),
        ("当年财政拨款安排", "上年结转安排"),
        ("经费拨款", "纳入预算管理的非税收入拨款"),
        ("财政拨款", "非税收入"),
        ("当年财政拨款", "上年结转"),
        ("局机关", "检测中心"),
    ],
)
def test_a_form_of_groups_without_the_whole_is_known_and_keeps_its_rows(first: str, second: str) -> None:
    disclosure = in_two_groups(first, second)
    general = next(form for form in disclosure.forms if form.form_id == "nb05")
    assert {cell.row_key for cell in general.cells if cell.row_key} == {"2010301", "2010302", "total"}
    assert not [cell.text for cell in general.cells if cell.amount is not None and cell.column_key is not None]
    assert {finding.kind for finding in disclosure.findings} == {"unknown_column", "missing_column"}
    assert disclosure.identity.stage == Stage.BUDGET


@pytest.mark.parametrize("year", ["", "2024年"])
def test_two_stages_side_by_side_are_no_parts(year: str) -> None:
    disclosure = in_two_groups(f"{year}年初预算", f"{year}调整预算")
    read = {(key, column): amount for (form, key, column), amount in figures(disclosure).items() if form == "nb05"}
    assert read["total", "total"] == 6
    assert read["2010301", "basic"] == 3
    assert read["total", "total@2024:adjusted"] == 3
    assert not disclosure.findings
    assert disclosure.identity.stage == Stage.BUDGET


def test_the_only_amount_of_a_list_may_be_dated_beside_remarks() -> None:
    three_public = table(
        "“三公”经费支出表",
        "序号|项目|2024年年初预算数|备注",
        "1|“三公”经费合计|3.00|",
        "2|公务接待费|3.00|从严控制",
    )
    disclosure = read_text(EXPENDITURE, three_public)
    assert figures(disclosure)["nb07x", "reception", "amount"] == 3


@pytest.mark.parametrize("drop_zeros", [False, True], ids=["as printed", "without zeros"])
def test_a_code_may_print_no_more_than_its_last_digits_beneath_its_class(drop_zeros: bool) -> None:
    """In one column; the name tells whether 99 is a 款 of the 类 or a 项 of the 款 above."""
    zero = "" if drop_zeros else "0"
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "201|一般公共服务支出|9.00|5.00|4.00",
        f"{zero}3|政府办公厅（室）及相关机构事务|7.00|5.00|2.00",
        f"{zero}1|行政运行|5.00|5.00|",
        f"{zero}2|一般行政管理事务|2.00||2.00",
        "99|其他一般公共服务支出|2.00||2.00",
        "99|其他一般公共服务支出|2.00||2.00",
        "|合计|9.00|5.00|4.00",
    )
    basic = table(
        "一般公共预算基本支出表",
        "科目编码|科目名称|合计|人员经费|公用经费",
        "301|工资福利支出|3.00|3.00|",
        f"{zero}1|基本工资|3.00|3.00|",
        "302|商品和服务支出|2.00||2.00",
        f"{zero}1|办公费|2.00||2.00",
        "|合计|5.00|3.00|2.00",
    )
    disclosure = read_text(general, basic)
    keys: dict[str | None, list[str | None]] = {"nb05": [], "nb06": []}
    for form_id, key, column in figures(disclosure):
        if column == "total":
            keys[form_id].append(key)
    assert keys["nb05"] == ["201", "20103", "2010301", "2010302", "20199", "2019999", "total"]
    assert keys["nb06"] == ["301", "30101", "302", "30201", "total"]
    assert not [finding.message for finding in disclosure.findings if finding.kind != "missing_form"]
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


def test_last_digits_under_a_name_that_no_code_there_has_are_told() -> None:
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "201|一般公共服务支出|5.00|5.00|",
        "07|某某事务|5.00|5.00|",
        "|合计|5.00|5.00|",
    )
    disclosure = read_text(EXPENDITURE, general)
    assert {key for form_id, key, _ in figures(disclosure) if form_id == "nb05"} == {"201", "total"}
    assert [finding.values["row"] for finding in disclosure.findings if finding.kind == "unknown_row"] == [
        "07 某某事务 5.00 5.00"
    ]


BY_NATURE = (
    "一、基本支出|6.00",
    "工资福利支出|4.00",
    "商品和服务支出|2.00",
    "二、项目支出|4.00",
    "商品和服务支出|4.00",
    "三、事业单位经营支出|",
    "本年支出合计|10.00",
    "四、对附属单位补助支出|",
    "支出总计|10.00",
)


def test_spending_as_a_list_of_natures() -> None:
    """In place of functions, in form 1 and in 支出总表. Not all of it is of 一般公共预算."""
    revenue = ("一、一般公共预算拨款收入|9.00", "九、其他收入|1.00", *["|"] * 5, "本年收入合计|10.00", "收入总计|10.00")
    lists = (f"{left}|{right}" for left, right in zip(revenue, BY_NATURE, strict=True))
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "2010301|行政运行|5.00|5.00|",
        "2010302|一般行政管理事务|4.00||4.00",
        "|合计|9.00|5.00|4.00",
    )
    disclosure = read_text(
        table("收支总体情况表", "收入||支出|", "项目|2024年预算|项目|2024年预算", *lists),
        table("支出总体情况表", "项目|2024年预算", *BY_NATURE),
        general,
    )
    assert [form.form_id for form in disclosure.forms] == ["nb01y", "nb03y", "nb05"]
    found = figures(disclosure)
    spent = {"basic": 6, "project": 4, "own_total": 10, "grand_total": 10}
    for form_id in ("nb01y", "nb03y"):
        assert {key: shown for (form, key, c), shown in found.items() if form == form_id and c == "nature"} == spent
    classes = [finding for finding in disclosure.findings if finding.kind == "unknown_row"]
    assert len(classes) == 6
    assert {finding.kind for finding in disclosure.findings} == {"unknown_row"}
    assert not differing(gather(disclosure).all_forms(), diagnosed_ledger(disclosure))


@pytest.mark.parametrize("beside", [(), ("30101|基本工资|6.00", "合计||6.00")], ids=["alone", "beside economic items"])
def test_natures_tell_what_is_spent_if_no_form_tells_of_functions(beside: tuple[str, ...]) -> None:
    basic = table("一般公共预算基本支出表", "经济分类科目编码|经济分类科目名称|2024年预算", *beside) if beside else ""
    disclosure = read_text(table("支出总体情况表", "项目|2024年预算", *BY_NATURE), basic)
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    assert sum(line.amount for line in ledger.lines) == 10


ALL_NATURES = ("基本支出|6.00", "项目支出|3.00", "事业单位经营支出|", "上缴上级支出|", "对附属单位补助支出|1.00")
MIXED_NATURES = ("基本支出|6.00", "项目支出|3.00", "上缴上级支出|", "经营支出|", "对附属单位补助支出|1.00")
ABOVE = (*ALL_NATURES[:3], "本年支出合计|9.00", *ALL_NATURES[3:])


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        ((*ALL_NATURES, "本年支出合计|10.00"), ("nature_total", 10)),
        ((*ALL_NATURES, "支出合计|10.00"), ("nature_total", 10)),
        ((*MIXED_NATURES, "本年支出合计|10.00"), ("nature_total", 10)),
        (ABOVE, ("own_total", 9)),
    ],
    ids=["beneath", "in other words", "in another order", "above the money for other units"],
)
def test_the_total_of_natures_is_of_those_above_it(lines: tuple[str, ...], total: tuple[str, int]) -> None:
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "2010301|行政运行|6.00|6.00|",
        "2010302|一般行政管理事务|3.00||3.00",
        "|合计|9.00|6.00|3.00",
    )
    revenue = ("一、一般公共预算拨款收入|9.00", "九、其他收入|1.00", *["|"] * 3, "本年收入合计|10.00", "收入总计|10.00")
    lists = (f"{left}|{right}" for left, right in zip(revenue, (*lines, "支出总计|10.00"), strict=True))
    disclosure = read_text(
        table("收支总体情况表", "收入||支出|", "项目|2024年预算|项目|2024年预算", *lists),
        table("支出总体情况表", "项目|2024年预算", *lines, "支出总计|10.00"),
        general,
    )
    spent = {key: amount for (form, key, _), amount in figures(disclosure).items() if form == "nb03y"}
    assert spent == dict([("basic", 6), ("project", 3), ("subsidy", 1), total, ("grand_total", 10)])
    assert not differing(gather(disclosure).all_forms(), diagnosed_ledger(disclosure))
    assert not [finding for finding in disclosure.findings if finding.form_id == "nb03y"]


def test_natures_in_a_table_of_the_prose_are_no_form() -> None:
    prose = table("支出预算结构", "项目|金额|占比", "基本支出|5.00|55.56%", "项目支出|4.00|44.44%", "合计|9.00|100%")
    assert [form.form_id for form in read_text(EXPENDITURE, prose).forms] == ["nb03", None]


def test_spending_by_function_stays_form_1_and_3() -> None:
    lists = table(
        "收支总表",
        "收入||支出|",
        "项目|预算数|项目|预算数",
        "一、一般公共预算拨款收入|9.00|一、一般公共服务支出|9.00",
        "本年收入合计|9.00|本年支出合计|9.00",
        "收入总计|9.00|支出总计|9.00",
    )
    assert [form.form_id for form in read_text(lists, EXPENDITURE).forms] == ["nb01", "nb03"]


def test_the_unit_whose_code_stands_among_functions_files_forms_without_units_too() -> None:
    """No other code is printed: the money of both forms is of one unit, and counted once."""
    all_spending = table(
        "支出总表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "|合计|5.00|5.00|",
        "201|一般公共服务支出|5.00|5.00|",
        "20103|政府办公厅（室）及相关机构事务|5.00|5.00|",
        "2010301|行政运行|5.00|5.00|",
    )
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "|合计|5.00|5.00|",
        "305|某某局|5.00|5.00|",
        "305001|某某局本级|5.00|5.00|",
        "201|一般公共服务支出|5.00|5.00|",
        "20103|政府办公厅（室）及相关机构事务|5.00|5.00|",
        "2010301|行政运行|5.00|5.00|",
    )
    disclosure = read_text(all_spending, general)
    assert disclosure.identity.reporting_unit_code == "305001"
    ledger = make_ledger(disclosure)
    assert {line.coordinates.unit for line in ledger.lines} == {"305001"}
    assert sum(line.amount for line in ledger.lines if line.coordinates.statement == "expenditure") == 5
    assert not differing(gather(disclosure).all_forms(), ledger)


@pytest.mark.parametrize(
    ("year", "row"),
    [
        (2024, "301|工资福利支出|5.00|5.00|"),
        (2014, "228|债务付息支出|5.00|5.00|"),
        (2024, "100|基本支出小计|5.00|5.00|"),
    ],
)
def test_a_code_of_three_digits_among_functions_is_a_unit_beside_the_name_of_an_office_alone(
    year: int, row: str
) -> None:
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "201|一般公共服务支出|5.00|5.00|",
        "20103|政府办公厅（室）及相关机构事务|5.00|5.00|",
        "2010301|行政运行|5.00|5.00|",
        row,
        "|合计|5.00|5.00|",
    )
    cover = COVER.replace("2024", str(year))
    (disclosure,) = file_disclosures(read((cover + general).encode(), "公开.txt"), "510104")
    assert disclosure.identity.reporting_unit_name == "某某市某某局"
    assert disclosure.identity.reporting_unit_code.startswith("U")


def three_public_by_rows(head: str, *rows: str) -> FiledDisclosure:
    """三公 with something in front of its figures that the form does not have."""
    three_public = table(
        "一般公共预算“三公”经费支出表",
        f"{head}|合计|因公出国（境）费|公务用车购置及运行费|||公务接待费",
        "|||小计|公务用车购置费|公务用车运行费|",
        *rows,
    )
    return read_text(EXPENDITURE, three_public)


@pytest.mark.parametrize("head", ["年度", "项目", ""])
@pytest.mark.parametrize(
    ("last", "this", "change"),
    [("2023年预算数", "2024年预算数", "增减额"), ("上年预算数", "本年预算数", "增减%"), ("2023年", "2024年", "增减")],
)
def test_years_of_三公_in_rows_are_not_added_up(head: str, last: str, this: str, change: str) -> None:
    disclosure = three_public_by_rows(
        head, f"{last}|8.00||6.00||6.00|2.00", f"{this}|7.00||6.00||6.00|1.00", f"{change}|-1.00|||||-1.00"
    )
    row = {c: str(shown) for (form, _, c), shown in figures(disclosure).items() if form == "nb07" and c}
    own = {"total": "7.00", "vehicle_total": "6.00", "vehicle_operation": "6.00", "reception": "1.00"}
    assert {column: shown for column, shown in row.items() if "@" not in column} == own
    assert row["total@2023:budget"] == "8.00"
    assert [finding.values["row"] for finding in disclosure.findings if finding.kind == "unknown_row"] == [
        f"{change} -1.00 -1.00"
    ]


def test_units_of_三公_beneath_合计_are_not_added_to_it() -> None:
    rows = ("合计|7.00||6.00||6.00|1.00", "局机关|4.00||4.00||4.00|", "检测中心|3.00||2.00||2.00|1.00")
    disclosure = three_public_by_rows("单位名称", *rows)
    assert figures(disclosure)["nb07", "total", "total"] == 7
    assert [finding.kind for finding in disclosure.findings].count("unknown_row") == 2
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


@pytest.mark.parametrize("unit", ["检测中心", "人口增长研究中心", "成长率研究所", "差异化教学实验学校"])
def test_units_of_三公_without_合计_add_up(unit: str) -> None:
    rows = ("局机关|4.00||4.00||4.00|", f"{unit}|3.00||2.00||2.00|1.00")
    disclosure = three_public_by_rows("单位名称", *rows)
    amounts = make_ledger(disclosure).lines
    assert sum(line.amount for line in amounts if line.coordinates.statement == "three_public") == 7
    assert "unknown_row" not in {finding.kind for finding in disclosure.findings}


@pytest.mark.parametrize(
    "change", ["增减额", "比上年增减", "增减(%)", "同比", "较2023年增长%", "增减变化情况", "变动率", "差额"]
)
def test_a_change_of_三公_is_no_unit(change: str) -> None:
    disclosure = three_public_by_rows("项目", "2024年预算数|7.00||6.00||6.00|1.00", f"{change}|1.00|||||1.00")
    amounts = make_ledger(disclosure).lines
    assert sum(line.amount for line in amounts if line.coordinates.statement == "three_public") == 7


@pytest.mark.parametrize(
    "projects",
    [("某某专项|3.00||3.00", "某某装备|1.00||1.00"), ("某某专项|4.00||4.00",)],
    ids=["several", "one"],
)
def test_projects_with_the_code_of_their_function_are_no_more_money(projects: tuple[str, ...]) -> None:
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "|合计|9.00|5.00|4.00",
        "2010301|行政运行|5.00|5.00|",
        "2010302|一般行政管理事务|4.00||4.00",
        *(f"2010302|{project}" for project in projects),
    )
    disclosure = read_text(EXPENDITURE, general)
    assert [finding.kind for finding in disclosure.findings].count("unknown_row") == len(projects)
    assert figures(disclosure)["nb05", "2010302", "total"] == 4
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


@pytest.mark.parametrize("second", ["301001", "301002"])
def test_the_code_of_a_unit_beside_each_item_tells_whose_it_is(second: str) -> None:
    """Of the office whose name stands alone above its items, or of another one."""
    basic = table(
        "一般公共预算基本支出表",
        "项目||||合计|人员经费|公用经费",
        "科目编码||单位代码|科目名称|||",
        "类|款|||||",
        "|||合计|9.00|5.00|4.00",
        "|||某某市某某局|9.00|5.00|4.00",
        "301|01|301001|基本工资|5.00|5.00|",
        f"302|01|{second}|办公费|4.00||4.00",
    )
    disclosure = read_text(EXPENDITURE, basic)
    assert disclosure.identity.reporting_unit_code == "301001"
    assert figures(disclosure)["nb06u", "301001", "total"] == 9
    assert figures(disclosure)["nb06u", f"{second}/30201", "total"] == 4
    assert not [finding for finding in disclosure.findings if finding.kind.startswith("unknown")]


def test_rows_of_one_function_that_is_printed_in_parts_add_up() -> None:
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "|合计|9.00|5.00|4.00",
        "2010301|行政运行|5.00|5.00|",
        "2010302|一般行政管理事务|3.00||3.00",
        "2010302|一般行政管理事务|1.00||1.00",
    )
    disclosure = read_text(EXPENDITURE, general)
    assert gather(disclosure).forms["nb05"].at("2010302", "total") == to_fen(Decimal(4))
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


@pytest.mark.parametrize("is_divided", [False, True])
def test_revenue_of_财政拨款_as_one_column(is_divided: bool) -> None:
    lists = table(
        "部门收支总表",
        "收入||支出|",
        "项目|预算数|项目|预算数",
        "一、一般公共预算拨款收入|7.50|一、一般公共服务支出|9.00",
        "九、其他收入|0.50||",
        "本年收入合计|8.00|本年支出合计|9.00",
        "上年结转|1.00|结转下年|",
        "收入总计|9.00|支出总计|9.00",
    )
    heads = ["财政拨款收入||", "小计|一般公共预算|政府性基金预算"] if is_divided else ["财政拨款收入"]

    def divide(shown: str) -> str:
        return f"{shown}|{shown}|" if is_divided else shown

    revenue = table(
        "部门收入总表",
        f"科目编码|科目名称|合计|上年结转|{heads[0]}|事业收入|其他收入",
        *([f"||||{heads[1]}||"] if is_divided else []),
        f"|合计|9.00|1.00|{divide('7.50')}||0.50",
        f"2010301|行政运行|5.00||{divide('5.00')}||",
        f"2010302|一般行政管理事务|4.00|1.00|{divide('2.50')}||0.50",
    )
    disclosure = read_text(lists, revenue, EXPENDITURE)
    assert figures(disclosure)["nb02", "2010302", "fiscal"] == Decimal("2.50")
    assert "unknown_column" not in {finding.kind for finding in disclosure.findings}
    assert not differing(gather(disclosure).all_forms(), diagnosed_ledger(disclosure))


def test_a_short_table_of_the_prose_is_no_form_of_an_account() -> None:
    """Nothing but its head is like 三公 of final accounts."""
    prose = table("收支预算情况", "项目|2023年|2024年|增减额", "收入预算|8.00|9.00|1.00", "支出预算|8.00|9.00|1.00")
    assert [form.form_id for form in read_text(EXPENDITURE, prose).forms] == ["nb03", None]


def test_a_subtotal_with_the_code_of_its_class_is_no_more_money() -> None:
    general = table(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        "201|一般公共服务支出|9.00|5.00|4.00",
        "2010301|行政运行|5.00|5.00|",
        "2010302|一般行政管理事务|4.00||4.00",
        "|201小计|9.00|5.00|4.00",
        "|合计|9.00|5.00|4.00",
    )
    disclosure = read_text(EXPENDITURE, general)
    assert gather(disclosure).forms["nb05"].at("201", "total") == to_fen(Decimal(9))
    assert "duplicate_row" not in {finding.kind for finding in disclosure.findings}


@pytest.mark.parametrize("by_fund", [True, False])
def test_procurement_as_a_tree_of_kinds_projects_and_goods(by_fund: bool) -> None:
    """The whole of a project or of goods is kept, and beside it the funds that pay for it."""
    told = "采购品目大类|专项名称|采购物品名称|采购组织形式|"
    heads = [f"{told}资金来源||", "||||一般公共预算资金|其他资金|总计"] if by_fund else [f"{told}总计"]
    rows = ("货物||||{}20.00", "|办公经费|复印纸|分散采购|{}20.00", "服务||||{}10.00", "合计||||{}30.00")
    parts = ("15.00|5.00|", "15.00|5.00|", "10.00||", "25.00|5.00|")
    shown = [row.format(part if by_fund else "") for row, part in zip(rows, parts, strict=True)]
    disclosure = read_text(table("支出总体情况表", "项目|预算数", *BY_NATURE), table("政府采购支出表", *heads, *shown))
    assert [form.form_id for form in disclosure.forms] == ["nb03y", "nb11"]
    goods = ("nb11", "A/办公经费/复印纸/分散采购")
    assert figures(disclosure)[*goods, "detail"] == 20
    assert figures(disclosure).get((*goods, "general_detail")) == (15 if by_fund else None)
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    assert sum(line.amount for line in ledger.lines if line.coordinates.statement == "procurement") == 30


def test_basic_spending_by_class_in_columns_with_or_without_its_sums() -> None:
    whole = table(
        "支出总体情况表",
        "科目编码|科目名称|合计|基本支出||项目支出",
        "|||人员支出|日常公用支出|",
        "|合计|9.00|3.00|2.00|4.00",
        "2010301|行政运行|5.00|3.00|2.00|",
        "2010302|一般行政管理事务|4.00|||4.00",
    )
    general = table(
        "一般公共预算支出情况表",
        "科目编码|科目名称|合计|基本支出|||||项目支出",
        "||||人员经费||公用经费||",
        "|||小计|工资福利支出|对个人和家庭的补助|商品和服务支出|资本性支出|",
        "|合计|9.00|5.00|2.50|0.50|1.50|0.50|4.00",
        "2010301|行政运行|5.00|5.00|2.50|0.50|1.50|0.50|",
        "2010302|一般行政管理事务|4.00||||||4.00",
    )
    disclosure = read_text(whole, general)
    assert [form.form_id for form in disclosure.forms] == ["nb03", "nb05"]
    assert not [finding.message for finding in disclosure.findings if finding.kind == "unknown_column"]
    row = {column: str(a) for (form, key, column), a in figures(disclosure).items() if (form, key) == ("nb05", "total")}
    assert row == {
        "total": "9.00",
        "basic": "5.00",
        "wages": "2.50",
        "families": "0.50",
        "goods": "1.50",
        "capital": "0.50",
        "project": "4.00",
    }
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


def test_a_wrong_source_beneath_财政拨款_is_no_money_of_a_source_without_a_line() -> None:
    lists = table(
        "收支总体情况表",
        "收入||支出|",
        "项目|预算数|项目|预算数",
        "一、财政拨款收入|10.00|一、一般公共服务支出|8.00",
        "一般公共预算|8.00|二、城乡社区支出|2.00",
        "政府性基金预算|1.00||",  # for 2.00
        "收入总计|10.00|支出总计|10.00",
    )
    disclosure = read_text(lists, table("支出总体情况表", "项目|预算数", *BY_NATURE))
    assert differing(gather(disclosure).all_forms(), make_ledger(disclosure))


@pytest.mark.parametrize("is_divided", [True, False])
def test_vehicles_of_三公_may_be_undivided_or_headed_in_fewer_words(is_divided: bool) -> None:
    divided = ("|公务用车购置及运行维护费||", "||||小计|购置|运行维护", "|2.00||2.00")
    head, below, shown = divided if is_divided else ("|公务用车购置及运行维护费", "", "|2.00")
    rows = [f"单位名称|合计|因公出国（境）费用|公务接待费{head}", *[below] * is_divided, f"合计|3.00||1.00{shown}"]
    disclosure = read_text(table("支出总体情况表", "项目|预算数", *BY_NATURE), table("“三公”经费支出预算表", *rows))
    assert [form.form_id for form in disclosure.forms] == ["nb03y", "nb07"]
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    spent = {line.coordinates.item: line.amount for line in ledger.lines if line.coordinates.item}
    assert spent.pop("reception") == 1
    assert sum(spent.values()) == 2


ADJUSTED = (
    "科目编码|科目名称|年初预算数|调整数|调整后预算数",
    "2010301|行政运行|9.00|1.00|10.00",
    "|合计|9.00|1.00|10.00",
)
SPENT = ("科目编码|科目名称|决算数||", "||合计|基本支出|项目支出", "2010301|行政运行|9.00|9.00|", "|合计|9.00|9.00|")


@pytest.mark.parametrize(
    ("title", "rows", "stage"),
    [
        ("2024年部门支出预算调整表", ADJUSTED, "adjusted"),
        ("支出调整表", ADJUSTED, "adjusted"),
        ("支出总表（调整后）", ADJUSTED, "adjusted"),
        ("支出总表", SPENT, "final"),
        ("支出总表", (SPENT[0].replace("决算", "预算"), *SPENT[1:]), "budget"),
    ],
)
def test_without_a_cover_titles_or_heads_tell_the_stage(title: str, rows: tuple[str, ...], stage: str) -> None:
    text = f"{title}\n\n单位名称：某某市某某局  单位：万元\n\n" + "".join(
        "\t".join(row.split("|")) + "\n" for row in rows
    )
    (disclosure,) = file_disclosures(read(text.encode(), "2024年公开.txt"), "510104")
    assert disclosure.identity.stage == stage
    assert [form.form_id for form in disclosure.forms] == ["nb03"]
    assert not [finding.kind for finding in disclosure.findings if finding.kind == "no_title"]
