"""The amounts of a sentence that its changes, rates and shares are of.

Changes, rates and shares are held against the amounts of the same sentence, whether or not it is understood what these
are of. Where several amounts may be meant, the one that fits best counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from loader.filing.prose.figures import Figure
from loader.filing.prose.implied import change_of, nearest, rate_by_change, rate_from, rate_of, share_of
from schema.forms.template import Stage

UP = "增加|增长|上升|上涨|增"
DOWN = "减少|下降|降低|压减|压缩|减"
YEAR = re.compile(r"(20\d\d)年(?:度)?(?:年初|当年|全年)?")
_PRIOR = re.compile(
    r"^[比较与同]?(?:(?P<year>20\d\d)年度?|上年度?|去年)(?:当年|年初)?(?P<base>预算执行|预算|决算|执行)?数?(?:安排)?(?:为|是|的)?$"
)
PLANNED = re.compile(r"(?P<base>年初|全年|调整)?预算数?(?:安排)?(?:为|是)?$")
# how much more or less it is than something else: 减少的金额为2万元, 决算数大于年初预算数2万元, 增加基本支出2万元
_DIFFERENCE = re.compile(
    r"^(?:增加|减少|新增|追加|压减|调增|调减)"
    rf"|(?:{UP}|{DOWN}|提高|节约)(?:了|的?(?:金额|额|数))?(?:为|约)?$"
    r"|(?:大于|超过|超出|高于|多于|低于|小于|少于)[^,]*$|(?:比|较|与|同).*(?:多|少|差异?|相差)(?:了|为)?$"
)


@dataclass(slots=True)
class Comparison:
    """What was said in a sentence so far, for a disclosure of this year and stage.

    ``amounts`` of this year since the last comparison, ``all_amounts`` those before it, too. ``before`` is that of the
    year before, ``base`` its words (预算执行, 决算 …). ``planned``: 年初预算, 全年预算 of a final account. ``wholes``:
    what shares may be of, ``named`` what the words of one before them name (占支出总额; None: not known), which may go
    on. ``change`` is the last change, ``compared`` what it is of.
    """

    year: int
    stage: str
    amounts: list[Figure] = field(default_factory=list)
    all_amounts: list[Figure] = field(default_factory=list)
    before: Figure | None = None
    base: str | None = None
    planned: dict[str | None, Figure] = field(default_factory=dict)
    wholes: list[Figure] = field(default_factory=list)
    named: Sequence[Figure | None] = ()
    change: Figure | None = None
    compared: Sequence[Figure] = ()
    is_over: bool = False  # the next amount begins anew
    is_against: bool = False  # the last amount was that of the year before: 比2023年预算数12万元增加…

    def goes_on(self) -> Comparison | None:
        """The comparison of a sentence that begins with a change: of the only amount before it."""
        if len(self.all_amounts) != 1 or not self.amounts or self.change is not None:
            return None
        return Comparison(self.year, self.stage, self.amounts, list(self.all_amounts))

    def forget_change(self) -> None:
        """Of a change that is not understood, no rate follows."""
        self.change, self.compared = None, ()

    def keep(self, words: str, figure: Figure) -> bool:
        """Keep an amount of money for what follows. False if it is a difference, not an amount of its own."""
        if _DIFFERENCE.search(words):
            self.forget_change()
            return False
        if self.is_over:
            self.amounts, self.before, self.planned, self.change = [], None, {}, None
            self.is_over = False
        years = YEAR.findall(words)
        prior = _PRIOR.match(words)
        self.is_against = False
        if prior and prior["year"] in (None, str(self.year - 1)):
            self.before, self.base, self.is_against = figure, prior["base"], words.startswith(("比", "较", "与", "同"))
        elif self.stage == Stage.FINAL and (planned := PLANNED.search(words)):
            self.planned[planned["base"]] = figure
        elif (not years or int(years[-1]) == self.year) and not words.endswith(("-", "负")):
            self.amounts.append(figure)
            self.all_amounts.append(figure)
        else:
            self.amounts = []  # a change behind it is one of another year, or from below zero
        return True

    def is_of_other_base(self, base: str | None) -> bool:
        """Whether a change is against another figure of the year before than the one that was said."""
        return base is not None and self.base is not None and ("执行" in base) != ("执行" in self.base)

    def changed(self, stated: Figure, before: Figure | None, amounts: Sequence[Figure]) -> Figure | None:
        """What the amounts make of a change."""
        self.is_over, self.compared, self.change = True, amounts, stated
        return nearest(stated.amount, (change_of(before, now) for now in amounts if before is not None))

    def changed_by(self, stated: Figure, before: Figure | None, amounts: Sequence[Figure]) -> Figure | None:
        """What the amounts make of a rate of change."""
        self.is_over, self.compared = True, amounts
        results = [rate_of(before, now) for now in amounts if before is not None]
        if (change := self.change) is not None:
            results += (rate_by_change(now, change) for now in amounts)
            results += [rate_from(before, change)] if before is not None else []
        return nearest(stated.amount, results)

    def completed(self, stated: Figure, base: str | None) -> Figure | None:
        """What the amounts make of a completion of the budget."""
        planned = self.planned
        wholes = [amount for of, amount in planned.items() if base in (None, of) or (of is None and len(planned) == 1)]
        return self._shared(stated, wholes, self.amounts)

    def shared(self, stated: Figure, wholes: Sequence[Figure | None], behind_parts: bool) -> Figure | None:
        """What the amounts make of a share. Behind parts in brackets it may be of any amount before them."""
        return self._shared(stated, wholes, self.all_amounts if behind_parts else self.amounts[-1:])

    def _shared(self, stated: Figure, wholes: Sequence[Figure | None], parts: Sequence[Figure]) -> Figure | None:
        self.is_over = True
        return nearest(stated.amount, (whole and share_of(whole, part) for whole in wholes for part in parts))
