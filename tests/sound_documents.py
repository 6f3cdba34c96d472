"""The sample in every format, without any mess, and ways to change what is in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from functools import cache

from synthetic import pages, workbooks
from synthetic.workbooks import sheets_of, zipped
from tests.conftest import SAMPLE
from tests.test_formats import EXPECTED, figures, texts

TEXT = SAMPLE.read_text(encoding="utf-8")
SHEETS = sheets_of(TEXT)
FIGURES = figures(EXPECTED)
TEXTS = texts(EXPECTED)


@cache
def sound(kind: str) -> bytes:
    """The sample in one format, without any mess."""
    forms = pages.forms_of(TEXT)
    match kind:
        case "docx":
            return pages.docx_of(TEXT)
        case "ofd":
            return pages.ofd(pages.drawings_of(forms))
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
