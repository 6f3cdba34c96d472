"""`hetang withdraw`: make a disclosure no longer count."""

from __future__ import annotations

import click

from loader.answers.revisions import revisions_of
from loader.cli.advice import refuse_if_none
from loader.cli.console import division_option, print_line, print_message
from loader.cli.input_types import STAGE, YEAR
from loader.cli.unit_argument import UNIT, code_of_unit
from loader.warehouse.connection import connect


@click.command()
@click.argument("unit", type=UNIT)
@click.option("--year", type=YEAR, required=True, help="Fiscal year.")
@click.option("--stage", type=STAGE, help="budget, adjusted or final. Required if several are loaded.")
@click.option("--revision", type=int, help="Revision. Required if several are current.")
@division_option
def withdraw(unit: str, year: int, stage: str | None, revision: int | None, division: str) -> None:
    """Withdraw a disclosure; an earlier revision counts again.

    Nothing is deleted. Load the same document again to undo it.

    \b
      hetang withdraw 001001 --year 2024
      hetang withdraw 001001 --year 2024 --revision 2
    """
    from loader.warehouse.revisions import withdraw as withdraw_disclosure

    with connect(to_write=True) as connection, connection.transaction():
        unit = code_of_unit(connection, division, unit)
        known = revisions_of(connection, division, year, unit, stage)
        if revision is None:
            # if all are withdrawn, take the one withdrawn last
            found = [one for one in known if one.is_current] or known[:1]
        else:
            found = [one for one in known if one.revision == revision]
        if not found:
            refuse_if_none(connection, division, year, unit)
            raise click.UsageError(f"unit {unit} has no revision {revision} for {year} to withdraw; see `hetang units`")
        if len(found) > 1:
            if len(stages := dict.fromkeys(one.stage for one in found)) > 1:
                raise click.UsageError(f"several stages are loaded: {', '.join(stages)}; choose one with --stage")
            revisions = ", ".join(str(one.revision) for one in found)
            raise click.UsageError(f"revisions {revisions} are current; choose one with --revision")
        (one,) = found
        if one.withdrawn_at is None:
            withdraw_disclosure(connection, division, one.disclosure_id)
            print_line(f"withdrawn: {unit}, {year}, revision {one.revision}")
        else:
            when = one.withdrawn_at.astimezone().strftime("%Y-%m-%d %H:%M")
            print_message(
                f"revision {one.revision} of {unit} for {year} was already withdrawn on {when}; nothing has changed"
            )
