"""Disclosure and ledger → the ledger with the faults of the document named, and free of them if that is certain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from loader.diagnosis.case import MOST_FIGURES, SECONDS, Case
from loader.diagnosis.differences import differences
from loader.diagnosis.equal import equal_corrections
from loader.diagnosis.exchanged import exchanged_columns, exchanges
from loader.diagnosis.figures import TELLING, name_figure
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
from loader.ledger.evidence import Evidence, gather
from loader.ledger.lines import Draft, Ledger, Line, agreed_ledger, draft_of, without_wrong_form
from loader.ledger.picture_readings import has_doubted_readings, make_ledger_of_readings

# findings on a form that the ledger leaves out, or whose figures it divides
WHOLE_FORMS = {"scaled_form", "foreign_form", "stale_form", "form_pasted_twice"}
# the same, or that the ledger took something for right that may not be
ODD = {"contradiction", "remainder", "blank_parts", "sum", "duplicate_row"}


def diagnosed_ledger(disclosure: FiledDisclosure) -> Ledger:
    """The ledger of a disclosure, with its faults named, as far as that is done in time.

    A fault on rows, or a form unlike all others, is looked for before the ledger is finished: where cells contradict
    each other that takes the most time, and it is for nothing if the fault is found.
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
    """The ledger of a disclosure with money under heads that no form has: if cells differ, that without the totals
    which hold it, provided that all others agree then."""

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
    """The ledger without the only fault on rows after which all cells agree, else without the only form unlike all
    others."""
    disclosure, evidence = draft.disclosure, draft.evidence
    is_repeated = any(finding.kind == "duplicate_row" for finding in disclosure.findings)
    if not is_repeated and not has_failing_checks(tables_of(evidence)):
        return None  # the forms bear each other out: what they lack is a line that the strict candidates leave out
    case = Case(disclosure, evidence, Ledger(draft.decided()), draft.tried)
    for explanations in (one_row_fault(case, case.rows_until, agreed_ledger), forms_unlike_others(case)):
        if explained := accepted(disclosure, explanations):
            return _without_fault(disclosure, explained[0]) if len(explained) == 1 else None
        if evidence.coarse:
            break  # only the finished ledger tells what is a rounding of forms that print less finely than others
    return None


