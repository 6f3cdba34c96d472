"""Figures that narrow columns break over lines: the row that they are of, if it is certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from loader.documents.grid import Cell
from loader.documents.readers.aligned.words import AMOUNT, is_amount
from loader.documents.wording import join_lines

# an amount of two decimals without its end
_BEGUN = re.compile(r"-?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d?)?|\d{1,3}(?:,\d{3})*,\d{0,2})")
_END = re.compile(r"[\d,]*\.?\d{1,2}|[\d,]+\.?")  # what stands below it
_POINT = 1  # letter; it takes less room than a digit
_SHORT_CODE = 4  # digits; those of two stand in columns of their own
_LONGEST_CODE = 9  # digits

Rows = Mapping[int, tuple[Cell, ...]]  # by the numbers of their lines


class Joined(NamedTuple):
    """The rows of a table after their lines were joined, and whether some remain broken."""

    rows: Rows
    is_broken: bool


def joined_over_lines(rows: Rows) -> Joined:
    """The rows of a table, the ends of amounts joined to the row above; their own lines are left blank.

    Amounts are broken where their column ends: none that is whole is longer than what the others begin with. If that
    holds, but some are not whole then, the rows stay as they are; so they do if all that goes on may be the numbers of
    pages or footnotes.
    """
    joined: dict[int, tuple[Cell, ...]] = {}
    begun: dict[int, dict[int, str]] = {}  # column → line → what a broken amount begins with
    is_certain = False
    last: int | None = None
    for number in sorted(rows):
        cells = rows[number]
        above = {cell.column: cell for cell in joined[last]} if last is not None else {}
        ends = [cell for cell in cells if _is_end(cell, above)]
        if last is None or not ends or not all(cell in ends or _may_go_on(cell, above) for cell in cells):
            joined[number], last = cells, number
            continue
        is_certain |= not _may_be_page_number(cells, above)
        for cell in cells:
            before = above.get(cell.column)
            if before is not None and cell in ends:
                begun.setdefault(cell.column, {}).setdefault(last, before.text)
            above[cell.column] = cell if before is None else before._replace(text=_together(before.text, cell.text))
        joined[last], joined[number] = tuple(above[column] for column in sorted(above)), ()
    narrow = {column for column, parts in begun.items() if _is_narrow(column, parts, rows)}
    whole = {column: [AMOUNT.fullmatch(text) for text in _texts(column, joined, begun[column])] for column in begun}
    if is_certain and narrow == begun.keys() and all(all(whole[c]) and _is_whole(c, joined) for c in begun):
        return Joined(joined, _has_broken_codes(joined))
    return Joined(rows, any(any(whole[column]) for column in narrow) or _has_broken_codes(rows))


def _is_end(cell: Cell, above: Mapping[int, Cell]) -> bool:
    """Whether a cell is the end, or the next part, of the amount above it."""
    before = above.get(cell.column)
    if before is None or not _BEGUN.fullmatch(before.text) or not _END.fullmatch(cell.text):
        return False
    whole = before.text + cell.text
    return bool(AMOUNT.fullmatch(whole) or _BEGUN.fullmatch(whole)) and "." in whole


def _may_go_on(cell: Cell, above: Mapping[int, Cell]) -> bool:
    """Whether a cell without an amount may go on with what stands above it: words, or the digits of a code."""
    before = above.get(cell.column)
    if not any(map(str.isdigit, cell.text)):
        return before is None or not AMOUNT.fullmatch(before.text)
    if before is None or not (cell.text.isdigit() and before.text.isdigit()):
        return False
    return len(cell.text) <= len(before.text) <= _LONGEST_CODE - len(cell.text)


def _may_be_page_number(cells: Sequence[Cell], above: Mapping[int, Cell]) -> bool:
    """Whether all that a line holds is a digit below an amount that may lack none, as one of one decimal."""
    return len(cells) == 1 and cells[0].text.isdigit() and "." in above[cells[0].column].text[:-1]


def _together(above: str, below: str) -> str:
    return above + below if above[-1:].isdigit() or below[:1] in ".," else join_lines([above, below], wrapped=True)


def _is_narrow(column: int, begun: Mapping[int, str], rows: Rows) -> bool:
    """Whether no whole amount of a column is longer than what the broken ones begin with."""
    room = max(map(len, begun.values())) + _POINT
    return all(len(text) <= room for text in _texts(column, rows, rows) if AMOUNT.fullmatch(text))


def _is_whole(column: int, rows: Rows) -> bool:
    """Whether no amount of a column lacks its end. Rows without amounts only number the columns."""
    with_amounts = [number for number, cells in rows.items() if any(is_amount(cell.text) for cell in cells)]
    return not any(_BEGUN.fullmatch(text) for text in _texts(column, rows, with_amounts))


def _texts(column: int, rows: Rows, numbers: Iterable[int]) -> list[str]:
    return [cell.text for number in numbers for cell in rows[number] if cell.column == column]


def _has_broken_codes(rows: Rows) -> bool:
    """Whether the end of a code stands in a line of its own, without an amount."""
    filled = [rows[number] for number in sorted(rows) if rows[number]]
    for above, below in pairwise(filled):
        if any(is_amount(cell.text) for cell in below):
            continue
        codes = {cell.column: len(cell.text) for cell in above if cell.text.isdigit()}
        for cell in below:
            length = codes.get(cell.column, 0)
            if cell.text.isdigit() and (len(cell.text) == 1 < length or len(cell.text) <= 2 < _SHORT_CODE <= length):
                return True
    return False
