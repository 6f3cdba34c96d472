"""Which lines a ledger may have: the coordinates that the filed forms leave possible, refined form by form.

The coarsest complete cut comes first (unit × function × nature), then the fund, the department-economic and the
government-economic subject; each step keeps what the forms show and drops what they show as blank. No amounts are
decided here: where one line remains for a cell, the cell decides; where several remain, :mod:`loader.ledger.program`
does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import product

from loader.ledger.evidence import Evidence, FormEvidence
from loader.ledger.projection import Atom
from schema.forms.hunan import (
    DEPARTMENT_ECONOMIC_LINES,
    FUNCTIONAL_CLASSES,
    GOVERNMENT_CLASSES,
    PROJECT_CLASSES,
    PUBLIC,
)
from schema.forms.template import Layout, Role, Statement
from schema.reference_data import crosswalk

Slice = tuple[str, str]  # unit, functional code

OWN_FORM = {"11": 7, "12": 16, "13": 19, "2": 20}
NATURES = ("basic", "project", "operating", "remitted", "subsidy")
# the items of 公用经费 beside goods and services: the code where only the class is known
CAPITAL = "310"

_ITEM_FORMS = {"301": 10, "303": 12, "302": 14}
_GOVERNMENT_FORMS = {"301": 9, "303": 11, "302": 13}
_BASIC_COLUMNS = {
    "basic_wages": ("301",),
    "basic_individuals_families": ("303",),
    "basic_public": ("302", CAPITAL),
    "basic_goods_services": ("302", CAPITAL),
}
_PROJECT_COLUMNS = {column_id: code for code, column_id, _, _ in PROJECT_CLASSES}
_GOVERNMENT_COLUMNS = {column_id: code for code, column_id, _, _ in GOVERNMENT_CLASSES}
_OVERALL_COLUMNS = {"11": "general", "12": "government_fund", "2": "fiscal_account"}
_CLASSES_OF_KIND = {"agency": ("501", "502", "503", "504"), "institution": ("505", "506")}
_OTHER_FUNDS = ("14", "171", "172", "173", "31", "32", "33", "34", "39")
_CARRIED = ("181", "182", "183", "184")


class Candidates:
    """The possible lines of one disclosure. ``relaxed`` admits more of them: for documents that contradict
    themselves, and for local practice that the official crosswalk does not know."""

    def __init__(self, evidence: Evidence, relaxed: bool = False) -> None:
        self.evidence = evidence
        self.relaxed = relaxed
        self._kinds: dict[str, tuple[str, ...]] = {}

    def lines(self, statement: Statement) -> Iterator[Atom]:
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

    # ------------------------------------------------------------------ expenditure

    def expenditure(self) -> Iterator[Atom]:
        """Possible expenditure lines."""
        for unit, functional in self.slices():
            place = (unit, functional)
            for nature in self.natures(place):
                for fund in self.funds(place, nature):
                    for department, government in self.economics(place, nature, fund):
                        yield Atom(Statement.EXPENDITURE, unit, fund, nature, functional, department, government)

    def slices(self) -> list[Slice]:
        """Every unit and function that a form shows money in; the classes of form 1 where no complete cut is filed."""
        forms = self.evidence.forms
        found: set[Slice] = set()
        for form in forms.values():
            if form.form.layout is not Layout.FUNCTIONS:
                continue
            for row in form.leaf_rows - {"total"}:
                if any(form.at(row, column) for column in form.columns):
                    unit, _, functional = row.partition("/")
                    found.add((unit, functional))
        finest = {
            (unit, functional)
            for unit, functional in found
            if not any(
                other != (unit, functional) and other[0].startswith(unit) and other[1].startswith(functional)
                for other in found
            )
        }
        if not {3, 4, 5} & set(forms):
            finest |= {
                (self.evidence.home, code)
                for code in FUNCTIONAL_CLASSES
                if self.evidence.line(1, "function", code) or self.evidence.line(6, "function", code)
            }
            if self._has_more_than(finest):
                finest.add((self.evidence.home, ""))
        return sorted(finest)

    def _has_more_than(self, found: set[Slice]) -> bool:
        """Whether forms without functions (8, 23, the other lists of form 1) may show money of no function known."""
        if 1 in self.evidence:
            line = self.evidence.line
            totals = [line(1, name, "year_total") for name in ("department_economic", "government_economic")]
            return not found and any(totals)
        by_item = bool(self._form_8_items("")) and not {6, 7} & set(self.evidence.forms)
        return by_item or self._overall("total") != 0

    def _overall(self, column: str) -> int:
        """A figure of form 23, the budget as a whole; 0 where it is absent."""
        form = self.evidence.forms.get(23)
        return form.at("budget", column) if form else 0

    def natures(self, place: Slice) -> list[str]:
        """The natures (支出性质) in which a unit's function may have money."""
        forms = self.evidence.forms
        shown: set[str] = set()
        for no in OWN_FORM.values():
            if no in forms:
                shown |= {n for n in ("basic", "project") if self._own_form_shows(forms[no], place, n)}
        if any(self._any(no, place) for no in range(9, 15) if no in forms):
            shown.add("basic")
        if 18 in forms:
            shown |= {n for n in ("basic", "project") if forms[18].shows(*place, f"{n}_total")}
        if 3 in forms and forms[3].row_for(*place):
            natures = {n for n in NATURES if forms[3].shows(*place, n)}
            return [n for n in NATURES if n in natures | shown]
        if 5 in forms and forms[5].row_for(*place):
            row = {k: forms[5].shows(*place, k) for k in ("total", "basic_total", "project_total")}
            natures = {n for n in ("basic", "project") if row[f"{n}_total"] or self._classes_shown(5, place, n)}
            if row["total"] != row["basic_total"] + row["project_total"]:
                natures |= self._declared_natures() - {"basic", "project"} or {""}
            return [n for n in (*NATURES, "") if n in natures | shown]
        natures = shown | self._declared_natures()
        return [n for n in (*NATURES, "") if n in natures] or [""]

    def _declared_natures(self) -> set[str]:
        if 1 not in self.evidence:
            if 23 in self.evidence:
                known = {n for n in ("basic", "project") if self._overall(n)}
                rest = self._overall("total") - self._overall("basic") - self._overall("project")
                return known | {""} if rest else known
            if {7, 16, 19, 20} & set(self.evidence.forms):
                return {"basic", "project", ""}
            return {"basic", ""} if self._form_8_items("") else {""}
        natures = {n for n in NATURES if self.evidence.line(1, "department_economic", n)}
        parts = {
            line.where.nature[0]
            for line in DEPARTMENT_ECONOMIC_LINES
            if line.where.nature and self.evidence.line(1, "department_economic", line.id)
        }
        return natures | parts

    def funds(self, place: Slice, nature: str) -> list[str]:
        """The funds (资金性质) that may pay for it: those whose own form shows it, and those that revenue declares."""
        forms = self.evidence.forms
        found: list[str] = []
        for fund, no in OWN_FORM.items():
            if no in forms:
                if self._own_form_shows(forms[no], place, nature) or self._detail_shows(fund, place, nature):
                    found.append(fund)
            elif fund == "12" and {17, 18} & set(forms):
                if self._any(18 if 18 in forms else 17, place):
                    found.append(fund)
            elif self._declared(place[0], fund) or (fund == "11" and not {1, 2, 6, 23} & set(forms)):
                found.append(fund)
        found += [fund for fund in self.other_funds if self._declared(place[0], fund)]
        if not {1, 2} & set(forms) or not found:
            found.append("")
        return found

    def _detail_shows(self, fund: str, place: Slice, nature: str) -> bool:
        """Whether the forms that split a fund's spending further show any there."""
        if fund == "11":
            return nature == "basic" and any(self._any(no, place) for no in range(9, 15))
        return fund == "12" and (self._any(17, place) or self._any(18, place))

    @cached_property
    def other_funds(self) -> tuple[str, ...]:
        """The declared funds that have no form of their own, the money carried over among them."""
        return tuple(f for f in (*_OTHER_FUNDS, *self._opening_funds) if self._declared_anywhere(f))

    @cached_property
    def _opening_funds(self) -> tuple[str, ...]:
        return tuple(fund for _, fund in self._openings())

    def _openings(self) -> list[tuple[int, str]]:
        """Amounts carried over from last year, by fund as far as form 6 tells."""
        line = self.evidence.line
        total = line(1, "revenue", "opening")
        if 1 not in self.evidence and 2 in self.evidence:
            total = self.evidence.forms[2].at("total", "opening")
        if 6 not in self.evidence:
            return [(total, "18")] if total else []
        carried = [(line(6, "revenue", f"opening_{fund}"), fund) for fund in _CARRIED]
        shown = sum(amount for amount, _ in carried)
        if not shown and line(6, "revenue", "opening"):
            carried.append((line(6, "revenue", "opening"), "180"))
            shown = carried[-1][0]
        if total - shown and {1, 2} & set(self.evidence.forms):
            carried.append((total - shown, "189"))
        return [(amount, fund) for amount, fund in carried if amount]

    def _declared_anywhere(self, fund: str) -> bool:
        return any(self._declared(unit, fund) for unit in (*self.evidence.units, self.evidence.home))

    def _declared(self, unit: str, fund: str) -> bool:
        """Whether forms 1, 2 or 6 declare revenue of this fund for the unit, or form 23 spending from it."""
        if fund.startswith("18"):
            form = self.evidence.forms.get(2)
            if form and unit in form.leaf_rows and not form.at(unit, "opening"):
                return False
            return fund in self._opening_funds
        form = self.evidence.forms.get(2)
        if form and unit in form.leaf_rows:
            return bool(_revenue_of(form, unit, fund))
        if 1 in self.evidence:
            return any(
                amount and (code.startswith(fund) or fund.startswith(code)) and code.isdigit()
                for (code, list_id), amount in self.evidence.forms[1].amounts.items()
                if list_id == "revenue"
            )
        if form:
            return bool(_revenue_of(form, "total", fund))
        if 23 in self.evidence and fund in _OVERALL_COLUMNS:
            return bool(self._overall(_OVERALL_COLUMNS[fund]))
        if 6 in self.evidence and fund in ("11", "12", "13", "14"):
            return bool(self.evidence.line(6, "revenue", fund))
        return False

    @staticmethod
    def _own_form_shows(form: FormEvidence, place: Slice, nature: str) -> bool:
        if nature == "basic":
            return any(form.shows(*place, c) for c in ("basic_total", *_BASIC_COLUMNS))
        if nature == "project":
            return bool(form.shows(*place, "project"))
        return form.shows(*place, "total") != form.shows(*place, "basic_total") + form.shows(*place, "project")

    def _any(self, no: int, place: Slice) -> bool:
        form = self.evidence.forms.get(no)
        if form is None:
            return False
        row = form.row_for(*place)
        return row is not None and any(form.at(row, column) for column in form.columns)

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
        if fund == "11":
            return self._basic_items(place)
        forms = self.evidence.forms
        sources = [OWN_FORM[fund]] if fund in OWN_FORM else []
        if fund == "12":
            sources.append(18)
        for no in (*sources, 5):
            if no in forms and forms[no].row_for(*place):
                shown = [c for c in _BASIC_COLUMNS if forms[no].shows(*place, c)]
                if shown:
                    return self._split_public([code for c in shown for code in _BASIC_COLUMNS[c]])
        shown_lines = [
            code
            for line_id, codes in _BASIC_COLUMNS.items()
            if self.evidence.line(1, "department_economic", line_id)
            for code in codes
        ]
        return self._split_public(shown_lines) if shown_lines else [("", True)]

    @staticmethod
    def _split_public(codes: list[str]) -> list[tuple[str, bool]]:
        """A shown 公用经费 may be goods and services or capital; the other classes are certain."""
        return [(code, code not in ("302", CAPITAL)) for code in codes]

    def _basic_items(self, place: Slice) -> list[tuple[str, bool]]:
        """Items of the basic spending of 一般公共预算: by forms 10, 12, 14, else 8, else the class."""
        forms = self.evidence.forms
        own = forms.get(7)
        row = own is not None and own.row_for(*place) is not None
        found: list[tuple[str, bool]] = []
        for code, column in (("301", "basic_wages"), ("303", "basic_individuals_families")):
            by_form_7 = bool(own.shows(*place, column)) if own and row else None
            found += self._items_of_class(place, code, by_form_7)
        public = own.shows(*place, "basic_public") if own and row else None
        goods = self._items_of_class(place, "302", None if public is None else bool(public))
        detail = next((forms[no] for no in (14, 13) if no in forms), None)
        found += [(code, certain and detail is not None) for code, certain in goods]
        rest = None if public is None or detail is None else public - detail.shows(*place, "total")
        if (rest != 0 or self.relaxed) and (public is None or public):
            found += [(code, False) for code in self._capital_items()]
        return list(dict.fromkeys(found))

    def _items_of_class(self, place: Slice, code: str, shown_by_form_7: bool | None) -> list[tuple[str, bool]]:
        forms = self.evidence.forms
        item_form = forms.get(_ITEM_FORMS[code])
        government_form = forms.get(_GOVERNMENT_FORMS[code])
        if item_form is not None:
            items = [
                (column.where.department_economic[0], True)
                for column in item_form.form.columns
                if column.role is Role.MONEY and not column.parts and item_form.shows(*place, column.id)
            ]
            if items or not shown_by_form_7:
                return items
            return [(code, True)] if code != "302" else []
        if shown_by_form_7 is False:
            return []
        if government_form is not None and not self._any(government_form.form.no, place):
            return [] if not shown_by_form_7 or code == "302" else [(code, True)]
        if shown_by_form_7 is None and government_form is None and not self._class_declared(place, code):
            return []
        items_8 = self._form_8_items(code)
        certain = shown_by_form_7 is True and code != "302"
        return [(item, certain and len(items_8) == 1) for item in items_8] or [(code, certain)]

    def _class_declared(self, place: Slice, code: str) -> bool:
        """Where neither 7 nor 9–14 tell: whether 5, 8 or 1 show basic money of this class."""
        columns = [c for c, codes in _BASIC_COLUMNS.items() if code in codes]
        if 5 in self.evidence and self.evidence.forms[5].row_for(*place):
            return any(self.evidence.forms[5].shows(*place, c) for c in columns)
        if 8 in self.evidence:
            return bool(self._form_8_items(code))
        if 1 in self.evidence:
            return bool(self.evidence.line(1, "department_economic", *columns))
        return True

    def _form_8_items(self, *classes: str) -> list[str]:
        form = self.evidence.forms.get(8)
        if form is None:
            return []
        return sorted(
            row
            for row in form.leaf_rows
            if row.startswith(classes) and any(form.at(row, column) for column in form.columns)
        )

    def _capital_items(self) -> list[str]:
        if 8 in self.evidence:
            return self._form_8_items(*(code for code in PUBLIC if code != "302"))
        return [CAPITAL]

    def _project_classes(self, place: Slice, fund: str) -> list[tuple[str, bool]]:
        forms = self.evidence.forms
        if fund == "12" and 18 in forms and forms[18].row_for(*place):
            shown = self._classes_shown(18, place, "project")
            if shown:
                return [(code, True) for code in shown]
        if 5 in forms and forms[5].row_for(*place):
            shown = self._classes_shown(5, place, "project")
            if shown:
                return [(code, True) for code in shown]
        shown = [
            code for line_id, code in _PROJECT_COLUMNS.items() if self.evidence.line(1, "department_economic", line_id)
        ]
        return [(code, len(shown) == 1) for code in shown] or [("", True)]

    def _classes_shown(self, no: int, place: Slice, nature: str) -> list[str]:
        form = self.evidence.forms[no]
        if nature == "project":
            return [code for column, code in _PROJECT_COLUMNS.items() if form.shows(*place, column)]
        return [code for column, codes in _BASIC_COLUMNS.items() if form.shows(*place, column) for code in codes]

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
        """The codes with money in the finest form that shows them there; None where no form does."""
        forms = self.evidence.forms
        if fund == "11" and nature == "basic" and (form := forms.get(_GOVERNMENT_FORMS.get(department[:3], 0))):
            return [
                column.where.government_economic[0]
                for column in form.form.columns
                if column.role is Role.MONEY and not column.parts and form.shows(*place, column.id)
            ]
        for no in (17, 4) if fund == "12" else (4,):
            if no in forms and forms[no].row_for(*place):
                return [code for column, code in _GOVERNMENT_COLUMNS.items() if forms[no].shows(*place, column)]
        if 1 in forms:
            return [code for code in _GOVERNMENT_COLUMNS.values() if self.evidence.line(1, "government_economic", code)]
        return None

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
                if self.evidence.line(1, "government_economic", *classes)
            }
            self._kinds[unit] = tuple(k for k in _CLASSES_OF_KIND if k in shown) or tuple(_CLASSES_OF_KIND)
        return self._kinds[unit]

    @cached_property
    def _kinds_shown(self) -> dict[str, set[str]]:
        """Unit or department → the kinds of unit in whose columns its rows have money."""
        found: dict[str, set[str]] = defaultdict(set)
        for no in (9, 13, 4, 17):
            form = self.evidence.forms.get(no)
            if form is None:
                continue
            kinds_of = {
                column.id: {
                    kind
                    for kind, classes in _CLASSES_OF_KIND.items()
                    if any(code[:3] in classes for code in column.where.government_economic)
                }
                for column in form.form.columns
            }
            for (row, column), amount in form.amounts.items():
                if amount:
                    found[row.partition("/")[0]] |= kinds_of[column]
        return found

    # ------------------------------------------------------------------ the other statements

    def revenue(self) -> Iterator[Atom]:
        """Possible revenue lines: by unit where form 2 is filed, else of the filing unit as a whole."""
        codes = self._revenue_codes()
        form = self.evidence.forms.get(2)
        if form is None:
            for code in codes:
                yield Atom(Statement.REVENUE, self.evidence.home, code, item=code)
            return
        for unit in sorted(form.leaf_rows - {"total"}):
            for code in codes:
                shown = [
                    column
                    for column in form.form.money_columns
                    if any(
                        code.startswith(item) or item.startswith(code) for item in column.where.item if item.isdigit()
                    )
                    and not column.parts
                    and column.id in form.columns
                ]
                if not shown or any(form.at(unit, column.id) for column in shown):
                    yield Atom(Statement.REVENUE, unit, code, item=code)

    def _revenue_codes(self) -> list[str]:
        """The finest revenue lines with money in forms 1, 2 and 6."""
        found: set[str] = set()
        for no in (1, 6):
            form = self.evidence.forms.get(no)
            if form:
                for (line_id, list_id), amount in form.amounts.items():
                    if list_id == "revenue" and amount and line_id.isdigit():
                        found.add(line_id)
        form = self.evidence.forms.get(2)
        if form:
            for (_, column_id), amount in form.amounts.items():
                items = form.form.column(column_id).where.item
                if amount and len(items) == 1 and items[0].isdigit():
                    found.add(items[0])
        finest = {c for c in found if not any(o != c and o.startswith(c) for o in found)}
        return sorted(finest | self._undivided_revenue(found - finest))

    def _undivided_revenue(self, parents: set[str]) -> set[str]:
        """The revenue lines that form 6 does not divide whole: it lists two of the five sources of fund 11."""
        form = self.evidence.forms.get(6)
        if form is None or {1, 2} & set(self.evidence.forms):
            return set()
        lines = {line.id: line for line in form.form.lists[0].lines}
        return {p for p in parents if form.at(p, "revenue") != sum(form.at(part, "revenue") for part in lines[p].parts)}

    def carry_over(self) -> Iterator[Atom]:
        """Possible lines of 上年结转 and 年终结转结余."""
        form = self.evidence.forms.get(2)
        units = [u for u in sorted(form.leaf_rows - {"total"}) if form.at(u, "opening")] if form else []
        for _, fund in self._openings():
            for unit in units or [self.evidence.home]:
                yield Atom(Statement.CARRY_OVER, unit, fund, item="opening")
        line = self.evidence.line
        closing = line(1, "function", "closing")
        fiscal = line(6, "function", "closing")
        if 6 not in self.evidence:
            funds = ["18"] if closing else []
        else:
            funds = [
                f for f, amount in (("180", fiscal), ("189", closing - fiscal if 1 in self.evidence else 0)) if amount
            ]
        for fund in funds:
            yield Atom(Statement.CARRY_OVER, self.evidence.home, fund, item="closing")

    def three_public(self) -> Iterator[Atom]:
        """Possible lines of “三公” spending: units by item."""
        form = self.evidence.forms.get(15)
        if form is None:
            return
        rows = form.leaf_rows - {"total"} or {self.evidence.home}
        leaves = [column for column in form.form.money_columns if not column.parts]
        for unit, column in product(sorted(rows), leaves):
            if form.at(unit, column.id) or (self.relaxed and form.at("total", column.id)):
                yield Atom(Statement.THREE_PUBLIC, unit, item=column.where.item[0])

    def special_fund(self) -> Iterator[Atom]:
        """Possible lines of special funds (专项资金): project by source and by 预算编制方式."""
        form = self.evidence.forms.get(21)
        known: set[str] = set()
        if form is not None:
            for row in sorted(form.leaf_rows - {"total"}):
                unit, _, project = row.partition("/")
                known.add(project)
                sources = self._special_sources(form, row)
                methods = [m for m in ("in_department_budget", "held_by_finance") if form.at(row, m)] or [""]
                if not sources and methods != [""]:
                    sources = [""]
                for source, method in product(sources, methods):
                    yield Atom(Statement.SPECIAL_FUND, unit, source, item=method, project=project)
        for sheet in self.evidence.project_sheets:
            for (project, _), amount in sheet.amounts.items():
                if project not in known and amount:
                    known.add(project)
                    yield Atom(Statement.SPECIAL_FUND, self.evidence.home, project=project)

    @staticmethod
    def _special_sources(form: FormEvidence, row: str) -> list[str]:
        leaves = [
            column.where.fund[0]
            for column in form.form.money_columns
            if column.where.fund and not column.parts and form.at(row, column.id)
        ]
        if form.at(row, "general_total") and not any(leaf.startswith("11") for leaf in leaves):
            leaves.append("11")
        if not leaves and form.at(row, "total"):
            leaves.append("")
        return leaves

    def declarations(self) -> list[tuple[str, str, int]]:
        """(fund, unit or "", amount): what the funds without a form of their own have to spend.

        Only where nothing is carried over into the next year; then spending by fund equals revenue by fund.
        """
        line = self.evidence.line
        if line(1, "function", "closing") or line(6, "function", "closing"):
            return []
        found: list[tuple[str, str, int]] = []
        form = self.evidence.forms.get(2)
        for fund in (*OWN_FORM, *_OTHER_FUNDS):
            if fund in OWN_FORM and OWN_FORM[fund] in self.evidence:
                continue
            if form:
                found += [(fund, unit, _revenue_of(form, unit, fund)) for unit in sorted(form.leaf_rows - {"total"})]
            elif 1 in self.evidence:
                found.append((fund, "", line(1, "revenue", fund)))
        openings = self._openings()
        found += [(fund, "", amount) for amount, fund in openings]
        return found


def _revenue_of(form: FormEvidence, row: str, fund: str) -> int:
    """What form 2 shows of a fund in a row: its own column, or the columns below it."""
    exact = next((c for c in form.form.money_columns if c.where.item == (fund,)), None)
    if exact is not None and exact.id in form.columns:
        return form.at(row, exact.id)
    return sum(
        form.at(row, c.id)
        for c in form.form.money_columns
        if len(c.where.item) == 1 and c.where.item[0].startswith(fund) and c.where.item[0].isdigit() and not c.parts
    )
