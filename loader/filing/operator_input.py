"""Checks the operator's input about documents: unit, year, stage, date, division.

It comes from the command line and from manifests, and is checked before any query.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from loader.filing.years import YEARS
from schema.codes.lists import read_codes

Value = TypeVar("Value")


class Ambiguous(ValueError):
    """The text may mean several values. The message lists them."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[Value]):
    """A kind of input: its name, what is expected, and the parser of its text.

    ``parse`` raises ValueError if the text is not of this kind, ``Ambiguous`` if it may mean several values.
    """

    name: str
    expected: str
    parse: Callable[[str], Value]


def _matching(pattern: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(text)
        return text

    return parse


def _year(text: str) -> int:
    if not re.fullmatch(r"[0-9]{4}年?", text) or int(text[:4]) not in YEARS:
        raise ValueError(text)
    return int(text[:4])


_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|年([0-9]{1,2})月)([0-9]{1,2})日?")


def _date(text: str) -> datetime.date:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return datetime.date(int(match[1]), int(match[2] or match[3] or match[4]), int(match[5]))


# the values of schema.forms.template.Stage; importing that module declares all forms, which --help does not need
STAGES = {
    "budget": ("预算", "部门预算"),
    "adjusted": ("调整预算", "预算调整"),
    "final": ("决算", "部门决算"),
}


def _stage(text: str) -> str:
    for stage, names in STAGES.items():
        if text in (stage, *names):
            return stage
    raise ValueError(text)


def _division(text: str) -> str:
    if re.fullmatch("(?:[0-9]{3}){2,4}", text):
        return text
    if len(text) < 2:
        raise ValueError(text)
    names = {row["code"]: row["name"] for row in read_codes("division")}
    found = [code for code, name in names.items() if name == text]
    found = found or [code for code, name in names.items() if name.endswith(text)]
    if len(found) > 1:
        listed = [f"{code} {names[code]}" for code in found[:_FEW]]
        if len(found) > _FEW:
            listed.append(f"and {len(found) - _FEW} more")
        raise Ambiguous(f"may be {', '.join(listed)}: say which by its code")
    if not found:
        raise ValueError(text)
    return found[0]


_FEW = 5  # divisions of one name that a message lists

# a unit that prints no code has a provisional one
UNIT = Kind(
    "unit",
    "a code of 3, 6, 9, 12 or 15 digits such as 001001",
    _matching("(?:[0-9]{3}){1,5}|U[0-9a-f]{10}(?:-1)?"),
)
YEAR = Kind("year", f"a year such as 2024, from {YEARS[0]} to {YEARS[-1]}", _year)
DATE = Kind("date", "a date such as 2024-03-01", _date)
STAGE = Kind("stage", " or ".join(f"{stage} {names[0]}" for stage, names in STAGES.items()), _stage)
DIVISION = Kind("division", "a code of 6, 9 or 12 digits such as 430202, or a name such as 株洲市荷塘区", _division)
