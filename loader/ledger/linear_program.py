"""The cheapest solution of linear equations, in fractions or in whole numbers, found by HiGHS.

HiGHS is asked by its own package: that of scipy asks the same solver, but takes half a second to import.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import highspy
    import numpy as np
    from numpy.typing import ArrayLike


class Equations(NamedTuple):
    """Sums of variables: for each variable the equations (from 0) that add it up or, if its sign is -1, take it off;
    and for each equation its total."""

    columns: Sequence[Sequence[int]]
    signs: ArrayLike
    totals: ArrayLike


class Optimum(NamedTuple):
    """A value for each variable, and what a unit more of it adds to the cost if the others follow: 0 but for those at
    a bound, and without a meaning where variables are whole."""

    values: np.ndarray
    reduced_costs: np.ndarray


def cheapest(
    equations: Equations,
    costs: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    seconds: float,
    whole: np.ndarray | None = None,
) -> Optimum | None:
    """The values within these bounds that cost least; None if there are none, or in time none was proved to.

    ``whole`` says which variables take whole numbers only; without it none need to.
    """
    return _optimum(_solver(equations, costs, lower, upper, seconds, whole))


def cheapest_by_turns(
    equations: Equations, costs: Iterable[np.ndarray], lower: ArrayLike, upper: ArrayLike, seconds: float
) -> Iterator[Optimum | None]:
    """The values that cost least by each of several costs; all together take so many seconds at most.

    Each begins where the last one ended: of costs that differ little, the first takes nearly all the time.
    """
    import numpy as np

    solver = None
    for own in costs:
        if solver is None:
            solver = _solver(equations, own, lower, upper, seconds)
        else:
            solver.changeColsCost(len(own), np.arange(len(own), dtype=np.int32), own)
        yield _optimum(solver)


def _solver(
    equations: Equations,
    costs: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    seconds: float,
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
    solver.setOptionValue("time_limit", float(seconds))
    solver.passModel(model)
    return solver


def _optimum(solver: highspy.Highs) -> Optimum | None:
    import highspy
    import numpy as np

    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    return Optimum(np.array(solution.col_value), np.array(solution.col_dual))
