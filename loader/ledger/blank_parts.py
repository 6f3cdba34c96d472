"""Totals of lists with only blank lines beneath them. No other form need show the missing figures."""

from __future__ import annotations

from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import Evidence
from loader.ledger.evidence.income import has_all_revenue
from schema.forms.template import Line, Statement


def blank_parts(evidence: Evidence) -> list[Finding]:
    """A finding for each figure above lines that the form prints without any figure.

    Beneath an optional sum some documents print one of its parts alone (其中：政府性基金), so a blank one says nothing.
    Lists of appropriations are skipped, because they print only some of the sources of revenue.
    """
    return [
        Finding(
            "blank_parts",
            {"row": cell.row_label or line.id, "column": cell.column_label or amount.id, "amount": cell.text},
            form.filed.form_no,
            form.form.form_id,
            form.form.report_no,
            cell.source_row,
            cell.column_no,
        )
        for form in evidence.forms.values()
        for entry in form.form.lists
        for amount in entry.amounts
        for line in entry.lines
        if form.amounts.get((line.id, amount.id))
        and (line.where.statement == (Statement.EXPENDITURE,) or has_all_revenue(form.form))
        and form.rows.intersection(line.parts)
        and not line.optional
        and not any(form.at(other.id, amount.id) for other in entry.lines if _is_part(other, line))
        and (cell := form.cells.get((line.id, amount.id)))  # absent if a blank cell was corrected
    ]


def _is_part(other: Line, of: Line) -> bool:
    """Whether a line is a part of another one, or adds up some of its parts."""
    return other.id in of.parts or (other.optional and bool(other.parts) and set(other.parts) < set(of.parts))
