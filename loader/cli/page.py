"""`hetang page`: disclosures as pages for people."""

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
def page(folder: Path, unit: str | None, year: int | None, division: str) -> None:
    """Write a page (HTML) for every disclosure, and an index of units and years, into FOLDER.

    A page shows the official forms, what was published beside what the rest of the budget implies, the year before and
    the median of like units, and where each figure stands in the document. Open FOLDER/index.html; nothing else is
    needed, no server and no network.

    \b
      hetang page pages/
      hetang page pages/ --unit 001001 --year 2024
    """
    from loader.answers.disclosed import Selection
    from loader.answers.page import write_pages

    with connect() as connection:
        unit = unit and filer(connection, division, unit)
        if (reason := why_none(connection, division, year, unit)) is not None:
            raise click.UsageError(reason)
        number = write_pages(connection, Selection(division, year, unit), folder)
    say(f"pages: {number}")
    click.echo(folder / "index.html")
