"""Manifests: what the operator knows of the documents of a folder; every fault is told before anything is loaded."""

from pathlib import Path

import psycopg
import pytest

from tests.conftest import Run
from tests.test_bulk_load import outcomes, small

HEADER = "file,published_on,source_address,unit,year\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two revisions of a unit, the later in a folder of its own."""
    (tmp_path / "更正").mkdir()
    (tmp_path / "a.txt").write_bytes(small(0))
    (tmp_path / "更正" / "a.txt").write_bytes(small(0).replace("听取和审查".encode(), "听取、审查".encode()) + b"\n")
    return tmp_path


def stored(database: psycopg.Connection) -> list[tuple[object, ...]]:
    return database.execute(
        "select o.file_name, d.published_on::text, o.source_address, d.is_current"
        " from budget.disclosure as d join budget.document as o using (division_code, document_id) order by 1"
    ).fetchall()


PLACE = "http://hetang.example/"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (HEADER + f"更正/a.txt,2024-03-01,{PLACE}更正,,\na.txt,2024-02-01,{PLACE},001001,2024\n", "utf-8"),
        (f"网址,文件,公开日期\r\n{PLACE},a.txt,2024/2/1\r\n\r\n{PLACE}更正,更正\\a.txt,2024年3月1日\r\n", "gb18030"),
        (f"文件,发布日期,来源网址\na.txt,2024-2-1,{PLACE}\n更正/a.txt,2024-03-01,{PLACE}更正\n", "utf-8-sig"),
    ],
    ids=["English", "GB18030", "BOM"],
)
def test_it_gives_dates_and_addresses(
    database: psycopg.Connection, run: Run, folder: Path, text: str, encoding: str
) -> None:
    (folder / "manifest.csv").write_bytes(text.encode(encoding))
    # what it says of a file goes before the option
    run("load", folder, "--published", "2025-01-01")
    assert stored(database) == [
        ("a.txt", "2024-02-01", PLACE, False),
        ("更正/a.txt", "2024-03-01", PLACE + "更正", True),
    ]


def test_it_may_come_later_and_from_elsewhere(
    database: psycopg.Connection, run: Run, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run("load", folder)
    assert [row[-1] for row in stored(database)] == [True, True]
    manifest = tmp_path_factory.mktemp("elsewhere") / "清单.csv"
    manifest.write_text("file,published_on\na.txt,2024-03-01\n更正/a.txt,2024-02-01\n", encoding="utf-8")
    assert set(outcomes(run, folder, "--manifest", manifest).values()) == {"unchanged"}
    assert [row[-1] for row in stored(database)] == [True, False]


def test_year_and_unit_where_a_document_does_not_say_them(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    text = small(0).decode().replace("2024年", "")
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    run("load", tmp_path, code=1)
    (tmp_path / "manifest.csv").write_text("file,year\na.txt,2023\n", encoding="utf-8")
    run("load", tmp_path)
    assert database.execute("select fiscal_year from budget.disclosure").fetchall() == [(2023,)]


FAULTS = {
    "no such file": (HEADER + "b.txt,,,,\n", "line 2, column file: 'b.txt', expected a file below"),
    "no file": (HEADER + ",2024-02-01,,,\n", "line 2, column file: ''"),
    "no such day": (HEADER + "a.txt,2024-02-30,,,\n", "line 2, column published_on: '2024-02-30', expected a date"),
    "no date": (HEADER + "\na.txt,soon,,,\n", "line 3, column published_on: 'soon'"),
    "a unit that lost its zeros": (HEADER + "a.txt,,,1001,\n", "line 2, column unit: '1001', expected a code of"),
    "no year": (HEADER + "a.txt,,,,24\n", "line 2, column year: '24', expected a year such as 2024"),
    "a year before there were any": (HEADER + "a.txt,,,,1999\n", "line 2, column year: '1999', expected a year"),
    "a file twice": (HEADER + "a.txt,,,,\n./a.txt,,,,\n", "line 3, column file: './a.txt' is entered twice"),
    "too many values": (HEADER + "a.txt,,,,,x\n", "line 2: 6 values, expected at most 5"),
    "an unknown column": ("file,date\na.txt,\n", "line 1, column 2: 'date', expected one of file, published_on"),
    "a column twice": ("file,文件\na.txt,\n", "line 1: the columns are file, 文件, expected file"),
    "no column of files": ("unit,year\n001001,2024\n", "line 1: the columns are unit, year, expected file"),
    "nothing": ("\n", "empty, expected a line of columns"),
    "no text": ("\x00\x01", "neither UTF-8 nor GB18030"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_told_before_anything_is_loaded(
    database: psycopg.Connection, run: Run, folder: Path, fault: str
) -> None:
    text, reason = FAULTS[fault]
    (folder / "manifest.csv").write_text(text, encoding="utf-8")
    message = run("load", folder, code=2).stderr
    assert f"{folder / 'manifest.csv'}" in message
    assert reason in message
    assert stored(database) == []


def test_all_faults_are_told_at_once(run: Run, folder: Path, database: psycopg.Connection) -> None:
    (folder / "manifest.csv").write_text(HEADER + "b.txt,,,,\na.txt,soon,,x,\n", encoding="utf-8")
    message = run("load", folder, code=2).stderr
    assert all(f"line {line}, column {column}" in message for line, column in ((2, "file"), (3, "unit")))


def test_one_content_has_one_date(database: psycopg.Connection, run: Run, folder: Path) -> None:
    (folder / "b.txt").write_bytes((folder / "a.txt").read_bytes())
    (folder / "manifest.csv").write_text("file,published_on\na.txt,2024-02-01\nb.txt,2024-02-02\n", encoding="utf-8")
    message = run("load", folder, code=3).stderr
    assert "b.txt: same content as a.txt, whose publication date was given as 2024-02-01, not 2024-02-02" in message
    assert stored(database)[0][:2] == ("a.txt", "2024-02-01")


def test_one_content_at_two_addresses_goes_by_the_first(database: psycopg.Connection, run: Run, folder: Path) -> None:
    (folder / "b.txt").write_bytes((folder / "a.txt").read_bytes())
    (folder / "manifest.csv").write_text(f"file,source_address\na.txt,{PLACE}a\nb.txt,{PLACE}b\n", encoding="utf-8")
    run("load", folder)
    assert stored(database)[0][:3] == ("a.txt", None, PLACE + "a")
