"""The filed cells of a disclosure as equations: the possible lines that each cell adds up.

The form templates say which lines these are. This module matches lines and cells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, repeat

from loader.ledger.clock import spend
from loader.ledger.equation import Equation
from loader.ledger.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.projection import Asked, CellKey, Coordinates, placing, rows_of
from loader.ledger.sums import roundings
from schema.forms.template import Coordinate, Statement

_WORK_OF_LINE, _WORK_OF_MEMBER = 4.0, 1.0  # of an equation, with all that is made of them, see the clock
_DECLARED = -1  # in place of the number of a form, for equations without a cell


# where lines add in a form with rows: its columns, in rows of their own; or cells of its fixed lists
_Share = tuple[tuple[str, ...], tuple[CellKey, ...]]
_Alike = dict[object, tuple[_Share, list[int]]]
_Placed = list[tuple[Asked, list[tuple[_Alike, _Share]]]]


class System:
    """The possible lines of a disclosure and the equations of the cells that they add to.

    ``balancing`` marks lines that exist only to balance others. ``keys`` gives for each of the ``equations`` the number
    of the form in ``evidence.all_forms()`` and the cell. Lines of different statements meet only in totals over both,
    such as 收入总计.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.forms = evidence.all_forms()
        self.lines: list[Coordinates] = []
        self.balancing: list[bool] = []
        self.equations: list[Equation] = []
        self.keys: list[tuple[int, CellKey]] = []
        self._declared: list[int] = []  # equations without a cell
        self._number_of: list[dict[CellKey, int]] = []
        self._place = {form.form.form_id: placing(form.form.rows) for form in self.forms}
        for number, form in enumerate(self.forms):
            amount_of = form.amounts.get
            self._number_of.append(dict(zip(form.cells, count(len(self.equations)))))
            self.equations += [Equation([], amount_of(key, 0), cell.is_leaf) for key, cell in form.cells.items()]
            self.keys += zip(repeat(number), form.cells)
            for key in form.balancing_totals & form.cells.keys():
                self.equations[self._number_of[number][key]].is_balanced = True

    def add(self, lines: Sequence[Coordinates], balancing: bool = False) -> range:
        """Add possible lines, and return their numbers. Lines that add to no filed cell are left out."""
        alike = self._alike(lines, self.forms)
        groups = [list(_groups(form, lines, alike.get(form.form.form_id, {}))) for form in self.forms]
        shown = sorted({index for found in groups for indexes, _ in found for index in indexes})
        first, equations = len(self.lines), self.equations
        position = {index: first + number for number, index in enumerate(shown)}
        self.lines += [lines[index] for index in shown]
        self.balancing += [balancing] * len(shown)
        for number, (form, found) in enumerate(zip(self.forms, groups, strict=True)):
            number_of = self._number_of[number]
            for indexes, cells in found:
                positions = [position[index] for index in indexes]
                for key in cells:
                    at = number_of.get(key)
                    if at is None:
                        at = number_of[key] = len(equations)
                        equations.append(_equation_of_place(form, key))
                        self.keys.append((number, key))
                    equations[at].members += positions
        for equation in equations:
            equation.members.sort()  # so that cells with the same sum have equal members
        new = range(first, len(self.lines))
        spend(_WORK_OF_MEMBER * sum(len(equation.members) for equation in equations))
        for at in self._declared:
            equations[at].members += self._paid_by(*self.keys[at][1], new)
        for form_id, key in self.evidence.trusted:
            for form, number_of in zip(self.forms, self._number_of, strict=True):
                if form.form.form_id == form_id and key in number_of:
                    self.equations[number_of[key]].is_trusted = True
        self._allow_coarse()
        if self.evidence.is_rounded:
            self._allow_rounding(equation for equation in self.equations if not equation.is_leaf)
        return new

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
        for fund, unit, amount in declarations:
            members = self._paid_by(fund, unit, range(len(self.lines)))
            if members:
                self._declared.append(len(self.equations))
                self.keys.append((_DECLARED, (fund, unit)))
                self.equations.append(Equation(members, amount, True, is_declaration=True))
        return len(self.equations) > known

    def _paid_by(self, fund: str, unit: str, numbers: range) -> list[int]:
        return [
            number
            for number in numbers
            if self.lines[number].statement == Statement.EXPENDITURE
            and self.lines[number].fund.startswith(fund)
            and self.lines[number].unit.startswith(unit)
            and not self.balancing[number]
        ]

    def statements_of(self, number: int) -> tuple[str, ...]:
        """The statements that an equation adds up."""
        form_number, key = self.keys[number]
        if form_number == _DECLARED:
            return (Statement.EXPENDITURE,)
        cell = self.forms[form_number].cells.get(key)
        if cell is not None:
            return cell.statements
        return tuple({self.lines[member].statement for member in self.equations[number].members})

    def same_sums(self, numbers: Iterable[int]) -> list[int]:
        """The equations that add up exactly the lines of one of these, including these."""
        sums = {frozenset(self.equations[number].members) for number in numbers}
        sizes = set(map(len, sums))
        return [
            number
            for number, equation in enumerate(self.equations)
            if len(equation.members) in sizes and frozenset(equation.members) in sums
        ]

    def adding(self, lines: Sequence[Coordinates], numbers: Iterable[int]) -> dict[int, dict[CellKey, list[int]]]:
        """Form (by number) → its cells → the indices of the lines that would add to the cell."""
        forms = {number: self.forms[number] for number in sorted(numbers) if number != _DECLARED}
        alike = self._alike(lines, forms.values()) if forms else {}
        found: dict[int, dict[CellKey, list[int]]] = {}
        for number, form in forms.items():
            found[number] = defaultdict(list)
            for indexes, cells in _groups(form, lines, alike[form.form.form_id]):
                for key in cells:
                    found[number][key] += indexes
        return found

    def _alike(self, lines: Sequence[Coordinates], forms: Iterable[FormEvidence]) -> dict[str, _Alike]:
        """Form → groups of lines (by index) that add to the same of its cells, with these columns or cells."""
        spend(_WORK_OF_LINE * len(lines))
        alike: dict[str, _Alike] = {form.form.form_id: {} for form in forms}
        shares_of = self.evidence.projection.shares
        # Lines that add to the same columns share these. Kept here so that the id of an object is not reused.
        placed: dict[int, tuple[dict[str, tuple[str, ...]], _Placed]] = {}
        for index, line in enumerate(lines):
            columns_of, cells_of = shares_of(line)
            for form_id, cells in cells_of.items():
                if form_id in alike:
                    _add_to(alike[form_id], id(cells), ((), cells), index)
            if id(columns_of) not in placed:
                placed[id(columns_of)] = columns_of, self._placed(columns_of, alike)
            for place_of, shares in placed[id(columns_of)][1]:
                place = place_of(line)
                for of_form, share in shares:
                    _add_to(of_form, (id(share[0]), place), share, index)
        return alike

    def _placed(self, columns_of: dict[str, tuple[str, ...]], alike: dict[str, _Alike]) -> _Placed:
        """The columns of filed forms to which some lines add, grouped by how their rows are found."""
        placed: dict[Asked, list[tuple[_Alike, _Share]]] = defaultdict(list)
        for form_id, columns in columns_of.items():
            if form_id in alike:
                placed[self._place[form_id]].append((alike[form_id], (columns, ())))
        return list(placed.items())


