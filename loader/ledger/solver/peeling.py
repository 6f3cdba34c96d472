"""Equations → the amounts of the lines that they decide one by one, without a choice and without weighing."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence

from loader.ledger.solver.equation import Equation


def peel(size: int, equations: Sequence[Equation], negative: Collection[int] = ()) -> list[int | None]:
    """Decide lines one by one from equations with one open line, or with nothing left to share.

    Returns the amount of each line, None if it stays open. ``negative`` lines may offset others, so if nothing is left
    they need not be zero. A cell left with a difference and no open line contradicts others and decides nothing. Coarse
    cells decide only lines that no other cell decides, and never from an amount within their rounding.
    """
    values: list[int | None] = [None] * size
    rest = [equation.amount for equation in equations]
    open_lines = [set(equation.members) for equation in equations]
    containing: list[list[int]] = [[] for _ in range(size)]
    for number, equation in enumerate(equations):
        for member in equation.members:
            containing[member].append(number)
    coarse = deque(number for number, equation in enumerate(equations) if equation.is_coarse)
    # the cells themselves come before conclusions from them
    queue = deque(number for number, equation in enumerate(equations) if not equation.is_coarse)
    while queue or coarse:
        number = (queue or coarse).popleft()
        lines = open_lines[number]
        is_coarse = equations[number].is_coarse
        left = 0 if is_coarse and abs(rest[number]) <= equations[number].slack else rest[number]
        if not lines or (len(lines) > 1 and (left or not lines.isdisjoint(negative))):
            continue
        share = left if len(lines) == 1 else 0
        for line in list(lines):
            values[line] = share
            for other in containing[line]:
                beside = open_lines[other]
                beside.discard(line)
                rest[other] -= share
                if equations[other].is_coarse:
                    coarse.append(other)
                elif len(beside) <= 1 or not rest[other]:
                    queue.append(other)
    return values
