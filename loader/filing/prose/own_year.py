"""A budget compared with that of its own year: 比2024年预算增加3万元, 与2024年预算持平 of 2024. A year is wrong."""

from __future__ import annotations

import re

_COMPARED = re.compile(
    r"(?:比|较|与|同|和)(?P<year>20\d\d)年度?(?:的|当年|年初|部门)*+(?!预算执行|决算|执行)(?:预算)?数?(?:相比|比较|比)?,?"
    r"(?:[^,;。\d]{0,12}?(?:增加|增长|上升|减少|下降|降低|压减)了?[\d,.]*[1-9][\d,.]*(?:亿元|万元|千元|元)|(?:基本|保持)*持平)"
)
_CLAUSE = re.compile(r"[^,;。]*$")
_YEAR = re.compile(r"(20\d\d)年")


def compared_with_itself(text: str, year: int) -> list[str]:
    """The comparisons with its own year in a folded sentence of the budget of a year, each once.

    What another year is said to be beside this one (2023年执行数比2024年预算数减少) is no such comparison.
    """
    found = [match for match in _COMPARED.finditer(text) if match["year"] == str(year)]
    return list(dict.fromkeys(match[0] for match in found if _year_of(text, match) in (None, str(year))))


def _year_of(text: str, match: re.Match[str]) -> str | None:
    """The last year before a comparison, within its clause."""
    clause = _CLAUSE.search(text, 0, match.start())
    years = _YEAR.findall(clause[0]) if clause else []
    return years[-1] if years else None
