"""Whether every cell of a document was rounded separately from exact sums.

Then totals differ from their parts by cents in many places, and nothing is wrong. A few wrong cells have this effect in
few places: failing sums without a common cell need one wrong cell each. A wrong cell also differs from the same figure
in another form, or from the only figure beneath it. Rounding keeps these equal.
"""

from __future__ import annotations

from collections import defaultdict

from loader.ledger.evidence import Evidence
from loader.ledger.projection import CellKey
from loader.ledger.sums import failing_sums, informative_sums

# sums without a common cell that must fail, and their share of all sums of two figures or more
_FEWEST, _SHARE = 3, 0.05


def is_rounded(evidence: Evidence) -> bool:
    """Whether sums fail within their rounding in more places than a few wrong cells explain.

    Fewer figures may differ that two forms print or that stand alone beneath a sum.
    """
    failing = against = 0
    forms = [form for form in evidence.all_forms() if form.form.form_id not in evidence.coarse]
    for form in forms:
        taken: set[CellKey] = set()
        for entry in failing_sums(form):
            cells = {entry.total, *entry.parts}
            if abs(entry.difference) > entry.slack or not taken.isdisjoint(cells):
                continue
            taken |= cells
            if sum(bool(form.amounts.get(part)) for part in entry.parts) > 1:
                failing += 1
            else:
                against += 1
    if failing < _FEWEST or failing < _SHARE * sum(informative_sums(form) for form in forms):
        return False
    return against + _disagreeing(evidence) < failing


def _disagreeing(evidence: Evidence) -> int:
    """The number of figures that two forms print differently for the same rows and selection."""
    figures: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for form_id, form in evidence.forms.items():
        rows = form.form.rows
        if rows is None or form.form.lists or form_id in evidence.coarse:
            continue
        for column in form.form.money_columns:
            selection = form.form.selection(column)
            for row in form.rows - {form.total_row}:
                if (row, column.id) in form.amounts:
                    figures[selection, rows.by, row].add(form.amounts[row, column.id])
    return sum(len(found) > 1 for found in figures.values())
