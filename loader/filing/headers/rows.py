"""Which rows of a table may belong to a header, and which rows number the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from loader.documents.grid import Cell, Row
from loader.documents.remembered import remembered
from loader.documents.wording import figure, fold, is_total, without_money_unit
from loader.filing.headers.template_paths import header_words
from loader.filing.headers.words import PARTS, spelling
from loader.filing.headers.years import BARE_YEAR, is_of_a_stage, without_year

_LONGEST_HEADER = 80  # characters: a longer cell is a sentence, such as a performance goal


@remembered(50_000)
def _header_role(text: str) -> str | None:
    """The role of a cell in a header: a known word, a year, a figure or other text; None if it cannot be in a
    header."""
    if len(text) > _LONGEST_HEADER:
        return None
    shown = figure(text)
    if shown is not None and shown.decimals:
        return None
    folded = spelling(without_money_unit(fold(text)))
    if folded in header_words() or without_year(folded) in header_words() or is_of_a_stage(folded):
        return "word"
    if shown is None:
        return "year" if BARE_YEAR.fullmatch(folded) else "other"
    return "figure"


def is_code_part(text: str) -> bool:
    """Whether a cell says 类, 款 or 项."""
    return fold(text) in PARTS


def is_header_word(text: str) -> bool:
    """Whether a cell holds a word from the header of some form."""
    return _header_role(text) == "word"


def words_by_column(row: Row) -> tuple[tuple[int, str], ...]:
    """The columns and folded words of a row, by which a repeated header is known."""
    return tuple([(cell.column, fold(cell.text)) for cell in row.cells])


def is_header_row(row: Row) -> bool:
    """Whether a row may belong to a header.

    It has no figure with decimals, is no row of 合计, and at least half of its cells are header words. If cells of it
    reach into the row below, one is enough: some offices print columns that no form has.
    """
    # the figures of a body stand on the right
    return row.in_table and _header_role(row.cells[-1].text) is not None and _may_be_heads(row.cells)


@remembered(10_000)  # headers and rows of words repeat
def _may_be_heads(cells: tuple[Cell, ...]) -> bool:
    words = figures = years = 0
    for cell in cells:
        role = _header_role(cell.text)
        if role is None:
            return False
        if role == "word":
            words += 1
        elif role == "figure":
            figures += 1
        elif role == "year":
            years += 1
    words += years if years > 1 else 0  # a single year is a date
    if not words or (figures and (is_total(cells[0].text) or words == 1)):
        return False
    is_most = words >= (len(cells) + 1) // 2
    reaches_down = not is_most and not figures and any(cell.row_span > 1 for cell in cells)
    return (is_most or reaches_down) and not _number_columns(cells)


_NUMBERING = frozenset({"栏次", "行次", "*", "**"})
_COUNTED = re.compile(r"[1-9]\d?")
_SUM = re.compile(r"=[\d+()-]+$")  # 1=2+3
_BEGINS_NUMBERING = _NUMBERING | {"类", "1"}
_BEGINS_HEADS = _BEGINS_NUMBERING.union(PARTS)

_MOST_LEFT_OUT = 2  # numbers without a word beside them


def is_numbering(row: Row) -> bool:
    """Whether a row numbers the columns: 栏次 | 1 | 2 | 3, or the numbers alone.

    An office that deletes a column leaves out its number.
    """
    return _number_columns(row.cells)


def says_only_heads(row: Row) -> bool:
    """Whether a row below a header numbers the columns, or says nothing but 类, 款 and 项."""
    if _without_sum(row.cells[0].text) not in _BEGINS_HEADS:
        return False
    return is_numbering(row) or all(is_code_part(cell.text) for cell in row.cells)


def _number_columns(cells: Sequence[Cell]) -> bool:
    if not _begins_numbering(cells[0].text):
        return False
    texts = [_without_sum(cell.text) for cell in cells]
    numbers = [text for text in texts if text not in _NUMBERING and text not in PARTS]
    if not all(map(_COUNTED.fullmatch, numbers)):
        return False
    has_word = len(numbers) < len(texts) and not _NUMBERING.isdisjoint(texts)
    counted = list(map(int, numbers))
    left_out = counted[-1] - len(counted) if counted else 0
    if any(one >= other for one, other in pairwise(counted)):
        return False
    return has_word or (len(numbers) > 2 and left_out <= min(_MOST_LEFT_OUT, len(numbers) - 3))


def _begins_numbering(text: str) -> bool:
    return _without_sum(text) in _BEGINS_NUMBERING


@remembered(50_000)
def _without_sum(text: str) -> str:
    return _SUM.sub("", fold(text))
