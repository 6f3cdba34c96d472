"""The open lines of a disclosure as one program: each filed cell is a known sum of lines → the amounts of the lines.

Where cells contradict each other, the amounts with the least deviation from the filed figures are taken. Where the
forms fix only sums, the lines are completed so that every cell still agrees, and marked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from loader.ledger.clock import spend
from loader.ledger.solver.equation import Equation, difference, excesses
from loader.ledger.solver.least_deviation import Weighing, least_deviation
from loader.ledger.solver.movements import Movements, moving
from loader.ledger.solver.peeling import peel
from loader.ledger.solver.preferred_amounts import prefer, preferred_amounts

# The cost of a unit of: a cell's deviation; the deviation of a trusted cell; of a grand total that the other side of
# its form prints too; of a negative figure (its sign is wrong more often than right); of a cell already known to be
# wrong; of a declaration of revenue. Declarations yield to cells even within rounding, because income need not be
# spent.
_DEVIATION, _TRUSTED, _BALANCED_DEVIATION, _NEGATIVE_DEVIATION = 1.0, 1000.0, 1.5, 0.99
_WRONG, _DECLARATION = 0.001, 0.005
_WORK_OF_MEMBER = 0.2  # of an equation, see the clock


@dataclass(frozen=True, slots=True)
class Traits:
    """The properties of the open lines, in their order.

    * ``balancing``: the line exists only to balance others and may be negative.
    * ``positive``: such a line may be negative only by a rounding.
    * ``unofficial``: only local practice has the line.
    * ``preference``: lower is better.
    """

    balancing: Sequence[bool]
    positive: Sequence[bool]
    unofficial: Sequence[bool]
    preference: Sequence[float]


@dataclass(slots=True)
class Solution:
    """The amounts of all lines in 分, and the lines that the equations leave open.

    ``core`` are the indices of lines completed by choice. ``movements`` are the ways in which they could be exchanged
    for each other, by position in ``core``. They are None if there are too many lines. ``is_settled`` is False if a
    limit of size or time ended the search, so that better amounts may exist.
    """

    values: list[int]
    core: list[int] = field(default_factory=list)
    movements: Movements | None = None
    deviation: int = 0
    is_settled: bool = True


class Program:
    """The open lines of a system, and the amounts left for them if the other lines keep their ``values``.

    Balancing lines within ``rounding`` (分) cost less.
    """

    def __init__(
        self,
        equations: Sequence[Equation],
        values: Sequence[int | None],
        open_lines: Sequence[int],
        traits: Traits,
        rounding: int,
    ) -> None:
        spend(_WORK_OF_MEMBER * sum(len(equation.members) for equation in equations))
        self._all = equations
        self._open_lines = open_lines
        self._settled = [value or 0 for value in values]
        self._equations = _merge(_within(equations, values, open_lines))
        self._traits = traits
        # proposed amounts lie on the grid on which the cells are printed, never on half places
        self._grid = math.gcd(*(e.amount for e in equations)) or 1
        self._rounding = rounding // self._grid
        self._found = [self._settled[line] for line in open_lines]
        self._kept: list[int] = []  # balancing lines, by position, that are needed
        self.is_settled = True

    def agreed(self) -> Solution | None:
        """The preferred amounts with which every cell agrees. None if there are none.

        Also None if lines may be negative, if cells deviate by a rounding, or if ignoring a declaration could save a
        line with a cost: these cases must be weighed.
        """
        equations, traits = self._equations, self._traits
        if any(e.slack or e.is_negative for e in equations) or any(traits.balancing):
            return None
        if any(traits.unofficial) and any(e.is_declaration for e in equations):
            return None
        size = len(self._open_lines)
        decided = peel(size, equations)
        core = [m for m in range(size) if decided[m] is None]
        position = {m: k for k, m in enumerate(core)}
        sums: dict[tuple[int, ...], int] = {}
        for equation in equations:
            row = tuple([position[m] for m in equation.members if m in position])
            rest = equation.amount - sum(decided[m] or 0 for m in equation.members)
            if sums.setdefault(row, rest) != rest:
                return None
        if sums.pop((), 0) or any(value is not None and value < 0 for value in decided):
            return None
        costs = tuple([traits.preference[m] for m in core])
        chosen = preferred_amounts(tuple(sorted(sums.items())), (0,) * len(core), costs, self._grid) if core else ()
        if chosen is None:
            return None
        values = [value or 0 for value in decided]
        for member, value in zip(core, chosen, strict=True):
            values[member] = value
        core, movements = moving(core, equations)
        self._found = values
        return self._solution(core, movements)

    def weigh(self) -> list[int]:
        """The amounts of all lines with the least deviation from the figures."""
        if self._open_lines:
            found, self.is_settled = least_deviation(self._weighing())
            self._found = [*found] if found else self._found
        return self._with(self._found)

    def complete(self) -> Solution:
        """The weighed amounts, with the preferred ones where there is a choice."""
        wrong = [(e, abs(difference(e, self._found))) for e in self._equations if not e.is_declaration]
        wrong = [(equation, found) for equation, found in wrong if found]
        draws_away = bool(wrong) and not self._is_one_figure(len(wrong))
        if draws_away:
            # A wrong cell must not move right cells, not even by a rounding. Small errors that a larger one can absorb
            # do not count.
            largest = max(found for _, found in wrong)
            for equation, found in wrong:
                equation.weight = min(equation.weight, _WRONG * largest / found)
        if self._rounding:
            limit = self._rounding * self._grid
            self._kept = [k for k, found in enumerate(self._found) if self._traits.balancing[k] and abs(found) > limit]
        if draws_away or self._kept:
            self.weigh()
        return self._solution(*_chosen(self._equations, self._traits, self._found, self._grid))

    def _is_one_figure(self, count: int) -> bool:
        """Whether a single cell is wrong and nothing else has a cost. Then it cannot move other cells."""
        return (
            count == 1
            and not any(e.is_declaration or e.slack for e in self._equations)
            and not any(
                value and (value < 0 or self._traits.balancing[m] or self._traits.unofficial[m])
                for m, value in enumerate(self._found)
            )
        )

    def _solution(self, core: Sequence[int], movements: Movements | None) -> Solution:
        result = self._with(self._found)
        found = excesses(self._all, result)
        deviation = sum(abs(excess) for number, excess in found.items() if not self._all[number].is_declaration)
        return Solution(result, [self._open_lines[k] for k in core], movements, deviation, self.is_settled)

    def _weighing(self) -> Weighing:
        rows = [e.members for e in self._equations]
        figures = [(e.amount, e.slack, e.weight, e.is_negative, e.is_leaf, e.is_coarse) for e in self._equations]
        traits = self._traits
        return Weighing(
            (*rows,),
            (*figures,),
            (*traits.balancing,),
            (*traits.positive,),
            (*traits.unofficial,),
            (*self._kept,),
            self._rounding,
            self._grid,
        )

    def _with(self, found: Sequence[int]) -> list[int]:
        values = self._settled[:]
        for line, value in zip(self._open_lines, found, strict=True):
            values[line] = value
        return values


def _within(equations: Sequence[Equation], values: Sequence[int | None], open_lines: Sequence[int]) -> list[Equation]:
    """The equations with the amounts left for the open lines, which are numbered by position."""
    position: list[int | None] = [None] * len(values)
    for k, line in enumerate(open_lines):
        position[line] = k
    settled = [value or 0 if at is None else 0 for value, at in zip(values, position, strict=True)]
    left: dict[tuple[int, ...], tuple[tuple[int, ...], int]] = {}  # members → open ones, what the others add up
    found = []
    for equation in equations:
        if equation.members not in left:
            members = tuple([at for m in equation.members if (at := position[m]) is not None])
            left[equation.members] = members, sum(map(settled.__getitem__, equation.members))
        members, known = left[equation.members]
        if members:
            is_negative = equation.is_leaf and equation.amount < 0 and not equation.is_declaration
            found.append(
                Equation(
                    members,
                    equation.amount - known,
                    equation.is_leaf,
                    equation.slack,
                    equation.is_declaration,
                    is_negative,
                    equation.is_balanced,
                    equation.is_trusted,
                    equation.is_coarse,
                )
            )
    return found


def _chosen(
    equations: Sequence[Equation], traits: Traits, values: list[int], grid: int
) -> tuple[list[int], Movements | None]:
    """The lines that the cells leave open, with their movements (see ``Solution``). Changes ``values`` to the preferred
    amounts."""
    size = len(values)
    # only cells that agree show what is decided; the others keep their present sums
    free = [m for m in range(size) if not traits.balancing[m]]
    fixed = [_without(e, traits.balancing, values) for e in equations]
    agrees = [sum(values[m] for m in e.members) == e.amount for e in equations]
    # if some income is not spent, no cell shows of which fund; then no declaration decides
    all_spent = all(agreed for e, agreed in zip(equations, agrees, strict=True) if e.is_declaration)
    agreeing = [
        f
        for f, e, agreed in zip(fixed, equations, agrees, strict=True)
        if agreed and (all_spent or not e.is_declaration)
    ]
    decided = peel(size, agreeing, {m for m in free if values[m] < 0})
    core, movements = moving([m for m in free if decided[m] is None], agreeing)
    if core:
        prefer(core, fixed, values, traits.preference, grid)
    return core, movements


def _without(equation: Equation, balancing: Sequence[bool], values: Sequence[int]) -> Equation:
    """The equation of a cell without its balancing lines, which keep their amounts."""
    members = tuple([m for m in equation.members if not balancing[m]])
    return Equation(members, sum(values[m] for m in members), equation.is_leaf)


def _merge(equations: Sequence[Equation]) -> list[Equation]:
    """One equation for all cells with the same sum, with the sum of their weights."""
    merged: dict[tuple[object, ...], Equation] = {}
    for equation in equations:
        key = (equation.members, equation.amount, equation.slack, equation.is_declaration, equation.is_coarse)
        known = merged.setdefault(key, equation)
        cost = _TRUSTED if equation.is_trusted else _DEVIATION
        if not equation.is_trusted and (equation.is_declaration or equation.is_negative):
            cost = _DECLARATION if equation.is_declaration else _NEGATIVE_DEVIATION
        elif equation.is_balanced:
            cost = _BALANCED_DEVIATION
        known.weight = cost if known is equation else known.weight + cost
        known.is_negative |= equation.is_negative
        known.is_leaf |= equation.is_leaf
    return list(merged.values())
