"""The `hetang` command: what it prints where, and the exit codes that scripts rely on."""

import csv
import io
import json
from pathlib import Path

import psycopg
import pytest

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
    assert "prose.txt: none of the 23 official forms found" in result.stderr
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
    for shown in ("total 合计", "基本支出", "791.28", "790.28", "1.00"):
        assert shown in line
    assert len(json.loads(run("compare", *UNIT, "--form", "3", "--all", "--json", code=4).stdout)["cells"]) > 50
    run("compare", *UNIT, "--form", "7", code=0)
    run("compare", "--unit", "999", "--year", "2024", code=2)


def test_reports_in_every_format(loaded: psycopg.Connection, run: Run) -> None:
    table = run("report", "3", *UNIT).stdout
    assert "支出总表" in table
    assert "516.37" in table
    rows = list(csv.reader(io.StringIO(run("report", "8", *UNIT, "--format", "csv").stdout)))
    assert rows[0][-1] == "本年一般公共预算基本支出-公用经费"
    assert rows[-1][-3:] == ["790.28", "697.00", "93.28"]
    content = json.loads(run("report", "15", *UNIT, "--format", "json").stdout)
    assert content["title"] == "一般公共预算“三公”经费支出表"
    assert content["rows"][-1]["reception"] == "0.60"
    run("report", "24", *UNIT, code=2)
    run("report", "3", "--unit", "001001", "--year", "1999", code=2)


@pytest.mark.parametrize("number", range(1, 24))
def test_every_report_prints(loaded: psycopg.Connection, run: Run, number: int) -> None:
    assert json.loads(run("report", number, *UNIT, "--format", "json").stdout)["rows"]
    run("report", number, *UNIT)


def test_units_and_withdraw(loaded: psycopg.Connection, run: Run) -> None:
    (unit,) = json.loads(run("units", "--json").stdout)
    assert (unit["reporting_unit_code"], unit["is_current"]) == ("001001", True)
    run("withdraw", "001001", "--year", "2024")
    (unit,) = json.loads(run("units", "--json").stdout)
    assert (unit["is_current"], unit["is_withdrawn"]) == (False, True)
    run("withdraw", "001001", "--year", "2024", code=2)


def test_findings_name_form_and_row(loaded: psycopg.Connection, run: Run) -> None:
    findings = json.loads(run("findings", *UNIT, "--json").stdout)
    assert any("form 3, row 88" in finding["message"] for finding in findings)


def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert "cannot connect" in run("units", code=5).stderr


def test_output_fits_a_gbk_console(loaded: psycopg.Connection, run: Run) -> None:
    for arguments in (("report", 1, *UNIT), ("compare", *UNIT, "--all"), ("units",), ("findings",), ("--help",)):
        run(*arguments).stdout.encode("gbk")
