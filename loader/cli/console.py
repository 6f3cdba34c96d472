"""Shared by the commands: common options, figures and tables on stdout, messages on stderr.

Texts from documents and file names are made printable here, because terminals obey control characters.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from loader.cli import input_types, language
from loader.cli.language import translated
from loader.documents.printable import printable
from loader.loading.options import DIVISION
from loader.warehouse.money import as_printed

if TYPE_CHECKING:
    from rich.table import Table

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
division_option = click.option(
    "--division",
    type=input_types.DIVISION,
    default=DIVISION,
    show_default=True,
    help="Code or name of the administrative division (行政区划).",
)


def print_message(message: str) -> None:
    """A message on stderr."""
    _print_error(f"hetang: {translated(message)}")


def print_line(text: str) -> None:
    """A line on stderr."""
    _print_error(translated(text))


def _print_error(text: str) -> None:
    click.echo(printable(text, keep="\n"), err=True)


def print_json(value: object) -> None:
    """A result as JSON on stdout."""
    click.echo(json_of(value, indent=1))


def json_of(value: object, indent: int | None = None) -> str:
    """JSON that is safe to print on a terminal: characters that are not printable are escaped. Figures are texts, as
    forms print them."""
    return printable(json.dumps(value, ensure_ascii=False, indent=indent, default=_plain), keep="\n")


def _plain(value: object) -> str:
    is_long = isinstance(value, Decimal) and value.as_tuple().exponent not in (0, -1, -2)
    return printed(value) if is_long else str(value)


def printed(value: object) -> str:
    """A value as text: figures with at least two decimals, as forms print them; None is blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(language.value("status", "yes" if value else "no"))
    if isinstance(value, Decimal):
        return f"{as_printed(value):f}"
    if isinstance(value, list):
        return translated(", ").join(map(printed, value))
    return printable(str(value))


SHORT = 24  # characters: values up to this length are never broken over lines
LONG = 32  # minimum width of a column with longer values


def new_table() -> Table:
    """A table in ASCII, because some consoles use GBK."""
    from rich import box
    from rich.table import Table

    return Table(box=box.ASCII2)


def add_column(table: Table, heading: str, values: Iterable[object], is_figure: bool = False) -> None:
    """Add a column for these values. They are never cut; only long texts are broken over lines."""
    from rich.cells import cell_len

    texts = [printed(value) for value in values]
    lines = [line for text in (heading, *texts) for line in text.splitlines()]
    is_short = all(len(text) <= SHORT for text in texts)
    table.add_column(
        heading,
        justify="right" if is_figure else "left",
        overflow="fold",
        no_wrap=is_short,
        min_width=max(map(cell_len, lines), default=0) if is_short else LONG,
    )


def show(table: Table) -> None:
    """Print a table as wide as the terminal, or wider if figures and codes would be cut.

    A wider one goes through the pager, which can scroll sideways. In a file or pipe a table has its full width.
    """
    from rich.console import Console

    is_terminal = sys.stdout.isatty()
    width = Console().width if is_terminal else 400
    least = sum((column.min_width or 0) + 3 for column in table.columns) + 1
    text = io.StringIO()
    # rich keeps the width for a dumb terminal only if a height is given too
    Console(file=text, width=max(width, least), height=25, highlight=False).print(table)
    if is_terminal and least > width:
        os.environ.setdefault("LESS", "-SFX")  # do not wrap long lines; print short texts without paging
        click.echo_via_pager(text.getvalue())
    else:
        click.echo(text.getvalue(), nl=False)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under headings, with figures aligned right."""
    from rich.markup import escape

    table = new_table()
    columns = []
    for number, heading in enumerate(headings):
        values = [language.value(heading, row[number]) for row in rows]
        is_figure = any(isinstance(value, Decimal) for value in values)
        add_column(table, language.heading(heading), values, is_figure)
        columns.append([escape(printed(value)) for value in values])
    for row in zip(*columns, strict=True):
        table.add_row(*row)
    show(table)
