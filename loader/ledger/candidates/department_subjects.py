"""Filed forms → the department-economic subjects (部门预算支出经济分类) on which money may be spent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from loader.ledger.evidence.capabilities import CAPITAL, GOODS, representatives
from loader.ledger.evidence.evidence import FormEvidence
from loader.ledger.evidence.expenditure_forms import EXPENDITURE, ExpenditureForms, Slice
from schema.forms.classes import PUBLIC
from schema.forms.template import Coordinate, Where

_BASIC_CLASSES = ("301", "303", GOODS)


class DepartmentSubjects:
    """The department-economic subjects that forms show, each with whether it is certain.

    ``relaxed`` allows subjects of 公用经费 beside goods and services even if the forms leave no money for them.
    """

    def __init__(self, forms: ExpenditureForms, relaxed: bool) -> None:
        self._forms = forms
        self._evidence = forms.evidence
        self._relaxed = relaxed

    def at(self, place: Slice, nature: str, fund: str) -> list[tuple[str, bool]]:
        """Department-economic codes, each with whether a form certainly shows it there."""
        if nature == "project":
            return self._project_classes(place, fund)
        if self._is_itemised(fund):
            return self._basic_items(place, fund)
        for form in self._forms.showing(fund):
            if form.row_for(*place) and (shown := self._classes_shown(form, place, nature)):
                return self._split_public(shown)
        beside = [
            code
            for where in self._classes_beside
            if where.nature == (nature,) and place[1].startswith(where.functional)
            for code in representatives(where.department_economic)
        ]
        if beside:
            return [*self._split_public(beside), ("", True)]
        shown_lines = [code for codes in self._list_classes(nature) for code in representatives(codes)]
        return self._split_public(shown_lines) if shown_lines else [("", True)]

    def _is_itemised(self, fund: str) -> bool:
        """Whether forms of the set split the basic spending of a fund by item. A form of several funds counts only if
        filed."""
        return any(fund.startswith(able) for able in self._itemised_funds if fund)

    @cached_property
    def _itemised_funds(self) -> set[str]:
        return {
            fund
            for form in self._evidence.declared_forms()
            if form.where.nature == ("basic",) and form.where.statement == EXPENDITURE
            # some sets have the split for several funds together, others for 一般公共预算 alone
            if len(form.where.fund) == 1 or form.form_id in self._evidence.forms
            for fund in form.where.fund
        }

    @staticmethod
    def _split_public(codes: list[str]) -> list[tuple[str, bool]]:
        """Codes with whether they are certain. 公用经费 may be goods and services or capital; other classes are
        certain."""
        return [(code, code not in (GOODS, CAPITAL)) for code in codes]

    def _list_classes(self, nature: str) -> Iterator[tuple[str, ...]]:
        """The department-economic classes of a nature with money in lines of lists."""
        for form in self._forms.whole_lists:
            for entry in form.form.lists:
                for line in entry.lines:
                    where = line.where
                    is_asked = where.nature == (nature,) and where.department_economic
                    if is_asked and any(form.at(line.id, amount.id) for amount in entry.amounts):
                        yield where.department_economic

    @cached_property
    def _classes_beside(self) -> list[Where]:
        """The selections with money in lists of functions, from columns by nature and department-economic class."""
        return [
            where
            for form in self._forms.whole_lists
            for line, amount, where in form.form.selections()
            if line and where.nature and where.department_economic and where.functional and form.at(line.id, amount.id)
        ]

    def _basic_items(self, place: Slice, fund: str) -> list[tuple[str, bool]]:
        """Items of the basic spending of an itemised fund: from its forms by item, else from forms with a row per item,
        else the class."""
        own = self._forms.own_filed(fund)
        found: list[tuple[str, bool]] = []
        for code in _BASIC_CLASSES[:2]:
            figure = self._class_figure(own, place, code)
            found += self._items_of_class(place, code, None if figure is None else bool(figure))
        public = self._class_figure(own, place, GOODS)
        goods = self._items_of_class(place, GOODS, None if public is None else bool(public))
        detail = self._forms.detail(GOODS, by_item=True) or self._forms.detail(GOODS, by_item=False)
        found += [(code, certain and detail is not None) for code, certain in goods]
        total = detail.abilities.total if detail else None
        rest = None if public is None or detail is None or total is None else public - detail.shows(*place, total)
        if (rest != 0 or self._relaxed) and (public is None or public):
            found += [(code, False) for code in self._capital_items(place)]
        return list(dict.fromkeys(found))

    @staticmethod
    def _class_figure(form: FormEvidence | None, place: Slice, code: str) -> int | None:
        """The figure (分) of a class of basic spending in a fund's own form. None if the form does not show the class.

        A figure of 公用经费 stands for goods and services together with its other classes. Classes printed together
        give a figure only if it is 0.
        """
        if form is None:
            return None
        for column, codes in form.abilities.classes.get("basic", ()):
            if code in codes and (figure := form.figure_if_shown(*place, column)) is not None:
                is_shown = representatives(codes)[0] == code and len(set(codes) - set(PUBLIC)) <= 1
                return figure if is_shown or not figure else None
        return None

    def _items_of_class(self, place: Slice, code: str, figure: bool | None) -> list[tuple[str, bool]]:
        item_form = self._forms.detail(code, by_item=True)
        government_form = self._forms.detail(code, by_item=False)
        if item_form is not None and not item_form.may_lack(place):
            paid = item_form.paid_at(place)
            items = [(item, True) for column, item in item_form.abilities.items if column in paid]
            if items or not figure:
                return items
            return [(code, True)] if code != GOODS else []
        if figure is False:
            return []
        if government_form is not None and not (government_form.may_lack(place) or government_form.paid_at(place)):
            return [] if not figure or code == GOODS else [(code, True)]
        if figure is None and government_form is None and not self._class_declared(place, code):
            return []
        items_of_rows = self._items(place, code)
        certain = figure is True and code != GOODS
        return [(item, certain and len(items_of_rows) == 1) for item in items_of_rows] or [(code, certain)]

    def _class_declared(self, place: Slice, code: str) -> bool:
        """Whether other forms show basic money of this class. For classes that neither the fund's own form nor the
        forms by item show."""
        for form in self._forms.complete:
            columns = [c for c, codes in form.abilities.classes.get("basic", ()) if code in codes and c in form.columns]
            if columns and form.row_for(*place):
                return any(form.shows(*place, column) for column in columns)
        if self._forms.economic:
            return bool(self._items(place, code))
        if self._lists_have_classes:
            return any(code in representatives(codes) for codes in self._list_classes("basic"))
        return True

    @cached_property
    def _lists_have_classes(self) -> bool:
        """Whether the lists have lines for classes of basic spending, with or without money. Lists of final accounts do
        not."""
        return any(
            line.where.nature == ("basic",) and line.where.department_economic
            for form in self._forms.whole_lists
            for entry in form.form.lists
            for line in entry.lines
        )

    def _items(self, place: Slice, *classes: str) -> list[str]:
        """The subjects with money in forms with economic rows, those of the unit if they print units, of some classes
        or of all."""
        found: set[str] = set()
        for form in self._forms.economic:
            unit = f"{place[0]}/" if form.form.is_by(Coordinate.UNIT) else ""
            for row in form.own_rows:
                code = row.removeprefix(unit)
                if row.startswith(unit) and code.startswith(classes or ("",)) and form.paid(row):
                    found.add(code)
        return sorted(found)

    def _capital_items(self, place: Slice) -> list[str]:
        if self._forms.economic:
            return self._items(place, *(code for code in PUBLIC if code != GOODS))
        return [CAPITAL]

    def _project_classes(self, place: Slice, fund: str) -> list[tuple[str, bool]]:
        for form in self._forms.showing(fund):
            if form.row_for(*place) and (shown := self._classes_shown(form, place, "project")):
                return [(code, True) for code in shown]
        lines = [code for codes in self._list_classes("project") for code in codes]
        return [(code, len(lines) == 1) for code in lines] or [("", True)]

    @staticmethod
    def _classes_shown(form: FormEvidence, place: Slice, nature: str) -> list[str]:
        """The classes whose columns hold money, and those without a column if the row has money beside its columns."""
        paid = form.paid_at(place)
        lacking = form.filed.header_columns if form.row_for(*place) in form.filed.lacking_money else None
        classes = form.abilities.classes.get(nature, ())
        return [
            code
            for column, codes in classes
            if column in paid or (lacking is not None and column not in lacking)
            for code in representatives(codes)
        ]
