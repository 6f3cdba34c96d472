"""Whether the figures of a document were rounded separately from exact sums.

Then totals differ from their parts by cents in several places, and so does the same money in two forms, if one of them
adds up its rounded figures and the other rounds the exact sum. Nothing is wrong. Slips look different:

* A wrong cell that two sums hold makes both fail by the same, and it differs from the same figure in another form. So
  if one cell is wrong, its true figure mends every sum that holds it.
* A slip that was typed before the sums were made is in all of them: no sum fails, and many figures differ from other
  forms, but all of them add up the one wrong cell.
* Rounding lets sums fail that no single figure would mend, or sums fail and figures differ in more places than a few
  slips explain.

A note below a form may say that figures were rounded (尾数误差). Then no slip need explain a rounding.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from loader.ledger.doubtful_program import ROUNDING_PLACES
from loader.ledger.evidence import FormEvidence, Sum, to_fen
from loader.ledger.projection import CellKey
from loader.ledger.sums import failing_sums, printed_sums
from loader.ledger.system import System

_FEW_SLIPS = 5
_SAYS_SO = re.compile("四舍五入|尾数?(?:误|之)?差")

_Place = tuple[int, CellKey]  # number of the form, cell
# a sum: its total, its parts, by how much the total exceeds them, and its rounding (分)
_Holding = tuple[CellKey, list[CellKey], int, int]


def is_rounded(system: System) -> bool:
    """Whether more sums fail within their rounding that no single wrong cell explains than figures are printed twice
    and differ, or more than a few wrong cells would be needed to explain them all; or whether there are
    any, if a note of the document says so."""
    prints = _Prints(system)
    unexplained = against = 0
    slips: list[frozenset[_Place]] = []  # for each rounding: the cells of which at least one is wrong if it is a slip
    alike: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)  # figures of a sum → the forms in which it fails
    for number, form in enumerate(system.forms):
        if form.form.form_id in system.evidence.coarse:
            continue
        for entry in failing_sums(form):
            if abs(entry.difference) > entry.slack:
                continue
            if not _has_several_figures(form, entry):
                against += 1  # a total printed twice: its only part is the same figure
                continue
            slips.append(prints.beneath(number, entry.total))
            unexplained += not any(prints.mends(number, key, error) for key, error in _errors(entry))
            alike[_figures(form, entry)].add(number)
    # the same sum in several forms: each may have a slip, but not all the same one
    unexplained += sum(len(forms) > 1 for forms in alike.values())
    differing = [*prints.differing()]
    if (slips or differing) and any(
        form.note and _SAYS_SO.search(form.note) for form in system.evidence.disclosure.forms
    ):
        return True
    return against + prints.contradictions() < unexplained or _fewest_cells(slips + differing) > _FEW_SLIPS


def _fewest_cells(slips: Iterable[frozenset[_Place]]) -> int:
    """The least number of wrong cells that explain all these roundings, or fewer."""
    counted: set[_Place] = set()
    number = 0
    for cells in sorted(slips, key=len):
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
        self._held: dict[int, dict[CellKey, list[_Holding]]] = {}
        self._beneath: dict[_Place, frozenset[_Place]] = {}

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

    def differing(self) -> Iterator[frozenset[_Place]]:
        """For each money of which two figures differ by a rounding, the cells of which at least one is wrong if it is
        a slip.

        Figures that are farther apart have another cause: one is wrong, or it holds money of which the lines know
        nothing yet.
        """
        rounding = to_fen(ROUNDING_PLACES * self._system.evidence.half_place)
        for group in self._groups:
            amounts = sorted({amount for _, amount in group})
            if any(high - low <= rounding for low, high in pairwise(amounts)):
                yield frozenset().union(*(self.beneath(*place) for place, _ in group))

    def contradictions(self) -> int:
        """The number of different money of which two figures differ, by however much."""
        return sum(len({amount for _, amount in group}) > 1 for group in self._groups)

    def beneath(self, number: int, key: CellKey) -> frozenset[_Place]:
        """A cell and all that it adds up at any depth, because a slip is carried into the sums if it was typed before
        they were made; but not through a sum that all other cells confirm."""
        place = number, key
        if place not in self._beneath:
            parts = {
                part
                for total, parts, *_ in self._holding(number).get(key, ())
                if total == key
                for part in parts
                if not self._is_confirmed((number, part))
            }
            self._beneath[place] = frozenset({place}.union(*(self.beneath(number, part) for part in parts)))
        return self._beneath[place]

    def _is_confirmed(self, place: _Place) -> bool:
        """Whether all other cells that print the money of this one print its figure."""
        number, key = place
        others = self._elsewhere.get(place)
        return others is not None and {*others} == {self._forms[number].amounts[key]}

    def mends(self, number: int, key: CellKey, error: int) -> bool:
        """Whether all sums that hold a cell add up without its error, and other cells do not confirm the error.

        Sums that fail by more than a rounding have another cause. A blank cell must mend two sums, because a lost
        figure is hardly ever as small as a rounding.
        """
        form = self._forms[number]
        mended = 0
        for total, _, difference, slack in self._holding(number).get(key, ()):
            is_mended = difference == (error if total == key else -error)
            if not is_mended and abs(difference) <= slack:
                return False
            mended += is_mended
        if key not in form.cells:
            return mended > 1
        others = self._elsewhere.get((number, key), ())
        return not others or form.amounts[key] - error in others

    def _holding(self, number: int) -> dict[CellKey, list[_Holding]]:
        """Cell → the sums that hold it."""
        if number not in self._held:
            form = self._forms[number]
            slack = {(entry.total, entry.parts): entry.slack for entry in failing_sums(form)}
            held: dict[CellKey, list[_Holding]] = defaultdict(list)
            for total, parts in printed_sums(form):
                difference = form.amounts[total] - sum(form.amounts.get(part, 0) for part in parts)
                for key in (total, *parts):
                    held[key].append((total, parts, difference, slack.get((total, (*parts,)), 0)))
            self._held[number] = held
        return self._held[number]
