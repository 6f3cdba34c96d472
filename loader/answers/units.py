"""The units that have filed, with their revisions."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import dict_row


def read_units(
    connection: psycopg.Connection, division_code: str, fiscal_year: int | None = None
) -> list[dict[str, Any]]:
    """Every disclosure of a division, withdrawn ones included: unit, stage, revision, document and what it holds."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select d.fiscal_year, d.reporting_unit_code, d.reporting_unit_name, d.stage, d.revision, d.is_current,"
            " d.withdrawn_at is not null as is_withdrawn, d.published_on, d.form_count, d.cell_count, o.file_name"
            " from budget.disclosure as d join budget.document as o using (division_code, document_id)"
            " where d.division_code = %(division)s and (%(year)s::int is null or d.fiscal_year = %(year)s)"
            " order by d.fiscal_year, d.reporting_unit_code, d.revision",
            {"division": division_code, "year": fiscal_year},
        ).fetchall()


def filers_called(connection: psycopg.Connection, division_code: str, name: str) -> list[tuple[str, str]]:
    """Code and newest name of the units that have filed under a name, or else under one that contains it."""
    rows = connection.execute(
        "with filer as ("
        "select distinct on (reporting_unit_code) reporting_unit_code as code, reporting_unit_name as name"
        " from budget.disclosure where division_code = %(division)s and strpos(reporting_unit_name, %(name)s) > 0"
        " order by reporting_unit_code, fiscal_year desc)"
        " select code, name from filer where name = %(name)s or not exists (select from filer where name = %(name)s)"
        " order by code",
        {"division": division_code, "name": name},
    ).fetchall()
    return [(code, name) for code, name in rows]
