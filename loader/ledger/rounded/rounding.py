"""Whether the figures of a document were rounded separately from exact sums.

Then totals differ from their parts by cents in several places, and so does the same money in two forms, if one of them
adds up its rounded figures and the other rounds the exact sum. Nothing is wrong. Slips look different:

* A wrong cell that two sums hold makes both fail by the same, and it differs from the same figure in another form. So
  if one cell is wrong, its true figure mends every sum that holds it.
* A slip that was typed before the sums were made is in all of them: no sum fails, and many figures differ from other
  forms, but all of them add up the one wrong cell.
* Rounding lets sums fail that no single figure would mend, or sums fail and figures differ in more places than a few
  slips explain.
* But a slip may also be carried up its column or across its row alone. The sums that hold it in the other direction all
  fail by the same. If one such slip explains everything, nothing was rounded.

A note below a form may say that figures were rounded (尾数误差). Then sums are, unless other cells prove a slip. But a
figure without parts is rounded once, so two forms that print it differently are not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from math import erfc, exp, sqrt
from typing import NamedTuple

from loader.ledger.contradictions.doubtful_program import ROUNDING_PLACES
from loader.ledger.evidence.evidence import FormEvidence, Sum, to_fen
from loader.ledger.evidence.projection import CellKey
from loader.ledger.evidence.sums import failing_sums, printed_sums
from loader.ledger.system import System

_FEW_SLIPS = 5
_LEAST_LIKELY = 0.01  # that rounding lets so few sums fail
_SAYS_SO = re.compile("四舍五入|尾数?(?:误|之)?差")

_Place = tuple[int, CellKey]  # number of the form, cell
_FailingSum = tuple[int, CellKey, tuple[CellKey, ...]]  # number of the form, a total and its parts
# a sum: its total, its parts, by how much the total exceeds them, and its rounding (分)
_Holding = tuple[CellKey, tuple[CellKey, ...], int, int]


class Verdict(NamedTuple):
    """Whether the figures of a document ``are_rounded`` separately, or ``may_be``: a few slips explain as much."""

    are_rounded: bool
    may_be: bool


def verdict_on_rounding(system: System) -> Verdict:
    """Figures are rounded if more sums fail within their rounding that no wrong cell explains than figures are printed
    twice and differ, or if more than a few wrong cells would be needed to explain them all; but not if one slip
    explains everything. They also are if a note of the document says so and rounding explains what no slip must.

    They may be rounded if sums fail within their rounding, not far fewer than rounding would let fail, and if no figure
    that is printed twice differs. They also may if only sums of several amounts differ, each by a rounding, and one
    slip does not explain it: some forms add up rounded figures.
    """
    prints = _Prints(system)
    unexplained = against = 0
    slips: list[frozenset[_Place]] = []  # for each rounding: the cells of which at least one is wrong if it is a slip
    alike: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)  # figures of a sum → the forms in which it fails
    every: list[_Slip] = []
    failing: list[_FailingSum] = []
    of_several: list[_FailingSum] = []  # figures, so that rounding may let them fail
    for number, form in enumerate(system.forms):
        if form.form.form_id in system.evidence.coarse:
            continue
        own = [
            entry
            for entry in failing_sums(form)
            if abs(entry.difference) <= entry.slack and not prints.is_beyond_parts(number, entry)
        ]
        found = prints.slips(number, own)
        mended = {entry for slip in found if len(slip.wrong) == 1 for entry in slip.mended}
        every += found
        for entry in own:
            failing.append((number, entry.total, entry.parts))
            if not _has_several_figures(form, entry):
                against += 1  # a total printed twice: its only part is the same figure
                continue
            of_several.append(failing[-1])
            slips.append(prints.beneath(number, entry.total))
            unexplained += failing[-1] not in mended
            alike[_figures(form, entry)].add(number)
    # the same sum in several forms: each may have a slip, but not all the same one
    unexplained += sum(len(forms) > 1 for forms in alike.values())
    if _says_so(system):
        # another cell prints the figure without the slip
        proven = [slip for slip in every if slip.is_witnessed]
        explained = frozenset[_FailingSum]().union(*(slip.mended for slip in proven))
        wrong = frozenset[_Place]().union(*(slip.wrong for slip in proven))
        if not explained.issuperset(of_several) or any(map(wrong.isdisjoint, prints.differing_sums())):
            return Verdict(True, True)
    differing = [*prints.differing()]
    is_unlike_slips = against + prints.contradictions() < unexplained or _fewest_cells(slips + differing) > _FEW_SLIPS
    is_one_slip = any(
        slip.mended.issuperset(failing) and not any(map(slip.wrong.isdisjoint, differing)) for slip in every
    )
    if is_unlike_slips and not is_one_slip:
        return Verdict(True, True)
    if against or not alike:
        return Verdict(False, False)
    if differing:
        return Verdict(False, not is_one_slip and prints.differ_in_sums_only() and _fewest_cells(slips + differing) > 1)
    return Verdict(False, _are_enough(system, len(alike)))


def _are_enough(system: System, failing: int) -> bool:
    """Whether so many different sums fail within their rounding as rounding may let fail: by Poisson, from the chance
    of each to fail. Sums that fail by more hold money that their parts do not show. Nothing tells a single failing sum
    from a slip."""
    if failing == 1:
        return True
    chances: dict[tuple[int, ...], float] = {}
    for form in system.forms:
        beyond = {(entry.total, entry.parts) for entry in failing_sums(form) if abs(entry.difference) > entry.slack}
        for total, parts in printed_sums(form):
            figures = sorted(filter(None, (form.amounts.get(part, 0) for part in parts)))
            if len(figures) > 1 and (total, (*parts,)) not in beyond:
                chances[form.amounts[total], *figures] = _chance_to_fail(len(figures))
    expected = sum(chances.values())
    chance = term = exp(-expected)
    for number in range(1, failing + 1):
        term *= expected / number
        chance += term
    return chance >= _LEAST_LIKELY


def _says_so(system: System) -> bool:
    return any(form.note and _SAYS_SO.search(form.note) for form in system.evidence.disclosure.forms)


def _chance_to_fail(parts: int) -> float:
    """The chance that the roundings of so many figures add up to more than half a place, nearly."""
    return erfc(sqrt(1.5 / parts))


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


class _Slip(NamedTuple):
    """The cells that one error made ``wrong``, and the failing sums that add up without it. ``is_witnessed``: another
    cell prints one of them without the error."""

    wrong: frozenset[_Place]
    mended: frozenset[_FailingSum]
    is_witnessed: bool


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
        for equation, place, cell in zip(system.equations, system.keys, system.cells, strict=True):
            if cell is not None and equation.members and not equation.is_coarse:
                found[equation.members].append((place, equation.amount))
        return [group for group in found.values() if len(group) > 1]

    @cached_property
    def _lines(self) -> dict[_Place, Sequence[int]]:
        """Cell → the lines that it adds up, by number."""
        return {
            place: equation.members for place, equation in zip(self._system.keys, self._system.equations, strict=True)
        }

    @cached_property
    def _alike(self) -> dict[_Place, list[tuple[_Place, int]]]:
        """Cell → the cells (and figures, 分) that print its money, itself included."""
        return {place: group for group in self._groups for place, _ in group}

    def is_beyond_parts(self, number: int, entry: Sum) -> bool:
        """Whether a total may hold money that none of its printed parts does, such as 经营支出 in forms by class."""
        held = {line for part in entry.parts for line in self._lines.get((number, part), ())}
        return not held.issuperset(self._lines.get((number, entry.total), ()))

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

    def differing_sums(self) -> Iterator[frozenset[_Place]]:
        """For each money of which two figures differ by a rounding the cells that print it, if one of them is a sum.
        The same figure without parts is the same wherever it is rounded."""
        rounding = to_fen(ROUNDING_PLACES * self._system.evidence.half_place)
        for group in self._groups:
            amounts = sorted({amount for _, amount in group})
            is_sum = any(not self._forms[number].cells[key].is_leaf for (number, key), _ in group)
            if is_sum and any(high - low <= rounding for low, high in pairwise(amounts)):
                yield frozenset(place for place, _ in group)

    def differ_in_sums_only(self) -> bool:
        """Whether figures of one money that differ do so by a rounding, and are sums of several amounts."""
        rounding = to_fen(ROUNDING_PLACES * self._system.evidence.half_place)
        for group in self._groups:
            amounts = [amount for _, amount in group]
            spread = max(amounts) - min(amounts)
            if spread and (spread > rounding or len(self._lines[group[0][0]]) < 2):
                return False
        return True

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
        others = {amount for other, amount in self._alike.get(place, ()) if other != place}
        return others == {self._forms[number].amounts.get(key)}

    def slips(self, number: int, failing: Iterable[Sum]) -> list[_Slip]:
        """The slips of which each alone explains one or more of the failing sums of a form."""
        slips = dict.fromkeys(slip for entry in failing for slip in _errors(entry))
        return [slip for key, error in slips if (slip := self._slip(number, key, error)) is not None]

    def _slip(self, number: int, key: CellKey, error: int) -> _Slip | None:
        """The slip that gave a cell this error. None if it is none: a sum that holds the cell does not add up without
        the error, or other cells confirm it.

        The error may have been carried up a column, across a row, or both: sums that add up with it hold it, too. Sums
        that fail by more than a rounding have another cause. A blank cell must mend two sums, because a lost figure is
        hardly ever as small as a rounding.
        """
        form = self._forms[number]
        wrong = self._carried(number, key)
        mended: set[_FailingSum] = set()
        for total, parts, difference, slack in {held for of in wrong for held in self._holding(number)[of]}:
            left = difference - error * ((total in wrong) - sum(part in wrong for part in parts))
            if left and abs(difference) <= slack:
                return None
            if difference and not left:
                mended.add((number, total, parts))
        if len(mended) <= (key not in form.cells):
            return None
        is_witnessed = False
        for of in wrong:
            group = self._alike.get((number, of), ())
            others = {amount for (other, shown), amount in group if other != number or shown not in wrong}
            if others and form.amounts[of] - error not in others:
                return None
            is_witnessed |= bool(others)
        return _Slip(frozenset((number, of) for of in wrong), frozenset(mended), is_witnessed)

    def _carried(self, number: int, key: CellKey) -> set[CellKey]:
        """A cell and the sums into which its error was carried: those that add up."""
        wrong, reached = {key}, [key]
        while reached:
            of = reached.pop()
            for total, _, difference, _ in self._holding(number)[of]:
                if not difference and total not in wrong:
                    wrong.add(total)
                    reached.append(total)
        return wrong

    def _holding(self, number: int) -> dict[CellKey, list[_Holding]]:
        """Cell → the sums that hold it."""
        if number not in self._held:
            form = self._forms[number]
            slack = {(entry.total, entry.parts): entry.slack for entry in failing_sums(form)}
            held: dict[CellKey, list[_Holding]] = defaultdict(list)
            for total, parts in printed_sums(form):
                difference = form.amounts[total] - sum(form.amounts.get(part, 0) for part in parts)
                for key in (total, *parts):
                    held[key].append((total, (*parts,), difference, slack.get((total, (*parts,)), 0)))
            self._held[number] = held
        return self._held[number]
