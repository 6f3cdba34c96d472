"""Which lines a ledger may have: the coordinates that the filed forms leave possible, refined form by form.

The coarsest complete cut comes first (unit × function × nature), then the fund, the department-economic and the
government-economic subject; each step keeps what the forms show and drops what they show as blank. A form, row or
column that is not filed says nothing. No amounts are decided here: if one line remains for a cell, the cell decides;
if several remain, :mod:`loader.ledger.program` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import product

from loader.ledger.capabilities import CAPITAL, GOODS, NATURES, own_forms, representatives
from loader.ledger.evidence import Evidence, FormEvidence
from loader.ledger.projection import Coordinates
from schema.codes.lists import crosswalk
from schema.forms.classes import FUNCTIONAL_CLASSES, GOVERNMENT_CLASSES, PUBLIC
from schema.forms.template import Column, Coordinate, Form, Statement, Where

Slice = tuple[str, str]  # unit, functional code

EXPENDITURE = (Statement.EXPENDITURE,)
REVENUE = (Statement.REVENUE,)
CARRY_OVER = (Statement.CARRY_OVER,)
OPENING = Where(CARRY_OVER, item=("opening",))
CLOSING = Where(CARRY_OVER, item=("closing",))

_GENERAL = "11"  # 一般公共预算: the fund that pays if no form speaks of funds
_CLASSES_OF_KIND = {"agency": ("501", "502", "503", "504"), "institution": ("505", "506")}
_GOVERNMENT_CLASSES = tuple(code for code, *_ in GOVERNMENT_CLASSES)
_BASIC_CLASSES = ("301", "303", GOODS)
_OTHER_FUNDS = ("14", "171", "172", "173", "31", "32", "33", "34", "39")
_CARRIED = ("181", "182", "183", "184")
_CARRIED_APPROPRIATION = "180"  # carried over from appropriations, no form says of which fund
_CARRIED_OTHER = "189"


class Candidates:
    """The possible lines of one disclosure. ``relaxed`` admits more of them: for documents that contradict
    themselves, and for local practice that the official crosswalk does not know."""

    def __init__(self, evidence: Evidence, relaxed: bool = False) -> None:
        self.evidence = evidence
        self.relaxed = relaxed
        self._kinds: dict[str, tuple[str, ...]] = {}
        # every place asks the same of its funds
        self._about = cache(self._find_about)
        self._showing = cache(self._find_showing)
        self._detail = cache(self._find_detail)
        self._declared = cache(self._is_declared)

    def lines(self, statement: Statement) -> Iterator[Coordinates]:
        """Possible lines of a statement."""
        match statement:
            case Statement.EXPENDITURE:
                return self.expenditure()
            case Statement.REVENUE:
                return self.revenue()
            case Statement.CARRY_OVER:
                return self.carry_over()
            case Statement.THREE_PUBLIC:
                return self.three_public()
            case Statement.SPECIAL_FUND:
                return self.special_fund()
            case Statement.OPERATING_COST | Statement.PROCUREMENT:
                return self.apart(statement)

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

    def _find_about(self, fund: str) -> list[FormEvidence]:
        """The filed forms by function that are about this fund alone."""
        return [form for form in self._by_function if form.abilities.pays_alone(fund)]

    def _find_showing(self, fund: str) -> list[FormEvidence]:
        """The filed forms by function that show all spending from this fund: those about it alone, then the others."""
        found = [f for f in self._by_function if not (f.abilities.nature or f.abilities.economic_class)]
        alone = [f for f in found if f.abilities.pays_alone(fund)]
        return alone + [f for f in found if f.abilities.pays(fund) and f not in alone]

    @cached_property
    def _economic(self) -> list[FormEvidence]:
        """The filed forms whose rows are department-economic subjects."""
        return [form for form in self._expenditure if form.form.is_by(Coordinate.DEPARTMENT_ECONOMIC)]

    def _find_detail(self, economic_class: str, by_item: bool) -> FormEvidence | None:
        """The filed form of basic spending on one class, by item or by government-economic subject."""
        for form in self._by_function:
            able = form.abilities
            splits = able.items if by_item else able.governments
            if splits and able.nature == "basic" and able.economic_class == economic_class:
                return form
        return None

    @cached_property
    def _revenue_by_unit(self) -> FormEvidence | None:
        """The filed form of revenue with a row a unit."""
        forms = self.evidence.forms.values()
        return next((f for f in forms if f.form.is_by(Coordinate.UNIT) and _revenue_columns(f.form)), None)

    @cached_property
    def _revenue_by_function(self) -> FormEvidence | None:
        """The filed form of revenue with a row a functional subject, and no units."""
        found = (f for f in self.evidence.forms.values() if f.form.is_by(Coordinate.FUNCTIONAL))
        return next((f for f in found if _column_of(f.form, Where(REVENUE)) and _revenue_columns(f.form)), None)

    @cached_property
    def _revenue_lists(self) -> list[FormEvidence]:
        """The filed forms with fixed lines of revenue."""
        return [form for form in self.evidence.forms.values() if _revenue_lines(form.form)]

    @cached_property
    def _whole_revenue(self) -> list[FormEvidence]:
        """The filed forms that show revenue of every fund."""
        lists = [form for form in self._revenue_lists if has_all_revenue(form.form)]
        return lists + ([self._revenue_by_unit] if self._revenue_by_unit else [])

    @cached_property
    def _overall(self) -> FormEvidence | None:
        """The filed form that shows all expenditure in one row, by fund or nature."""
        return next((f for f in self._expenditure if f.form.rows and not f.form.rows.by), None)

    @cached_property
    def _whole_lists(self) -> list[FormEvidence]:
        """The filed forms whose lists show all expenditure by nature or economic class."""
        whole = Where(EXPENDITURE)
        return [
            form
            for form in self.evidence.forms.values()
            if any(form.form.selection(a, li) == whole for e in form.form.lists for li in e.lines for a in e.amounts)
        ]

    # ------------------------------------------------------------------ expenditure

    def expenditure(self) -> Iterator[Coordinates]:
        """Possible expenditure lines."""
        for unit, functional in self.slices():
            place = (unit, functional)
            for nature in self.natures(place):
                for fund in self.funds(place, nature):
                    for department, government in self.economics(place, nature, fund):
                        yield Coordinates(Statement.EXPENDITURE, unit, fund, nature, functional, department, government)

    def slices(self) -> list[Slice]:
        """Every unit and function that a form shows money in; the classes of lists if no complete cut is filed."""
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
        """Whether forms without functions (by item, in one row, or other lists) may show money of no function known."""
        if self._whole_lists:
            return not found and any(self._whole_totals())
        by_item = any(self._shows_items(form) and not self._functions_known(form) for form in self._economic)
        return by_item or self._overall_total() != 0

    def _functions_known(self, economic: FormEvidence) -> bool:
        """Whether a filed form shows by function what another shows by economic subject."""
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
        """What the lists without functions show in all."""
        for form in self._whole_lists:
            for entry in form.form.lists:
                if any(line.where.department_economic or line.where.government_economic for line in entry.lines):
                    for line in entry.lines:
                        for amount in entry.amounts:
                            if form.form.selection(amount, line) == Where(EXPENDITURE):
                                yield form.at(line.id, amount.id)

    def _overall_total(self) -> int:
        """The budget as a whole in the form of one row; 0 if there is none."""
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
        return not form.paid(form.row_for(*place)).isdisjoint(form.abilities.by_nature[nature])

    @staticmethod
    def _shows_more(form: FormEvidence, place: Slice) -> bool:
        """Whether a total is more than the basic and project spending beside it.

        A form with columns of other natures prints them all: there a difference is a wrong figure.
        """
        able = form.abilities
        columns = able.nature_totals
        total = form.says(*place, able.total)
        if total is None or any(columns[n] in form.columns for n in columns if n not in ("basic", "project")):
            return False
        return total != sum(form.shows(*place, column) for column in columns.values())

    def _declared_natures(self) -> set[str]:
        """The natures that forms show for the disclosure as a whole; "" if they do not tell all."""
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
        return {form.abilities.nature for form in self._economic if self._shows_items(form)} | {""}

    def funds(self, place: Slice, nature: str) -> list[str]:
        """The funds (资金性质) that may pay for it: those whose own form shows it, and those that revenue declares."""
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
            elif self._declared(place[0], fund) or (fund == _GENERAL and not self._speaks_of_funds):
                found.append(fund)
        found += [fund for fund in self.other_funds if self._declared(place[0], fund)]
        if not self._whole_revenue or not found:
            found.append("")
        return found

    @cached_property
    def _speaks_of_funds(self) -> bool:
        """Whether a filed form declares revenue, or spending as a whole, by fund."""
        overall = self._overall
        return bool(
            self._revenue_lists
            or self._revenue_by_unit
            or (overall and any(column.where.fund for column in overall.form.money_columns))
        )

    def _detail_shows(self, fund: str, own: FormEvidence, place: Slice, nature: str) -> bool:
        """Whether the forms that split a fund's spending further show any there."""
        return any(
            self._any(form, place)
            for form in self._about(fund)
            if form is not own and form.abilities.nature in ("", nature)
        )

    @cached_property
    def other_funds(self) -> tuple[str, ...]:
        """The declared funds that have no form of their own, the money carried over among them."""
        return tuple(f for f in (*_OTHER_FUNDS, *self._opening_funds) if self._declared_anywhere(f))

    @cached_property
    def _opening_funds(self) -> tuple[str, ...]:
        return () if self._carried_keeps_fund else tuple(fund for _, fund in self._openings())

    def _openings(self) -> list[tuple[int, str]]:
        """Amounts carried over from last year, by fund as far as the lists of appropriations tell."""
        overall = self.evidence.overall
        total = overall(OPENING) or 0
        by_fund = {fund: overall(Where(CARRY_OVER, fund=(fund,), item=("opening",))) for fund in _CARRIED}
        if all(amount is None for amount in by_fund.values()):
            return [(total, "18")] if total else []
        carried = [(amount or 0, fund) for fund, amount in by_fund.items()]
        shown = sum(amount for amount, _ in carried)
        if not shown and (of_appropriations := self._of_appropriations("opening")):
            carried.append((of_appropriations, _CARRIED_APPROPRIATION))
            shown = of_appropriations
        if total - shown and self._whole_revenue:
            carried.append((total - shown, _CARRIED_OTHER))
        return [(amount, fund) for amount, fund in carried if amount]

    def _of_appropriations(self, item: str) -> int | None:
        """What the lists of appropriations carry over, of all their funds together; None if they are not filed."""
        for form in self.evidence.forms.values():
            for entry in form.form.lists:
                for line in entry.lines:
                    where = line.where
                    if where.statement == CARRY_OVER and where.item == (item,) and len(where.fund) > 1:
                        return form.at(line.id, entry.amounts[0].id)
        return None

    def _declared_anywhere(self, fund: str) -> bool:
        return any(self._declared(unit, fund) for unit in (*self.evidence.units, self.evidence.home))

    def _is_declared(self, unit: str, fund: str) -> bool:
        """Whether forms declare revenue of this fund for the unit, or spending from it as a whole."""
        form = self._revenue_by_unit
        if fund.startswith("18"):
            if form and unit in form.leaf_rows:
                column = _column_of(form.form, OPENING)
                if column is not None and form.at(unit, column) == 0:
                    return False
            return fund in self._opening_funds
        if form and unit in form.leaf_rows:
            return bool(_revenue_of(form, unit, fund))
        lists = [entry for entry in self._revenue_lists if has_all_revenue(entry.form)]
        if lists:
            return any(
                entry.at(line, column)
                for entry in lists
                for line, column, code in _revenue_lines(entry.form)
                if code.startswith(fund) or fund.startswith(code)
            )
        if form:
            return bool(_revenue_of(form, form.total_row, fund))
        if self._overall:
            column = _column_of(self._overall.form, Where(EXPENDITURE, fund=(fund,)))
            if column is not None:
                return bool(self._overall.at(self._overall.total_row, column))
        return bool(self.evidence.shown(Where(REVENUE, item=(fund,))))

    def _own_form_shows(self, form: FormEvidence, place: Slice, nature: str) -> bool:
        """Whether a fund's own form shows money of a nature there; all its money if it does not split natures."""
        able = form.abilities
        columns = [column for column in able.by_nature.get(nature, ()) if column in form.columns]
        if columns:
            return any(form.shows(*place, column) for column in columns)
        parts = [form.shows(*place, column) for column in able.nature_totals.values()]
        total = form.says(*place, able.total)
        return total is not None and total != sum(parts)

    @staticmethod
    def _any(form: FormEvidence, place: Slice) -> bool:
        return bool(form.paid(form.row_for(*place)))

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
        """Department-economic codes, each with whether a form shows it there for certain."""
        if nature == "project":
            return self._project_classes(place, fund)
        if self._is_itemised(fund):
            return self._basic_items(place, fund)
        for form in self._showing(fund):
            if form.row_for(*place) and (shown := self._classes_shown(form, place, nature)):
                return self._split_public(shown)
        shown_lines = [code for codes in self._list_classes(nature) for code in representatives(codes)]
        return self._split_public(shown_lines) if shown_lines else [("", True)]

    def _is_itemised(self, fund: str) -> bool:
        """Whether forms of the set, filed or not, split the basic spending of a fund by item."""
        return any(fund.startswith(able) for able in self._itemised_funds if fund)

    @cached_property
    def _itemised_funds(self) -> set[str]:
        return {
            fund
            for form in self.evidence.declared_forms()
            if form.where.nature == ("basic",) and form.where.statement == EXPENDITURE
            for fund in form.where.fund
        }

    @staticmethod
    def _split_public(codes: list[str]) -> list[tuple[str, bool]]:
        """A shown 公用经费 may be goods and services or capital; the other classes are certain."""
        return [(code, code not in (GOODS, CAPITAL)) for code in codes]

    def _list_classes(self, nature: str) -> Iterator[tuple[str, ...]]:
        """The department-economic classes of a nature whose lines in lists show money."""
        for form in self._whole_lists:
            for entry in form.form.lists:
                for line in entry.lines:
                    where = line.where
                    is_asked = where.nature == (nature,) and where.department_economic
                    if is_asked and any(form.at(line.id, amount.id) for amount in entry.amounts):
                        yield where.department_economic

    def _basic_items(self, place: Slice, fund: str) -> list[tuple[str, bool]]:
        """Items of the basic spending of an itemised fund: by its forms by item, else by row of items, else the
        class."""
        own = self._own_filed(fund)
        found: list[tuple[str, bool]] = []
        for code in _BASIC_CLASSES[:2]:
            said = self._class_said(own, place, code)
            found += self._items_of_class(place, code, None if said is None else bool(said))
        public = self._class_said(own, place, GOODS)
        goods = self._items_of_class(place, GOODS, None if public is None else bool(public))
        detail = self._detail(GOODS, by_item=True) or self._detail(GOODS, by_item=False)
        found += [(code, certain and detail is not None) for code, certain in goods]
        total = detail.abilities.total if detail else None
        rest = None if public is None or detail is None or total is None else public - detail.shows(*place, total)
        if (rest != 0 or self.relaxed) and (public is None or public):
            found += [(code, False) for code in self._capital_items()]
        return list(dict.fromkeys(found))

    @staticmethod
    def _class_said(form: FormEvidence | None, place: Slice, code: str) -> int | None:
        """What a fund's own form says of a class of basic spending; None if it does not tell the class apart.

        Of 公用经费 it says the goods and services with what else pays nobody; of classes printed together only that
        there is nothing.
        """
        if form is None:
            return None
        for column, codes in form.abilities.classes.get("basic", ()):
            if code in codes and (said := form.says(*place, column)) is not None:
                is_told = representatives(codes)[0] == code and len(set(codes) - set(PUBLIC)) <= 1
                return said if is_told or not said else None
        return None

    def _items_of_class(self, place: Slice, code: str, said: bool | None) -> list[tuple[str, bool]]:
        item_form = self._detail(code, by_item=True)
        government_form = self._detail(code, by_item=False)
        if item_form is not None:
            paid = item_form.paid(item_form.row_for(*place))
            items = [(item, True) for column, item in item_form.abilities.items if column in paid]
            if items or not said:
                return items
            return [(code, True)] if code != GOODS else []
        if said is False:
            return []
        if government_form is not None and not self._any(government_form, place):
            return [] if not said or code == GOODS else [(code, True)]
        if said is None and government_form is None and not self._class_declared(place, code):
            return []
        items_of_rows = self._items(code)
        certain = said is True and code != GOODS
        return [(item, certain and len(items_of_rows) == 1) for item in items_of_rows] or [(code, certain)]

    def _class_declared(self, place: Slice, code: str) -> bool:
        """If neither the fund's own form nor those by item tell: whether others show basic money of this class."""
        for form in self._complete:
            columns = [c for c, codes in form.abilities.classes.get("basic", ()) if code in codes and c in form.columns]
            if columns and form.row_for(*place):
                return any(form.shows(*place, column) for column in columns)
        if self._economic:
            return bool(self._items(code))
        if self._lists_tell_classes:
            return any(code in representatives(codes) for codes in self._list_classes("basic"))
        return True

    @cached_property
    def _lists_tell_classes(self) -> bool:
        """Whether the lists have lines for classes of basic spending, with money or not: those of final accounts have
        none."""
        return any(
            line.where.nature == ("basic",) and line.where.department_economic
            for form in self._whole_lists
            for entry in form.form.lists
            for line in entry.lines
        )

    def _items(self, *classes: str) -> list[str]:
        """The subjects with money in forms by economic row, of some classes or of all."""
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
        paid = form.paid(form.row_for(*place))
        classes = form.abilities.classes.get(nature, ())
        return [code for column, codes in classes if column in paid for code in representatives(codes)]

    def governments(self, place: Slice, nature: str, fund: str, department: str, certain: bool) -> list[str]:
        """Government-economic codes for a department-economic one: what a form shows wins over the crosswalk."""
        shown = self._governments_shown(place, nature, fund, department)
        if nature not in ("basic", "project"):
            # 政府预算经济分类 does not apply to operating money; a form may print it there all the same
            return ["", *(shown if shown and (self.relaxed or not nature) else [])]
        kinds = self.kinds(place[0])
        official = list(
            dict.fromkeys(
                code
                for kind in kinds
                for key in ([department] if department else [])
                for code in crosswalk().get((kind, key), crosswalk().get((kind, key[:3]), ()))
            )
        )
        if shown is None:
            known = len(kinds) == 1 or department[:3] in ("303", "307", "311", "312", "313", "399")
            return official if official and known else [""]
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
            return [*fitting, *others] or official or [""]
        if fitting:
            return fitting
        return (shown or official or [""]) if certain else []

    def _governments_shown(self, place: Slice, nature: str, fund: str, department: str) -> list[str] | None:
        """The codes with money in the finest form that shows them there; None if no form does."""
        detail = self._detail(department[:3], by_item=False) if nature == "basic" and department else None
        if detail is not None and detail.abilities.pays(fund) and fund:
            paid = detail.paid(detail.row_for(*place))
            return [code for column, code in detail.abilities.governments if column in paid]
        for form in self._showing(fund):
            if form.abilities.governments and (row := form.row_for(*place)):
                paid = form.paid(row)
                return [code for column, code in form.abilities.governments if column in paid]
        return self._governments_overall

    @cached_property
    def _governments_overall(self) -> list[str] | None:
        """The classes with money in the disclosure as a whole; None if no form tells."""
        said = {code: self.evidence.overall(_of_government(code)) for code in _GOVERNMENT_CLASSES}
        if all(amount is None for amount in said.values()):
            return None
        return [code for code, amount in said.items() if amount]

    def kinds(self, unit: str) -> tuple[str, ...]:
        """agency (行政机关) and institution (事业单位), as the columns that carry the unit's money show."""
        if unit not in self._kinds:
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
            self._kinds[unit] = tuple(k for k in _CLASSES_OF_KIND if k in shown) or tuple(_CLASSES_OF_KIND)
        return self._kinds[unit]

    @property
    def tells_kinds(self) -> bool:
        """Whether a filed form has columns or lines that tell agencies from institutions."""
        telling = [code for classes in _CLASSES_OF_KIND.values() for code in classes]
        columns = [code for form in self._expenditure for _, code in form.abilities.governments]
        return any(code[:3] in telling for code in columns) or any(
            self.evidence.overall(_of_government(code)) is not None for code in telling
        )

    @cached_property
    def _kinds_shown(self) -> dict[str, set[str]]:
        """Unit or department → the kinds of unit in whose columns its rows have money."""
        found: dict[str, set[str]] = defaultdict(set)
        for form in self._by_function:
            kinds_of = _kinds_of(form.form)
            if form.form.is_by(Coordinate.UNIT) and kinds_of:
                for (row, column), amount in form.amounts.items():
                    if amount and column in kinds_of:
                        found[row.partition("/")[0]] |= kinds_of[column]
        return found

    # ------------------------------------------------------------------ the other statements

    def revenue(self) -> Iterator[Coordinates]:
        """Possible revenue lines: by unit or function if such a form is filed, else of the filing unit as a whole."""
        codes = self._revenue_codes()
        form = self._revenue_by_unit or self._revenue_by_function
        if form is None:
            for code in codes:
                yield Coordinates(Statement.REVENUE, self.evidence.home, code, item=code)
            return
        leaves = [c for c in _revenue_columns(form.form) if not form.form.column(c[0]).parts and c[0] in form.columns]
        is_by_unit = form is self._revenue_by_unit
        for row in form.own_rows:
            unit, functional = (row, "") if is_by_unit else (self.evidence.home, row)
            for code in codes:
                shown = [c for c, items in leaves if any(_is_within(code, item) for item in items)]
                if not shown or any(form.at(row, column) for column in shown):
                    yield Coordinates(Statement.REVENUE, unit, code, functional=functional, item=code)

    def _revenue_codes(self) -> list[str]:
        """The finest revenue lines with money in any form."""
        found: set[str] = set()
        for form in self._revenue_lists:
            found |= {code for line, column, code in _revenue_lines(form.form) if form.at(line, column)}
        if by_unit := self._revenue_by_unit:
            single = {column: items[0] for column, items in _revenue_columns(by_unit.form) if len(items) == 1}
            found |= {single[column] for (_, column), amount in by_unit.amounts.items() if amount and column in single}
        finest = {c for c in found if not any(o != c and o.startswith(c) for o in found)}
        return sorted(finest | self._undivided_revenue(found - finest))

    def _undivided_revenue(self, parents: set[str]) -> set[str]:
        """The revenue lines that a list of appropriations does not divide whole: it may print some of the sources."""
        if self._whole_revenue:
            return set()
        found: set[str] = set()
        for form in self._revenue_lists:
            for entry in form.form.lists:
                column = entry.amounts[0].id
                found |= {
                    line.id
                    for line in entry.lines
                    if line.id in parents
                    and form.at(line.id, column) != sum(form.at(part, column) for part in line.parts)
                }
        return found

    def carry_over(self) -> Iterator[Coordinates]:
        """Possible lines of 上年结转 and 年终结转结余."""
        if self._carried_keeps_fund:
            yield from self._carried_with_fund()
            return
        by_unit = self._revenue_by_unit
        column = _column_of(by_unit.form, OPENING) if by_unit else None
        units = [u for u in by_unit.own_rows if by_unit.at(u, column)] if by_unit and column else []
        for _, fund in self._openings():
            for unit in units or [self.evidence.home]:
                yield Coordinates(Statement.CARRY_OVER, unit, fund, item="opening")
        closing = self.evidence.overall(CLOSING)
        fiscal = self._of_appropriations("closing")
        if fiscal is None:
            funds = ["18"] if closing else []
        else:
            rest = closing - fiscal if closing is not None else 0
            funds = [f for f, amount in ((_CARRIED_APPROPRIATION, fiscal), (_CARRIED_OTHER, rest)) if amount]
        for fund in funds:
            yield Coordinates(Statement.CARRY_OVER, self.evidence.home, fund, item="closing")

    def _carried_with_fund(self) -> Iterator[Coordinates]:
        """Possible lines of what is carried over and keeps its fund: by function if a form shows it, else by fund."""
        home = self.evidence.home
        for item in ("surplus_used", "surplus_distributed"):
            if self.evidence.shown(Where(CARRY_OVER, item=(item,))):
                yield Coordinates(Statement.CARRY_OVER, home, item=item)
        for item in ("opening", "closing"):
            rest = self.evidence.shown(Where(CARRY_OVER, item=(item,)))
            known: set[str] = set()
            for form, column, fund in self._carried_columns(item):
                rows = [row for row in form.own_rows if form.at(row, column)]
                known |= {fund} if rows else set()
                rest -= sum(form.at(row, column) for row in rows)
                for row in rows:
                    yield Coordinates(Statement.CARRY_OVER, home, fund, functional=row, item=item)
            for fund, amount in self._carried_by_fund(item).items():
                if fund not in known and amount:
                    rest -= amount
                    yield Coordinates(Statement.CARRY_OVER, home, fund, item=item)
            if rest:
                fund = _CARRIED_OTHER if self._of_appropriations(item) is not None else "18"
                yield Coordinates(Statement.CARRY_OVER, home, fund, item=item)

    def _carried_columns(self, item: str) -> Iterator[tuple[FormEvidence, str, str]]:
        """The columns of filed forms by function that show what is carried over of one fund: form, column, fund."""
        for form in self.evidence.forms.values():
            if form.form.is_by(Coordinate.FUNCTIONAL):
                for column in form.form.money_columns:
                    where = form.form.selection(column)
                    if where.statement == CARRY_OVER and where.item == (item,) and len(where.fund) == 1:
                        yield form, column.id, where.fund[0]

    def _carried_by_fund(self, item: str) -> dict[str, int]:
        """What the lists carry over of each fund."""
        found: dict[str, int] = {}
        for form in self.evidence.forms.values():
            for line, column, where in form.form.selections() if form.form.lists else ():
                funds = [fund for fund in _CARRIED if where.fund and fund.startswith(where.fund)]
                if line is not None and where.statement == CARRY_OVER and where.item == (item,) and len(funds) == 1:
                    found.setdefault(funds[0], form.at(line.id, column.id))
        return found

    @cached_property
    def _carried_keeps_fund(self) -> bool:
        """Whether the forms tell of which fund money is that is carried over and spent."""
        return any(entry.carried_keeps_fund for entry in self.evidence.sets)

    def three_public(self) -> Iterator[Coordinates]:
        """Possible lines of “三公” spending: units by item."""
        for form in self._of_statement(Statement.THREE_PUBLIC):
            rows = form.own_rows or [self.evidence.home]
            leaves = [c for c in _columns_of(form.form, Statement.THREE_PUBLIC) if not c.parts and c.where.item]
            for row, column in product(rows, leaves):
                shown = form.at(row if form.own_rows else form.total_row, column.id)
                if shown or (self.relaxed and form.at(form.total_row, column.id)):
                    yield Coordinates(Statement.THREE_PUBLIC, row, item=column.where.item[0])

    def special_fund(self) -> Iterator[Coordinates]:
        """Possible lines of special funds (专项资金): project by source and by 预算编制方式."""
        known: set[str] = set()
        for form in self._of_statement(Statement.SPECIAL_FUND):
            methods_of = [(c.id, c.where.item[0]) for c in form.form.money_columns if len(c.where.item) == 1]
            for row in form.own_rows:
                unit, _, project = row.partition("/")
                known.add(project)
                sources = self._special_sources(form, row)
                methods = [method for column, method in methods_of if form.at(row, column)] or [""]
                if not sources and methods != [""]:
                    sources = [""]
                for source, method in product(sources, methods):
                    yield Coordinates(Statement.SPECIAL_FUND, unit, source, item=method, project=project)
        for sheet in self.evidence.project_sheets:
            for (project, _), amount in sheet.amounts.items():
                if project not in known and amount:
                    known.add(project)
                    yield Coordinates(Statement.SPECIAL_FUND, self.evidence.home, project=project)

    def apart(self, statement: Statement) -> Iterator[Coordinates]:
        """Possible lines of a statement with forms of its own: what their finest rows and columns show."""
        for form in self._of_statement(statement):
            leaves = [column for column in _columns_of(form.form, statement) if not column.parts]
            rows = [row for row in form.own_rows if any(form.at(row, column.id) for column in leaves)]
            for row in rows or [form.total_row]:
                for column in leaves:
                    if form.at(row, column.id):
                        yield self._line_of(form, row, statement, form.form.selection(column))

    def _line_of(self, form: FormEvidence, row: str, statement: Statement, where: Where) -> Coordinates:
        """The line that a cell of a form shows if nothing is finer: its row's codes, and those that it selects."""
        told = {c.value: where.on(c)[0] for c in Coordinate if len(where.on(c)) == 1}
        if form.form.rows is not None and row != form.total_row:
            codes = row.split("/", len(form.form.rows.by) - 1)
            told |= {c.value: code for c, code in zip(form.form.rows.by, codes, strict=False)}
        return Coordinates(statement, **{"unit": self.evidence.home} | told)

    def _of_statement(self, statement: Statement) -> list[FormEvidence]:
        return [form for form in self.evidence.forms.values() if _columns_of(form.form, statement)]

    @staticmethod
    def _special_sources(form: FormEvidence, row: str) -> list[str]:
        """The finest sources with money in a row; one whose parts print nothing stands for itself."""
        shown = [
            column.where.fund[0] for column in form.form.money_columns if column.where.fund and form.at(row, column.id)
        ]
        sources = [code for code in shown if not any(o != code and o.startswith(code) for o in shown)]
        if not sources and (total := form.form.money_columns[0]) and form.at(row, total.id):
            sources.append("")
        return sources

    def declarations(self) -> list[tuple[str, str, int]]:
        """(fund, unit or "", amount): what the funds without a form of their own have to spend.

        Only if nothing is carried over into the next year; then spending by fund equals revenue by fund.
        """
        if self.evidence.shown(CLOSING) or self._of_appropriations("closing"):
            return []
        if self._carried_keeps_fund and next(self._carried_with_fund(), None) is not None:
            return []
        found: list[tuple[str, str, int]] = []
        form = self._revenue_by_unit
        lists = [entry for entry in self._revenue_lists if has_all_revenue(entry.form)]
        for fund in (*self._own, *_OTHER_FUNDS):
            if self._own_filed(fund):
                continue
            if form:
                found += [(fund, unit, _revenue_of(form, unit, fund)) for unit in form.own_rows]
            elif lists:
                found.append((fund, "", self.evidence.shown(Where(REVENUE, item=(fund,)))))
        found += [(fund, "", amount) for amount, fund in self._openings()]
        return found


