"""Whether every cell of a document was rounded separately from exact sums.

Then totals differ from their parts by cents in several places, and nothing is wrong. Wrong cells look different:

* A wrong cell that two sums hold makes both fail by the same, and it differs from the same figure in another form. So
  if one cell is wrong, its true figure mends every sum that holds it.
* Rounding lets sums fail that no single figure would mend, because the same figure printed elsewhere, or another sum,
  confirms each of their cells, or because several forms print the same sum. Figures that are printed twice agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from loader.ledger.evidence import FormEvidence, Sum
from loader.ledger.projection import CellKey
from loader.ledger.sums import failing_sums, printed_sums
from loader.ledger.system import System

_OtherPrints = Mapping[CellKey, Sequence[int]]  # cell → the figures (分) that other cells print for its lines


def is_rounded(system: System) -> bool:
    """Whether more sums fail within their rounding that no single wrong cell explains than figures are printed twice
    and differ."""
    unexplained = against = 0
    alike: Counter[tuple[int, ...]] = Counter()
    prints: list[dict[CellKey, list[int]]] | None = None
    for number, form in enumerate(system.forms):
        if form.form.form_id in system.evidence.coarse:
            continue
        failing = [entry for entry in failing_sums(form) if abs(entry.difference) <= entry.slack]
        several = [entry for entry in failing if _has_several_figures(form, entry)]
        against += len(failing) - len(several)  # a total printed twice: its only part is the same figure
        if several:
            if prints is None:
                prints, differing = _prints_elsewhere(system)
                against += differing
            unexplained += _unexplained(form, several, prints[number])
            alike.update({_figures(form, entry) for entry in several})
    # the same sum in several forms: each may have a slip, but not all the same one
    unexplained += sum(count > 1 for count in alike.values())
    return against < unexplained


def _figures(form: FormEvidence, entry: Sum) -> tuple[int, ...]:
    """The figures of a sum, to know it again in other forms: the total, then its parts by size."""
    return form.amounts[entry.total], *sorted(filter(None, (form.amounts.get(part, 0) for part in entry.parts)))


def _has_several_figures(form: FormEvidence, entry: Sum) -> bool:
    return sum(bool(form.amounts.get(part)) for part in entry.parts) > 1


def _prints_elsewhere(system: System) -> tuple[list[dict[CellKey, list[int]]], int]:
    """For each form, what other cells print for the lines of its cells; and the number of sums printed differently."""
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for place, (equation, (number, key)) in enumerate(zip(system.equations, system.keys, strict=True)):
        if number >= 0 and equation.members and key in system.forms[number].cells and not equation.is_coarse:
            alike[(*equation.members,)].append(place)
    prints: list[dict[CellKey, list[int]]] = [{} for _ in system.forms]
    differing = 0
    for places in alike.values():
        if len(places) > 1:
            amounts = [system.equations[place].amount for place in places]
            differing += len({*amounts}) > 1
            for at, place in enumerate(places):
                number, key = system.keys[place]
                prints[number][key] = amounts[:at] + amounts[at + 1 :]
    return prints, differing


def _unexplained(form: FormEvidence, failing: Sequence[Sum], elsewhere: _OtherPrints) -> int:
    """The number of failing sums that the true figure of no single cell would mend."""
    holding: dict[CellKey, list[tuple[CellKey, int, int]]] = defaultdict(list)
    slack = {(entry.total, entry.parts): entry.slack for entry in failing_sums(form)}
    for total, parts in printed_sums(form):
        difference = form.amounts[total] - sum(form.amounts.get(part, 0) for part in parts)
        for key in (total, *parts):
            holding[key].append((total, difference, slack.get((total, (*parts,)), 0)))
    return sum(
        not any(_mends(form, key, error, holding[key], elsewhere) for key, error in _errors(entry)) for entry in failing
    )


def _errors(entry: Sum) -> Iterator[tuple[CellKey, int]]:
    """Each cell of a failing sum with the error (分) that it has if it alone is wrong."""
    yield entry.total, entry.difference
    for part in entry.parts:
        yield part, -entry.difference


def _mends(
    form: FormEvidence,
    key: CellKey,
    error: int,
    sums: Sequence[tuple[CellKey, int, int]],
    elsewhere: _OtherPrints,
) -> bool:
    """Whether all ``sums`` that hold a cell add up without its error, and other cells do not confirm the error.

    Sums that fail by more than a rounding have another cause. A blank cell must mend two sums, because a lost figure
    is hardly ever as small as a rounding.
    """
    mended = 0
    for total, difference, slack in sums:
        is_mended = difference == (error if total == key else -error)
        if not is_mended and abs(difference) <= slack:
            return False
        mended += is_mended
    if key not in form.cells:
        return mended > 1
    others = elsewhere.get(key, ())
    return not others or form.amounts[key] - error in others
