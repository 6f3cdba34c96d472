"""Wide tables that are printed in two halves, left and right, on two pages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from loader.documents.grid import Cell, Row
from loader.documents.wording import figure, fold, is_placeholder, without_continued
from loader.filing.headers.match_header import match_columns
from loader.filing.tables.form_table import FormTable
from schema.forms.template import Role

_WORDS = (Role.CODE, Role.NAME)


def joined_halves(tables: Iterable[FormTable]) -> list[FormTable]:
    """The tables, with a right half joined to the left half before it."""
    joined: list[FormTable] = []
    for table in tables:
        whole = _whole(joined[-1], table) if joined else None
        if whole is not None:
            joined[-1] = whole
        elif joined and _is_nameless(joined[-1], table):
            joined.append(table._replace(form=None, recognised_by="unknown header"))
        else:
            joined.append(table)
    return joined


def _is_nameless(left: FormTable, right: FormTable) -> bool:
    """Whether a table is a right half without words, whose rows nothing tells: blank ones may be lacking."""
    form = left.form
    if form is None or right.form is not form or not form.has_table or form.lists:
        return False
    if form.rows is None or not form.rows.by:
        return False
    roles = {form.column(column_id).role for column_id in right.columns.values()}
    return roles.isdisjoint(_WORDS) and _goes_on(left, right)


def _goes_on(left: FormTable, right: FormTable) -> bool:
    """Whether a table has no title of its own."""
    return right.title is None or without_continued(right.title) == without_continued(left.title or "")


def _whole(left: FormTable, right: FormTable) -> FormTable | None:
    """The table of both halves, None if the second is none: it has rows of the first, told by their words or all of
    them, and all its columns are further ones of the form."""
    form = left.form
    if form is None or form.rows is None or form.lists or left.beside or not _goes_on(left, right):
        return None
    if not (left.header_labels and right.header_labels):
        return None
    words = {at for at, column_id in left.columns.items() if form.column(column_id).role in _WORDS}
    heads = {left.header_labels[at] for at in words if at in left.header_labels}
    repeated = {at for at, text in right.header_labels.items() if text in heads}
    shift = 1 + max(left.header_labels)
    labels = dict(left.header_labels)
    labels |= {at + shift: text for at, text in right.header_labels.items() if at not in repeated}
    match = match_columns(form, {at: tuple(text.split("-")) for at, text in labels.items()})
    if not (left.columns.items() < match.columns.items() and match.columns.keys() == labels.keys()):
        return None
    rows = _rows_beside(left, right, words, repeated)
    if rows is None:
        return None
    return left._replace(
        body=tuple(
            row._replace(cells=(*row.cells, *(cell._replace(column=cell.column + shift) for cell in further)))
            for row, further in zip(left.body, rows, strict=True)
        ),
        columns=match.columns,
        header_labels=labels,
        priors=match.priors,
        rates=match.rates,
        note=right.note or left.note,
    )


def _rows_beside(left: FormTable, right: FormTable, words: set[int], repeated: set[int]) -> list[list[Cell]] | None:
    """The cells that stand beside each row of the left half, None if the rows are others. A row without figures may be
    lacking on the right if the rows have words."""
    further = [[cell for cell in row.cells if cell.column not in repeated] for row in right.body]
    if any(figure(cell.text) is None and not is_placeholder(cell.text) for cells in further for cell in cells):
        return None
    if not repeated:
        return _by_place(left, right, further)
    texts = [_words_in(row, repeated) for row in right.body]
    found: list[list[Cell]] = []
    at = 0
    for row in left.body:
        is_next = at < len(texts) and texts[at] == _words_in(row, words)
        found.append(further[at] if is_next else [])
        at += is_next
    return found if at == len(texts) else None


def _by_place(left: FormTable, right: FormTable, further: list[list[Cell]]) -> list[list[Cell]] | None:
    """The cells of a right half without words beside each row of the left half: as many rows, or in a sheet of its own
    the rows at the same distance from the header, blank ones lacking. None if neither is certain."""
    if len(further) == len(left.body):
        return further
    if left.sheet == right.sheet or not (left.header and right.header):
        return None  # only sheets number their blank rows
    places = [row.number - left.header[-1].number for row in left.body]
    found = {row.number - right.header[-1].number: cells for row, cells in zip(right.body, further, strict=True)}
    is_in_one_sheet = all(first < second for first, second in pairwise(places))
    return [found.get(place, []) for place in places] if is_in_one_sheet and found.keys() <= set(places) else None


def _words_in(row: Row, columns: set[int]) -> list[str]:
    return [fold(cell.text) for cell in row.cells if cell.column in columns]
