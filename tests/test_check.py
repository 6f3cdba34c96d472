"""`hetang check`, `answer`, `correct` and `load --strict`: what people do with rules."""

from __future__ import annotations

import json
import random
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest

from loader.answers.correction import _NO_FAULTS
from schema.views import managed_functions
from synthetic.budgets import random_budget
from synthetic.faults import FAULTS
from tests.conftest import Run

RIGHT = "合计\t\t790.28\t697.00\t93.28"
WRONG = "合计\t\t791.28\t697.00\t93.28"  # 合计 of form 8
PROJECT = "201\t01\t08\t2010108\t代表工作\t64.50\t\t\t\t\t64.50\n"  # of form 7
STATED = "2024年支出预算896.28万元，其中：基本支出790.28万元，项目支出116.00万元。"
EQUIPMENT = "31002\t办公设备购置\t1.00\t\t1.00"  # of form 8


@pytest.fixture
def faulty(sample: Path, tmp_path: Path) -> Path:
    """The sample with one wrong total."""
    content = sample.read_text(encoding="utf-8")
    assert RIGHT in content
    path = tmp_path / "faulty.txt"
    path.write_text(content.replace(RIGHT, WRONG), encoding="utf-8")
    return path


def checked(run: Run, *arguments: object, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("check", *arguments, "--json", code=code).stdout)
    return found


def answers(run: Run, rule: str, code: int = 0) -> set[str | None]:
    failures = checked(run, "001001/2024", code=code)["failures"]
    return {row["answer"] for row in failures if row["rule"] == rule}


def test_a_sound_disclosure_ends_well(loaded: psycopg.Connection, run: Run) -> None:
    (number,) = loaded.execute("select disclosure_id from budget.disclosure").fetchone() or ()
    by_name, by_number = checked(run, "001001/2024"), checked(run, number)
    assert by_name == by_number == checked(run, "--year", 2024) == checked(run, "--unit", "001001")
    assert {row["severity"] for row in by_name["failures"]} == {"warning", "note"}
    magnitude = next(row for row in by_name["summary"] if row["rule"] == "magnitude")
    assert (magnitude["passed"], magnitude["failed"], magnitude["not_applicable"]) == (0, 0, 1)
    assert "nothing failed" in run("check", "001001/2024", "--severity", "error").stderr
    assert "no such current disclosure" in run("check", 99, code=2).stderr
    assert "001002" in run("check", "001002/2024", code=2).stderr


def test_an_error_is_listed_first_and_ends_with_4(database: psycopg.Connection, run: Run, faulty: Path) -> None:
    run("load", faulty)
    listed = run("--lang", "zh", "check", "001001/2024", code=4).stdout
    assert "同数异表" in listed
    assert re.search(r"\| 表\d+ ", listed)  # what the figure was compared with: a form by its number
    assert not re.search(r"\| r\d\d ", listed)
    first = checked(run, "001001/2024", code=4)["failures"][0]
    assert first["severity"] == "error"
    assert "no rule or kind of finding 'same_figures'" in run("check", "--rule", "same_figures", code=2).stderr
    only = checked(run, "001001/2024", "--rule", "same_figure", "--severity", "error", code=4)
    assert [(row["row_key"], row["figure"], row["expected"]) for row in only["failures"]] == [
        ("total", "791.28", "790.28")
    ]
    assert [row["rule"] for row in only["summary"]] == [row["rule"] for row in checked(run, code=4)["summary"]]
    assert run("check", "--year", 2024, "--format", "csv", code=4).stdout.count("same_figure") == 2  # summary, failure


def test_an_answer_settles_an_error(database: psycopg.Connection, run: Run, faulty: Path) -> None:
    run("load", faulty)
    errors = {row["rule"] for row in checked(run, code=4)["failures"] if row["severity"] == "error"}
    for rule in errors:
        run("answer", "001001/2024", "wrong", "--rule", rule, "--all")
    assert answers(run, "same_figure", code=4) == {"wrong"}
    for rule in errors:
        run("answer", "001001/2024", "explained", "--rule", rule, "--all", "--note", "见说明", "--by", "张三")
    assert answers(run, "same_figure") == {"explained"}
    assert "已说明: 见说明" in run("--lang", "zh", "check", "--rule", "same_figure").stdout
    shown = database.execute("select answer, note, answered_by from rule.failure where rule = 'same_figure'").fetchall()
    assert shown == [("explained", "见说明", "张三")]
    run("answer", "人民代表大会/2024", "none", "--rule", "same_figure", "--form", 8, "--row", "合计")
    assert answers(run, "same_figure", code=4) == {None}


