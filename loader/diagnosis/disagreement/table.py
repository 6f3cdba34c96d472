"""A filed form as a table of figures, with the checks that need no ledger: its own sums, and figures printed twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import NamedTuple

from loader.diagnosis.disagreement.differences import Rebuilt
from loader.ledger.evidence.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.evidence.projection import CellKey
from loader.ledger.lines import Ledger
from loader.ledger.rebuilt import RebuiltForm
from schema.forms import FORMS
from schema.forms.template import Form, Rows, Statement

Figures = dict[str, dict[str, int]]  # row → column → 分; a row without figures is an empty dict


class Failed(NamedTuple):
    """A failing check at a cell, and by how much the cell exceeds its parts or its twin (分)."""

    check: str  # across, down, absent (another form lacks the row), or the id of the form that prints the same figure
    row: str
    column: str
    difference: int


@dataclass(slots=True)
class Table:
    """The figures of a form with rows.

    ``twins`` are other tables, each with the pairs of columns (own, other) that print the same selection of money.
    ``wider`` are tables that hold all money of this one. ``beyond`` is money of totals outside their columns, as far as
    a ledger shows it: 经营支出 has no class. ``fuller`` are totals with a column that is not printed and has money in
    some row. They may exceed their columns, because the ledger may miss a row that was left out.
    """

    form: FormEvidence
    columns: list[str]
    parts: dict[str, list[str]]
    figures: Figures
    twins: list[tuple[Table, list[tuple[str, str]]]] = field(default_factory=list)
    wider: list[Table] = field(default_factory=list)
    beyond: dict[CellKey, int] = field(default_factory=dict)
    fuller: Set[str] = frozenset()
    _failed: list[Failed] | None = field(default=None, init=False)
    _children: dict[str, list[str]] | None = field(default=None, init=False)
    _above: frozenset[str] | None = field(default=None, init=False)

    @property
    def rows(self) -> Rows:
        """How the rows of the form are identified."""
        rows = self.form.form.rows
        assert rows is not None
        return rows

    def place(self) -> tuple[int, str, int | None]:
        """The place of findings on the form."""
        return self.form.filed.form_no, self.form.form.form_id, self.form.form.report_no

    def has_all_parts_of(self, total: str) -> bool:
        """Whether the form prints every column of a total."""
        return len(self.parts[total]) == len(self.form.form.column(total).parts)

    @property
    def failed(self) -> list[Failed]:
        """The checks that fail."""
        if self._failed is None:
            self._failed = list(self.failing(self.figures))
        return self._failed

    def failing(self, figures: Figures, rows: Collection[str] | None = None) -> Iterator[Failed]:
        """The checks that fail with these figures instead of its own, or only those of some rows."""
        children = self.children(figures)
        yield from self._across(figures, rows)
        yield from self._down(figures, children, rows)
        yield from self._beside(figures, children, rows)
        yield from self._absent(figures, rows)

    def holds(self, figures: Figures, rows: Collection[str]) -> bool:
        """Whether every check holds with these figures. The ``rows``, which are likely to fail, are checked first."""
        return not any(chain(self.failing(figures, rows), self.failing(figures)))

    def depends_on(self, forms: Collection[str]) -> bool:
        """Whether its checks compare it with one of these forms."""
        others = chain((other for other, _ in self.twins), self.wider)
        return any(other.form.form.form_id in forms for other in others)

    def children(self, figures: Mapping[str, object] | None = None) -> dict[str, list[str]]:
        """Row → the rows directly beneath it."""
        if figures is not None and figures.keys() != self.figures.keys():
            return self._children_of(figures)
        if self._children is None:
            self._children = self._children_of(self.figures)
        return self._children

    def _children_of(self, printed: Collection[str]) -> dict[str, list[str]]:
        rows = self.rows
        found: dict[str, list[str]] = defaultdict(list)
        for row in printed:
            for held in rows.above(row):
                if held in printed:
                    found[held].append(row)
                    break
        return found

    @property
    def fails_down(self) -> bool:
        """Whether a sum down the rows fails. Nothing outside the form can make it hold."""
        return next(self._down(self.figures, self.children(), None), None) is not None

    @property
    def finest(self) -> Set[str]:
        """The rows without rows beneath them."""
        return self.figures.keys() - self.children().keys()

    @property
    def above(self) -> frozenset[str]:
        """The rows above the rows of this form, printed or not: some forms print functions without class and group."""
        if self._above is None:
            self._above = frozenset(chain.from_iterable(map(self.rows.above, self.figures)))
        return self._above

    def _across(self, figures: Figures, rows: Collection[str] | None) -> Iterator[Failed]:
        is_split = cache(lambda column: any(self._divides(column, shown) for shown in figures.values()))
        for row in figures if rows is None else figures.keys() & rows:
            yield from self._failing_in(row, figures[row], is_split)

    def failing_across(self, shown: Mapping[str, int], row: str) -> Iterator[Failed]:
        """The totals that fail with these figures in a row."""

        def is_split(column: str) -> bool:
            others = (own for other, own in self.figures.items() if other != row)
            return self._divides(column, shown) or any(self._divides(column, own) for own in others)

        return self._failing_in(row, shown, is_split)

    def _divides(self, column: str, shown: Mapping[str, int]) -> bool:
        """Whether a row has a figure in a part of a total."""
        return any(shown.get(part) for part in self.parts[column])

    def _failing_in(self, row: str, shown: Mapping[str, int], is_split: Callable[[str], bool]) -> Iterator[Failed]:
        """The totals that fail in a row. A total none of whose columns has a figure in any row is not split in the
        form."""
        for column, parts in self.parts.items():
            difference = shown.get(column, 0)
            for part in parts:
                difference -= shown.get(part, 0)
            beyond = self.beyond.get((row, column), 0)
            if difference == beyond or (difference > beyond and column in self.fuller):
                continue
            if is_split(column):
                yield Failed("across", row, column, difference)

    def _down(
        self, figures: Figures, children: Mapping[str, list[str]], rows: Collection[str] | None
    ) -> Iterator[Failed]:
        for row in children if rows is None else children.keys() & rows:
            left = dict(figures[row])
            for child in children[row]:
                for column, amount in figures[child].items():
                    left[column] = left.get(column, 0) - amount
            for column, difference in left.items():
                if difference:
                    yield Failed("down", row, column, difference)

    def _beside(
        self, figures: Figures, children: Mapping[str, list[str]], rows: Collection[str] | None
    ) -> Iterator[Failed]:
        above = self.rows.above
        for other, columns in self.twins:
            for row in [*figures, *sorted(other.finest - figures.keys())]:
                if rows is not None and row not in rows:
                    continue
                own, beside = figures.get(row), other.figures.get(row)
                if own is None and any(held in figures and held not in children for held in above(row)):
                    continue  # the form shows it in a coarser row
                if beside is None and (row in children or row in other.above or other.is_in_coarser_row(row)):
                    continue  # the other form shows it in coarser or finer rows
                for column, other_column in columns:
                    difference = (own.get(column, 0) if own else 0) - (beside.get(other_column, 0) if beside else 0)
                    if difference:
                        yield Failed(other.form.form.form_id, row, column, difference)

    def _absent(self, figures: Figures, rows: Collection[str] | None) -> Iterator[Failed]:
        for other in self.wider:
            for row in sorted((figures.keys() if rows is None else figures.keys() & rows) - other.figures.keys()):
                amount = max(figures[row].values(), key=abs, default=0)
                if amount and not other.is_in_coarser_row(row):
                    yield Failed("absent", row, "", amount)

    def is_in_coarser_row(self, row: str) -> bool:
        """Whether the form prints a row above it without finer ones."""
        rows = self.rows
        return any(held in self.form.leaf_rows for held in rows.above(row))


def has_failing_checks(tables: Mapping[str, Table]) -> bool:
    """Whether any check fails, with no ledger to show money beyond the columns. Totals may exceed their columns if one
    of these is not printed."""
    return any(
        failed.check != "across" or failed.difference < 0 or table.has_all_parts_of(failed.column)
        for table in tables.values()
        for failed in table.failing(table.figures)
    )


def set_money_beyond(tables: Mapping[str, Table], ledger: Ledger, rebuilt: Rebuilt) -> None:
    """Set the money beyond the columns of all tables from a ledger."""
    for form_id, table in tables.items():
        table.beyond, table.fuller = _beyond(table.form, rebuilt[form_id], ledger, table.parts)


def tables_of(evidence: Evidence) -> dict[str, Table]:
    """The tables of a disclosure: its forms with rows of codes, except those that print fewer digits than others."""
    tables = {}
    for form_id, form in evidence.forms.items():
        template = form.form
        if form_id in evidence.coarse:
            continue
        if template.rows is None or not template.rows.by or template.sheet is not None or template.sums:
            continue
        columns = [column.id for column in template.money_columns if column.id in form.columns]
        parts = {
            column.id: kept
            for column in template.money_columns
            if column.id in form.columns and (kept := [part for part in column.parts if part in form.columns])
        }
        figures: Figures = {row: {} for row in sorted(form.rows)}
        is_money = set(columns)
        for (row, column), amount in form.amounts.items():
            if column in is_money:
                figures[row][column] = amount
        for row, column in form.unreadable:
            if amount := _told_by_row(figures.get(row, {}), column, parts):
                figures[row][column] = amount
        tables[form_id] = Table(form, columns, parts, figures)
    for form_id, table in tables.items():
        for other_id, other in tables.items():
            if other_id != form_id:
                if same := _same_selections(form_id, other_id):
                    shown, beside = set(table.columns), set(other.columns)
                    if alike := [pair for pair in same if pair[0] in shown and pair[1] in beside]:
                        table.twins.append((other, alike))
                if _is_wider(other_id, form_id):
                    table.wider.append(other)
    return tables


def _told_by_row(shown: Mapping[str, int], column: str, parts: Mapping[str, list[str]]) -> int:
    """The figure that cannot be read in a row, by the others: their sum, or what their total lacks. 0 if none tells."""
    if column in parts:
        return sum(shown.get(part, 0) for part in parts[column])
    total = next((total for total, beneath in parts.items() if column in beneath), None)
    return shown.get(total, 0) - sum(shown.get(part, 0) for part in parts[total]) if total is not None else 0


def _beyond(
    form: FormEvidence, rebuilt: RebuiltForm, ledger: Ledger, parts: Mapping[str, list[str]]
) -> tuple[dict[CellKey, int], set[str]]:
    """The money of totals outside their columns (分), and the totals with such money that lack a printed column.

    Only certain lines count, and only if the form supports them: for spending in more rows than not, for other money in
    any row, because most rows of such a form are sums.
    """
    left: dict[CellKey, set[int]] = {}
    bearing: Counter[int] = Counter()
    fuller: dict[str, set[int]] = defaultdict(set)
    for (row, column), lines in rebuilt.lines.items():
        if column in parts:
            beyond = set(lines).difference(*[rebuilt.lines.get((row, part), ()) for part in parts[column]])
            certain = {number for number in beyond if ledger.lines[number].basis != "remainder"}
            if certain:
                left[row, column] = certain
                shown = form.amounts.get((row, column), 0) - sum(form.amounts.get((row, p), 0) for p in parts[column])
                is_borne_out = shown == sum(to_fen(ledger.lines[number].amount) for number in certain)
                is_spending = form.form.where.statement == (Statement.EXPENDITURE,)
                bearing.update(dict.fromkeys(certain, 1 if is_borne_out else -is_spending))
                if is_borne_out and shown > 0 and len(parts[column]) < len(form.form.column(column).parts):
                    fuller[column] |= certain
    # a ledger that follows a fault may lack classes too, so lines without support of a total prove nothing
    is_beyond = [
        bearing[number] > 0 or line.coordinates.nature not in ("", "basic", "project")
        for number, line in enumerate(ledger.lines)
    ]
    amounts = {
        key: sum(to_fen(ledger.lines[number].amount) for number in lines if is_beyond[number])
        for key, lines in left.items()
    }
    return amounts, {column for column, lines in fuller.items() if any(bearing[number] > 0 for number in lines)}


@cache
def _is_wider(form_id: str, other_id: str) -> bool:
    """Whether a form has the same rows as another one and holds all its money."""
    form, other = FORMS[form_id], FORMS[other_id]
    if form.rows is None or form.rows != other.rows or len(form.rows.by) < 2 or form.where == other.where:
        return False
    return all(
        not held or (asked and all(prefix.startswith(held) for prefix in asked))
        for held, asked in zip(form.where.coordinates(), other.where.coordinates(), strict=True)
    )


@cache
def _same_selections(form_id: str, other_id: str) -> tuple[tuple[str, str], ...]:
    """The pairs of columns of two forms that print the same selection of money by the same rows."""
    form, other = FORMS[form_id], FORMS[other_id]
    if form.rows is None or other.rows is None or form.rows.by != other.rows.by:
        return ()
    return tuple(
        (column, other_column)
        for column, where in _selections(form)
        for other_column, other_where in _selections(other)
        if where == other_where
    )


def _selections(form: Form) -> list[tuple[str, object]]:
    return [(column.id, form.selection(column)) for column in form.money_columns]
