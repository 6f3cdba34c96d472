"""The stored facts of the marts (``internal.stored_fact``). Loads keep them; an upgrade of the schema stores them anew,
since it may have changed which lines count, or what the ledger says of them. Any upgrade stores those of years without
any."""

from __future__ import annotations

from sqlalchemy import Connection, text


def refresh(connection: Connection, anew: bool) -> None:
    """Store the facts of every year of a division that has current budgets, if not ``anew`` of those without facts."""
    if anew:
        connection.execute(text("truncate internal.stored_fact"))
    connection.execute(
        text(
            "select internal.settle_facts(division_code, fiscal_year, array_agg(disclosure_id))"
            " from budget.disclosure as disclosure"
            " where is_current and stage = 'budget' and not exists ("
            " select from internal.stored_fact as fact"
            " where fact.division_code = disclosure.division_code and fact.fiscal_year = disclosure.fiscal_year)"
            " group by division_code, fiscal_year"
        )
    )
