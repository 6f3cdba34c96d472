"""Typical faults of clerks in whole rows and forms: documents with one fault of a known kind.

Each fault changes the text of a consistent document at a random place (seeded). The result is None if the document has
no such place.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from loader.filing.filed import FiledForm
from schema.forms.template import Role
from synthetic.budgets import CENT_OF_WAN, Budget, functional_items
from synthetic.deviations import filed
from synthetic.rendering import FORMS, render

BY_FUNCTION = (3, 4, 5, 7, 9, 10, 11, 12, 13, 14, 16, 17, 18)


@dataclass(frozen=True)
class Faulty:
    """The text of a document with a fault, and the wrong form and row."""

    text: str
    form: int
    row: str = ""


class _Text:
    """The lines of a document, with the places of the rows of its forms."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.forms: dict[int, FiledForm] = {form.report_no: form for form in filed(text).forms if form.report_no}

    def rows(self, form: int) -> dict[str, int]:
        """Row → the index of its line, for rows with figures."""
        found: dict[str, int] = {}
        for cell in self.forms[form].cells if form in self.forms else ():
            if cell.row_key and cell.amount:
                found.setdefault(cell.row_key, cell.source_row - 1)
        return found

    def finest(self, form: int) -> dict[str, int]:
        """The rows without rows below them, like :meth:`rows`."""
        rows = self.rows(form)
        template = FORMS[form].rows
        assert template is not None
        above = {held for row in rows for held in template.above(row)}
        return {row: at for row, at in rows.items() if row not in above}

    def first_column(self, form: int) -> int:
        """The index of the first column of money."""
        return min(cell.column_no for cell in self.forms[form].cells if cell.statements) - 1

    def edited(self, changes: dict[int, str | None], form: int, row: str = "") -> Faulty:
        """The document with some lines replaced, or removed if None."""
        lines = [changes.get(number, line) for number, line in enumerate(self.lines)]
        return Faulty("\n".join(line for line in lines if line is not None), form, row)


def _some_row(text: _Text, chance: random.Random, least: int = 1) -> tuple[int, str, int] | None:
    """A form by function, one of its finest rows, and the line of that row.

    Only forms with at least ``least`` finest rows.
    """
    forms = [form for form in BY_FUNCTION if len(text.finest(form)) >= least]
    if not forms:
        return None
    form = chance.choice(forms)
    row, at = chance.choice(sorted(text.finest(form).items()))
    return form, row, at


def shift_row(budget: Budget, chance: random.Random) -> Faulty | None:
    """All figures of a row moved one column to the right."""
    text = _Text(render(budget))
    if (place := _some_row(text, chance)) is None:
        return None
    form, row, at = place
    cells = text.lines[at].split("\t")
    first = text.first_column(form)
    return text.edited({at: "\t".join([*cells[:first], "", *cells[first:-1]])}, form, row)


def swap_rows(budget: Budget, chance: random.Random) -> Faulty | None:
    """The figures of two rows exchanged."""
    text = _Text(render(budget))
    if (place := _some_row(text, chance, least=2)) is None:
        return None
    form, row, at = place
    other = chance.choice(sorted(line for name, line in text.finest(form).items() if name != row))
    first = text.first_column(form)
    one, two = text.lines[at].split("\t"), text.lines[other].split("\t")
    if one[first:] == two[first:]:
        return None
    changes: dict[int, str | None] = {
        at: "\t".join([*one[:first], *two[first:]]),
        other: "\t".join([*two[:first], *one[first:]]),
    }
    return text.edited(changes, form, row)


def exchange_columns(budget: Budget, chance: random.Random) -> Faulty | None:
    """The figures of 基本支出 and 项目支出 exchanged, or of 人员经费 and 公用经费."""
    text = _Text(render(budget))
    places = []
    for form, columns in ((3, ("basic", "project")), (8, ("staff", "public"))):
        if form in text.forms and len(text.rows(form)) > 1:
            at = {cell.column_key: cell.column_no - 1 for cell in text.forms[form].cells if cell.statements}
            places += [(form, *(at[column] for column in columns))] if at.keys() >= {*columns} else []
    if not places:
        return None
    form, one, other = chance.choice(places)
    changes: dict[int, str | None] = {}
    for line in text.rows(form).values():
        cells = text.lines[line].split("\t")
        cells[one], cells[other] = cells[other], cells[one]
        changes[line] = "\t".join(cells)
    return text.edited(changes, form)


