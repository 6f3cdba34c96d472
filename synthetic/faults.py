"""Typical faults of clerks in whole rows and forms: documents with one fault of a known kind.

Each fault changes the text of a consistent document of any set of forms at a random place (seeded). The result is None
if the document has no such place.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from loader.filing.filed import FiledForm
from schema.forms import FORMS
from schema.forms.template import Coordinate, Role
from synthetic.budgets import CENT_OF_WAN, Budget, functional_items
from synthetic.deviations import filed
from synthetic.rendering import render
from synthetic.set_documents import Account, text_of

Document = Budget | Account
_LONE = ("r19", "r20")  # of funds of which they alone show the functions


@dataclass(frozen=True)
class Faulty:
    """The text of a document with a fault, and the wrong form and row.

    ``changes``: the lines of the right ``document`` that are others in the text, None for one that is left out.
    """

    text: str
    form_id: str
    row: str
    document: Document
    changes: Mapping[int, str | None]

    @property
    def form(self) -> int | None:
        """The number of the form among the 23."""
        return FORMS[self.form_id].report_no


def lines_of(document: Document) -> list[str]:
    """The lines of the right document."""
    return (render(document) if isinstance(document, Budget) else text_of(document)).split("\n")


def changed(lines: Sequence[str], changes: Mapping[int, str | None]) -> str:
    """The text of lines of which some are others, or left out if None."""
    shown = (changes.get(number, line) for number, line in enumerate(lines))
    return "\n".join(line for line in shown if line is not None)


class _Text:
    """The lines of a document, with the places of the rows of its forms."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines = lines_of(document)
        disclosure = filed("\n".join(self.lines))
        self.forms: dict[str, FiledForm] = {form.form_id: form for form in disclosure.forms if form.form_id}

    @property
    def by_function(self) -> list[str]:
        """The forms with rows of functions."""
        return [form for form in self.forms if FORMS[form].is_by(Coordinate.FUNCTIONAL) and form not in _LONE]

    def rows(self, form: str) -> dict[str, int]:
        """Row → the index of its line, for rows with figures."""
        found: dict[str, int] = {}
        for cell in self.forms[form].cells if form in self.forms else ():
            if cell.row_key and cell.amount:
                found.setdefault(cell.row_key, cell.source_row - 1)
        return found

    def finest(self, form: str) -> dict[str, int]:
        """The rows without rows below them, like :meth:`rows`."""
        rows = self.rows(form)
        template = FORMS[form].rows
        assert template is not None
        above = {held for row in rows for held in template.above(row)}
        return {row: at for row, at in rows.items() if row not in above}

    def units(self, form: str) -> list[str]:
        """The rows of units that are split by function."""
        rows = self.rows(form)
        return sorted({row.partition("/")[0] for row in rows if "/" in row} & rows.keys())

    def first_column(self, form: str) -> int:
        """The index of the first column of money."""
        return min(self.places(form).values())

    def places(self, form: str) -> dict[str, int]:
        """Column → its index, for the columns of money."""
        return {
            cell.column_key: cell.column_no - 1
            for cell in self.forms[form].cells
            if cell.statements and cell.column_key
        }

    def edited(self, changes: dict[int, str | None], form: str, row: str = "") -> Faulty:
        """The document with some lines replaced, or removed if None."""
        return Faulty(changed(self.lines, changes), form, row, self.document, changes)


def _some_row(text: _Text, chance: random.Random, least: int = 1) -> tuple[str, str, int] | None:
    """A form by function, one of its finest rows, and the line of that row.

    Only forms with at least ``least`` finest rows.
    """
    forms = [form for form in text.by_function if len(text.finest(form)) >= least]
    if not forms:
        return None
    form = chance.choice(forms)
    row, at = chance.choice(sorted(text.finest(form).items()))
    return form, row, at


def shift_row(document: Document, chance: random.Random) -> Faulty | None:
    """All figures of a row moved one column to the right."""
    text = _Text(document)
    if (place := _some_row(text, chance)) is None:
        return None
    form, row, at = place
    if len(text.places(form)) < 2:
        return None
    cells = text.lines[at].split("\t")
    first = text.first_column(form)
    return text.edited({at: "\t".join([*cells[:first], "", *cells[first:-1]])}, form, row)


def swap_rows(document: Document, chance: random.Random) -> Faulty | None:
    """The figures of two rows exchanged."""
    text = _Text(document)
    if (place := _some_row(text, chance, least=2)) is None:
        return None
    form, row, _ = place
    return _swapped(text, form, row, chance)


