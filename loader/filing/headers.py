"""Headers: what the columns of a table are, path by path, and which template they fit.

A form is known by its title and by its header together, never by its number: other places and years insert or drop
forms, cut titles or leave them out. A column that the template does not know is kept without a meaning; one of another
year or stage (上年预算数, 2023年预算数, 增减%) is told apart first, so that it cannot take the place of this year's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from loader.documents.grid import Cell, Row
from loader.documents.wording import figure, fold, is_total, without_enumeration, without_money_unit
from schema.forms import FORMS, set_of
from schema.forms.template import Column, Coordinate, Form, LineList, Role, Stage

HeaderPath = tuple[str, ...]

DEEPEST_HEADER = 5
_LONGEST_HEADER = 80  # characters: beyond, a cell is a sentence, such as a performance goal

# What a column of a header is worth: found by its whole path, by the end of it, or by its innermost word alone.
_BY_PATH, _BY_TAIL, _BY_WORD = 1.0, 0.7, 0.6
_POOREST_MATCH = 0.4

_YEAR = re.compile(r"(20\d\d)年?度?")
_LAST_YEAR = re.compile(r"上年度?|去年|上一年度?|上期")
_THIS_YEAR = re.compile(r"^(?:本年度?|今年|当年|本期)(?=[预决]算数?$|数$|金额$)")
_BARE_YEAR = re.compile(r"(?:20\d\d年度?|(?:上|上一|本|当)年度?|去年|今年|[上本]期)数?")  # 2023年 | 2024年 over amounts
_OF_A_YEAR = re.compile(r"预算|决算|执行|完成|金额|数$")
_SPENT = re.compile(r"^(?:本年|年度)?决算(?:数|金额)?$")
_PLANNED = re.compile(r"^(?:年初|全年|调整|调整后|年度)?预算(?:数|金额)?$")
_AMOUNTS = re.compile(r"^(?:[预决]算数?|金额|执行数|数)$")
_PARTS = ("类", "款", "项")
TOTAL_WORDS = ("合计", "小计", "总计")
# offices word the same head otherwise: 科目代码, 支出功能科目, 预算金额, 公务接待经费, 公务用车运行维护费
_SPELLINGS = (
    (re.compile("代[码号]"), "编码"),
    (re.compile(r"^(?:科目编码)?\(?类、?款、?项\)?$"), "科目编码"),
    (re.compile("(?:支出)?功能(?:分类)?科目"), "功能分类科目"),
    (re.compile("(?:部门预算|部门)?(?:支出)?经济(?:分类)?科目"), "经济分类科目"),
    (re.compile("^按?(?:支出)?(功能|经济)分类$"), r"\1分类"),
    (re.compile("^按(支出用途|支出性质)$"), r"\1"),
    (re.compile(r"^(?:预算)?单位名称\(科目\)$"), "科目名称"),
    (re.compile("(?<=[预决]算)(?:金额|数额|额)$"), "数"),
    (re.compile("^(?:收入|支出)([预决]算)数?$"), r"\1数"),
    (re.compile(r"^((?:20\d\d年?度?|[本上]年度?)?(?:年初|全年|调整)?[预决]算)$"), r"\1数"),
    (re.compile(r"(?<=出国|接待)(\(境\))?(?:费用|经费)$"), r"\1费"),
    (re.compile("运行维护费$"), "运行费"),
    (re.compile("^公务用车(?=购置费$|运行费$)"), ""),
    (re.compile("^(基本|项目)经费$|^(基本)$"), r"\1\2支出"),
    (re.compile("^(?:日常)?(人员|公用)(?:支出|经费)?$"), r"\1经费"),
)
_OF_WHICH = re.compile("其中:?")  # above parts of the column on the left
_ITEM, _SUBJECT = "项目", "科目"
_SIDES = ("收入", "支出")  # of lists: above labels and amounts alike
_LABELS = {_SUBJECT: _ITEM, "名称": "科目名称"}  # heads of the labels of a list
_CODES_AND_NAMES = ("编码", "名称")
_BASIC = "基本支出"
_FORMULA = re.compile(r"(?<=.)\(?\d{1,2}=[\d+()-]+\)?$")  # of which columns this one is the sum: 合计1=2+3
_RATE = re.compile(r"增长|增幅|幅度|比例|比重|占比|占.+比|百分比|同比|[%％]|[成行减长动化异]率")
_CHANGE = re.compile(r"增减|差[额异](?!单位|拨款)")
IS_RATE = re.compile(r"率|幅|比例|比重|占比|占.+比|百分比|[%％]")  # a per cent, whether its figures say so or not
IS_CHANGE = re.compile(r"增减(?:变动)?(?:额|数|金额)$|差额$|差异[额数]?$")  # an amount, and none of this year


@dataclass(frozen=True, slots=True)
class PriorColumn:
    """A column of another year or stage: of which column, and of which year and stage.

    If no year is printed, ``years_back`` says how many years before the disclosure's own it is.
    """

    column_id: str
    year: int | None
    stage: Stage
    years_back: int = 1


@dataclass(frozen=True, slots=True)
class Match:
    """How well a header fits a template.

    ``columns`` maps grid columns to ids of the template's columns, ``lists`` grid columns of labels to lists;
    ``priors`` are columns of other years, ``rates`` columns of per cents and differences, with the ids of the columns
    that they are of; ``beside`` are the columns of further groups of the same columns that stand side by side with the
    first.
    """

    form: Form
    score: float
    columns: dict[int, str]
    lists: dict[int, str] = field(default_factory=dict)
    priors: dict[int, PriorColumn] = field(default_factory=dict)
    beside: tuple[dict[int, str], ...] = ()
    rates: dict[int, str] = field(default_factory=dict)


@lru_cache(maxsize=20_000)
def _spelling(folded: str) -> str:
    """A folded word of a header in one of the spellings that it may have."""
    folded = _FORMULA.sub("", without_enumeration(folded))
    for pattern, word in _SPELLINGS:
        folded = pattern.sub(word, folded)
    return folded


def _spelt_paths(header: Iterable[tuple[int, HeaderPath]]) -> dict[int, HeaderPath]:
    """The paths of a header in one spelling each; 项目 beside 基本 is 项目支出, 编码 beside 名称 that of a subject."""
    spelt = ((column, tuple(map(_spelling, path))) for column, path in header)
    paths = {column: tuple(word for word in path if not _OF_WHICH.fullmatch(word)) or path for column, path in spelt}
    if any(_without_part(path)[-1] in _CODES_AND_NAMES for path in paths.values()):
        paths = _of_subjects(paths)
    groups: dict[HeaderPath, int] = {}  # what stands above 基本支出 → its first column
    for column, path in paths.items():
        if _BASIC in path:
            groups.setdefault(path[: path.index(_BASIC)], column)
    for above, basic in groups.items():
        for column, path in paths.items():
            if column > basic and path[: len(above) + 1] == (*above, "项目"):
                paths[column] = (*above, "项目支出", *path[len(above) + 1 :])
    return paths


def _of_subjects(paths: dict[int, HeaderPath]) -> dict[int, HeaderPath]:
    """编码 and 名称 that do not say of what are of the same as the other half of the pair (经济分类科目编码 | 名称),
    else of subjects; 功能分类科目-编码 is one word."""
    heads = {column: _without_part(path) for column, path in paths.items()}
    halves = [
        {path[-1].removesuffix(word) for path in heads.values() if path[-1].endswith(word)} for word in _CODES_AND_NAMES
    ]
    half = (halves[0] ^ halves[1]) - {""}
    if len(half) > 1:
        return paths
    whose = next(iter(half), _SUBJECT)

    def spelt(*above: str, last: str) -> HeaderPath:
        if last in _CODES_AND_NAMES and (not above or above[-1] == _ITEM):
            return (*above, whose + last)
        if last in _CODES_AND_NAMES and above[-1].endswith(_SUBJECT):
            return (*above[:-1], above[-1] + last)
        return (*above, last)

    return {column: spelt(*head[:-1], last=head[-1]) + paths[column][len(head) :] for column, head in heads.items()}


def _without_part(path: HeaderPath) -> HeaderPath:
    """The head of a code without 类, 款 or 项 beneath it."""
    return path[:-1] if len(path) > 1 and path[-1] in _PARTS else path


def _spelt(path: Sequence[str]) -> HeaderPath:
    """A declared path, folded and in one spelling."""
    return tuple(_spelling(fold(word)) for word in path)


def header_paths(rows: Sequence[tuple[Cell, ...]]) -> dict[int, HeaderPath]:
    """The header path of every column, from the top down, without repetitions.

    A cell covers the blank cells to its right as far as the cell above it reaches; a span says how far for sure.
    Spans may stand beside cells that a sheet only centres across the blanks.
    """
    width = max((cell.column + cell.column_span for cells in rows for cell in cells), default=0)
    paths: list[list[str]] = [[] for _ in range(width)]
    parents = [0] * width  # which cell of the row above covers a column
    for depth, cells in enumerate(rows):
        covering = [-1] * width
        texts = [""] * width
        for index, cell in enumerate(cells):
            for column in range(cell.column, min(cell.column + cell.column_span, width)):
                texts[column] = cell.text
                covering[column] = index
        for column in range(1, width):
            left = covering[column - 1]
            same_parent = depth == 0 or parents[column] == parents[column - 1]
            if covering[column] < 0 <= left and same_parent and cells[left].column_span == 1:
                covering[column] = left
                texts[column] = texts[column - 1]
        for column in range(width):
            text = without_money_unit(fold(texts[column]))
            if text and (not paths[column] or paths[column][-1] != text):
                paths[column].append(text)
        # columns under one cell here, and under one cell above, stay together further down
        groups: dict[tuple[int, int], int] = {}
        parents = [
            groups.setdefault((parents[c], covering[c] if covering[c] >= 0 else -2 - c), len(groups))
            for c in range(width)
        ]
    return {column: tuple(path) for column, path in enumerate(paths) if path}


# ---------------------------------------------------------------------------- columns of other years


class _Heads:
    """The paths of some columns, and what every template asks of them."""

    def __init__(self, paths: dict[int, HeaderPath]) -> None:
        self.paths = paths
        self.words = {column: path[-1] for column, path in paths.items()}
        self.last_words = [_last_words(path) for path in paths.values()]
        # a head over two columns of the grid is one
        self.firsts = [column for column, word in self.words.items() if self.words.get(column - 1) != word]
        self.are_repeated = len({self.words[column] for column in self.firsts}) < len(self.firsts)
        self.width = len(paths) - sum([paths.get(column - 1) == path for column, path in paths.items()])


@dataclass(frozen=True)
class _Split:
    """A header's columns: this year's, without years in their paths; those of other years; and 预算数 beside 决算数,
    which is of this year, too, but of another stage; and those that set figures in relation (增减%)."""

    own: dict[int, HeaderPath]
    prior: dict[int, tuple[HeaderPath, int | None, Stage | None]]
    planned: dict[int, tuple[HeaderPath, Stage]] = field(default_factory=dict)
    rates: dict[int, HeaderPath] = field(default_factory=dict)

    @cached_property
    def heads(self) -> _Heads:
        """This year's columns, as forms see them that tell 类, 款 and 项 apart."""
        return _Heads(self.own)

    @cached_property
    def heads_without_parts(self) -> _Heads:
        """This year's columns without 类, 款 and 项 beneath a head of codes."""
        if not any(path[-1] in _PARTS for path in self.own.values()):
            return self.heads
        return _Heads({column: _without_part(path) for column, path in self.own.items()})

    def of(self, form: Form) -> _Split:
        """The same as a form sees it: some declare the columns of another stage."""
        if not self.planned or not any(column.role is Role.PRIOR for column in form.columns):
            return self
        own, planned = dict(self.own), dict(self.planned)
        for column, (path, stage) in self.planned.items():
            if stage is Stage.BUDGET:
                own[column] = tuple("预算数" if _PLANNED.match(word) else word for word in path)
                del planned[column]
        return _Split(own, self.prior, planned, self.rates)


