"""Distribute the tables over the workers of a Citus cluster.

All data of a division is on one worker, in colocated shards, so that a query about one division runs as plain Postgres
there. Codes and templates are copied to every worker. Years remain partitions.
"""

from __future__ import annotations

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from schema import views
from schema.migrate import engine_for
from schema.tables.metadata import SCHEMAS

DISTRIBUTION_COLUMN = "division_code"
# copied to every worker: tables that the tables of all divisions refer to and join with
REFERENCE = (
    "budget.division",
    "budget.subject",
    "budget.subject_of_year",
    "budget.subject_alias",
    "budget.economic_crosswalk",
    "meta.form_set",
    "meta.form_template",
    "meta.form_line",
    "meta.form_column",
    "meta.form_rule",
    "meta.finding_kind",
    "meta.form_selection",
    "meta.rule",
)
# distributed by division; all are colocated with the first
DISTRIBUTED = (
    "budget.disclosure",
    "budget.document",
    "budget.unit",
    "budget.unit_succession",
    "budget.unit_alias",
    "budget.attached_document",
    "budget.amount",
    "budget.covered_part",
    "budget.project",
    "budget.performance_goal",
    "budget.performance_task",
    "budget.performance_indicator",
    "filed.form",
    "filed.unit",
    "filed.cell",
    "filed.stated_fact",
    "internal.stored_fact",
    "internal.stored_spending",
    "internal.comparison_exception",
    "internal.comparison_count",
    "meta.load",
    "meta.finding",
    "meta.answer",
)
# only on the coordinator: records of upgrades
LOCAL = ("meta.managed_view", "meta.managed_function", "meta.data_dictionary", "meta.alembic_version")


class DistributionError(Exception):
    """The tables cannot be distributed; the message says why."""


def distribute(url: str) -> list[str]:
    """Distribute all tables with their contents in one transaction. Returns the names of those newly distributed.

    The managed views are dropped before and created again after, because Citus checks all views for every table, which
    takes minutes. DistributionError if the server has no Citus, a table is distributed in another way, or a view of
    another owner depends on a managed view.
    """
    engine = engine_for(url)
    try:
        with engine.begin() as session:
            connection = session.connection.driver_connection
            assert isinstance(connection, psycopg.Connection)
            _require_citus(connection)
            connection.execute("select pg_advisory_xact_lock(hashtext('hetang upgrade'))")
            # one connection to each worker, because the tables refer to each other
            connection.execute("set local citus.multi_shard_modify_mode to 'sequential'")
            # otherwise Citus also converts tables that refer to budget.division, and then fails on their identity
            # column
            connection.execute("set local citus.enable_local_reference_table_foreign_keys to off")
            left = _left(connection)
            if left:
                grants = views.drop(session)
                for table in left:
                    _place(connection, table)
                views.create(session)
                views.grant(session, grants)
            plan_for_each_division(session)
            return left
    except (views.ViewError, DBAPIError) as error:
        raise DistributionError(str(error)) from error
    finally:
        engine.dispose()


def _left(connection: psycopg.Connection) -> list[str]:
    """The tables that are not distributed yet. DistributionError if one is distributed in another way."""
    found = _placed(connection)
    for table in (*REFERENCE, *DISTRIBUTED):
        wanted = "reference" if table in REFERENCE else DISTRIBUTION_COLUMN
        if found.get(table, wanted) != wanted:
            raise DistributionError(f"{table} is distributed by {found[table]}, expected {wanted}")
    return [table for table in (*REFERENCE, *DISTRIBUTED) if table not in found]


def _place(connection: psycopg.Connection, table: str) -> None:
    if table in REFERENCE:
        connection.execute("select create_reference_table(%s)", (table,))
    else:
        first = DISTRIBUTED[0]
        together = "default" if table == first else first
        connection.execute(
            "select create_distributed_table(%s, %s, colocate_with => %s)",
            (table, DISTRIBUTION_COLUMN, together),
        )


def plan_for_each_division(session: Connection) -> None:
    """Let no function of a distributed warehouse force a generic plan: Citus must know the division to plan a query.
    Nothing happens in a warehouse that is not distributed. Call it whenever functions were created."""
    if session.execute(text("select to_regclass('citus_tables')")).scalar() is None:
        return
    if session.execute(text("select count(*) from citus_tables")).scalar() == 0:
        return
    found = session.execute(
        text(
            "select oid::regprocedure::text from pg_proc where pronamespace = any(cast(:schemas as regnamespace[]))"
            " and 'plan_cache_mode=force_generic_plan' = any(proconfig)"
        ),
        {"schemas": list(SCHEMAS)},
    ).scalars()
    for function in found.all():
        session.execute(text(f"alter function {function} set plan_cache_mode = force_custom_plan"))


def _require_citus(connection: psycopg.Connection) -> None:
    found = connection.execute("select from pg_proc where proname = 'create_distributed_table'").fetchone()
    if found is None:
        raise DistributionError(
            "this server has no Citus. One server is enough for a province. To use several, set DATABASE_URL to the"
            " coordinator of a Citus cluster, to a database in which `create extension citus` was run (docs/scale.md)"
        )


def _placed(connection: psycopg.Connection) -> dict[str, str]:
    """Table → its distribution column, or ``reference``."""
    rows = connection.execute(
        "select table_name::text, case citus_table_type when 'reference' then 'reference' else distribution_column end"
        " from citus_tables where citus_table_type in ('distributed', 'reference')"
    ).fetchall()
    return dict(rows)
