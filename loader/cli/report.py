"""`hetang report`: an official form, rebuilt from the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from loader.answers.revisions import undecided
from loader.cli.advice import how_to_decide, refuse_if_none
from loader.cli.console import division_option, print_message, show
from loader.cli.form_option import FORM
from loader.cli.input_types import YEAR
from loader.cli.listing import BOM, format_option, print_listing
from loader.cli.unit_argument import UNIT, code_of_unit
from loader.warehouse.connection import connect

if TYPE_CHECKING:
    from schema.forms.template import Form


@click.command()
@click.argument("form", type=FORM)
@click.option("--unit", type=UNIT, required=True, help="Code or name of the filing unit.")
@click.option("--year", type=YEAR, required=True, help="Fiscal year.")
@click.option("--revision", type=int, help="Revision, if several are current. Default: the one that sums use.")
@format_option
@click.option("--no-formulas", is_flag=True, help="Put ' before text that spreadsheets would take for a formula (csv).")
@click.option("--all-columns", is_flag=True, help="Also print empty columns (table).")
@division_option
def report(
    form: Form,
    unit: str,
    year: int,
    revision: int | None,
    output: str,
    no_formulas: bool,
    all_columns: bool,
    division: str,
) -> None:
    """Print one form, rebuilt from the ledger.

    FORM is a number from 1 to 23, or an id such as r03 or sh03. The form has its official layout. Money in 万元.

    \b
      hetang report 3 --unit 001001 --year 2024
      hetang report 8 --unit 001001 --year 2024 --format csv > 08.csv
    """
    from loader.answers.current import OtherForms
    from loader.answers.report import read_report
    from loader.cli.report_layout import as_csv, as_json, layout

    with connect() as connection:
        unit = code_of_unit(connection, division, unit)
        refuse_if_none(connection, division, year, unit)
        try:
            found = read_report(connection, form, year, unit, division, revision)
        except OtherForms as error:
            raise click.UsageError(str(error)) from error
        if found is None:
            raise click.UsageError(f"revision {revision} of {unit} is not current")
        several = [one for one in undecided(connection, division, year, unit) if one.stage == found.stage]
    if output == "csv":
        click.echo(BOM + as_csv(found, no_formulas), nl=False)
    elif output == "xlsx":
        labels = found.columns()
        rows = [{labels[key]: row[key] for key in labels} for row in found.rows]
        print_listing(output, {found.form.short_title: rows})
    elif output == "json":
        click.echo(as_json(found))
    else:
        for part in layout(found, all_columns):
            click.echo(part) if isinstance(part, str) else show(part)
    if several and found.is_one_of_several:
        print_message(f"this is revision {found.revision}, --revision selects another; {how_to_decide(several)}")
