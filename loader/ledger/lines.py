"""Filed cells → ledger lines: candidates, equations, amounts, and the basis of each line."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from loader.filing.filed import FiledCell, FiledDisclosure, Finding
from loader.ledger.amounts import ROUNDING_PLACES, Attempt, attempt, find_amounts
from loader.ledger.blank_parts import blank_parts
from loader.ledger.blanks import with_blanks_in_doubt
from loader.ledger.candidates import Candidates
from loader.ledger.equation import difference
from loader.ledger.evidence import FEN, Evidence, gather
from loader.ledger.negative_spending import negative_spending
from loader.ledger.program import Solution
from loader.ledger.projection import Coordinates, cells_of
from loader.ledger.sums import roundings
from loader.ledger.system import System
from loader.ledger.whole_forms import wrong_form
from schema.forms.template import Statement

_COORDINATES = {
    "unit_code": 1,
    "fund_code": 2,
    "nature": 3,
    "functional_code": 4,
    "department_economic_code": 5,
    "government_economic_code": 6,
    "item_code": 7,
}
# coordinate → length of the class (类) in its code, and the name in ``allocated`` if even the class was chosen
_CLASSES = {
    "fund_code": (2, "fund_class"),
    "functional_code": (3, "functional_class"),
    "department_economic_code": (3, "department_economic_class"),
    "government_economic_code": (3, "government_economic_class"),
}
_MARK_BITS = 48  # of a line's random mark: the sum of thousands of marks still fits a small number
# 万元. Taking 元 for 万元 turns 100 万元 into 100 亿元. Nearly every office spends 100 万元, no
# office of a county spends 100 亿元.
_IMPLAUSIBLE = 1_000_000
_SMALLEST = 1  # 万元. Taking 万元 for 元 turns 500 万元 into 500 元.
_STATEMENTS_ZH = {
    Statement.EXPENDITURE: "支出",
    Statement.REVENUE: "收入",
    Statement.CARRY_OVER: "结转结余",
    Statement.THREE_PUBLIC: "“三公”经费",
    Statement.SPECIAL_FUND: "专项资金",
    Statement.PROCUREMENT: "政府采购",
    Statement.OPERATING_COST: "机关运行经费",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One additive amount (万元) with its coordinates.

    ``allocated`` names the coordinates that were chosen, not shown. It also names the class of a code if that was
    chosen.
    """

    coordinates: Coordinates
    amount: Decimal
    basis: str
    allocated: tuple[str, ...] = ()
    is_rounding: bool = False
    source: tuple[int, int, int] | None = None  # form, row, column


