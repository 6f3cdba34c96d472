"""Random departmental budgets that add up. They are the truth that the loader must recover from the forms.

A :class:`Shape` says which kinds of money a budget has. A seed fills in codes and amounts. The same shape always gives
the same budget, so a failing example is one line.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from hypothesis import strategies as st

from schema.codes.lists import crosswalk, read_codes
from schema.forms.classes import FUNCTIONAL_CLASSES

YEAR = 2024
FEN = 1_000_000  # 分 in one 万元: amounts are whole numbers of 分
CENT_OF_WAN = 10_000  # 0.01 万元 in 分, the last place that forms print

GENERAL, GOVERNMENT_FUND, STATE_CAPITAL, FISCAL_ACCOUNT = "11", "12", "13", "2"
# funds with a form of their own (7, 16, 19, 20), and funds that appear only as a remainder
FUNDS_WITH_FORM = (GOVERNMENT_FUND, STATE_CAPITAL, FISCAL_ACCOUNT)
FUNDS_WITHOUT_FORM = ("14", "171", "172", "173", "31", "32", "33", "34", "39")
CARRIED_OVER = ("181", "182", "183", "184", "189")
GENERAL_SOURCES = ("111", "1121", "1122", "1124", "1125", "1129", "113", "114", "115")
NATURE_FUND = {"operating": "34", "remitted": "31", "subsidy": "39"}
THREE_PUBLIC = ("abroad", "vehicle_purchase", "vehicle_operation", "reception")

WAGES = {
    "agency": (
        "30101",
        "30102",
        "30103",
        "30108",
        "30109",
        "30110",
        "30111",
        "30112",
        "30113",
        "30106",
        "30114",
        "30199",
    ),
    "institution": ("30101", "30102", "30103", "30107", "30108", "30109", "30110", "30112", "30113", "30106", "30199"),
}
INDIVIDUALS = ("30301", "30302", "30303", "30304", "30305", "30307", "30308", "30309", "30310", "30311", "30399")
GOODS = (
    "30201 30202 30203 30204 30205 30206 30207 30208 30209 30211 30212 30213 30214 30215 30216 30217 30218 30224 30225"
    " 30226 30227 30228 30229 30231 30239 30240 30299"
).split()
CAPITAL = ("31002", "31003", "31007", "31013", "31022", "31099")
PROJECT_ITEMS = (
    "30101 30199 30201 30226 30227 30299 30305 30309 30701 30901 30905 31002 31003 31005 31101 31204 31299 31302 39999"
).split()
# how some places book items that the official crosswalk books elsewhere, or not at all
LOCAL_PRACTICES = {
    "agency": (("30107", "50101"), ("30114", "50102"), ("30239", "50299"), ("30203", "50201")),
    "institution": (("30299", "50599"), ("30199", "50599")),
}


class Entry(NamedTuple):
    """The coordinates of an amount, "" if a coordinate does not apply. The fields are those of the ledger."""

    statement: str
    unit: str
    fund: str = ""
    nature: str = ""
    functional: str = ""
    department_economic: str = ""
    government_economic: str = ""
    item: str = ""
    project: str = ""


@dataclass(frozen=True)
class Unit:
    """A budget unit; ``kind`` is agency (机关) or institution (事业单位)."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class Shape:
    """The kinds of money in a random budget. The defaults are the simplest budget; hypothesis shrinks towards them.

    ``apart`` gives every fund its own functions. ``step`` is the smallest amount in 分.
    """

    seed: int = 0
    department: str = "001"
    kinds: tuple[str, ...] = ("agency",)
    general: bool = True
    functions: int = 1
    items: int = 1
    capital_items: int = 0
    project_functions: int = 0
    projects: int = 0
    other_funds: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    closing: bool = False
    three_public: bool = False
    held_by_finance: bool = False
    local_practices: int = 0
    apart: bool = False
    step: int = CENT_OF_WAN


