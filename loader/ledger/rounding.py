"""Whether the figures of a document were rounded separately from exact sums.

Then totals differ from their parts by cents in several places, and so does the same money in two forms, if one of them
adds up its rounded figures and the other rounds the exact sum. Nothing is wrong. Slips look different:

* A wrong cell that two sums hold makes both fail by the same, and it differs from the same figure in another form. So
  if one cell is wrong, its true figure mends every sum that holds it, or else the sums were made of the wrong figure
  and differ from other forms by the same.
* Rounding lets sums fail, and figures of two forms differ, that no single figure would mend, or in more places than a
  few slips explain.

A note below a form may say that figures were rounded (尾数误差). Then no slip need explain a rounding.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from loader.ledger.doubtful_program import ROUNDING_PLACES
from loader.ledger.evidence import FormEvidence, Sum, to_fen
from loader.ledger.projection import CellKey
from loader.ledger.sums import failing_sums, printed_sums
from loader.ledger.system import System

_Place = tuple[int, CellKey]  # number of the form, cell


_FEW_SLIPS = 5
_SAYS_SO = re.compile("四舍五入|尾数?(?:误|之)?差")


def is_rounded(system: System) -> bool:
    """Whether roundings that no single wrong cell explains are more than such that one does, or the latter would need
    more than a few wrong cells; or whether there are any, if a note of the document says so."""
    prints = _Prints(system)
    unexplained = against = 0
    slips: list[set[_Place]] = []  # for each rounding that one wrong cell explains: which cells
    alike: Counter[tuple[int, ...]] = Counter()
    for number, form in enumerate(system.forms):
        if form.form.form_id in system.evidence.coarse:
            continue
        for entry in failing_sums(form):
            if abs(entry.difference) > entry.slack:
                continue
            if not _has_several_figures(form, entry):
                against += 1  # a total printed twice: its only part is the same figure
                continue
            wrong = {(number, key) for key, error in _errors(entry) if prints.mends(number, key, error)}
            slips.append(wrong)
            unexplained += not wrong
            alike[_figures(form, entry)] += 1
    # the same sum in several forms: each may have a slip, but not all the same one
    unexplained += sum(count > 1 for count in alike.values())
    for wrong in prints.differing():
        slips.append(wrong)
        against += bool(wrong)
        unexplained += not wrong
    if slips and any(form.note and _SAYS_SO.search(form.note) for form in system.evidence.disclosure.forms):
        return True
    return against < unexplained or _fewest_cells(slips) > _FEW_SLIPS


def _fewest_cells(slips: Iterable[set[_Place]]) -> int:
    """The least number of wrong cells that explain all these roundings, or fewer."""
    counted: set[_Place] = set()
    number = 0
    for cells in sorted(filter(None, slips), key=len):
        if counted.isdisjoint(cells):
            number += 1
            counted |= cells
    return number


def _figures(form: FormEvidence, entry: Sum) -> tuple[int, ...]:
    """The figures of a sum, to know it again in other forms: the total, then its parts by size."""
    return form.amounts[entry.total], *sorted(filter(None, (form.amounts.get(part, 0) for part in entry.parts)))


def _has_several_figures(form: FormEvidence, entry: Sum) -> bool:
    return sum(bool(form.amounts.get(part)) for part in entry.parts) > 1


def _errors(entry: Sum) -> Iterator[tuple[CellKey, int]]:
    """Each cell of a failing sum with the error (分) that it has if it alone is wrong."""
    yield entry.total, entry.difference
    for part in entry.parts:
        yield part, -entry.difference


class _Prints:
    """The cells of a document with the sums that hold them, and the cells elsewhere that print the same money."""

    def __init__(self, system: System) -> None:
        self._forms = system.forms
        self._system = system
        self._held: dict[int, dict[CellKey, list[tuple[CellKey, list[CellKey], int, int]]]] = {}

    @cached_property
    def _groups(self) -> list[list[tuple[_Place, int]]]:
        """The cells (and figures, 分) that print the same money."""
        system = self._system
        found: dict[tuple[int, ...], list[tuple[_Place, int]]] = defaultdict(list)
        for equation, (number, key) in zip(system.equations, system.keys, strict=True):
            if number >= 0 and equation.members and key in self._forms[number].cells and not equation.is_coarse:
                found[(*equation.members,)].append(((number, key), equation.amount))
        return [group for group in found.values() if len(group) > 1]

    @cached_property
    def _elsewhere(self) -> dict[_Place, list[int]]:
        """Cell → the figures that other cells print for its money."""
        return {
            place: [amount for other, amount in group if other != place] for group in self._groups for place, _ in group
        }

    def differing(self) -> Iterator[set[_Place]]:
        """For each money of which two figures differ by a rounding, the cells of which one alone would explain it.

        Figures that are farther apart have another cause: one is wrong, or it holds money of which the lines know
        nothing yet.
        """
        rounding = to_fen(ROUNDING_PLACES * self._system.evidence.half_place)
        for group in self._groups:
            amounts = {amount for _, amount in group}
            if any(high - low <= rounding for low, high in pairwise(sorted(amounts))):
                yield {
                    (number, key)
                    for (number, key), amount in group
                    for other in amounts
                    if 0 < abs(amount - other) <= rounding and self.mends(number, key, amount - other)
                }

    def mends(self, number: int, key: CellKey, error: int) -> bool:
        """Whether all sums that hold a cell add up without its error, and other cells do not confirm the error.

        A sum may hold the error in two cells, if both differ by it from the other cells that print their money. Sums
        that fail by more than a rounding have another cause. A blank cell must mend two sums, because a lost figure is
        hardly ever as small as a rounding.
        """
        form = self._forms[number]
        mended = 0
        for total, parts, difference, slack in self._holding(number).get(key, ()):
            is_mended = difference == (error if total == key else -error)
            if is_mended or abs(difference) > slack:
                mended += is_mended
            elif difference or not any(
                self._confirms(number, other, error) for other in (parts if total == key else (total,))
            ):
                return False
        if key not in form.cells:
            return mended > 1
        others = self._elsewhere.get((number, key), ())
        return not others or form.amounts[key] - error in others

    def _confirms(self, number: int, key: CellKey, error: int) -> bool:
        """Whether other cells print the figure of this one without the error."""
        return self._forms[number].amounts.get(key, 0) - error in self._elsewhere.get((number, key), ())

    def _holding(self, number: int) -> dict[CellKey, list[tuple[CellKey, list[CellKey], int, int]]]:
        """Cell → the sums that hold it: total, parts, by how much the total exceeds them, and the rounding (分)."""
        if number not in self._held:
            form = self._forms[number]
            slack = {(entry.total, entry.parts): entry.slack for entry in failing_sums(form)}
            held: dict[CellKey, list[tuple[CellKey, list[CellKey], int, int]]] = defaultdict(list)
            for total, parts in printed_sums(form):
                difference = form.amounts[total] - sum(form.amounts.get(part, 0) for part in parts)
                for key in (total, *parts):
                    held[key].append((total, parts, difference, slack.get((total, (*parts,)), 0)))
            self._held[number] = held
        return self._held[number]
