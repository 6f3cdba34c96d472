"""Cells that contradict each other → the amounts of their lines, with further lines and those in doubt beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from itertools import chain, islice

from loader.ledger.candidates.candidates import Candidates
from loader.ledger.clock import deadline, is_over
from loader.ledger.contradictions.balancing_lines import balancing_lines
from loader.ledger.contradictions.disagreement import contradicting, doubtful_lines, shared_differences
from loader.ledger.contradictions.doubtful_program import program_of
from loader.ledger.contradictions.further_lines import FurtherLines
from loader.ledger.evidence.projection import Coordinates
from loader.ledger.solver.equation import excesses
from loader.ledger.solver.program import Program, Solution
from loader.ledger.system import System

# lines that may be weighed against each other; more take too long and hardly show which cell is wrong
_MOST_LINES = 2000
# further lines that may always join: they cost little, and a cell with money may have no other line
_FEW_LINES = 100
# for the search for lines in doubt, see the clock; then it stops with the best result so far
_MOST_WORK = 1_500_000


class Widening:
    """The search for amounts if cells contradict each other.

    Further lines are added to these cells, and lines beside them are in doubt. Weighing may move the disagreement to
    other cells, and then their lines join. If this ends and cells still disagree, lines at coarser levels join to
    balance them. If none of the further lines gets money, a cell is wrong and the further lines are dropped.
    """

    def __init__(
        self, system: System, values: Sequence[int | None], doubtful: set[int], relaxed: Callable[[], Candidates]
    ) -> None:
        self._system = system
        self._known = len(system.lines)
        self._most = max(_MOST_LINES, self._known + _FEW_LINES)
        self._further: FurtherLines | None = FurtherLines(relaxed, system)
        self._values = values
        self._doubtful = doubtful
        differing = excesses(system.equations, values)
        self._wrong = _finest(system, contradicting(system, differing)) or shared_differences(system, differing)
        self._disagreeing: set[str] = set()  # statements of cells that disagree
        self._unbalanced: set[str] = set()  # those with balancing lines
        self._is_wide = self._is_cut_short = False

    def solution(self) -> Solution:
        """The amounts with the least deviation when no more lines join, or when enough work is done."""
        end = deadline(_MOST_WORK)
        program = self._weighed()
        while self._has_more_doubt():
            if is_over(end):
                self._is_cut_short = True
                break
            program = self._weighed()
        if (useless := self._lines_without_money()) is not None:
            program = program_of(self._system, self._values, self._doubtful - useless)
            program.weigh()
        solution = program.complete()
        solution.is_settled &= not self._is_cut_short
        return solution

    def _weighed(self) -> Program:
        """The program of the lines in doubt, weighed after further lines have joined."""
        system = self._system
        new = system.add(self._joining())
        wrong = (system.equations[number].members for number in self._wrong)
        self._doubtful = self._doubtful.union(new, _beside(system, new), *wrong)
        self._doubtful |= _known_through(system, self._doubtful)
        if self._unbalanced:
            self._doubtful |= set(self._add_balancing_lines())
        program = program_of(system, [*self._values, *[0] * (len(system.lines) - len(self._values))], self._doubtful)
        self._values = program.weigh()
        return program

    def _joining(self) -> list[Coordinates]:
        """The further lines that add to the wrong cells. None, now and later, if they would be too many."""
        if self._further is None:
            return []
        room = self._most - len(self._system.lines)
        joining = list(islice(self._further.adding_to(self._wrong), max(room, 0) + 1))
        if len(joining) > room:
            self._further, self._is_cut_short = None, True
            return []
        self._further.join(joining)
        return joining

    def _add_balancing_lines(self) -> range:
        system = self._system
        unbalanced = [number for number in self._doubtful if system.lines[number].statement in self._unbalanced]
        found = balancing_lines([system.lines[number] for number in sorted(unbalanced)])
        known = set(system.lines)
        return system.add([line for line in found if line not in known], balancing=True)

    def _has_more_doubt(self) -> bool:
        """Whether more lines come into doubt or may join. Puts these in doubt."""
        system = self._system
        differing = excesses(system.equations, self._values)
        left = (contradicting(system, differing), shared_differences(system, differing))
        self._wrong = next((numbers for numbers in left if self._reaches_further(numbers)), [])
        self._disagreeing = {statement for number in chain(*left) for statement in system.statements_of(number)}
        if self._wrong:
            return True
        if negative := doubtful_lines(system, self._values, differing) - self._doubtful:
            self._doubtful |= negative
            return True
        if left[1] and not self._is_wide:
            # several totals lack the same money: a blank cell far from the disagreeing ones may have lost it
            self._is_wide = True
            lines = enumerate(system.lines)
            self._doubtful |= {number for number, line in lines if line.statement in self._disagreeing}
            return True
        # balancing cells costs more than one wrong cell
        if self._disagreeing <= self._unbalanced or (_are_apart(system, differing) and not system.evidence.is_rounded):
            return False
        self._unbalanced |= self._disagreeing
        return True

    def _reaches_further(self, numbers: Sequence[int]) -> bool:
        """Whether some of these cells have lines that are not in doubt yet, or allow further lines."""
        lines = chain.from_iterable(self._system.equations[number].members for number in numbers)
        if not self._doubtful.issuperset(lines):
            return True
        return self._further is not None and any(self._further.adding_to(numbers))

    def _lines_without_money(self) -> set[int] | None:
        """The further lines in doubt of statements whose further lines all lack money. None if no such statement
        disagrees."""
        lines = self._system.lines
        further = zip(lines[self._known :], self._values[self._known :], strict=True)
        useful = {line.statement for line, value in further if value}
        if not self._disagreeing - useful:
            return None
        return {n for n in self._doubtful if n >= self._known and lines[n].statement not in useful}


def _are_apart(system: System, numbers: Iterable[int]) -> bool:
    """Whether no two of these cells share a line. Then a line that balances one does not help another."""
    sums = [system.equations[number].members for number in numbers]
    return sum(map(len, sums)) == len({*chain.from_iterable(sums)})


def _finest(system: System, numbers: Sequence[int]) -> list[int]:
    """Those of the cells that share no line with a finer one among them, because the finer one may cause the
    difference."""
    found: list[int] = []
    covered: set[int] = set()
    for number in sorted(numbers, key=lambda n: len(system.equations[n].members)):
        members = system.equations[number].members
        if covered.isdisjoint(members):
            found.append(number)
            covered.update(members)
    return found


def _beside(system: System, new: range) -> set[int]:
    """The lines that share the finest cells with new lines: money may have to move between them."""
    shared = [e for e in system.equations if e.is_leaf and e.members and e.members[-1] in new]
    beside: dict[int, list[int]] = {}
    for equation in sorted(shared, key=lambda e: len(e.members)):
        known = [line for line in equation.members if line not in new]
        if known and not equation.is_declaration:
            for line in equation.members[len(known) :]:
                beside.setdefault(line, known)
    return set(chain.from_iterable(beside.values()))


def _known_through(system: System, doubtful: Set[int]) -> set[int]:
    """The lines that cells without parts show only together with lines in doubt: their amounts follow from these."""
    beside: set[int] = set()
    apart: set[int] = set()
    for equation in system.equations:
        if equation.is_leaf and not equation.is_declaration:
            (apart if doubtful.isdisjoint(equation.members) else beside).update(equation.members)
    return beside - apart - doubtful
