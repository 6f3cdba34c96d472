"""Trials without one form: it is wrong as a whole if all others agree without it, or with its figures divided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from loader.diagnosis.case import MOST_BESIDE, MOST_WORK, Case
from loader.diagnosis.disagreement.differences import Difference, differences, rebuild_forms
from loader.diagnosis.disagreement.overspent import overspent, overspent_by_function
from loader.diagnosis.forms.suspect_forms import lone_funds, most_differing, ranked
from loader.diagnosis.forms.whole_form import FEW, FEWEST, form_finding, is_version
from loader.diagnosis.hypothesis import Hypothesis, named_figures
from loader.diagnosis.rows.lacking_rows import (
    each_lacking_row,
    each_misplaced_row,
    each_row_lacking_by_total,
    lacking_row,
    rows_lacking,
    rows_of_others,
)
from loader.diagnosis.searches.carried import carried_figures, with_evidence
from loader.diagnosis.searches.exchanged import exchanged_columns, exchanged_totals, mostly_exchanged
from loader.diagnosis.searches.misplaced import misplaced_by_totals
from loader.diagnosis.trials import Explanation, explained
from loader.filing.filed import FiledDisclosure
from loader.ledger.clock import deadline, is_over
from loader.ledger.draft import agreed_ledger, ledger_of
from loader.ledger.evidence.evidence import Evidence, FormEvidence, gather, to_fen
from loader.ledger.lines import Ledger
from loader.ledger.whole_forms import ratio_of, scaled_form, with_form_divided
from schema.forms.template import Statement

_MANY = 12  # with so many cells that differ, a fault on rows is unlikely
_MOST_ROWS = 4  # rows to be tried as lacking
_LIKELIEST = 3  # forms for which further lines are added at once


def wrong_forms(case: Case, end: float) -> list[Explanation]:
    """The forms without which all others agree, except for a few figures that are proven wrong; with the ledger of the
    others.

    Steps, until one finds a form without which no fund is overspent:

    1. Forms without which the cells agree with the lines that were possible at first.
    2. The likeliest forms: without them the fewest cells disagree. Further lines may be added.
    3. Forms without which the others agree without further lines.
    4. All forms left; if only few cells differ, only those that alone show a fund. Further lines may be added.

    If all figures of the form are the same multiple of the true ones, the ledger uses them divided. Of several forms,
    those without which least is spent beyond the income remain. The search stops at the count of work ``end``.
    """
    by_rank = ranked(case, case.evidence.forms.values())
    alone = [form for disagreeing, form in by_rank if not any(disagreeing)]
    likeliest = [form for _, form in sorted(by_rank, key=lambda entry: entry[0])][:_LIKELIEST]
    others = [form for _, form in by_rank if form not in likeliest]
    lone = lone_funds(case)
    last = others if len(case.found) > FEW else [form for form in others if form.form.where.fund in lone]
    found: list[Explanation] = []
    for make, forms in ((agreed_ledger, alone), (ledger_of, likeliest), (agreed_ledger, others), (ledger_of, last)):
        if any(_is_paid(case, ledger) for _, ledger in found):
            break
        for form in forms:
            if is_over(end):
                break
            is_found = any(faults[0].form is form for faults, _ in found)
            if not is_found and (explanation := _without(case, form, make)) is not None:
                found.append(explanation)
    if rows := [*_lacking_rows_elsewhere(case, found, [form for _, form in by_rank], end)]:
        return rows
    # the fewest faults, then the least spending beyond the income
    weighed = [(len(faults), overspent(ledger), overspent_by_function(ledger)) for faults, ledger in found]
    return [explanation for explanation, weight in zip(found, weighed, strict=True) if weight == min(weighed)]


def _lacking_rows_elsewhere(
    case: Case, found: Sequence[Explanation], forms: Sequence[FormEvidence], end: float
) -> Iterator[Explanation]:
    """Rows that other forms lack, in their sums too, if forms that seem to belong to another version are all that was
    found: rows left out explain as much as such a form, and are likelier."""
    faults = [fault for faults, _ in found for fault in faults]
    if any(fault.finding.kind not in ("stale_form", "foreign_form") for fault in faults):
        return
    for form in forms:
        if is_over(end):
            return
        is_accused = any(fault.form is form for fault in faults)
        if is_accused or form.abilities.fund or not rows_of_others(case.disclosure, form):
            continue  # rows of other funds stand in no form of one fund
        others = [filed for filed in case.disclosure.forms if filed is not form.filed]
        ledger = ledger_of(gather(replace(case.disclosure, forms=others)))
        differing = differences(case.evidence, ledger)
        wrong = [one for one in differing if one.form is form]
        options = islice(each_row_lacking_by_total(case.disclosure, wrong), _MOST_ROWS)
        tried = [_tried(case.disclosure, fault) for fault in options]
        if explained := [explanation for explanation in tried if explanation is not None]:
            yield from explained
        elif len(wrong) == len(differing) and (rows := rows_lacking(case.disclosure, wrong)):
            yield tuple(rows), ledger


def _is_paid(case: Case, ledger: Ledger) -> bool:
    """Whether no fund spends so much beyond its income that money of the cells that differ seems to be in a wrong fund.
    Small amounts may be carried over."""
    has_income = any(line.coordinates.statement == Statement.REVENUE for line in ledger.lines)
    moved = max((abs(one.filed - one.rebuilt) for one in case.found), default=0)
    return not has_income or 2 * to_fen(overspent(ledger)) <= moved


def forms_unlike_others(case: Case) -> Iterator[Explanation]:
    """Forms without which the cells agree with the lines that were possible at first, and that are too different for
    faults on rows.

    Many of their figures differ, including totals of rows, because local practice only moves money between columns.
    They are found before the ledger is finished, which takes most of the time.
    """
    end = deadline(MOST_WORK)
    if case.are_roundings:
        return
    for disagreeing, form in ranked(
        case, [form for form in case.evidence.forms.values() if _may_be_unlike(case, form)]
    ):
        if is_over(end):
            return
        if any(disagreeing) or (case.tried is not None and most_differing(case.tried, form) < _MANY):
            continue
        if (explanation := _without(case, form, agreed_ledger, _is_unlike)) is not None:
            yield explanation


def _may_be_unlike(case: Case, form: FormEvidence) -> bool:
    """Whether a trial without the form is worth its time: all cells that differ are of this form, or most of its totals
    of rows differ, or two of its columns seem exchanged."""
    wrong = [difference for difference in case.found if difference.form is form]
    if not wrong:
        return False
    column = form.abilities.total
    printed = sum(key[1] == column for key, amount in form.amounts.items() if amount)
    differing = sum(difference.key[1] == column for difference in wrong)
    is_alone = len(wrong) == len(case.found)
    return is_alone or 2 * differing >= max(printed, FEWEST) or exchanged_columns(wrong) is not None


def _is_unlike(form: FormEvidence, wrong: Sequence[Difference]) -> bool:
    totals = sum(difference.key[1] == form.abilities.total for difference in wrong)
    return len(wrong) >= _MANY and (totals >= FEWEST or exchanged_columns(wrong) is not None)


def _without(
    case: Case,
    form: FormEvidence,
    make: Callable[[Evidence], Ledger | None],
    is_likely: Callable[[FormEvidence, Sequence[Difference]], bool] = is_version,
) -> Explanation | None:
    """An explanation with this form as the fault, and figures of other forms that are proven wrong without it.

    None if the others do not agree then, or if the differing figures of the form make this unlikely.
    """
    others = replace(case.disclosure, forms=[filed for filed in case.disclosure.forms if filed is not form.filed])
    evidence = gather(others)
    if (ledger := make(evidence)) is None:
        return None
    differing = differences(case.evidence, ledger)
    wrong = [difference for difference in differing if difference.form is form]
    left = Case(others, evidence, ledger)
    if not wrong or left.is_balanced or not is_likely(form, wrong):
        return None
    # a few wrong figures explain as much
    is_as_good = len(case.found) <= FEW and case.is_true and overspent(ledger) >= overspent(case.ledger)
    if len(wrong) == len(differing):
        mended = _scaled(case.evidence, form, wrong) or column_fault(case.disclosure, form, wrong)
        if is_as_good and (mended is None or _pays_no_more(mended[1], case.ledger)):
            return None
        return mended or ((Hypothesis(form_finding(case, form, wrong), form),), ledger)
    if is_as_good:
        return None
    is_few = len(differing) - len(wrong) <= MOST_BESIDE and len(wrong) >= FEWEST
    if not is_few or len(left.proven) < len(left.found):
        return None
    return (Hypothesis(form_finding(case, form, wrong), form), *named_figures(left.proven)), explained(ledger)


def _pays_no_more(ledger: Ledger, other: Ledger) -> bool:
    """Whether no less is spent beyond the income by function than in another ledger."""
    return overspent_by_function(ledger) >= overspent_by_function(other)


def _scaled(evidence: Evidence, form: FormEvidence, wrong: Sequence[Difference]) -> Explanation | None:
    """The explanation that the form is in another money unit, if all agree with its figures divided.

    Without the form, only its column of all spending is certain, if it has one. If the others lack its rows, only its
    grand total is, or what its finest rows add up to if it prints none.
    """
    figures = [cell for cell in wrong if cell.filed]
    totals = [cell for cell in figures if cell.key[1] == form.abilities.total] or figures
    ratio = ratio_of([(cell.filed, cell.rebuilt) for cell in totals], evidence)
    if ratio is None:
        whole = [(cell.filed, cell.rebuilt) for cell in totals if cell.key[0] == form.total_row] or _added_up(
            form, wrong
        )
        ratio = ratio_of(whole, evidence, fewest=1)
    if ratio is None:
        return None
    divided = with_form_divided(evidence, form, ratio)
    ledger = ledger_of(divided)
    if differences(divided, ledger):
        return None
    return (Hypothesis(scaled_form(form, ratio), form),), ledger


def _added_up(form: FormEvidence, wrong: Sequence[Difference]) -> list[tuple[int, int]]:
    """The grand total of a form that prints none, from its finest rows, and as it should be."""
    rows, column = form.form.rows, form.abilities.total
    if rows is None or column is None:
        return []
    finest = {beneath[-1] for beneath in wrong[0].made.rows if beneath}
    right = sum(wrong[0].made.amounts.get((row, column), 0) for row in finest)
    return [(sum(form.amounts.get((row, column), 0) for row in form.leaf_rows), right)]


def column_fault(disclosure: FiledDisclosure, form: FormEvidence, wrong: Sequence[Difference]) -> Explanation | None:
    """The explanation that a figure of the form stands in a wrong column, two of its columns are exchanged, a row has
    a wrong code or is lacking, or one of its figures is wrong in all its sums too, if all agree then."""

    def lacking(form: FormEvidence, wrong: Sequence[Difference]) -> Hypothesis | None:
        return lacking_row(disclosure, wrong)

    finders = (lambda form, wrong: exchanged_columns(wrong), mostly_exchanged, lacking)
    for fault in chain(
        [exchanged_totals(form, wrong)],
        islice(misplaced_by_totals(form, wrong), _MOST_ROWS),
        (find(form, wrong) for find in finders),
        islice(each_misplaced_row(disclosure, wrong), _MOST_ROWS),
        islice(each_lacking_row(disclosure, wrong), _MOST_ROWS),
    ):
        if fault is not None and (explanation := _tried(disclosure, fault)) is not None:
            return explanation
    for options in (each_row_lacking_by_total(disclosure, wrong), carried_figures(form, wrong)):
        tried = (_tried(disclosure, fault) for fault in islice(options, _MOST_ROWS))
        # money that only balances others would hide a wrong figure
        if explained := [
            one for one in tried if one is not None and not any(f.kind == "remainder" for f in one[1].findings)
        ]:
            break
    if len(explained) != 1:
        return None
    [((fault, *_), ledger)] = explained
    corrected = gather(fault.corrected(disclosure))
    return (with_evidence(fault, corrected, rebuild_forms(corrected, ledger)),), ledger


def _tried(disclosure: FiledDisclosure, fault: Hypothesis) -> Explanation | None:
    """The explanation by a fault, if all agree without it."""
    corrected = gather(fault.corrected(disclosure))
    ledger = ledger_of(corrected)
    return None if differences(corrected, ledger) else ((fault,), ledger)
