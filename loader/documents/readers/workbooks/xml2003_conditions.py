"""Conditional formats of workbooks saved as XML by Excel 2003: the first of a cell's conditions that holds counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from loader.documents.readers.colour import is_white
from loader.documents.readers.sheet import MAX_COLUMNS
from loader.documents.readers.workbooks.column_letters import column_name
from loader.documents.readers.workbooks.conditions import Conditional

_X = "{urn:schemas-microsoft-com:office:excel}"
CONDITIONAL_FORMAT = f"{_X}ConditionalFormatting"
_SIGNS = {
    "Equal": ("=",),
    "NotEqual": ("<>",),
    "Less": ("<",),
    "LessOrEqual": ("<=",),
    "Greater": (">",),
    "GreaterOrEqual": (">=",),
    "Between": (">=", "<="),
    "NotBetween": ("<", ">"),
}
_AREA = re.compile(r"R(\d{1,7})C(\d{1,5})(?::R(\d{1,7})C(\d{1,5}))?|([RC])(\d{1,7})(?::[RC](\d{1,7}))?")
_LAST_ROW = 1_048_576
# R2C3, RC[-1]: row and column, each counted from the cell itself where it stands in brackets or is left out
_REFERENCE = re.compile(r"(?<![\w.!\])])R(?:\[(-?\d{1,7})\]|(\d{1,7}))?C(?:\[(-?\d{1,5})\]|(\d{1,5}))?(?![\w.(\[])")
_UNKNOWN = "?"  # a condition that nobody works out
_WHITE = {"white": "#FFFFFF"}


def conditionals(worksheet: Element) -> Iterator[Conditional]:
    """The effects of the conditional formats of a sheet, with their conditions."""
    for block in worksheet.iterfind(CONDITIONAL_FORMAT):
        areas = tuple(map(_area, _AREA.findall((block.findtext(f"{_X}Range") or "").upper())))
        for condition in block.iterfind(f"{_X}Condition") if areas else ():
            look = condition.find(f"{_X}Format")
            hides, needs_white, shows = _look("" if look is None else look.get("Style", ""))
            for conditions in _conditions(condition, areas[0][:2]):
                yield Conditional(areas, conditions, False, hides, needs_white, shows, stops=True)


def _area(found: tuple[str, ...]) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of an area: R2C3:R9C3, or whole rows (R2) or columns (C3:C5)."""
    top, left, bottom, right, kind, first, last = found
    if kind == "R":
        return int(first), 0, int(last or first), MAX_COLUMNS
    if kind == "C":
        return 1, int(first) - 1, _LAST_ROW, int(last or first) - 1
    return int(top), int(left) - 1, int(bottom or top), int(right or left) - 1


def _conditions(condition: Element, base: tuple[int, int]) -> Iterator[tuple[str, ...]]:
    """Conditions that must all hold; several such groups if one of several conditions is enough."""
    values = [_local(condition.findtext(f"{_X}{name}") or "", base) for name in ("Value1", "Value2")]
    qualifier = condition.findtext(f"{_X}Qualifier")
    if qualifier is None:
        yield (values[0] or _UNKNOWN,)
        return
    conditions = [f"{sign}{value}" for sign, value in zip(_SIGNS.get(qualifier, ()), values, strict=False)]
    if qualifier == "NotBetween":
        yield from ((one,) for one in conditions)
    else:
        yield tuple(conditions) or (_UNKNOWN,)


def _local(formula: str, base: tuple[int, int]) -> str:
    """A formula with references in usual notation ($B2), relative to the first cell of an area; texts in quotation
    marks are kept."""
    parts = formula.strip().removeprefix("=").split('"')
    try:
        parts[::2] = [_REFERENCE.sub(lambda found: _letters(found, base), part) for part in parts[::2]]
    except ValueError:
        return _UNKNOWN
    return '"'.join(parts)


def _letters(found: re.Match[str], base: tuple[int, int]) -> str:
    """$B2 for R[1]C2; ValueError beyond the sheet."""
    row_apart, row, column_apart, column = found.groups()
    number = int(row) if row else base[0] + int(row_apart or 0)
    place = int(column) - 1 if column else base[1] + int(column_apart or 0)
    if number < 1 or not 0 <= place < 26**3:
        raise ValueError(found[0])
    return f"{'$' if column else ''}{column_name(place)}{'$' if row else ''}{number}"


def _look(style: str) -> tuple[bool, bool, bool]:
    """Whether a format hides the text of a cell, whether only on white, and whether it states a visible colour."""
    stated = {name.strip(): value.strip() for name, _, value in (s.partition(":") for s in style.lower().split(";"))}
    ink, ground = (_WHITE.get(stated.get(name, ""), stated.get(name, "")) for name in ("color", "background"))
    is_struck = stated.get("text-line-through", "none") != "none"
    is_like_ground = ink != "" and ink == ground
    is_on_paper = is_white(ink) and (not ground or is_white(ground) or ground in ("none", "auto", "transparent"))
    return is_struck or is_like_ground or is_on_paper, not is_struck and not ground, ink != ""
