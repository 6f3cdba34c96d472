"""Rows of projects (项目支出, 专项资金), below their units or beside the code or name of their unit."""

from __future__ import annotations

from collections import Counter

from loader.documents.grid import Row
from loader.documents.wording import fold, fold_name, label
from loader.filing.printed_codes import DEPARTMENT_DIGITS, code_of, coded_name
from loader.filing.rows.code_columns import CodeColumns
from loader.filing.rows.context import Context
from loader.filing.rows.placed_row import PlacedRow
from loader.filing.rows.units import Units
from loader.filing.tables.form_table import FormTable
from schema.forms.template import first_row_of_project


class Projects:
    """Reads rows of projects and of their units, from top to bottom."""

    def __init__(self, columns: CodeColumns, units: Units, table: FormTable, context: Context) -> None:
        self._columns = columns
        self._units = units
        self._context = context
        self._seen: Counter[str] = Counter()
        self._units_beside = frozenset(map(fold, _texts(table, columns.unit_name)))
        codes = filter(None, map(code_of, _texts(table, columns.whole)))
        self._has_codes_of_units = any(len(code) > DEPARTMENT_DIGITS for code in codes)

    def read(self, values: dict[str, str], row: Row) -> PlacedRow | None:
        """A row of a project, or of a unit. None for the sum of a unit's or type's projects."""
        code, name = self._code_and_name(values)
        own = self._context.identity
        if label(name) == "小计":
            return None
        if not self._columns.whole and not self._columns.unit_name:  # beneath the names of their units
            of_unit = self._units.of_name(name, row)
            return of_unit or (self._keyed(self._units.only_of_next_row(), name) if name else None)
        if not self._columns.whole:
            printed = values.get(self._columns.unit_name, "")
            if not name or (not printed and self._is_unit(name)):
                return None
            return self._keyed(self._unit_beside(printed), name)
        if code is None and not self._has_codes_of_units and (of_unit := self._units.of_name(name, row)) is not None:
            return of_unit
        whole = self._units.whole_code(code) if code else self._units.unit
        names = (own.reporting_unit_name, self._context.known_units.get(whole or "", ""))
        names_of_unit = {*map(fold, names), *self._context.unit_names.get(whole or "", ())}
        if code and (len(whole or "") == DEPARTMENT_DIGITS or fold(name) in names_of_unit):
            return self._units.of_code(code, name, row)
        if not name or (whole is None and self._units.department is None):
            return None
        unit = whole or self._units.only_of_next_row()
        if len(unit) > DEPARTMENT_DIGITS:
            self._units.enter(unit)
        else:
            self._units.unit = unit
        return self._keyed(unit, name)

    def _is_unit(self, name: str) -> bool:
        """Whether a name is that of a unit, not of a project."""
        return fold(name) in self._units_beside or self._units.named(name) is not None

    def _keyed(self, unit: str, project: str) -> PlacedRow:
        """The row of a project. A further one of the same unit and name gets a number."""
        key = f"{unit}/{first_row_of_project(fold_name(project))}"
        self._seen[key] += 1
        return PlacedRow(key if self._seen[key] == 1 else f"{key}#{self._seen[key]}", project)

    def _unit_beside(self, printed: str) -> str:
        """The unit whose name stands beside that of the project; the one that files if the document tells no code of
        it."""
        coded = coded_name(printed)
        if coded is not None and self._units.is_known(coded.code):
            return self._units.whole_code(coded.code)
        return self._units.named(printed) or self._context.identity.reporting_unit_code

    def _code_and_name(self, values: dict[str, str]) -> tuple[str | None, str]:
        """The code of the unit and the name of a row. The name of a project may begin with a number that is no unit's
        code."""
        name = values.get(self._columns.name, "")
        code = code_of(values.get(self._columns.whole, ""))
        in_name = coded_name(name)
        if code is None and in_name is not None and self._units.is_known(in_name.code):
            return in_name.code, in_name.name
        return code, name


def _texts(table: FormTable, column_id: str) -> list[str]:
    """What stands in a column, if the table has it."""
    return [
        cell.text
        for row in table.body
        for cell in row.cells
        if column_id and table.columns.get(cell.column) == column_id
    ]
