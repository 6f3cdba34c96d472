"""Project spending by unit and function: what bears out the figures of projects, which no other form prints.

Special funds in the budget of a department are project spending. If the sum of its projects is exactly what the other
forms show as project spending, this is no chance, and the sum is right. So are the projects if they can be shared out
among the functions without a rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from loader.diagnosis.case import Case
from loader.diagnosis.disagreement.differences import Rebuilt, rebuild_forms
from loader.diagnosis.disagreement.table import Table
from loader.ledger.evidence.evidence import Evidence, to_fen
from loader.ledger.lines import Ledger
from schema.forms.template import Coordinate, Statement

_MOST_PROJECTS = 12  # of a unit that are shared out among functions: of more, some sums agree by chance


@dataclass(frozen=True)
class ProjectSpending:
    """Unit → the project spending of its functions (分), and the forms that print all of it."""

    of_unit: Mapping[str, Sequence[int]]
    forms: Sequence[str]

    def agreeing(self, projects: Mapping[str, Sequence[int]]) -> list[str]:
        """The units whose projects (unit → 分) add up to their project spending."""
        return [unit for unit, of in projects.items() if sum(of) == sum(self.of_unit.get(unit, ()))]

    def agrees(self, projects: Mapping[str, Sequence[int]]) -> bool:
        """Whether the projects of each unit add up to its project spending."""
        return bool(projects) and len(self.agreeing(projects)) == len(projects)

    def rest(self, projects: Mapping[str, Sequence[int]]) -> int:
        """The project spending (分) that is not of these projects."""
        return sum(map(sum, self.of_unit.values())) - sum(map(sum, projects.values()))

    def fits(self, projects: Mapping[str, Sequence[int]]) -> bool:
        """Whether the projects of each unit can also be shared out among its functions without a rest."""
        return self.agrees(projects) and all(
            len(of) <= _MOST_PROJECTS and can_be_shared_out(of, self.of_unit[unit]) for unit, of in projects.items()
        )


def is_of_projects(table: Table) -> bool:
    """Whether a form prints special funds by project."""
    return table.rows.by[-1] is Coordinate.PROJECT and table.form.form.where.statement == (Statement.SPECIAL_FUND,)


def project_spending(evidence: Evidence, ledger: Ledger, rebuilt: Rebuilt, table: Table) -> ProjectSpending:
    """The project spending from the funds of which a form of projects prints money."""
    printed = {column for (_, column), amount in table.form.amounts.items() if amount}
    funds = {
        column.where.fund[0][:2]
        for column in table.form.form.money_columns
        if column.id in printed and column.where.fund
    }
    of_place: Counter[tuple[str, str]] = Counter()
    lines = set()
    for number, line in enumerate(ledger.lines):
        at = line.coordinates
        if at.statement == Statement.EXPENDITURE and at.nature == "project" and (not funds or at.fund[:2] in funds):
            of_place[at.unit, at.functional] += to_fen(line.amount)
            lines.add(number)
    of_unit: dict[str, list[int]] = defaultdict(list)
    for (unit, _), amount in of_place.items():
        of_unit[unit].append(amount)
    forms = [
        str(form.form.report_no or form_id)
        for form_id, form in evidence.forms.items()
        if any(
            set(held) == lines and form.amounts.get(key) == sum(of_place.values())
            for key, held in rebuilt[form_id].lines.items()
        )
    ]
    return ProjectSpending(of_unit, forms)


def forms_of_fitting_projects(case: Case, ledger: Ledger) -> list[str]:
    """The forms of projects that bear out the project spending of a ledger."""
    rebuilt = rebuild_forms(case.evidence, ledger)
    return [
        str(table.form.form.report_no or form_id)
        for form_id, table in case.tables.items()
        if is_of_projects(table)
        if project_spending(case.evidence, ledger, rebuilt, table).fits(in_budget(table, table.figures))
    ]


def in_budget(table: Table, figures: Mapping[str, Mapping[str, int]]) -> dict[str, list[int]]:
    """Unit → its projects in the budget of the department (分), without those that finance holds."""
    methods = methods_of(table)
    total = table.form.form.money_columns[0].id
    found: dict[str, list[int]] = defaultdict(list)
    for row in table.finest:
        unit, is_project, _ = row.partition("/")
        if is_project and (shown := figures.get(row)):
            own = [shown.get(column, 0) for column in methods if column != "held_by_finance"]
            found[unit].append(sum(own) if any(map(shown.get, methods)) else shown.get(total, 0))
    return found


def methods_of(table: Table) -> list[str]:
    """The columns of 预算编制方式, which split the total of a project once more."""
    return [column.id for column in table.form.form.money_columns if column.where.item and column.id in table.columns]


def can_be_shared_out(amounts: Iterable[int], places: Sequence[int]) -> bool:
    """Whether amounts can be put into places so that each place holds exactly its sum."""
    ordered = sorted(amount for amount in amounts if amount)
    if min((*ordered, *places), default=0) < 0 or sum(ordered) != sum(places):
        return False
    # places are filled one after the other, so that what is left tells how much room the next one has
    ends = [*accumulate(places)]
    states = {tuple(ordered)}
    for _ in ordered:
        states = {
            (*left[:at], *left[at + 1 :])
            for left in states
            for room in [_room(ends, ends[-1] - sum(left))]
            for at, amount in enumerate(left)
            if amount <= room
        }
    return bool(states)


def _room(ends: Sequence[int], filled: int) -> int:
    return next(end for end in ends if end > filled) - filled
