"""Lines → tables: what stands in one column is found by the gaps that all rows of a table leave, figures first, because
a text may reach into a column that is blank beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from loader.documents.readers.aligned.aligned_table import AlignedTable
from loader.documents.readers.aligned.blocks import blocks_of, tables_of_block
from loader.documents.readers.aligned.broken import joined_over_lines
from loader.documents.readers.aligned.columns import apart_from, cells_in, columns_of, one_below_each, without_figures
from loader.documents.readers.aligned.faults import (
    BROKEN,
    UNCLEAR,
    are_shared,
    has_broken_figures,
    has_joined_figures,
    is_clear,
)
from loader.documents.readers.aligned.heads import headed, header_of, heads_apart, leaves_of
from loader.documents.readers.aligned.parts import Parts
from loader.documents.readers.aligned.words import Line, Word, amounts_apart, is_amount, parts_of
from loader.documents.readers.aligned.wrapped_labels import with_labels_joined
from loader.documents.wording import figure, fold

_FEWEST_ROWS = 3  # with a figure, or figures in one row; less may stand below one another by chance
_FEWEST_COLUMNS = 2
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[、）)]")  # 一、 （一）: labels of rows
_UNIT = re.compile("[百千万亿]{0,2}元")  # of money, below 金额单位：
_LEVELS = {"类", "款", "项"}  # heads of the parts of a code
_OF_NUMBERS = {"栏次", "行次", "**"}  # in the row of the numbers of columns
_MOST_COLUMNS = 100  # and texts of a line; the widest tables have seventy


def tables_in(pages: Sequence[Sequence[Line]]) -> list[list[AlignedTable]]:
    """The tables that the lines of each page form. Blank lines part them, and so do those with too many texts.

    If a table goes on beyond a page or a blank line, none of its parts is relied on unless all are.
    """
    pages = [[amounts_apart(line) for line in lines] for lines in pages]
    parts_on = [
        {number: texts for number, line in enumerate(lines) if line and len(texts := parts_of(line)) <= _MOST_COLUMNS}
        for lines in pages
    ]
    is_flush = _end_flush([texts for parts in parts_on for texts in parts.values()])
    found = Parts(pages)
    for page, (lines, parts) in enumerate(zip(pages, parts_on, strict=True)):
        for numbers in blocks_of(list(parts)):
            for own in tables_of_block(numbers, parts):
                rows = {number: parts[number] for number in own}
                found.add(page, _table(rows, lines, is_flush), rows)
    return found.tables()


def alignment(lines: Iterable[Line]) -> int:
    """How many figures and texts end or begin right below those of the line before."""
    edges: list[set[tuple[bool, float]]] = []
    for line in lines:
        parts = ((part, figure(part.text) is not None) for part in parts_of(line))
        edges.append({(is_figure, part.x1 if is_figure else part.x0) for part, is_figure in parts if part.x0})
    return sum(len(above & below) for above, below in pairwise(edges))


def _end_flush(lines: Sequence[Sequence[Word]]) -> bool:
    """Whether amounts of different length end, rather than begin, below one another."""
    ends = begins = 0
    for above, below in pairwise([[part for part in line if is_amount(part.text)] for line in lines]):
        ending = {_place(part.x1): len(part.text) for part in below}
        beginning = {_place(part.x0): len(part.text) for part in below}
        ends += sum(ending.get(_place(part.x1), len(part.text)) != len(part.text) for part in above)
        begins += sum(beginning.get(_place(part.x0), len(part.text)) != len(part.text) for part in above)
    return ends >= begins


def _place(edge: float) -> int:
    """An edge of a text, on pages without the fractions by which it differs from those below it."""
    return round(edge * 2)


def _table(parts: dict[int, list[Word]], lines: Sequence[Line], is_flush: bool) -> AlignedTable | None:
    """The table of some lines, if they are one. ``is_flush``: its figures end below one another."""
    body = [number for number, line in parts.items() if any(figure(part.text) for part in line)]
    if not _are_figures([parts[number] for number in body]):
        return None
    parts = _below_fields(parts, body[0])
    if any({word.text for word in lines[number]} >= _LEVELS for number in parts if number < body[0]):
        parts = {number: _codes_apart(line, lines[number]) for number, line in parts.items()}
    rows_of_figures = [parts[number] for number in body]
    rows_of_figures = [row for row in rows_of_figures if not _numbers_columns(row)] or rows_of_figures
    columns = columns_of(rows_of_figures)
    if len(columns) > _MOST_COLUMNS:
        return _unclear(parts, ())
    labels = (number for number in parts if any(_NUMBERED.match(part.text) for part in parts[number]))
    first = min(body[0], next(labels, body[0]))
    heads = {number: heads_apart(parts[number], lines[number], columns) for number in parts if number < first}
    words = tuple(word.text for number in sorted(heads) for word in lines[number])
    if all(len(own) == 1 for own in heads.values()):
        words = ()  # rows without figures
    leaves = leaves_of(heads)
    if len(leaves) > _MOST_COLUMNS:
        return _unclear(parts, words)
    figures = one_below_each(columns, [head for _, head in leaves], rows_of_figures)
    columns, column_of = headed(figures, leaves, is_flush, without_figures(figures, rows_of_figures))
    words_only = parts.keys() - heads.keys() - {*body}
    texts = (part for number in words_only for part in parts[number])
    order = sorted([*columns, *apart_from(columns, texts)])
    if len(order) < _FEWEST_COLUMNS:
        return None
    if len(order) > _MOST_COLUMNS:
        return _unclear(parts, words)
    places = [order.index(column) for column in columns]
    printed = {number: cells_in(lines[number], order) for number in parts if number not in heads}
    header, is_sure = header_of(heads, {head: places[column] for head, column in column_of.items()}, order)
    unwrapped, lacks_labels = with_labels_joined(printed)
    joined, is_broken = joined_over_lines(unwrapped)
    rows = {**joined, **header}
    without_column = [head for number, head in leaves if (number, head) not in column_of]
    fault = None
    if is_broken or has_broken_figures([rows[number] for number in sorted(rows)]):
        fault = BROKEN
    elif (
        not is_sure
        or lacks_labels
        or any(map(has_joined_figures, rows.values()))
        or not is_clear(rows_of_figures, figures, leaves, column_of, is_flush)
        or are_shared(rows_of_figures, columns, without_column)
    ):
        fault = UNCLEAR
    return AlignedTable(order, rows, fault, words)


def _numbers_columns(row: Sequence[Word]) -> bool:
    """Whether a row only numbers the columns (栏次 | 1 | 2 | 3): its figures may stand elsewhere than those below."""
    texts = [text for part in row if (text := fold(part.text)) not in _OF_NUMBERS]
    is_row = len(texts) > 1 or 0 < len(texts) < len(row)
    return is_row and texts == [str(number) for number in range(1, len(texts) + 1)]


def _below_fields(parts: dict[int, list[Word]], until: int) -> dict[int, list[Word]]:
    """The lines of a table without the fields above its heads (单位：…) and what is above these. Its first figures are
    in line ``until``. A money unit may end below its field (金额单位：万 and 元)."""
    last = -1
    for number in parts:
        if number < until:
            ends_unit = last >= 0 and any(_UNIT.fullmatch(part.text) for part in parts[number])
            if ends_unit or any(":" in fold(part.text) for part in parts[number]):
                last = number
    return {number: line for number, line in parts.items() if number > last}


def _codes_apart(parts: Sequence[Word], line: Line) -> list[Word]:
    """The texts of a line with 类, 款 and 项, or below these, where parts of codes may have only a space between."""
    apart: list[Word] = []
    for part in parts:
        words = [word for word in line if part.x0 <= word.x0 and word.x1 <= part.x1]
        are_levels = all(word.text in _LEVELS or word.text.isdigit() for word in words)
        apart += words if are_levels else [part]
    return apart


def _unclear(numbers: Iterable[int], heads: tuple[str, ...]) -> AlignedTable:
    """A table of these lines whose columns are not known."""
    return AlignedTable([], dict.fromkeys(numbers, ()), UNCLEAR, heads)


def _are_figures(rows: Sequence[Sequence[Word]]) -> bool:
    """Whether rows have the figures of a table, not the numbers of a list: one row with several amounts, or some rows
    with one, or with several numbers."""
    amounts = [
        sum(any(mark in part.text for mark in ".,") and figure(part.text) is not None for part in row) for row in rows
    ]
    numbers = [sum(figure(part.text) is not None for part in row) for row in rows]
    enough = sum(amount > 0 or number > 1 for amount, number in zip(amounts, numbers, strict=True))
    return enough >= _FEWEST_ROWS or max(amounts, default=0) >= _FEWEST_ROWS
