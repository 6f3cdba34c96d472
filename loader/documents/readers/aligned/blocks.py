"""Lines → the lines of each table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from loader.documents.readers.aligned.words import Word
from loader.documents.wording import figure


def blocks_of(filled: Sequence[int]) -> Iterator[list[int]]:
    """Lines that follow each other with no more blank lines between them than usual."""
    gaps = Counter(after - before for before, after in pairwise(filled))
    usual = gaps.most_common(1)[0][0] if gaps else 1
    block: list[int] = []
    for number in filled:
        if block and number - block[-1] > usual:
            yield block
            block = []
        block.append(number)
    if block:
        yield block


def tables_of_block(numbers: Sequence[int], parts: dict[int, list[Word]]) -> Iterator[list[int]]:
    """The lines of a block by tables. A lone text that stands in no column of the rows before and after it, as titles
    and notes do, parts them, and so do heads that stand in other columns than the rows before."""
    table: list[int] = []
    rooms = _Rooms({}, {})
    has_figures = False
    for number, after in zip(numbers, _columns_after(numbers, parts), strict=True):
        line = parts[number]
        around = rooms, _Rooms.of(after)
        fitting = [part for part in line if any(room.fits(part) for room in around)]
        are_figures = any(figure(part.text) for part in line)
        is_apart = not fitting if len(line) == 1 else has_figures and not are_figures and 2 * len(fitting) < len(line)
        if is_apart:
            if table:
                yield table
            table, rooms, has_figures = [], _Rooms({}, {}), False
            if len(line) == 1:
                continue
        table.append(number)
        has_figures |= are_figures
        if len(line) > 1:
            rooms.add(line)
    if table:
        yield table


class _Rooms(NamedTuple):
    """Where texts of rows begin, with where the next text of such a row begins; and where they end, with where the text
    before ends. Whatever begins or ends there and has room fits into their column."""

    begun: dict[float, float]
    ended: dict[float, float]

    @classmethod
    def of(cls, line: Sequence[Word]) -> _Rooms:
        rooms = cls({}, {})
        rooms.add(line)
        return rooms

    def add(self, line: Sequence[Word]) -> None:
        for number, part in enumerate(line):
            after = line[number + 1].x0 if number + 1 < len(line) else inf
            before = line[number - 1].x1 if number else -inf
            self.begun[part.x0] = min(after, self.begun.get(part.x0, inf))
            self.ended[part.x1] = max(before, self.ended.get(part.x1, -inf))

    def fits(self, part: Word) -> bool:
        return part.x1 <= self.begun.get(part.x0, -inf) or part.x0 >= self.ended.get(part.x1, inf)


def _columns_after(numbers: Sequence[int], parts: dict[int, list[Word]]) -> list[list[Word]]:
    """For each line of a block the next that has several texts, if it is a lone text itself."""
    found: list[list[Word]] = []
    after: list[Word] = []
    for number in reversed(numbers):
        line = parts[number]
        found.append(after if len(line) == 1 else [])
        if len(line) > 1:
            after = line
    return found[::-1]
