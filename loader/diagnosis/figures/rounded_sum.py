"""A sum that fails by no more than its rounding, and nothing else with it: perhaps no figure of it is wrong."""

from __future__ import annotations

from loader.diagnosis.disagreement.differences import Difference
from loader.diagnosis.disagreement.labels import column_label, line_label, money
from loader.filing.filed import Finding
from loader.ledger.sums import failing_sums


def rounded_sum(difference: Difference) -> Finding | None:
    """The only failing sum that holds a cell, if rounding every figure by itself explains it as well as a slip does."""
    form = difference.form
    holding = [entry for entry in failing_sums(form) if difference.key in (entry.total, *entry.parts)]
    if len(holding) != 1 or abs(holding[0].difference) > holding[0].slack:
        return None
    [entry] = holding
    if sum(bool(form.amounts.get(part)) for part in entry.parts) < 2:
        return None
    row, column = entry.total
    cell = form.cells[entry.total]
    return Finding(
        "sum_rounded",
        {
            "row": cell.row_label or line_label(form, row, column) or row,
            "column": column_label(form, column),
            "difference": money(abs(entry.difference)),
        },
        form.filed.form_no,
        form.form.form_id,
        form.form.report_no,
        cell.source_row,
        cell.column_no,
    )
