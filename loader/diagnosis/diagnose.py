"""Disclosure and ledger → the ledger with findings that name the faults, free of the faults if they are certain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from loader.diagnosis.case import MOST_FIGURES, SECONDS, Case
from loader.diagnosis.differences import differences
from loader.diagnosis.equal import equal_corrections
from loader.diagnosis.exchanged import exchanged_columns, exchanges
from loader.diagnosis.figures import UNLIKELY_BY_CHANCE, name_figure
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.list_lines import lacks_lines, lines_left_out
from loader.diagnosis.money_unit import in_wan_yuan
from loader.diagnosis.overspent import overspent
from loader.diagnosis.rows import UNNAMED
from loader.diagnosis.stale import FEW, forms_unlike_others, stale_form, stale_forms
from loader.diagnosis.table import has_failing_checks, tables_of
from loader.diagnosis.totals import name_totals
from loader.diagnosis.trials import (
    Explanation,
    accepted,
    one_row_fault,
    row_fault_beside_corrected,
    row_fault_beside_figures,
    two_row_faults,
)
from loader.diagnosis.unknown_columns import MoneyWithoutMeaning, money_without_meaning
from loader.filing.filed import FiledCell, FiledDisclosure, Finding
from loader.ledger.amounts import Attempt
from loader.ledger.clock import clock_of_document, deadline
from loader.ledger.draft import Draft, agreed_ledger, draft_of, without_wrong_form
from loader.ledger.evidence import Evidence, gather
from loader.ledger.lines import Ledger, Line
from loader.ledger.picture_readings import has_doubted_readings, make_ledger_of_readings

# findings on a form that the ledger leaves out or divides
WHOLE_FORMS = {"scaled_form", "foreign_form", "stale_form", "form_pasted_twice"}
# findings of a contradiction, or of an assumption of the ledger that may be wrong
ODD = {"contradiction", "remainder", "blank_parts", "sum", "duplicate_row"}


def diagnosed_ledger(disclosure: FiledDisclosure) -> Ledger:
    """The ledger of a disclosure with its faults named, as far as the time allows.

    Faults on rows and forms unlike all others are searched for before the ledger is finished. Finishing takes most of
    the time if cells contradict each other, and it is useless if the fault is found.
    """
    if has_doubted_readings(disclosure):
        ledger = make_ledger_of_readings(disclosure)
        with clock_of_document():
            return diagnose(disclosure, ledger)
    evidence = gather(disclosure)
    return in_wan_yuan(evidence, _diagnosed(disclosure, evidence))


def _diagnosed(disclosure: FiledDisclosure, evidence: Evidence) -> Ledger:
    draft = draft_of(evidence)
    with clock_of_document():
        if draft.is_contradictory and (unknown := money_without_meaning(evidence)):
            return _beside_unknown(disclosure, evidence, draft.finished(), unknown)
        draft = without_wrong_form(draft)
        if draft.is_contradictory and not draft.evidence.is_rounded and (mended := _without_finishing(draft)):
            return mended
        return diagnose(disclosure, draft.finished(), draft.evidence, draft.tried)


def _beside_unknown(
    disclosure: FiledDisclosure, evidence: Evidence, ledger: Ledger, unknown: MoneyWithoutMeaning
) -> Ledger:
    """The ledger of a disclosure with money under heads that no declared form has.

    If cells differ, the totals that hold this money are ignored, provided that all other cells then agree.
    """

    def others() -> Iterator[Explanation]:
        without = unknown.without_totals(evidence)
        found = agreed_ledger(without)
        if found is not None and not differences(without, found):
            yield (), found

    if differences(evidence, ledger) and (explained := accepted(disclosure, others())):
        [(_, ledger)] = explained
        return ledger
    return diagnose(disclosure, ledger, evidence)


def _without_finishing(draft: Draft) -> Ledger | None:
    """The ledger without the fault, found before the ledger is finished.

    The fault is the only fault on rows after which all cells agree, or else the only form unlike all others. None if
    there is no such fault, or more than one.
    """
    disclosure, evidence = draft.disclosure, draft.evidence
    is_repeated = any(finding.kind == "duplicate_row" for finding in disclosure.findings)
    if not is_repeated and not has_failing_checks(tables_of(evidence)):
        return None  # the forms agree: they only lack a line that the strict candidates leave out
    case = Case(disclosure, evidence, Ledger(draft.decided()), draft.tried)
    for explanations in (one_row_fault(case, case.rows_until, agreed_ledger), forms_unlike_others(case)):
        if explained := accepted(disclosure, explanations):
            return _without_fault(disclosure, explained[0]) if len(explained) == 1 else None
        if evidence.coarse:
            break  # only the finished ledger shows which differences are roundings of forms that print fewer digits
    return None


def diagnose(
    disclosure: FiledDisclosure, ledger: Ledger, evidence: Evidence | None = None, tried: Attempt | None = None
) -> Ledger:
    """The ledger with a finding for each fault that explains cells that differ.

    If exactly one explanation makes all forms agree, the result is the ledger of the disclosure without that fault.
    Nothing is tried if nothing is odd, nor in documents rounded cell by cell. ``evidence`` holds the cells of the
    disclosure if they are gathered already, ``tried`` the first attempt to solve it.
    """
    kinds = {finding.kind for finding in (*ledger.findings, *disclosure.findings)}
    is_odd = not kinds.isdisjoint(ODD)
    if ledger.is_rounded:
        return ledger
    if kinds & WHOLE_FORMS:
        if exchanged := _exchange_as_whole(disclosure, ledger):
            return exchanged
        figures = Case(disclosure, evidence, ledger).proven if evidence is not None else []
        return _explained(disclosure, ledger, [name_figure(one, bearing) for one, bearing, _ in figures])
    case = Case(disclosure, evidence or _gathered(disclosure, ledger), ledger, tried)
    if not (is_odd or case.is_short or any(map(lacks_lines, case.evidence.forms.values()))):
        return ledger
    if not is_odd or not (case.found or case.is_balanced):
        return _left_out(case)
    if case.unknown is not None and case.unknown.explains(case.found):
        return ledger
    return next(diagnosed for way in WAYS if (diagnosed := way(case)) is not None)


# ---------------------------------------------------------------------------- ways: each gives a ledger or None


def _exchange(case: Case) -> Ledger | None:
    """Two columns or two lines were exchanged, and the ledger is right."""
    return _concluded(case, exchanges(case, _deadline())) if not case.is_balanced else None


def _exchange_as_whole(disclosure: FiledDisclosure, ledger: Ledger) -> Ledger | None:
    """The ledger without a form that seemed foreign as a whole, if exchanging two of its columns explains
    everything."""
    exchanged = exchanged_columns(differences(gather(disclosure), ledger))
    if exchanged is None:
        return None
    others = [finding for finding in ledger.findings if finding.kind not in WHOLE_FORMS]
    return _without_fault(disclosure, ((exchanged,), replace(ledger, findings=others)))


def _proven_figures(case: Case) -> Ledger | None:
    """Single wrong figures, if no fault on rows may explain them. A fault on rows beside a few of them is tried
    first."""
    if not case.proven or case.may_be_rows:
        return None
    if case.may_be_rows_beside_figures:
        explained = accepted(case.disclosure, row_fault_beside_figures(case, len(case.found) - 2, _deadline()))
        if len(explained) == 1:
            return _without_fault(case.disclosure, explained[0])
    return _with_figures(case)


def _one_row_fault(case: Case) -> Ledger | None:
    return _concluded(case, one_row_fault(case, case.rows_until))


def _form_or_sums(case: Case) -> Ledger | None:
    """A form or sums were not brought up to date, and the ledger is right."""
    if not case.is_true:
        return None
    named = stale_form(case) if case.unknown is None else []
    named = named or name_totals(case.tables, case.found)
    return _explained(case.disclosure, case.ledger, named) if named else None


def _two_row_faults(case: Case) -> Ledger | None:
    return _concluded(case, two_row_faults(case, case.rows_until)) if len(case.found) > FEW else None


def _row_fault_beside_figures(case: Case) -> Ledger | None:
    if case.is_true and not case.may_be_rows_beside_figures:
        return None
    # a row left out makes checks fail, but no cell differ
    most_left = len(case.found) - 2 if case.is_true else len(case.found)
    return _concluded(case, row_fault_beside_figures(case, most_left, _deadline()))


def _row_fault_beside_corrected(case: Case) -> Ledger | None:
    if case.is_balanced or len(case.found) > MOST_FIGURES:
        return None
    return _concluded(case, row_fault_beside_corrected(case, _deadline()))


def _other_version(case: Case) -> Ledger | None:
    """A form belongs to another version and has made the ledger wrong."""
    is_few = len(case.found) <= FEW and case.is_true
    if case.unknown is not None or (is_few and (len(case.proven) == len(case.found) or not overspent(case.ledger))):
        return None
    return _concluded(case, stale_forms(case, _deadline()))


def _figures_or_rows(case: Case) -> Ledger:
    return _with_figures(case) if case.found else _left_out(case)


# tried in this order until one explains the case; the last always gives a result
WAYS: tuple[Callable[[Case], Ledger | None], ...] = (
    _exchange,
    _proven_figures,
    _one_row_fault,
    _form_or_sums,
    _two_row_faults,
    _row_fault_beside_figures,
    _row_fault_beside_corrected,
    _other_version,
    _figures_or_rows,
)


# ---------------------------------------------------------------------------- results


def _deadline() -> float:
    return deadline(SECONDS)


def _gathered(disclosure: FiledDisclosure, ledger: Ledger) -> Evidence:
    """The cells of a disclosure, with the same coarse forms as its ledger."""
    evidence = gather(disclosure)
    forms = [form for form in evidence.all_forms() if form.filed.form_no in ledger.coarse_forms]
    evidence.mark_coarse(frozenset(form.form.form_id for form in forms))
    return evidence


def _concluded(case: Case, explanations: Iterable[Explanation]) -> Ledger | None:
    """The ledger without the fault if there is one explanation, with a finding that lists them if there are several.
    None if there is none."""
    explained = accepted(case.disclosure, explanations)
    if len(explained) == 1:
        return _without_fault(case.disclosure, explained[0], is_mended=explained[0][1] is not case.ledger)
    if explained:
        return _with_findings(
            case.ledger, [_several([[fault.finding for fault in faults] for faults, _ in explained], case.disclosure)]
        )
    return None


def _without_fault(disclosure: FiledDisclosure, explanation: Explanation, is_mended: bool = True) -> Ledger:
    """The ledger without the faults of the explanation, with their findings."""
    faults, mended = explanation
    return _explained(disclosure, _without(faults, disclosure, mended), [fault.finding for fault in faults], is_mended)


def _with_figures(case: Case) -> Ledger:
    """The ledger with findings for single wrong figures.

    These are the proven ones. For each of the others, the finding is either that it must be wrong or a list of the
    cells that may be wrong instead. If all cells that differ are proven wrong, rows left out are named as well.
    """
    named = [name_figure(figure.difference, figure.bearing) for figure in case.proven]
    several = []
    unproven = [figure for figure in case.figures if not figure.is_proven]
    for figure, others in equal_corrections(case.evidence, case.ledger, case.found, unproven):
        own = name_figure(figure.difference, figure.bearing)
        if others:
            faults = sorted([own, *map(name_figure, others)], key=lambda fault: fault.kind not in UNLIKELY_BY_CHANCE)
            several.append(_several([[fault] for fault in faults], case.disclosure))
        else:
            named.append(own)
    named.sort(key=lambda finding: (finding.form_no or 0, finding.source_row or 0, finding.column_no or 0))
    rows = _rows_left_out(case) if case.is_short and len(case.proven) == len(case.found) else []
    if len(named) == len(case.found):
        return _with_findings(_explained(case.disclosure, case.ledger, named), rows)
    return _with_findings(case.ledger, [*named, *several, *rows])


def _rows_left_out(case: Case) -> list[Finding]:
    """Findings for rows left out that nothing contradicts."""
    return [finding for faults in case.row_faults() for finding in faults.rows_left_out()]


def _left_out(case: Case) -> Ledger:
    """The ledger with findings for rows and lines of lists that are left out and that nothing contradicts."""
    return _with_findings(
        case.ledger, [*_rows_left_out(case), *lines_left_out(case.evidence, case.ledger, case.rebuilt)]
    )


def _explained(disclosure: FiledDisclosure, ledger: Ledger, faults: list[Finding], is_mended: bool = False) -> Ledger:
    """The ledger with findings that name every fault.

    Findings that say the same of these forms less precisely are dropped, also from those of the disclosure. If
    ``is_mended``, the ledger is free of the faults: any contradiction left in it has another cause and stays.
    """
    named = [*faults, *(finding for finding in ledger.findings if finding.kind in WHOLE_FORMS)]
    forms = {fault.form_no for fault in named}
    rows = {(fault.form_no, fault.source_row) for fault in faults}
    repeated = {fault.form_no for fault in named if fault.kind in ("row_twice", "form_pasted_twice")}
    statements = {
        statement
        for form in disclosure.forms
        if form.form_no in forms
        for cell in form.cells
        for statement in cell.statements
    }

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
        return False

    disclosure.findings = [finding for finding in disclosure.findings if not is_named_already(finding)]
    return replace(
        ledger, findings=[*(finding for finding in ledger.findings if not is_named_already(finding)), *faults]
    )


def _with_findings(ledger: Ledger, findings: list[Finding]) -> Ledger:
    return replace(ledger, findings=[*ledger.findings, *findings]) if findings else ledger


def _without(faults: tuple[Hypothesis, ...], disclosure: FiledDisclosure, ledger: Ledger) -> Ledger:
    """The ledger of the corrected disclosure. Its lines refer only to cells that were filed."""
    filed = {(form.form_no, cell.row_no, cell.column_no) for form in disclosure.forms for cell in form.cells}
    for fault in faults:
        for cell in fault.form.filed.cells:
            _settle_support(cell, fault)
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


def _several(explanations: list[list[Finding]], disclosure: FiledDisclosure) -> Finding:
    def worded(faults: list[Finding], language: str, joined_by: str) -> str:
        return joined_by.join(fault.worded(language, disclosure.file_format) for fault in faults)

    return Finding(
        "several_explanations",
        {
            "count": len(explanations),
            "explanations_zh": _numbered(worded(faults, "zh", "；") for faults in explanations),
            "explanations_en": _numbered(worded(faults, "en", " and ") for faults in explanations),
        },
    )


def _numbered(texts: Iterable[str]) -> list[str]:
    return [f"({number}) {text}" for number, text in enumerate(texts, 1)]
