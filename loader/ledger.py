"""Filed cells → ledger lines: candidates, equations, amounts, and what each line rests on."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from loader.candidates import Candidates
from loader.evidence import FEN, Evidence, FormEvidence, gather, to_fen
from loader.filed import FiledCell, FiledDisclosure, Finding
from loader.projection import Atom, CellKey, place_in, projections, rows_of
from loader.solve import Contradiction, Equation, Solution, complete, groups_of, holds, peel
from schema.reference_data import crosswalk
from schema.template import Layout, Statement

# the forms from which a line is said to come, the finest first
_SOURCES = (10, 12, 14, 8, 18, 5, 3, 7, 16, 19, 20, 9, 11, 13, 17, 4, 2, 15, 21, 6, 1, 22, 23)
# a remainder of up to so many half places is a rounding
_ROUNDING_PLACES = 6
_FIXED_ROWS = (Layout.LISTS, Layout.PROJECT_SHEET, Layout.DEPARTMENT_SHEET)
_COORDINATES = {
    "unit_code": 1,
    "fund_code": 2,
    "nature": 3,
    "functional_code": 4,
    "department_economic_code": 5,
    "government_economic_code": 6,
    "item_code": 7,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One additive amount (万元) with its coordinates; ``allocated`` names those that were chosen, not shown."""

    atom: Atom
    amount: Decimal
    basis: str
    allocated: tuple[str, ...] = ()
    is_rounding: bool = False
    source: tuple[int, int, int] | None = None  # form, row, column


