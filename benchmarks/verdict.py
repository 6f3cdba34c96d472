"""Compare a loaded district with the answers of its generator: what was found, missed, and flagged wrongly.

hetang load FOLDER && python -m benchmarks.verdict FOLDER

The warehouse is the one that `hetang` uses. Exit code 1 if a document had another outcome than expected, or a wrong
figure was not noticed.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psycopg

from loader.documents.wording import fold
from loader.loading.options import DIVISION
from loader.warehouse.connection import connect
from synthetic.district import answers_of

Cell = tuple[str, int, int, str, str]  # unit, year, form, row, column


def _answers(folder: Path) -> list[dict[str, str]]:
    with answers_of(folder).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _outcomes(connection: psycopg.Connection) -> dict[str, set[str]]:
    rows = connection.execute("select file_name, outcome from meta.load").fetchall()
    outcomes: dict[str, set[str]] = {}
    for name, outcome in rows:
        outcomes.setdefault(Path(name).name, set()).add("rejected" if outcome == "rejected" else "accepted")
    return outcomes


def _flagged(connection: psycopg.Connection) -> set[Cell]:
    """Every cell that differs in a current disclosure."""
    rows = connection.execute(
        "select c.reporting_unit_code, c.fiscal_year, c.report_no, c.row_key, c.column_key"
        " from report.comparison as c join budget.disclosure as d using (division_code, fiscal_year, disclosure_id)"
        " where c.division_code = %s and c.status = 'differs' and d.is_current",
        (DIVISION,),
    ).fetchall()
    return {(unit, year, report_no, fold(row), column) for unit, year, report_no, row, column in rows}


@dataclass(frozen=True)
class Verdict:
    """The result of a comparison.

    ``unexpected``: files with another outcome than expected. ``wrong``: wrong figures that were not corrected.
    ``missed``: those that are not flagged. ``unnoticed``: those in documents without any flag. ``extra``: flagged cells
    that are right.
    """

    unexpected: tuple[str, ...]
    wrong: frozenset[Cell]
    missed: frozenset[Cell]
    unnoticed: frozenset[Cell]
    extra: frozenset[Cell]


def judge(connection: psycopg.Connection, folder: Path) -> Verdict:
    """Compare a warehouse with the answers of a district."""
    answers = _answers(folder)
    outcomes, flagged = _outcomes(connection), _flagged(connection)
    unexpected = [
        f"{name}: expected {expected}, found {', '.join(found) or 'nothing'}"
        for name, expected in {(Path(a["file"]).name, a["expected"]) for a in answers}
        if (found := outcomes.get(name, set())) != {"rejected" if expected == "rejected" else "accepted"}
    ]
    wrong = frozenset(
        (a["unit"], int(a["year"]), int(a["report_no"]), fold(a["row_key"]), a["column_key"])
        for a in answers
        if a["what"] == "wrong_figure"  # corrected ones do not count
    )
    filings = {cell[:2] for cell in flagged}
    missed = wrong - flagged
    return Verdict(
        tuple(sorted(unexpected)),
        wrong,
        missed,
        frozenset(cell for cell in missed if cell[:2] not in filings),
        frozenset(flagged - wrong),
    )


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    with connect() as connection:
        verdict = judge(connection, folder)
    print(f"{len(verdict.unexpected)} documents had another outcome than expected")
    for line in verdict.unexpected:
        print("  " + line)
    print(
        f"{len(verdict.wrong)} wrong figures stand uncorrected, {len(verdict.wrong - verdict.missed)} of them are named"
    )
    for cell in sorted(verdict.missed):
        print(f"  {'unnoticed' if cell in verdict.unnoticed else 'another cell differs instead'}: {cell}")
    beside = {cell[:2] for cell in verdict.wrong}
    print(f"{len(verdict.extra)} right cells differ, {sum(c[:2] in beside for c in verdict.extra)} beside a wrong one")
    for (unit, year), count in sorted(Counter(c[:2] for c in verdict.extra if c[:2] not in beside).items()):
        print(f"  {unit} {year}: {count}")
    sys.exit(bool(verdict.unexpected or verdict.unnoticed))


if __name__ == "__main__":
    main()
