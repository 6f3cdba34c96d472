"""What the commands share: common options, and tables on stdout."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from loader.load import DIVISION

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
division_option = click.option(
    "--division", default=DIVISION, show_default=True, help="Code of the administrative division (行政区划代码)."
)


def end(code: int) -> None:
    """End the command with an exit code."""
    raise click.exceptions.Exit(code)


def console() -> Any:
    """A console for results; wide when it does not write to a terminal, so that nothing is cut."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 400, highlight=False, soft_wrap=False)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table in ASCII, blank where a value is None."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.ASCII2)
    for heading in headings:
        table.add_column(heading.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    console().print(table)
