"""Filed forms and declared income → the funds (资金性质) that may pay for a function's spending."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from loader.ledger.cached_method import cached_method
from loader.ledger.evidence.evidence import FormEvidence
from loader.ledger.evidence.expenditure_forms import EXPENDITURE, ExpenditureForms, Slice
from loader.ledger.evidence.income import REVENUE, Income, column_of
from schema.forms.template import Where

_GENERAL = "11"  # 一般公共预算: the fund assumed if no form shows funds
_OTHER_FUNDS = ("14", "171", "172", "173", "2", "31", "32", "33", "34", "39")  # 2 has a form of its own in some sets


class Funds:
    """The funds that forms show at a place, and those that revenue declares."""

    def __init__(self, forms: ExpenditureForms, income: Income) -> None:
        self._forms = forms
        self._evidence = forms.evidence
        self._income = income

    def paying(self, place: Slice, nature: str) -> list[str]:
        """The funds (资金性质) that may pay for it: shown by their own forms, or declared by revenue."""
        found: list[str] = []
        for fund in self._forms.own:
            own = self._forms.own_filed(fund)
            others = [form for form in self._forms.about(fund) if form.abilities.is_of_fund]
            if own is not None:
                if self._own_form_shows(own, place, nature) or self._detail_shows(fund, own, place, nature):
                    found.append(fund)
            elif others:
                if others[-1].paid_at(place):
                    found.append(fund)
            elif self._declared(place[0], fund) or (fund == _GENERAL and not self._shows_funds):
                found.append(fund)
        found += [fund for fund in self._other_funds if self._declared(place[0], fund)]
        for form in self._forms.of_several_funds:
            together = form.abilities.fund
            is_shown = form.paid_at(place) if form.abilities.is_by_function else form.abilities.nature in ("", nature)
            known = [fund for fund in found if fund.startswith(together)]
            if is_shown and (not known or self._shows_more(form, known, place, nature)):
                # a form of several funds shows money, and no form shows of which fund
                found += [fund for fund in together if fund not in found and not self._forms.own_filed(fund)]
        if not self._income.whole or not found:
            found.append("")
        return found

    def _shows_more(self, form: FormEvidence, funds: Sequence[str], place: Slice, nature: str) -> bool:
        """Whether a form of several funds shows more money of a nature there than the own forms of these funds. Not so
        if one of them has no such form."""
        column = form.abilities.nature_totals.get(nature)
        if column not in form.columns:
            return False
        known = 0
        for fund in funds:
            own = self._forms.own_filed(fund)
            if own is None or (of_nature := own.abilities.nature_totals.get(nature)) not in own.columns:
                return False
            known += own.shows(*place, of_nature)
        return form.shows(*place, column) > known

    @cached_property
    def _shows_funds(self) -> bool:
        """Whether a filed form declares revenue, or spending as a whole, by fund, or a form by economic subject shows
        one fund where another form shows several together."""
        overall = self._forms.overall
        beside = (*self._forms.economic, *self._forms.of_several_funds)
        return bool(
            self._income.lists
            or self._income.by_unit
            or (overall and any(column.where.fund for column in overall.form.money_columns))
            or len({form.abilities.fund for form in beside} - {()}) > 1
        )

    def _detail_shows(self, fund: str, own: FormEvidence, place: Slice, nature: str) -> bool:
        """Whether forms that split a fund's spending further show money there."""
        return any(
            form.paid_at(place)
            for form in self._forms.about(fund)
            if form is not own and form.abilities.nature in ("", nature)
        )

    @cached_property
    def _other_funds(self) -> tuple[str, ...]:
        """The declared funds without a form of their own, including money carried over."""
        funds = (*(fund for fund in _OTHER_FUNDS if fund not in self._forms.own), *self._income.opening_funds)
        return tuple(fund for fund in funds if self._declared_anywhere(fund))

    def _declared_anywhere(self, fund: str) -> bool:
        return any(self._declared(unit, fund) for unit in (*self._evidence.units, self._evidence.home))

    @cached_method
    def _declared(self, unit: str, fund: str) -> bool:
        """Whether forms declare revenue of this fund for the unit, or spending from it as a whole."""
        declared = self._income.declares(unit, fund)
        if declared is not None:
            return declared
        if self._forms.overall:
            column = column_of(self._forms.overall.form, Where(EXPENDITURE, fund=(fund,)))
            if column is not None:
                return bool(self._forms.overall.whole(column))
        return bool(self._evidence.shown(Where(REVENUE, item=(fund,))))

    def declarations(self) -> list[tuple[str, str, int]]:
        """Triples (fund, unit or "", amount in 分): the money that funds without a form of their own can spend."""
        funds = dict.fromkeys((*self._forms.own, *_OTHER_FUNDS))
        return self._income.declarations(fund for fund in funds if not self._forms.own_filed(fund))

    def _own_form_shows(self, form: FormEvidence, place: Slice, nature: str) -> bool:
        """Whether a fund's own form shows money of a nature there. If it does not split natures, all its money
        counts."""
        able = form.abilities
        columns = [column for column in able.by_nature.get(nature, ()) if column in form.columns]
        if columns:
            return any(form.shows(*place, column) for column in columns)
        parts = [form.shows(*place, column) for column in able.nature_totals.values()]
        total = form.figure_if_shown(*place, able.total)
        return total is not None and total != sum(parts)
