"""A filed cell as an equation: the lines that it adds up, its figure, and by how much it exceeds given amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Equation:
    """The lines (by index) that a cell adds up, and its figure in 分.

    * ``is_leaf``: the cell has no parts in its form.
    * ``slack``: how far rounding can have moved a total (分).
    * ``is_declaration``: not a cell, but spending declared by revenue.
    * ``is_negative``: a cell without parts prints a negative figure, whatever is left of it.
    * ``is_balanced``: the other side of its form prints the same grand total.
    * ``is_trusted``: the cell counts as right against all others.
    * ``is_coarse``: printed with fewer digits than the others, which take precedence.
    """

    members: list[int]
    amount: int
    is_leaf: bool
    slack: int = 0
    is_declaration: bool = False
    is_negative: bool = False
    is_balanced: bool = False
    is_trusted: bool = False
    is_coarse: bool = False
    weight: float = 1.0


def difference(equation: Equation, values: Sequence[int | None]) -> int:
    """By how much a cell exceeds its lines (分). 0 within the rounding of a total, or if lines are open."""
    try:
        found = equation.amount - sum(map(values.__getitem__, equation.members))  # type: ignore[arg-type]
    except TypeError:  # the amount of an open line is None
        return 0
    return 0 if abs(found) <= equation.slack else found
