"""A filed cell as an equation: the lines that it adds up, its figure, and by how much it exceeds given amounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

    members: tuple[int, ...]
    amount: int
    is_leaf: bool
    slack: int = 0
    is_declaration: bool = False
    is_negative: bool = False
    is_balanced: bool = False
    is_trusted: bool = False
    is_coarse: bool = False
    weight: float = 1.0


def sum_of(members: Iterable[int], values: Sequence[int | None]) -> int | None:
    """What lines add up (分). None if any of them is open."""
    try:
        return sum(map(values.__getitem__, members))  # type: ignore[arg-type]
    except TypeError:  # the amount of an open line is None
        return None


def difference(equation: Equation, values: Sequence[int | None]) -> int:
    """By how much a cell exceeds its lines (分). 0 within the rounding of a total, or if lines are open."""
    of_lines = sum_of(equation.members, values)
    if of_lines is None or abs(equation.amount - of_lines) <= equation.slack:
        return 0
    return equation.amount - of_lines


def excesses(equations: Iterable[Equation], values: Sequence[int | None]) -> dict[int, int]:
    """Number of each equation that its lines do not satisfy → by how much the cell exceeds them (分)."""
    found: dict[int, int] = {}
    sums: dict[tuple[int, ...], int | None] = {}  # many cells have the same
    for number, equation in enumerate(equations):
        members = equation.members
        if members not in sums:
            sums[members] = sum_of(members, values)
        of_lines = sums[members]
        if of_lines is not None and of_lines != equation.amount:
            excess = equation.amount - of_lines
            if abs(excess) > equation.slack:
                found[number] = excess
    return found
