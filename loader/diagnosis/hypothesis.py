"""One explanation of the differences: a named fault, and the cells of its form as they would be without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal

from loader.diagnosis.disagreement.labels import column_label
from loader.diagnosis.figures.single_figures import Suspect
from loader.diagnosis.figures.slips import name_figures
from loader.filing.filed import FiledCell, FiledDisclosure, FiledForm, Finding
from loader.filing.placing.sums_of_lists import count_parts
from loader.ledger.evidence.evidence import FEN, FormEvidence
from loader.ledger.evidence.projection import CellKey
from schema.forms.template import Form


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A fault and its inverse.

    ``cells`` are the figures (分) that should stand in the form, 0 for a blank. The rows in ``dropped`` should not be
    there. ``mended`` is the number of failing checks of the form that hold without the fault.
    """

    finding: Finding
    form: FormEvidence
    cells: Mapping[CellKey, int] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    mended: int = 0

    def corrected(self, disclosure: FiledDisclosure) -> FiledDisclosure:
        """The disclosure without the fault. Cells of other forms are the same objects."""
        own = self.form.filed
        corrected = corrected_form(self.form, self.cells, self.dropped)
        return replace(disclosure, forms=[corrected if form is own else form for form in disclosure.forms])


def corrected_form(form: FormEvidence, figures: Mapping[CellKey, int], dropped: Set[str] = frozenset()) -> FiledForm:
    """The form with other figures (分, 0 for a blank) in some cells, printed or not, and without some rows."""
    own = form.filed
    cells = [
        replace(cell)
        for cell in own.cells
        if cell.row_key not in dropped and (cell.row_key, cell.column_key) not in figures
    ]
    template = own.template
    assert template is not None
    lines = {(line.id, amount.id): line for entry in template.lists for line in entry.lines for amount in entry.amounts}
    row_of = {cell.row_key: cell for cell in own.cells}
    column_of = {cell.column_key: cell for cell in own.cells if cell.statements}
    last_row = max((cell.row_no for cell in own.cells), default=0)
    new_rows = list(dict.fromkeys(row for row, _ in figures if row not in row_of))
    for (row, column), amount in figures.items():
        if not amount:
            continue
        beside, above = row_of.get(row), column_of.get(column)
        cells.append(
            FiledCell(
                row_no=beside.row_no if beside else last_row + 1 + new_rows.index(row),
                column_no=above.column_no if above else 0,
                source_row=beside.source_row if beside else 0,
                row_span=1,
                column_span=1,
                text="",
                row_key=row,
                row_label=beside.row_label if beside else None,
                column_key=column,
                column_label=above.column_label if above else None,
                amount=Decimal(amount) / FEN,
                half_place=above.half_place if above else Decimal("0.005"),
                statements=template.selection(template.column(column), lines.get((row, column))).statement,
            )
        )
    _mark_leaves(template, cells)
    return replace(own, cells=cells)


def named_figures(figures: Iterable[Suspect]) -> list[Hypothesis]:
    """Single wrong figures as faults, one for each slip."""
    return [
        Hypothesis(finding, slip[0].difference.form, {one.difference.key: one.difference.rebuilt for one in slip})
        for finding, slip in name_figures(figures)
    ]


def columns_swapped(form: FormEvidence, one: str, other: str) -> Finding:
    """The finding for a form with two exchanged columns."""
    return Finding(
        "columns_swapped",
        {"column": column_label(form, one), "other_column": column_label(form, other)},
        form.filed.form_no,
        form.form.form_id,
        form.form.report_no,
    )


def _mark_leaves(template: Form, cells: list[FiledCell]) -> None:
    """Set again which figures have nothing finer beneath them."""
    for entry in template.lists:
        keys = {(line.id, amount.id) for line in entry.lines for amount in entry.amounts}
        count_parts(entry, {key: cell for cell in cells if (key := (cell.row_key, cell.column_key)) in keys})
    if template.rows is None:
        return
    rows = {cell.row_key for cell in cells if cell.row_key}
    held = Counter(above for row in rows for above in template.rows.above(row))
    figures = {(cell.row_key, cell.column_key) for cell in cells if cell.amount and cell.statements}
    for cell in cells:
        if cell.statements and cell.row_key and cell.column_key and cell.amount is not None:
            parts = list(template.column(cell.column_key).parts)
            for part in parts:
                parts += template.column(part).parts
            cell.is_leaf = not held[cell.row_key] and not any((cell.row_key, part) in figures for part in parts)
