"""`hetang findings`: what the loader found odd."""

from __future__ import annotations

import click

from loader.cli.advice import why_none
from loader.cli.console import division_option, json_option, print_rows, say
from loader.cli.said_option import UNIT, YEAR
from loader.warehouse.connection import connect


@click.command()
@click.option("--unit", type=UNIT, help="Only this unit's disclosure.")
@click.option("--year", type=YEAR, help="Only this fiscal year.")
@division_option
@json_option
def findings(unit: str | None, year: int | None, division: str, as_json: bool) -> None:
    """List what the loader found odd in the documents: names, codes, unknown columns, missing parts.

    \b
      hetang findings --unit 001001 --year 2024
    """
    from loader.answers.findings import read_findings

    with connect() as connection:
        rows = read_findings(connection, division, year, unit)
        reason = None if rows else why_none(connection, division, year, unit)
    print_rows(rows, as_json)
    if not rows:
        say(reason or "nothing found")
