"""Forms that agree with themselves and contradict all others: left over from another version or another document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from loader.diagnosis.case import MOST_BESIDE, Case
from loader.diagnosis.differences import Difference, differences
from loader.diagnosis.exchanged import exchanged_columns, exchanged_totals
from loader.diagnosis.hypothesis import Hypothesis, named_figures
from loader.diagnosis.overspent import overspent
from loader.diagnosis.table import Table
from loader.diagnosis.trials import Explanation
from loader.filing.filed import FiledDisclosure, Finding
from loader.ledger.amounts import Attempt
from loader.ledger.clock import is_over
from loader.ledger.draft import agreed_ledger, ledger_of
from loader.ledger.equation import Equation
from loader.ledger.evidence import Evidence, FormEvidence, gather
from loader.ledger.lines import Ledger
from loader.ledger.peeling import peel
from loader.ledger.sums import failing_sums
from loader.ledger.whole_forms import ratio_of, scaled_form, with_form_divided

FEWEST = 4  # figures that a form needs to be judged as a whole
# a form with a larger share of wrong finest figures, wrong by more than ``FEW_CHANGES`` amounts, does not belong to an
# earlier version, but to something else
MOST_STALE = 0.5
FEW_CHANGES = 2
FEW = 3  # with so few cells that differ, no form is wrong as a whole
MANY = 12  # with so many cells that differ, a fault on rows is unlikely
LIKELIEST = 3  # of the forms that may be wrong as a whole: for these, further lines are added at once


def stale_form(case: Case) -> list[Finding]:
    """A finding for the form with all cells that differ, if its own sums hold. The ledger follows the others."""
    forms = {id(difference.form): difference.form for difference in case.found}
    form = next(iter(forms.values()))
    is_whole = len(forms) == 1 and len(case.found) > 1 and _may_be_stale(case.tables, form)
    if not (is_whole and _is_version(form, case.found)):
        return []
    ratio = ratio_of([(cell.filed, cell.rebuilt) for cell in case.found], case.evidence)
    if ratio is not None and not differences(with_form_divided(case.evidence, form, ratio), case.ledger):
        return [scaled_form(form, ratio)]
    return [_finding(form, case.found)]


def stale_forms(case: Case, deadline: float) -> list[Explanation]:
    """The forms without which all others agree, except for a few figures that are proven wrong; with the ledger of the
    others.

    Steps, until one finds a form:

    1. Forms without which the cells agree with the lines that were possible at first.
    2. The likeliest forms: without them the fewest cells disagree. Further lines may be added.
    3. Forms without which the others agree without further lines.
    4. All forms left; if only few cells differ, only those that alone show a fund. Further lines may be added.

    If all figures of the form are the same multiple of the true ones, the ledger uses them divided. The search stops at
    the ``deadline`` of processor time.
    """
    ranked = _ranked(case)
    alone = [form for disagreeing, form in ranked if not any(disagreeing)]
    likeliest = [form for _, form in sorted(ranked, key=lambda entry: entry[0])][:LIKELIEST]
    others = [form for _, form in ranked if form not in likeliest]
    lone = _lone_funds(case)
    last = others if len(case.found) > FEW else [form for form in others if form.form.where.fund in lone]
    found: list[Explanation] = []
    for make, forms in ((agreed_ledger, alone), (ledger_of, likeliest), (agreed_ledger, others), (ledger_of, last)):
        if found:
            break
        for form in forms:
            if is_over(deadline):
                break
            if (explanation := _without(case, form, make)) is not None:
                found.append(explanation)
    fewest = min((len(faults) for faults, _ in found), default=0)
    return [explanation for explanation in found if len(explanation[0]) == fewest]


def _is_version(form: FormEvidence, wrong: Sequence[Difference]) -> bool:
    """Whether these cells may come from another version.

    At least one must be printed. If lines of a list differ, a total must differ too, unless money moved between lines.
    """
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


def forms_unlike_others(case: Case) -> Iterator[Explanation]:
    """Forms without which the cells agree with the lines that were possible at first, and that are too different for
    faults on rows.

    Many of their figures differ, including totals of rows, because local practice only moves money between columns.
    They are found before the ledger is finished, which takes most of the time.
    """
    for disagreeing, form in _ranked(case):
        if any(disagreeing) or not _may_be_unlike(case, form):
            continue
        if (explanation := _without(case, form, agreed_ledger, _is_unlike)) is not None:
            yield explanation


def _may_be_unlike(case: Case, form: FormEvidence) -> bool:
    """Whether a trial without the form is worth its time: all cells that differ are of this form, or most of its totals
    of rows differ, or two of its columns seem exchanged."""
    wrong = [difference for difference in case.found if difference.form is form]
    if not wrong:
        return False
    column = form.abilities.total
    printed = sum(key[1] == column for key, amount in form.amounts.items() if amount)
    differing = sum(difference.key[1] == column for difference in wrong)
    is_alone = len(wrong) == len(case.found)
    return is_alone or 2 * differing >= max(printed, FEWEST) or exchanged_columns(wrong) is not None


def _is_unlike(form: FormEvidence, wrong: Sequence[Difference]) -> bool:
    totals = sum(difference.key[1] == form.abilities.total for difference in wrong)
    return len(wrong) >= MANY and (totals >= FEWEST or exchanged_columns(wrong) is not None)


def _ranked(case: Case) -> list[tuple[tuple[int, int], FormEvidence]]:
    """The forms that may belong to another version, with how much the others disagree without each."""
    differing = Counter(difference.form.form.form_id for difference in case.found)
    lone = _lone_funds(case)
    suspects = sorted(
        [form for form in case.evidence.forms.values() if _may_be_stale(case.tables, form)],
        key=lambda form: (-differing[form.form.form_id], form.form.where.fund not in lone),
    )
    disagreeing = _disagreeing_without(case.tried, suspects) if case.tried else [(1, 0)] * len(suspects)
    return list(zip(disagreeing, suspects, strict=True))


def _lone_funds(case: Case) -> set[tuple[str, ...]]:
    """The funds that only one form prints. The ledger may follow such a form, so that the others seem wrong."""
    funds = Counter(form.form.where.fund for form in case.evidence.forms.values())
    return {fund for fund, forms in funds.items() if len(fund) == forms == 1}


def _without(
    case: Case,
    form: FormEvidence,
    make: Callable[[Evidence], Ledger | None],
    is_likely: Callable[[FormEvidence, Sequence[Difference]], bool] = _is_version,
) -> Explanation | None:
    """An explanation with this form as the fault, and figures of other forms that are proven wrong without it.

    None if the others do not agree then, or if the differing figures of the form make this unlikely.
    """
    others = replace(case.disclosure, forms=[filed for filed in case.disclosure.forms if filed is not form.filed])
    evidence = gather(others)
    if (ledger := make(evidence)) is None:
        return None
    differing = differences(case.evidence, ledger)
    wrong = [difference for difference in differing if difference.form is form]
    left = Case(others, evidence, ledger)
    if not wrong or left.is_balanced or not is_likely(form, wrong):
        return None
    if len(case.found) <= FEW and case.is_true and overspent(ledger) >= overspent(case.ledger):
        return None  # a few wrong figures explain as much
    if len(wrong) == len(differing):
        mended = _scaled(case.evidence, form, wrong) or _exchanged(case.disclosure, form, wrong)
        return mended or ((Hypothesis(_finding(form, wrong), form),), ledger)
    is_few = len(differing) - len(wrong) <= MOST_BESIDE and len(wrong) >= FEWEST
    if not is_few or len(left.proven) < len(left.found):
        return None
    return (Hypothesis(_finding(form, wrong), form), *named_figures(left.proven)), ledger


def _scaled(evidence: Evidence, form: FormEvidence, wrong: Sequence[Difference]) -> Explanation | None:
    """The explanation that the form is in another money unit, if all agree with its figures divided.

    Without the form, only its column of all spending is certain, if it has one. If the others lack its rows, only its
    grand total is.
    """
    figures = [cell for cell in wrong if cell.filed]
    totals = [cell for cell in figures if cell.key[1] == form.abilities.total] or figures
    ratio = ratio_of([(cell.filed, cell.rebuilt) for cell in totals], evidence)
    if ratio is None:
        whole = [(cell.filed, cell.rebuilt) for cell in totals if cell.key[0] == form.total_row]
        ratio = ratio_of(whole, evidence, fewest=1)
    if ratio is None:
        return None
    divided = with_form_divided(evidence, form, ratio)
    ledger = ledger_of(divided)
    if differences(divided, ledger):
        return None
    return (Hypothesis(scaled_form(form, ratio), form),), ledger


def _exchanged(disclosure: FiledDisclosure, form: FormEvidence, wrong: Sequence[Difference]) -> Explanation | None:
    """The explanation that two columns of the form are exchanged, if all agree then."""
    exchanged = exchanged_columns(wrong) or exchanged_totals(form, wrong)
    if exchanged is None:
        return None
    corrected = gather(exchanged.corrected(disclosure))
    ledger = ledger_of(corrected)
    return None if differences(corrected, ledger) else ((exchanged,), ledger)


def _may_be_stale(tables: Mapping[str, Table], form: FormEvidence) -> bool:
    """Whether the form has enough figures to be judged as a whole, and its own sums hold."""
    if sum(map(bool, form.amounts.values())) < FEWEST:
        return False
    table = tables.get(form.form.form_id)
    if table is None:
        return not any(failing_sums(form))
    return not any(failed.check in ("across", "down") for failed in table.failed)


def _disagreeing_without(tried: Attempt, forms: Sequence[FormEvidence]) -> list[tuple[int, int]]:
    """For each form, how much the others disagree without it.

    The first number counts the sums that the others print with several amounts. If there are none, the second counts
    their cells that contradict the amounts of the lines that were possible at first, as most cells give them.
    """
    size = len(tried.values)
    printed: dict[tuple[int, ...], dict[int, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    leaves: dict[tuple[int, ...], set[int]] = defaultdict(set)
    for equation, (number, _) in zip(tried.system.equations, tried.system.keys, strict=True):
        if number >= 0:
            members = tuple([line for line in equation.members if line < size])
            printed[members][equation.amount][number] += 1
            if equation.is_leaf:
                leaves[members].add(number)
    disputed = [amounts for amounts in printed.values() if len(amounts) > 1]
    place = {id(form): number for number, form in enumerate(tried.system.forms)}
    found = []
    for form in forms:
        own = {place[id(form)]}
        left = sum(sum(by.keys() != own for by in amounts.values()) > 1 for amounts in disputed)
        found.append((left, 0 if left else _contradicting_lines(size, printed, leaves, own)))
    return found


def _contradicting_lines(
    size: int,
    printed: Mapping[tuple[int, ...], Mapping[int, Counter[int]]],
    leaves: Mapping[tuple[int, ...], Set[int]],
    own: Set[int],
) -> int:
    """The number of cells of the other forms that contradict the lines as most of these cells give them.

    ``printed``: lines → amount → how many cells of each form print it. ``leaves``: lines → the forms that print them
    without parts. ``own`` is the form to ignore. Without it no sum may be disputed.
    """
    majority = {
        members: (amount, count)
        for members, amounts in printed.items()
        for amount, by in amounts.items()
        if (count := sum(by[form] for form in by.keys() - own))
    }
    most_printed = sorted(
        (members for members in majority if leaves[members] - own), key=lambda members: -majority[members][1]
    )
    values = peel(size, [Equation([*members], majority[members][0], True) for members in most_printed])
    return sum(count for members, (amount, count) in majority.items() if _differs(members, amount, values))


def _differs(members: Sequence[int], amount: int, values: Sequence[int | None]) -> bool:
    found = [values[line] for line in members]
    return None not in found and sum(value or 0 for value in found) != amount


def _finding(form: FormEvidence, wrong: Sequence[Difference]) -> Finding:
    if (exchanged := exchanged_columns(wrong)) is not None:
        return exchanged.finding
    differing = {difference.key for difference in wrong}
    finest = [key for key, cell in form.cells.items() if cell.is_leaf and cell.amount]
    is_part = sum(key in differing for key in finest) <= MOST_STALE * len(finest)
    # One change that did not reach the form changes all its totals by the same amount. Figures beneath the totals are
    # ignored, because the ledger may have chosen their split.
    totals = [one for one in wrong if form.total_row == one.key[0] or form.abilities.total == one.key[1]]
    is_stale = is_part or len({one.filed - one.rebuilt for one in totals or wrong}) <= FEW_CHANGES
    place = (form.filed.form_no, form.form.form_id, form.form.report_no)
    return Finding("stale_form" if is_stale else "foreign_form", {"differing": len(wrong)}, *place)