# ---------------------------------------------------------------------------- declarations of revenue


@cache
def _columns_of(form: Form, statement: Statement) -> list[Column]:
    """The columns that add up this statement alone."""
    return [column for column in form.money_columns if form.selection(column).statement == (statement,)]


@cache
def _kinds_of(form: Form) -> dict[str, set[str]]:
    """Column → the kinds of unit in whose government-economic classes it is."""
    found = {
        column.id: {
            kind
            for kind, classes in _CLASSES_OF_KIND.items()
            if any(code[:3] in classes for code in column.where.government_economic)
        }
        for column in form.money_columns
    }
    return {column: kinds for column, kinds in found.items() if kinds}


def _is_within(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _codes(items: Iterable[str]) -> tuple[str, ...]:
    """The items that are codes of revenue, not of money carried over."""
    return tuple(item for item in items if item.isdigit())


def _of_government(code: str) -> Where:
    """All spending under one government-economic class."""
    return Where(EXPENDITURE, government_economic=(code,))


@cache
def _revenue_columns(form: Form) -> list[tuple[str, tuple[str, ...]]]:
    """The columns of revenue by source: column id, codes."""
    return [
        (column.id, codes)
        for column in form.money_columns
        if Statement.REVENUE in form.selection(column).statement and (codes := _codes(column.where.item))
    ]


@cache
def _revenue_lines(form: Form) -> list[tuple[str, str, str]]:
    """The fixed lines of revenue of one source: line id, column id, code."""
    return [
        (line.id, amount.id, codes[0])
        for entry in form.lists
        for line in entry.lines
        if line.where.statement == REVENUE and len(codes := _codes(line.where.item)) == 1
        for amount in entry.amounts[:1]
    ]


@cache
def has_all_revenue(form: Form) -> bool:
    """Whether a list adds up revenue of every source."""
    return any(line.where == Where(REVENUE) for entry in form.lists for line in entry.lines)


@cache
def _column_of(form: Form, where: Where) -> str | None:
    """The column that prints exactly this selection."""
    return next((column.id for column in form.money_columns if form.selection(column) == where), None)


def _revenue_of(form: FormEvidence, row: str, fund: str) -> int:
    """What the form of units shows of a fund in a row: its own column, or the columns below it."""
    exact = _column_of(form.form, Where(REVENUE, item=(fund,)))
    if exact is not None and exact in form.columns:
        return form.at(row, exact)
    return sum(
        form.at(row, column)
        for column, items in _revenue_columns(form.form)
        if len(items) == 1 and items[0].startswith(fund) and not form.form.column(column).parts
    )
