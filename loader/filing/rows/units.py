"""Rows of departments and units, by code or by name."""

from __future__ import annotations

from functools import cached_property
from itertools import islice

from loader.documents.grid import Row
from loader.documents.wording import digits, figure, fold, is_total
from loader.filing.printed_codes import DEPARTMENT_DIGITS
from loader.filing.rows.context import Context
from loader.filing.rows.placed_row import PlacedRow
from loader.filing.rows.row_codes import RowCodes
from loader.filing.tables.form_table import FormTable


class Units:
    """Reads rows of units. Rows of other kinds belong to the last department and unit above them."""

    def __init__(self, codes: RowCodes, table: FormTable, context: Context) -> None:
        self.department: str | None = None
        self.unit: str | None = None
        self._codes = codes
        self._table = table
        self._context = context

    def read(self, values: dict[str, str], row: Row) -> PlacedRow | None:
        """A row of a form by units alone."""
        printed = self._codes.of_row(values)
        return self.of_code(printed.code, printed.name, row) if printed.code else self.of_name(printed.name, row)

    def of_code(self, code: str, name: str, row: Row) -> PlacedRow:
        """A row with the code of a unit or department."""
        code = self.whole_code(code)
        if len(code) == DEPARTMENT_DIGITS:
            self.department, self.unit = code, None
        else:
            self.enter(code)
            self.department = code[:DEPARTMENT_DIGITS]
        if digits(name) is not None:
            self._context.findings.add("code_for_name", {"code": fold(name)}, row.number)
        elif name:
            self._context.unit_names[code][fold(name)] += 1
        return PlacedRow(code, name)

    def of_name(self, name: str, row: Row) -> PlacedRow | None:
        """A row that names a unit without a code, or the only row of a form without columns of units."""
        if not self._codes.columns.name_rows:
            if self._has_several_rows:
                return None
            name = self._context.identity.reporting_unit_name
        unit = self._in_order(name) or self.named(name)
        if unit is None:
            return None
        self._context.findings.add("code_by_name", {"name": name, "code": unit}, row.number)
        return self.of_code(unit, name, row) if unit.isdigit() else PlacedRow(unit, name)

    def enter(self, unit: str) -> None:
        """The rows from here on are of this unit."""
        self.unit = unit
        self._context.departments[unit] = unit[:DEPARTMENT_DIGITS]

    def enter_beside(self, code: str) -> None:
        """A row with another code prints that of its unit beside it."""
        unit = self.whole_code(code)
        if unit not in (self.unit, self.department):
            self.enter(unit)

    def of_next_row(self) -> str:
        """The code of the unit or department that the next row belongs to."""
        return self.unit or self.department or self._context.identity.reporting_unit_code

    def only_of_next_row(self) -> str:
        """The same, but the unit of a department that has only one."""
        code = self.of_next_row()
        known = {*self._context.known_units, self._context.identity.reporting_unit_code}
        units = [unit for unit in known if unit != code and unit.startswith(code)]
        return units[0] if len(code) == DEPARTMENT_DIGITS and len(units) == 1 else code

    def named(self, name: str) -> str | None:
        """The unit that files, or the only unit of this name."""
        own = self._context.identity
        if fold(name) == fold(own.reporting_unit_name):
            return own.reporting_unit_code
        units = [unit for unit, known in self._context.known_units.items() if name and fold(known) == fold(name)]
        return units[0] if len(units) == 1 else None

    def _in_order(self, name: str) -> str | None:
        """The department or its unit of the same name, if rows name both: the department comes first."""
        named = self._named(name)
        department = min(named, key=len, default="")
        units = [code for code in named if code != department and code.startswith(department)]
        if len(units) != 1 or len(named) != 2 or not self._is_named_twice(name):
            return None
        return units[0] if self.department == department else department

    def _named(self, name: str) -> set[str]:
        """All units of a name, the one that files among them."""
        own = self._context.identity
        known = {**self._context.known_units, own.reporting_unit_code: own.reporting_unit_name}
        return {code for code, other in known.items() if name and fold(other) == fold(name)}

    def _is_named_twice(self, name: str) -> bool:
        cells = (cell.text for row in self._table.body for cell in row.cells)
        return len(list(islice((text for text in cells if fold(text) == fold(name)), 2))) > 1

    @cached_property
    def _has_several_rows(self) -> bool:
        """Whether rows other than 合计 have figures."""
        rows = (row for row in self._table.body if not any(is_total(cell.text) for cell in row.cells))
        return sum(any(figure(cell.text) for cell in row.cells) for row in rows) > 1

    def is_known(self, code: str) -> bool:
        """Whether this is a unit of the document, the one that files, or its department."""
        own = self._context.identity.reporting_unit_code
        return code in self._context.known_units or code in (own, own[:DEPARTMENT_DIGITS])

    def whole_code(self, code: str) -> str:
        """A unit code with the zeros that a spreadsheet dropped: 1 → 001, 1001 → 001001."""
        width = max(DEPARTMENT_DIGITS, -(-len(code) // DEPARTMENT_DIGITS) * DEPARTMENT_DIGITS)
        if len(code) != width:
            self._context.findings.add("repaired_code", {"printed": code, "code": code.zfill(width)})
        return code.zfill(width)
