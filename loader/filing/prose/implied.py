"""What the other figures of a sentence make of a change, a rate or a share: 比上年增加2万元，增长25% of 10万元.

Printed figures are rounded, so each result has a tolerance: how far it may be off if every figure is off by half of its
last place. Rates and shares are in per cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import product

from loader.filing.prose.figures import Figure

_PLACES = Decimal("0.000001")


def change_of(before: Figure, now: Figure) -> Figure | None:
    return _result(lambda old, new: new - old, before, now)


def rate_of(before: Figure, now: Figure) -> Figure | None:
    return _result(lambda old, new: (new - old) / old * 100, before, now, divisor=lambda old, _: old)


def rate_by_change(now: Figure, change: Figure) -> Figure | None:
    """The rate of a change, if the amount before is not printed."""
    return _result(lambda new, by: by / (new - by) * 100, now, change, divisor=lambda new, by: new - by)


def rate_from(before: Figure, change: Figure) -> Figure | None:
    """The rate of a change, if the amount after it is not printed."""
    return _result(lambda old, by: by / old * 100, before, change, divisor=lambda old, _: old)


def share_of(whole: Figure, part: Figure) -> Figure | None:
    return _result(lambda all_of, some: some / all_of * 100, whole, part, divisor=lambda all_of, _: all_of)


def nearest(stated: Decimal, results: Iterable[Figure | None]) -> Figure | None:
    """The result that a stated figure comes nearest to, by what exceeds the tolerance.

    None if there is none, or if one that is not known may be meant instead.
    """
    found = list(results)
    known = [result for result in found if result is not None]
    best = min(known, key=lambda result: _beyond(stated, result), default=None)
    return best if best is None or len(known) == len(found) or not _beyond(stated, best) else None


def _beyond(stated: Decimal, result: Figure) -> Decimal:
    return max(abs(stated - result.amount) - result.margin, Decimal(0))


def _result(
    calculate: Callable[[Decimal, Decimal], Decimal],
    first: Figure,
    second: Figure,
    divisor: Callable[[Decimal, Decimal], Decimal] = lambda *_: Decimal(1),
) -> Figure | None:
    """The result and its tolerance, None if rounding may make the divisor zero or negative."""
    corners = list(product(*((amount - margin, amount, amount + margin) for amount, margin in (first, second))))
    if any(divisor(*corner) <= 0 for corner in corners):
        return None
    result = calculate(first.amount, second.amount)
    tolerance = max(abs(calculate(*corner) - result) for corner in corners)
    return Figure(result.quantize(_PLACES), tolerance.quantize(_PLACES))
