"""What the words before a figure of the prose mean: totals, funds, items, economic classes and functions.

Only words that are understood completely have a meaning. Within a sentence, funds and natures without their own noun
(其中：一般公共预算拨款…) are parts of the sentence's subject. A function (类款项) is the topic of the sentences after
it: their 预算安排 and 支出决算 are amounts of this function.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from loader.filing.prose.figures import PEOPLE
from loader.filing.prose.functions import (
    NAMES,
    Function,
    classes,
    economic_classes,
    is_function,
    named,
    without_class,
)
from schema.forms.template import Stage

Meaning = list[tuple[str, str | None]]  # kinds with their qualifiers, see StatedFact

# words between a noun and its figure
_STAGE = r"(?P<stage>年初预算|全年预算|预算|决算)?"
_REMARK = r"(?:\((?!\d+[类款项])[^()]{2,20}\))?约?(?:为|是|达)?:?$"
_LINK = re.compile(
    rf"{_STAGE}(?:总额|总数|总?金额|资金|数额|数|额)?(?:安排)?(?:(?:总计|合计|共计|共|计)(?:支出)?)?{_REMARK}"
)
# the words before a noun without a fund are nothing, or end with a year or an office
_OFFICE = re.compile(
    r"(?:^|(?:[年度]|部门|单位|本级|[局厅部署委院所站处队会社馆校园镇乡庭台团室]|中心|政府|街道|机关|集团"
    r"|\([^()]*(?:部门|单位|本级|机关|汇总|本部|中心|[局厅署委院])\))的?)$"
)

_FUNDS = {
    r"一般公共预算(?:当年)?(?:财政)?(?:拨款)?": "general",
    r"政府性基金(?:预算)?(?:财政)?(?:拨款)?": "government_fund",
    r"国有资本经营(?:预算)?(?:财政)?(?:拨款)?": "state_capital",
    r"财政拨款": "fiscal",
    r"财政专户(?:管理)?(?:的)?(?:教育收费|资金|核拨)?": "special_account",
    r"纳入(?:财政)?专户管理的非税(?=收入)": "special_account",
    r"(?:事业单位)?经营(?=收入)": "operating_income",
    r"事业(?=收入)": "institution_income",
    r"上级补助(?=收入)": "higher_subsidy",
    r"附属单位上[缴交](?=收入)": "subordinate_payment",
    r"其他(?=收入)": "other_income",
}
_FUND = "|".join(f"(?P<fund{number}>{pattern})" for number, pattern in enumerate(_FUNDS))
_NOUN = re.compile(rf"(?:{_FUND})(?:预算)?(?P<side>收入|支出)?$")
_BEFORE_FUND = re.compile(rf"(?:{_FUND})(?:安排)?的?$")
_FUND_FIRST = re.compile(rf"[^,;:。(元]{{0,20}}?(?:{_FUND})")
_TOTALS = {
    "收入支出预算总计": ("revenue_total", "expenditure_total"),
    "收支预算总计": ("revenue_total", "expenditure_total"),
    "收入预算总计": ("revenue_total",),
    "支出预算总计": ("expenditure_total",),
    "收入预算合计": ("revenue",),
    "支出预算合计": ("expenditure",),
    "收入支出总计": ("revenue_total", "expenditure_total"),
    "收支总计": ("revenue_total", "expenditure_total"),
    "收支总预算": ("revenue_total", "expenditure_total"),
    "收支预算": ("revenue_total", "expenditure_total"),
    "收入支出总体": ("revenue_total", "expenditure_total"),
    "收入总计": ("revenue_total",),
    "总收入": ("revenue_total",),
    "收入总预算": ("revenue_total",),
    "支出总计": ("expenditure_total",),
    "总支出": ("expenditure_total",),
    "支出总预算": ("expenditure_total",),
    "收入合计": ("revenue",),
    "收入": ("revenue",),
    "支出合计": ("expenditure",),
    "支出": ("expenditure",),
}
_REVENUE_AND_SPENDING = re.compile("(收(?=[、和]支)|收入(?=[、和]支出))[、和](支)")
_PLANNED_MONEY = re.compile("(?<=[年度门位级局院款])预算(?:安排)?(收入|支出)(?=$|为)")  # 本部门预算支出: 支出预算
_TOTAL = re.compile(
    rf"(?P<own>本年|当年|年度)?(?P<total>{'|'.join(_TOTALS)}){_STAGE}(?:总额|总数|数|额)?(?:安排)?(?:共计|共)?(?:均|各)?{_REMARK}"
)
_CAR = "(?:公务用?车|公车)"
_BUYING = "(?:政府采购|拟购买|拟采购)?"
_ITEMS: tuple[tuple[str, str], ...] = (
    (r"基本支出", "basic"),
    (r"项目支出", "project"),
    (r"上[缴交]上级支出", "remitted"),
    (r"(?:事业单位)?经营支出", "operating"),
    (r"对附属单位补助支出", "subsidy"),
    (r"单位预留机动经费", "reserve"),
    (r"人员(?:经费|支出)", "staff"),
    (r"(?:日常)?公用(?:经费|支出)", "public"),
    (r"三公经费(?:一般公共预算|当年)?(?:财政)?(?:拨款)?(?:支出)?", "three_public"),
    (r"因公出国\(境\)(?:费用|费|经费)?(?:支出)?", "abroad"),
    (rf"{_CAR}购置(?:(?:费用|费)?[及和与])?运行(?:维护)?(?:费用|费|经费)?(?:支出)?", "vehicle"),
    (rf"{_CAR}购置(?:费用|费|经费)?(?:支出)?", "vehicle_purchase"),
    (rf"{_CAR}运行(?:维护)?(?:费用|费|经费)?(?:支出)?", "vehicle_operation"),
    (r"公务接待(?:费用|费|经费)?(?:支出)?", "reception"),
    (r"会议费(?:支出)?", "meeting"),
    (r"培训费(?:支出)?", "training"),
    (r"机关运行经费(?:支出)?(?:当年)?(?:一般公共预算)?(?:财政)?(?:拨款)?", "operating_cost"),
    (rf"{_BUYING}货物(?:类)?(?:政府)?(?:采购)?(?:支出)?", "procurement_goods"),
    (rf"{_BUYING}工程(?:类)?(?:政府)?(?:采购)?(?:支出)?", "procurement_works"),
    (rf"{_BUYING}服务(?:类)?(?:政府)?(?:采购)?(?:支出)?", "procurement_services"),
    (r"政府采购(?:支出)?", "procurement"),
)
_ITEM = tuple((re.compile(f"(?P<before>.*?)(?:{pattern})$"), kind) for pattern, kind in _ITEMS)
# money carried over and kept, as parts of a total: 收入总计12万元，其中：年初结转和结余3万元
_CARRIED: tuple[tuple[re.Pattern[str], str, frozenset[str]], ...] = tuple(
    (re.compile(pattern), kind, frozenset((side, f"{side}_total")))
    for pattern, kind, side in (
        (r"(?:年初|上年)(?:财政拨款)?(?:结转(?:[和及]?结余)?|结余)(?:资金|收入)?", "opening", "revenue"),
        (r"使用(?:以前年度)?非财政拨款结余(?:\(含专用结余\)|[和及]专用结余)?", "surplus_used", "revenue"),
        (r"结余分配", "surplus_distributed", "expenditure"),
        (
            r"(?:年末|年终)(?:财政拨款)?(?:结转(?:[和及]?结余)?|结余)(?:资金)?|结转下年(?:支出)?",
            "closing",
            "expenditure",
        ),
    )
)
_ECONOMIC = {
    "工资福利支出": "wages",
    "商品和服务支出": "goods",
    "一般商品和服务支出": "goods",
    "对个人和家庭的补助": "individuals",
    "对个人和家庭的补助支出": "individuals",
    "对个人和家庭补助": "individuals",
    "对个人和家庭补助支出": "individuals",
}
_OF_PROCUREMENT = frozenset(("procurement_goods", "procurement_works", "procurement_services"))
_OF_THREE_PUBLIC = frozenset(("abroad", "vehicle", "vehicle_purchase", "vehicle_operation", "reception"))
_OF_A_FUND = frozenset(("basic", "project", "staff", "public", "remitted", "operating", "subsidy"))
# what may be meant by the parts of a figure; parts of others, as of a function, are not what their words say
_PARTS: dict[str, frozenset[str]] = {
    "basic": frozenset(("staff", "public", *_ECONOMIC.values())),
    "project": frozenset(_ECONOMIC.values()),
    "staff": frozenset(("wages", "individuals")),
    "public": frozenset(("goods",)),
    "three_public": _OF_THREE_PUBLIC,
    "vehicle": frozenset(("vehicle_purchase", "vehicle_operation")),
    "procurement": _OF_PROCUREMENT,
}
_CARRIED_KINDS = frozenset(kind for _, kind, _ in _CARRIED)
_WHOLE = frozenset(("revenue", "revenue_total", "expenditure", "expenditure_total"))
_SUBORDINATES = re.compile("^各?(?:下属|所属|二级|直属|下级)")
_WHOSE = re.compile(r"(?P<name>[^本我全该各()][^()]*?)(?<!部门)(?<!单位)[的年度]*")  # an office by name, not 本部门
_BOUND = re.compile(r"(?:面向|预留|授予|涉及|用于|节约|减少|增加|支付|压减|扣除)")  # make it a part or something else
_FUNCTION = re.compile(rf"{NAMES}(?:支出|科目)?$")
_PATH = re.compile(r"(?P<class>[^-]+)-(?P<group>[^-]+)(?:-(?P<item>[^-]+?))?(?:科目)?$")  # 教育支出-普通教育-小学教育
_GOAL_MONEY = re.compile(
    r"(?:绩效目标(?:管理|编报)?的?|涉及(?:项目)?(?:财政)?(?:预算)?)(?:资金|金额|预算)?(?:共计|共)?为?$"
)
_GOAL_COUNT = re.compile(r"绩效目标(?:管理|编报)?的?(?:20\d\d年度?)?(?:预算)?项目(?:共计|共)?为?$")
_COUNTING = "(?:总?数|人数)?(?:共有|共计|共|为|有)?$"
_AUTHORISED = re.compile(rf"(?:^|[^政业勤])(?:核定|人员)?编制{_COUNTING}")
_ACTUAL = re.compile(rf"(?:实有|实际|在职)(?:在职|在编|在岗)*(?:人员|职工)?{_COUNTING}")


@dataclass(slots=True)
class Nouns:
    """The words of a document's prose, read sentence by sentence.

    ``offices``: the first office of which the prose states an item or total. ``renamed``: codes and the names that the
    prose calls them. The rest is the subject of the sentence so far: ``side`` is revenue or expenditure, ``topic`` the
    names of a function, ``part_of`` the figure whose parts are stated (empty if it was not understood, None if these
    are no parts). ``is_of_fund``: the sentence or its heading begins with a fund, whose 本年收入 and 支出合计 follow.
    ``fund_of_heading`` is the fund of that heading.
    """

    year: int
    stage: str
    offices: dict[str, str] = field(default_factory=dict)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    side: str | None = None
    fund: str | None = None
    topic: str | None = None
    part_of: Meaning | None = None
    is_of_fund: bool = False
    fund_of_heading: str | None = None
    procures: bool = False
    has_goals: bool = False

    def begin(self, text: str, heading: str, topic: str | None, part_of: Meaning | None) -> None:
        """A sentence begins."""
        self.side = self.fund = None
        of_heading = _FUND_FIRST.match(heading)
        self.is_of_fund = bool(_FUND_FIRST.match(text) or of_heading)
        self.fund_of_heading = _fund_of(of_heading) if of_heading else None
        self.topic, self.part_of = topic, part_of
        self.procures = self.has_goals = False

    def meaning(self, words: str, unit: str) -> Meaning:
        """The meaning of the words before a figure, [] if they are not understood completely."""
        words = _PLANNED_MONEY.sub(r"\1预算", _REVENUE_AND_SPENDING.sub(r"\1\2", words))
        if unit in PEOPLE:
            return self._people(words, unit)
        if _GOAL_MONEY.search(words):
            return [("goal_amount", None)] if "绩效" in words or self.has_goals else []
        return [(self._of_whole(kind), of) for kind, of in self._of_money(words) if self._may_be_part(kind)]

    def function(self, function: Function) -> str:
        """The names of a function. Other names than those of the year are noted."""
        self.renamed += function.renamed
        return function.names

    def _may_be_part(self, kind: str) -> bool:
        if not self.part_of:
            return kind not in _ECONOMIC.values() if self.part_of is None else kind in _OF_THREE_PUBLIC
        if kind in _CARRIED_KINDS:
            return True  # they are found as parts only
        return any(whole in _WHOLE or kind == whole or kind in _PARTS.get(whole, ()) for whole, _ in self.part_of)

    def _of_whole(self, kind: str) -> str:
        """The kind; of an economic class, the spending whose part it is says more: basic_wages."""
        if kind not in _ECONOMIC.values():
            return kind
        wholes = {"project" if whole == "project" else "basic" for whole, _ in self.part_of or () if whole in _PARTS}
        return "_".join([*wholes, kind])

    def _of_money(self, words: str) -> Meaning:
        if total := self._total(words):
            return total
        link = _LINK.search(words)
        noun, of_stage = (words[: link.start()], link["stage"]) if link else (words, None)
        if not self._is_of_stage(of_stage):
            return []  # the budget in a final account, or the reverse
        if carried := self._carried(noun):
            return carried
        if noun in ("", "支出") and of_stage:
            return [("function", self.topic)] if self.topic else []
        if _BOUND.search(noun):
            return []
        if noun in _ECONOMIC:
            return [(_ECONOMIC[noun], None)]
        return self._item(noun) or self._function(noun) or self._of_fund(noun)

    def _is_of_stage(self, word: str | None) -> bool:
        return not word or (word == "决算") == (self.stage == Stage.FINAL)

    def _people(self, words: str, unit: str) -> Meaning:
        if unit == "个":
            self.has_goals = bool(_GOAL_COUNT.search(words))
            return [("goal_projects", None)] if self.has_goals else []
        if _ACTUAL.search(words):
            return [("headcount_actual", None)]
        return [("headcount_authorised", None)] if _AUTHORISED.search(words) else []

    def _total(self, words: str) -> Meaning:
        """All revenue or all spending: 收入总计, 支出预算, 本年收入合计."""
        match = _TOTAL.search(words)
        if match is None:
            return []
        before, name, of_stage = words[: match.start()], match["total"], match["stage"]
        fund = _BEFORE_FUND.search(before) if name not in ("收入", "支出") else None
        if fund:
            before = before[: fund.start()]
        if not _OFFICE.search(before) or not self._is_of_stage(of_stage):
            return []
        if is_function(before + name, self.year):
            return []  # 其他法院支出 is none of an office
        if not fund and (self.is_of_fund or self._is_of_another(before, name)):
            return []
        is_owned = bool(before or match["own"])
        of_fund = _fund_of(fund) if fund else None
        if name in ("收入", "支出") and (self.topic or (not of_stage and not is_owned)):
            return []
        if name in ("收入", "支出") and of_stage == "决算" and not is_owned:
            return []  # 支出决算为… refers to something named before
        if "预算" in name and not self._is_of_stage("预算"):
            return []
        kinds = _TOTALS[name]
        self.side = kinds[0].removesuffix("_total") if len(kinds) == 1 else None
        self.fund = None
        return [(kind, of_fund) for kind in kinds]

    def _item(self, noun: str) -> Meaning:
        """An item with its own name: 基本支出, 会议费, 政府采购货物 …"""
        noun = noun.removesuffix("预算支出")
        for pattern, kind in _ITEM:
            found = pattern.match(noun)
            if found is None:
                continue
            before = found["before"]
            fund = _BEFORE_FUND.search(before)
            if not fund and not _OFFICE.search(before):
                return []
            if self._is_of_another(before[: fund.start()] if fund else before, kind):
                return []
            if kind in _OF_PROCUREMENT and not (self.procures or "政府采购" in noun):
                return []
            self.procures = self.procures or kind == "procurement"
            of_fund = _fund_of(fund) if fund else self.fund or self._fund_of_whole(kind)
            if of_fund == "fiscal" and self.fund_of_heading == "general":
                of_fund = "general"  # 财政拨款 below 一般公共预算财政拨款基本支出 is short for it
            return [(kind, of_fund if kind in _OF_A_FUND else None)]
        return []

    def _fund_of_whole(self, kind: str) -> str | None:
        """The fund of the figure whose parts are stated: 财政拨款基本支出12万元，其中：人员经费10万元."""
        return next((fund for whole, fund in self.part_of or () if kind in _PARTS.get(whole, ())), None)

    def _carried(self, noun: str) -> Meaning:
        """Money carried over, as a part of a total, whose fund it has."""
        for pattern, kind, wholes in _CARRIED:
            if pattern.fullmatch(noun):
                own = "fiscal" if re.match("(?:年[初末终]|上年)财政拨款", noun) else None
                return [(kind, of_fund or own) for whole, of_fund in self.part_of or () if whole in wholes][:1]
        return []

    def _is_of_another(self, whose: str, kind: str) -> bool:
        """Whether the prose stated this of one office by name, and now of another (局机关, 执法大队) or of several."""
        if _SUBORDINATES.search(whose):
            return True
        found = _WHOSE.fullmatch(whose)
        if found is None:
            return False
        office = found["name"]
        first = self.offices.setdefault(kind, office)
        return not (office.endswith(first) or first.endswith(office))

    def _function(self, noun: str) -> Meaning:
        """A function by its names (类款项), or a class as a part of spending."""
        function: Function | None = None
        if (found := _FUNCTION.search(noun)) and found["class"] in economic_classes(self.year):
            return []  # of which spending prose states the economic classes, their words do not tell
        if found:
            function = named(found, self.year)
        elif (path := _PATH.match(noun)) and path["class"] in classes(self.year):
            function = Function("/".join(name for name in path.groups() if name))
        elif noun.endswith(("(项)", "(项)支出")):
            function = without_class(noun, self.year)
        if function is not None:
            self.topic = self.function(function)
            return [("function", self.topic)]
        of_class = noun.removesuffix("类科目")
        if (self.side == "expenditure" or of_class != noun) and of_class in classes(self.year):
            return [("function", of_class)]
        return []

    def _of_fund(self, noun: str) -> Meaning:
        """Revenue or spending of a fund: 财政拨款收入.

        Without 收入 and 支出 it is a part of the sentence's subject.
        """
        found = _NOUN.search(noun)
        if found is None or not _OFFICE.search(noun[: found.start()]):
            return []
        fund = _fund_of(found)
        side = {"收入": "revenue", "支出": "expenditure", None: self.side}[found["side"]]
        if side is None and noun.endswith("当年拨款") and self.topic is None and self.part_of is None:
            side = "revenue"
        if side is None:
            return []
        if found["side"] == "支出":
            self.side, self.fund = side, fund
        return [(side, fund)]


def _fund_of(found: re.Match[str]) -> str:
    return next(name for number, name in enumerate(_FUNDS.values()) if found[f"fund{number}"] is not None)