@dataclass(eq=False)
class Budget:
    """A consistent budget of one department: revenue by unit and fund equals what is spent or left over.

    ``amounts`` are in 分. ``sheets``: the projects with a sheet of performance goals. A budget is immutable, so the
    contents of its forms are cached.
    """

    department: str
    department_name: str
    units: tuple[Unit, ...]
    amounts: dict[Entry, int] = field(default_factory=lambda: defaultdict(int))
    sheets: tuple[str, ...] = ()  # projects with a sheet of performance goals

    def total(self, statement: str) -> int:
        """The sum of one statement, in 分."""
        return sum(amount for entry, amount in self.amounts.items() if entry.statement == statement)

    @property
    def filed_by(self) -> tuple[str, str]:
        """Code and name of the unit that files: the only unit, or the department."""
        if len(self.units) == 1:
            return self.units[0].code, self.units[0].name
        return self.department, self.department_name

    def of_unit(self, code: str) -> Budget:
        """The budget that one of the units would file by itself."""
        units = tuple(unit for unit in self.units if unit.code == code)
        amounts = {entry: amount for entry, amount in self.amounts.items() if entry.unit == code}
        sheets = tuple(sorted({entry.project for entry in amounts} & {*self.sheets}))
        return Budget(self.department, self.department_name, units, amounts, sheets)

    def rounded(self) -> Budget:
        """The budget with every amount rounded to 0.01 万元 by itself."""
        return replace(self, amounts=rounded(self.amounts))


