"""Sheets of goals (绩效目标表) whose project the form of projects does not list."""

from __future__ import annotations

from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import Evidence
from schema.forms.template import project_of_row


def unlisted_sheets(evidence: Evidence) -> list[Finding]:
    """A finding for each sheet with money whose project has no row. It may be a part of a project that has one."""
    rows = {row for form in evidence.forms.values() for row in form.rows}
    listed = {project_of_row(row.partition("/")[2]) for row in rows}
    return [
        Finding(
            "unlisted_sheet",
            {"project": project, "amount": cell.text},
            sheet.filed.form_no,
            sheet.form.form_id,
            sheet.form.report_no,
            cell.source_row,
            cell.column_no,
        )
        for sheet in evidence.unplaced_sheets
        for (project, _), cell in sheet.cells.items()
        if cell.amount and project not in listed
    ]
