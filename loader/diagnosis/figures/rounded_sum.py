"""Sums that fail by no more than their rounding: perhaps no figure of them is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from loader.diagnosis.disagreement.differences import Difference
from loader.diagnosis.disagreement.labels import column_label, line_label, money
from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import FormEvidence, Sum
from loader.ledger.evidence.sums import failing_sums


def rounded_sums(differing: Sequence[Difference]) -> list[Finding]:
    """The failing sums that hold some of these cells, if rounding every figure by itself explains them as well as slips
    do. None if a sum has only one figure. Sums that fail by more hold money that their parts do not show."""
    found: dict[tuple[int, ...], Finding] = {}
    for form in {id(one.form): one.form for one in differing}.values():
        wrong = {one.key for one in differing if one.form is form}
        for entry in failing_sums(form):
            if wrong.isdisjoint((entry.total, *entry.parts)) or abs(entry.difference) > entry.slack:
                continue
            figures = sorted(filter(None, (form.amounts.get(part, 0) for part in entry.parts)))
            if len(figures) < 2:
                return []
            found.setdefault((form.amounts[entry.total], *figures), _finding(form, entry))
    return [*found.values()]


def _finding(form: FormEvidence, entry: Sum) -> Finding:
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
