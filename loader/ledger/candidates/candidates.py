"""Evidence → the lines that a ledger may have: the coordinates that the filed forms leave possible, form by form.

The coarsest complete cut comes first (unit × function × nature), then the fund, the department-economic and the
government-economic subject. Each step keeps what the forms show and drops what they show as blank. A form, row or
column that is not filed is ignored. This module decides no amounts. If one line remains for a cell, the cell decides
it; if several remain, :mod:`loader.ledger.solver.program` does.
"""

from __future__ import annotations

from collections.abc import Iterator

from loader.ledger.candidates.department_subjects import DepartmentSubjects
from loader.ledger.candidates.funds import Funds
from loader.ledger.candidates.government_subjects import GovernmentSubjects
from loader.ledger.candidates.natures import Natures
from loader.ledger.candidates.other_statements import apart, special_fund, three_public
from loader.ledger.candidates.slices import slices
from loader.ledger.candidates.unit_kinds import UnitKinds
from loader.ledger.evidence.blanks import with_zeros_in_doubt
from loader.ledger.evidence.evidence import Evidence
from loader.ledger.evidence.expenditure_forms import ExpenditureForms, Slice
from loader.ledger.evidence.income import Income
from loader.ledger.evidence.projection import Coordinates
from schema.forms.template import Statement


class Candidates:
    """The possible lines of one disclosure, and the kinds of its units.

    ``relaxed`` allows more lines: for documents that contradict themselves, and for local practice outside the official
    crosswalk.
    """

    def __init__(self, evidence: Evidence, relaxed: bool = False) -> None:
        self._evidence = evidence = with_zeros_in_doubt(evidence) if evidence.coarse else evidence
        self._relaxed = relaxed
        self._income = Income(evidence)
        self._forms = forms = ExpenditureForms(evidence)
        self._natures = Natures(forms)
        self._funds = Funds(forms, self._income)
        self._departments = DepartmentSubjects(forms, relaxed)
        self.unit_kinds = UnitKinds(forms)
        self._governments = GovernmentSubjects(forms, self.unit_kinds, relaxed)

    def lines(self, statement: Statement) -> Iterator[Coordinates]:
        """The possible lines of a statement."""
        match statement:
            case Statement.EXPENDITURE:
                return self._expenditure()
            case Statement.REVENUE:
                return self._income.revenue()
            case Statement.CARRY_OVER:
                return self._income.carry_over()
            case Statement.THREE_PUBLIC:
                return three_public(self._evidence, self._relaxed)
            case Statement.SPECIAL_FUND:
                return special_fund(self._evidence, self._relaxed)
            case Statement.OPERATING_COST | Statement.PROCUREMENT:
                return apart(self._evidence, statement)

    def declarations(self) -> list[tuple[str, str, int]]:
        """Triples (fund, unit or "", amount in 分): the money that funds without a form of their own can spend."""
        return self._funds.declarations()

    def _expenditure(self) -> Iterator[Coordinates]:
        """The possible expenditure lines."""
        for unit, functional in slices(self._forms, self._natures):
            place = (unit, functional)
            for nature in self._natures.at(place):
                for fund in self._funds.paying(place, nature):
                    for department, government in self._economics(place, nature, fund):
                        yield Coordinates(Statement.EXPENDITURE, unit, fund, nature, functional, department, government)

    def _economics(self, place: Slice, nature: str, fund: str) -> list[tuple[str, str]]:
        """Pairs of a department-economic and a government-economic code."""
        if nature not in ("basic", "project"):
            return [("", government) for government in self._governments.at(place, nature, fund, "", certain=True)]
        pairs: list[tuple[str, str]] = []
        doubtful: list[str] = []
        for department, certain in self._departments.at(place, nature, fund):
            governments = self._governments.at(place, nature, fund, department, certain)
            pairs += [(department, government) for government in governments]
            if not governments:
                doubtful.append(department)
        if not pairs:
            pairs = [(d, g) for d in doubtful for g in self._governments.at(place, nature, fund, d, certain=True)]
        return pairs or [("", "")]