def _split_years(paths: dict[int, HeaderPath]) -> _Split:
    if sum(any(map(_BARE_YEAR.fullmatch, path)) for path in paths.values()) > 1:
        paths = {
            column: tuple(f"{word.removesuffix('数')}金额" if _BARE_YEAR.fullmatch(word) else word for word in path)
            for column, path in paths.items()
        }
    years = [int(match[1]) for path in paths.values() for word in path for match in _YEAR.finditer(word)]
    plain = {path for path in paths.values() if not any(_YEAR.search(word) for word in path)}
    own: dict[int, HeaderPath] = {}
    prior: dict[int, tuple[HeaderPath, int | None, Stage | None]] = {}
    planned: dict[int, tuple[HeaderPath, Stage]] = {}
    rates: dict[int, HeaderPath] = {}
    words = {word for path in paths.values() for word in path if not _LAST_YEAR.match(word)}
    spent = {word for word in words if _SPENT.match(_without_year(word))}
    is_final = any(not (found := _YEAR.search(word)) or int(found[1]) == max(years) for word in spent)
    for column, path in paths.items():
        if any(map(_is_relation, path)):
            rates[column] = tuple(word for word in _bare(path) if not _is_relation(word))
            continue
        dated = next((word for word in path if _YEAR.search(word) and _OF_A_YEAR.search(word)), None)
        late = next((word for word in path if _LAST_YEAR.match(word) and _OF_A_YEAR.search(word)), None)
        # beside 决算数, 预算数 tells another stage
        bare = tuple(map(_without_year, path)) if is_final else _bare(path)
        stated = _YEAR.search(dated) if dated else None
        if late is not None:
            prior[column] = (bare, None, _stage_of(late))
        elif dated is not None and stated and (int(stated[1]) < max(years) or bare in plain):
            prior[column] = (bare, int(stated[1]), _stage_of(dated))
        elif is_final and (plan := next(filter(_PLANNED.match, bare), None)) is not None:
            planned[column] = (bare, Stage.BUDGET if "初" in plan or plan[:2] == "预算" else Stage.ADJUSTED)
        else:
            own[column] = bare or path
    return _Split(own, prior, planned, rates)