def exchange_columns(document: Document, chance: random.Random) -> Faulty | None:
    """The figures of 基本支出 and 项目支出 exchanged, or of 人员经费 and 公用经费."""
    text = _Text(document)
    usual = {
        (form, *columns)
        for form in text.forms
        for columns in (("basic", "project"), ("staff", "public"))
        if len(text.rows(form)) > 1 and text.places(form).keys() >= {*columns}
    }
    return _exchanged(text, sorted(usual), chance)


def exchange_any_columns(document: Document, chance: random.Random) -> Faulty | None:
    """The figures of any two columns of a form exchanged, neither of which is a sum of the other and more."""
    text = _Text(document)
    places = []
    for form in text.forms:
        if len(text.rows(form)) < 2:
            continue
        shown = {cell.column_key for cell in text.forms[form].cells if cell.statements and cell.amount}
        parts = {column.id: {*column.parts} for column in FORMS[form].money_columns}
        for one, other in combinations(sorted(column for column in shown if column in parts), 2):
            if not (_beneath(one, parts) & {other} or _beneath(other, parts) & {one}):
                places.append((form, one, other))
    return _exchanged(text, places, chance)


def _beneath(column: str, parts: Mapping[str, set[str]]) -> set[str]:
    found = {*parts[column]}
    for part in parts[column]:
        found |= _beneath(part, parts) if part in parts else set()
    return found


def _exchanged(text: _Text, places: Sequence[tuple[str, str, str]], chance: random.Random) -> Faulty | None:
    if not places:
        return None
    form, left, right = chance.choice(places)
    at = text.places(form)
    one, other = at[left], at[right]
    changes: dict[int, str | None] = {}
    for line in text.rows(form).values():
        cells = text.lines[line].split("\t")
        cells += [""] * (max(one, other) + 1 - len(cells))
        if cells[one] != cells[other]:
            cells[one], cells[other] = cells[other], cells[one]
            changes[line] = "\t".join(cells)
    finest = [line for line in text.finest(form).values() if line in changes]
    return text.edited(changes, form) if len(finest) > 1 else None


def swap_projects(document: Document, chance: random.Random) -> Faulty | None:
    """The figures of two projects exchanged in the form of projects."""
    text = _Text(document)
    return _swapped(text, "r21", _any_row(text, "r21", chance), chance)


def swap_units(document: Document, chance: random.Random) -> Faulty | None:
    """The figures of two units exchanged in the form of revenue."""
    text = _Text(document)
    return _swapped(text, "r02", _any_row(text, "r02", chance), chance)


def _any_row(text: _Text, form: str, chance: random.Random) -> str | None:
    rows = text.finest(form) if form in text.forms else {}
    return chance.choice(sorted(rows)) if len(rows) > 1 else None


def _swapped(text: _Text, form: str, row: str | None, chance: random.Random) -> Faulty | None:
    if row is None:
        return None
    at = text.finest(form)[row]
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


def move_figure(document: Document, chance: random.Random) -> Faulty | None:
    """A figure in a wrong column that is blank in its row, and so in the sums of that column above it."""
    text = _Text(document)
    places = []
    for form in text.by_function:
        finest = text.finest(form)
        parts = {column.id: column.parts for column in FORMS[form].money_columns}
        for cell in text.forms[form].cells:
            if cell.row_key in finest and cell.amount and cell.column_key in parts and not parts[cell.column_key]:
                places.append((form, str(cell.row_key), cell.column_key))
    if not places:
        return None
    form, row, column = chance.choice(places)
    parents = [one for one in FORMS[form].money_columns if column in one.parts]
    beside = [part for parent in parents for part in parent.parts if part != column and part in text.places(form)]
    blank = [*text.lines[text.rows(form)[row]].split("\t"), *[""] * len(text.places(form))]
    beside = [part for part in beside if not FORMS[form].column(part).parts and not blank[text.places(form)[part]]]
    if not beside:
        return None
    at, to = (text.places(form)[one] for one in (column, chance.choice(beside)))
    template = FORMS[form].rows
    assert template is not None
    rows = text.rows(form)
    moved = text.lines[rows[row]].split("\t")[at]
    changes: dict[int, str | None] = {}
    for line in (rows[held] for held in (row, *template.above(row)) if held in rows):
        cells = text.lines[line].split("\t")
        cells += [""] * (max(at, to) + 1 - len(cells))
        cells[at], cells[to] = _less(cells[at], moved), _less(cells[to], f"-{moved}")
        changes[line] = "\t".join(cells)
    return text.edited(changes, form, row)


