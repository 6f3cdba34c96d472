"""How well a header fits a form with rows of codes, and which column is which."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache

from loader.documents.wording import fold
from loader.filing.headers.match import Match, no_match
from loader.filing.headers.paths import HeaderPath
from loader.filing.headers.template_paths import (
    BY_WORD,
    Paths,
    find_columns,
    is_in_title,
    paths_of,
    under_heads_of_parts,
)
from loader.filing.headers.words import CODES_AND_NAMES, spelling
from loader.filing.headers.years import AMOUNTS, PLANNED, Heads, PriorColumn, Split, longest_first, without_year
from schema.forms import FORMS, set_of
from schema.forms.template import Column, Coordinate, Form, Role

_FEWEST_GROUPS = 2  # of columns side by side
_CUT_FROM = 4  # characters of a head that may lack its last one


def match_rows(form: Form, split: Split, least: float = 0.0) -> Match:
    """How well a header fits a template. Below a score of ``least`` the match is empty.

    Every header is compared with all templates and fits few, so most is done only once the score is known.
    """
    known = paths_of(form.form_id)
    split = split.of(form)
    heads = split.heads if known.has_parts else split.heads_without_parts
    if undivided := _undivided_levels(form, heads):
        heads = Heads(heads.paths | {column: level.path for column, level in undivided.items()})
    paths = heads.paths
    first, *others = _side_by_side(known, heads)
    if others:
        heads = Heads({c: p for c, p in paths.items() if not any(group[0] <= c <= group[-1] for group in others)})
    if known.best_score(heads) < least:
        return no_match(form)
    own = heads.paths
    columns, weight, spread = _columns_of(form, own, heads.longest_first)
    optional = sum([form.column(column_id).optional for column_id in set(columns.values())])
    if all(form.column(column_id).optional for column_id in columns.values()):
        weight = 0.0  # optional columns alone do not identify a form
    score = 2 * weight / (known.required + optional + len(own) - spread)
    if score < least:
        return no_match(form)
    amounts = {of for of in columns.values() if form.column(of).role is Role.MONEY}
    groups = [_beside(form, paths, columns, first, group) for group in others]
    # rows of a group without amounts are not blank: they say nothing
    beside = tuple(group for group in groups if not amounts.isdisjoint(group.values()))
    # the score counts the whole header, also columns that are not read because they are parts
    if parts := under_heads_of_parts(known, own):
        kept = {column: path for column, path in own.items() if column not in parts}
        columns = _columns_of(form, kept, longest_first(kept))[0]
    priors, rates = _others(form, known, split)
    columns |= _cut_off(form, own, columns)
    return Match(form, score, columns | _bare_total(form, own, columns), {}, priors, beside, rates)


def _others(form: Form, known: Paths, split: Split) -> tuple[dict[int, PriorColumn], dict[int, str]]:
    """The columns of other years and stages, and those that compare figures."""
    if not (split.prior or split.planned or split.rates):
        return {}, {}
    money = [column.id for column in sorted(form.money_columns, key=lambda column: column.optional)]
    if not money:
        return {}, {}
    priors = {
        column: PriorColumn(_prior_of(known, path, money), year, stage or set_of(form.form_id).stage)
        for column, (path, year, stage) in split.prior.items()
    }
    for column, (path, stage) in split.planned.items():
        rest = tuple(word for word in path if not PLANNED.match(word))
        priors[column] = PriorColumn(_prior_of(known, rest, money), None, stage, 0)
    return priors, {column: _prior_of(known, path, money) for column, path in split.rates.items()}


def _columns_of(
    form: Form, paths: dict[int, HeaderPath], by_length: Sequence[tuple[int, HeaderPath]]
) -> tuple[dict[int, str], float, int]:
    """Grid column → column id, the worth of the columns found, and how many of them only continue a code.

    ``by_length``: the same paths, the longest first.
    """
    columns, weight = find_columns(paths_of(form.form_id), by_length)
    amount = paths_of(form.form_id).only_amount
    if amount is not None and (only := _only_amount(form, paths, columns)) is not None:
        columns[only] = amount
        weight += BY_WORD
    if (both := _code_and_name(form, paths, columns)) is not None:
        columns[both] = next(column.id for column in form.columns if column.role is Role.NAME)
        weight += BY_WORD
    spread = _spread_codes(form, paths, columns)
    return columns | spread, weight, len(spread)


def _cut_off(form: Form, paths: dict[int, HeaderPath], columns: dict[int, str]) -> dict[int, str]:
    """Columns whose head lacks its last character, which fell out of a cell that is too low (采购组织形)."""
    known = _cut_heads(form.form_id)
    found: dict[int, str] = {}
    for column, path in paths.items():
        if column not in columns and path[-1] in known:
            lacking = known[path[-1]] - set(columns.values())
            if len(lacking) == 1:
                found[column] = next(iter(lacking))
    return found


@cache
def _cut_heads(form_id: str) -> dict[str, frozenset[str]]:
    """Head without its last character → the ids of the columns with this head."""
    found: dict[str, set[str]] = defaultdict(set)
    for column in FORMS[form_id].columns:
        if len(cut := spelling(fold(column.path[-1]))[:-1]) >= _CUT_FROM:
            found[cut].add(column.id)
    return {cut: frozenset(ids) for cut, ids in found.items()}


def _bare_total(form: Form, paths: dict[int, HeaderPath], columns: dict[int, str]) -> dict[int, str]:
    """The column of the total whose head only says that it holds amounts, if no column has the head of the total
    (2024年预算数, 2023年预算数, 基本支出, 项目支出)."""
    total = _total_of_columns(form.form_id)
    if total is None or total in columns.values():
        return {}
    found = [c for c, path in paths.items() if c not in columns and len(path) == 1 and _is_bare_amount(path[0])]
    return {found[0]: total} if len(found) == 1 else {}


def _is_bare_amount(word: str) -> bool:
    return AMOUNTS.match(without_year(word)) is not None


@cache
def _total_of_columns(form_id: str) -> str | None:
    """The column that adds up the others of money and is no part of one. None if there is none, or several."""
    money = FORMS[form_id].money_columns
    parts = {part for column in money for part in column.parts}
    totals = [column.id for column in money if column.parts and column.id not in parts]
    return totals[0] if len(totals) == 1 else None


def _only_amount(form: Form, paths: dict[int, HeaderPath], columns: dict[int, str]) -> int | None:
    """The column of amounts, if the form needs only one and the document prints no other.

    Its head may be 预算数, 金额, or the subject of the form, such as 基本支出.
    """
    if not paths_of(form.form_id).money.isdisjoint(columns.values()):
        return None
    found = [c for c, path in paths.items() if c not in columns and _is_amount_of(form, without_year(path[-1]))]
    return found[0] if len(found) == 1 else None


def _is_amount_of(form: Form, word: str) -> bool:
    """Whether a head is a word for amounts or the subject of the form."""
    return bool(AMOUNTS.match(word)) or is_in_title(word, spelling(fold(form.title)))


_CODE_AND_NAME = re.compile(
    r"(?:支出|收入|预算|部门|单位|功能|经济|分类|科目|项目|编码|名称|[及和与、/])*(?:科目|项目|单位|分类|编码|名称)"
    r"(?:\((?:编码|名称|按.*|[类款项]级?|(?:功能|经济)?(?:分类)?科目)\))?"
)


def _code_and_name(form: Form, paths: dict[int, HeaderPath], columns: dict[int, str]) -> int | None:
    """The column with codes and names in one cell (科目编码及名称, 项目), if the header has no column for only one of
    them."""
    codes_and_names, has_names = _code_and_name_columns(form.form_id)
    if not has_names or not codes_and_names.isdisjoint(columns.values()):
        return None
    found = (c for c, path in paths.items() if c not in columns and _CODE_AND_NAME.fullmatch(path[-1]))
    return next((c for c in found if "单位" not in paths[c][-1] or form.is_by(Coordinate.UNIT)), None)


@cache
def _code_and_name_columns(form_id: str) -> tuple[frozenset[str], bool]:
    """The ids of the columns of codes and names of a form, and whether a column of names is among them."""
    columns = [column for column in FORMS[form_id].columns if column.role in (Role.CODE, Role.NAME)]
    return frozenset(column.id for column in columns), any(column.role is Role.NAME for column in columns)


def _prior_of(known: Paths, path: HeaderPath, money: Sequence[str]) -> str:
    """The column of this year that a column of another year corresponds to.

    It is the one with the same path, else the first one (合计).
    """
    for start in range(len(path)):
        if (found := known.whole(path[start:], ())) in money and found is not None:
            return found
    part = known.part(path, ()) if path else None
    return part[0] if part is not None and part[0] in money else money[0]


def _side_by_side(known: Paths, heads: Heads) -> list[list[int]]:
    """The columns of two or three groups with the same words, side by side, each beginning with a code; the first of
    those with the most columns in front.

    The groups may stand below 人员经费 and 公用经费, and one of them may lack a column. Without such groups all columns
    are one group.
    """
    words, firsts = heads.words, heads.firsts
    alone = [list(words)]
    if not heads.are_repeated or sum([words[column] in known.codes for column in firsts]) < _FEWEST_GROUPS:
        return alone
    counted = Counter(words[column] for column in firsts)
    groups: list[list[int]] = []
    for column in firsts:
        if counted[words[column]] == 1:
            continue
        if not groups or words[column] in known.codes or words[column] in {words[c] for c in groups[-1]}:
            groups.append([])
        groups[-1].append(column)
    widest = max(groups, key=len)
    told = [words[column] for column in widest]
    whole = [group for group in groups if [words[column] for column in group] == told]
    partial = [group for group in groups if group not in whole]
    if len(groups) not in (_FEWEST_GROUPS, 3) or len(whole) < _FEWEST_GROUPS or len(widest) < 2:
        return alone
    if told[0] not in known.codes:
        return alone  # parts of basic spending and of projects
    if any(len(group) != len(told) - 1 or not {words[column] for column in group} <= {*told} for group in partial):
        return alone
    if all(word.endswith(CODES_AND_NAMES) for word in told):
        return alone  # codes of two classifications before the amounts of both
    return [widest, *(group for group in groups if group is not widest)]


def _beside(
    form: Form, paths: dict[int, HeaderPath], columns: dict[int, str], first: list[int], group: list[int]
) -> dict[int, str]:
    """The columns of a further group, by those of the first one with the same words.

    款 beside 类 is added if a code has a column for each.
    """
    known = {paths[here][-1]: columns[here] for here in first if here in columns}
    found = {there: known[paths[there][-1]] for there in group if paths[there][-1] in known}
    return found | _spread_codes(form, {c: path for c, path in paths.items() if group[0] <= c <= group[-1]}, found)


_UNIT_CODE = re.compile("(?:预算)?单位编码")


def _undivided_levels(form: Form, heads: Heads) -> dict[int, Column]:
    """Columns of codes whose head does not distinguish 类, 款 and 项 although the form does.

    The head is one merged cell over several columns, or over one column with the whole code. The columns stand for the
    form's column of whole codes, if it has one, else for its first level.
    """
    level, whole = _levels_of(form.form_id) if heads.undivided else (None, None)
    if level is None or level.code is None:
        return {}
    coordinate = level.code.of[0]
    found = heads.undivided.get(coordinate, [])
    if whole is not None and whole.code is not None and coordinate in whole.code.of:
        return dict.fromkeys(found, whole) if len(found) > 1 else {}
    is_told = whole is None or len(found) > 1 or any(map(_UNIT_CODE.fullmatch, heads.words.values()))
    return dict.fromkeys(found, level) if is_told else {}


@cache
def _levels_of(form_id: str) -> tuple[Column | None, Column | None]:
    """The columns of a form for the first level of codes and for whole codes."""
    codes = [column for column in FORMS[form_id].columns if column.role is Role.CODE and column.code is not None]
    level = next((column for column in codes if column.code and column.code.part == 0), None)
    return level, next((column for column in codes if column.code and column.code.part is None), None)


def _spread_codes(form: Form, paths: dict[int, HeaderPath], columns: dict[int, str]) -> dict[int, str]:
    """Further columns under one merged head of codes: 类, 款 and 项 without heads of their own, or blank ones."""
    spread: dict[int, str] = {}
    for column in sorted(paths):
        if column in columns or paths.get(column - 1) != paths[column]:
            continue
        before = columns.get(column - 1) or spread.get(column - 1)
        if before is not None and form.column(before).role is Role.CODE:
            spread[column] = before
    return spread
