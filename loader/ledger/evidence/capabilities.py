"""What a form can show about expenditure, derived from its declaration. The ledger asks for such an ability, never for
the number of a form.

Examples: forms that split fund 11 by nature; forms that split the basic wages of fund 11 by item; forms with lines that
declare revenue of a fund. Each follows from the selections of the form's columns and lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from schema.forms.classes import PUBLIC
from schema.forms.template import Column, Coordinate, Form, Statement, TemplateSet, Where

NATURES = ("basic", "project", "operating", "remitted", "subsidy", "reserve")
GOODS = "302"
# the class of 公用经费 beside goods and services; stands for the others if only their sum is known
CAPITAL = "310"


@dataclass(frozen=True, slots=True, eq=False)
class Abilities:
    """What one form can show about expenditure.

    ``fund``, ``nature`` and ``economic_class`` are codes that hold for the whole form (() or "" for any). The others
    contain ids of columns:

    * ``total``: selects nothing further.
    * ``by_nature``: nature → its columns, the one with the whole nature first; ``nature_totals`` names that one.
    * ``classes``: nature → columns of department-economic codes; ``items``: the same in a form of one nature.
    * ``governments``: columns of government-economic codes.
    """

    form: Form
    is_expenditure: bool
    fund: tuple[str, ...]
    nature: str
    economic_class: str
    total: str | None
    by_nature: dict[str, tuple[str, ...]]
    nature_totals: dict[str, str]
    classes: dict[str, tuple[tuple[str, tuple[str, ...]], ...]]
    items: tuple[tuple[str, str], ...]
    governments: tuple[tuple[str, str], ...]

    @property
    def is_by_function(self) -> bool:
        """Whether the rows of the form are functions."""
        return self.is_expenditure and self.form.is_by(Coordinate.FUNCTIONAL)

    @property
    def is_complete(self) -> bool:
        """Whether the form shows expenditure of every fund, nature and class."""
        return self.is_expenditure and not (self.fund or self.nature or self.economic_class)

    @property
    def is_of_fund(self) -> bool:
        """Whether the form shows all expenditure of some funds, and nothing else."""
        return self.is_expenditure and bool(self.fund) and not (self.nature or self.economic_class)

    def shows_fund(self, fund: str) -> bool:
        """Whether the form shows expenditure of this fund, alone or with other funds."""
        return self.is_expenditure and (not self.fund or fund.startswith(self.fund))

    def shows_fund_alone(self, fund: str) -> bool:
        """Whether the form shows exactly this fund."""
        return self.is_expenditure and self.fund == (fund,)


@cache
def _spending(form: Form) -> tuple[Where, tuple[Column, ...]]:
    """The selection of all expenditure of a form, and its columns of expenditure.

    Some forms show the expenditure of a fund beside its revenue and the money left. Then the selection is what their
    columns of expenditure have in common.
    """
    columns = form.money_columns
    if form.where.statement:
        return form.where, columns
    spent = tuple(c for c in columns if form.selection(c).statement == (Statement.EXPENDITURE,))
    funds = {column.where.fund for column in spent}
    if len(funds) != 1 or funds == {()}:
        return form.where, columns
    return Where((Statement.EXPENDITURE,), fund=funds.pop()), spent


def _further_restricted(form: Form, column: Column) -> frozenset[Coordinate]:
    """The coordinates that a column restricts beyond the restrictions on all expenditure of its form."""
    return column.where.restricted - {Coordinate.ITEM} - _spending(form)[0].restricted


@cache
def abilities_of(form: Form) -> Abilities:
    """The abilities of a form."""
    where, columns = _spending(form)
    is_expenditure = where.statement == (Statement.EXPENDITURE,)
    nature = where.nature[0] if len(where.nature) == 1 else ""
    by_nature: dict[str, list[Column]] = {}
    classes: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    items: list[tuple[str, str]] = []
    governments: list[tuple[str, str]] = []
    for column in columns if is_expenditure else ():
        own = column.where
        if len(own.nature) == 1:
            by_nature.setdefault(own.nature[0], []).append(column)
            if own.department_economic and not column.parts:
                classes.setdefault(own.nature[0], []).append((column.id, own.department_economic))
        elif own.department_economic and not column.parts and nature:
            classes.setdefault(nature, []).append((column.id, own.department_economic))
            if len(own.department_economic) == 1:
                items.append((column.id, own.department_economic[0]))
        if len(own.government_economic) == 1 and not column.parts:
            governments.append((column.id, own.government_economic[0]))
    for found in by_nature.values():
        found.sort(key=lambda column: len(column.where.restricted))
    return Abilities(
        form,
        is_expenditure,
        where.fund,
        nature,
        where.department_economic[0] if len(where.department_economic) == 1 else "",
        next((column.id for column in columns if column.where.restricted <= where.restricted), None),
        {code: tuple(column.id for column in found) for code, found in by_nature.items()},
        {
            code: found[0].id
            for code, found in by_nature.items()
            if _further_restricted(form, found[0]) == {Coordinate.NATURE}
        },
        # certain classes come before those printed together (人员经费); 公用经费 is last, because it may be several
        {
            code: tuple(sorted(found, key=lambda entry: (entry[1] == PUBLIC, len(entry[1]))))
            for code, found in classes.items()
        },
        tuple(items),
        tuple(governments),
    )


def representatives(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The codes that a column of department-economic classes may stand for. 公用经费 stands for goods or capital."""
    if GOODS not in codes:
        return codes
    return tuple(code for code in codes if code in (GOODS, CAPITAL) or code not in PUBLIC)


@cache
def statements_of(form: Form) -> frozenset[Statement]:
    """The statements to which the figures of a form belong."""
    return frozenset(statement for _, _, where in form.selections() for statement in where.statement)


@cache
def own_forms(entry: TemplateSet) -> dict[str, Form]:
    """Fund → the first form of the set that shows its expenditure by function and nature."""
    found: dict[str, Form] = {}
    for form in entry.forms:
        able = abilities_of(form)
        if able.is_by_function and able.is_of_fund and len(able.fund) == 1 and not able.governments:
            found.setdefault(able.fund[0], form)
    return found


@cache
def overall_cells(entry: TemplateSet) -> dict[Where, tuple[tuple[str, tuple[str, str]], ...]]:
    """Selection → the cells (form_id, key) that print it for a disclosure as a whole, in the order of the forms.

    These are the fixed lines of lists, and the first row of forms with a row per unit or with one row only.
    """
    found: dict[Where, list[tuple[str, tuple[str, str]]]] = {}
    for form in entry.forms:
        if form.rows is not None and form.rows.by not in ((), (Coordinate.UNIT,)):
            continue
        for line, column, where in form.selections():
            row = line.id if line is not None else form.rows.total if form.rows is not None else None
            if row is not None:
                found.setdefault(where, []).append((form.form_id, (row, column.id)))
    return {where: tuple(cells) for where, cells in found.items()}
