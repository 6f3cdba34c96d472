"""`hetang export`: disclosures as workbooks."""

from __future__ import annotations

from pathlib import Path

import click

from loader.cli.advice import why_none
from loader.cli.console import division_option, say
from loader.cli.input_types import YEAR
from loader.cli.unit_argument import UNIT, filer
from loader.warehouse.connection import connect


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--unit", type=UNIT, help="Only this unit's disclosures.")
@click.option("--year", type=YEAR, help="Only this fiscal year.")
@division_option
def export(folder: Path, unit: str | None, year: int | None, division: str) -> None:
    """Write a workbook (xlsx) for every disclosure into FOLDER: the official forms as an office publishes them.

    Figures are the rebuilt ones; a cell that was published otherwise is marked and has a note. Loaded again, a workbook
    gives the same ledger. Prints the paths of the workbooks. Money in 万元.

    \b
      hetang export workbooks/
      hetang export workbooks/ --unit 001001 --year 2024
    """
    from loader.answers.disclosed import Selection
    from loader.answers.workbook import write_workbooks

    with connect() as connection:
        unit = unit and filer(connection, division, unit)
        if (reason := why_none(connection, division, year, unit)) is not None:
            raise click.UsageError(reason)
        number = write_workbooks(connection, Selection(division, year, unit), folder, wrote=click.echo)
    say(f"workbooks: {number}")
