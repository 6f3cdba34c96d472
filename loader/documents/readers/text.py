"""Text documents whose tables have a row a line and tabs between the cells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, takewhile

from loader.documents.grid import Cell, Document, DocumentError, Grid, Row
from loader.documents.readers.cell_text import text_of
from loader.documents.readers.encoding import decode
from loader.documents.readers.sheet import check_size

_SHORT_LINE = 1000  # characters; longer lines hardly come twice, and a cache of them would keep whole documents
_OTHER_ENDS = "\u2028\x85\x0b"  # of lines, where a text has no usual ones; else they are breaks within a cell
_ROWS_ABOVE = 5  # the last row of a text is held against so many


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
        tabs = line.count("\t")
        check_size(file_name, count + tabs)
        cells = _known_cells(line) if len(line) <= _SHORT_LINE else _cells(line)
        if cells:
            rows.append(Row(number, cells, in_table=tabs > 0))
            widths.append(tabs)
            count += len(cells)
    cut_off = cut_off_in(rows, widths, decoded.is_cut, text.endswith("\n"))
    return Document(file_name, "text", (Grid("text", tuple(rows)),), decoded.remarks, cut_off=cut_off)


def lines_ended_alike(text: str) -> str:
    """The text with line feeds at the ends of its lines."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x0c" in text:
        text = text.replace("\x0c", "\n")
    if "\n" not in text:
        for end in _OTHER_ENDS:
            if end in text:
                return text.replace(end, "\n")
    return text


def cut_off_in(rows: Sequence[Row], widths: Sequence[int], is_cut: bool, is_ended: bool) -> tuple[str, ...]:
    """What tells that a text breaks off: its last character is cut, or its last line has no end and fewer cells, blank
    ones included, than each of the rows above it; ``widths`` are the cells of all rows."""
    if not rows:
        return ()
    last = rows[-1]
    if is_cut:
        return (f"the text ends within a character, in line {last.number}: is it cut off?",)
    if is_ended or not last.in_table:
        return ()
    before = zip(rows[-2::-1], widths[-2::-1], strict=True)
    above = list(islice(takewhile(lambda pair: pair[0].in_table, before), _ROWS_ABOVE))
    # one row above tells less than several: it may be a head with more cells
    if above and min(width for _, width in above) > widths[-1] * (2 if len(above) == 1 else 1):
        return (f"the text ends within a row of a table, line {last.number}: is it cut off?",)
    return ()


def _cells(line: str) -> tuple[Cell, ...]:
    """The cells of a line, without the blank ones."""
    if line.isprintable() or line.replace("\t", "").isprintable():
        return tuple([Cell(text, column) for column, text in enumerate(map(str.strip, line.split("\t"))) if text])
    texts = (text_of([entry]) for entry in line.split("\t"))
    return tuple([Cell(text, column) for column, text in enumerate(texts) if text])


# forms repeat one another's lines, and documents the headers, labels and zeros
_known_cells = lru_cache(maxsize=20_000)(_cells)
