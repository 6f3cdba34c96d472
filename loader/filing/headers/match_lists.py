"""How well a header fits a form of lists, and where each list stands."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from loader.filing.headers.match import Match, no_match
from loader.filing.headers.paths import HeaderPath
from loader.filing.headers.template_paths import find_columns, joined, paths_of_list
from loader.filing.headers.words import spelt
from loader.filing.headers.years import AMOUNTS, PLANNED, PriorColumn, Split, longest_first
from schema.forms import FORMS, set_of
from schema.forms.template import Form, LineList


def match_lists(form: Form, split: Split) -> Match:
    """How well a header fits a form of lists.

    Each list needs a column of labels and, right of it, its own column of amounts.
    """
    labels: dict[int, LineList] = {}
    split = split.of(form)
    named = split.named
    if _label_words(form.form_id).isdisjoint([path[-1] for path in named.values()]):
        return no_match(form)
    for entry in form.lists:
        if (column := _label_column(entry, named, labels)) is not None:
            labels[column] = entry
    columns: dict[int, str] = {}
    priors: dict[int, PriorColumn] = {}
    lists: dict[int, str] = {}
    starts = sorted(labels)
    rates: dict[int, str] = {}
    width = max([*split.own, *split.prior, *split.planned, *split.rates]) + 1
    for column, end in zip(starts, [*starts[1:], width], strict=False):
        entry = labels[column]
        beside = {c: path for c, path in split.own.items() if column < c < end and path != split.own[column]}
        amounts = find_columns(paths_of_list(form.form_id, entry.id), longest_first(beside))[0]
        if not amounts:  # 年初预算数, perhaps with 备注 beside it
            dated = [c for c, path in beside.items() if AMOUNTS.match(path[-1]) or PLANNED.match(path[-1])]
            only = dated or list(beside)
            amounts = {only[0]: entry.amounts[0].id} if len(only) == 1 else {}
        if not amounts:
            continue
        lists[column] = entry.id
        columns |= amounts
        for c, (_, year, stage) in split.prior.items():
            if column < c < end:
                priors[c] = PriorColumn(entry.amounts[0].id, year, stage or set_of(form.form_id).stage)
        for c, (_, stage) in split.planned.items():
            if column < c < end:
                priors[c] = PriorColumn(entry.amounts[0].id, None, stage, 0)
        rates |= dict.fromkeys([c for c in split.rates if column < c < end], entry.amounts[0].id)
    needed = [entry for entry in form.lists if not entry.optional or entry.id in lists.values()]
    required = len(needed) + sum(not a.optional for entry in needed for a in entry.amounts)
    optional = sum(form.column(column_id).optional for column_id in columns.values())
    score = 2 * (len(lists) + len(columns)) / (required + optional + len(split.own))
    return Match(form, score, columns, lists, priors, rates=rates)


class _LabelHeads(NamedTuple):
    """The spellings of the head above a list's labels.

    ``paths``: whole paths. ``tails``: the same without the first row of the header. ``joined``: a path in one cell.
    ``words``: last words of paths. ``sides``: first words of paths.
    """

    paths: frozenset[HeaderPath]
    tails: frozenset[HeaderPath]
    joined: frozenset[str]
    words: frozenset[str]
    sides: frozenset[str]


@cache
def _label_heads(path: HeaderPath, aliases: tuple[HeaderPath, ...]) -> _LabelHeads:
    paths = frozenset(map(spelt, (path, *aliases)))
    return _LabelHeads(
        paths,
        tails=frozenset(path[start:] for path in paths for start in range(1, len(path) - 1)),
        joined=frozenset(map(joined, (path, *aliases))),
        words=frozenset(path[-1] for path in paths),
        sides=frozenset(path[0] for path in paths),
    )


@cache
def _label_words(form_id: str) -> frozenset[str]:
    """The last words of all heads above labels in a form."""
    heads = [_label_heads(entry.label_path, entry.label_aliases) for entry in FORMS[form_id].lists]
    return frozenset().union(*(entry.words | entry.joined for entry in heads))


def _label_column(entry: LineList, paths: dict[int, HeaderPath], taken: dict[int, LineList]) -> int | None:
    heads = _label_heads(entry.label_path, entry.label_aliases)
    free = [(column, path) for column, path in paths.items() if column not in taken]
    found = [c for c, path in free if path in heads.paths]
    # the first row of the header may be left out: 支出用途-项目名称 without 支出
    found = found or [c for c, path in free if path in heads.tails]
    found = found or [c for c, path in free if len(path) == 1 and path[0] in heads.joined]
    # 项目 alone may head several lists: the side above it decides
    found = found or [c for c, path in free if path[-1] in heads.words and (len(path) == 1 or path[0] in heads.sides)]
    return found[0] if found else None
