"""What the loader found odd in the documents."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import dict_row


def read_findings(
    connection: psycopg.Connection, division_code: str, fiscal_year: int | None = None, unit_code: str | None = None
) -> list[dict[str, Any]]:
    """The findings of current disclosures in the order of the documents, equal ones counted."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select d.fiscal_year, d.reporting_unit_code, d.revision, f.severity, f.kind,"
            " count(*) as times, f.message_en as message"
            " from report.finding as f join budget.disclosure as d using (division_code, disclosure_id)"
            " where d.division_code = %(division)s and d.is_current"
            " and (%(year)s::int is null or d.fiscal_year = %(year)s)"
            " and (%(unit)s::text is null or d.reporting_unit_code = %(unit)s)"
            " group by d.fiscal_year, d.reporting_unit_code, d.revision, f.kind, f.severity, f.message_en"
            " order by d.fiscal_year, d.reporting_unit_code, d.revision, min(f.finding_no)",
            {"division": division_code, "year": fiscal_year, "unit": unit_code},
        ).fetchall()