def _is_relation(word: str) -> bool:
    """Whether a head says how two figures compare, not what one is."""
    return bool(_RATE.search(word) or _CHANGE.search(word))


def _bare(path: HeaderPath) -> HeaderPath:
    """A path without years; a grouping that says nothing but the year (2024年预算数) goes whole, unless no more than
    the side of a list is left."""
    words = [_without_year(word) for word in path]
    grouping = [bare != word and bool(_AMOUNTS.match(bare)) for bare, word in zip(words, path, strict=True)]
    told = [word for word, says_nothing in zip(words, grouping, strict=True) if word and not says_nothing]
    if any(word not in _SIDES for word in told):
        words = told
    return tuple(word for word in words if word)


def _without_year(word: str) -> str:
    return _THIS_YEAR.sub("", _LAST_YEAR.sub("", _YEAR.sub("", word)) if _OF_A_YEAR.search(word) else word)


def of_which_year(text: str, fiscal_year: int) -> tuple[str, int, Stage | None]:
    """A label of a row without its year (2023年度决算 → 决算数), how many years before the fiscal one that is, and the
    stage that it says; blank if it says no more than a year (2024年, 本年数)."""
    word = _spelling(without_money_unit(fold(text)))
    stated = _YEAR.search(word)
    years_back = fiscal_year - int(stated[1]) if stated else int(_LAST_YEAR.match(word) is not None)
    if _BARE_YEAR.fullmatch(word):
        return "", years_back, None
    return _THIS_YEAR.sub("", _LAST_YEAR.sub("", _YEAR.sub("", word))), years_back, _stage_of(word)


