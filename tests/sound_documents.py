"""The sample in every format, without any mess, what is in it, and ways to change that."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from functools import cache

import openpyxl

from loader.documents.grid import Cell, Document
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from synthetic import pages, workbooks
from synthetic.workbooks import sheets_of, zipped
from tests.conftest import SAMPLE

TEXT = SAMPLE.read_text(encoding="utf-8")
SHEETS = sheets_of(TEXT)


def filed(content: bytes, name: str = "001001_2024.xls") -> FiledDisclosure:
    """The only disclosure of a document."""
    disclosures = file_disclosures(read(content, name), "430202")
    assert len(disclosures) == 1
    return disclosures[0]


def figures(disclosure: FiledDisclosure) -> Counter[tuple[int | None, str | None, str | None, Decimal]]:
    """Every figure by form, row and column."""
    return Counter(
        (form.report_no, cell.row_key, cell.column_key, cell.amount)
        for form in disclosure.forms
        for cell in form.cells
        if cell.amount is not None
    )


def texts(disclosure: FiledDisclosure) -> Counter[tuple[int | None, str | None, str | None, str]]:
    """Every cell by form, row and column, without white space."""
    return Counter(
        (form.report_no, cell.row_key, cell.column_key, "".join(cell.text.split()))
        for form in disclosure.forms
        for cell in form.cells
    )


EXPECTED = filed(TEXT.encode())
FIGURES = figures(EXPECTED)
TEXTS = texts(EXPECTED)


def printed_in(document: Document) -> list[Cell]:
    """All cells of a document from top to bottom."""
    return [cell for grid in document.grids for row in grid.rows for cell in row.cells]


def saved(workbook: openpyxl.Workbook) -> bytes:
    """A workbook of openpyxl as bytes."""
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


@cache
def sound(kind: str) -> bytes:
    """The sample in one format, without any mess."""
    forms = pages.forms_of(TEXT)
    match kind:
        case "docx":
            return pages.docx_of(TEXT)
        case "ofd":  # forms 1 to 10: the others show nothing new on paper
            return pages.ofd(pages.drawings_of(forms[:8]))
    made: bytes = getattr(workbooks, kind)(SHEETS)
    return made


def members(content: bytes) -> dict[str, bytes]:
    """The files in a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def renamed(kind: str, change: Callable[[str], str]) -> bytes:
    """A package whose members have other names."""
    return zipped({change(name): content for name, content in members(sound(kind)).items()})


def replaced(kind: str, pattern: str, by: str | Callable[[re.Match[str]], str], part: str = "") -> bytes:
    """A document with its text or its parts changed by a regular expression, which must be found."""
    if not part:
        changed, count = re.subn(pattern, by, sound(kind).decode(), flags=re.DOTALL)
        assert count
        return changed.encode()
    found = members(sound(kind))
    total = 0
    for name in [name for name in found if name.startswith(part)]:
        changed, count = re.subn(pattern, by, found[name].decode(), flags=re.DOTALL)
        found[name] = changed.encode()
        total += count
    assert total
    return zipped(dict(found))


def main_part_elsewhere(kind: str, name: str, other: str) -> bytes:
    """A package whose main part has another name, as its relations and its list of types say."""
    family = "spreadsheetml.sheet" if kind == "xlsx" else "wordprocessingml.document"
    found: dict[str, str | bytes] = {
        member.replace(name, other): content.replace(f"{name}.xml".encode(), f"{other}.xml".encode())
        for member, content in members(sound(kind)).items()
    }
    content_type = f"application/vnd.openxmlformats-officedocument.{family}.main+xml"
    found["[Content_Types].xml"] = f'<Types><Override PartName="/{other}.xml" ContentType="{content_type}"/></Types>'
    return zipped(found)


def separated(delimiter: str, encoding: str) -> bytes:
    """All sheets as csv, with line breaks in some cells."""
    broken = [
        replace(s, cells=tuple(replace(c, text=c.text.replace("公积金", "公积\n金")) for c in s.cells)) for s in SHEETS
    ]
    return workbooks.csv(broken, delimiter, encoding)


def commas() -> str:
    return workbooks.csv(SHEETS, ",", "utf-8").decode().replace("\r", "")


def page(change: Callable[[str], str], encoding: str = "utf-8") -> bytes:
    """The page of the sample changed; something must have changed."""
    before = sound("html").decode()
    after = change(before)
    assert after != before or encoding != "utf-8"
    return after.encode(encoding)


def archived() -> bytes:
    """A page in a web archive, as Excel and report servers save it."""
    archive = MIMEMultipart("related")
    archive.attach(MIMEText("<html><body>框架</body></html>", "html", "utf-8"))
    archive.attach(MIMEText(sound("html").decode(), "html", "utf-8"))
    return archive.as_bytes()
