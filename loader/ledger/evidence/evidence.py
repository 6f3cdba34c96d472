"""The filed forms of one disclosure, indexed by row and column.

Amounts are whole numbers of 分 (a millionth of 万元), so that sums are exact. The figure of a place is an amount, zero
included, or None if the forms do not show it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from loader.documents.wording import is_placeholder
from loader.filing.filed import FiledCell, FiledDisclosure, FiledForm
from loader.ledger.clock import spend
from loader.ledger.evidence.capabilities import Abilities, abilities_of, overall_cells
from loader.ledger.evidence.projection import CellKey, Projection, projection_of
from schema.forms import set_of
from schema.forms.template import GRAND_TOTAL, Coordinate, Form, Rows, Sheet, TemplateSet, Where, project_of_row

FEN = 1_000_000  # 分 in one 万元
_DECIMAL_FEN = Decimal(FEN)  # multiplying by a whole number would take twice the time
_WORK_OF_CELL = 9.0  # with all that is made of it later, see the clock
SOME = 1  # stands for a figure that cannot be read: it is not zero, and gives no equation


def to_fen(amount: Decimal) -> int:
    """万元 → 分, rounded: anything printed below a 分 is not money."""
    return round(amount * _DECIMAL_FEN)


class Sum(NamedTuple):
    """A total, the places directly beneath it, and the finest places beneath it. Some of these may be blank.

    ``difference`` (分) is how much the total exceeds its parts. ``slack`` (分) is how much rounding can have changed
    the difference: n + 1 half places for n printed parts.
    """

    total: CellKey
    parts: tuple[CellKey, ...]
    finest: tuple[CellKey, ...]
    difference: int
    slack: int


@dataclass(slots=True)
class FormEvidence:
    """The figures of one filed form by row and column, in 分."""

    form: Form
    filed: FiledForm
    abilities: Abilities = field(init=False)  # what forms of this kind can show
    amounts: dict[CellKey, int] = field(default_factory=dict)
    cells: dict[CellKey, FiledCell] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    leaf_rows: set[str] = field(default_factory=set)
    unreadable: set[CellKey] = field(default_factory=set)
    _row_for: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _paid: dict[str, set[str]] | None = field(default=None, init=False)
    _paid_at: dict[tuple[str, str], Set[str]] = field(default_factory=dict, init=False)
    _half_place: Decimal | None = field(default=None, init=False)
    failing_sums: tuple[Sum, ...] | None = field(default=None, init=False)  # cache of loader/ledger/evidence/sums.py

    def __post_init__(self) -> None:
        self.abilities = abilities_of(self.form)

    def at(self, row: str, column: str) -> int:
        """The figure in a cell: 0 if it is blank or absent, ``SOME`` if it cannot be read."""
        key = (row, column)
        return self.amounts.get(key, SOME if key in self.unreadable else 0)

    def paid(self, row: str | None) -> Set[str]:
        """The columns in which a row has money or a figure that cannot be read."""
        if self._paid is None:
            self._paid = defaultdict(set)
            for key in (*(key for key, amount in self.amounts.items() if amount), *self.unreadable):
                self._paid[key[0]].add(key[1])
        return self._paid.get(row, frozenset()) if row is not None else frozenset()

    def paid_at(self, place: tuple[str, str]) -> Set[str]:
        """The columns in which the row of a unit's function has money or a figure that cannot be read."""
        paid = self._paid_at.get(place)
        if paid is None:
            paid = self._paid_at[place] = self.paid(self.row_for(*place))
        return paid

    def row_for(self, unit: str, functional: str) -> str | None:
        """The finest row that holds a unit's function: its own or a coarser one. None if there is none."""
        place = (unit, functional)
        if place not in self._row_for:
            is_by_unit = self.form.is_by(Coordinate.UNIT)
            keys = _rows_of_unit(unit, functional) if is_by_unit else (*_levels(functional), self.total_row)
            self._row_for[place] = next((key for key in keys if key in self.leaf_rows), None)
        return self._row_for[place]

    def may_lack(self, place: tuple[str, str]) -> bool:
        """Whether money of a unit's function may be in a row or column that is not understood, or left out."""
        row = self.row_for(*place)
        if row is None:
            return bool(self.filed.unknown_rows)
        return row in self.filed.unknown_columns or row in self.filed.lacking_money

    def shows(self, unit: str, functional: str, column: str) -> int:
        """The figure of a unit's function in a column; 0 if the form has no such row or column."""
        row = self.row_for(unit, functional)
        return 0 if row is None else self.at(row, column)

    def figure_if_shown(self, unit: str, functional: str, column: str | None) -> int | None:
        """The figure of a unit's function in a column. None if the filed form has no such row or column."""
        row = self.row_for(unit, functional)
        return None if row is None or column not in self.columns else self.at(row, column)

    @property
    def balancing_totals(self) -> set[CellKey]:
        """The grand totals that balance: a list of another statement prints the same total (收入总计 is 支出总计)."""
        found: set[CellKey] = set()
        for entry, other in permutations(self.form.lists, 2):
            key, opposite = (GRAND_TOTAL, entry.amounts[0].id), (GRAND_TOTAL, other.amounts[0].id)
            if self.amounts.get(key) and self.amounts[key] == self.amounts.get(opposite):
                sides = [self.form.selection(e.amounts[0], e.line(GRAND_TOTAL)) for e in (entry, other)]
                if sides[0].statement != sides[1].statement:
                    found.add(key)
        return found

    @property
    def half_place(self) -> Decimal | None:
        """Half of the finest last place that its figures print, in 万元. Zeros count only if there is nothing else.
        None if no figure has a place."""
        if self._half_place is None:
            places = [(not cell.amount, cell.half_place) for cell in self.cells.values() if cell.half_place is not None]
            self._half_place = min(places)[1] if places else None
        return self._half_place

    def rounding(self, key: CellKey) -> Decimal:
        """Half of the last place that a figure prints, in 万元. For a blank, 0 or 0.00 it is that of the form, because
        a zero is as coarse as the figures beside it."""
        cell = self.cells.get(key)
        own = cell.half_place if cell is not None and cell.amount else None
        return own or self.half_place or Decimal(0)

    @property
    def total_row(self) -> str:
        """The key of the grand total row."""
        return (self.form.rows and self.form.rows.total) or "total"

    def whole(self, column: str) -> int:
        """The figure of the whole form in a column: that of its grand total row, or the sum of the rows if it prints
        none or lost it."""
        rows = self.form.rows
        whole = self.at(self.total_row, column)
        if rows is None or whole:
            return whole
        others = self.rows - {self.total_row}
        return sum(self.at(row, column) for row in others if others.isdisjoint(rows.above(row)))

    @property
    def own_rows(self) -> list[str]:
        """The finest rows without the grand total, sorted by key."""
        return sorted(self.leaf_rows - {self.total_row})


