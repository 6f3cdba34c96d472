"""Budget and final account side by side: the planned and the actual spending of an office."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

# the breakdowns, in the order in which they are shown
ASPECTS = {
    "total": "支出合计",
    "function": "按功能分类",
    "basic_economic_class": "一般公共预算基本支出，按部门经济分类",
    "three_public": "“三公”经费",
}


def read_execution(
    connection: psycopg.Connection,
    division_code: str,
    fiscal_year: int | None,
    unit: str | None,
    aspects: tuple[str, ...],
) -> list[dict[str, Any]]:
    """The rows of ``mart.execution`` in 万元, by office and, in their order, by ``aspects``. ``unit`` is a code, a name
    or a part of a name."""
    from psycopg.rows import dict_row  # slow to import: `hetang --help` needs none

    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """
            select
                fiscal_year, unit_code, unit_name, aspect, code, code_name, budget_amount, final_amount,
                difference, rate, is_allocated
            from mart.execution
            where division_code = %(division)s
                and (%(year)s::int is null or fiscal_year = %(year)s)
                and (%(unit)s::text is null or unit_code = %(unit)s or strpos(unit_name, %(unit)s) > 0)
                and aspect = any(%(aspects)s)
            order by fiscal_year, unit_code, array_position(%(aspects)s, aspect), code nulls last
            """,
            {"division": division_code, "year": fiscal_year, "unit": unit, "aspects": list(aspects)},
        ).fetchall()


def covered_accounts(
    connection: psycopg.Connection, division_code: str, fiscal_year: int | None, unit: str
) -> list[str]:
    """The names of offices whose final account is loaded, but counts as part of their department's (``unit`` as in
    ``read_execution``)."""
    rows = connection.execute(
        """
        select distinct disclosure.reporting_unit_name
        from budget.disclosure as disclosure
        inner join budget.covered_part as covered
            on covered.disclosure_id = disclosure.disclosure_id
            and covered.fiscal_year = disclosure.fiscal_year
            and covered.division_code = disclosure.division_code
            and covered.unit_code = disclosure.reporting_unit_code
            and covered.statement = 'expenditure'
        where disclosure.division_code = %(division)s
            and (%(year)s::int is null or disclosure.fiscal_year = %(year)s)
            and disclosure.stage = 'final'
            and disclosure.is_current
            and (disclosure.reporting_unit_code = %(unit)s or strpos(disclosure.reporting_unit_name, %(unit)s) > 0)
        order by disclosure.reporting_unit_name
        """,
        {"division": division_code, "year": fiscal_year, "unit": unit},
    )
    return [name for (name,) in rows]


def by_office(connection: psycopg.Connection, division_code: str, fiscal_year: int) -> dict[str, list[dict[str, Any]]]:
    """Code of an office, and its name → its rows of a year with any figures, aspect by aspect.

    Only of offices with both documents. A final account prints no code, so its office may be known only by name.
    """
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if _has_final(connection, division_code, fiscal_year):
        rows = read_execution(connection, division_code, fiscal_year, None, tuple(ASPECTS))
        with_both = {
            row["unit_code"]
            for row in rows
            if row["aspect"] == "total" and row["budget_amount"] is not None and row["final_amount"] is not None
        }
        for row in rows:
            if row["unit_code"] in with_both and (
                row["aspect"] == "total" or row["budget_amount"] or row["final_amount"]
            ):
                found[row["unit_code"]].append(row)
                found[row["unit_name"]].append(row)
    return found


def rates(connection: psycopg.Connection, division_code: str) -> dict[str, dict[int, Decimal]]:
    """Code of an office → year with a final account → its spending in per cent of its budget."""
    found: dict[str, dict[int, Decimal]] = defaultdict(dict)
    if _has_final(connection, division_code, None):
        for row in read_execution(connection, division_code, None, None, ("total",)):
            if row["rate"] is not None:
                found[row["unit_code"]][row["fiscal_year"]] = row["rate"]
    return found


def _has_final(connection: psycopg.Connection, division_code: str, fiscal_year: int | None) -> bool:
    """Queried first, because most districts have no final accounts in most years."""
    return connection.execute(
        "select exists (select from budget.disclosure where division_code = %(division)s and stage = 'final'"
        " and is_current and (%(year)s::int is null or fiscal_year = %(year)s))",
        {"division": division_code, "year": fiscal_year},
    ).fetchone() == (True,)
