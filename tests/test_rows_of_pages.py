"""In documents of pages a row is named by its page, wherever people read of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from openpyxl import load_workbook

from loader.documents.printed_row import ROWS_A_PAGE
from synthetic.pages import drawings_of, forms_of, pdf
from tests.conftest import Run, load_files, shared_clone, url_of

CELL = ("001001", 2024, 3, "2010101", "basic")


@pytest.fixture(scope="module")
def wrong_page(
    request: pytest.FixtureRequest, sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[psycopg.Connection]:
    """A warehouse with the sample as PDF, a figure of form 3 wrong."""
    right = "2010101\t行政运行\t516.37\t516.37"
    wrong = sample.read_text(encoding="utf-8").replace(right, right[:-6] + "561.37", 1)
    path = tmp_path_factory.mktemp("pages") / "2024.pdf"
    path.write_bytes(pdf(drawings_of(forms_of(wrong))))
    with shared_clone(request, "wrong_page") as connection:
        (result,) = load_files(connection, path)
        assert result.outcome == "loaded", result.error
        yield connection


@pytest.fixture
def place(wrong_page: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Page and row of the wrong figure."""
    monkeypatch.setenv("DATABASE_URL", url_of(wrong_page))
    query = "select source_row from filed.cell where form_id = 'r03' and row_key = '001001/2010101' limit 1"
    ((number,),) = wrong_page.execute(query).fetchall()
    page, row = divmod(number, ROWS_A_PAGE)
    assert page > 1
    return page, row


def test_findings_name_page_and_row(wrong_page: psycopg.Connection, place: tuple[int, int]) -> None:
    page, row = place
    query = "select message_zh, message_en from report.finding where kind = 'digits_swapped'"
    ((zh, en),) = wrong_page.execute(query).fetchall()
    assert zh.startswith(f"表3第{page}页第{row}行第7列：")
    assert en.startswith(f"form 3, page {page}, row {row}, column 7: ")
    told = wrong_page.execute("select 页, 行, 列, 说明 from mart_zh.发现的问题 where 列 = 7").fetchall()
    assert told == [(page, row, 7, zh)]


def test_explain_takes_and_names_page_and_row(run: Run, place: tuple[int, int]) -> None:
    page, row = place
    told = run("explain", *CELL).stdout
    assert f"printed: 561.37 in 2024.pdf, page {page}, row {row}, column 7" in told
    assert f"在 2024.pdf 第{page}页第{row}行第7列" in run("--lang", "zh", "explain", *CELL).stdout
    for address in (f"第{page}页第{row}行", f"page {page}, row {row}", f"@{page * ROWS_A_PAGE + row}"):
        assert run("explain", *CELL[:3], address, "basic").stdout == told
    missing = " ".join(run("explain", *CELL[:3], "第999页第1行", "basic", code=2).output.split())
    assert "prints nothing in page 999, row 1; it is printed from page" in missing


@pytest.mark.parametrize("address", ["第0页第92行", "第1页第0行", "第1页第1016行", "page 0, row 92"])
def test_explain_refuses_a_row_that_no_page_has(run: Run, place: tuple[int, int], address: str) -> None:
    assert f"there is no {address}: pages count from 1" in run("explain", *CELL[:3], address, "basic", code=2).output
    zh = run("--lang", "zh", "explain", *CELL[:3], address, "basic", code=2).output
    assert "页从 1 起，每页的行从 1 到 999" in zh


@pytest.mark.parametrize("address", ["第0页第{}行", "第12页第{}行", "page 0, row {}"])
def test_explain_refuses_a_page_of_a_document_without_pages(loaded: psycopg.Connection, run: Run, address: str) -> None:
    query = "select source_row from filed.cell where form_id = 'r03' and row_key = '001001/2010101' limit 1"
    ((row,),) = loaded.execute(query).fetchall()
    assert "printed: " in run("explain", *CELL[:3], f"@{row}", "basic").stdout
    refused = run("explain", *CELL[:3], address.format(row), "basic", code=2).output
    assert "a document of the format text has no pages, expected a row such as @92" in " ".join(refused.split())
    refused = run("--lang", "zh", "explain", *CELL[:3], address.format(row), "basic", code=2).output
    assert "格式的文件不分页" in refused


def test_the_sheet_of_corrections_names_page_and_row(run: Run, tmp_path: Path, place: tuple[int, int]) -> None:
    page, row = place
    run("correct", "001001/2024", tmp_path / "correct.xlsx")
    sheet = load_workbook(tmp_path / "correct.xlsx").worksheets[0]
    (heading, *rows) = sheet.iter_rows(values_only=True)
    assert f"第{page}页第{row}行" in [line[heading.index("文件行号")] for line in rows]


def test_a_page_knows_how_many_rows_a_page_has(run: Run, tmp_path: Path, place: tuple[int, int]) -> None:
    run("page", tmp_path / "pages")
    page = (tmp_path / "pages/2024/001001.html").read_text(encoding="utf-8")
    assert f'data-file="2024.pdf" data-rows-a-page="{ROWS_A_PAGE}"' in page
