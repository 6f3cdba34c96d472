"""Keep the stored comparisons of current disclosures up to date during an upgrade.

Computing them again takes minutes in a full warehouse. It is done only if something that they depend on has changed: a
view or function that computes them, or the codes and declarations that these read. A migration that changes figures or
texts deletes the rows of ``internal.comparison_count`` for the disclosures to be compared again.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from sqlalchemy import Connection, text

from schema import views
from schema.reference_data import TABLES

# the functions that compute the comparison, and decide which of its rows are not stored
_ROOTS = ("report.store_comparison", "internal.cell_as_equal")
_AT_ONCE = 50  # disclosures


def _rests_on() -> set[str]:
    """The names of all views, functions and tables that the stored comparisons depend on."""
    names = {each.qualified: each.names for each in (*views.managed_views(), *views.managed_functions())}
    found: set[str] = set()
    left = list(_ROOTS)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += names.get(name, ())
    return found


def basis(connection: Connection) -> dict[str, str]:
    """The dependencies of the stored comparisons by name, each with a hash: of the definition of a view or function, or
    of the rows of a table of codes or declarations. Missing ones are left out."""
    names = _rests_on()
    found: dict[str, str] = {}
    for table, schema, name in (
        ("meta.managed_view", "view_schema", "view_name"),
        ("meta.managed_function", "function_schema", "function_name"),
    ):
        if _is_there(connection, table):
            rows = connection.execute(text(f"select {schema} || '.' || {name}, definition_hash from {table}"))
            found |= {managed: definition_hash for managed, definition_hash in rows if managed in names}
    for table in sorted(names & set(TABLES)):
        if _is_there(connection, table):
            rows_hash = f"select md5(string_agg(entry::text, e'\\n' order by entry::text)) from {table} as entry"
            found[table] = str(connection.execute(text(rows_hash)).scalar())
    return found


def _is_there(connection: Connection, table: str) -> bool:
    return connection.execute(text("select to_regclass(:table)"), {"table": table}).scalar() is not None


def refresh(connection: Connection, anew: bool, progress: Callable[[int, int], None]) -> None:
    """Compute the stored comparisons of all current disclosures if ``anew``, else of those without one. ``progress`` is
    called with the number done and the total."""
    found = connection.execute(
        text(
            "select division_code, disclosure_id from budget.disclosure as disclosure"
            " where is_current and (:anew or not exists ("
            " select from internal.comparison_count as counted"
            " where counted.division_code = disclosure.division_code"
            " and counted.disclosure_id = disclosure.disclosure_id))"
            " order by 1, 2"
        ),
        {"anew": anew},
    ).all()
    done = 0
    for division_code, rows in groupby(found, key=lambda row: row.division_code):
        ids = [row.disclosure_id for row in rows]
        for start in range(0, len(ids), _AT_ONCE):
            batch = ids[start : start + _AT_ONCE]
            connection.execute(
                text("select report.store_comparison(:division, :ids)"), {"division": division_code, "ids": batch}
            )
            done += len(batch)
            progress(done, len(found))
