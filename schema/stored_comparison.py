"""Keep the stored comparisons of current disclosures up to date during an upgrade.

Computing them again takes minutes in a full warehouse. It is done only if something that they depend on has changed: a
view or function that computes them, or the codes and declarations that these read. A form whose declaration is new or
changed concerns only disclosures that have it or lack it. A migration that changes figures or texts deletes the rows of
``internal.comparison_count`` for the disclosures to be compared again.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, text

from schema import views
from schema.reference_data import TABLES

# the functions that compute the comparison, and decide which of its rows are not stored
_ROOTS = ("report.store_comparison", "internal.cell_as_equal")
_AT_ONCE = 50  # disclosures


class Basis(NamedTuple):
    """What the stored comparisons depend on, each with a hash: of the definition of a view or function, of the rows of
    a table of codes, or of all rows that declare a form. ``lacked``: form → its set, if a disclosure of the set lacks
    the form as soon as it does not file it. What is missing in the database is left out."""

    common: dict[str, str]
    forms: dict[str, dict[str, str]]
    lacked: dict[str, str]


class Change(NamedTuple):
    """What has changed: something that all comparisons depend on, the declarations of ``forms``, or of one that
    disclosures of these ``sets`` lack if they do not file it."""

    of_all: bool
    forms: list[str]
    sets: list[str]


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


def basis(connection: Connection) -> Basis:
    """What the stored comparisons depend on now."""
    names = _rests_on()
    found = Basis({}, {}, {})
    for table, schema, name in (
        ("meta.managed_view", "view_schema", "view_name"),
        ("meta.managed_function", "function_schema", "function_name"),
    ):
        if _is_there(connection, table):
            rows = connection.execute(text(f"select {schema} || '.' || {name}, definition_hash from {table}"))
            found.common.update((managed, definition_hash) for managed, definition_hash in rows if managed in names)
    for table in sorted(names & set(TABLES)):
        if _is_there(connection, table):
            hashes = connection.execute(text(_HASHES.format(table=table)))
            for form_id, rows_hash in hashes:
                if form_id is None:
                    found.common[table] = rows_hash
                else:
                    found.forms.setdefault(form_id, {})[table] = rows_hash
    if _is_there(connection, "meta.form_template"):
        found.lacked.update((form_id, set_id) for form_id, set_id in connection.execute(text(_LACKED)))
    return found


# as JSON, so that a table of an earlier schema may lack any column; the order of forms decides only numbers
_HASHES = """
    select entry ->> 'form_id', md5(string_agg(entry::text, e'\\n' order by entry::text))
    from (select to_jsonb(declared) - 'form_order' as entry from {table} as declared) as declaration
    group by 1
"""
_LACKED = """
    select entry ->> 'form_id', entry ->> 'set_id'
    from (select to_jsonb(declared) as entry from meta.form_template as declared) as declaration
    where entry ->> 'is_optional' is distinct from 'true'
"""


def change(before: Basis, after: Basis) -> Change:
    """What has changed between two states."""
    forms = {
        form_id for form_id in {*before.forms, *after.forms} if before.forms.get(form_id) != after.forms.get(form_id)
    }
    sets = {lacked[form_id] for lacked in (before.lacked, after.lacked) for form_id in forms & lacked.keys()}
    return Change(before.common != after.common, sorted(forms), sorted(sets))


def _is_there(connection: Connection, table: str) -> bool:
    return connection.execute(text("select to_regclass(:table)"), {"table": table}).scalar() is not None


def refresh(connection: Connection, changed: Change, progress: Callable[[int, int], None]) -> None:
    """Compute the stored comparisons of the current disclosures that a change concerns, and of those without one.
    ``progress`` is called with the number done and the total."""
    found = connection.execute(
        text(
            "select division_code, disclosure_id from budget.disclosure as disclosure"
            " where is_current and (:of_all or form_set_id = any(:sets)"
            " or exists ("
            " select from filed.form as form"
            " where form.division_code = disclosure.division_code"
            " and form.fiscal_year = disclosure.fiscal_year"
            " and form.disclosure_id = disclosure.disclosure_id"
            " and form.form_id = any(:forms))"
            " or not exists ("
            " select from internal.comparison_count as counted"
            " where counted.division_code = disclosure.division_code"
            " and counted.disclosure_id = disclosure.disclosure_id))"
            " order by 1, 2"
        ),
        changed._asdict(),
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
