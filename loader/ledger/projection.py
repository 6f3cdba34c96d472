"""Which cells of which form a ledger line adds to: the templates' selections, applied to one line.

This is what the report views do in SQL, seen from the line: it makes the equations of the ledger.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from schema.forms.hunan import FORMS
from schema.forms.template import Form, Layout, Prefixes, Role, Where


class Atom(NamedTuple):
    """The coordinates of one ledger line; "" where it has no code on a coordinate."""

    statement: str
    unit: str
    fund: str = ""
    nature: str = ""
    functional: str = ""
    department_economic: str = ""
    government_economic: str = ""
    item: str = ""
    project: str = ""


CellKey = tuple[str, str]  # row_key, column_key


# what a selection asks of a line: on which coordinates, with which prefixes, and whether no code does as well
_Terms = tuple[tuple[int, Prefixes, bool], ...]


def _terms(where: Where) -> _Terms:
    return tuple(
        (at, tuple(prefix for prefix in prefixes if prefix), "" in prefixes)
        for at, prefixes in enumerate(where.coordinates())
        if prefixes
    )


def _holds(terms: _Terms, atom: Atom) -> bool:
    """Whether a selection holds a line."""
    for at, prefixes, also_blank in terms:
        code = atom[at]
        if not (code.startswith(prefixes) if code else also_blank):
            return False
    return True


@cache
def _columns() -> tuple[tuple[int, _Terms, tuple[tuple[str, _Terms], ...]], ...]:
    """Every form with rows: its number and terms, and those of its money columns."""
    return tuple(
        (form.no, _terms(form.where), tuple((c.id, _terms(c.where)) for c in form.columns if c.role is Role.MONEY))
        for form in FORMS.values()
        if form.columns
    )


@cache
def _lists() -> tuple[tuple[int, tuple[int, ...], tuple[tuple[CellKey, _Terms], ...]], ...]:
    """Every list of fixed lines: its form, the coordinates that its lines ask about, and the terms of its cells."""
    lists = []
    for form in FORMS.values():
        for entry in form.lists:
            cells = tuple(((line.id, entry.id), _terms(line.where)) for line in entry.lines)
            lists.append((form.no, tuple(sorted({at for _, terms in cells for at, _, _ in terms})), cells))
    return tuple(lists)


@cache
def _one(cells: tuple[CellKey, ...]) -> tuple[CellKey, ...]:
    """Of equal tuples always the same, so that lines that add to the same cells can be told by identity."""
    return cells


Projections = tuple[dict[int, tuple[str, ...]], dict[int, tuple[CellKey, ...]]]


def projections(atom: Atom) -> Projections:
    """What a line adds to: form → money columns, in whichever rows are its own, and form → cells of fixed lists.

    Forms that it adds nothing to are left out. Equal tuples of cells are the same object.
    """
    # unit, function and project say which row it is, not which column; lists tell functions by class (类)
    statement, _, fund, nature, functional, department, government, item, _ = atom
    return _projections(Atom(statement, "", fund, nature, functional[:3], department, government, item))


@lru_cache(maxsize=100_000)
def _projections(atom: Atom) -> Projections:
    cells_of: dict[int, tuple[CellKey, ...]] = {}
    for number, (no, coordinates, _) in enumerate(_lists()):
        alike = Atom(*(code if at in coordinates else "" for at, code in enumerate(atom)))
        cells_of[no] = cells_of.get(no, ()) + _cells_of_list(number, alike)
    return _money_columns(atom._replace(functional="")), {no: _one(cells) for no, cells in cells_of.items() if cells}


@lru_cache(maxsize=100_000)
def _money_columns(atom: Atom) -> dict[int, tuple[str, ...]]:
    found = {
        no: tuple(column_id for column_id, terms in columns if _holds(terms, atom))
        for no, form_terms, columns in _columns()
        if _holds(form_terms, atom)
    }
    return {no: columns for no, columns in found.items() if columns}


@lru_cache(maxsize=100_000)
def _cells_of_list(number: int, atom: Atom) -> tuple[CellKey, ...]:
    return tuple(key for key, terms in _lists()[number][2] if _holds(terms, atom))


def place_in(layout: Layout, atom: Atom) -> tuple[str, ...]:
    """What decides in which rows of such a form a line stands."""
    match layout:
        case Layout.FUNCTIONS:
            return atom.unit, atom.functional
        case Layout.SPECIAL_FUNDS:
            return atom.unit, atom.project
        case Layout.UNITS:
            return (atom.unit,)
        case Layout.ECONOMIC:
            return (atom.department_economic,)
        case Layout.PROJECT_SHEET:
            return (atom.project,)
        case _:
            return ()


def rows_of(form: Form, atom: Atom) -> tuple[str, ...]:
    """Keys of the rows that a line adds to, from the coarsest to its own."""
    unit = atom.unit
    match form.layout:
        case Layout.FUNCTIONS | Layout.UNITS | Layout.SPECIAL_FUNDS:
            rows = ["total", unit[:3]]
            if len(unit) > 3:
                rows.append(unit)
            if form.layout is Layout.FUNCTIONS:
                code = atom.functional
                rows += [f"{unit}/{code[:size]}" for size in (3, 5, 7) if len(code) >= size]
            elif form.layout is Layout.SPECIAL_FUNDS and atom.project:
                rows.append(f"{unit}/{atom.project}")
            return tuple(rows)
        case Layout.ECONOMIC:
            code = atom.department_economic
            return ("total", *(code[:size] for size in (3, 5) if len(code) >= size))
        case Layout.PROJECT_SHEET:
            return (atom.project,)
        case Layout.DEPARTMENT_SHEET:
            return ("budget",)
        case Layout.LISTS:
            return ()


def cells_of(form: Form, atom: Atom) -> list[CellKey]:
    """Keys of all cells of a form that a line adds to."""
    columns, cells = projections(atom)
    rows = rows_of(form, atom)
    return [*cells.get(form.no, ()), *((row, column) for row in rows for column in columns.get(form.no, ()))]
