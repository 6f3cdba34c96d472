"""`hetang compare-units` and `hetang compare-years`: one form of several units or years side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from loader.cli.advice import refuse_if_none
from loader.cli.console import division_option
from loader.cli.form_option import FORM
from loader.cli.input_types import YEAR
from loader.cli.listing import format_option, print_listing
from loader.cli.unit_argument import UNIT, code_of_unit
from loader.warehouse.connection import connect

if TYPE_CHECKING:
    from loader.answers.disclosed import Identity
    from schema.forms.template import Form

column_option = click.option(
    "--column",
    help="Id of the column to compare, such as basic. Default: the total; all columns of forms whose rows"
    " are units or lists, such as 1 and 15.",
)
only_changes_option = click.option("--changes", "only_changes", is_flag=True, help="Only rows that differ.")


@click.command("compare-units")
@click.argument("form", type=FORM)
@click.option(
    "--unit", "units", type=UNIT, multiple=True, required=True, help="A unit; give several. The first is the base."
)
@click.option("--year", type=YEAR, required=True, help="Fiscal year.")
@column_option
@only_changes_option
@division_option
@format_option
def compare_units(
    form: Form, units: tuple[str, ...], year: int, column: str | None, only_changes: bool, division: str, output: str
) -> None:
    """Print one form of several units side by side.

    Shows the change from the first unit to each of the others. Money in 万元.

    \b
      hetang compare-units 7 --unit 001001 --unit 002001 --year 2024
    """
    _print(
        form,
        "give at least two different units",
        [(unit, year) for unit in units],
        lambda one: one.unit_code,
        column,
        only_changes,
        division,
        output,
    )


@click.command("compare-years")
@click.argument("form", type=FORM)
@click.option("--unit", type=UNIT, required=True, help="Code or name of the filing unit.")
@click.option(
    "--year", "years", type=YEAR, multiple=True, required=True, help="A year; give several. The first is the base."
)
@column_option
@only_changes_option
@division_option
@format_option
def compare_years(
    form: Form, unit: str, years: tuple[int, ...], column: str | None, only_changes: bool, division: str, output: str
) -> None:
    """Print one form of a unit for several years side by side.

    Shows the change from the first year to each of the others. Money in 万元.

    \b
      hetang compare-years 3 --unit 001001 --year 2023 --year 2024
    """
    _print(
        form,
        "give at least two different years",
        [(unit, year) for year in years],
        lambda one: str(one.fiscal_year),
        column,
        only_changes,
        division,
        output,
    )


def _print(
    form: Form,
    too_few: str,
    wanted: list[tuple[str, int]],
    name_of: Callable[[Identity], str],
    column: str | None,
    only_changes: bool,
    division: str,
    output: str,
) -> None:
    from loader.answers.compare import codes_of
    from loader.answers.current import OtherForms
    from loader.answers.side_by_side import column_keys, counted, side_by_side

    try:
        columns = column_keys(form, column)
    except KeyError as error:
        raise click.UsageError(f"form {form.form_id} has no column {column}, only {error.args[0]}") from error
    with connect() as connection:
        asked = [(code_of_unit(connection, division, named), year) for named, year in wanted]
        if len(set(asked)) < max(2, len(asked)):
            raise click.UsageError(too_few)
        found = []
        for unit, year in asked:
            try:
                one = counted(connection, division, year, unit, form)
            except OtherForms as error:
                raise click.UsageError(str(error)) from error
            if one is None:
                refuse_if_none(connection, division, year, unit)
                raise click.UsageError(f"no disclosure of {unit} for {year}")
            found.append(one)
        rows = side_by_side(connection, form, found, columns)
    names = [name_of(one) for one in found]
    listing = []
    for row in rows:
        # a table shows no ids of lines, which mean nothing to people
        key = codes_of(row.row_key) or None if output == "table" else row.row_key
        line: dict[str, object] = {"row": key, "label": row.row_label}
        if len(columns) > 1:
            line["column"] = row.column_label
        line |= dict(zip(names, row.amounts, strict=True))
        for place, name in enumerate(names[1:], start=1):
            suffix = f" {name}" if len(names) > 2 else ""
            line |= {f"change{suffix}": row.change(place), f"percent{suffix}": row.percent(place)}
        if not only_changes or any(row.change(place) for place in range(1, len(names))):
            listing.append(line)
    if output == "table":
        click.echo(
            f"{form.title}    "
            + "    ".join(f"{one.unit_code}_{one.unit_name} {one.fiscal_year}" for one in found)
            + "    金额单位：万元"
        )
    print_listing(output, {form.form_id: listing})
