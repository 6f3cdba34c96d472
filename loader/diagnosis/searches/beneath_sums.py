"""Rows whose figures may be wrong if the sums above them are right: all sums of a form fail by the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from loader.diagnosis.case import Case
from loader.diagnosis.disagreement.table import Table
from loader.diagnosis.figures.single_figures import form_name
from loader.diagnosis.figures.slips import name_slip
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.projects.project_spending import forms_of_fitting_projects
from loader.diagnosis.rows.whole_rows import AGAIN
from loader.diagnosis.trials import Explanation, column_faults

_MOST_ROWS = 12  # of which each may be wrong

Lacking = dict[str, int]  # column → by how much the sums exceed the rows (分)


def lacking_beneath(table: Table) -> tuple[str, Lacking] | None:
    """The lowest sum that fails, and what the rows beneath it lack. None if no sum fails, or not all alike; if only one
    column does: then it is a single figure; or if the form prints a row twice: then that is the fault."""
    lacking: dict[str, Lacking] = {}
    for failed in table.failed:
        if failed.check == "down":
            lacking.setdefault(failed.row, {})[failed.column] = failed.difference
    lowest = max(lacking, key=lambda row: len(table.rows.above(row)), default=None)
    if lowest is None or len(lacking[lowest]) < 2 or any(of != lacking[lowest] for of in lacking.values()):
        return None
    if any(row.rpartition(AGAIN)[2].isdigit() and AGAIN in row for row in table.figures):
        return None
    return lowest, lacking[lowest]


def possible_rows(table: Table, lowest: str, lacking: Lacking) -> dict[str, dict[str, int]]:
    """The rows that print all these columns and may be wrong in them → their right figures."""
    options: dict[str, dict[str, int]] = {}
    finest = table.finest
    for row in table.children()[lowest]:
        shown = table.figures[row]
        right = {column: shown.get(column, 0) + amount for column, amount in lacking.items()}
        is_printed = row in finest and all(map(shown.get, right)) and min(right.values()) >= 0
        if is_printed and not any(table.failing_across({**shown, **right}, row)):
            options[row] = right
    return options


def wrong_rows(case: Case, deadline: float) -> Iterator[Explanation]:
    """The rows of which one explains why all sums of a form fail alike, if no other form prints the figures. Forms of
    projects may tell which."""
    failing = [table for table in case.tables.values() if table.fails_down]
    if len(failing) != 1 or (found := lacking_beneath(failing[0])) is None:
        return
    [table] = failing
    options = possible_rows(table, *found)
    if len(options) > _MOST_ROWS:
        return
    own = form_name(table.form)
    explained = [
        (row, ledger)
        for row, right in options.items()
        for _, ledger in column_faults(case, [wrong_row(table, row, right, [own])], deadline)
    ]
    projects = {row: forms for row, ledger in explained if (forms := forms_of_fitting_projects(case, ledger))}
    for row, ledger in explained:
        if row in projects or not projects:
            yield (wrong_row(table, row, options[row], [*projects.get(row, ()), own]),), ledger


def wrong_row(table: Table, row: str, right: Mapping[str, int], evidence: Sequence[str]) -> Hypothesis:
    """The hypothesis that these figures of a row are wrong, by one slip."""
    figures = {column: (table.figures[row].get(column, 0), amount) for column, amount in right.items()}
    finest_first = dict(sorted(figures.items(), key=lambda shown: abs(shown[1][0])))
    return Hypothesis(
        name_slip(table.form, row, finest_first, [], evidence),
        table.form,
        {(row, column): amount for column, amount in right.items()},
    )
