"""Figures with a dash behind (11.50-) that other figures tell to be positive: the dash is no sign.

Some programs print negative amounts so, but a line of the table or a mark of who typed it looks the same. Such a figure
is read as negative. Only where the diagnosis says that its sign is wrong is it read as positive.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from loader.filing.filed import FiledDisclosure, Finding
from loader.ledger.lines import Ledger


def with_dashes_settled(disclosure: FiledDisclosure, ledger: Ledger) -> Ledger:
    """The ledger with a finding for each such dash in place of that of a wrong sign. Corrects the figures in the
    disclosure."""
    if all(finding.kind != "sign_turned" for finding in ledger.findings):
        return ledger
    return replace(ledger, findings=[_settled(disclosure, finding) for finding in ledger.findings])


def _settled(disclosure: FiledDisclosure, finding: Finding) -> Finding:
    """The finding that the dashes of these cells are no signs. The same finding if it is another one, or if a cell has
    no dash."""
    if finding.kind != "sign_turned":
        return finding
    filed, right = finding.values["filed"], finding.values["proposed"]
    assert isinstance(right, Decimal)
    cells = [
        cell
        for form in disclosure.forms
        if form.form_no == finding.form_no
        for cell in form.cells
        if cell.source_row == finding.source_row and cell.statements and cell.amount == filed
    ]
    if right < 0 or not cells or not all(cell.has_dash_behind for cell in cells):
        return finding
    for cell in cells:
        cell.amount = right
    return Finding(
        "dash_behind",
        {
            "row": finding.values["row"],
            "column": finding.values["column"],
            "text": cells[0].text,
            "amount": right,
            "evidence": finding.values["evidence"],
        },
        finding.form_no,
        finding.form_id,
        finding.report_no,
        finding.source_row,
        finding.column_no,
    )
