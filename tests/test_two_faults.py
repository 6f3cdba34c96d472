"""A document with two faults of clerks, each in a form of its own: both are named, and nothing else."""

from __future__ import annotations

import random

import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from synthetic.budgets import random_budget
from synthetic.deviations import filed
from synthetic.faults import FAULTS
from synthetic.two_faults import two_faults

QUIET = ("missing_column", "missing_form", "label")


@pytest.mark.parametrize(
    ("one", "other", "seed"),
    [
        ("a row left out of its sums too", "a figure a row too high", 8200002),
        ("two rows swapped", "two rows merged", 8200001),
        ("a form not brought up to date", "a form of another year", 8200001),
        ("sums not brought up to date", "a unit left out", 8200003),
        ("a row shifted by a column", "a unit left out of its sums too", 8200003),
        ("two columns exchanged", "any two columns exchanged", 8200002),
        ("a project left out", "a figure in a wrong column", 8200002),
        ("三公 without an item", "a row under another function", 8200002),
        ("a project left out", "a figure in a wrong column", 8200022),  # two lines of form 1 seemed wrong for certain
        ("two rows swapped", "two units swapped", 8300004),
        ("a comma for a point", "a project left out", 8300003),
        ("a sum without one of its parts", "a comma for a point", 8300006),
        ("a form of another year", "a project left out", 8300006),
        ("two digits swapped", "any two columns exchanged", 8300005),
    ],
)
def test_two_faults_are_both_named(one: str, other: str, seed: int) -> None:
    made = two_faults(random_budget(seed), (one, other), random.Random(seed))
    assert made is not None
    text, faults = made
    disclosure = filed(text)
    ledger = diagnosed_ledger(disclosure)
    told = [(f.kind, f.form_id) for f in (*disclosure.findings, *ledger.findings) if f.kind not in QUIET]
    assert len(told) == len(faults)
    assert all(any((kind, fault.form_id) in told for kind in FAULTS[name][1]) for name, fault in faults)


def test_two_columns_that_may_be_two_lines_are_both_told_beside_a_wrong_figure() -> None:
    """Of columns and lines neither is certain, whatever else is wrong, and the form with the lines is not old."""
    chance = random.Random("two 5015")
    one, other = "two digits swapped", "any two columns exchanged"
    chance.choice(range(len(FAULTS) - 1))
    chance.choice(range(len(FAULTS) - 1))
    made = two_faults(random_budget(5015), (one, other), chance)
    assert made is not None
    text, faults = made
    ledger = diagnosed_ledger(filed(text))
    assert [fault.form_id for _, fault in faults] == ["r12", "r14"]
    assert [(found.kind, found.form_id) for found in ledger.findings] == [
        ("several_explanations", None),
        ("digits_swapped", "r12"),
    ]


def test_a_figure_that_two_forms_print_is_not_called_wrong_for_a_third_that_lacks_it() -> None:
    """A unit is left out of the only form of income by unit, beside a fault of spending. Forms 1 and 6 print its income
    alike."""
    chance = random.Random("two 9411150")
    chance.choice(range(len(FAULTS) - 1))
    chance.choice(range(len(FAULTS) - 1))
    names = ("a unit left out of its sums too", "a figure in a wrong column")
    made = two_faults(random_budget(9411150), names, chance)
    assert made is not None
    text, faults = made
    assert faults[0][1].form_id == "r02"
    ledger = diagnosed_ledger(filed(text))
    assert not [found for found in ledger.findings if found.form_id == "r06"]
