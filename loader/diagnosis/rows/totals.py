"""Sums that were not brought up to date, or that leave out one of their parts: a row, a column or a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from loader.diagnosis.disagreement.differences import Difference
from loader.diagnosis.disagreement.labels import column_label, line_label, money, row_and_name
from loader.diagnosis.disagreement.table import Table
from loader.diagnosis.hypothesis import Hypothesis
from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import FormEvidence
from loader.ledger.evidence.projection import CellKey
from loader.ledger.evidence.sums import failing_sums
from schema.forms.template import Form


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
            {"rows": _told_apart(rows, labels), "difference": money(amounts.pop())},
            *place,
        )
    return None


def _told_apart(rows: Sequence[str], labels: Mapping[str | None, str]) -> list[str]:
    """The names of rows, with their codes where several have one name (a department and its unit)."""
    names = [labels.get(row) or row for row in rows]
    return [row_and_name(row, name) if names.count(name) > 1 else name for row, name in zip(rows, names, strict=True)]


def part_left_out(found: Sequence[Difference]) -> Hypothesis | None:
    """The column that the sums of a column leave out in every row, or the line that the sums above it in a list leave
    out. None if anything else differs."""
    if len({(id(one.form), one.key[1]) for one in found}) != 1:
        return None
    form, (_, column) = found[0].form, found[0].key
    lacking = {one.key[0]: one.rebuilt - one.filed for one in found}
    if form.form.lists:
        return _line_left_out(form, column, lacking, found)
    if not any(one.filed for one in found):
        return None  # the sums are blank
    for part in _parts_of(form.form, column) if form.form.rows is not None else ():
        if _figures(form, part) == lacking:
            return _column_left_out(form, column, part, {one.key: one.rebuilt for one in found})
    return None


def left_out_column(form: FormEvidence) -> Hypothesis | None:
    """The same where no other form prints the column, so that any part of the sums may seem wrong: they lack exactly
    one column in several rows, and no other sum of the form fails."""
    failing = failing_sums(form)
    columns = {entry.total[1] for entry in failing}
    lacking = {entry.total[0]: -entry.difference for entry in failing}
    if len(columns) != 1 or not 1 < len(failing) == len(lacking) or form.form.rows is None or form.form.lists:
        return None
    [column] = columns
    for part in _parts_of(form.form, column):
        figures = _figures(form, part)
        if {row: amount for row, amount in figures.items() if (row, column) in form.cells} == lacking:
            cells = {(row, column): form.amounts.get((row, column), 0) + amount for row, amount in figures.items()}
            return _column_left_out(form, column, part, cells)
    return None


def _figures(form: FormEvidence, column: str) -> dict[str, int]:
    return {row: amount for (row, at), amount in form.amounts.items() if at == column and amount}


def _column_left_out(form: FormEvidence, column: str, part: str, cells: Mapping[CellKey, int]) -> Hypothesis:
    figures = _figures(form, part)
    most = max(figures, key=lambda row: abs(figures[row]))
    finding = Finding(
        "child_left_out",
        {"row": column_label(form, column), "part": column_label(form, part), "amount": money(figures[most])},
        *_place(form, (most, column)),
    )
    return Hypothesis(finding, form, cells)


def _parts_of(form: Form, column: str) -> Iterator[str]:
    """The columns beneath a column, at any depth."""
    for part in form.column(column).parts:
        yield part
        yield from _parts_of(form, part)


def _line_left_out(
    form: FormEvidence, column: str, lacking: Mapping[str, int], found: Sequence[Difference]
) -> Hypothesis | None:
    entry = next(entry for entry in form.form.lists if any(amount.id == column for amount in entry.amounts))
    sums = [line for line in entry.lines if line.id in lacking]
    finest = [line for line in sums if lacking.keys().isdisjoint(line.parts)]
    if len(finest) != 1 or len({*lacking.values()}) != 1:
        return None
    [line] = finest
    shown = {part: amount for part in line.parts if (amount := form.amounts.get((part, column)))}
    left_out = [part for part, amount in shown.items() if amount == lacking[line.id]]
    if len(left_out) != 1 or len(shown) < 2:
        return None
    finding = Finding(
        "child_left_out",
        {
            "row": line_label(form, line.id, column) or line.id,
            "part": line_label(form, left_out[0], column) or left_out[0],
            "amount": money(lacking[line.id]),
        },
        *_place(form, (line.id, column)),
    )
    return Hypothesis(finding, form, {one.key: one.rebuilt for one in found})


def _place(form: FormEvidence, key: CellKey) -> tuple[int, str, int | None, int | None, int | None]:
    cell = form.cells.get(key)
    place = (form.filed.form_no, form.form.form_id, form.form.report_no)
    return (*place, cell.source_row, cell.column_no) if cell else (*place, None, None)


def _is_sum(table: Table, children: Mapping[str, list[str]], difference: Difference) -> bool:
    row, column = difference.key
    return row in children or any(map(table.figures.get(row, {}).get, table.parts.get(column, ())))
