"""Roles that may only read: for BI tools, and for analysts who write SQL.

They can read views, but no password hashes and no files, and create no temporary tables. This includes the views of
later upgrades.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from loader.warehouse import server
from loader.warehouse.clients import session
from loader.warehouse.plain_role import DATABASE
from loader.warehouse.server import READER, EmbeddedServer
from loader.warehouse.server_error import ServerError

if TYPE_CHECKING:
    from psycopg import Connection

FOR_BI_TOOLS = ("report", "report_zh", "district", "rule", "mart", "mart_zh", "meta")
FOR_ANALYSTS = (*FOR_BI_TOOLS, "budget", "filed", "internal")

# Forgotten queries end, and nothing is changed by mistake. JIT is off: compiling the hundreds of expressions of a view
# may take longer than answering for the few rows of a district's year.
_SETTINGS = {
    "jit": "off",
    "default_transaction_read_only": "on",
    "statement_timeout": "5min",
    "idle_in_transaction_session_timeout": "10min",
}


def grant_reader(name: str, analyst: bool = False, new_password: bool = False) -> str | None:
    """Let a role read the views, for an analyst also the tables. Returns the password if the role is new, or if it gets
    a new one.

    Else an existing role keeps its password. ServerError if the warehouse's role has no right to do this.
    """
    external = server.external_url()
    if external is not None:
        with session(external) as connection, connection.transaction():
            password = _create(connection, name, renew=new_password)
            _grant(connection, name, analyst)
        return password
    if name == READER:
        raise ServerError(f"{name} is the role of `hetang db url --read-only`: choose another name")
    embedded = EmbeddedServer()
    embedded.start()
    with session(embedded.administrator_url()) as connection, connection.transaction():
        password = _create(connection, name, renew=new_password)
    with session(embedded.url()) as connection, connection.transaction():  # the owner of the objects grants
        _grant(connection, name, analyst)
    return password


def read_only_url() -> str:
    """The address of a role of the embedded server that may read all views and tables; the role is created at the first
    use.

    ServerError if DATABASE_URL is set: on an external server ``grant_reader`` creates the role.
    """
    if server.external_url() is not None:
        raise ServerError("DATABASE_URL is set: create a role on that server with: hetang db grant-reader NAME")
    embedded = EmbeddedServer()
    embedded.start()
    with session(embedded.administrator_url()) as connection, connection.transaction():
        _create(connection, READER, embedded.reader_password())
    with session(embedded.url()) as connection, connection.transaction():
        _grant(connection, READER, analyst=True)
    return embedded.reader_url()


def _create(connection: Connection, name: str, password: str | None = None, renew: bool = False) -> str | None:
    """Create the role with its settings. Returns its password, None if the role existed and keeps the one it has."""
    from psycopg.sql import SQL, Identifier, Literal

    known = connection.execute("select rolsuper from pg_roles where rolname = %s", (name,)).fetchone()
    if name == DATABASE or known == (True,):
        raise ServerError(f"{name} owns the warehouse or is a superuser: create a separate role for reading")
    if known is not None and not renew:
        return None
    password = password or secrets.token_urlsafe(18)
    role = Identifier(name)
    if known is not None:
        connection.execute(SQL("alter role {} password {}").format(role, Literal(password)))
        return password
    connection.execute(SQL("create role {} login password {}").format(role, Literal(password)))
    for setting, value in _SETTINGS.items():
        connection.execute(SQL("alter role {} set {} = {}").format(role, Identifier(setting), Literal(value)))
    return password


def _grant(connection: Connection, name: str, analyst: bool) -> None:
    from psycopg.sql import SQL, Identifier

    role, database = Identifier(name), Identifier(connection.info.dbname)
    connection.execute(SQL("revoke temporary on database {} from public").format(database))
    connection.execute(SQL("grant connect on database {} to {}").format(database, role))
    for schema in FOR_ANALYSTS if analyst else FOR_BI_TOOLS:
        names = {"schema": Identifier(schema), "role": role}
        connection.execute(SQL("grant usage on schema {schema} to {role}").format(**names))
        connection.execute(SQL("grant select on all tables in schema {schema} to {role}").format(**names))
        connection.execute(
            SQL("alter default privileges in schema {schema} grant select on tables to {role}").format(**names)
        )
