"""How the figures of a form add up: the parts of each figure, and whether rows are missing or repeated."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache

from loader.filing.filed import FiledCell
from loader.filing.placing.column_layout import column_labels
from loader.filing.placing.placement import Placement
from loader.filing.rows.context import Context
from schema.forms import FORMS
from schema.forms.template import Column, Form

RowFigures = tuple[str, dict[str, FiledCell]]  # the key of a row, and its figures by column
_Above = dict[str, tuple[str, ...]]  # row → the rows that contain it, the nearest first


def check_sum(form: Form, placed: list[Placement], above: _Above, context: Context) -> None:
    """Add a finding if the finest rows do not add up to 合计: rows may be missing, as in a table cut off.

    What is lacking may be the money of rows without a meaning, which findings of their own name.
    """
    if form.rows is None or not form.rows.by:
        return
    column = next((column.id for column in form.columns if column.parts), "")
    total = next(
        ((row, by_id[column]) for read, row, by_id, _ in placed if read.key == form.rows.total and column in by_id),
        None,
    )
    if total is None or (stated := total[1].amount) is None:
        return
    row, printed = total
    parents = {held for holders in above.values() for held in holders}
    leaves = [by_id[column] for read, _, by_id, _ in placed if read.key not in parents and column in by_id]
    if not leaves and form.rows.details:  # all other rows are details, which have columns of their own
        return
    figures = [cell.amount for cell in leaves if cell.amount is not None and cell is not printed]
    tolerance = (len(figures) + 1) * (printed.half_place or Decimal(0))
    lacking = stated - sum(figures)
    unknown = sum(context.unknown_rows.get(column, ()), Decimal(0))
    if not -tolerance <= lacking <= unknown + tolerance:
        context.findings.add(
            "sum",
            {"sum": sum(figures), "stated": stated, "column": column_labels(form.form_id)[column]},
            row.number,
            printed.column_no,
        )


def check_keys(form: Form, placed: list[Placement], context: Context) -> None:
    """Add findings about repeated rows, and about a missing 合计."""
    printed = [read.key for read, *_ in placed]
    keys = set(printed)
    for key, count in Counter(printed).items() if len(keys) < len(printed) else ():
        if count > 1:
            context.findings.add("duplicate_row", {"row": key, "count": count})
    is_own_alone = keys == {context.identity.reporting_unit_code}  # a single unit needs no sum
    if placed and form.rows is not None and form.rows.total not in (None, *keys) and not is_own_alone:
        context.findings.add("no_total", {})


def count_parts(form: Form, figures: list[RowFigures], above: _Above) -> None:
    """Count the figures directly below each figure, down its column and across its row."""
    beneath: dict[str, list[dict[str, FiledCell]]] = defaultdict(list)  # row → the figures of its parts
    for key, shown in figures:
        for held in above[key]:
            if held in above:
                beneath[held].append(shown)
                break
    sums = {line.id: line.parts for line in form.sums}
    counted: dict[tuple[str, str], int] = {}  # once a key: a row may be repeated a thousand times
    for key, shown in figures:
        if key in beneath:
            for column_id, cell in shown.items():
                count = counted.get((key, column_id))
                if count is None:
                    count = counted[key, column_id] = len([part for part in beneath[key] if column_id in part])
                cell.part_count = count
        else:
            for cell in shown.values():
                cell.is_leaf = True
        if key in sums:
            for column_id, cell in shown.items():
                cell.part_count = sum(other in sums[key] and column_id in cells for other, cells in figures)
                cell.is_leaf = False
        for column_id, direct, all_parts in _totals_among(form.form_id, tuple(shown)):
            cell = shown[column_id]
            if direct > cell.part_count:
                cell.part_count = direct
            if cell.is_leaf:
                cell.is_leaf = not [part for part in all_parts if shown[part].amount]


@lru_cache(maxsize=10_000)
def _totals_among(form_id: str, columns: tuple[str, ...]) -> tuple[tuple[str, int, frozenset[str]], ...]:
    """Of some columns, those with parts, each with how many of the others are directly below it, and those below it at
    any depth."""
    return tuple(
        (column_id, len(direct.intersection(columns)), all_parts.intersection(columns))
        for column_id, direct, all_parts in _totals(form_id)
        if column_id in columns
    )


@cache
def _totals(form_id: str) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """The columns with parts, each with the columns directly below it and those at any depth."""
    form = FORMS[form_id]

    def beneath(column: Column) -> Iterator[str]:
        for part in column.parts:
            yield part
            yield from beneath(form.column(part))

    return tuple(
        (column.id, frozenset(column.parts), frozenset(beneath(column))) for column in form.columns if column.parts
    )
