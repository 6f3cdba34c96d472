"""Sums that were not brought up to date, or that leave out one of their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from loader.diagnosis.differences import Difference
from loader.diagnosis.figures import money
from loader.diagnosis.table import Table
from loader.filing.filed import Finding


def name_totals(tables: Mapping[str, Table], found: Sequence[Difference]) -> list[Finding]:
    """A finding for each form with sums that differ alike. Empty if anything else differs, because then the ledger may
    be wrong."""
    by_form: dict[str, list[Difference]] = defaultdict(list)
    for difference in found:
        by_form[difference.form.form.form_id].append(difference)
    findings = [_name(tables.get(form_id), group) for form_id, group in by_form.items()]
    return [finding for finding in findings if finding is not None] if None not in findings else []


def _name(table: Table | None, group: Sequence[Difference]) -> Finding | None:
    if table is None:
        return None
    children = table.children()
    if any(not _is_sum(table, children, difference) for difference in group):
        return None
    if not table.failed:
        return None
    lacking: dict[str, dict[str, int]] = defaultdict(dict)
    for difference in group:
        lacking[difference.key[0]][difference.key[1]] = difference.rebuilt - difference.filed
    return sum_fault(table, lacking)


def sum_fault(table: Table, lacking: Mapping[str, Mapping[str, int]]) -> Finding | None:
    """The finding for sums that lack these amounts (row → column → 分). None if they do not all lack the same."""
    form = table.form
    children = table.children()
    rows = sorted(lacking, key=lambda row: (len(table.rows.above(row)), row))
    labels = {cell.row_key: cell.row_label for cell in form.filed.cells if cell.row_label}
    lowest = rows[-1]
    source = next((cell.source_row for cell in form.filed.cells if cell.row_key == lowest), None)
    place = (form.filed.form_no, form.form.form_id, form.form.report_no, source)
    if all(lacking[row] == lacking[lowest] for row in rows):
        for child in children.get(lowest, ()):
            figures = {column: amount for column, amount in table.figures[child].items() if amount}
            if figures == lacking[lowest]:
                return Finding(
                    "child_left_out",
                    {
                        "row": labels.get(lowest) or lowest,
                        "part": labels.get(child) or child,
                        "amount": money(max(figures.values(), key=abs)),
                    },
                    *place,
                )
    amounts = {abs(amount) for shown in lacking.values() for amount in shown.values()}
    if sum(map(len, lacking.values())) > 1 and len(amounts) == 1:
        return Finding(
            "stale_total",
            {"rows": [labels.get(row) or row for row in rows], "difference": money(amounts.pop())},
            *place,
        )
    return None


def _is_sum(table: Table, children: Mapping[str, list[str]], difference: Difference) -> bool:
    row, column = difference.key
    return row in children or any(map(table.figures.get(row, {}).get, table.parts.get(column, ())))
