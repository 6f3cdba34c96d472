"""The connection to the warehouse, with a check that its schema is the one of this program."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from loader.warehouse.server import database_url, external_url
from loader.warehouse.server_error import ServerError

if TYPE_CHECKING:
    import psycopg


def newest_revision() -> str:
    """The newest migration, by the numbers that the files of ``migrations/versions`` begin with."""
    versions = files("migrations").joinpath("versions")
    return max(entry.name[:4] for entry in versions.iterdir() if entry.name[:4].isdigit())


def open_connection(url: str, **options: Any) -> psycopg.Connection:
    """A connection in autocommit mode, so that every ``transaction()`` block is a separate transaction.

    It uses UTF-8, whatever PGCLIENTENCODING says. ServerError if the database has another encoding.
    """
    import psycopg  # slow to import: `hetang --help` needs none

    connection = psycopg.connect(url, autocommit=True, client_encoding="UTF8", **options)
    name, encoding = connection.info.dbname, connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        raise ServerError(
            f"the database {name} is encoded in {encoding}, a warehouse needs one in UTF8:"
            " create database ... encoding 'UTF8' template template0"
        )
    # Compiling the expressions of a view takes longer than answering for a district's year (docs/scale.md).
    row = connection.execute("select pg_backend_pid(), set_config('jit', 'off', false)", prepare=False).fetchone()
    # A pool (pgbouncer) reports its own process numbers. It may run each transaction in another session, where
    # statements were not prepared.
    if row is None or row[0] != connection.info.backend_pid:
        connection.prepare_threshold = None
    return connection


def connect(to_write: bool = False) -> psycopg.Connection:
    """A connection to the warehouse, see ``open_connection``.

    The embedded server gets its tables at the first use; an external server is never changed without being asked.
    ServerError if the server does not answer, its schema has another version, or ``to_write`` is given and the role may
    not write.
    """
    import psycopg  # slow to import: `hetang --help` needs none

    url = database_url()
    newest = newest_revision()
    try:
        connection = open_connection(url)
        found = _revision(connection)
    except psycopg.Error as error:
        told = ". ".join(line.strip() for line in str(error).splitlines())
        raise ServerError(f"cannot connect to the database: {told}") from error
    if found is None and external_url() is None:
        from schema.migrate import MigrationError, upgrade  # sqlalchemy and alembic, slow to import

        try:
            upgrade(url, only_new=True)
        except MigrationError as error:
            raise ServerError(str(error)) from error
    elif found != newest:
        connection.close()
        raise ServerError(_another_schema(found, newest))
    if to_write:
        _require_writing(connection)
    return connection


def _another_schema(found: str | None, newest: str) -> str:
    if found is None:
        return "the database has no tables of the warehouse yet; run `hetang db upgrade`"
    if found > newest:
        return f"the database has schema {found}, this program supports {newest} at most: upgrade hetang"
    return f"the database has schema {found}, this program needs {newest}; run `hetang db upgrade`"


def _revision(connection: psycopg.Connection) -> str | None:
    if connection.execute("select to_regclass('meta.alembic_version')").fetchone() == (None,):
        return None
    row = connection.execute("select version_num from meta.alembic_version").fetchone()
    return row[0] if row else None


def _require_writing(connection: psycopg.Connection) -> None:
    """ServerError if the server or the role does not allow loading."""
    row = connection.execute(
        """
        select
            current_user,
            pg_is_in_recovery(),
            current_setting('transaction_read_only') = 'on',
            (
                select string_agg(oid::regclass::text, ', ' order by oid::regclass::text)
                from pg_class
                where oid = any(array['budget.disclosure', 'filed.cell', 'meta.load']::regclass[])
                    and not has_table_privilege(oid, 'insert')
            )
        """
    ).fetchone()
    assert row is not None
    role, is_standby, is_read_only, forbidden = row
    reason = None
    if is_standby:
        reason = "the server is a read-only standby; set DATABASE_URL to the primary server"
    elif is_read_only:
        reason = "the database is read-only (default_transaction_read_only)"
    elif forbidden:
        reason = f"the role {role} may not write to {forbidden}; connect as the role that owns the warehouse"
    if reason:
        connection.close()
        raise ServerError(reason)
