"""`hetang report`: an official form, rebuilt from the ledger."""

from __future__ import annotations

import click

from loader.answers.revisions import undecided
from loader.cli.advice import how_to_decide, why_none
from loader.cli.console import division_option, say, show
from loader.warehouse.connection import connect


@click.command()
@click.argument("number", type=click.IntRange(1, 23))
@click.option("--unit", required=True, help="Code of the filing unit.")
@click.option("--year", type=int, required=True, help="Fiscal year.")
@click.option("--revision", type=int, help="Which of several current revisions; else the one that sums count.")
@click.option("--format", "output", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--all-columns", is_flag=True, help="Print columns without entries as well (table).")
@division_option
def report(
    number: int, unit: str, year: int, revision: int | None, output: str, all_columns: bool, division: str
) -> None:
    """Print official form NUMBER (1 to 23), rebuilt from the ledger, in its official layout. Money in 万元.

    \b
      hetang report 3 --unit 001001 --year 2024
      hetang report 8 --unit 001001 --year 2024 --format csv > 08.csv
    """
    from loader.answers.report import read_report
    from loader.cli.report_layout import as_csv, as_json, printable
    from schema.forms import report_form

    form = report_form(number)
    with connect() as connection:
        found = read_report(connection, form, year, unit, division, revision)
        if found is None:
            reason = why_none(connection, division, year, unit) or f"revision {revision} of {unit} is not current"
            raise click.UsageError(f"form {number} ({form.title}) cannot be rebuilt: {reason}")
        several = undecided(connection, division, year, unit)
    if output == "csv":
        click.echo(as_csv(found), nl=False)
    elif output == "json":
        click.echo(as_json(found))
    else:
        for part in printable(found, all_columns):
            click.echo(part) if isinstance(part, str) else show(part)
    if several:
        say(f"printed is revision {found.revision}, --revision prints another; {how_to_decide(several)}")
