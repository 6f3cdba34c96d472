"""Whatever ends a load, nothing is loaded half, and loading again gives what an undisturbed load would have given.

HETANG_KILLS says how many random moments are tried (`HETANG_KILLS=50 pytest tests/test_load_faults.py`).
"""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from loader.cli.load_outcome import COUNTS, totals_of
from loader.warehouse import revisions
from loader.warehouse.server import EmbeddedServer
from schema.migrate import upgrade
from synthetic.variants import unit_code
from tests.conftest import Run, folder_in_memory, url_of
from tests.contents import clear, contents, half_loaded, troubles
from tests.forked import Forked, wait_for_lock, wait_for_others_to_end
from tests.test_bulk_load import small
from tests.test_load_order import revision, stacked

KILLS = int(os.environ.get("HETANG_KILLS", "3"))
DISCLOSURES = 6  # in the folder


@pytest.fixture(autouse=True)
def temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the killed may leave theirs."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Units, a revision that a manifest dates, and a document with two disclosures."""
    folder = tmp_path_factory.mktemp("2024")
    for number in range(3):
        (folder / f"{unit_code(number)}.txt").write_bytes(small(number))
    (folder / "corrected.txt").write_bytes(revision(2))
    (folder / "stacked.txt").write_bytes(stacked(3, 4))
    (folder / "manifest.csv").write_text("file,published_on\n001001.txt,2024-02-01\ncorrected.txt,2024-03-01\n")
    return folder


def undisturbed(connection: psycopg.Connection, folder: Path) -> dict[str, Counter[str]]:
    """What a load gives."""
    assert Forked("load", folder, "--jobs", 2).wait() == 0
    return contents(connection)


def wait_for_a_moment(connection: psycopg.Connection, moments: random.Random) -> None:
    """Until some disclosures are in the warehouse, and a little longer: when, says chance."""
    wanted, deadline = moments.randrange(DISCLOSURES), time.monotonic() + 60
    while disclosures(connection) < wanted:
        assert time.monotonic() < deadline, "the load does not get on"
        time.sleep(0.005)
    time.sleep(moments.uniform(0, 0.05))


def disclosures(connection: psycopg.Connection) -> int:
    """How many disclosures there are."""
    row = connection.execute("select count(*) from budget.disclosure").fetchone()
    assert row is not None
    return int(row[0])


def test_a_killed_loader(database: psycopg.Connection, run: Run, folder: Path) -> None:
    expected = undisturbed(database, folder)
    moments = random.Random(1)
    found = []
    for _ in range(KILLS):
        clear(database)
        load = Forked("load", folder, "--jobs", 2)
        wait_for_a_moment(database, moments)
        load.signal(signal.SIGKILL)
        load.wait()
        wait_for_others_to_end(database)
        assert [*half_loaded(database), *troubles(database)] == []
        found.append(disclosures(database))
        run("load", folder, "--jobs", 1)
        assert contents(database) == expected
    print(f"disclosures in the warehouse after each kill, of {DISCLOSURES}:", found)


