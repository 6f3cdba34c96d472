"""Spending below nothing: a budget of the beginning of a year takes nothing back."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from loader.filing.filed import Finding
from loader.ledger.evidence import Evidence
from loader.ledger.projection import Coordinates
from schema.forms.template import Stage, Statement

_CARRIED_OVER = "18"  # funds that last year left: what was spent too much of them is below nothing


def negative_spending(
    evidence: Evidence, negative: Collection[tuple[Coordinates, tuple[int, int, int] | None]]
) -> Iterator[Finding]:
    """A finding for each cell (form, row, column) that prints a figure below nothing and is the finest one of
    ``negative`` spending, unless it was carried over.

    Adjusted budgets and final accounts take money back, so there it says nothing.
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
