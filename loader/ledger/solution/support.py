"""A solution → the support of each filed cell: whether other forms show its sum."""

from __future__ import annotations

from loader.ledger.solver.program import Solution
from loader.ledger.system import System


def set_support(system: System, solution: Solution) -> None:
    """Set the support of each cell: another form prints the same sum, or each of its lines."""
    values = solution.values
    shown_by: dict[tuple[int, ...], set[int]] = {}  # lines with money → the forms that print their sum
    sums: dict[tuple[int, ...], tuple[tuple[int, ...], set[int]]] = {}  # lines → those with money, and these forms
    printed = []
    for (number, _), equation, cell in zip(system.keys, system.equations, system.cells, strict=True):
        if cell is not None:
            members = equation.members
            if members not in sums:
                lines = tuple([line for line in members if values[line]])
                sums[members] = lines, shown_by.setdefault(lines, set())
            lines, forms = sums[members]
            forms.add(number)
            printed.append((cell, number, lines, forms))
    for cell, number, lines, forms in printed:
        is_supported = len(forms) > 1 or (
            bool(lines) and all(shown_by.get((line,), set()) - {number} for line in lines)
        )
        cell.support = "other_form" if is_supported else "own_form"
