"""Columns of other years and stages (上年预算数, 增减%). They must not take the place of this year's columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from loader.documents.wording import fold, without_money_unit
from loader.filing.headers.paths import HeaderPath
from loader.filing.headers.words import ITEM, PARTS, SUBJECT, TOTAL_WORDS, last_words, spelling, without_part
from schema.forms import set_of
from schema.forms.template import Coordinate, Form, Role, Stage

_YEAR = re.compile(r"(20\d\d)年?度?")
_LAST_YEAR = re.compile(r"上年度?|去年|上一年度?|上期")
_THIS_YEAR = re.compile(r"^(?:本年度?|今年|当年|本期)(?=[预决]算数?$|数$|金额$)")
BARE_YEAR = re.compile(r"(?:20\d\d年度?|(?:上|上一|本|当)年度?|去年|今年|[上本]期)数?")  # 2023年 | 2024年 over amounts
_OF_A_YEAR = re.compile(r"预算|决算|执行|完成|金额|数$")
_OF_STATED_YEAR = re.compile(rf"{_OF_A_YEAR.pattern}|经费$")  # 2025年“三公”经费; 上年结转经费 is money of this year
_SPENT = re.compile(r"^(?:本年|年度)?决算(?:统计)?(?:数|金额)?$")
_WAS_SPENT = re.compile(r"^(?:本年|年度)?(?:决算(?:统计)?|执行)(?:数|金额)?$")
PLANNED = re.compile(r"^(?:年初|全年|调整|调整后|年度)?预算(?:数|金额)?$")
_ADJUSTED = re.compile(r"^调整后?预算(?:数|金额)?$")
_ADJUSTMENT = r"(?:本次|预算)?(?:调整|调增|调减|追加)(?:数|额|金额)$"
AMOUNTS = re.compile(r"^(?:[预决]算数?|金额|执行数|数)$")
_NO_STAGE = ("金额", "数")  # amounts of any stage
_ANY_AMOUNT = (*_NO_STAGE, "预算数", "决算数", "执行数")
_LABELS = {SUBJECT: ITEM, "名称": "科目名称"}  # heads of the labels of a list
# heads of whole codes, by the classification that forms with columns of 类 and 款 have
_SUBJECT_CODES = {
    Coordinate.FUNCTIONAL: re.compile("(?:功能分类)?科目编码|功能分类科目"),
    Coordinate.DEPARTMENT_ECONOMIC: re.compile("(?:经济分类)?科目编码|经济分类科目"),
}
_SIDES = ("收入", "支出")  # sides of lists: above labels and amounts alike
_RATE = re.compile(r"增长|增幅|幅度|比例|比重|占比|占.+比|百分比|同比|[%％]|[成行减长动化异]率")
_CHANGE = re.compile(r"增减|差[额异](?!单位|拨款)")
_ENDS_AS_RELATION = re.compile(
    rf"(?:{_RATE.pattern}|{_CHANGE.pattern})(?:变动|变化|情况|金额|[额数率幅%％]|幅度|比例|百分[比点]|\(.*\))*$"
)
IS_RATE = re.compile(r"率|幅|比例|比重|占比|占.+比|百分比|[%％]")  # a per cent, with or without % behind its figures
IS_CHANGE = re.compile(
    rf"增减(?:变动)?(?:额|数|金额)$|差额$|差异[额数]?$|(?:^|-){_ADJUSTMENT}"
)  # an amount, but not of this year


@dataclass(frozen=True, slots=True)
class PriorColumn:
    """A column of another year or stage, with the id of the column of this year that it corresponds to.

    If no year is printed, ``year`` is None and ``years_back`` counts from the disclosure's own year.
    """

    column_id: str
    year: int | None
    stage: Stage
    years_back: int = 1


class Heads:
    """The paths of some columns, with what the match with every template needs."""

    def __init__(self, paths: dict[int, HeaderPath]) -> None:
        self.paths = paths
        self.words = {column: path[-1] for column, path in paths.items()}
        self.last_words = [last_words(path) for path in paths.values()]
        # a head over two columns of the grid counts once
        self.firsts = [column for column, word in self.words.items() if self.words.get(column - 1) != word]
        self.are_repeated = len({self.words[column] for column in self.firsts}) < len(self.firsts)
        self.width = len(paths) - sum([paths.get(column - 1) == path for column, path in paths.items()])
        has_parts = any(path[-1] in PARTS for path in paths.values())
        # columns of codes without heads 类, 款 and 项, by classification; none if their heads differ
        self.undivided: dict[Coordinate, list[int]] = {}
        for coordinate, head in () if has_parts else _SUBJECT_CODES.items():
            codes = [column for column, word in self.words.items() if head.fullmatch(word)]
            if len({paths[column] for column in codes}) == 1:
                self.undivided[coordinate] = codes

    @cached_property
    def longest_first(self) -> list[tuple[int, HeaderPath]]:
        """The columns with their paths, the longest path first."""
        return longest_first(self.paths)


def longest_first(paths: dict[int, HeaderPath]) -> list[tuple[int, HeaderPath]]:
    """Columns with their paths, the longest path first."""
    return sorted(paths.items(), key=lambda entry: -len(entry[1]))


@dataclass(frozen=True)
class Split:
    """The columns of a header by year and stage.

    ``own``: this year's, without years in their paths. ``prior``: other years. ``planned``: 预算数 beside 决算数, or
    调整预算数 beside 年初预算数, of this year but another stage. ``rates``: columns that compare figures (增减%).
    ``of_budget``: the split if the header is one of a budget, where it differs (2023年决算数 beside 预算数).
    """

    own: dict[int, HeaderPath]
    prior: dict[int, tuple[HeaderPath, int | None, Stage | None]]
    planned: dict[int, tuple[HeaderPath, Stage]] = field(default_factory=dict)
    rates: dict[int, HeaderPath] = field(default_factory=dict)
    of_budget: Split | None = None

    @cached_property
    def named(self) -> dict[int, HeaderPath]:
        """This year's columns for forms of lists: the heads of labels in one spelling."""
        return {column: (*path[:-1], _LABELS.get(path[-1], path[-1])) for column, path in self.own.items()}

    @cached_property
    def heads(self) -> Heads:
        """This year's columns for forms with separate columns of 类, 款 and 项."""
        return Heads(self.own)

    @cached_property
    def heads_without_parts(self) -> Heads:
        """This year's columns without 类, 款 and 项 below a head of codes."""
        if not any(path[-1] in PARTS for path in self.own.values()):
            return self.heads
        return Heads({column: without_part(path) for column, path in self.own.items()})

    def of(self, form: Form) -> Split:
        """The split for one form: that for its stage; some forms declare the columns of another stage."""
        if self.of_budget is not None and set_of(form.form_id).stage is not Stage.FINAL:
            return self.of_budget.of(form)
        if not self.planned or not any(column.role is Role.PRIOR for column in form.columns):
            return self
        own, planned = dict(self.own), dict(self.planned)
        for column, (path, stage) in self.planned.items():
            if stage is Stage.BUDGET:
                own[column] = tuple("预算数" if PLANNED.match(word) else word for word in path)
                del planned[column]
        return Split(own, self.prior, planned, self.rates)


