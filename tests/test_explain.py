"""`hetang explain`: what stands behind a cell, and what speaks for and against its figure."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from loader.answers.sheets import sheets_of
from synthetic import workbooks
from tests.conftest import Run
from tests.test_tables_that_go_on import in_two, nothing

CELL = ("001001", 2024, "r03")


def explained(run: Run, *address: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("explain", *address, "--json").stdout)
    return found


@pytest.mark.parametrize(
    "place",
    [("001001/2010101", "basic"), ("2010101", "基本支出"), ("行政 运行", "basic"), ("@92", "@7"), ("行92", "列7")],
)
def test_a_cell_has_one_meaning_by_key_label_and_place(
    loaded: psycopg.Connection, run: Run, place: tuple[str, str]
) -> None:
    found = explained(run, *CELL, *place)
    assert (found["row_key"], found["column_key"], found["status"]) == ("001001/2010101", "basic", "equal")
    assert (found["filed"], found["rebuilt"], found["source_row"], found["column_no"]) == ("516.37", "516.37", 92, 7)
    assert sum(Decimal(line["amount"]) for line in found["lines"]) == Decimal("516.37")
    salary = found["lines"][0]
    assert (salary["department_economic_code"], salary["amount"], salary["basis"]) == ("30101", "194.57", "filed")
    assert (salary["source_form_id"], salary["source_row"], salary["source_column_key"]) == ("r10", 262, "basic_salary")
    conditions = {entry["coordinate"]: (entry["codes"], entry["names"]) for entry in found["adds_up"]}
    assert conditions["functional"] == (["2010101"], ["行政运行"])
    assert conditions["nature"][0] == ["basic"]
    sums = [cell for cell in found["beside"] if cell["relation"] == "same_sum"]
    assert ("r07", "001001/2010101", "basic_total") in {
        (cell["form_id"], cell["row_key"], cell["column_key"]) for cell in sums
    }
    assert {cell["speaks"] for cell in found["beside"]} == {"for"}


def test_a_wrong_figure_has_the_others_against_it(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    lines = sample.read_text(encoding="utf-8").splitlines()
    assert "人大会议" in lines[93]
    lines[93] = lines[93].replace("20.00", "29.00")
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("\n".join(lines), encoding="utf-8")
    run("load", wrong)
    found = explained(run, *CELL, "2010104", "total")
    assert (found["filed"], found["rebuilt"], found["status"]) == ("29.00", "20.00", "differs")
    others = {cell["speaks"] for cell in found["beside"] if cell["form_id"] == "r07"}
    assert others == {"against"}


def test_a_form_that_is_not_filed_is_explained_as_well(loaded: psycopg.Connection, run: Run) -> None:
    found = explained(run, "001001", 2024, 2, "合计", "总计")
    assert (found["filed"], found["rebuilt"], found["is_form_filed"]) == (None, "896.28", False)
    assert [line["statement"] for line in found["lines"]] == ["revenue"]
    assert "the form is not filed" in run("explain", "001001", 2024, 2, "合计", "总计").stdout


def test_a_project_on_its_sheet_of_goals_adds_up_its_special_funds(loaded: psycopg.Connection, run: Run) -> None:
    found = explained(run, "001001", 2024, "r22", "区人民代表大会会议经费", "amount")
    assert [(line["statement"], line["amount"]) for line in found["lines"]] == [("special_fund", "20.00")]
    assert {cell["form_id"] for cell in found["beside"]} == {"r21"}


def test_what_a_cell_adds_up_is_said_in_chinese(loaded: psycopg.Connection, run: Run) -> None:
    told = "".join(run("--lang", "zh", "explain", *CELL, "2010101", "basic").stdout.split())
    assert "相加：收支种类支出" in told
    assert "功能科目2010101行政运行" in told
    assert "支出性质基本支出；" in told
    assert "一致，依据：其他报表" in told


def test_what_was_chosen_is_named_in_chinese(loaded: psycopg.Connection, run: Run) -> None:
    loaded.execute("update budget.amount set allocated = '{project_id,functional_code}'")
    told = run("--lang", "zh", "explain", *CELL, "2010101", "basic").stdout
    assert "| 项目、功能科目 " in told
    assert "| 表7 行政运行 / 合计 " in told


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (("2010101", "什么"), "basic 基本支出; project 项目支出"),
        (("20101999", "basic"), "001001/2010101 行政运行"),
        (("支出", "basic"), "there are"),
        (("@1", "@7"), "rows 85 to"),
        (("@85", "@7"), "part of its header"),
        (("@92", "@70"), "columns 1, 2, 3"),
    ],
)
def test_an_address_without_a_cell_lists_what_there_is(
    loaded: psycopg.Connection, run: Run, address: tuple[str, str], said: str
) -> None:
    assert said in " ".join(run("explain", *CELL, *address, code=2).output.split())


def test_a_unit_year_or_set_without_a_disclosure_is_told(loaded: psycopg.Connection, run: Run) -> None:
    assert (
        "nothing is loaded of unit 001002 for 2024" in run("explain", "001002", 2024, 3, "合计", "合计", code=2).output
    )
    assert "湖南省部门预算公开表" in run("explain", "001001", 2024, "sh03", "合计", "合计", code=2).output


def test_a_row_is_on_the_sheet_where_it_stands(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    """Form 3 goes on in the next sheet, whose rows are counted anew."""
    sheets = workbooks.sheets_of(sample.read_text(encoding="utf-8"))
    parts = [part for sheet in sheets for part in (in_two(sheet, nothing) if "支出总表" in sheet.name else [sheet])]
    (upper, lower) = [part for part in parts if "支出总表" in part.name and "收支" not in part.name][:2]
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbooks.xlsx(parts))
    run("load", path)
    last = max(cell.row for cell in lower.cells) + 1
    by_key = {row: explained(run, *CELL, row, "total") for row in ("2010101", "2210201")}
    assert [(row["source_sheet"], row["source_row"]) for row in by_key.values()] == [
        (upper.name, 11),
        (lower.name, last),
    ]
    beside = {cell["form_id"]: cell["source_sheet"] for cell in by_key["2210201"]["beside"]}
    assert beside["r07"] == next(sheet.name for sheet in sheets if sheet.name.endswith("一般公共预算支出表"))
    told = run("--lang", "zh", "explain", *CELL, "2210201", "total").stdout
    assert f"在 book.xlsx 的工作表“{lower.name}”第 {last} 行" in told
    assert "001001/2010101" in run("explain", *CELL, "@11", "total", code=2).stderr
    run("page", tmp_path / "pages")
    page = (tmp_path / "pages/2024/001001.html").read_text(encoding="utf-8")
    assert f'<tr data-r={last} data-p="{lower.name}">' in page


@pytest.mark.parametrize(
    ("place", "rows", "sheets"),
    [
        ("A:3", [3, 4, 9], "AAA"),
        ("A:3, B:1", [3, 4, 1, 2], "AABB"),
        ("A:3, B:5, C:2", [3, 4, 5, 6, 2], "AABBC"),
        ("A:3, B:5", [3, 4, 5, 5, 6], "AAABB"),
    ],
)
def test_sheets_by_where_a_form_goes_on(place: str, rows: list[int], sheets: str) -> None:
    assert sheets_of(place, rows) == list(sheets)
