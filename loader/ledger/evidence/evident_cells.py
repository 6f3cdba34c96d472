"""Lines and a filed form → the cells that are evidence of them."""

from __future__ import annotations

from loader.ledger.evidence.evidence import FormEvidence
from loader.ledger.evidence.layout import Layout, crossed
from loader.ledger.evidence.projection import CellKey, Coordinates
from schema.forms.template import Coordinate


def evident_cells(form: FormEvidence, layout: Layout) -> dict[CellKey, int]:
    """The cells of a filed form that are evidence of some of the lines, and these lines, as bits.

    A missing subtotal is no evidence. A missing row of the finest level means no money.
    """
    shown, filed = form.rows, form.columns
    fixed = layout.fixed_cells(form.form)
    found = {key: own for key, own in fixed.items() if key[0] in shown and key[1] in filed}
    if columns := {column: own for column, own in layout.columns(form.form).items() if column in filed}:
        rows: dict[str, int] = {}
        for keys, own in layout.rows(form.form):
            for row in keys:
                if row in shown or (row is keys[-1] and _is_missing_leaf(form, row, layout.one_of(own))):
                    rows[row] = rows.get(row, 0) | own
        found |= crossed(rows, columns)
    return {key: own for key, own in found.items() if key not in form.unreadable} if form.unreadable else found


def _is_missing_leaf(form: FormEvidence, row: str, line: Coordinates) -> bool:
    """Whether the form lacks the line's own row but would print it if there were money in it. It may be one of the rows
    that are not understood."""
    rows = form.form.rows
    if rows is None or not rows.by or form.form.sheet is not None or form.filed.unknown_rows:
        return False
    if Coordinate.FUNCTIONAL in rows:
        return form.row_for(line.unit, line.functional) is None
    if Coordinate.DEPARTMENT_ECONOMIC in rows:
        unit, slash, code = row.rpartition("/")
        return f"{unit}{slash}{code[:3]}" not in form.leaf_rows
    # if all rows except 合计 are details (projects and goods of 政府采购), no row shows a unit or kind
    return not rows.details or any("/" not in printed for printed in form.rows - {form.total_row})