def test_a_killed_parent_leaves_no_orphans(
    database: psycopg.Connection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loader.loading.bulk.GROUP", 1)
    with psycopg.connect(url_of(database)) as blocker:
        blocker.execute("lock table meta.load in share mode")
        load = Forked("load", folder, "--jobs", 2)
        while len(wait_for_lock(database)) < 2:
            pass
        os.kill(load.pid, signal.SIGKILL)
    # those under way finish their documents
    assert load.wait() == -signal.SIGKILL
    assert database.execute("select count(*) from budget.document").fetchone() == (2,)


def test_what_a_killed_load_leaves_goes_with_the_next(
    database: psycopg.Connection, run: Run, folder: Path, tmp_path: Path
) -> None:
    with psycopg.connect(url_of(database)) as blocker:
        blocker.execute("lock table meta.load in share mode")
        load = Forked("load", folder, "--jobs", 2)
        wait_for_lock(database)
        load.signal(signal.SIGKILL)
    load.wait()
    left = list(tmp_path.glob("hetang-load-*"))
    assert left
    alive = tmp_path / f"hetang-load-{os.getpid()}-other"
    alive.mkdir()
    run("load", folder, "--jobs", 2)
    assert not any(folder.exists() for folder in left)
    assert alive.exists()  # of a load that is still under way


def test_contents_of_documents_are_not_counted_as_none_if_the_database_does_not_answer() -> None:
    unknown = dict.fromkeys(COUNTS)
    known = {"forms": 23, "cells": 900, "differs": None, "findings": 0}  # of what is not current none is compared
    rows = [{"outcome": "loaded", "disclosures": [unknown]}, {"outcome": "attached", "disclosures": [known]}]
    assert totals_of(rows) == {
        "loaded": {"documents": 1, "disclosures": 1},
        "attached": {"documents": 1, "disclosures": 1, **known, "differs": 0},
    }


def test_a_loader_that_may_not_write_says_so(loaded: psycopg.Connection, run: Run, sample: Path) -> None:
    role = f"hetang_reader_{os.getpid()}"
    loaded.execute(f"create role {role}".encode())
    try:
        loaded.execute(f"grant usage on schema budget, filed, meta, report to {role}".encode())
        loaded.execute(f"grant select on all tables in schema budget, meta to {role}".encode())
        loaded.execute(f"alter role {loaded.info.user} in database {loaded.info.dbname} set role {role}".encode())
        message = run("load", sample, code=5).stderr
        assert f"the role {role} may not write to budget.disclosure, filed.cell, meta.load" in message
    finally:
        loaded.execute(f"alter role {loaded.info.user} in database {loaded.info.dbname} reset role".encode())
        loaded.execute(f"drop owned by {role}; drop role {role}".encode())


def test_a_read_only_database_is_told(loaded: psycopg.Connection, run: Run, sample: Path) -> None:
    loaded.execute(f"alter database {loaded.info.dbname} set default_transaction_read_only = on".encode())
    assert "the database is read-only" in run("load", sample, code=5).stderr


def test_whoever_holds_the_lock_of_a_unit_is_named(
    database: psycopg.Connection, run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody who may connect can."""
    monkeypatch.setattr(revisions, "LOCK_PATIENCE", 1)
    with psycopg.connect(url_of(database)) as visitor:
        visitor.execute("select pg_advisory_lock(hashtextextended('hetang 430202 2024 001001 budget', 0))")
        message = run("load", sample, code=5).stderr
        assert (
            f"could not lock 001001, 2024 within 1 seconds; the lock is held by process {visitor.info.backend_pid}"
            in message
        )
    assert disclosures(database) == 0


# ---------------------------------------------------------------------------- the server


@pytest.fixture(scope="module")
def empty() -> Iterator[Path]:
    """The cluster of an empty warehouse, to copy."""
    with folder_in_memory() as home:
        server = EmbeddedServer(Path(home))
        upgrade(server.start())
        server.stop()
        yield Path(home)


@pytest.fixture
def server(empty: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedServer]:
    """A server of its own that the program uses."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with folder_in_memory() as home:
        monkeypatch.setenv("HETANG_DATA", home)
        server = EmbeddedServer(Path(home))
        shutil.copytree(empty, home, dirs_exist_ok=True)
        server.start()
        yield server
        server.stop()


def connect(server: EmbeddedServer) -> psycopg.Connection:
    return psycopg.connect(server.start(), autocommit=True)


def test_a_killed_server(server: EmbeddedServer, run: Run, folder: Path) -> None:
    with connect(server) as connection:
        expected = undisturbed(connection, folder)
    moments = random.Random(2)
    ends = []
    for _ in range(KILLS):
        with connect(server) as connection:
            clear(connection)
            load = Forked("load", folder, "--jobs", 2)
            wait_for_a_moment(connection, moments)
            os.kill(server.status().pid or 0, signal.SIGKILL)
        ends.append(load.wait())
        assert ends[-1] == 0 or (ends[-1] == 5 and "hetang: " in load.said)
        with connect(server) as connection:
            assert [*half_loaded(connection), *troubles(connection)] == []
        run("load", folder, "--jobs", 1)
        with connect(server) as connection:
            assert contents(connection) == expected
    print("exit codes:", ends)


@pytest.fixture
def small_disk(empty: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A server whose data is on a file system of its own, with little room left."""
    size = sum(file.stat().st_size for file in empty.rglob("*") if file.is_file()) + 80 * 2**20
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("may not mount a file system")
    try:
        shutil.copytree(empty, disk, dirs_exist_ok=True)
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.setenv("HETANG_DATA", str(disk))
        server = EmbeddedServer(disk)
        server.start()
        yield server
        server.stop()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk(small_disk: EmbeddedServer, run: Run, folder: Path) -> None:
    with connect(small_disk) as connection:
        expected = undisturbed(connection, folder)
        clear(connection)
    with psycopg.connect(small_disk.administrator_url(), autocommit=True) as connection:
        connection.execute("checkpoint")
    ballast = small_disk.folder.parent / "ballast"
    free = shutil.disk_usage(small_disk.folder).free
    ballast.write_bytes(bytes(free - 2**19))
    message = run("load", folder, "--jobs", 2, code=5).stderr
    assert "hetang: database error: " in message
    ballast.unlink()
    with connect(small_disk) as connection:
        assert [*half_loaded(connection), *troubles(connection)] == []
    run("load", folder)
    with connect(small_disk) as connection:
        assert contents(connection) == expected
    print(message)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_disk_that_is_full_for_one_document(database: psycopg.Connection, run: Run, folder: Path, jobs: int) -> None:
    """Postgres' error for it, raised by a trigger: what was loaded before stays and is told."""
    database.execute(
        "create function full_disk() returns trigger language plpgsql as"
        " $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$"
    )
    database.execute(
        "create trigger full_disk before insert on budget.amount for each row when (new.unit_code = '001003')"
        " execute function full_disk()"
    )
    result = run("load", folder, "--jobs", jobs, code=5)
    assert "hetang: database error: could not extend file: No space left on device" in result.stderr
    if jobs == 1:  # of two, the other may have begun all the rest by then
        assert "files not started" in result.stderr
    loaded = database.execute("select reporting_unit_code from budget.disclosure order by 1").fetchall()
    assert {("001001",), ("001002",)} <= set(loaded)
    assert ("001003",) not in loaded
    assert sum("| loaded" in line or "| revised" in line for line in result.stdout.splitlines()) == len(loaded)
    assert [*half_loaded(database), *troubles(database)] == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_lost_connection(
    database: psycopg.Connection, folder: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr("loader.loading.bulk.GROUP", 1)
    with psycopg.connect(url_of(database)) as blocker:
        blocker.execute("lock table meta.finding in share mode")
        load = Forked("load", folder, "--jobs", jobs)
        while len(waiting := wait_for_lock(database)) < jobs:
            pass
        database.execute("select pg_terminate_backend(%s)", (waiting[0],))
        if jobs == 1:
            assert load.wait() == 5
    assert load.wait() == 5 if jobs == 2 else True
    assert "terminating connection due to administrator command" in load.said
    # the other process finished what it had begun
    assert database.execute("select count(*) from budget.disclosure").fetchone() == (jobs - 1,)
    assert [*half_loaded(database), *troubles(database)] == []
