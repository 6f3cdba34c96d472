"""Listings in every format, their filters, and what a closed pipe or a narrow terminal does to them."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import psycopg
import pytest

from tests.conftest import SAMPLE, Run, url_of

YEAR = ("--year", "2024")
WRONG = (
    ("合计\t\t896.28\t790.28\t106.00", "合计\t\t896.28\t791.28\t106.00"),  # form 3
    ("合计\t896.28\t790.28\t629.15", "合计\t896.28\t790.28\t679.15"),  # form 7
)


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def sheets_of(content: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}


@pytest.fixture
def wrong(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    """A warehouse with the sample and two totals that are wrong by 1.00 and 50.00."""
    text = SAMPLE.read_text(encoding="utf-8")
    for right, false in WRONG:
        assert right in text
        text = text.replace(right, false, 1)
    (tmp_path / "wrong.txt").write_text(text, encoding="utf-8")
    run("load", tmp_path / "wrong.txt")


@pytest.mark.parametrize("command", [("units",), ("findings",), ("missing",), ("compare", "--all"), ("report", "8")])
def test_every_listing_in_every_format(loaded: psycopg.Connection, run: Run, command: Sequence[str]) -> None:
    unit = ("--unit", "001001") if command[0] == "report" else ()
    listing = (*command, *YEAR, *unit)
    lines = rows_of(run(*listing, "--format", "csv").stdout)
    sheets = sheets_of(run(*listing, "--format", "xlsx").stdout_bytes)
    assert lines
    assert sum(len(rows) - 1 for rows in sheets.values() if rows) == len(lines)
    if command[0] != "report":
        assert run(*listing, "--json").stdout == run(*listing, "--format", "json").stdout
        assert json.loads(run(*listing, "--json").stdout)


def test_missing_names_its_lists(loaded: psycopg.Connection, run: Run) -> None:
    (line,) = [line for line in rows_of(run("missing", "--format", "csv").stdout) if line["list"] == "missing_forms"]
    assert line["report_nos"] == "2, 4, 5"
    assert sheets_of(run("missing", "--format", "xlsx").stdout_bytes)["missing_forms"][1][4] == "2, 4, 5"


@pytest.mark.usefixtures("wrong")
def test_compare_is_summed_up_filtered_and_sorted(run: Run) -> None:
    printed = run("compare", *YEAR, code=4).stdout
    assert printed.index("not filed") < printed.index("791.28")
    (form_3, form_7) = rows_of(run("compare", *YEAR, "--format", "csv", code=4).stdout)
    assert (form_3["form"], form_7["form"], form_7["difference"]) == ("3", "7", "50.00")
    by_size = rows_of(run("compare", *YEAR, "--sort", "difference", "--format", "csv", code=4).stdout)
    assert [row["form"] for row in by_size] == ["7", "3"]
    limited = run("compare", *YEAR, "--sort", "difference", "--limit", 1, code=4)
    assert "679.15" in limited.stdout
    assert "791.28" not in limited.stdout
    assert "rows not shown: 1; --limit 0 prints all" in limited.stderr
    absent = rows_of(run("compare", *YEAR, "--kind", "not_filed", "--format", "csv", code=4).stdout)
    assert {row["status"] for row in absent} == {"not_filed"}
    assert {row["form"] for row in absent} == {"2", "4", "5"}


def test_findings_are_summed_up_and_filtered(loaded: psycopg.Connection, run: Run) -> None:
    every = json.loads(run("findings", "--json").stdout)
    assert {(row["reporting_unit_name"], row["stage"]) for row in every} == {
        ("株洲市荷塘区人民代表大会常务委员会", "budget")
    }
    kinds = {row["kind"] for row in every}
    assert len(kinds) > 1
    kind = sorted(kinds)[0]
    assert json.loads(run("findings", "--kind", kind, "--json").stdout) == [r for r in every if r["kind"] == kind]
    graded = [row["severity"] for row in json.loads(run("findings", "--sort", "severity", "--json").stdout)]
    assert graded == sorted(graded, key=["error", "warning", "note"].index)
    table = run("findings", "--limit", 1).stdout
    assert all(name in table for name in kinds)
    assert "nothing found" in run("findings", "--kind", "stale_total").stderr
    assert "no kind of finding 'no_such_kind'" in run("findings", "--kind", "no_such_kind", code=2).stderr
    severe = json.loads(run("findings", "--severity", "warning", "--json").stdout)
    assert [row["severity"] for row in severe] == [grade for grade in graded if grade != "note"]


def test_people_read_chinese_and_scripts_english_names(
    loaded: psycopg.Connection, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HETANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    english, chinese = (run(*lang, "findings", *YEAR).stdout for lang in ((), ("--lang", "zh")))
    assert "fiscal year" in english
    assert not re.search("[a-z]+ year|message", chinese)
    assert loaded.execute("select message_zh from report.finding limit 1").fetchone()[0] in chinese  # type: ignore[index]
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "公开单位编码" in run("units").stdout
    assert "公开单位编码" in str(sheets_of(run("units", "--format", "xlsx").stdout_bytes)["公开单位"][0])
    assert "reporting_unit_code" in rows_of(run("units", "--format", "csv").stdout)[0]
    assert "fiscal year" in run("--lang", "en", "units").stdout


def test_a_closed_pipe_is_no_error(loaded: psycopg.Connection) -> None:
    command = [sys.executable, "-m", "loader", "compare", "--all", "--limit", "0", *YEAR]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "DATABASE_URL": url_of(loaded)}
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read().decode()
        assert (process.wait(), said) == (0, "")


@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_help_without_a_reader_is_no_error(asked: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-m", "loader", asked], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


# ---------------------------------------------------------------------------- units and years side by side


@pytest.fixture
def three(loaded: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    """The sample, the same of a year before, and another unit's, where one project has 10.00 of another."""
    text = SAMPLE.read_text(encoding="utf-8")
    (tmp_path / "2023.txt").write_text(text.replace("2024年部门预算公开表", "2023年部门预算公开表"), encoding="utf-8")
    other = text.replace("001001", "002001").replace("\n001\t", "\n002\t").replace("\t001\t", "\t002\t")
    for project, right, changed in (("会议经费", "20.00", "30.00"), ("代表活动经费", "64.50", "54.50")):
        row = f"{project}\t{right}\t{right}\t{right}\t\t\t\t\t\t\t\t{right}"
        assert row in other
        other = other.replace(row, row.replace(right, changed))
    (tmp_path / "other.txt").write_text(
        other.replace("年度本级预算金额\t\t20", "年度本级预算金额\t\t30"), encoding="utf-8"
    )
    run("load", tmp_path / "2023.txt", tmp_path / "other.txt")


