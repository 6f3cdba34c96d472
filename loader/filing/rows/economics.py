"""Rows of economic subjects (经济科目)."""

from __future__ import annotations

from loader.documents.grid import Row
from loader.filing.printed_codes import PART_DIGITS, UNIT_DIGITS, without_padding
from loader.filing.rows.context import Context
from loader.filing.rows.levels import joined_code
from loader.filing.rows.placed_row import PlacedRow
from loader.filing.rows.row_codes import RowCodes
from loader.filing.rows.subjects import Subjects


class EconomicSubjects:
    """Reads rows of economic subjects, from top to bottom."""

    def __init__(self, codes: RowCodes, subjects: Subjects, context: Context) -> None:
        self._codes = codes
        self._subjects = subjects
        self._context = context

    def read(self, values: dict[str, str], row: Row) -> PlacedRow | None:
        """A row of a subject, by its code or else by its name."""
        code, name, levels = self._codes.of_row(values)
        if self._codes.columns.lacks_level:
            code = self._subjects.of_levels(levels, name, row)
        elif levels and levels[0]:
            code = joined_code(levels)
        elif code is not None and len(code) <= PART_DIGITS:
            code = self._subjects.beneath(code, name)
            if code is None:
                return None
        if code is None:
            return self._named(name, row)
        if len(code) == UNIT_DIGITS:
            return None
        code = without_padding(code)
        self._subjects.take(code, name, row)
        return PlacedRow(code, name)

    def _named(self, name: str, row: Row) -> PlacedRow | None:
        code = self._subjects.named(name)
        if code is None:
            return None
        self._subjects.take_named(code, name, row)
        return PlacedRow(code, name)
