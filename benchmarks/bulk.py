"""The cost of loading: by stage, compared with a lower bound and with pandas, with one job and with two.

python -m benchmarks.bulk [--text 200] [--xlsx 100] [--pandas 10] [--jobs 200] [--mess 0.3] [--wrong 0.1]

Everything is measured side by side in one run: compare the ratios. The documents come from the generator of districts.
0 skips a part.

Documents are loaded in groups, as `hetang load` loads them.

The lower bound (floor) of a document is the time to read its cells with the fastest reader (str.split, python-calamine)
and to copy the rows of its load into bare tables, a group in one transaction. The rows are copied once as values, as a
program that reads cells has them, and once as bytes prepared beforehand.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import psycopg
from psycopg.types.json import JsonbDumper
from python_calamine import CalamineWorkbook

from benchmarks.warehouses import Cost, database_bytes, server_cpu, wal_bytes, warehouse
from loader.loading import load as front_door
from loader.loading import store_group
from loader.loading.bulk import GROUP, spare_the_collector
from loader.loading.load import Loading
from loader.loading.options import Options
from loader.warehouse.server import database_url
from schema.migrate import engine_for
from synthetic.district import District, write

WARM_UP = 5  # documents that fill caches and create the partitions of the year
# stage → the module that calls its function, by name
STAGES: dict[str, tuple[ModuleType, str]] = {
    "read": (front_door, "read"),
    "recognise and place": (front_door, "file_disclosures"),
    "ledger and diagnosis": (front_door, "diagnosed_ledger"),
    "store and compare": (store_group, "store"),
}


def documents(folder: Path, file_format: str, count: int, mess: float, wrong: float) -> list[Path]:
    """Write a district and keep ``count`` documents of one format, and some to warm up. Delete the others."""
    departments = count // 3 + 4  # a department and its units are 3.6 documents
    write(District(folder, departments, (1, 5), (2024, 2024), ((file_format, 1.0),), mess, wrong, seed=1))
    found = [path for path in sorted(folder.glob("2024/*")) if "通知" not in path.name]
    if len(found) < count + WARM_UP:
        raise SystemExit(f"{len(found)} documents, expected {count + WARM_UP}")
    chosen = found[: count + WARM_UP]
    for path in set(folder.glob("2024/*")) - set(chosen):
        path.unlink()
    return chosen


# ---------------------------------------------------------------------------- the load


@contextmanager
def stages(connection: psycopg.Connection) -> Iterator[dict[str, list[float]]]:
    """Stage → seconds of each call while the block loads documents. The comparisons are one sum, measured by the
    server."""
    seconds: dict[str, list[float]] = defaultdict(list)
    originals = {stage: getattr(module, name) for stage, (module, name) in STAGES.items()}

    def timed(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            begin = time.perf_counter()
            try:
                return work(*arguments, **options)
            finally:
                seconds[stage].append(time.perf_counter() - begin)

        return call

    connection.execute("set track_functions = 'pl'")
    before = _compared(connection)
    for stage, (module, name) in STAGES.items():
        setattr(module, name, timed(stage, originals[stage]))
    try:
        yield seconds
    finally:
        for stage, (module, name) in STAGES.items():
            setattr(module, name, originals[stage])
    seconds["compare, part of the last"] = [_compared(connection) - before]


def _compared(connection: psycopg.Connection) -> float:
    """Seconds spent in report.store_comparison so far."""
    connection.execute("select pg_stat_force_next_flush()")
    row = connection.execute(
        "select coalesce(sum(total_time), 0) / 1000 from pg_stat_user_functions where funcname = 'store_comparison'"
    ).fetchone()
    assert row is not None
    return float(row[0])


def _load(connection: psycopg.Connection, paths: Sequence[Path]) -> list[int]:
    """Load a group of documents. Returns the ids of their disclosures."""
    loading = Loading(connection, group=GROUP)
    for path in paths:
        loading.load(path.read_bytes(), path.name, Options())
    loading.store()
    if errors := [result.error for result in loading.results if result.error]:
        raise SystemExit(errors[0])
    return [stored.disclosure_id for result in loading.results for _, _, stored in result.stored]


def _groups(paths: Sequence[Path]) -> list[Sequence[Path]]:
    return [paths[start : start + GROUP] for start in range(0, len(paths), GROUP)]


# ---------------------------------------------------------------------------- the floor


class Floor:
    """Bare copies of the tables that a load writes to."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        connection.adapters.register_dumper(dict, JsonbDumper)  # the values of findings
        connection.execute("create schema floor")
        self.tables = {
            table: f'floor."{table}"'
            for (table,) in connection.execute(
                "select attrelid::regclass::text from pg_attribute join pg_class on pg_class.oid = attrelid"
                " where attname = 'disclosure_id' and relkind in ('r', 'p') and not relispartition"
                " and relnamespace::regnamespace::text in ('budget', 'filed', 'report', 'internal', 'meta')"
            ).fetchall()
        }
        for table, bare in self.tables.items():
            connection.execute(f"create table {bare} (like {table})")

    def written_rows(self, ids: list[int]) -> dict[str, list[tuple[Any, ...]]]:
        """Table → the rows that a load has written."""
        return {
            table: self.connection.execute(
                f"select * from {table} where disclosure_id = any(%s)", (ids,), prepare=False
            ).fetchall()
            for table in self.tables
        }

    def written_bytes(self, ids: list[int]) -> dict[str, bytes]:
        """Table → the same rows in the format of COPY."""
        found = {}
        for table in self.tables:
            wanted = ", ".join(map(str, ids))
            with self.connection.cursor().copy(
                f"copy (select * from {table} where disclosure_id in ({wanted})) to stdout"
            ) as copy:
                found[table] = b"".join(copy)
        return found

    def copy_values(self, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        """Copy rows of values in one transaction."""
        with self.connection.transaction(), self.connection.cursor() as cursor:
            for table, values in rows.items():
                if values:
                    with cursor.copy(f"copy {self.tables[table]} from stdin") as copy:
                        for value in values:
                            copy.write_row(value)

    def copy_bytes(self, content: dict[str, bytes]) -> None:
        """Copy prepared bytes in one transaction."""
        with self.connection.transaction(), self.connection.cursor() as cursor:
            for table, values in content.items():
                if values:
                    with cursor.copy(f"copy {self.tables[table]} from stdin") as copy:
                        copy.write(values)


def read_fast(path: Path) -> object:
    """The cells of a document, read by the fastest reader of its format."""
    if path.suffix == ".txt":
        return [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n")]
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    return [workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names]


def beside_the_floor(file_format: str, count: int, mess: float, wrong: float) -> None:
    """Load documents group by group, each followed by its floor, then all of them with the command."""
    with tempfile.TemporaryDirectory() as folder:
        paths = documents(Path(folder) / "district", file_format, count, mess, wrong)
        print(f"\n{file_format}: {count} documents, {mess:.0%} untidy, {wrong:.0%} with a wrong figure")
        floors = _by_groups(paths)
        by_command = Command(paths, os.cpu_count() or 1)
        print(by_command)
        for name, seconds in floors.items():
            print(f"  {by_command.wall / len(paths) / seconds:8.2f} times the floor where rows are copied as {name}")


def _by_groups(paths: list[Path]) -> dict[str, float]:
    """Print the cost of a load in one process and its floor. Returns the seconds of each floor."""
    spare_the_collector()
    count = len(paths) - WARM_UP
    with warehouse() as connection:
        floor = Floor(connection)
        floor.copy_values(floor.written_rows(_load(connection, paths[:WARM_UP])))
        size, disclosures = database_bytes(connection), 0
        load, values, ready = Cost(connection), Cost(connection), Cost(connection)
        with stages(connection) as seconds:
            for group in _groups(paths[WARM_UP:]):
                with load:
                    ids = _load(connection, group)
                disclosures += len(ids)
                rows, content = floor.written_rows(ids), floor.written_bytes(ids)
                with values:
                    for path in group:
                        read_fast(path)
                    floor.copy_values(rows)
                with ready:
                    for path in group:
                        read_fast(path)
                    floor.copy_bytes(content)
        print(f"  {count / load.wall:8.1f} disclosures a second")
        for name, cost in {"load": load, "floor, values": values, "floor, bytes": ready}.items():
            print(
                f"  {cost.wall / count * 1000:8.1f} ms each; CPU {cost.client / count * 1000:.1f} here,"
                f" {cost.server / count * 1000:.1f} in Postgres: {name}"
            )
        for name, cost in {"values": values, "bytes": ready}.items():
            print(
                f"  {load.wall / cost.wall:8.2f} times the floor where rows are copied as {name};"
                f" in CPU {load.cpu / cost.cpu:.2f}"
            )
        for stage, spent in seconds.items():
            median = f"; median {statistics.median(spent) * 1000:.1f}" if len(spent) == count else ""
            print(f"  {sum(spent) / count * 1000:8.1f} ms {stage}{median}")
        print(f"  {(database_bytes(connection) - size) / disclosures / 1024:8.0f} KiB in the database each")
        return {"values": values.wall / count, "bytes": ready.wall / count}


# ---------------------------------------------------------------------------- pandas


def _by_pandas(engine: Any, path: Path) -> None:
    """The usual way without hetang: each sheet as a frame, each cell as a row, to_sql."""
    sheets = pd.read_excel(path, sheet_name=None, header=None, dtype=object, engine="openpyxl")
    cells = [_as_cells(sheet, path.name, name) for name, sheet in sheets.items()]
    with engine.begin() as connection:
        pd.concat(cells).to_sql("pandas_cell", connection, if_exists="append", index=False)


def _by_pandas_sheets(engine: Any, path: Path) -> None:
    """Like :func:`_by_pandas`, but one call for each sheet, as if every sheet were another form."""
    with pd.ExcelFile(path, engine="openpyxl") as workbook:
        names = workbook.sheet_names
    with engine.begin() as connection:
        for name in names:
            sheet = pd.read_excel(path, sheet_name=name, header=None, dtype=object, engine="openpyxl")
            cells = _as_cells(sheet, path.name, str(name))
            cells.to_sql("pandas_sheet_cell", connection, if_exists="append", index=False)


def _as_cells(sheet: pd.DataFrame, file_name: str, sheet_name: str) -> pd.DataFrame:
    stacked = sheet.stack().reset_index()
    stacked.columns = pd.Index(["row_no", "column_no", "cell_text"])
    stacked["cell_text"] = stacked["cell_text"].astype(str)
    return stacked.assign(file_name=file_name, sheet_name=sheet_name)


def beside_pandas(count: int, mess: float, wrong: float) -> None:
    """Load workbooks with hetang, load only their cells with pandas, then load them with the command."""
    with tempfile.TemporaryDirectory() as folder:
        paths = documents(Path(folder) / "district", "xlsx", count, mess, wrong)
        with warehouse() as connection:
            engine = engine_for(database_url())
            own, at_once, by_sheet = Cost(connection), Cost(connection), Cost(connection)
            for group in (paths[:WARM_UP], *_groups(paths[WARM_UP:])):
                with own:
                    _load(connection, group)
                for path in group:
                    with at_once:
                        _by_pandas(engine, path)
                    with by_sheet:
                        _by_pandas_sheets(engine, path)
                if group[0] is paths[0]:
                    own, at_once, by_sheet = Cost(connection), Cost(connection), Cost(connection)
            engine.dispose()
        by_command = Command(paths, os.cpu_count() or 1)
        print(f"\n{count} workbooks; pandas.read_excel and to_sql of the cells alone, nothing recognised or compared")
        print(f"  {own.wall / count * 1000:8.1f} ms a workbook: the whole load in one process")
        print(by_command)
        for name, other in {"all sheets in one call": at_once, "sheet by sheet": by_sheet}.items():
            print(
                f"  {other.wall / count * 1000:8.1f} ms a workbook by pandas, {name}: {other.wall / own.wall:.2f} times"
                f" one process, {other.wall / count / by_command.wall * len(paths):.2f} times the command;"
                f" in CPU {other.cpu / own.cpu:.2f}"
            )


# ---------------------------------------------------------------------------- jobs


class Command:
    """The cost of `hetang load` for documents, in a separate warehouse. The start, measured with one document, is
    subtracted."""

    def __init__(self, paths: list[Path], jobs: int) -> None:
        self.jobs = jobs
        with warehouse() as connection:
            self.start, start_cpu = _run(connection, "load", paths[0], "--jobs", jobs)
            size, wal = database_bytes(connection), wal_bytes(connection)
            wall, cpu = _run(connection, "load", paths[0].parent, "--jobs", jobs)
            self.wall, self.cpu = wall - self.start, cpu - start_cpu
            row = connection.execute("select count(*) from budget.disclosure").fetchone()
            assert row is not None
            self.disclosures = row[0]
            self.bytes = database_bytes(connection) - size
            self.wal = wal_bytes(connection) - wal
        self.mib = _largest_mib()

    def __str__(self) -> str:
        cores = os.cpu_count() or 1
        return (
            f"  {self.disclosures / self.wall:8.1f} disclosures a second by the command with {self.jobs}"
            f" job{'s' * (self.jobs > 1)}: {self.wall / self.disclosures * 1000:.1f} ms each,"
            f" {self.cpu / self.disclosures * 1000:.0f} ms CPU; {self.cpu / self.wall / cores:.0%} of {cores} cores"
            f" busy; {self.start:.1f} s start; largest process {self.mib:.0f} MiB;"
            f" {self.bytes / self.disclosures / 1024:.0f} KiB in the database each,"
            f" {self.wal / self.disclosures / 1024:.0f} of WAL"
        )


def _run(connection: psycopg.Connection, *arguments: object) -> tuple[float, float]:
    """Run `hetang`. Returns wall and CPU seconds, including those of its server."""
    command = [str(Path(sys.executable).with_name("hetang")), *map(str, arguments)]
    begin, cpu = time.perf_counter(), server_cpu(connection) + _children_cpu()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    return time.perf_counter() - begin, server_cpu(connection) + _children_cpu() - cpu


def one_job_and_two(count: int, mess: float, wrong: float) -> None:
    """Load the same folder with one job and with two."""
    with tempfile.TemporaryDirectory() as folder:
        paths = documents(Path(folder) / "district", "text", count, mess, wrong)
        one, two = Command(paths, 1), Command(paths, 2)
        print(f"\ntext: {count} documents with one job and with two")
        print(one)
        print(two)
        print(f"  {one.wall / two.wall:8.2f} times as fast with two jobs")


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _largest_mib() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Measure the parts that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=int, default=200, help="text documents beside the floor")
    parser.add_argument("--xlsx", type=int, default=100, help="workbooks beside the floor")
    parser.add_argument("--pandas", type=int, default=10, help="workbooks beside pandas")
    parser.add_argument("--jobs", type=int, default=200, help="text documents with one job and with two")
    parser.add_argument("--mess", type=float, default=0.3)
    parser.add_argument("--wrong", type=float, default=0.1)
    options = parser.parse_args()
    shares = (options.mess, options.wrong)
    if options.text:
        beside_the_floor("text", options.text, *shares)
    if options.xlsx:
        beside_the_floor("xlsx", options.xlsx, *shares)
    if options.pandas:
        beside_pandas(options.pandas, *shares)
    if options.jobs:
        one_job_and_two(options.jobs, *shares)


if __name__ == "__main__":
    main()
