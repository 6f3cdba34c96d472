"""Table statistics for the Postgres planner.

Autovacuum analyzes tables late, and never a partitioned table as a whole. Without statistics the planner expects joins
to be almost empty and uses nested loops instead of hash joins; a year of a district then takes minutes.
"""

from __future__ import annotations

import psycopg
from psycopg.sql import SQL, Identifier

FEWEST = 5_000  # partitioned tables with fewer rows are not analyzed
FEW = 20  # the same for other tables; sixty disclosures without statistics caused a query of two minutes

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
    """Analyze every table that has doubled since it was last analyzed. Returns their names."""
    grown = connection.execute(_GROWN, (FEWEST, FEW)).fetchall()
    for schema, table in grown:
        connection.execute(SQL("analyze {}").format(Identifier(schema, table)))
    return [f"{schema}.{table}" for schema, table in grown]
