"""Forms printed with fewer digits than the others: whole 万元 beside two decimals, or 万元 beside forms in 元.

Each of their figures was rounded, so it is near the finer figures of the same sum, and its own sums fail by roundings.
The finer forms then decide the ledger. The coarse forms support it within their rounding.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from loader.ledger.evidence.evidence import Evidence, to_fen
from loader.ledger.evidence.sums import failing_sums
from loader.ledger.solver.equation import Equation, sum_of
from loader.ledger.solver.peeling import peel
from loader.ledger.system import System

# figures that must be near finer ones, if the finer forms print some figures shorter (20 for 20.00); else one is enough
_FEWEST = 2


def coarse_forms(system: System) -> frozenset[str]:
    """The ids of forms that print fewer digits than others. They are searched for only if cells contradict each other.

    A form is coarse if more of its figures and sums agree within its rounding than exceed it. The figures are compared
    with finer forms, the sums with their parts. Then all forms with the same or a coarser place are coarse too.
    """
    evidence = system.evidence
    places = evidence.places()
    if len(set(places.values())) < 2:
        return frozenset()
    finest = min(places.values())
    fewest = 1 if _prints_all_places(evidence, places, finest) else _FEWEST
    proven = [
        place for form_id, place in places.items() if place > finest and _is_rounded(system, places, form_id, fewest)
    ]
    return frozenset(form_id for form_id, place in places.items() if proven and place >= min(proven))


def _prints_all_places(evidence: Evidence, places: Mapping[str, Decimal], finest: Decimal) -> bool:
    """Whether the finest forms print all their figures to the same place."""
    return all(
        cell.half_place == finest
        for form in evidence.all_forms()
        if places.get(form.form.form_id) == finest
        for cell in form.cells.values()
        if cell.half_place is not None and cell.amount
    )


def _is_rounded(system: System, places: Mapping[str, Decimal], form_id: str, fewest: int) -> bool:
    """Whether enough figures of a form are roundings of finer figures, or sums roundings of their parts. Figures
    farther off must be fewer."""
    half_place = to_fen(places[form_id])
    found = [abs(own - other) for own, other in _beside_finer(system, places, form_id)]
    near = sum(0 < difference <= half_place for difference in found)
    far = sum(difference > half_place for difference in found)
    for form in system.forms:
        if form.form.form_id == form_id and not form.form.sheet:
            near += sum(abs(entry.difference) <= entry.slack for entry in failing_sums(form))
    return near >= fewest and near > far


def _beside_finer(system: System, places: Mapping[str, Decimal], form_id: str) -> Iterator[tuple[int, int]]:
    """Pairs of a figure of a form and the finer figure of the same sum, both in 分."""
    own: list[Equation] = []
    finer: list[Equation] = []
    for equation, (number, _), cell in zip(system.equations, system.keys, system.cells, strict=True):
        if cell is not None and equation.members:
            other_id = system.forms[number].form.form_id
            if other_id == form_id:
                own.append(equation)
            elif places.get(other_id, places[form_id]) < places[form_id]:
                finer.append(equation)
    for equation, other in zip(own, said_by(finer, own, len(system.lines)), strict=True):
        if other is not None:
            yield equation.amount, other


def said_by(finer: Sequence[Equation], equations: Iterable[Equation], size: int) -> Iterator[int | None]:
    """What finer cells say of the sum of each equation, in 分: the figure that most of them print for it, else the sum
    of the lines that they decide. ``size`` is the number of lines. None if they do not say it."""
    printed: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
    for equation in finer:
        printed[equation.members][equation.amount] += 1
    values = peel(size, [equation for equation in finer if equation.is_leaf])
    for equation in equations:
        if amounts := printed.get(equation.members):
            yield amounts.most_common(1)[0][0]
        else:
            yield sum_of(equation.members, values)
