"""One disclosure in several documents: the same in another format is no second revision."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import openpyxl
import psycopg
import pytest

from loader.loading.load import load_content
from loader.loading.options import Options
from synthetic.workbooks import html, ods, sheets_of, xlsx
from tests.conftest import SAMPLE, Run
from tests.contents import troubles
from tests.test_understood import strange_tables

TEXT = SAMPLE.read_text(encoding="utf-8")
# as texts, which office programs store with all their decimals
WORKBOOK = xlsx(sheets_of(TEXT))
CHANGED = xlsx(sheets_of(TEXT.replace("合计\t\t896.28\t790.28\t106.00", "合计\t\t896.28\t791.28\t106.00", 1)))


def load(connection: psycopg.Connection, content: bytes, name: str, options: Options | None = None) -> str:
    result = load_content(connection, content, name, options or Options())
    assert result.error is None
    return result.outcome


def revisions(connection: psycopg.Connection) -> list[tuple[int, bool]]:
    return connection.execute("select revision, is_current from budget.disclosure order by 1").fetchall()


@pytest.mark.parametrize("workbook_first", [True, False])
def test_another_format_is_another_document_of_the_same_revision(
    database: psycopg.Connection, workbook_first: bool
) -> None:
    documents = [(WORKBOOK, "a.xlsx"), (TEXT.encode(), "a.txt")]
    outcomes = [load(database, *one) for one in (documents if workbook_first else reversed(documents))]
    assert outcomes == ["loaded", "attached"]
    assert revisions(database) == [(1, True)]
    assert database.execute("select count(*) from budget.document").fetchone() == (2,)
    assert database.execute("select document_role from budget.attached_document").fetchall() == [("same",)]
    assert [load(database, *one) for one in documents] == ["unchanged"] * 2
    assert troubles(database) == []


def test_a_third_format_and_a_date_that_comes_with_it(database: psycopg.Connection) -> None:
    load(database, WORKBOOK, "a.xlsx")
    date = datetime.date(2024, 3, 1)
    for content, name in ((ods(sheets_of(TEXT)), "a.ods"), (html(sheets_of(TEXT)), "a.html")):
        assert load(database, content, name, Options(published_on=date)) == "attached"
    assert revisions(database) == [(1, True)]
    assert database.execute("select published_on from budget.disclosure").fetchone() == (date,)


def test_where_a_cell_changes_it_is_a_revision(database: psycopg.Connection) -> None:
    load(database, TEXT.encode(), "a.txt")
    assert load(database, CHANGED, "a.xlsx") == "revised"
    assert load(database, WORKBOOK, "b.xlsx") == "attached"
    assert revisions(database) == [(1, True), (2, True)]
    goal = xlsx(sheets_of(TEXT.replace("生态环境", "自然环境", 1)))
    assert load(database, goal, "c.xlsx") == "revised"


def test_what_it_prints_besides_is_told(database: psycopg.Connection) -> None:
    load(database, WORKBOOK, "a.xlsx")
    front, goals = TEXT.split("\n支出总表\n", 1)
    assert load(database, f"{front}{strange_tables(1)}\n支出总表\n{goals}".encode(), "a.txt") == "attached"
    said = database.execute("select message_en from report.finding where kind = 'attached_document'").fetchall()
    assert len(said) == 1
    assert said[0][0].startswith("a.txt is the same disclosure in another format; figures of it that belong to no")
    assert said[0][0].endswith("not kept: 2")


def test_the_command_says_so(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.xlsx").write_bytes(WORKBOOK)
    rows = json.loads(run("load", tmp_path, "--jobs", 1, "--json").stdout)
    assert sorted(row["outcome"] for row in rows) == ["attached", "loaded"]
    assert {row["disclosures"][0]["revision"] for row in rows} == {1}
    assert {row["outcome"] for row in json.loads(run("load", tmp_path, "--json").stdout)} == {"unchanged"}


def test_what_hetang_wrote_is_no_revision_unless_a_figure_differs(
    loaded: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    """A workbook and a page hold forms that were not published, which were rebuilt."""
    run("export", tmp_path)
    run("page", tmp_path)
    for name in ("001001.xlsx", "001001.html"):
        assert load(loaded, (tmp_path / "2024" / name).read_bytes(), name) == "attached"
    assert loaded.execute("select form_count from budget.disclosure").fetchall() == [(20,)]
    page = (tmp_path / "2024" / "001001.html").read_text(encoding="utf-8")
    assert load(loaded, page.replace("896.28", "896.29").encode(), "c.html") == "revised"


def test_what_hetang_wrote_of_a_wrong_document_is_no_revision(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    """A workbook holds the rebuilt figure in place of the wrong one."""
    assert load(database, TEXT.replace("790.28", "791.28", 1).encode(), "a.txt") == "loaded"
    assert database.execute("select from internal.comparison_exception where status = 'differs'").rowcount
    run("export", tmp_path)
    assert load(database, (tmp_path / "2024" / "001001.xlsx").read_bytes(), "a.xlsx") == "attached"


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        ("03支出总表", ("204", "02", "01", "2040201", "行政运行", 25, 25)),  # in a form that was published
        ("05支出按部门经济分类", ("204", "02", "01", "001001", "行政运行", 25, 25)),  # in one that was rebuilt
        ("01收支总表", ("另有收入", 25.5)),  # no line of the form
    ],
)
def test_a_row_that_an_office_adds_to_what_hetang_wrote_is_a_revision(
    loaded: psycopg.Connection, run: Run, tmp_path: Path, sheet: str, cells: tuple[str | int, ...]
) -> None:
    run("export", tmp_path)
    path = tmp_path / "2024" / "001001.xlsx"
    book = openpyxl.load_workbook(path)
    for column, value in enumerate(cells, 1):
        book[sheet].cell(book[sheet].max_row + (column == 1), column, value)
    book.save(path)
    assert load(loaded, path.read_bytes(), "a.xlsx") == "revised"
