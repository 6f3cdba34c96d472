"""Equally good corrections: a figure that no other cell supports may be right, and another one wrong instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from loader.diagnosis.disagreement.differences import Difference, differences, with_figures
from loader.diagnosis.figures.single_figures import Suspect
from loader.diagnosis.untouched import untouched
from loader.ledger.clock import deadline, is_over
from loader.ledger.draft import draft_of
from loader.ledger.evidence.evidence import Evidence
from loader.ledger.evidence.projection import CellKey
from loader.ledger.lines import Ledger

_MOST_WORK = 600_000  # see the clock
_MOST = 12  # corrections for one contradiction

# a ledger with one of these findings holds money that no cell shows, so the cells do not agree
_UNEXPLAINED = {"remainder", "no_fund", "not_settled"}


def equal_corrections(
    evidence: Evidence, ledger: Ledger, found: Sequence[Difference], unproven: Sequence[Suspect]
) -> Iterator[tuple[Suspect, list[Difference]]]:
    """Each unproven suspect, with the cells that may be wrong instead of it. No such cells mean that it must be wrong.

    The suspect is taken for right, all other cells that differ are corrected, and the ledger is made again. If exactly
    one cell differs then, correcting it explains as much. Exceptions: further amounts become negative, or the cell is a
    grand total that the other side of its form prints too. Then that cell is also taken for right, and so on. If too
    much work is done, a suspect that other cells contradict counts as wrong, and the other suspects are left out.
    """
    end = deadline(_MOST_WORK)
    with untouched(evidence.disclosure):
        for suspect in unproven:
            difference = suspect.difference
            corrected = with_figures(evidence, [other for other in found if other is not difference])
            trusted = frozenset([_place(difference)])
            others: list[Difference] = []
            while len(others) < _MOST:
                if is_late := is_over(end):
                    break
                other = draft_of(tried := replace(corrected, trusted=trusted)).finished()
                wrong = differences(tried, other)
                kinds = {finding.kind for finding in other.findings}
                if is_late := is_over() and "not_settled" in kinds:
                    break
                is_explained = _UNEXPLAINED.isdisjoint(kinds)
                is_explained &= _below_nothing(other) <= _below_nothing(ledger)
                if len(wrong) != 1 or not is_explained or _place(wrong[0]) in trusted or _is_balanced(wrong[0]):
                    break
                others += wrong
                trusted |= {_place(wrong[0])}
            if others or suspect.bearing or not is_late:
                yield suspect, others


def _below_nothing(ledger: Ledger) -> int:
    return sum(line.amount < 0 for line in ledger.lines)


def _is_balanced(difference: Difference) -> bool:
    return difference.key in difference.form.balancing_totals


def _place(difference: Difference) -> tuple[str, CellKey]:
    return difference.form.form.form_id, difference.key
