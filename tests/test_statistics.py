"""What the planner knows of the partitioned tables after a load."""

from __future__ import annotations

import time
from pathlib import Path

import psycopg
import pytest

from loader.warehouse import statistics
from loader.warehouse.statistics import analyze_new_years, refresh_statistics
from tests.conftest import Run

WHOLE = "select reltuples from pg_class where oid = 'filed.cell'::regclass"
OF_PARTITION = "select reltuples from pg_class where oid = 'filed.cell_2024'::regclass"
KEYS = "select distinct tablename from pg_stats where attname = 'disclosure_id' and tablename ~ '_2024$' order by 1"
BOUNDS = (
    "select cardinality(histogram_bounds::text::text[]) from pg_stats"
    " where schemaname = 'filed' and tablename = 'cell' and attname = 'row_no'"
)
SMALL = "select reltuples > 0 from pg_class where oid = 'internal.comparison_exception'::regclass"
LIVE = (
    "select least(pg_stat_get_live_tuples('filed.cell_2024'::regclass),"
    " pg_stat_get_live_tuples('internal.comparison_exception'::regclass))"
)


def test_partitioned_tables_that_have_grown_are_analyzed(
    database: psycopg.Connection, run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("load", sample)
    deadline = time.monotonic() + 20
    while database.execute(LIVE).fetchone() == (0,) and time.monotonic() < deadline:
        time.sleep(0.05)  # a session counts its rows when it ends
    refresh_statistics(database)  # what the load did not know of its own rows
    assert database.execute(WHOLE).fetchone() == (-1,)
    assert database.execute(SMALL).fetchone() == (True,)
    monkeypatch.setattr(statistics, "FEWEST", 500)
    assert refresh_statistics(database) == ["filed.cell"]
    assert database.execute(WHOLE).fetchone() == database.execute("select count(*) from filed.cell").fetchone()
    assert refresh_statistics(database) == []
    assert database.execute(BOUNDS).fetchone() == (11,)  # a tenth of the usual, which takes ten times as long
    assert database.execute("show default_statistics_target").fetchone() == ("100",)


def test_the_keys_of_a_new_year_are_analyzed_once(
    database: psycopg.Connection, run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("load", sample)
    assert database.execute(OF_PARTITION).fetchone() == (-1,)  # a single disclosure says too little
    monkeypatch.setattr(statistics, "_FIRST_BYTES", 0)
    count = database.execute("select count(*) from filed.cell").fetchone()
    for _ in range(2):
        with database.transaction():
            analyze_new_years(database, [2024, 2031])
            assert database.execute("show default_statistics_target").fetchone() == ("100",)
        assert database.execute(OF_PARTITION).fetchone() == count
        database.execute("delete from filed.cell where row_no > 3")  # what a second analysis would see
    assert database.execute(KEYS).fetchall() == [("amount_2024",), ("cell_2024",)]
