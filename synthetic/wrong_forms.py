"""Figures of a form that is wrong as a whole: in another money unit, or of another year."""

from __future__ import annotations

import random
from dataclasses import replace

from synthetic.budgets import CENT_OF_WAN, Budget
from synthetic.rendering import Key, published


def multiplied(budget: Budget, report_no: int, factor: int) -> dict[Key, int]:
    """The figures of a form (分), each of them so many times what it should be."""
    return {key: amount * factor for key, amount in published(budget).items() if key[0] == report_no}


def of_last_year(budget: Budget, report_no: int) -> dict[Key, int]:
    """What a form would print (分) if every amount were another."""
    other = last_year(budget, report_no)
    return {key: amount for key, amount in published(other).items() if key[0] == report_no}


def last_year(budget: Budget, seed: int) -> Budget:
    """The same lines, with other amounts."""
    choose = random.Random(seed)
    other = {line: amount + choose.randint(1, 999) * CENT_OF_WAN for line, amount in budget.amounts.items()}
    return replace(budget, amounts=other)