def says_change(text: str) -> bool:
    """Whether a label says how two figures compare (增减额, 同比)."""
    return _is_relation(fold(text))


def _stage_of(word: str) -> Stage | None:
    """Of which stage a column of another year is; None if it does not say, so that it is of its form's."""
    if re.search("决算|执行|完成", word):
        return Stage.FINAL
    return Stage.BUDGET if "预算" in word else None


# ---------------------------------------------------------------------------- templates


@lru_cache(maxsize=1)
def _header_words() -> frozenset[str]:
    """Every label that stands in the header of any form."""
    words = set()
    for form in FORMS.values():
        paths: list[HeaderPath] = [path for c in form.columns for path in (c.path, *c.aliases)]
        for entry in form.lists:
            amounts = [path for amount in entry.amounts for path in (amount.path, *amount.aliases)]
            paths += [entry.label_path, *entry.label_aliases, *amounts]
        words |= {word for path in paths for word in _spelt(path)}
        words |= {_joined(entry.label_path) for entry in form.lists}
    return frozenset(words | {_SUBJECT, *_CODES_AND_NAMES})


def _joined(path: Sequence[str]) -> str:
    """A path in one cell: 收入项目."""
    return _spelling("".join(_spelt(path)))


def _folded(column: Column) -> tuple[HeaderPath, ...]:
    paths = [*map(_spelt, (column.path, *column.aliases))]
    if column.role in (Role.CODE, Role.NAME):  # 科目编码 stands alone, beneath 项目 or beneath 科目
        words = [path[-1] for path in paths if path[:-1] in ((), (_ITEM,)) and path[-1].startswith(_SUBJECT)]
        paths += [(_SUBJECT, word) for word in words]
    return tuple(dict.fromkeys(paths))


class _Paths:
    """The paths of some columns of a template, ready to be asked; ``title`` says what these are about."""

    def __init__(self, columns: Sequence[Column], title: str) -> None:
        self.title = _spelling(fold(title))
        self.exact: dict[HeaderPath, tuple[str, ...]] = {}
        self.tails: dict[HeaderPath, tuple[str, ...]] = {}
        self.required = sum(not column.optional and column.role is not Role.PRIOR for column in columns)
        # of a path that several columns bear, the one comes first that names it earlier among its own
        bearers = [(rank, path, column.id) for column in columns for rank, path in enumerate(_folded(column))]
        for _, path, column_id in sorted(bearers, key=lambda bearer: bearer[0]):
            self.exact[path] = (*self.exact.get(path, ()), column_id)
        for path, column_ids in self.exact.items():
            for start in range(len(path)):
                known = self.tails.get(path[start:], ())
                self.tails[path[start:]] = (*known, *(column_id for column_id in column_ids if column_id not in known))
        self.ends = {end for path in self.exact for end in (path[-1], *(p[-1] for p in _with_other_totals(path)))}
        self.heads = {path[0] for path in self.exact}
        self.codes = {path[-1] for column in columns if column.role is Role.CODE for path in _folded(column)}
        self.has_parts = any(column.code is not None and column.code.part is not None for column in columns)
        money = sum(column.role is Role.MONEY for column in columns)
        self.held = (money == 1) + any(column.role is Role.NAME for column in columns)

    def best_score(self, heads: _Heads) -> float:
        """A bound of the score: a path that no path of the template ends with is not found, but for two columns that
        are known by what they hold. It rules out most templates at little cost."""
        whole = len([path for path in heads.paths.values() if path in self.exact])
        partly = len([words for words in heads.last_words if not self.ends.isdisjoint(words)]) - whole
        held = min(self.held, len(heads.paths) - whole - partly)
        weight = whole * _BY_PATH + partly * _BY_TAIL + held * _BY_WORD
        return 2 * weight / (self.required + max(whole + partly + held, heads.width))

    def whole(self, path: HeaderPath, taken: Collection[str]) -> str | None:
        """The first column, from left to right, that bears this path and is not taken yet."""
        for column_id in self.exact.get(path, ()):
            if column_id not in taken:
                return column_id
        return None

    def part(self, path: HeaderPath, taken: Collection[str]) -> tuple[str, float] | None:
        """A column under an unfamiliar grouping, one whose groupings are left out, one that says 小计 for 合计, or a
        familiar word below an unfamiliar heading."""
        options = _options(self, path)
        for column_id in options.by_tail:
            if column_id not in taken:
                return column_id, _BY_TAIL
        for column_ids in options.by_word:
            free = [column_id for column_id in column_ids if column_id not in taken]
            if len(free) == 1:
                return free[0], _BY_WORD
        last = options.by_last_word
        return (last, _BY_WORD) if last is not None and last not in taken else None


