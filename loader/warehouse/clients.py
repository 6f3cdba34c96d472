"""Clients of the server, embedded or external: sessions for administration, psql and pg_dump."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from loader.warehouse.installation import required
from loader.warehouse.server_error import ServerError

# psycopg is imported where it is used: attaching to a running server does not need it.
if TYPE_CHECKING:
    import psycopg


def psql(url: str, arguments: Sequence[str] = ()) -> NoReturn:
    """Replace this process with psql, connected to the warehouse. Raises ServerError if psql is not installed."""
    program = required("psql")
    target, environment = credentials(url)
    command = [program, "-d", target, *arguments]
    if os.name == "nt":  # on Windows exec would return to the prompt at once
        sys.exit(subprocess.call(command, env=environment))
    os.execve(program, command, environment)


def major_version(connection: psycopg.Connection[Any]) -> int:
    """The major version of the server."""
    return connection.info.server_version // 10000


@contextmanager
def session(url: str, **options: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection in autocommit mode, for administration. Raises ServerError, also for errors within the block."""
    import psycopg

    try:
        options |= {"autocommit": True, "connect_timeout": 10, "client_encoding": "UTF8", "prepare_threshold": None}
        with psycopg.connect(url, **options) as connection:
            yield connection
    except psycopg.Error as error:
        raise ServerError(str(error).strip()) from error


def credentials(url: str, dbname: str | None = None) -> tuple[str, dict[str, str]]:
    """A connection string without the password, and an environment with it: command lines are visible to everybody."""
    from psycopg import Error
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    try:
        parts: dict[str, Any] = conninfo_to_dict(url, **({"dbname": dbname} if dbname else {}))
    except Error as error:
        raise ServerError(f"DATABASE_URL: {error}") from error
    password = {"PGPASSWORD": parts.pop("password")} if "password" in parts else {}
    return make_conninfo(**parts), os.environ | password
