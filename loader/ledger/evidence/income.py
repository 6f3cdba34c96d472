"""The income of a disclosure: revenue and money carried over, as its forms show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, cached_property

from loader.ledger.evidence.evidence import Evidence, FormEvidence
from loader.ledger.evidence.projection import Coordinates
from schema.forms.template import Coordinate, Form, Statement, Where

REVENUE = (Statement.REVENUE,)
CARRY_OVER = (Statement.CARRY_OVER,)
OPENING = Where(CARRY_OVER, item=("opening",))
CLOSING = Where(CARRY_OVER, item=("closing",))
SURPLUS_USED = Where(CARRY_OVER, item=("surplus_used",))

CARRIED = "18"  # what is left of a fund from last year
_CARRIED = ("181", "182", "183", "184", "1892", "1893")
_CARRIED_APPROPRIATION = "180"  # carried over from appropriations, if no form shows of which fund
_CARRIED_OTHER = "189"


def carried_over(fund: str) -> str:
    """The code of what is left of a fund from last year: 11 → 181, 31 → 1893."""
    return CARRIED + fund[1] if fund.startswith("1") else _CARRIED_OTHER + fund[0]


def _is_by_unit_alone(form: Form) -> bool:
    return form.is_by(Coordinate.UNIT) and not form.is_by(Coordinate.FUNCTIONAL)


class Income:
    """The revenue and the money carried over of one disclosure, and the possible lines of both."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    # ------------------------------------------------------------------ which forms are filed

    @cached_property
    def by_unit(self) -> FormEvidence | None:
        """The filed form of revenue with a row per unit alone."""
        forms = self.evidence.forms.values()
        return next((f for f in forms if _is_by_unit_alone(f.form) and _revenue_columns(f.form)), None)

    @cached_property
    def _by_function(self) -> FormEvidence | None:
        """The filed form of revenue with a row per functional subject, perhaps of each unit."""
        found = (f for f in self.evidence.forms.values() if f.form.is_by(Coordinate.FUNCTIONAL))
        return next((f for f in found if column_of(f.form, Where(REVENUE)) and _revenue_columns(f.form)), None)

    @cached_property
    def _of_one_source(self) -> dict[str, tuple[FormEvidence, str]]:
        """Source of revenue → the first filed form by function with this source alone, and its column."""
        found: dict[str, tuple[FormEvidence, str]] = {}
        for form in self.evidence.forms.values():
            if form.form.is_by(Coordinate.FUNCTIONAL) and column_of(form.form, Where(REVENUE)) is None:
                for column, codes in _revenue_columns(form.form):
                    if column in form.columns and len(codes) == 1:
                        found.setdefault(codes[0], (form, column))
        return found

    @cached_property
    def _by_rows(self) -> FormEvidence | None:
        """The form that shows revenue row by row: by unit, else by function. None if no rows of it are known."""
        return next((form for form in (self.by_unit, self._by_function) if form and form.own_rows), None)

    @cached_property
    def lists(self) -> list[FormEvidence]:
        """The filed forms with fixed lines of revenue."""
        return [form for form in self.evidence.forms.values() if _revenue_lines(form.form)]

    @cached_property
    def whole(self) -> list[FormEvidence]:
        """The filed forms that show revenue of every fund."""
        lists = [form for form in self.lists if has_all_revenue(form.form)]
        return lists + ([self.by_unit] if self.by_unit else [])

    # ------------------------------------------------------------------ which funds there are

    @cached_property
    def opening_funds(self) -> tuple[str, ...]:
        """The funds that spend money carried over from last year, where it does not keep the fund that it came from."""
        if not self._keeps_fund:
            return tuple(fund for _, fund in self._openings)
        return (_CARRIED_OTHER,) if self._has_only_other_carried() else ()

    def _has_only_other_carried(self) -> bool:
        """Whether other money than appropriations was carried over or is left, and none received this year that it may
        be of."""
        if any(not code.startswith("1") for code in self._revenue_codes()):
            return False
        return any(
            at.item == "surplus_used" or at.fund == _CARRIED_OTHER  # left at the end of the year, it came from before
            for at in self._carried_with_fund()
        )

    @cached_property
    def _openings(self) -> list[tuple[int, str]]:
        """Pairs (amount in 分, fund) carried over from last year, by fund as far as the lists of appropriations show
        it."""
        total = self.evidence.shown(OPENING)
        by_fund = {fund: self._carried_from(fund) for fund in _CARRIED}
        if all(amount is None for amount in by_fund.values()):
            return [(total, "18")] if total else []
        carried = [(amount or 0, fund) for fund, amount in by_fund.items()]
        shown = sum(amount for amount, _ in carried)
        if not shown and (of_appropriations := self._of_appropriations("opening")):
            carried.append((of_appropriations, _CARRIED_APPROPRIATION))
            shown = of_appropriations
        if total - shown and self.whole:
            carried.append((total - shown, _CARRIED_OTHER))
        return [(amount, fund) for amount, fund in carried if amount]

    def _carried_from(self, fund: str) -> int | None:
        """The amount (分) carried over of one fund. None if no form shows it."""
        where = Where(CARRY_OVER, fund=(fund,), item=("opening",))
        form = self._by_function
        column = column_of(form.form, where) if form is not None else None
        if form is None or column not in form.columns:
            return self.evidence.overall(where)
        return form.whole(column)

    def _of_appropriations(self, item: str) -> int | None:
        """The amount (分) that the lists of appropriations carry over, all their funds together. None if they are not
        filed."""
        for form in self.evidence.forms.values():
            for line, column, where in form.form.selections() if form.form.lists else ():
                if line is not None and where.statement == CARRY_OVER and where.item == (item,) and len(where.fund) > 1:
                    return form.at(line.id, column.id)
        return None

    def declares(self, unit: str, fund: str) -> bool | None:
        """Whether forms of revenue declare a fund for a unit. None if they do not show it."""
        form = self.by_unit
        if fund.startswith("18"):
            if form and unit in form.leaf_rows:
                column = column_of(form.form, OPENING)
                if column is not None and form.at(unit, column) == 0:
                    return False
            return fund in self.opening_funds
        if form and unit in form.leaf_rows:
            return bool(_revenue_of(form, unit, fund))
        lists = [entry for entry in self.lists if has_all_revenue(entry.form)]
        if lists:
            return fund in self._undivided_sources or any(_lists(entry, fund) for entry in lists)
        if form:
            return bool(_revenue_of(form, form.total_row, fund))
        return None

    def declarations(self, funds: Iterable[str]) -> list[tuple[str, str, int]]:
        """Triples (fund, unit or "", amount in 分): the revenue of some funds, and the money carried over.

        Empty if anything is carried into the next year, because only otherwise spending by fund equals revenue by fund.
        """
        if self.evidence.shown(CLOSING) or self._of_appropriations("closing"):
            return []
        if self._keeps_fund and next(self._carried_with_fund(), None) is not None:
            return []
        found: list[tuple[str, str, int]] = []
        form = self.by_unit
        lists = [entry for entry in self.lists if has_all_revenue(entry.form)]
        for fund in funds:
            if form:
                found += [(fund, unit, _revenue_of(form, unit, fund)) for unit in form.own_rows]
            elif lists and fund not in self._undivided_sources:
                found.append((fund, "", self.evidence.shown(Where(REVENUE, item=(fund,)))))
        found += [(fund, "", amount) for amount, fund in self._openings]
        return found

    @cached_property
    def _undivided_sources(self) -> frozenset[str]:
        """The sources without a line in any list that may be the rest of a sum of several sources.

        Such a sum (财政拨款收入, 其中：政府性基金) exceeds the lines beneath it. If its first and largest source
        (一般公共预算) has a line, the difference is a wrong figure and does not count.
        """
        listed = {
            code: form.at(line, column)
            for form in self.lists
            for line, column, code in _revenue_lines(form.form)
            if line in form.rows
        }
        found: set[str] = set()
        for form in self.lists:
            for line, column, codes in _sums_of_sources(form.form):
                if codes[0] not in listed and form.at(line, column) > sum(listed.get(code, 0) for code in codes):
                    found |= {code for code in codes if code not in listed}
        return frozenset(found)

    # ------------------------------------------------------------------ lines

    def revenue(self) -> Iterator[Coordinates]:
        """The possible revenue lines: by unit or function if such a form is filed, else for the filing unit as a
        whole."""
        codes = self._revenue_codes()
        form = self._by_rows
        if form is None:
            for code in codes:
                form_of_source, column = self._of_one_source.get(code, (None, ""))
                rows = (
                    [row for row in form_of_source.own_rows if form_of_source.at(row, column)]
                    if form_of_source is not None
                    else []
                )
                for row in rows or [""]:
                    yield Coordinates(Statement.REVENUE, self.evidence.home, code, functional=row, item=code)
            return
        leaves = [c for c in _revenue_columns(form.form) if not form.form.column(c[0]).parts and c[0] in form.columns]
        for row in form.own_rows:
            unit, functional = self._place_of(form, row)
            for code in codes:
                shown = [c for c, items in leaves if any(_is_within(code, item) for item in items)]
                if shown and not any(form.at(row, column) for column in shown):
                    continue
                for finest in self._finer_functions(row, code) or [functional]:
                    yield Coordinates(Statement.REVENUE, unit, code, functional=finest, item=code)

    def _place_of(self, form: FormEvidence, row: str) -> tuple[str, str]:
        """The unit and the function of a row of a form of revenue."""
        if not form.form.is_by(Coordinate.UNIT):
            return self.evidence.home, row
        unit, _, functional = row.partition("/")
        return unit, functional

    def _finer_functions(self, row: str, code: str) -> list[str]:
        """The functions beneath a row with money of a source, as far as a form of this source alone prints finer rows
        than the form of all revenue."""
        if code not in self._of_one_source:
            return []
        form, column = self._of_one_source[code]
        rows = form.form.rows
        assert rows is not None
        return [finer for finer in form.own_rows if row in rows.above(finer) and form.at(finer, column)]

    def _revenue_codes(self) -> list[str]:
        """The finest codes of revenue with money in any form."""
        found = set(self._undivided_sources)
        for form in self.lists:
            found |= {code for line, column, code in _revenue_lines(form.form) if form.at(line, column)}
        if by_rows := self._by_rows:
            single = {column: items[0] for column, items in _revenue_columns(by_rows.form) if len(items) == 1}
            paid = {column for (_, column), amount in by_rows.amounts.items() if amount}
            found |= {code for column, code in single.items() if column in paid}
            for column, items in _revenue_columns(by_rows.form):
                is_finest = not by_rows.form.column(column).parts
                if column in paid and is_finest and not any(_is_within(code, item) for code in found for item in items):
                    found |= {*items}
        else:
            found |= {code for code, (form, column) in self._of_one_source.items() if form.whole(column)}
        finest = {c for c in found if not any(o != c and o.startswith(c) for o in found)}
        return sorted(finest | self._undivided_revenue(found - finest))

    def _undivided_revenue(self, parents: set[str]) -> set[str]:
        """The codes of revenue that a list of appropriations splits only in part, because it prints only some
        sources."""
        if self.whole:
            return set()
        found: set[str] = set()
        for form in self.lists:
            for entry in form.form.lists:
                column = entry.amounts[0].id
                found |= {
                    line.id
                    for line in entry.lines
                    if line.id in parents
                    and form.at(line.id, column) != sum(form.at(part, column) for part in line.parts)
                }
        return found

    def carry_over(self) -> Iterator[Coordinates]:
        """The possible lines of 上年结转 and 年终结转结余."""
        if self._keeps_fund:
            yield from self._carried_with_fund()
            return
        if self.evidence.shown(SURPLUS_USED):
            yield Coordinates(Statement.CARRY_OVER, self.evidence.home, item="surplus_used")
        for _, fund in self._openings:
            for unit, functional in self._opening_places(fund) or [(self.evidence.home, "")]:
                yield Coordinates(Statement.CARRY_OVER, unit, fund, functional=functional, item="opening")
        closing = self.evidence.overall(CLOSING)
        fiscal = self._of_appropriations("closing")
        if fiscal is None:
            funds = ["18"] if closing else []
        else:
            rest = closing - fiscal if closing is not None else 0
            funds = [f for f, amount in ((_CARRIED_APPROPRIATION, fiscal), (_CARRIED_OTHER, rest)) if amount]
        for fund in funds:
            yield Coordinates(Statement.CARRY_OVER, self.evidence.home, fund, item="closing")

    def _opening_places(self, fund: str) -> list[tuple[str, str]]:
        """The places (unit, function) with money of a fund carried over, as far as the form of revenue shows them."""
        form = self._by_rows
        if form is None:
            return []
        exact = column_of(form.form, Where(CARRY_OVER, fund=(fund,), item=("opening",)))
        column = exact if exact in form.columns else column_of(form.form, OPENING)
        rows = [row for row in form.own_rows if form.at(row, column)] if column is not None else []
        return [self._place_of(form, row) for row in rows]

    def _carried_with_fund(self) -> Iterator[Coordinates]:
        """The possible lines of money that is carried over and keeps its fund: by function if a form shows it, else by
        fund."""
        home = self.evidence.home
        for item in ("surplus_used", "surplus_distributed"):
            if self.evidence.shown(Where(CARRY_OVER, item=(item,))):
                yield Coordinates(Statement.CARRY_OVER, home, item=item)
        for item in ("opening", "closing"):
            rest = self.evidence.shown(Where(CARRY_OVER, item=(item,)))
            known: set[str] = set()
            for form, column, fund in self._carried_columns(item):
                rows = [row for row in form.own_rows if form.at(row, column)]
                known |= {fund} if rows else set()
                rest -= sum(form.at(row, column) for row in rows)
                for row in rows:
                    yield Coordinates(Statement.CARRY_OVER, home, fund, functional=row, item=item)
            for fund, amount in self._carried_by_fund(item).items():
                if fund not in known and amount:
                    rest -= amount
                    yield Coordinates(Statement.CARRY_OVER, home, fund, item=item)
            if rest:
                fund = _CARRIED_OTHER if self._of_appropriations(item) is not None else "18"
                yield Coordinates(Statement.CARRY_OVER, home, fund, item=item)

    def _carried_columns(self, item: str) -> Iterator[tuple[FormEvidence, str, str]]:
        """Columns of filed forms by function with money of one fund carried over: form, column id, fund."""
        for form in self.evidence.forms.values():
            if form.form.is_by(Coordinate.FUNCTIONAL):
                for column in form.form.money_columns:
                    where = form.form.selection(column)
                    if where.statement == CARRY_OVER and where.item == (item,) and len(where.fund) == 1:
                        yield form, column.id, where.fund[0]

    def _carried_by_fund(self, item: str) -> dict[str, int]:
        """Fund → amount (分) that the lists carry over."""
        found: dict[str, int] = {}
        for form in self.evidence.forms.values():
            for line, column, where in form.form.selections() if form.form.lists else ():
                funds = [fund for fund in _CARRIED if where.fund and fund.startswith(where.fund)]
                if line is not None and where.statement == CARRY_OVER and where.item == (item,) and len(funds) == 1:
                    found.setdefault(funds[0], form.at(line.id, column.id))
        return found

    @cached_property
    def _keeps_fund(self) -> bool:
        """Whether money keeps its fund in these sets of forms when it is carried over and spent."""
        return any(entry.carried_keeps_fund for entry in self.evidence.sets)