def misplace_row(document: Document, chance: random.Random) -> Faulty | None:
    """A row under another function of the same group."""
    text = _Text(document)
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


def omit_row(document: Document, chance: random.Random) -> Faulty | None:
    """A row left out."""
    text = _Text(document)
    if (place := _some_row(text, chance, least=2)) is None:
        return None
    form, row, at = place
    return text.edited({at: None}, form, row)


def repeat_row(document: Document, chance: random.Random) -> Faulty | None:
    """A row printed twice."""
    text = _Text(document)
    if (place := _some_row(text, chance)) is None:
        return None
    form, row, at = place
    return text.edited({at: f"{text.lines[at]}\n{text.lines[at]}"}, form, row)


def omit_unit(document: Document, chance: random.Random) -> Faulty | None:
    """All rows of a unit left out of a form."""
    text = _Text(document)
    places = [(form, unit) for form in text.by_function if len(text.units(form)) > 1 for unit in text.units(form)]
    if not places:
        return None
    form, unit = chance.choice(places)
    lost = {at: None for row, at in text.rows(form).items() if row.partition("/")[0] == unit}
    return text.edited({**lost}, form, unit)


def omit_row_and_sums(document: Document, chance: random.Random) -> Faulty | None:
    """A row left out, and its figures left out of the sums above it."""
    text = _Text(document)
    if (place := _some_row(text, chance, least=2)) is None:
        return None
    form, row, at = place
    return text.edited({**_without_part(text, form, row, text.lines[at].split("\t")), at: None}, form, row)


def omit_unit_and_sums(document: Document, chance: random.Random) -> Faulty | None:
    """A unit left out of the form of revenue, and of its sums."""
    text = _Text(document)
    units = {row: at for row, at in text.rows("r02").items() if len(row) == 6} if "r02" in text.forms else {}
    if len(units) < 2:
        return None
    unit, at = chance.choice(sorted(units.items()))
    return text.edited({**_without_part(text, "r02", unit, text.lines[at].split("\t")), at: None}, "r02", unit)


def merge_rows(document: Document, chance: random.Random) -> Faulty | None:
    """A row merged into another one beneath the same sum."""
    text = _Text(document)
    if (place := _some_row(text, chance, least=2)) is None:
        return None
    form, row, at = place
    template = FORMS[form].rows
    assert template is not None
    parent = next(held for held in template.above(row) if held in text.rows(form))
    beside = [
        other
        for other in text.finest(form)
        if other != row and next(held for held in template.above(other) if held in text.rows(form)) == parent
    ]
    if not beside:
        return None
    into = text.rows(form)[chance.choice(beside)]
    first = text.first_column(form)
    own, cells = text.lines[at].split("\t"), text.lines[into].split("\t")
    own += [""] * (len(cells) - len(own))
    cells += [""] * (len(own) - len(cells))
    sums = [_less(cell, f"-{part}" if part else "") for cell, part in zip(cells[first:], own[first:], strict=True)]
    return text.edited({into: "\t".join([*cells[:first], *sums]), at: None}, form, row)


def figure_in_row_above(document: Document, chance: random.Random) -> Faulty | None:
    """A figure of a finest column typed one row too high, where its column is blank."""
    text = _Text(document)
    places = []
    for form in text.by_function:
        finest = sorted(text.finest(form).items(), key=lambda place: place[1])
        figures = {(cell.row_key, cell.column_key) for cell in text.forms[form].cells if cell.amount}
        columns = [column.id for column in FORMS[form].money_columns if not column.parts]
        for (above, at), (row, own) in pairwise(finest):
            free = [column for column in columns if (row, column) in figures and (above, column) not in figures]
            places += [(form, row, at, own, column) for column in free if own == at + 1]
    if not places:
        return None
    form, row, at, own, column = chance.choice(places)
    place = text.places(form)[column]
    upper, cells = text.lines[at].split("\t"), text.lines[own].split("\t")
    upper += [""] * (len(cells) - len(upper))
    upper[place], cells[place] = cells[place], ""
    return text.edited({at: "\t".join(upper), own: "\t".join(cells)}, form, row)


def leave_out_item(document: Document, chance: random.Random) -> Faulty | None:
    """The totals of 三公 without one of its items, in every row."""
    text = _Text(document)
    if "r15" not in text.forms:
        return None
    figures = {(cell.row_key, cell.column_key): cell for cell in text.forms["r15"].cells if cell.amount}
    items = sorted({column for _, column in figures if column and not FORMS["r15"].column(column).parts})
    if len(items) < 2:
        return None
    item = chance.choice(items)
    place, total = text.places("r15")[item], text.places("r15")["total"]
    changes: dict[int, str | None] = {}
    for at in text.rows("r15").values():
        cells = text.lines[at].split("\t")
        if place < len(cells):
            cells[total] = _less(cells[total], cells[place])
        changes[at] = "\t".join(cells)
    return text.edited(changes, "r15")


