"""The cheapest values in fractions → the cheapest in whole numbers, at hardly any more cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loader.ledger.solver.linear_program import Equations, Optimum, cheapest, cheapest_by_turns

if TYPE_CHECKING:
    import numpy as np

# variables of a program that is solved in whole numbers at any cost; a larger one only if that costs nothing
LARGEST_WHOLE = 2000
# corners of a program tried for whole numbers, and the size of random costs that separate equally cheap corners
_CORNERS, _NUDGE = 6, 1e-5
DEAR = 1e-7  # least reduced cost that counts as more than zero in floating point


def are_whole(values: np.ndarray, shares: np.ndarray, whole: np.ndarray | None = None) -> bool:
    """Whether the values, or those that must be ``whole``, are their rounded ``shares``, as far as floating point
    tells."""
    import numpy as np

    distance = np.abs(values - shares)
    return bool((distance if whole is None else distance[whole]).max(initial=0.0) < 1e-4)


def whole_shares(
    equations: Equations, cost: np.ndarray, least: np.ndarray, most: np.ndarray, whole: np.ndarray, best: Optimum
) -> np.ndarray | None:
    """The cheapest result with whole numbers for the ``whole`` variables. None if none is found with little work.

    Mostly it costs no more than the ``best`` one in fractions. Then every variable that would raise the cost stays at
    its bound. In the small program that is left any result will do; those without further deviating cells come first.
    """
    import numpy as np

    is_dear, is_cheap = best.reduced_costs > DEAR, best.reduced_costs < -DEAR
    further = np.where(best.values > 0.5, 0.0, cost)
    options = [(further, np.where(is_cheap, most, least), np.where(is_dear, least, most))]
    if (corner := _whole_corner(equations, *options[0], whole, best)) is not None:
        return corner
    if len(cost) <= LARGEST_WHOLE:
        options.append((cost, least, most))
    for costs, lower, upper in options:
        found = cheapest(equations, costs, lower, upper, whole)
        if found is not None:
            shares: np.ndarray = np.round(found.values)
            return shares
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
    for found in cheapest_by_turns(equations, nudged, lower, upper):
        if found is None:
            return None
        shares: np.ndarray = np.round(found.values)
        if are_whole(found.values, shares, whole) and costs @ shares <= costs @ best.values + 1e-6:
            return shares
    return None
