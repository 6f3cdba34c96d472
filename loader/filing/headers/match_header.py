"""Headers: what the columns of a table are, path by path, and which template they fit.

A form is known by its title and by its header together, never by its number: other places and years insert or drop
forms, cut titles or leave them out. A column that the template does not know is kept without a meaning; one of another
year or stage (上年预算数, 2023年预算数, 增减%) is told apart first, so that it cannot take the place of this year's.
"""

from __future__ import annotations

from functools import lru_cache

from loader.documents.grid import Cell
from loader.filing.headers.match import Match
from loader.filing.headers.match_lists import match_lists
from loader.filing.headers.match_rows import match_rows
from loader.filing.headers.paths import HeaderPath, header_paths
from loader.filing.headers.words import spelt_paths
from loader.filing.headers.years import split_years
from schema.forms import FORMS
from schema.forms.template import Form

_POOREST_MATCH = 0.4


@lru_cache(maxsize=2_000)
def match_header(header: tuple[tuple[int, HeaderPath], ...]) -> tuple[Match, ...]:
    """All templates, best first, that a header (columns with their paths) may belong to.

    Offices fill in the same official headers, so a batch of documents asks for few different ones.
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
    """The columns of one template in a header that is known to be its."""
    split = split_years(spelt_paths(labels.items()))
    return match_lists(form, split) if form.lists else match_rows(form, split)


@lru_cache(maxsize=2_000)
def best_depth(rows: tuple[tuple[Cell, ...], ...]) -> tuple[int, tuple[Match, ...], dict[int, HeaderPath]] | None:
    """How many of some rows are a header that fits a template best, the templates, and the paths; None if none does."""
    best: tuple[int, tuple[Match, ...], dict[int, HeaderPath]] | None = None
    for depth in range(1, len(rows) + 1):
        paths = header_paths(rows[:depth])
        matches = match_header(tuple(paths.items()))
        if matches and (best is None or matches[0].score >= best[1][0].score):
            best = (depth, matches, paths)
    return best