@dataclass(slots=True)
class Ledger:
    """All lines of a disclosure, the kind of each unit, and what was found while making them."""

    lines: list[Line] = field(default_factory=list)
    unit_kinds: dict[str, str | None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class _System:
    """The possible lines of one statement and the equations of the cells that they add to."""

    atoms: list[Atom]
    balancing: list[bool]
    keys: list[tuple[int, CellKey]]
    equations: list[Equation]


def make_ledger(disclosure: FiledDisclosure) -> Ledger:
    """The ledger of one disclosure. The support of its filed cells is filled in on the way."""
    evidence = gather(disclosure)
    ledger = Ledger()
    strict, relaxed = Candidates(evidence), Candidates(evidence, relaxed=True)
    for statement in Statement:
        _solve_statement(statement, evidence, strict, relaxed, ledger)
    ledger.lines = _assign_projects(ledger.lines)
    for unit in disclosure.unit_names:
        kinds = strict.kinds(unit)
        known = any(no in evidence for no in (1, 4, 9, 13, 17))
        ledger.unit_kinds[unit] = None if not known else kinds[0] if len(kinds) == 1 else "mixed"
    return ledger


def _possible(statement: Statement, candidates: Candidates) -> list[Atom]:
    lines: Iterable[Atom] = {
        Statement.EXPENDITURE: candidates.expenditure,
        Statement.REVENUE: candidates.revenue,
        Statement.CARRY_OVER: candidates.carry_over,
        Statement.THREE_PUBLIC: candidates.three_public,
        Statement.SPECIAL_FUND: candidates.special_fund,
    }[statement]()
    return list(dict.fromkeys(lines))


def _solve_statement(
    statement: Statement, evidence: Evidence, strict: Candidates, relaxed: Candidates, ledger: Ledger
) -> None:
    atoms = _possible(statement, strict)
    system = _system(statement, evidence, atoms, [False] * len(atoms))
    try:
        solution = _peeled(system) or _declared(statement, system, strict, evidence)
    except Contradiction:
        solution = None
    if system.equations and (solution is None or solution.deviation):
        wider = list(dict.fromkeys(atoms + _possible(statement, relaxed)))
        balancing = [a for a in _balancing_lines(statement, wider) if a not in set(wider)]
        system = _system(statement, evidence, wider + balancing, [False] * len(wider) + [True] * len(balancing))
        _declare(statement, system, strict)
        solution = _completed(system, evidence)
    if solution is None:
        solution = Solution([0] * len(system.atoms))
    ledger.lines += _lines(system, solution, evidence)
    _set_support(system, solution, evidence)
    ledger.findings += _findings(statement, system, solution)


# ---------------------------------------------------------------------------- equations


def _system(statement: Statement, evidence: Evidence, atoms: list[Atom], balancing: list[bool]) -> _System:
    """One equation for every cell that the lines add to, and for every figure that no line explains.

    Lines that no filed cell would show are left out: nothing can be said about them.
    """
    forms = evidence.all_forms()
    projected = [projections(atom) for atom in atoms]
    groups = [_groups(form, atoms, projected) for form in forms]
    shown = {index for found in groups for indexes, _ in found for index in indexes}
    position = {index: number for number, index in enumerate(sorted(shown))}
    keys: list[tuple[int, CellKey]] = []
    equations: list[Equation] = []
    for number, (form, found) in enumerate(zip(forms, groups, strict=True)):
        members: dict[CellKey, list[int]] = {key: [] for key in form.figures[statement]}
        for indexes, cells in found:
            positions = [position[index] for index in indexes]
            for key in cells:
                if key in members:
                    members[key] += positions
                else:
                    members[key] = positions[:]
        keys += [(number, key) for key in members]
        equations += [_equation(form, key, sorted(lines)) for key, lines in members.items()]
    return _System([atoms[i] for i in position], [balancing[i] for i in position], keys, equations)


_Projections = tuple[dict[int, tuple[str, ...]], dict[int, tuple[CellKey, ...]]]


def _groups(
    form: FormEvidence, atoms: Sequence[Atom], projected: Sequence[_Projections]
) -> list[tuple[list[int], list[CellKey]]]:
    """Lines (by index) that add to the same cells of a filed form, and those cells, as far as they tell anything.

    A missing subtotal tells nothing, a missing leaf row that there is no money.
    """
    no, layout = form.form.no, form.form.layout
    same: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, (columns_of, cells_of) in enumerate(projected):
        if no in cells_of:
            same[(id(cells_of[no]),)].append(index)
        elif no in columns_of:
            same[columns_of[no], *place_in(layout, atoms[index])].append(index)
    groups = []
    for indexes in same.values():
        columns_of, cells_of = projected[indexes[0]]
        keys = [(row, column) for row, column in cells_of.get(no, ()) if row in form.rows and column in form.columns]
        columns = [column for column in columns_of.get(no, ()) if column in form.columns]
        if columns:
            atom = atoms[indexes[0]]
            rows = rows_of(form.form, atom)
            kept = [row for row in rows if row in form.rows or (row is rows[-1] and _is_missing_leaf(form, row, atom))]
            keys += [(row, column) for row in kept for column in columns]
        cells = [key for key in keys if key not in form.uninformative]
        if cells:
            groups.append((indexes, cells))
    return groups


def _is_missing_leaf(form: FormEvidence, row: str, atom: Atom) -> bool:
    """Whether the form would print a line's own row, which it lacks, if there were money in it."""
    if form.form.layout in _FIXED_ROWS:
        return False
    if form.form.layout is Layout.FUNCTIONS:
        return form.row_for(atom.unit, atom.functional) is None
    if form.form.layout is Layout.ECONOMIC:
        return row[:3] not in form.leaf_rows
    return True


def _equation(form: FormEvidence, key: CellKey, members: list[int]) -> Equation:
    amount = form.amounts.get(key, 0)
    cell = form.cells.get(key)
    if cell is not None:
        slack = to_fen((cell.part_count + 1) * (cell.half_place or Decimal(0))) if cell.part_count else 0
        return Equation(members, amount, cell.is_leaf, slack)
    row, column = key
    if form.form.layout is Layout.LISTS:
        return Equation(members, amount, not _line_has_figures(form, row, column))
    is_total = bool(form.form.column(column).parts)
    return Equation(members, amount, not is_total and (row in form.leaf_rows or row not in form.rows))


def _line_has_figures(form: FormEvidence, row: str, column: str) -> bool:
    line_list = next(entry for entry in form.form.lists if entry.id == column)
    by_id = {line.id: line for line in line_list.lines}
    return any(form.at(part, column) for part in by_id[row].parts)


def _declare(statement: Statement, system: _System, candidates: Candidates) -> None:
    """Spending from a fund without a form of its own equals what revenue declares of it."""
    if statement is not Statement.EXPENDITURE:
        return
    for fund, unit, amount in candidates.declarations():
        members = [
            i
            for i, atom in enumerate(system.atoms)
            if atom.fund and atom.fund.startswith(fund) and atom.unit.startswith(unit) and not system.balancing[i]
        ]
        if members:
            system.keys.append((-1, (fund, unit)))
            system.equations.append(Equation(members, amount, True, 0, is_declaration=True))


def _balancing_lines(statement: Statement, atoms: Sequence[Atom]) -> list[Atom]:
    """Remainder lines at coarser levels, which take what finer forms leave unexplained, rounding among it."""
    found: dict[Atom, None] = {}
    for atom in atoms:
        if statement is Statement.EXPENDITURE:
            department = atom.department_economic
            found[atom._replace(government_economic="")] = None
            if len(department) > 3:
                found[atom._replace(department_economic=department[:3])] = None
                found[atom._replace(department_economic=department[:3], government_economic="")] = None
            found[atom._replace(department_economic="", government_economic="")] = None
            found[atom._replace(fund="", department_economic="", government_economic="")] = None
        elif statement is Statement.SPECIAL_FUND:
            found[atom._replace(fund="")] = None
            found[atom._replace(item="")] = None
        elif statement is Statement.REVENUE and len(atom.fund) > 2:
            found[atom._replace(fund=atom.fund[:2], item=atom.item[:2])] = None
    return list(found)


# ---------------------------------------------------------------------------- amounts


def _peeled(system: _System) -> Solution | None:
    """The amounts where the cells without parts decide all of them; None where they leave some open.

    Raises Contradiction where no amounts suit all cells.
    """
    values = peel(len(system.atoms), [e for e in system.equations if e.is_leaf])
    decided = [value for value in values if value is not None]
    if len(decided) < len(values):
        return None
    if any(value < 0 for value in decided) and not _has_negative(system):
        raise Contradiction
    if not all(holds(e, decided) for e in system.equations):
        raise Contradiction
    return Solution(decided)


def _declared(statement: Statement, system: _System, candidates: Candidates, evidence: Evidence) -> Solution:
    """The amounts where the cells leave some open: what revenue declares helps to decide."""
    _declare(statement, system, candidates)
    try:
        solution = _peeled(system)
    except Contradiction:  # perhaps of a declaration only, which yields to cells
        solution = None
    return solution or _completed(system, evidence)


def _has_negative(system: _System) -> bool:
    return any(e.amount < 0 and e.is_leaf for e in system.equations)


def _completed(system: _System, evidence: Evidence) -> Solution:
    return complete(
        len(system.atoms),
        system.equations,
        system.balancing,
        [_is_unofficial(atom) for atom in system.atoms],
        _preferences(system.atoms),
        to_fen(_ROUNDING_PLACES * evidence.half_place),
    )


def _preferences(atoms: Sequence[Atom]) -> list[float]:
    """Where the forms leave a choice: a known fund before none, the official crosswalk before local practice, goods
    before capital, then lower codes first."""
    order = {index: rank for rank, index in enumerate(sorted(range(len(atoms)), key=lambda i: atoms[i]))}
    preferences = []
    for index, atom in enumerate(atoms):
        cost = order[index] / max(1, len(atoms))
        if not atom.fund:
            cost += 40
        if not atom.nature:
            cost += 15
        if not atom.functional and atom.statement == Statement.EXPENDITURE:
            cost += 30
        if atom.nature == "operating" and atom.fund != "34":
            cost += 20
        if _is_unofficial(atom):
            cost += 10
        if atom.nature == "basic" and atom.department_economic.startswith("310"):
            cost += 5
        preferences.append(cost)
    return preferences


def _is_unofficial(atom: Atom) -> bool:
    """Whether the crosswalk of neither kind of unit knows the pair of economic subjects."""
    if not atom.department_economic or not atom.government_economic:
        return False
    return not any(
        code.startswith(atom.government_economic) or atom.government_economic.startswith(code)
        for kind in ("agency", "institution")
        for code in crosswalk().get((kind, atom.department_economic), ())
    )


# ---------------------------------------------------------------------------- lines


def _lines(system: _System, solution: Solution, evidence: Evidence) -> list[Line]:
    forms = evidence.all_forms()
    allocated = _allocated(system, solution)
    rank = {no: position for position, no in enumerate(_SOURCES)}
    best: dict[int, tuple[bool, int, int]] = {}  # line → the cell that shows it, as far as possible alone
    for number, equation in enumerate(system.equations):
        form_number, key = system.keys[number]
        if not equation.is_leaf or equation.is_declaration or key not in forms[form_number].cells:
            continue
        candidate = (len(equation.members) > 1, rank[forms[form_number].form.no], number)
        for member in equation.members:
            if solution.values[member] and (member not in best or candidate < best[member]):
                best[member] = candidate
    rounding = _ROUNDING_PLACES * evidence.half_place
    lines = []
    for index, (atom, value) in enumerate(zip(system.atoms, solution.values, strict=True)):
        if not value:
            continue
        amount = Decimal(value) / FEN
        source = None
        alone = False
        if index in best:
            shared, _, number = best[index]
            form_number, key = system.keys[number]
            cell = forms[form_number].cells[key]
            source = (forms[form_number].filed.form_no, cell.row_no, cell.column_no)
            alone = not shared and system.equations[number].amount == value
        is_rounding = False
        if system.balancing[index] or (atom.statement == Statement.EXPENDITURE and not atom.fund):
            basis = "remainder"
            is_rounding = abs(amount) <= rounding
        elif index in allocated:
            basis = "allocated"
        else:
            basis = "filed" if alone else "derived"
        lines.append(Line(atom, amount, basis, allocated.get(index, ()), is_rounding, source))
    return lines


def _allocated(system: _System, solution: Solution) -> dict[int, tuple[str, ...]]:
    """Line → its coordinates that were chosen: those over which the forms fix only the sum."""
    if not solution.core:
        return {}
    core = solution.core
    atoms = [system.atoms[m] for m in core]
    varying = tuple(name for name, at in _COORDINATES.items() if len({atom[at] for atom in atoms}) > 1)
    if solution.movements is None:
        return dict.fromkeys(core, varying)
    result: dict[int, tuple[str, ...]] = {}
    options: list[tuple[str, ...]] = [(name,) for name in reversed(varying)]
    options += [(a, b) for i, a in enumerate(varying) for b in varying[i + 1 :]]
    for option in options:
        kept = [at for name, at in _COORDINATES.items() if name not in option]
        for positions in groups_of([tuple(atom[at] for at in kept) for atom in atoms]).values():
            # no open line is fixed by itself
            if len(positions) > 1 and solution.keeps(positions):
                for position in positions:
                    result.setdefault(core[position], option)
    for member in core:
        result.setdefault(member, varying)
    return result


def _set_support(system: _System, solution: Solution, evidence: Evidence) -> None:
    """Whether a cell's figure rests on another form: one that prints the same sum, or each of its lines."""
    forms = evidence.all_forms()
    generator = random.Random(0)
    marks = [generator.getrandbits(64) for _ in system.atoms]
    shown_by: dict[int, set[int]] = defaultdict(set)
    sums: dict[int, set[int]] = defaultdict(set)
    contents: list[tuple[int, FiledCell, list[int], int]] = []
    for (number, key), equation in zip(system.keys, system.equations, strict=True):
        cell = forms[number].cells.get(key) if number >= 0 else None
        if cell is None:
            continue
        lines = [m for m in equation.members if solution.values[m]]
        mark = 0
        for member in lines:
            mark ^= marks[member]
        contents.append((number, cell, lines, mark))
        sums[mark].add(number)
        if len(lines) == 1:
            shown_by[lines[0]].add(number)
    for number, cell, lines, mark in contents:
        same_sum = len(sums[mark]) > 1
        each_line = bool(lines) and all(shown_by[line] - {number} for line in lines)
        cell.support = "other_form" if same_sum or each_line else "own_form"


def _findings(statement: Statement, system: _System, solution: Solution) -> list[Finding]:
    findings = []
    if solution.deviation:
        findings.append(
            Finding(
                "contradiction",
                f"{statement.value}: the forms contradict each other;"
                " the ledger keeps the figures that most cells agree on, see the comparison",
            )
        )
    remainders = [value for value, extra in zip(solution.values, system.balancing, strict=True) if extra and value]
    if remainders:
        listed = ", ".join(f"{Decimal(value) / FEN}" for value in remainders[:5]) + (" …" if remainders[5:] else "")
        findings.append(
            Finding(
                "remainder",
                f"{statement.value}: {len(remainders)} amounts that finer forms leave unexplained stay as remainder"
                f" lines at a coarser level (万元: {listed})",
            )
        )
    unfunded = sum(
        value
        for atom, value in zip(system.atoms, solution.values, strict=True)
        if statement is Statement.EXPENDITURE and not atom.fund
    )
    if unfunded:
        findings.append(Finding("no_fund", f"{Decimal(unfunded) / FEN} 万元 of expenditure without a fund (资金性质)"))
    return findings


# ---------------------------------------------------------------------------- projects


def _assign_projects(lines: list[Line]) -> list[Line]:
    """Give project spending its project, as far as form 21 and the functions fix it.

    The forms print projects by unit and fund, functions by unit and fund, but not one by the other. Equal amounts
    go together first; what is left is filled in the order of the codes. Choices are marked.
    """
    specials: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        atom = line.atom
        if atom.statement == Statement.SPECIAL_FUND and atom.item != "held_by_finance" and atom.project:
            specials[atom.unit, atom.fund[:2]][atom.project] += line.amount
    result: list[Line] = []
    spending: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        atom = line.atom
        group = (atom.unit, atom.fund)
        if atom.statement == Statement.EXPENDITURE and atom.nature == "project" and specials.get(group):
            spending[group].append(line)
        else:
            result.append(line)
    for group, members in spending.items():
        result += _share_out(members, dict(specials[group]))
    return sorted(result, key=lambda line: (list(Statement).index(Statement(line.atom.statement)), line.atom))


def _share_out(members: list[Line], projects: dict[str, Decimal]) -> list[Line]:
    agree = sum(line.amount for line in members) == sum(projects.values())
    forced = agree and (len(members) == 1 or len(projects) == 1)
    open_projects = dict(projects)
    whole: list[Line] = []
    rest: list[Line] = []
    for line in sorted(members, key=lambda entry: entry.atom):
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
            whole.append(replace(line, amount=left))
    return whole


def _of_project(line: Line, project: str, amount: Decimal, forced: bool) -> Line:
    marks = line.allocated if forced else (*line.allocated, "project_id")
    basis = line.basis if amount == line.amount else ("derived" if forced else "allocated")
    return replace(line, atom=line.atom._replace(project=project), amount=amount, allocated=marks, basis=basis)
