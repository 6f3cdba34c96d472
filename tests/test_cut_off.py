"""Documents that break off say so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from loader.documents.readers import read
from tests.conftest import Run
from tests.sound_documents import TEXT, archived, commas, sound


def until(content: bytes, mark: str, more: int) -> bytes:
    """What a document holds as far as some bytes behind a mark."""
    return content[: content.index(mark.encode()) + more]


CUT_OFF: dict[str, tuple[Callable[[], bytes], str]] = {
    "a page within a table": (lambda: until(sound("html"), "支出总表", 5000), "within a table, in row"),
    "a page between tables": (lambda: until(sound("html"), "</table>", 8) + b"</td></tr></table>", "closing tags"),
    "a text within a row": (lambda: until(TEXT.encode(), "\t一般行政管理事务\t", 30), "within a row of a table, line"),
    "a text within the blank cells of a row": (
        lambda: until(TEXT.encode(), "\t住房改革支出\t", 32),
        "within a row of a table, line",
    ),
    "a text within a character": (lambda: until(TEXT.encode(), "一般行政管理事务", 2), "within a character, in line"),
    "csv within a row": (
        lambda: commas()[: commas().index("一般行政管理事务")].encode(),
        "within a row of a table, line",
    ),
    "csv within quotation marks": (lambda: commas().encode() + b'"one\ntwo', "is not closed"),
    "a web archive": (lambda: archived()[:-30000], "closing tags|within a table|boundary"),
}


@pytest.mark.parametrize("way", CUT_OFF)
def test_a_document_that_breaks_off_says_so(way: str) -> None:
    make, place = CUT_OFF[way]
    [said] = read(make(), "a").cut_off
    assert re.search(place, said)


def test_a_load_says_that_a_document_breaks_off(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "001001.html"
    path.write_bytes(until(sound("html"), "一般公共预算支出表", 9000))
    said = run("load", path).stderr
    assert "001001.html: incomplete: the page ends within a table, in row" in said
    assert "001001.html: incomplete: the contents name" in said
    kinds = database.execute("select count(*) from meta.finding where kind in ('incomplete', 'forms_cut_off')")
    assert kinds.fetchone() == (2,)
