"""The forms that may be wrong as a whole, ranked by how much the others disagree without each.

No ledger is made for that: the cells of the others are compared with the lines that were possible at first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence, Set

from loader.diagnosis.case import Case
from loader.diagnosis.forms.whole_form import may_be_wrong
from loader.ledger.amounts import Attempt
from loader.ledger.equation import Equation, sum_of
from loader.ledger.evidence import FormEvidence
from loader.ledger.peeling import peel


def ranked(case: Case, forms: Collection[FormEvidence]) -> list[tuple[tuple[int, int], FormEvidence]]:
    """Those of some forms that may belong to another version, with how much the others disagree without each."""
    differing = Counter(difference.form.form.form_id for difference in case.found)
    lone = lone_funds(case)
    suspects = sorted(
        [form for form in forms if may_be_wrong(case.tables, form)],
        key=lambda form: (-differing[form.form.form_id], form.form.where.fund not in lone),
    )
    disagreeing = _disagreeing_without(case.tried, suspects) if case.tried else [(1, 0)] * len(suspects)
    return list(zip(disagreeing, suspects, strict=True))


def most_differing(tried: Attempt, form: FormEvidence) -> int:
    """How many figures of a form differ from the lines that were possible at first, or may differ because the other
    forms leave such a line open."""
    system = tried.system
    own: list[Equation] = []
    others: list[Equation] = []
    for equation, (number, _) in zip(system.equations, system.keys, strict=True):
        if number >= 0:
            (own if system.forms[number] is form else others).append(equation)
    values = peel(len(system.lines), [equation for equation in others if equation.is_leaf])
    return sum(sum_of(equation.members, values) != equation.amount for equation in own)


def lone_funds(case: Case) -> set[tuple[str, ...]]:
    """The funds that only one form prints. The ledger may follow such a form, so that the others seem wrong."""
    funds = Counter(form.form.where.fund for form in case.evidence.forms.values())
    return {fund for fund, forms in funds.items() if len(fund) == forms == 1}


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
            members = equation.members
            if members and members[-1] >= size:
                members = tuple([line for line in members if line < size])
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
    values = peel(size, [Equation(members, majority[members][0], True) for members in most_printed])
    return sum(count for members, (amount, count) in majority.items() if _differs(members, amount, values))


def _differs(members: Sequence[int], amount: int, values: Sequence[int | None]) -> bool:
    found = [values[line] for line in members]
    return None not in found and sum(value or 0 for value in found) != amount
