"""The facts that sentences of the prose state: "2024年收入预算896.28万元，比上年增加12.30万元".

A fact is recorded only if the words right before a figure are understood completely (nouns.py). Changes (比上年增加…)
are changes of the last figure. They, rates and shares are held against the amounts beside them, too (comparison.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from loader.documents.wording import fold, is_enumerated
from loader.filing.filed import StatedFact
from loader.filing.prose.comparison import DOWN, PLANNED, UP, YEAR, Comparison
from loader.filing.prose.figures import FIGURE, MONEY, PEOPLE, Figure, figure_of
from loader.filing.prose.functions import NAMES, named
from loader.filing.prose.left_overs import left_overs
from loader.filing.prose.nouns import Meaning, Nouns
from loader.filing.prose.own_year import compared_with_itself
from loader.filing.prose.punctuation import is_lone_stop, wrong_marks
from loader.filing.prose.sentences import Sentence
from schema.forms.template import Stage

_CLAUSE = re.compile(r"[,;。]|(?<!\d):|\((?=[^()]*$)|\)(?=\([一二三四五六七八九十]{1,3}\))")
_NUMBER = r"(?:\d{1,2}[.、]|[①-⑳]|[(]?[一二三四五六七八九十\d]{1,2}[)、.])?"
_OPENING = re.compile(rf"^[、和及]*{_NUMBER}(?:其中|包括|包含|含|分别为|即|主要是)?[:,]?{_NUMBER}")
_COMPARED = re.compile("(?<=相比|比较),")
_YEAR_BEFORE = r"(?:比|较|与|同)(?:上年|去年|上一年|20\d\d年)|同比"
_CHANGE = re.compile(
    r"^(?P<subject>.*?)(?:按?同口径)?(?:同比|(?:比|较|与|同)(?:上年|去年|上一年|(?P<year>20\d\d)年)度?(?:的|当年|年初|部门)*"
    r"(?P<base>预算执行|预算|决算|执行)?数?(?:相比|比较|比)?)"
    rf"(?P<same>.*?)(?P<sign>{UP}|{DOWN})了?$"
)
# 比上年减少部门支出 1,653 万元: the subject of the change stands behind it, and is often only a part
_CHANGE_BEFORE = re.compile(rf"(?:{_YEAR_BEFORE}).*(?:{UP}|{DOWN})")
_CHANGE_FIRST = re.compile(rf"^(?:{_YEAR_BEFORE})")
_RATE = re.compile(rf"^(?P<sign>增幅|降幅|减幅|{UP}|{DOWN})(?:率|幅度)?(?:为|了)?$")
_UNCHANGED = re.compile("持平|无增减|无变化|不变|相同|一致")
_COMPLETION = re.compile(r"完成(?P<base>年初|全年|调整)?预算数?的?$")
_SHARE = re.compile(r"占(?P<whole>.*?)的?(?:比(?:例|重)?)?(?:为|约)?$")
# an amount whose noun stands in front: in a heading (收入预算：2024年年初预算数), or before the budget of the same
_BARE = re.compile("^(?:本?部门|本?单位)?(?:年初|全年|当年)?预算(?:安排)?(?:总额|金额|数|额)?(?:安排)?(?:为|是)?$")
_OUTCOME = re.compile("^(?:支出|收入)?决算(?:总额|金额|数|额)?(?:为|是)?:?$")
_HEADING = re.compile(r"(?P<noun>[^,;:。]{2,20}?)(?:的?(?:总体|安排|具体)?情况)?(?:的?说明)?(?:\(.*\))?:?")
_PARTS_FOLLOW = re.compile("其中|包括|包含|以下方面|分别")
_SIDE_FOLLOWS = re.compile("(?P<side>收入|支出)(?:(?:预算)?(?:具体)?包括|功能分类)")
# of a list of all revenue or spending, not of “三公”经费支出; its points are numbered 1, 2, 3
_LIST = re.compile("(?:^|[,;。:])(?P<side>收入|支出)(?:预算|决算)?具体情况如下[。:]")
_POINT_OF_LIST = re.compile(r"^\d{1,2}[.、]")
_SIDES = {"收入": "revenue", "支出": "expenditure"}
_UP = frozenset(("增幅", *UP.split("|")))
_TOPIC = re.compile(rf"^{NAMES}(?:[,。:(]|$)")
# the sentence is of a function that it does not name completely, or of something else: 其他情况：支出决算为12万元
_OF_ANOTHER = re.compile(
    r"[^,;:。]*\(\d{0,3}[类款项]\)|(?!其中|20\d\d年)[^,;:。]{2,30}:(?:支出|收入)?(?:年初)?(?:预算|决算)"
)


def stated_facts(sentences: Iterable[Sentence], year: int, stage: str) -> list[StatedFact]:
    """The facts that sentences state, for a disclosure of this year and stage.

    A sentence with figures gets one fact without a kind if nothing in it is understood.
    """
    facts: list[StatedFact] = []
    reader = _Reader(year, stage, Nouns(year, stage), Comparison(year, stage))
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
        found = list(reader.facts(sentence, text))
        if not found and FIGURE.search(text):
            found = [_of_words("amount", None, sentence, year)]
        for code, name in reader.nouns.renamed:
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


class _Subject(NamedTuple):
    """What the words behind a figure are about. A bracket interrupts it.

    ``about``: the facts of the last figure; a change behind it is its change. ``amount``: the meaning of the last
    amount of money, None before the first, ``year`` its year. ``part_of``: see Nouns, ``part_year`` the year of that.
    """

    about: tuple[StatedFact, ...] = ()
    amount: Meaning | None = None
    part_of: Meaning | None = None
    year: int | None = None
    part_year: int | None = None


@dataclass(slots=True)
class _Reader:
    """Reads sentences one by one, and each from left to right, figure by figure."""

    year: int
    stage: str
    nouns: Nouns
    comparison: Comparison
    sentence: Sentence = field(default_factory=lambda: Sentence("", "", 0))
    subject: _Subject = field(default_factory=lambda: _Subject())
    interrupted: list[_Subject] = field(default_factory=list)  # by brackets
    planned: tuple[str, Meaning] | None = None  # the noun of the last 预算 of a final account
    total: Meaning = field(default_factory=list)  # the first amount of the last sentence with one
    listed: Meaning | None = None  # the sentences after it state parts of this, until one begins something else
    side_of_list: str | None = None  # the sentences are points of a list of all revenue or of all spending
    divided: Meaning = field(default_factory=list)  # what was stated before its parts: another amount of it is a part
    stated: Meaning = field(default_factory=list)
    noun: str = ""  # the words before the last amount of the sentence
    divided_noun: str = ""  # the same of what was stated before its parts
    # the amounts of each meaning in the document so far
    said: defaultdict[tuple[str | None, str | None], list[Figure]] = field(default_factory=lambda: defaultdict(list))
    heading: str = ""  # the last one so far
    earlier: list[Figure] = field(default_factory=list)  # what sentences before said of the topic

    def facts(self, sentence: Sentence, text: str) -> list[StatedFact]:
        """The facts that the figures of a sentence state."""
        self.sentence = sentence
        self.heading = sentence.heading or self.heading
        if not text.startswith("其中"):
            self._begin(text)
        heading = _TOPIC.match(_OPENING.sub("", text)) or _TOPIC.match(_last_clause(text))
        if heading:
            self.nouns.topic = self.nouns.function(named(heading, self.year))
        elif _OF_ANOTHER.match(text):
            self.nouns.topic = None
        topic = self.nouns.topic
        self.earlier = self.said["function", topic][-1:] if topic else []
        found = list(self._figures(text))
        if heading:
            self.nouns.topic = topic
        elif any(fact.kind not in (None, "function") for fact in found):
            self.nouns.topic = None
        if of_list := _LIST.search(text):
            self.side_of_list = _SIDES[of_list["side"]]
        elif sentence.heading or text.startswith("("):
            self.side_of_list = None
        if text.endswith("其中:"):
            self.listed = self.subject.amount
        elif text.startswith("其中"):
            self.listed = self.subject.part_of
        elif not any(fact.kind for fact in found):
            self.listed = None
        return found

    def _begin(self, text: str) -> None:
        """A sentence that begins with a change is about the only amount before it."""
        comparison = None
        if is_enumerated(text):
            self.nouns.begin(text, self.sentence.heading, None, None)
            if _POINT_OF_LIST.match(text):
                self.nouns.side = self.side_of_list
            self.listed, self.total = None, []
        else:
            comparison = self.comparison.goes_on() if _CHANGE_FIRST.match(text) else None
            self.nouns.begin(text, self.sentence.heading, self.nouns.topic, self.listed)
        about = self.subject.about if comparison else ()
        self.subject = _Subject(about, None, self.listed)
        self.comparison = comparison or Comparison(self.year, self.stage)
        self.interrupted, self.divided, self.stated, self.planned = [], [], [], None
        self.noun = self.divided_noun = ""

    def _figures(self, text: str) -> Iterator[StatedFact]:
        end = 0
        for match in FIGURE.finditer(text):
            lead = text[end : match.start()]
            end = match.end()
            self._divide(lead)
            words = _last_clause(_COMPARED.sub("", lead))
            self.nouns.procures |= text.startswith(",占政府采购", end)
            if _UNCHANGED.search(lead):
                self.comparison.is_over = True
            if change := _CHANGE.match(f"比上年{words}" if self.comparison.is_against else words):
                yield from self._change(change, match)
            elif match["unit"] == "%":
                yield from self._per_cent(_last_clause(lead), match, behind_parts=lead.startswith(")"))
            else:
                yield from self._amount(lead, match)

    def _divide(self, lead: str) -> None:
        """Note where parts begin (其中, brackets) and where brackets end."""
        closed = opened = 0
        for character in lead:
            if character == "(":
                opened += 1
            elif character == ")":
                closed, opened = (closed, opened - 1) if opened else (closed + 1, 0)
        for _ in range(min(closed, len(self.interrupted))):
            self.subject = self.interrupted.pop()
        self.interrupted += [self.subject] * opened
        follow = _PARTS_FOLLOW.search(lead.rpartition(";")[2])  # before a semicolon words list what has no figures
        if opened or follow:
            self.subject = self.subject._replace(part_of=self.subject.amount, part_year=self.subject.year)
        if follow:
            self.comparison.wholes = list(self.comparison.all_amounts)
            self.divided = list(self.stated)
            self.divided_noun = self.noun
        if side := _SIDE_FOLLOWS.search(lead) or _LIST.search(lead):
            self.nouns.side = _SIDES[side["side"]]
        self.nouns.part_of = self.subject.part_of

    def _amount(self, lead: str, match: re.Match[str]) -> list[StatedFact]:
        words = _last_clause(lead)
        if _CHANGE_BEFORE.search(words):
            self.comparison.forget_change()
            self.subject = self.subject._replace(about=())
            return []
        figure = figure_of(match)
        years = YEAR.findall(words)
        if not years and self.subject.part_year not in (None, self.year):
            years = [str(self.subject.part_year)]  # a part is of the year of its whole
            words = f"{self.subject.part_year}年{words}"
        is_own = match["unit"] in MONEY and self.comparison.keep(words, figure)
        words = self._with_noun(YEAR.sub("", words), lead)
        self.noun = words
        of_year = int(years[-1]) if years else self.year
        if self.stage == Stage.FINAL and match["unit"] in MONEY:
            words, meanings = self._of_final_account(words, match["unit"])
        else:
            meanings = self.nouns.meaning(words, match["unit"])
        if not meanings and self.listed and self.subject.amount is None:
            self.listed = None  # this is not in the list
            self.subject = self.subject._replace(part_of=None)
            self.nouns.part_of = None
            meanings = self.nouns.meaning(words, match["unit"])
        if self._leaves_out_carried():
            meanings = [meaning for meaning in meanings if meaning[0] != "function"]
        if of_year == self.year:
            meanings = [meaning for meaning in meanings if not self._is_part(meaning, figure.amount)]
            self.stated += meanings
        made = [self._fact(meaning, "amount", of_year, match, words) for meaning in meanings]
        if of_year == self.year:
            for meaning in meanings:
                self.said[meaning].append(figure)
        if is_own and self.subject.amount is None:
            self.total = meanings
        if not self.comparison.is_against:
            # empty behind an unknown figure: its change is unknown, too
            if is_own:
                self.subject = self.subject._replace(amount=meanings if of_year == self.year else [], year=of_year)
            self.subject = self.subject._replace(about=tuple(made))
        return made

    def _with_noun(self, words: str, lead: str) -> str:
        """The words before an amount, with the noun of the heading in front if they have none: 收入预算：年初预算数."""
        if self.nouns.topic or self.subject.amount is not None or not _BARE.match(words):
            return words
        above, colon, _ = lead.rpartition(":")
        heading = _HEADING.fullmatch(_OPENING.sub("", _last_clause(above) if colon else fold(self.sentence.heading)))
        return YEAR.sub("", heading["noun"]).removesuffix("预算") + words if heading else words

    def _of_final_account(self, words: str, unit: str) -> tuple[str, Meaning]:
        """The words and meaning of an amount of a final account: 支出决算为 is of what the 预算 before it was of."""
        if _OUTCOME.match(words) and self.planned:
            noun, meanings = self.planned
            return noun.removesuffix("支出") + words, meanings
        if PLANNED.search(words):
            before = replace(self.nouns, stage=Stage.BUDGET)
            self.planned = (PLANNED.sub("", words), before.meaning(words, unit))
            self.nouns = replace(before, stage=self.stage)
            return words, []
        return words, self.nouns.meaning(words, unit)

    def _leaves_out_carried(self) -> bool:
        """Whether a heading promises money of this year alone (当年拨款) though some was carried over.

        Forms by function print both in one.
        """
        return "当年拨款" in self.heading and any(
            figures[-1].amount for (kind, _), figures in self.said.items() if kind == "opening"
        )

    def _is_part(self, meaning: tuple[str, str | None], amount: Decimal) -> bool:
        """Whether less money of what was stated before its parts is one of them: 其中：年度会议1次，会议费3万元."""
        return meaning in self.divided and bool(self.said[meaning]) and amount < self.said[meaning][-1].amount

    def _change(self, change: re.Match[str], match: re.Match[str]) -> list[StatedFact]:
        about = self.subject.about
        self.subject = self.subject._replace(about=())
        years = YEAR.findall(change["subject"])
        is_own = not years or int(years[-1]) == self.year
        if change["year"] == str(self.year) and is_own:
            return []  # a year is wrong
        if change["year"] not in (None, str(self.year - 1)) or not is_own:
            self.comparison.forget_change()
            return []
        comparison = self.comparison
        amounts = comparison.amounts and comparison.amounts + comparison.wholes
        amounts = amounts + self.earlier
        if subject := YEAR.sub("", change["subject"]) or change["same"]:
            meanings = self.nouns.meaning(subject, match["unit"]) or self._total(subject)
            about = tuple(self._fact(meaning, "amount", self.year, match, subject) for meaning in meanings)
            amounts = [self.said[meaning][-1] for meaning in meanings if self.said[meaning]]
            amounts = [amount for amount in amounts if amount.amount]
            comparison.before = None  # that of something else
        own_stage = "决算" if self.stage == Stage.FINAL else "预算"
        made = self._changed(about if change["base"] in (None, own_stage) else (), change["sign"], match)
        before = None if comparison.is_of_other_base(change["base"]) else comparison.before
        return self._compared(made, change[0], change["sign"], match, before, amounts)

    def _total(self, subject: str) -> Meaning:
        """What the sentence before states, if this one goes on with 收入 or 支出."""
        side = _SIDES.get(subject)
        return [meaning for meaning in self.total if side and meaning[0].startswith(side)]

    def _per_cent(self, words: str, match: re.Match[str], behind_parts: bool) -> list[StatedFact]:
        """A rate, share or completion. ``behind_parts``: parts in brackets precede it, which it may not be of."""
        comparison, about = self.comparison, self.subject.about
        if rate := _RATE.match(words):
            made = self._changed(about, rate["sign"], match) if about and about[0].measure == "change" else []
            return self._compared(made, words, rate["sign"], match, comparison.before, comparison.compared)
        if not comparison.amounts:
            return []
        measure, implied = "share", None
        if share := _SHARE.match(words):
            implied = comparison.shared(figure_of(match), self._wholes(share["whole"]), behind_parts)
        elif done := _COMPLETION.match(words):
            measure, implied = "completion", comparison.completed(figure_of(match), done["base"])
        comparison.is_over = True
        if implied is None:
            return []
        of = about[0].subject or "" if about else ""
        fact = self._fact((None, None), measure, self.year, match, of + words)
        if measure == "share":  # shares are made to add up to 100
            implied = implied._replace(margin=implied.margin + 2 * (fact.half_place or 0))
        return [_implied(fact, implied)]

    def _wholes(self, named_whole: str) -> Sequence[Figure | None]:
        """What a share may be of: the amounts before their parts, or what its words name: 占基本支出."""
        if not named_whole:
            return [*self.comparison.wholes, *self.comparison.named]
        alone = replace(self.nouns, part_of=None, is_of_fund=False, procures=True, topic=None)
        meanings = alone.meaning(named_whole, "万元") or alone.meaning(f"本年{named_whole}", "万元")  # 支出总额
        meant = {(kind.removesuffix("_total"), of) for kind, of in meanings}
        found = [
            figure
            for (kind, of), figures in self.said.items()
            if kind is not None and (kind.removesuffix("_total"), of) in meant
            for figure in figures
        ]
        if named_whole in self.divided_noun:  # 财政拨款基本支出8万元，其中：…占基本支出的75%
            found += self.comparison.wholes
        self.comparison.named = found or [None]
        return found

    def _compared(
        self,
        made: list[StatedFact],
        words: str,
        sign: str,
        match: re.Match[str],
        before: Figure | None,
        amounts: Sequence[Figure],
    ) -> list[StatedFact]:
        """The facts of a change or rate, with what the amounts beside it make of it."""
        figure = figure_of(match)
        stated = figure if sign in _UP else figure._replace(amount=-figure.amount)
        is_rate = match["unit"] == "%"
        implied = (self.comparison.changed_by if is_rate else self.comparison.changed)(stated, before, amounts)
        if implied is None:
            return made
        topic = (self.nouns.topic or "").rpartition("/")[2]
        measure = "change_rate" if is_rate else "change"
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
        self.subject = self.subject._replace(about=tuple(made))
        return made

    def _fact(
        self, meaning: tuple[str | None, str | None], measure: str, of_year: int, match: re.Match[str], subject: str
    ) -> StatedFact:
        figure = figure_of(match)
        is_count = match["unit"] in PEOPLE
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


def _implied(fact: StatedFact, implied: Figure) -> StatedFact:
    return replace(fact, implied=implied.amount, implied_margin=implied.margin)