def split_years(paths: dict[int, HeaderPath]) -> Split:
    """Sort the columns of a header by year and stage."""
    split = _split(paths, is_budget=False)
    words = {word for path in paths.values() for word in path}
    years = [found[1] for word in words for found in _YEAR.finditer(word)]
    is_spent_last = any(max(years) in word and _WAS_SPENT.match(without_year(word)) for word in words if years)
    return replace(split, of_budget=_split(paths, is_budget=True)) if is_spent_last else split


def _split(paths: dict[int, HeaderPath], is_budget: bool) -> Split:
    """The columns by year and stage. ``is_budget``: all money that was spent is of another year."""
    if sum(any(map(BARE_YEAR.fullmatch, path)) for path in paths.values()) > 1:
        paths = {
            column: tuple(f"{word.removesuffix('数')}金额" if BARE_YEAR.fullmatch(word) else word for word in path)
            for column, path in paths.items()
        }
    years = [int(match[1]) for path in paths.values() for word in path for match in _YEAR.finditer(word)]
    plain = {path for path in paths.values() if not any(_YEAR.search(word) for word in path)}
    plain |= {other for path in plain for other in _spelt_otherwise(path)}
    ends = {path[-1:] for path in plain}  # 决算数 below 收入 and below 支出, and beside both 2023年决算数
    own: dict[int, HeaderPath] = {}
    prior: dict[int, tuple[HeaderPath, int | None, Stage | None]] = {}
    planned: dict[int, tuple[HeaderPath, Stage]] = {}
    rates: dict[int, HeaderPath] = {}
    words = {word for path in paths.values() for word in path if not _LAST_YEAR.match(word)}
    spent = {word for word in words if _SPENT.match(without_year(word))}
    plans = {word for word in map(without_year, words) if PLANNED.match(word)}
    is_adjusted = any(map(_ADJUSTED.match, plans)) and not all(map(_ADJUSTED.match, plans))
    latest = max(years, default=0) + is_budget
    is_final = any(not (found := _YEAR.search(word)) or int(found[1]) == latest for word in spent)
    for column, path in paths.items():
        if any(map(_is_relation, path)):
            rates[column] = tuple(word for word in _bare(path) if not _is_relation(word))
            continue
        dated = next((word for word in path if _YEAR.search(word) and _OF_STATED_YEAR.search(word)), None)
        late = next((word for word in path if _LAST_YEAR.match(word) and _OF_A_YEAR.search(word)), None)
        # beside 决算数, 预算数 is of another stage
        bare = tuple(map(without_year, path)) if is_final or is_adjusted else _bare(path)
        stated = _YEAR.search(dated) if dated else None
        if late is not None:
            prior[column] = (bare, None, _stage_of(late))
        elif (
            dated is not None
            and stated
            and (int(stated[1]) < latest or bare in plain or (len(path) == 1 and bare in ends))
        ):
            prior[column] = (bare, int(stated[1]), _stage_of(dated))
        elif (is_final or is_adjusted) and (plan := next(filter(PLANNED.match, map(without_year, path)), None)):
            if is_final:
                planned[column] = (bare, Stage.BUDGET if "初" in plan or plan[:2] == "预算" else Stage.ADJUSTED)
            elif _ADJUSTED.match(plan):
                planned[column] = (_without_stage(bare), Stage.ADJUSTED)
            else:
                own[column] = _without_stage(bare)
        else:
            own[column] = bare or path
    return Split(own, prior, planned, rates)


