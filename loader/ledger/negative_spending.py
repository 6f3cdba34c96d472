"""Negative spending: a budget at the beginning of a year takes no money back."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import Evidence
from loader.ledger.evidence.projection import Coordinates
from schema.forms.template import Stage, Statement

_CARRIED_OVER = "18"  # funds left from last year: overspending them gives negative amounts


def negative_spending(
    evidence: Evidence, negative: Collection[tuple[Coordinates, tuple[int, int, int] | None]]
) -> Iterator[Finding]:
    """A finding for each cell that prints a negative figure and is the finest cell of ``negative`` spending.

    ``negative`` are lines with their source (form, row, column). Money carried over is skipped. Adjusted budgets and
    final accounts are skipped too, because they take money back.
    """
    places = {
        place
        for line, place in negative
        if line.statement == Statement.EXPENDITURE and not line.fund.startswith(_CARRIED_OVER)
    }
    if not places or evidence.disclosure.identity.stage != Stage.BUDGET:
        return
    for form in evidence.all_forms():
        for cell in form.cells.values():
            place = (form.filed.form_no, cell.row_no, cell.column_no)
            if place in places and cell.amount is not None and cell.amount < 0:
                yield Finding(
                    "negative_spending",
                    {
                        "row": cell.row_label or cell.row_key or "",
                        "column": cell.column_label or cell.column_key or "",
                        "amount": cell.text,
                    },
                    form.filed.form_no,
                    form.form.form_id,
                    form.form.report_no,
                    cell.source_row,
                    cell.column_no,
                )