def _add_to(alike: _Alike, key: object, share: _Share, index: int) -> None:
    """Record that a line (by index) adds to the cells of a form that ``key`` stands for."""
    if key in alike:
        alike[key][1].append(index)
    else:
        alike[key] = (share, [index])


def _groups(
    form: FormEvidence, lines: Sequence[Coordinates], alike: _Alike
) -> Iterator[tuple[list[int], list[CellKey]]]:
    """Groups of lines (by index) that add to the same cells of a filed form, with those cells that are evidence.

    A missing subtotal is no evidence. A missing row of the finest level means no money.
    """
    for (columns, cells), indexes in alike.values():
        line = lines[indexes[0]]
        kept = columns if form.columns.issuperset(columns) else [c for c in columns if c in form.columns]
        rows = rows_of(form.form, line) if kept else ()
        keys = [key for key in cells if key[0] in form.rows and key[1] in form.columns] if cells else []
        for row in rows:
            if row in form.rows or (row is rows[-1] and _is_missing_leaf(form, row, line)):
                keys += [(row, column) for column in kept]
        if form.unreadable:
            keys = [key for key in keys if key not in form.unreadable]
        if keys:
            yield indexes, keys


def _is_missing_leaf(form: FormEvidence, row: str, line: Coordinates) -> bool:
    """Whether the form lacks the line's own row but would print it if there were money in it. It may be one of the rows
    that are not understood."""
    rows = form.form.rows
    if rows is None or not rows.by or form.form.sheet is not None or form.filed.unknown_rows:
        return False
    if Coordinate.FUNCTIONAL in rows:
        return form.row_for(line.unit, line.functional) is None
    if Coordinate.DEPARTMENT_ECONOMIC in rows:
        return row[:3] not in form.leaf_rows
    # if all rows except 合计 are details (projects and goods of 政府采购), no row shows a unit or kind
    return not rows.details or any("/" not in printed for printed in form.rows - {form.total_row})


def _equation_of_place(form: FormEvidence, key: CellKey) -> Equation:
    """The equation of a place without a cell, still without lines."""
    amount = form.amounts.get(key, 0)
    row, column = key
    if form.form.lists:
        return Equation([], amount, not _line_has_figures(form, row, column))
    is_total = bool(form.form.column(column).parts)
    return Equation([], amount, not is_total and (row in form.leaf_rows or row not in form.rows))


def _line_has_figures(form: FormEvidence, row: str, column: str) -> bool:
    entry = next(entry for entry in form.form.lists if any(amount.id == column for amount in entry.amounts))
    return any(form.at(part, column) for part in entry.line(row).parts)
