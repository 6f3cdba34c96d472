"""Find the cell that a user means: rows and columns by key, label or printed place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from loader.documents.printed_row import PAGED, ROWS_A_PAGE, printed_row
from schema.forms.template import Form

_PRINTED_ROW = re.compile(r"@(\d+)|行(\d+)|第(\d+)行")
_PRINTED_ROW_OF_PAGE = re.compile(r"第(\d+)页第(\d+)行|page (\d+), row (\d+)")
_PRINTED_COLUMN = re.compile(r"@(\d+)|列(\d+)|第(\d+)列")
_MANY = 40  # names that an error lists


class NoSuchCell(Exception):
    """No cell has this address, or several have it. The message lists the possible ones."""


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a cell as the user gave it.

    ``row`` and ``column`` are keys, labels, ends of them (2010101 for 001001/2010101), or printed places. @92 or 行92
    is a row in the document, 第12页第16行 a row in a document of pages, @7 or 列7 a column of the form.
    """

    division_code: str
    unit_code: str
    fiscal_year: int
    form: Form
    row: str
    column: str
    revision: int | None = None


class FoundCell(NamedTuple):
    """A cell by the keys of its row and column; ``filed`` is its row of ``filed.cell``, None if none is printed."""

    row_key: str
    row_label: str | None
    column_key: str
    filed: Printed | None


Printed = Mapping[str, Any]  # a row of filed.cell
Labels = Mapping[str, str | None]  # key → label


def find_cell(
    asked: Address, printed: Sequence[Printed], file_format: str, rebuilt_rows: Callable[[], Labels]
) -> FoundCell:
    """Find the cell among the printed cells of the form and those that are only rebuilt.

    ``rebuilt_rows`` is called if no printed or declared row matches. NoSuchCell if no cell matches, or several do.
    """
    if (number := _printed_row(asked.row, file_format)) is not None:
        cells = _in_printed_row(asked, printed, file_format, number)
        rows = {cell["row_key"]: cell["row_label"] for cell in cells if cell["row_key"] is not None}
    else:
        labels = _row_labels(asked, printed, rebuilt_rows)
        row_key = _matching("row", asked.row, labels, asked.form)
        rows = {row_key: labels[row_key]}
        cells = [cell for cell in printed if cell["row_key"] == row_key]
    if place := _PRINTED_COLUMN.fullmatch(asked.column):
        filed = _in_printed_column(asked, cells, _number(place))
        return FoundCell(filed["row_key"], filed["row_label"], filed["column_key"], filed)
    column_key = _matching("column", asked.column, column_labels(asked.form, printed), asked.form)
    if not rows:
        raise NoSuchCell(f"row {asked.row} of form {asked.form.form_id} is part of its header, or not understood")
    cell = next((cell for cell in cells if cell["column_key"] == column_key), None)
    row_key = cell["row_key"] if cell else next(iter(rows))
    return FoundCell(row_key, rows[row_key], column_key, cell)


def _in_printed_row(asked: Address, printed: Sequence[Printed], file_format: str, number: int) -> list[Printed]:
    """The cells in a row of the document."""
    cells = [cell for cell in printed if cell["source_row"] == number]
    form = asked.form.form_id
    if not cells:
        numbers = [cell["source_row"] for cell in printed]
        if not numbers:
            raise NoSuchCell(f"form {form} prints nothing in row {number}, but nothing: the form is not filed")
        if file_format in PAGED:
            first, last = (printed_row(at, file_format) for at in (min(numbers), max(numbers)))
            asked_row = printed_row(number, file_format)
            raise NoSuchCell(f"form {form} prints nothing in {asked_row}; it is printed from {first} to {last}")
        expected = f"rows {min(numbers)} to {max(numbers)}"
        raise NoSuchCell(f"form {form} prints nothing in row {number}; it prints {expected}")
    if len({cell["row_no"] for cell in cells}) > 1:
        keys = "; ".join(sorted({cell["row_key"] for cell in cells if cell["row_key"] is not None}))
        raise NoSuchCell(f"form {form} has a row {number} on several sheets; say which row by its key: {keys}")
    return cells


