"""A form in another money unit than it says whose figures no other form prints: what other forms print of a wider
selection of money cannot hold it, or is a fixed part of it."""

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
_MOST = 20  # times all spending: up to this the point may have been moved as well, or another form be wrong
_GOODS = ("302", "310")  # 公用经费, which 机关运行经费 is if it is paid from 一般公共预算


def in_wan_yuan(evidence: Evidence, ledger: Ledger) -> Ledger:
    """The ledger with such money in 万元, and a finding for its form. Nothing is said if no form tells all spending."""
    if not evidence.overall(Where(statement=(Statement.EXPENDITURE,))):
        return ledger
    for statement in _PARTS:
        forms = [form for form in evidence.forms.values() if statement in statements_of(form.form)]
        if len(forms) == 1 and (ratio := _ratio(ledger, statement)):
            lines = [
                replace(line, amount=line.amount / ratio) if line.coordinates.statement == statement else line
                for line in ledger.lines
            ]
            finding = scaled_form(forms[0], Fraction(ratio))
            told = ledger.findings if finding in ledger.findings else [*ledger.findings, finding]
            ledger = replace(ledger, lines=lines, findings=told)
    return ledger


def _ratio(ledger: Ledger, statement: Statement) -> int | None:
    """How many times too high the money of a statement is: exactly a power of ten times what it consists of, or 元 if
    it is many times all spending."""
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
