"""`hetang execution`: budget beside final account."""

from __future__ import annotations

import click

from loader.answers.execution import ASPECTS
from loader.cli.advice import why_none
from loader.cli.console import division_option, say
from loader.cli.input_types import YEAR
from loader.cli.listing import format_option, print_listing
from loader.cli.unit_argument import UNIT
from loader.warehouse.connection import connect


@click.command()
@click.option("--unit", type=UNIT, help="Only this office, by its code, its name or a part of it.")
@click.option("--year", type=YEAR, help="Only this fiscal year.")
@click.option(
    "--by", "aspects", type=click.Choice(list(ASPECTS)), multiple=True, help="Only this cut; may be repeated."
)
@division_option
@format_option
def execution(unit: str | None, year: int | None, aspects: tuple[str, ...], division: str, output: str) -> None:
    """Print what offices with a final account (决算) planned and what they spent, with the rate in per cent.

    In all, by function, basic spending of the general budget by economic class, and 三公 by item. Money in 万元.

    \b
      hetang execution --year 2024
      hetang execution --year 2024 --unit 001001 --by function
    """
    from loader.answers.execution import read_execution

    with connect() as connection:
        rows = read_execution(connection, division, year, unit, aspects or tuple(ASPECTS))
        reason = None if rows else why_none(connection, division, year)
    print_listing(output, {"execution": rows})
    if not rows:
        say(reason or "no final account is loaded for that; load one like a budget, with `hetang load`")
