"""Two faults in two forms: each is named in the document without the other form, as if it were the only one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from loader.diagnosis.case import Diagnosed
from loader.diagnosis.disagreement.differences import differences
from loader.diagnosis.forms.suspect_forms import likeliest
from loader.diagnosis.hypothesis import Hypothesis, corrected_form
from loader.diagnosis.trials import Explanation
from loader.diagnosis.untouched import untouched
from loader.filing.filed import FiledDisclosure, Finding
from loader.ledger.amounts import Attempt
from loader.ledger.clock import is_over
from loader.ledger.draft import agreed_ledger, ledger_of
from loader.ledger.evidence.evidence import FormEvidence, gather
from loader.ledger.evidence.projection import CellKey

_MOST_ALONE = 2  # forms that may be the only wrong one
_MOST_PAIRS = 6
_MOST_FINISHED = 3  # forms without which further lines are added
_VAGUE = {"contradiction", "remainder", "several_explanations", "perhaps_rounded", "not_settled"}  # they name no fault


def faults_of_two_forms(
    disclosure: FiledDisclosure, tried: Attempt, diagnosed: Diagnosed, end: float
) -> Iterator[Explanation]:
    """The faults of two forms without which all forms agree. ``diagnosed`` gives the ledger of a document that is said
    to have one fault, with this fault named."""
    for one, other in _pairs(disclosure, tried):
        if is_over(end):
            return
        parts: list[tuple[FormEvidence, list[Finding], dict[CellKey, int]]] = []
        corrected = disclosure
        for form, beside in ((one, other), (other, one)):
            findings, cells = _found(_without(disclosure, beside), form, diagnosed)
            if not cells:
                break
            parts.append((form, findings, cells))
            corrected = replace(
                corrected,
                forms=[corrected_form(form, cells) if own is form.filed else own for own in corrected.forms],
            )
        else:
            evidence = gather(corrected)
            ledger = ledger_of(evidence)
            known = [*disclosure.findings, *ledger.findings]
            faults = [_faults(form, [f for f in findings if f not in known], cells) for form, findings, cells in parts]
            if all(faults) and not differences(evidence, ledger):
                yield tuple(chain.from_iterable(faults)), ledger


def _faults(form: FormEvidence, findings: Sequence[Finding], cells: Mapping[CellKey, int]) -> list[Hypothesis]:
    """The findings on a form as its faults, of which the first corrects all its cells. Empty if they do not explain
    them, or are about another form."""
    if any(f.kind in _VAGUE or f.form_id not in (None, form.form.form_id) for f in findings):
        return []
    own = [finding for finding in findings if finding.form_id]
    return [Hypothesis(finding, form, {} if number else cells) for number, finding in enumerate(own)]


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


def _found(
    disclosure: FiledDisclosure, form: FormEvidence, diagnosed: Diagnosed
) -> tuple[list[Finding], dict[CellKey, int]]:
    """The findings on a document, and its cells that differ from its ledger with their right figures (分), if all of
    them are of this form."""
    with untouched(disclosure):
        ledger = diagnosed(disclosure)
        differing = differences(gather(disclosure), ledger)
    is_alone = all(one.form.filed is form.filed for one in differing)
    return ledger.findings, {one.key: one.rebuilt for one in differing} if is_alone else {}
