"""Amounts for the lines of a disclosure: decided by its cells, or the best estimate where they leave a choice.

Cells that agree decide their lines. Contradictions elsewhere do not change these. If cells contradict each other,
further lines are added that belong to these cells. Only these lines and their neighbours are then weighed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from loader.ledger.candidates.candidates import Candidates
from loader.ledger.contradictions.disagreement import contradicting, doubtful_lines, shared_differences
from loader.ledger.contradictions.doubtful_program import ROUNDING_PLACES, program_of
from loader.ledger.contradictions.widening import Widening
from loader.ledger.evidence.capabilities import statements_of
from loader.ledger.evidence.evidence import Evidence, to_fen
from loader.ledger.rounded.coarse_forms import coarse_forms
from loader.ledger.rounded.rounded_figures import forms_with_rounded_figures
from loader.ledger.rounded.rounding import verdict_on_rounding
from loader.ledger.solver.equation import difference, excesses
from loader.ledger.solver.peeling import peel
from loader.ledger.solver.program import Solution
from loader.ledger.system import System
from schema.forms.template import Statement


@dataclass(frozen=True, slots=True)
class Attempt:
    """The possible lines of a disclosure, the amounts (分) that its cells give them, and the numbers of the lines in
    doubt.

    ``solution`` is None if cells contradict each other.
    """

    system: System
    values: list[int | None]
    doubtful: set[int]
    solution: Solution | None


def attempt(evidence: Evidence, strict: Candidates) -> Attempt:
    """The first attempt: amounts for the possible lines, without further ones. Decides whether the ``evidence`` is
    rounded and which of its forms are coarse."""
    system = System(evidence)
    shown_statements = {statement for form in evidence.all_forms() for statement in statements_of(form.form)}
    candidates = (line for statement in Statement if statement in shown_statements for line in strict.lines(statement))
    system.add(list(dict.fromkeys(candidates)))
    values = _peeled(system)
    differing = excesses(system.equations, values)
    if _is_settled(system, values, differing):
        return Attempt(system, values, set(), _settled(values))
    if evidence.coarse:
        # left open if only coarse cells decide it: such lines may share a rounding
        values = peel(len(system.lines), [e for e in system.equations if e.is_leaf and not e.is_coarse])
        differing = excesses(system.equations, values)
    elif coarse := coarse_forms(system) | forms_with_rounded_figures(system):
        evidence.mark_coarse(coarse)
        return attempt(evidence, Candidates(evidence))
    evidence.is_rounded, evidence.may_be_rounded = verdict_on_rounding(system)
    if evidence.is_rounded:
        system.allow_rounding()
        differing = excesses(system.equations, values)
        if _is_settled(system, values, differing):
            return Attempt(system, values, set(), _settled(values))
    if Statement.EXPENDITURE in shown_statements and system.declare(strict.declarations()):
        declared = _peeled(system)
        differing_then = excesses(system.equations, declared)
        if _is_settled(system, declared, differing_then):
            return Attempt(system, declared, set(), _settled(declared))
        if _is_settled(system, declared, differing_then, Statement.EXPENDITURE):
            values, differing = declared, differing_then
        else:
            differing = excesses(system.equations, values)
    doubtful = doubtful_lines(system, values, differing)
    solution = None
    if not contradicting(system, differing):
        program = program_of(system, values, doubtful)
        solution = program.agreed()
        if solution is None or (solution.deviation and not _is_agreed(system, solution.values)):
            values = [*program.weigh()]
            solution = program.complete() if _is_agreed(system, values) else None
    return Attempt(system, values, doubtful, solution)


def find_amounts(tried: Attempt, relaxed: Callable[[], Candidates]) -> Solution:
    """The amounts of an attempt. ``relaxed`` gives further lines, which join only if cells contradict each other."""
    solution = tried.solution or Widening(tried.system, tried.values, tried.doubtful, relaxed).solution()
    return _within_roundings(tried.system, solution) if tried.system.evidence.is_rounded else solution


def _within_roundings(system: System, solution: Solution) -> Solution:
    """The amounts of a document rounded cell by cell, weighed again if a cell is a little farther from its lines than
    these can have moved it. First, lines count that turn out to have no money."""
    _allow_only_lines_with_money(system, solution)
    differing = excesses(system.equations, solution.values)
    little = to_fen(ROUNDING_PLACES * system.evidence.half_place)
    too_far = [n for n, found in differing.items() if abs(found) <= system.equations[n].slack + little]
    if not too_far:
        return solution
    statements = {statement for number in too_far for statement in system.statements_of(number)}
    doubtful = {number for number, line in enumerate(system.lines) if line.statement in statements}
    again = program_of(system, solution.values, doubtful)
    again.weigh()
    weighed = again.complete()
    return weighed if len(excesses(system.equations, weighed.values)) < len(differing) else solution


def _allow_only_lines_with_money(system: System, solution: Solution) -> None:
    """Let cells that agree differ from their lines by the rounding of those that have money only."""
    half_place = to_fen(system.evidence.half_place)
    for equation, cell in zip(system.equations, system.cells, strict=True):
        if not equation.slack or equation.is_coarse or difference(equation, solution.values):
            continue
        parts = max(1, cell.part_count if cell else 0, sum(bool(solution.values[line]) for line in equation.members))
        equation.slack = min(equation.slack, (parts + 1) * half_place)


def _peeled(system: System) -> list[int | None]:
    return peel(len(system.lines), [e for e in system.equations if e.is_leaf])


def _is_agreed(system: System, values: Sequence[int | None]) -> bool:
    """Whether no cell differs, except totals that differ alone."""
    differing = excesses(system.equations, values)
    return not (contradicting(system, differing) or shared_differences(system, differing))


def _is_settled(
    system: System, values: Sequence[int | None], differing: Collection[int], statement: Statement | None = None
) -> bool:
    """Whether all lines, or all lines of one statement, are decided without a contradiction."""
    if statement is None and differing:
        return False
    if any(statement in (None, system.lines[line].statement) for line in doubtful_lines(system, values, differing)):
        return False
    return not any(statement is None or statement in system.statements_of(number) for number in differing)


def _settled(values: Sequence[int | None]) -> Solution:
    return Solution([value or 0 for value in values])
