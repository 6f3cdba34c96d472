"""The sums within a form: totals across its columns, down its rows, and over the lines of its lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from loader.ledger.evidence.evidence import FormEvidence, Sum, to_fen
from loader.ledger.evidence.projection import CellKey

_Parts = Mapping[str, Sequence[str]]  # row or column → those directly beneath it


def failing_sums(form: FormEvidence) -> tuple[Sum, ...]:
    """The sums with a printed total that its parts do not add up to, roundings included."""
    if form.failing_sums is None:
        form.failing_sums = tuple(_failing(form))
    return form.failing_sums


def _failing(form: FormEvidence) -> Iterator[Sum]:
    cells = form.cells
    figures: dict[str, dict[str, int]] = defaultdict(dict)
    for (row, column), amount in form.amounts.items():
        figures[row][column] = amount
    for rows, columns, row_parts, column_parts in _tables(form):
        for row in rows:
            shown = figures[row]
            across = _beyond_columns(shown, column_parts)
            down = _beyond_rows(shown, [figures[part] for part in row_parts.get(row, ())])
            if not (across or down):
                continue
            for column in columns:
                if (row, column) not in cells:
                    continue
                if difference := across.get(column):
                    finest = _finest(column, column_parts) if row not in row_parts else ()
                    parts = [(row, part) for part in column_parts[column]]
                    yield _sum(form, (row, column), parts, [(row, leaf) for leaf in finest], difference)
                if difference := down.get(column):
                    # a cell counts as finest if its own parts are all blank
                    leaves, beside = _finest(row, row_parts), column_parts.get(column, ())
                    alone = [leaf for leaf in leaves if not any(map(figures[leaf].get, beside))]
                    parts = [(part, column) for part in row_parts[row]]
                    yield _sum(form, (row, column), parts, [(leaf, column) for leaf in alone], difference)


def _beyond_columns(shown: Mapping[str, int], parts: _Parts) -> dict[str, int]:
    """Column → by how much its figure in a row exceeds those of its parts (分), if they differ."""
    found: dict[str, int] = {}
    for column, across in parts.items():
        if column in shown:
            difference = shown[column]
            for part in across:
                difference -= shown.get(part, 0)
            if difference:
                found[column] = difference
    return found


def _beyond_rows(shown: Mapping[str, int], beneath: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Column → by how much its figure in a row exceeds those of the rows beneath (分), if there are any and they
    differ."""
    if not beneath:
        return {}
    left = dict(shown)
    for part in beneath:
        for column, amount in part.items():
            if column in left:
                left[column] -= amount
    return {column: difference for column, difference in left.items() if difference}


def _sum(form: FormEvidence, total: CellKey, parts: list[CellKey], finest: list[CellKey], difference: int) -> Sum:
    half_place = form.cells[total].half_place
    shown = sum(part in form.amounts for part in parts)
    slack = to_fen((shown + 1) * half_place) if half_place else 0
    return Sum(total, tuple(parts), tuple(finest), difference, slack)


def printed_sums(form: FormEvidence) -> Iterator[tuple[CellKey, list[CellKey]]]:
    """All printed totals, each with its parts."""
    for rows, columns, row_parts, column_parts in _tables(form):
        for row in rows:
            for column in columns:
                if (row, column) in form.cells:
                    if across := column_parts.get(column):
                        yield (row, column), [(row, part) for part in across]
                    if down := row_parts.get(row):
                        yield (row, column), [(part, column) for part in down]


def roundings(form: FormEvidence, finest: Decimal) -> dict[CellKey, int]:
    """For each cell of a form that prints few digits, the number of half places by which rounding can have moved it.

    It is one, or the sum of these numbers over parts that add up to the cell exactly. A figure with the ``finest`` half
    place of the document was not rounded.
    """
    making_up: dict[CellKey, list[list[CellKey]]] = defaultdict(list)
    for total, parts in printed_sums(form):
        if form.amounts[total] == sum(form.amounts.get(part, 0) for part in parts):
            making_up[total].append([part for part in parts if part in form.cells])
    counts: dict[CellKey, int] = {}

    def count(key: CellKey) -> int:
        if key not in counts:
            is_rounded = form.rounding(key) > finest
            counts[key] = max([1, *(sum(map(count, parts)) for parts in making_up[key])]) if is_rounded else 0
        return counts[key]

    return {key: count(key) for key in form.cells}


def _tables(form: FormEvidence) -> Iterator[tuple[Sequence[str], Sequence[str], _Parts, _Parts]]:
    """The tables of a form: rows, columns, and the parts of both as far as they are printed."""
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
    """The finest rows or columns beneath one."""
    for part in parts.get(whole, ()):
        if part in parts:
            yield from _finest(part, parts)
        else:
            yield part