class _Options(NamedTuple):
    """The columns of a template that a part of a path may mean, the likeliest first: by the end of it; by one of its
    spellings, each with all the columns that end with it; by its last word."""

    by_tail: tuple[str, ...]
    by_word: tuple[tuple[str, ...], ...]
    by_last_word: str | None


@lru_cache(maxsize=20_000)
def _options(known: _Paths, path: HeaderPath) -> _Options:
    spellings = (path, *_with_other_totals(path))
    if path[-1] in TOTAL_WORDS:  # 基本支出-小计 beside parts of it that the form does not have
        spellings = (path[:-1], *spellings)
    tails = (spelt[start:] for spelt in spellings for start in range(spelt is path, len(spelt)))
    last = known.tails.get(path[-1:], ())
    return _Options(
        by_tail=tuple(dict.fromkeys(column_id for tail in tails for column_id in known.exact.get(tail, ()))),
        by_word=tuple(known.tails[spelt] for spelt in spellings if spelt in known.tails),
        by_last_word=last[0] if len(last) == 1 else None,
    )


_OF_EVERYTHING = re.compile("(?:本年|全年|当年)?(?:收入|支出)?(?:[预决]算|金额)?")


def _with_other_totals(path: HeaderPath) -> Iterator[HeaderPath]:
    """A path with 合计 in it as other documents print it: with 小计 or 总计."""
    at = next((at for at in reversed(range(len(path))) if path[at].endswith(TOTAL_WORDS)), None)
    if at is not None:
        front = path[at][:-2]
        yield from ((*path[:at], front + word, *path[at + 1 :]) for word in TOTAL_WORDS if path[at] != front + word)
        if front and _OF_EVERYTHING.fullmatch(front):  # 支出合计, 预算合计
            yield from ((*path[:at], word, *path[at + 1 :]) for word in TOTAL_WORDS)


@lru_cache(maxsize=20_000)
def _last_words(path: HeaderPath) -> tuple[str, ...]:
    """The last word of a path, and of the same path in other words for 合计 or without it."""
    above = path[-2:-1] if path[-1] in TOTAL_WORDS else ()
    return tuple(dict.fromkeys((path[-1], *above, *(other[-1] for other in _with_other_totals(path)))))


@cache
def _paths_of(form_id: str) -> _Paths:
    return _Paths(FORMS[form_id].columns, FORMS[form_id].title)


@cache
def _paths_of_list(form_id: str, list_id: str) -> _Paths:
    return _Paths(next(entry for entry in FORMS[form_id].lists if entry.id == list_id).amounts, FORMS[form_id].title)


def says_only_amount(path: HeaderPath) -> bool:
    """Whether the head of a column says that it holds amounts, and not which."""
    return all(_AMOUNTS.match(_without_year(_spelling(word))) or word in TOTAL_WORDS for word in path)


def _find_columns(known: _Paths, paths: dict[int, HeaderPath]) -> tuple[dict[int, str], float]:
    """Grid column → column id, and what the finds are worth: whole paths first, then parts of paths."""
    columns: dict[int, str] = {}
    taken: set[str] = set()
    weight = 0.0
    # a longer path says more: 三公经费-小计 before a 合计 over everything; one that two columns bear says less
    longest_first = sorted(paths.items(), key=lambda entry: -len(entry[1]))
    of_parts = _under_heads_of_parts(known, paths)
    longest_first = [(column, path) for column, path in longest_first if column not in of_parts]
    for column, path in sorted(longest_first, key=lambda entry: len(known.exact.get(entry[1], ())) > 1):
        if (column_id := known.whole(path, taken)) is not None:
            columns[column] = column_id
            taken.add(column_id)
            weight += _BY_PATH
    for column, path in longest_first:
        if column not in columns and (found := known.part(path, taken)) is not None:
            columns[column] = found[0]
            taken.add(found[0])
            weight += found[1]
    return columns, weight