@dataclass(slots=True)
class Evidence:
    """All filed forms of a disclosure.

    ``forms`` maps form_id to form, in the order in which their set declares them. Sheets of projects are separate,
    because one form has several. ``unplaced_sheets`` print money of which no line of the ledger is known: the form of
    projects does not list their project, so they may be of a part of another one, or several sheets share one project.
    ``home`` is the unit for money without a unit of its own.
    """

    disclosure: FiledDisclosure
    forms: dict[str, FormEvidence]
    project_sheets: list[FormEvidence]
    unplaced_sheets: list[FormEvidence]
    sets: tuple[TemplateSet, ...]
    units: tuple[str, ...]
    home: str
    half_place: Decimal  # of the coarsest last place in forms with rows, except coarse forms, in 万元
    projection: Projection
    is_rounded: bool = False  # cell by cell, so that sums may fail
    may_be_rounded: bool = False  # though a few slips explain as much
    coarse: frozenset[str] = frozenset()  # form_ids of forms with figures that have fewer digits than others
    finest: Decimal = Decimal(0)  # half of the finest place of all forms, in 万元; known if any form is coarse
    trusted: frozenset[tuple[str, CellKey]] = frozenset()  # form_id and key of cells that a trial takes for right

    def all_forms(self) -> list[FormEvidence]:
        """All forms with figures of the ledger, including sheets of projects."""
        return [*self.forms.values(), *self.project_sheets]

    @property
    def sheets(self) -> list[FormEvidence]:
        """All sheets of projects."""
        return [*self.project_sheets, *self.unplaced_sheets]

    def places(self) -> dict[str, Decimal]:
        """Form → half of the finest place that it prints, in 万元. Forms without a figure are left out."""
        places: dict[str, Decimal] = {}
        for form in self.all_forms():
            if (place := form.half_place) is not None:
                form_id = form.form.form_id
                places[form_id] = min(place, places.get(form_id, place))
        return places

    def mark_coarse(self, forms: frozenset[str]) -> None:
        """Mark forms in which all figures, or some, have fewer digits than others. ``half_place`` then ignores them."""
        self.coarse = forms
        self.finest = min(self.places().values(), default=Decimal(0))
        others = (form for form_id, form in self.forms.items() if form_id not in forms)
        self.half_place = _coarsest_half_place(others) or self.finest

    def is_coarse(self, form: FormEvidence, key: CellKey) -> bool:
        """Whether a cell was rounded to fewer digits than others. In a form that prints the finest place, too, these
        are only the figures that lack digits."""
        return form.form.form_id in self.coarse and form.rounding(key) > self.finest

    def declared_forms(self) -> Iterator[Form]:
        """All forms of the sets to which the filed ones belong."""
        return (form for entry in self.sets for form in entry.forms)

    def overall(self, where: Where) -> int | None:
        """The figure that the first filed form prints for exactly this selection and the whole disclosure.

        Such forms are lists of fixed lines, forms with a row per unit, and forms with one row. None if no filed form
        prints it.
        """
        for entry in self.sets:
            for form_id, key in overall_cells(entry).get(where, ()):
                form = self.forms.get(form_id)
                if form is not None and key[1] in form.columns:
                    return form.whole(key[1]) if key[0] == form.total_row else form.at(*key)
        return None

    def shown(self, where: Where) -> int:
        """The same as ``overall``, but 0 if no filed form prints it."""
        return self.overall(where) or 0


