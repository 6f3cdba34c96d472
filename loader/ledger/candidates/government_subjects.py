"""Filed forms and the official crosswalk → the government-economic subjects (政府预算支出经济分类) of a line."""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import chain

from loader.ledger.candidates.unit_kinds import UnitKinds
from loader.ledger.evidence.expenditure_forms import ExpenditureForms, Slice, of_government
from schema.codes.lists import crosswalk
from schema.forms.classes import GOVERNMENT_CLASSES

_GOVERNMENT_CLASSES = tuple(code for code, *_ in GOVERNMENT_CLASSES)


class GovernmentSubjects:
    """The government-economic subjects that forms show, or else the crosswalk gives.

    ``relaxed`` also allows those outside the crosswalk.
    """

    def __init__(self, forms: ExpenditureForms, kinds: UnitKinds, relaxed: bool) -> None:
        self._forms = forms
        self._evidence = forms.evidence
        self._kinds = kinds
        self._relaxed = relaxed

    def at(self, place: Slice, nature: str, fund: str, department: str, certain: bool) -> list[str]:
        """Government-economic codes for a department-economic one. Codes that a form shows take precedence over the
        crosswalk."""
        shown = self._shown(place, nature, fund, department)
        if nature not in ("basic", "project"):
            # 政府预算经济分类 does not apply to operating money, but a form may print it there
            return ["", *(shown if shown and (self._relaxed or not nature) else [])]
        kinds = self._kinds.of(place[0])
        official = _official(kinds, department)
        if shown is None:
            known = len(kinds) == 1 or department[:3] in ("303", "307", "311", "312", "313", "399")
            return [*official] if official and known else [""]
        if not department:
            return shown or [""]
        fitting: list[str] = []
        for code in official:
            for target in shown:
                if code.startswith(target):
                    if not any(known.startswith(target) for known in fitting):
                        fitting.append(code)
                elif target.startswith(code):
                    fitting.append(target)
        if self._relaxed:
            others = [target for target in shown if not any(code.startswith(target) for code in fitting)]
            return [*fitting, *others] or [*official] or [""]
        if fitting:
            return fitting
        return (shown or [*official] or [""]) if certain else []

    def _shown(self, place: Slice, nature: str, fund: str, department: str) -> list[str] | None:
        """The codes with money in the finest form that shows them there. None if no form does."""
        detail = self._forms.detail(department[:3], by_item=False) if nature == "basic" and department else None
        if detail is not None and detail.abilities.shows_fund(fund) and fund and not detail.may_lack(place):
            paid = detail.paid_at(place)
            return [code for column, code in detail.abilities.governments if column in paid]
        for form in self._forms.showing(fund):
            if form.abilities.governments and (row := form.row_for(*place)):
                paid = form.paid(row)
                return [code for column, code in form.abilities.governments if column in paid]
        return self._overall

    @cached_property
    def _overall(self) -> list[str] | None:
        """The classes with money in the disclosure as a whole. None if no form shows them."""
        figure = {code: self._evidence.overall(of_government(code)) for code in _GOVERNMENT_CLASSES}
        if all(amount is None for amount in figure.values()):
            return None
        return [code for code, amount in figure.items() if amount]


@lru_cache(maxsize=1_000)  # bounded, because documents may print any code
def _official(kinds: tuple[str, ...], department: str) -> tuple[str, ...]:
    """The government-economic codes that the crosswalk gives for a department-economic code, or else its class, and
    these kinds of units."""
    known = crosswalk()
    codes = (known.get((kind, department), known.get((kind, department[:3]), ())) for kind in kinds if department)
    return tuple(dict.fromkeys(chain.from_iterable(codes)))
