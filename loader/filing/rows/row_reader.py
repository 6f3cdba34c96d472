"""The key of each row of a form: its 合计, or what the kind of its rows says."""

from __future__ import annotations

import re
from typing import Protocol

from loader.documents.grid import Row
from loader.documents.wording import TOTALS, is_total, label
from loader.filing.headers.rows import is_numbering
from loader.filing.printed_codes import DEPARTMENT_DIGITS
from loader.filing.rows.code_columns import code_columns
from loader.filing.rows.context import Context
from loader.filing.rows.economics import EconomicSubjects
from loader.filing.rows.functions import Functions
from loader.filing.rows.levels import Levels
from loader.filing.rows.one_row import OneRow
from loader.filing.rows.placed_row import PlacedRow
from loader.filing.rows.projects import Projects
from loader.filing.rows.row_codes import RowCodes
from loader.filing.rows.subjects import Subjects
from loader.filing.rows.trees import Trees
from loader.filing.rows.units import Units
from loader.filing.tables.form_table import FormTable
from schema.forms import set_of
from schema.forms.template import Coordinate, Form

# 合计 in other words
_OTHER_TOTAL = re.compile("(?:本年|全年)?(?:收入|支出)?(?:预算|决算)?(?:合计|总计|小计|共计)")


class _KindOfRows(Protocol):
    def read(self, values: dict[str, str], row: Row) -> PlacedRow | None: ...


class RowReader:
    """Reads the rows of a form from top to bottom."""

    def __init__(self, form: Form, table: FormTable, context: Context) -> None:
        subjects = Subjects("functional", context, form.rows)
        is_by_function = form.is_by(Coordinate.FUNCTIONAL)
        self.columns = code_columns(form.form_id, tuple(dict.fromkeys(table.columns.values())))
        self.levels = Levels(self.columns, subjects.names, is_by_function)
        self.total = (form.rows and form.rows.total) or "total"
        self.one_row: OneRow | None = None
        totals = {*TOTALS, _other_total(table) or "合计"}
        self._sums = dict.fromkeys(totals, self.total) | self.columns.sums  # label → line
        self._kind: _KindOfRows
        if form.rows is not None and not form.rows.by:
            stage = set_of(form.form_id).stage
            self._kind = self.one_row = OneRow(form.rows, stage, table, context.identity.fiscal_year)
            return
        department = context.identity.reporting_unit_code[:DEPARTMENT_DIGITS]
        codes = RowCodes(form, self.columns, self.levels, subjects.names, department)
        units = Units(codes, table, context)
        if form.is_by(Coordinate.DEPARTMENT_ECONOMIC):
            of_units = units if form.is_by(Coordinate.UNIT) else None
            self._kind = EconomicSubjects(of_units, codes, Subjects("department_economic", context), context)
        elif form.is_by(Coordinate.PROJECT):
            self._kind = Projects(self.columns, units, table, context)
        elif form.rows is not None and form.rows.details:
            self._kind = Trees(form, codes, units, context)
        elif is_by_function:
            self._kind = Functions(form.is_by(Coordinate.UNIT), codes, units, subjects, context)
        else:
            self._kind = units

    def read(self, values: dict[str, str], row: Row) -> PlacedRow | None:
        """The key and label of a row by its codes and names (column → text), None if they are not understood."""
        for text in values.values():
            if (line_id := self._sums.get(label(text))) is not None:
                return PlacedRow(line_id, text)
        return self._kind.read(values, row)


def _other_total(table: FormTable) -> str | None:
    """The label of the first or last row if it is 合计 in other words (小计, 支出合计).

    None if another row has such a label or says 合计.
    """
    if table.body and any(is_total(cell.text) for cell in table.body[0].cells):
        return None
    first = next((row.cells for row in table.body if not is_numbering(row)), ())
    last = next((row.cells for row in reversed(table.body) if not is_numbering(row)), ())
    ends = {label(cell.text) for cell in (*first, *last) if "计" in cell.text}
    if not any(map(_OTHER_TOTAL.fullmatch, ends)):
        return None
    likely = [cell.text for row in table.body for cell in row.cells if "计" in cell.text]
    labels = [text for text in map(label, likely) if text.endswith("计")]
    others = [text for text in labels if _OTHER_TOTAL.fullmatch(text)]
    is_only = len(others) == 1 and others[0] in ends and not any(map(is_total, labels))
    return others[0] if is_only else None
