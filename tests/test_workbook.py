"""Workbooks as an office publishes them: what stands in them, and that they read back to the same ledger."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import psycopg
import pytest

from loader.answers.disclosed import Selection
from loader.answers.workbook import write_workbooks
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.jiangsu_budget import JIANGSU_BUDGET
from synthetic import workbooks
from synthetic.district import District, write
from synthetic.set_documents import amounts_of, document
from tests.conftest import SAMPLE, Run, load_files, shared_clone

BEFORE, AFTER = "合计\t\t896.28\t790.28\t106.00", "合计\t\t896.28\t791.28\t106.00"
LEDGER = """
    select d.fiscal_year, d.reporting_unit_code, a.unit_code, a.statement, a.fund_code, a.nature, a.functional_code,
        a.department_economic_code, a.government_economic_code, a.item_code, p.project_name, sum(a.amount)
    from budget.amount as a
    join budget.disclosure as d using (division_code, fiscal_year, disclosure_id)
    left join budget.project as p using (division_code, fiscal_year, disclosure_id, project_id)
    where d.is_current
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""
GOALS = """
    select d.reporting_unit_code, g.subject_key, g.goal_text, i.level1_name, i.level2_name, i.level3_name,
        i.target_operator, i.target_number, i.target_value, i.target_text
    from budget.disclosure as d
    join budget.performance_goal as g using (division_code, fiscal_year, disclosure_id)
    left join budget.performance_indicator as i using (division_code, fiscal_year, disclosure_id, goal_no)
    where d.is_current
"""


def facts(connection: psycopg.Connection, query: str) -> set[tuple[object, ...]]:
    return set(connection.execute(query.encode()).fetchall())


def test_workbooks_read_back_to_the_same_ledger(
    database: psycopg.Connection, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    write(District(tmp_path / "district", 3, (1, 2), (2024,), (("text", 1.0),), 0.0, 0.3, 5), jobs=1)
    documents = sorted((tmp_path / "district").rglob("*.txt"))
    assert len(documents) > 4
    account = tmp_path / "account.xlsx"  # a final account prints no code of its office
    account.write_bytes(workbooks.xlsx(document(FINAL_ACCOUNTS, amounts_of(FINAL_ACCOUNTS, 5))))
    jiangsu = tmp_path / "jiangsu.xlsx"  # its form 9 prints figures that no ledger holds, beside those of 三公
    jiangsu.write_bytes(workbooks.xlsx(document(JIANGSU_BUDGET, amounts_of(JIANGSU_BUDGET, 5), office="某某县财政局")))
    load_files(database, SAMPLE, account, jiangsu, *documents)
    assert database.execute("select count(*) from budget.disclosure where stage = 'final'").fetchone() == (1,)
    written: list[Path] = []
    write_workbooks(database, Selection("430202"), tmp_path / "books", written.append)
    assert len(written) == database.execute("select count(*) from budget.disclosure where is_current").fetchone()[0]  # type: ignore[index]
    with shared_clone(request, "read_back") as other:
        assert {result.outcome for result in load_files(other, *written)} == {"loaded"}
        assert facts(other, LEDGER) == facts(database, LEDGER)
        assert facts(other, GOALS) == facts(database, GOALS)


@pytest.fixture
def book(database: psycopg.Connection, run: Run, tmp_path: Path) -> openpyxl.Workbook:
    """The workbook of the sample with a wrong total in form 3, and with texts that spreadsheets take for formulas."""
    text = SAMPLE.read_text(encoding="utf-8")
    path = tmp_path / "wrong.txt"
    path.write_text(text.replace(BEFORE, AFTER, 1).replace("召开1次", "=1+1 召开1次"), encoding="utf-8")
    run("load", path)
    (written,) = run("export", tmp_path / "books", "--unit", "001001", "--year", "2024").stdout.split()
    return openpyxl.load_workbook(written)


def test_what_stands_in_a_workbook(book: openpyxl.Workbook) -> None:
    assert len(book.sheetnames) == 24
    contents = book["目录"]
    states = {row[0].value: row[2].value for row in contents.iter_rows(min_row=5)}
    assert (states["1"], states["2"], states["3"]) == ("与公开数一致", "未公开，由其他报表推算", "与公开数不符 1 处")
    assert contents["B5"].hyperlink.location == "'01收支总表'!A1"

    expenditure = book["03支出总表"]
    assert {"A1:K1", "A3:C3", "F3:F4"} <= {str(cells) for cells in expenditure.merged_cells.ranges}
    assert [cell.value for cell in expenditure[4]][:3] == ["类", "款", "项"]
    marked = [cell for row in expenditure for cell in row if cell.comment]
    assert [(cell.value, cell.comment.text) for cell in marked] == [(790.28, "公开数：791.28\n还原数：790.28")]
    assert marked[0].number_format == "#,##0.00"
    assert expenditure.print_title_rows == "$1:$4"
    (row,) = [cell.row for cell in expenditure["D"] if str(cell.value).endswith("2010101")]
    assert expenditure.row_dimensions[row].height == 18  # one line, however far the name is indented
    wide = book["14基本支出公用经费按部门分类"]
    assert wide.print_title_cols == "$A:$E"
    assert (wide.page_setup.paperSize, wide.page_setup.fitToWidth) == (8, 2)


def test_texts_are_no_formulas_and_stand_whole(book: openpyxl.Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    (goal,) = [cell for cell in cells if str(cell.value).startswith("=1+1 召开1次")]
    sheet = goal.parent
    width = sum(sheet.column_dimensions[letter].width for letter in "BCDEFGHI")
    lines = sheet.row_dimensions[goal.row].height / 15
    assert lines * width >= 2 * len(goal.value)  # two places a Chinese character


def test_columns_of_lists_are_as_wide_as_what_they_hold(book: openpyxl.Workbook) -> None:
    """Form 1 sets four lists of different lengths side by side: names, figures, names, figures."""
    sheet = book.worksheets[1]
    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABCDEFGH"]
    assert min(widths[::2]) > 2 * max(widths[1::2])
    (row,) = [cell.row for cell in sheet["C"] if cell.value == "（十五）资源勘探工业信息等支出"]
    assert sheet.row_dimensions[row].height == 18  # fifteen characters stand in one line


def test_sheets_of_goals_have_their_official_layout(book: openpyxl.Workbook) -> None:
    sheet = book["22项目支出绩效目标表"]
    merged = {str(cells) for cells in sheet.merged_cells.ranges}
    assert sheet["A3"].value == "项目名称"
    assert {"B3:I3", "B4:D4", "E4:F4", "G4:I4", "A7:A20"} <= merged
    assert [sheet.cell(7, column).value for column in range(1, 5)] == [
        "本年度绩效指标",
        "一级指标",
        "二级指标",
        "三级指标",
    ]
    department = book["23整体支出绩效目标表"]
    row = next(cell.row for cell in department["A"] if cell.value == "预算情况（万元）")
    assert [department.cell(row, column).value for column in (2, 3, 7)] == ["资金总额", "按收入性质分", "按支出性质分"]
    assert department.cell(row + 2, 2).value == 896.28
