"""Money under a head that the declaration of a form does not have, within a sum that the form prints."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from loader.diagnosis.differences import Difference
from loader.ledger.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.projection import CellKey


@dataclass(frozen=True, slots=True)
class MoneyWithoutMeaning:
    """The figures under such heads (分), which are in no line of the ledger; and form_id → the totals that hold
    them."""

    amounts: frozenset[int]
    totals: dict[str, set[CellKey]]

    def explains(self, differences: Sequence[Difference]) -> bool:
        """Whether a cell differs by exactly the amount under such a head."""
        return any(abs(one.filed - one.rebuilt) in self.amounts for one in differences)

    def without_totals(self, evidence: Evidence) -> Evidence:
        """The evidence without the equations of these totals: each holds an unknown amount."""
        forms = {form_id: _without(form, self.totals.get(form_id, set())) for form_id, form in evidence.forms.items()}
        return replace(evidence, forms=forms)


def money_without_meaning(evidence: Evidence) -> MoneyWithoutMeaning | None:
    """The figures under unknown heads, if the totals of the form hold only with them. None if there are none. Columns
    beside the sums (其中, remarks) do not count."""
    amounts: set[int] = set()
    totals: dict[str, set[CellKey]] = {}
    for form_id, form in evidence.forms.items():
        shown = {row: [to_fen(amount) for amount in of_row] for row, of_row in form.filed.unknown_money.items()}
        if completed := {(row, total) for row, of_row in shown.items() for total in _completed(form, row, of_row)}:
            totals[form_id] = completed
            amounts.update(amount for of_row in shown.values() for amount in (*of_row, sum(of_row)))
    return MoneyWithoutMeaning(frozenset(amounts), totals) if totals else None


def _without(form: FormEvidence, totals: Collection[CellKey]) -> FormEvidence:
    if not totals:
        return form
    return replace(
        form,
        amounts={key: amount for key, amount in form.amounts.items() if key not in totals},
        cells={key: cell for key, cell in form.cells.items() if key not in totals},
        unreadable=form.unreadable.union(totals),
    )


def _completed(form: FormEvidence, row: str, amounts: Sequence[int]) -> Iterator[str]:
    """The totals of a row that exceed their known parts by these figures or one of them, and the totals above."""
    completed: set[str] = set()
    for column in reversed(form.form.money_columns):  # the parts of a total stand to its right
        if (row, column.id) not in form.amounts or form.columns.isdisjoint(column.parts):
            continue
        lacking = form.amounts[row, column.id] - sum(form.amounts.get((row, part), 0) for part in column.parts)
        if (lacking and lacking in (sum(amounts), *amounts)) or not completed.isdisjoint(column.parts):
            completed.add(column.id)
            yield column.id
