"""The columns of money that are missing in a form: those that every document prints, and parts of sums. And the money
that they would hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from loader.filing.filed import FiledCell
from schema.forms import FORMS
from schema.forms.template import Column, Form

_Row = dict[str, FiledCell]  # column → cell
_FEWEST = 2  # rows in which the parts of a sum lack something: in one a figure may be wrong


def missing_columns(
    form: Form, printed: Collection[str], lists: Collection[str], cells: Sequence[FiledCell]
) -> list[Column]:
    """The columns of money that are missing in a form.

    A part of a printed sum beside other parts is judged by these: an optional one is missing if they are less than the
    sum, in the total and elsewhere; no part is if they make up the sum in each row, because offices delete blank
    columns. ``printed``: the columns in the header. ``lists``: the lists whose labels are.
    """
    columns, required, divided = _not_printed(form.form_id, frozenset(printed), frozenset(lists))
    missing = set(required)
    rows = list(_by_row(cells).values()) if divided else []
    for column, parts in divided:
        if _are_short(form, column, rows):
            missing |= parts
        elif _are_whole(form, column, rows):
            missing -= {of for part in parts for of in _with_parts(form, part)}
    return [column for column in columns if column.id in missing] if missing else []


def money_of_missing(form: Form, missing: Sequence[Column], cells: Sequence[FiledCell]) -> dict[str, list[Decimal]]:
    """Row key → by how much printed sums exceed their printed parts, if other parts of them are missing."""
    ids = {column.id for column in missing}
    sums = [column for column in form.money_columns if not ids.isdisjoint(column.parts) and column.id not in ids]
    found: dict[str, list[Decimal]] = defaultdict(list)
    for key, row in _by_row(cells).items() if sums else ():
        for column in sums:
            if column.id in row and _is_short(form, column, row):
                parts = sum((_amount(form, part, row) for part in column.parts), Decimal(0))
                found[key].append(_amount(form, column.id, row) - parts)
    return dict(found)


_Columns = tuple[Column, ...]


@lru_cache(maxsize=1_000)
def _not_printed(
    form_id: str, printed: frozenset[str], lists: frozenset[str]
) -> tuple[_Columns, frozenset[str], tuple[tuple[Column, frozenset[str]], ...]]:
    """The columns of money, those of them that every document prints and a header has not, and the printed sums of
    which it has only some parts, each with the others."""
    form = FORMS[form_id]
    columns = (*form.money_columns, *(amount for entry in form.lists if entry.id in lists for amount in entry.amounts))
    required = frozenset(column.id for column in columns if not column.optional and column.id not in printed)
    lacking = {
        column: frozenset(part for part in column.parts if not _is_printed(form, part, printed))
        for column in columns
        if column.id in printed
    }
    divided = ((column, parts) for column, parts in lacking.items() if parts and len(parts) < len(column.parts))
    return columns, required, tuple(divided)


def _by_row(cells: Sequence[FiledCell]) -> dict[str, _Row]:
    """The figures of each row, by its key."""
    found: dict[str, _Row] = defaultdict(dict)
    for cell in cells:
        if cell.row_key is not None and cell.column_key is not None and cell.amount is not None:
            found[cell.row_key].setdefault(cell.column_key, cell)
    return found


def _is_printed(form: Form, column_id: str, printed: Collection[str]) -> bool:
    """Whether a column is printed, or parts of it are."""
    return column_id in printed or any(_is_printed(form, part, printed) for part in form.column(column_id).parts)


def _with_parts(form: Form, column_id: str) -> Iterator[str]:
    """A column and its parts, at any depth."""
    yield column_id
    for part in form.column(column_id).parts:
        yield from _with_parts(form, part)


def _are_short(form: Form, column: Column, rows: Sequence[_Row]) -> bool:
    """Whether the printed parts of a sum are less than it in its largest row and, if there are more, in another one."""
    paid = [row for row in rows if column.id in row and row[column.id].amount]
    short = [row for row in paid if _is_short(form, column, row)]
    largest = max((_amount(form, column.id, row) for row in paid), default=None)
    is_in_largest = any(_amount(form, column.id, row) == largest for row in short)
    return is_in_largest and len(short) >= min(_FEWEST, len(paid))


def _are_whole(form: Form, column: Column, rows: Sequence[_Row]) -> bool:
    """Whether the form prints the sum, and its parts are less in no row."""
    paid = [row for row in rows if column.id in row and row[column.id].amount]
    return bool(paid) and not any(_is_short(form, column, row) for row in paid)


def _is_short(form: Form, column: Column, row: _Row) -> bool:
    """Whether the printed parts of a figure are less than it by more than rounding explains."""
    parts = [part for part in column.parts if part in row]
    places = [row[of].half_place or Decimal(0) for of in (column.id, *parts)]
    return _amount(form, column.id, row) - sum(_amount(form, part, row) for part in column.parts) > sum(places)


def _amount(form: Form, column_id: str, row: _Row) -> Decimal:
    """The figure in a column, or the sum of its parts if it has none."""
    if column_id in row:
        return row[column_id].amount or Decimal(0)
    return sum((_amount(form, part, row) for part in form.column(column_id).parts), Decimal(0))
