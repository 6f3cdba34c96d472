"""Sums that are settled → the preferred amounts of the open lines that have these sums."""

from __future__ import annotations

from collections.abc import Sequence

from loader.ledger.clock import cached_with_its_work
from loader.ledger.solver.equation import Equation
from loader.ledger.solver.linear_program import Equations, cheapest
from loader.ledger.solver.whole_numbers import LARGEST_WHOLE, are_whole, whole_shares

_SAME_AGAIN = 32  # programs with cached results
_Sums = tuple[tuple[tuple[int, ...], int], ...]


def prefer(
    core: list[int], fixed: Sequence[Equation], values: list[int], preference: Sequence[float], grid: int
) -> None:
    """Replace the amounts of open lines in ``values`` by the preferred ones that keep every cell."""
    position = {m: k for k, m in enumerate(core)}
    # the sums left for the open lines; many cells have the same
    rows = {tuple([position[m] for m in e.members if m in position]) for e in fixed} - {()}
    sums = {row: sum(values[core[k]] for k in row) for row in rows}
    least = tuple([min(0, values[m]) for m in core])
    proposed = preferred_amounts(tuple(sorted(sums.items())), least, tuple([preference[m] for m in core]), grid)
    if proposed is not None:
        for member, value in zip(core, proposed, strict=True):
            values[member] = value


# asked again if cells agree except beside the weighed ones
@cached_with_its_work(_SAME_AGAIN)
def preferred_amounts(
    sums: _Sums, least: tuple[int, ...], costs: tuple[float, ...], grid: int
) -> tuple[int, ...] | None:
    """The cheapest amounts with these sums, each at least its ``least``. None if none are found."""
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
    best = cheapest(equations, cost, lower, upper)
    if best is None:
        return None
    shares = np.round(best.values)
    if len(costs) <= LARGEST_WHOLE and not are_whole(best.values, shares):
        in_whole = whole_shares(equations, cost, lower, upper, np.ones(len(costs), dtype=bool), best)
        if in_whole is None:
            return None
        shares = in_whole
    proposed = [int(share) for share in shares]
    if any(sum(proposed[k] for k in row) != total for row, total in zip(rows, amounts, strict=True)):
        return None
    return tuple([share * grid for share in proposed])