def _under_heads_of_parts(known: _Paths, paths: dict[int, HeaderPath]) -> set[int]:
    """The columns under heads that say the same words beneath each (局机关: 基本支出, 项目支出 | 检测中心: 基本支出,
    项目支出) and not that they are about everything: each is a part, and the first is not the whole.

    If a head among them says 合计, columns with these words alone (当年预算, of which no head is left) are parts, too.
    """
    repeated = _repeated_words(tuple(paths.items()))
    whole = {head for head in repeated if head.endswith(TOTAL_WORDS)}
    has_total = bool(whole)
    whole = whole or {head for head in repeated if _OF_EVERYTHING.fullmatch(head) or _is_in_title(head, known.title)}
    return {
        column
        for head, columns in repeated.items()
        if head not in known.heads | whole
        for column in columns
        if has_total or paths[column] not in known.exact
    }


@lru_cache(maxsize=2_000)
def _repeated_words(header: tuple[tuple[int, HeaderPath], ...]) -> dict[str, list[int]]:
    """Outermost head → the columns whose words beneath it stand beneath another one, too, if these are two words or
    more; a column without a head counts as one under a blank one."""
    beneath: dict[str, dict[HeaderPath, int]] = {}
    for column, path in header:
        beneath.setdefault(path[0] if len(path) > 1 else "", {})[path[1:] or path] = column
    found: dict[str, list[int]] = {}
    for head, words in beneath.items():
        others = (words.keys() & beside.keys() for other, beside in beneath.items() if other != head)
        if shared := set().union(*(both for both in others if len(both) > 1)):
            found[head] = [words[word] for word in shared]
    return found


def _match_columns(form: Form, split: _Split, least: float = 0.0) -> Match:
    """How well a header fits a template; of a score below the least one nothing else is known."""
    known = _paths_of(form.form_id)
    split = split.of(form)
    heads = split.heads if known.has_parts else split.heads_without_parts
    if undivided := _undivided_levels(form, heads.paths):
        heads = _Heads(heads.paths | {column: level.path for column, level in undivided.items()})
    paths = heads.paths
    first, *others = _side_by_side(known, heads)
    if others:
        heads = _Heads({c: path for c, path in paths.items() if not others[0][0] <= c <= others[-1][-1]})
    if known.best_score(heads) < least:
        return Match(form, 0.0, {})
    own = heads.paths
    columns, weight = _find_columns(known, own)
    if (only := _only_amount(form, own, columns)) is not None:
        columns[only] = next(column.id for column in form.money_columns)
        weight += _BY_WORD
    if (both := _code_and_name(form, own, columns)) is not None:
        columns[both] = next(column.id for column in form.columns if column.role is Role.NAME)
        weight += _BY_WORD
    spread = _spread_codes(form, own, columns)
    columns |= spread
    money = [column.id for column in sorted(form.money_columns, key=lambda column: column.optional)]
    priors = {
        column: PriorColumn(_prior_of(known, path, money), year, stage or set_of(form.form_id).stage)
        for column, (path, year, stage) in split.prior.items()
        if money
    }
    for column, (path, stage) in split.planned.items() if money else ():
        rest = tuple(word for word in path if not _PLANNED.match(word))
        priors[column] = PriorColumn(_prior_of(known, rest, money), None, stage, 0)
    if all(form.column(column_id).optional for column_id in columns.values()):
        weight = 0.0  # what every document may lack tells no form
    optional = sum(form.column(column_id).optional for column_id in set(columns.values()))
    score = 2 * weight / (known.required + optional + len(own) - len(spread))
    beside = tuple(_beside(form, paths, columns, first, group) for group in others)
    rates = {column: _prior_of(known, path, money) for column, path in split.rates.items()} if money else {}
    return Match(form, score, columns, {}, priors, beside, rates)


def _only_amount(form: Form, paths: dict[int, HeaderPath], columns: dict[int, str]) -> int | None:
    """The column of amounts of a form that has one, however it is called: 预算数, 金额, or what the form is about, such
    as 基本支出."""
    if len(form.money_columns) != 1 or form.money_columns[0].id in columns.values():
        return None
    found = [c for c, path in paths.items() if c not in columns and _is_amount_of(form, _without_year(path[-1]))]
    return found[0] if len(found) == 1 else None


_SHORTEST_SUBJECT = 4  # characters of what a form is about


def _is_amount_of(form: Form, word: str) -> bool:
    return bool(_AMOUNTS.match(word)) or _is_in_title(word, _spelling(fold(form.title)))


def _is_in_title(word: str, title: str) -> bool:
    return len(word) >= _SHORTEST_SUBJECT and word.removeprefix("本年") in title


_CODE_AND_NAME = re.compile(
    r"(?:功能分类|经济分类)?(?:科目|项目|单位)?(?:编码|名称)?(?:[及和与、/]?(?:编码|名称))?(?:\((?:编码|名称|按.*)\))?"
)


