"""The tables of a document in their order, and which of them are parts of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from loader.documents.readers.aligned.aligned_table import MOST_BETWEEN, AlignedTable
from loader.documents.readers.aligned.faults import UNCLEAR
from loader.documents.readers.aligned.words import Line, Word, is_amount

_OTHER = re.compile("[，。；表]")
_AMOUNT = re.compile(r"\d\.\d\d(?!\d)")  # perhaps with the word of the next column


class Parts:
    """Collects the tables of the ``pages`` of a document."""

    def __init__(self, pages: Sequence[Sequence[Line]]) -> None:
        self._pages = pages
        self._found: list[list[tuple[int, AlignedTable]]] = []  # tables, each as its parts with the numbers of pages
        self._above: frozenset[str] = frozenset()  # the texts above the last table
        self._end = 0, -1  # page and line

    def add(self, page: int, table: AlignedTable | None, texts: dict[int, list[Word]]) -> None:
        """Take a table, or lines that are none by themselves but may go on with the one before."""
        if table is None and not (self._found and _are_rows(texts)):
            return
        first, last = min(texts if table is None else table.rows), max(texts)
        heads = table.heads if table is not None else ()
        lines = self._lines_between(self._end, (page, first))
        # a table with heads is the last one from here on, so that lines are looked at once; others are near or nothing
        between = [_text_of(line) for line in (lines if heads else islice(lines, MOST_BETWEEN + 1))]
        before = self._found[-1] if self._found else []
        if before and before[0][1].goes_on_in(heads, between, self._above):
            if table is None or not heads:
                rest = before[0][1].remainder(texts, self._pages[page])
                table = rest if table is None or rest.fault is None else table._replace(fault=table.fault or UNCLEAR)
            if any(map(_AMOUNT.search, between)):  # of rows that are in no table
                table = table._replace(fault=table.fault or UNCLEAR)
            before.append((page, table))
            self._end = page, last
        elif table is not None:
            self._found.append([(page, table)])
            self._above, self._end = frozenset(between), (page, last)

    def tables(self) -> list[list[AlignedTable]]:
        """The tables of each page. None is relied on if another part of the same one is not, or if rows follow it that
        are in no table."""
        found: list[list[AlignedTable]] = [[] for _ in self._pages]
        for number, parts in enumerate(self._found):
            fault = next((table.fault for _, table in parts if table.fault), None)
            page, last = parts[-1]
            if number + 1 < len(self._found):
                next_page, after = self._found[number + 1][0]
                until = next_page, min(after.rows)
            else:
                until = len(self._pages) - 1, len(self._pages[-1])
            if fault is None and _has_rows(self._lines_between((page, max(last.rows)), until)):
                fault = UNCLEAR
            for page, table in parts:
                found[page].append(table._replace(fault=fault))
        return found

    def _lines_between(self, after: tuple[int, int], until: tuple[int, int]) -> Iterator[Line]:
        """The lines between two, each given by its page and number."""
        for page in range(after[0], until[0] + 1):
            lines = self._pages[page]
            first = after[1] + 1 if page == after[0] else 0
            for number in range(first, until[1] if page == until[0] else len(lines)):
                if lines[number]:
                    yield lines[number]


def _has_rows(lines: Iterable[Line]) -> bool:
    """Whether the lines behind a table have amounts, before a sentence or the title of another table."""
    for line in lines:
        text = _text_of(line)
        if _OTHER.search(text):
            return False
        if _AMOUNT.search(text):
            return True
    return False


def _text_of(line: Line) -> str:
    return " ".join(word.text for word in line)


def _are_rows(texts: dict[int, list[Word]]) -> bool:
    """Whether lines are rows of amounts, or the parts of their labels around them."""
    has_amounts = False
    for parts in texts.values():
        if len(parts) > 1:
            if not any(is_amount(part.text) for part in parts):
                return False
            has_amounts = True
        elif _OTHER.search(parts[0].text):
            return False
    return has_amounts
