"""Two faults in two forms: each is named in the document without the other form, as if it were the only one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from loader.diagnosis.case import Diagnosed
from loader.diagnosis.disagreement.differences import differences
from loader.diagnosis.forms.suspect_forms import likeliest
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.trials import Explanation
from loader.diagnosis.untouched import untouched
from loader.filing.filed import FiledDisclosure
from loader.ledger.amounts import Attempt
from loader.ledger.clock import is_over
from loader.ledger.draft import agreed_ledger, ledger_of
from loader.ledger.evidence.evidence import FormEvidence, gather
from loader.ledger.lines import Ledger

_MOST_ALONE = 2  # forms that may be the only wrong one
_MOST_PAIRS = 6
_MOST_FINISHED = 3  # forms without which further lines are added
_VAGUE = {"contradiction", "remainder", "several_explanations", "perhaps_rounded", "not_settled"}  # they name no fault


def faults_of_two_forms(
    disclosure: FiledDisclosure, tried: Attempt, diagnosed: Diagnosed, end: float
) -> Iterator[Explanation]:
    """The faults of two forms without which all forms agree. ``diagnosed`` gives the ledger of a document that is said
    to have one fault, with this fault named."""
    for pair in _pairs(disclosure, tried):
        if is_over(end):
            return
        if (explanation := _explained(disclosure, pair, diagnosed)) is not None:
            yield explanation


def _explained(
    disclosure: FiledDisclosure, pair: tuple[FormEvidence, FormEvidence], diagnosed: Diagnosed
) -> Explanation | None:
    """The faults of two forms, each found in the document without the other form."""
    found: list[tuple[FormEvidence, list[Hypothesis]]] = []
    for form, beside in (pair, pair[::-1]):
        faults, _ = _faults_of(form, _without(disclosure, beside), diagnosed)
        if not faults:
            return None
        found.append((form, faults))
    (_, [first, *more]), (form, [second, *others]) = sorted(found, key=lambda one: not one[1][0].cells)
    corrected = first.corrected(disclosure)
    if first.cells and not second.cells:
        # a project left out: no printed cell shows it, only the ledger without this fault
        rest, ledger = _faults_of(form, corrected, diagnosed)
        return ((first, *more, *rest), ledger) if rest else None
    evidence = gather(second.corrected(corrected))
    ledger = ledger_of(evidence)
    if differences(evidence, ledger) or _is_same_error(first, second):
        return None
    return (first, *more, second, *others), ledger


def _pairs(disclosure: FiledDisclosure, tried: Attempt) -> Iterator[tuple[FormEvidence, FormEvidence]]:
    """The pairs of forms that may have a fault each: those without which the others agree, then a form and the only one
    that differs without it. None if the others agree without one form alone."""
    alone = [form for (form,) in likeliest(tried, 1)[:_MOST_FINISHED]]
    if any(agreed_ledger(gather(_without(disclosure, form))) for form in alone[:_MOST_ALONE]):
        return
    seen = []
    for one, other in likeliest(tried, 2)[:_MOST_PAIRS]:
        if agreed_ledger(gather(_without(disclosure, one, other))) is not None:
            seen.append({one.form.form_id, other.form.form_id})
            yield one, other
    for form in alone:
        evidence = gather(_without(disclosure, form))
        differing = {one.form.form.form_id: one.form for one in differences(evidence, ledger_of(evidence))}
        for other in differing.values() if len(differing) == 1 else ():
            if {form.form.form_id, other.form.form_id} not in seen:
                yield form, other


def _without(disclosure: FiledDisclosure, *forms: FormEvidence) -> FiledDisclosure:
    numbers = {form.filed.form_no for form in forms}
    return replace(
        disclosure,
        forms=[form for form in disclosure.forms if form.form_no not in numbers],
        findings=[finding for finding in disclosure.findings if finding.form_no not in numbers],
    )


def _is_same_error(one: Hypothesis, other: Hypothesis) -> bool:
    """Whether two forms would have the same wrong figures. They do not err alike: a third form that contradicts them
    does."""
    errors, others = (
        {(fault.form.amounts.get(key, 0), right) for key, right in fault.cells.items()} for fault in (one, other)
    )
    return errors <= others or others <= errors


def _faults_of(
    form: FormEvidence, disclosure: FiledDisclosure, diagnosed: Diagnosed
) -> tuple[list[Hypothesis], Ledger]:
    """The findings on a form as its faults, of which the first corrects all its cells, and the ledger without them.
    No faults if they do not explain every cell that differs, or are about another form."""
    known = disclosure.findings
    with untouched(disclosure):
        ledger = diagnosed(disclosure)
        differing = differences(gather(disclosure), ledger)
    findings = [finding for finding in ledger.findings if finding not in known]
    is_vague = any(f.kind in _VAGUE or f.form_id not in (None, form.form.form_id) for f in findings)
    if is_vague or any(one.form.filed.form_no != form.filed.form_no for one in differing):
        return [], ledger
    cells = {one.key: one.rebuilt for one in differing}
    own = [finding for finding in findings if finding.form_id]
    faults = [Hypothesis(finding, form, {} if number else cells) for number, finding in enumerate(own)]
    return faults, replace(ledger, findings=[finding for finding in ledger.findings if finding not in own])
