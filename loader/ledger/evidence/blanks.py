"""Blank cells that may have lost their figure: the finest ones under a total that exceeds its parts.

Normally a blank cell means no money. But if a total beside or above it exceeds its parts, one of these cells is wrong,
and it may be the blank one. In a form that prints fewer digits than others, a blank may be a figure rounded to zero.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from loader.ledger.evidence.evidence import Evidence, FormEvidence
from loader.ledger.evidence.projection import CellKey
from loader.ledger.evidence.sums import failing_sums


def with_blanks_in_doubt(evidence: Evidence) -> Evidence:
    """The evidence with "some money" in blank cells under a total that its parts do not add up to."""
    return replace(evidence, forms={form_id: _with_blanks_in_doubt(form) for form_id, form in evidence.forms.items()})


def with_zeros_in_doubt(evidence: Evidence) -> Evidence:
    """The evidence with "some money" in zero and blank cells of forms that print fewer digits than others."""
    forms = {
        form_id: _with_some(evidence, evidence.forms[form_id]) for form_id in evidence.forms.keys() & evidence.coarse
    }
    return replace(evidence, forms=evidence.forms | forms)


def _with_some(evidence: Evidence, form: FormEvidence) -> FormEvidence:
    cells = product(form.rows, form.columns)
    empty = {key for key in cells if not form.amounts.get(key) and evidence.is_coarse(form, key)}
    amounts = {key: amount for key, amount in form.amounts.items() if key not in empty}
    return replace(form, amounts=amounts, unreadable=form.unreadable | empty)


def _with_blanks_in_doubt(form: FormEvidence) -> FormEvidence:
    doubted: set[CellKey] = set()
    for entry in failing_sums(form):
        if abs(entry.difference) > entry.slack:
            doubted.update(cell for cell in entry.finest if not form.amounts.get(cell))
    return replace(form, unreadable=form.unreadable | doubted) if doubted else form