def test_one_unit_under_two_names_is_not_compared(loaded: psycopg.Connection, run: Run) -> None:
    named = ("--unit", "001001", "--unit", "人民代表大会")
    assert "at least two different units" in run("compare-units", 7, *named, *YEAR, code=2).stderr
    years = ("compare-years", 7, "--unit", "001001", "--year", 2024)
    assert "at least two different years" in run(*years, code=2).stderr
    assert "请至少给出两个不同的年度" in run("--lang", "zh", *years, code=2).stderr


@pytest.mark.usefixtures("three")
def test_units_stand_side_by_side_whatever_their_codes(run: Run) -> None:
    listing = ("--unit", "001001", "--unit", "002001", *YEAR)
    rows = json.loads(run("compare-units", 7, *listing, "--json").stdout)
    assert [row["label"] for row in rows[:3]] == ["合计", "本单位", "一般公共服务支出"]
    assert (rows[0]["001001"], rows[0]["002001"], rows[0]["change"], rows[0]["percent"]) == (
        "896.28",
        "896.28",
        "0.00",
        "0.00",
    )
    assert all(row["001001"] is not None for row in rows)
    projects = {row["row"]: row for row in json.loads(run("compare-units", 21, *listing, "--json").stdout)}
    assert projects["区人民代表大会会议经费"]["change"] == "10.00"
    assert projects["区人民代表大会会议经费"]["percent"] == "50.00"
    assert [row for row, found in projects.items() if found["change"] != "0.00"] == [
        "人大代表活动经费",
        "区人民代表大会会议经费",
    ]


@pytest.mark.usefixtures("three")
def test_years_stand_side_by_side_list_by_list(run: Run) -> None:
    listing = ("--unit", "001001", "--year", "2023", *YEAR)
    rows = json.loads(run("compare-years", 1, *listing, "--json").stdout)
    assert rows[0]["label"] == "一、一般公共预算拨款收入"
    assert len({row["column"] for row in rows}) == 4
    assert json.loads(run("compare-years", 1, *listing, "--changes", "--json").stdout) == []
    assert len({row["column"] for row in json.loads(run("compare-years", 15, *listing, "--json").stdout)}) == 2
    assert "2023" in run("compare-years", 8, *listing, "--column", "staff").stdout
    run("compare-years", 8, *listing, "--column", "nothing", code=2)
    run("compare-years", 8, "--unit", "001001", *YEAR, code=2)
    run("compare-years", 8, "--unit", "001001", "--year", "1999", *YEAR, code=2)
