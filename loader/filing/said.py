"""What people say of documents, on the command line and in manifests: a unit, a year, a division. Checked here, before
anything is asked of a database."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from loader.filing.years import YEARS

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Kind(Generic[Value]):
    """A kind of statement: its name, what is expected, and its value from a text, ValueError if that is another."""

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


UNIT = Kind("unit", "a code of 3, 6, 9, 12 or 15 digits such as 001001", _matching("(?:[0-9]{3}){1,5}"))
YEAR = Kind("year", f"a year such as 2024, from {YEARS[0]} to {YEARS[-1]}", _year)
DIVISION = Kind("division", "a code of 6, 9 or 12 digits such as 430202", _matching("(?:[0-9]{3}){2,4}"))