@dataclass(slots=True)
class Ledger:
    """All lines of a disclosure, the kind of each unit, and the findings from making them.

    ``is_rounded``: every cell was rounded separately, so sums may differ by roundings. ``coarse_forms`` are the numbers
    (form_no) of forms that print fewer digits than the others and may differ within their rounding.
    """

    lines: list[Line] = field(default_factory=list)
    unit_kinds: dict[str, str | None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    is_rounded: bool = False
    coarse_forms: frozenset[int] = frozenset()


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
        return _lines(system, Solution([value or 0 for value in self.tried.values]))

    def finished(self) -> Ledger:
        """The ledger. Also sets the support of the filed cells."""
        evidence, system = self.evidence, self.tried.system
        solution = find_amounts(self.tried, cache(lambda: Candidates(with_blanks_in_doubt(evidence), relaxed=True)))
        ledger = Ledger(_lines(system, solution), findings=[*self.findings, *_findings(system, solution)])
        _set_support(system, solution)
        spent = sum((x.amount for x in ledger.lines if x.coordinates.statement == Statement.EXPENDITURE), Decimal(0))
        if spent >= _IMPLAUSIBLE and not self.disclosure.identity.division_code.endswith("00"):
            ledger.findings.append(Finding("implausible_total", {"amount": spent}))
        if 0 < spent < _SMALLEST and any(form.money_unit == "元" for form in self.disclosure.forms):
            ledger.findings.append(Finding("implausibly_small", {"amount": spent}))
        negative = [(x.coordinates, x.source) for x in ledger.lines if x.amount < 0]
        ledger.findings += negative_spending(evidence, negative)
        ledger.is_rounded = evidence.is_rounded
        if ledger.is_rounded:
            _count_parts(evidence, ledger.lines)
        for form in evidence.all_forms():
            if form.form.form_id in evidence.coarse:
                ledger.coarse_forms |= {form.filed.form_no}
                for key, count in roundings(form).items():
                    cell = form.cells[key]
                    cell.part_count, cell.half_place = count, form.rounding(key)
        ledger.lines = _assign_projects(ledger.lines)
        for unit in self.disclosure.unit_names:
            kinds = self.strict.unit_kinds.of(unit)
            is_shown = self.strict.unit_kinds.are_shown
            ledger.unit_kinds[unit] = None if not is_shown else kinds[0] if len(kinds) == 1 else "mixed"
        return ledger


def draft_of(evidence: Evidence) -> Draft:
    """The draft of one disclosure."""
    strict = Candidates(evidence)
    return Draft(evidence.disclosure, evidence, strict, attempt(evidence, strict), blank_parts(evidence))


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


# ---------------------------------------------------------------------------- lines


def _lines(system: System, solution: Solution) -> list[Line]:
    forms = system.forms
    allocated = _allocated(system, solution)
    finest_first = [form_id for entry in system.evidence.sets for form_id in entry.finest_first]
    rank = {form_id: position for position, form_id in enumerate(finest_first)}
    best: dict[int, tuple[bool, int, int]] = {}  # line → the cell that shows it, preferably alone
    for number, equation in enumerate(system.equations):
        form_number, key = system.keys[number]
        if not equation.is_leaf or equation.is_declaration or key not in forms[form_number].cells:
            continue
        paid = [member for member in equation.members if solution.values[member]]
        is_alone = len(paid) == 1 and equation.amount == solution.values[paid[0]]
        candidate = (not is_alone, rank[forms[form_number].form.form_id], number)
        for member in paid:
            if member not in best or candidate < best[member]:
                best[member] = candidate
    rounding = ROUNDING_PLACES * system.evidence.half_place if system.evidence.is_rounded else 0
    lines = []
    for index, (line, value) in enumerate(zip(system.lines, solution.values, strict=True)):
        if not value:
            continue
        amount = Decimal(value) / FEN
        source = None
        is_alone = False
        if index in best:
            is_shared, _, number = best[index]
            form_number, key = system.keys[number]
            cell = forms[form_number].cells[key]
            source = (forms[form_number].filed.form_no, cell.row_no, cell.column_no)
            is_alone = not is_shared
        is_rounding = False
        if system.balancing[index] or (line.statement == Statement.EXPENDITURE and not line.fund):
            basis = "remainder"
            is_rounding = abs(amount) <= rounding
        elif index in allocated:
            basis = "allocated"
        else:
            basis = "filed" if is_alone else "derived"
        lines.append(Line(line, amount, basis, allocated.get(index, ()), is_rounding, source))
    return lines


def _allocated(system: System, solution: Solution) -> dict[int, tuple[str, ...]]:
    """Line → its coordinates that were chosen, because the forms fix only the sum over them."""
    if not solution.core:
        return {}
    core = solution.core
    open_lines = [system.lines[m] for m in core]
    varying = tuple(name for name, at in _COORDINATES.items() if len({line[at] for line in open_lines}) > 1)
    chosen = (*varying, *_varying_classes(open_lines, varying))
    movements = solution.movements
    if movements is None:
        return dict.fromkeys(core, chosen)
    result: dict[int, tuple[str, ...]] = {}
    options: list[tuple[str, ...]] = [(name,) for name in reversed(varying)]
    options += [(a, b) for i, a in enumerate(varying) for b in varying[i + 1 :]]
    for option in options:
        if len(result) == len(core):
            break
        kept = [at for name, at in _COORDINATES.items() if name not in option]
        classes = [(_COORDINATES[name], _CLASSES[name][0]) for name in option if name in _CLASSES]
        keys = [(line.statement, *(line[at] for at in kept)) for line in open_lines]
        finer = [(*key, *(line[at][:n] for at, n in classes)) for key, line in zip(keys, open_lines, strict=True)]
        for group in (*_groups_of(finer).values(), *_groups_of(keys).values()):
            # no open line is fixed alone
            if len(group) > 1 and any(core[position] not in result for position in group) and movements.keep(group):
                marks = (*option, *_varying_classes([open_lines[position] for position in group], option))
                for position in group:
                    result.setdefault(core[position], marks)
    for member in core:
        result.setdefault(member, chosen)
    return result


def _groups_of(keys: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], list[int]]:
    """Key → its positions."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, key in enumerate(keys):
        groups[key].append(position)
    return groups


def _varying_classes(lines: Sequence[Coordinates], names: Sequence[str]) -> list[str]:
    """The names of the classes that differ between lines, for these coordinates."""
    found = []
    for name in names:
        if name in _CLASSES:
            length, mark = _CLASSES[name]
            if len({line[_COORDINATES[name]][:length] for line in lines}) > 1:
                found.append(mark)
    return found


def _set_support(system: System, solution: Solution) -> None:
    """Set the support of each cell: another form prints the same sum, or each of its lines."""
    forms = system.forms
    generator = random.Random(0)
    # each sum of lines has its own mark, whichever cell prints it
    marks = [generator.getrandbits(_MARK_BITS) if value else 0 for value in solution.values]
    line_of = {mark: line for line, mark in enumerate(marks) if mark}
    shown_by: dict[int, set[int]] = defaultdict(set)
    sums: dict[int, set[int]] = defaultdict(set)
    contents: list[tuple[int, FiledCell, list[int], int]] = []
    mark_of = marks.__getitem__
    for (number, key), equation in zip(system.keys, system.equations, strict=True):
        cell = forms[number].cells.get(key) if number >= 0 else None
        if cell is None:
            continue
        mark = sum(map(mark_of, equation.members))
        contents.append((number, cell, equation.members, mark))
        sums[mark].add(number)
        if mark in line_of:
            shown_by[line_of[mark]].add(number)
    for number, cell, members, mark in contents:
        is_supported = len(sums[mark]) > 1
        if not is_supported:
            lines = [line for line in members if marks[line]]
            is_supported = bool(lines) and all(shown_by[line] - {number} for line in lines)
        cell.support = "other_form" if is_supported else "own_form"


def _count_parts(evidence: Evidence, lines: Sequence[Line]) -> None:
    """Set the number of parts of each cell, if every cell was rounded separately: one per line, even lines rounded to
    0."""
    for form in evidence.all_forms():
        counts = Counter(key for line in lines for key in cells_of(form.form, line.coordinates))
        for key, cell in form.cells.items():
            cell.part_count = max(cell.part_count, counts[key], 1)


def _findings(system: System, solution: Solution) -> list[Finding]:
    """The findings for each statement: contradictory cells, and money left unexplained."""
    contradictory = {
        system.statements_of(number)[0]
        for number, equation in enumerate(system.equations)
        if solution.deviation and not equation.is_declaration and difference(equation, solution.values)
    }
    remainders: dict[str, list[int]] = defaultdict(list)
    for line, value, extra in zip(system.lines, solution.values, system.balancing, strict=True):
        if extra and value:
            remainders[line.statement].append(value)
    findings = []
    for statement in Statement:
        zh = _STATEMENTS_ZH[statement]
        if statement in contradictory:
            findings.append(Finding("contradiction", {"statement": statement.value, "statement_zh": zh}))
            if not solution.is_settled:
                findings.append(Finding("not_settled", {"statement": statement.value, "statement_zh": zh}))
        if left := remainders[statement]:
            findings.append(
                Finding(
                    "remainder",
                    {
                        "statement": statement.value,
                        "statement_zh": zh,
                        "count": len(left),
                        "amounts": [Decimal(value) / FEN for value in left[:5]],
                    },
                )
            )
    unfunded = sum(
        value
        for line, value in zip(system.lines, solution.values, strict=True)
        if line.statement == Statement.EXPENDITURE and not line.fund
    )
    if unfunded:
        findings.append(Finding("no_fund", {"amount": Decimal(unfunded) / FEN}))
    return findings


# ---------------------------------------------------------------------------- projects


def _assign_projects(lines: list[Line]) -> list[Line]:
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
    return sorted(
        result, key=lambda line: (list(Statement).index(Statement(line.coordinates.statement)), line.coordinates)
    )


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
