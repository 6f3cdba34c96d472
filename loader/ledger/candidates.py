"""The lines that a ledger may have: the coordinates that the filed forms leave possible, refined form by form.

The coarsest complete cut comes first (unit × function × nature), then the fund, the department-economic and the
government-economic subject. Each step keeps what the forms show and drops what they show as blank. A form, row or
column that is not filed is ignored. This module decides no amounts. If one line remains for a cell, the cell decides
it; if several remain, :mod:`loader.ledger.program` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from itertools import chain

from loader.ledger.blanks import with_zeros_in_doubt
from loader.ledger.capabilities import CAPITAL, GOODS, NATURES, own_forms, representatives
from loader.ledger.evidence import Evidence, FormEvidence
from loader.ledger.income import REVENUE, Income, column_of
from loader.ledger.kept_answers import kept
from loader.ledger.other_statements import apart, special_fund, three_public
from loader.ledger.projection import Coordinates
from schema.codes.lists import crosswalk
from schema.forms.classes import FUNCTIONAL_CLASSES, GOVERNMENT_CLASSES, PUBLIC
from schema.forms.template import Coordinate, Form, Statement, Where

Slice = tuple[str, str]  # unit, functional code

EXPENDITURE = (Statement.EXPENDITURE,)

_GENERAL = "11"  # 一般公共预算: the fund assumed if no form shows funds
_CLASSES_OF_KIND = {"agency": ("501", "502", "503", "504"), "institution": ("505", "506")}
_GOVERNMENT_CLASSES = tuple(code for code, *_ in GOVERNMENT_CLASSES)
_BASIC_CLASSES = ("301", "303", GOODS)
_OTHER_FUNDS = ("14", "171", "172", "173", "31", "32", "33", "34", "39")


class Candidates:
    """The possible lines of one disclosure.

    ``relaxed`` allows more of them: for documents that contradict themselves, and for local practice outside the
    official crosswalk.
    """

    def __init__(self, evidence: Evidence, relaxed: bool = False) -> None:
        self.evidence = evidence = with_zeros_in_doubt(evidence) if evidence.coarse else evidence
        self.relaxed = relaxed
        self.income = Income(evidence)

    def lines(self, statement: Statement) -> Iterator[Coordinates]:
        """The possible lines of a statement."""
        match statement:
            case Statement.EXPENDITURE:
                return self.expenditure()
            case Statement.REVENUE:
                return self.income.revenue()
            case Statement.CARRY_OVER:
                return self.income.carry_over()
            case Statement.THREE_PUBLIC:
                return three_public(self.evidence, self.relaxed)
            case Statement.SPECIAL_FUND:
                return special_fund(self.evidence, self.relaxed)
            case Statement.OPERATING_COST | Statement.PROCUREMENT:
                return apart(self.evidence, statement)

    # ------------------------------------------------------------------ which forms are filed

    @cached_property
    def _expenditure(self) -> list[FormEvidence]:
        return [form for form in self.evidence.forms.values() if form.abilities.is_expenditure]

    @cached_property
    def _by_function(self) -> list[FormEvidence]:
        return [form for form in self._expenditure if form.abilities.is_by_function]

    @cached_property
    def _complete(self) -> list[FormEvidence]:
        """The filed forms that show all expenditure by function."""
        return [form for form in self._by_function if form.abilities.is_complete]

    @cached_property
    def _own(self) -> dict[str, Form]:
        """Fund → the form that shows its expenditure by nature, filed or not."""
        return {fund: form for entry in self.evidence.sets for fund, form in own_forms(entry).items()}

    def _own_filed(self, fund: str) -> FormEvidence | None:
        form = self._own.get(fund)
        return self.evidence.forms.get(form.form_id) if form else None

    @kept
    def _about(self, fund: str) -> list[FormEvidence]:
        """The filed forms by function with this fund alone."""
        return [form for form in self._by_function if form.abilities.shows_fund_alone(fund)]

    @kept
    def _showing(self, fund: str) -> list[FormEvidence]:
        """The filed forms by function with all spending from this fund: first those with this fund alone."""
        found = [f for f in self._by_function if not (f.abilities.nature or f.abilities.economic_class)]
        alone = [f for f in found if f.abilities.shows_fund_alone(fund)]
        return alone + [f for f in found if f.abilities.shows_fund(fund) and f not in alone]

    @cached_property
    def _economic(self) -> list[FormEvidence]:
        """The filed forms with department-economic subjects as rows."""
        return [form for form in self._expenditure if form.form.is_by(Coordinate.DEPARTMENT_ECONOMIC)]

    @kept
    def _detail(self, economic_class: str, by_item: bool) -> FormEvidence | None:
        """The filed form of basic spending on one class, by item or by government-economic subject."""
        for form in self._by_function:
            able = form.abilities
            splits = able.items if by_item else able.governments
            if splits and able.nature == "basic" and able.economic_class == economic_class:
                return form
        return None

    @cached_property
    def _overall(self) -> FormEvidence | None:
        """The filed form that shows all expenditure in one row, by fund or nature."""
        return next((f for f in self._expenditure if f.form.rows and not f.form.rows.by), None)

    @cached_property
    def _whole_lists(self) -> list[FormEvidence]:
        """The filed forms with lists that show all expenditure by nature or economic class."""
        whole = Where(EXPENDITURE)
        return [
            form
            for form in self.evidence.forms.values()
            if any(form.form.selection(a, li) == whole for e in form.form.lists for li in e.lines for a in e.amounts)
        ]

    # ------------------------------------------------------------------ expenditure

    def expenditure(self) -> Iterator[Coordinates]:
        """The possible expenditure lines."""
        for unit, functional in self.slices():
            place = (unit, functional)
            for nature in self.natures(place):
                for fund in self.funds(place, nature):
                    for department, government in self.economics(place, nature, fund):
                        yield Coordinates(Statement.EXPENDITURE, unit, fund, nature, functional, department, government)

    def slices(self) -> list[Slice]:
        """Each finest unit and function with money in a form. If no complete cut is filed, also the classes in
        lists."""
        found: set[Slice] = set()
        for form in self._by_function:
            for row in form.own_rows:
                if form.paid(row):
                    unit, _, functional = row.rpartition("/") if "/" in row else ("", "", row)
                    if not form.form.is_by(Coordinate.UNIT):
                        unit = self.evidence.home
                    elif not unit:
                        unit, functional = row, ""
                    found.add((unit, functional))
        finest = {
            (unit, functional)
            for unit, functional in found
            if not any(
                other != (unit, functional) and other[0].startswith(unit) and other[1].startswith(functional)
                for other in found
            )
        }
        if not self._complete:
            finest |= {(self.evidence.home, code) for code in FUNCTIONAL_CLASSES if self._lists_show_function(code)}
            if self._has_more_than(finest):
                finest.add((self.evidence.home, ""))
        return sorted(finest)

    def _lists_show_function(self, code: str) -> bool:
        return any(
            form.at(line.id, amount.id)
            for form in self.evidence.forms.values()
            for entry in form.form.lists
            for line in entry.lines
            if line.where.functional == (code,)
            for amount in entry.amounts
        )

    def _has_more_than(self, found: set[Slice]) -> bool:
        """Whether forms without functions (by item, in one row, or other lists) may show money without a known
        function."""
        if not found and self._natures_overall:
            return True
        if self._whole_lists:
            return not found and any(self._whole_totals())
        by_item = any(self._shows_items(form) and not self._functions_known(form) for form in self._economic)
        return by_item or self._overall_total() != 0

    def _functions_known(self, economic: FormEvidence) -> bool:
        """Whether a filed form shows by function the money that this form shows by economic subject."""
        funds = economic.abilities.fund
        return any(f.abilities.is_of_fund and set(funds) <= set(f.abilities.fund) for f in self._by_function) or any(
            line.where.functional and set(funds) <= set(line.where.fund or funds)
            for form in self.evidence.forms.values()
            for entry in form.form.lists
            for line in entry.lines
        )

    @staticmethod
    def _shows_items(economic: FormEvidence) -> bool:
        """Whether a form by economic subject shows any money."""
        return any(economic.amounts.values())

    def _whole_totals(self) -> Iterator[int]:
        """The total expenditure in each list without functions."""
        for form in self._whole_lists:
            for entry in form.form.lists:
                if any(line.where.department_economic or line.where.government_economic for line in entry.lines):
                    for line in entry.lines:
                        for amount in entry.amounts:
                            if form.form.selection(amount, line) == Where(EXPENDITURE):
                                yield form.at(line.id, amount.id)

    def _overall_total(self) -> int:
        """The total of the form with one row; 0 if there is none."""
        form = self._overall
        return form.at(form.total_row, form.abilities.total) if form and form.abilities.total else 0

    def natures(self, place: Slice) -> list[str]:
        """The natures (支出性质) in which a unit's function may have money."""
        shown: set[str] = set()
        for form in self._by_function:
            able = form.abilities
            if able.nature:
                if self._any(form, place):
                    shown.add(able.nature)
            elif able.is_of_fund:
                shown |= {nature for nature in able.by_nature if self._shows_nature(form, place, nature) and nature}
        cuts = sorted(
            (form for form in self._complete if form.abilities.by_nature and form.row_for(*place)),
            key=lambda form: -len(form.abilities.by_nature),
        )
        if cuts:
            form, able = cuts[0], cuts[0].abilities
            natures = {nature for nature in able.by_nature if self._shows_nature(form, place, nature)}
            if self._shows_more(form, place):
                natures |= self._declared_natures() - set(able.by_nature) or {""}
        else:
            natures = self._declared_natures()
        return [n for n in (*NATURES, "") if n in natures | shown] or ([""] if not cuts else [])

    @staticmethod
    def _shows_nature(form: FormEvidence, place: Slice, nature: str) -> bool:
        return not form.paid_at(place).isdisjoint(form.abilities.by_nature[nature])

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

    def _declared_natures(self) -> set[str]:
        """The natures that forms show for the disclosure as a whole. "" is included if they may not show all."""
        lines = [
            (line.where.nature[0], form.at(line.id, amount.id))
            for form in self._whole_lists
            for entry in form.form.lists
            for line in entry.lines
            if len(line.where.nature) == 1
            for amount in entry.amounts
        ]
        if lines:
            return {nature for nature, amount in lines if amount}
        if form := self._overall:
            row, able = form.total_row, form.abilities
            shown = {nature: form.at(row, columns[0]) for nature, columns in able.by_nature.items()}
            known = {nature for nature, amount in shown.items() if amount}
            return known | {""} if self._overall_total() != sum(shown.values()) else known
        if any(form.abilities.is_of_fund and form.abilities.by_nature for form in self._by_function):
            return {"basic", "project", ""}
        of_items = {form.abilities.nature for form in self._economic if self._shows_items(form)}
        return of_items | self._natures_overall | {""}

    @cached_property
    def _natures_overall(self) -> set[str]:
        """The natures with money in the disclosure as a whole, possibly only of some funds."""
        return {
            where.nature[0]
            for form in self.evidence.forms.values()
            if form.form.lists or (form.form.rows is not None and not form.form.rows.by)
            for line, column, where in form.form.selections()
            if where.statement == EXPENDITURE and len(where.nature) == 1
            if form.at(line.id if line is not None else form.total_row, column.id)
        }

    def funds(self, place: Slice, nature: str) -> list[str]:
        """The funds (资金性质) that may pay for it: shown by their own forms, or declared by revenue."""
        found: list[str] = []
        for fund in self._own:
            own = self._own_filed(fund)
            others = [form for form in self._about(fund) if form.abilities.is_of_fund]
            if own is not None:
                if self._own_form_shows(own, place, nature) or self._detail_shows(fund, own, place, nature):
                    found.append(fund)
            elif others:
                if self._any(others[-1], place):
                    found.append(fund)
            elif self._declared(place[0], fund) or (fund == _GENERAL and not self._shows_funds):
                found.append(fund)
        found += [fund for fund in self.other_funds if self._declared(place[0], fund)]
        for form in self._by_function:
            together = form.abilities.fund
            if len(together) > 1 and not any(fund.startswith(together) for fund in found) and self._any(form, place):
                # a form of several funds shows money, and no form shows of which fund
                found += [fund for fund in together if not self._own_filed(fund)]
        if not self.income.whole or not found:
            found.append("")
        return found

    @cached_property
    def _shows_funds(self) -> bool:
        """Whether a filed form declares revenue, or spending as a whole, by fund."""
        overall = self._overall
        return bool(
            self.income.lists
            or self.income.by_unit
            or (overall and any(column.where.fund for column in overall.form.money_columns))
        )

    def _detail_shows(self, fund: str, own: FormEvidence, place: Slice, nature: str) -> bool:
        """Whether forms that split a fund's spending further show money there."""
        return any(
            self._any(form, place)
            for form in self._about(fund)
            if form is not own and form.abilities.nature in ("", nature)
        )

    @cached_property
    def other_funds(self) -> tuple[str, ...]:
        """The declared funds without a form of their own, including money carried over."""
        return tuple(f for f in (*_OTHER_FUNDS, *self.income.opening_funds) if self._declared_anywhere(f))

    def _declared_anywhere(self, fund: str) -> bool:
        return any(self._declared(unit, fund) for unit in (*self.evidence.units, self.evidence.home))

    @kept
    def _declared(self, unit: str, fund: str) -> bool:
        """Whether forms declare revenue of this fund for the unit, or spending from it as a whole."""
        declared = self.income.declares(unit, fund)
        if declared is not None:
            return declared
        if self._overall:
            column = column_of(self._overall.form, Where(EXPENDITURE, fund=(fund,)))
            if column is not None:
                return bool(self._overall.at(self._overall.total_row, column))
        return bool(self.evidence.shown(Where(REVENUE, item=(fund,))))

    def declarations(self) -> list[tuple[str, str, int]]:
        """Triples (fund, unit or "", amount in 分): the money that funds without a form of their own can spend."""
        return self.income.declarations(f for f in (*self._own, *_OTHER_FUNDS) if not self._own_filed(f))

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

    @staticmethod
    def _any(form: FormEvidence, place: Slice) -> bool:
        return bool(form.paid_at(place))

    # ------------------------------------------------------------------ economic subjects

    def economics(self, place: Slice, nature: str, fund: str) -> list[tuple[str, str]]:
        """Pairs of a department-economic and a government-economic code."""
        if nature not in ("basic", "project"):
            return [("", government) for government in self.governments(place, nature, fund, "", certain=True)]
        pairs: list[tuple[str, str]] = []
        doubtful: list[str] = []
        for department, certain in self.departments(place, nature, fund):
            governments = self.governments(place, nature, fund, department, certain)
            pairs += [(department, government) for government in governments]
            if not governments:
                doubtful.append(department)
        if not pairs:
            pairs = [(d, g) for d in doubtful for g in self.governments(place, nature, fund, d, certain=True)]
        return pairs or [("", "")]

    def departments(self, place: Slice, nature: str, fund: str) -> list[tuple[str, bool]]:
        """Department-economic codes, each with whether a form certainly shows it there."""
        if nature == "project":
            return self._project_classes(place, fund)
        if self._is_itemised(fund):
            return self._basic_items(place, fund)
        for form in self._showing(fund):
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
            for form in self.evidence.declared_forms()
            if form.where.nature == ("basic",) and form.where.statement == EXPENDITURE
            # some sets have the split for several funds together, others for 一般公共预算 alone
            if len(form.where.fund) == 1 or form.form_id in self.evidence.forms
            for fund in form.where.fund
        }

    @staticmethod
    def _split_public(codes: list[str]) -> list[tuple[str, bool]]:
        """Codes with whether they are certain. 公用经费 may be goods and services or capital; other classes are
        certain."""
        return [(code, code not in (GOODS, CAPITAL)) for code in codes]

    def _list_classes(self, nature: str) -> Iterator[tuple[str, ...]]:
        """The department-economic classes of a nature with money in lines of lists."""
        for form in self._whole_lists:
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
            for form in self._whole_lists
            for line, amount, where in form.form.selections()
            if line and where.nature and where.department_economic and where.functional and form.at(line.id, amount.id)
        ]

    def _basic_items(self, place: Slice, fund: str) -> list[tuple[str, bool]]:
        """Items of the basic spending of an itemised fund: from its forms by item, else from forms with a row per item,
        else the class."""
        own = self._own_filed(fund)
        found: list[tuple[str, bool]] = []
        for code in _BASIC_CLASSES[:2]:
            figure = self._class_figure(own, place, code)
            found += self._items_of_class(place, code, None if figure is None else bool(figure))
        public = self._class_figure(own, place, GOODS)
        goods = self._items_of_class(place, GOODS, None if public is None else bool(public))
        detail = self._detail(GOODS, by_item=True) or self._detail(GOODS, by_item=False)
        found += [(code, certain and detail is not None) for code, certain in goods]
        total = detail.abilities.total if detail else None
        rest = None if public is None or detail is None or total is None else public - detail.shows(*place, total)
        if (rest != 0 or self.relaxed) and (public is None or public):
            found += [(code, False) for code in self._capital_items()]
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
        item_form = self._detail(code, by_item=True)
        government_form = self._detail(code, by_item=False)
        if item_form is not None:
            paid = item_form.paid_at(place)
            items = [(item, True) for column, item in item_form.abilities.items if column in paid]
            if items or not figure:
                return items
            return [(code, True)] if code != GOODS else []
        if figure is False:
            return []
        if government_form is not None and not self._any(government_form, place):
            return [] if not figure or code == GOODS else [(code, True)]
        if figure is None and government_form is None and not self._class_declared(place, code):
            return []
        items_of_rows = self._items(code)
        certain = figure is True and code != GOODS
        return [(item, certain and len(items_of_rows) == 1) for item in items_of_rows] or [(code, certain)]

    def _class_declared(self, place: Slice, code: str) -> bool:
        """Whether other forms show basic money of this class. For classes that neither the fund's own form nor the
        forms by item show."""
        for form in self._complete:
            columns = [c for c, codes in form.abilities.classes.get("basic", ()) if code in codes and c in form.columns]
            if columns and form.row_for(*place):
                return any(form.shows(*place, column) for column in columns)
        if self._economic:
            return bool(self._items(code))
        if self._lists_have_classes:
            return any(code in representatives(codes) for codes in self._list_classes("basic"))
        return True

    @cached_property
    def _lists_have_classes(self) -> bool:
        """Whether the lists have lines for classes of basic spending, with or without money. Lists of final accounts do
        not."""
        return any(
            line.where.nature == ("basic",) and line.where.department_economic
            for form in self._whole_lists
            for entry in form.form.lists
            for line in entry.lines
        )

    def _items(self, *classes: str) -> list[str]:
        """The subjects with money in forms with economic rows, of some classes or of all."""
        found: dict[str, None] = {}
        for form in self._economic:
            for row in form.own_rows:
                if row.startswith(classes or ("",)) and form.paid(row):
                    found[row] = None
        return sorted(found)

    def _capital_items(self) -> list[str]:
        if self._economic:
            return self._items(*(code for code in PUBLIC if code != GOODS))
        return [CAPITAL]

    def _project_classes(self, place: Slice, fund: str) -> list[tuple[str, bool]]:
        for form in self._showing(fund):
            if form.row_for(*place) and (shown := self._classes_shown(form, place, "project")):
                return [(code, True) for code in shown]
        lines = [code for codes in self._list_classes("project") for code in codes]
        return [(code, len(lines) == 1) for code in lines] or [("", True)]

    @staticmethod
    def _classes_shown(form: FormEvidence, place: Slice, nature: str) -> list[str]:
        paid = form.paid_at(place)
        classes = form.abilities.classes.get(nature, ())
        return [code for column, codes in classes if column in paid for code in representatives(codes)]

    def governments(self, place: Slice, nature: str, fund: str, department: str, certain: bool) -> list[str]:
        """Government-economic codes for a department-economic one. Codes that a form shows take precedence over the
        crosswalk."""
        shown = self._governments_shown(place, nature, fund, department)
        if nature not in ("basic", "project"):
            # 政府预算经济分类 does not apply to operating money, but a form may print it there
            return ["", *(shown if shown and (self.relaxed or not nature) else [])]
        kinds = self.kinds(place[0])
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
        if self.relaxed:
            others = [target for target in shown if not any(code.startswith(target) for code in fitting)]
            return [*fitting, *others] or [*official] or [""]
        if fitting:
            return fitting
        return (shown or [*official] or [""]) if certain else []

    def _governments_shown(self, place: Slice, nature: str, fund: str, department: str) -> list[str] | None:
        """The codes with money in the finest form that shows them there. None if no form does."""
        detail = self._detail(department[:3], by_item=False) if nature == "basic" and department else None
        if detail is not None and detail.abilities.shows_fund(fund) and fund:
            paid = detail.paid_at(place)
            return [code for column, code in detail.abilities.governments if column in paid]
        for form in self._showing(fund):
            if form.abilities.governments and (row := form.row_for(*place)):
                paid = form.paid(row)
                return [code for column, code in form.abilities.governments if column in paid]
        return self._governments_overall

    @cached_property
    def _governments_overall(self) -> list[str] | None:
        """The classes with money in the disclosure as a whole. None if no form shows them."""
        figure = {code: self.evidence.overall(_of_government(code)) for code in _GOVERNMENT_CLASSES}
        if all(amount is None for amount in figure.values()):
            return None
        return [code for code, amount in figure.items() if amount]

    @kept
    def kinds(self, unit: str) -> tuple[str, ...]:
        """The kinds of a unit, agency (行政机关) or institution (事业单位), by the columns that hold its money. Both if
        unknown."""
        shown = {
            kind
            for name, kinds in self._kinds_shown.items()
            if name == unit or (len(unit) == 3 and name.startswith(unit))
            for kind in kinds
        } or {
            kind
            for kind, classes in _CLASSES_OF_KIND.items()
            if any(self.evidence.shown(_of_government(code)) for code in classes)
        }
        return tuple(k for k in _CLASSES_OF_KIND if k in shown) or tuple(_CLASSES_OF_KIND)

    @property
    def shows_kinds(self) -> bool:
        """Whether a filed form has columns or lines that distinguish agencies from institutions."""
        distinguishing = [code for classes in _CLASSES_OF_KIND.values() for code in classes]
        columns = [code for form in self._expenditure for _, code in form.abilities.governments]
        return any(code[:3] in distinguishing for code in columns) or any(
            self.evidence.overall(_of_government(code)) is not None for code in distinguishing
        )

    @cached_property
    def _kinds_shown(self) -> dict[str, set[str]]:
        """Unit or department → the kinds of unit to which its columns with money belong."""
        found: dict[str, set[str]] = defaultdict(set)
        for form in self._by_function:
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


@lru_cache(maxsize=1_000)  # bounded, because documents may print any code
def _official(kinds: tuple[str, ...], department: str) -> tuple[str, ...]:
    """The government-economic codes that the crosswalk gives for a department-economic code, or else its class, and
    these kinds of units."""
    known = crosswalk()
    codes = (known.get((kind, department), known.get((kind, department[:3]), ())) for kind in kinds if department)
    return tuple(dict.fromkeys(chain.from_iterable(codes)))


def _of_government(code: str) -> Where:
    """The selection of all spending under one government-economic class."""
    return Where(EXPENDITURE, government_economic=(code,))
