"""What the planner of Postgres knows of the tables.

Autovacuum analyzes tables late, and never a partitioned table as a whole. Without statistics the planner takes a join
over them for next to empty: it loops although it should hash, and a year of a district takes minutes.
"""

from __future__ import annotations

import psycopg
from psycopg.sql import SQL, Identifier

FEWEST = 5_000  # rows of a partitioned table that are worth a look
FEW = 20  # rows of another one; sixty disclosures, unknown, made a loop of two minutes

_GROWN = """
    select parent.relnamespace::regnamespace::text, parent.relname
    from pg_class as parent
    where parent.relkind = 'p'
        and parent.relnamespace::regnamespace::text in ('budget', 'filed', 'internal')
        and (
            select sum(pg_stat_get_live_tuples(child.inhrelid))
            from pg_inherits as child
            where child.inhparent = parent.oid
        ) > greatest(%s, 2 * parent.reltuples)

    union all

    select relnamespace::regnamespace::text, relname
    from pg_class
    where relkind = 'r'
        and not relispartition
        and relnamespace::regnamespace::text in ('budget', 'filed', 'internal')
        and pg_stat_get_live_tuples(oid) > greatest(%s, 2 * reltuples)
"""


def refresh_statistics(connection: psycopg.Connection) -> list[str]:
    """Analyze every table that has grown to twice what was known of it; the names of those."""
    grown = connection.execute(_GROWN, (FEWEST, FEW)).fetchall()
    for schema, table in grown:
        connection.execute(SQL("analyze {}").format(Identifier(schema, table)))
    return [f"{schema}.{table}" for schema, table in grown]