def rounded(amounts: Mapping[Entry, int]) -> dict[Entry, int]:
    """Amounts (分), each rounded to 0.01 万元."""
    return {at: (amount + CENT_OF_WAN // 2) // CENT_OF_WAN * CENT_OF_WAN for at, amount in amounts.items()}


# ---------------------------------------------------------------------------- codes


@lru_cache(maxsize=1)
def functional_items() -> dict[str, str]:
    """Code → name of each 项, in the year of the budgets, for the 类 in form 1."""
    names = functional_names().items()
    return {code: name for code, name in names if len(code) == 7 and code[:3] in FUNCTIONAL_CLASSES}


@lru_cache(maxsize=1)
def functional_names() -> dict[str, str]:
    """Code → name of all functions, in the year of the budgets."""
    return _names("functional")


@lru_cache(maxsize=1)
def economic_names() -> dict[str, str]:
    """Code → name of all department-economic items, in the year of the budgets."""
    return _names("department_economic")


def _names(scheme: str) -> dict[str, str]:
    return {
        row["code"]: row["name"]
        for row in read_codes(scheme)
        if int(row["first_year"]) <= YEAR <= int(row["last_year"])
    }


_TOWN = ("荷塘", "金山", "桂花", "茨菇塘", "宋家桥", "月塘", "仙庾", "明照")
_FIELD = ("财政", "教育", "民政", "农业农村", "卫生健康", "司法", "统计", "审计", "水利", "文化旅游")
_AGENCY = ("局", "委员会", "办公室", "监察大队（机关）")
_INSTITUTION = ("服务中心", "第一中学", "图书馆", "事务中心（本级）")
_PROJECT = (
    "会议经费",
    "培训费",
    "信息化建设（二期）",
    "专项工作经费",
    "道路维护",
    "困难群众救助",
    "设备购置",
    "宣传费",
)


# ---------------------------------------------------------------------------- budgets


class _Maker:
    """Makes the budget of a shape."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.random = random.Random(f"budget {shape.seed}")
        self.earlier: list[int] = []
        # few functions, so that units and funds share them
        self.pool = self.random.sample(sorted(functional_items()), 12)
        self.next_function = 0
        self.projects = 0
        names = self._unit_names()
        units = tuple(
            Unit(f"{shape.department}{number:03}", name, kind)
            for number, (name, kind) in enumerate(zip(names, shape.kinds, strict=True), start=1)
        )
        department_name = (
            names[0] if self.random.random() < 0.5 else "株洲市荷塘区" + self.random.choice(_FIELD) + "系统"
        )
        self.budget = Budget(shape.department, department_name, units)
        self.practices = {
            kind: dict(self.random.sample(options, min(shape.local_practices, len(options))))
            for kind, options in LOCAL_PRACTICES.items()
        }

    def _unit_names(self) -> list[str]:
        names: list[str] = []
        for kind in self.shape.kinds:
            endings = _AGENCY if kind == "agency" else _INSTITUTION
            name = f"株洲市{self.random.choice(_TOWN)}区{self.random.choice(_FIELD)}{self.random.choice(endings)}"
            while name in names:
                name += "分中心"
            names.append(name)
        return names

    def make(self) -> Budget:
        for unit in self.budget.units:
            self._unit(unit)
        if not self.budget.amounts:
            self._spend(self.budget.units[0], GENERAL, "basic", self._function(), "30201")
        self._three_public()
        self._revenue()
        self.budget.amounts = {entry: amount for entry, amount in sorted(self.budget.amounts.items()) if amount}
        listed = {entry.project for entry in self.budget.amounts if entry.statement == "special_fund"}
        self.budget.sheets = tuple(name for name in sorted(listed) if self.random.random() < 0.6)
        return self.budget

    def _unit(self, unit: Unit) -> None:
        shape = self.shape
        if shape.general and (unit is self.budget.units[0] or self.random.random() < 0.8):
            self._general_basic(unit)
            self._general_projects(unit)
        for fund in (*shape.other_funds, *shape.openings):
            if unit is self.budget.units[-1] or self.random.random() < 0.6:
                self._other_fund(unit, fund)
        for nature in shape.natures:
            if unit is self.budget.units[-1] or self.random.random() < 0.4:
                self._spend(unit, NATURE_FUND[nature], nature, self._function(), "")

    def _general_basic(self, unit: Unit) -> None:
        functions = [self._function() for _ in range(self.shape.functions)]
        wages = WAGES[unit.kind]
        for position, function in enumerate(functions):
            # one function for the office itself; the others for payments to people
            options = [*wages, *INDIVIDUALS] if position else [*wages, *GOODS]
            for item in self.random.sample(options, min(self.shape.items, len(options))):
                self._spend(unit, GENERAL, "basic", function, item)
        for item in self.random.sample(CAPITAL, self.shape.capital_items):
            self._spend(unit, GENERAL, "basic", self.random.choice(functions), item)
        for item, government in self.practices[unit.kind].items():
            self._spend(unit, GENERAL, "basic", self.random.choice(functions), item, government)

    def _general_projects(self, unit: Unit) -> None:
        functions = [self._function() for _ in range(self.shape.project_functions)]
        funds = [GENERAL, *(fund for fund in self.shape.other_funds if fund in ("12", "13", "14"))]
        for number in range(self.shape.projects):
            self.projects += 1
            name = f"{self.random.choice(_TOWN)}{self.random.choice(_PROJECT)}{self.projects}"
            fund = GENERAL if self.shape.apart or self.random.random() < 0.8 else self.random.choice(funds)
            source = self.random.choice(self._sources()) if fund == GENERAL else fund
            places = self.random.sample(functions, min(len(functions), self.random.choice((1, 1, 2))))
            for function in places:
                for item in self._project_items(fund):
                    amount = self._spend(unit, fund, "project", function, item, project=name)
                    self._add(
                        Entry("special_fund", unit.code, source[:3], item="in_department_budget", project=name), amount
                    )
            if self.shape.held_by_finance and (number == 0 or self.random.random() < 0.3):
                self._add(
                    Entry("special_fund", unit.code, source[:3], item="held_by_finance", project=name), self._amount()
                )
        for function in functions:
            # project spending without a special fund
            if not self.shape.projects or self.random.random() < 0.2:
                for item in self._project_items(GENERAL):
                    self._spend(unit, GENERAL, "project", function, item)

    def _project_items(self, fund: str) -> list[str]:
        # form 18 has no column for 301 among projects
        options = [item for item in PROJECT_ITEMS if not (fund == GOVERNMENT_FUND and item.startswith("301"))]
        return self.random.sample(options, 1 if self.shape.apart else self.random.choice((1, 1, 2)))

    def _other_fund(self, unit: Unit, fund: str) -> None:
        function = self._function()
        if self.random.random() < 0.5:
            for item in self.random.sample([*WAGES[unit.kind], *GOODS, *INDIVIDUALS], min(2, self.shape.items)):
                self._spend(unit, fund, "basic", function, item)
        if self.random.random() < 0.7:
            for item in self._project_items(fund):
                self._spend(unit, fund, "project", function, item)

    def _function(self) -> str:
        if self.shape.apart:
            self.next_function += 1
            items = sorted(functional_items())
            return items[(self.next_function * 37 + self.shape.seed) % len(items)]
        return self.random.choice(self.pool)

    def _amount(self) -> int:
        if self.earlier and self.random.random() < 0.08:
            return self.random.choice(self.earlier)
        largest = self.random.choice((99, 9_999, 9_999, 999_999))
        amount = self.random.randint(1, largest) * CENT_OF_WAN
        if self.shape.step < CENT_OF_WAN:
            amount += self.random.randint(0, CENT_OF_WAN // self.shape.step - 1) * self.shape.step
        self.earlier.append(amount)
        return amount

    def _add(self, entry: Entry, amount: int) -> None:
        self.budget.amounts[entry] += amount

    def _spend(
        self,
        unit: Unit,
        fund: str,
        nature: str,
        function: str,
        item: str,
        government: str | None = None,
        project: str = "",
    ) -> int:
        if government is None:
            practice = self.practices[unit.kind] if fund == GENERAL and nature == "basic" else {}
            government = practice.get(item) or official_code(unit.kind, item)
        amount = self._amount()
        self._add(Entry("expenditure", unit.code, fund, nature, function, item, government, project=project), amount)
        return amount

    def _three_public(self) -> None:
        for unit in self.budget.units if self.shape.three_public else ():
            for item in self.random.sample(THREE_PUBLIC, self.random.randint(1, 3)):
                self._add(Entry("three_public", unit.code, item=item), self._amount())

    def _sources(self) -> Sequence[str]:
        return self.shape.sources or ("111",)

    def _revenue(self) -> None:
        """Add revenue that covers the expenditure. Some of it may be carried over to the next year."""
        spent: dict[tuple[str, str], int] = defaultdict(int)
        for entry, amount in self.budget.amounts.items():
            if entry.statement == "expenditure":
                spent[entry.unit, entry.fund] += amount
        for (unit, fund), amount in spent.items():
            if self.shape.closing and self.random.random() < 0.5:
                left = self._amount()
                carried = {"11": "181", "12": "182", "13": "183", "14": "184"}.get(fund, "189")
                self._add(Entry("carry_over", unit, fund if fund in CARRIED_OVER else carried, item="closing"), left)
                amount += left
            if fund in CARRIED_OVER:
                self._add(Entry("carry_over", unit, fund, item="opening"), amount)
            elif fund == GENERAL:
                self._split_general(unit, amount)
            else:
                self._add(Entry("revenue", unit, fund, item=fund), amount)

    def _split_general(self, unit: str, amount: int) -> None:
        *others, main = self._sources()
        for source in others:
            share = self.random.randint(0, amount // self.shape.step // 2) * self.shape.step
            self._add(Entry("revenue", unit, source, item=source), share)
            amount -= share
        self._add(Entry("revenue", unit, main, item=main), amount)


def official_code(kind: str, item: str) -> str:
    """The government-economic code of an item, "" if ``item`` is ""."""
    return crosswalk()[kind, item][0] if item else ""


def budget_of(shape: Shape) -> Budget:
    """The budget of a shape."""
    return _Maker(shape).make()


# ---------------------------------------------------------------------------- random shapes


def _subset(options: Iterable[str], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    ordered = list(options)
    return st.lists(st.sampled_from(ordered), max_size=most, unique=True).map(lambda x: tuple(sorted(x)))


def shapes() -> st.SearchStrategy[Shape]:
    """All kinds of budgets."""
    return st.builds(
        Shape,
        seed=st.integers(0, 9_999),
        department=st.sampled_from(("001", "105", "201", "208", "210", "229")),
        kinds=st.lists(st.sampled_from(("agency", "institution")), min_size=1, max_size=6).map(tuple),
        general=st.sampled_from((True, True, True, False)),
        functions=st.integers(1, 5),
        items=st.integers(1, 6),
        capital_items=st.integers(0, 3),
        project_functions=st.integers(0, 4),
        projects=st.integers(0, 4),
        other_funds=_subset((*FUNDS_WITH_FORM, *FUNDS_WITHOUT_FORM), 5),
        openings=_subset(CARRIED_OVER, 3),
        natures=_subset(NATURE_FUND, 3),
        sources=_subset(GENERAL_SOURCES, 4),
        closing=st.booleans(),
        three_public=st.booleans(),
        held_by_finance=st.booleans(),
        local_practices=st.integers(0, 2),
        apart=st.booleans(),
    ).map(_with_functions)


def _with_functions(shape: Shape) -> Shape:
    """The shape with at least one function for its projects."""
    return shape if shape.project_functions or not shape.projects else replace(shape, project_functions=1)


def plain_shapes() -> st.SearchStrategy[Shape]:
    """Budgets that their forms determine completely, except for the projects.

    No two funds or classes have the same sum.
    """
    return shapes().flatmap(
        lambda shape: st.builds(
            replace,
            st.just(shape),
            other_funds=_subset(FUNDS_WITH_FORM, 3).flatmap(
                lambda shown: _subset(FUNDS_WITHOUT_FORM, 1).map(lambda hidden: (*shown, *hidden))
            ),
            openings=st.just(()),
            natures=st.just(()),
            sources=_subset(("111", "113"), 2),
            capital_items=st.integers(0, 1) if len(shape.kinds) == 1 else st.just(0),
            closing=st.just(False),
            held_by_finance=st.just(False),
            local_practices=st.just(0),
            apart=st.just(True),
        )
    )


def random_shape(seed: int) -> Shape:
    """A random shape of any kind without hypothesis, for benchmarks. The same seed gives the same shape."""
    choose = random.Random(f"shape {seed}")

    def some(options: Sequence[str], most: int) -> tuple[str, ...]:
        return tuple(sorted(choose.sample(options, choose.randint(0, most))))

    return _with_functions(
        Shape(
            seed=seed,
            department=f"{choose.randint(1, 299):03}",
            kinds=tuple(choose.choice(("agency", "institution")) for _ in range(choose.choice((1, 1, 1, 2, 3, 6)))),
            functions=choose.randint(1, 5),
            items=choose.randint(1, 6),
            capital_items=choose.choice((0, 0, 1, 2)),
            project_functions=choose.randint(0, 4),
            projects=choose.randint(0, 4),
            other_funds=some((*FUNDS_WITH_FORM, *FUNDS_WITHOUT_FORM), 3),
            openings=some(CARRIED_OVER, choose.choice((0, 0, 2))),
            natures=some(tuple(NATURE_FUND), choose.choice((0, 0, 0, 1))),
            sources=some(GENERAL_SOURCES, 3),
            closing=choose.random() < 0.2,
            three_public=choose.random() < 0.8,
            held_by_finance=choose.random() < 0.2,
            local_practices=choose.choice((0, 0, 1)),
        )
    )


def random_budget(seed: int) -> Budget:
    """A random consistent budget. The same seed gives the same budget."""
    return budget_of(random_shape(seed))
