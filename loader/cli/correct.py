"""`hetang correct`: a workbook of proposed corrections for the unit that filed a disclosure."""

from __future__ import annotations

from pathlib import Path

import click

from loader.cli.console import division_option, print_message
from loader.cli.disclosure_argument import DISCLOSURE, Named, find_disclosures
from loader.cli.language import value
from loader.cli.output_path import writing
from loader.warehouse.connection import connect


@click.command()
@click.argument("disclosure", type=DISCLOSURE)
@click.argument("workbook", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@division_option
def correct(disclosure: Named, workbook: Path, division: str) -> None:
    """Write proposed corrections to a workbook (xlsx).

    The first sheet lists form, row, column, printed figure, proposed figure, reason and place in the file. The second
    lists the failures of `hetang check` that nobody has explained or accepted. DISCLOSURE is UNIT/YEAR or the number of
    a disclosure.

    \b
      hetang correct 001001/2024 corrections.xlsx
    """
    from loader.answers.correction import write_correction

    with connect() as connection:
        found = find_disclosures(connection, division, disclosure)
        if len(found) > 1:
            known = ", ".join(f"{one.disclosure_id} ({value('stage', one.stage)})" for one in found)
            raise click.UsageError(
                f"several disclosures are current: {known}; give the number of one, or a stage as in 001001/2024/final"
            )
        with writing(workbook):
            count = write_correction(connection, division, found[0].disclosure_id, workbook)
    print_message(f"corrections proposed in {workbook}: {count}")
