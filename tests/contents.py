"""What a warehouse holds, told so that two of them can be compared: without numbers that the order of loading gives."""

from __future__ import annotations

import re
from collections import Counter

import psycopg
from psycopg import sql

from loader.warehouse.check import Problem, check
from schema.tables import metadata

# Surrogate ids, revision numbers and times; the journal of loads tells the order and nothing else.
GIVEN_BY_ORDER = ["disclosure_id", "document_id", "revision", "supersede_rank", "loaded_at", "withdrawn_at"]
JOURNAL = "meta.load"


def contents(connection: psycopg.Connection) -> dict[str, Counter[str]]:
    """The rows of every table that loading writes; a disclosure is told by unit and content in place of its id."""
    found = {}
    for name, table in metadata.tables.items():
        if name == JOURNAL or "division_code" not in table.columns:
            continue
        of_disclosure = "disclosure_id" in table.columns and name != "budget.disclosure"
        query = sql.SQL("select {whose} to_jsonb(t) - %s::text[] {kept} from {table} as t {join}").format(
            whose=sql.SQL("d.reporting_unit_code || ' ' || d.content_hash," if of_disclosure else ""),
            kept=sql.SQL(", withdrawn_at is null" if name == "budget.disclosure" else ""),
            table=sql.Identifier(*name.split(".")),
            join=sql.SQL(
                "left join budget.disclosure as d using (division_code, disclosure_id)" if of_disclosure else ""
            ),
        )
        rows = connection.execute(query, (GIVEN_BY_ORDER,)).fetchall()
        found[name] = Counter(re.sub(r"'revisions': \[.*?\]", "'revisions'", str(row)) for row in rows)
    return found


def clear(connection: psycopg.Connection) -> None:
    """Take everything out that was loaded."""
    loaded = [name for name, table in metadata.tables.items() if "division_code" in table.columns]
    loaded.remove("budget.division")
    connection.execute(sql.SQL("truncate {}").format(sql.SQL(", ").join(sql.Identifier(*n.split(".")) for n in loaded)))


def half_loaded(connection: psycopg.Connection) -> list[tuple[int]]:
    """Disclosures that lack cells, and cells that lack their disclosure."""
    return connection.execute(
        "select disclosure_id from (select disclosure_id, cell_count from budget.disclosure) as d"
        " full join (select disclosure_id, count(*) as found from filed.cell group by 1) as c using (disclosure_id)"
        " where d.cell_count is distinct from c.found"
    ).fetchall()


def troubles(connection: psycopg.Connection) -> list[Problem]:
    """What `hetang db check` finds."""
    with psycopg.connect(connection.info.dsn, password=connection.info.password, autocommit=True) as session:
        return check(session)
