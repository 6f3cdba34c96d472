"""Final accounts as provinces vary the national forms: carried-over money and parts of basic spending among the columns
of spending, 预算数 and 决算数 of 三公 in rows."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import gather
from synthetic.deviations import differing

COVER = "某某市某某区市场管理局2024年度部门决算\n\n"


def read_text(*tables: str) -> FiledDisclosure:
    (disclosure,) = file_disclosures(read((COVER + "\n".join(tables)).encode(), "公开.txt"), "430202")
    return disclosure


def table(title: str, *rows: str) -> str:
    """A table of a text document; its cells stand between bars."""
    return f"{title}\n\n单位：万元\n\n" + "".join("\t".join(row.split("|")) + "\n" for row in rows)


def figures(disclosure: FiledDisclosure, form_id: str) -> dict[tuple[str | None, str | None], Decimal]:
    cells = [cell for form in disclosure.forms if form.form_id == form_id for cell in form.cells]
    return {(cell.row_key, cell.column_key): cell.amount for cell in cells if cell.amount}


EXPENDITURE = table(
    "支出决算总表",
    "科目编码|科目名称|本年支出合计|基本支出|项目支出|上缴上级支出|经营支出|对附属单位补助支出",
    "|合计|9.00|5.00|4.00|||",
    "201|一般公共服务支出|9.00|5.00|4.00|||",
    "20138|市场监督管理事务|9.00|5.00|4.00|||",
    "2013801|行政运行|5.00|5.00||||",
    "2013802|一般行政管理事务|4.00||4.00|||",
)


def test_spending_of_一般公共预算_beside_what_was_carried_over_is_no_other_budget() -> None:
    general = table(
        "一般公共预算财政拨款收入支出决算表",
        "科目编码|科目名称|年初结转和结余|本年收入|本年支出|||年末结转和结余",
        "||||小计|基本支出|项目支出|",
        "|合计|1.00|8.50|9.00|5.00|4.00|0.50",
        "2013801|行政运行||5.00|5.00|5.00||",
        "2013802|一般行政管理事务|1.00|3.50|4.00||4.00|0.50",
    )
    disclosure = read_text(EXPENDITURE, general)
    assert [form.form_id for form in disclosure.forms] == ["f03", "f05"]
    row = {column: str(a) for (key, column), a in figures(disclosure, "f05").items() if key == "2013802"}
    assert row == {"opening": "1.00", "revenue": "3.50", "total": "4.00", "project": "4.00", "closing": "0.50"}
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    carried = [line for line in ledger.lines if line.coordinates.statement == "carry_over"]
    assert {(line.coordinates.item, line.coordinates.functional, str(line.amount)) for line in carried} == {
        ("opening", "2013802", "1"),
        ("closing", "2013802", "0.5"),
    }


def test_a_title_of_一般公共预算_makes_no_form_of_another_budget() -> None:
    """The columns are those of 政府性基金, and the title is none that is known."""
    unknown = table(
        "一般公共预算结转资金情况表",
        "科目编码|科目名称|年初结转和结余|本年收入|本年支出|||年末结转和结余",
        "||||小计|基本支出|项目支出|",
        "|合计|1.00|8.50|9.00|5.00|4.00|0.50",
        "2013801|行政运行||5.00|5.00|5.00||",
    )
    assert "f08" not in {form.form_id for form in read_text(EXPENDITURE, unknown).forms}


def test_parts_of_basic_spending_in_columns_are_of_people_and_of_goods() -> None:
    general = table(
        "一般公共预算财政拨款支出决算表",
        "科目编码|科目名称|本年支出合计|基本支出|||项目支出",
        "|||小计|人员经费|公用经费|",
        "|合计|9.00|5.00|3.00|2.00|4.00",
        "2013801|行政运行|5.00|5.00|3.00|2.00|",
        "2013802|一般行政管理事务|4.00||||4.00",
    )
    disclosure = read_text(EXPENDITURE, general)
    row = {column: str(a) for (key, column), a in figures(disclosure, "f05").items() if key == "2013801"}
    assert row == {"total": "5.00", "basic": "5.00", "staff": "3.00", "public": "2.00"}
    assert not [finding.message for finding in disclosure.findings]


def test_budget_and_final_account_of_三公_in_rows() -> None:
    three_public = table(
        "2024年度一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表",
        "项目|一般公共预算财政拨款安排的“三公”经费||||||会议费|培训费",
        "|小计|因公出国（境）费用|公务接待费|公务用车购置及运行维护费||||",
        "||||小计|公务用车购置费|公务用车运行维护费||",
        "栏次|1|2|3|4|5|6|7|8",
        "预算数|9.00||2.00|7.00||7.00|3.00|1.00",
        "决算数|6.00||1.00|5.00||5.00|2.00|0.50",
    )
    disclosure = read_text(EXPENDITURE, three_public)
    assert [form.form_id for form in disclosure.forms] == ["f03", "f07y"]
    found = {column: str(a) for (_, column), a in figures(disclosure, "f07y").items()}
    spent = {"total": "6.00", "reception": "1.00", "vehicle_total": "5.00", "vehicle_operation": "5.00"}
    planned = {"total": "9.00", "reception": "2.00", "vehicle_total": "7.00", "vehicle_operation": "7.00"}
    memos = {"meetings": "2.00", "training": "0.50"}
    memos_planned = {"meetings": "3.00", "training": "1.00"}
    assert found == spent | memos | {f"{to}@2024:budget": a for to, a in (planned | memos_planned).items()}
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    assert sum(line.amount for line in ledger.lines if line.coordinates.statement == "three_public") == 6


def three_public_in_rows(*rows: str) -> FiledDisclosure:
    return read_text(
        EXPENDITURE,
        table(
            "“三公”经费支出决算表",
            "项目|一般公共预算财政拨款安排的“三公”经费||||||会议费|培训费",
            "|小计|因公出国（境）费用|公务接待费|公务用车购置及运行维护费||||",
            "||||小计|公务用车购置费|公务用车运行维护费||",
            "栏次|1|2|3|4|5|6|7|8",
            *rows,
        ),
    )


def totals(disclosure: FiledDisclosure) -> dict[str | None, str]:
    found = figures(disclosure, "f07y").items()
    return {column: str(a) for (_, column), a in found if column and column.split("@")[0] == "total"}


def told(disclosure: FiledDisclosure) -> list[tuple[str, object]]:
    findings = [finding for finding in disclosure.findings if finding.form_no == 2]
    return [(finding.kind, finding.values["row"]) for finding in findings if "row" in finding.values]


BUDGET_ROW = "预算数|9.00||2.00|7.00||7.00|3.00|1.00"
FINAL_ROW = "决算数|6.00||1.00|5.00||5.00|2.00|0.50"


def test_of_the_rows_of_三公_only_决算数_is_what_was_spent() -> None:
    change = "决算数比预算数增减|-3.00||-1.00|-2.00||-2.00|-1.00|-0.50"
    disclosure = three_public_in_rows(BUDGET_ROW, FINAL_ROW, change, "上年决算数|8.00||1.00|7.00||7.00|1.00|1.00")
    assert totals(disclosure) == {"total": "6.00", "total@2024:budget": "9.00", "total@2023:final": "8.00"}
    assert [kind for kind, _ in told(disclosure)] == ["unknown_row"]
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


def test_a_row_of_三公_without_a_label_is_what_was_spent_if_it_is_the_only_one() -> None:
    unlabelled = FINAL_ROW.removeprefix("决算数")
    assert totals(three_public_in_rows(unlabelled)) == {"total": "6.00"}
    beside_others = three_public_in_rows(unlabelled, BUDGET_ROW, "上年决算数|8.00||1.00|7.00||7.00|1.00|1.00")
    assert "total" not in totals(beside_others)
    assert "unknown_row" in [kind for kind, _ in told(beside_others)]


def test_a_second_row_of_one_stage_is_told_and_not_placed() -> None:
    again = "年初预算数|8.50||1.50|7.00||7.00|3.00|1.00"
    disclosure = three_public_in_rows(BUDGET_ROW, again, FINAL_ROW)
    assert totals(disclosure) == {"total": "6.00", "total@2024:budget": "9.00"}
    assert told(disclosure) == [("duplicate_row", "年初预算数")]
    form = disclosure.forms[1]
    keys = [(cell.row_key, cell.column_key) for cell in form.cells if cell.column_key]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("planned", "spent"),
    [
        ("2024年预算数", "2024年决算数"),
        ("2024年度预算", "2024年度决算"),
        ("本年预算数", "本年决算数"),
        ("年初预算", "决算"),
    ],
)
def test_rows_of_三公_may_say_their_year(planned: str, spent: str) -> None:
    disclosure = three_public_in_rows(
        planned + BUDGET_ROW.removeprefix("预算数"), spent + FINAL_ROW.removeprefix("决算数")
    )
    assert totals(disclosure) == {"total": "6.00", "total@2024:budget": "9.00"}
    assert not told(disclosure)


@pytest.mark.parametrize(
    ("last", "this"), [("2023年决算数", "2024年决算数"), ("2023年", "2024年"), ("上年数", "本年数")]
)
def test_rows_of_三公_of_another_year_are_kept_apart(last: str, this: str) -> None:
    figures_of_row = FINAL_ROW.removeprefix("决算数")
    disclosure = three_public_in_rows(last + BUDGET_ROW.removeprefix("预算数"), this + figures_of_row)
    assert totals(disclosure) == {"total": "6.00", "total@2023:final": "9.00"}
    assert not told(disclosure)


def test_a_row_of_三公_of_a_year_to_come_is_told() -> None:
    disclosure = three_public_in_rows(FINAL_ROW, "2025年预算数" + BUDGET_ROW.removeprefix("预算数"))
    assert totals(disclosure) == {"total": "6.00"}
    assert [kind for kind, _ in told(disclosure)] == ["unknown_row"]


def test_the_total_of_spending_may_be_headed_决算数_beside_年初预算数() -> None:
    """In a head without 收入 and 支出."""
    lists = table(
        "财政拨款收入支出决算总表",
        "项目|年初预算数|决算数|项目|年初预算数|决算数|一般公共预算财政拨款|政府性基金预算财政拨款|国有资本经营预算财政拨款",
        "一、一般公共预算财政拨款|8.00|9.00|一、一般公共服务支出|8.00|9.00|9.00||",
        "本年收入合计|8.00|9.00|本年支出合计|8.00|9.00|9.00||",
        "总计|8.00|9.00|总计|8.00|9.00|9.00||",
    )
    disclosure = read_text(EXPENDITURE, lists)
    row = {column: str(a) for (key, column), a in figures(disclosure, "f04").items() if key == "201"}
    assert row == {"function_total@2024:budget": "8.00", "function_total": "9.00", "function_general": "9.00"}
    assert not [finding.message for finding in disclosure.findings]


def test_zeros_in_lines_without_a_label_are_not_told() -> None:
    lists = table(
        "收入支出决算总表",
        "收入||支出|",
        "项目|决算数|项目|决算数",
        "一、一般公共预算财政拨款收入|9.00|一、一般公共服务支出|9.00",
        "|0.00|二、外交支出|0.00",
        "本年收入合计|9.00|本年支出合计|9.00",
        "总计|9.00|总计|9.00",
    )
    kinds = {finding.kind for finding in read_text(EXPENDITURE, lists).findings}
    assert "unlabelled_figure" not in kinds


def test_functions_without_codes_in_a_table_of_the_prose_are_no_economic_items() -> None:
    prose = table(
        "支出决算结构",
        "功能分类科目|年初预算数|支出决算数|完成预算%",
        "一般公共服务支出|10.00|9.00|90.00%",
        "社会保障和就业支出|2.00|1.00|50.00%",
    )
    items = table(
        "一般公共预算财政拨款基本支出决算表",
        "科目名称|决算数",
        "工资福利支出|3.00",
        "商品和服务支出|2.00",
    )
    disclosure = read_text(EXPENDITURE, items, prose)
    assert [form.form_id for form in disclosure.forms] == ["f03", "f06", None]


def test_one_list_alone_in_a_table_of_the_prose_is_no_form_of_two() -> None:
    prose = table(
        "支出决算结构",
        "支出功能分类|2024年决算数|2023年决算数|增减额|增减%",
        "一般公共服务支出|9.00|8.00|1.00|12.50",
        "社会保障和就业支出|2.00|1.00|1.00|100.00",
        "农林水支出|3.00|1.00|2.00|200.00",
    )
    disclosure = read_text(EXPENDITURE, prose)
    assert [form.form_id for form in disclosure.forms] == ["f03", None]


def test_parts_of_what_was_carried_over_leave_its_sum_alone() -> None:
    """The heads say the same words beneath each, and are columns of the form themselves."""
    general = table(
        "一般公共预算财政拨款支出决算表",
        "科目编码|科目名称|年初结转和结余|||本年收入|||本年支出|||年末结转和结余||",
        "||合计|基本支出|项目支出|合计|基本支出|项目支出|合计|基本支出|项目支出|合计|基本支出|项目支出",
        "|合计|1.00|0.50|0.50|9.00|5.00|4.00|9.00|5.00|4.00|1.00|0.50|0.50",
        "2013801|行政运行|0.50|0.50||5.00|5.00||5.00|5.00||0.50|0.50|",
        "2013802|一般行政管理事务|0.50||0.50|4.00||4.00|4.00||4.00|0.50||0.50",
    )
    row = {c: str(a) for (key, c), a in figures(read_text(EXPENDITURE, general), "f05").items() if key == "total"}
    carried = {
        "opening": "1.00",
        "revenue": "9.00",
        "closing": "1.00",
        "revenue_basic": "5.00",
        "revenue_project": "4.00",
    }
    carried |= {f"{of}_{nature}": "0.50" for of in ("opening", "closing") for nature in ("basic", "project")}
    assert row == carried | {"total": "9.00", "basic": "5.00", "project": "4.00"}


def test_totals_of_spending_may_stand_in_the_column_of_a_list_beside_it() -> None:
    """Form 1 until 2018: a third list by nature, whose closing lines are labelled under the second one; and the sum of
    the budgets with 政府性基金 alone beneath it."""
    lists = table(
        "收入支出决算总表",
        "收入|||支出|||||",
        "项目|行次|决算数|项目（按功能分类）|行次|决算数|项目（按支出性质和经济分类）|行次|决算数",
        "栏次||1|栏次||2|栏次||3",
        "一、财政拨款收入|1|9.00|一、一般公共服务支出|30|9.00|一、基本支出|60|5.00",
        "其中：政府性基金预算财政拨款|2||二、外交支出|31||二、项目支出|61|4.00",
        "本年收入合计|20|9.00|本年支出合计||||62|9.00",
        "用事业基金弥补收支差额|21||结余分配||||63|",
        "年初结转和结余|22|1.00|年末结转和结余||||64|1.00",
        "总计|23|10.00|总计||||65|10.00",
    )
    general = table(
        "一般公共预算财政拨款支出决算表",
        "科目编码|科目名称|本年支出合计|基本支出|项目支出",
        "|合计|9.00|5.00|4.00",
        "2013801|行政运行|5.00|5.00|",
        "2013802|一般行政管理事务|4.00||4.00",
    )
    fiscal = table(
        "财政拨款收入支出决算总表",
        "收入||支出||||",
        "项目|决算数|项目|合计|一般公共预算财政拨款|政府性基金预算财政拨款|国有资本经营预算财政拨款",
        "一、一般公共预算财政拨款|9.00|一、一般公共服务支出|9.00|9.00||",
        "本年收入合计|9.00|本年支出合计|9.00|9.00||",
        "总计|9.00|总计|9.00|9.00||",
    )
    disclosure = read_text(EXPENDITURE, lists, fiscal, general)
    assert {
        key: str(amount) for (key, column), amount in figures(disclosure, "f01").items() if column == "function"
    } == {
        "201": "9.00",
        "year_total": "9.00",
        "closing": "1.00",
        "grand_total": "10.00",
    }
    assert figures(disclosure, "f01")["fiscal", "revenue"] == 9
    assert [finding.kind for finding in disclosure.findings] == ["unknown_column"]
    assert not differing(gather(disclosure).all_forms(), diagnosed_ledger(disclosure))


def test_a_table_of_the_prose_makes_no_budget_of_an_account() -> None:
    """Its labels are lines of 收入总表 of budgets, which some places print as a list."""
    prose = table("收入决算结构", "收入项目|金额|占比", "财政拨款收入|9.00|100%", "其他收入|0.00|0%", "合计|9.00|100%")
    assert [form.form_id for form in read_text(EXPENDITURE, prose).forms] == ["f03", None]
    sources = ("财政拨款收入|9.00", "事业收入|0.00", "其他收入|0.00", "本年收入合计|9.00")
    disclosure = read_text(EXPENDITURE, table("收入决算结构", "收入项目|金额", *sources))
    assert [form.form_id for form in disclosure.forms] == ["f03", None]


def test_spending_of_all_财政拨款_operating_cost_and_procurement_have_forms_of_their_own() -> None:
    """Beside those of 一般公共预算, as all of 江苏 publishes them: the same columns, told apart by titles."""
    functions = "科目编码|科目名称|合计|基本支出|项目支出"
    heads = "支出经济分类科目编码|科目名称|合计|人员经费|公用经费"
    items = heads, "|合计|5.00|3.00|2.00", "30101|基本工资|3.00|3.00|", "30201|办公费|2.00||2.00"
    fiscal = "|合计|9.00|5.00|4.00", "2013801|行政运行|5.00|5.00|", "2120803|城市建设支出|4.00||4.00"
    disclosure = read_text(
        table("财政拨款支出决算表（功能科目）", functions, *fiscal),
        table("财政拨款基本支出决算表（经济科目）", *items),
        table("一般公共预算财政拨款支出决算表（功能科目）", functions, "|合计|5.00|5.00|", fiscal[1]),
        table("一般公共预算财政拨款基本支出决算表（经济科目）", *items),
        table(
            "财政拨款“三公”经费、会议费和培训费支出决算表",
            "“三公”经费||||||会议费|培训费",
            "“三公”经费合计|因公出国（境）费|公务用车购置及运行维护费|||公务接待费||",
            "||小计|公务用车购置费|公务用车运行维护费|||",
            "9.00||6.00||6.00|3.00|1.50|2.50",
            "相关统计数：|||||||",
            "项目|统计数|项目|统计数||||",
            "国内公务接待批次（个）|35|公务用车保有量（辆）|2||||",
        ),
        table("机关运行经费支出决算表", "科目编码|科目名称|决算数", "|合计|2.00", "30201|办公费|2.00"),
        table(
            "政府采购支出决算表",
            "项目|决算数",
            "政府采购支出合计|3.00",
            "政府采购货物支出|1.00",
            "政府采购服务支出|2.00",
        ),
    )
    assert [form.form_id for form in disclosure.forms][:5] == ["f05x", "f06y", "f05", "f06x", "f07y"]
    assert [form.form_id for form in disclosure.forms][-2:] == ["f10", "f11"]
    assert "no_figure" not in {finding.kind for finding in disclosure.findings}
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in ledger.lines:
        sums[line.coordinates.statement] += line.amount
    assert sums == {"expenditure": 9, "three_public": 9, "operating_cost": 2, "procurement": 3}


def test_财政拨款_that_a_sum_does_not_divide_is_of_none_of_the_budgets_beneath_it() -> None:
    """Until 2018 the list prints 政府性基金 alone beneath 财政拨款收入: the rest is of another budget."""
    lists = table(
        "收入支出决算总表",
        "收入||支出|",
        "项目|决算数|项目（按功能分类）|决算数",
        "一、财政拨款收入|9.00|一、一般公共服务支出|9.00",
        "其中：政府性基金预算财政拨款|1.00||",
        "本年收入合计|9.00|本年支出合计|9.00",
        "总计|9.00|总计|9.00",
    )
    basic = table("一般公共预算财政拨款基本支出决算表", "科目编码|科目名称|决算数", "301|工资福利支出|5.00")
    disclosure = read_text(EXPENDITURE, lists, basic)
    ledger = make_ledger(disclosure)
    assert not differing(gather(disclosure).all_forms(), ledger)
    assert {x.coordinates.fund: x.amount for x in ledger.lines if x.coordinates.statement == "revenue"}["12"] == 1


def test_三公_above_other_facts_of_an_office() -> None:
    """机构运行信息表: a heading without a figure is no total; numbers of cars are no money."""
    facts = table(
        "机构运行信息表",
        "项目|行次|预算数|统计数",
        "一、“三公”经费支出|1|—|—",
        "（一）支出合计|2|5.00|4.00",
        "1．因公出国（境）费|3||",
        "2．公务用车购置及运行维护费|4|3.00|2.50",
        "（1）公务用车购置费|5||",
        "（2）公务用车运行维护费|6|3.00|2.50",
        "3．公务接待费|7|2.00|1.50",
        "（二）相关统计数|8|—|—",
        "1．公务用车保有量（辆）|9|—|3",
        "二、机关运行经费|10|—|62.00",
        "（一）政府采购支出合计|11|—|9.00",
    )
    disclosure = read_text(EXPENDITURE, facts)
    found = {key: str(amount) for key, amount in figures(disclosure, "f07x").items()}
    assert {line: amount for (line, column), amount in found.items() if column == "amount"} == {
        "total": "4.00",
        "vehicle_total": "2.50",
        "vehicle_operation": "2.50",
        "reception": "1.50",
        "operating_cost": "62.00",
    }
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


def test_what_云南_prints_of_三公_and_机关运行经费() -> None:
    """Two forms of 三公, of all 财政拨款 and of 一般公共预算 alone: the second is kept, under its title."""
    three_public = (
        "项目|行次|全年预算数|决算统计数",
        "一、“三公”经费支出|1|—|—",
        "（一）支出合计|2|5.00|4.00",
        "1．因公出国（境）费|3||",
        "2．公务用车购置及运行维护费|4|3.00|2.50",
        "（2）公务用车运行维护费|6|3.00|2.50",
        "3．公务接待费|7|2.00|1.50",
        "（1）国内接待费|8|—|1.50",
        "（二）相关统计数|11|—|—",
        "4．公务用车保有量（辆）|15|—|3",
        "二、机关运行经费|22|—|62.00",
        "（一）行政单位|23|—|62.00",
    )
    disclosure = read_text(
        EXPENDITURE,
        table("财政拨款“三公”经费、行政参公单位机关运行经费情况表\n公开10表", *three_public),
        table("一般公共预算财政拨款“三公”经费情况表\n公开11表", *three_public[:9]),
    )
    assert [(form.form_id, form.title) for form in disclosure.forms][2:] == [
        (None, "一般公共预算财政拨款“三公”经费情况表")
    ]
    found = {key: str(amount) for key, amount in figures(disclosure, "f07x").items()}
    assert found == {
        ("total", "amount"): "4.00",
        ("vehicle_total", "amount"): "2.50",
        ("vehicle_operation", "amount"): "2.50",
        ("reception", "amount"): "1.50",
        ("reception", "domestic"): "1.50",
        ("operating_cost", "amount"): "62.00",
        ("operating_cost", "offices"): "62.00",
        ("total", "amount@2024:adjusted"): "5.00",
        ("vehicle_total", "amount@2024:adjusted"): "3.00",
        ("vehicle_operation", "amount@2024:adjusted"): "3.00",
        ("reception", "amount@2024:adjusted"): "2.00",
    }
    assert [finding.kind for finding in disclosure.findings] == ["unknown_form"]
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


def test_机关运行经费_may_stand_beside_三公() -> None:
    three_public = table(
        "2024年度“三公”经费及机关运行经费支出决算表",
        "“三公”经费支出||||||||||||机关运行经费决算数",
        "合计||因公出国（境）费||公务用车购置及运行费||||||公务接待费||",
        "||||小计||公务用车购置费||公务用车运行费||||",
        "|".join(["预算数", "决算数"] * 6),
        "6.00|5.00|||4.00|3.50|||4.00|3.50|2.00|1.50|2.20",
    )
    disclosure = read_text(EXPENDITURE, three_public)
    assert figures(disclosure, "f07")["total", "operating_cost"] == Decimal("2.20")
    assert not disclosure.findings
    assert not differing(gather(disclosure).all_forms(), make_ledger(disclosure))


def test_预决算_in_a_running_head_is_no_stage() -> None:
    budget = table("部门支出总表", *EXPENDITURE.splitlines()[4:])
    text = f"某某区预决算公开平台\n\n某某区市场管理局2024年部门预算\n\n{budget}".replace("\t", "\t")
    (disclosure,) = file_disclosures(read(text.encode(), "公开.txt"), "430202")
    assert disclosure.identity.stage == "budget"


def test_an_amount_beside_what_was_spent_is_not_taken_for_it() -> None:
    """金额 stands for 决算数 only where that is not printed. Beside it, it is unknown and told."""
    three_public = table(
        "财政拨款“三公”经费支出决算表",
        "项目|金额|决算数",
        "合计|9.00|3.00",
        "公务用车购置及运行维护费|5.00|2.00",
        "公务用车运行维护费|5.00|2.00",
        "公务接待费|4.00|1.00",
    )
    disclosure = read_text(EXPENDITURE, three_public)
    assert sorted(map(str, figures(disclosure, "f07x").values())) == ["1.00", "2.00", "2.00", "3.00"]
    told = [(found.form_id, found.values) for found in disclosure.findings if found.kind == "unknown_column"]
    assert [form_id for form_id, _ in told] == ["f07x"], told


@pytest.mark.parametrize("lacking", [0, 1])
def test_a_group_side_by_side_may_lack_its_codes_or_names(lacking: int) -> None:
    """Without codes its rows are known by their names."""
    groups = (("301|工资福利支出|9.00", "302|商品和服务支出|3.00"), ("30101|基本工资|9.00", "30201|办公费|3.00"))
    rows = [[cell.split("|") for cell in row] for row in (("科目编码|科目名称|决算数",) * 2, *groups)]
    body = ["|".join([*(t for at, t in enumerate(one) if at != lacking), *other]) for one, other in rows[1:]]
    head = "|".join([*(t for at, t in enumerate(rows[0][0]) if at != lacking), *rows[0][1]])
    third = "|科目编码|科目名称|决算数"
    basic = table(
        "一般公共预算财政拨款基本支出决算表",
        head + third,
        *(f"{row}|||" for row in body),
        "人员经费合计|9.00|公用经费合计||||||3.00",
    )
    disclosure = read_text(basic)
    (form,) = (form for form in disclosure.forms if form.form_id == "f06")
    found = {c.row_key: str(c.amount) for c in form.cells if c.column_key == "amount" and c.amount}
    assert found == {"301": "9.00", "30101": "9.00", "302": "3.00", "30201": "3.00", "staff": "9.00", "public": "3.00"}


def test_lists_that_end_below_their_heads_say_nothing() -> None:
    """Such a form is told, and takes no money from another one."""
    basic = table(
        "一般公共预算财政拨款基本支出决算表",
        "科目编码|科目名称|决算数|科目编码|科目名称|决算数",
        "301|工资福利支出|5.00|302|商品和服务支出|1.00",
        "30101|基本工资|5.00|30201|办公费|1.00",
        "人员经费合计||5.00|公用经费合计||1.00",
    )
    disclosure = read_text(table("收入支出决算总表", "收入||支出|", "项目|决算数|项目|决算数"), basic)
    assert [finding.kind for finding in disclosure.findings] == ["no_rows"]
    ledger = diagnosed_ledger(disclosure)
    assert sum(line.amount for line in ledger.lines if line.coordinates.statement == "expenditure") == 6
    assert not ledger.findings