def misspell_figure(document: Document, chance: random.Random) -> Faulty | None:
    """A comma for the point of a figure."""
    text = _Text(document)
    if (place := _some_row(text, chance)) is None:
        return None
    form, row, at = place
    cells = text.lines[at].split("\t")
    column = chance.choice(
        [number for number in text.places(form).values() if "." in "".join(cells[number : number + 1])]
    )
    cells[column] = cells[column].replace(".", ",")
    return text.edited({at: "\t".join(cells)}, form, row)


def swap_digits(document: Document, chance: random.Random) -> Faulty | None:
    """Two digits of a figure swapped."""
    text = _Text(document)
    if (place := _some_row(text, chance)) is None:
        return None
    form, row, at = place
    cells = text.lines[at].split("\t")
    places = []
    for column in text.places(form).values():
        shown = cells[column].replace(".", "") if column < len(cells) else ""
        places += [(column, k) for k in range(len(shown) - 1) if shown[k] != shown[k + 1]]
    if not places:
        return None
    column, k = chance.choice(places)
    digits = [*cells[column].replace(".", "")]
    digits[k], digits[k + 1] = digits[k + 1], digits[k]
    cells[column] = f"{''.join(digits[:-2])}.{''.join(digits[-2:])}"
    return text.edited({at: "\t".join(cells)}, form, row)


def omit_project(document: Document, chance: random.Random) -> Faulty | None:
    """A project left out of form 21."""
    text = _Text(document)
    projects = {row: at for row, at in text.rows("r21").items() if "/" in row}
    if not projects:
        return None
    row, at = chance.choice(sorted(projects.items()))
    return text.edited({at: None}, "r21", row)


def omit_project_and_sums(document: Document, chance: random.Random) -> Faulty | None:
    """A project left out of form 21 and of its sums. Without a sheet of goals nothing contradicts that."""
    text = _Text(document)
    projects = {row: at for row, at in text.rows("r21").items() if "/" in row}
    if len(projects) < 2:
        return None
    row, at = chance.choice(sorted(projects.items()))
    return text.edited({**_without_part(text, "r21", row, text.lines[at].split("\t")), at: None}, "r21", row)


def leave_out_part(document: Document, chance: random.Random) -> Faulty | None:
    """The sums above a row without the row's figures. The row itself is printed."""
    text = _Text(document)
    if (place := _some_row(text, chance, least=2)) is None:
        return None
    form, row, at = place
    return text.edited(_without_part(text, form, row, text.lines[at].split("\t")), form, row)


def _without_part(text: _Text, form: str, row: str, part: Sequence[str]) -> dict[int, str | None]:
    """The sums above a row without its figures, by line. None for a sum of nothing else."""
    template = FORMS[form].rows
    assert template is not None
    first = text.first_column(form)
    changes: dict[int, str | None] = {}
    for held in template.above(row):
        if held in text.rows(form):
            line = text.rows(form)[held]
            cells = text.lines[line].split("\t")
            for column in range(first, min(len(cells), len(part))):
                cells[column] = _less(cells[column], part[column])
            changes[line] = "\t".join(cells) if any(cells[first:]) else None
    return changes


def _less(total: str, part: str) -> str:
    cents = round(float(total or 0) * 100) - round(float(part or 0) * 100)
    return f"{cents // 100}.{cents % 100:02}" if cents else ""


def stale_total(document: Document, chance: random.Random) -> Faulty | None:
    """A figure changed in all forms, but not in the sums of one."""
    return _stale(document, chance, sums_only=True)


def stale_form(document: Document, chance: random.Random) -> Faulty | None:
    """A figure changed in all forms but one."""
    return _stale(document, chance, sums_only=False)


