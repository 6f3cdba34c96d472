"""`hetang`: load disclosures, rebuild their reports, compare what was filed with what the rest implies."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Any

import click
import psycopg

from loader.cli_db import db
from loader.load import DIVISION, Options, Result, load_path
from loader.server import ServerError
from schema.forms import FORMS

EXIT_NONE_ACCEPTED = 1
EXIT_SOME_REJECTED = 3
EXIT_DIFFERENCES = 4
EXIT_DATABASE = 5
EXIT_INTERRUPTED = 130

_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
_division_option = click.option(
    "--division", default=DIVISION, show_default=True, help="Code of the administrative division (行政区划代码)."
)


class Hetang(click.Group):
    """Turns trouble with the database and Ctrl-C into the exit codes that scripts can rely on."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            code = super().main(*args, **kwargs | {"standalone_mode": False})
            sys.exit(code if isinstance(code, int) else 0)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            click.echo("hetang: interrupted", err=True)
            sys.exit(EXIT_INTERRUPTED)
        except (ServerError, psycopg.OperationalError) as error:
            click.echo(f"hetang: {error}", err=True)
            sys.exit(EXIT_DATABASE)


def _exit(code: int) -> None:
    raise click.exceptions.Exit(code)


def _connect() -> psycopg.Connection:
    from loader.warehouse import connect
    from schema.migrate import MigrationError

    try:
        return connect()
    except MigrationError as error:
        raise ServerError(str(error)) from error


