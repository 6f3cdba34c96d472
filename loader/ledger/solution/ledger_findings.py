"""Solution and lines → the findings of making a ledger: contradictions, unexplained money, implausible sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product

from loader.filing.filed import FiledDisclosure, Finding
from loader.ledger.evidence.evidence import FEN, Evidence
from loader.ledger.lines import Line
from loader.ledger.solver.equation import excesses
from loader.ledger.solver.program import Solution
from loader.ledger.system import System
from schema.forms.template import Statement

# 万元. Taking 元 for 万元 turns 100 万元 into 100 亿元. Nearly every office spends 100 万元, no
# office of a county spends 100 亿元.
_IMPLAUSIBLE = 1_000_000
_SMALLEST = 1  # 万元. Taking 万元 for 元 turns 500 万元 into 500 元.
_STATEMENTS_ZH = {
    Statement.EXPENDITURE: "支出",
    Statement.REVENUE: "收入",
    Statement.CARRY_OVER: "结转结余",
    Statement.THREE_PUBLIC: "“三公”经费",
    Statement.SPECIAL_FUND: "专项资金",
    Statement.PROCUREMENT: "政府采购",
    Statement.OPERATING_COST: "机关运行经费",
}


def without_rounded_sums(evidence: Evidence) -> list[Finding]:
    """The findings of a disclosure without those on sums that fail only because figures of their form were rounded."""
    coarse = {form.filed.form_no: form for form in evidence.all_forms() if form.form.form_id in evidence.coarse}

    def is_rounding(finding: Finding) -> bool:
        form = coarse.get(finding.form_no or 0)
        if finding.kind != "sum" or form is None:
            return False
        columns = {key[1] for key, cell in form.cells.items() if cell.column_no == finding.column_no}
        keys = product((form.total_row, *form.own_rows), columns)
        rounding = sum(form.rounding(key) for key in keys if key in form.cells)
        stated, parts = finding.values["stated"], finding.values["sum"]
        return isinstance(stated, Decimal) and isinstance(parts, Decimal) and abs(parts - stated) <= rounding

    return [finding for finding in evidence.disclosure.findings if not is_rounding(finding)]


def unsolved(system: System, solution: Solution) -> list[Finding]:
    """The findings for each statement: contradictory cells, and money left unexplained."""
    excess = excesses(system.equations, solution.values) if solution.deviation else {}
    contradictory = {
        system.statements_of(number)[0] for number in excess if not system.equations[number].is_declaration
    }
    remainders: dict[str, list[int]] = defaultdict(list)
    for line, value, extra in zip(system.lines, solution.values, system.balancing, strict=True):
        if extra and value:
            remainders[line.statement].append(value)
    findings = []
    for statement in Statement:
        zh = _STATEMENTS_ZH[statement]
        if statement in contradictory:
            findings.append(Finding("contradiction", {"statement": statement.value, "statement_zh": zh}))
            if not solution.is_settled:
                findings.append(Finding("not_settled", {"statement": statement.value, "statement_zh": zh}))
        if left := remainders[statement]:
            findings.append(
                Finding(
                    "remainder",
                    {
                        "statement": statement.value,
                        "statement_zh": zh,
                        "count": len(left),
                        "amounts": [Decimal(value) / FEN for value in left[:5]],
                    },
                )
            )
    unfunded = sum(
        value
        for line, value in zip(system.lines, solution.values, strict=True)
        if line.statement == Statement.EXPENDITURE and not line.fund
    )
    if unfunded:
        findings.append(Finding("no_fund", {"amount": Decimal(unfunded) / FEN}))
    return findings


def implausible(disclosure: FiledDisclosure, lines: Sequence[Line]) -> Iterator[Finding]:
    """A finding if the whole expenditure suggests that 元 and 万元 were confused."""
    spent = sum((x.amount for x in lines if x.coordinates.statement == Statement.EXPENDITURE), Decimal(0))
    if spent >= _IMPLAUSIBLE and not disclosure.identity.division_code.endswith("00"):
        yield Finding("implausible_total", {"amount": spent})
    if 0 < spent < _SMALLEST and any(form.money_unit == "元" for form in disclosure.forms):
        yield Finding("implausibly_small", {"amount": spent})
