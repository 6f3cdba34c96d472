"""Beyond one server: which tables Citus spreads over its workers, and how they get there.

Everything about a division lies on one worker, in shards that belong together (colocated), so that whatever asks about
one division is answered by plain Postgres there. Codes and templates are copied to every worker. Years stay partitions.
"""

from __future__ import annotations

import psycopg
from sqlalchemy.exc import DBAPIError

from schema import views
from schema.migrate import engine_for
from schema.tables.metadata import SCHEMAS

DISTRIBUTION_COLUMN = "division_code"
# on every worker: what tables of all divisions refer to and join with
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
# over the workers by division; the others lie where the first lies
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
    "internal.comparison_exception",
    "internal.comparison_count",
    "meta.load",
    "meta.finding",
    "meta.answer",
)
# on the coordinator alone: what an upgrade remembers
LOCAL = ("meta.managed_view", "meta.managed_function", "meta.data_dictionary", "meta.alembic_version")


class DistributionError(Exception):
    """The tables cannot be distributed; the message says why."""


def distribute(url: str) -> list[str]:
    """Distribute all tables, with what is in them, in one transaction; the names of those that were not yet.

    The managed views are made anew around it: Citus looks at all views for every table, for minutes. DistributionError
    if the server has no Citus, a table is distributed otherwise, or somebody else's view depends on one of ours.
    """
    engine = engine_for(url)
    try:
        with engine.begin() as session:
            connection = session.connection.driver_connection
            assert isinstance(connection, psycopg.Connection)
            _require_citus(connection)
            connection.execute("select pg_advisory_xact_lock(hashtext('hetang upgrade'))")
            # one connection to each worker, since the tables refer to each other
            connection.execute("set local citus.multi_shard_modify_mode to 'sequential'")
            # else Citus takes along what refers to budget.division, and then refuses it for its identity column
            connection.execute("set local citus.enable_local_reference_table_foreign_keys to off")
            left = _left(connection)
            if left:
                grants = views.drop(session)
                for table in left:
                    _place(connection, table)
                views.create(session)
                views.grant(session, grants)
            _plan_for_each_division(connection)
            return left
    except (views.ViewError, DBAPIError) as error:
        raise DistributionError(str(error)) from error
    finally:
        engine.dispose()


def _left(connection: psycopg.Connection) -> list[str]:
    """The tables that are not distributed yet. DistributionError if one is otherwise than it should be."""
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


def _plan_for_each_division(connection: psycopg.Connection) -> None:
    """Citus plans a query when it knows the division: functions may not insist on one plan for all."""
    found = connection.execute(
        "select oid::regprocedure::text from pg_proc where pronamespace = any(%s::regnamespace[])"
        " and 'plan_cache_mode=force_generic_plan' = any(proconfig)",
        (list(SCHEMAS),),
    ).fetchall()
    for (function,) in found:
        connection.execute(f"alter function {function} set plan_cache_mode = force_custom_plan".encode())


def _require_citus(connection: psycopg.Connection) -> None:
    found = connection.execute("select from pg_proc where proname = 'create_distributed_table'").fetchone()
    if found is None:
        raise DistributionError(
            "this server has no Citus. One server is enough for a province. To use several, set DATABASE_URL to the"
            " coordinator of a Citus cluster, to a database in which `create extension citus` was run (docs/scale.md)"
        )


def _placed(connection: psycopg.Connection) -> dict[str, str]:
    """Table → the column that Citus distributes it by, or ``reference``."""
    rows = connection.execute(
        "select table_name::text, case citus_table_type when 'reference' then 'reference' else distribution_column end"
        " from citus_tables where citus_table_type in ('distributed', 'reference')"
    ).fetchall()
    return dict(rows)
