"""Cells that contradict each other → the amounts of their lines with the least absolute deviation from the figures.

They follow the majority of cells, and a single wrong cell does not move them. The solver computes in floating point.
Its result is rounded to the grid on which the figures are printed, and kept as whole numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from loader.ledger.clock import cached_with_its_work
from loader.ledger.solver.fewest_cells import with_fewest_cells
from loader.ledger.solver.linear_program import Equations, cheapest
from loader.ledger.solver.whole_numbers import are_whole, whole_shares

if TYPE_CHECKING:
    import numpy as np

# The cost of a unit of: a total's deviation within rounding; a balancing line beyond rounding; within rounding; a line
# outside the crosswalk; a line below zero. The deviation of a cell beyond rounding costs its weight.
_ROUNDING = 0.02
_BALANCE, _ROUNDING_BALANCE, _UNOFFICIAL, _NEGATIVE = 1.5, 0.9, 0.2, 0.1
# A balancing line beyond rounding that is known to be needed. Low, so that no cell is moved by a rounding to make it
# smaller.
_KEPT_BALANCE = 0.01
# A figure without parts was rounded once, a total once per part. A figure that several lines share may be off by more
# than one place, but it is likelier that several figures are off by one.
_LEAF_ROUNDING, _FURTHER_ROUNDING = 0.1, 0.3
# A figure of a coarse form within its rounding: almost nothing, because it shows hardly more.
_COARSE_ROUNDING = 0.001
_SAME_AGAIN = 32  # programs with cached results


class Weighing(NamedTuple):
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


# dropping further lines without money gives a program that was solved before
@cached_with_its_work(_SAME_AGAIN)
def least_deviation(program: Weighing) -> tuple[tuple[int, ...] | None, bool]:
    """The amounts (分) with the least absolute deviation, None if none are found with little work; and whether they are
    settled."""
    import numpy as np

    variables = _Variables(program)
    equations, cost, upper, whole = variables.equations(), variables.cost(), variables.upper(), variables.whole()
    best = cheapest(equations, cost, 0, upper)
    if best is None:
        return None, False
    shares = np.round(best.values)
    if are_whole(best.values, shares, whole):
        best = best._replace(values=shares)
        shares = with_fewest_cells(equations, cost, upper, best, variables.deviations(), whole)
        return variables.amounts(shares), True
    in_whole = whole_shares(equations, cost, np.zeros(len(cost)), upper, whole, best)
    # rounded fractions of the best result are better than a whole result that happened to be found in time
    return variables.amounts(shares if in_whole is None else in_whole), in_whole is not None


class _Variables:
    """The variables of a program, block by block.

    The blocks are: the lines; what balancing lines add and take off within rounding, and take off beyond it; the
    deviation of every cell up and down beyond rounding, and within rounding; the negative part of lines of negative
    cells.
    """

    def __init__(self, program: Weighing) -> None:
        self._program = program
        self._size = size = len(program.balancing)
        self._balance = [m for m in range(size) if program.balancing[m]]
        self._rounded = [
            shift
            for n, (_, slack, _, _, is_leaf, is_coarse) in enumerate(program.figures)
            for shift in _shifts(n, slack // program.grid, is_leaf, is_coarse)
        ]
        shown = zip(program.rows, program.figures, strict=True)
        below = {m for row, (_, _, _, is_negative, *_) in shown if is_negative for m in row}
        self._negative = sorted(below.difference(self._balance))

    def equations(self) -> Equations:
        """The cells as sums of the variables, in places of the grid."""
        rows, figures, grid = self._program.rows, self._program.figures, self._program.grid
        cells_of: list[list[int]] = [[] for _ in range(self._size)]
        for n, row in enumerate(rows):
            for m in row:
                cells_of[m].append(n)
        taken = [cells_of[m] for m in self._balance]
        one = [[n] for n in range(len(rows))]
        within = [[shift.cell] for shift in self._rounded]
        negative = [cells_of[m] for m in self._negative]
        columns = [*cells_of, *taken, *taken, *taken, *one, *one, *within, *within, *negative]
        blocks = [(self._size + len(taken), 1), (2 * len(taken), -1), (len(one), 1), (len(one), -1)]
        blocks += [(len(within), 1), (len(within), -1), (len(negative), -1)]
        signs = [float(sign) for count, sign in blocks for _ in range(count)]
        return Equations(columns, signs, [float(amount // grid) for amount, *_ in figures])

    def cost(self) -> np.ndarray:
        """The cost of a place of each variable."""
        import numpy as np

        figures, balance = self._program.figures, self._balance
        weight = np.array([weight for _, _, weight, *_ in figures])
        line = np.zeros(self._size)
        line[[m for m in range(self._size) if self._program.unofficial[m]]] = _UNOFFICIAL
        line[balance] = _BALANCE
        line[[*self._program.kept]] = _KEPT_BALANCE
        within_rounding = np.full(2 * len(balance), _ROUNDING_BALANCE)
        within = np.array([min(figures[shift.cell][2], 1.0) * shift.cost for shift in self._rounded])
        negative = np.full(len(self._negative), _NEGATIVE)
        return np.concatenate([line, within_rounding, line[balance], weight, weight, within, within, negative])

    def upper(self) -> np.ndarray:
        """The most that each variable may be, in places."""
        import numpy as np

        size, balance = self._size, self._balance
        slack = np.array([shift.most for shift in self._rounded], dtype=float)
        unbounded = np.full(size + 3 * len(balance) + 2 * len(self._program.rows), np.inf)
        upper = np.concatenate([unbounded, slack, slack, np.full(len(self._negative), np.inf)])
        upper[size : size + 2 * len(balance)] = self._program.rounding
        upper[[size + 2 * len(balance) + k for k, m in enumerate(balance) if self._program.positive[m]]] = 0
        return upper

    def whole(self) -> np.ndarray:
        """Which variables must be whole numbers: those that make up amounts."""
        import numpy as np

        amounts = self._size + 3 * len(self._balance)
        deviations = 2 * len(self._program.rows) + 2 * len(self._rounded)
        return np.repeat([True, False, True], [amounts, deviations, len(self._negative)])

    def deviations(self) -> range:
        """The variables that are deviations of cells, up then down, beyond rounding."""
        start = self._size + 3 * len(self._balance)
        return range(start, start + 2 * len(self._program.rows))

    def amounts(self, shares: np.ndarray) -> tuple[int, ...]:
        """The amounts of the lines (分) for these values of the variables."""
        values = shares[: self._size].copy()
        more, less, far_less = shares[self._size : self._size + 3 * len(self._balance)].reshape(3, len(self._balance))
        values[self._balance] += more - less - far_less
        values[self._negative] -= shares[len(shares) - len(self._negative) :]
        return tuple([int(value) * self._program.grid for value in values])


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
