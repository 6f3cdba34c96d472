"""Faults that are known, and another one beside them: it is looked for in the document without the known ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from loader.diagnosis.case import MOST_BESIDE, MOST_FIGURES, Case, Diagnosed
from loader.diagnosis.conclusions import WHOLE_FORMS, with_findings, without_fault
from loader.diagnosis.figures.single_figures import suspects
from loader.diagnosis.hypothesis import Hypothesis, named_figures
from loader.diagnosis.untouched import restore, support_of
from loader.filing.filed import FiledDisclosure
from loader.ledger.lines import Ledger

_UNEXPLAINED = {"contradiction", "remainder", "not_settled"}


def beside_proven_figures(case: Case) -> Ledger | None:
    """The ledger without the figures that are proven wrong, and without another fault."""
    if case.again is None or case.is_balanced or len(case.found) > MOST_FIGURES:
        return None
    proven = [figure for figure in suspects(case.evidence, case.tables, case.rebuilt, case.found) if figure.is_proven]
    is_printed = all(one.difference.key[0] in one.difference.form.rows for one in proven)
    if not (0 < len(proven) <= MOST_BESIDE and is_printed):
        return None
    return beside(case.disclosure, named_figures(proven), case.again)


def beside(disclosure: FiledDisclosure, faults: Sequence[Hypothesis], again: Diagnosed) -> Ledger | None:
    """The ledger without these faults and those that are named in the document without them. None if that does not
    explain everything, or names a form of theirs."""
    corrected = disclosure
    for fault in faults:
        corrected = fault.corrected(corrected)
    before, known = support_of(disclosure), {fault.form.filed.form_no for fault in faults}
    ledger = again(corrected)
    new = [finding for finding in (*corrected.findings, *ledger.findings) if finding not in disclosure.findings]
    # a form that is wrong as a whole may have made right figures of others seem wrong
    if any(finding.kind in _UNEXPLAINED | WHOLE_FORMS or finding.form_no in known for finding in new):
        restore(disclosure, before)
        return None
    disclosure.findings = corrected.findings
    return without_fault(disclosure, ((*faults,), ledger))


def beside_whole_forms(disclosure: FiledDisclosure, ledger: Ledger, again: Diagnosed) -> Ledger | None:
    """The ledger without the forms that its findings say are wrong as a whole, and without another fault in the others.
    None if these agree, or if that does not explain everything."""
    whole = [finding for finding in ledger.findings if finding.kind in WHOLE_FORMS]
    if _UNEXPLAINED.isdisjoint(finding.kind for finding in ledger.findings):
        return None
    if any(finding.kind == "scaled_form" for finding in whole):
        return None  # the ledger has its figures, divided
    numbers = {finding.form_no for finding in whole}
    others = replace(disclosure, forms=[form for form in disclosure.forms if form.form_no not in numbers])
    before = support_of(disclosure)
    rest = again(others)
    if not _UNEXPLAINED.isdisjoint(finding.kind for finding in rest.findings):
        restore(disclosure, before)
        return None
    disclosure.findings = others.findings
    return with_findings(rest, whole)
