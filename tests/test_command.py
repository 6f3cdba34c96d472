"""The `hetang` command: what it prints where, and the exit codes that scripts rely on."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from loader.answers.report import read_report
from loader.loading.load import load_content
from loader.loading.options import Options
from schema.forms import report_form
from synthetic.budgets import Shape, budget_of
from synthetic.rendering import render
from tests.conftest import Run

UNIT = ("--unit", "001001", "--year", "2024")


@pytest.fixture
def wrong(sample: Path, tmp_path: Path) -> Path:
    """The sample with a wrong total of basic spending in form 3."""
    text = sample.read_text(encoding="utf-8")
    path = tmp_path / "wrong.txt"
    path.write_text(
        text.replace("合计\t\t896.28\t790.28\t106.00", "合计\t\t896.28\t791.28\t106.00", 1), encoding="utf-8"
    )
    return path


def test_load_prints_what_became_of_each_document(database: psycopg.Connection, run: Run, sample: Path) -> None:
    (row,) = json.loads(run("load", sample, "--json").stdout)
    assert row["outcome"] == "loaded"
    (disclosure,) = row["disclosures"]
    assert disclosure["unit_code"] == "001001"
    assert (disclosure["fiscal_year"], disclosure["forms"], disclosure["cells"]) == (2024, 20, 1520)
    assert disclosure["differs"] == 0
    assert json.loads(run("load", sample, "--json").stdout)[0]["outcome"] == "unchanged"


def test_rejected_documents_and_exit_codes(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    prose = tmp_path / "prose.txt"
    prose.write_text("这不是预算公开。", encoding="utf-8")
    result = run("load", prose, code=1)
    assert "prose.txt: none of the official forms found" in result.stderr
    assert "prose.txt: none" not in result.stdout
    run("load", prose, sample, code=3)
    run("load", tmp_path / "absent.txt", code=2)
    run("load", code=2)


def test_a_folder_is_loaded_whole(database: psycopg.Connection, run: Run, sample: Path) -> None:
    rows = json.loads(run("load", sample.parent, "--json").stdout)
    assert [row["file_name"] for row in rows] == [sample.name]


def test_compare_without_differences(loaded: psycopg.Connection, run: Run) -> None:
    result = json.loads(run("compare", *UNIT, "--json").stdout)
    assert result["cells"] == []
    assert sum(row["equal"] for row in result["summary"] if row["report_no"] <= 21) == 461


def test_compare_names_both_figures_and_labels(database: psycopg.Connection, run: Run, wrong: Path) -> None:
    run("load", wrong)
    result = run("compare", *UNIT, code=4)
    (line,) = [line for line in result.stdout.splitlines() if "791.28" in line]
    for shown in ("3", " 合计 ", "基本支出", "791.28", "790.28", "1.00"):
        assert shown in line
    assert len(json.loads(run("compare", *UNIT, "--form", "3", "--all", "--json", code=4).stdout)["cells"]) > 50
    run("compare", *UNIT, "--form", "7", code=0)
    run("compare", "--unit", "999", "--year", "2024", code=2)


def test_reports_in_every_format(loaded: psycopg.Connection, run: Run) -> None:
    table = run("report", "3", *UNIT).stdout
    assert "支出总表" in table
    assert "516.37" in table
    rows = list(csv.reader(io.StringIO(run("report", "8", *UNIT, "--format", "csv").stdout.removeprefix("\ufeff"))))
    assert rows[0][-1] == "本年一般公共预算基本支出-公用经费"
    assert rows[-1][-3:] == ["790.28", "697.00", "93.28"]
    content = json.loads(run("report", "15", *UNIT, "--format", "json").stdout)
    assert content["title"] == "一般公共预算“三公”经费支出表"
    assert content["rows"][-1]["reception"] == "0.60"
    run("report", "24", *UNIT, code=2)
    run("report", "3", "--unit", "001001", "--year", "1999", code=2)


def test_a_report_is_a_frame_of_exact_amounts_under_official_headings(loaded: psycopg.Connection) -> None:
    report = read_report(loaded, report_form(8), 2024, "001001", "430202")
    assert report is not None
    frame = report.frame()
    assert list(frame.columns) == list(report.columns().values())
    totals = frame.iloc[-1, -3:]
    assert list(totals) == [Decimal("790.28"), Decimal("697.00"), Decimal("93.28")]
    assert {type(amount) for amount in totals} == {Decimal}


@pytest.mark.parametrize("number", range(1, 24))
def test_every_report_prints(loaded: psycopg.Connection, run: Run, number: int) -> None:
    assert json.loads(run("report", number, *UNIT, "--json").stdout)["rows"]
    run("report", number, *UNIT)


def test_units_and_withdraw(loaded: psycopg.Connection, run: Run, sample: Path) -> None:
    (unit,) = json.loads(run("units", "--json").stdout)
    assert (unit["reporting_unit_code"], unit["is_current"]) == ("001001", True)
    assert json.loads(run("units", "--unit", "人民代表大会", "--json").stdout) == [unit]
    assert "nothing is loaded of unit 001002; see" in run("units", "--unit", "001002", code=2).stderr
    run("withdraw", "人民代表大会", "--year", "2024")
    (unit,) = json.loads(run("units", "--json").stdout)
    assert (unit["is_current"], unit["is_withdrawn"]) == (False, True)
    ((withdrawn,),) = loaded.execute("select withdrawn_at from budget.disclosure").fetchall()
    for which in ((), ("--revision", 1)):  # already done, so nothing is wrong and nothing happens
        said = run("withdraw", "001001", "--year", 2024, *which).stderr
        assert f"revision 1 of 001001 for 2024 was already withdrawn on {withdrawn.astimezone():%Y-%m-%d %H:%M}" in said
    assert loaded.execute("select withdrawn_at from budget.disclosure").fetchall() == [(withdrawn,)]
    run("withdraw", "001001", "--year", 2024, "--revision", 2, code=2)
    run("withdraw", "001001", "--year", 2023, code=2)
    assert "withdrawn; load a document again" in run("report", 3, *UNIT, code=2).stderr
    assert [json.loads(run("load", sample, "--json").stdout)[0]["outcome"] for _ in range(2)] == [
        "restored",
        "unchanged",
    ]


NEEDS_DOCUMENTS: tuple[tuple[str, ...], ...] = (
    ("units",),
    ("findings",),
    ("missing",),
    ("compare",),
    ("check",),
    ("execution",),
    ("report", "3", *UNIT),
    ("explain", "001001", "2024", "3", "total", "total"),
    ("compare-years", "3", "--unit", "001001", "--year", "2024", "--year", "2023"),
    ("correct", "001001/2024", "corrections.xlsx"),
    ("export", "workbooks"),
    ("page", "pages"),
    ("withdraw", "001001", "--year", "2024"),
)


def test_an_empty_warehouse_says_how_to_begin(database: psycopg.Connection, run: Run) -> None:
    for command in NEEDS_DOCUMENTS:
        result = run(*command, code=2)
        assert "nothing is loaded for division 430202 yet; start with `hetang load FOLDER`" in result.stderr
        assert result.stdout == ""


def test_a_division_that_the_warehouse_does_not_know(database: psycopg.Connection, run: Run, sample: Path) -> None:
    said = run("load", sample, "--division", "999999", code=2).stderr
    assert "the warehouse has no division 999999; add a row to budget.division first" in said
    assert len(said) < 500


def test_a_year_of_which_nothing_is_loaded(loaded: psycopg.Connection, run: Run) -> None:
    for command in ("units", "findings", "missing"):
        assert "nothing is loaded for 2031; see `hetang units`" in run(command, "--year", 2031, code=2).stderr
    assert "nothing is loaded of unit 105001 for 2024" in run("compare", *UNIT, "--unit", "105001", code=2).stderr


def test_a_unit_whose_figures_are_in_the_document_of_another(database: psycopg.Connection, run: Run) -> None:
    department = budget_of(Shape(kinds=("agency", "institution"), department="105"))
    alone = budget_of(Shape(department="106"))
    for number, budget in enumerate((department, alone)):
        load_content(database, render(budget).encode(), f"{number}.txt", Options())
    for unit, filer in (("105002", "105"), ("106", "106001")):
        said = run("findings", "--unit", unit, "--year", 2024, code=2).stderr
        assert f"nothing is loaded of unit {unit} for 2024 itself; its figures are in documents of {filer}" in said
    assert "nothing is loaded of unit 107; see" in run("units", "--unit", "107", code=2).stderr


@pytest.mark.parametrize(("year", "is_one"), [(1999, False), (2000, True), (2099, True), (2100, False), (20, False)])
def test_the_years_of_the_option_are_those_of_titles(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path, year: int, is_one: bool
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(sample.read_text(encoding="utf-8").replace("2024年", f"{year}年"), encoding="utf-8")
    result = run("load", path, "--year", year, code=0 if is_one else 2)
    run("load", path, code=0 if is_one else 1)
    if not is_one:
        assert f"'{year}', expected a year such as 2024, from 2000 to 2099" in result.stderr
        # only the second load, without the option, has read it
        (reason,) = database.execute("select message from meta.load").fetchall()
        assert "no fiscal year found" in reason[0]


# ---------------------------------------------------------------------------- several current revisions


@pytest.fixture
def undecided(loaded: psycopg.Connection, run: Run, sample: Path, tmp_path: Path) -> int:
    """The sample twice, without dates: the figure of form 15 is 0.60 in one and 0.70 in the other; which one counts."""
    other = tmp_path / "other.txt"
    other.write_text(sample.read_text(encoding="utf-8").replace("0.60", "0.70"), encoding="utf-8")
    run("load", other)
    (counted,) = loaded.execute(
        "select revision from budget.disclosure join budget.counted_disclosure using (division_code, disclosure_id)"
    ).fetchall()
    return int(counted[0])


def test_compare_tells_revisions_apart(undecided: int, run: Run, wrong: Path) -> None:
    assert "revisions 1, 2, 3 of 001001 for 2024 (budget) are all current" in run("load", wrong).stderr
    result = run("compare", *UNIT, code=4)
    heading, line = (next(row for row in result.stdout.splitlines() if word in row) for word in ("column", "791.28"))
    assert [cell.strip() for cell in heading.split("|")[1:5]] == ["unit", "year", "revision", "form"]
    assert [cell.strip() for cell in line.split("|")[1:5]] == ["001001", "2024", "3", "3"]
    summary = json.loads(run("compare", *UNIT, "--json", code=4).stdout)["summary"]
    assert {(row["stage"], row["revision"]): row["differs"] for row in summary if row["report_no"] == 3} == {
        ("budget", revision): int(revision == 3) for revision in (1, 2, 3)
    }
    assert "stage budget, revision 3: Published cells that differ from what the rest of the budget implies: 1" in (
        result.stderr
    )
    for shown in (
        "revisions 1, 2, 3 of 001001 for 2024 (budget)",
        "--supersede FILE",
        "001001 --year 2024 --stage budget",
    ):
        assert shown in result.stderr
        assert shown in run("units").stderr
    run("load", wrong, "--supersede")
    result = run("compare", *UNIT, code=4)
    assert "revision" not in result.stdout + result.stderr


def test_report_prints_the_revision_that_counts_or_the_one_asked_for(undecided: int, run: Run) -> None:
    other = 3 - undecided
    figures = {1: "0.60", 2: "0.70"}
    for revision, asked in ((undecided, ()), (undecided, ("--revision", undecided)), (other, ("--revision", other))):
        result = run("report", 15, *UNIT, *asked)
        assert f"版次：{revision} " in result.stdout
        assert figures[revision] in result.stdout
        assert figures[3 - revision] not in result.stdout
        assert f"this is revision {revision}, --revision selects another" in result.stderr
        assert figures[revision] in run("report", 15, *UNIT, *asked, "--format", "csv").stdout
    assert "revision 3 of 001001 is not current" in run("report", 15, *UNIT, "--revision", 3, code=2).stderr
    run("withdraw", "001001", "--year", 2024, "--revision", undecided)
    result = run("report", 15, *UNIT)
    assert figures[other] in result.stdout
    assert "版次" not in result.stdout
    assert result.stderr == ""


def test_load_says_what_to_look_at_next_and_what_counts(
    loaded: psycopg.Connection, run: Run, wrong: Path, sample: Path
) -> None:
    told = run("load", wrong, "--supersede").stderr
    assert "hetang compare --unit 001001 --year 2024      published cells that differ: 1" in told
    assert "hetang page pages/ --unit 001001 --year 2024 " in told
    told = run("load", sample).stderr
    assert (
        f"{sample.name}: revision 1 of 001001 for 2024 (budget) was already loaded and is not current; revision 2 is"
        in told
    )
    assert "Next:" not in told
    assert "does not count" not in run("load", wrong).stderr


def test_load_counts_a_disclosure_once_if_several_documents_hold_it(
    database: psycopg.Connection, run: Run, wrong: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "several"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_bytes(wrong.read_bytes())
    told = run("load", folder).stderr
    assert "published cells that differ: 1\n" in told
    listed = json.loads(run("findings", "--json").stdout)
    assert f"findings: {sum(row['times'] for row in listed)}\n" in told


def test_missing_tells_revisions_apart(undecided: int, run: Run) -> None:
    rows = json.loads(run("missing", "--json").stdout)["missing_forms"]
    assert [(row["revision"], row["report_nos"]) for row in rows] == [(1, [2, 4, 5]), (2, [2, 4, 5])]


# ---------------------------------------------------------------------------- what people read


def test_sheets_of_goals_print_as_labels_and_values(loaded: psycopg.Connection, run: Run) -> None:
    lines = run("report", 22, *UNIT).stdout.splitlines()
    at = lines.index("项目名称：区人民代表大会会议经费")
    assert lines[at - 1] == ""
    assert lines[at + 1 : at + 3] == ["项目类别：特定目标类", "年度本级预算金额：20.00"]
    assert any(line.split() == "| 产出指标 | 数量指标 | 开会次数 | 1 | 开会次数 | 次 | = |".split() for line in lines)
    lines = run("report", 23, *UNIT).stdout.splitlines()
    assert "按支出性质分-项目支出：106.00" in lines
    assert "年度主要任务：" in lines


@pytest.mark.parametrize(
    ("printed", "wrong", "row", "column"),
    [
        ("一、基本支出\t790.28", "一、基本支出\t791.29", " 一、基本支出 ", "支出-项目（按部门预算经济分类）-预算数"),
        ("罚没收入\t\t", "罚没收入\t0.01\t", " 罚没收入 ", "收入-预算数"),
        ("预算金额\t\t20", "预算金额\t\t21", " 区人民代表大会会议经费 年度本级预算金额 ", "年度本级预算金额"),
    ],
)
@pytest.mark.usefixtures("database")
def test_compare_names_rows_and_columns_in_words(
    run: Run, sample: Path, tmp_path: Path, printed: str, wrong: str, row: str, column: str
) -> None:
    path = tmp_path / "wrong.txt"
    path.write_text(sample.read_text(encoding="utf-8").replace(printed, wrong, 1), encoding="utf-8")
    run("load", path)
    output = run("compare", code=4).stdout
    assert any(row in line and f" {column} " in line for line in output.splitlines()), output


def test_rows_are_named_without_ids_of_the_program(loaded: psycopg.Connection, run: Run) -> None:
    lines = run("compare", *UNIT, "--all", "--limit", 0).stdout.splitlines()
    rows = {line.split("|")[4].strip() for line in lines if line.startswith("| 001001")}
    assert {"合计", "001001/2010101 行政运行", "产出指标/数量指标/常委会召开次数", "301 工资福利支出"} <= rows
    assert [row for row in rows if re.search("[a-z]{3}", row)] == []


def test_nothing_is_cut_at_a_narrow_terminal(database: psycopg.Connection, run: Run, wrong: Path) -> None:
    run("load", wrong)
    terminal, end = os.openpty()
    environment = os.environ | {"COLUMNS": "40", "TERM": "dumb"}
    command = [sys.executable, "-m", "loader", "compare", *UNIT]
    with subprocess.Popen(command, stdout=end, env=environment, cwd=Path(__file__).parent.parent) as process:
        os.close(end)
        output = b""
        with suppress(OSError):  # how a terminal ends
            while read := os.read(terminal, 1 << 16):
                output += read
    os.close(terminal)
    assert process.returncode == 4
    line = next(line for line in output.decode().splitlines() if "791.28" in line)
    assert [cell.strip() for cell in line.split("|")[1:-1]] == (
        ["001001", "2024", "3", "合计", "基本支出", "791.28", "790.28", "1.00", "0.00", "differs"]
    )


def test_findings_name_form_and_row(loaded: psycopg.Connection, run: Run) -> None:
    findings = json.loads(run("findings", *UNIT, "--json").stdout)
    assert any("form 3, row 88" in finding["message"] for finding in findings)


def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert "cannot connect" in run("units", code=5).stderr


def test_output_fits_a_gbk_console(loaded: psycopg.Connection, run: Run) -> None:
    for arguments in (("report", 1, *UNIT), ("compare", *UNIT, "--all"), ("units",), ("findings",), ("--help",)):
        run(*arguments).stdout.encode("gbk")


@pytest.mark.parametrize(
    "command",
    [("page",), ("export",), ("correct", "001001/2024"), ("superset", "--address", "postgresql://host/database")],
    ids=lambda command: str(command[0]),
)
@pytest.mark.usefixtures("loaded")
def test_where_nothing_can_be_written_is_told_in_words(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "file"
    file.touch()
    path = file / "folder" / "new"
    assert f"Error: cannot write {file}" in run(*command, path, code=2).stderr
    said = run("--lang", "zh", *command, path, code=2).stderr
    assert f"错误：无法写入 {file}" in said
    assert "不是文件夹" in said
