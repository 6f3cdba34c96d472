"""`hetang execution`: budget and final account."""

from __future__ import annotations

import click

from loader.answers.execution import ASPECTS
from loader.cli.advice import refuse_if_none
from loader.cli.console import division_option, print_message
from loader.cli.input_types import YEAR
from loader.cli.listing import format_option, print_listing
from loader.cli.unit_argument import UNIT
from loader.warehouse.connection import connect


@click.command()
@click.option("--unit", type=UNIT, help="Only this unit, by its code, name or part of the name.")
@click.option("--year", type=YEAR, help="Only this fiscal year.")
@click.option(
    "--by", "aspects", type=click.Choice(list(ASPECTS)), multiple=True, help="Only this breakdown; can be repeated."
)
@division_option
@format_option
def execution(unit: str | None, year: int | None, aspects: tuple[str, ...], division: str, output: str) -> None:
    """Print budget and final account (决算) side by side.

    Shows planned and actual amounts and the rate in per cent: in total, by function, basic spending of the general
    budget by economic class, and 三公 by item. Lists only units with a final account. Money in 万元.

    \b
      hetang execution --year 2024
      hetang execution --year 2024 --unit 001001 --by function
    """
    from loader.answers.execution import covered_accounts, read_execution

    covered: list[str] = []
    with connect() as connection:
        rows = read_execution(connection, division, year, unit, aspects or tuple(ASPECTS))
        if not rows:
            refuse_if_none(connection, division, year)
            covered = covered_accounts(connection, division, year, unit) if unit else []
    print_listing(output, {"execution": rows})
    if covered:
        names = ", ".join(covered)
        print_message(
            f"the final account of {names} is loaded, but its department's counts in its place: ask for the department"
        )
    elif not rows:
        print_message("no such final account is loaded; load final accounts with `hetang load`, like budgets")