def misplace_row(budget: Budget, chance: random.Random) -> Faulty | None:
    """A row under another function of the same group."""
    text = _Text(render(budget))
    if (place := _some_row(text, chance)) is None:
        return None
    form, row, at = place
    unit, _, code = row.partition("/")
    others = [
        other for other in functional_items() if other[:5] == code[:5] and f"{unit}/{other}" not in text.rows(form)
    ]
    if len(code) != 7 or not others:
        return None
    other = chance.choice(others)
    cells = text.lines[at].split("\t")
    item = code[5:]
    named = {column.id for column in FORMS[form].columns if column.role is Role.NAME}
    for cell in text.forms[form].cells:
        if cell.row_key == row and not cell.statements:
            if cell.text == code:
                cells[cell.column_no - 1] = other
            elif cell.column_key == "functional_item" and cell.text == item:
                cells[cell.column_no - 1] = other[5:]
            elif cell.column_key in named:
                cells[cell.column_no - 1] = functional_items()[other]
    return text.edited({at: "\t".join(cells)}, form, f"{unit}/{other}")


def omit_row(budget: Budget, chance: random.Random) -> Faulty | None:
    """A row left out."""
    text = _Text(render(budget))
    if (place := _some_row(text, chance, least=2)) is None:
        return None
    form, row, at = place
    return text.edited({at: None}, form, row)


def repeat_row(budget: Budget, chance: random.Random) -> Faulty | None:
    """A row printed twice."""
    text = _Text(render(budget))
    if (place := _some_row(text, chance)) is None:
        return None
    form, row, at = place
    return text.edited({at: f"{text.lines[at]}\n{text.lines[at]}"}, form, row)


def omit_unit(budget: Budget, chance: random.Random) -> Faulty | None:
    """All rows of a unit left out of a form."""
    text = _Text(render(budget))
    codes = {unit.code for unit in budget.units}
    places = [
        (form, unit)
        for form in BY_FUNCTION
        for unit in sorted(codes & text.rows(form).keys())
        if len(codes & text.rows(form).keys()) > 1
    ]
    if not places:
        return None
    form, unit = chance.choice(places)
    lost = {at: None for row, at in text.rows(form).items() if row.partition("/")[0] == unit}
    return text.edited({**lost}, form, unit)


def omit_project(budget: Budget, chance: random.Random) -> Faulty | None:
    """A project left out of form 21."""
    text = _Text(render(budget))
    projects = {row: at for row, at in text.rows(21).items() if "/" in row}
    if not projects:
        return None
    row, at = chance.choice(sorted(projects.items()))
    return text.edited({at: None}, 21, row)


def leave_out_part(budget: Budget, chance: random.Random) -> Faulty | None:
    """The sums above a row without the row's figures. The row itself is printed."""
    text = _Text(render(budget))
    if (place := _some_row(text, chance, least=2)) is None:
        return None
    form, row, at = place
    template = FORMS[form].rows
    assert template is not None
    first = text.first_column(form)
    part = text.lines[at].split("\t")
    changes: dict[int, str | None] = {}
    for held in template.above(row):
        if held in text.rows(form):
            line = text.rows(form)[held]
            cells = text.lines[line].split("\t")
            for column in range(first, len(cells)):
                cells[column] = _less(cells[column], part[column])
            changes[line] = "\t".join(cells)
    return text.edited(changes, form, row)


def _less(total: str, part: str) -> str:
    cents = round(float(total or 0) * 100) - round(float(part or 0) * 100)
    return f"{cents // 100}.{cents % 100:02}" if cents else ""


def stale_total(budget: Budget, chance: random.Random) -> Faulty | None:
    """A figure changed in all forms, but not in the sums of one."""
    return _stale(budget, chance, sums_only=True)


def stale_form(budget: Budget, chance: random.Random) -> Faulty | None:
    """A figure changed in all forms but one."""
    return _stale(budget, chance, sums_only=False)


