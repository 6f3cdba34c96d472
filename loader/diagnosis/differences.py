"""The cells of a disclosure that its ledger does not bear out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from loader.ledger.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.lines import Ledger
from loader.ledger.projection import CellKey, cells_in, rows_of


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell whose figure is not the sum of its lines: both in 分, 0 for a blank one."""

    form: FormEvidence
    key: CellKey
    filed: int
    rebuilt: int


@dataclass(frozen=True, slots=True)
class RebuiltForm:
    """What the ledger makes of a form: cell → 分, cell → its lines by number, and the rows of each line, the coarsest
    first."""

    amounts: dict[CellKey, int] = field(default_factory=lambda: defaultdict(int))
    lines: dict[CellKey, set[int]] = field(default_factory=lambda: defaultdict(set))
    rows: set[tuple[str, ...]] = field(default_factory=set)


Rebuilt = dict[str, RebuiltForm]


def rebuild(evidence: Evidence, ledger: Ledger) -> Rebuilt:
    """All filed forms from the lines of the ledger, without the sheets of projects."""
    rebuilt = {form_id: RebuiltForm() for form_id in evidence.forms}
    for number, line in enumerate(ledger.lines):
        amount = to_fen(line.amount)
        shares = evidence.projection.shares(line.coordinates)
        for form_id in (*shares.columns, *(form_id for form_id in shares.cells if form_id not in shares.columns)):
            if form_id not in rebuilt:
                continue
            form, made = evidence.forms[form_id].form, rebuilt[form_id]
            for key in cells_in(form, line.coordinates, shares):
                made.amounts[key] += amount
                made.lines[key].add(number)
            made.rows.add(rows_of(form, line.coordinates))
    return rebuilt


def differences(evidence: Evidence, ledger: Ledger, rebuilt: Rebuilt | None = None) -> list[Difference]:
    """The cells that differ, blank ones among them, and those of the finest rows that a form does not print."""
    rebuilt = rebuilt or rebuild(evidence, ledger)
    found = []
    for form_id, form in evidence.forms.items():
        made = rebuilt[form_id]
        lacking = {rows[-1] for rows in made.rows if rows and form.leaf_rows.isdisjoint(rows)}
        printed = form.rows | lacking
        keys = {key for key, amount in made.amounts.items() if amount and key[0] in printed and key[1] in form.columns}
        for key in sorted(keys | form.amounts.keys()):
            filed, amount = form.amounts.get(key, 0), made.amounts.get(key, 0)
            if abs(filed - amount) > _tolerance(form, key, ledger) and key not in form.unreadable:
                found.append(Difference(form, key, filed, amount))
    return found


def _tolerance(form: FormEvidence, key: CellKey, ledger: Ledger) -> int:
    cell = form.cells.get(key)
    if not ledger.is_rounded or cell is None or cell.half_place is None:
        return 0
    return to_fen((cell.part_count + 1) * cell.half_place)
