"""Forms that agree with themselves and contradict the others, which agree: left over from a version before."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from loader.diagnosis.differences import Difference, differences
from loader.diagnosis.hypothesis import Hypothesis
from loader.filing.filed import FiledDisclosure, Finding
from loader.ledger.amounts import attempt
from loader.ledger.candidates import Candidates
from loader.ledger.evidence import Evidence, FormEvidence
from loader.ledger.lines import Ledger, make_ledger
from loader.ledger.sums import failing_sums

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
    """The forms without each of which all others agree, with the ledger of the others; those with most cells that
    differ come first. Looks no further after a ``deadline`` of processor time."""
    differing = Counter(difference.form.form.form_id for difference in found)
    for form_id, form in sorted(evidence.forms.items(), key=lambda entry: -differing[entry[0]]):
        if time.process_time() > deadline:
            return
        if not _may_be_stale(form):
            continue
        others = replace(evidence, forms={key: other for key, other in evidence.forms.items() if key != form_id})
        if not differing[form_id] and attempt(others, Candidates(others)).solution is None:
            continue
        corrected = replace(disclosure, forms=[filed for filed in disclosure.forms if filed is not form.filed])
        ledger = make_ledger(corrected)
        if differences(others, ledger):
            continue
        if wrong := [entry for entry in differences(evidence, ledger) if entry.form is form]:
            yield (Hypothesis(_finding(form, len(wrong)), form),), ledger


def _may_be_stale(form: FormEvidence) -> bool:
    return sum(map(bool, form.amounts.values())) >= FEWEST and not any(failing_sums(form))


def _finding(form: FormEvidence, differing: int) -> Finding:
    is_stale = differing <= MOST_STALE * sum(map(bool, form.amounts.values()))
    place = (form.filed.form_no, form.form.form_id, form.form.report_no)
    return Finding("stale_form" if is_stale else "foreign_form", {"differing": differing}, *place)
