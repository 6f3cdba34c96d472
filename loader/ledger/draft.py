"""Filed cells → the ledger: candidates, equations, amounts, then lines with their basis, support and findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from loader.filing.filed import FiledDisclosure, Finding
from loader.ledger.amounts import Attempt, attempt, find_amounts
from loader.ledger.blank_parts import blank_parts
from loader.ledger.candidates.candidates import Candidates
from loader.ledger.evidence.blanks import with_blanks_in_doubt
from loader.ledger.evidence.evidence import Evidence, gather
from loader.ledger.lines import Ledger, Line
from loader.ledger.negative_spending import negative_spending
from loader.ledger.rounded.part_counts import count_parts, count_parts_of_coarse
from loader.ledger.solution.ledger_findings import implausible, unsolved, without_rounded_sums
from loader.ledger.solution.projects import assign_projects
from loader.ledger.solution.solved_lines import solved_lines
from loader.ledger.solution.support import set_support
from loader.ledger.solver.program import Solution
from loader.ledger.unlisted_sheets import unlisted_sheets
from loader.ledger.whole_forms import wrong_form


@dataclass(frozen=True, slots=True)
class Draft:
    """The result of the cells of a disclosure alone, before further lines that only contradictions allow."""

    disclosure: FiledDisclosure
    evidence: Evidence
    strict: Candidates
    tried: Attempt
    findings: list[Finding]

    @property
    def is_contradictory(self) -> bool:
        """Whether cells contradict each other."""
        return self.tried.solution is None

    def decided(self) -> list[Line]:
        """The lines that cells decide, even if other cells contradict them."""
        system = self.tried.system
        return solved_lines(system, Solution([value or 0 for value in self.tried.values]))

    def finished(self) -> Ledger:
        """The ledger. Also sets the support of the filed cells."""
        evidence, system = self.evidence, self.tried.system
        solution = find_amounts(self.tried, cache(lambda: Candidates(with_blanks_in_doubt(evidence), relaxed=True)))
        set_support(system, solution)
        lines = solved_lines(system, solution)
        negative = [(line.coordinates, line.source) for line in lines if line.amount < 0]
        findings = [
            *self.findings,
            *unsolved(system, solution),
            *implausible(self.disclosure, lines),
            *negative_spending(evidence, negative),
        ]
        if evidence.is_rounded:
            count_parts(evidence, lines)
        coarse = count_parts_of_coarse(evidence, lines)
        if coarse:
            self.disclosure.findings = without_rounded_sums(evidence)
        return Ledger(assign_projects(lines), self._unit_kinds(), findings, evidence.is_rounded, coarse)

    def _unit_kinds(self) -> dict[str, str | None]:
        """Unit → its kind, "mixed" if it has both, None if the forms do not show kinds."""
        known = self.strict.unit_kinds
        if not known.are_shown:
            return dict.fromkeys(self.disclosure.unit_names)
        kinds = {unit: known.of(unit) for unit in self.disclosure.unit_names}
        return {unit: found[0] if len(found) == 1 else "mixed" for unit, found in kinds.items()}


def draft_of(evidence: Evidence) -> Draft:
    """The draft of one disclosure."""
    strict = Candidates(evidence)
    findings = [*blank_parts(evidence), *unlisted_sheets(evidence)]
    return Draft(evidence.disclosure, evidence, strict, attempt(evidence, strict), findings)


def without_wrong_form(draft: Draft) -> Draft:
    """The draft, or if cells contradict each other and one form is wrong as a whole, the draft without or with the
    corrected form."""
    if not draft.is_contradictory or (wrong := wrong_form(draft.evidence, draft.tried.system)) is None:
        return draft
    return Draft(draft.disclosure, wrong.evidence, wrong.strict, wrong.attempt, [*draft.findings, wrong.finding])


def make_ledger(disclosure: FiledDisclosure) -> Ledger:
    """The ledger of one disclosure. Also sets the support of its filed cells."""
    return ledger_of(gather(disclosure))


def ledger_of(evidence: Evidence) -> Ledger:
    """The ledger of cells that are gathered already."""
    return without_wrong_form(draft_of(evidence)).finished()


def agreed_ledger(evidence: Evidence) -> Ledger | None:
    """The ledger of gathered cells without further lines. None if cells contradict each other."""
    draft = draft_of(evidence)
    return None if draft.is_contradictory else draft.finished()
