"""Figures as prose prints them: 1,234.5万元, 12%, 3名."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

MONEY = {"亿元": Decimal(10000), "万元": Decimal(1), "千元": Decimal("0.1"), "元": Decimal("0.0001")}  # in 万元
PEOPLE = frozenset("名人个")
FIGURE = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>亿元|万元|千元|元|%|名|人|个)(?!/|[(]含[)]|(?:[(]含[^()]*[)])?以[上下])"
)


class Figure(NamedTuple):
    """An amount, and how far it may be off: half of its last printed place, or what such halves come to."""

    amount: Decimal
    margin: Decimal


def figure_of(printed: re.Match[str]) -> Figure:
    """A printed figure: money in 万元, per cent and counts as they are."""
    factor = MONEY.get(printed["unit"], Decimal(1))
    number = Decimal(printed["number"].replace(",", ""))
    decimals = max(-int(number.as_tuple().exponent), 0)
    return Figure(number * factor, factor * Decimal(5).scaleb(-decimals - 1))
