"""The tables of a document in their order, and which of them are parts of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loader.documents.readers.aligned.aligned_table import AlignedTable
from loader.documents.readers.aligned.faults import UNCLEAR
from loader.documents.readers.aligned.words import Line, Word, is_amount


class Parts:
    """Collects the tables of the ``pages`` of a document."""

    def __init__(self, pages: Sequence[Sequence[Line]]) -> None:
        self._pages = pages
        self._found: list[list[tuple[int, AlignedTable]]] = []  # tables, each as its parts with the numbers of pages
        self._above: list[str] = []  # the texts above the last table
        self._end = 0, -1  # page and line

    def add(self, page: int, table: AlignedTable | None, texts: dict[int, list[Word]]) -> None:
        """Take a table, or lines that are none by themselves but may go on with the one before."""
        first, last = min(texts), max(texts)
        between = [*self._lines_until(page, first if table is None else min(table.rows))]
        before = self._found[-1] if self._found else []
        if before and (table is not None or _are_rows(texts)):
            _, whole = before[0]
            heads = table.heads if table is not None else ()
            if whole.goes_on_in(heads, between, self._above):
                if not heads:
                    own = whole.remainder(texts, self._pages[page])
                    table = table._replace(fault=table.fault or UNCLEAR) if table and own.fault else own
                if table is not None:
                    before.append((page, table))
                    self._end = page, last
                return
        if table is not None:
            self._found.append([(page, table)])
            self._above, self._end = between, (page, last)

    def tables(self) -> list[list[AlignedTable]]:
        """The tables of each page. None is relied on if another part of the same one is not."""
        found: list[list[AlignedTable]] = [[] for _ in self._pages]
        for parts in self._found:
            fault = next((table.fault for _, table in parts if table.fault), None)
            for page, table in parts:
                found[page].append(table._replace(fault=fault))
        return found

    def _lines_until(self, page: int, number: int) -> Iterator[str]:
        """The texts of the lines between the last table and a line."""
        last_page, last = self._end
        for at in range(last_page, page + 1):
            lines = self._pages[at]
            for line in lines[last + 1 if at == last_page else 0 : number if at == page else len(lines)]:
                if line:
                    yield " ".join(word.text for word in line)


def _are_rows(texts: dict[int, list[Word]]) -> bool:
    """Whether all lines have several texts, and an amount among them."""
    return all(len(parts) > 1 and any(is_amount(part.text) for part in parts) for parts in texts.values())
