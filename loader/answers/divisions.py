"""The administrative divisions (行政区划) in the warehouse."""

from __future__ import annotations

import psycopg


def is_known(connection: psycopg.Connection, division_code: str) -> bool:
    """Whether disclosures of a division can be loaded."""
    row = connection.execute(
        "select exists (select from budget.division where division_code = %s)", (division_code,)
    ).fetchone()
    return row == (True,)
