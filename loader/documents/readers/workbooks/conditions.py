"""Conditions under which a spreadsheet formats cells differently, such as white letters for zeros.

A condition compares the cell, or another one at a relative position, with a number or a text. Other formulas are not
evaluated: their result is unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from loader.documents.grid import Cell
from loader.documents.readers.sheet import Sheet
from loader.documents.readers.workbooks.column_letters import column_number
from loader.documents.readers.workbooks.number_format import Render

# the text that is stored in a cell of the same sheet by its row (from 1) and column (from 0), "" if it is blank
ValueAt = Callable[[int, int], str]
Place = tuple[int, int]

_REFERENCE = r"(\$?)([A-Z]{1,3})(\$?)(\d{1,7})"
_CELL = re.compile(_REFERENCE)
_COMPARISON = re.compile(rf'({_REFERENCE}|)\s*(<=|>=|<>|=|<|>)\s*({_REFERENCE}|"[^"]*"|[-+]?[\d.]+(?:E[-+]?\d+)?)')
_TEST = re.compile(
    rf"(ISERROR|ISERR|ISNA|ISBLANK|ISNUMBER|ISTEXT|LEN|NOT)\(\s*({_REFERENCE})\s*\)(\s*=\s*0)?", re.IGNORECASE
)
_SEVERAL = re.compile(r"(AND|OR)\((.*)\)", re.IGNORECASE | re.DOTALL)
_PIECE = re.compile(r'"[^"]*"|.', re.DOTALL)
_ERRORS = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)")
_LONGEST = 300  # characters of a formula
_MOST_STEPS = 1_000_000  # conditions, and parts of them, that are held against the cells of a sheet


@dataclass(frozen=True, slots=True)
class Conditional:
    """A format that the cells of some areas (top, left, bottom, right; rows from 1, columns from 0) get if all
    conditions hold; if ``is_negated``, if not all of them hold.

    It may hide the text of a cell, on any background or only on a white one (``needs_white``), give it a visible colour
    (``shows``), or print its number in another way.
    """

    areas: tuple[tuple[int, int, int, int], ...]
    conditions: tuple[str, ...]
    is_negated: bool = False
    hides: bool = False
    needs_white: bool = False
    shows: bool = False
    render: Render | None = None
    stops: bool = False


def apply(conditionals: Iterable[Conditional], sheet: Sheet, on_colour: Collection[Place]) -> None:
    """Let the cells of a sheet look as conditions say, those that come first before the others; what they hide is
    left out and noted, and so is where nobody knows whether they hold. ``on_colour``: the cells on whose ground white
    letters are seen."""
    settled: set[Place] = set()  # cells of which no further condition decides
    told: set[Place] = set()  # cells of which it was noted that nobody knows
    printed: set[Place] = set()  # cells whose format a condition has given

    def value_at(row: int, column: int) -> str:
        cell = sheet.rows.get(row, {}).get(column) or gone.get((row, column))
        return "" if cell is None else cell.raw or cell.text

    gone: dict[Place, Cell] = {}
    steps = 0
    numbers = sorted(sheet.rows)
    for look in conditionals:
        parts = sum(1 + condition.count(",") for condition in look.conditions)
        for area in look.areas:
            top, left, bottom, right = area
            base = look.areas[0][:2]
            for row in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
                for column in _between(left, right, sheet.rows[row]):
                    at = row, column
                    if at in settled:
                        continue
                    steps += parts
                    asked = look.conditions if steps <= _MOST_STEPS else ("?",)
                    found = [holds(condition, at, base, value_at) for condition in asked]
                    if None in found:
                        if (look.hides or look.render) and at not in told:
                            told.add(at)
                            sheet.unsettled.append(f"row {row}, column {column + 1}")
                        continue
                    if all(found) == look.is_negated:
                        continue
                    cell = sheet.rows[row][column]
                    number = _number(cell.raw or cell.text)
                    is_printed = look.render is not None and number is not None and at not in printed
                    shown = look.render(cell.raw or cell.text) if is_printed and look.render else cell.text
                    if is_printed:
                        printed.add(at)
                    if not shown or (look.hides and not (look.needs_white and at in on_colour)):
                        gone[at] = sheet.rows[row].pop(column)
                        if number is None or number:
                            sheet.unseen.append(f"{cell.text!r} in row {row}, column {column + 1}")
                    elif shown != cell.text:
                        sheet.rows[row][column] = cell._replace(text=shown, raw=cell.raw or cell.text)
                    if look.stops or look.shows or look.hides:
                        settled.add(at)


def _between(left: int, right: int, cells: Mapping[int, Cell]) -> list[int]:
    """The columns from ``left`` to ``right`` that have a cell, found from whatever is fewer."""
    if right - left < len(cells):
        return [column for column in range(left, right + 1) if column in cells]
    return [column for column in cells if left <= column <= right]


def holds(formula: str, at: Place, base: Place, value_at: ValueAt) -> bool | None:
    """Whether a condition holds for a cell: =0 (of the cell itself), B6<0, $B6="无", ISERROR(B6); None if unknown.
    References are relative to the cell ``base``."""
    formula = formula.strip()
    if len(formula) > _LONGEST:
        return None
    if (several := _SEVERAL.fullmatch(formula)) is not None and (parts := _arguments(several[2])):
        found_of = [holds(part, at, base, value_at) for part in parts]
        decides = several[1].upper() == "OR"  # one that holds decides, or one that does not
        return decides if decides in found_of else None if None in found_of else not decides
    if (found := _TEST.fullmatch(formula)) is not None:
        return _tested(found[1].upper(), bool(found[7]), _value(found[2], at, base, value_at))
    if (found := _COMPARISON.fullmatch(formula)) is None:
        return None
    left = _value(found[1], at, base, value_at) if found[1] else value_at(*at)
    if found[7] == '""':
        return _compared_with_no_text(left, found[6])
    return _compared(left, found[6], _value(found[7], at, base, value_at))


@lru_cache(maxsize=1_000)
def _arguments(text: str) -> tuple[str, ...]:
    """The parts between commas outside of brackets and quotation marks; none if the brackets do not match."""
    parts, depth = [""], 0
    for piece in _PIECE.findall(text):
        depth += (piece == "(") - (piece == ")")
        if depth < 0:
            return ()
        if piece == "," and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return tuple(parts) if not depth else ()


def _tested(test: str, is_zero: bool, value: str) -> bool | None:
    is_error = _ERRORS.fullmatch(value) is not None
    match test:
        case "ISERROR" | "ISERR" | "ISNA":
            found = is_error and (value == "#N/A") >= (test == "ISNA") and not (test == "ISERR" and value == "#N/A")
        case "ISBLANK":
            found = not value
        case "ISNUMBER":
            found = _number(value) is not None
        case "ISTEXT":
            found = bool(value) and _number(value) is None and not is_error
        case "LEN":
            return not value if is_zero else bool(value)
        case _:
            return None if is_error else not _number(value)
    return None if is_zero else found


def _value(operand: str, at: Place, base: Place, value_at: ValueAt) -> str:
    if operand.startswith('"'):
        return operand.strip('"')
    reference = _CELL.fullmatch(operand)
    if reference is None:
        return operand
    column = column_number(reference[2])
    row = int(reference[4]) + (0 if reference[3] else at[0] - base[0])
    return value_at(row, column + (0 if reference[1] else at[1] - base[1]))


def _compared_with_no_text(left: str, operator: str) -> bool:
    """Whether a cell is "", before or after it: a blank one is, numbers come before texts."""
    if _ERRORS.fullmatch(left):
        return False
    if not left:
        return operator in ("=", "<=", ">=")
    return operator in (("<>", "<", "<=") if _number(left) is not None else ("<>", ">", ">="))


def _compared(left: str, operator: str, right: str) -> bool | None:
    if _ERRORS.fullmatch(left) or _ERRORS.fullmatch(right):
        return False
    one, other = _number(left or "0"), _number(right or "0")
    if one is not None and other is not None:
        order = (one > other) - (one < other)
    elif (one is None) != (other is None):
        order = 1 if one is None else -1  # texts come after numbers
    else:
        order = (left.casefold() > right.casefold()) - (left.casefold() < right.casefold())
    return {"=": order == 0, "<>": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[
        operator
    ]


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
