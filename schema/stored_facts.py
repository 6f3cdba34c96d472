"""The stored facts of the marts (``internal.stored_fact``).

Loads update them. An upgrade of the schema stores them again, and before them where documents overlap, because it may
have changed which lines count, or their coordinates. Every upgrade stores the facts of years without any.
"""

from __future__ import annotations

from sqlalchemy import Connection, text


def refresh(connection: Connection, anew: bool) -> None:
    """Store the facts of every year and division with current budgets; without ``anew`` only of those without facts."""
    if anew:
        connection.execute(text("truncate internal.stored_fact, internal.stored_spending"))
        named = connection.execute(
            text(
                "select division_code, fiscal_year, array_agg(distinct department_code) as departments from filed.unit"
                " group by division_code, fiscal_year order by division_code, fiscal_year"
            )
        ).all()
        for division_code, fiscal_year, departments in named:
            connection.execute(
                text("select budget.settle_overlap(:division, :year, :departments)"),
                {"division": division_code, "year": fiscal_year, "departments": departments},
            )
    found = connection.execute(
        text(
            "select division_code, fiscal_year, array_agg(disclosure_id) as ids from budget.disclosure as disclosure"
            " where is_current and stage = 'budget' and not exists ("
            " select from internal.stored_fact as fact"
            " where fact.division_code = disclosure.division_code and fact.fiscal_year = disclosure.fiscal_year)"
            " group by division_code, fiscal_year order by division_code, fiscal_year"
        )
    ).all()
    for division_code, fiscal_year, ids in found:  # one by one, because Citus runs no such function beside a table
        connection.execute(
            text("select internal.settle_facts(:division, :year, :ids)"),
            {"division": division_code, "year": fiscal_year, "ids": ids},
        )