def _stale(budget: Budget, chance: random.Random, sums_only: bool) -> Faulty | None:
    before = _Text(render(budget))
    lines = sorted(entry for entry in budget.amounts if entry.statement == "expenditure" and entry.functional)
    entry = chance.choice(lines)
    delta = chance.randint(100, 3000) * CENT_OF_WAN
    amounts = dict(budget.amounts)
    amounts[entry] += delta
    for other in sorted(amounts):
        if other.statement == "revenue" and other.unit == entry.unit:
            amounts[other] += delta
            break
    after = _Text(render(replace(budget, amounts=amounts)))
    if len(before.lines) != len(after.lines):
        return None
    stale: dict[int, dict[int, str | None]] = {}
    for form in BY_FUNCTION:
        finest = set(after.finest(form).values()) if sums_only else set()
        kept = {at for at in after.rows(form).values() if at not in finest}
        stale[form] = {at: before.lines[at] for at in kept if before.lines[at] != after.lines[at]}
    forms = [form for form, lines_of in stale.items() if lines_of]
    if not forms:
        return None
    form = chance.choice(forms)
    return after.edited(stale[form], form)


def paste_twice(budget: Budget, chance: random.Random) -> Faulty | None:
    """A form pasted twice, with its title."""
    text = _Text(render(budget))
    forms = [form for form in (*BY_FUNCTION, 8) if len(text.rows(form)) > 1]
    if not forms:
        return None
    form = chance.choice(forms)
    title = text.lines.index(FORMS[form].title)
    last = max(text.rows(form).values())
    again = "\n".join(["", *text.lines[title : last + 1]])
    return text.edited({last: f"{text.lines[last]}\n{again}"}, form)


def scale_form(budget: Budget, chance: random.Random) -> Faulty | None:
    """A form with amounts in 元 but the label 万元."""
    text = _Text(render(budget))
    forms = [form for form in BY_FUNCTION if len(text.rows(form)) > 2]
    if not forms:
        return None
    form = chance.choice(forms)
    first = text.first_column(form)
    changes: dict[int, str | None] = {}
    for at in text.rows(form).values():
        cells = text.lines[at].split("\t")
        cells[first:] = [f"{round(float(cell) * 100) * 100}.00" if cell else "" for cell in cells[first:]]
        changes[at] = "\t".join(cells)
    return text.edited(changes, form)


def other_year(budget: Budget, chance: random.Random) -> Faulty | None:
    """A form of another year, with the same lines but other amounts."""
    amounts = {
        entry: amount + amount * chance.randint(1, 9) // 100 // CENT_OF_WAN * CENT_OF_WAN
        for entry, amount in budget.amounts.items()
    }
    text, other = _Text(render(budget)), _Text(render(replace(budget, amounts=amounts)))
    forms = [
        form for form in BY_FUNCTION if sum(text.lines[at] != other.lines[at] for at in text.finest(form).values()) > 1
    ]
    if len(text.lines) != len(other.lines) or not forms:
        return None
    form = chance.choice(forms)
    return text.edited({at: other.lines[at] for at in text.rows(form).values()}, form)


# fault → its function and the kinds of findings that name it
FAULTS: dict[str, tuple[Callable[[Budget, random.Random], Faulty | None], tuple[str, ...]]] = {
    "a row shifted by a column": (shift_row, ("row_shifted",)),
    "two rows swapped": (swap_rows, ("rows_swapped",)),
    "two columns exchanged": (exchange_columns, ("columns_swapped",)),
    "a row under another function": (misplace_row, ("row_misplaced",)),
    "a row left out": (omit_row, ("row_omitted", "unit_omitted")),
    "a row printed twice": (repeat_row, ("row_twice",)),
    "a unit left out": (omit_unit, ("unit_omitted",)),
    "a project left out": (omit_project, ("project_omitted",)),
    "a sum without one of its parts": (leave_out_part, ("child_left_out",)),
    "sums not brought up to date": (stale_total, ("stale_total", "child_left_out")),
    "a form not brought up to date": (stale_form, ("stale_form",)),
    "a form pasted twice": (paste_twice, ("form_pasted_twice", "duplicate_form")),
    "a form in 元 that says 万元": (scale_form, ("scaled_form",)),
    "a form of another year": (other_year, ("foreign_form",)),
}
