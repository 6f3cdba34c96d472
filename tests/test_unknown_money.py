"""Money under a head or in a row that the form does not know, within a sum: nobody is accused for it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.ledger.lines import Ledger
from synthetic.budgets import random_budget
from synthetic.rendering import render
from tests.conftest import Run

COVER = "某某市某某局2024年部门预算\n\n"
# no form has a column of 专项债券收入
REVENUE = """部门收入总表

单位：万元

科目编码	科目名称	合计	专项债券收入	事业收入	其他收入
201	一般公共服务支出	10.00	8.00	2.00	
20103	政府办公厅（室）及相关机构事务	10.00	8.00	2.00	
2010301	行政运行	6.00	6.00		
2010302	一般行政管理事务	4.00	2.00	2.00	
	合计	10.00	8.00	2.00	

"""
EXPENDITURE = """部门支出总表

单位：万元

科目编码	科目名称	合计	基本支出	项目支出	事业单位经营支出	上缴上级支出	对附属单位补助支出
201	一般公共服务支出	10.00	6.00	4.00			
20103	政府办公厅（室）及相关机构事务	10.00	6.00	4.00			
2010301	行政运行	6.00	6.00				
2010302	一般行政管理事务	4.00		4.00			
	合计	10.00	6.00	4.00			

"""


# no form has a line of 专项债券收入; the total of 收入 holds it, that of 支出 holds a function that no other form has
BOTH_SIDES = """部门收支总表

单位：万元

收入		支出	
项目	预算数	项目	预算数
一、一般公共预算拨款收入	8.00	一、一般公共服务支出	8.00
二、专项债券收入	2.00	二、教育支出	2.00
本年收入合计	10.00	本年支出合计	10.00
收入总计	10.00	支出总计	10.00

"""
GENERAL = """一般公共预算支出表

单位：万元

科目编码	科目名称	合计	基本支出	项目支出
201	一般公共服务支出	8.00	6.00	2.00
20103	政府办公厅（室）及相关机构事务	8.00	6.00	2.00
2010301	行政运行	6.00	6.00	
2010302	一般行政管理事务	2.00		2.00
	合计	8.00	6.00	2.00

"""


def accused(text: str, unknown: str = "unknown_column") -> tuple[Ledger, list[str]]:
    """The ledger of a document, and what it finds wrong in some form."""
    (disclosure,) = file_disclosures(read(text.encode(), "公开.txt"), "430202")
    assert unknown in {finding.kind for finding in disclosure.findings}
    ledger = diagnosed_ledger(disclosure)
    return ledger, [finding.kind for finding in ledger.findings if finding.form_id is not None]


@pytest.mark.parametrize("document", [REVENUE, REVENUE + EXPENDITURE])
def test_a_form_with_an_unknown_head_is_not_accused(document: str) -> None:
    ledger, kinds = accused(COVER + document)
    assert not kinds
    revenue = [line for line in ledger.lines if line.coordinates.statement == "revenue"]
    assert [(line.coordinates.item, str(line.amount)) for line in revenue] == [("31", "2")]  # what is understood


def test_expenditure_of_an_unknown_nature_is_no_fault() -> None:
    document = EXPENDITURE.replace("项目支出", "专项支出（地方）")
    ledger, kinds = accused(COVER + document)
    assert not kinds
    assert {(line.coordinates.nature, str(line.amount)) for line in ledger.lines} == {("basic", "6")}


def test_an_item_under_an_unknown_head_may_be_one_that_another_form_names() -> None:
    """Form 8 has 30302, which form 12 prints under a head of its own."""
    text = render(random_budget(3004))
    at = text.rindex("(对个人和家庭的补助)（按部门预算经济分类）")
    (disclosure,) = file_disclosures(
        read((text[:at] + text[at:].replace("\t退休费", "\t退养人员费", 1)).encode(), "公开.txt"), "430202"
    )
    ledger = diagnosed_ledger(disclosure)
    assert "unknown_column" in {finding.kind for finding in disclosure.findings}
    assert not ledger.findings
    assert "30302" in {line.coordinates.department_economic for line in ledger.lines}


UNDER_UNKNOWN = """支出总表

单位：万元

