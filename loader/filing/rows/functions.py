"""Rows of functional subjects (功能科目), alone or below units in the same columns."""

from __future__ import annotations

from loader.documents.grid import Row
from loader.documents.wording import fold, label
from loader.filing.known_names import known_names, names_of
from loader.filing.printed_codes import CLASS_DIGITS, DEPARTMENT_DIGITS, PART_DIGITS, UNIT_DIGITS, without_padding
from loader.filing.rows.context import Context
from loader.filing.rows.levels import joined_code, lacks_group
from loader.filing.rows.placed_row import PlacedRow
from loader.filing.rows.row_codes import Printed, RowCodes
from loader.filing.rows.subjects import Subjects
from loader.filing.rows.told_functions import FunctionRow
from loader.filing.rows.units import Units
from schema.forms.classes import FUNCTIONAL_CLASSES

_SUBJECT_DIGITS = (3, 5, 7)  # of a 类, a 款, a 项


class Functions:
    """Reads rows of functions, from top to bottom, and those of the units above them."""

    def __init__(self, is_by_unit: bool, codes: RowCodes, units: Units, subjects: Subjects, context: Context) -> None:
        self._is_by_unit = is_by_unit
        self._codes = codes
        self._units = units
        self._subjects = subjects
        self._context = context

    def read(self, values: dict[str, str], row: Row) -> PlacedRow | None:
        """A row of a function, or of a unit."""
        printed = self._codes.of_row(values)
        code, name, levels = printed
        if self._is_by_unit:
            self._subjects.of_unit(self._units.of_next_row())
        if levels and len(levels[0] or "") == UNIT_DIGITS:  # a unit above its functions
            return self._units.of_code(levels[0] or "", name, row) if self._is_by_unit else None
        if self._codes.columns.lacks_level and any(levels):
            return self._of_levels(printed, row)
        if levels and lacks_group(levels):
            return self._function(code, name, row) if code is not None and code in self._subjects.names else None
        if levels and levels[0]:
            return self._of_levels(printed, row)
        if code is None and self._is_by_unit and (unit := self._units.of_name(name, row)) is not None:
            return unit
        if code is None:  # beside codes, a name alone is a caption or a project
            return None if self._codes.columns.are_of_functions else self._named(name, row)
        return self._among_units(code, name, row) if self._is_by_unit else self._alone(code, name, row)

    def _of_levels(self, printed: Printed, row: Row) -> PlacedRow | None:
        """A row with 类, 款 and 项 in columns of their own, beside the code of its unit or of the function again."""
        code, functional = printed.code, self._joined(printed, row)
        if functional is None:
            return None
        if code == functional:  # some offices print the whole code also in the column of units
            pass
        elif code and self._is_by_unit and (self._codes.columns.are_of_units or len(code) == UNIT_DIGITS):
            self._units.enter_beside(code)
        elif code and len(code) in _SUBJECT_DIGITS:
            self._context.findings.add("code_contradiction", {"code": functional, "printed": code}, row.number)
        return self._function(functional, printed.name, row)

    def _joined(self, printed: Printed, row: Row) -> str | None:
        """The code of a function from its 类, 款 and 项. If the header lacks one of them, the name decides."""
        if not self._codes.columns.lacks_level:
            return joined_code(printed.levels)
        if printed.code in self._subjects.names and len(printed.code or "") in _SUBJECT_DIGITS:
            return printed.code  # the whole code stands beside its parts
        return self._subjects.of_levels(printed.levels, printed.name, row)

    def _named(self, name: str, row: Row) -> PlacedRow | None:
        """A row without a code that has the name of a function."""
        code = self._subjects.named(name) or self._context.told.get(len(self._context.functions))
        if code is None:
            if self._subjects.has_several(name):
                self._note(None, name)
            return None
        self._subjects.take_named(code, name, row)
        return self._keyed(code, name)

    def _alone(self, code: str, name: str, row: Row) -> PlacedRow | None:
        """A row of a form without units; None for the office that files."""
        is_called_so = fold(name) == fold(self._context.identity.reporting_unit_name)
        is_office = is_called_so and (len(code) <= CLASS_DIGITS or code not in self._subjects.names)
        whole = self._subjects.beneath(code, name) if len(code) <= PART_DIGITS else code
        if whole is None or len(code) == UNIT_DIGITS or is_office:
            return None
        return self._function(whole, name, row)

    def _among_units(self, code: str, name: str, row: Row) -> PlacedRow | None:
        """A row of a unit or of a function, whose codes stand in the same column, or of a function beside the code of
        its unit."""
        if len(code) == 5 and self._is_unit_without_zero(code, name):
            return self._units.of_code(code, name, row)
        columns = self._codes.columns
        is_apart = bool(columns.levels) and not columns.lacks_level  # a 类 stands in a column of its own
        is_class = len(code) <= CLASS_DIGITS and not is_apart and self._is_class(code, name)
        if len(code) in (5, 7) or is_class:
            return self._function(code, name, row)
        if self._units.is_known(code) and self._is_called_function(code, name):
            self._units.enter_beside(code)
            return self._named(name, row)
        return self._units.of_code(code, name, row)

    def _is_called_function(self, code: str, name: str) -> bool:
        """Whether a row with the code of a unit has the name of a function, and no name of this unit."""
        of_unit = {fold(self._context.known_units.get(code, "")), *self._context.unit_names.get(code, ())}
        return label(name) in names_of("functional") and fold(name) not in of_unit

    def _is_unit_without_zero(self, code: str, name: str) -> bool:
        """Whether five digits are a unit's code without its first zero (56001), not a 款."""
        department = self._units.department or self._context.identity.reporting_unit_code[:DEPARTMENT_DIGITS]
        if not department.startswith("0") or not code.zfill(UNIT_DIGITS).startswith(department):
            return False
        return bool(self._codes.columns.levels) or label(name) not in known_names("functional").get(code, frozenset())

    def _is_class(self, code: str, name: str) -> bool:
        """Whether a code is a 类, in a column with departments and 类: it stands below a unit or has the name of a
        类."""
        named = label(self._subjects.names.get(code, FUNCTIONAL_CLASSES.get(code, ""))) == label(name)
        own = self._context.identity
        if self._units.unit is not None or self._units.department is not None:
            names = self._context.unit_names.get(code, ())
            return named or not (fold(name) in names or fold(name) == fold(own.reporting_unit_name))
        return named and code != own.reporting_unit_code[:DEPARTMENT_DIGITS]

    def _function(self, code: str, name: str, row: Row) -> PlacedRow:
        code = without_padding(code)
        self._subjects.take(code, name, row)
        return self._keyed(code, name)

    def _keyed(self, code: str, name: str) -> PlacedRow:
        self._note(code, name)
        return PlacedRow(f"{self._units.of_next_row()}/{code}" if self._is_by_unit else code, name)

    def _note(self, code: str | None, name: str) -> None:
        unit = self._units.of_next_row() if self._is_by_unit else ""
        self._context.functions.append(FunctionRow(unit, name, code, len(self._context.functions)))
