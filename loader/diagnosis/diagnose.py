"""Disclosure and ledger → the ledger with findings that name the faults, free of the faults if they are certain."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from loader.diagnosis.beside import beside, beside_whole_forms
from loader.diagnosis.case import MOST_WORK, Case
from loader.diagnosis.conclusions import (
    WHOLE_FORMS,
    certain,
    concluded,
    with_explanations,
    with_faults_named,
    without_fault,
)
from loader.diagnosis.disagreement.differences import differences
from loader.diagnosis.disagreement.table import has_failing_checks, tables_of
from loader.diagnosis.disagreement.unknown_money import MoneyWithoutMeaning, money_without_meaning
from loader.diagnosis.figures.dashes_behind import with_dashes_settled
from loader.diagnosis.figures.slips import name_figures
from loader.diagnosis.forms.money_unit import in_wan_yuan
from loader.diagnosis.forms.two_forms import faults_of_two_forms
from loader.diagnosis.forms.untold import mark_untold
from loader.diagnosis.forms.without_form import column_fault, forms_unlike_others
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.rows.lacking_rows import lacking_by_other_forms, lacking_row, may_lack_row
from loader.diagnosis.rows.list_lines import lacks_lines
from loader.diagnosis.searches.crossed_columns import crossed_columns, may_have_crossed_columns
from loader.diagnosis.searches.exchanged import exchanged_columns
from loader.diagnosis.searches.misplaced import misplaced_figure
from loader.diagnosis.searches.swapped import swapped_rows, swapped_units
from loader.diagnosis.searches.unpaid_rows import unpaid, unpaid_rows
from loader.diagnosis.searches.unreadable import with_unreadable_named
from loader.diagnosis.searches.wrong_project import has_failing_projects, wrong_projects
from loader.diagnosis.trials import accepted, one_row_fault
from loader.diagnosis.unrounded import in_rounded_figures, unrounded
from loader.diagnosis.ways import (
    diagnosed_by_first_way,
    figures_or_rows,
    left_out,
    unlike_sheets_or_left_out,
)
from loader.filing.filed import FiledDisclosure
from loader.ledger.amounts import Attempt
from loader.ledger.clock import clock_of_document, deadline
from loader.ledger.draft import Draft, agreed_ledger, draft_of, without_wrong_form
from loader.ledger.evidence.evidence import Evidence, gather
from loader.ledger.lines import Ledger
from loader.ledger.picture_readings import has_doubted_readings, make_ledger_of_readings

# findings of a contradiction, or of an assumption of the ledger that may be wrong
ODD = {"contradiction", "remainder", "blank_parts", "sum", "duplicate_row"}


def diagnosed_ledger(disclosure: FiledDisclosure) -> Ledger:
    """The ledger of a disclosure with its faults named, as far as the work allows.

    Faults on rows and forms unlike all others are searched for before the ledger is finished. Finishing takes most of
    the time if cells contradict each other, and it is useless if the fault is found.
    """
    if has_doubted_readings(disclosure):
        ledger = make_ledger_of_readings(disclosure)
        with clock_of_document():
            return diagnose(disclosure, ledger)
    evidence = gather(disclosure)
    ledger = _diagnosed(disclosure, evidence)
    if ledger.is_rounded:
        ledger = _beside_roundings(Case(disclosure, evidence, ledger))
    ledger = with_unreadable_named(disclosure, evidence, in_wan_yuan(evidence, ledger))
    return with_dashes_settled(disclosure, ledger)


def _diagnosed(disclosure: FiledDisclosure, evidence: Evidence) -> Ledger:
    draft = draft_of(evidence)
    with clock_of_document():
        return _named(disclosure, draft, may_be_two=True)


def _with_one_fault(disclosure: FiledDisclosure) -> Ledger:
    """The ledger of a document that is said to have one fault."""
    return _named(disclosure, draft_of(gather(disclosure)), may_be_two=False)


def _named(disclosure: FiledDisclosure, draft: Draft, may_be_two: bool) -> Ledger:
    evidence = draft.evidence
    tries = swapped_rows(evidence)
    if tries and (swapped := accepted(disclosure, chain.from_iterable(tries))):
        if len(swapped) == 1:
            return without_fault(disclosure, swapped[0])
        return with_explanations(disclosure, draft.finished(), swapped, is_undecidable=True)
    if may_be_two and draft.is_contradictory:
        for units in swapped_units(draft.tried):
            if (mended := beside(disclosure, [units], _with_one_fault)) is not None:
                return mended
    if draft.is_contradictory and (unknown := money_without_meaning(evidence)):
        return _beside_unknown(disclosure, unknown)
    draft = without_wrong_form(draft)
    may_be_faulty = draft.is_contradictory and not (draft.evidence.is_rounded or draft.evidence.may_be_rounded)
    if may_be_faulty and (mended := _without_finishing(draft)):
        return mended
    return diagnose(disclosure, draft.finished(), draft.evidence, draft.tried, may_be_two=may_be_two)


def _beside_unknown(disclosure: FiledDisclosure, unknown: MoneyWithoutMeaning) -> Ledger:
    """The ledger of a disclosure with money in columns or rows that no declared form has.

    The totals that hold this money are ignored. Faults are named if other cells still differ.
    """
    legible = unknown.without_totals(disclosure)
    evidence = gather(legible)
    draft = draft_of(evidence)
    ledger = diagnose(legible, draft.finished(), evidence, draft.tried, unknown)
    disclosure.findings = legible.findings  # without those that a named fault says more precisely
    return ledger


def _without_finishing(draft: Draft) -> Ledger | None:
    """The ledger without the fault, found before the ledger is finished.

    The fault is a wrong project, the only fault on rows after which all cells agree, or else the only form unlike all
    others. None if there is no such fault, or more than one.
    """
    disclosure, evidence = draft.disclosure, draft.evidence
    is_repeated = any(finding.kind == "duplicate_row" for finding in disclosure.findings)
    tables = tables_of(evidence)
    if not is_repeated and not has_failing_checks(tables):
        return None  # the forms agree: they only lack a line that the strict candidates leave out
    if sum(table.fails_down for table in tables.values()) > 1:
        return None  # one form alone explains one of these sums
    case = Case(disclosure, evidence, Ledger(draft.decided()), draft.tried)
    for explanations in (
        wrong_projects(case, case.rows_until) if has_failing_projects(case) else (),
        one_row_fault(case, case.rows_until, agreed_ledger),
        forms_unlike_others(case),
    ):
        if explained := accepted(disclosure, explanations):
            [fault, *_] = explained[0][0]
            is_version = fault.finding.kind in WHOLE_FORMS and may_lack_row(evidence, fault.form)
            # only the finished ledger shows whether it merely lacks a row
            return None if is_version or len(explained) > 1 else certain(case, explained[0])
        if evidence.coarse:
            break  # only the finished ledger shows which differences are roundings of forms that print fewer digits
    return None


def diagnose(
    disclosure: FiledDisclosure,
    ledger: Ledger,
    evidence: Evidence | None = None,
    tried: Attempt | None = None,
    ignored: MoneyWithoutMeaning | None = None,
    may_be_two: bool = True,
) -> Ledger:
    """The ledger with a finding for each fault that explains cells that differ.

    If exactly one explanation makes all forms agree, the result is the ledger of the disclosure without that fault.
    Nothing is tried if nothing is odd, nor beside roundings, see :func:`_beside_roundings`. ``evidence`` holds the
    cells of the disclosure if they are gathered already, ``tried`` the first attempt to solve it, ``ignored`` money
    without a meaning whose totals the disclosure shows no longer. Two faults in two forms are looked for if there
    ``may_be_two``.
    """
    kinds = {finding.kind for finding in (*ledger.findings, *disclosure.findings)}
    is_odd = not kinds.isdisjoint(ODD)
    if ledger.is_rounded:
        return ledger
    if kinds & WHOLE_FORMS:
        if explained := _explained_as_whole(disclosure, ledger):
            return explained
        if may_be_two and (explained := beside_whole_forms(disclosure, ledger, _with_one_fault)):
            return explained
        stale = {finding.form_no for finding in ledger.findings if finding.kind == "stale_form"}
        for form in disclosure.forms:
            if form.form_no in stale:
                mark_untold(form, ledger.lines)
        figures = Case(disclosure, evidence, ledger).proven if evidence is not None else []
        return with_faults_named(disclosure, ledger, [finding for finding, _ in name_figures(figures)])
    again = _with_one_fault if may_be_two else None
    case = Case(disclosure, evidence or _gathered(disclosure, ledger), ledger, tried, ignored, again)
    if not is_odd and may_have_crossed_columns(ledger) and (mended := _crossed_columns(case)):
        return mended
    if not is_odd and unpaid(ledger) and (mended := concluded(case, unpaid_rows(case, deadline(MOST_WORK)))):
        return mended
    if not is_odd and case.evidence.unplaced_sheets:
        return unlike_sheets_or_left_out(case)
    if not (is_odd or case.is_short or any(map(lacks_lines, case.evidence.forms.values()))):
        return ledger
    if not is_odd:
        return left_out(case)
    if not (case.found or case.is_balanced):
        return unlike_sheets_or_left_out(case)
    if case.unknown is not None and case.unknown.explains(case.found):
        return ledger
    return diagnosed_by_first_way(case) or (may_be_two and _two_forms(case)) or figures_or_rows(case)


def _two_forms(case: Case) -> Ledger | None:
    """The ledger without the faults of two forms, each found where the other form is left out. This search has its own
    share of work: it makes the ledgers of several smaller documents."""
    if case.tried is None or case.evidence.coarse or case.evidence.may_be_rounded or case.unknown is not None:
        return None
    if len(case.proven) == len(case.found):
        return None
    with clock_of_document():
        return concluded(case, faults_of_two_forms(case.disclosure, case.tried, _with_one_fault, deadline(MOST_WORK)))


def _beside_roundings(case: Case) -> Ledger:
    """The ledger of a document rounded cell by cell, with the faults that it has without the roundings."""
    ledger, disclosure = case.ledger, case.disclosure
    whole = any(finding.kind in WHOLE_FORMS for finding in ledger.findings)
    if whole or ledger.coarse_forms or not (case.found or case.is_short):
        return ledger
    exact = unrounded(case)
    diagnosed = _diagnosed(exact, gather(exact))
    forms = {one.form.form.form_id for one in case.found}
    new = [finding for finding in diagnosed.findings if finding.kind not in ODD and finding not in ledger.findings]
    faults = [finding for finding in new if finding.kind not in WHOLE_FORMS or finding.form_id in forms]
    left = {str(finding.values["statement"]) for finding in diagnosed.findings if finding.kind == "contradiction"}
    named = in_rounded_figures(case, faults, is_whole=not left)
    if not named:
        return ledger
    disclosure.findings = [finding for finding in disclosure.findings if finding in exact.findings]
    kept = [f for f in ledger.findings if f.kind != "contradiction" or f.values["statement"] in left]
    return replace(ledger, findings=[*kept, *named])


def _crossed_columns(case: Case) -> Ledger | None:
    return None if case.found else concluded(case, crossed_columns(case, deadline(MOST_WORK)))


def _explained_as_whole(disclosure: FiledDisclosure, ledger: Ledger) -> Ledger | None:
    """The ledger without a form that seemed foreign as a whole, if a figure in a wrong column, two exchanged columns or
    a lacking row explain everything."""
    found = differences(gather(disclosure), ledger)
    others = [finding for finding in ledger.findings if finding.kind not in WHOLE_FORMS]
    if (fault := misplaced_figure(found) or exchanged_columns(found)) is not None:
        return without_fault(disclosure, ((fault,), replace(ledger, findings=others)))
    if len({id(one.form) for one in found}) != 1:
        return None
    form = found[0].form
    if (explanation := column_fault(disclosure, form, found)) is not None:
        return without_fault(disclosure, explanation)
    if (fault := lacking_row(disclosure, found)) is not None:
        return without_fault(disclosure, ((fault,), replace(ledger, findings=others)))
    table = tables_of(gather(disclosure)).get(form.form.form_id)
    if table is not None and (finding := lacking_by_other_forms(disclosure, table)) is not None:
        return without_fault(disclosure, ((Hypothesis(finding, form),), replace(ledger, findings=others)))
    return None


def _gathered(disclosure: FiledDisclosure, ledger: Ledger) -> Evidence:
    """The cells of a disclosure, with the same coarse forms as its ledger."""
    evidence = gather(disclosure)
    forms = [form for form in evidence.all_forms() if form.filed.form_no in ledger.coarse_forms]
    evidence.mark_coarse(frozenset(form.form.form_id for form in forms))
    return evidence
