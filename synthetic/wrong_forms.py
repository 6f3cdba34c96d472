"""Figures of a form that is wrong as a whole: in another money unit, of another year, or in whole 万元."""

from __future__ import annotations

import random
from dataclasses import replace

from synthetic.budgets import CENT_OF_WAN, FEN, Budget
from synthetic.rendering import Key, published


def multiplied(budget: Budget, report_no: int, factor: int) -> dict[Key, int]:
    """The figures of a form (分), each multiplied by a factor."""
    return {key: amount * factor for key, amount in published(budget).items() if key[0] == report_no}


def of_last_year(budget: Budget, report_no: int) -> dict[Key, int]:
    """The figures of a form (分) if every amount were different."""
    other = last_year(budget, report_no)
    return {key: amount for key, amount in published(other).items() if key[0] == report_no}


def last_year(budget: Budget, seed: int) -> Budget:
    """The same lines with other amounts."""
    choose = random.Random(seed)
    other = {line: amount + choose.randint(1, 999) * CENT_OF_WAN for line, amount in budget.amounts.items()}
    return replace(budget, amounts=other)


def rounded_to_nothing(budget: Budget, report_no: int) -> dict[Key, int]:
    """The figures of a form that whole 万元 round to 0, each as 0."""
    return {key: 0 for key, amount in published(budget).items() if key[0] == report_no and abs(amount) < FEN // 2}
