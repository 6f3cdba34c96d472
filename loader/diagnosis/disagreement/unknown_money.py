"""Money in columns and rows that the declaration of a form does not have, within a sum that the form prints."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate, combinations

from loader.diagnosis.disagreement.differences import Difference
from loader.filing.filed import FiledDisclosure, FiledForm
from loader.ledger.evidence.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.evidence.projection import CellKey
from loader.ledger.evidence.sums import printed_sums

_Amounts = Mapping[str, Sequence[int]]  # row or column → its figures without a meaning, in 分
_MOST_FOLLOWING = 500  # figures of which any that follow each other may be what a total has; more take seconds


@dataclass(frozen=True, slots=True)
class MoneyWithoutMeaning:
    """The figures of such columns and rows (分), which are in no line of the ledger; and form_id → the totals that
    hold them."""

    amounts: frozenset[int]
    totals: dict[str, set[CellKey]]

    def explains(self, differences: Sequence[Difference]) -> bool:
        """Whether a cell differs by exactly the amount in such a column or row."""
        return any(abs(one.filed - one.rebuilt) in self.amounts for one in differences)

    def without_totals(self, disclosure: FiledDisclosure) -> FiledDisclosure:
        """The disclosure without the figures of these totals, as if they could not be read: each holds an unknown
        amount."""
        return replace(disclosure, forms=[_without(form, self.totals) for form in disclosure.forms])


def money_without_meaning(evidence: Evidence) -> MoneyWithoutMeaning | None:
    """The figures in unknown columns and rows, if the totals of the form hold only with them. None if there are none.
    Columns beside the sums (其中, remarks) do not count."""
    amounts: set[int] = set()
    totals: dict[str, set[CellKey]] = {}
    for form_id, form in evidence.forms.items():
        across, down = _in_fen(form.filed.unknown_columns), _in_fen(form.filed.unknown_rows)
        if holding := _totals_with(form, across, down):
            totals[form_id] = holding
            amounts.update(amount for of in (*across.values(), *down.values()) for amount in _possible(of))
    return MoneyWithoutMeaning(frozenset(amounts), totals) if totals else None


def _in_fen(figures: Mapping[str, Sequence[Decimal]]) -> _Amounts:
    return {of: [to_fen(amount) for amount in amounts] for of, amounts in figures.items()}


def _possible(amounts: Sequence[int]) -> set[int]:
    """By how much a total may exceed its known parts: by one of the figures, or by several that follow each other. Of
    very many figures only by one or by all."""
    if len(amounts) > _MOST_FOLLOWING:
        return {*amounts, sum(amounts)}
    sums = list(accumulate(amounts, initial=0))
    return {last - first for first, last in combinations(sums, 2)}


def _without(form: FiledForm, totals: Mapping[str, Collection[CellKey]]) -> FiledForm:
    of_form = totals.get(form.form_id or "")
    if of_form is None:
        return form
    return replace(
        form,
        cells=[
            replace(cell, amount=None) if (cell.row_key, cell.column_key) in of_form else cell for cell in form.cells
        ],
    )


def _totals_with(form: FormEvidence, across: _Amounts, down: _Amounts) -> set[CellKey]:
    """The totals that exceed their known parts by such figures of their row or column, and the totals of these."""
    if not (across or down):
        return set()
    holding: set[CellKey] = set()
    sums = list(printed_sums(form))
    for total, parts in sums:
        row, column = total
        of = across.get(row) if parts[0][0] == row else down.get(column)
        lacking = form.amounts[total] - sum(form.amounts.get(part, 0) for part in parts)
        if of and lacking and lacking in _possible(of):
            holding.add(total)
    while above := {total for total, parts in sums if not holding.isdisjoint(parts)} - holding:
        holding |= above
    return holding
