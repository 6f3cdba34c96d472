"""The code and the name that a row prints, in columns of their own or in one cell."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from loader.filing.printed_codes import UNIT_DIGITS, code_of, coded_name
from loader.filing.rows.code_columns import CodeColumns
from loader.filing.rows.levels import Levels, joined_code
from schema.forms.template import Coordinate, Form


class Printed(NamedTuple):
    """What a row prints: its code in one cell, its name, and its 类, 款 and 项 in columns of their own."""

    code: str | None
    name: str
    levels: list[str | None]


class RowCodes:
    """Reads code and name of each row, from top to bottom."""

    def __init__(
        self, form: Form, columns: CodeColumns, levels: Levels, functions: Collection[str], department: str
    ) -> None:
        self.columns = columns
        self._levels = levels
        self._functions = functions  # the codes of the year
        self._department = department  # of the unit that files
        self._is_by_unit = form.is_by(Coordinate.UNIT)
        self._is_by_function = form.is_by(Coordinate.FUNCTIONAL)

    def of_row(self, values: dict[str, str]) -> Printed:
        """Code and name of a row. Both may be in one cell, and the code may be repeated before the name."""
        levels = self._levels.of_row(values)
        of_code = self.columns.whole or self.columns.name
        printed, name = values.get(of_code, ""), values.get(self.columns.name, "")
        code = code_of(printed)
        if code is not None and of_code == self.columns.name:
            return Printed(code, "", levels)
        in_name = coded_name(name)
        if code is None and not any(levels):
            coded = coded_name(printed) or in_name
            if coded is not None and self._is_code(coded.code):
                return Printed(coded.code, coded.name, levels)
            return Printed(None, name or printed, levels)
        if in_name is not None and in_name.code in (code, joined_code(levels) if levels else None):
            name = in_name.name
        return Printed(code, name, levels)

    def _is_code(self, number: str) -> bool:
        """Whether a number before a name is a code. In rows of units it may belong to the name (120急救中心)."""
        if not self._is_by_unit or len(number) >= UNIT_DIGITS:
            return True
        is_subject = self._is_by_function and number in self._functions
        return is_subject or number.startswith(self._department)
