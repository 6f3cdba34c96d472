"""The cells of a form to which a ledger line adds, by the selections of the form's template.

The report views do the same in SQL. Here it gives the equations of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import NamedTuple, TypeVar

from schema.forms.template import Coordinate, Form, Prefixes, Role, Rows, Where


class Coordinates(NamedTuple):
    """The coordinates of a ledger line; "" without a code."""

    statement: str
    unit: str
    fund: str = ""
    nature: str = ""
    functional: str = ""
    department_economic: str = ""
    government_economic: str = ""
    item: str = ""
    project: str = ""

    def on(self, coordinate: Coordinate) -> str:
        """The code on one coordinate."""
        return self[_POSITION[coordinate]]


_POSITION = {coordinate: Coordinates._fields.index(coordinate.value) for coordinate in Coordinate}

CellKey = tuple[str, str]  # row_key, column_key


# ---------------------------------------------------------------------------- selections

# the restrictions of a selection: position of the coordinate, prefixes, whether a line without a code fits too
_Terms = tuple[tuple[int, Prefixes, bool], ...]


def _terms(where: Where) -> _Terms:
    return tuple(
        (at, tuple(prefix for prefix in prefixes if prefix), "" in prefixes)
        for at, prefixes in enumerate(where.coordinates())
        if prefixes
    )


def _holds(terms: _Terms, line: Sequence[str]) -> bool:
    """Whether a line fits a selection."""
    for at, prefixes, also_blank in terms:
        code = line[at]
        if not (code.startswith(prefixes) if code else also_blank):
            return False
    return True


Asked = Callable[[Sequence[str]], tuple[str, ...]]  # gives the coordinates that some selections restrict


_Named = TypeVar("_Named")


def _asking(selections: Sequence[tuple[_Named, _Terms]]) -> tuple[Asked, tuple[tuple[_Named, _Terms], ...]]:
    """A function that gives the coordinates restricted by some selections, and the selections by positions in its
    result."""
    # at least two, because itemgetter gives no tuple for one
    asked = sorted({0, 1, *(at for _, terms in selections for at, _, _ in terms)})
    place = {at: position for position, at in enumerate(asked)}
    return itemgetter(*asked), tuple(
        (name, tuple((place[at], prefixes, also_blank) for at, prefixes, also_blank in terms))
        for name, terms in selections
    )


class _FormTerms(NamedTuple):
    """The selections of a form with rows: the restricted coordinates, the restrictions on every figure, and those of
    each column."""

    form_id: str
    asked: Asked
    terms: _Terms
    columns: tuple[tuple[str, _Terms], ...]


class _ListTerms(NamedTuple):
    """The selections of a list of fixed lines: the restricted coordinates, and the restrictions of each cell."""

    form_id: str
    asked: Asked
    cells: tuple[tuple[CellKey, _Terms], ...]


class Shares(NamedTuple):
    """Where a line adds: form_id → money columns (in the line's own rows), and form_id → cells of fixed lists."""

    columns: dict[str, tuple[str, ...]]
    cells: dict[str, tuple[CellKey, ...]]


class Projection:
    """The selections of some forms, prepared for many lines."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._forms: list[_FormTerms] = []
        self._lists: list[_ListTerms] = []
        for form in forms:
            if form.money_columns:
                selections = [("", _terms(form.where)), *((c.id, _terms(c.where)) for c in form.money_columns)]
                asked, ((_, every), *columns) = _asking(selections)
                self._forms.append(_FormTerms(form.form_id, asked, every, tuple(columns)))
            fixed = [(entry.lines, entry.amounts) for entry in form.lists]
            fixed += [(form.sums, form.money_columns)] if form.sums else []
            for lines, amounts in fixed:
                found = [
                    ((line.id, amount.id), _terms(form.selection(amount, line)))
                    for line in lines
                    for amount in amounts
                    if amount.role is Role.MONEY
                ]
                self._lists.append(_ListTerms(form.form_id, *_asking(found)))
        # called for many lines, so cache keys contain only the coordinates that matter
        self._shares = lru_cache(maxsize=100_000)(self._find_shares)
        self._columns = lru_cache(maxsize=100_000)(self._find_columns)
        self._columns_of_form = lru_cache(maxsize=100_000)(self._find_columns_of_form)
        self._cells_of_list = lru_cache(maxsize=100_000)(self._find_cells)
        self._one_of_columns: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._one_of_cells: dict[tuple[CellKey, ...], tuple[CellKey, ...]] = {}

    def shares(self, line: Coordinates) -> Shares:
        """The columns and cells to which a line adds. Forms without any are left out.

        Equal tuples of columns or cells are the same object, so lines that add to the same cells can be found by
        identity.
        """
        # unit, function and project decide the row, not the column; lists need functions only by class (类)
        statement, _, fund, nature, functional, department, government, item, _ = line
        return self._shares(Coordinates(statement, "", fund, nature, functional[:3], department, government, item))

    def _find_shares(self, line: Coordinates) -> Shares:
        cells_of: dict[str, tuple[CellKey, ...]] = {}
        for number, entry in enumerate(self._lists):
            cells = self._cells_of_list(number, entry.asked(line))
            cells_of[entry.form_id] = cells_of.get(entry.form_id, ()) + cells
        one = {form_id: self._one_of_cells.setdefault(cells, cells) for form_id, cells in cells_of.items() if cells}
        return Shares(self._columns(line._replace(functional="")), one)

    def _find_columns(self, line: Coordinates) -> dict[str, tuple[str, ...]]:
        return {
            entry.form_id: columns
            for number, entry in enumerate(self._forms)
            if (columns := self._columns_of_form(number, entry.asked(line)))
        }

    def _find_columns_of_form(self, number: int, asked: tuple[str, ...]) -> tuple[str, ...]:
        _, _, every, columns = self._forms[number]
        if not _holds(every, asked):
            return ()
        found = tuple(column_id for column_id, terms in columns if _holds(terms, asked))
        return self._one_of_columns.setdefault(found, found)

    def _find_cells(self, number: int, asked: tuple[str, ...]) -> tuple[CellKey, ...]:
        return tuple(key for key, terms in self._lists[number].cells if _holds(terms, asked))


@cache
def projection_of(forms: tuple[Form, ...]) -> Projection:
    """The projection of some forms, cached."""
    return Projection(forms)


# ---------------------------------------------------------------------------- rows


def placing(rows: Rows | None) -> Asked:
    """A function that gives the coordinates of a line that decide its rows, the same object for the same
    coordinates."""
    return _asking_of(rows.by if rows else ())


@cache
def _asking_of(coordinates: tuple[Coordinate, ...]) -> Asked:
    at = [_POSITION[coordinate] for coordinate in coordinates]
    # for one coordinate or none, only a slice gives a tuple
    return itemgetter(*at) if len(at) > 1 else itemgetter(slice(at[0], at[0] + 1) if at else slice(0))


def rows_of(form: Form, line: Coordinates) -> tuple[str, ...]:
    """Keys of the rows to which a line adds, from the coarsest to its own. Empty for lists of fixed lines."""
    return () if form.rows is None else form.rows.keys(placing(form.rows)(line))


def cells_of(form: Form, line: Coordinates) -> list[CellKey]:
    """Keys of all cells of a form to which a line adds."""
    return cells_in(form, line, projection_of((form,)).shares(line))


def cells_in(form: Form, line: Coordinates, shares: Shares) -> list[CellKey]:
    """The same as ``cells_of``, from the line's shares in all forms."""
    cells = shares.cells.get(form.form_id, ())
    columns = shares.columns.get(form.form_id)
    return [*cells, *((row, column) for row in rows_of(form, line) for column in columns)] if columns else [*cells]