def _code_and_name(form: Form, paths: dict[int, HeaderPath], columns: dict[int, str]) -> int | None:
    """The column with codes and names in one cell (科目编码及名称, 项目), if the header has no other one of either."""
    told = {column.id for column in form.columns if column.role in (Role.CODE, Role.NAME)}
    if not told or not told.isdisjoint(columns.values()) or all(c.role is not Role.NAME for c in form.columns):
        return None
    found = (c for c, path in paths.items() if c not in columns and _CODE_AND_NAME.fullmatch(path[-1]))
    return next((c for c in found if "单位" not in paths[c][-1] or form.is_by(Coordinate.UNIT)), None)


def _prior_of(known: _Paths, path: HeaderPath, money: Sequence[str]) -> str:
    """Of which column a column of another year is: the one with its path, else the first one (合计)."""
    for start in range(len(path)):
        if (found := known.whole(path[start:], ())) in money and found is not None:
            return found
    part = known.part(path, ()) if path else None
    return part[0] if part is not None and part[0] in money else money[0]


def _side_by_side(known: _Paths, heads: _Heads) -> list[list[int]]:
    """The columns of two or three groups that stand side by side with the same words and begin with a code, be they
    beneath 人员经费 and 公用经费; all columns as one group if there are no such groups."""
    words, firsts = heads.words, heads.firsts
    alone = [list(words)]
    starts = [at for at, column in enumerate(firsts) if words[column] in known.codes] if heads.are_repeated else []
    if len(starts) not in (2, 3):
        return alone
    groups = [firsts[start:end] for start, end in pairwise([*starts, None])]
    width = len(groups[0])
    groups = [group[:width] for group in groups]
    if width < 2 or any([words[c] for c in group] != [words[c] for c in groups[0]] for group in groups):
        return alone
    if all(words[column].endswith(_CODES_AND_NAMES) for column in groups[0]):
        return alone  # codes of two classifications before the amounts of both
    return groups


def _beside(
    form: Form, paths: dict[int, HeaderPath], columns: dict[int, str], first: list[int], group: list[int]
) -> dict[int, str]:
    """The columns of a further group: those of the first one, and 款 beside 类 where a code has a column for each."""
    found = {there: columns[here] for here, there in zip(first, group, strict=True) if here in columns}
    return found | _spread_codes(form, {c: path for c, path in paths.items() if group[0] <= c <= group[-1]}, found)


_SUBJECT_CODE = re.compile("(?:功能分类)?科目编码|功能分类科目")
_UNIT_CODE = re.compile("(?:预算)?单位编码")


def _undivided_levels(form: Form, paths: dict[int, HeaderPath]) -> dict[int, Column]:
    """Columns of functional codes under a head that does not tell 类, 款 and 项 apart, if the form does.

    It is one merged cell over several columns, or one column with the whole code. Together they are the whole code, or
    else the first level.
    """
    level, whole = _levels_of(form.form_id)
    if level is None or any(path[-1] in _PARTS for path in paths.values()):
        return {}
    found = [column for column, path in paths.items() if _SUBJECT_CODE.fullmatch(path[-1])]
    if len({paths[column] for column in found}) > 1:
        return {}  # the whole code stands in a column of its own beside its levels
    if whole is not None and whole.code is not None and Coordinate.FUNCTIONAL in whole.code.of:
        return dict.fromkeys(found, whole) if len(found) > 1 else {}
    is_told = whole is None or len(found) > 1 or any(_UNIT_CODE.fullmatch(path[-1]) for path in paths.values())
    return dict.fromkeys(found, level) if is_told else {}


@cache
def _levels_of(form_id: str) -> tuple[Column | None, Column | None]:
    """The columns of the first level and of the whole code of a form."""
    codes = [column for column in FORMS[form_id].columns if column.role is Role.CODE and column.code is not None]
    level = next((column for column in codes if column.code and column.code.part == 0), None)
    return level, next((column for column in codes if column.code and column.code.part is None), None)


def _spread_codes(form: Form, paths: dict[int, HeaderPath], columns: dict[int, str]) -> dict[int, str]:
    """Further columns under one merged cell of codes: 类, 款, 项 that only their place tells apart, or blank ones."""
    spread: dict[int, str] = {}
    for column in sorted(paths):
        before = (columns | spread).get(column - 1)
        if column not in columns and before is not None and paths.get(column - 1) == paths[column]:
            known = form.column(before)
            if known.role is Role.CODE:
                spread[column] = before
    return spread


def _match_lists(form: Form, split: _Split) -> Match:
    """Every list needs a label column and a column of amounts of its own, which stands right of it."""
    labels: dict[int, LineList] = {}
    named = {column: (*path[:-1], _LABELS.get(path[-1], path[-1])) for column, path in split.own.items()}
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
        amounts = _find_columns(_paths_of_list(form.form_id, entry.id), beside)[0]
        if not amounts:  # 年初预算数, beside 备注 perhaps
            dated = [c for c, path in beside.items() if _AMOUNTS.match(path[-1]) or _PLANNED.match(path[-1])]
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
    """What the head of a list's labels may say: whole paths, their ends without the first row of the header, a path in
    one cell, last words alone or below the first ones."""

    paths: frozenset[HeaderPath]
    tails: frozenset[HeaderPath]
    joined: frozenset[str]
    words: frozenset[str]
    sides: frozenset[str]


