"""The sums that a form prints of itself: totals across its columns, down its rows, and over the lines of its lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from loader.ledger.evidence import FormEvidence, Sum, to_fen
from loader.ledger.projection import CellKey

_Parts = Mapping[str, Sequence[str]]  # row or column → those directly beneath it


def failing_sums(form: FormEvidence) -> tuple[Sum, ...]:
    """The sums whose printed total is not what its parts add up to, be it by a rounding."""
    if form.failing_sums is None:
        form.failing_sums = tuple(_failing(form))
    return form.failing_sums


def _failing(form: FormEvidence) -> Iterator[Sum]:
    amounts = form.amounts
    for row_parts, column_parts, total, parts, is_across in _sums(form):
        difference = amounts[total] - sum(amounts.get(part, 0) for part in parts)
        if not difference:
            continue
        row, column = total
        finest: list[CellKey] = []
        if is_across and row not in row_parts:
            finest = [(row, leaf) for leaf in _finest(column, column_parts)]
        elif not is_across and column not in column_parts:
            finest = [(leaf, column) for leaf in _finest(row, row_parts)]
        half_place = form.cells[total].half_place
        shown = sum(part in amounts for part in parts)
        slack = to_fen((shown + 1) * half_place) if half_place else 0
        yield Sum(total, tuple(parts), tuple(finest), difference, slack)


def informative_sums(form: FormEvidence) -> int:
    """How many sums add up two figures or more."""
    return sum(sum(bool(form.amounts.get(part)) for part in parts) > 1 for _, _, _, parts, _ in _sums(form))


def _sums(form: FormEvidence) -> Iterator[tuple[_Parts, _Parts, CellKey, list[CellKey], bool]]:
    """All sums whose total is printed: total, parts, and whether they are in one row; with the parts of the table."""
    cells = form.cells
    for rows, columns, row_parts, column_parts in _tables(form):
        for row in rows:
            down = row_parts.get(row)
            for column in columns:
                across = column_parts.get(column)
                if not (across or down) or (row, column) not in cells:
                    continue
                if across:
                    yield row_parts, column_parts, (row, column), [(row, part) for part in across], True
                if down:
                    yield row_parts, column_parts, (row, column), [(part, column) for part in down], False


def _tables(form: FormEvidence) -> Iterator[tuple[Sequence[str], Sequence[str], _Parts, _Parts]]:
    """The tables of a form: rows, columns, and their parts as far as they are printed."""
    template = form.form
    for entry in template.lists:
        rows = [line.id for line in entry.lines if line.id in form.rows]
        amounts = [amount for amount in entry.amounts if amount.id in form.columns]
        columns = [amount.id for amount in amounts]
        row_parts = {li.id: kept for li in entry.lines if (kept := [part for part in li.parts if part in form.rows])}
        yield rows, columns, row_parts, {a.id: kept for a in amounts if (kept := [p for p in a.parts if p in columns])}
    if template.rows is None or template.lists:
        return
    shown = [column for column in template.money_columns if column.id in form.columns]
    beneath: dict[str, list[str]] = defaultdict(list)
    for row in sorted(form.rows):
        parent = next((held for held in template.rows.above(row) if held in form.rows), None)
        if parent is not None:
            beneath[parent].append(row)
    columns = [column.id for column in shown]
    yield (
        sorted(form.rows),
        columns,
        beneath,
        {column.id: kept for column in shown if (kept := [part for part in column.parts if part in form.columns])},
    )


def _finest(whole: str, parts: _Parts) -> Iterator[str]:
    """The rows or columns beneath one that have none beneath them."""
    for part in parts.get(whole, ()):
        if part in parts:
            yield from _finest(part, parts)
        else:
            yield part
