"""How findings name the rows of forms: by their codes and their names."""

from __future__ import annotations

from loader.filing.filed import FiledDisclosure
from loader.ledger.evidence import FormEvidence
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
