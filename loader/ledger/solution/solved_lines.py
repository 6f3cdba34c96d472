"""A solution → ledger lines, each with its basis and the cell that shows it."""

from __future__ import annotations

from decimal import Decimal

from loader.ledger.contradictions.doubtful_program import ROUNDING_PLACES
from loader.ledger.evidence.evidence import FEN
from loader.ledger.lines import Line
from loader.ledger.solution.allocation import allocated
from loader.ledger.solver.program import Solution
from loader.ledger.system import System
from schema.forms.template import Statement

_Place = tuple[int, int, int]  # form, row, column


def solved_lines(system: System, solution: Solution) -> list[Line]:
    """The lines with money, in the order of the system."""
    chosen = allocated(system, solution)
    shown = _shown(system, solution)
    rounding = ROUNDING_PLACES * system.evidence.half_place if system.evidence.is_rounded else 0
    lines = []
    for index, (line, value) in enumerate(zip(system.lines, solution.values, strict=True)):
        if not value:
            continue
        amount = Decimal(value) / FEN
        source, is_alone = shown.get(index, (None, False))
        is_rounding = False
        if system.balancing[index] or (line.statement == Statement.EXPENDITURE and not line.fund):
            basis = "remainder"
            is_rounding = abs(amount) <= rounding
        elif index in chosen:
            basis = "allocated"
        else:
            basis = "filed" if is_alone else "derived"
        lines.append(Line(line, amount, basis, chosen.get(index, ()), is_rounding, source))
    return lines


def _shown(system: System, solution: Solution) -> dict[int, tuple[_Place, bool]]:
    """Line → the cell that shows it, and whether it shows this line alone. Such a cell is preferred, then the finest
    form."""
    values, forms = solution.values, system.forms
    finest_first = [form_id for entry in system.evidence.sets for form_id in entry.finest_first]
    rank = {form_id: position for position, form_id in enumerate(finest_first)}
    ranks = [rank[form.form.form_id] for form in forms]
    leaves = [n for n, e in enumerate(system.equations) if e.is_leaf and system.cells[n] is not None]
    alone: dict[int, int] = {}
    among: dict[int, int] = {}
    for number in sorted(leaves, key=lambda number: ranks[system.keys[number][0]]):
        equation = system.equations[number]
        paid = [line for line in equation.members if values[line]]
        is_alone = len(paid) == 1 and equation.amount == values[paid[0]]
        shown = alone if is_alone else among
        for line in paid:
            shown.setdefault(line, number)
    return {line: (_place(system, number), line in alone) for line, number in (among | alone).items()}


def _place(system: System, number: int) -> _Place:
    form, cell = system.forms[system.keys[number][0]], system.cells[number]
    assert cell is not None
    return form.filed.form_no, cell.row_no, cell.column_no
