"""Listings in the requested format: a table for the terminal, csv and xlsx for spreadsheets, or JSON.

Commands give lists of rows by name. Tables, csv and xlsx show the same rows; JSON may contain more.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import click

from loader.cli import language
from loader.cli.console import print_json, print_message, print_table
from loader.documents.printable import printable

BOM = "\ufeff"  # without it Excel reads csv as GBK
FORMATS = ("table", "csv", "json", "xlsx")
Rows = Sequence[Mapping[str, object]]
Command = TypeVar("Command", bound=Callable[..., Any])


def format_option(command: Command) -> Command:
    """``--format``, given to the command as ``output``; ``--json`` is short for ``--format json``."""
    command = click.option(
        "--format",
        "output",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="Output format. Redirect csv and xlsx to a file: > rows.xlsx",
    )(command)
    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=_as_json,
        help="Short for --format json.",
    )(command)


limit_option = click.option(
    "--limit",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="Maximum number of rows per list (table); 0 for all.",
)


def shortened(rows: Rows, limit: int) -> Rows:
    """The rows that a table shows; the number of the others goes to stderr."""
    shown = rows[:limit] if limit else rows
    if len(shown) < len(rows):
        print_message(f"rows not shown: {len(rows) - len(shown)}; --limit 0 prints all")
    return shown


def _as_json(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if is_asked:
        context.params["output"] = "json"


def print_listing(output: str, lists: Mapping[str, Rows], json_value: object = None) -> None:
    """Print lists of rows by name: as tables, as sheets of a workbook, or as one csv.

    In a csv of several lists each row begins with the name of its list. ``json_value`` replaces the rows in JSON.
    """
    if output == "json":
        one = next(iter(lists.values())) if len(lists) == 1 else lists
        print_json(one if json_value is None else json_value)
    elif output == "csv":
        click.echo(as_csv(lists), nl=False)
    elif output == "xlsx":
        _write_workbook(lists)
    else:
        for rows in lists.values():
            if rows:
                print_table(tuple(rows[0]), [tuple(_told_apart(row).values()) for row in rows])


def _told_apart(row: Mapping[str, object]) -> Mapping[str, object]:
    """A row of a table, in which a department and its unit of the same name have different names."""
    code, name = row.get("reporting_unit_code"), row.get("reporting_unit_name")
    if code is None or name is None:
        return row
    from loader.warehouse.unit_codes import told_apart  # slow to import: `hetang --help` needs none

    return {**row, "reporting_unit_name": told_apart(str(code), str(name))}


def as_csv(lists: Mapping[str, Rows]) -> str:
    """csv with a byte order mark, which Excel needs."""
    rows = [row if len(lists) == 1 else {"list": name} | dict(row) for name, found in lists.items() for row in found]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in rows)
    return BOM + printable(text.getvalue(), keep="\r\n")


def _write_workbook(lists: Mapping[str, Rows]) -> None:
    import xlsxwriter

    if sys.stdout.isatty():
        raise click.UsageError(
            "a workbook cannot be printed on a terminal; write it to a file: --format xlsx > rows.xlsx"
        )
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        heading = book.add_format({"bold": True, "bottom": 1})
        for name, rows in lists.items():
            sheet = book.add_worksheet(language.sheet_name(name)[:31])
            if not rows:
                sheet.write_string(0, 0, language.translated("nothing"))
            for column, title in enumerate(rows[0] if rows else ()):
                sheet.write_string(0, column, language.heading(title), heading)
            for number, row in enumerate(rows, start=1):
                for column, (title, value) in enumerate(row.items()):
                    plain = _plain(language.value(title, value), language.translated(", "))
                    if isinstance(plain, Decimal | int) and not isinstance(plain, bool):
                        sheet.write_number(number, column, float(plain))
                    elif plain is not None:
                        sheet.write_string(number, column, str(plain))  # no text becomes a formula
            sheet.freeze_panes(1, 0)
            sheet.autofit()
    click.echo(file.getvalue(), nl=False)


def _plain(value: object, joiner: str = ", ") -> object:
    return joiner.join(map(str, value)) if isinstance(value, list | tuple) else value
