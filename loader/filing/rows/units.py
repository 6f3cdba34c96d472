"""Rows of departments and units, by code or by name."""

from __future__ import annotations

from loader.documents.grid import Row
from loader.documents.wording import digits, fold
from loader.filing.printed_codes import DEPARTMENT_DIGITS
from loader.filing.rows.context import Context
from loader.filing.rows.placed_row import PlacedRow
from loader.filing.rows.row_codes import RowCodes


class Units:
    """Reads rows of units. Rows of other kinds belong to the last department and unit above them."""

    def __init__(self, codes: RowCodes, context: Context) -> None:
        self.department: str | None = None
        self.unit: str | None = None
        self._codes = codes
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
        """A row that names a unit without a code, or a row of a form without columns of units."""
        name = name if self._codes.columns.name_rows else self._context.identity.reporting_unit_name
        unit = self.named(name)
        if unit is None:
            return None
        self._context.findings.add("code_by_name", {"name": name, "code": unit}, row.number)
        return self.of_code(unit, name, row) if unit.isdigit() else PlacedRow(unit, name)

    def enter(self, unit: str) -> None:
        """The rows from here on are of this unit."""
        self.unit = unit
        self._context.departments[unit] = unit[:DEPARTMENT_DIGITS]

    def of_next_row(self) -> str:
        """The code of the unit or department that the next row belongs to."""
        return self.unit or self.department or self._context.identity.reporting_unit_code

    def named(self, name: str) -> str | None:
        """The unit that files, or the only unit of this name."""
        own = self._context.identity
        if fold(name) == fold(own.reporting_unit_name):
            return own.reporting_unit_code
        units = [unit for unit, known in self._context.known_units.items() if name and fold(known) == fold(name)]
        return units[0] if len(units) == 1 else None

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
