"""Heads: which of them is that of which column, and what those above others span."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from loader.documents.grid import Cell
from loader.documents.readers.aligned.words import (
    EVEN,
    SPACE,
    Line,
    Span,
    Word,
    nearest_column,
    overlap,
    united,
    words_of,
)

_WORDS = re.compile(r"\w{2,}")
_BEYOND = 10.0  # a head hardly reaches beyond figures at the right end of its column

Key = tuple[int, Word]  # the number of a line, and a head in it


def leaves_of(heads: dict[int, list[Word]]) -> list[Key]:
    """The heads of columns, from the left: those that no other head is below."""
    leaves: list[Key] = []
    below: list[Span] = []  # where heads stand in lower lines
    for number in sorted(heads, reverse=True):
        for head in heads[number]:
            at = bisect_left(below, head.x1, key=itemgetter(0))  # those before it begin at the left of its end
            if not at or below[at - 1][1] <= head.x0:
                leaves.append((number, head))
        below = united([*below, *((head.x0, head.x1) for head in heads[number])])
    return sorted(leaves, key=lambda key: key[1].x0)


def heads_apart(parts: Iterable[Word], line: Line, columns: Sequence[Span]) -> list[Word]:
    """The heads of a line. Words with only a space between are heads of their own if each stands above a column of its
    own, and those a little further apart, as on pages, if some do and no column is below two."""
    heads: list[Word] = []
    for part in parts:
        words = words_of(part)
        own = _columns_below(words, columns)
        if len(set(own)) < len(words):
            words = _further_apart(part, line)
            own = _columns_below(words, columns)
            if not own or len(set(own)) < len(own):
                words = [part]
        heads += words
    return heads


def _columns_below(words: Sequence[Word], columns: Sequence[Span]) -> list[int]:
    nearest = [nearest_column(word, columns) for word in words]
    return [column for word, column in zip(words, nearest, strict=True) if overlap(word, columns[column])]


def _further_apart(part: Word, line: Line) -> list[Word]:
    """The pieces of a text with more than a space between them, by the words of its line."""
    pieces: list[Word] = []
    for word in line:
        if part.x0 <= word.x0 and word.x1 <= part.x1:
            if pieces and word.x0 - pieces[-1].x1 <= SPACE:
                pieces[-1] = Word(f"{pieces[-1].text} {word.text}", pieces[-1].x0, word.x1)
            else:
                pieces.append(word)
    return pieces


def headed(
    columns: list[Span], leaves: Sequence[Key], is_flush: bool, of_words: Set[int]
) -> tuple[list[Span], dict[Key, int]]:
    """The columns with those that are blank below their head, each as wide as its head and its figures together; and
    the heads of columns with the number of their column.

    Heads may stand beside the figures of their column: if these are at the right (``is_flush``), heads are in the
    middle or at the left. So they are taken together, in their order. ``of_words``: the numbers of the columns without
    figures, whose heads may be longer than the words.
    """
    widened = list(columns)
    column_of = dict(_nearest(leaves, columns, _BEYOND if is_flush else 0, of_words))
    for (_, head), column in column_of.items():
        start, end = columns[column]
        widened[column] = min(head.x0, start), max(head.x1, end)
    for key in leaves:
        if key not in column_of and not any(overlap(key[1], column) for column in widened):
            column_of[key] = len(widened)
            widened.append((key[1].x0, key[1].x1))
    return widened, column_of


class _Pairs(NamedTuple):
    """Heads and columns in pairs: their number below zero, their distances in all, the last and those before."""

    number: int
    distance: float
    last: tuple[Key, int] | None = None
    before: _Pairs | None = None


def _nearest(keys: Sequence[Key], columns: Sequence[Span], beyond: float, of_words: Set[int]) -> list[tuple[Key, int]]:
    """Heads and the numbers of columns in pairs: as many as there can be, in their order, with the least distances in
    all. What is beyond the right end of a column of figures counts ``beyond`` times."""
    none = _Pairs(0, 0.0)
    best = [none] * (len(columns) + 1)  # for the heads so far, and the columns before each number
    for key in keys:
        row = [none]
        for number, column in enumerate(columns):
            before = best[number]
            apart = max(0.0, column[0] - key[1].x1) + max(0.0, key[1].x0 - column[1]) * (beyond or 1)
            if number not in of_words:
                apart += beyond * max(0.0, key[1].x1 - column[1])
            paired = _Pairs(before.number - 1, before.distance + apart, (key, number), before)
            row.append(min(paired, best[number + 1], row[-1], key=itemgetter(0, 1)))
        best = row
    pairs = []
    found: _Pairs | None = best[-1]
    while found is not None and found.last is not None:
        pairs.append(found.last)
        found = found.before
    return pairs[::-1]


def header_of(
    heads: dict[int, list[Word]], column_of: dict[Key, int], columns: Sequence[Span]
) -> tuple[dict[int, tuple[Cell, ...]], bool]:
    """The lines of heads, and whether it is clear what each of them spans.

    A head above others spans their columns, and those beside them that no other head stands above, as far as it is in
    their middle; or to the right, if it is at their left end. What stands above a part that is lower than the heads
    beside it may be the beginning of one head, with those beside in the middle of its lines. Two words may be two heads
    of one column each.
    """
    is_clear = True
    line_of = {column: line for (line, _), column in column_of.items()}
    below = {*range(len(columns))}.difference(column_of.values())  # columns without a head, or with one in a lower line
    headers: list[tuple[int, list[Cell]]] = []
    for number in sorted(heads, reverse=True):
        own = {head: column_of[number, head] for head in heads[number] if (number, head) in column_of}
        spans = {head: (column, column) for head, column in own.items()}
        over = {
            head: [column for (line, lower), column in column_of.items() if line > number and _is_over(head, lower)]
            for head in heads[number]
            if head not in own
        }
        spans |= {head: (min(found), max(found)) for head, found in over.items() if found}
        free = below - {column for start, end in spans.values() for column in range(start, end + 1)}
        texts: dict[tuple[int, int], list[str]] = {}
        for head in heads[number]:
            if head in own:
                span = spans[head]
            else:
                near = nearest_column(head, columns)
                first, last = spans.get(head, (near, near))
                span, is_sure = _widened(head, (first, last), columns, free)
                beside = [
                    line_of[at] for at in range(span[0], span[1] + 1) if at in line_of and not first <= at <= last
                ]
                is_broken = bool(beside) and first == last and line_of.get(first, 0) > max(beside)
                run_together = span[0] < span[1] and len(_WORDS.findall(head.text)) > 1
                is_clear &= is_sure and not (is_broken or run_together)
                free.difference_update(range(span[0], span[1] + 1))
            texts.setdefault(span, []).append(head.text)
        found = [Cell(" ".join(words), start, end - start + 1) for (start, end), words in sorted(texts.items())]
        headers.append((number, found))
        below.update(own.values())
    is_clear &= not _run_together(headers)
    return {number: tuple(cells) for number, cells in _unbroken(headers)}, is_clear


def _is_over(head: Word, lower: Word) -> bool:
    return overlap(head, (lower.x0, lower.x1))


def _run_together(headers: list[tuple[int, list[Cell]]]) -> bool:
    """Whether several words of a line stand above several words of the next one in the same column: narrow heads, each
    broken over lines."""
    for (_, lower), (_, upper) in pairwise(headers):
        above = {cell.column for cell in upper if cell.column_span == 1 and " " in cell.text}
        if any(cell.column in above and cell.column_span == 1 and " " in cell.text for cell in lower):
            return True
    return False


def _unbroken(headers: list[tuple[int, list[Cell]]]) -> list[tuple[int, list[Cell]]]:
    """The lines of heads from the lowest up, with heads that are broken over lines in one: a head of one column has no
    other below it."""
    for (_, lower), (_, upper) in pairwise(headers):
        above = {cell.column: at for at, cell in enumerate(upper) if cell.column_span == 1}
        for cell in [cell for cell in lower if cell.column_span == 1 and cell.column in above]:
            at = above[cell.column]
            upper[at] = upper[at]._replace(text=upper[at].text + cell.text)
            lower.remove(cell)
    return headers


def _widened(
    head: Word, span: tuple[int, int], columns: Sequence[Span], free: set[int]
) -> tuple[tuple[int, int], bool]:
    """The columns that a head spans with the free ones beside, and whether no others are as likely."""
    first, last = left, right = span
    while left - 1 in free:
        left -= 1
    while right + 1 in free:
        right += 1

    def off_centre(span: tuple[int, int]) -> float:
        return abs(head.x0 + head.x1 - columns[span[0]][0] - columns[span[1]][1]) / 2

    spans = [(start, end) for start in range(left, first + 1) for end in range(last, right + 1)]
    if abs(head.x0 - columns[first][0]) <= EVEN:
        is_clear = all(off_centre(span) > EVEN for span in spans if span[0] < first)
        return (first, right), is_clear
    found = min(spans, key=lambda span: (off_centre(span), span[0] - span[1]))
    return found, all(off_centre(span) > off_centre(found) + EVEN for span in spans if span != found)
