"""What the filed forms of one disclosure show, ready to be asked by row and column.

Amounts are whole numbers of 分 (a millionth of 万元), so that sums are exact. A question has three answers: an amount,
zero included, or None: the form says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import permutations
from typing import NamedTuple

from loader.documents.wording import is_placeholder
from loader.filing.filed import FiledCell, FiledDisclosure, FiledForm
from loader.ledger.capabilities import Abilities, abilities_of, overall_cells
from loader.ledger.projection import CellKey, Projection, projection_of
from schema.forms import set_of
from schema.forms.template import GRAND_TOTAL, Coordinate, Form, Rows, Sheet, TemplateSet, Where

FEN = 1_000_000  # 分 in one 万元
_DECIMAL_FEN = Decimal(FEN)  # a product with a whole number takes twice the time
SOME = 1  # stands for a figure that cannot be read: not nothing, and no equation


def to_fen(amount: Decimal) -> int:
    """万元 → 分; what a figure prints below a 分 is no money and is rounded away."""
    return round(amount * _DECIMAL_FEN)


class Sum(NamedTuple):
    """A total, the places directly beneath it, and those beneath them that have none beneath; some may be blank.

    ``difference`` (分) is how much the total exceeds its parts, ``slack`` how much rounding can have moved them: for n
    printed parts, n + 1 half places.
    """

    total: CellKey
    parts: tuple[CellKey, ...]
    finest: tuple[CellKey, ...]
    difference: int
    slack: int


@dataclass(slots=True)
class FormEvidence:
    """The figures of one filed form: by row and column, in 分."""

    form: Form
    filed: FiledForm
    abilities: Abilities = field(init=False)  # what a form of this kind can tell
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
    failing_sums: tuple[Sum, ...] | None = field(default=None, init=False)  # see loader/ledger/sums.py, kept there

    def __post_init__(self) -> None:
        self.abilities = abilities_of(self.form)

    def at(self, row: str, column: str) -> int:
        """The figure in a cell; 0 if it is blank or absent, some amount if it cannot be read."""
        key = (row, column)
        return self.amounts.get(key, SOME if key in self.unreadable else 0)

    def paid(self, row: str | None) -> Set[str]:
        """The columns with money in a row, or with what cannot be read."""
        if self._paid is None:
            self._paid = defaultdict(set)
            for key in (*(key for key, amount in self.amounts.items() if amount), *self.unreadable):
                self._paid[key[0]].add(key[1])
        return self._paid.get(row, frozenset()) if row is not None else frozenset()

    def paid_at(self, place: tuple[str, str]) -> Set[str]:
        """The same in the row that shows a unit's function."""
        paid = self._paid_at.get(place)
        if paid is None:
            paid = self._paid_at[place] = self.paid(self.row_for(*place))
        return paid

    def row_for(self, unit: str, functional: str) -> str | None:
        """The row that shows a unit's function, or the coarser one that holds it, or None."""
        place = (unit, functional)
        if place not in self._row_for:
            codes = [functional[:size] for size in (7, 5, 3) if len(functional) >= size]
            if self.form.is_by(Coordinate.UNIT):
                keys = [*(f"{unit}/{code}" for code in codes), unit]
            else:
                keys = [*codes, self.total_row]
            self._row_for[place] = next((key for key in keys if key in self.leaf_rows), None)
        return self._row_for[place]

    def shows(self, unit: str, functional: str, column: str) -> int:
        """The figure of a unit's function in a column; 0 if the form has no such row or column."""
        row = self.row_for(unit, functional)
        return 0 if row is None else self.at(row, column)

    def says(self, unit: str, functional: str, column: str | None) -> int | None:
        """The same, but None if the filed form has no such row or column: then it says nothing."""
        row = self.row_for(unit, functional)
        return None if row is None or column not in self.columns else self.at(row, column)

    @property
    def balancing_totals(self) -> set[CellKey]:
        """The grand totals that a list of other money prints, too: what comes in is spent or left."""
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
        """Half of the finest last place that its figures print (its noughts, if it has no others), in 万元, or None."""
        if self._half_place is None:
            places = [(not cell.amount, cell.half_place) for cell in self.cells.values() if cell.half_place is not None]
            self._half_place = min(places)[1] if places else None
        return self._half_place

    def rounding(self, key: CellKey) -> Decimal:
        """Half of the last place that a figure prints, in 万元. Of nothing, be it blank, 0 or 0.00, that of the
        form: a nought is as coarse as the figures beside it."""
        cell = self.cells.get(key)
        own = cell.half_place if cell is not None and cell.amount else None
        return own or self.half_place or Decimal(0)

    @property
    def total_row(self) -> str:
        """The key of the row for everything."""
        return (self.form.rows and self.form.rows.total) or "total"

    @property
    def own_rows(self) -> list[str]:
        """The finest rows, without the one for everything, in the order of their keys."""
        return sorted(self.leaf_rows - {self.total_row})