def _spelt_otherwise(path: HeaderPath) -> Iterator[HeaderPath]:
    """The path of a column of this year, as a column of another year beside it may be called: without 本年, and 预算数
    for 金额 or the other way round."""
    *above, last = map(without_year, path)
    yield (*above, last)
    if AMOUNTS.match(last):
        yield from ((*above, word) for word in (_ANY_AMOUNT if last in _NO_STAGE else _NO_STAGE))


def _without_stage(path: HeaderPath) -> HeaderPath:
    """A path without 年初预算数 or 调整预算数 side by side, unless only the side of a list is left."""
    words = tuple(word for word in path if not PLANNED.match(word))
    if any(word not in _SIDES for word in words):
        return words
    return (*words, "预算数")


def _is_relation(word: str) -> bool:
    """Whether a head names a comparison of two figures, not a figure."""
    return bool(_RATE.search(word) or _CHANGE.search(word) or re.match(_ADJUSTMENT, word))


def _bare(path: HeaderPath) -> HeaderPath:
    """A path without years.

    A grouping with nothing but the year (2024年预算数) is dropped, unless only the side of a list would be left.
    """
    words = [without_year(word) for word in path]
    grouping = [bare != word and bool(AMOUNTS.match(bare)) for bare, word in zip(words, path, strict=True)]
    kept = [word for word, says_nothing in zip(words, grouping, strict=True) if word and not says_nothing]
    if any(word not in _SIDES for word in kept):
        words = kept
    return tuple(word for word in words if word)


def is_of_a_stage(word: str) -> bool:
    """Whether a head names figures of the budget, of the adjusted one, or the adjustment (年初预算数, 调整数)."""
    return bool(PLANNED.match(word) or re.match(_ADJUSTMENT, word))


def without_year(word: str) -> str:
    """A word of a header without the year, if it is a word for amounts: 2024年预算数 → 预算数."""
    if _OF_A_YEAR.search(word):
        word = _LAST_YEAR.sub("", _YEAR.sub("", word))
    elif _OF_STATED_YEAR.search(word):
        word = _YEAR.sub("", word)
    return _THIS_YEAR.sub("", word)


def of_which_year(text: str, fiscal_year: int) -> tuple[str, int, Stage | None]:
    """A row's label without its year (2023年度决算 → 决算数), the years before the fiscal year, and the stage if named.

    The label is blank if it contains only a year (2024年, 本年数).
    """
    word = spelling(without_money_unit(fold(text)))
    stated = _YEAR.search(word)
    years_back = fiscal_year - int(stated[1]) if stated else int(_LAST_YEAR.match(word) is not None)
    if BARE_YEAR.fullmatch(word):
        return "", years_back, None
    return _THIS_YEAR.sub("", _LAST_YEAR.sub("", _YEAR.sub("", word))), years_back, _stage_of(word)


def says_change(text: str) -> bool:
    """Whether a label names a comparison of two figures (增减额, 比上年增长%).

    The label must end so: 人口增长研究中心 is a unit.
    """
    return _ENDS_AS_RELATION.search(fold(text)) is not None


def _stage_of(word: str) -> Stage | None:
    """The stage of a column of another year, None if its head names none. Then it is the stage of the form."""
    if re.search("决算|执行|完成", word):
        return Stage.FINAL
    return Stage.BUDGET if "预算" in word else None


def says_only_amount(path: HeaderPath) -> bool:
    """Whether the head of a column only says that it holds amounts, not which."""
    return all(AMOUNTS.match(without_year(spelling(word))) or word in TOTAL_WORDS for word in path)