科目编码	科目名称	上级专款	合计	基本支出	项目支出
201	一般公共服务支出	3.00	8.00	8.00	
20103	政府办公厅（室）及相关机构事务	3.00	8.00	8.00	
合计		3.00	8.00	8.00	
"""


def test_the_total_stays_in_its_columns_below_an_unknown_head() -> None:
    """It has as many figures as the form has known columns, but not right behind its word."""
    (disclosure,) = file_disclosures(read((COVER + UNDER_UNKNOWN).encode(), "公开.txt"), "430202")
    (form,) = disclosure.forms
    amounts = {cell.column_no: str(cell.amount) for cell in form.cells if cell.row_key == "total" and cell.amount}
    assert amounts == {4: "8.00", 5: "8.00"}


def test_a_line_that_the_form_does_not_know_accuses_no_other() -> None:
    ledger, kinds = accused(COVER + BOTH_SIDES + GENERAL, "unknown_row")
    assert not kinds
    assert {str(line.amount) for line in ledger.lines if line.coordinates.statement == "revenue"} == {"8"}


def test_a_row_without_code_or_known_name_accuses_no_other() -> None:
    unknown = GENERAL.replace("2010302\t一般行政管理事务", "\t专项债券安排")
    ledger, kinds = accused(COVER + unknown, "unknown_row")
    assert not kinds
    assert {(line.coordinates.functional, str(line.amount)) for line in ledger.lines} == {("2010301", "6")}


def test_several_rows_beneath_one_sum_may_be_unknown() -> None:
    unknown = GENERAL.replace(
        "2010302\t一般行政管理事务\t2.00\t\t2.00", "\t甲项安排\t1.50\t\t1.50\n\t乙项安排\t0.50\t\t0.50"
    )
    unknown = unknown.replace(
        "\t合计\t8.00\t6.00\t2.00", "205\t教育支出\t3.00\t\t3.00\n\t丙项安排\t3.00\t\t3.00\n\t合计\t11.00\t6.00\t5.00"
    )
    _, kinds = accused(COVER + unknown, "unknown_row")
    assert not kinds


def test_a_caption_with_the_name_of_a_function_is_no_row() -> None:
    caption = GENERAL.replace("201\t一般", "\t一般公共服务支出\t8.00\t6.00\t2.00\n201\t一般")
    ledger, kinds = accused(COVER + caption, "unknown_row")
    assert not kinds
    assert sum(line.amount for line in ledger.lines) == 8


def test_a_wrong_figure_beside_a_line_without_meaning_is_named() -> None:
    wrong = GENERAL.replace("2010301\t行政运行\t6.00\t6.00", "2010301\t行政运行\t9.00\t6.00")
    _, kinds = accused(COVER + BOTH_SIDES + wrong, "unknown_row")
    assert kinds == ["wrong_figure"]


def test_a_named_figure_beside_a_line_without_meaning_is_told_once() -> None:
    wrong = GENERAL.replace("\t合计\t8.00", "\t合计\t9.00")
    (disclosure,) = file_disclosures(read((COVER + BOTH_SIDES + wrong).encode(), "公开.txt"), "430202")
    assert "sum" in {finding.kind for finding in disclosure.findings}
    assert "wrong_figure" in {finding.kind for finding in diagnosed_ledger(disclosure).findings}
    assert [finding.kind for finding in disclosure.findings] == ["unknown_row"]


def with_a_column(sample: Path, head: str, row: str, instead: str) -> str:
    """The sample with one more column in 支出总表: its head, and what a row prints instead."""
    before, last_head, after = sample.read_text(encoding="utf-8").partition("\t对附属单位补助支出\n")
    assert row in after
    return f"{before}{last_head.rstrip()}\t{head}\n{after.replace(row, instead, 1)}"


ROW = "2010102\t一般行政管理事务\t11.50\t\t11.50\t\t\t"


def test_a_column_beside_the_sums_hides_no_wrong_figure(sample: Path) -> None:
    wrong = ROW.replace("\t\t11.50", "\t\t15.10")
    _, kinds = accused(with_a_column(sample, "政府采购", ROW, f"{wrong}\t3.00"))
    assert kinds == ["digits_swapped"]


def test_no_sum_across_an_unknown_column_is_checked(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    path = tmp_path / "001001.txt"
    in_part = ROW.replace("\t\t11.50", "\t\t5.50") + "\t6.00"
    path.write_text(with_a_column(sample, "结转项目支出", ROW, in_part), encoding="utf-8")
    run("load", path)
    told = "select row_key, passed from rule.result where rule = 'across_sum' and form_id = 'r03'"
    assert {passed for _, passed in database.execute(told)} == {True}
    assert not database.execute(f"{told} and row_key = '001001/2010102'").fetchall()


def test_no_sum_that_may_hold_an_unknown_line_is_checked(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "公开.txt"
    path.write_text(COVER + BOTH_SIDES + GENERAL, encoding="utf-8")
    run("load", "--unit", "001001", path)
    told = "select row_key, column_key, passed from rule.result where rule = 'down_sum' and form_id = 'nb01'"
    sums = database.execute(told).fetchall()
    assert {passed for _, _, passed in sums} == {True}
    assert ("year_total", "function") in {(row, column) for row, column, _ in sums}
    assert ("year_total", "revenue") not in {(row, column) for row, column, _ in sums}


def test_a_sum_without_any_column_beneath_it_is_not_checked(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    general = EXPENDITURE.replace("部门支出总表", "一般公共预算支出表")
    general = general.replace("\t事业单位经营支出\t上缴上级支出\t对附属单位补助支出", "").replace("\t\t\t\n", "\n")
    wrong = general.replace("行政运行\t6.00\t6.00", "行政运行\t6.00\t5.00")
    path = tmp_path / "公开.txt"
    path.write_text(COVER + EXPENDITURE + wrong, encoding="utf-8")
    run("load", "--unit", "001001", path)
    told = "select distinct column_key from rule.result where rule = 'across_sum' and form_id = 'nb05'"
    assert database.execute(told).fetchall() == [("total",)]


THREE_PUBLIC = """一般公共预算“三公”经费支出表

单位：万元

单位编码	单位名称	“三公”经费合计	公务接待费
	合计	{total}	{total}
194001	某某市某某局	2.00	2.00
	某某市某某中心	3.00	3.00

"""


@pytest.mark.parametrize(("total", "kinds"), [("5.00", {"unknown_row"}), ("6.00", {"unknown_row", "sum"})])
def test_a_row_without_a_meaning_may_be_what_a_total_lacks(total: str, kinds: set[str]) -> None:
    """The unit without a code has no row in another form."""
    document = f"单位：194001_某某市某某局\n\n{COVER}{THREE_PUBLIC.format(total=total)}"
    (disclosure,) = file_disclosures(read(document.encode(), "a.txt"), "430202")
    assert {finding.kind for finding in disclosure.findings} & {"unknown_row", "sum"} == kinds
