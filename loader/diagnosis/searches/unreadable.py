"""Figures that cannot be read as numbers, such as 35.2% or 2431,30, though other forms tell what they should be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from loader.diagnosis.case import Case
from loader.diagnosis.disagreement.differences import Difference
from loader.diagnosis.disagreement.labels import column_label, money
from loader.diagnosis.figures.single_figures import suspects
from loader.filing.filed import FiledCell, FiledDisclosure, Finding
from loader.ledger.evidence.evidence import FEN, Evidence
from loader.ledger.lines import Ledger


def with_unreadable_named(disclosure: FiledDisclosure, evidence: Evidence, ledger: Ledger) -> Ledger:
    """The ledger with a finding for each such figure that other figures tell. It takes the place of the finding that
    only says that it is no number, and of one on a sum that lacks it."""
    if not any(form.unreadable for form in evidence.forms.values()):
        return ledger
    case = Case(disclosure, evidence, ledger)
    unread = [
        Difference(form, key, 0, amount, amount, made)
        for form_id, form in evidence.forms.items()
        if (made := case.rebuilt[form_id])
        for key in sorted(form.unreadable)
        if (amount := made.amounts.get(key, 0))
    ]
    for one in unread:  # the checks are to fail without it
        if (table := case.tables.get(one.form.form.form_id)) is not None and one.key[0] in table.figures:
            table.figures[one.key[0]].pop(one.key[1], None)
    named = []
    lacking: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for one, bearing, _, _ in suspects(evidence, case.tables, case.rebuilt, unread):
        cell = next((c for c in one.form.filed.cells if (c.row_key, c.column_key) == one.key), None)
        if cell is not None and bearing and _is_misspelt(cell.text, f"{money(one.rebuilt):.2f}"):
            named.append(_finding(one, cell, bearing))
            lacking[one.form.filed.form_no, cell.column_no] += Decimal(one.rebuilt) / FEN
    places = {(found.form_no, found.source_row, found.column_no) for found in named}

    def is_said(finding: Finding) -> bool:
        if finding.kind in ("not_a_number", "figure_lost"):
            return (finding.form_no, finding.source_row, finding.column_no) in places
        if finding.kind != "sum" or (at := (finding.form_no or 0, finding.column_no or 0)) not in lacking:
            return False
        return Decimal(str(finding.values["stated"])) - Decimal(str(finding.values["sum"])) == lacking[at]

    disclosure.findings = [finding for finding in disclosure.findings if not is_said(finding)]
    return replace(ledger, findings=[*ledger.findings, *named])


def _is_misspelt(text: str, amount: str) -> bool:
    """Whether a text is a figure misspelt or too wide for its cell. Words (涉密, 详见表3) and the right figure with
    words behind it are none."""
    printed = text.replace(",", "")
    digits = sum(letter.isdigit() or letter == "#" for letter in printed)
    return digits * 2 >= len(printed) and amount not in printed


def _finding(one: Difference, cell: FiledCell, bearing: list[str]) -> Finding:
    return Finding(
        "figure_unreadable",
        {
            "row": cell.row_label or one.key[0],
            "column": column_label(one.form, one.key[1]),
            "text": cell.text,
            "proposed": money(one.rebuilt),
            "evidence": bearing,
        },
        one.form.filed.form_no,
        one.form.form.form_id,
        one.form.form.report_no,
        cell.source_row,
        cell.column_no,
    )