@dataclass(slots=True)
class Evidence:
    """All filed forms of a disclosure, and the unit that stands for money without a unit of its own.

    ``forms`` by form_id, in the order in which their set declares them; sheets of projects stand apart, since there
    are several of one form.
    """

    disclosure: FiledDisclosure
    forms: dict[str, FormEvidence]
    project_sheets: list[FormEvidence]
    sets: tuple[TemplateSet, ...]
    units: tuple[str, ...]
    home: str
    half_place: Decimal  # half of the coarsest last place that a form with rows prints, coarse forms aside, in 万元
    projection: Projection
    is_rounded: bool = False  # every cell on its own, so that sums may fail
    coarse: frozenset[str] = frozenset()  # form_ids of forms that print less finely than the others
    trusted: frozenset[tuple[str, CellKey]] = frozenset()  # form_id and key of cells that are right, for a try

    def all_forms(self) -> list[FormEvidence]:
        """Every form with figures, sheets of projects included."""
        return [*self.forms.values(), *self.project_sheets]

    def call_coarse(self, forms: frozenset[str]) -> None:
        """Say which forms print less finely than the others; of them it does not depend what these print."""
        self.coarse = forms
        self.half_place = _coarsest_half_place(form for form_id, form in self.forms.items() if form_id not in forms)

    def declared_forms(self) -> Iterator[Form]:
        """All forms of the sets that the filed ones belong to."""
        return (form for entry in self.sets for form in entry.forms)

    def overall(self, where: Where) -> int | None:
        """What the first filed form that prints exactly this selection for the disclosure as a whole shows.

        Lists of fixed lines, forms a unit a row and forms of one row do. None if no filed form says it.
        """
        for entry in self.sets:
            for form_id, key in overall_cells(entry).get(where, ()):
                form = self.forms.get(form_id)
                if form is not None and key[1] in form.columns:
                    return form.at(*key)
        return None

    def shown(self, where: Where) -> int:
        """The same, 0 if no filed form says it."""
        return self.overall(where) or 0


def gather(disclosure: FiledDisclosure) -> Evidence:
    """Index the figures of a disclosure. Of a form that stands in it twice, the first is evidence."""
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
            elif key in amounts:  # a row printed twice says its sum
                amounts[key] += to_fen(amount)
            else:
                amounts[key], cells[key] = to_fen(amount), cell
        evidence.columns = {cell.column_key for cell in filed.cells if cell.column_key} | filed.header_columns
        evidence.leaf_rows = _leaf_rows(template.rows, evidence.rows - {line.id for line in template.sums})
        if template.sheet is Sheet.PROJECT:
            sheets.append(evidence)
        else:
            forms.setdefault(template.form_id, evidence)
    sets = tuple({entry.id: entry for entry in map(set_of, [*forms, *(s.form.form_id for s in sheets)])}.values())
    order = {form.form_id: number for number, form in enumerate(form for entry in sets for form in entry.forms)}
    departments = disclosure.departments
    units = tuple(sorted(set(departments)))
    own = disclosure.identity.reporting_unit_code
    below = [unit for unit in units if unit.startswith(own)]
    home = below[0] if len(below) == 1 else own
    return Evidence(
        disclosure,
        {form_id: forms[form_id] for form_id in sorted(forms, key=order.__getitem__)},
        sheets,
        sets,
        units,
        home,
        _coarsest_half_place(forms.values()),
        projection_of(tuple(form for entry in sets for form in entry.forms)),
    )


def _coarsest_half_place(forms: Iterable[FormEvidence]) -> Decimal:
    cells = (cell for form in forms if not form.form.sheet for cell in form.cells.values())
    return max((cell.half_place for cell in cells if cell.half_place), default=Decimal(0))


def _leaf_rows(rows: Rows | None, printed: set[str]) -> set[str]:
    """The printed rows beneath which no finer one is printed."""
    if rows is None:
        return set(printed)
    beneath = {held for row in printed for held in rows.above(row)}
    return {row for row in printed if row not in beneath}