@click.group(cls=Hetang, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hetang", prog_name="hetang")
def main() -> None:
    """The reference warehouse for departmental budget disclosures (部门预算公开).

    \b
      hetang load samples/                          load documents
      hetang units                                  who has filed
      hetang report 7 --unit 001001 --year 2024     a form, rebuilt from the ledger
      hetang compare --unit 001001 --year 2024      filed and rebuilt side by side
      hetang db psql                                ask it in SQL

    Without DATABASE_URL it runs a Postgres of its own. Exit codes: 0 done, 1 no document accepted, 2 wrong usage,
    3 some documents rejected, 4 differences found (compare), 5 database trouble, 130 interrupted.
    """


main.add_command(db)


def _documents(paths: tuple[Path, ...]) -> list[Path]:
    """The files named, and those in the folders named, in order of name; hidden files are passed over."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                p for p in path.rglob("*") if p.is_file() and not any(part.startswith(".") for part in p.parts[-2:])
            )
        else:
            found.append(path)
    return found


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--year", type=int, help="Fiscal year, where a document does not say it.")
@click.option("--unit", help="Code of the filing unit, where a document does not say it.")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="Date of publication; the later one is current.")
@click.option("--supersede", is_flag=True, help="Make these documents current where dates do not decide.")
@_division_option
@_json_option
def load(
    paths: tuple[Path, ...],
    year: int | None,
    unit: str | None,
    published: datetime.datetime | None,
    supersede: bool,
    division: str,
    as_json: bool,
) -> None:
    """Load documents, and all documents of folders.

    Each disclosure is loaded whole or not at all. The same document again changes nothing; a changed one is a new
    revision.

    \b
      hetang load 001001.txt
      hetang load 2024/ --year 2024
      hetang load corrected.txt --published 2024-03-01
      hetang load corrected.txt --supersede
    """
    options = Options(division, year, unit, published.date() if published else None, supersede)
    documents = _documents(paths)
    if not documents:
        raise click.UsageError("no documents in the folders named")
    results: list[Result] = []
    with _connect() as connection:
        for path in documents:
            for result in load_path(connection, path, options):
                results.append(result)
                if result.error:
                    click.echo(f"rejected: {result.error}", err=True)
        summary = [_load_row(connection, division, result) for result in results]
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=1, default=str))
    else:
        _print_table(
            ("file", "outcome", "unit", "year", "revision", "current", "forms", "cells", "differs", "findings"),
            [
                (
                    row["file_name"],
                    row["outcome"],
                    *(
                        (
                            d["unit_code"],
                            d["fiscal_year"],
                            d["revision"],
                            "yes" if d["is_current"] else "no",
                            d["forms"],
                            d["cells"],
                            d["differs"],
                            d["findings"],
                        )
                    ),
                )
                for row in summary
                for d in row["disclosures"] or [dict.fromkeys(_DISCLOSURE_FIELDS, "")]
            ],
        )
    rejected = sum(result.error is not None for result in results)
    if rejected == len(results):
        _exit(EXIT_NONE_ACCEPTED)
    if rejected:
        _exit(EXIT_SOME_REJECTED)


_DISCLOSURE_FIELDS = (
    "unit_code",
    "fiscal_year",
    "disclosure_id",
    "revision",
    "is_current",
    "forms",
    "cells",
    "differs",
    "findings",
)


def _load_row(connection: psycopg.Connection, division: str, result: Result) -> dict[str, Any]:
    disclosures = []
    for unit_code, fiscal_year, stored in result.stored:
        counts = connection.execute(
            "select d.form_count, d.cell_count,"
            " (select count(*) from report.comparison as c where c.division_code = d.division_code"
            " and c.fiscal_year = d.fiscal_year and c.disclosure_id = d.disclosure_id and c.status = 'differs'),"
            " (select count(*) from meta.finding as f where f.division_code = d.division_code"
            " and f.fiscal_year = d.fiscal_year and f.disclosure_id = d.disclosure_id)"
            " from budget.disclosure as d where d.division_code = %s and d.disclosure_id = %s",
            (division, stored.disclosure_id),
        ).fetchone()
        assert counts is not None
        values = (unit_code, fiscal_year, stored.disclosure_id, stored.revision, stored.is_current, *counts)
        disclosures.append(dict(zip(_DISCLOSURE_FIELDS, values, strict=True)))
    return {
        "file_name": result.file_name,
        "outcome": result.outcome,
        "error": result.error,
        "disclosures": disclosures,
    }


@main.command()
@click.argument("unit")
@click.option("--year", type=int, required=True, help="Fiscal year.")
@click.option("--revision", type=int, help="Which revision; needed where several are current.")
@_division_option
def withdraw(unit: str, year: int, revision: int | None, division: str) -> None:
    """Take a unit's disclosure back: it counts no longer, and an earlier revision counts again.

    Nothing is deleted; loading the same document again brings it back.

    \b
      hetang withdraw 001001 --year 2024
      hetang withdraw 001001 --year 2024 --revision 2
    """
    from loader.store import withdraw as take_back

    with _connect() as connection, connection.transaction():
        rows = connection.execute(
            "select disclosure_id, revision from budget.disclosure where division_code = %s and fiscal_year = %s"
            " and reporting_unit_code = %s and withdrawn_at is null"
            " and case when %s::int is null then is_current else revision = %s end order by revision",
            (division, year, unit, revision, revision),
        ).fetchall()
        if not rows:
            wanted = f" of revision {revision}" if revision else ""
            raise click.UsageError(f"unit {unit} has no disclosure{wanted} for {year} to withdraw; see `hetang units`")
        if len(rows) > 1:
            revisions = ", ".join(str(row[1]) for row in rows)
            raise click.UsageError(f"revisions {revisions} are current: say which with --revision")
        take_back(connection, division, rows[0][0])
        click.echo(f"withdrawn: {unit}, {year}, revision {rows[0][1]}", err=True)


@main.command()
@click.option("--unit", help="Only this unit's disclosure.")
@click.option("--year", type=int, help="Only this fiscal year.")
@click.option("--form", "report_no", type=click.IntRange(1, 23), help="Only this form.")
@click.option("--all", "every", is_flag=True, help="Print cells that agree as well.")
@_division_option
@_json_option
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
    from loader import compare as comparison
    from loader.official import printed

    wanted = comparison.Filter(division, year, unit, report_no, comparison.STATUSES if every else ("differs",))
    with _connect() as connection:
        cells = comparison.cells(connection, wanted)
        summary = comparison.summary(connection, wanted)
    if not summary:
        raise click.UsageError("nothing to compare: no such disclosure is loaded; see `hetang units`")
    if as_json:
        click.echo(json.dumps({"summary": summary, "cells": cells}, ensure_ascii=False, indent=1, default=str))
    else:
        if cells:
            _print_table(
                ("unit", "year", "form", "row", "column", "filed", "rebuilt", "difference", "tolerance", "status"),
                [
                    (
                        c["reporting_unit_code"],
                        c["fiscal_year"],
                        c["report_no"],
                        f"{c['row_key']} {c['row_label'] or ''}".strip(),
                        c["column_label"] or c["column_key"],
                        printed(c["filed"]) or (c["filed_text"] or ""),
                        printed(c["rebuilt"]) or (c["rebuilt_text"] or ""),
                        printed(c["difference"]),
                        printed(c["tolerance"]),
                        c["status"],
                    )
                    for c in cells
                ],
            )
        _print_table(
            ("form", "title", "equal", "rounding", "differs", "not filed"),
            [(r["report_no"], r["title"], r["equal"], r["rounding"], r["differs"], r["not_filed"]) for r in summary],
        )
    if any(row["differs"] for row in summary):
        _exit(EXIT_DIFFERENCES)


@main.command()
@click.argument("number", type=click.IntRange(1, 23))
@click.option("--unit", required=True, help="Code of the filing unit.")
@click.option("--year", type=int, required=True, help="Fiscal year.")
@click.option("--format", "output", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--all-columns", is_flag=True, help="Print columns without entries as well (table).")
@_division_option
def report(number: int, unit: str, year: int, output: str, all_columns: bool, division: str) -> None:
    """Print official form NUMBER (1 to 23), rebuilt from the ledger, in its official layout. Money in 万元.

    \b
      hetang report 3 --unit 001001 --year 2024
      hetang report 8 --unit 001001 --year 2024 --format csv > 08.csv
    """
    from loader.official import read_report

    with _connect() as connection:
        found = read_report(connection, number, year, unit, division)
    if found is None:
        raise click.UsageError(
            f"unit {unit} has no disclosure for {year}, so form {number} ({FORMS[number].title}) cannot be rebuilt;"
            " see `hetang units`"
        )
    if output == "csv":
        click.echo(found.as_csv(), nl=False)
    elif output == "json":
        click.echo(found.as_json())
    else:
        _console().print(found.as_table(all_columns))


@main.command()
@click.option("--year", type=int, help="Only this fiscal year.")
@click.option(
    "--succession",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file that says which units were renamed, merged, split or transferred; it replaces the one before.",
)
@_division_option
@_json_option
def units(year: int | None, succession: Path | None, division: str, as_json: bool) -> None:
    """List the units that have filed, with their revisions.

    \b
      hetang units --year 2024
      hetang units --succession succession.csv
    """
    if succession:
        _replace_succession(succession, division)
    _print_rows(
        "select d.fiscal_year, d.reporting_unit_code, d.reporting_unit_name, d.stage, d.revision, d.is_current,"
        " d.withdrawn_at is not null as is_withdrawn, d.published_on, d.form_count, d.cell_count, o.file_name"
        " from budget.disclosure as d join budget.document as o using (division_code, document_id)"
        " where d.division_code = %s and (%s::int is null or d.fiscal_year = %s)"
        " order by d.fiscal_year, d.reporting_unit_code, d.revision",
        (division, year, year),
        as_json,
    )


def _replace_succession(path: Path, division: str) -> None:
    from loader.succession import SuccessionError, read_succession, replace_succession

    try:
        rows = read_succession(path)
    except SuccessionError as error:
        raise click.UsageError(str(error)) from error
    with _connect() as connection:
        replace_succession(connection, division, rows)
    click.echo(f"successions: {len(rows)}", err=True)


@main.command()
@click.option("--year", type=int, help="Only this fiscal year.")
@_division_option
@_json_option
def missing(year: int | None, division: str, as_json: bool) -> None:
    """List what is missing, and what does not fit together between documents.

    Forms that a disclosure lacks, units that the year before had, units without a document of their own, departments
    that differ from the sum of their units, figures and names that two documents give differently. Money in 万元.

    \b
      hetang missing --year 2024
      hetang missing --year 2024 --json
    """
    from loader.missing import answers

    with _connect() as connection:
        found = list(answers(connection, division, year))
    if as_json:
        content = {question.name: rows for question, rows in found}
        click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=str))
        return
    for question, rows in found:
        click.echo(f"{question.meaning}: {len(rows) or 'none'}")
        if rows:
            _print_table(tuple(rows[0]), [tuple(_yes_no(value) for value in row.values()) for row in rows])


@main.command()
@click.option("--unit", help="Only this unit's disclosure.")
@click.option("--year", type=int, help="Only this fiscal year.")
@_division_option
@_json_option
def findings(unit: str | None, year: int | None, division: str, as_json: bool) -> None:
    """List what the loader found odd in the documents: names, codes, unknown columns, missing parts.

    \b
      hetang findings --unit 001001 --year 2024
    """
    _print_rows(
        "select d.fiscal_year, d.reporting_unit_code, d.revision, f.kind, f.message"
        " from meta.finding as f join budget.disclosure as d using (division_code, disclosure_id)"
        " where d.division_code = %s and d.is_current and (%s::int is null or d.fiscal_year = %s)"
        " and (%s::text is null or d.reporting_unit_code = %s)"
        " order by d.fiscal_year, d.reporting_unit_code, d.revision, f.finding_no",
        (division, year, year, unit, unit),
        as_json,
    )


# ---------------------------------------------------------------------------- printing


def _print_rows(query: str, parameters: tuple[object, ...], as_json: bool) -> None:
    from psycopg.rows import dict_row

    with _connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query.encode(), parameters).fetchall()
        names = [column.name for column in cursor.description or ()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
    else:
        _print_table(tuple(names), [tuple(_yes_no(row[name]) for name in names) for row in rows])


def _yes_no(value: object) -> object:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _console() -> Any:
    """A console for results; wide when it does not write to a terminal, so that nothing is cut."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 400, highlight=False, soft_wrap=False)


def _print_table(headings: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.ASCII2)
    for heading in headings:
        table.add_column(heading.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    _console().print(table)


if __name__ == "__main__":
    main()
