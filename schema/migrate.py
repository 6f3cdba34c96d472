"""Bring a warehouse to the newest schema: migrations, reference data and views in one transaction."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from importlib.resources import files

import psycopg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from schema.tables.metadata import SCHEMAS
from schema.views import ViewError

UPGRADE_LOCK = "hashtext('hetang upgrade')"  # the advisory lock for all changes of the schema
PATIENCE = 60.0  # seconds to wait for readers, and for another upgrade
SHORT = 2.0  # seconds to wait for one lock, because other sessions queue behind the waiting one


class MigrationError(Exception):
    """The warehouse cannot be upgraded; the message says why."""


def engine_for(url: str) -> Engine:
    """A SQLAlchemy engine on psycopg 3 for a libpq URL."""
    # no prepared statements: a transaction pool may send each transaction to another session
    options = {"client_encoding": "UTF8", "prepare_threshold": None}
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), connect_args=options)


def _silent(_done: int, _all: int) -> None:
    """Ignore progress."""


def configuration(url: str, only_new: bool = False, progress: Callable[[int, int], None] = _silent) -> Config:
    """The configuration of Alembic, wherever the project is installed."""
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    config.attributes["url"] = url
    config.attributes["only_new"] = only_new
    config.attributes["progress"] = progress
    return config


def upgrade(url: str, only_new: bool = False, progress: Callable[[int, int], None] = _silent) -> None:
    """Upgrade to the newest schema. With ``only_new``, only if the database has another schema.

    ``progress`` is called with the number of disclosures compared again and their total. Readers are waited for by
    repeated attempts with short lock timeouts, so that nobody waits long behind the upgrade. Nothing changes if a step
    fails (MigrationError).
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return command.upgrade(configuration(url, only_new, progress), "head")
        except (ViewError, CommandError) as error:
            raise MigrationError(str(error)) from error
        except DBAPIError as error:
            if not isinstance(error.orig, LockNotAvailable | DeadlockDetected):
                raise MigrationError(str(error.orig).strip()) from error
            if time.monotonic() > deadline:
                raise MigrationError(
                    f"other sessions hold locks that the upgrade needs and did not release them within {PATIENCE:.0f}"
                    f" seconds; nothing has changed.{_holders(url)}"
                ) from error
        time.sleep(random.uniform(0.1, 0.5))


def _holders(url: str) -> str:
    """A text that names the sessions that block an upgrade; empty if they are gone."""
    with psycopg.connect(url, autocommit=True, client_encoding="UTF8", prepare_threshold=None) as connection:
        rows = connection.execute(
            "select distinct pid, usename, application_name, to_char(xact_start, 'HH24:MI:SS')"
            " from pg_locks as held join pg_stat_activity as session using (pid)"
            " left join pg_class as relation on relation.oid = held.relation"
            " where held.granted and pid <> pg_backend_pid()"
            " and held.database = (select oid from pg_database where datname = current_database())"
            " and (relation.relnamespace in (select oid from pg_namespace where nspname = any(%s))"
            " or (held.locktype = 'advisory' and held.objsubid = 1"
            f" and held.objid::bigint = {UPGRADE_LOCK} & 4294967295::bigint)) order by pid",
            (list(SCHEMAS),),
        ).fetchall()
    told = [
        f"process {pid} of role {role}" + (f" ({program})" if program else "") + (f", since {since}" if since else "")
        for pid, role, program, since in rows
    ]
    return f" End them, or try again: {'; '.join(told)}" if told else " Try again"
