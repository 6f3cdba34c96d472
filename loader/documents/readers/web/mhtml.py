"""Web archives (MHTML), as browsers, Excel and report servers save pages: every page in them."""

from __future__ import annotations

import codecs
import email
import posixpath
import re
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message
from functools import cached_property, partial
from urllib.parse import unquote, urljoin

from loader.documents.grid import Document, DocumentError, Grid
from loader.documents.readers.web import html

_HIDDEN = re.compile(rb"<x:Visible>Sheet(?:Very)?Hidden<")
_HEAD = 20_000  # bytes; the options of a sheet stand in the head of its page


def read(content: bytes, file_name: str) -> Document:
    """One grid for each page that shows something."""
    grids: list[Grid] = []
    remarks: list[str] = []
    cut_off: list[str] = []
    archive = email.message_from_bytes(content.removeprefix(codecs.BOM_UTF8).lstrip())
    parts = _Parts(archive)
    for part in archive.walk():
        page = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(page, bytes) and page.strip():
            place = posixpath.basename(str(part.get("Content-Location", ""))) or "html"
            if _is_hidden_sheet(page[:_HEAD]):
                remarks.append(f"the hidden sheet {place!r} was left out")
                continue
            location = str(part.get("Content-Location", ""))
            document = html.read(page, file_name, partial(parts.content, location))
            grids += [Grid(place, grid.rows) for grid in document.grids if grid.rows]
            remarks += document.remarks
            cut_off += document.cut_off
    if not grids:
        raise DocumentError(f"{file_name}: a web archive without pages, expected a disclosure")
    if not cut_off and any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in archive.defects):
        cut_off.append("the web archive ends without its closing boundary: is it cut off?")
    # an archive of many pages says the same of each
    said, ends = dict.fromkeys(remarks), dict.fromkeys(cut_off)
    return Document(file_name, "mhtml", tuple(grids), tuple(said), cut_off=tuple(ends))


class _Parts:
    """What an archive holds beside its pages."""

    def __init__(self, archive: Message) -> None:
        self._archive = archive
        self._decoded: dict[int, bytes | None] = {}

    @cached_property
    def _places(self) -> dict[str, Message]:
        """The parts by their addresses; of several with one address the first."""
        places: dict[str, Message] = {}
        for part in self._archive.walk():
            for place in (str(part.get("Content-Location", "")), f"cid:{str(part.get('Content-ID', '')).strip('<>')}"):
                places.setdefault(place, part)
                places.setdefault(unquote(place), part)
        return places

    def content(self, location: str, address: str) -> bytes | None:
        """The part with an address as the page at ``location`` names it; None if the archive has none."""
        part = self._places.get(unquote(urljoin(location, address))) or self._places.get(address)
        if part is None:
            return None
        if id(part) not in self._decoded:
            found = part.get_payload(decode=True)
            self._decoded[id(part)] = found if isinstance(found, bytes) else None
        return self._decoded[id(part)]


def _is_hidden_sheet(head: bytes) -> bool:
    """Whether a page is a hidden sheet, as Excel says in its head. A page that is a whole workbook is none."""
    options = head.partition(b"<x:WorksheetOptions>")[2].partition(b"</x:WorksheetOptions>")[0]
    return b"<x:ExcelWorkbook>" not in head and _HIDDEN.search(options) is not None
