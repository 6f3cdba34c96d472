"""Trials of faults: the disclosure is solved again without each fault, and must then agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from loader.diagnosis.case import MOST_BESIDE, Case
from loader.diagnosis.disagreement.differences import Difference, differences, with_figures
from loader.diagnosis.hypothesis import Hypothesis, named_figures
from loader.diagnosis.untouched import restore, support_of
from loader.filing.filed import FiledDisclosure
from loader.ledger.clock import is_over
from loader.ledger.contradictions.doubtful_program import is_unofficial
from loader.ledger.draft import ledger_of
from loader.ledger.evidence.evidence import Evidence, gather
from loader.ledger.lines import Ledger

MOST_TRIES = 8

# faults that explain all differences, each in a form of its own, and the ledger without them
Explanation = tuple[tuple[Hypothesis, ...], Ledger]


def one_row_fault(
    case: Case,
    deadline: float,
    make: Callable[[Evidence], Ledger | None] = ledger_of,
    wrong: Sequence[Difference] = (),
) -> Iterator[Explanation]:
    """The faults on rows without which all forms agree, and without more money that lacks a fund.

    ``wrong`` are differing figures that the cells of the case already have corrected.
    """
    unfunded = _unfunded(case.ledger)
    for option in _hypotheses(case, deadline)[:MOST_TRIES]:
        if is_over(deadline):
            break
        corrected = with_figures(gather(option.corrected(case.disclosure)), wrong)
        ledger = make(corrected)
        if ledger is not None and _unfunded(ledger) <= unfunded and not differences(corrected, ledger):
            yield (option,), ledger


def column_faults(case: Case, options: Iterable[Hypothesis], deadline: float) -> Iterator[Explanation]:
    """The faults on columns without which no cell differs, and without money that only balances others."""
    for option in options:
        if is_over(deadline):
            return
        corrected = gather(option.corrected(case.disclosure))
        ledger = ledger_of(corrected)
        if not differences(corrected, ledger) and not Case(case.disclosure, corrected, ledger).is_balanced:
            yield (option,), ledger


def two_row_faults(case: Case, deadline: float) -> Iterator[Explanation]:
    """Pairs of faults in two forms after which all forms agree. The second is searched for in the document without the
    first."""
    firsts = sorted(
        (one for faults in case.row_faults() for one in faults.find(alone=False)), key=lambda one: -one.mended
    )
    seen: list[set[str]] = []
    for first in firsts[:MOST_TRIES]:
        mended = first.corrected(case.disclosure)
        for second in _hypotheses(Case(mended, gather(mended), case.ledger), deadline):
            if is_over(deadline):
                return
            messages = {first.finding.message, second.finding.message}
            if messages in seen or second.form.filed not in case.disclosure.forms:
                continue
            seen.append(messages)
            corrected = gather(second.corrected(mended))
            ledger = ledger_of(corrected)
            if _unfunded(ledger) <= _unfunded(case.ledger) and not differences(corrected, ledger):
                yield (first, second), ledger


def row_fault_beside_figures(case: Case, most_left: int, deadline: float) -> Iterator[Explanation]:
    """A fault on rows after which at most ``most_left`` cells of other forms differ, each proven wrong."""
    faults = [one for faults in case.row_faults() for one in faults.find(alone=False)]
    likely = [one for one in faults if one.mended > 1]  # one check that holds again may be due to a single wrong figure
    for fault in sorted(likely, key=lambda one: -one.mended)[: MOST_TRIES // 2]:
        if is_over(deadline):
            return
        mended = fault.corrected(case.disclosure)
        evidence = gather(mended)
        left = Case(mended, evidence, ledger_of(evidence))
        if _unfunded(left.ledger) > _unfunded(case.ledger) or left.is_balanced:
            continue
        own = fault.form.form.form_id
        is_few = 0 < len(left.found) <= min(MOST_BESIDE, most_left)
        if not is_few or any(difference.form.form.form_id == own for difference in left.found):
            continue
        if len(left.proven) == len(left.found):
            yield (fault, *named_figures(left.proven)), explained(left.ledger)


def explained(ledger: Ledger) -> Ledger:
    """A ledger of which every cell that differs is named: nothing else contradicts it."""
    return replace(ledger, findings=[finding for finding in ledger.findings if finding.kind != "contradiction"])


def accepted(disclosure: FiledDisclosure, explanations: Iterable[Explanation]) -> list[Explanation]:
    """The explanations as a list: of several, those that need the least local practice outside the official crosswalk.

    If there is exactly one, the cells keep the support that it gives them, else that from before.
    """
    before = support_of(disclosure)
    entries = [(explanation, support_of(disclosure), _local_practice(explanation[1])) for explanation in explanations]
    entries = [*{_corrections(entry[0]): entry for entry in reversed(entries)}.values()][::-1]
    least = min((practice for *_, practice in entries), default=0)
    likeliest = [(explanation, after) for explanation, after, practice in entries if practice == least]
    restore(disclosure, likeliest[0][1] if len(likeliest) == 1 else before)
    return [explanation for explanation, _ in likeliest]


def _corrections(explanation: Explanation) -> object:
    """What an explanation corrects: two faults that correct the same cells alike are one."""
    return frozenset(
        (fault.form.form.form_id, fault.dropped, frozenset(fault.cells.items()) or fault.finding.message)
        for fault in explanation[0]
    )


def _local_practice(ledger: Ledger) -> int:
    """The number of pairs of economic subjects that the official crosswalk does not have."""
    places = (line.coordinates for line in ledger.lines)
    return len({(at.department_economic, at.government_economic) for at in places if is_unofficial(at)})


def _hypotheses(case: Case, deadline: float) -> list[Hypothesis]:
    """The hypotheses worth a try, the likeliest first: faults after which every check of their form holds.

    If sums down the rows of a form fail, only a fault in that form can explain everything.
    """
    options: list[Hypothesis] = []
    failing = [form_id for form_id, table in case.tables.items() if table.fails_down]
    if len(failing) > 1:
        return []
    for faults in case.row_faults(failing):
        options += faults.find()
        if is_over(deadline):
            break
    return sorted(options, key=lambda option: -option.mended)


def _unfunded(ledger: Ledger) -> Decimal:
    """The money without a fund (万元). If forms agree only because there is more of it, they do not agree: the form of
    the fund prints another figure."""
    return sum((abs(Decimal(str(f.values["amount"]))) for f in ledger.findings if f.kind == "no_fund"), Decimal(0))
