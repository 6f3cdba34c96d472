"""The columns of a form under a header: which identify rows, which are summed, and groups of them side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from loader.documents.wording import figure, label
from loader.filing.filed import FiledCell
from schema.forms import FORMS
from schema.forms.template import Column, Form, Prior, Role, Statement


class Group(NamedTuple):
    """The columns of one group of the same columns side by side.

    ``columns``: number of a column → id. ``spread``: id of a code → the columns over which its 类, 款 and 项 are
    spread, if several. ``is_plain``: no id has several columns.
    """

    columns: dict[int, str]
    spread: dict[str, list[int]]
    is_plain: bool = True


class Layout(NamedTuple):
    """The columns of a form under one header.

    ``words``: the columns that identify a row. ``summed``: columns with figures of this year → the statements that they
    add up. ``priors``: columns of other years.
    """

    groups: tuple[Group, ...]
    words: frozenset[str]
    summed: dict[str, tuple[Statement, ...]]
    priors: dict[str, Prior]


@lru_cache(maxsize=1_000)
def layout_of(form_id: str, groups: tuple[tuple[tuple[int, str], ...], ...]) -> Layout:
    """The columns of a form under a header. ``groups``: for each group side by side, its grid columns and their ids."""
    form, money = FORMS[form_id], money_of(form_id)
    declared = {column_id: form.column(column_id) for _, column_id in groups[0]}
    beneath = [detail for _, detail in form.rows.details] if form.rows is not None else []
    declared |= {detail: form.column(detail) for detail in beneath}
    told_by = (Role.CODE, Role.NAME, Role.TEXT) if beneath else (Role.CODE, Role.NAME)
    return Layout(
        groups=tuple(_group(dict(columns), declared) for columns in groups),
        words=frozenset(column_id for column_id, column in declared.items() if column.role in told_by),
        summed={
            column_id: money.get(column_id, ())
            for column_id, column in declared.items()
            if column.role in (Role.MONEY, Role.MEMO)
        },
        priors={
            column_id: column.prior
            for column_id, column in declared.items()
            if column.role is Role.PRIOR and column.prior is not None
        },
    )


def _group(columns: dict[int, str], declared: dict[str, Column]) -> Group:
    """A group from its grid columns, which count from 0."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for column, column_id in sorted(columns.items()):
        if declared[column_id].role is Role.CODE:
            numbers[column_id].append(column + 1)
    spread = {column_id: found for column_id, found in numbers.items() if len(found) > 1}
    is_plain = len({*columns.values()}) == len(columns)
    return Group({column + 1: column_id for column, column_id in columns.items()}, spread, is_plain)


def side_by_side(
    groups: Sequence[Group], form: Form, cells: list[FiledCell]
) -> Iterator[tuple[list[FiledCell], Group]]:
    """The cells of a row for each group, if groups of the same columns stand side by side.

    A sum at the foot may span several groups: its figure is the next one to the right.
    """
    names = {label(name) for line in form.sums for name in (line.label, *line.aliases)}
    sums = [number for number, cell in enumerate(cells) if label(cell.text) in names]
    if sums:
        name = next(
            (column_id for column_id in groups[0].columns.values() if form.column(column_id).role is Role.NAME), None
        )
        money = next(column.id for column in form.money_columns)
        amounts = {number for group in groups for number, column_id in group.columns.items() if column_id == money}
        for start, end in pairwise([*sums, len(cells)]):
            figures = [cell for cell in cells[start + 1 : end] if figure(cell.text)]
            amount = next((cell for cell in figures if cell.column_no in amounts), next(iter(figures), None))
            named = {cells[start].column_no: name} if name is not None else {}
            if amount is None:
                yield [cells[start]], Group(named, {})
            else:
                yield [cells[start], amount], Group(named | {amount.column_no: money}, {})
        return
    for group in groups:
        own = [cell for cell in cells if min(group.columns) <= cell.column_no <= max(group.columns)]
        if own:
            yield own, group


@cache
def money_of(form_id: str) -> dict[str, tuple[Statement, ...]]:
    """Column of money → the statements that it adds up."""
    form = FORMS[form_id]
    return {column.id: form.selection(column).statement for column in form.money_columns}


@cache
def column_labels(form_id: str) -> dict[str, str]:
    """Column id → label."""
    return {column.id: column.label for column in FORMS[form_id].columns}
