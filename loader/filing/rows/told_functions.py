"""Rows of functions whose names alone stand for several codes: told by a form that holds all their money."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from loader.documents.wording import label
from loader.filing.known_names import codes_named, known_names
from loader.filing.printed_codes import CLASS_DIGITS
from loader.filing.rows.levels import is_printed_level
from schema.forms.template import Coordinate, Form, Statement


class FunctionRow(NamedTuple):
    """A row of a function. ``unit`` is "" in a form without units, ``code`` None if the name alone does not tell it.
    ``number`` counts the rows of functions of a form from 0: forms that go on over sheets have equal rows of these."""

    unit: str
    name: str
    code: str | None
    number: int


def told_functions(forms: Sequence[tuple[Form, Sequence[FunctionRow]]]) -> list[dict[int, str]]:
    """For each form its rows without codes that another one tells: number → code.

    A form that holds all its money, and whose codes are all known, has every function of a unit. A name that this one
    has once is known then. Of several codes of one name a row has the one that its place leaves it, if the rows of its
    unit follow the order of the codes.
    """
    found: list[dict[int, str]] = []
    for form, rows in forms:
        told: dict[int, str] = {}
        if any(row.code is None for row in rows):
            for other, other_rows in forms:
                if other is not form and _holds(other, form):
                    told = _told(form, rows, _by_unit(other_rows)) | told
        found.append(told)
    return found


def untold(rows: Iterable[FunctionRow], year: int) -> set[tuple[str, str]]:
    """Unit and 类 of all functions that the rows without a code may be."""
    named = codes_named("functional", year)
    return {
        (row.unit, code[:CLASS_DIGITS]) for row in rows if row.code is None for code in named.get(label(row.name), ())
    }


def _holds(other: Form, form: Form) -> bool:
    """Whether another form by function prints all spending that a form prints, and perhaps more."""
    if not other.is_by(Coordinate.FUNCTIONAL) or form.where.statement != (Statement.EXPENDITURE,):
        return False
    return all(
        not held or (asked and all(prefix.startswith(held) for prefix in asked))
        for held, asked in zip(other.where.coordinates(), form.where.coordinates(), strict=True)
    )


def _told(form: Form, rows: Sequence[FunctionRow], others: Mapping[str, Sequence[FunctionRow]]) -> dict[int, str]:
    assert form.rows is not None
    told: dict[int, str] = {}
    for unit, of_unit in _by_unit(rows).items():
        known = {row.code for row in others.get(unit, ())}
        if all(row.code for row in of_unit) or None in known:
            continue
        printed = {row.code for row in of_unit}
        free = [code for code in known if code and code not in printed and is_printed_level(form.rows, code)]
        options = [[row.code] if row.code else _named(row.name, free) for row in of_unit]
        found = _by_place(options) or [codes[0] if len(codes) == 1 else None for codes in options]
        times = Counter(found)
        told |= {
            row.number: code
            for row, code in zip(of_unit, found, strict=True)
            if row.code is None and code is not None and times[code] == 1
        }
    return told


def _by_unit(rows: Iterable[FunctionRow]) -> dict[str, list[FunctionRow]]:
    found: dict[str, list[FunctionRow]] = defaultdict(list)
    for row in rows:
        found[row.unit].append(row)
    return found


def _named(name: str, codes: Iterable[str]) -> list[str]:
    """Those of the codes that have or had this name, in order."""
    known = known_names("functional")
    return sorted(code for code in codes if label(name) in known.get(code, ()))


def _by_place(options: Sequence[Sequence[str]]) -> list[str | None] | None:
    """The code of each row, of those that it may have, if the codes rise from row to row: None for a row with several
    such codes or none. None if they cannot rise."""
    lowest: list[str | None] = []
    last = ""
    for codes in options:
        lowest.append(min((code for code in codes if code > last), default=None))
        last = lowest[-1] or last
    highest: list[str | None] = []
    following = ":"  # behind all digits
    for codes in reversed(options):
        highest.append(max((code for code in codes if code < following), default=None))
        following = highest[-1] or following
    ends = [*zip(lowest, reversed(highest), strict=True)]
    if any(codes and None in pair for codes, pair in zip(options, ends, strict=True)):
        return None
    return [low if low == high else None for low, high in ends]
