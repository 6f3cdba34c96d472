"""Cells that contradict each other → the lines that are possible only because of contradictions and add to these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from loader.ledger.candidates.candidates import Candidates
from loader.ledger.evidence.evident_cells import evident_cells
from loader.ledger.evidence.layout import Layout, numbers_of
from loader.ledger.evidence.projection import CellKey, Coordinates
from loader.ledger.system import System
from schema.forms.template import Statement


class FurtherLines:
    """The lines that are possible only because of contradictions and have not joined yet."""

    def __init__(self, relaxed: Callable[[], Candidates], system: System) -> None:
        self._relaxed = relaxed
        self._system = system
        self._known = set(system.lines)
        self._lines: dict[str, list[Coordinates]] = {}
        self._layouts: dict[str, Layout] = {}
        self._cells: dict[str, dict[int, dict[CellKey, int]]] = defaultdict(dict)  # number of a form → its cells

    def adding_to(self, numbers: Sequence[int]) -> Iterator[Coordinates]:
        """The further lines that would add to one of these equations.

        If there are none, the lines that would add to other cells with the same sum: any of the contradicting cells may
        lack a line.
        """
        found = list(self._adding_to(numbers)) or list(self._adding_to(self._system.same_sums(numbers)))
        return iter(found)

    def _adding_to(self, numbers: Sequence[int]) -> Iterator[Coordinates]:
        statements = {statement for number in numbers for statement in self._system.statements_of(number)}
        keys = [self._system.keys[number] for number in numbers]
        for statement in Statement:
            if statement in statements:
                lines = self._of(statement)
                adding = 0
                for number, key in keys:
                    adding |= self._adding(statement, number).get(key, 0)
                for index in numbers_of(adding):
                    if lines[index] not in self._known:
                        yield lines[index]

    def _adding(self, statement: Statement, number: int) -> dict[CellKey, int]:
        """The cells of a form (by number) to which further lines of a statement add, with these lines as bits."""
        cells = self._cells[statement]
        if number not in cells:
            if statement not in self._layouts:
                self._layouts[statement] = Layout(self._of(statement), self._system.evidence.projection)
            form = self._system.forms[number] if number >= 0 else None
            cells[number] = evident_cells(form, self._layouts[statement]) if form is not None else {}
        return cells[number]

    def join(self, lines: Iterable[Coordinates]) -> None:
        """Mark these lines as known."""
        self._known.update(lines)

    def _of(self, statement: Statement) -> list[Coordinates]:
        if statement not in self._lines:
            found = (line for line in self._relaxed().lines(statement) if line not in self._known)
            self._lines[statement] = list(dict.fromkeys(found))
        return self._lines[statement]
