"""Distribution over a Citus cluster, as far as one Postgres without Citus can tell."""

import psycopg

from schema.distribution import DISTRIBUTED, DISTRIBUTION_COLUMN, LOCAL, REFERENCE
from schema.tables.metadata import SCHEMAS
from tests.conftest import Run

# what Citus offers, as far as `distribute` uses it: each call is written down
CITUS = """
    create table placed (table_name regclass, citus_table_type text, distribution_column text, together text);
    create view citus_tables as select table_name, citus_table_type, distribution_column from placed;
    create function create_reference_table(regclass) returns void
        language sql as $$ insert into placed values ($1, 'reference', '<none>') $$;
    create function create_distributed_table(regclass, text, colocate_with text) returns void
        language sql as $$ insert into placed values ($1, 'distributed', $2, $3) $$;
"""


def keys(connection: psycopg.Connection, kinds: str) -> list[tuple[str, list[str], str]]:
    """Table, columns, and the table referred to, of every constraint of these kinds (p, u, f)."""
    return connection.execute(
        "select conrelid::regclass::text,"
        " array(select attname::text from pg_attribute where attrelid = conrelid and attnum = any(conkey)),"
        " confrelid::regclass::text"
        " from pg_constraint where contype::text = any(%s) and connamespace = any(%s::regnamespace[])"
        " and conparentid = 0",
        (list(kinds), list(SCHEMAS)),
    ).fetchall()


def test_every_table_has_its_place(loaded: psycopg.Connection) -> None:
    tables = loaded.execute(
        "select oid::regclass::text from pg_class where relkind in ('r', 'p') and not relispartition"
        " and relnamespace = any(%s::regnamespace[])",
        (list(SCHEMAS),),
    ).fetchall()
    assert sorted(name for (name,) in tables) == sorted((*REFERENCE, *DISTRIBUTED, *LOCAL))


def test_unique_keys_contain_the_distribution_column(loaded: psycopg.Connection) -> None:
    found = [key for key in keys(loaded, "pu") if key[0] in DISTRIBUTED]
    # cells are found by form: a key would hold each of them once more; what is spent by subject may have no subject
    assert {table for table, _, _ in found} == {*DISTRIBUTED} - {"filed.cell", "internal.stored_spending"}
    assert [key for key in found if DISTRIBUTION_COLUMN not in key[1]] == []


def test_foreign_keys_lead_to_every_worker_or_stay_within_a_division(loaded: psycopg.Connection) -> None:
    found = [key for key in keys(loaded, "f") if key[0] in DISTRIBUTED]
    assert found
    assert [key for key in found if key[2] not in REFERENCE and DISTRIBUTION_COLUMN not in key[1]] == []


def test_no_unique_index_but_those_of_keys(loaded: psycopg.Connection) -> None:
    found = loaded.execute(
        "select indexrelid::regclass::text from pg_index where indisunique and indrelid::regclass::text = any(%s)"
        " and not exists (select from pg_constraint where conindid = indexrelid)",
        (list(DISTRIBUTED),),
    ).fetchall()
    assert found == []


def test_without_citus_nothing_changes(loaded: psycopg.Connection, run: Run) -> None:
    before = loaded.execute("select prosrc from pg_proc where proname = 'store_comparison'").fetchall()
    result = run("db", "distribute", code=5)
    assert "no Citus" in result.stderr
    assert loaded.execute("select prosrc from pg_proc where proname = 'store_comparison'").fetchall() == before


def test_tables_are_distributed_once_and_together(loaded: psycopg.Connection, run: Run) -> None:
    loaded.execute(CITUS)
    assert run("db", "distribute").stdout.splitlines() == [*REFERENCE, *DISTRIBUTED]
    placed = loaded.execute("select table_name::text, distribution_column, together from placed").fetchall()
    first, *others = DISTRIBUTED
    assert placed == [
        *((table, "<none>", None) for table in REFERENCE),
        (first, "division_code", "default"),
        *((table, "division_code", first) for table in others),
    ]
    assert run("db", "distribute").stdout == ""
    assert loaded.execute("select count(*) from placed").fetchone() == (len(placed),)


def test_views_are_made_anew_around_it(loaded: psycopg.Connection, run: Run) -> None:
    """Citus looks at all views for every table that it distributes, which took more than ten minutes."""
    loaded.execute(CITUS)
    loaded.execute(
        "create table seen (view_count bigint);"
        " create or replace function create_distributed_table(regclass, text, colocate_with text) returns void"
        " language sql as $$ insert into seen select count(*) from pg_views where schemaname in ('mart', 'report') $$"
    )
    views = "select schemaname, viewname from pg_views where schemaname <> 'public' order by 1, 2"
    before = loaded.execute(views.encode()).fetchall()
    run("db", "distribute")
    assert loaded.execute("select max(view_count), count(*) from seen").fetchone() == (0, len(DISTRIBUTED))
    assert loaded.execute(views.encode()).fetchall() == before


def test_another_distribution_is_refused(loaded: psycopg.Connection, run: Run) -> None:
    loaded.execute(CITUS)
    loaded.execute("insert into placed values ('filed.cell', 'distributed', 'disclosure_id')")
    assert "filed.cell is distributed by disclosure_id" in run("db", "distribute", code=5).stderr
    assert loaded.execute("select count(*) from placed").fetchone() == (1,)


def test_the_comparison_stays_the_same(loaded: psycopg.Connection, run: Run) -> None:
    """Its function is replaced by one that holds every table to the division by a literal."""
    loaded.execute("update filed.cell set amount = amount + 1 where form_id = 'r03' and column_key = 'basic'")
    store = "select report.store_comparison({}, array_agg(disclosure_id)) from budget.disclosure"
    loaded.execute(store.format("'430202'").encode())
    exceptions = "select * from internal.comparison_exception order by exception_no"
    before = loaded.execute(exceptions.encode()).fetchall()
    assert before
    loaded.execute(CITUS)
    run("db", "distribute")
    loaded.execute("update internal.comparison_exception set status = 'old'")
    loaded.execute(store.format("'430202'").encode())
    assert loaded.execute(exceptions.encode()).fetchall() == before
    loaded.execute(store.format("'110000'").encode())
    assert loaded.execute(exceptions.encode()).fetchall() == before


def test_functions_plan_for_each_division(loaded: psycopg.Connection, run: Run) -> None:
    loaded.execute(CITUS)
    run("db", "distribute")
    generic = "select proname from pg_proc where 'plan_cache_mode=force_generic_plan' = any(proconfig)"
    assert loaded.execute(generic).fetchall() == []
    loaded.execute("drop function internal.settle_facts")
    run("db", "upgrade")  # makes the function again
    assert loaded.execute(generic).fetchall() == []
