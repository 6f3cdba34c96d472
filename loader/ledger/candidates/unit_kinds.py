"""Filed forms → the kinds of each unit, agency (行政机关) or institution (事业单位), by the columns with its money."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, cached_property

from loader.ledger.cached_method import cached_method
from loader.ledger.evidence.expenditure_forms import ExpenditureForms, of_government
from schema.forms.template import Coordinate, Form

_CLASSES_OF_KIND = {"agency": ("501", "502", "503", "504"), "institution": ("505", "506")}


class UnitKinds:
    """The kinds of the units of one disclosure, as far as forms show them."""

    def __init__(self, forms: ExpenditureForms) -> None:
        self._forms = forms
        self._evidence = forms.evidence

    @cached_method
    def of(self, unit: str) -> tuple[str, ...]:
        """The kinds of a unit, agency (行政机关) or institution (事业单位), by the columns that hold its money. Both if
        unknown. A department is of the kinds of all its units, also of those that no form by function prints."""
        shown = set(self._shown.get(unit, ()))
        if len(unit) == 3:
            shown.update(*(kinds for name, kinds in self._shown.items() if name.startswith(unit)), self._of_whole)
        shown = shown or self._of_whole
        return tuple(k for k in _CLASSES_OF_KIND if k in shown) or tuple(_CLASSES_OF_KIND)

    @cached_property
    def _of_whole(self) -> set[str]:
        """The kinds of unit with money in the disclosure as a whole."""
        return {
            kind
            for kind, classes in _CLASSES_OF_KIND.items()
            if any(self._evidence.shown(of_government(code)) for code in classes)
        }

    @property
    def are_shown(self) -> bool:
        """Whether a filed form has columns or lines that distinguish agencies from institutions."""
        distinguishing = [code for classes in _CLASSES_OF_KIND.values() for code in classes]
        columns = [code for form in self._forms.expenditure for _, code in form.abilities.governments]
        return any(code[:3] in distinguishing for code in columns) or any(
            self._evidence.overall(of_government(code)) is not None for code in distinguishing
        )

    @cached_property
    def _shown(self) -> dict[str, set[str]]:
        """Unit or department → the kinds of unit to which its columns with money belong."""
        found: dict[str, set[str]] = defaultdict(set)
        for form in self._forms.by_function:
            kinds_of = _kinds_of(form.form)
            if form.form.is_by(Coordinate.UNIT) and kinds_of:
                for (row, column), amount in form.amounts.items():
                    if amount and column in kinds_of:
                        found[row.partition("/")[0]] |= kinds_of[column]
        return found


@cache
def _kinds_of(form: Form) -> dict[str, set[str]]:
    """Column → the kinds of unit with the column's government-economic classes."""
    found = {
        column.id: {
            kind
            for kind, classes in _CLASSES_OF_KIND.items()
            if any(code[:3] in classes for code in column.where.government_economic)
        }
        for column in form.money_columns
    }
    return {column: kinds for column, kinds in found.items() if kinds}
