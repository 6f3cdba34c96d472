"""Filed forms → the slices of expenditure, unit × function: the coarsest cut of the possible lines."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import product

from loader.ledger.candidates.natures import Natures
from loader.ledger.evidence.evidence import FormEvidence
from loader.ledger.evidence.expenditure_forms import EXPENDITURE, ExpenditureForms, Slice
from schema.forms.classes import FUNCTIONAL_CLASSES
from schema.forms.template import Coordinate, Where


def slices(forms: ExpenditureForms, natures: Natures) -> list[Slice]:
    """Each finest unit and function with money in a form, and the classes of rows whose function is not known. If no
    complete cut is filed, also the classes in lists."""
    found: set[Slice] = set()
    for form in forms.by_function:
        for row in form.own_rows:
            if form.paid(row):
                unit, _, functional = row.rpartition("/") if "/" in row else ("", "", row)
                if not form.form.is_by(Coordinate.UNIT):
                    unit = forms.evidence.home
                elif not unit:
                    unit, functional = row, ""
                found.add((unit, functional))
    units = _above({unit for unit, _ in found})
    functions = _above({functional for _, functional in found})
    coarser = {held for place in found for held in product(units[place[0]], functions[place[1]]) if held != place}
    finest = found - coarser
    finest |= {place for form in forms.by_function for place in form.filed.untold if _may_be_paid(forms, place[1])}
    if not forms.complete:
        finest |= {(forms.evidence.home, code) for code in FUNCTIONAL_CLASSES if _lists_show_function(forms, code)}
        if _has_more_than(forms, natures, finest):
            finest.add((forms.evidence.home, ""))
    return sorted(finest)


def _above(codes: Set[str]) -> dict[str, list[str]]:
    """Code → those of the codes that hold it, itself included."""
    return {code: [held for held in codes if code.startswith(held)] for code in codes}


def _may_be_paid(forms: ExpenditureForms, code: str) -> bool:
    """Whether a list shows money of a class, or none says so of any."""
    return not forms.whole_lists or _lists_show_function(forms, code)


def _lists_show_function(forms: ExpenditureForms, code: str) -> bool:
    return any(
        form.at(line.id, amount.id)
        for form in forms.evidence.forms.values()
        for entry in form.form.lists
        for line in entry.lines
        if line.where.functional == (code,)
        for amount in entry.amounts
    )


def _has_more_than(forms: ExpenditureForms, natures: Natures, found: set[Slice]) -> bool:
    """Whether forms without functions (by item, in one row, or other lists) may show money without a known
    function."""
    if not found and natures.overall:
        return True
    if forms.whole_lists:
        return not found and any(_whole_totals(forms))
    by_item = any(any(form.amounts.values()) and not _functions_known(forms, form) for form in forms.economic)
    return by_item or forms.overall_total() != 0


def _functions_known(forms: ExpenditureForms, economic: FormEvidence) -> bool:
    """Whether a filed form shows by function the money that this form shows by economic subject."""
    funds = economic.abilities.fund
    return any(f.abilities.is_of_fund and set(funds) <= set(f.abilities.fund) for f in forms.by_function) or any(
        line.where.functional and set(funds) <= set(line.where.fund or funds)
        for form in forms.evidence.forms.values()
        for entry in form.form.lists
        for line in entry.lines
    )


def _whole_totals(forms: ExpenditureForms) -> Iterator[int]:
    """The total expenditure in each list without functions."""
    for form in forms.whole_lists:
        for entry in form.form.lists:
            if any(line.where.department_economic or line.where.government_economic for line in entry.lines):
                for line in entry.lines:
                    for amount in entry.amounts:
                        if form.form.selection(amount, line) == Where(EXPENDITURE):
                            yield form.at(line.id, amount.id)
