"""Rows that say again what other rows say. Their cells are kept as filed, without keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

from loader.documents.grid import Row
from loader.documents.wording import figure, fold, is_total, label
from loader.filing.form_findings import FormFindings
from loader.filing.identity import department_of
from loader.filing.known_names import names_of
from loader.filing.placing.body import Body
from loader.filing.placing.placement import Placement
from loader.filing.rows.context import Context
from schema.forms.template import Coordinate, Form, project_of_row


def without_hidden_copies(placed: list[Placement], context: Context) -> list[Placement]:
    """The rows without hidden ones that repeat a visible row. Their cells are kept as filed."""
    if not [entry for entry in placed if entry.row.hidden]:
        return placed
    seen = {project_of_row(entry.read.key) for entry in placed if not entry.row.hidden}
    kept = []
    for entry in placed:
        if entry.row.hidden and project_of_row(entry.read.key) in seen:
            context.findings.add("hidden_row", {"row": entry.read.key}, entry.row.number)
            entry.keep_as_filed()
        else:
            kept.append(entry)
    return kept


def without_hidden_lines(body: Body, findings: FormFindings) -> Body:
    """The rows of lists or sheets without hidden ones that repeat the labels of a visible row. Their cells are kept as
    filed."""
    if not any(row.hidden for row, _ in body):
        return body
    seen = {_labels(row) for row, _ in body if not row.hidden}
    for row, _ in body:
        if row.hidden and _labels(row) in seen:
            findings.add("hidden_row", {"row": " ".join(text for _, text in _labels(row))}, row.number)
    return [(row, cells) for row, cells in body if not (row.hidden and _labels(row) in seen)]


def _labels(row: Row) -> tuple[tuple[int, str], ...]:
    return tuple((cell.column, fold(cell.text)) for cell in row.cells if figure(cell.text) is None)


def without_repeated_total(placed: list[Placement]) -> list[Placement]:
    """The rows without a 合计 that repeats another one, at the foot or on the next page.

    Its cells are kept as filed.
    """
    seen: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    kept = []
    totals = [is_total(entry.read.label) for entry in placed]
    if sum(totals) < 2:
        return placed
    for entry, is_of_total in zip(placed, totals, strict=True):
        if is_of_total:
            shown = ((column_id, fold(cell.text)) for column_id, cell in entry.by_id.items() if figure(cell.text))
            total = entry.read.key, frozenset(shown)
            if total in seen:
                entry.keep_as_filed()
                continue
            seen.add(total)
        kept.append(entry)
    return kept


def without_department(form: Form, placed: list[Placement], context: Context) -> list[Placement]:
    """The rows of a form of units without codes. Of two with the name of the office and the same figures the first is
    that of its department. If the office has no code either, the second is kept as filed."""
    own = context.identity.reporting_unit_code
    twice = [entry for entry in placed if entry.read.key == own]
    if form.rows is None or form.rows.by != (Coordinate.UNIT,) or len(twice) != 2:
        return placed
    first, second = twice
    if _figures(first) != _figures(second):
        return placed
    department = department_of(own)
    if not own.isdigit():
        second.keep_as_filed()
        return [entry for entry in placed if entry is not second]
    if department not in {own, *(entry.read.key for entry in placed)}:
        first.read.key = department
        for cell in first.cells:
            cell.row_key = department
        context.departments[own] = department
    return placed


def _figures(entry: Placement) -> dict[str, Decimal]:
    """The figures of a row by column, zeros left out."""
    return {column_id: shown.value for column_id, cell in entry.by_id.items() if (shown := figure(cell.text))}


def without_details(form: Form, placed: list[Placement], money: Collection[str], context: Context) -> list[Placement]:
    """The rows without those that repeat a code, are not named like a subject, and add up to the first row of the code.

    Such rows are the projects of a function, or its 小计 at the end. Their cells are kept as filed.
    """
    subject = form.rows.subject if form.rows is not None else None
    if subject not in (Coordinate.FUNCTIONAL, Coordinate.DEPARTMENT_ECONOMIC):
        return placed
    if len({entry.read.key for entry in placed}) == len(placed):
        return placed
    names = names_of(subject.value)
    by_key: dict[str, list[Placement]] = defaultdict(list)
    for entry in placed:
        by_key[entry.read.key].append(entry)
    dropped: list[Placement] = []
    for entry, *details in by_key.values():
        is_divided = (
            bool(details)
            and not any(label(detail.read.label) in names for detail in details)
            and label(entry.read.label) in names
            and _add_up(details, entry, money)
        )
        for detail in details if is_divided else ():
            context.findings.add("unknown_row", {"row": detail.row.text[:60]}, detail.row.number)
            detail.keep_as_filed()
            dropped.append(detail)
    return [entry for entry in placed if not any(entry is detail for detail in dropped)]


def _add_up(details: Sequence[Placement], entry: Placement, money: Collection[str]) -> bool:
    """Whether the figures of rows add up to those of another row in each column of money."""
    return all(
        sum(_printed(detail, column_id) for detail in details) == _printed(entry, column_id)
        for column_id in {column_id for row in (entry, *details) for column_id in row.by_id if column_id in money}
    )


def _printed(entry: Placement, column_id: str) -> Decimal:
    shown = figure(entry.by_id[column_id].text) if column_id in entry.by_id else None
    return shown.value if shown is not None else Decimal(0)


def without_units(placed: list[Placement], context: Context) -> list[Placement]:
    """The rows of a form of one row without further rows beside 合计, such as one for each unit.

    Their cells are kept as filed.
    """
    totals = [entry for entry in placed if any(is_total(cell.text) for cell in entry.cells)]
    if len(totals) != 1:
        return placed
    for entry in placed:
        if entry is not totals[0]:
            context.findings.add("unknown_row", {"row": entry.row.text[:60]}, entry.row.number)
            entry.keep_as_filed()
    return totals
