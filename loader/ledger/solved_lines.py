"""A solution → ledger lines, each with its basis and the cell that shows it."""

from __future__ import annotations

from decimal import Decimal

from loader.ledger.allocation import allocated
from loader.ledger.doubtful_program import ROUNDING_PLACES
from loader.ledger.evidence import FEN
from loader.ledger.lines import Line
from loader.ledger.program import Solution
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
    forms = system.forms
    finest_first = [form_id for entry in system.evidence.sets for form_id in entry.finest_first]
    rank = {form_id: position for position, form_id in enumerate(finest_first)}
    best: dict[int, tuple[bool, int, int]] = {}
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
    shown: dict[int, tuple[_Place, bool]] = {}
    for line, (is_shared, _, number) in best.items():
        form_number, key = system.keys[number]
        cell = forms[form_number].cells[key]
        shown[line] = (forms[form_number].filed.form_no, cell.row_no, cell.column_no), not is_shared
    return shown
