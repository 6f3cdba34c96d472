"""Lines → the same lines with the projects (项目) of project spending, as far as the forms determine them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from loader.ledger.lines import Line
from schema.forms.template import Statement

_ORDER = {statement.value: position for position, statement in enumerate(Statement)}


def assign_projects(lines: list[Line]) -> list[Line]:
    """Assign projects to project spending, as far as form 21 and the functions determine them.

    The forms print projects by unit and fund, and functions by unit and fund, but no projects by function. Equal
    amounts are matched first. The rest is filled in the order of the codes. Choices are marked.
    """
    specials: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        at = line.coordinates
        if at.statement == Statement.SPECIAL_FUND and at.item != "held_by_finance" and at.project:
            specials[at.unit, at.fund[:2]][at.project] += line.amount
    result: list[Line] = []
    spending: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        at = line.coordinates
        group = (at.unit, at.fund)
        if at.statement == Statement.EXPENDITURE and at.nature == "project" and specials.get(group):
            spending[group].append(line)
        else:
            result.append(line)
    for group, members in spending.items():
        result += _share_out(members, dict(specials[group]))
    return sorted(result, key=lambda line: (_ORDER[line.coordinates.statement], line.coordinates))


def _share_out(members: list[Line], projects: dict[str, Decimal]) -> list[Line]:
    agree = sum(line.amount for line in members) == sum(projects.values())
    forced = agree and (len(members) == 1 or len(projects) == 1)
    open_projects = dict(projects)
    whole: list[Line] = []
    rest: list[Line] = []
    for line in sorted(members, key=lambda entry: entry.coordinates):
        equal = [name for name, amount in open_projects.items() if amount == line.amount]
        if equal:
            whole.append(_of_project(line, equal[0], line.amount, forced))
            del open_projects[equal[0]]
        else:
            rest.append(line)
    for line in rest:
        left = line.amount
        for name in list(open_projects):
            share = min(left, open_projects[name])
            if share <= 0:
                continue
            whole.append(_of_project(line, name, share, forced))
            open_projects[name] -= share
            left -= share
        if left:
            whole.append(line if left == line.amount else _of_project(line, "", left, forced))
    return whole


def _of_project(line: Line, project: str, amount: Decimal, forced: bool) -> Line:
    marks = line.allocated if forced else (*line.allocated, "project_id")
    basis = line.basis
    if amount != line.amount and basis != "remainder":
        basis = "derived" if forced else "allocated"
    return replace(
        line, coordinates=line.coordinates._replace(project=project), amount=amount, allocated=marks, basis=basis
    )
