"""A form that is wrong as a whole: in another money unit, of another year or unit, or pasted twice.

Most figures of such a form differ from those of the others, which agree with each other. Weighed cell by cell it would
draw the ledger away, for it agrees with itself; so it is found before, by leaving it out.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain

from loader.filing.filed import Finding
from loader.ledger.amounts import Attempt, attempt, find_amounts
from loader.ledger.blanks import doubting
from loader.ledger.candidates import Candidates
from loader.ledger.equations import System
from loader.ledger.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.program import difference

# of the figures that another form prints, too, so many and so large a share differ from it in a form that is wrong
_FEWEST, _SHARE = 4, 0.75
# so many are enough if the form prints so large a share of them the same number of times too high or too low
_FEWEST_SCALED, _SHARE_SCALED = 2, 0.75
_MOST_TRIED = 3
_MOST_BESIDE = 2  # figures of the other forms that may be wrong beside such a form
# how many times the true figures a form prints: a wrong money unit or point, or each row twice
_RATIOS = (
    *(Fraction(10**power) for power in (1, 2, 3, 4)),
    *(Fraction(1, 10**power) for power in (1, 2, 3, 4)),
    Fraction(2),
)


@dataclass(frozen=True, slots=True)
class WrongForm:
    """A form that is wrong as a whole, and what the ledger rests on instead.

    ``evidence`` holds its figures divided by the ``ratio`` if all of them are so many times those of the others, and
    lacks the form otherwise. Of ``compared`` figures that other forms print, too, ``differing`` differ; if all of them
    by the same amount, the form ``is_stale``: one change has not reached it.
    """

    form: FormEvidence
    compared: int
    differing: int
    is_stale: bool
    ratio: Fraction | None
    evidence: Evidence
    strict: Candidates
    attempt: Attempt
    beside: float  # cells of the others that contradict each other without it
    is_plain: bool  # without further lines none of them does

    @property
    def finding(self) -> Finding:
        """What is to be said of it."""
        place = (self.form.filed.form_no, self.form.form.form_id, self.form.form.report_no)
        if self.ratio in (None, 2) and (rows := _rows_pasted_twice(self.form)):
            return Finding("form_pasted_twice", {"count": rows}, *place)
        if self.ratio is not None:
            return scaled_form(self.form, self.ratio)
        return Finding("stale_form" if self.is_stale else "foreign_form", {"differing": self.differing}, *place)


@dataclass(slots=True)
class _Comparison:
    """How the figures of one form compare with those of the same sums in others: pairs of both (分) that differ."""

    pairs: list[tuple[int, int]]
    compared: int = 0
    witnesses: set[tuple[int, int]] = field(default_factory=set)  # form and sum that say otherwise

    @property
    def share(self) -> float:
        return len(self.pairs) / self.compared


def wrong_form(evidence: Evidence, system: System) -> WrongForm | None:
    """The one form without which, or divided by a ratio, the others agree, be it but for a figure or two; None if there
    is none, or more than one."""
    if len(evidence.forms) < 3:
        return None
    suspects = sorted(_suspects(system).items(), key=lambda entry: -entry[1].share)[:_MOST_TRIED]
    found: list[WrongForm] = []
    for form_id, comparison in suspects:
        # letting further lines in takes the most time: without one form all others agree as they are, or they do not
        is_plain = any(result.is_plain for result in found)
        found += _tried(evidence, form_id, comparison, is_plain)
    fewest = min((result.beside for result in found), default=0)
    best = [result for result in found if result.beside == fewest]
    return best[0] if len(best) == 1 else None


def _suspects(system: System) -> dict[str, _Comparison]:
    """The forms most of whose figures are printed otherwise by all other forms that print the same sum."""
    printed: dict[tuple[int, ...], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for equation, (number, _) in zip(system.equations, system.keys, strict=True):
        if equation.members and not (equation.is_declaration or equation.is_coarse):
            printed[tuple(equation.members)][number].append(equation.amount)
    comparisons: dict[int, _Comparison] = defaultdict(lambda: _Comparison([]))
    for place, amounts in enumerate(printed.values()):
        told = set(chain.from_iterable(amounts.values()))
        if len(amounts) < 2 or told == {0}:
            continue
        for number, own in amounts.items():
            if len(told) == 1:
                comparisons[number].compared += len(own)
                continue
            others = [amount for form, found in amounts.items() if form != number for amount in found]
            comparisons[number].compared += len(own)
            differing = [(amount, max(others, key=others.count)) for amount in own if amount not in others]
            comparisons[number].pairs += differing
            if differing:
                comparisons[number].witnesses |= {(form, place) for form in amounts if form != number}
    return {
        system.forms[number].form.form_id: comparison
        for number, comparison in comparisons.items()
        if len(comparison.pairs) >= (_FEWEST if ratio_of(comparison.pairs, system.evidence) is None else _FEWEST_SCALED)
        and len(comparison.witnesses) > 1  # one figure elsewhere may as well be the wrong one
        and comparison.share > _SHARE
        and not system.forms[number].form.sheet
    }


def _tried(evidence: Evidence, form_id: str, comparison: _Comparison, is_plain: bool) -> Iterator[WrongForm]:
    """The form divided by its ratio, or else left out, if all the others agree then; without further lines if it
    ``is_plain``."""
    form = evidence.forms[form_id]
    others = {key: other for key, other in evidence.forms.items() if key != form_id}
    ratio = ratio_of(comparison.pairs, evidence)
    options: list[tuple[Fraction | None, Evidence]] = [(None, replace(evidence, forms=others))]
    if ratio is not None:
        options.insert(0, (ratio, with_form_divided(evidence, form, ratio)))
    is_stale = len({own - other for own, other in comparison.pairs}) == 1
    for divisor, changed in options:
        strict = Candidates(changed)
        tried = attempt(changed, strict)
        if is_plain and tried.solution is None:
            continue
        result, beside = _agreeing(changed, tried)
        if beside == 0 or (beside <= _MOST_BESIDE and len(comparison.pairs) >= _FEWEST):
            told = (comparison.compared, len(comparison.pairs), is_stale)
            yield WrongForm(form, *told, divisor, changed, strict, result, beside, tried.solution is not None)
            return


def _agreeing(evidence: Evidence, tried: Attempt) -> tuple[Attempt, float]:
    """An attempt with amounts, be it by local practice, and how many cells they do not bear out; no end of them if
    money has to balance others."""
    solution = tried.solution or find_amounts(tried, lambda: Candidates(doubting(evidence), relaxed=True))
    system = tried.system
    is_balanced = any(value for value, extra in zip(solution.values, system.balancing, strict=True) if extra)
    wrong = sum(bool(difference(e, solution.values)) for e in system.equations if not e.is_declaration)
    return replace(tried, solution=solution), math.inf if is_balanced else wrong


def ratio_of(found: Iterable[tuple[int, int]], evidence: Evidence, fewest: int = _FEWEST_SCALED) -> Fraction | None:
    """How many times the figures of the others a form prints, if it is the same nearly everywhere, and of so many at
    least; of those that differ, its own and theirs are given."""
    pairs = [(own, other) for own, other in found if other]
    for ratio in _RATIOS:
        slack = to_fen(evidence.half_place) * (ratio + 1)
        scaled = sum(abs(own - ratio * other) <= slack for own, other in pairs)
        if scaled >= fewest and scaled > _SHARE_SCALED * len(pairs):
            return ratio
    return None


def with_form_divided(evidence: Evidence, form: FormEvidence, ratio: Fraction) -> Evidence:
    """The same with the figures of one form divided."""
    grid = to_fen(2 * evidence.half_place) or 1  # on which the others are printed
    amounts = {key: round(amount / ratio / grid) * grid for key, amount in form.amounts.items()}
    return replace(evidence, forms=evidence.forms | {form.form.form_id: replace(form, amounts=amounts)})


def scaled_form(form: FormEvidence, ratio: Fraction) -> Finding:
    """What is to be said of a form whose figures are so many times those of the others."""
    place = (form.filed.form_no, form.form.form_id, form.form.report_no)
    return Finding("scaled_form", {"ratio": _worded(ratio)}, *place)


def _rows_pasted_twice(form: FormEvidence) -> int:
    """How many rows a form prints, each of them twice, be it without its total, whose second row adds nothing; 0 if
    some do not stand there twice."""
    times = Counter((cell.row_key, cell.column_key) for cell in form.filed.cells if cell.amount is not None)
    beneath = {number for (row, _), number in times.items() if row != form.total_row}
    return len({row for row, _ in times}) if beneath == {2} else 0


def _worded(ratio: Fraction) -> str:
    return f"{ratio.numerator}" if ratio.denominator == 1 else f"1/{ratio.denominator}"
