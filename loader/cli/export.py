"""`hetang export`: disclosures as workbooks."""

from __future__ import annotations

from pathlib import Path

import click

from loader.cli.advice import refuse_if_none
from loader.cli.console import division_option, print_message
from loader.cli.input_types import YEAR
from loader.cli.output_path import writing
from loader.cli.unit_argument import UNIT, code_of_unit
from loader.warehouse.connection import connect


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--unit", type=UNIT, help="Only this unit's disclosures.")
@click.option("--year", type=YEAR, help="Only this fiscal year.")
@division_option
def export(folder: Path, unit: str | None, year: int | None, division: str) -> None:
    """Write the official forms as workbooks (xlsx).

    Writes one workbook per disclosure into FOLDER and prints the paths. Figures are the rebuilt ones; a cell that was
    published with another figure is marked and has a note. A workbook that is loaded again gives the same ledger. Money
    in 万元.

    \b
      hetang export workbooks/
      hetang export workbooks/ --unit 001001 --year 2024
    """
    from loader.answers.disclosed import Selection
    from loader.answers.workbook import write_workbooks

    with connect() as connection:
        unit = unit and code_of_unit(connection, division, unit)
        refuse_if_none(connection, division, year, unit)
        with writing(folder):
            number = write_workbooks(connection, Selection(division, year, unit), folder, wrote=click.echo)
    print_message(f"workbooks: {number}")
