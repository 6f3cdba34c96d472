"""The units in the rows of forms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from loader.documents.grid import Row
from loader.documents.wording import digits, label
from loader.filing.known_names import names_of
from loader.filing.office_names import ends_like_office
from loader.filing.printed_codes import CLASS_DIGITS, UNIT_DIGITS
from loader.filing.tables.form_table import FormTable
from schema.forms import FORMS
from schema.forms.classes import FUNCTIONAL_CLASSES
from schema.forms.template import Column, Coordinate, Role


def unit_rows(tables: Sequence[FormTable]) -> dict[str, str]:
    """Code → name of the rows of units (forms 2, 3, 7, 15 …), as far as the length of a code shows that it is a
    unit's. The row of a unit may print its name alone, and the rows of its subjects its code."""
    found: dict[str, str] = {}
    for table in tables:
        form = table.form
        if form is None or not form.has_table or not form.is_by(Coordinate.UNIT) or form.is_by(Coordinate.PROJECT):
            continue
        columns = _columns_of(form.form_id, tuple(table.columns.items()))
        has_subjects = form.rows is not None and form.rows.subject is not None
        is_shared = has_subjects and not columns.levels  # by units and subjects in one column
        if columns.code is None:
            continue
        above = ""
        for row in table.body:
            if above and (code := _code_beside_subject(row, columns)) is not None:
                found.setdefault(code, above)
            printed, name = _code_and_name(row, columns)
            above = name if not printed and ends_like_office(name) else ""
            code = digits(printed)
            if code is None:
                continue
            if is_shared and not _is_unit_among_functions(code, name):
                continue
            code = code.zfill(3) if len(code) <= 3 else code.zfill(-(-len(code) // 3) * 3)
            if code not in found or digits(found[code]) is not None:
                found[code] = name
    return found


class _Columns(NamedTuple):
    """The columns of a table that tell the unit of a row: its code, its name, and those of 类, 款 and 项, which show
    that it is none. ``rightmost`` is the last of them."""

    code: int | None
    name: int | None
    levels: frozenset[int]
    rightmost: int


def _code_and_name(row: Row, columns: _Columns) -> tuple[str, str]:
    """What a row prints in the columns of code and name, blank if it prints 类, 款 or 项."""
    printed = name = ""
    for cell in row.cells:
        column = cell.column
        if column == columns.code:
            printed = cell.text
        elif column == columns.name:
            name = cell.text
        elif column in columns.levels:
            return "", ""
        elif column > columns.rightmost:
            break  # the figures of a row stand on the right
    return printed, name


def _code_beside_subject(row: Row, columns: _Columns) -> str | None:
    """The code of a unit in a row that prints 类, 款 or 项 as well."""
    if not any(cell.column in columns.levels for cell in row.cells):
        return None
    codes = (digits(cell.text) for cell in row.cells if cell.column == columns.code)
    return next((code for code in codes if code is not None and len(code) == UNIT_DIGITS), None)


@lru_cache(maxsize=1_000)
def _columns_of(form_id: str, columns: tuple[tuple[int, str], ...]) -> _Columns:
    declared = {at: FORMS[form_id].column(column_id) for at, column_id in columns}
    code = next((at for at, c in declared.items() if c.role is Role.CODE and _is_whole_code(c)), None)
    name = next((at for at, c in declared.items() if c.role is Role.NAME), None)
    levels = frozenset(at for at, c in declared.items() if c.code is not None and c.code.part is not None)
    return _Columns(code, name, levels, max((at for at in (code, name, *levels) if at is not None), default=-1))


def _is_unit_among_functions(code: str, name: str) -> bool:
    """Whether a code in a column of functions is a unit's.

    Economic items (301), subtotals and classes of earlier years have three digits, too. A unit's code of three digits
    must therefore stand beside the name of an office.
    """
    if len(code) != CLASS_DIGITS:
        return len(code) == UNIT_DIGITS
    if code in FUNCTIONAL_CLASSES or not ends_like_office(name):
        return False
    return not any(label(name) in names_of(scheme) for scheme in ("functional", "department_economic"))


def _is_whole_code(column: Column) -> bool:
    """Whether a column holds whole codes of units, not a part of another code."""
    return column.code is not None and column.code.part is None and Coordinate.UNIT in column.code.of
