"""Money of a fund that is spent beyond what comes in of it: the figure that tells the fund may be the wrong one."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from loader.ledger.lines import Ledger
from schema.forms.template import Statement


def overspent(ledger: Ledger) -> Decimal:
    """How much more is spent of the funds than comes in of them and was carried over (万元), as far as income of which
    nothing is spent does not pay for it. Spending of no fund is not counted."""
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
