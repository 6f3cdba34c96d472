"""Explanations → the ledger that follows: free of the faults if there is one, with their findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from loader.diagnosis.case import Case
from loader.diagnosis.forms.untold import mark_untold
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.rows.whole_rows import UNNAMED
from loader.diagnosis.searches.mirrored import with_mirrored
from loader.diagnosis.trials import Explanation, accepted
from loader.diagnosis.untouched import restore, support_of
from loader.filing.filed import FiledCell, FiledDisclosure, Finding
from loader.ledger.evidence.evidence import gather
from loader.ledger.lines import Ledger, Line
from schema.forms.template import Statement

# findings on a form that the ledger leaves out or divides
WHOLE_FORMS = {"scaled_form", "foreign_form", "stale_form", "form_pasted_twice"}

_UNDECIDABLE_ZH = "没有其他报表列有这些数，无从判定"
_UNDECIDABLE_EN = "no other form prints these figures, so nothing decides"


def concluded(case: Case, explanations: Iterable[Explanation]) -> Ledger | None:
    """The ledger without the fault if there is one explanation, with a finding that lists them if there are several.
    None if there is none."""
    before = support_of(case.disclosure)
    explained = accepted(case.disclosure, explanations)
    is_alone = len(explained) == 1
    if is_alone:
        explained = with_mirrored(case, explained[0])
    if len(explained) == 1:
        return certain(case, explained[0])
    if explained:
        restore(case.disclosure, before)  # the ledger follows none of them
        return with_explanations(case.disclosure, case.ledger, explained, is_undecidable=is_alone)
    return None


def with_explanations(
    disclosure: FiledDisclosure, ledger: Ledger, explained: Sequence[Explanation], is_undecidable: bool
) -> Ledger:
    """The ledger with the finding that lists explanations, in place of the contradiction that they explain."""
    forms = {fault.form.filed.form_no for faults, _ in explained for fault in faults}
    several = [[fault.finding for fault in faults] for faults, _ in explained]
    kept = without_contradiction(disclosure, ledger, forms)
    return with_findings(kept, [several_explanations(several, disclosure, is_undecidable)])


def without_contradiction(disclosure: FiledDisclosure, ledger: Ledger, form_nos: Collection[int | None]) -> Ledger:
    """The ledger without the findings that these forms contradict others: other findings explain every cell."""
    statements = _statements_of(disclosure, form_nos)
    vague = [f for f in ledger.findings if f.kind == "contradiction" and f.values["statement"] in statements]
    return (
        replace(ledger, findings=[finding for finding in ledger.findings if finding not in vague]) if vague else ledger
    )


def certain(case: Case, explanation: Explanation) -> Ledger:
    """The ledger without the faults of the only explanation, with their findings, and findings for rows left out."""
    faults, ledger = explanation
    mended = without_fault(case.disclosure, explanation, is_mended=ledger is not case.ledger)
    return with_findings(mended, _rows_beside(case, faults, ledger))


def _rows_beside(case: Case, faults: Sequence[Hypothesis], ledger: Ledger) -> list[Finding]:
    """Findings for rows that are left out beside these faults and that nothing contradicts, in other forms."""
    if not case.is_short or any(not (fault.cells or fault.dropped) for fault in faults):
        return []
    mended = case.disclosure
    for fault in faults:
        mended = fault.corrected(mended)
    touched = {fault.form.filed.form_no for fault in faults}
    corrected = Case(mended, gather(mended), ledger)
    rows = (finding for faults in corrected.row_faults() for finding in faults.rows_left_out())
    return [finding for finding in rows if finding.form_no not in touched]


def without_fault(disclosure: FiledDisclosure, explanation: Explanation, is_mended: bool = True) -> Ledger:
    """The ledger without the faults of the explanation, with their findings."""
    faults, mended = explanation
    return with_faults_named(
        disclosure, _without(faults, disclosure, mended), [fault.finding for fault in faults], is_mended
    )


def with_faults_named(
    disclosure: FiledDisclosure, ledger: Ledger, faults: list[Finding], is_mended: bool = False
) -> Ledger:
    """The ledger with findings that name every fault.

    Findings that say the same of these forms less precisely are dropped, also from those of the disclosure. If
    ``is_mended``, the ledger is free of the faults: any contradiction left in it has another cause and stays.
    """
    named = [*faults, *(finding for finding in ledger.findings if finding.kind in WHOLE_FORMS)]
    forms = {fault.form_no for fault in named}
    rows = {(fault.form_no, fault.source_row) for fault in faults}
    repeated = {fault.form_no for fault in named if fault.kind in ("row_twice", "form_pasted_twice")}
    left_out = {fault.values["row"] for fault in faults if fault.kind == "row_omitted"}
    statements = _statements_of(disclosure, forms)

    def is_named_already(finding: Finding) -> bool:
        match finding.kind:
            case "contradiction":
                return not is_mended and finding.values["statement"] in statements
            case "sum":
                return finding.form_no in forms
            case "blank_parts":
                return (finding.form_no, finding.source_row) in rows
            case "duplicate_row":
                return finding.form_no in repeated
            case "unlisted_sheet":
                return finding.values["project"] in left_out
        return False

    disclosure.findings = [finding for finding in disclosure.findings if not is_named_already(finding)]
    return replace(
        ledger, findings=[*(finding for finding in ledger.findings if not is_named_already(finding)), *faults]
    )


def _statements_of(disclosure: FiledDisclosure, form_nos: Collection[int | None]) -> set[Statement]:
    """The statements that these forms print."""
    forms = (form for form in disclosure.forms if form.form_no in form_nos)
    return {statement for form in forms for cell in form.cells for statement in cell.statements}


def with_findings(ledger: Ledger, findings: list[Finding]) -> Ledger:
    return replace(ledger, findings=[*ledger.findings, *findings]) if findings else ledger


def several_explanations(
    explanations: list[list[Finding]], disclosure: FiledDisclosure, is_undecidable: bool = False
) -> Finding:
    """The finding that lists explanations. It is a warning if one of them is that figures were rounded and none is
    wrong. ``is_undecidable``: no other form prints the figures at all."""
    may_be_right = any(all(fault.kind == "sum_rounded" for fault in faults) for faults in explanations)

    def worded(faults: list[Finding], language: str, joined_by: str) -> str:
        return joined_by.join(fault.worded(language, disclosure.file_format) for fault in faults)

    return Finding(
        "perhaps_rounded" if may_be_right else "several_explanations",
        {
            "count": len(explanations),
            "explanations_zh": [
                *_numbered(worded(faults, "zh", "；") for faults in explanations),
                *([_UNDECIDABLE_ZH] if is_undecidable else []),
            ],
            "explanations_en": [
                *_numbered(worded(faults, "en", " and ") for faults in explanations),
                *([_UNDECIDABLE_EN] if is_undecidable else []),
            ],
            "forms": sorted({fault.form_id for faults in explanations for fault in faults if fault.form_id}),
        },
    )


def _numbered(texts: Iterable[str]) -> list[str]:
    return [f"({number}) {text}" for number, text in enumerate(texts, 1)]


def _without(faults: tuple[Hypothesis, ...], disclosure: FiledDisclosure, ledger: Ledger) -> Ledger:
    """The ledger of the corrected disclosure. Its lines refer only to cells that were filed."""
    filed = {(form.form_no, cell.row_no, cell.column_no) for form in disclosure.forms for cell in form.cells}
    for fault in faults:
        for cell in fault.form.filed.cells:
            _settle_support(cell, fault)
        if fault.finding.kind == "stale_form" and not fault.cells:
            mark_untold(fault.form.filed, ledger.lines)
    lines = [_as_filed(line, filed) for line in ledger.lines]
    return replace(ledger, lines=lines)


def _settle_support(cell: FiledCell, hypothesis: Hypothesis) -> None:
    """Mark a corrected figure as contradicted by other forms."""
    if cell.statements and (cell.row_key, cell.column_key) in hypothesis.cells:
        cell.support = "other_form"


def _as_filed(line: Line, filed: set[tuple[int, int, int]]) -> Line:
    source = line.source if line.source in filed else None
    at = line.coordinates
    return replace(line, source=source, coordinates=at._replace(project="") if at.project == UNNAMED else at)
