"""Of equally cheap amounts those with which the fewest cells are wrong: two wrong figures are likelier than three."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loader.ledger.solver.linear_program import Equations, Optimum, cheapest_by_turns
from loader.ledger.solver.whole_numbers import DEAR, are_whole

if TYPE_CHECKING:
    import numpy as np

_FEWEST = 3  # wrong cells: fewer cells are hardly ever as cheap as two
_CORNERS = 6  # of the equally cheap results, tried at random


def with_fewest_cells(
    equations: Equations, cost: np.ndarray, upper: np.ndarray, best: Optimum, deviations: range, whole: np.ndarray
) -> np.ndarray:
    """The values of the variables: the ``best`` ones, or equally cheap ones with fewer ``deviations``.

    A deviation counts with its cost, because cells that print the same sum are one variable. Variables that would raise
    the cost stay at their bounds. Nothing is tried if no other cell could deviate instead.
    """
    import numpy as np

    own = slice(deviations.start, deviations.stop)
    least: np.ndarray = best.values
    count = np.count_nonzero(least[own])
    is_free = np.abs(best.reduced_costs) <= DEAR
    if count < _FEWEST or np.count_nonzero(is_free[own]) <= count:
        return least
    wrong = cost[own] @ (least[own] > 0)
    is_dear, is_cheap = best.reduced_costs > DEAR, best.reduced_costs < -DEAR
    generator = np.random.default_rng(0)
    costs = []
    for _ in range(_CORNERS):
        nudge = np.zeros(len(cost))
        nudge[own] = generator.random(len(deviations))
        costs.append(nudge)
    bounds = np.where(is_cheap, upper, 0), np.where(is_dear, 0, upper)
    for found in cheapest_by_turns(equations, costs, *bounds):
        if found is None:
            return least
        shares: np.ndarray = np.round(found.values)
        now_wrong = cost[own] @ (shares[own] > 0)
        if are_whole(found.values, shares, whole) and now_wrong < wrong - DEAR:
            least, wrong = shares, now_wrong
    return least
