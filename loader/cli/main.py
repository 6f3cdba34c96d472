"""`hetang`: load disclosures, rebuild their reports, compare what was filed with what the rest implies."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import click
import psycopg

from loader.answers.undecided import how_to_decide, undecided, why_none
from loader.cli.console import (
    division_option,
    end,
    json_option,
    print_json,
    print_table,
    say,
    show,
    unit_type,
    warn,
    year_type,
)
from loader.cli.db import db
from loader.cli.load import EXIT_DATABASE, EXIT_INTERRUPTED, load
from loader.documents.printable import printable
from loader.warehouse.connection import connect
from loader.warehouse.server import ServerError
from schema.forms.hunan import FORMS

EXIT_DIFFERENCES = 4


class Hetang(click.Group):
    """Turns trouble with the database and Ctrl-C into the exit codes that scripts can rely on."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # a name of a file or unit that the console does not know
        try:
            code = super().main(*args, **kwargs | {"standalone_mode": False})
            sys.exit(code if isinstance(code, int) else 0)
        except click.ClickException as error:
            said = io.StringIO()
            error.show(said)
            warn(said.getvalue().rstrip())
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            click.echo("hetang: interrupted", err=True)
            sys.exit(EXIT_INTERRUPTED)
        except (ServerError, psycopg.Error) as error:
            say(str(error))
            sys.exit(EXIT_DATABASE)


