"""Warehouses on separate servers for measurements, and the cost of these servers."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import psycopg
from psycopg.sql import SQL, Identifier

from loader.warehouse.connection import connect
from loader.warehouse.server import EmbeddedServer


@contextmanager
def warehouse() -> Iterator[psycopg.Connection]:
    """An empty warehouse on an embedded server that stops after the block. `hetang` in a subprocess uses it, too."""
    before = {name: os.environ.pop(name, None) for name in ("DATABASE_URL", "HETANG_DATA")}
    with tempfile.TemporaryDirectory(prefix="hetang-bench-", ignore_cleanup_errors=True) as home:
        os.environ["HETANG_DATA"] = home
        try:
            with connect() as connection:
                _allow_function_times(connection)
                yield connection
        finally:
            EmbeddedServer().stop()
            del os.environ["HETANG_DATA"]
            os.environ |= {name: value for name, value in before.items() if value is not None}


def _allow_function_times(connection: psycopg.Connection) -> None:
    """Allow the role of the warehouse to measure the times of functions."""
    role = Identifier(connection.info.user)
    with psycopg.connect(EmbeddedServer().administrator_url(), autocommit=True) as administrator:
        administrator.execute(SQL("grant set on parameter track_functions to {}").format(role))


def server_cpu(connection: psycopg.Connection) -> float:
    """CPU seconds that all processes of the server have used so far, including those that have ended."""
    backend = psutil.Process(connection.info.backend_pid)
    postmaster = backend.parent()
    assert postmaster is not None
    own = postmaster.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for process in postmaster.children(recursive=True):
        try:
            times = process.cpu_times()
            total += times.user + times.system
        except psutil.NoSuchProcess:  # its time is now counted for the postmaster
            continue
    return total


def database_bytes(connection: psycopg.Connection) -> int:
    """Bytes of all tables of the warehouse, including indexes."""
    row = connection.execute(
        "select sum(pg_total_relation_size(oid)) from pg_class where relkind = 'r'"
        " and relnamespace::regnamespace::text in ('budget', 'filed', 'report', 'internal', 'meta')"
    ).fetchone()
    assert row is not None
    return int(row[0])


def wal_bytes(connection: psycopg.Connection) -> int:
    """Bytes of WAL that the server has written so far."""
    row = connection.execute("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    assert row is not None
    return int(row[0])


class Cost:
    """Seconds spent in its blocks: wall time, CPU of this process, CPU of Postgres."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.wall = self.client = self.server = 0.0

    @property
    def cpu(self) -> float:
        """CPU seconds of this process and of Postgres."""
        return self.client + self.server

    def __enter__(self) -> None:
        self._server, self._client, self._wall = server_cpu(self.connection), time.process_time(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._wall
        self.client += time.process_time() - self._client
        self.server += server_cpu(self.connection) - self._server
