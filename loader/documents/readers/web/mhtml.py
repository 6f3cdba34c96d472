"""Web archives (MHTML), as browsers, Excel and report servers save pages: every page in them."""

from __future__ import annotations

import codecs
import email
import posixpath
import re
from dataclasses import dataclass
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message
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
    for part in archive.walk():
        page = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(page, bytes) and page.strip():
            place = posixpath.basename(str(part.get("Content-Location", ""))) or "html"
            if _is_hidden_sheet(page[:_HEAD]):
                remarks.append(f"the hidden sheet {place!r} was left out")
                continue
            document = html.read(page, file_name, _Parts(archive, str(part.get("Content-Location", ""))).content)
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


@dataclass(frozen=True, slots=True)
class _Parts:
    """What an archive holds beside a page, which stands at ``location``."""

    archive: Message
    location: str

    def content(self, address: str) -> bytes | None:
        """The part with an address as the page names it; None if the archive has none."""
        whole = unquote(urljoin(self.location, address))
        for part in self.archive.walk():
            places = str(part.get("Content-Location", "")), f"cid:{str(part.get('Content-ID', '')).strip('<>')}"
            if whole in map(unquote, places) or address in places:
                found = part.get_payload(decode=True)
                return found if isinstance(found, bytes) else None
        return None


def _is_hidden_sheet(head: bytes) -> bool:
    """Whether a page is a hidden sheet, as Excel says in its head. A page that is a whole workbook is none."""
    options = head.partition(b"<x:WorksheetOptions>")[2].partition(b"</x:WorksheetOptions>")[0]
    return b"<x:ExcelWorkbook>" not in head and _HIDDEN.search(options) is not None
