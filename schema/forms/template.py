"""What a form template is made of.

A template declares one official form (报表) once: its titles, the header paths of its columns, its fixed
lines, and for each of them a :class:`Where`: the ledger lines that it adds up. Recognition, the keys of filed
cells, the Chinese labels and comments and the equations of the ledger all read these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Statement(StrEnum):
    """The additive statements of the ledger; figures of two statements are never added up."""

    EXPENDITURE = "expenditure"  # 支出
    REVENUE = "revenue"  # 收入
    CARRY_OVER = "carry_over"  # 结转结余
    THREE_PUBLIC = "three_public"  # “三公”经费
    SPECIAL_FUND = "special_fund"  # 专项资金


class Layout(StrEnum):
    """How the rows of a form are laid out."""

    LISTS = "lists"  # fixed lines in lists side by side (forms 1 and 6)
    FUNCTIONS = "functions"  # 合计 → department → unit → 类 → 款 → 项
    UNITS = "units"  # 合计 → department → unit
    ECONOMIC = "economic"  # department-economic 类 → 款 (form 8)
    SPECIAL_FUNDS = "special_funds"  # 合计 → department → unit → project (form 21)
    PROJECT_SHEET = "project_sheet"  # labelled fields and indicators of one project (form 22)
    DEPARTMENT_SHEET = "department_sheet"  # the same for a whole department (form 23)


Prefixes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """A selection of ledger lines: on each coordinate a tuple of code prefixes, ``()`` for any code.

    The prefix ``""`` selects the lines that have no code on that coordinate.
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
        """The selections in the order of the fields."""
        return (
            self.statement,
            self.unit,
            self.fund,
            self.nature,
            self.functional,
            self.department_economic,
            self.government_economic,
            self.item,
            self.project,
        )


class Role(StrEnum):
    """What a column holds."""

    CODE = "code"
    NAME = "name"
    MONEY = "money"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form: its id is the column's name in the report view and the ``column_key`` of its cells.

    ``path`` is the header from the top down as the official form prints it; ``aliases`` are other full paths.
    ``parts`` names the columns printed directly beneath a total; a column without parts is a leaf.
    """

    id: str
    path: tuple[str, ...]
    role: Role = Role.MONEY
    where: Where = Where()
    parts: tuple[str, ...] = ()
    aliases: tuple[tuple[str, ...], ...] = ()
    optional: bool = False

    @property
    def label(self) -> str:
        """The header path as one Chinese label, without an innermost 合计 or 小计 repeated for its parent."""
        return "-".join(self.path)


@dataclass(frozen=True, slots=True)
class Line:
    """A fixed line of a list (forms 1 and 6); its id is the ``row_key`` of its cells."""

    id: str
    label: str
    where: Where
    level: int = 1
    parts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class LineList:
    """One of the lists that stand side by side; its id is the ``column_key`` of its cells."""

    id: str
    label_path: tuple[str, ...]
    amount_path: tuple[str, ...]
    lines: tuple[Line, ...]
    label_aliases: tuple[tuple[str, ...], ...] = ()

    @property
    def label(self) -> str:
        """The header path of its labels as one label."""
        return "-".join(self.label_path)

    @property
    def amount_label(self) -> str:
        """The same for its amounts; their own header path (支出-预算数) does not tell the lists of form 1 apart."""
        return f"{self.label}-{self.amount_path[-1]}"


@dataclass(frozen=True, slots=True)
class Form:
    """One official form. ``where`` holds for every cell of it."""

    no: int
    title: str
    short_title: str
    layout: Layout
    where: Where = Where()
    aliases: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    lists: tuple[LineList, ...] = ()
    leaf_only: bool = False  # 9–14 print the 项 without their 类 and 款
    _column: dict[str, Column] = field(default_factory=dict, compare=False, repr=False)

    def column(self, column_id: str) -> Column:
        """The column with this id; KeyError where the form has none."""
        if not self._column:
            self._column.update((column.id, column) for column in self.columns)
        return self._column[column_id]

    def statements(self, where: Where) -> tuple[Statement, ...]:
        """The statements that a column or line of this form, with this selection of its own, adds up."""
        return where.statement or self.where.statement

    @property
    def money_columns(self) -> tuple[Column, ...]:
        """The columns that hold money, in official order."""
        return tuple(column for column in self.columns if column.role is Role.MONEY)
