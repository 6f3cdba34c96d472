"""The money unit below a table, where some offices print it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from loader.documents.grid import Row
from loader.documents.wording import figure, fold
from loader.filing.tables.above_table import is_footer
from loader.filing.tables.titles import filing_unit_of, match_title, money_unit_of

_NEAR = 3  # lines
# of a line that states it, with a signature or a page number
_MOST_CELLS = 4
_LONGEST = 30  # characters


class UnitBelow(NamedTuple):
    """A money unit, None if there is none, and how many of the lines below the table are its own."""

    money_unit: str | None
    lines: int


_NONE = UnitBelow(None, 0)


def unit_below(last: Sequence[Row], below: Sequence[Row], is_above: bool, is_last: bool) -> UnitBelow:
    """The money unit in the ``last`` rows of a table or in the lines ``below`` it, up to the next table.

    Between two tables it is the upper one's if the title of the lower one follows and no unit stands above the upper
    one (``is_above``), or if the lower one states its own below its title.
    """
    for row in last[-_NEAR:]:
        if (unit := _stated(row)) is not None:
            return UnitBelow(unit, 0)
    for at, row in enumerate(below[:_NEAR]):
        if match_title(row.text) or filing_unit_of(row.text):
            break
        if (unit := _stated(row)) is not None:
            rest = below[at + 1 :]
            title = next((place for place, after in enumerate(rest) if match_title(after.text)), None)
            if title is None:
                return UnitBelow(unit, at + 1) if is_last else _NONE
            is_own = not is_above or any(money_unit_of(after.text) for after in rest[title:])
            return UnitBelow(unit, at + 1) if is_own else _NONE
        if not (is_footer(row.text) or ":" in fold(row.text)):
            break  # the unit below a heading is that of what this begins
    return _NONE


def _stated(row: Row) -> str | None:
    """The money unit that a short line without figures states."""
    if len(row.cells) > _MOST_CELLS or "单位" not in row.text:
        return None
    if len(fold(row.text)) > _LONGEST or any(figure(cell.text) is not None for cell in row.cells):
        return None
    return money_unit_of(row.text)
