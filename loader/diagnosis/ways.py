"""Case → the ledger with its faults named, by the first way that explains the case.

Each way takes the case and gives a ledger, or None if it does not explain the case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, permutations

from loader.diagnosis.beside import beside_proven_figures
from loader.diagnosis.case import MOST_FIGURES, MOST_WORK, Case
from loader.diagnosis.conclusions import (
    WHOLE_FORMS,
    concluded,
    several_explanations,
    with_faults_named,
    with_findings,
    without_contradiction,
    without_fault,
)
from loader.diagnosis.disagreement.differences import Difference
from loader.diagnosis.disagreement.overspent import overspent, overspent_by_function
from loader.diagnosis.figures.rounded_sum import rounded_sums
from loader.diagnosis.figures.single_figures import UNLIKELY_BY_CHANCE, form_name, name_figure
from loader.diagnosis.figures.slips import name_figures
from loader.diagnosis.forms.whole_form import FEW, stale_form
from loader.diagnosis.forms.without_form import column_fault, wrong_forms
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.rows.lacking_rows import lacking_row
from loader.diagnosis.rows.list_lines import lines_left_out
from loader.diagnosis.rows.totals import left_out_column, name_totals, part_left_out
from loader.diagnosis.searches.beneath_sums import wrong_rows
from loader.diagnosis.searches.carried import carried_into_lists
from loader.diagnosis.searches.equal_corrections import equal_corrections
from loader.diagnosis.searches.exchanged import exchanges, figures_in_wrong_rows
from loader.diagnosis.searches.misplaced import may_be_misplaced, misplaced_beside_figures, misplaced_figures
from loader.diagnosis.searches.turned_signs import turned_signs
from loader.diagnosis.searches.wrong_project import has_failing_projects, wrong_projects, wrong_sheets
from loader.diagnosis.trials import (
    Explanation,
    accepted,
    column_faults,
    one_row_fault,
    row_fault_beside_figures,
    two_row_faults,
)
from loader.filing.filed import Finding
from loader.ledger.clock import deadline
from loader.ledger.evidence.sums import failing_sums
from loader.ledger.lines import Ledger


def _wrong_project(case: Case) -> Ledger | None:
    """A project is wrong beneath its sums, and something else than these bears out what is right."""
    return concluded(case, wrong_projects(case, _deadline())) if has_failing_projects(case) else None


def _wrong_place(case: Case) -> Ledger | None:
    """A figure stands in a wrong column or row, two columns or two lines were exchanged, a figure lost its sign, a row
    is lacking, or sums leave out a part."""
    if case.is_balanced:
        return None
    end = _deadline()
    searches = (misplaced_figures, exchanges, figures_in_wrong_rows, turned_signs, _lacking)
    return concluded(case, chain.from_iterable(search(case, end) for search in searches))


def _lacking(case: Case, end: float) -> Iterator[Explanation]:
    """The row that a form lacks, or the part that its sums leave out, if this explains all cells that differ."""
    if not case.found:
        return
    if (fault := part_left_out(case.found)) is not None and case.is_true:
        yield (fault,), case.ledger
    if len(case.found) == 1 and case.is_true:
        [one] = case.found
        for finding in name_totals(case.tables, case.found):
            yield (Hypothesis(finding, one.form, {one.key: one.rebuilt}),), case.ledger
    differing = [form for form in case.evidence.forms.values() if any(one.form is form for one in case.found)]
    tried = (lacking_row(case.disclosure, case.found), *map(left_out_column, differing))
    yield from column_faults(case, [fault for fault in tried if fault is not None], end)


def _misplaced_beside_figures(case: Case) -> Ledger | None:
    """A figure stands in a wrong column, and others beside it are wrong. With it fewer figures are wrong."""
    may_be = bool(case.figures) and may_be_misplaced(case.found)
    return concluded(case, misplaced_beside_figures(case, _deadline())) if may_be else None


def _proven_figures(case: Case) -> Ledger | None:
    """Single wrong figures, if they are one slip, or if no fault on rows may explain them. A fault on rows beside a few
    of them is tried first."""
    if not (_is_one_slip(case) or (any(figure.is_in_row for figure in case.proven) and not case.may_be_rows)):
        return None
    if case.may_be_rows_beside_figures:
        explained = accepted(case.disclosure, row_fault_beside_figures(case, len(case.found) - 2, _deadline()))
        if len(explained) == 1:
            return without_fault(case.disclosure, explained[0])
    return _misplaced_beside_figures(case) or _with_figures(case)


def _is_one_slip(case: Case) -> bool:
    """Whether one slip explains all cells that differ, and its form prints other figures, too, and no row twice."""
    if not case.proven or not len(case.proven[0].slip) == len(case.proven) == len(case.found):
        return False
    number = case.found[0].form.filed.form_no
    if any(finding.kind == "duplicate_row" and finding.form_no == number for finding in case.disclosure.findings):
        return False  # the figures of both rows are twice what they should be
    wrong = {one.key for one in case.found}
    return any(amount and key not in wrong for key, amount in case.found[0].form.amounts.items())


def _one_row_fault(case: Case) -> Ledger | None:
    return concluded(case, one_row_fault(case, case.rows_until))


def _form_or_sums(case: Case) -> Ledger | None:
    """A form or sums were not brought up to date, and the ledger is right."""
    if not case.is_true:
        return None
    named = stale_form(case) if case.unknown is None else []
    is_scaled = any(finding.kind == "scaled_form" for finding in named)
    explanation = None
    if named and not is_scaled:
        explanation = column_fault(case.disclosure, case.found[0].form, case.found)
    is_old = explanation is None or explanation[0][0].finding.kind == "stale_form"
    if named and is_old and any(_beyond_income(case.ledger)) and (other := _other_version(case)) is not None:
        return other  # the ledger may follow the only form of a fund
    if explanation is not None:
        return without_fault(case.disclosure, explanation)
    if [finding.kind for finding in named] == ["stale_form"]:
        return concluded(case, [((Hypothesis(named[0], case.found[0].form),), case.ledger)])
    if not named and (named := name_totals(case.tables, case.found)) and case.are_roundings:
        return _sums_off_by_roundings(case, named)
    return with_faults_named(case.disclosure, case.ledger, named) if named else None


def _sums_off_by_roundings(case: Case, named: list[Finding]) -> Ledger | None:
    """Sums that lack no more than their rounding may be right. None if they cannot be: then figures are wrong by
    cents."""
    if not (roundings := rounded_sums(case.found)):
        return None
    ledger = without_contradiction(case.disclosure, case.ledger, {finding.form_no for finding in named})
    return with_findings(ledger, [several_explanations([named, roundings], case.disclosure)])


def _carried_into_lists(case: Case) -> Ledger | None:
    """A figure that no third form prints is wrong with all its sums, and the ledger follows it, so that a list seems
    wrong. But the list would need two slips, or its grand total is that of its other side."""
    if not (case.found and case.is_true) or len(case.found) > FEW:
        return None
    form = case.found[0].form
    is_one_slip = len({one.filed - one.rebuilt for one in case.found}) == 1
    if is_one_slip and form.balancing_totals.isdisjoint(one.key for one in case.found):
        return None
    slips = [*column_faults(case, carried_into_lists(case), _deadline())]
    spent = [_beyond_income(ledger) for _, ledger in slips]
    # an old form is told once, whichever of its figures is old
    likeliest = {
        fault.finding.message: ((fault,), ledger)
        for ((fault,), ledger), beyond in zip(reversed(slips), reversed(spent), strict=True)
        if beyond == min(spent)
    }
    ledger = concluded(case, reversed(likeliest.values()))
    return ledger and without_contradiction(case.disclosure, ledger, {form.filed.form_no})


def _two_row_faults(case: Case) -> Ledger | None:
    return concluded(case, two_row_faults(case, case.rows_until)) if len(case.found) > FEW else None


def _row_fault_beside_figures(case: Case) -> Ledger | None:
    if case.is_true and not case.may_be_rows_beside_figures:
        return None
    # a row left out makes checks fail, but no cell differ
    most_left = len(case.found) - 2 if case.is_true else len(case.found)
    return concluded(case, row_fault_beside_figures(case, most_left, _deadline()))


def _other_version(case: Case) -> Ledger | None:
    """A form belongs to another version and has made the ledger wrong."""
    is_few = len(case.found) <= FEW and case.is_true
    if case.unknown is not None or (
        is_few and (len(case.proven) == len(case.found) or not any(_beyond_income(case.ledger)))
    ):
        return None
    found = wrong_forms(case, _deadline())
    if case.are_roundings:  # they make no form an old one, but a slip may have been carried into all sums of its form
        found = [one for one in found if WHOLE_FORMS.isdisjoint(fault.finding.kind for fault in one[0])]
    return concluded(case, found)


def _wrong_row(case: Case) -> Ledger | None:
    """A row is wrong beneath its sums, and no other form prints it."""
    return concluded(case, wrong_rows(case, _deadline())) if case.is_true and not case.figures else None


def _with_figures(case: Case) -> Ledger:
    """The ledger with findings for single wrong figures.

    These are the proven ones. For each of the others, the finding is either that it must be wrong or a list of the
    cells that may be wrong instead. If all cells that differ are proven wrong, rows left out are named as well.
    """
    named = [finding for finding, _ in name_figures(case.proven)]
    several = []
    certain = len(case.proven)
    agreed = _printed_twice(case.found)
    unproven = [figure for figure in case.figures if not (figure.is_proven or id(figure.difference) in agreed)]
    for figure, others in equal_corrections(case.evidence, case.ledger, case.found, unproven):
        own = name_figure(figure.difference, figure.bearing)
        if others:
            faults = sorted([own, *map(name_figure, others)], key=lambda fault: fault.kind not in UNLIKELY_BY_CHANCE)
            if len(roundings := rounded_sums([figure.difference])) == 1:
                faults += roundings
            several.append(several_explanations([[fault] for fault in faults], case.disclosure))
        else:
            named.append(own)
            certain += 1
    named.sort(key=lambda finding: (finding.form_no or 0, finding.source_row or 0, finding.column_no or 0))
    rows = _rows_left_out(case) if case.is_short and len(case.proven) == len(case.found) else []
    if certain == len(case.found):
        return with_findings(with_faults_named(case.disclosure, case.ledger, named), rows)
    ledger = case.ledger
    if certain + len(several) == len(case.found):
        forms = {one.form.filed.form_no for one in case.found}
        ledger = without_contradiction(case.disclosure, ledger, forms)
    return with_findings(ledger, [*named, *several, *rows])


def _printed_twice(found: Sequence[Difference]) -> set[int]:
    """The cells (by id) that differ alike in two forms whose own sums do not speak against them: that both print the
    same wrong figure is unlikely."""
    alike: dict[object, list[Difference]] = defaultdict(list)
    for one in found:
        alike[one.filed, one.rebuilt, frozenset(one.made.lines.get(one.key, ()))].append(one)
    groups = (group for group in alike.values() if len({id(one.form) for one in group}) > 1)
    return {id(one) for group in groups if not any(map(_is_in_failing_sum, group)) for one in group}


def _is_in_failing_sum(one: Difference) -> bool:
    return any(one.key in (entry.total, *entry.parts) for entry in failing_sums(one.form))


def _slips_or_roundings(case: Case) -> Ledger | None:
    """Sums fail by no more than their rounding, so often that figures may be rounded: slips explain as much, but none
    is certain that no other form shows. Whatever else differs is proven wrong."""
    if not (case.evidence.may_be_rounded and case.roundings) or len(case.found) > MOST_FIGURES:
        return None
    if any(one.filed and not one.rebuilt and one.filed == other.rebuilt for one, other in permutations(case.found, 2)):
        return None  # a figure stands in a wrong cell
    slight = {id(one) for one in case.roundings}
    certain = [
        figure
        for figure in case.proven
        if id(figure.difference) not in slight
        or (
            (len(figure.slip) == len(case.found) or _is_one_amount(figure.difference))
            and {*figure.bearing} - {form_name(figure.difference.form)}
        )
    ]
    slight -= {id(figure.difference) for figure in certain}
    proven = [figure for figure in case.proven if id(figure.difference) in slight]
    roundings = rounded_sums([one for one in case.roundings if id(one) in slight])
    if not roundings or len(slight) + len(certain) < len(case.found):
        return None
    explanations: list[list[Finding]] = []
    if len(slight) == 1 and not proven:
        own = [figure for figure in case.figures if id(figure.difference) in slight]
        for figure, others in equal_corrections(case.evidence, case.ledger, case.found, own):
            explanations += [
                [name_figure(figure.difference, figure.bearing)],
                *([name_figure(other)] for other in others),
            ]
    slips = name_figures(proven)
    named = {id(one.difference) for _, group in slips for one in group}
    explanations = explanations or [
        [*(finding for finding, _ in slips), *(name_figure(one) for one in case.roundings if id(one) in slight - named)]
    ]
    forms = {one.form.filed.form_no for one in case.found}
    ledger = without_contradiction(case.disclosure, case.ledger, forms)
    findings = [finding for finding, _ in name_figures(certain)]
    return with_findings(ledger, [*findings, several_explanations([*explanations, roundings], case.disclosure)])


def _is_one_amount(difference: Difference) -> bool:
    """Whether a cell adds up no amounts: it is rounded once, so that it is the same in all forms."""
    return len(difference.made.lines.get(difference.key, ())) < 2


def unlike_sheets_or_left_out(case: Case) -> Ledger:
    """The ledger of cells that agree, with findings for sheets of goals that contradict the projects, or else for rows
    and lines that are left out."""
    return (case.evidence.sheets and concluded(case, wrong_sheets(case, _deadline()))) or left_out(case)


def left_out(case: Case) -> Ledger:
    """The ledger with findings for rows and lines of lists that are left out and that nothing contradicts."""
    return with_findings(
        case.ledger, [*_rows_left_out(case), *lines_left_out(case.evidence, case.ledger, case.rebuilt)]
    )


def _rows_left_out(case: Case) -> list[Finding]:
    """Findings for rows left out that nothing contradicts."""
    return [finding for faults in case.row_faults() for finding in faults.rows_left_out()]


# tried in this order until one explains the case
_WAYS: tuple[Callable[[Case], Ledger | None], ...] = (
    _slips_or_roundings,
    _wrong_project,
    _wrong_place,
    _proven_figures,
    _one_row_fault,
    _carried_into_lists,
    _form_or_sums,
    _two_row_faults,
    _row_fault_beside_figures,
    beside_proven_figures,
    _other_version,
    _misplaced_beside_figures,
    _wrong_row,
)


def diagnosed_by_first_way(case: Case) -> Ledger | None:
    """The ledger of the first way that explains the case."""
    return next((diagnosed for way in _WAYS if (diagnosed := way(case)) is not None), None)


def figures_or_rows(case: Case) -> Ledger:
    """The ledger with what can be said of single figures, if nothing explains the case, or of rows left out."""
    return _with_figures(case) if case.found else left_out(case)


def _beyond_income(ledger: Ledger) -> tuple[Decimal, Decimal]:
    """What is spent beyond the income of the funds, and of the functions (万元)."""
    return overspent(ledger), overspent_by_function(ledger)


def _deadline() -> float:
    return deadline(MOST_WORK)
