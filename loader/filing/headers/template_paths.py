"""The header paths of templates, prepared for finding the column that a head means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from loader.documents.remembered import remembered
from loader.documents.wording import fold
from loader.filing.headers.paths import HeaderPath
from loader.filing.headers.words import (
    CODES_AND_NAMES,
    ITEM,
    OF_EVERYTHING,
    SUBJECT,
    TOTAL_WORDS,
    last_words,
    spelling,
    spelt,
    with_other_totals,
)
from loader.filing.headers.years import PLANNED, Heads
from schema.forms import FORMS
from schema.forms.template import Column, Role

# The worth of a column found by its whole path, by the end of it, or by its last word alone.
_BY_PATH, _BY_TAIL, BY_WORD = 1.0, 0.7, 0.6


@lru_cache(maxsize=1)
def header_words() -> frozenset[str]:
    """All words in the headers of all forms."""
    words = set()
    for form in FORMS.values():
        paths: list[HeaderPath] = [path for c in form.columns for path in (c.path, *c.aliases)]
        for entry in form.lists:
            amounts = [path for amount in entry.amounts for path in (amount.path, *amount.aliases)]
            paths += [entry.label_path, *entry.label_aliases, *amounts]
        words |= {word for path in paths for word in spelt(path)}
        words |= {joined(entry.label_path) for entry in form.lists}
    return frozenset(words | {SUBJECT, *CODES_AND_NAMES})


def joined(path: Sequence[str]) -> str:
    """A path written in one cell: 收入项目."""
    return spelling("".join(spelt(path)))


def _folded(column: Column) -> tuple[HeaderPath, ...]:
    paths = [*map(spelt, (column.path, *column.aliases))]
    if column.role in (Role.CODE, Role.NAME):  # 科目编码 stands alone, or below 项目 or 科目
        words = [path[-1] for path in paths if path[:-1] in ((), (ITEM,)) and path[-1].startswith(SUBJECT)]
        paths += [(SUBJECT, word) for word in words]
    return tuple(dict.fromkeys(paths))


class Paths:
    """The header paths of some columns of a template, indexed. ``title`` is the title of the form."""

    def __init__(self, columns: Sequence[Column], title: str) -> None:
        self.title = spelling(fold(title))
        self.exact: dict[HeaderPath, tuple[str, ...]] = {}
        self.tails: dict[HeaderPath, tuple[str, ...]] = {}
        self.required = sum(not column.optional and column.role is not Role.PRIOR for column in columns)
        # if several columns have a path, the one that lists it earlier comes first
        bearers = [(rank, path, column.id) for column in columns for rank, path in enumerate(_folded(column))]
        self.ranks: dict[HeaderPath, int] = {}  # the place of a path among those of its column: the first is the best
        for rank, path, column_id in sorted(bearers, key=lambda bearer: bearer[0]):
            self.ranks.setdefault(path, rank)
            self.exact[path] = (*self.exact.get(path, ()), column_id)
        for path, column_ids in self.exact.items():
            for start in range(len(path)):
                known = self.tails.get(path[start:], ())
                self.tails[path[start:]] = (*known, *(column_id for column_id in column_ids if column_id not in known))
        self.ends = {end for path in self.exact for end in (path[-1], *(p[-1] for p in with_other_totals(path)))}
        self.heads = {path[0] for path in self.exact}
        self.codes = {path[-1] for column in columns if column.role is Role.CODE for path in _folded(column)}
        self.has_parts = any(column.code is not None and column.code.part is not None for column in columns)
        money = [column for column in columns if column.role is Role.MONEY]
        needed = [column.id for column in money if not column.optional]
        self.money = frozenset(column.id for column in money)
        self.only_amount = needed[0] if len(needed) == 1 else None  # what a single column of money is
        self.held = (self.only_amount is not None) + any(column.role is Role.NAME for column in columns)

    def best_score(self, heads: Heads) -> float:
        """An upper bound of the score. It rules out most templates at little cost.

        A path counts only if some path of the template has the same end. At most two columns may be recognised without
        that, by their content.
        """
        whole = len([path for path in heads.paths.values() if path in self.exact])
        partly = len([words for words in heads.last_words if not self.ends.isdisjoint(words)]) - whole
        held = min(self.held, len(heads.paths) - whole - partly)
        weight = whole * _BY_PATH + partly * _BY_TAIL + held * BY_WORD
        return 2 * weight / (self.required + max(whole + partly + held, heads.width))

    def whole(self, path: HeaderPath, taken: Collection[str]) -> str | None:
        """The first column with this path, from left to right, that is not taken yet."""
        for column_id in self.exact.get(path, ()):
            if column_id not in taken:
                return column_id
        return None

    def rank(self, path: HeaderPath) -> int:
        """The place of its longest known end among the paths of a column; the number of all paths if none is known."""
        return _options(self, path).rank

    def part(self, path: HeaderPath, taken: Collection[str]) -> tuple[str, float] | None:
        """A column found by a part of its path, and what the find is worth.

        The head may stand under an unfamiliar grouping, lack its groupings, say 小计 for 合计, or be a familiar word
        under an unfamiliar head.
        """
        options = _options(self, path)
        for column_id in options.by_tail:
            if column_id not in taken:
                return column_id, _BY_TAIL
        for column_ids in options.by_word:
            free = [column_id for column_id in column_ids if column_id not in taken]
            if len(free) == 1:
                return free[0], BY_WORD
        last = options.by_last_word
        return (last, BY_WORD) if last is not None and last not in taken else None


class _Options(NamedTuple):
    """The columns of a template that a part of a path may mean, the likeliest first.

    ``by_tail``: by the end of the path. ``by_word``: for each spelling of the path, all columns that end with it.
    ``by_last_word``: by the last word, if only one column has it. ``rank``: how good the words are, see ``Paths.rank``.
    """

    by_tail: tuple[str, ...]
    by_word: tuple[tuple[str, ...], ...]
    by_last_word: str | None
    rank: int


@lru_cache(maxsize=20_000)
def _options(known: Paths, path: HeaderPath) -> _Options:
    spellings = (path, *with_other_totals(path))
    if path[-1] in TOTAL_WORDS:  # 基本支出-小计 beside parts of it that the form does not have
        spellings = (path[:-1], *spellings)
    tails = (spelt[start:] for spelt in spellings for start in range(spelt is path, len(spelt)))
    last = known.tails.get(path[-1:], ())
    ends = (path[start:] for start in range(len(path)))
    return _Options(
        by_tail=tuple(dict.fromkeys(column_id for tail in tails for column_id in known.exact.get(tail, ()))),
        by_word=tuple(known.tails[spelt] for spelt in spellings if spelt in known.tails),
        by_last_word=last[0] if len(last) == 1 else None,
        rank=next((known.ranks[end] for end in ends if end in known.ranks), len(known.ranks)),
    )


@cache
def paths_of(form_id: str) -> Paths:
    """The header paths of all columns of a form."""
    return Paths(FORMS[form_id].columns, FORMS[form_id].title)


@cache
def paths_of_list(form_id: str, list_id: str) -> Paths:
    """The header paths of the columns of amounts of a list."""
    return Paths(next(entry for entry in FORMS[form_id].lists if entry.id == list_id).amounts, FORMS[form_id].title)


def find_columns(known: Paths, longest_first: Sequence[tuple[int, HeaderPath]]) -> tuple[dict[int, str], float]:
    """Grid column → column id, and the worth of the columns found. Whole paths come first, then parts of paths.

    Longer paths are surer: 三公经费-小计 before a 合计 over everything. Of equally long ones the better word counts:
    决算数 before 金额.
    """
    bearers: dict[str, tuple[int, HeaderPath]] = {}
    shared = []  # paths of several columns are less sure
    exact, ranks = known.exact, known.ranks
    for column, path in longest_first:
        if (column_ids := exact.get(path)) is None:
            continue
        if len(column_ids) > 1:
            shared.append((column, column_ids))
            continue
        other = bearers.setdefault(column_ids[0], (column, path))[1]
        if ranks[path] < ranks[other] and len(path) == len(other):
            bearers[column_ids[0]] = (column, path)
    columns = {column: column_id for column_id, (column, _) in bearers.items()}
    taken = {*bearers}
    for column, column_ids in shared:
        for column_id in column_ids:
            if column_id not in taken:
                columns[column] = column_id
                taken.add(column_id)
                break
    weight = len(columns) * _BY_PATH
    others = [
        (column, path)
        for column, path in longest_first
        if column not in columns and not known.ends.isdisjoint(last_words(path))
    ]
    if len(others) > 1:
        others.sort(key=lambda other: (-len(other[1]), known.rank(other[1])))
    for column, path in others:
        if (found := known.part(path, taken)) is not None:
            columns[column] = found[0]
            taken.add(found[0])
            weight += found[1]
    return columns, weight


def under_heads_of_parts(known: Paths, paths: dict[int, HeaderPath]) -> set[int]:
    """The columns under heads that repeat the same words and are not heads of a whole.

    An example: 局机关: 基本支出, 项目支出 | 检测中心: 基本支出, 项目支出. Each column is a part, and the first is not
    the whole. If one of these heads says 合计, columns with only the repeated words (当年预算, without a head) are
    parts, too.
    """
    repeated = _repeated_words(tuple(paths.items()))
    whole = {head for head in repeated if head.endswith(TOTAL_WORDS)}
    has_total = bool(whole)
    whole = whole or {head for head in repeated if OF_EVERYTHING.fullmatch(head) or is_in_title(head, known.title)}
    stages = {head for head in repeated if PLANNED.match(head)}
    whole |= stages if len(stages) > 1 else set()  # 年初预算 beside 调整预算: each is the whole
    return {
        column
        for head, columns in repeated.items()
        if head not in known.heads | whole
        for column in columns
        if has_total or paths[column] not in known.exact
    }


@remembered(2_000)
def _repeated_words(header: tuple[tuple[int, HeaderPath], ...]) -> dict[str, list[int]]:
    """Outermost head → the columns below it whose words also stand below another head, if two words or more do.

    Columns without a head count as below a blank one.
    """
    beneath: dict[str, dict[HeaderPath, int]] = {}
    for column, path in header:
        beneath.setdefault(path[0] if len(path) > 1 else "", {})[path[1:] or path] = column
    found: dict[str, list[int]] = {}
    for head, words in beneath.items():
        others = (words.keys() & beside.keys() for other, beside in beneath.items() if other != head)
        if shared := set().union(*(both for both in others if len(both) > 1)):
            found[head] = [words[word] for word in shared]
    return found


_SHORTEST_SUBJECT = 4  # characters of the subject of a form


def is_in_title(word: str, title: str) -> bool:
    """Whether a word, without 本年, is a part of a form's title and long enough to be its subject."""
    return len(word) >= _SHORTEST_SUBJECT and word.removeprefix("本年") in title
