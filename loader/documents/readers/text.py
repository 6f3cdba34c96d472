"""Text documents: one table row per line, with tabs between the cells."""

from __future__ import annotations

import re

from loader.documents.grid import Cell, Document, DocumentError, Grid, Row, plain_cells, plain_row
from loader.documents.readers.aligned.faults import remarks_on
from loader.documents.readers.aligned.tables import alignment, tables_in
from loader.documents.readers.aligned.words import Word, width_of
from loader.documents.readers.cell_text import text_of
from loader.documents.readers.encoding import decode
from loader.documents.readers.sheet import MAX_CELLS, check_size
from loader.documents.readers.text_end import cut_off_in
from loader.documents.remembered import remembered

_PIECE = re.compile(r"\s+|\S+")
_WIDTHS = (2, 1)  # of a Chinese character: terminals show them twice as wide, some programs count characters
_SEARCHED = 5_000_000  # characters: three hundred units with all their forms; each word takes memory
_SHORT_LINE = 1000  # characters; longer lines hardly come twice, and a cache of them would keep whole documents
_OTHER_ENDS = "\u2028\x85\x0b"  # of lines, where a text has no usual ones; else they are breaks within a cell


def read(content: bytes, file_name: str) -> Document:
    """One grid: a line is a row; lines with a tab belong to tables, the others are paragraphs."""
    decoded = decode(content)
    if decoded.is_binary:
        raise DocumentError(f"{file_name}: binary data of an unknown format, expected a document with tables")
    text = lines_ended_alike(decoded.text)
    # the worst texts are all line ends, or all tabs
    check_size(file_name, text.count("\n") // 4)
    rows = []
    widths = []
    count = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line:
            continue
        tabs = line.count("\t")
        if count + tabs > MAX_CELLS:
            check_size(file_name, count + tabs)
        cells = _known_cells(line) if len(line) <= _SHORT_LINE else _cells(line)
        if cells:
            rows.append(plain_row(number, cells, tabs > 0))
            widths.append(tabs)
            count += len(cells)
    remarks = decoded.remarks
    if not any(widths):
        rows, said = _aligned(_pages_of(decoded.text) if "\x0c" in decoded.text else [text.split("\n")], rows)
        remarks = (*remarks, *said)
    cut_off = cut_off_in(rows, widths, decoded.text, decoded.is_cut)
    return Document(file_name, "text", (Grid("text", tuple(rows)),), remarks, cut_off=cut_off)


def _pages_of(text: str) -> list[list[str]]:
    """The lines of each page. A form feed ends a page, and a line."""
    return [page.split("\n") for page in text.replace("\r\n", "\n").replace("\r", "\n").split("\x0c")]


def _aligned(pages: list[list[str]], rows: list[Row]) -> tuple[list[Row], list[str]]:
    """The rows of a text without tabs, whose columns may stand below one another, and remarks on its tables. On each
    page they may stand elsewhere."""
    if sum(len(line) + 1 for lines in pages for line in lines) > _SEARCHED:
        return rows, [f"no tables without separators were looked for in a text of more than {_SEARCHED:,} characters"]
    wide = max(_WIDTHS, key=lambda wide: alignment(_words_of(line, wide) for lines in pages for line in lines))
    found: dict[int, tuple[Cell, ...]] = {}
    read, unread = 0, []
    first = 1
    for lines, tables in zip(
        pages, tables_in([[_words_of(line, wide) for line in lines] for lines in pages]), strict=True
    ):
        for table in tables:
            if table.fault is None:
                read += 1
                found |= {first + number: cells for number, cells in table.rows.items()}
            else:
                unread.append((first + min(table.rows), table.fault))
        first += len(lines)
    rows = [plain_row(row.number, found[row.number], True) if row.number in found else row for row in rows]
    rows = [row for row in rows if row.cells]  # but for lines that were joined to those above
    return rows, remarks_on(read, unread, are_pages=False)


def lines_ended_alike(text: str) -> str:
    """The text with a line feed at the end of each line."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x0c" in text:
        text = text.replace("\x0c", "\n")
    if "\n" not in text:
        for end in _OTHER_ENDS:
            if end in text:
                return text.replace(end, "\n")
    return text


def _cells(line: str) -> tuple[Cell, ...]:
    """The cells of a line, without the blank ones."""
    if line.isprintable() or line.replace("\t", "").isprintable():
        return plain_cells(map(str.strip, line.split("\t")))
    return plain_cells(text_of([entry]) for entry in line.split("\t"))


def _words_of(line: str, wide: int) -> list[Word]:
    """The words of a line and where they stand, if a Chinese character is as wide as so many Latin ones."""
    words: list[Word] = []
    at = 0
    for piece in _PIECE.findall(line):
        width = len(piece) if wide == 1 else width_of(piece, wide)
        if not piece.isspace():
            words.append(Word(piece, at, at + width))
        at += width
    return words


# forms repeat one another's lines, and documents the headers, labels and zeros
_known_cells = remembered(20_000)(_cells)
