"""One Postgres for the whole session, and warehouses that tests may do anything to, cloned from templates on it.

DATABASE_URL names the server (its role must be a superuser: tests make roles and templates); without it an embedded one
serves, with its data in memory where that can be.
"""

from __future__ import annotations

import gc
import os
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from urllib.parse import quote

import highspy  # noqa: F401  for the forks, too
import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg.conninfo import conninfo_to_dict
from pytest_postgresql import factories
from pytest_postgresql.executors import NoopExecutor

from loader.cli.language import choose
from loader.cli.main import main
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.ledger.draft import make_ledger
from loader.loading.bulk import BulkLoad, spare_the_collector
from loader.loading.folder import Found
from loader.loading.options import DIVISION, Options
from loader.loading.result import Result as Loaded
from loader.warehouse.server import EmbeddedServer, external_url
from schema.migrate import upgrade

SAMPLE = Path(__file__).parent.parent / "samples" / "2024_001001.txt"

Run = Callable[..., Result]
LONG = "server load_faults schema wrong_figures hostile_input bulk_load round_trip load_order check district".split()
LONG += "wrong_budgets workbook rules page reread stages overlap revisions db_check demo attached_documents".split()
SERVER = pytest.StashKey[str]()  # the address of its administrator


def pytest_configure(config: pytest.Config) -> None:
    """Start the server, to be stopped at the end however the session ends, and tell pytest-postgresql of it.

    Each process of tests has a server of its own; the one that only hands out tests to others needs none.
    """
    if config.getoption("numprocesses", default=None) and not hasattr(config, "workerinput"):
        return
    for name in ("HETANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):  # tests read English, whatever the developer reads
        os.environ.pop(name, None)
    spare_the_collector()
    _read_the_sample_once()
    url = config.stash[SERVER] = external_url() or _embedded(config)
    server = conninfo_to_dict(url)
    config.option.postgresql_host = server.get("host", "127.0.0.1")
    config.option.postgresql_port = server.get("port", 5432)
    config.option.postgresql_user = server.get("user")
    config.option.postgresql_password = server.get("password")
    config.option.postgresql_maintenance_dbname = server.get("dbname", "postgres")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long with few tests come first, so that none is begun when all others are done."""
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path.stem.removeprefix("test_") not in LONG, -tests[item.path]))


def pytest_collection_finish() -> None:
    """The tests stay to the end: nobody has to look for garbage among them."""
    gc.freeze()


def _read_the_sample_once() -> None:
    """Every load of a test is a fork of this process: what it needs is imported and remembered once, here."""
    (disclosure,) = file_disclosures(read(SAMPLE.read_bytes(), SAMPLE.name), DIVISION)
    make_ledger(disclosure)


def _embedded(config: pytest.Config) -> str:
    folder = folder_in_memory()
    config.add_cleanup(folder.cleanup)
    server = EmbeddedServer(Path(folder.name))
    config.add_cleanup(cast("Callable[[], None]", server.stop))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end like Ctrl-C, with all cleanups
    server.start()
    url = server.administrator_url()
    with psycopg.connect(url, autocommit=True) as connection:  # what is lost with the machine may be lost
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(f"alter system set {setting} = off".encode())
        connection.execute("select pg_reload_conf()")
    return url


def folder_in_memory() -> tempfile.TemporaryDirectory[str]:
    """A temporary folder where fsync costs nothing, if there is such a place; other accounts may enter it, since root
    has to lend a server to one where namespaces are refused."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.TemporaryDirectory(prefix="hetang-tests-", dir=memory, ignore_cleanup_errors=True)
    Path(folder.name).chmod(0o755)
    return folder


# ---------------------------------------------------------------------------- templates and their clones


def url_of(connection: psycopg.Connection) -> str:
    """The address of the database that a connection leads to, password included."""
    info = connection.info
    return _url(info.host, info.port, info.user, info.dbname, info.password)


def _url(host: str, port: str | int, user: str, dbname: str, password: str | None, **_: object) -> str:
    host, user, password = (quote(part or "", safe="") for part in (host, user, password))
    return f"postgresql://{user}:{password}@{host}:{port}/{dbname}"


def _migrate(**database: object) -> None:
    """A warehouse with nothing loaded. It knows the year that most tests load; others show it a new one."""
    url = _url(**database)  # type: ignore[arg-type]
    upgrade(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select meta.ensure_year(2024)")


def _load_sample(**database: object) -> None:
    with psycopg.connect(_url(**database), autocommit=True) as connection:  # type: ignore[arg-type]
        (result,) = load_files(connection, SAMPLE)
    assert result.outcome == "loaded", result.error


# what warehouses are cloned from: one with nothing loaded, and one with the sample
empty_template = factories.postgresql_noproc(load=[_migrate], dbname=f"hetang_empty_{os.getpid()}")
loaded_template = factories.postgresql_noproc(
    load=[_load_sample], depends_on="empty_template", dbname=f"hetang_sample_{os.getpid()}"
)


@pytest.fixture(scope="session")
def administrator(pytestconfig: pytest.Config) -> Iterator[psycopg.Connection]:
    """The session in which databases are made and dropped."""
    with psycopg.connect(pytestconfig.stash[SERVER], autocommit=True) as connection:
        yield connection


@contextmanager
def clone(administrator: psycopg.Connection, name: str, template: NoopExecutor) -> Iterator[psycopg.Connection]:
    """A database that is dropped in the end, whoever is in it then."""
    name = f"hetang_test_{os.getpid()}_{name}"
    # files are copied in a third of the time that pytest-postgresql's own clones take, which write all pages to the log
    administrator.execute(f"create database {name} template {template.template_dbname} strategy file_copy".encode())
    try:
        info = administrator.info
        with psycopg.connect(_url(info.host, info.port, info.user, name, info.password), autocommit=True) as connection:
            yield connection
    finally:
        administrator.execute(f"drop database {name} with (force)".encode())


@contextmanager
def shared_clone(request: pytest.FixtureRequest, name: str, of: str = "empty_template") -> Iterator[psycopg.Connection]:
    """A warehouse, a clone of a template, that the tests of a module share, so they must leave it as it is."""
    with clone(request.getfixturevalue("administrator"), name, request.getfixturevalue(of)) as connection:
        yield connection


@pytest.fixture
def database(
    administrator: psycopg.Connection, empty_template: NoopExecutor, monkeypatch: pytest.MonkeyPatch
) -> Iterator[psycopg.Connection]:
    """A warehouse with nothing loaded; the program and `run` use it, `url_of` gives its address."""
    with clone(administrator, "clone", empty_template) as connection:
        monkeypatch.setenv("DATABASE_URL", url_of(connection))
        yield connection


@pytest.fixture
def loaded(
    administrator: psycopg.Connection, loaded_template: NoopExecutor, monkeypatch: pytest.MonkeyPatch
) -> Iterator[psycopg.Connection]:
    """A warehouse with the sample loaded; the program and `run` use it, `url_of` gives its address."""
    with clone(administrator, "loaded", loaded_template) as connection:
        monkeypatch.setenv("DATABASE_URL", url_of(connection))
        yield connection


# ---------------------------------------------------------------------------- the sample and the program


def load_files(connection: psycopg.Connection, *paths: Path, options: Options | None = None) -> list[Loaded]:
    """Load files in this process, and what became of each document."""
    bulk = BulkLoad(connection, url_of(connection), [(Found(path, path.name), options or Options()) for path in paths])
    return [result for result in bulk if result is not None]


def store_facts(connection: psycopg.Connection) -> None:
    """Store the facts of the marts anew, after a ledger was changed by hand."""
    connection.execute("delete from internal.stored_fact")
    connection.execute("delete from internal.stored_spending")
    connection.execute(
        "select internal.settle_facts(division_code, fiscal_year, array_agg(disclosure_id))"
        " from budget.disclosure group by division_code, fiscal_year"
    )


@pytest.fixture(scope="session")
def sample() -> Path:
    """A real disclosure: unit 001001, 2024."""
    return SAMPLE


@pytest.fixture
def run() -> Iterator[Run]:
    """`hetang` in this process: run("load", path, code=0) fails unless it ends with that exit code. The language that
    the last command asked for ends with the test."""

    def invoke(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exit_code == code, result.output
        return result

    yield invoke
    choose(None)
