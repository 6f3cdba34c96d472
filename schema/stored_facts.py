"""The stored facts of the marts (``internal.stored_fact``), made by an upgrade where there are none.

Loads keep them. A migration that changes which lines count, or what the ledger says of them, deletes the rows of the
years that it changes: the upgrade then makes them anew.
"""

from __future__ import annotations

from sqlalchemy import Connection, text


def refresh(connection: Connection) -> None:
    """Store the facts of every year of a division that has current budgets and no facts."""
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
