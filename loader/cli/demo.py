"""`hetang demo`: load the included sample into a separate warehouse and show the result."""

from __future__ import annotations

import os
import shlex
from contextlib import closing
from importlib.resources import as_file, files

import click

from loader.cli.console import print_table
from loader.cli.language import language, translated
from loader.cli.verdict import verdicts
from loader.loading.options import DIVISION
from loader.warehouse.connection import connect
from loader.warehouse.server import EmbeddedServer, database_url

SAMPLE = "2024_001001.txt"
UNIT, YEAR = "001001", 2024


@click.command()
def demo() -> None:
    """Load the included sample into a separate warehouse.

    Your own warehouse is not changed. Prints the result and the commands to try next.
    """
    from loader.answers import compare, findings
    from loader.loading.bulk import BulkLoad
    from loader.loading.folder import Found
    from loader.loading.options import Options

    folder = EmbeddedServer().folder.parent / "demo"
    os.environ.pop("DATABASE_URL", None)
    os.environ["HETANG_DATA"] = str(folder)
    with closing(connect(to_write=True)) as connection:
        with as_file(files("samples").joinpath(SAMPLE)) as path:
            for result in BulkLoad(connection, database_url(), [(Found(path, SAMPLE), Options())], jobs=1):
                if result is not None and result.error is not None:
                    raise click.ClickException(result.error)
        summary = compare.summary(connection, compare.Filter(DIVISION, YEAR, UNIT))
        found = findings.read_findings(connection, findings.Wanted(DIVISION, YEAR, UNIT), language=language())
    click.echo(translated(f"Loaded {SAMPLE}: the budget of unit {UNIT} for {YEAR}."))
    for sentence in verdicts(summary):
        click.echo(translated(sentence))
    if found:
        click.echo(translated("Findings:"))
        print_table(("severity", "message"), [(row["severity"], row["message"]) for row in found])
    click.echo(translated("Try next:"))
    for command in (
        f"export HETANG_DATA={shlex.quote(str(folder))}",
        f"hetang report 8 --unit {UNIT} --year {YEAR}",
        f"hetang compare --unit {UNIT} --year {YEAR}",
        "hetang page pages/",
        "hetang db stop",
    ):
        click.echo(f"  {command}")
