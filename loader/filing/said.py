"""What people say of documents, on the command line and in manifests: unit, year, stage, division. Checked here, before
anything is asked of a database."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from loader.filing.years import YEARS
from schema.forms.template import Stage

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


_STAGES = {
    Stage.BUDGET: ("预算", "部门预算"),
    Stage.ADJUSTED: ("调整预算", "预算调整"),
    Stage.FINAL: ("决算", "部门决算"),
}


def _stage(text: str) -> str:
    for stage, names in _STAGES.items():
        if text in (stage.value, *names):
            return stage.value
    raise ValueError(text)


UNIT = Kind("unit", "a code of 3, 6, 9, 12 or 15 digits such as 001001", _matching("(?:[0-9]{3}){1,5}"))
YEAR = Kind("year", f"a year such as 2024, from {YEARS[0]} to {YEARS[-1]}", _year)
STAGE = Kind("stage", " or ".join(f"{stage} {names[0]}" for stage, names in _STAGES.items()), _stage)
DIVISION = Kind("division", "a code of 6, 9 or 12 digits such as 430202", _matching("(?:[0-9]{3}){2,4}"))