def _lists(form: FormEvidence, fund: str) -> bool:
    """Whether lines of a list show revenue of a fund: of it or a part of it, or a sum that exceeds its lines."""
    amounts = {code: form.at(line, column) for line, column, code in _revenue_lines(form.form)}
    for code, amount in amounts.items():
        if code.startswith(fund) and amount:
            return True
        if fund.startswith(code) and amount > sum(a for c, a in amounts.items() if _is_part(c, code, amounts)):
            return True
    return False


def _is_part(code: str, whole: str, codes: Iterable[str]) -> bool:
    """Whether no other code lies between a code and the longer one."""
    return code != whole and code.startswith(whole) and not any(_lies_between(whole, c, code) for c in codes)


def _lies_between(whole: str, between: str, code: str) -> bool:
    return between not in (whole, code) and between.startswith(whole) and code.startswith(between)


def _is_within(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _codes(items: Iterable[str]) -> tuple[str, ...]:
    """The items that are codes of revenue. Items of money carried over are not numbers."""
    return tuple(item for item in items if item.isdigit())


@cache
def _revenue_columns(form: Form) -> list[tuple[str, tuple[str, ...]]]:
    """The columns of revenue by source: column id, codes."""
    return [
        (column.id, codes)
        for column in form.money_columns
        if Statement.REVENUE in form.selection(column).statement and (codes := _codes(column.where.item))
    ]


@cache
def _revenue_lines(form: Form) -> list[tuple[str, str, str]]:
    """The fixed lines of revenue of one source: line id, column id, code."""
    return [
        (line.id, amount.id, codes[0])
        for entry in form.lists
        for line in entry.lines
        if line.where.statement == REVENUE and len(codes := _codes(line.where.item)) == 1
        for amount in entry.amounts[:1]
    ]


@cache
def _sums_of_sources(form: Form) -> list[tuple[str, str, tuple[str, ...]]]:
    """The fixed lines of revenue of several sources, but not of all: line id, column id, codes."""
    return [
        (line.id, amount.id, codes)
        for entry in form.lists
        for line in entry.lines
        if line.where.statement == REVENUE and len(codes := _codes(line.where.item)) > 1
        for amount in entry.amounts[:1]
    ]


@cache
def has_all_revenue(form: Form) -> bool:
    """Whether a list of the form has a line for revenue of every source."""
    return any(line.where == Where(REVENUE) for entry in form.lists for line in entry.lines)


@cache
def column_of(form: Form, where: Where) -> str | None:
    """The id of the column with exactly this selection."""
    return next((column.id for column in form.money_columns if form.selection(column) == where), None)


@cache
def _columns_of_source(form: Form, source: str) -> tuple[str | None, tuple[str, ...]]:
    """The column of exactly this source of revenue, and the finest columns of it and its parts."""
    finest = tuple(
        column
        for column, codes in _revenue_columns(form)
        if len(codes) == 1 and codes[0].startswith(source) and not form.column(column).parts
    )
    return column_of(form, Where(REVENUE, item=(source,))), finest


def _revenue_of(form: FormEvidence, row: str, fund: str) -> int:
    """The figure (分) of a fund in a row of the form by unit: its own column, or if that is blank its finer columns."""
    exact, finest = _columns_of_source(form.form, fund)
    shown = form.at(row, exact) if exact is not None and exact in form.columns else 0
    return shown or sum(form.at(row, column) for column in finest)