def _in_printed_column(asked: Address, cells: Sequence[Printed], number: int) -> Printed:
    """The cell of a row in a column of the form."""
    at = [cell for cell in cells if cell["column_no"] == number]
    for cell in at:
        if cell["row_key"] and cell["column_key"]:
            return cell
    if at:
        printed = f"{at[0]['cell_text']!r}, a part of its header or not understood"
    else:
        columns_there = ", ".join(map(str, sorted({cell["column_no"] for cell in cells})))
        printed = f"nothing, but columns {columns_there}"
    raise NoSuchCell(f"form {asked.form.form_id}, {asked.row}, column {number} prints {printed}")


def _printed_row(text: str, file_format: str) -> int | None:
    """The number of a row given by its place in the document. None if the text is no place.

    NoSuchCell if it gives a page of a document without pages, or a row that pages cannot have.
    """
    if of_page := _PRINTED_ROW_OF_PAGE.fullmatch(text):
        page, row = (int(group) for group in of_page.groups() if group)
        if file_format not in PAGED:
            raise NoSuchCell(f"a document of the format {file_format} has no pages, expected a row such as @92")
        if not (page and 0 < row < ROWS_A_PAGE):
            raise NoSuchCell(f"there is no {text}: pages count from 1, their rows from 1 to {ROWS_A_PAGE - 1}")
        return page * ROWS_A_PAGE + row
    place = _PRINTED_ROW.fullmatch(text)
    return _number(place) if place else None


def _number(match: re.Match[str]) -> int:
    return int(next(group for group in match.groups() if group))


def _row_labels(asked: Address, printed: Sequence[Printed], rebuilt_rows: Callable[[], Labels]) -> Labels:
    """Key → label of the rows of the form: printed and declared ones; if none matches, also the rebuilt ones."""
    form = asked.form
    labels: dict[str, str | None] = {}
    labels.update((line.id, line.label) for entry in form.lists for line in entry.lines)
    labels.update((line.id, line.label) for line in form.sums)
    if form.rows is not None and form.rows.total is not None:
        labels[form.rows.total] = form.rows.total_label
    labels |= {cell["row_key"]: cell["row_label"] for cell in printed if cell["row_key"] is not None}
    return labels if _matches(asked.row, labels) else labels | dict(rebuilt_rows())


def column_labels(form: Form, printed: Sequence[Printed]) -> dict[str, str]:
    """Key → label of the columns that the form has, in official order."""
    labels = {column.id: column.label for column in form.columns}
    labels |= {amount.id: entry.amount_label(amount) for entry in form.lists for amount in entry.amounts}
    for cell in printed:
        if cell["column_key"] is not None:
            labels.setdefault(cell["column_key"], cell["column_label"] or cell["column_key"])
    return labels


def _matching(what: str, wanted: str, labels: Labels, form: Form) -> str:
    found = _matches(wanted, labels)
    if len(found) == 1:
        return found[0]
    names = [f"{key} {labels[key] or ''}".strip() for key in found or labels]
    expected = "; ".join(names[:_MANY]) + ("; …" if len(names) > _MANY else "")
    whose = f"form {form.form_id} {form.short_title}"
    if found:
        raise NoSuchCell(f"{whose}: there are {len(found)} {what}s {wanted!r}, expected one of {expected}")
    raise NoSuchCell(f"{whose}: there is no {what} {wanted!r}, expected one of {expected}")


def _matches(wanted: str, labels: Labels) -> list[str]:
    """The keys that match a text: by key, else by label, else by their ends, else by a part of the label."""
    text = _plain(wanted)
    plain = [(key, _plain(key), _plain(label or "")) for key, label in labels.items()]
    ways = (
        [key for key, folded, _ in plain if text == folded],
        [key for key, _, label in plain if text == label],
        [key for key, folded, _ in plain if text == folded.rpartition("/")[2]],
        [key for key, _, label in plain if text == label.rpartition("-")[2]],
        [key for key, _, label in plain if text in label],
    )
    return next((found for found in ways if found), [])


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
