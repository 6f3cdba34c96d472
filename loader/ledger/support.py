"""A solution → the support of each filed cell: whether other forms show its sum."""

from __future__ import annotations

from collections import defaultdict

from loader.ledger.program import Solution
from loader.ledger.system import System


def set_support(system: System, solution: Solution) -> None:
    """Set the support of each cell: another form prints the same sum, or each of its lines."""
    values = solution.values
    paid: dict[tuple[int, ...], tuple[int, ...]] = {}  # lines of a cell → those with money
    shown_by: dict[tuple[int, ...], set[int]] = defaultdict(set)  # lines with money → the forms that print their sum
    for (number, _), equation, cell in zip(system.keys, system.equations, system.cells, strict=True):
        if cell is not None:
            members = equation.members
            if members not in paid:
                paid[members] = tuple([line for line in members if values[line]])
            shown_by[paid[members]].add(number)
    for (number, _), equation, cell in zip(system.keys, system.equations, system.cells, strict=True):
        if cell is not None:
            lines = paid[equation.members]
            is_supported = len(shown_by[lines]) > 1
            if not is_supported:
                is_supported = bool(lines) and all(shown_by.get((line,), set()) - {number} for line in lines)
            cell.support = "other_form" if is_supported else "own_form"
