"""`hetang missing`: missing forms and units, and contradictions."""

from __future__ import annotations

from typing import Any

import click

from loader.cli.advice import refuse_if_none
from loader.cli.console import division_option, print_table
from loader.cli.form_words import form_words
from loader.cli.input_types import YEAR
from loader.cli.language import translated
from loader.cli.listing import format_option, limit_option, print_listing
from loader.warehouse.connection import connect


@click.command()
@click.option("--year", type=YEAR, help="Only this fiscal year.")
@limit_option
@division_option
@format_option
def missing(year: int | None, limit: int, division: str, output: str) -> None:
    """List missing forms and units, and contradictions.

    Prints how many there are of each kind, then the lists: forms missing from a disclosure, units that filed the year
    before but not this year, units without a document of their own, departments that differ from the sum of their
    units, and figures and names on which two documents disagree. Money in 万元.

    \b
      hetang missing --year 2024
      hetang missing --year 2024 --limit 0
      hetang missing --year 2024 --json
      hetang missing --year 2024 --format xlsx > missing.xlsx
    """
    from loader.answers.missing import answers

    with connect() as connection:
        refuse_if_none(connection, division, year)
        found = list(answers(connection, division, year))
    if output != "table":
        print_listing(output, {question.name: rows for question, rows in found})
    else:
        print_table(("count", "what"), [(len(rows), question.meaning) for question, rows in found])
        for question, rows in found:
            if rows:
                click.echo(f"\n{translated(question.meaning)}{translated(': ')}{len(rows)}")
                shown = [_with_titles(row) for row in (rows[:limit] if limit else rows)]
                names = [name for name in rows[0] if name != "column_key"]  # tables show its label instead
                print_table(names, [[row[name] for name in names] for row in shown])
                if len(shown) < len(rows):
                    click.echo(translated(f"and {len(rows) - len(shown)} more: --limit 0 prints all"))


def _with_titles(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"report_nos": list(map(form_words, row["report_nos"]))} if "report_nos" in row else row
