"""Spending from a fund beyond its income. Such a figure may name the wrong fund."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from loader.ledger.lines import Ledger
from schema.forms.template import Statement


def overspent(ledger: Ledger) -> Decimal:
    """The excess of spending over income and money carried over (万元), summed over the funds.

    Income of funds without spending covers part of it. Spending without a fund is not counted.
    """
    spent: dict[str, Decimal] = defaultdict(Decimal)
    income: dict[str, Decimal] = defaultdict(Decimal)
    for line in ledger.lines:
        at = line.coordinates
        if at.statement == Statement.EXPENDITURE and at.fund:
            spent[at.fund] += line.amount
        elif at.statement == Statement.REVENUE or (at.statement == Statement.CARRY_OVER and at.item == "opening"):
            income[at.fund] += line.amount
    lacking = Decimal(0)
    for fund in sorted(spent, key=len, reverse=True):
        own = [source for source in income if source.startswith(fund)]
        lacking += max(Decimal(0), spent[fund] - sum(income.pop(source) for source in own))
    return max(Decimal(0), lacking - sum(income.values()))
