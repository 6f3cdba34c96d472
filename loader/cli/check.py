"""`hetang check`: check disclosures by rules."""

from __future__ import annotations

from typing import Any

import click

from loader.answers.check import Wanted, in_chinese
from loader.answers.compare import row_words
from loader.cli.advice import refuse_if_none
from loader.cli.console import division_option, print_message
from loader.cli.disclosure_argument import DISCLOSURE, Named, find_disclosures
from loader.cli.exits import Exit, end
from loader.cli.input_types import YEAR, known_rules
from loader.cli.language import language, value
from loader.cli.listing import format_option, limit_option, print_listing, shortened
from loader.cli.unit_argument import UNIT, code_of_unit
from loader.warehouse.connection import connect
from loader.warehouse.severities import SEVERITIES, at_least


@click.command()
@click.argument("disclosure", type=DISCLOSURE, required=False)
@click.option("--unit", type=UNIT, help="Only this unit's disclosures.")
@click.option("--year", type=YEAR, help="Only this fiscal year.")
@click.option(
    "--rule", "rules", multiple=True, callback=known_rules, help="Only this rule or kind of finding; can be repeated."
)
@click.option(
    "--severity", type=click.Choice(SEVERITIES), default="note", show_default=True, help="Only this severity or higher."
)
@limit_option
@division_option
@format_option
def check(
    disclosure: Named | None,
    unit: str | None,
    year: int | None,
    rules: tuple[str, ...],
    severity: str,
    limit: int,
    division: str,
    output: str,
) -> None:
    """Check disclosures by rules and list the failures.

    Prints how often each rule passed and failed, then the failures, the most severe first. A rule with nothing to
    compare counts as not applicable, not as passed. DISCLOSURE is UNIT/YEAR or the number of a disclosure. Ends with
    exit code 4 if there are errors that nobody has explained or accepted (see `hetang answer`). Money in 万元.

    \b
      hetang check 001001/2024
      hetang check --year 2024 --severity error
      hetang check --year 2024 --rule down_sum --limit 0
      hetang check --year 2024 --format xlsx > check.xlsx
    """
    from loader.answers.check import check as check_by_rules

    with connect() as connection:
        unit = unit and code_of_unit(connection, division, unit)
        found = find_disclosures(connection, division, disclosure) if disclosure is not None else None
        ids = None if found is None else [one.disclosure_id for one in found]
        if ids is None:
            refuse_if_none(connection, division, year, unit)
        checked = check_by_rules(connection, Wanted(division, year, unit, disclosure_ids=ids))
    grave = at_least(severity)
    failures = [row for row in checked.failures if row["severity"] in grave and (not rules or row["rule"] in rules)]
    summary = [_summary_row(row) for row in checked.summary if not rules or row["rule"] in rules]
    rows = [_failure_row(row) for row in failures]
    if output == "table":
        has_stages = any(row["stage"] != "budget" for row in rows)
        shown = [{name: row[name] for name in row if name != "stage" or has_stages} for row in rows]
        print_listing(output, {"summary": summary, "failures": shortened(shown, limit)})
    else:
        stored = {"summary": checked.summary, "failures": failures}
        print_listing(output, {"summary": summary, "failures": rows}, stored)
    if not rows:
        print_message("nothing failed")
    if checked.open_errors:
        end(Exit.DIFFERENCES)


def _summary_row(row: dict[str, Any]) -> dict[str, object]:
    return {
        "rule": row["rule"],
        "meaning": row[f"name_{language()}"],
        "severity": row["severity"],
        "passed": row["passed"],
        "failed": row["failed"],
        "not_applicable": row["not_applicable"],
    }


def _row_words(row: dict[str, Any]) -> str | None:
    """A row for users. Of prose the words are enough: its keys are made of them."""
    key: str | None = row["row_key"]
    label: str | None = row["row_label"]
    if key is None or (label and row["rule"].startswith("stated_")):
        return label
    return row_words(key, label)


def _failure_row(row: dict[str, Any]) -> dict[str, object]:
    """A failure as a row of the table; a finding of the loader has only a message."""
    compared = row["compared_with"]
    is_finding = row["figure"] is None and row["figure_text"] is None and row["row_label"] is None
    return {
        "severity": row["severity"],
        "rule": row["rule"],
        "unit": row["reporting_unit_code"],
        "year": row["fiscal_year"],
        "stage": row["stage"],
        "form": row["report_no"] or row["form_id"],
        "row": None if is_finding else _row_words(row),
        "column": row["column_label"] or row["column_key"],
        "figure": row["figure_text"] if row["figure"] is None else row["figure"],
        "expected": row["expected_text"] if row["expected"] is None else row["expected"],
        "difference": row["difference"],
        "compared_with": compared if language() == "en" else in_chinese(compared),
        "message": row[f"message_{language()}"],
        "answer": ": ".join(str(part) for part in (value("answer", row["answer"]), row["note"]) if part) or None,
    }
