"""The language for declarations of official forms (报表).

A form is declared once: its titles, its rows, the header paths of its columns or its fixed lines, and for each figure a
:class:`Where`, the ledger lines that it adds up. Recognition, the keys of filed cells, the equations of the ledger, the
rules and report views in SQL, Chinese labels and comments are all derived from these declarations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache, lru_cache


class Statement(StrEnum):
    """The additive statements of the ledger. Figures of two statements are never added up."""

    EXPENDITURE = "expenditure"  # 支出
    REVENUE = "revenue"  # 收入
    CARRY_OVER = "carry_over"  # 结转结余
    THREE_PUBLIC = "three_public"  # “三公”经费
    SPECIAL_FUND = "special_fund"  # 专项资金
    PROCUREMENT = "procurement"  # 政府采购
    OPERATING_COST = "operating_cost"  # 机关运行经费: a part of basic spending, never added to it


class Stage(StrEnum):
    """The budget of a year to which a disclosure belongs."""

    BUDGET = "budget"  # 年初预算
    ADJUSTED = "adjusted"  # 预算调整
    FINAL = "final"  # 决算


class Coordinate(StrEnum):
    """The coordinates of a ledger line, besides its statement."""

    UNIT = "unit"  # 预算单位
    FUND = "fund"  # 资金性质
    NATURE = "nature"  # 支出性质
    FUNCTIONAL = "functional"  # 支出功能分类
    DEPARTMENT_ECONOMIC = "department_economic"  # 部门预算支出经济分类
    GOVERNMENT_ECONOMIC = "government_economic"  # 政府预算支出经济分类
    ITEM = "item"  # revenue line, 三公 item, 预算编制方式
    PROJECT = "project"  # 项目


Prefixes = tuple[str, ...]

GRAND_TOTAL = "grand_total"  # the id of the lines 收入总计 and 支出总计, in any list; they balance each other


@dataclass(frozen=True, slots=True)
class Where:
    """A selection of ledger lines: for each coordinate a tuple of code prefixes, ``()`` for any code.

    The prefix ``""`` selects lines without a code on that coordinate.
    """

    statement: tuple[Statement, ...] = ()
    unit: Prefixes = ()
    fund: Prefixes = ()
    nature: Prefixes = ()
    functional: Prefixes = ()
    department_economic: Prefixes = ()
    government_economic: Prefixes = ()
    item: Prefixes = ()
    project: Prefixes = ()

    def coordinates(self) -> tuple[tuple[str, ...], ...]:
        """The prefixes in the order of the fields."""
        return tuple(getattr(self, entry.name) for entry in fields(self))

    def on(self, coordinate: Coordinate) -> Prefixes:
        """The prefixes on one coordinate."""
        prefixes: Prefixes = getattr(self, coordinate.value)
        return prefixes

    @property
    def restricted(self) -> frozenset[Coordinate]:
        """The coordinates with a restriction."""
        return frozenset(c for c in Coordinate if self.on(c))

    def meet(self, other: Where) -> Where:
        """The lines that are in both selections. ValueError if no line can be in both."""
        return Where(*(_meet(a, b) for a, b in zip(self.coordinates(), other.coordinates(), strict=True)))  # type: ignore[arg-type]


def _meet(one: Prefixes, other: Prefixes) -> Prefixes:
    if not one or not other:
        return one or other
    found = [max(a, b, key=len) for a in one for b in other if a == b or (a and b and _is_within(a, b))]
    if not found:
        raise ValueError(f"no code begins with one of {one} and one of {other}")
    return tuple(dict.fromkeys(found))


def _is_within(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


# ---------------------------------------------------------------------------- rows


@dataclass(frozen=True, slots=True)
class Level:
    """One level of rows: a coordinate, with the first ``digits`` of its code or, if None, the whole code."""

    name: str
    coordinate: Coordinate
    digits: int | None


LEVELS: dict[Coordinate, tuple[Level, ...]] = {
    Coordinate.UNIT: (
        Level("department", Coordinate.UNIT, 3),  # 部门
        Level("unit", Coordinate.UNIT, None),  # 单位
    ),
    Coordinate.FUNCTIONAL: (
        Level("class", Coordinate.FUNCTIONAL, 3),  # 类
        Level("group", Coordinate.FUNCTIONAL, 5),  # 款
        Level("item", Coordinate.FUNCTIONAL, 7),  # 项
    ),
    Coordinate.DEPARTMENT_ECONOMIC: (
        Level("class", Coordinate.DEPARTMENT_ECONOMIC, 3),
        Level("item", Coordinate.DEPARTMENT_ECONOMIC, 5),
    ),
    Coordinate.GOVERNMENT_ECONOMIC: (
        Level("class", Coordinate.GOVERNMENT_ECONOMIC, 3),
        Level("item", Coordinate.GOVERNMENT_ECONOMIC, 5),
    ),
    Coordinate.ITEM: (Level("item", Coordinate.ITEM, None),),
    Coordinate.PROJECT: (Level("project", Coordinate.PROJECT, None),),
}


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: cached by identity, thousands of lookups for each document
class Rows:
    """The rows of a form: one for the total (合计), and beneath it the levels of each coordinate in turn.

    The key of a row is the codes of its coordinates joined by slashes, or ``total``.

    * ``unprinted``: levels that the official form leaves out, such as 类 and 款 if only 项 are printed.
    * ``total``: the key of the total row, None if there is none; ``total_label`` its label; ``total_is_last`` if it is
      the last row.
    * ``details``: column of money → column of role MEMO for the figures of rows beneath the last level. These rows have
      texts instead of codes (the projects and goods of 政府采购), and their keys end with the texts.
    * ``priors``: labels of rows with figures of another stage (预算数 above 决算数). They are kept apart, like columns
      of role PRIOR. So are rows with such a label, or with ``total_label``, and an earlier year. Beside such rows, the
      total row must be called ``total_label``, with or without this year.
    """

    by: tuple[Coordinate, ...] = ()
    unprinted: tuple[str, ...] = ()
    total: str | None = "total"
    total_label: str = "合计"
    total_is_last: bool = False
    details: tuple[tuple[str, str], ...] = ()
    priors: tuple[tuple[str, Prior], ...] = ()

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels beneath the total. The number of a level, counted from 1, is the ``row_level`` of its rows."""
        return tuple(level for coordinate in self.by for level in LEVELS[coordinate])

    def __contains__(self, coordinate: Coordinate) -> bool:
        return coordinate in self.by

    def keys(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Keys of the rows for these codes (one for each coordinate), from the coarsest to the finest."""
        return _row_keys(self, codes)

    def above(self, key: str) -> tuple[str, ...]:
        """Keys of the rows that contain a row, the nearest first."""
        return _rows_above(self, key)

    @property
    def subject(self) -> Coordinate | None:
        """The first coordinate of the rows beside the unit. None if the rows are only units, or there is only the
        total."""
        return next((coordinate for coordinate in self.by if coordinate is not Coordinate.UNIT), None)

    @property
    def unprinted_levels(self) -> tuple[int, ...]:
        """The numbers of the levels that the official form leaves out."""
        return tuple(number for number, level in enumerate(self.levels, start=1) if level.name in self.unprinted)


# behind the name of a project: the number of a further row of its unit
_FURTHER_ROW = re.compile(r"#\d+$")


def first_row_of_project(name: str) -> str:
    """The key of the first row of a project: its name. If this ends with a number itself (水泵#2), a wide ＃ stands
    there, because #2 marks a further row."""
    return _FURTHER_ROW.sub(lambda found: f"＃{found[0][1:]}", name)


def project_of_row(name: str) -> str:
    """The name of a project, whichever of its rows is named: 会议经费 of 会议经费#2."""
    return _FURTHER_ROW.sub("", name)


@lru_cache(maxsize=100_000)
def _row_keys(rows: Rows, codes: tuple[str, ...]) -> tuple[str, ...]:
    keys = [rows.total] if rows.total is not None else []
    parent = ""
    for coordinate, code in zip(rows.by, codes, strict=False):
        if rows.by == (Coordinate.PROJECT,):  # a sheet: it is of all rows of its project
            code = project_of_row(code)
        if not code:
            break
        for level in LEVELS[coordinate]:
            if level.digits is None:
                key = f"{parent}{code}"
            elif len(code) >= level.digits:
                key = f"{parent}{code[: level.digits]}"
            else:
                continue
            if key not in keys:
                keys.append(key)
        parent = f"{parent}{code}/"
    return tuple(keys)


@lru_cache(maxsize=100_000)
def _rows_above(rows: Rows, key: str) -> tuple[str, ...]:
    if key == rows.total:
        return ()
    codes = tuple(key.split("/", max(0, len(rows.by) - 1)))
    return tuple(held for held in reversed(_row_keys(rows, codes)) if held != key)


# ---------------------------------------------------------------------------- columns and lines


class Role(StrEnum):
    """The content of a column. Only MONEY is part of the ledger."""

    CODE = "code"  # 编码
    NAME = "name"  # 名称
    MONEY = "money"
    MEMO = "memo"  # an "of which" without a coordinate (其中：政府采购): stored, compared only within its form
    PRIOR = "prior"  # a figure of another year or stage: kept apart, never in this ledger
    RATE = "rate"  # a per cent
    ORDINAL = "ordinal"  # 行次
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Code:
    """The meaning of the codes of a column: codes of one of some coordinates, or one part of a code (类, 款 or 项)."""

    of: tuple[Coordinate, ...]
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Prior:
    """The year and stage of a column of role PRIOR. ``years_back`` counts from the year of the disclosure."""

    years_back: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form. Its id is the column's name in the report view and the ``column_key`` of its cells.

    ``path`` is the header from the top down as the official form prints it; ``aliases`` are other full paths. ``parts``
    are the columns printed directly beneath a total; a column without parts is a leaf. ``code`` is the meaning of a
    column of codes or names. ``prior`` is the year and stage of a column of role PRIOR.
    """

    id: str
    path: tuple[str, ...]
    role: Role = Role.MONEY
    where: Where = Where()
    parts: tuple[str, ...] = ()
    aliases: tuple[tuple[str, ...], ...] = ()
    optional: bool = False
    code: Code | None = None
    prior: Prior | None = None

    @property
    def label(self) -> str:
        """The header path as one Chinese label."""
        return "-".join(self.path)


@dataclass(frozen=True, slots=True)
class Line:
    """A fixed line of a list. Its id is the ``row_key`` of its cells."""

    id: str
    label: str
    where: Where
    level: int = 1
    parts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class LineList:
    """One of the lists that stand side by side: labels, and one or more columns of amounts.

    A cell adds up the lines that both its line and its column select. If a list has one column, both have the same id.
    Some places leave out an ``optional`` list. A document without it is recognised, and gets a finding.

    ``memos``: rows that say of a line what the ledger does not hold (其中：…): label, id of the line, and id of the
    amount of role MEMO under which their figures are kept.
    """

    id: str
    label_path: tuple[str, ...]
    amounts: tuple[Column, ...]
    lines: tuple[Line, ...]
    label_aliases: tuple[tuple[str, ...], ...] = ()
    optional: bool = False
    memos: tuple[tuple[str, str, str], ...] = ()

    @property
    def label(self) -> str:
        """The header path of its labels as one label."""
        return "-".join(self.label_path)

    def amount_label(self, amount: Column) -> str:
        """The label of a column of amounts. Its own path (支出-预算数) may be the same in several lists of a form.

        项目 over the names of the lines is no part of it: 支出-项目-人员经费 reads as if it were of 项目支出.
        """
        over = self.label_path[:-1] if self.label_path[1:] and self.label_path[-1] == "项目" else self.label_path
        return "-".join((*over, amount.path[-1]))

    def line(self, line_id: str) -> Line:
        """The line with this id; StopIteration if the list has none."""
        return next(line for line in self.lines if line.id == line_id)


class Sheet(StrEnum):
    """Forms with labelled fields and indicators (绩效目标) instead of a table, by the owner of the goals."""

    PROJECT = "project"
    DEPARTMENT = "department"


# ---------------------------------------------------------------------------- forms and sets


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One official form. ``where`` holds for every figure of it.

    * ``form_id``: unique over all sets; the name of the form's report view.
    * ``report_no``: the number of the form among the 23 of Hunan, None for other forms.
    * ``rows``, ``lists``: a form has one of them. For a sheet, ``rows`` gives the keys of its figures.
    * ``sums``: rows with labels that add up some rows of codes (人员经费合计).
    * ``optional``: the form belongs to variants of the set, so a document without it does not lack it.
    * ``variant_of``: the id of a form that this optional form replaces under the same title. The other is not missing
      then.
    * ``needs_title``: many tables in the prose have the same header and lines, so the form is recognised only by a
      title.

    A form without columns and lists is known by its titles alone. Its cells are stored without a meaning.
    """

    form_id: str
    title: str
    short_title: str
    where: Where = Where()
    report_no: int | None = None
    aliases: tuple[str, ...] = ()
    rows: Rows | None = None
    columns: tuple[Column, ...] = ()
    lists: tuple[LineList, ...] = ()
    sums: tuple[Line, ...] = ()
    sheet: Sheet | None = None
    optional: bool = False
    variant_of: str | None = None
    needs_title: bool = False
    _column: dict[str, Column] = field(default_factory=dict, init=False, compare=False, repr=False)
    # cache: the ledger asks a thousand times for each document
    _selection: dict[tuple[str, str | None], Where] = field(default_factory=dict, init=False, compare=False, repr=False)

    def column(self, column_id: str) -> Column:
        """The column with this id, also a column of amounts of a list. KeyError if the form has none."""
        if not self._column:
            self._column.update((column.id, column) for column in self.columns)
            self._column.update((amount.id, amount) for entry in self.lists for amount in entry.amounts)
        return self._column[column_id]

    @property
    def named(self) -> str:
        """How Chinese messages name the form: by its number among the 23 of Hunan, else by its title."""
        return f"表{self.report_no}" if self.report_no is not None else f"《{self.title}》"

    @property
    def is_kept_only(self) -> bool:
        """Whether only the titles of the form are known."""
        return not self.columns and not self.lists

    @property
    def has_table(self) -> bool:
        """Whether the form is a table with a header, not a sheet of fields."""
        return self.sheet is None

    def is_by(self, coordinate: Coordinate) -> bool:
        """Whether this is a coordinate of the form's rows."""
        return self.rows is not None and coordinate in self.rows.by

    @property
    def money_columns(self) -> tuple[Column, ...]:
        """The columns with money of the ledger, in official order."""
        return _money_columns(self)

    def selection(self, column: Column, line: Line | None = None) -> Where:
        """The ledger lines that a figure of this column adds up, or of this line in a column of a list."""
        key = (column.id, line.id if line is not None else None)
        found = self._selection.get(key)
        if found is None:
            found = self.where.meet(column.where)
            self._selection[key] = found = found.meet(line.where) if line is not None else found
        return found

    def selections(self) -> tuple[tuple[Line | None, Column, Where], ...]:
        """Every declared selection with its line (None for rows of codes) and its column."""
        return _selections(self)


@cache  # called a thousand times for each document
def _money_columns(form: Form) -> tuple[Column, ...]:
    return tuple(column for column in form.columns if column.role is Role.MONEY)


@cache
def _selections(form: Form) -> tuple[tuple[Line | None, Column, Where], ...]:
    found: list[tuple[Line | None, Column, Where]] = []
    for column in form.money_columns:
        found.append((None, column, form.selection(column)))
        found += [(line, column, form.selection(column, line)) for line in form.sums]
    for entry in form.lists:
        amounts = [amount for amount in entry.amounts if amount.role is Role.MONEY]
        found += [(line, amount, form.selection(amount, line)) for line in entry.lines for amount in amounts]
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class TemplateSet:
    """The forms of a place, a span of years and a stage.

    ``divisions`` are prefixes of division codes, ``()`` for all. ``finest_first`` lists forms from the most detailed
    cells on: the source of a ledger line is a cell of the first such form. ``carried_keeps_fund``: money carried over
    keeps its fund when it is spent, as in final accounts. In budgets it becomes a fund of its own (上年结转).
    """

    id: str
    title: str
    divisions: tuple[str, ...]
    years: range
    stage: Stage
    forms: tuple[Form, ...]
    finest_first: tuple[str, ...]
    carried_keeps_fund: bool = False
