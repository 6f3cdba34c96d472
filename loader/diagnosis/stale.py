"""Forms that agree with themselves and contradict the others, which agree: left over from a version before."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from loader.diagnosis.case import MOST_BESIDE, Case
from loader.diagnosis.differences import Difference, differences
from loader.diagnosis.hypothesis import Hypothesis, named_figures
from loader.diagnosis.table import Table
from loader.filing.filed import Finding
from loader.ledger.amounts import Attempt
from loader.ledger.evidence import Evidence, FormEvidence, gather
from loader.ledger.lines import Ledger, agreed_ledger, ledger_of
from loader.ledger.program import Equation, peel
from loader.ledger.program import difference as excess
from loader.ledger.sums import failing_sums
from loader.ledger.whole_forms import ratio_of, scaled_form, with_form_divided

FEWEST = 4  # figures of a form that is judged as a whole
# a form of which more than this share of the figures is wrong is not an earlier version, but that of something else
MOST_STALE = 0.75
MOST_TRIED = 3  # forms beside which single figures are wrong


def stale_form(tables: Mapping[str, Table], found: Sequence[Difference]) -> list[Finding]:
    """A finding for the form that holds all cells that differ, if its own sums hold: the ledger is that of the
    others."""
    forms = {id(difference.form): difference.form for difference in found}
    form = next(iter(forms.values()))
    is_whole = len(forms) == 1 and len(found) > 1 and _may_be_stale(tables, form) and _is_version(form, found)
    return [_finding(form, found)] if is_whole else []


def stale_forms(case: Case, likeliest: int, deadline: float) -> Iterator[tuple[tuple[Hypothesis], Ledger]]:
    """The forms without each of which all others agree, with the ledger of the others.

    First those without which the cells agree that were tried at first. If none is found, so many of the
    ``likeliest``, with most cells that differ, then those without which the others agree as they stand, and if none is
    found, all that are left, or those that alone tell of a fund. If the figures are so many times what the others say,
    the ledger takes them divided. Looks no further after a ``deadline`` of processor time.
    """
    evidence, tables, tried = case.evidence, case.tables, case.tried
    differing = Counter(difference.form.form.form_id for difference in case.found)
    # no form prints again what the only one of a fund does: the ledger may follow it, and others seem wrong
    funds = Counter(form.form.where.fund for form in evidence.forms.values())
    lone = {fund for fund, forms in funds.items() if len(fund) == forms == 1}
    suspects = sorted(
        [form for form in evidence.forms.values() if _may_be_stale(tables, form)],
        key=lambda form: (-differing[form.form.form_id] if likeliest else 0, form.form.where.fund not in lone),
    )
    alone = [form for form in suspects if tried is not None and _agree_without(tried, form)]
    first, others = suspects[:likeliest], [form for form in suspects[likeliest:] if form not in alone]
    last = suspects[likeliest:] if likeliest else [form for form in suspects if form.form.where.fund in lone]
    is_found = False
    for make, forms in ((agreed_ledger, alone), (ledger_of, first), (agreed_ledger, others), (ledger_of, last)):
        if is_found and make is ledger_of:
            return
        for form in forms:
            if time.process_time() > deadline:
                return
            others_filed = [filed for filed in case.disclosure.forms if filed is not form.filed]
            ledger = make(gather(replace(case.disclosure, forms=others_filed)))
            wrong = differences(evidence, ledger) if ledger is not None else []
            is_alone = all(difference.form is form for difference in wrong)
            if ledger is not None and wrong and is_alone and _is_version(form, wrong):
                is_found = True
                yield _scaled(evidence, form, wrong) or ((Hypothesis(_finding(form, wrong), form),), ledger)


def stale_form_beside_figures(case: Case, deadline: float) -> Iterator[tuple[tuple[Hypothesis, ...], Ledger]]:
    """A form without which all others agree but for a few figures, each of which is proven wrong.

    The forms come first without which fewest cells disagree with what most of them say of the same sum.
    """
    if case.tried is None:
        return
    suspects = [form for form in case.evidence.forms.values() if _may_be_stale(case.tables, form)]
    disagreeing = {form.form.form_id: _disagreeing_without(case.tried, form) for form in suspects}
    for form in sorted(suspects, key=lambda form: disagreeing[form.form.form_id])[:MOST_TRIED]:
        if time.process_time() > deadline:
            return
        others = replace(case.disclosure, forms=[filed for filed in case.disclosure.forms if filed is not form.filed])
        evidence = gather(others)
        left = Case(others, evidence, ledger_of(evidence))
        if left.is_balanced or not 0 < len(left.found) <= MOST_BESIDE or len(left.proven) < len(left.found):
            continue
        wrong = [difference for difference in differences(case.evidence, left.ledger) if difference.form is form]
        if len(wrong) >= FEWEST and _is_version(form, wrong):
            yield (Hypothesis(_finding(form, wrong), form), *named_figures(left.proven)), left.ledger


def _scaled(
    evidence: Evidence, form: FormEvidence, wrong: Sequence[Difference]
) -> tuple[tuple[Hypothesis], Ledger] | None:
    """The same, if all agree when the figures of the form are divided; of the columns only the total is certain
    without it."""
    totals = [(cell.filed, cell.rebuilt) for cell in wrong if cell.filed and cell.key[1] == form.abilities.total]
    if (ratio := ratio_of(totals, evidence)) is None:
        return None
    divided = with_form_divided(evidence, form, ratio)
    ledger = ledger_of(divided)
    if differences(divided, ledger):
        return None
    return (Hypothesis(scaled_form(form, ratio), form),), ledger


def _may_be_stale(tables: Mapping[str, Table], form: FormEvidence) -> bool:
    """Whether it has figures enough to be judged as a whole, and its own sums hold."""
    if sum(map(bool, form.amounts.values())) < FEWEST:
        return False
    table = tables.get(form.form.form_id)
    if table is None:
        return not any(failing_sums(form))
    return not any(failed.check in ("across", "down") for failed in table.failed)


def _is_version(form: FormEvidence, wrong: Sequence[Difference]) -> bool:
    """Whether these cells may be those of another version: some are printed, and where lines of a list differ their
    total does, too, unless money moved from one to another."""
    if not any(difference.filed for difference in wrong):
        return False
    if not form.form.lists:
        return True
    moved: dict[str, int] = defaultdict(int)
    for difference in wrong:
        line, column = difference.key
        entry = next(entry for entry in form.form.lists if any(amount.id == column for amount in entry.amounts))
        if entry.line(line).parts:
            return True
        moved[column] += difference.filed - difference.rebuilt
    return not any(moved.values())


def _agree_without(tried: Attempt, form: FormEvidence) -> bool:
    """Whether the cells of the other forms agree on the lines that were possible at first."""
    system, size = tried.system, len(tried.values)
    others = [
        replace(equation, members=[line for line in equation.members if line < size])
        for equation, (number, _) in zip(system.equations, system.keys, strict=True)
        if number >= 0 and system.forms[number] is not form
    ]
    values = peel(size, [equation for equation in others if equation.is_leaf])
    return not any(excess(equation, values) for equation in others)


def _disagreeing_without(tried: Attempt, form: FormEvidence) -> int:
    """How many cells of the other forms disagree with the lines possible at first, as most forms tell those."""
    size = len(tried.values)
    voices: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
    leaves = set()
    for equation, (number, _) in zip(tried.system.equations, tried.system.keys, strict=True):
        if number >= 0 and tried.system.forms[number] is not form:
            members = tuple([line for line in equation.members if line < size])
            voices[members][equation.amount] += 1
            if equation.is_leaf:
                leaves.add(members)
    told = {members: amounts.most_common(1)[0] for members, amounts in voices.items()}
    loudest = sorted(leaves, key=lambda members: -told[members][1])
    values = peel(size, [Equation([*members], told[members][0], True) for members in loudest])
    return sum(
        bool(excess(Equation([*members], amount, True), values)) * count
        for members, amounts in voices.items()
        for amount, count in amounts.items()
    )


def _finding(form: FormEvidence, wrong: Sequence[Difference]) -> Finding:
    is_part = len(wrong) <= MOST_STALE * sum(map(bool, form.amounts.values()))
    # one change that has not reached the form makes all its figures differ by the same
    is_stale = is_part or len({difference.filed - difference.rebuilt for difference in wrong}) == 1
    place = (form.filed.form_no, form.form.form_id, form.form.report_no)
    return Finding("stale_form" if is_stale else "foreign_form", {"differing": len(wrong)}, *place)
