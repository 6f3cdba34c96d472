"""Heads of columns and labels of lines that were read from a picture with a wrong character or two.

Such a word is taken for the missing word at its place if it resembles it. A finding says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from loader.documents.wording import RESEMBLING, fold, resembles
from loader.filing.tables.form_table import FormTable
from schema.forms.template import Form


def with_likely_columns(table: FormTable) -> FormTable:
    """A table read from a picture, with further columns recognised.

    The head of such a column must resemble exactly one of the template's columns that are missing between its
    neighbours.
    """
    if table.form is None or table.form.lists or table.beside:
        return table
    order = [column.id for column in table.form.columns]
    likely: dict[int, str] = {}
    for column, text in table.header_labels.items():
        if column in table.columns or column in table.priors:
            continue
        known = {**table.columns, **likely}
        before = max((order.index(known[c]) for c in known if c < column), default=-1)
        behind = min((order.index(known[c]) for c in known if c > column), default=len(order))
        missing = [column_id for column_id in order[before + 1 : behind] if column_id not in known.values()]
        alike = [column_id for column_id in missing if resembles(text, _head(table.form, column_id))]
        if len(alike) == 1:
            likely[column] = alike[0]
    return table._replace(columns={**table.columns, **likely}, likely=likely) if likely else table


def _head(form: Form, column_id: str) -> str:
    return "-".join(form.column(column_id).path)


def likely_line(text: str, names: Mapping[str, Sequence[int]], last: int, taken: set[int]) -> int | None:
    """The position of the line that a label in a picture resembles most, None if none is similar enough.

    Only lines after ``last`` that are not taken are considered.
    """
    following = [
        (place, SequenceMatcher(None, fold(text), name, autojunk=False).ratio())
        for name, places in names.items()
        for place in places
        if place > last and place not in taken
    ]
    best = max(following, key=lambda found: (found[1], -found[0]), default=None)
    return best[0] if best is not None and best[1] >= RESEMBLING else None
