"""Text documents whose tables have a row a line and tabs between the cells."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from loader.documents.grid import Cell, Document, DocumentError, Grid, Row
from loader.documents.readers.sheet import check_size

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_SHORT_LINE = 1000  # characters; longer lines hardly come twice, and a cache of them would keep whole documents
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def decode(content: bytes) -> str | None:
    """The text of UTF-8, UTF-16 or GB18030 bytes, or None where they are no text."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _decoded(content, encoding)
    sample = content[:4096]
    if b"\x00" in sample:
        # UTF-16 without a mark: tabs and digits leave zero bytes on one side only
        little = sample[1::2].count(0) >= sample[0::2].count(0)
        return _decoded(content, "utf-16-le" if little else "utf-16-be")
    return _decoded(content, "utf-8") or _decoded(content, "gb18030")


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        decoded = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(decoded) else decoded


def read(content: bytes, file_name: str) -> Document:
    """One grid: a line is a row; lines with a tab belong to tables, the others are paragraphs."""
    decoded = decode(content)
    if decoded is None:
        raise DocumentError(f"{file_name}: binary data of an unknown format, expected a document with tables")
    # the worst texts are all line ends, or all tabs
    check_size(file_name, sum(map(decoded.count, _LINE_ENDS)) // 4)
    rows = []
    count = 0
    for number, line in enumerate(decoded.splitlines(), start=1):
        check_size(file_name, count + line.count("\t"))
        cells = _known_cells(line) if len(line) <= _SHORT_LINE else _cells(line)
        if cells:
            rows.append(Row(number, cells, in_table="\t" in line))
            count += len(cells)
    return Document(file_name, "text", (Grid("text", tuple(rows)),))


def _cells(line: str) -> tuple[Cell, ...]:
    """The cells of a line, without the blank ones."""
    return tuple([Cell(text, column) for column, text in enumerate(map(str.strip, line.split("\t"))) if text])


# forms repeat one another's lines, and documents the headers, labels and zeros
_known_cells = lru_cache(maxsize=20_000)(_cells)
