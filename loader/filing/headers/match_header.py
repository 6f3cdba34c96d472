"""The templates that fit a header, and what its columns are.

A form is recognised by title and header together, never by its number: other places and years insert or drop forms,
shorten titles or leave them out. Columns of another year or stage (上年预算数, 2023年预算数, 增减%) are set apart
first, so that they cannot take the place of this year's. Columns that the template does not know are kept without a
meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from loader.documents.grid import Cell
from loader.filing.headers.match import Match
from loader.filing.headers.match_lists import match_lists
from loader.filing.headers.match_rows import match_rows
from loader.filing.headers.paths import HeaderPath, header_paths
from loader.filing.headers.words import spelt_paths
from loader.filing.headers.years import split_years
from schema.forms import FORMS
from schema.forms.template import Form, Role

_POOREST_MATCH = 0.4
COMPLETE = 1.0  # the score of a header with all columns of a template and no others
_SHORTENED = 0.9  # the least score of a header with only some columns of the form that its title names


@lru_cache(maxsize=2_000)
def match_header(header: tuple[tuple[int, HeaderPath], ...]) -> tuple[Match, ...]:
    """The templates that a header (columns with their paths) may belong to, best first.

    The result is cached: offices use the same official headers, so a batch of documents has few different ones.
    """
    split = split_years(spelt_paths(header))
    if not split.own:
        return ()
    matches = [
        match_lists(form, split) if form.lists else match_rows(form, split, _POOREST_MATCH)
        for form in FORMS.values()
        if form.has_table
    ]
    return tuple(sorted((m for m in matches if m.score >= _POOREST_MATCH), key=lambda m: -m.score))


def match_columns(form: Form, labels: dict[int, HeaderPath]) -> Match:
    """The columns of a template in a header that is known to belong to it."""
    split = split_years(spelt_paths(labels.items()))
    return match_lists(form, split) if form.lists else match_rows(form, split)


@lru_cache(maxsize=2_000)
def match_shortened(form_id: str, header: tuple[tuple[int, HeaderPath], ...]) -> Match | None:
    """A header that has only columns of the form that its title names, however few. None if it has others, or none of
    codes, names or money.

    Offices delete the columns that they do not need.
    """
    form = FORMS[form_id]
    if form.rows is None or not form.rows.by or form.lists or form.sheet is not None:
        return None
    labels = dict(header)
    match = match_columns(form, labels)
    roles = {form.column(column_id).role for column_id in match.columns.values()}
    is_whole = split_years(labels).of(form).own.keys() <= match.columns.keys()
    if not is_whole or Role.MONEY not in roles or roles.isdisjoint((Role.CODE, Role.NAME)):
        return None
    return replace(match, score=_SHORTENED + (COMPLETE - _SHORTENED) * match.score)


@lru_cache(maxsize=2_000)
def best_depth(rows: tuple[tuple[Cell, ...], ...]) -> tuple[int, tuple[Match, ...], dict[int, HeaderPath]] | None:
    """The number of rows that fit a template best as a header, the templates, and the paths; None if none fits.

    The most rows come first, because most headers fit completely with all of them. Fewer rows count only if no cell of
    them reaches into the row below, unless more fit none.
    """
    best: tuple[int, tuple[Match, ...], dict[int, HeaderPath]] | None = None
    for depth in range(len(rows), 0, -1):
        if best is not None and _reaches_below(rows[:depth]):
            continue
        paths = header_paths(rows[:depth])
        matches = match_header(tuple(paths.items()))
        if matches and (best is None or matches[0].score > best[1][0].score):
            best = (depth, matches, paths)
            if matches[0].score >= COMPLETE:
                break
    return best


def _reaches_below(rows: Sequence[tuple[Cell, ...]]) -> bool:
    """Whether a cell reaches below the last one of some rows."""
    return any(cell.row_span > len(rows) - at for at, cells in enumerate(rows) for cell in cells)
