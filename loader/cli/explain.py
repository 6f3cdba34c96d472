"""`hetang explain`: where the figure of one cell comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from loader.cli.advice import refuse_if_none
from loader.cli.console import division_option, json_option, print_json, print_table, printed
from loader.cli.form_option import FORM
from loader.cli.input_types import YEAR
from loader.cli.language import heading, language, translated, value
from loader.cli.listing import limit_option, shortened
from loader.cli.unit_argument import UNIT, code_of_unit
from loader.documents.printed_row import PAGED, printed_row
from loader.warehouse.connection import connect

if TYPE_CHECKING:
    from loader.answers.explain import Condition, Explanation
    from schema.forms.template import Form

_COORDINATES = (
    *("unit_code", "fund_code", "nature", "functional_code", "department_economic_code"),
    *("government_economic_code", "item_code", "project_name"),
)


@click.command()
@click.argument("unit", type=UNIT)
@click.argument("year", type=YEAR)
@click.argument("form", type=FORM)
@click.argument("row")
@click.argument("column")
@click.option("--revision", type=int, help="Revision, if several are current. Default: the one that sums use.")
@limit_option
@division_option
@json_option
def explain(
    unit: str,
    year: int,
    form: Form,
    row: str,
    column: str,
    revision: int | None,
    limit: int,
    division: str,
    as_json: bool,
) -> None:
    """Show where a figure of a form comes from.

    Prints the ledger lines that the cell adds up, where they were printed, and the cells that confirm or contradict it.
    The cell may be published or only rebuilt. Money in 万元.

    ROW and COLUMN are keys, labels, or printed places as findings give them: @92 or 行92 is row 92 of the document, @7
    or 列7 is column 7 of the form, 第12页第16行 is a row on a page.

    \b
      hetang explain 001001 2024 r03 2010101 basic
      hetang explain 001001 2024 3 行政运行 基本支出
      hetang explain 001001 2024 3 @92 @7
    """
    from loader.answers.cell_address import Address, NoSuchCell
    from loader.answers.explain import explain as explained

    try:
        with connect() as connection:
            unit = code_of_unit(connection, division, unit)
            refuse_if_none(connection, division, year, unit)
            found = explained(connection, Address(division, unit, year, form, row, column, revision))
    except NoSuchCell as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        print_json(found.as_dict())
    else:
        _show(found, limit)


def _show(found: Explanation, limit: int) -> None:
    for text in _introduction(found):
        click.echo(printed(text))
    used = [name for name in _COORDINATES if any(line[name] for line in found.lines)]
    alone = [cell for cell in found.beside if cell["relation"] == "line"]
    has_sheets = any(entry["source_sheet"] for entry in (*found.lines, *found.beside))
    lines = [
        {"line": line["line_no"], "statement": line["statement"]}
        | {name.removesuffix("_code"): line[name] for name in used}
        | {
            "amount": line["amount"],
            "basis": line["basis"],
            "chosen": translated(", ").join(map(_coordinate, line["allocated"])),
            "printed in": _cell(line["source_form_id"], line["source_row_label"], line["source_column_label"]),
        }
        | _sheet(line, has_sheets)
        | {"row": _row(line, found.file_format), "column": line["source_column_no"]}
        for line in found.lines
    ]
    if lines:
        shown = shortened(lines, limit)
        print_table(tuple(lines[0]), [tuple(line.values()) for line in shown])
    sums = [cell for cell in found.beside if cell["relation"] == "same_sum"]
    against = [cell for cell in alone if cell["speaks"] == "against"]
    if len(found.lines) > 1 and alone:
        click.echo(
            translated(
                f"cells that print one of these lines alone: {len(alone)}, of which {len(alone) - len(against)} agree"
                f" with the ledger and {len(against)} do not"
            )
        )
    rows = [
        {
            "speaks": cell["speaks"],
            "cell": _cell(cell["form_id"], cell["row_label"], cell["column_label"]),
            "filed": cell["filed"],
            "rebuilt": cell["rebuilt"],
        }
        | _sheet(cell, has_sheets)
        | {
            "row": _row(cell, found.file_format),
            "column": cell["column_no"],
            "adds up": "the same lines" if cell["relation"] == "same_sum" else "one of them",
        }
        for cell in (*sums, *against)
    ]
    if rows:
        print_table(tuple(rows[0]), [tuple(row.values()) for row in shortened(rows, limit)])
    else:
        click.echo(translated("no other cell prints the same sum"))


def _introduction(found: Explanation) -> list[str]:
    """The lines about the cell that precede the tables, in the user's language."""
    row = found.row_key if found.row_label in (None, found.row_key) else f"{found.row_key} {found.row_label}"
    texts = [
        translated(
            f"{found.unit_code} {found.unit_name}, {found.fiscal_year} {found.stage}, revision {found.revision}"
        ),
        translated(
            f"form {found.form_id} {found.form_title}, row {row}, column {found.column_key} {found.column_label}"
        ),
    ]
    if found.source_row is not None:
        text, file, number, column = found.text, found.file_name, found.source_row, found.column_no
        if found.source_sheet is None:
            row = printed_row(number, found.file_format, language())
            texts.append(translated(f"printed: {text} in {file}, {row}, column {column}"))
        else:
            texts.append(
                translated(f"printed: {text} in {file}, sheet {found.source_sheet}, row {number}, column {column}")
            )
    else:
        texts.append(
            translated("printed: nothing" if found.is_form_filed else "printed: nothing, the form is not filed")
        )
    if found.status is not None:
        parts = [f"filed: {_figure(found.filed)}, rebuilt: {_figure(found.rebuilt)}: {found.status}"]
        parts += [f", difference {printed(found.difference)}"] if found.difference else []
        parts += [f", tolerance {printed(found.tolerance)}"] if found.tolerance else []
        parts += [f", support: {found.support}"] if found.support else []
        texts.append("".join(map(translated, parts)))
    elif found.rebuilt is not None:
        texts.append(translated(f"rebuilt: {_figure(found.rebuilt)}"))
    if found.adds_up:
        texts.append(translated(f"adds up: {translated('; ').join(map(_condition, found.adds_up))}"))
    else:
        texts.append(translated("adds up: no lines of the ledger, the cell is not a sum of them"))
    if found.adds_up and not found.lines:
        texts.append(translated("no line of the ledger has these coordinates"))
    return texts


