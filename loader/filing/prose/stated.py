"""The facts that sentences of the prose state: "2024年收入预算896.28万元，比上年增加12.30万元".

A fact is recorded only if the words right before a figure are understood completely. Within a sentence, funds and
natures without their own noun (其中：一般公共预算拨款…) are parts of the sentence's subject, and changes (比上年增加…)
are changes of the last figure. A function (类款项) is the topic of the sentences after it. Their 预算安排 and 支出决算
are amounts of this function.

Changes, rates and shares are held against the amounts of the same sentence, whether or not it is understood what these
are of. Where several amounts may be meant, the one that fits best counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from loader.documents.wording import fold, is_enumerated
from loader.filing.filed import StatedFact
from loader.filing.prose.functions import NAMES, Function, classes, economic_classes, named, without_class
from loader.filing.prose.implied import Figure, change_of, nearest, rate_by_change, rate_from, rate_of, share_of
from loader.filing.prose.left_overs import left_overs
from loader.filing.prose.own_year import compared_with_itself
from loader.filing.prose.punctuation import is_lone_stop, wrong_marks
from loader.filing.prose.sentences import Sentence
from schema.forms.template import Stage

_WAN = {"亿元": Decimal(10000), "万元": Decimal(1), "千元": Decimal("0.1"), "元": Decimal("0.0001")}  # in 万元
_PEOPLE = frozenset("名人个")
_FIGURE = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>亿元|万元|千元|元|%|名|人|个)(?!/|[(]含|以上|以下)"
)
_CLAUSE = re.compile(r"[,;。]|(?<!\d):|\((?=其中|包括|含)")
_OPENING = re.compile(
    r"^[、和及]*(?:\d{1,2}[.、]|[①-⑳]|[(]?[一二三四五六七八九十\d]{1,2}[)、.])?"
    r"(?:其中|包括|包含|含|分别为|即|主要是)?[:,]?"
)
_YEAR = re.compile(r"(20\d\d)年(?:度)?(?:年初|当年|全年)?")
_COMPARED = re.compile("(?<=相比|比较),")
_CHANGE = re.compile(
    r"^(?P<subject>.*?)(?:比|较|与|同)(?:上年|去年|上一年|(?P<year>20\d\d)年)度?(?:的|当年|年初|部门)*"
    r"(?P<base>预算执行|预算|决算|执行)?数?(?:相比|比较|比)?"
    r"(?P<same>.*?)(?P<sign>增加|增长|上升|减少|下降|降低|压减)了?$"
)
# 比上年减少部门支出 1,653 万元: the subject of the change stands behind it, and is often only a part
_CHANGE_BEFORE = re.compile(r"(?:比|较|与|同)(?:上年|去年|上一年|20\d\d年).*(?:增加|增长|上升|减少|下降|降低|压减)")
_RATE = re.compile(r"^(?P<sign>增长|增加|上升|增幅|下降|减少|降低|降幅)(?:率|幅度)?(?:为|了)?$")
# how much more or less it is than something else: 减少的金额为2万元, 决算数大于年初预算数2万元
_DIFFERENCE = re.compile(
    r"(?:增加|增长|上升|提高|减少|下降|降低|压减|压缩|节约)(?:了|的?(?:金额|额|数))?(?:为|约)?$"
    r"|(?:大于|超过|超出|高于|多于|低于|小于|少于)[^,]*$|(?:比|较|与|同).*(?:多|少|差异?|相差)(?:了|为)?$"
)
_CHANGE_FIRST = re.compile(r"^(?:比|较|与|同)(?:上年|去年|上一年|20\d\d年)")
_PRIOR = re.compile(
    r"^(?:(?P<year>20\d\d)年度?|上年度?|去年)(?:当年|年初)?(?P<base>预算执行|预算|决算|执行)?数?(?:安排)?(?:为|是)?$"
)
_PLANNED = re.compile(r"(?P<base>年初|全年|调整)?预算数?(?:安排)?(?:为|是)?$")
_COMPLETION = re.compile(r"完成(?P<base>年初|全年|调整)?预算数?的?$")
_SHARE = re.compile(r"占(?:比(?:例|重)?)?(?:为|约)?$")
_PARTS_FOLLOW = re.compile("其中|包括|包含|以下方面|分别")
_UP = frozenset(("增加", "增长", "上升", "增幅"))
# words between a noun and its figure
_STAGE = r"(?P<stage>年初预算|全年预算|预算|决算)?"
_REMARK = r"(?:\((?!\d+[类款项])[^()]{2,20}\))?约?(?:为|是|达)?:?$"
_LINK = re.compile(rf"{_STAGE}(?:总额|总数|总?金额|资金|数额|数|额)?(?:安排)?(?:总计|合计|共计|共|计)?{_REMARK}")
# the words before a noun without a fund are nothing, or end with a year or an office
_OFFICE = re.compile(
    r"(?:^|[年度的]|部门|单位|本级|[局厅部署委院所站处队会社馆校园镇乡庭台团室]|中心|政府|街道|机关|集团|[^类款项][)])$"
)

_FUNDS = {
    r"一般公共预算(?:当年)?(?:财政)?(?:拨款)?": "general",
    r"政府性基金(?:预算)?(?:财政)?(?:拨款)?": "government_fund",
    r"国有资本经营(?:预算)?(?:财政)?(?:拨款)?": "state_capital",
    r"财政拨款": "fiscal",
    r"财政专户(?:管理)?(?:的)?(?:教育收费|资金|核拨)?": "special_account",
    r"(?:事业单位)?经营(?=收入)": "operating_income",
    r"事业(?=收入)": "institution_income",
    r"上级补助(?=收入)": "higher_subsidy",
    r"附属单位上[缴交](?=收入)": "subordinate_payment",
    r"其他(?=收入)": "other_income",
}
_FUND = "|".join(f"(?P<{name}>{pattern})" for pattern, name in _FUNDS.items())
_NOUN = re.compile(rf"(?:{_FUND})(?:预算)?(?P<side>收入|支出)?$")
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
_TOTAL = re.compile(
    rf"(?P<own>本年|当年|年度)?(?P<total>{'|'.join(_TOTALS)}){_STAGE}(?:总额|总数|数|额)?(?:安排)?(?:共计|共)?{_REMARK}"
)
_BUYING = "(?:政府采购|拟购买|拟采购)?"
_ITEMS: tuple[tuple[str, str], ...] = (
    (r"基本支出", "basic"),
    (r"项目支出", "project"),
    (r"单位预留机动经费", "reserve"),
    (r"人员(?:经费|支出)", "staff"),
    (r"(?:日常)?公用(?:经费|支出)", "public"),
    (r"三公经费(?:一般公共预算|当年)?(?:财政)?(?:拨款)?(?:支出)?", "three_public"),
    (r"因公出国\(境\)(?:费用|费|经费)?(?:支出)?", "abroad"),
    (r"公务用车购置(?:及|和|与)?运行(?:维护)?(?:费用|费|经费)?(?:支出)?", "vehicle"),
    (r"公务用车购置(?:费用|费|经费)?(?:支出)?", "vehicle_purchase"),
    (r"公务用车运行(?:维护)?(?:费用|费|经费)?(?:支出)?", "vehicle_operation"),
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
_BEFORE_FUND = re.compile(rf"(?:{_FUND})(?P<for>安排的)?$")
_OF_PROCUREMENT = frozenset(("procurement_goods", "procurement_works", "procurement_services"))
_OF_A_FUND = frozenset(("basic", "project", "staff", "public"))
_SUBORDINATES = re.compile("^各?(?:下属|所属|二级|直属|下级)")
_WHOSE = re.compile(r"(?P<name>[^本我全该各()][^()]*?)(?<!部门)(?<!单位)[的年度]*")  # an office by name, not 本部门
_BOUND = re.compile(r"(?:面向|预留|授予|涉及|用于|节约|减少|增加|支付|压减|扣除)")  # make it a part or something else
_FUNCTION = re.compile(rf"{NAMES}(?:支出|科目)?$")
_PATH = re.compile(r"(?P<class>[^-]+)-(?P<group>[^-]+)(?:-(?P<item>[^-]+?))?(?:科目)?$")  # 教育支出-普通教育-小学教育
_TOPIC = re.compile(rf"^{NAMES}(?:[,。:(]|$)")
_GOAL_MONEY = re.compile(
    r"(?:绩效目标(?:管理|编报)?的?|涉及(?:项目)?(?:财政)?(?:预算)?)(?:资金|金额|预算)?(?:共计|共)?为?$"
)
_GOAL_COUNT = re.compile(r"绩效目标(?:管理|编报)?的?(?:20\d\d年度?)?(?:预算)?项目(?:共计|共)?为?$")
_COUNTING = "(?:总?数|人数)?(?:共有|共计|共|为|有)?$"
_AUTHORISED = re.compile(rf"(?:^|[^政业勤])(?:核定|人员)?编制{_COUNTING}")
_ACTUAL = re.compile(rf"(?:实有|实际|在职)(?:在职|在编|在岗)*(?:人员|职工)?{_COUNTING}")


Meaning = list[tuple[str, str | None]]  # kinds with their qualifiers


@dataclass(slots=True)
class _Context:
    """The subject of the sentence so far."""

    side: str | None = None  # revenue or expenditure
    fund: str | None = None
    about: tuple[StatedFact, ...] = ()  # the last figure; a change behind it is its change
    procures: bool = False
    has_goals: bool = False
    stated: Meaning = field(default_factory=list)
    divided: Meaning = field(default_factory=list)  # what was stated before its parts: another amount of it is a part
    topic: str | None = None  # the names of the function that is the topic of the sentences
    # what changes, rates and shares may be of
    amounts: list[Figure] = field(default_factory=list)  # of this year
    before: Figure | None = None  # of the year before
    before_base: str | None = None  # 预算执行, 决算 …
    planned: dict[str | None, Figure] = field(default_factory=dict)  # 年初预算, 全年预算 of a final account
    all_amounts: list[Figure] = field(default_factory=list)  # also those compared before
    wholes: list[Figure] = field(default_factory=list)
    change: Figure | None = None
    compared: list[Figure] = field(default_factory=list)  # what the change is of
    is_compared: bool = False  # the next amount begins anew

    def forget_change(self) -> None:
        """Of a change that is not understood, no rate follows."""
        self.change, self.compared = None, []

    def next_sentence(self, text: str) -> _Context:
        """The context of the next sentence. If it begins with a change, this is one of the only amount before it."""
        if is_enumerated(text):
            return _Context()
        if _CHANGE_FIRST.match(text) and len(self.amounts) == 1 and not self.is_compared:
            return _Context(
                topic=self.topic, about=self.about, amounts=self.amounts, all_amounts=list(self.all_amounts)
            )
        return _Context(topic=self.topic)


def stated_facts(sentences: Iterable[Sentence], year: int, stage: str) -> list[StatedFact]:
    """The facts that sentences state, for a disclosure of this year and stage.

    A sentence with figures gets one fact without a kind if nothing in it is understood.
    """
    facts: list[StatedFact] = []
    context = _Context()
    said: _Said = {}
    offices: dict[str, str] = {}
    renamed: set[tuple[str, str]] = set()
    before: Sentence | None = None
    for sentence in sentences:
        if is_lone_stop(sentence.text):
            if before is not None:
                twice = before._replace(text=before.text.rstrip() + sentence.text.strip())
                facts.append(_of_words("punctuation", twice.text[-2:], twice, year))
            continue
        before = sentence
        text = fold(sentence.text)
        if marks := wrong_marks(sentence.text):
            facts.append(_of_words("punctuation", "、".join(marks), sentence, year))
        if words := left_overs(text):
            facts.append(_of_words("left_over", "、".join(words), sentence, year))
        if stage == Stage.BUDGET and (words := compared_with_itself(text, year)):
            facts.append(_of_words("compared_year", "、".join(words), sentence, year))
        if not text.startswith("其中"):
            context = context.next_sentence(text)
        reader = _Reader(sentence, context, said, year, stage, offices)
        found = list(reader.facts(text))
        if heading := _TOPIC.match(_OPENING.sub("", text)):
            context.topic = reader.function(named(heading, year))
        elif any(fact.kind not in (None, "function") for fact in found):
            context.topic = None
        if not found and _FIGURE.search(text):
            found = [_of_words("amount", None, sentence, year)]
        for code, name in reader.renamed:
            if (code, name) not in renamed:
                renamed.add((code, name))
                found.append(replace(_of_words("name", name, sentence, year), qualifier=code))
        facts += found
    return facts


def _place(sentence: Sentence) -> tuple[str, str, int]:
    return sentence.text.strip(), sentence.place, sentence.source_row


def _of_words(measure: str, words: str | None, sentence: Sentence, year: int) -> StatedFact:
    return StatedFact(None, None, words, measure, year, None, None, "", *_place(sentence))


def _last_clause(words: str) -> str:
    pieces = [piece for piece in _CLAUSE.split(words.rstrip(":")) if piece]
    return _OPENING.sub("", pieces[-1]) if pieces else ""


_Said = dict[tuple[str, str | None], Figure]  # the amount of each meaning that was stated last


@dataclass(slots=True)
class _Reader:
    """Reads one sentence from left to right, figure by figure. ``renamed``: codes and the names that it calls them."""

    sentence: Sentence
    context: _Context
    said: _Said
    year: int
    stage: str
    offices: dict[str, str]  # the first office of which the prose states an item, by kind
    renamed: list[tuple[str, str]] = field(default_factory=list)
    earlier: list[Figure] = field(default_factory=list)  # what sentences before said of its topic

    def facts(self, text: str) -> Iterator[StatedFact]:
        """The facts that the figures of the sentence state."""
        end = 0
        earlier = self.said.get(("function", self.context.topic)) if self.context.topic else None
        self.earlier = [earlier] if earlier else []
        for match in _FIGURE.finditer(text):
            lead = text[end : match.start()]
            end = match.end()
            if _PARTS_FOLLOW.search(lead):
                self.context.wholes = list(self.context.all_amounts)
                self.context.divided = list(self.context.stated)
            change = _CHANGE.match(_last_clause(_COMPARED.sub("", lead)))
            if change:
                yield from self._change(change, match)
            elif match["unit"] == "%":
                yield from self._per_cent(_last_clause(lead), match, behind_parts=lead.startswith(")"))
            else:
                made = self._amount(lead, match)
                self.context.about = tuple(made)  # empty behind an unknown figure: its change is unknown, too
                yield from made

    def function(self, function: Function) -> str:
        """The names of a function. Other names than those of the year are noted."""
        self.renamed += function.renamed
        return function.names

    def _amount(self, lead: str, match: re.Match[str]) -> list[StatedFact]:
        words = _REVENUE_AND_SPENDING.sub(r"\1\2", _last_clause(lead))
        if _CHANGE_BEFORE.search(words):
            self.context.forget_change()
            return []
        if match["unit"] in _WAN:
            self._keep(words, match)
        years = _YEAR.findall(words)
        words = _YEAR.sub("", words)
        of_year = int(years[-1]) if years else self.year
        meanings = self._meaning(words, match)
        if of_year == self.year:
            meanings = [meaning for meaning in meanings if not self._is_part(meaning, _figure(match).amount)]
            self.context.stated += meanings
        made = [self._fact(meaning, "amount", of_year, match, words) for meaning in meanings]
        if of_year == self.year:
            self.said |= {(fact.kind, fact.qualifier): _figure(match) for fact in made if fact.kind is not None}
        return made

    def _is_part(self, meaning: tuple[str, str | None], amount: Decimal) -> bool:
        """Whether less money of what was stated before its parts is one of them: 其中：年度会议1次，会议费3万元."""
        return meaning in self.context.divided and meaning in self.said and amount < self.said[meaning].amount

    def _keep(self, words: str, match: re.Match[str]) -> None:
        """Keep an amount for the changes, rates and shares that follow."""
        context, figure = self.context, _figure(match)
        if _DIFFERENCE.search(words):
            return context.forget_change()
        if context.is_compared:
            context.amounts, context.before, context.planned, context.change = [], None, {}, None
            context.is_compared = False
        years = _YEAR.findall(words)
        prior = _PRIOR.match(words)
        if prior and prior["year"] in (None, str(self.year - 1)):
            context.before, context.before_base = figure, prior["base"]
        elif self.stage == Stage.FINAL and (planned := _PLANNED.search(words)):
            context.planned[planned["base"]] = figure
        elif (not years or int(years[-1]) == self.year) and not words.endswith(("-", "负")):
            context.amounts.append(figure)
            context.all_amounts.append(figure)
        else:
            context.amounts = []  # a change behind it is one of another year, or from below zero

    def _change(self, change: re.Match[str], match: re.Match[str]) -> list[StatedFact]:
        about = self.context.about
        self.context.about = ()
        years = _YEAR.findall(change["subject"])
        is_own = not years or int(years[-1]) == self.year
        if change["year"] == str(self.year) and is_own:
            return []  # a year is wrong
        if change["year"] not in (None, str(self.year - 1)) or not is_own:
            self.context.forget_change()
            return []
        amounts = self.context.amounts and self.context.amounts + self.context.wholes
        amounts = amounts + self.earlier
        if subject := _YEAR.sub("", change["subject"]) or change["same"]:
            meanings = self._meaning(subject, match)
            about = tuple(self._fact(meaning, "amount", self.year, match, subject) for meaning in meanings)
            amounts = [self.said[meaning] for meaning in meanings if meaning in self.said and self.said[meaning].amount]
            self.context.before = None  # that of something else
        own_stage = "决算" if self.stage == Stage.FINAL else "预算"
        made = self._changed(about if change["base"] in (None, own_stage) else (), change["sign"], match)
        before, base = self.context.before, self.context.before_base
        is_other = change["base"] is not None and base is not None and ("执行" in change["base"]) != ("执行" in base)
        return self._compared(made, change[0], change["sign"], match, None if is_other else before, amounts)

    def _per_cent(self, words: str, match: re.Match[str], behind_parts: bool) -> list[StatedFact]:
        """A rate, share or completion. ``behind_parts``: parts in brackets precede it, which it may not be of."""
        context = self.context
        if rate := _RATE.match(words):
            about = context.about
            made = self._changed(about, rate["sign"], match) if about and about[0].measure == "change" else []
            return self._compared(made, words, rate["sign"], match, context.before, context.compared)
        if not context.amounts:
            return []
        parts = context.all_amounts if behind_parts else context.amounts[-1:]
        wholes: list[Figure] = []
        measure = "share"
        if _SHARE.match(words):
            wholes = context.wholes
        elif done := _COMPLETION.match(words):
            measure = "completion"
            parts = context.amounts
            wholes = [
                amount
                for base, amount in context.planned.items()
                if done["base"] in (None, base) or (base is None and len(context.planned) == 1)
            ]
        context.is_compared = True
        implied = nearest(_figure(match).amount, (share_of(whole, part) for whole in wholes for part in parts))
        if implied is None:
            return []
        of = context.about[0].subject or "" if context.about else ""
        fact = self._fact((None, None), measure, self.year, match, of + words)
        if measure == "share":  # shares are made to add up to 100
            implied = implied._replace(margin=implied.margin + 2 * (fact.half_place or 0))
        return [_implied(fact, implied)]

    def _compared(
        self,
        made: list[StatedFact],
        words: str,
        sign: str,
        match: re.Match[str],
        before: Figure | None,
        amounts: list[Figure],
    ) -> list[StatedFact]:
        """The facts of a change or rate, with what the amounts beside it make of it."""
        context = self.context
        context.is_compared, context.compared = True, amounts
        figure = _figure(match)
        stated = figure if sign in _UP else figure._replace(amount=-figure.amount)
        results: list[Figure | None] = []
        if match["unit"] != "%":
            results += (change_of(before, now) for now in amounts if before is not None)
            context.change = stated
        else:
            results += (rate_of(before, now) for now in amounts if before is not None)
            if (change := context.change) is not None:
                results += (rate_by_change(now, change) for now in amounts)
                results += [rate_from(before, change)] if before is not None else []
        implied = nearest(stated.amount, results)
        if implied is None:
            return made
        measure = "change_rate" if match["unit"] == "%" else "change"
        topic = (self.context.topic or "").rpartition("/")[2]
        first = made[0] if made else self._fact((None, None), measure, self.year, match, topic + words)
        return [_implied(replace(first, amount=stated.amount), implied), *made[1:]]

    def _changed(self, about: tuple[StatedFact, ...], sign: str, match: re.Match[str]) -> list[StatedFact]:
        measure = "change_rate" if match["unit"] == "%" else "change"
        made = []
        for fact in about:
            if fact.of_year == self.year and fact.kind is not None:
                one = self._fact((fact.kind, fact.qualifier), measure, self.year, match, fact.subject or "")
                assert one.amount is not None
                made.append(one if sign in _UP else replace(one, amount=-one.amount))
        self.context.about = tuple(made)
        return made

    def _fact(
        self, meaning: tuple[str | None, str | None], measure: str, of_year: int, match: re.Match[str], subject: str
    ) -> StatedFact:
        figure = _figure(match)
        is_count = match["unit"] in _PEOPLE
        text, place, source_row = _place(self.sentence)
        kind, qualifier = meaning
        if kind == "function" and qualifier is not None and (name := qualifier.rpartition("/")[2]) not in subject:
            subject = name + subject
        return StatedFact(
            *meaning,
            subject=subject,
            measure="count" if is_count else measure,
            of_year=of_year,
            amount=figure.amount,
            half_place=Decimal(0) if is_count else figure.margin,
            unit=match["unit"],
            sentence=text,
            place=place,
            source_row=source_row,
        )

    def _meaning(self, words: str, match: re.Match[str]) -> Meaning:
        """The meaning of the words before a figure, [] if they are not understood completely."""
        if match["unit"] in _PEOPLE:
            return self._people(words, match["unit"])
        if _GOAL_MONEY.search(words):
            return [("goal_amount", None)] if "绩效" in words or self.context.has_goals else []
        if total := self._total(words):
            return total
        link = _LINK.search(words)
        noun, of_stage = (words[: link.start()], link["stage"]) if link else (words, None)
        if not self._is_of_stage(of_stage):
            return []  # the budget in a final account, or the reverse
        if noun in ("", "支出") and of_stage:
            return [("function", self.context.topic)] if self.context.topic else []
        if _BOUND.search(noun):
            return []
        return self._item(noun) or self._function(noun) or self._of_fund(noun)

    def _is_of_stage(self, word: str | None) -> bool:
        return not word or (word == "决算") == (self.stage == Stage.FINAL)

    def _people(self, words: str, unit: str) -> Meaning:
        if unit == "个":
            self.context.has_goals = bool(_GOAL_COUNT.search(words))
            return [("goal_projects", None)] if self.context.has_goals else []
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
        is_owned = bool(before or match["own"])
        of_fund = _fund_of(fund) if fund else None
        if name in ("收入", "支出") and (self.context.topic or (not of_stage and not is_owned)):
            return []
        if name in ("收入", "支出") and of_stage == "决算" and not is_owned:
            return []  # 支出决算为… refers to something named before
        kinds = _TOTALS[name]
        self.context.side = kinds[0].removesuffix("_total") if len(kinds) == 1 else None
        self.context.fund = None
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
            if _SUBORDINATES.search(before) or (not fund and not _OFFICE.search(before)):
                return []
            whose = before[: fund.start()] if fund else before
            if (office := _WHOSE.fullmatch(whose)) and self._is_another(office["name"], kind):
                return []
            if kind in _OF_PROCUREMENT and not (self.context.procures or "政府采购" in noun):
                return []
            self.context.procures = self.context.procures or kind == "procurement"
            of_fund = _fund_of(fund) if fund else self.context.fund
            return [(kind, of_fund if kind in _OF_A_FUND else None)]
        return []

    def _is_another(self, office: str, kind: str) -> bool:
        """Whether the prose stated an item of one office by name, and this is another: 局机关, 执法大队."""
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
            self.context.topic = self.function(function)
            return [("function", self.context.topic)]
        if self.context.side == "expenditure" and noun in classes(self.year):
            return [("function", noun)]
        return []

    def _of_fund(self, noun: str) -> Meaning:
        """Revenue or spending of a fund: 财政拨款收入.

        Without 收入 and 支出 it is a part of the sentence's subject.
        """
        found = _NOUN.search(noun)
        if found is None or not _OFFICE.search(noun[: found.start()]):
            return []
        fund = _fund_of(found)
        side = {"收入": "revenue", "支出": "expenditure", None: self.context.side}[found["side"]]
        if side is None:
            return []
        if found["side"] == "支出":
            self.context.side, self.context.fund = side, fund
        return [(side, fund)]


def _figure(match: re.Match[str]) -> Figure:
    """A printed figure: money in 万元, per cent and counts as they are."""
    factor = _WAN.get(match["unit"], Decimal(1))
    number = Decimal(match["number"].replace(",", ""))
    decimals = max(-int(number.as_tuple().exponent), 0)
    return Figure(number * factor, factor * Decimal(5).scaleb(-decimals - 1))


def _fund_of(found: re.Match[str]) -> str:
    return next(name for name in _FUNDS.values() if found[name] is not None)


def _implied(fact: StatedFact, implied: Figure) -> StatedFact:
    return replace(fact, implied=implied.amount, implied_margin=implied.margin)
