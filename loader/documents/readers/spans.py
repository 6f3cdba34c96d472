"""The spans of cells in web pages, and a limit on the area that cells may cover."""

from __future__ import annotations

import re

from loader.documents.grid import DocumentError

MAX_COLSPAN, MAX_ROWSPAN = 1000, 65_534  # of the standard for HTML
MAX_AREA = 5_000_000  # columns that the cells of all rows cover together: three hundred units with all their forms

_INTEGER = re.compile(r"[\t\n\f\r ]*([-+]?)([0-9]+)")


def colspan_of(value: str) -> int:
    """The number of columns by the attribute, as browsers read it ("3;" and "+3" are 3, 0 and "x" are 1)."""
    return min(_non_negative(value) or 1, MAX_COLSPAN)


def rowspan_of(value: str) -> int:
    """The number of rows by the attribute, as browsers read it; 0 means all rows to the end of the group."""
    number = _non_negative(value)
    return 1 if number is None else min(number, MAX_ROWSPAN)


def _non_negative(value: str) -> int | None:
    """An integer by the standard's rules for non-negative integers; None if they fail."""
    found = _INTEGER.match(value)
    if found is None:
        return None
    number = int(found[2].lstrip("0")[:9] or "0")
    return None if found[1] == "-" and number else number


def check_area(file_name: str, area: int) -> None:
    """DocumentError if cells cover more columns than those of any disclosure."""
    if area > MAX_AREA:
        raise DocumentError(f"{file_name}: cells that cover more than {MAX_AREA:,} columns, expected a disclosure")
