"""Forms in another money unit than they say, if no other form prints their figures.

Other forms print a wider selection of money. The figures are too large for it, or not the fixed part that they should
be.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from loader.ledger.capabilities import statements_of
from loader.ledger.evidence import Evidence
from loader.ledger.lines import Ledger, Line
from loader.ledger.whole_forms import scaled_form
from schema.forms.template import Statement, Where

_PARTS = (Statement.THREE_PUBLIC, Statement.OPERATING_COST, Statement.PROCUREMENT)
_YUAN = 10_000  # in 万元
_MOST = 20  # times all spending; below this the point may have been moved, or another form be wrong
_GOODS = ("302", "310")  # 公用经费; equal to 机关运行经费 if paid from 一般公共预算


def in_wan_yuan(evidence: Evidence, ledger: Ledger) -> Ledger:
    """The ledger with such money in 万元, and a finding for its form. Unchanged if no form shows the total spending."""
    if not evidence.overall(Where(statement=(Statement.EXPENDITURE,))):
        return ledger
    if any(finding.kind == "implausibly_small" for finding in ledger.findings):
        return ledger  # the other forms are in the wrong unit
    for statement in _PARTS:
        forms = [form for form in evidence.forms.values() if statement in statements_of(form.form)]
        if len(forms) == 1 and (ratio := _ratio(ledger, statement)):
            lines = [
                replace(line, amount=line.amount / ratio) if line.coordinates.statement == statement else line
                for line in ledger.lines
            ]
            finding = scaled_form(forms[0], Fraction(ratio))
            findings = ledger.findings if finding in ledger.findings else [*ledger.findings, finding]
            ledger = replace(ledger, lines=lines, findings=findings)
    return ledger


def _ratio(ledger: Ledger, statement: Statement) -> int | None:
    """The factor by which the money of a statement is too high. None if it is not.

    The factor is a power of ten if the money is exactly that many times its parts, or 10,000 (元) if it is many times
    the total spending.
    """
    money = _sum([line for line in ledger.lines if line.coordinates.statement == statement])
    spending = [line for line in ledger.lines if line.coordinates.statement == Statement.EXPENDITURE]
    if statement is Statement.OPERATING_COST:
        goods = _sum([line for line in spending if _is_public(line)])
        for ratio in (10, 100, 1_000, _YUAN):
            if money == ratio * goods > 0:
                return ratio
    return _YUAN if money > _MOST * _sum(spending) > 0 else None


def _is_public(line: Line) -> bool:
    at = line.coordinates
    return at.nature == "basic" and at.fund == "11" and at.department_economic.startswith(_GOODS)


def _sum(lines: list[Line]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))