@lru_cache(maxsize=100_000)
def _levels(functional: str) -> tuple[str, ...]:
    """A functional subject and those above it, the finest first."""
    return tuple(functional[:size] for size in (7, 5, 3) if len(functional) >= size)


@lru_cache(maxsize=100_000)
def _rows_of_unit(unit: str, functional: str) -> tuple[str, ...]:
    """The rows of a unit that hold a function, the finest first."""
    return (*(f"{unit}/{code}" for code in _levels(functional)), unit)


def gather(disclosure: FiledDisclosure) -> Evidence:
    """Index the figures of a disclosure. If a form occurs twice, only the first counts."""
    spend(_WORK_OF_CELL * sum(len(form.cells) for form in disclosure.forms))
    forms: dict[str, FormEvidence] = {}
    sheets: list[FormEvidence] = []
    for filed in disclosure.forms:
        if filed.template is None or filed.is_kept_only:
            continue
        template = filed.template
        evidence = FormEvidence(template, filed)
        amounts, cells, rows = evidence.amounts, evidence.cells, evidence.rows
        for cell in filed.cells:
            row, column, amount = cell.row_key, cell.column_key, cell.amount
            if row is None:
                continue
            rows.add(row)
            if column is None or not cell.statements:
                continue
            key = (row, column)
            if amount is None:
                if not is_placeholder(cell.text):
                    evidence.unreadable.add(key)
            elif key in amounts:  # a row printed twice counts as its sum
                amounts[key] += to_fen(amount)
            else:
                amounts[key], cells[key] = to_fen(amount), cell
        evidence.columns = {cell.column_key for cell in filed.cells if cell.column_key} | filed.header_columns
        money = {column.id for column in template.money_columns}
        if template.rows is not None and template.has_table and evidence.columns.isdisjoint(money):
            continue  # rows without a known column of figures say nothing
        if template.lists and not rows:
            continue  # and so do heads without any line
        evidence.leaf_rows = _leaf_rows(template.rows, evidence.rows - {line.id for line in template.sums})
        if template.sheet is Sheet.PROJECT:
            sheets.append(evidence)
        else:
            forms.setdefault(template.form_id, evidence)
    sets = tuple({entry.id: entry for entry in map(set_of, [*forms, *(s.form.form_id for s in sheets)])}.values())
    order = {form.form_id: number for number, form in enumerate(form for entry in sets for form in entry.forms)}
    placed, unplaced = _by_place(forms.values(), sheets)
    departments = disclosure.departments
    units = tuple(sorted(set(departments)))
    own = disclosure.identity.reporting_unit_code
    below = [unit for unit in units if unit.startswith(own)]
    home = below[0] if len(below) == 1 else own
    return Evidence(
        disclosure,
        {form_id: forms[form_id] for form_id in sorted(forms, key=order.__getitem__)},
        placed,
        unplaced,
        sets,
        units,
        home,
        _coarsest_half_place(forms.values()),
        projection_of(tuple(form for entry in sets for form in entry.forms)),
    )


def _by_place(
    forms: Iterable[FormEvidence], sheets: Sequence[FormEvidence]
) -> tuple[list[FormEvidence], list[FormEvidence]]:
    """The sheets that are alone of their project, and whose project the filed forms of projects list, or whose amount
    these lack beneath their total; and the others. Without such a form the sheets say which projects there are."""
    lists = [form for form in forms if form.form.is_by(Coordinate.PROJECT)]
    listed = {project_of_row(row.partition("/")[2]) for form in lists for row in form.rows}
    lacking = {_lacking(form) for form in lists} - {0}
    times = Counter(row for sheet in sheets for row, _ in sheet.amounts)
    placed: list[FormEvidence] = []
    unplaced: list[FormEvidence] = []
    for sheet in sheets:
        is_placed = all(
            times[row] == 1 and (not lists or row in listed or amount in lacking)
            for (row, _), amount in sheet.amounts.items()
        )
        (placed if is_placed else unplaced).append(sheet)
    return placed, unplaced


def _lacking(form: FormEvidence) -> int:
    """By how much the total of a form exceeds its finest rows (分)."""
    total = form.form.money_columns[0].id
    return form.whole(total) - sum(form.at(row, total) for row in form.own_rows)


def _coarsest_half_place(forms: Iterable[FormEvidence]) -> Decimal:
    cells = (cell for form in forms if not form.form.sheet for cell in form.cells.values())
    return max((cell.half_place for cell in cells if cell.half_place), default=Decimal(0))


def _leaf_rows(rows: Rows | None, printed: set[str]) -> set[str]:
    """The printed rows without finer printed rows beneath them."""
    if rows is None:
        return set(printed)
    beneath = {held for row in printed for held in rows.above(row)}
    return {row for row in printed if row not in beneath}