def diagnose(
    disclosure: FiledDisclosure, ledger: Ledger, evidence: Evidence | None = None, tried: Attempt | None = None
) -> Ledger:
    """The ledger with a finding for each fault that explains what differs.

    If one explanation makes all forms agree, it is the ledger of the disclosure without that fault. Nothing is tried
    where nothing is odd, nor in documents rounded cell by cell. ``evidence`` are the cells of the disclosure, if they
    are gathered already, ``tried`` what they say of the lines that were possible at first.
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


# ---------------------------------------------------------------------------- ways, each with its ledger or None


def _exchange(case: Case) -> Ledger | None:
    """Two columns or lines exchanged, beside a ledger that is right."""
    return _concluded(case, exchanges(case, _deadline())) if not case.is_balanced else None


def _exchange_as_whole(disclosure: FiledDisclosure, ledger: Ledger) -> Ledger | None:
    """The ledger without a form that seemed foreign as a whole, if two of its columns are exchanged and no more."""
    exchanged = exchanged_columns(differences(gather(disclosure), ledger))
    if exchanged is None:
        return None
    others = [finding for finding in ledger.findings if finding.kind not in WHOLE_FORMS]
    return _without_fault(disclosure, ((exchanged,), replace(ledger, findings=others)))


def _proven_figures(case: Case) -> Ledger | None:
    """Single wrong figures, if no fault on rows may explain them; but one on rows beside a few of them comes first."""
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
    """A form or sums that were not brought up to date, beside a ledger that is right."""
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
    # a row left out makes no cell differ, but checks fail
    most_left = len(case.found) - 2 if case.is_true else len(case.found)
    return _concluded(case, row_fault_beside_figures(case, most_left, _deadline()))


def _row_fault_beside_corrected(case: Case) -> Ledger | None:
    if case.is_balanced or len(case.found) > MOST_FIGURES:
        return None
    return _concluded(case, row_fault_beside_corrected(case, _deadline()))


def _other_version(case: Case) -> Ledger | None:
    """A form that is that of another version, and has spoiled the ledger."""
    is_few = len(case.found) <= FEW and case.is_true
    if case.unknown is not None or (is_few and (len(case.proven) == len(case.found) or not overspent(case.ledger))):
        return None
    return _concluded(case, stale_forms(case, _deadline()))


def _figures_or_rows(case: Case) -> Ledger:
    return _with_figures(case) if case.found else _left_out(case)


# the first that explains the case; the last always says something
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


# ---------------------------------------------------------------------------- what they conclude


def _deadline() -> float:
    return deadline(SECONDS)


def _gathered(disclosure: FiledDisclosure, ledger: Ledger) -> Evidence:
    """The cells of a disclosure, judged as its ledger has done."""
    evidence = gather(disclosure)
    forms = [form for form in evidence.all_forms() if form.filed.form_no in ledger.coarse_forms]
    evidence.call_coarse(frozenset(form.form.form_id for form in forms))
    return evidence


def _concluded(case: Case, explanations: Iterable[Explanation]) -> Ledger | None:
    """The ledger without what explains the case; with all explanations if they are several, None if there is none."""
    explained = accepted(case.disclosure, explanations)
    if len(explained) == 1:
        return _without_fault(case.disclosure, explained[0], is_mended=explained[0][1] is not case.ledger)
    if explained:
        return _also(
            case.ledger, [_several([[fault.finding for fault in faults] for faults, _ in explained], case.disclosure)]
        )
    return None


def _without_fault(disclosure: FiledDisclosure, explanation: Explanation, is_mended: bool = True) -> Ledger:
    """The ledger without the faults that explain all, with their findings."""
    faults, mended = explanation
    return _explained(disclosure, _without(faults, disclosure, mended), [fault.finding for fault in faults], is_mended)


def _with_figures(case: Case) -> Ledger:
    """The ledger with the figures that are wrong: those that are proven, and of the others either the only one that may
    be wrong in its place, or all of them. If all are explained, rows left out are named as well."""
    named = [name_figure(figure.difference, figure.bearing) for figure in case.proven]
    several = []
    unproven = [figure for figure in case.figures if not figure.is_proven]
    for figure, others in equal_corrections(case.evidence, case.ledger, case.found, unproven):
        own = name_figure(figure.difference, figure.bearing)
        if others:
            faults = sorted([own, *map(name_figure, others)], key=lambda fault: fault.kind not in TELLING)
            several.append(_several([[fault] for fault in faults], case.disclosure))
        else:
            named.append(own)
    named.sort(key=lambda finding: (finding.form_no or 0, finding.source_row or 0, finding.column_no or 0))
    rows = _not_split(case) if case.is_short and len(case.proven) == len(case.found) else []
    if len(named) == len(case.found):
        return _also(_explained(case.disclosure, case.ledger, named), rows)
    return _also(case.ledger, [*named, *several, *rows])


def _not_split(case: Case) -> list[Finding]:
    """Rows left out, which nothing contradicts."""
    return [finding for faults in case.row_faults() for finding in faults.not_split()]


def _left_out(case: Case) -> Ledger:
    """The ledger with the rows and the lines of lists that are left out, which nothing contradicts."""
    return _also(case.ledger, [*_not_split(case), *lines_left_out(case.evidence, case.ledger, case.rebuilt)])


def _explained(disclosure: FiledDisclosure, ledger: Ledger, faults: list[Finding], is_mended: bool = False) -> Ledger:
    """The ledger with findings that name every fault. What says the same of these forms less closely is dropped, also
    from what was found when the forms were filed. A ledger that ``is_mended`` is free of the faults: what contradicts
    itself there has another cause."""
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

    def is_said(finding: Finding) -> bool:
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

    disclosure.findings = [finding for finding in disclosure.findings if not is_said(finding)]
    return replace(ledger, findings=[*(finding for finding in ledger.findings if not is_said(finding)), *faults])


def _also(ledger: Ledger, findings: list[Finding]) -> Ledger:
    return replace(ledger, findings=[*ledger.findings, *findings]) if findings else ledger


def _without(faults: tuple[Hypothesis, ...], disclosure: FiledDisclosure, ledger: Ledger) -> Ledger:
    """The ledger of the corrected disclosure, which leads to cells that were filed only."""
    filed = {(form.form_no, cell.row_no, cell.column_no) for form in disclosure.forms for cell in form.cells}
    for fault in faults:
        for cell in fault.form.filed.cells:
            _settle_support(cell, fault)
    lines = [_as_filed(line, filed) for line in ledger.lines]
    return replace(ledger, lines=lines)


def _settle_support(cell: FiledCell, hypothesis: Hypothesis) -> None:
    """A figure that was corrected differs from what other forms print."""
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
