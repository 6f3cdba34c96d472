"""Conditional formats of OpenDocument spreadsheets, as LibreOffice writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml.etree import _Element as Element

from loader.documents.readers.workbooks.column_letters import column_number
from loader.documents.readers.workbooks.conditions import Conditional
from loader.documents.readers.workbooks.ods_look import OdsLook

_EXTENDED = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
CONDITIONAL_FORMAT = f"{_EXTENDED}conditional-format"
_SHEET = r"(?:'(?:[^']|'')*+'|[^\s.:']*)"
# begins behind a blank: else each quote would be tried as the first of a name that runs to the end
_AREA = re.compile(rf"(?<!\S){_SHEET}\.([A-Z]{{1,3}})(\d{{1,7}})(?::{_SHEET}\.([A-Z]{{1,3}})(\d{{1,7}}))?")
_BETWEEN = re.compile(r"(not-)?between\(([^,()]*),([^,()]*)\)")
_FORMULA = re.compile(r"formula-is\((.*)\)", re.DOTALL)
_OWN_SHEET = re.compile(r"\[\.([^\[\]:.]*)\]")  # a reference within the sheet: [.$B1]
_COMPARES = ("=", "<", ">", "!=")


def conditionals(table: Element, look: OdsLook, names: Mapping[str, str]) -> Iterator[Conditional]:
    """The conditional formats of a sheet that hide something, with their conditions. ``names``: displayed name of a
    style → its stored name."""
    for block in table.iterfind(f"{CONDITIONAL_FORMAT}s/{CONDITIONAL_FORMAT}"):
        areas = tuple(
            (int(top), column_number(left), int(bottom or top), column_number(right or left))
            for left, top, right, bottom in _AREA.findall(block.get(f"{_EXTENDED}target-range-address", ""))
        )
        for condition in block.iterfind(f"{_EXTENDED}condition") if areas else ():
            shown = condition.get(f"{_EXTENDED}apply-style-name", "")
            style = names.get(shown, shown)
            for conditions in _conditions(condition.get(f"{_EXTENDED}value", "").strip()):
                yield Conditional(
                    areas,
                    conditions,
                    hides=look.hides(style),
                    needs_white=style not in look.struck,
                    stops=True,  # the first one that holds counts
                )


def _conditions(value: str) -> Iterator[tuple[str, ...]]:
    """Conditions that must all hold; several such groups if one of several conditions is enough. "?" is one that is not
    evaluated."""
    if found := _BETWEEN.fullmatch(value):
        low, high = found[2].strip(), found[3].strip()
        if found[1]:
            yield (f"<{low}",)
            yield (f">{high}",)
        else:
            yield (f">={low}", f"<={high}")
    elif found := _FORMULA.fullmatch(value):
        yield (_OWN_SHEET.sub(r"\1", found[1]),)
    elif value.startswith(_COMPARES):
        yield (_OWN_SHEET.sub(r"\1", value.replace("!=", "<>", 1)),)
    else:
        yield ("?",)
