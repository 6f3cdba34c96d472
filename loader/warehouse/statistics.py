"""Table statistics for the Postgres planner.

Autovacuum analyzes tables late, and never a partitioned table as a whole. Without statistics the planner expects joins
to be almost empty and uses nested loops instead of hash joins; a year of a district then takes minutes.
"""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from psycopg.sql import SQL, Identifier

FEWEST = 5_000  # partitioned tables with fewer rows are not analyzed
FEW = 20  # the same for other tables; sixty disclosures without statistics caused a query of two minutes
_TARGET = 10  # statistics of 3,000 rows, not 30,000, which cost 0.6 s after 200 disclosures

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
    """Analyze every table that has doubled since it was last analyzed, by 3,000 of its rows. Returns their names."""
    grown = connection.execute(_GROWN, (FEWEST, FEW)).fetchall()
    for schema, table in grown:
        with connection.transaction():
            connection.execute(SQL("set local default_statistics_target to {}").format(_TARGET))
            connection.execute(SQL("analyze {}").format(Identifier(schema, table)))
    return [f"{schema}.{table}" for schema, table in grown]


_UNKNOWN_YEARS = """
    select cell.fiscal_year
    from unnest(%s::integer[]) as cell (fiscal_year)
    inner join pg_class
        on pg_class.oid = to_regclass('filed.cell_' || cell.fiscal_year)
    where pg_class.reltuples < 0 and pg_relation_size(pg_class.oid) > %s
"""
_FIRST_BYTES = 2**20  # of the cells of a year: four disclosures


def analyze_new_years(connection: psycopg.Connection, years: Iterable[int]) -> None:
    """Analyze the keys of the cells and ledger lines of those years that were never analyzed, in the transaction that
    has written some.

    The comparison is planned with its first documents. Without statistics the planner expects one cell, so it hashes
    the cells in place of the columns of forms, and looks up the disclosure of every cell. Three columns of a few
    hundred rows tell how many rows a disclosure has; usual statistics would cost as much as the plan saves in a dozen
    disclosures.
    """
    unknown = [year for (year,) in connection.execute(_UNKNOWN_YEARS, (list(years), _FIRST_BYTES)).fetchall()]
    if not unknown:
        return
    connection.execute("set local default_statistics_target to 1")
    for schema, table in (("filed", "cell"), ("budget", "amount")):
        for year in unknown:
            partition = Identifier(schema, f"{table}_{year}")
            # another process that loads the year may be doing the same
            connection.execute(
                SQL("analyze (skip_locked) {} (disclosure_id, division_code, fiscal_year)").format(partition)
            )
    connection.execute("set local default_statistics_target to default")
