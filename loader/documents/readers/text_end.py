"""Signs that a text breaks off: its end, compared with the lines above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from loader.documents.grid import Row

_ROWS_ABOVE = 5  # the last row of a text is held against so many
_ALIKE_ROWS = 2  # rows that end like the last one show that it may be whole; above them may be the head
_ALIKE = 12  # figures of a table that show that it prints all with the same decimals
_ENDS = ("\n", "\r", "\x0c", "\x0b", "\x85", "\u2028")  # of lines
_CODE = re.compile(r"\d{1,7}")
_LONGEST_PAGE = 2  # digits of the number of a page; a code that breaks off as short looks like one
_FIELD = re.compile("[^：:，。]{2,10}[：:]")
_FIGURE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
_PIECE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})*,\d{0,2}|[\d,]*\d\.)")  # what no whole figure looks like


def cut_off_in(rows: Sequence[Row], widths: Sequence[int], text: str, is_cut: bool) -> tuple[str, ...]:
    """The place and the sign that a text breaks off; empty if it seems complete. A missing line end in the last line
    proves nothing.

    ``widths`` are the numbers of separators of all rows, ``text`` is the source of the rows, and ``is_cut`` says that
    its last character is incomplete.
    """
    if not rows:
        return ()
    last = rows[-1].number
    if is_cut:
        return (f"the text ends within a character, in line {last}: is it cut off?",)
    if text.endswith("\r") and text.count("\r") == text.count("\r\n") + 1 > 2:
        return (f"the text ends within a line break, in line {last}: is it cut off?",)
    if text.endswith(_ENDS):
        return ()
    if (_is_short(rows, widths) and not _may_be_stripped(rows, text)) or _is_lone_code(rows):
        return (f"the text ends within a row of a table, line {last}: is it cut off?",)
    if _ends_within_figure(rows, text):
        return (f"the text ends within a figure, in line {last}: is it cut off?",)
    return ()


def _is_short(rows: Sequence[Row], widths: Sequence[int]) -> bool:
    """Whether the last row has fewer cells, blank ones included, than each of the rows right above it."""
    if not rows[-1].in_table or _is_signed(rows[-1]):
        return False
    before = zip(rows[-2::-1], widths[-2::-1], strict=True)
    above = [width for _, width in islice(takewhile(lambda pair: pair[0].in_table, before), _ROWS_ABOVE)]
    # one row above tells less than several: it may be a head with more cells
    return bool(above) and min(above) > widths[-1] * (2 if len(above) == 1 else 1)


def _is_signed(row: Row) -> bool:
    """Whether a row is no row of the table above it, but the names of who signs (单位负责人：某某 | 制表人：某某)."""
    return len(row.cells) > 1 and all(_FIELD.match(cell.text) for cell in row.cells)


def _may_be_stripped(rows: Sequence[Row], text: str) -> bool:
    """Whether the last row may lack only blank cells, because a program has removed the white space at the end of the
    text: the rows directly above print nothing after its last cell, either."""
    if text[-1].isspace() or "\t" not in text.rpartition("\n")[2]:
        return False
    end = rows[-1].cells[-1].column
    above = list(islice(_table_above(rows), _ALIKE_ROWS))
    return len(above) == _ALIKE_ROWS and all(row.cells[-1].column <= end for row in above)


def _is_lone_code(rows: Sequence[Row]) -> bool:
    """Whether the last line consists of digits only, more than a page number has, directly below a table whose rows
    begin with codes. If other lines do so, too, they are page numbers."""
    last = rows[-1]
    if last.in_table or not _CODE.fullmatch(last.text) or len(last.text) <= _LONGEST_PAGE:
        return False
    above = list(islice(_table_above(rows), _ROWS_ABOVE))
    if len(above) < _ROWS_ABOVE or above[0].number != last.number - 1:
        return False
    codes = [row.cells[0].text for row in above if row.cells[0].column == 0]
    are_pages = any(not row.in_table and _CODE.fullmatch(row.text) for row in rows[:-1])
    if not codes or are_pages or not all(map(_CODE.fullmatch, codes)):
        return False
    if last.text[0] not in {code[0] for code in codes} or len(last.text) > max(map(len, codes)):
        return False  # no code of this classification, so the number of a page
    return last.text.ljust(len(codes[0]), "9") >= codes[0]  # codes ascend


def _ends_within_figure(rows: Sequence[Row], text: str) -> bool:
    """Whether a figure at the very end is incomplete, or has fewer decimals than all others of its table. A 0 may be
    printed alone if there is no money."""
    last = rows[-1]
    end = last.cells[-1]
    if not last.in_table or not text.endswith(end.text):
        return False
    places: dict[int, set[int]] = {}  # column → decimals of its figures
    count = 0
    for row in _table_above(rows):
        for cell in row.cells:
            if figure := _FIGURE.fullmatch(cell.text):
                places.setdefault(cell.column, set()).add(len(figure[1] or ""))
                count += bool(figure[1])
            elif cell.column == end.column and _PIECE.fullmatch(cell.text):
                return False
    decimals = places.get(end.column, {0})
    if _PIECE.fullmatch(end.text):
        return decimals != {0}
    found = _FIGURE.fullmatch(end.text)
    if found is None or end.text == "0" or count < _ALIKE or max(decimals) <= len(found[1] or ""):
        return False
    return len(set().union(decimals, *[held for held in places.values() if held != {0}])) == 1


def _table_above(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows of the last table above its last one, from the bottom up. Titles and money units are lines of their
    own."""
    return takewhile(lambda row: row.in_table and len(row.cells) > 1, rows[-2::-1])
