"""Forms in another money unit than they say, or with the point moved, if no other form prints their figures.

Other forms print a wider selection of money. The figures are too large for it, or exactly ten or more times the part
that they should be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from loader.filing.filed import Finding
from loader.ledger.evidence.capabilities import statements_of
from loader.ledger.evidence.evidence import Evidence, FormEvidence
from loader.ledger.lines import Ledger, Line
from loader.ledger.whole_forms import scaled_form, worded
from schema.forms.template import Statement, Where

_PARTS = (Statement.THREE_PUBLIC, Statement.OPERATING_COST, Statement.PROCUREMENT, Statement.SPECIAL_FUND)
_YUAN = Fraction(10_000)  # in 万元
_MULTIPLES = [Fraction(10), Fraction(100), Fraction(1_000), _YUAN]
# times all spending; below this the point may have been moved, or another form be wrong. Goods bought are paid from
# the spending of the year, so any more of them is told
_MOST = 20
_GOODS = ("302", "310")  # 公用经费; equal to 机关运行经费 if paid from 一般公共预算
# items of 三公 and their economic subjects, under which forms print basic spending only
_SUBJECTS = {"abroad": "30212", "reception": "30217", "vehicle_operation": "30231"}
_FEWEST_DIGITS = 4  # of figures that are hardly ever round multiples of others by chance


def in_wan_yuan(evidence: Evidence, ledger: Ledger) -> Ledger:
    """The ledger with such money in 万元, and a finding for its form. Unchanged if no form shows the total spending."""
    if not evidence.overall(Where(statement=(Statement.EXPENDITURE,))):
        return ledger
    if any(finding.kind == "implausibly_small" for finding in ledger.findings):
        return ledger  # the other forms are in the wrong unit
    for statement in _PARTS:
        forms = [form for form in evidence.forms.values() if statement in statements_of(form.form)]
        if len(forms) != 1:
            continue
        money = [line for line in ledger.lines if line.coordinates.statement == statement]
        spending = [line for line in ledger.lines if line.coordinates.statement == Statement.EXPENDITURE]
        parts = [*_parts(statement, money, spending)]
        ratio = _ratio_of(statement, parts)
        spent, most = _spent(statement, money), _sum(spending)
        if ratio is None and spent > most * (1 if statement is Statement.PROCUREMENT else _MOST) > 0:
            if spent <= _MOST * most or any(line.amount % 1 for line in money):  # budgets in 元 are whole numbers
                told = _above_spending(forms[0], spent, most)
                ledger = replace(ledger, findings=[*ledger.findings, told])
                continue
            ratio = _YUAN
        elif ratio is not None and not _is_certain(statement, parts, spending):
            ledger = replace(ledger, findings=[*ledger.findings, _perhaps_scaled(forms[0], ratio, *parts[0])])
            continue
        if ratio is not None:
            ledger = _divided(ledger, statement, scaled_form(forms[0], ratio), ratio)
    return ledger


def _spent(statement: Statement, money: list[Line]) -> Decimal:
    """The amount that is a part of the office's own spending. Special funds that finance holds for it (财政代编) are
    none, however large."""
    if statement is Statement.SPECIAL_FUND:
        money = [line for line in money if line.coordinates.item == "in_department_budget"]
    return _sum(money)


def _parts(statement: Statement, money: list[Line], spending: list[Line]) -> Iterator[tuple[Decimal, Decimal]]:
    """What a form prints of such money, and what the other forms have of the same."""
    if statement is Statement.OPERATING_COST:
        yield _sum(money), _sum([line for line in spending if _is_public(line)])
    if statement is Statement.THREE_PUBLIC:
        for item, code in _SUBJECTS.items():
            own = _sum([line for line in money if line.coordinates.item == item])
            subject = [line for line in spending if line.coordinates.department_economic == code]
            if own and subject:
                yield own, _sum([line for line in subject if line.coordinates.fund == "11"])


def _ratio_of(statement: Statement, parts: list[tuple[Decimal, Decimal]]) -> Fraction | None:
    """The multiple of their true figures that all parts are. 三公 may be too small as well: no item is less than the
    spending under its subject."""
    fractions = [1 / ratio for ratio in _MULTIPLES] if statement is Statement.THREE_PUBLIC else []
    for ratio in (*_MULTIPLES, *fractions):
        if parts and all(own * ratio.denominator == ratio.numerator * part > 0 for own, part in parts):
            return ratio
    return None


def _is_certain(statement: Statement, parts: list[tuple[Decimal, Decimal]], spending: list[Line]) -> bool:
    """Whether the multiple is none by chance. Spending on projects may add to items of 三公 what makes them round
    multiples, if there is enough of it and the figures are short."""
    if statement is Statement.OPERATING_COST or any(own < part for own, part in parts):
        return True
    projects = _sum([line for line in spending if line.coordinates.nature == "project"])
    digits = sum(len(own.normalize().as_tuple().digits) for own, _ in parts)
    return sum(own - part for own, part in parts) > projects or digits >= _FEWEST_DIGITS


def _divided(ledger: Ledger, statement: Statement, finding: Finding, ratio: Fraction) -> Ledger:
    lines = [
        replace(line, amount=line.amount * ratio.denominator / ratio.numerator)
        if line.coordinates.statement == statement
        else line
        for line in ledger.lines
    ]
    # that its forms contradict each other has this cause
    others = [f for f in ledger.findings if f.kind != "contradiction" or f.values.get("statement") != statement]
    return replace(ledger, lines=lines, findings=others if finding in others else [*others, finding])


def _perhaps_scaled(form: FormEvidence, ratio: Fraction, own: Decimal, part: Decimal) -> Finding:
    place = (form.filed.form_no, form.form.form_id, form.form.report_no)
    return Finding("perhaps_scaled", {"filed": own, "part": part, "ratio": worded(ratio)}, *place)


def _above_spending(form: FormEvidence, amount: Decimal, spending: Decimal) -> Finding:
    place = (form.filed.form_no, form.form.form_id, form.form.report_no)
    return Finding("above_spending", {"amount": amount, "spending": spending}, *place)


def _is_public(line: Line) -> bool:
    at = line.coordinates
    return at.nature == "basic" and at.fund == "11" and at.department_economic.startswith(_GOODS)


def _sum(lines: list[Line]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))
