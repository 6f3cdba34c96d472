"""Write to `meta.finding` the findings that arise after a disclosure is stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from psycopg import Connection

if TYPE_CHECKING:
    from loader.filing.filed import Finding


def add_finding(connection: Connection, key: tuple[str, int], disclosure_id: int, finding: Finding) -> None:
    """Add a finding about a whole disclosure; ``key`` is its division and year."""
    connection.execute(
        """
        insert into meta.finding (division_code, fiscal_year, disclosure_id, finding_no, kind, "values")
        select %s, %s, %s, coalesce(max(finding_no), 0) + 1, %s, %s::jsonb
        from meta.finding
        where division_code = %s and fiscal_year = %s and disclosure_id = %s
        """,
        (*key, disclosure_id, finding.kind, values_of(finding), *key, disclosure_id),
    )


def values_of(finding: Finding) -> str:
    """The values as JSON."""
    return json.dumps(finding.stored_values, ensure_ascii=False)
