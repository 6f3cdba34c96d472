"""Amounts in 万元 as budgets print them."""

from __future__ import annotations

from decimal import Decimal

_CENTS = Decimal("0.01")


def as_printed(amount: Decimal) -> Decimal:
    """An amount with two decimals, or with as many more as it has: zeros behind them are those of the database."""
    normal = amount.normalize()
    exponent = normal.as_tuple().exponent
    return normal.quantize(_CENTS) if isinstance(exponent, int) and exponent > -2 else normal