def _sheet(entry: Mapping[str, Any], has_sheets: bool) -> dict[str, Any]:
    """The sheet that an entry is printed on, if the document has several."""
    return {"sheet": entry["source_sheet"]} if has_sheets else {}


def _row(entry: Mapping[str, Any], file_format: str) -> str | int | None:
    """The row that an entry is printed in: its number, or page and number if rows are numbered by page."""
    number: int | None = entry["source_row"]
    if number is None or file_format not in PAGED:
        return number
    return printed_row(number, file_format, language())


def _coordinate(column: str) -> str:
    return heading(column.removesuffix("_code").removesuffix("_id"))


def _condition(condition: Condition) -> str:
    codes = [
        " ".join(filter(None, dict.fromkeys((str(value(condition.coordinate, code)), name))))
        if code
        else translated("none")
        for code, name in zip(condition.codes, condition.names, strict=True)
    ]
    return f"{heading(condition.coordinate)} {translated(', ').join(codes)}"


def _figure(value: Any) -> str:
    return printed(value) if value is not None else "blank"


def _cell(form_id: str | None, row: str | None, column: str | None) -> str:
    """A cell by its labels. In Chinese the form is named as findings name it: 表7, or by its title."""
    from schema.forms import FORMS

    if form_id is None:
        return ""
    form = FORMS[form_id].named if language() == "zh" else form_id
    return f"{form} {row or ''} / {column or ''}"
