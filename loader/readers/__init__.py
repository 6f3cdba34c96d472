"""Readers: one file a format, all giving the same grids. The format is told by the content, never by the name."""

from __future__ import annotations

from loader.grid import Document, DocumentError
from loader.readers import text


def read(content: bytes, file_name: str) -> Document:
    """Read a document of any known format; DocumentError where it is empty, binary or of an unknown format."""
    if not content.strip(b"\x00 \t\r\n"):
        raise DocumentError(f"{file_name}: empty, expected a disclosure")
    decoded = text.decode(content)
    if decoded is None:
        raise DocumentError(f"{file_name}: binary data of an unknown format, expected a text document with tables")
    return text.read(decoded, file_name)
