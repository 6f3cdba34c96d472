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


_UNKNOWN_YEARS = """
    select cell.fiscal_year
    from unnest(%s::integer[]) as cell (fiscal_year)
    inner join pg_class
        on pg_class.oid = to_regclass('filed.cell_' || cell.fiscal_year)
    where pg_class.reltuples < 0 and pg_relation_size(pg_class.oid) > %s
"""
_FIRST_BYTES = 2**20  # of the cells of a year: four disclosures


def analyze_new_years(connection: psycopg.Connection, years: Iterable[int]) -> list[int]:
    """Analyze the keys of the cells and ledger lines of those years that were never analyzed. Returns these years.

    The plan of the comparison is made for the first documents of a year, when the planner takes one row for granted. It
    then hashes the cells instead of the columns of forms, and looks up the disclosure of each cell. Three columns tell
    how many rows a disclosure has; the first statistics of all columns would cost as much as they save in sixty
    disclosures.
    """
    unknown = [year for (year,) in connection.execute(_UNKNOWN_YEARS, (list(years), _FIRST_BYTES)).fetchall()]
    for year in unknown:
        for schema, table in (("filed", "cell"), ("budget", "amount")):
            # another process that loads the year may be doing the same
            connection.execute(
                SQL("analyze (skip_locked) {} (disclosure_id, division_code, fiscal_year)").format(
                    Identifier(schema, f"{table}_{year}")
                )
            )
    return unknown
