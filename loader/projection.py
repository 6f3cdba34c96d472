"""Which cells of which form a ledger line adds to: the templates' selections, applied to one line.

This is what the report views do in SQL, seen from the line: it makes the equations of the ledger.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from schema.forms import FORMS
from schema.template import Form, Layout, Prefixes, Role, Where


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


def _selects(prefixes: Prefixes, code: str) -> bool:
    return not prefixes or any(code.startswith(p) if p else not code for p in prefixes)


def selects(where: Where, atom: Atom) -> bool:
    """Whether a selection of the templates holds this line."""
    return all(map(_selects, where.coordinates(), atom))


class Projection(NamedTuple):
    """What a line adds to in one form: money columns, in whichever rows are its own, or cells of fixed lists."""

    columns: tuple[str, ...]
    cells: tuple[CellKey, ...]


@lru_cache(maxsize=100_000)
def _projections(atom: Atom) -> dict[int, Projection]:
    found = {}
    for form in FORMS.values():
        cells = tuple(
            (line.id, line_list.id) for line_list in form.lists for line in line_list.lines if selects(line.where, atom)
        )
        columns: tuple[str, ...] = ()
        if selects(form.where, atom):
            columns = tuple(c.id for c in form.columns if c.role is Role.MONEY and selects(c.where, atom))
        if cells or columns:
            found[form.no] = Projection(columns, cells)
    return found


def projections(atom: Atom) -> dict[int, Projection]:
    """What a line adds to, form by form; forms that it adds nothing to are left out."""
    # units, projects and the ends of functional codes say which row it is, not which column
    statement, _, fund, nature, functional, department, government, item, _ = atom
    return _projections(Atom(statement, "", fund, nature, functional[:3], department, government, item))


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
    projection = projections(atom).get(form.no)
    if projection is None:
        return []
    return [*projection.cells, *((row, column) for row in rows_of(form, atom) for column in projection.columns)]