@click.group(cls=Hetang, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hetang", prog_name="hetang")
def main() -> None:
    """The reference warehouse for departmental budget disclosures (部门预算公开).

    \b
      hetang load samples/                          load documents
      hetang units                                  who has filed
      hetang missing                                who has not, and what does not fit together
      hetang report 7 --unit 001001 --year 2024     a form, rebuilt from the ledger
      hetang compare --unit 001001 --year 2024      filed and rebuilt side by side
      hetang db psql                                ask it in SQL

    Without DATABASE_URL it runs a Postgres of its own. Exit codes: 0 done, 1 no document accepted, 2 wrong usage,
    3 some documents rejected, 4 differences found (compare), 5 database trouble, 130 interrupted.
    """


main.add_command(db)
main.add_command(load)


@main.command()
@click.argument("unit", type=unit_type)
@click.option("--year", type=year_type, required=True, help="Fiscal year.")
@click.option("--revision", type=int, help="Which revision; needed where several are current.")
@division_option
def withdraw(unit: str, year: int, revision: int | None, division: str) -> None:
    """Take a unit's disclosure back: it counts no longer, and an earlier revision counts again.

    Nothing is deleted; loading the same document again brings it back.

    \b
      hetang withdraw 001001 --year 2024
      hetang withdraw 001001 --year 2024 --revision 2
    """
    from loader.warehouse.store import withdraw as take_back

    with connect() as connection, connection.transaction():
        rows = connection.execute(
            "select disclosure_id, revision, is_current, withdrawn_at from budget.disclosure"
            " where division_code = %s and fiscal_year = %s and reporting_unit_code = %s"
            " order by withdrawn_at desc nulls first, revision",
            (division, year, unit),
        ).fetchall()
        if revision is None:
            found = [row for row in rows if row[2]] or rows[:1]  # where all are withdrawn, the last one tells when
        else:
            found = [row for row in rows if row[1] == revision]
        if not found:
            reason = why_none(connection, division, year, unit)
            raise click.UsageError(
                reason or f"unit {unit} has no revision {revision} for {year} to withdraw; see `hetang units`"
            )
        if len(found) > 1:
            revisions = ", ".join(str(row[1]) for row in found)
            raise click.UsageError(f"revisions {revisions} are current: say which with --revision")
        disclosure_id, revision, _, withdrawn_at = found[0]
        if withdrawn_at is None:
            take_back(connection, division, disclosure_id)
            click.echo(f"withdrawn: {unit}, {year}, revision {revision}", err=True)
        else:
            when = withdrawn_at.astimezone().strftime("%Y-%m-%d %H:%M")
            say(f"revision {revision} of {unit} for {year} was withdrawn already, on {when}; nothing has changed")


@main.command()
@click.option("--unit", type=unit_type, help="Only this unit's disclosure.")
@click.option("--year", type=year_type, help="Only this fiscal year.")
@click.option("--form", "report_no", type=click.IntRange(1, 23), help="Only this form.")
@click.option("--all", "every", is_flag=True, help="Print cells that agree as well.")
@division_option
@json_option
def compare(
    unit: str | None, year: int | None, report_no: int | None, every: bool, division: str, as_json: bool
) -> None:
    """Print the cells whose published figure differs from the rebuilt one, and a summary by form.

    Ends with exit code 4 where figures differ. Money in 万元.

    \b
      hetang compare --unit 001001 --year 2024
      hetang compare --year 2024 --json
      hetang compare --unit 001001 --year 2024 --form 3 --all
    """
    from loader.answers import compare as comparison

    wanted = comparison.Filter(division, year, unit, report_no, comparison.STATUSES if every else ("differs",))
    with connect() as connection:
        cells = comparison.cells(connection, wanted)
        summary = comparison.summary(connection, wanted)
        if not summary:
            raise click.UsageError(why_none(connection, division, year, unit) or "nothing to compare")
        several = undecided(connection, division, year, unit)
    if as_json:
        print_json({"summary": summary, "cells": cells})
    else:
        if cells:
            rows = [
                {
                    "unit": c["reporting_unit_code"],
                    "year": c["fiscal_year"],
                    "revision": c["revision"],
                    "form": c["report_no"],
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
            shown = [name for name in rows[0] if name != "revision" or several]
            print_table(shown, [[row[name] for name in shown] for row in rows])
        print_table(
            ("form", "title", "equal", "rounding", "differs", "not filed"),
            [(r["report_no"], r["title"], r["equal"], r["rounding"], r["differs"], r["not_filed"]) for r in summary],
        )
    if several:
        say(f"all current revisions are compared and counted: {how_to_decide(several)}")
    if any(row["differs"] for row in summary):
        end(EXIT_DIFFERENCES)


@main.command()
@click.argument("number", type=click.IntRange(1, 23))
@click.option("--unit", type=unit_type, required=True, help="Code of the filing unit.")
@click.option("--year", type=year_type, required=True, help="Fiscal year.")
@click.option("--revision", type=int, help="Which of several current revisions; else the one that sums count.")
@click.option("--format", "output", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--no-formulas", is_flag=True, help="Text that spreadsheets would take for a formula gets a ' (csv).")
@click.option("--all-columns", is_flag=True, help="Print columns without entries as well (table).")
@division_option
def report(
    number: int,
    unit: str,
    year: int,
    revision: int | None,
    output: str,
    no_formulas: bool,
    all_columns: bool,
    division: str,
) -> None:
    """Print official form NUMBER (1 to 23), rebuilt from the ledger, in its official layout. Money in 万元.

    \b
      hetang report 3 --unit 001001 --year 2024
      hetang report 8 --unit 001001 --year 2024 --format csv > 08.csv
    """
    from loader.answers.report import read_report

    with connect() as connection:
        found = read_report(connection, number, year, unit, division, revision)
        if found is None:
            reason = why_none(connection, division, year, unit) or f"revision {revision} of {unit} is not current"
            raise click.UsageError(f"form {number} ({FORMS[number].title}) cannot be rebuilt: {reason}")
        several = undecided(connection, division, year, unit)
    if output == "csv":
        click.echo(found.as_csv(no_formulas), nl=False)
    elif output == "json":
        click.echo(printable(found.as_json(), keep="\n"))
    else:
        for part in found.printable(all_columns):
            click.echo(printable(part, keep="\n")) if isinstance(part, str) else show(part)
    if several:
        say(f"printed is revision {found.revision}, --revision prints another; {how_to_decide(several)}")


@main.command()
@click.option("--year", type=year_type, help="Only this fiscal year.")
@click.option(
    "--succession",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file that says which units were renamed, merged, split or transferred; it replaces the one before.",
)
@division_option
@json_option
def units(year: int | None, succession: Path | None, division: str, as_json: bool) -> None:
    """List the units that have filed, with their revisions.

    \b
      hetang units --year 2024
      hetang units --succession succession.csv
    """
    if succession:
        _replace_succession(succession, division)
    with connect() as connection:
        several = undecided(connection, division, year)
    _print_rows(
        "select d.fiscal_year, d.reporting_unit_code, d.reporting_unit_name, d.stage, d.revision, d.is_current,"
        " d.withdrawn_at is not null as is_withdrawn, d.published_on, d.form_count, d.cell_count, o.file_name"
        " from budget.disclosure as d join budget.document as o using (division_code, document_id)"
        " where d.division_code = %(division)s and (%(year)s::int is null or d.fiscal_year = %(year)s)"
        " order by d.fiscal_year, d.reporting_unit_code, d.revision",
        (division, year, None),
        as_json,
    )
    if several:
        say(how_to_decide(several))


def _replace_succession(path: Path, division: str) -> None:
    from loader.warehouse.succession import SuccessionError, read_succession, replace_succession

    try:
        rows = read_succession(path)
    except SuccessionError as error:
        raise click.UsageError(str(error)) from error
    with connect() as connection:
        replace_succession(connection, division, rows)
    click.echo(f"successions: {len(rows)}", err=True)


@main.command()
@click.option("--year", type=year_type, help="Only this fiscal year.")
@click.option(
    "--limit", type=click.IntRange(0), default=20, show_default=True, help="Rows of each list (table); 0 for all."
)
@division_option
@json_option
def missing(year: int | None, limit: int, division: str, as_json: bool) -> None:
    """List what is missing, and what does not fit together between documents: how many of each, then the lists.

    Forms that a disclosure lacks, units that the year before had, units without a document of their own, departments
    that differ from the sum of their units, figures and names that two documents give differently. Money in 万元.

    \b
      hetang missing --year 2024
      hetang missing --year 2024 --limit 0
      hetang missing --year 2024 --json
    """
    from loader.answers.missing import answers

    with connect() as connection:
        found = list(answers(connection, division, year))
        reason = why_none(connection, division, year)
    if as_json:
        content = {question.name: rows for question, rows in found}
        print_json(content)
    elif reason is None:
        print_table(("count", "what"), [(len(rows), question.meaning) for question, rows in found])
        for question, rows in found:
            if rows:
                click.echo(f"\n{question.meaning}: {len(rows)}")
                shown = rows[:limit] if limit else rows
                names = [name for name in rows[0] if name != "column_key"]  # for people it has a label
                print_table(names, [[row[name] for name in names] for row in shown])
                if len(shown) < len(rows):
                    click.echo(f"and {len(rows) - len(shown)} more: --limit 0 prints all")
    if reason is not None:
        say(reason)


@main.command()
@click.option("--unit", type=unit_type, help="Only this unit's disclosure.")
@click.option("--year", type=year_type, help="Only this fiscal year.")
@division_option
@json_option
def findings(unit: str | None, year: int | None, division: str, as_json: bool) -> None:
    """List what the loader found odd in the documents: names, codes, unknown columns, missing parts.

    \b
      hetang findings --unit 001001 --year 2024
    """
    _print_rows(
        "select d.fiscal_year, d.reporting_unit_code, d.revision, f.kind, count(*) as times, f.message"
        " from meta.finding as f join budget.disclosure as d using (division_code, disclosure_id)"
        " where d.division_code = %(division)s and d.is_current"
        " and (%(year)s::int is null or d.fiscal_year = %(year)s)"
        " and (%(unit)s::text is null or d.reporting_unit_code = %(unit)s)"
        " group by d.fiscal_year, d.reporting_unit_code, d.revision, f.kind, f.message"
        " order by d.fiscal_year, d.reporting_unit_code, d.revision, min(f.finding_no)",
        (division, year, unit),
        as_json,
    )


# ---------------------------------------------------------------------------- printing


def _print_rows(query: str, whose: tuple[str, int | None, str | None], as_json: bool) -> None:
    """Print what a query finds of a division, year and unit, or say why it finds nothing."""
    from psycopg.rows import dict_row

    with connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query.encode(), dict(zip(("division", "year", "unit"), whose, strict=True))).fetchall()
        reason = None if rows else why_none(connection, *whose)
    if as_json:
        print_json(rows)
    elif rows:
        print_table(tuple(rows[0]), [tuple(row.values()) for row in rows])
    if not rows:
        say(reason or "nothing found")


if __name__ == "__main__":
    main()
