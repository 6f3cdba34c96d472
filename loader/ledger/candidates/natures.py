"""Filed forms → the natures (支出性质) in which a unit's function may have money."""

from __future__ import annotations

from functools import cached_property

from loader.ledger.evidence.capabilities import NATURES
from loader.ledger.evidence.evidence import FormEvidence
from loader.ledger.evidence.expenditure_forms import EXPENDITURE, ExpenditureForms, Slice


class Natures:
    """The natures that forms show, at a place and for the disclosure as a whole."""

    def __init__(self, forms: ExpenditureForms) -> None:
        self._forms = forms
        self._evidence = forms.evidence

    def at(self, place: Slice) -> list[str]:
        """The natures (支出性质) in which a unit's function may have money."""
        shown: set[str] = set()
        for form in self._forms.by_function:
            able = form.abilities
            if able.nature:
                if form.paid_at(place):
                    shown.add(able.nature)
            elif able.is_of_fund:
                shown |= self._shown(form, place) - {""}
        cuts = sorted(
            (form for form in self._forms.complete if form.abilities.by_nature and form.row_for(*place)),
            key=lambda form: -len(form.abilities.by_nature),
        )
        if cuts:
            form, able = cuts[0], cuts[0].abilities
            natures = self._shown(form, place)
            if lacking := self._lacking(form, place):
                natures |= lacking
            elif self._shows_more(form, place):
                natures |= self._declared_natures() - set(able.by_nature) or {""}
        else:
            natures = self._declared_natures()
        return [n for n in (*NATURES, "") if n in natures | shown] or ([""] if not cuts else [])

    @staticmethod
    def _shown(form: FormEvidence, place: Slice) -> set[str]:
        """The natures with money in the columns of a form."""
        paid = form.paid_at(place)
        return {nature for nature, columns in form.abilities.by_nature.items() if not paid.isdisjoint(columns)}

    @staticmethod
    def _shows_more(form: FormEvidence, place: Slice) -> bool:
        """Whether a total differs from the basic and project spending beside it.

        If the form has columns of other natures, a difference is a wrong figure and does not count.
        """
        able = form.abilities
        columns = able.nature_totals
        total = form.figure_if_shown(*place, able.total)
        if total is None or any(columns[n] in form.columns for n in columns if n not in ("basic", "project")):
            return False
        return total != sum(form.shows(*place, column) for column in columns.values())

    @staticmethod
    def _lacking(form: FormEvidence, place: Slice) -> set[str]:
        """Basic or project spending if the form lacks the column and the others do not add up to the total.

        None of them if unknown columns hold money: it may be of any nature.
        """
        if form.filed.unknown_columns:
            return set()
        able = form.abilities
        columns = able.nature_totals
        total = form.figure_if_shown(*place, able.total)
        lacking: set[str] = {n for n in ("basic", "project") if n in columns and columns[n] not in form.columns}
        if not lacking or total is None or total == sum(form.shows(*place, column) for column in columns.values()):
            return set()
        return lacking

    def _declared_natures(self) -> set[str]:
        """The natures that forms show for the disclosure as a whole. "" is included if they may not show all."""
        lines = [
            (line.where.nature[0], form.at(line.id, amount.id))
            for form in self._forms.whole_lists
            for entry in form.form.lists
            for line in entry.lines
            if len(line.where.nature) == 1
            for amount in entry.amounts
        ]
        if lines:
            return {nature for nature, amount in lines if amount}
        if form := self._forms.overall:
            row, able = form.total_row, form.abilities
            shown = {nature: form.at(row, columns[0]) for nature, columns in able.by_nature.items()}
            known = {nature for nature, amount in shown.items() if amount}
            return known | {""} if self._forms.overall_total() != sum(shown.values()) else known
        if any(form.abilities.is_of_fund and form.abilities.by_nature for form in self._forms.by_function):
            return {"basic", "project", ""}
        of_items = {form.abilities.nature for form in self._forms.economic if any(form.amounts.values())}
        return of_items | self.overall | {""}

    @cached_property
    def overall(self) -> set[str]:
        """The natures with money in the disclosure as a whole, possibly only of some funds."""
        return {
            where.nature[0]
            for form in self._evidence.forms.values()
            if form.form.lists or (form.form.rows is not None and not form.form.rows.by)
            for line, column, where in form.form.selections()
            if where.statement == EXPENDITURE and len(where.nature) == 1
            if form.at(line.id if line is not None else form.total_row, column.id)
        }
