"""The units that have filed, with their revisions."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import dict_row

_UNITS = """
    select
        disclosure.fiscal_year,
        disclosure.reporting_unit_code,
        disclosure.reporting_unit_name,
        disclosure.stage,
        disclosure.revision,
        disclosure.is_current,
        disclosure.withdrawn_at is not null as is_withdrawn,
        disclosure.published_on,
        disclosure.form_count,
        disclosure.cell_count,
        document.file_name
    from budget.disclosure as disclosure
    inner join budget.document as document using (division_code, document_id)
    where disclosure.division_code = %(division)s
        and (%(year)s::int is null or disclosure.fiscal_year = %(year)s)
        and (%(unit)s::text is null or disclosure.reporting_unit_code = %(unit)s)
    order by disclosure.fiscal_year, disclosure.reporting_unit_code, disclosure.revision
"""


def read_units(
    connection: psycopg.Connection, division_code: str, fiscal_year: int | None = None, unit_code: str | None = None
) -> list[dict[str, Any]]:
    """All disclosures of a division, or of one year and unit, including withdrawn ones: unit, stage, revision, document
    and size."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_UNITS, {"division": division_code, "year": fiscal_year, "unit": unit_code}).fetchall()


def units_called(connection: psycopg.Connection, division_code: str, name: str) -> list[tuple[str, str]]:
    """Code and latest name of the units that have filed under this name, or else under a name that contains it."""
    rows = connection.execute(
        """
        with filer as (
            select distinct on (reporting_unit_code)
                reporting_unit_code as code,
                reporting_unit_name as name
            from budget.disclosure
            where division_code = %(division)s
                and strpos(reporting_unit_name, %(name)s) > 0
            order by reporting_unit_code, fiscal_year desc
        )

        select code, name
        from filer
        where name = %(name)s or not exists (select from filer where name = %(name)s)
        order by code
        """,
        {"division": division_code, "name": name},
    ).fetchall()
    return [(code, name) for code, name in rows]


def filers_of(connection: psycopg.Connection, division_code: str, unit_code: str, fiscal_year: int | None) -> list[str]:
    """The units whose current documents show the money of a unit, or of a department by its units."""
    rows = connection.execute(
        """
        select distinct disclosure.reporting_unit_code
        from budget.amount as line
        inner join budget.disclosure as disclosure using (division_code, fiscal_year, disclosure_id)
        inner join budget.unit as unit using (division_code, fiscal_year, unit_code)
        where division_code = %(division)s
            and (%(year)s::int is null or fiscal_year = %(year)s)
            and %(unit)s in (unit.unit_code, unit.department_code)
            and disclosure.is_current
        order by disclosure.reporting_unit_code
        """,
        {"division": division_code, "year": fiscal_year, "unit": unit_code},
    ).fetchall()
    return [code for (code,) in rows]