@cache
def _label_heads(path: HeaderPath, aliases: tuple[HeaderPath, ...]) -> _LabelHeads:
    paths = frozenset(map(_spelt, (path, *aliases)))
    return _LabelHeads(
        paths,
        tails=frozenset(path[start:] for path in paths for start in range(1, len(path) - 1)),
        joined=frozenset(map(_joined, (path, *aliases))),
        words=frozenset(path[-1] for path in paths),
        sides=frozenset(path[0] for path in paths),
    )


def _label_column(entry: LineList, paths: dict[int, HeaderPath], taken: dict[int, LineList]) -> int | None:
    heads = _label_heads(entry.label_path, entry.label_aliases)
    free = [(column, path) for column, path in paths.items() if column not in taken]
    found = [c for c, path in free if path in heads.paths]
    # the first row of the header may be left out: 支出用途-项目名称 without 支出
    found = found or [c for c, path in free if path in heads.tails]
    found = found or [c for c, path in free if len(path) == 1 and path[0] in heads.joined]
    # 项目 alone names several lists: the side above it tells whose
    found = found or [c for c, path in free if path[-1] in heads.words and (len(path) == 1 or path[0] in heads.sides)]
    return found[0] if found else None


@lru_cache(maxsize=2_000)
def match_header(header: tuple[tuple[int, HeaderPath], ...]) -> tuple[Match, ...]:
    """All templates, best first, that a header (columns with their paths) may belong to.

    Offices fill in the same official headers, so a batch of documents asks for few different ones.
    """
    split = _split_years(_spelt_paths(header))
    if not split.own:
        return ()
    matches = [
        _match_lists(form, split) if form.lists else _match_columns(form, split, _POOREST_MATCH)
        for form in FORMS.values()
        if form.has_table
    ]
    return tuple(sorted((m for m in matches if m.score >= _POOREST_MATCH), key=lambda m: -m.score))


def match_columns(form: Form, labels: dict[int, HeaderPath]) -> Match:
    """The columns of one template in a header that is known to be its."""
    split = _split_years(_spelt_paths(labels.items()))
    return _match_lists(form, split) if form.lists else _match_columns(form, split)


# ---------------------------------------------------------------------------- rows of headers


@lru_cache(maxsize=50_000)
def _header_role(text: str) -> str | None:
    """What a cell can be in a header: a known word, a year, a figure or any other text; None if it stands in none."""
    if len(text) > _LONGEST_HEADER:
        return None
    shown = figure(text)
    if shown is not None and shown.decimals:
        return None
    folded = _spelling(without_money_unit(fold(text)))
    if folded in _header_words() or _without_year(folded) in _header_words():
        return "word"
    if shown is None:
        return "year" if _BARE_YEAR.fullmatch(folded) else "other"
    return "figure"


def is_code_part(text: str) -> bool:
    """Whether a cell says 类, 款 or 项, of which codes consist."""
    return fold(text) in _PARTS


def is_header_word(text: str) -> bool:
    """Whether a cell says a word of the header of some form."""
    return _header_role(text) == "word"


def is_header_row(row: Row) -> bool:
    """A row may belong to a header if it prints no figure with decimals, no 合计 row and header words, no fewer than
    other cells."""
    if not row.in_table:
        return False
    words = figures = years = 0
    for cell in reversed(row.cells):  # the figures of a body stand on the right
        role = _header_role(cell.text)
        if role is None:
            return False
        words += role == "word"
        figures += role == "figure"
        years += role == "year"
    words += years if years > 1 else 0  # one alone is a date
    if figures and (is_total(row.cells[0].text) or words == 1):
        return False
    return words >= max(1, (len(row.cells) + 1) // 2) and not is_numbering(row)


_NUMBERING = frozenset({"栏次", "行次"})
_SUM = re.compile(r"=[\d+()-]+$")  # 1=2+3
_BEGINS_NUMBERING = _NUMBERING | {"类", "1"}


def is_numbering(row: Row) -> bool:
    """Whether a row numbers the columns above it: 栏次 | 1 | 2 | 3, or the numbers alone."""
    if not _begins_numbering(row.cells[0].text):
        return False
    texts = [_SUM.sub("", fold(cell.text)) for cell in row.cells]
    numbers = [text for text in texts if text not in _NUMBERING and text not in _PARTS]
    said = len(numbers) < len(texts) and not _NUMBERING.isdisjoint(texts)
    counted = [str(number) for number in range(1, len(numbers) + 1)]
    return numbers == counted and (said or len(numbers) > 2)


@lru_cache(maxsize=50_000)
def _begins_numbering(text: str) -> bool:
    return _SUM.sub("", fold(text)) in _BEGINS_NUMBERING


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
