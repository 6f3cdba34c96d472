"""`hetang units`: units that have filed."""

from __future__ import annotations

from pathlib import Path

import click

from loader.answers.revisions import undecided
from loader.cli.advice import how_to_decide, refuse_if_none
from loader.cli.console import division_option, print_line, print_message
from loader.cli.input_types import YEAR
from loader.cli.listing import format_option, print_listing
from loader.cli.unit_argument import UNIT, code_of_unit
from loader.warehouse.connection import connect


@click.command()
@click.option("--unit", type=UNIT, help="Only this unit's disclosures.")
@click.option("--year", type=YEAR, help="Only this fiscal year.")
@click.option(
    "--succession",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV file of renamed, merged, split and transferred units. Replaces the previous one.",
)
@division_option
@format_option
def units(unit: str | None, year: int | None, succession: Path | None, division: str, output: str) -> None:
    """List the units that have filed, with their revisions.

    \b
      hetang units --year 2024
      hetang units --unit 001001
      hetang units --succession succession.csv
    """
    from loader.answers.units import read_units

    if succession:
        _replace_succession(succession, division)
    with connect() as connection:
        unit = unit and code_of_unit(connection, division, unit)
        rows = read_units(connection, division, year, unit)
        if not rows and succession is None:  # what is withdrawn is listed, too; successions may come first
            refuse_if_none(connection, division, year, unit)
        several = undecided(connection, division, year, unit)
    print_listing(output, {"units": rows})
    if several:
        print_message(how_to_decide(several))


def _replace_succession(path: Path, division: str) -> None:
    from loader.warehouse.succession import SuccessionError, read_succession, replace_succession

    try:
        rows = read_succession(path)
    except SuccessionError as error:
        raise click.UsageError(str(error)) from error
    with connect(to_write=True) as connection:
        replace_succession(connection, division, rows)
    print_line(f"successions: {len(rows)}")
