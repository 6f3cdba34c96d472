"""The cost of a growing warehouse: the next disclosure, memory and queries, from 100 to 10,000 disclosures.

python -m benchmarks.growth [--documents 2100] [--districts 5] [--jobs 2] [--sample 60]

The command loads five years of a district, text documents of the generator, in random order of units and years, then
loads them again for each other district. In between, some documents are loaded one by one and measured. At the end,
queries are timed as a client sees them, with planning, and compared with their limits. Their plans are searched for
partitions and indexes.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import psycopg

from benchmarks.warehouses import Cost, warehouse
from loader.loading.bulk import GROUP, spare_the_collector
from loader.loading.load import Loading
from loader.loading.options import DIVISION, Options
from schema.distribution import DISTRIBUTED
from synthetic.district import District, write

YEARS = (2020, 2021, 2022, 2023, 2024)
REPEATS = 11
DOCUMENTS_A_DEPARTMENT = 3.6  # with one to five units: the department's own document and those of its units


class Query(NamedTuple):
    """A query, and its limit in milliseconds."""

    name: str
    limit: float
    sql: str
    parameters: tuple[object, ...]


def _documents(folder: Path, count: int) -> list[Path]:
    departments = int(count / len(YEARS) / DOCUMENTS_A_DEPARTMENT) + 5
    write(District(folder, departments, (1, 5), YEARS, (("text", 1.0),), 0.3, 0.1, seed=1))
    found = [path for path in sorted(folder.glob("*/*.txt")) if "通知" not in path.name]
    random.Random(1).shuffle(found)
    return found[:count]


def _load(connection: psycopg.Connection, division: str, paths: list[Path]) -> None:
    loading = Loading(connection, group=GROUP)
    for path in paths:
        loading.load(path.read_bytes(), path.name, Options(division))
    loading.store()
    if errors := [result.error for result in loading.results if result.error]:
        raise SystemExit(errors[0])


def _fill(division: str, paths: list[Path], jobs: int) -> None:
    """Load documents with the command. They are passed in parts, because the length of a command line is limited."""
    hetang = str(Path(sys.executable).with_name("hetang"))
    for start in range(0, len(paths), 2500):
        part = list(map(str, paths[start : start + 2500]))
        command = [hetang, "load", "--division", division, "--jobs", str(jobs), *part]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])


def _grow(connection: psycopg.Connection, paths: list[Path], districts: int, jobs: int, sample: int) -> None:
    """Load all documents into each district in turn. Measure the last ones before 100, 1,000 and 10,000 disclosures."""
    divisions = [DIVISION, *(f"{990000 + number}" for number in range(1, districts))]
    for code in divisions[1:]:
        connection.execute("insert into budget.division values (%s, %s)", (code, f"第{code[-1]}区"))
    print("| loaded | ms each | CPU ms each, loader | CPU ms each, Postgres | MiB of the loader |")
    print("|---:|---:|---:|---:|---:|")
    filled, seconds = 0, 0.0
    for number, division in enumerate(divisions):
        done = 0
        sizes = (100, 1_000, len(paths)) if number == 0 else (len(paths),)
        for end in sorted({min(size, len(paths)) for size in sizes}):
            begin = time.perf_counter()
            _fill(division, paths[done : end - sample], jobs)
            seconds += time.perf_counter() - begin
            filled += max(0, end - sample - done)
            _measure(connection, division, paths[max(done, end - sample) : end])
            done = end
    print(f"\n{filled / seconds:.1f} documents a second by the command with {jobs} jobs, {seconds:.0f} s in all")


def _measure(connection: psycopg.Connection, division: str, paths: list[Path]) -> None:
    cost = Cost(connection)
    _load(connection, division, paths[:3])  # caches of this connection
    with cost:
        _load(connection, division, paths[3:])
    count = len(paths) - 3
    row = connection.execute("select count(*) from budget.disclosure").fetchone()
    assert row is not None
    print(
        f"| {row[0]:,} | {cost.wall / count * 1000:.1f} | {cost.client / count * 1000:.1f} |"
        f" {cost.server / count * 1000:.1f} | {psutil.Process(os.getpid()).memory_info().rss / 2**20:.0f} |",
        flush=True,
    )


def _tables() -> list[str]:
    """The tables of loaded data."""
    return [table for table in DISTRIBUTED if table != "budget.unit_succession"]


def _weigh(connection: psycopg.Connection) -> None:
    """Print rows and bytes per disclosure, by table."""
    row = connection.execute("select count(*) from budget.disclosure").fetchone()
    assert row is not None
    print("\n| table | rows a disclosure | KiB a disclosure |\n|---|---:|---:|")
    total = 0.0
    for table in _tables():
        found = connection.execute(
            f"select (select count(*) from {table}), sum(pg_total_relation_size(oid)) from pg_class"
            f" where oid = '{table}'::regclass or oid in"
            f" (select inhrelid from pg_inherits where inhparent = '{table}'::regclass)".encode()
        ).fetchone()
        assert found is not None
        total += float(found[1])
        print(f"| {table} | {found[0] / row[0]:.1f} | {float(found[1]) / row[0] / 1024:.1f} |")
    print(f"| all | | {total / row[0] / 1024:.0f} |", flush=True)


# ---------------------------------------------------------------------------- queries


def _queries(connection: psycopg.Connection) -> Iterator[Query]:
    """Queries about one disclosure from the middle of the warehouse, a year of the district, and all years."""
    row = connection.execute(
        "select reporting_unit_code from budget.disclosure where fiscal_year = 2022 and length(reporting_unit_code) = 6"
        " and is_current order by disclosure_id desc limit 1"
    ).fetchone()
    assert row is not None
    one = (DIVISION, 2022, row[0])
    where = "where division_code = %s and fiscal_year = %s and reporting_unit_code = %s"
    for no in range(1, 24):
        yield Query(f"report {no} of one disclosure", 10, f"select * from report.r{no:02d} {where}", one)
    yield Query("its comparison", 20, f"select * from report.comparison {where}", one)
    yield Query(
        "differing cells of a district-year",
        1000,
        "select * from report.comparison where division_code = %s and fiscal_year = %s and status = 'differs'",
        (DIVISION, 2022),
    )
    yield Query("its rules", 200, f"select * from rule.summary {where}", one)
    of_year, year = "where division_code = %s and fiscal_year = %s", (DIVISION, 2022)
    yield Query("summary of a district-year", 20, f"select * from report.comparison_summary {of_year}", year)
    for view in ("overlap_contradiction", "department_sum", "unit_without_disclosure", "revision_change"):
        yield Query(f"{view} of a district-year", 300, f"select * from report.{view} {of_year}", year)
    for view in ("report.every_cell", "report.comparison", "internal.comparison_live", "report.r01", "rule.result"):
        yield Query(f"{view} of a district-year, counted", 10_000, f"select count(*) from {view} {of_year}", year)
    for view in ("report.comparison", "mart_zh.比对", "mart_zh.支出明细"):
        yield Query(f"first rows of {view}", 300, f"select * from {view} limit 1000", ())
    yield Query(
        "spending by department and class of function",
        60,
        "select unit.department_name, function.functional_class_name, sum(fact.amount) from mart.expenditure as fact"
        " left join mart.dim_unit as unit using (division_code, fiscal_year, unit_code)"
        " left join mart.dim_function as function using (fiscal_year, functional_code)"
        " where fact.division_code = %s and fact.fiscal_year = %s group by 1, 2",
        year,
    )
    yield Query(
        "roll-up by function over five years",
        200,
        "select fiscal_year, left(functional_code, 3), sum(amount) from mart.expenditure"
        " where division_code = %s and fiscal_year between 2020 and 2024 group by 1, 2 order by 1, 2",
        (DIVISION,),
    )


def _ask(connection: psycopg.Connection) -> None:
    """Time every query, with planning each time."""
    print("\n| query | ms | limit | rows |\n|---|---:|---:|---:|")
    for query in _queries(connection):
        times, rows = [], 0
        for _ in range(REPEATS + 1):
            begin = time.perf_counter()
            rows = len(connection.execute(query.sql.encode(), query.parameters, prepare=False).fetchall())
            times.append((time.perf_counter() - begin) * 1000)
            if times[-1] > 20 * query.limit:
                break
        median = statistics.median(times[1:] or times)
        late = " (too slow)" * (median > query.limit)
        print(f"| {query.name} | {median:.1f}{late} | {query.limit:.0f} | {rows} |", flush=True)


def _explain(connection: psycopg.Connection) -> None:
    """Print the partitions and indexes in the plans."""
    print("\n| query | partitions of other years | indexes used | whole partitions scanned |\n|---|---:|---|---|")
    for query in _queries(connection):
        if query.name.startswith("report ") and " 7 " not in query.name:
            continue
        plan = "\n".join(
            line for (line,) in connection.execute(f"explain {query.sql}".encode(), query.parameters, prepare=False)
        )
        years = {int(year) for year in re.findall(r" on (?:cell|amount)_(\d{4})", plan)}
        indexes = sorted(
            {re.sub(r"_\d{4}", "", name) for name in re.findall(r"(?:using|on) (\w+_(?:pkey|idx\d*))", plan)}
        )
        whole = sorted(set(re.findall(r"Seq Scan on ((?:cell|amount)_\d{4})", plan)))
        others = len(years - {2022}) if 2022 in query.parameters else 0
        print(f"| {query.name} | {others} | {', '.join(indexes)} | {', '.join(whole) or 'none'} |")


def main() -> None:
    """Fill a warehouse, then query it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2100, help="of one district")
    parser.add_argument("--districts", type=int, default=5, help="districts with as many each")
    parser.add_argument("--jobs", type=int, default=2, help="processes that load what is not measured")
    parser.add_argument("--sample", type=int, default=60, help="documents measured at each size")
    options = parser.parse_args()
    spare_the_collector()
    with tempfile.TemporaryDirectory() as folder, warehouse() as connection:
        begin = time.perf_counter()
        paths = _documents(Path(folder) / "district", options.documents)
        print(f"{len(paths)} documents written in {time.perf_counter() - begin:.0f} s\n", flush=True)
        _grow(connection, paths, options.districts, options.jobs, options.sample)
        connection.execute("analyze")
        _weigh(connection)
        _ask(connection)
        _explain(connection)


if __name__ == "__main__":
    main()
