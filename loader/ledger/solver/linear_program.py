"""The cheapest solution of linear equations, in fractions or in whole numbers, by HiGHS.

HiGHS is called through its own package. scipy contains the same solver, but takes half a second to import.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from loader.ledger.clock import spend

if TYPE_CHECKING:
    import highspy
    import numpy as np
    from numpy.typing import ArrayLike

# A program in whole numbers may never end. So many subproblems may be solved for one, and as the last guard, even on a
# busy machine, it may take so many seconds.
_MOST_NODES = 200
_LAST_SECONDS = 10.0
# a step of the simplex method takes longer the more equations there are
_WORK_OF_PROGRAM, _WORK_OF_ITERATION, _ROWS_AT_LEAST = 500, 0.15, 500


class Equations(NamedTuple):
    """Sums of variables, variable by variable.

    ``columns`` gives the equations (from 0) in which each variable occurs, ``signs`` is 1 or -1 for each variable, and
    ``totals`` is the right side of each equation.
    """

    columns: Sequence[Sequence[int]]
    signs: ArrayLike
    totals: ArrayLike


class Optimum(NamedTuple):
    """A value for each variable, and its reduced cost: what a unit more of it adds to the cost.

    Reduced costs are 0 except for variables at a bound, and have no meaning if variables are whole numbers.
    """

    values: np.ndarray
    reduced_costs: np.ndarray


def cheapest(
    equations: Equations,
    costs: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    whole: np.ndarray | None = None,
) -> Optimum | None:
    """The values within these bounds with the lowest cost. None if there are none, or none is proved best in time.

    ``whole`` marks the variables that must be whole numbers. Without it there are none.
    """
    return _optimum(_solver(equations, costs, lower, upper, whole))


def cheapest_by_turns(
    equations: Equations, costs: Iterable[np.ndarray], lower: ArrayLike, upper: ArrayLike
) -> Iterator[Optimum | None]:
    """The cheapest values for each of several costs, each search starting from the last result.

    If the costs differ little, the first search does nearly all of the work.
    """
    import numpy as np

    solver = None
    for own in costs:
        if solver is None:
            solver = _solver(equations, own, lower, upper)
        else:
            solver.changeColsCost(len(own), np.arange(len(own), dtype=np.int32), own)
        yield _optimum(solver)


def _solver(
    equations: Equations,
    costs: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    whole: np.ndarray | None = None,
) -> highspy.Highs:
    import highspy
    import numpy as np

    columns = equations.columns
    lengths = np.fromiter(map(len, columns), dtype=np.int32, count=len(columns))
    totals = np.asarray(equations.totals, dtype=float)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(columns), len(totals)
    model.col_cost_ = np.asarray(costs, dtype=float)
    model.col_lower_ = np.broadcast_to(np.asarray(lower, dtype=float), len(columns))
    model.col_upper_ = np.broadcast_to(np.asarray(upper, dtype=float), len(columns))
    model.row_lower_ = model.row_upper_ = totals
    matrix = model.a_matrix_
    matrix.num_col_, matrix.num_row_ = len(columns), len(totals)
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    matrix.index_ = np.fromiter(chain.from_iterable(columns), dtype=np.int32, count=int(lengths.sum()))
    matrix.value_ = np.repeat(np.asarray(equations.signs, dtype=float), lengths)
    if whole is not None:
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger if is_whole else kinds.kContinuous for is_whole in whole]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_max_nodes", _MOST_NODES)
    solver.setOptionValue("time_limit", _LAST_SECONDS)
    solver.passModel(model)
    return solver


def _optimum(solver: highspy.Highs) -> Optimum | None:
    import highspy
    import numpy as np

    solver.run()
    spend(_work_of(solver))
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    return Optimum(np.array(solution.col_value), np.array(solution.col_dual))


def _work_of(solver: highspy.Highs) -> float:
    """The work of a program that is solved, see the clock."""
    iterations, rows = int(solver.getInfo().simplex_iteration_count), int(solver.getNumRow())
    return _WORK_OF_PROGRAM + _WORK_OF_ITERATION * iterations * (rows + _ROWS_AT_LEAST)
