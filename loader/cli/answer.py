"""`hetang answer`: record a person's answer to a failed rule or a finding."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from loader.answers.check import Wanted
from loader.cli.console import division_option, print_message
from loader.cli.disclosure_argument import DISCLOSURE, Named, find_disclosures
from loader.cli.form_option import FORM
from loader.warehouse.answer import ANSWERS
from loader.warehouse.connection import connect

if TYPE_CHECKING:
    from schema.forms.template import Form


@click.command()
@click.argument("disclosure", type=DISCLOSURE)
@click.argument("answer", type=click.Choice((*ANSWERS, "none")))
@click.option("--rule", help="Only this rule or kind of finding, as `hetang check` prints it.")
@click.option("--form", type=FORM, help="Only this form, by number or id (3, r03, sh03).")
@click.option("--row", help="Only this row, by key or label.")
@click.option("--column", help="Only this column, by key or label.")
@click.option("--all", "every", is_flag=True, help="Answer all matching failures, not just one.")
@click.option("--note", help="Reason for the answer.")
@click.option("--by", "answered_by", help="Who answers. Default: your account name.")
@division_option
def answer(
    disclosure: Named,
    answer: str,
    rule: str | None,
    form: Form | None,
    row: str | None,
    column: str | None,
    every: bool,
    note: str | None,
    answered_by: str | None,
    division: str,
) -> None:
    """Record the answer to a failed rule or a finding.

    `wrong`: the figure is wrong. `explained`, `accepted`: the failure no longer counts as an error. `none`: delete the
    answer. An answer holds for later revisions, too, as long as the figures it is about stay the same.

    \b
      hetang answer 001001/2024 accepted --rule form_with_money --form 2 --note "published on another page"
      hetang answer 001001/2024 wrong --rule down_sum --form 7 --row 001001/201 --column total --by Zhang
      hetang answer 001001/2024 none --rule down_sum --all
    """
    from loader.answers.check import check
    from loader.warehouse.answer import delete_answers, record_answer

    with connect(to_write=True) as connection, connection.transaction():
        ids = [one.disclosure_id for one in find_disclosures(connection, division, disclosure)]
        failures = [
            failure
            for failure in check(connection, Wanted(division, disclosure_ids=ids)).failures
            if (rule is None or failure["rule"] == rule)
            and (form is None or failure["form_id"] == form.form_id)
            and (row is None or row in (failure["row_key"], failure["row_label"]))
            and (column is None or column in (failure["column_key"], failure["column_label"]))
        ]
        if not failures:
            raise click.UsageError("no failure matches; `hetang check` lists all failures")
        if len(failures) > 1 and not every:
            raise click.UsageError(
                f"{len(failures)} failures match; choose one with --rule, --form, --row and --column, "
                "or answer all with --all"
            )
        if answer == "none":
            delete_answers(connection, division, failures)
        else:
            record_answer(connection, division, failures, answer, note, answered_by or getpass.getuser())
    print_message(f"failures answered: {len(failures)}" if answer != "none" else f"answers deleted: {len(failures)}")
