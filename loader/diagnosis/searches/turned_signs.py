"""A figure that lost its minus beneath a sum: no other form prints it, so that the ledger takes the sum for wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from loader.diagnosis.case import Case
from loader.diagnosis.figures.single_figures import name_figure
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.trials import Explanation, column_faults
from loader.ledger.evidence.sums import printed_sums


def turned_signs(case: Case, deadline: float) -> Iterator[Explanation]:
    """The figures beneath the only sum that differs of which one with the other sign explains it, and the sum itself,
    unless the other side of its form prints the same."""
    if len(case.found) != 1 or not case.is_true:
        return
    [total] = case.found
    form = total.form
    options = []
    for key, parts in printed_sums(form):
        for part in parts if key == total.key else ():
            amount = form.amounts.get(part, 0)
            if amount > 0 and 2 * amount == total.rebuilt - total.filed:
                turned = replace(total, key=part, filed=amount, rebuilt=-amount, proposed=-amount)
                options.append(Hypothesis(name_figure(turned), form, {part: -amount}))
    explained = [*column_faults(case, options, deadline)]
    yield from explained
    if explained and total.key not in form.balancing_totals:
        yield (Hypothesis(name_figure(total), form, {total.key: total.rebuilt}),), case.ledger
