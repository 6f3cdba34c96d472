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


SHORT = 24  # characters of a value that is never broken
LONG = 32  # characters that a column of longer ones has at least


def show(table: Any) -> None:
    """Print a table as wide as the terminal, or wider where figures and codes would be cut otherwise."""
    from rich.console import Console
    from rich.measure import Measurement

    console = Console(width=None if sys.stdout.isatty() else 400, highlight=False, soft_wrap=False)
    least = Measurement.get(console, console.options.update(width=10_000), table).minimum
    console.width = max(console.width, least)
    console.print(table)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table in ASCII, blank where a value is None. Only long texts are broken over lines."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.ASCII2)
    texts = [["" if value is None else str(value) for value in row] for row in rows]
    for number, heading in enumerate(headings):
        longest = max((len(row[number]) for row in texts), default=0)
        no_wrap = longest <= SHORT
        table.add_column(heading.replace("_", " "), overflow="fold", no_wrap=no_wrap, min_width=0 if no_wrap else LONG)
    for row in texts:
        table.add_row(*map(escape, row))
    show(table)
