"""Forms that are wrong as a whole: in another money unit, of another year or unit, or pasted twice.

Most figures of such a form differ from the other forms, which agree with each other. Cell by cell, it would distort the
ledger, because it agrees with itself. So it is found first, by leaving it out.
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
from loader.ledger.candidates.candidates import Candidates
from loader.ledger.contradictions.doubtful_program import ROUNDING_PLACES
from loader.ledger.evidence.blanks import with_blanks_in_doubt
from loader.ledger.evidence.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.evidence.sums import failing_sums
from loader.ledger.solver.equation import excesses
from loader.ledger.system import System

# figures that other forms print too and that differ in a wrong form: least number and least share
_FEWEST, _SHARE = 4, 0.75
# the same if the form prints this share of them as one multiple of the true figures
_FEWEST_SCALED, _SHARE_SCALED = 2, 0.5
_MOST_TRIED = 3
_MOST_BESIDE = 2  # figures of the other forms that may be wrong too
# multiples of the true figures: a wrong money unit or point, or each row printed twice
_RATIOS = (
    *(Fraction(10**power) for power in (1, 2, 3, 4)),
    *(Fraction(1, 10**power) for power in (1, 2, 3, 4)),
    Fraction(2),
)


@dataclass(frozen=True, slots=True)
class WrongForm:
    """A form that is wrong as a whole, and the evidence used instead.

    ``evidence`` holds its figures divided by ``ratio`` if they are that multiple of the others. Otherwise it lacks the
    form. ``compared`` is the number of figures that other forms print too, ``differing`` how many of these differ. The
    form ``is_stale`` if all differ by the same amount: one change did not reach it.
    """

    form: FormEvidence
    compared: int
    differing: int
    is_stale: bool
    ratio: Fraction | None
    evidence: Evidence
    strict: Candidates
    attempt: Attempt
    beside: float  # cells of the others that still contradict each other
    is_plain: bool  # the others agree without further lines

    @property
    def finding(self) -> Finding:
        """The finding that names the fault."""
        place = (self.form.filed.form_no, self.form.form.form_id, self.form.form.report_no)
        if self.ratio in (None, 2) and (rows := _rows_pasted_twice(self.form)):
            return Finding("form_pasted_twice", {"count": rows}, *place)
        if self.ratio is not None:
            return scaled_form(self.form, self.ratio)
        return Finding("stale_form" if self.is_stale else "foreign_form", {"differing": self.differing}, *place)


@dataclass(slots=True)
class _Comparison:
    """The figures of one form compared with the same sums in others. ``pairs`` are those that differ (own,
    other; 分)."""

    pairs: list[tuple[int, int]]
    compared: int = 0
    witnesses: set[tuple[int, int]] = field(default_factory=set)  # form and sum with another figure

    @property
    def share(self) -> float:
        return len(self.pairs) / self.compared


def wrong_form(evidence: Evidence, system: System) -> WrongForm | None:
    """The only form without which, or divided by a ratio, the others agree except for one or two figures. None if there
    is no such form, or more than one."""
    if len(evidence.forms) < 3:
        return None
    suspects = sorted(_suspects(system).items(), key=lambda entry: -entry[1].share)[:_MOST_TRIED]
    found: list[WrongForm] = []
    for form_id, comparison in suspects:
        # Adding further lines takes most of the time. Once one form is found without them, they are not tried for
        # others.
        is_plain = any(result.is_plain for result in found)
        found += _tried(evidence, form_id, comparison, is_plain)
    fewest = min((result.beside for result in found), default=0)
    best = [result for result in found if result.beside == fewest]
    return best[0] if len(best) == 1 else None


def _suspects(system: System) -> dict[str, _Comparison]:
    """The forms with mostly other figures than all other forms that print the same sums."""
    evidence = system.evidence
    near = to_fen(ROUNDING_PLACES * evidence.half_place) if evidence.is_rounded else 0
    printed: dict[tuple[int, ...], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for equation, (number, _) in zip(system.equations, system.keys, strict=True):
        if equation.members and not (equation.is_declaration or equation.is_coarse):
            printed[equation.members][number].append(equation.amount)
    comparisons: dict[int, _Comparison] = defaultdict(lambda: _Comparison([]))
    for place, amounts in enumerate(printed.values()):
        printed_amounts = set(chain.from_iterable(amounts.values()))
        if len(amounts) < 2 or printed_amounts == {0}:
            continue
        for number, own in amounts.items():
            if len(printed_amounts) == 1:
                comparisons[number].compared += len(own)
                continue
            others = [amount for form, found in amounts.items() if form != number for amount in found]
            comparisons[number].compared += len(own)
            differing = [
                (amount, max(others, key=others.count))
                for amount in own
                if all(abs(amount - other) > near for other in others)
            ]
            comparisons[number].pairs += differing
            if differing:
                comparisons[number].witnesses |= {(form, place) for form in amounts if form != number}
    return {
        system.forms[number].form.form_id: comparison
        for number, comparison in comparisons.items()
        if len(comparison.witnesses) > 1  # one figure elsewhere may as well be the wrong one
        and comparison.share > _SHARE
        and not system.forms[number].form.sheet
        and len(comparison.pairs) >= (_FEWEST if ratio_of(comparison.pairs, evidence) is None else _FEWEST_SCALED)
    }


def _tried(evidence: Evidence, form_id: str, comparison: _Comparison, is_plain: bool) -> Iterator[WrongForm]:
    """The form divided by its ratio, or else left out, if all the others agree then. If ``is_plain``, no further lines
    are tried."""
    form = evidence.forms[form_id]
    others = {key: other for key, other in evidence.forms.items() if key != form_id}
    ratio = ratio_of(comparison.pairs, evidence)
    options: list[tuple[Fraction | None, Evidence]] = [(None, replace(evidence, forms=others))]
    if ratio is not None:
        options.insert(0, (ratio, with_form_divided(evidence, form, ratio)))
    is_stale = len({own - other for own, other in comparison.pairs}) == 1
    if is_stale and ratio is None and failing_sums(form):
        return  # not the form was not brought up to date, but its sums
    rounding = to_fen(ROUNDING_PLACES * evidence.half_place)
    if not is_stale and all(abs(own - other) <= rounding for own, other in comparison.pairs):
        return  # figures of another year or unit differ by more than cents
    for divisor, changed in options:
        strict = Candidates(changed)
        tried = attempt(changed, strict)
        if is_plain and tried.solution is None:
            continue
        result, beside = _agreeing(changed, tried)
        if beside == 0 or (beside <= _MOST_BESIDE and len(comparison.pairs) >= _FEWEST):
            counts = (comparison.compared, len(comparison.pairs), is_stale)
            yield WrongForm(form, *counts, divisor, changed, strict, result, beside, tried.solution is not None)
            return


def _agreeing(evidence: Evidence, tried: Attempt) -> tuple[Attempt, float]:
    """An attempt with amounts, if necessary with further lines, and the number of cells that still disagree. The number
    is infinite if balancing lines have money."""
    solution = tried.solution or find_amounts(tried, lambda: Candidates(with_blanks_in_doubt(evidence), relaxed=True))
    system = tried.system
    is_balanced = any(value for value, extra in zip(solution.values, system.balancing, strict=True) if extra)
    wrong = sum(not system.equations[number].is_declaration for number in excesses(system.equations, solution.values))
    return replace(tried, solution=solution), math.inf if is_balanced else wrong


def ratio_of(found: Iterable[tuple[int, int]], evidence: Evidence, fewest: int = _FEWEST_SCALED) -> Fraction | None:
    """The multiple of the true figures that a form prints, from pairs (own, other; 分) that differ.

    It must be the same for nearly all pairs, and for at least ``fewest``. None if there is no such multiple.
    """
    pairs = [(own, other) for own, other in found if other]
    for ratio in _RATIOS:
        slack = to_fen(evidence.half_place) * (ratio + 1)
        scaled = sum(abs(own - ratio * other) <= slack for own, other in pairs)
        if scaled >= fewest and scaled > _SHARE_SCALED * len(pairs):
            return ratio
    return None


def with_form_divided(evidence: Evidence, form: FormEvidence, ratio: Fraction) -> Evidence:
    """The evidence with the figures of one form divided by ``ratio``."""
    grid = to_fen(2 * evidence.half_place) or 1  # on which the other forms are printed
    amounts = {key: round(amount / ratio / grid) * grid for key, amount in form.amounts.items()}
    return replace(evidence, forms=evidence.forms | {form.form.form_id: replace(form, amounts=amounts)})


def scaled_form(form: FormEvidence, ratio: Fraction) -> Finding:
    """The finding for a form with figures that are ``ratio`` times those of the others."""
    place = (form.filed.form_no, form.form.form_id, form.form.report_no)
    return Finding("scaled_form", {"ratio": worded(ratio)}, *place)


def _rows_pasted_twice(form: FormEvidence) -> int:
    """The number of rows of a form that prints each row twice. 0 if it does not. The grand total may be printed
    once."""
    times = Counter((cell.row_key, cell.column_key) for cell in form.filed.cells if cell.amount is not None)
    beneath = {number for (row, _), number in times.items() if row != form.total_row}
    return len({row for row, _ in times}) if beneath == {2} else 0


def worded(ratio: Fraction) -> str:
    """A ratio as findings print it: 10000 or 1/10000."""
    return f"{ratio.numerator}" if ratio.denominator == 1 else f"1/{ratio.denominator}"
