"""`hetang page`: disclosures as HTML pages."""

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
def page(folder: Path, unit: str | None, year: int | None, division: str) -> None:
    """Write an HTML page for each disclosure, and an index.

    A page shows the official forms: each published figure beside the one implied by the rest of the budget, the year
    before, the median of similar units, and the place of the figure in the document. Open FOLDER/index.html; it needs
    no server and no network.

    \b
      hetang page pages/
      hetang page pages/ --unit 001001 --year 2024
    """
    from loader.answers.disclosed import Selection
    from loader.answers.page import write_pages

    with connect() as connection:
        unit = unit and code_of_unit(connection, division, unit)
        refuse_if_none(connection, division, year, unit)
        with writing(folder):
            number = write_pages(connection, Selection(division, year, unit), folder)
    print_message(f"pages: {number}")
    click.echo(folder / "index.html")
