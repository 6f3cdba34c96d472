"""`hetang findings`: problems found while loading."""

from __future__ import annotations

import click

from loader.answers.findings import SORTS, Wanted
from loader.cli.advice import refuse_if_none
from loader.cli.console import division_option, print_message
from loader.cli.input_types import YEAR, known_kinds
from loader.cli.language import language
from loader.cli.listing import format_option, limit_option, print_listing, shortened
from loader.cli.unit_argument import UNIT, code_of_unit
from loader.warehouse.connection import connect
from loader.warehouse.severities import SEVERITIES, at_least


@click.command()
@click.option("--unit", type=UNIT, help="Only this unit's disclosure.")
@click.option("--year", type=YEAR, help="Only this fiscal year.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    callback=known_kinds,
    help="Only this kind, such as unknown_code; can be repeated.",
)
@click.option(
    "--severity", type=click.Choice(SEVERITIES), default="note", show_default=True, help="Only this severity or higher."
)
@click.option("--sort", type=click.Choice(SORTS), default="document", show_default=True, help="Sort order.")
@limit_option
@division_option
@format_option
def findings(
    unit: str | None,
    year: int | None,
    kinds: tuple[str, ...],
    severity: str,
    sort: str,
    limit: int,
    division: str,
    output: str,
) -> None:
    """List the problems found while loading.

    Prints how many there are of each kind, then each finding.

    \b
      hetang findings --unit 001001 --year 2024
      hetang findings --year 2024 --severity warning --sort severity
      hetang findings --year 2024 --kind contradiction
      hetang findings --year 2024 --format xlsx > findings.xlsx
    """
    from loader.answers.findings import read_findings, summary

    with connect() as connection:
        unit = unit and code_of_unit(connection, division, unit)
        refuse_if_none(connection, division, year, unit)
        wanted = Wanted(division, year, unit, kinds, at_least(severity))
        rows = read_findings(connection, wanted, sort, language())
        counted = summary(connection, wanted, language())
    if output == "table":
        print_listing(output, {"summary": counted, "findings": shortened(rows, limit)})
    else:
        print_listing(output, {"findings": rows})
    if not rows:
        print_message("nothing found")
