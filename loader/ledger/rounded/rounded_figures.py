"""Single figures printed with fewer digits than the rest of their form: 23 元 beside 20.00 and 22.75.

A spreadsheet rounds a figure to the width of its column if the number of decimals is not fixed. The columns beside it
keep their cents. Such figures support the ledger within their rounding, as those of coarse forms do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from decimal import Decimal
from itertools import chain

from loader.ledger.evidence.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.evidence.projection import CellKey
from loader.ledger.evidence.sums import failing_sums
from loader.ledger.rounded.coarse_forms import said_by
from loader.ledger.system import System

# how many times its rounding is that of the others: a figure that lacks only one digit may have ended in a zero
_COARSER = 100
# places without a common figure that must show a rounding: one may be a slip
_FEWEST = 2

_Figure = tuple[str, CellKey]  # form_id and cell
_Figures = Mapping[CellKey, int]  # figures of a form that lack digits → half of their last place, in 分
_Comparison = tuple[Set[_Figure], int, int]  # figures that lack digits, difference and rounding in 分


def forms_with_rounded_figures(system: System) -> frozenset[str]:
    """The ids of forms in which some figures were rounded. They are searched for only if cells contradict each other.

    Figures that lack digits were rounded if at least two of them, or of their sums, differ from what the other cells
    say, but by no more than their rounding. Figures farther off must be fewer.
    """
    evidence = system.evidence
    finest = min(evidence.places().values(), default=Decimal(0))
    if evidence.half_place < _COARSER * finest or not _prints_trailing_zeros(evidence, finest):
        return frozenset()
    short = {
        form_id: figures
        for form_id, form in evidence.forms.items()
        if form.half_place == finest and (figures := _lacking_digits(form, finest))
    }
    near = 0
    taken: set[_Figure] = set()
    beyond: set[_Figure] = set()
    for among, difference, rounding in chain(_failing_sums(system, short), _beside_others(system, short)):
        if abs(difference) > rounding:
            beyond |= among if len(among) == 1 else set()
        elif taken.isdisjoint(among):
            near += 1
            taken |= among
    return frozenset(short) if near >= _FEWEST and near > len(beyond - taken) else frozenset()


def _prints_trailing_zeros(evidence: Evidence, finest: Decimal) -> bool:
    """Whether a document prints most figures to the finest place, and trailing zeros rather than 20.5 for 20.50.
    Otherwise short figures may be exact."""
    fine = short = padded = cut = 0
    ten_places = to_fen(20 * finest)
    for form in evidence.forms.values():
        for key, cell in form.cells.items() if form.half_place == finest else ():
            is_fine = cell.half_place == finest
            padded += is_fine and not form.amounts[key] % ten_places
            if form.amounts[key]:
                fine += is_fine
                short += not is_fine
                cut += cell.half_place == 10 * finest
    return fine > short and padded > cut


def _lacking_digits(form: FormEvidence, finest: Decimal) -> _Figures:
    """The figures of a form that lack digits."""
    return {
        key: to_fen(cell.half_place)
        for key, cell in form.cells.items()
        if form.amounts[key] and cell.half_place is not None and cell.half_place >= _COARSER * finest
    }


def _failing_sums(system: System, short: Mapping[str, _Figures]) -> Iterator[_Comparison]:
    """The sums with figures that lack digits, as far as they fail."""
    for form_id, figures in short.items():
        for entry in failing_sums(system.evidence.forms[form_id]):
            if among := figures.keys() & {entry.total, *entry.parts}:
                yield {(form_id, key) for key in among}, entry.difference, sum(figures[key] for key in among)


def _beside_others(system: System, short: Mapping[str, _Figures]) -> Iterator[_Comparison]:
    """The figures that lack digits, as far as they differ from what the other cells say."""
    if not short:
        return
    own, finer = [], []
    for equation, (number, key), cell in zip(system.equations, system.keys, system.cells, strict=True):
        if cell is not None and equation.members:
            form_id = system.forms[number].form.form_id
            rounding = short.get(form_id, {}).get(key)
            if rounding is None:
                finer.append(equation)
            else:
                own.append((equation, (form_id, key), rounding))
    said = said_by(finer, [equation for equation, _, _ in own], len(system.lines))
    for (equation, figure, rounding), other in zip(own, said, strict=True):
        if other is not None and other != equation.amount:
            yield {figure}, equation.amount - other, rounding
