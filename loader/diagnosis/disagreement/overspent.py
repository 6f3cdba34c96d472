"""Spending from a fund beyond its income. Such a figure may name the wrong fund."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from loader.ledger.lines import Ledger
from schema.forms.template import Statement

_TO_SPEND = ("opening", "surplus_used")


def overspent(ledger: Ledger) -> Decimal:
    """The excess of spending over income and money carried over (万元), summed over the funds.

    Income of funds without spending covers part of it, if it is not left at the end of the year. Spending without a
    fund counts if the ledger has income at all.
    """
    spent: dict[str, Decimal] = defaultdict(Decimal)
    income: dict[str, Decimal] = defaultdict(Decimal)
    left = Decimal(0)
    for line in ledger.lines:
        at = line.coordinates
        if at.statement == Statement.EXPENDITURE:
            spent[at.fund] += line.amount
        elif at.statement == Statement.REVENUE or (at.statement == Statement.CARRY_OVER and at.item in _TO_SPEND):
            income[at.fund] += line.amount
        elif at.statement == Statement.CARRY_OVER:
            left += line.amount
    without_fund = spent.pop("", Decimal(0)) * bool(income)
    lacking = Decimal(0)
    for fund in sorted(spent, key=len, reverse=True):
        own = [source for source in income if source.startswith(fund)]
        lacking += max(Decimal(0), spent[fund] - sum(income.pop(source) for source in own))
    return max(Decimal(0), lacking + without_fund + left - sum(income.values()))


def overspent_by_function(ledger: Ledger) -> Decimal:
    """The excess of spending over income (万元), summed over the functions. Zero if no form prints income by them.
    Income of the functions beneath one that is spent on as a whole covers it."""
    income: dict[str, Decimal] = defaultdict(Decimal)
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for line in ledger.lines:
        at = line.coordinates
        if at.functional and at.statement == Statement.REVENUE:
            income[at.functional] += line.amount
        elif at.functional and at.statement == Statement.EXPENDITURE:
            spent[at.functional] += line.amount
    if not income:
        return Decimal(0)
    lacking = Decimal(0)
    for function in sorted(spent, key=len, reverse=True):
        own = sum((income.pop(code) for code in [*income] if code.startswith(function)), Decimal(0))
        lacking += max(Decimal(0), spent[function] - own)
        if own > spent[function]:
            income[function] = own - spent[function]
    return lacking
