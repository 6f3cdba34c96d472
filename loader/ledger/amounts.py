"""Amounts for the lines of a disclosure: decided by its cells, or the best estimate where they leave a choice.

Cells that agree decide their lines. Contradictions elsewhere do not change these. If cells contradict each other,
further lines are added that belong to these cells. Only these lines and their neighbours are then weighed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from loader.ledger.candidates import Candidates
from loader.ledger.capabilities import statements_of
from loader.ledger.clock import deadline, is_over
from loader.ledger.coarse_forms import coarse_forms
from loader.ledger.equation import difference
from loader.ledger.evidence import Evidence, to_fen
from loader.ledger.peeling import peel
from loader.ledger.program import Program, Solution, Traits
from loader.ledger.projection import CellKey, Coordinates
from loader.ledger.rounding import is_rounded
from loader.ledger.system import System
from schema.codes.lists import crosswalk
from schema.forms.template import Statement

# a remainder of up to this many half places is a rounding
ROUNDING_PLACES = 6
# lines that may be weighed against each other; more take too long and hardly show which cell is wrong
_MOST_LINES = 2000
# further lines that may always join: they cost little, and a cell with money may have no other line
_FEW_LINES = 100
# of processor time for the search for lines in doubt, in seconds; then it stops with the best result so far
_SECONDS = 1.5


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
    differing = _differing(system, values)
    if _is_settled(system, values, differing):
        return Attempt(system, values, set(), _settled(values))
    if evidence.coarse:
        # left open if only coarse cells decide it: such lines may share a rounding
        values = peel(len(system.lines), [e for e in system.equations if e.is_leaf and not e.is_coarse])
        differing = _differing(system, values)
    elif coarse := coarse_forms(system):
        evidence.mark_coarse(coarse)
        return attempt(evidence, Candidates(evidence))
    evidence.is_rounded = is_rounded(evidence)
    if evidence.is_rounded:
        system.allow_rounding()
        differing = _differing(system, values)
        if _is_settled(system, values, differing):
            return Attempt(system, values, set(), _settled(values))
    if Statement.EXPENDITURE in shown_statements and system.declare(strict.declarations()):
        declared = _peeled(system)
        differing_then = _differing(system, declared)
        if _is_settled(system, declared, differing_then):
            return Attempt(system, declared, set(), _settled(declared))
        if _is_settled(system, declared, differing_then, Statement.EXPENDITURE):
            values = declared
        differing = _differing(system, values)
    doubtful = _doubtful(system, values, differing)
    solution = None
    if not _contradicting(system, differing):
        program = _program(system, values, doubtful)
        solution = program.agreed()
        if solution is None or not _is_agreed(system, solution.values):
            values = [*program.weigh()]
            solution = program.complete() if _is_agreed(system, values) else None
    return Attempt(system, values, doubtful, solution)


def find_amounts(tried: Attempt, relaxed: Callable[[], Candidates]) -> Solution:
    """The amounts of an attempt. ``relaxed`` gives further lines, which join only if cells contradict each other."""
    return tried.solution or _widened(tried.system, tried.values, tried.doubtful, relaxed)


def _peeled(system: System) -> list[int | None]:
    return peel(len(system.lines), [e for e in system.equations if e.is_leaf])


def _differing(system: System, values: Sequence[int | None]) -> dict[int, int]:
    """Number of each equation that its lines do not satisfy → by how much the cell exceeds them (分)."""
    return {
        number: excess for number, equation in enumerate(system.equations) if (excess := difference(equation, values))
    }


def _is_agreed(system: System, values: Sequence[int | None]) -> bool:
    """Whether no cell differs, except totals that differ alone."""
    differing = _differing(system, values)
    return not (_contradicting(system, differing) or _shared_differences(system, differing))


def _is_settled(
    system: System, values: Sequence[int | None], differing: Collection[int], statement: Statement | None = None
) -> bool:
    """Whether all lines, or all lines of one statement, are decided without a contradiction."""
    if statement is None and differing:
        return False
    if any(statement in (None, system.lines[line].statement) for line in _doubtful(system, values, differing)):
        return False
    return not any(statement is None or statement in system.statements_of(number) for number in differing)


def _settled(values: Sequence[int | None]) -> Solution:
    return Solution([value or 0 for value in values])


def _doubtful(system: System, values: Sequence[int | None], differing: Iterable[int]) -> set[int]:
    """The lines in doubt: lines left open by the cells, and unjustified negative lines with their neighbours.

    A negative line is justified if one of its cells without parts is negative and none of its cells
    disagrees.
    """
    open_lines = {line for line, value in enumerate(values) if value is None}
    negative = {line for line, value in enumerate(values) if value is not None and value < 0}
    if not negative:
        return open_lines
    shown = (e for e in system.equations if e.amount < 0 and e.is_leaf and not e.is_declaration)
    excused = set(chain.from_iterable(e.members for e in shown))
    negative -= excused.difference(*(system.equations[n].members for n in differing))
    beside = (e.members for e in system.equations if e.is_leaf and not negative.isdisjoint(e.members))
    return open_lines.union(negative, *beside)


def _contradicting(system: System, differing: Iterable[int]) -> list[int]:
    """The cells without parts that differ, and the trusted or balancing totals that differ."""
    found = ((n, system.equations[n]) for n in differing)
    return [n for n, e in found if (e.is_leaf or e.is_trusted or e.is_balanced) and not e.is_declaration]


def _shared_differences(system: System, differing: Mapping[int, int]) -> list[int]:
    """The finest of those totals that all differ from their lines by the same amount: finer cells may lack that money.

    A total that differs alone is wrong itself.
    """
    alike: dict[int, list[int]] = defaultdict(list)
    for number, found in differing.items():
        if not system.equations[number].is_leaf:
            alike[found].append(number)
    finest: list[int] = []
    for numbers in alike.values():
        if len(numbers) > 1:
            least = min(len(system.equations[n].members) for n in numbers)
            finest += [n for n in numbers if len(system.equations[n].members) == least]
    return finest


class _Further:
    """The lines that are possible only because of contradictions and have not joined yet."""

    def __init__(self, relaxed: Callable[[], Candidates], system: System) -> None:
        self._relaxed = relaxed
        self._system = system
        self._known = set(system.lines)
        self._lines: dict[str, list[Coordinates]] = {}
        self._adding: dict[str, dict[int, dict[CellKey, list[int]]]] = defaultdict(dict)

    def adding_to(self, numbers: Sequence[int]) -> Iterator[Coordinates]:
        """The further lines that would add to one of these equations.

        If there are none, the lines that would add to other cells with the same sum: any of the contradicting cells may
        lack a line.
        """
        found = list(self._adding_to(numbers)) or list(self._adding_to(self._system.same_sums(numbers)))
        return iter(found)

    def _adding_to(self, numbers: Sequence[int]) -> Iterator[Coordinates]:
        statements = {statement for number in numbers for statement in self._system.statements_of(number)}
        keys = [self._system.keys[number] for number in numbers]
        for statement in Statement:
            if statement in statements:
                lines = self._of(statement)
                adding = self._adding[statement]
                adding |= self._system.adding(lines, {number for number, _ in keys} - adding.keys())
                found = (adding[number].get(key, ()) for number, key in keys if number in adding)
                for index in sorted(set(chain.from_iterable(found))):
                    if lines[index] not in self._known:
                        yield lines[index]

    def join(self, lines: Iterable[Coordinates]) -> None:
        """Mark these lines as known."""
        self._known.update(lines)

    def _of(self, statement: Statement) -> list[Coordinates]:
        if statement not in self._lines:
            found = (line for line in self._relaxed().lines(statement) if line not in self._known)
            self._lines[statement] = list(dict.fromkeys(found))
        return self._lines[statement]


def _widened(
    system: System, values: Sequence[int | None], doubtful: set[int], relaxed: Callable[[], Candidates]
) -> Solution:
    """The amounts if cells contradict each other: further lines are added to these cells, and lines beside them are in
    doubt.

    Weighing may move the disagreement to other cells, and then their lines join. If this ends and cells still disagree,
    lines at coarser levels join to balance them. If none of the further lines gets money, a cell is wrong and the
    further lines are dropped.
    """
    size = len(system.lines)
    most = max(_MOST_LINES, size + _FEW_LINES)
    further: _Further | None = _Further(relaxed, system)
    differing = _differing(system, values)
    wrong = _finest(system, _contradicting(system, differing)) or _shared_differences(system, differing)
    unbalanced: set[str] = set()
    is_cut_short = is_wide = False
    end = deadline(_SECONDS)
    while True:
        room = most - len(system.lines)
        joining = list(islice(further.adding_to(wrong), max(room, 0) + 1)) if further else []
        if len(joining) > room:
            joining, further, is_cut_short = [], None, True
        elif further:
            further.join(joining)
        new = system.add(joining)
        doubtful = doubtful.union(new, _beside(system, new), *(system.equations[n].members for n in wrong))
        if unbalanced:
            doubtful.update(
                _add_balancing_lines(system, [n for n in doubtful if system.lines[n].statement in unbalanced])
            )
        values = [*values, *[0] * (len(system.lines) - len(values))]
        program = _program(system, values, doubtful)
        values = program.weigh()
        differing = _differing(system, values)
        left = (_contradicting(system, differing), _shared_differences(system, differing))
        wrong = next((numbers for numbers in left if _reaches_further(system, numbers, doubtful, further)), [])
        disagreeing = {statement for number in chain(*left) for statement in system.statements_of(number)}
        negative = _doubtful(system, values, differing) - doubtful
        if not wrong and negative:
            doubtful |= negative
        elif not wrong and left[1] and not is_wide:
            # several totals lack the same money: a blank cell far from the disagreeing ones may have lost it
            is_wide = True
            doubtful = doubtful.union(n for n, line in enumerate(system.lines) if line.statement in disagreeing)
        elif not wrong:
            # balancing cells costs more than one wrong cell
            if disagreeing <= unbalanced or (_are_apart(system, differing) and not system.evidence.is_rounded):
                break
            unbalanced |= disagreeing
        if is_over(end):
            is_cut_short = True
            break
    useful = {line.statement for line, value in zip(system.lines[size:], values[size:], strict=True) if value}
    if disagreeing - useful:
        useless = {n for n in doubtful if n >= size and system.lines[n].statement not in useful}
        program = _program(system, values, doubtful - useless)
        program.weigh()
    solution = program.complete()
    solution.is_settled &= not is_cut_short
    return solution


def _are_apart(system: System, numbers: Iterable[int]) -> bool:
    """Whether no two of these cells share a line. Then a line that balances one does not help another."""
    sums = [system.equations[number].members for number in numbers]
    return sum(map(len, sums)) == len({*chain.from_iterable(sums)})


def _reaches_further(system: System, numbers: Sequence[int], doubtful: set[int], further: _Further | None) -> bool:
    """Whether some of these cells have lines that are not in doubt yet, or allow further lines."""
    lines = chain.from_iterable(system.equations[n].members for n in numbers)
    return not doubtful.issuperset(lines) or (further is not None and any(further.adding_to(numbers)))


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


def _program(system: System, values: Sequence[int | None], doubtful: set[int]) -> Program:
    numbers = sorted(doubtful)
    lines = [system.lines[number] for number in numbers]
    unofficial = [_is_unofficial(line) for line in lines]
    # stands for other funds, which cannot spend less than zero
    positive = [line.statement == Statement.EXPENDITURE and not line.fund for line in lines]
    balancing = [system.balancing[number] for number in numbers]
    traits = Traits(balancing, positive, unofficial, _preferences(lines, unofficial))
    rounding = to_fen(ROUNDING_PLACES * system.evidence.half_place) if system.evidence.is_rounded else 0
    return Program(system.equations, values, numbers, traits, rounding)


def _add_balancing_lines(system: System, doubtful: Iterable[int]) -> range:
    found = _balancing_lines([system.lines[number] for number in sorted(doubtful)])
    known = set(system.lines)
    return system.add([line for line in found if line not in known], balancing=True)


def _balancing_lines(lines: Sequence[Coordinates]) -> list[Coordinates]:
    """Remainder lines at coarser levels for money that finer forms leave unexplained, including roundings."""
    found: dict[Coordinates, None] = {}
    for line in lines:
        statement = line.statement
        if statement == Statement.EXPENDITURE:
            department = line.department_economic
            found[line._replace(government_economic="")] = None
            if len(department) > 3:
                found[line._replace(department_economic=department[:3])] = None
                found[line._replace(department_economic=department[:3], government_economic="")] = None
            found[line._replace(department_economic="", government_economic="")] = None
            found[line._replace(fund="", department_economic="", government_economic="")] = None
        elif statement == Statement.SPECIAL_FUND:
            found[line._replace(fund="")] = None
            found[line._replace(item="")] = None
        elif statement == Statement.REVENUE and len(line.fund) > 2:
            found[line._replace(fund=line.fund[:2], item=line.item[:2])] = None
    return list(found)


def _preferences(lines: Sequence[Coordinates], unofficial: Sequence[bool]) -> list[float]:
    """The cost of each line where the forms leave a choice: a known fund before none, the official crosswalk before
    local practice, goods before capital, then lower codes first."""
    order = {index: rank for rank, index in enumerate(sorted(range(len(lines)), key=lambda i: lines[i]))}
    preferences = []
    for index, line in enumerate(lines):
        cost = order[index] / max(1, len(lines))
        if not line.fund:
            cost += 40
        if not line.nature:
            cost += 15
        if not line.functional and line.statement == Statement.EXPENDITURE:
            cost += 30
        if line.nature == "operating" and line.fund != "34":
            cost += 20
        if unofficial[index]:
            cost += 10
        if line.nature == "basic" and line.department_economic.startswith("310"):
            cost += 5
        preferences.append(cost)
    return preferences


def _is_unofficial(line: Coordinates) -> bool:
    """Whether the crosswalk has the pair of economic subjects for neither kind of unit."""
    if not line.department_economic or not line.government_economic:
        return False
    return not any(
        code.startswith(line.government_economic) or line.government_economic.startswith(code)
        for kind in ("agency", "institution")
        for code in crosswalk().get((kind, line.department_economic), ())
    )
