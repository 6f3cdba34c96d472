"""Budget beside final account: what an office planned and what it spent."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import dict_row


def read_execution(
    connection: psycopg.Connection,
    division_code: str,
    fiscal_year: int | None,
    unit: str | None,
    aspects: tuple[str, ...],
) -> list[dict[str, Any]]:
    """The rows of ``mart.execution`` in 万元, office by office and by ``aspects`` in their order; ``unit`` is a code or
    a name."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select fiscal_year, unit_code, unit_name, aspect, code, code_name, budget_amount, final_amount,"
            " difference, rate, is_allocated"
            " from mart.execution"
            " where division_code = %(division)s"
            " and (%(year)s::int is null or fiscal_year = %(year)s)"
            " and (%(unit)s::text is null or %(unit)s in (unit_code, unit_name))"
            " and aspect = any(%(aspects)s)"
            " order by fiscal_year, unit_code, array_position(%(aspects)s, aspect), code nulls last",
            {"division": division_code, "year": fiscal_year, "unit": unit, "aspects": list(aspects)},
        ).fetchall()
