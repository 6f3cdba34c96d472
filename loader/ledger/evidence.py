"""What the filed forms of one disclosure show, ready to be asked by row and column.

Amounts are whole numbers of 分 (a millionth of 万元), so that sums are exact.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from loader.documents.wording import is_placeholder
from loader.filing.filed import FiledCell, FiledDisclosure, FiledForm
from loader.ledger.projection import CellKey
from schema.forms.hunan import FORMS
from schema.forms.template import Form, Layout, Statement

FEN = 1_000_000  # 分 in one 万元
SOME = 1  # stands for a figure that cannot be read: not nothing, and no equation


def to_fen(amount: Decimal) -> int:
    """万元 → 分; what a figure prints below a 分 is no money and is rounded away."""
    return int((amount * FEN).to_integral_value())


@dataclass(slots=True)
class FormEvidence:
    """The figures of one filed form: by row and column, in 分; ``figures`` lists those of each statement."""

    form: Form
    filed: FiledForm
    amounts: dict[CellKey, int] = field(default_factory=dict)
    cells: dict[CellKey, FiledCell] = field(default_factory=dict)
    figures: dict[Statement, list[CellKey]] = field(default_factory=lambda: defaultdict(list))
    rows: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    leaf_rows: set[str] = field(default_factory=set)
    unreadable: set[CellKey] = field(default_factory=set)
    uninformative: set[CellKey] = field(default_factory=set)  # beside those, 收入总计, which adds up two statements
    _row_for: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def at(self, row: str, column: str) -> int:
        """The figure in a cell; 0 where it is blank or absent, some amount where it cannot be read."""
        key = (row, column)
        return self.amounts.get(key, SOME if key in self.unreadable else 0)

    def row_for(self, unit: str, functional: str) -> str | None:
        """The row that shows a unit's function, or the coarser one that holds it, or None."""
        place = (unit, functional)
        if place not in self._row_for:
            keys = [f"{unit}/{functional[:size]}" for size in (7, 5, 3) if len(functional) >= size]
            self._row_for[place] = next((key for key in (*keys, unit) if key in self.leaf_rows), None)
        return self._row_for[place]

    def shows(self, unit: str, functional: str, column: str) -> int:
        """The figure of a unit's function in a column; 0 where the form has no such row."""
        row = self.row_for(unit, functional)
        return 0 if row is None else self.at(row, column)


@dataclass(slots=True)
class Evidence:
    """All filed forms of a disclosure, and the unit that stands for money without a unit of its own."""

    disclosure: FiledDisclosure
    forms: dict[int, FormEvidence]
    project_sheets: list[FormEvidence]
    units: tuple[str, ...]
    home: str
    half_place: Decimal  # half of the coarsest last place that a form with rows prints, in 万元

    def __contains__(self, report_no: int) -> bool:
        return report_no in self.forms

    def all_forms(self) -> list[FormEvidence]:
        """Every form with figures, sheets of projects included."""
        return [*self.forms.values(), *self.project_sheets]

    def line(self, report_no: int, list_id: str, *line_ids: str) -> int:
        """The sum of some lines of forms 1 and 6; 0 where the form is absent."""
        evidence = self.forms.get(report_no)
        return sum(evidence.at(line_id, list_id) for line_id in line_ids) if evidence else 0


def gather(disclosure: FiledDisclosure) -> Evidence:
    """Index the figures of a disclosure. Of a form that stands in it twice, the first is evidence."""
    forms: dict[int, FormEvidence] = {}
    sheets: list[FormEvidence] = []
    for filed in disclosure.forms:
        if filed.report_no is None:
            continue
        template = FORMS[filed.report_no]
        evidence = FormEvidence(template, filed)
        for cell in filed.cells:
            if cell.row_key is None:
                continue
            evidence.rows.add(cell.row_key)
            if cell.column_key is None or not cell.statements:
                continue
            key = (cell.row_key, cell.column_key)
            if cell.amount is None:
                if not is_placeholder(cell.text):
                    evidence.unreadable.add(key)
                continue
            if len(cell.statements) > 1:
                evidence.uninformative.add(key)
            # a row printed twice says its sum
            evidence.amounts[key] = evidence.amounts.get(key, 0) + to_fen(cell.amount)
            if key not in evidence.cells:
                evidence.cells[key] = cell
                if len(cell.statements) == 1:
                    evidence.figures[cell.statements[0]].append(key)
        evidence.uninformative |= evidence.unreadable
        evidence.columns = _columns(template, filed)
        evidence.leaf_rows = _leaf_rows(template, evidence.rows)
        if template.layout is Layout.PROJECT_SHEET:
            sheets.append(evidence)
        else:
            forms.setdefault(template.no, evidence)
    departments = disclosure.departments
    units = tuple(sorted(set(departments)))
    own = disclosure.identity.reporting_unit_code
    below = [unit for unit in units if unit.startswith(own)]
    home = below[0] if len(below) == 1 else own
    half_place = max(
        (c.half_place for form in forms.values() for c in form.cells.values() if c.half_place and form.form.no < 22),
        default=Decimal(0),
    )
    return Evidence(disclosure, forms, sheets, units, home, half_place)


def _columns(template: Form, filed: FiledForm) -> set[str]:
    """The columns that the filed form has, whether or not a figure stands in them."""
    if template.lists:
        return {line_list.id for line_list in template.lists}
    shown = {cell.column_key for cell in filed.cells if cell.column_key}
    return shown | filed.header_columns


def _leaf_rows(template: Form, rows: set[str]) -> set[str]:
    if template.layout is Layout.LISTS:
        return set(rows)
    beneath: dict[str, bool] = defaultdict(bool)
    for row in rows:
        if row == "total":
            continue
        head, _, code = row.rpartition("/")
        if head and code.isdigit() and template.layout is Layout.FUNCTIONS:
            for size in range(3, len(code), 2):
                beneath[f"{head}/{code[:size]}"] = True
        if head:
            beneath[head] = True
            beneath[head[:3]] = beneath[head[:3]] or len(head) > 3
        elif template.layout is Layout.ECONOMIC:
            if len(row) > 3:
                beneath[row[:3]] = True
        elif len(row) > 3:
            beneath[row[:3]] = True
        beneath["total"] = True
    return {row for row in rows if not beneath[row]}
