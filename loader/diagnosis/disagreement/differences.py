"""The cells of a disclosure that differ from its ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from loader.ledger.evidence.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.evidence.projection import CellKey
from loader.ledger.lines import Ledger
from loader.ledger.rebuilt import RebuiltForm, rebuild


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that differs from the sum of its lines, ``rebuilt``. Amounts are in 分, 0 for a blank cell.

    ``proposed`` is that sum as the form would print it: rounded if the form prints fewer digits than others.
    ``made`` is the whole form rebuilt.
    """

    form: FormEvidence
    key: CellKey
    filed: int
    rebuilt: int
    proposed: int
    made: RebuiltForm = field(compare=False, repr=False)


Rebuilt = dict[str, RebuiltForm]


def rebuild_forms(evidence: Evidence, ledger: Ledger) -> Rebuilt:
    """All filed forms, rebuilt from the lines of the ledger, without the sheets of projects."""
    return rebuild({form_id: form.form for form_id, form in evidence.forms.items()}, ledger.lines, evidence.projection)


def differences(evidence: Evidence, ledger: Ledger, rebuilt: Rebuilt | None = None) -> list[Difference]:
    """The cells that differ, including blank cells and cells of finest rows that a form does not print."""
    rebuilt = rebuilt or rebuild_forms(evidence, ledger)
    found = []
    for form_id, form in evidence.forms.items():
        made = rebuilt[form_id]
        lacking = {rows[-1] for rows in made.rows if rows and form.leaf_rows.isdisjoint(rows)}
        printed = form.rows | lacking
        keys = {key for key, amount in made.amounts.items() if amount and key[0] in printed and key[1] in form.columns}
        for key in sorted(keys | form.amounts.keys()):
            filed, amount = form.amounts.get(key, 0), made.amounts.get(key, 0)
            if abs(filed - amount) > _tolerance(form, key, ledger) and key not in form.unreadable:
                found.append(Difference(form, key, filed, amount, _as_printed(form, key, amount, ledger), made))
    return found


def with_figures(evidence: Evidence, found: Iterable[Difference]) -> Evidence:
    """The evidence with the rebuilt figures in place of the filed ones that differ."""
    right: dict[str, dict[CellKey, int]] = defaultdict(dict)
    for difference in found:
        right[difference.form.form.form_id][difference.key] = difference.rebuilt
    changed = {form_id: evidence.forms[form_id] for form_id in right}
    forms = {form_id: replace(form, amounts=form.amounts | right[form_id]) for form_id, form in changed.items()}
    return replace(evidence, forms=evidence.forms | forms)


def _as_printed(form: FormEvidence, key: CellKey, amount: int, ledger: Ledger) -> int:
    half_place = to_fen(form.rounding(key)) if form.filed.form_no in ledger.coarse_forms else 0
    if not half_place:
        return amount
    rounded = (abs(amount) + half_place) // (2 * half_place) * (2 * half_place)
    return rounded if amount > 0 else -rounded


def _tolerance(form: FormEvidence, key: CellKey, ledger: Ledger) -> int:
    cell = form.cells.get(key)
    if form.filed.form_no in ledger.coarse_forms:
        return to_fen((cell.part_count if cell is not None else 1) * form.rounding(key))
    if not ledger.is_rounded or cell is None or cell.half_place is None:
        return 0
    return to_fen((cell.part_count + 1) * cell.half_place)
