"""Conditional formats of workbooks: what they hide or print in another way, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter

from lxml.etree import _Element as Element

from loader.documents.readers.workbooks.column_letters import column_name, column_number
from loader.documents.readers.workbooks.conditions import Conditional
from loader.documents.readers.workbooks.number_format import GENERAL, renderer
from loader.documents.readers.workbooks.xlsx_ink import colour_of, is_on, is_white_ink

# those of Excel 2010 stand apart
_CONDITIONAL_FORMATS = (
    "{*}conditionalFormatting",
    "{*}extLst/{*}ext/{*}conditionalFormattings/{*}conditionalFormatting",
)
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
# operator of a rule → the one that formulas write; between two limits are two
_OPERATORS = {
    "equal": ("=",),
    "notEqual": ("<>",),
    "lessThan": ("<",),
    "lessThanOrEqual": ("<=",),
    "greaterThan": (">",),
    "greaterThanOrEqual": (">=",),
    "between": (">=", "<="),
    "notBetween": ("<", ">"),
}
_DRAWN = "{*}dataBar", "{*}iconSet"
_FORMULAS = "{*}formula", "{*}f"  # the latter in rules of Excel 2010, as those that refer to other sheets
_CELL_TESTS = {"containsErrors": "ISERROR", "notContainsErrors": "ISERROR", "containsBlanks": "ISBLANK"}


def effect_of(entry: Element) -> Conditional:
    """The effect of a conditional format."""
    font, fill, stated = entry.find("{*}font"), entry.find("{*}fill"), entry.find("{*}numFmt")
    colour = None if font is None else font.find("{*}color")
    ground = None if fill is None else fill.find("{*}patternFill/{*}bgColor")  # which is that of a solid fill here
    is_coloured = ground is not None and not is_white_ink(ground)
    ink = colour_of(colour)
    return Conditional(
        (),
        (),
        hides=(font is not None and is_on(font.find("{*}strike")))
        or (is_white_ink(colour) and not is_coloured)
        or (ink is not None and ink == colour_of(ground)),
        needs_white=is_white_ink(colour) and ground is None,
        shows=colour is not None,
        render=None if stated is None else renderer(stated.get("formatCode", GENERAL)),
    )


def conditionals_of(sheet: Element, looks: dict[str, Conditional]) -> list[Conditional]:
    """The conditional formats of a sheet that may matter, first those that come first."""
    found = [
        (int(rule.get("priority", 0)), conditional)
        for path in _CONDITIONAL_FORMATS
        for block in sheet.iterfind(path)
        for rule in block.iterfind("{*}cfRule")
        for conditional in _conditionals(rule, block.get("sqref") or block.findtext("{*}sqref") or "", looks)
    ]
    return [conditional for _, conditional in sorted(found, key=itemgetter(0))]


def _conditionals(rule: Element, areas: str, looks: dict[str, Conditional]) -> Iterator[Conditional]:
    """The effect and the conditions of a conditional-format rule, if it may matter. Those of bars and symbols instead
    of numbers are unknown."""
    own = rule.find("{*}dxf")
    look = looks.get(rule.get("dxfId", ""), Conditional((), ())) if own is None else effect_of(own)
    if any(part.get("showValue") in ("0", "false") for name in _DRAWN for part in rule.iterfind(name)):
        look = replace(look, hides=True)
    kind, operator = rule.get("type", ""), rule.get("operator", "")
    places = tuple(
        (int(top), column_number(left), int(bottom or top), column_number(right or left))
        for left, top, right, bottom in _AREA.findall(areas.upper())
    )
    stops = rule.get("stopIfTrue") in ("1", "true")
    if not places or not (stops or look.hides or look.shows or look.render):
        return
    formulas = [formula.text or "" for name in _FORMULAS for formula in rule.iterfind(name)]
    if kind == "cellIs":
        signs = _OPERATORS.get(operator, ())
        conditions = [f"{sign}{formula.removeprefix('=')}" for sign, formula in zip(signs, formulas, strict=False)]
    elif kind in _CELL_TESTS:
        conditions = [f"{_CELL_TESTS[kind]}({column_name(places[0][1])}{places[0][0]})"]
    else:
        conditions = formulas if kind == "expression" else []
    look = replace(look, areas=places, is_negated=kind == "notContainsErrors", stops=stops)
    for each in ((one,) for one in conditions) if operator == "notBetween" else (conditions,):
        yield replace(look, conditions=tuple(each) or ("?",))
