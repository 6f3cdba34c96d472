"""Amounts for the possible lines. Each filed cell is a known sum of lines, so a disclosure is a system of linear
equations.

Most systems can be peeled: a cell with one open line decides it, and so on. If cells contradict each other, the amounts
with the least absolute deviation from the filed figures are taken. They follow the majority of cells, and a single
wrong cell does not move them. If the forms fix only sums, the lines are completed so that every cell still agrees, and
marked. The solver computes in floating point. Its result is rounded to the grid on which the figures are printed, and
kept as whole numbers.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from loader.ledger.clock import seconds_left
from loader.ledger.linear_program import Equations, Optimum, cheapest, cheapest_by_turns

if TYPE_CHECKING:
    import numpy as np

# The cost of a unit of: a cell's deviation; the deviation of a trusted cell; of a grand total that the other side of
# its form prints too; of a negative figure (its sign is wrong more often than right); a total's deviation within
# rounding; the deviation of a cell already known to be wrong; of a declaration of revenue; a balancing line beyond
# rounding; within rounding; a line outside the crosswalk; a line below zero. Declarations yield to cells even within
# rounding, because income need not be spent.
_DEVIATION, _TRUSTED, _BALANCED_DEVIATION, _NEGATIVE_DEVIATION = 1.0, 1000.0, 1.5, 0.99
_ROUNDING, _WRONG, _DECLARATION = 0.02, 0.001, 0.005
_BALANCE, _ROUNDING_BALANCE, _UNOFFICIAL, _NEGATIVE = 1.5, 0.9, 0.2, 0.1
# A balancing line beyond rounding that is known to be needed. Low, so that no cell is moved by a rounding to make it
# smaller.
_KEPT_BALANCE = 0.01
# A figure without parts was rounded once, a total once per part. A figure that several lines share may be off by more
# than one place, but it is likelier that several figures are off by one.
_LEAF_ROUNDING, _FURTHER_ROUNDING = 0.1, 0.3
# A figure of a coarse form within its rounding: almost nothing, because it shows hardly more.
_COARSE_ROUNDING = 0.001
_LARGEST_CORE = 1500
# lines and cells that are weighed in whole numbers at any cost; larger programs only if that costs nothing
_LARGEST_WHOLE = 2000
# limit in seconds for one program, even on a busy machine, because a program in whole numbers may never end
_TIME = 10.0
_TIME_WHOLE = 1.0
# corners of a program tried for whole numbers, and the size of random costs that separate equally cheap corners
_CORNERS, _NUDGE = 6, 1e-5
_DEAR = 1e-7  # least reduced cost that counts as more than zero in floating point
_PRIME = 2**31 - 1
_SAME_AGAIN = 32  # programs with cached results


@dataclass(slots=True)
class Equation:
    """The lines (by index) that a cell adds up, and its figure in 分.

    * ``is_leaf``: the cell has no parts in its form.
    * ``slack``: how far rounding can have moved a total (分).
    * ``is_declaration``: not a cell, but spending declared by revenue.
    * ``is_negative``: a cell without parts prints a negative figure, whatever is left of it.
    * ``is_balanced``: the other side of its form prints the same grand total.
    * ``is_trusted``: the cell counts as right against all others.
    * ``is_coarse``: its form prints fewer digits than the others, which take precedence.
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

    ``core`` are the indices of lines completed by choice. ``movements`` is a basis of the ways in which they could be
    exchanged for each other: rows in the order of ``core``, modulo a prime. It is None if there are too many lines.
    ``is_settled`` is False if a limit of size or time ended the search, so that better amounts may exist.
    """

    values: list[int]
    core: list[int] = field(default_factory=list)
    movements: np.ndarray | None = None
    deviation: int = 0
    is_settled: bool = True

    _marks: list[int] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Mark each line with a random mixture of its movements. If movements cancel each other, so do the marks."""
        if self.movements is not None:
            generator = random.Random(0)
            mixture = [generator.randrange(1, _PRIME) for _ in range(self.movements.shape[1])]
            self._marks = (self.movements * mixture % _PRIME).sum(axis=1).tolist()

    def keeps(self, positions: Sequence[int]) -> bool:
        """Whether every exchange keeps the sum of these open lines, given by position in ``core``."""
        if self.movements is None or sum([self._marks[position] for position in positions]) % _PRIME:
            return False
        return not (self.movements[positions].sum(axis=0) % _PRIME).any()


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
                if line in open_lines[other]:
                    open_lines[other].discard(line)
                    rest[other] -= share
                    if equations[other].is_coarse:
                        coarse.append(other)
                    elif len(open_lines[other]) <= 1 or not rest[other]:
                        queue.append(other)
    return values


