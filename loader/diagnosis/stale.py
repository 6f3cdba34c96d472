"""Forms that agree with themselves and contradict the others, which agree: left over from a version before."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from loader.diagnosis.differences import Difference, differences
from loader.diagnosis.hypothesis import Hypothesis
from loader.filing.filed import FiledDisclosure, Finding
from loader.ledger.evidence import Evidence, FormEvidence, gather
from loader.ledger.lines import Ledger, agreed_ledger, ledger_of
from loader.ledger.sums import failing_sums

LIKELIEST = 2  # of the forms that may be stale, for which further lines are let in at once
FEWEST = 4  # figures of a form that is judged as a whole
# a form of which more than this share of the figures is wrong is not an earlier version, but that of something else
MOST_STALE = 0.75


def stale_form(found: Sequence[Difference]) -> list[Finding]:
    """A finding for the form that holds all cells that differ, if its own sums hold: the ledger is that of the
    others."""
    forms = {id(difference.form): difference.form for difference in found}
    form = next(iter(forms.values()))
    return [_finding(form, len(found))] if len(forms) == 1 and len(found) > 1 and _may_be_stale(form) else []


def stale_forms(
    disclosure: FiledDisclosure, evidence: Evidence, found: Sequence[Difference], deadline: float
) -> Iterator[tuple[tuple[Hypothesis], Ledger]]:
    """The forms without each of which all others agree, with the ledger of the others: those with most cells that
    differ first, then those without which the others agree as they stand, and only if there is none all that are left.
    Looks no further after a ``deadline`` of processor time."""
    differing = Counter(difference.form.form.form_id for difference in found)
    suspects = sorted(filter(_may_be_stale, evidence.forms.values()), key=lambda form: -differing[form.form.form_id])
    first, others = suspects[:LIKELIEST], suspects[LIKELIEST:]
    is_found = False
    for make, forms in ((ledger_of, first), (agreed_ledger, others), (ledger_of, others)):
        if is_found and make is ledger_of:
            return
        for form in forms:
            if time.process_time() > deadline:
                return
            others_filed = [filed for filed in disclosure.forms if filed is not form.filed]
            ledger = make(gather(replace(disclosure, forms=others_filed)))
            wrong = differences(evidence, ledger) if ledger is not None else []
            if ledger is not None and wrong and all(difference.form is form for difference in wrong):
                is_found = True
                yield (Hypothesis(_finding(form, len(wrong)), form),), ledger


def _may_be_stale(form: FormEvidence) -> bool:
    return sum(map(bool, form.amounts.values())) >= FEWEST and not any(failing_sums(form))


def _finding(form: FormEvidence, differing: int) -> Finding:
    is_stale = differing <= MOST_STALE * sum(map(bool, form.amounts.values()))
    place = (form.filed.form_no, form.form.form_id, form.form.report_no)
    return Finding("stale_form" if is_stale else "foreign_form", {"differing": differing}, *place)
