"""`hetang compare`: published figures that differ from the rebuilt ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from loader.answers.compare import SORTS, STATUSES
from loader.answers.revisions import undecided
from loader.cli.advice import how_to_decide, refuse_if_none
from loader.cli.console import division_option, print_message
from loader.cli.exits import Exit, end
from loader.cli.form_option import FORM
from loader.cli.form_words import form_words
from loader.cli.input_types import YEAR
from loader.cli.listing import format_option, limit_option, print_listing, shortened
from loader.cli.unit_argument import UNIT, code_of_unit
from loader.cli.verdict import verdicts
from loader.warehouse.connection import connect

if TYPE_CHECKING:
    from schema.forms.template import Form


@click.command()
@click.option("--unit", type=UNIT, help="Only this unit's disclosure.")
@click.option("--year", type=YEAR, help="Only this fiscal year.")
@click.option("--form", type=FORM, help="Only this form, by number or id (3, r03, sh03).")
@click.option("--all", "every", is_flag=True, help="Also print cells that agree.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(STATUSES),
    multiple=True,
    help="Only cells with this result; can be repeated. Default: differs.",
)
@click.option("--sort", type=click.Choice(list(SORTS)), default="form", show_default=True, help="Sort order.")
@limit_option
@division_option
@format_option
def compare(
    unit: str | None,
    year: int | None,
    form: Form | None,
    every: bool,
    kinds: tuple[str, ...],
    sort: str,
    limit: int,
    division: str,
    output: str,
) -> None:
    """Compare published figures with the rebuilt ones.

    Prints a summary by form, then the cells that differ. Ends with exit code 4 if cells differ. Money in 万元.

    \b
      hetang compare --unit 001001 --year 2024
      hetang compare --year 2024 --sort difference --limit 50
      hetang compare --year 2024 --format xlsx > differences.xlsx
      hetang compare --unit 001001 --year 2024 --form 3 --all
    """
    from loader.answers import compare as comparison

    status = kinds or (STATUSES if every else ("differs",))
    with connect() as connection:
        unit = unit and code_of_unit(connection, division, unit)
        wanted = comparison.Filter(division, year, unit, form.form_id if form else None, status, sort)
        refuse_if_none(connection, division, year, unit)
        cells = comparison.cells(connection, wanted)
        summary = comparison.summary(connection, wanted)
        if not summary:
            raise click.UsageError("nothing to compare")
        several = undecided(connection, division, year, unit)
    rows = [
        {
            "unit": c["reporting_unit_code"],
            "year": c["fiscal_year"],
            "stage": c["stage"],
            "revision": c["revision"],
            "form": c["report_no"] or c["form_id"],
            "row": comparison.row_words(c["row_key"], c["row_label"]),
            "column": c["column_label"] or c["column_key"],
            "filed": c["filed_text"] if c["filed"] is None else c["filed"],
            "rebuilt": c["rebuilt_text"] if c["rebuilt"] is None else c["rebuilt"],
            "difference": c["difference"],
            "tolerance": c["tolerance"],
            "status": c["status"],
        }
        for c in cells
    ]
    if output == "table":
        unneeded = {"form_id", "report_no"}
        unneeded |= {"stage"} if all(row["stage"] == "budget" for row in summary) else set()
        unneeded |= set() if several else {"revision"}
        counts = [
            {"stage": r["stage"], "revision": r["revision"], "form": r["report_no"] or r["form_id"], **r}
            for r in summary
        ]
        uncounted = unneeded if unit is not None and year is not None else unneeded | {"revision"}
        print_listing(output, {"summary": [_without(uncounted, row) for row in counts]})
        told = [_without(unneeded, row) | {"form": form_words(row["form"])} for row in rows]
        print_listing(output, {"cells": shortened(told, limit)})
        for sentence in verdicts(summary):
            print_message(sentence)
    else:
        print_listing(output, {"cells": rows}, {"summary": summary, "cells": cells})
    if several:
        print_message(f"all current revisions are compared and counted: {how_to_decide(several)}")
    if any(row["differs"] for row in summary):
        end(Exit.DIFFERENCES)


def _without(names: set[str], row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
