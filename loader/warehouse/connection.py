"""The connection to the warehouse: which server, and whether its schema is the one this program knows."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from loader.warehouse.server import ServerError, database_url, external_url

if TYPE_CHECKING:
    import psycopg


def newest_revision() -> str:
    """The newest migration, by the numbers that the files of ``migrations/versions`` begin with."""
    versions = files("migrations").joinpath("versions")
    return max(entry.name[:4] for entry in versions.iterdir() if entry.name[:4].isdigit())


def connect() -> psycopg.Connection:
    """A connection in autocommit mode, so that every ``transaction()`` block is a transaction of its own.

    The embedded server gets its tables at the first use; a server of somebody else's is never changed unasked.
    ServerError where the server does not answer or its schema is another one.
    """
    import psycopg  # slow to import: `hetang --help` needs none

    url = database_url()
    try:
        connection = psycopg.connect(url, autocommit=True)
    except psycopg.Error as error:
        raise ServerError(f"cannot connect to the database: {error}") from error
    found = _revision(connection)
    newest = newest_revision()
    if found == newest:
        return connection
    if found is None and external_url() is None:
        from schema.migrate import MigrationError, upgrade  # sqlalchemy and alembic, slow to import

        try:
            upgrade(url)
        except MigrationError as error:
            raise ServerError(str(error)) from error
        return connection
    connection.close()
    state = (
        "has no tables of the warehouse yet" if found is None else f"has schema {found}, this program needs {newest}"
    )
    raise ServerError(f"the database {state}; run `hetang db upgrade`")


def _revision(connection: psycopg.Connection) -> str | None:
    if connection.execute("select to_regclass('meta.alembic_version')").fetchone() == (None,):
        return None
    row = connection.execute("select version_num from meta.alembic_version").fetchone()
    return row[0] if row else None