def _stale(document: Document, chance: random.Random, sums_only: bool) -> Faulty | None:
    before = _Text(document)
    lines = sorted(entry for entry in document.amounts if entry.statement == "expenditure" and entry.functional)
    entry = chance.choice(lines)
    delta = chance.randint(100, 3000) * CENT_OF_WAN
    amounts = dict(document.amounts)
    amounts[entry] += delta
    for other in sorted(amounts):
        is_paid_from = other.statement == "revenue" and other.unit == entry.unit
        is_own = other.fund.startswith(entry.fund) and other.functional in ("", entry.functional)
        if is_paid_from and (isinstance(document, Budget) or is_own):
            amounts[other] += delta
            break
    after = _Text(replace(document, amounts=amounts))
    if len(before.lines) != len(after.lines):
        return None
    stale: dict[str, dict[int, str | None]] = {}
    for form in after.by_function:
        finest = set(after.finest(form).values()) if sums_only else set()
        kept = {at for at in after.rows(form).values() if at not in finest}
        stale[form] = {at: before.lines[at] for at in kept if before.lines[at] != after.lines[at]}
    forms = [form for form, lines_of in stale.items() if lines_of]
    if not forms:
        return None
    form = chance.choice(forms)
    return after.edited(stale[form], form)


def paste_twice(document: Document, chance: random.Random) -> Faulty | None:
    """A form pasted twice, with its title."""
    text = _Text(document)
    forms = [form for form in (*text.by_function, "r08") if len(text.rows(form)) > 1]
    if not forms:
        return None
    form = chance.choice(forms)
    at = text.rows(form).values()
    first, last = min(at), max(at)
    if FORMS[form].title in text.lines:
        first = text.lines.index(FORMS[form].title)
    while text.lines[first] != FORMS[form].title and text.lines[first - 1].strip():
        first -= 1
    again = "\n".join(["", *text.lines[first : last + 1]])
    return text.edited({last: f"{text.lines[last]}\n{again}"}, form)


def scale_form(document: Document, chance: random.Random) -> Faulty | None:
    """A form with amounts in 元 but the label 万元."""
    text = _Text(document)
    forms = [form for form in text.by_function if len(text.rows(form)) > 2]
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


def other_year(document: Document, chance: random.Random) -> Faulty | None:
    """A form of another year, with the same lines but other amounts."""
    amounts = {
        entry: amount + amount * chance.randint(1, 9) // 100 // CENT_OF_WAN * CENT_OF_WAN
        for entry, amount in document.amounts.items()
    }
    text, other = _Text(document), _Text(replace(document, amounts=amounts))
    forms = [
        form
        for form in text.by_function
        if sum(text.lines[at] != other.lines[at] for at in text.finest(form).values()) > 1
    ]
    if len(text.lines) != len(other.lines) or not forms:
        return None
    form = chance.choice(forms)
    return text.edited({at: other.lines[at] for at in text.rows(form).values()}, form)


# fault → its function and the kinds of findings that name it
FAULTS: dict[str, tuple[Callable[[Document, random.Random], Faulty | None], tuple[str, ...]]] = {
    "a row shifted by a column": (shift_row, ("row_shifted",)),
    "two rows swapped": (swap_rows, ("rows_swapped",)),
    "two projects swapped": (swap_projects, ("rows_swapped",)),
    "two units swapped": (swap_units, ("rows_swapped",)),
    "two columns exchanged": (exchange_columns, ("columns_swapped",)),
    "any two columns exchanged": (exchange_any_columns, ("columns_swapped",)),
    "a figure in a wrong column": (move_figure, ("figure_misplaced",)),
    "a row under another function": (misplace_row, ("row_misplaced",)),
    "a row left out": (omit_row, ("row_omitted", "unit_omitted")),
    "a row printed twice": (repeat_row, ("row_twice",)),
    "a unit left out": (omit_unit, ("unit_omitted",)),
    "a project left out": (omit_project, ("project_omitted",)),
    "a row left out of its sums too": (omit_row_and_sums, ("row_omitted",)),
    "a unit left out of its sums too": (omit_unit_and_sums, ("unit_omitted",)),
    "two rows merged": (merge_rows, ("rows_merged",)),
    "a figure a row too high": (figure_in_row_above, ("figure_misplaced",)),
    "two digits swapped": (swap_digits, ("digits_swapped", "point_moved")),
    "a comma for a point": (misspell_figure, ("figure_unreadable",)),
    "三公 without an item": (leave_out_item, ("child_left_out",)),
    "a sum without one of its parts": (leave_out_part, ("child_left_out",)),
    "sums not brought up to date": (stale_total, ("stale_total", "child_left_out")),
    # one old figure in all its sums cannot be told from one typed wrong before it was added up
    "a form not brought up to date": (stale_form, ("stale_form", "figure_in_sums")),
    "a form pasted twice": (paste_twice, ("form_pasted_twice", "duplicate_form")),
    "a form in 元 that says 万元": (scale_form, ("scaled_form",)),
    "a form of another year": (other_year, ("foreign_form",)),
}
