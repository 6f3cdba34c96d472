"""Rows that the only form of a fund lacks, in its sums too, though nothing contradicts it.

A form of several funds prints their money. The ledger gives it to a fund without income, while just as much income of
the form's fund is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from loader.diagnosis.case import Case
from loader.diagnosis.disagreement.labels import money, row_label
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.trials import Explanation, column_faults
from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import FormEvidence, to_fen
from loader.ledger.lines import Ledger
from schema.forms.template import Coordinate, Statement


def unpaid_rows(case: Case, deadline: float) -> Iterator[Explanation]:
    """The rows without which a fund without income spends nothing."""
    yield from column_faults(case, list(_lacking(case)), deadline)


def unpaid(ledger: Ledger) -> dict[str, dict[str, int]]:
    """Fund without any income → function → what it spends (分). Empty if money is carried over of which no form tells
    the fund, or if nothing is told of income."""
    income = [line.coordinates for line in ledger.lines if line.coordinates.statement != Statement.EXPENDITURE]
    funds = tuple({at.fund for at in income if at.statement == Statement.REVENUE})
    if not funds or any(at.statement == Statement.CARRY_OVER for at in income):
        return {}
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in ledger.lines:
        at = line.coordinates
        if at.statement == Statement.EXPENDITURE and at.fund and not any(fund.startswith(at.fund) for fund in funds):
            found[at.fund][at.functional] += to_fen(line.amount)
    return found


def _lacking(case: Case) -> Iterator[Hypothesis]:
    for rows in unpaid(case.ledger).values():
        owed = sum(rows.values())
        for form in case.evidence.forms.values():
            if len(rows) == 1 and form.abilities.total is not None and owed == _left(case.ledger, form):
                yield from _with_row(case, form, rows)


def _left(ledger: Ledger, form: FormEvidence) -> int:
    """The income (分) of the only fund of a form that is not spent, 0 for other forms."""
    fund = form.form.where.fund
    if len(fund) != 1 or not form.abilities.is_expenditure or not form.form.is_by(Coordinate.FUNCTIONAL):
        return 0
    left = 0
    for line in ledger.lines:
        at = line.coordinates
        if at.statement == Statement.REVENUE and at.fund.startswith(fund[0]):
            left += to_fen(line.amount)
        elif at.statement == Statement.EXPENDITURE and at.fund == fund[0]:
            left -= to_fen(line.amount)
    return left


def _with_row(case: Case, form: FormEvidence, rows: Mapping[str, int]) -> Iterator[Hypothesis]:
    template, total = form.form.rows, form.abilities.total
    [(row, amount)] = rows.items()
    if template is None or total is None or row in form.rows or template.by != (Coordinate.FUNCTIONAL,):
        return
    above = [held for held in template.above(row) if held in form.rows]
    if not above:
        return
    cells = {(row, total): amount} | {(held, total): form.amounts.get((held, total), 0) + amount for held in above}
    source = next((cell.source_row for cell in form.filed.cells if cell.row_key == above[0]), None)
    finding = Finding(
        "row_omitted",
        {"row": row_label(case.disclosure, form, row), "amount": money(amount)},
        form.filed.form_no,
        form.form.form_id,
        form.form.report_no,
        source,
    )
    yield Hypothesis(finding, form, cells)