def test_an_answer_is_for_one_failure_unless_all_are_meant(loaded: psycopg.Connection, run: Run) -> None:
    assert "3 failures match" in run("answer", "001001/2024", "accepted", "--rule", "form_with_money", code=2).stderr
    assert "choose one with --rule" in run("answer", "001001/2024", "accepted", code=2).stderr
    assert "no failure matches" in run("answer", "001001/2024", "accepted", "--rule", "down_sum", code=2).stderr
    run("answer", "001001/2024", "accepted", "--rule", "form_with_money", "--form", "r04")
    rows = loaded.execute(
        "select form_id, answer from rule.failure where rule = 'form_with_money' order by 1"
    ).fetchall()
    assert rows == [("r02", None), ("r04", "accepted"), ("r05", None)]


def test_an_answer_is_for_one_unit(database: psycopg.Connection, run: Run, faulty: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(
        faulty.read_text(encoding="utf-8").replace("001001", "002001").replace("\t001\t", "\t002\t"), "utf-8"
    )
    for path in (faulty, other):
        run("load", path)
    run("answer", "001001/2024", "accepted", "--rule", "same_figure")
    assert database.execute(
        "select reporting_unit_code, answer from rule.failure where rule = 'same_figure' order by 1"
    ).fetchall() == [("001001", "accepted"), ("002001", None)]


def test_an_answer_stays_over_revisions_and_falls_with_its_figure(
    database: psycopg.Connection, run: Run, faulty: Path, tmp_path: Path
) -> None:
    run("load", faulty, "--published", "2024-01-01")
    run("answer", "001001/2024", "accepted", "--rule", "same_figure")
    content = faulty.read_text(encoding="utf-8")
    revised = tmp_path / "revised.txt"
    revised.write_text(content.replace("听取和审查", "听取、审查"), encoding="utf-8")
    run("load", revised, "--published", "2024-02-01")
    assert answers(run, "same_figure", code=4) == {"accepted"}
    revised.write_text(content.replace("合计\t\t791.28", "合计\t\t792.28"), encoding="utf-8")
    run("load", revised, "--published", "2024-03-01")
    assert answers(run, "same_figure", code=4) == {None}


def test_corrections_are_a_workbook_for_the_unit(
    database: psycopg.Connection, run: Run, faulty: Path, tmp_path: Path
) -> None:
    content = faulty.read_text(encoding="utf-8")
    faulty.write_text(content.replace("区人民代表大会会议经费", "=1+1"), encoding="utf-8")
    run("load", faulty)
    path = tmp_path / "corrections.xlsx"
    assert "corrections proposed in" in run("correct", "001001/2024", path).stderr
    book = openpyxl.load_workbook(path)
    headings, row = book["更正建议"].iter_rows(values_only=True)
    proposal = dict(zip(headings, row, strict=True))
    assert (proposal["行"], proposal["公开数（万元）"], proposal["建议数（万元）"]) == ("合计", 791.28, 790.28)
    assert proposal["文件"] == "faulty.txt"
    assert content.splitlines()[int(str(proposal["文件行号"])) - 1].startswith("合计\t\t791.28")
    assert str(proposal["理由"]).startswith("“合计”的“本年一般公共预算基本支出-合计”为 791.28，应为 790.28（印证：表")
    assert "同数异表" in str(proposal["理由"])
    _, *failed = book["未通过的核对"].iter_rows(max_col=2, values_only=True)
    assert {("错误", "同数异表"), ("错误", "错误的数字")} <= set(failed)  # a rule, and a kind of finding
    assert {cell.data_type for sheet in book for cells in sheet.iter_rows() for cell in cells} <= {"s", "n"}


@pytest.mark.parametrize(
    ("printed", "fault"),
    [
        ("合计\t\t709.28\t697.00\t93.28", "相邻两位数字颠倒"),
        ("合计\t\t\t697.00\t93.28", "为空，应为 790.28"),
        ("合计\t\t697.00\t93.28\t", "向左错了一栏"),
        ("合计\t\t790,28\t697.00\t93.28", "写的是“790,28”，不是数字，应为 790.28"),
    ],
)
def test_a_correction_gives_the_fault_as_its_reason(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path, printed: str, fault: str
) -> None:
    document, path = tmp_path / "faulty.txt", tmp_path / "corrections.xlsx"
    document.write_text(sample.read_text(encoding="utf-8").replace(RIGHT, printed), encoding="utf-8")
    run("load", document)
    run("correct", "001001/2024", path)
    headings, *rows = openpyxl.load_workbook(path)["更正建议"].iter_rows(values_only=True)
    assert rows
    assert all(fault in str(row[headings.index("理由")]) for row in rows)


def test_faults_that_are_no_single_cell_are_corrected_in_a_line_each(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    """A wrong code, a row printed twice and a sentence, which is accepted later."""
    document, path = tmp_path / "faulty.txt", tmp_path / "corrections.xlsx"
    content = sample.read_text(encoding="utf-8")
    assert content.count(PROJECT) == 1
    content = content.replace("2080506", "2080507", 1).replace(PROJECT, PROJECT * 2)
    document.write_text(f"{STATED}\n{content}", encoding="utf-8")
    run("load", document)

    def proposed() -> list[tuple[Any, ...]]:
        run("correct", "001001/2024", path)
        return list(openpyxl.load_workbook(path)["更正建议"].iter_rows(min_row=2, max_col=5, values_only=True))

    assert proposed() == [
        ("支出总表", "（见理由）", "（整行）", None, None),
        ("一般公共预算支出表", "001001/2010108 代表工作", "（整行）", None, None),
        ("文字说明", "项目支出", None, 116, 106),
    ]
    run("answer", "001001/2024", "accepted", "--rule", "stated_fact")
    assert [line[0] for line in proposed()] == ["支出总表", "一般公共预算支出表"]


def test_cells_and_lines_leave_out_the_same_kinds_of_findings() -> None:
    """The function proposes the cells, the command the lines that are no single cell."""
    [function] = [one for one in managed_functions() if one.qualified == "report.proposed_corrections"]
    found = re.search(r"found\.kind not in \(([^)]*)\) as is_fault", function.sql)
    assert found is not None
    assert re.findall(r"'(\w+)'", found[1]) == _NO_FAULTS


def test_a_form_of_another_year_is_corrected_in_one_line(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    make, _ = FAULTS["a form of another year"]
    fault = make(random_budget(910012), random.Random(0))
    assert fault is not None
    document, path = tmp_path / "faulty.txt", tmp_path / "corrections.xlsx"
    document.write_text(fault.text, encoding="utf-8")
    run("load", document)
    [unit] = [row[0] for row in database.execute("select reporting_unit_code from budget.disclosure").fetchall()]
    run("correct", f"{unit}/2024", path)
    headings, *rows = openpyxl.load_workbook(path)["更正建议"].iter_rows(values_only=True)
    [line] = [dict(zip(headings, row, strict=True)) for row in rows]
    assert (line["行"], line["建议数（万元）"]) == ("（整张表）", None)
    assert "疑为其他年度或单位的报表" in str(line["理由"])


def test_a_line_that_rests_on_a_cell_in_dispute_says_so(loaded: psycopg.Connection) -> None:
    """Another line rests on another row of the same column."""
    loaded.execute(
        "update filed.cell set amount = 1.68 where form_id = 'r10' and row_key = '001001/2089999' and amount = 1.86"
    )
    loaded.execute("select report.store_comparison(division_code, array[disclosure_id]) from budget.disclosure")
    disputed = loaded.execute("select department_economic_code, amount from mart.expenditure where is_disputed")
    assert disputed.fetchall() == [("30112", Decimal("1.86"))]
    assert loaded.execute("select count(*) from budget.current_amount where is_disputed").fetchone() == (1,)


def test_a_line_that_only_balances_forms_is_in_dispute(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    """The only row that prints 办公设备购置 says 3.00, all sums say 1.00."""
    document = tmp_path / "faulty.txt"
    content = sample.read_text(encoding="utf-8")
    assert content.count(EQUIPMENT) == 1
    document.write_text(content.replace(EQUIPMENT, EQUIPMENT.replace("1.00", "3.00")), encoding="utf-8")
    run("load", document)
    disputed = database.execute("select basis, amount from mart.expenditure where is_disputed")
    assert disputed.fetchall() == [("remainder", Decimal("-2.00"))]
    named = database.execute("select 金额_万元 from mart_zh.支出明细 where 是否有争议 = '是'")
    assert named.fetchall() == [(Decimal("-2.00"),)]


def test_no_line_of_a_sound_disclosure_is_in_dispute(loaded: psycopg.Connection) -> None:
    for fact in ("expenditure", "revenue", "three_public", "special_fund", "carry_over"):
        rows = loaded.execute(f"select is_disputed, count(*) from mart.{fact} group by 1".encode()).fetchall()
        assert {is_disputed for is_disputed, _ in rows} <= {False}, fact
    assert loaded.execute("select bool_or(is_disputed) from budget.current_amount").fetchone() == (False,)


@pytest.mark.parametrize(
    ("strict", "accepts_sound", "accepts_faulty"), [("--strict", True, False), ("--strict=warning", False, False)]
)
def test_strict_loading_rejects_the_whole_document(
    database: psycopg.Connection,
    run: Run,
    sample: Path,
    faulty: Path,
    strict: str,
    accepts_sound: bool,
    accepts_faulty: bool,
) -> None:
    for path, accepted in ((faulty, accepts_faulty), (sample, accepts_sound)):
        said = run("load", strict, path, "--json", code=0 if accepted else 1)
        (row,) = json.loads(said.stdout)
        assert (row["outcome"] == "loaded") == accepted
        if path == faulty:
            assert "same_figure: form r08, row 合计" in row["error"]
            assert "found 791.28, expected 790.28" in row["error"]
            assert database.execute("select count(*) from filed.cell").fetchone() == (0,)
            assert database.execute("select outcome from meta.load").fetchall() == [("rejected",)]
