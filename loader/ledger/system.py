"""The filed cells of a disclosure as equations: the possible lines that each cell adds up.

The form templates say which lines these are. This module matches lines and cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count, repeat

from loader.filing.filed import FiledCell
from loader.ledger.clock import spend
from loader.ledger.evidence.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.evidence.evident_cells import evident_cells
from loader.ledger.evidence.layout import Layout, numbers_of
from loader.ledger.evidence.projection import CellKey, Coordinates
from loader.ledger.evidence.sums import roundings
from loader.ledger.solver.equation import Equation
from schema.forms.template import Statement

_WORK_OF_MEMBER = 1.0  # of an equation, with all that is made of it, see the clock
_DECLARED = -1  # in place of the number of a form, for equations without a cell


class System:
    """The possible lines of a disclosure and the equations of the cells that they add to.

    ``balancing`` marks lines that exist only to balance others. ``keys`` gives for each of the ``equations`` the number
    of the form in ``evidence.all_forms()`` and the place in it, ``cells`` the filed cell, None if nothing is printed
    there. Lines of different statements meet only in totals over both, such as 收入总计.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.forms = evidence.all_forms()
        self.lines: list[Coordinates] = []
        self.balancing: list[bool] = []
        self.equations: list[Equation] = []
        self.keys: list[tuple[int, CellKey]] = []
        self.cells: list[FiledCell | None] = []
        self._members: list[int] = []  # of each equation, as bits
        self._sums: dict[int, tuple[int, ...]] = {}  # bits → the members of all equations with these
        self._declared: list[int] = []  # equations without a cell
        self._number_of: list[dict[CellKey, int]] = []
        for number, form in enumerate(self.forms):
            amount_of = form.amounts.get
            self._number_of.append(dict(zip(form.cells, count(len(self.equations)))))
            self.equations += [Equation((), amount_of(key, 0), cell.is_leaf) for key, cell in form.cells.items()]
            self.keys += zip(repeat(number), form.cells)
            self.cells += form.cells.values()
            self._members += repeat(0, len(form.cells))
            for key in form.balancing_totals & form.cells.keys():
                self.equations[self._number_of[number][key]].is_balanced = True

    def add(self, lines: Sequence[Coordinates], balancing: bool = False) -> range:
        """Add possible lines, and return their numbers. Lines that add to no filed cell are left out."""
        laid_out = self._laid_out(lines)
        shown = 0
        for cells in laid_out:
            for own in cells.values():
                shown |= own
        if shown.bit_count() < len(lines):
            lines = [lines[number] for number in numbers_of(shown)]
            laid_out = self._laid_out(lines)
        first, equations, members = len(self.lines), self.equations, self._members
        self.lines += lines
        self.balancing += [balancing] * len(lines)
        for number, (form, number_of, cells) in enumerate(zip(self.forms, self._number_of, laid_out, strict=True)):
            unprinted = [key for key in cells if key not in number_of]
            # in the order of their lines, because among equally good amounts the order of equations decides
            for key in sorted(unprinted, key=lambda key: cells[key] & -cells[key]):
                number_of[key] = len(equations)
                equations.append(_equation_of_place(form, key))
                members.append(0)
                self.keys.append((number, key))
                self.cells.append(None)
            for key, own in cells.items():
                members[number_of[key]] |= own << first
        new = range(first, len(self.lines))
        if self._declared:
            spending = self._spending(new)
            for at in self._declared:
                members[at] |= _paid_by(*self.keys[at][1], spending)
        self._share_members()
        spend(_WORK_OF_MEMBER * sum(len(e.members) for e in equations if not e.is_declaration))
        for form_id, key in self.evidence.trusted:
            for form, number_of in zip(self.forms, self._number_of, strict=True):
                if form.form.form_id == form_id and key in number_of:
                    self.equations[number_of[key]].is_trusted = True
        self._allow_coarse()
        if self.evidence.is_rounded:
            self._allow_rounding(equation for equation in self.equations if not equation.is_leaf)
        return new

    def _laid_out(self, lines: Sequence[Coordinates]) -> list[dict[CellKey, int]]:
        """For each form the cells that are evidence of lines, with these lines as bits."""
        layout = Layout(lines, self.evidence.projection)
        return [evident_cells(form, layout) for form in self.forms]

    def _share_members(self) -> None:
        """Give the equations their members: one object for all that add up the same lines."""
        sums = self._sums
        for equation, lines in zip(self.equations, self._members, strict=True):
            if lines not in sums:
                sums[lines] = numbers_of(lines)
            equation.members = sums[lines]

    def _allow_coarse(self) -> None:
        """Let coarse cells differ from their lines within their rounding."""
        for number, form in enumerate(self.forms):
            if form.form.form_id in self.evidence.coarse:
                counts = roundings(form, self.evidence.finest)
                for key, at in self._number_of[number].items():
                    equation = self.equations[at]
                    if not equation.is_coarse and self.evidence.is_coarse(form, key):
                        equation.is_coarse = True
                        equation.slack = to_fen(counts.get(key, 1) * form.rounding(key))

    def allow_rounding(self) -> None:
        """Let cells differ from their lines by rounding: half a place for each of n lines and for the cell itself.

        A cell without lines may be what is left of some that were rounded to nothing.

        If further lines are added later, this applies only to the sums among their cells.
        """
        self._allow_rounding(self.equations)

    def _allow_rounding(self, equations: Iterable[Equation]) -> None:
        half_place = to_fen(self.evidence.half_place)
        for equation in equations:
            slack = (max(1, len(equation.members)) + 1) * half_place
            if not equation.slack and (equation.members or abs(equation.amount) <= slack):
                equation.slack = slack

    def declare(self, declarations: Iterable[tuple[str, str, int]]) -> bool:
        """Add equations: spending from a fund without a form of its own equals its declared revenue.

        ``declarations`` are (fund, unit, amount in 分). Returns whether any equation was added.
        """
        known = len(self.equations)
        spending = self._spending(range(len(self.lines)))
        for fund, unit, amount in declarations:
            lines = _paid_by(fund, unit, spending)
            if lines:
                self._declared.append(len(self.equations))
                self.keys.append((_DECLARED, (fund, unit)))
                self.equations.append(Equation(numbers_of(lines), amount, True, is_declaration=True))
                self._members.append(lines)
                self.cells.append(None)
        return len(self.equations) > known

    def _spending(self, numbers: range) -> dict[tuple[str, str], int]:
        """Fund and unit → their lines of expenditure among these numbers, as bits. Balancing lines are left out."""
        found: dict[tuple[str, str], int] = {}
        for number in numbers:
            line = self.lines[number]
            if line.statement == Statement.EXPENDITURE and not self.balancing[number]:
                found[line.fund, line.unit] = found.get((line.fund, line.unit), 0) | 1 << number
        return found

    def statements_of(self, number: int) -> tuple[str, ...]:
        """The statements that an equation adds up."""
        if self.keys[number][0] == _DECLARED:
            return (Statement.EXPENDITURE,)
        cell = self.cells[number]
        if cell is not None:
            return cell.statements
        return tuple({self.lines[member].statement for member in self.equations[number].members})

    def same_sums(self, numbers: Iterable[int]) -> list[int]:
        """The equations that add up exactly the lines of one of these, including these."""
        sums = {self._members[number] for number in numbers}
        return [number for number, lines in enumerate(self._members) if lines in sums]


def _paid_by(fund: str, unit: str, spending: Mapping[tuple[str, str], int]) -> int:
    """The lines, as bits, that a fund pays for a unit."""
    found = 0
    for (of_fund, of_unit), lines in spending.items():
        if of_fund.startswith(fund) and of_unit.startswith(unit):
            found |= lines
    return found


def _equation_of_place(form: FormEvidence, key: CellKey) -> Equation:
    """The equation of a place without a cell, still without lines."""
    amount = form.amounts.get(key, 0)
    row, column = key
    if form.form.lists:
        return Equation((), amount, not _line_has_figures(form, row, column))
    is_total = bool(form.form.column(column).parts)
    return Equation((), amount, not is_total and (row in form.leaf_rows or row not in form.rows))


def _line_has_figures(form: FormEvidence, row: str, column: str) -> bool:
    entry = next(entry for entry in form.form.lists if any(amount.id == column for amount in entry.amounts))
    return any(form.at(part, column) for part in entry.line(row).parts)
