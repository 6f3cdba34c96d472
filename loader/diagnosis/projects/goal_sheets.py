"""The figures that sheets of goals (绩效目标表) print for their projects."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from loader.ledger.evidence.evidence import Evidence, FormEvidence


class GoalSheet(NamedTuple):
    """The sheet of a project and its only figure (分)."""

    form: FormEvidence
    amount: int


def goal_sheets(evidence: Evidence) -> dict[str, GoalSheet]:
    """Project → its sheet of goals. Projects with several figures are left out."""
    found: dict[str, list[GoalSheet]] = defaultdict(list)
    for sheet in evidence.sheets:
        for (project, _), amount in sheet.amounts.items():
            found[project].append(GoalSheet(sheet, amount))
    return {project: shown[0] for project, shown in found.items() if len(shown) == 1}
