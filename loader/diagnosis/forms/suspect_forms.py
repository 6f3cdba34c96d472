"""The forms that may be wrong as a whole, ranked by how much the others disagree without each.

No ledger is made for that: the cells of the others are compared with the lines that were possible at first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from itertools import combinations

from loader.diagnosis.case import Case
from loader.diagnosis.forms.whole_form import may_be_wrong
from loader.ledger.amounts import Attempt
from loader.ledger.evidence.evidence import FormEvidence
from loader.ledger.solver.equation import Equation, sum_of
from loader.ledger.solver.peeling import peel


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


def likeliest(tried: Attempt, size: int) -> list[tuple[FormEvidence, ...]]:
    """The groups of so many forms, those without which the others disagree least first."""
    printed = _Printed(tried)
    forms = [number for number, form in enumerate(tried.system.forms) if form.form.sheet is None]
    groups = sorted(combinations(forms, size), key=lambda group: printed.disagreeing_without({*group}))
    return [tuple(tried.system.forms[number] for number in group) for group in groups]


def _disagreeing_without(tried: Attempt, forms: Sequence[FormEvidence]) -> list[tuple[int, int]]:
    """For each form, how much the others disagree without it: the sums that they print with several amounts, and if
    there are none, their cells that contradict each other."""
    printed = _Printed(tried)
    place = {id(form): number for number, form in enumerate(tried.system.forms)}
    return [printed.disagreeing_without({place[id(form)]}) for form in forms]


class _Printed:
    """The sums of lines that were possible at first, with the amounts that forms print of them."""

    def __init__(self, tried: Attempt) -> None:
        self._size = size = len(tried.values)
        self._amounts: dict[tuple[int, ...], dict[int, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
        self._leaves: dict[tuple[int, ...], set[int]] = defaultdict(set)
        for equation, (number, _) in zip(tried.system.equations, tried.system.keys, strict=True):
            if number >= 0:
                members = equation.members
                if members and members[-1] >= size:
                    members = tuple([line for line in members if line < size])
                self._amounts[members][equation.amount][number] += 1
                if equation.is_leaf:
                    self._leaves[members].add(number)
        # the forms that print each of several amounts of one sum → how many sums are disputed by these forms
        self._disputed = Counter(
            tuple(frozenset(by) for by in amounts.values()) for amounts in self._amounts.values() if len(amounts) > 1
        )

    def disagreeing_without(self, own: Set[int]) -> tuple[int, int]:
        """How much the forms disagree without some of them.

        The first number counts the sums that the others print with several amounts. If there are none, the second
        counts their cells that contradict the amounts of the lines that were possible at first, as most cells give
        them.
        """
        left = sum(count for forms, count in self._disputed.items() if sum(not by <= own for by in forms) > 1)
        return left, 0 if left else _contradicting_lines(self._size, self._amounts, self._leaves, own)


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