def difference(equation: Equation, values: Sequence[int | None]) -> int:
    """By how much a cell exceeds its lines (分). 0 within the rounding of a total, or if lines are open."""
    try:
        found = equation.amount - sum(map(values.__getitem__, equation.members))  # type: ignore[arg-type]
    except TypeError:  # the amount of an open line is None
        return 0
    return 0 if abs(found) <= equation.slack else found


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
        chosen = _preferred(tuple(sorted(sums.items())), (0,) * len(core), costs, self._grid) if core else ()
        if chosen is None:
            return None
        values = [value or 0 for value in decided]
        for member, value in zip(core, chosen, strict=True):
            values[member] = value
        core, movements = _moving(core, equations)
        self._found = values
        return self._solution(core, movements)

    def weigh(self) -> list[int]:
        """The amounts of all lines with the least deviation from the figures."""
        if self._open_lines:
            found, self.is_settled = _least_deviation(self._weighing())
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

    def _solution(self, core: Sequence[int], movements: np.ndarray | None) -> Solution:
        result = self._with(self._found)
        deviation = sum(abs(difference(e, result)) for e in self._all if not e.is_declaration)
        return Solution(result, [self._open_lines[k] for k in core], movements, deviation, self.is_settled)

    def _weighing(self) -> _Weighing:
        rows = [(*e.members,) for e in self._equations]
        figures = [(e.amount, e.slack, e.weight, e.is_negative, e.is_leaf, e.is_coarse) for e in self._equations]
        traits = self._traits
        return _Weighing(
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
    is_open = set(open_lines)
    found = []
    for equation in equations:
        if not is_open.isdisjoint(equation.members):
            members = sorted([at for m in equation.members if (at := position[m]) is not None])
            rest = equation.amount - sum(map(settled.__getitem__, equation.members))
            is_negative = equation.is_leaf and equation.amount < 0 and not equation.is_declaration
            traits = (equation.is_leaf, equation.slack, equation.is_declaration, is_negative)
            found.append(
                Equation(members, rest, *traits, equation.is_balanced, equation.is_trusted, equation.is_coarse)
            )
    return found


def _chosen(
    equations: Sequence[Equation], traits: Traits, values: list[int], grid: int
) -> tuple[list[int], np.ndarray | None]:
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
    core, movements = _moving([m for m in free if decided[m] is None], agreeing)
    if core:
        _prefer(core, fixed, values, traits.preference, grid)
    return core, movements


def _moving(core: list[int], agreeing: Sequence[Equation]) -> tuple[list[int], np.ndarray | None]:
    """The lines left open by peeling that can be exchanged for others, with their movements."""
    movements = _movements(core, agreeing) if core else None
    if movements is None:
        return core, None
    moving = [k for k, movement in enumerate(movements) if movement.any()]
    return [core[k] for k in moving], movements[moving]


def _without(equation: Equation, balancing: Sequence[bool], values: Sequence[int]) -> Equation:
    """The equation of a cell without its balancing lines, which keep their amounts."""
    members = [m for m in equation.members if not balancing[m]]
    return Equation(members, sum(values[m] for m in members), equation.is_leaf)


def _merge(equations: Sequence[Equation]) -> list[Equation]:
    """One equation for all cells with the same sum, with the sum of their weights."""
    merged: dict[tuple[object, ...], Equation] = {}
    for equation in equations:
        key = (tuple(equation.members), equation.amount, equation.slack, equation.is_declaration, equation.is_coarse)
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


class _Weighing(NamedTuple):
    """A program of least absolute deviation.

    * ``rows``: the lines (by position) that each cell adds up.
    * ``figures``: amount, slack (both 分), weight, is_negative, is_leaf and is_coarse of each cell.
    * ``balancing``, ``positive``, ``unofficial``: see ``Traits``.
    * ``kept``: the balancing lines (by position) that are needed.
    * ``rounding``: in places of the grid; ``grid`` in 分.
    """

    rows: tuple[tuple[int, ...], ...]
    figures: tuple[tuple[int, int, float, bool, bool, bool], ...]
    balancing: tuple[bool, ...]
    positive: tuple[bool, ...]
    unofficial: tuple[bool, ...]
    kept: tuple[int, ...]
    rounding: int
    grid: int


class _Shift(NamedTuple):
    """The number of grid places by which rounding can have moved a cell (by position), and the cost of a place."""

    cell: int
    most: int
    cost: float


def _shifts(cell: int, slack: int, is_leaf: bool, is_coarse: bool) -> list[_Shift]:
    """The possible roundings of a cell. ``slack`` is in places of the grid."""
    if is_coarse:
        return [_Shift(cell, slack, _COARSE_ROUNDING)] if slack else []
    if not is_leaf:
        return [_Shift(cell, slack, _ROUNDING)] if slack else []
    shifts = [_Shift(cell, min(slack, 1), _LEAF_ROUNDING), _Shift(cell, slack - 1, _FURTHER_ROUNDING)]
    return [shift for shift in shifts if shift.most > 0]


class _CutShortError(Exception):
    """The document's time ended before whole numbers were found. Holds the best amounts in fractions, if any, rounded.

    It is an exception so that the result is not cached: a later document with the same program has its own time.
    """

    def __init__(self, amounts: tuple[int, ...] | None = None) -> None:
        super().__init__()
        self.amounts = amounts


def _least_deviation(program: _Weighing) -> tuple[tuple[int, ...] | None, bool]:
    """The amounts (分) with the least absolute deviation, None if none are found in time; and whether they are
    settled."""
    try:
        return _found_least_deviation(program)
    except _CutShortError as cut_short:
        return cut_short.amounts, False


# dropping further lines without money gives a program that was solved before
@lru_cache(maxsize=_SAME_AGAIN)
def _found_least_deviation(program: _Weighing) -> tuple[tuple[int, ...] | None, bool]:
    """The cached ``_least_deviation``. Raises _CutShortError if the document had too little time left.

    Variables: the lines; what balancing lines add and take off within rounding, and take off beyond it; the deviation
    of every cell up and down beyond rounding, and within rounding; the negative part of lines of negative cells.
    """
    import numpy as np

    rows, figures, balancing, positive, unofficial, kept, rounding, grid = program
    size = len(balancing)
    cells_of: list[list[int]] = [[] for _ in range(size)]
    for n, row in enumerate(rows):
        for m in row:
            cells_of[m].append(n)
    balance = [m for m in range(size) if balancing[m]]
    rounded = [
        shift
        for n, (_, slack, _, _, is_leaf, is_coarse) in enumerate(figures)
        for shift in _shifts(n, slack // grid, is_leaf, is_coarse)
    ]
    below = {m for row, (_, _, _, is_negative, *_) in zip(rows, figures, strict=True) if is_negative for m in row}
    negative = sorted(below.difference(balance))
    taken = [cells_of[m] for m in balance]
    one = [[n] for n in range(len(rows))]
    within = [[shift.cell] for shift in rounded]
    columns = [*cells_of, *taken, *taken, *taken, *one, *one, *within, *within, *(cells_of[m] for m in negative)]
    blocks = [(size + len(taken), 1), (2 * len(taken), -1), (len(one), 1), (len(one), -1)]
    blocks += [(len(within), 1), (len(within), -1), (len(negative), -1)]
    signs = [float(sign) for count, sign in blocks for _ in range(count)]
    amounts = np.array([amount // grid for amount, *_ in figures], dtype=float)
    slack = np.array([shift.most for shift in rounded], dtype=float)
    weight = np.array([weight for _, _, weight, *_ in figures])
    line_cost = np.zeros(size)
    line_cost[[m for m in range(size) if unofficial[m]]] = _UNOFFICIAL
    line_cost[balance] = _BALANCE
    line_cost[[*kept]] = _KEPT_BALANCE
    within_cost = np.array([min(figures[shift.cell][2], 1.0) * shift.cost for shift in rounded])
    cost = np.concatenate(
        [
            line_cost,
            np.full(2 * len(balance), _ROUNDING_BALANCE),
            line_cost[balance],
            weight,
            weight,
            within_cost,
            within_cost,
            np.full(len(negative), _NEGATIVE),
        ]
    )
    bound = np.full(len(cost), np.inf)
    upper = np.concatenate(
        [bound[: len(cost) - 2 * len(rounded) - len(negative)], slack, slack, bound[: len(negative)]]
    )
    upper[size : size + 2 * len(balance)] = rounding
    upper[[size + 2 * len(balance) + k for k, m in enumerate(balance) if positive[m]]] = 0
    equations = Equations(columns, signs, amounts)
    whole = np.zeros(len(cost), dtype=bool)
    whole[: size + 3 * len(balance)] = True
    whole[len(cost) - len(negative) :] = True
    best = cheapest(equations, cost, 0, upper, _TIME)
    if best is None:
        return None, False
    shares = np.round(best.values)
    is_in_time, is_cut_short = True, False
    if np.abs(best.values - shares)[whole].max(initial=0.0) >= 1e-4:
        try:
            in_whole = _whole_shares(equations, cost, np.zeros(len(cost)), upper, whole, best)
        except _CutShortError:
            in_whole, is_cut_short = None, True
        # rounded fractions of the best result are better than a whole result that happened to be found in time
        is_in_time = in_whole is not None
        shares = in_whole if in_whole is not None else shares
    values = shares[:size].copy()
    more, less, far_less = shares[size : size + 3 * len(balance)].reshape(3, len(balance))
    values[balance] += more - less - far_less
    values[negative] -= shares[len(shares) - len(negative) :]
    amounts_found = tuple([int(value) * grid for value in values])
    if is_cut_short:
        raise _CutShortError(amounts_found)
    return amounts_found, is_in_time


def _whole_shares(
    equations: Equations, cost: np.ndarray, least: np.ndarray, most: np.ndarray, whole: np.ndarray, best: Optimum
) -> np.ndarray | None:
    """The cheapest result with whole numbers for the ``whole`` variables. None if none is found in time.

    Raises _CutShortError if the document had less time left than a program may take. Mostly the result costs no more
    than the ``best`` one in fractions. Then every variable that would raise the cost stays at its bound. In the small
    program that is left any result will do; those without further deviating cells come first.
    """
    import numpy as np

    is_dear, is_cheap = best.reduced_costs > _DEAR, best.reduced_costs < -_DEAR
    further = np.where(best.values > 0.5, 0.0, cost)
    options = [(further, np.where(is_cheap, most, least), np.where(is_dear, least, most))]
    if (corner := _whole_corner(equations, *options[0], whole, best)) is not None:
        return corner
    if len(cost) <= _LARGEST_WHOLE:
        options.append((cost, least, most))
    is_hasty = False
    for costs, lower, upper in options:
        is_hasty |= (seconds := seconds_left(_TIME_WHOLE)) < _TIME_WHOLE
        found = cheapest(equations, costs, lower, upper, seconds, whole)
        if found is not None:
            shares: np.ndarray = np.round(found.values)
            return shares
    if is_hasty:
        raise _CutShortError
    return None


def _whole_corner(
    equations: Equations, costs: np.ndarray, lower: np.ndarray, upper: np.ndarray, whole: np.ndarray, best: Optimum
) -> np.ndarray | None:
    """A result within these bounds with whole ``whole`` variables that costs no more than the ``best`` in fractions.

    It is one of the equally cheap corners, tried at random. None if all tried corners have fractions. Sums that overlap
    little have whole corners nearly everywhere, and a corner takes a fraction of the time of a program in whole
    numbers.
    """
    import numpy as np

    generator = np.random.default_rng(0)
    nudged = (costs + generator.random(len(costs)) * _NUDGE for _ in range(_CORNERS))
    for found in cheapest_by_turns(equations, nudged, lower, upper, seconds_left(_TIME)):
        if found is None:
            return None
        shares: np.ndarray = np.round(found.values)
        is_whole = np.abs(found.values - shares)[whole].max(initial=0.0) < 1e-4
        if is_whole and costs @ shares <= costs @ best.values + 1e-6:
            return shares
    return None


def _movements(core: list[int], equations: Sequence[Equation]) -> np.ndarray | None:
    """A basis of the exchanges between open lines that change no agreeing cell.

    It is the null space of the cells, by elimination modulo a prime. This is exact, while floating point has to guess
    what is zero. It also avoids the threads of linear algebra libraries, which slow down such small matrices.
    """
    import numpy as np

    if len(core) > _LARGEST_CORE:
        return None
    position = {m: k for k, m in enumerate(core)}
    rows = {tuple(position[m] for m in e.members if m in position) for e in equations}
    matrix = np.zeros((len(rows), len(core)), dtype=np.int64)
    for number, row in enumerate(sorted(rows)):
        matrix[number, list(row)] = 1
    pivots: list[int] = []
    for column in range(len(core)):
        rank = len(pivots)
        below = matrix[rank:, column].nonzero()[0]
        if not below.size:
            continue
        matrix[[rank, rank + below[0]]] = matrix[[rank + below[0], rank]]
        matrix[rank] = matrix[rank] * pow(int(matrix[rank, column]), -1, _PRIME) % _PRIME
        others = matrix[:, column].nonzero()[0]
        others = others[others != rank]
        matrix[others] = (matrix[others] - matrix[others, column][:, None] * matrix[rank]) % _PRIME
        pivots.append(column)
    decided = set(pivots)
    free = [column for column in range(len(core)) if column not in decided]
    basis = np.zeros((len(core), len(free)), dtype=np.int64)
    basis[free, range(len(free))] = 1
    basis[pivots] = -matrix[: len(pivots), free] % _PRIME
    return basis


def _prefer(
    core: list[int], fixed: Sequence[Equation], values: list[int], preference: Sequence[float], grid: int
) -> None:
    """Replace the amounts of open lines in ``values`` by the preferred ones that keep every cell."""
    position = {m: k for k, m in enumerate(core)}
    # the sums left for the open lines; many cells have the same
    rows = {tuple([position[m] for m in e.members if m in position]) for e in fixed} - {()}
    sums = {row: sum(values[core[k]] for k in row) for row in rows}
    least = tuple([min(0, values[m]) for m in core])
    proposed = _preferred(tuple(sorted(sums.items())), least, tuple([preference[m] for m in core]), grid)
    if proposed is not None:
        for member, value in zip(core, proposed, strict=True):
            values[member] = value


_Sums = tuple[tuple[tuple[int, ...], int], ...]


def _preferred(sums: _Sums, least: tuple[int, ...], costs: tuple[float, ...], grid: int) -> tuple[int, ...] | None:
    """The cheapest amounts with these sums, each at least its ``least``. None if none are found."""
    try:
        return _found_preferred(sums, least, costs, grid)
    except _CutShortError:
        return None


# asked again if cells agree except beside the weighed ones
@lru_cache(maxsize=_SAME_AGAIN)
def _found_preferred(
    sums: _Sums, least: tuple[int, ...], costs: tuple[float, ...], grid: int
) -> tuple[int, ...] | None:
    """The cached ``_preferred``. Raises _CutShortError if the document had too little time left."""
    import numpy as np

    rows = [row for row, _ in sums]
    amounts = [amount // grid for _, amount in sums]
    columns: list[list[int]] = [[] for _ in costs]
    for number, row in enumerate(rows):
        for position in row:
            columns[position].append(number)
    equations = Equations(columns, np.ones(len(columns)), amounts)
    lower = np.array([amount // grid for amount in least], dtype=float)
    upper = np.full(len(costs), np.inf)
    cost = np.array(costs)
    best = cheapest(equations, cost, lower, upper, _TIME)
    if best is None:
        return None
    shares = np.round(best.values)
    if len(costs) <= _LARGEST_WHOLE and np.abs(best.values - shares).max(initial=0.0) >= 1e-4:
        in_whole = _whole_shares(equations, cost, lower, upper, np.ones(len(costs), dtype=bool), best)
        if in_whole is None:
            return None
        shares = in_whole
    proposed = [int(share) for share in shares]
    if any(sum(proposed[k] for k in row) != total for row, total in zip(rows, amounts, strict=True)):
        return None
    return tuple([share * grid for share in proposed])


def groups_of(keys: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], list[int]]:
    """Key → its positions."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, key in enumerate(keys):
        groups[key].append(position)
    return groups
