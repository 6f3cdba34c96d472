"""How findings name the rows and columns of forms, and amounts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from loader.filing.filed import FiledDisclosure
from loader.ledger.evidence.evidence import FEN, FormEvidence
from schema.codes.lists import subject_names
from schema.forms.template import Rows


def row_label(disclosure: FiledDisclosure, form: FormEvidence, row: str) -> str:
    """The codes and the name of a row. The name is that of the form, of another form with rows of the same kind, or of
    the code list."""
    rows = form.form.rows
    alike = (f for f in disclosure.forms if rows and f.template and f.template.rows and f.template.rows.by == rows.by)
    cells = (cell for filed in (form.filed, *alike) for cell in filed.cells if cell.row_key == row)
    name = next((cell.row_label for cell in cells if cell.row_label), "")
    if rows is None or row == form.total_row:
        return name or row
    return row_and_name(row, name or official_name(rows, row, disclosure.identity.fiscal_year))


def row_and_name(row: str, name: str) -> str:
    """The codes of a row, followed by its name unless they contain it."""
    return row if not name or name in row else f"{row} {name}"


def official_name(rows: Rows, row: str, year: int) -> str:
    """The name of a row in the code list of the year. Empty if the list does not have its code."""
    return subject_names(rows.by[-1].value, year).get(row.rpartition("/")[2], "") if rows.by else ""


def line_label(form: FormEvidence, row: str, column: str) -> str | None:
    """The label of a line in the list of a column. Lists side by side may have lines of the same id."""
    for entry in form.form.lists:
        if any(amount.id == column for amount in entry.amounts):
            return entry.line(row).label
    return None


def column_label(form: FormEvidence, column: str) -> str:
    """The label of a column as its form prints it, else as declared."""
    return next(_labels(form, column), column)


def _labels(form: FormEvidence, column: str) -> Iterator[str]:
    for cell in form.cells.values():
        if cell.column_key == column and cell.column_label:
            yield cell.column_label
    for entry in form.form.columns:
        if entry.id == column:
            yield entry.label


def money(amount: int) -> Decimal:
    """分 → 万元, with two places as forms print, or with more if needed."""
    value = Decimal(amount) / FEN
    short = value.quantize(Decimal("0.01"))
    return short if short == value else value
