"""Two faults in two forms: each is named in the document without the other form.

The forms without both must agree. What then contradicts them in either form is a fault of this form alone, and is looked
for as if it were the only one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from loader.diagnosis.disagreement.differences import differences
from loader.diagnosis.forms.suspect_forms import likeliest
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.trials import Explanation
from loader.diagnosis.untouched import untouched
from loader.filing.filed import FiledDisclosure
from loader.ledger.amounts import Attempt
from loader.ledger.clock import is_over
from loader.ledger.draft import agreed_ledger, ledger_of
from loader.ledger.evidence import FormEvidence, gather
from loader.ledger.lines import Ledger

_MOST_ALONE = 2  # forms that may be the only wrong one
_MOST_PAIRS = 6
_MOST_FINISHED = 2  # pairs without which further lines are added
_VAGUE = {"contradiction", "remainder", "several_explanations", "not_settled"}  # they name no fault

Diagnosed = Callable[[FiledDisclosure], Ledger]


def faults_of_two_forms(
    disclosure: FiledDisclosure, tried: Attempt, diagnosed: Diagnosed, end: float
) -> Iterator[Explanation]:
    """The faults of two forms without which all forms agree. ``diagnosed`` names the faults of a document that has only
    one."""
    if any(agreed_ledger(gather(_without(disclosure, form))) for (form,) in likeliest(tried, 1)[:_MOST_ALONE]):
        return  # there is one fault
    for number, (one, other) in enumerate(likeliest(tried, 2)[:_MOST_PAIRS]):
        if is_over(end):
            return
        others = gather(_without(disclosure, one, other))
        rest = agreed_ledger(others)
        if rest is None and number < _MOST_FINISHED:
            finished = ledger_of(others)
            rest = None if differences(others, finished) else finished
        if rest is None:
            continue
        faults: list[Hypothesis] = []
        for form, beside in ((one, other), (other, one)):
            if not (found := _faults_of(_without(disclosure, beside), form, rest, diagnosed)):
                break
            faults += found
        else:
            corrected = disclosure
            for fault in faults:
                corrected = fault.corrected(corrected)
            evidence = gather(corrected)
            ledger = ledger_of(evidence)
            if not differences(evidence, ledger):
                yield tuple(faults), ledger


def _without(disclosure: FiledDisclosure, *forms: FormEvidence) -> FiledDisclosure:
    numbers = {form.filed.form_no for form in forms}
    return replace(
        disclosure,
        forms=[form for form in disclosure.forms if form.form_no not in numbers],
        findings=[finding for finding in disclosure.findings if finding.form_no not in numbers],
    )


def _faults_of(disclosure: FiledDisclosure, form: FormEvidence, rest: Ledger, diagnosed: Diagnosed) -> list[Hypothesis]:
    """The named faults of a form that is the only one to contradict the others, whose ledger is ``rest``. The first of
    them corrects all of its cells."""
    known = [*disclosure.findings, *rest.findings]
    with untouched(disclosure):
        ledger = diagnosed(disclosure)
        named = [finding for finding in ledger.findings if finding not in known]
        differing = differences(gather(disclosure), ledger)
    if any(finding.kind in _VAGUE or finding.form_id not in (None, form.form.form_id) for finding in named):
        return []
    if not differing or any(one.form.filed is not form.filed for one in differing):
        return []
    cells = {one.key: one.rebuilt for one in differing}
    own = [finding for finding in named if finding.form_id == form.form.form_id]
    return [Hypothesis(finding, form, {} if number else cells) for number, finding in enumerate(own)]
