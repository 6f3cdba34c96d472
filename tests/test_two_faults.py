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
