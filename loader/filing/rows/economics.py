"""Rows of economic subjects (经济科目), alone or below units in the same columns."""

from __future__ import annotations

from dataclasses import replace

from loader.documents.grid import Row
from loader.documents.wording import fold, label
from loader.filing.known_names import known_names, names_of
from loader.filing.printed_codes import PART_DIGITS, UNIT_DIGITS, without_padding
from loader.filing.rows.context import Context
from loader.filing.rows.levels import joined_code
from loader.filing.rows.placed_row import PlacedRow
from loader.filing.rows.row_codes import Printed, RowCodes
from loader.filing.rows.subjects import Subjects
from loader.filing.rows.units import Units

_SCHEME = "department_economic"


class EconomicSubjects:
    """Reads rows of economic subjects, from top to bottom, and those of the units above them if the form has units."""

    def __init__(self, units: Units | None, codes: RowCodes, subjects: Subjects, context: Context) -> None:
        self._units = units
        self._codes = codes
        self._subjects = subjects
        self._context = context

    def read(self, values: dict[str, str], row: Row) -> PlacedRow | None:
        """A row of a subject, by its code or else by its name, or of a unit."""
        printed = self._codes.of_row(values)
        if self._units is None:
            return self._subject(printed, row)
        self._subjects.of_unit(self._units.of_next_row())
        if self._is_of_subject(printed):
            if printed.code is not None and len(printed.code) == UNIT_DIGITS:
                self._units.enter_beside(printed.code)
                self._subjects.of_unit(self._units.of_next_row())
                printed = printed._replace(code=None)
            found = self._subject(printed, row)
            return found and replace(found, key=f"{self._units.of_next_row()}/{found.key}")
        if printed.code is None:
            return self._units.of_name(printed.name, row)
        return self._units.of_code(printed.code, printed.name, row)

    def _is_of_subject(self, printed: Printed) -> bool:
        """Whether a row of a form with units is of a subject, perhaps beside the code of its unit."""
        code, name, levels = printed
        if any(levels):
            return True
        if code is None or len(code) == UNIT_DIGITS:
            return label(name) in names_of(_SCHEME) and fold(name) not in self._context.unit_names.get(code or "", ())
        return label(name) in known_names(_SCHEME).get(code, ()) or code in self._subjects.names

    def _subject(self, printed: Printed, row: Row) -> PlacedRow | None:
        code, name, levels = printed
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
