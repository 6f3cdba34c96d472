"""Sheets saved as text (csv): a row a line, cells between commas, semicolons or tabs, quoted where they need it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from loader.documents.grid import Cell, Document, DocumentError, Grid, Row
from loader.documents.readers import text
from loader.documents.readers.sheet import MAX_COLUMNS, check_size
from loader.documents.wording import join_lines

_AS_FORMULA = re.compile(r'^="(.*)"$')  # how programs keep the zeros of 001001 from Excel


def read(content: bytes, file_name: str) -> Document:
    """One grid; a row has the number of its first line."""
    decoded = text.decode(content)
    if decoded is None:
        raise DocumentError(f"{file_name}: binary data of an unknown format, expected a document with tables")
    delimiter = max("\t,;", key=decoded.count)
    reader = csv.reader(_lines(decoded, delimiter, file_name), delimiter=delimiter)
    rows = []
    count = 0
    number = 1
    for entries in reader:
        texts = (join_lines([_AS_FORMULA.sub(r"\1", entry)]) for entry in entries)
        cells = tuple(Cell(printed, column) for column, printed in enumerate(texts) if printed)
        if cells:
            rows.append(Row(number, cells))
            count += len(cells)
            check_size(file_name, count)
        number = reader.line_num + 1
    return Document(file_name, "csv", (Grid("csv", tuple(rows)),))


def _lines(decoded: str, delimiter: str, file_name: str) -> Iterator[str]:
    for line in io.StringIO(decoded, newline=""):
        if line.count(delimiter) > MAX_COLUMNS:
            raise DocumentError(f"{file_name}: a line with more than {MAX_COLUMNS:,} cells, expected a disclosure")
        yield line
