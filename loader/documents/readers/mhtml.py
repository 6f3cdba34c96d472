"""Web archives (MHTML), as browsers, Excel and report servers save pages: every page in them."""

from __future__ import annotations

import email
import posixpath

from loader.documents.grid import Document, DocumentError, Grid
from loader.documents.readers import html


def read(content: bytes, file_name: str) -> Document:
    """One grid a page that shows something."""
    grids: list[Grid] = []
    remarks: list[str] = []
    for part in email.message_from_bytes(content.lstrip()).walk():
        page = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(page, bytes) and page.strip():
            document = html.read(page, file_name)
            place = posixpath.basename(str(part.get("Content-Location", ""))) or "html"
            grids += [Grid(place, grid.rows) for grid in document.grids if grid.rows]
            remarks += document.remarks
    if not grids:
        raise DocumentError(f"{file_name}: a web archive without pages, expected a disclosure")
    return Document(file_name, "mhtml", tuple(grids), tuple(remarks))
