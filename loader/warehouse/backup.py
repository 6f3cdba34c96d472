"""Back up and restore the warehouse, in the same way for both kinds of server."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Composed, Identifier, Literal

from loader.documents.regular_file import open_regular
from loader.warehouse.clients import credentials, major_version, session
from loader.warehouse.connection import newest_revision
from loader.warehouse.installation import find_programs, installations
from loader.warehouse.server_error import ServerError

_LEFTOVER = "^hetang_(restored|replaced)_[0-9a-f]{8}$"
_TABLES = {"meta alembic_version", "budget disclosure"}  # a warehouse has these


def backup(url: str, path: Path) -> None:
    """Write the database to a file in pg_dump's custom format, readable by its owner only. The file is complete or not
    written.

    Raises ServerError.
    """
    part = path.with_name(path.name + ".part")
    try:
        with session(url) as connection:
            version = major_version(connection)
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _client("pg_dump", version, url, "--format=custom", f"--file={part}")
        part.replace(path)
    except OSError as error:
        raise ServerError(f"Cannot write {path}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink()


def restore(url: str, path: Path, force: bool = False) -> list[str]:
    """Restore a backup into a new database, which replaces the current one when it is complete.

    The new database gets the settings of the current one and the grants on the database itself. Owners and grants of
    its tables are not restored, since roles belong to a server, not to a database. Raises ServerError, also if the
    current database contains data and ``force`` is not given; after any failure it is unchanged. Returns the statements
    for settings that the role may not make.
    """
    with session(url) as connection:
        name, version = connection.info.dbname, major_version(connection)
        _require_backup(path, version)
        if not force and _holds_data(connection):
            raise ServerError(f"The database {name} contains data; use --force to replace it with {path}")
    mark = secrets.token_hex(4)
    fresh, replaced = f"hetang_restored_{mark}", f"hetang_replaced_{mark}"
    ids = {"name": Identifier(name), "fresh": Identifier(fresh), "replaced": Identifier(replaced)}
    with session(url, dbname="template1" if name == "postgres" else "postgres") as admin, _alone(admin):
        _require_rights(admin, name, path)
        _drop_leftovers(admin)
        settings = _settings(admin, name, fresh)
        admin.execute(_create(admin, name, fresh))
        try:
            try:
                _client("pg_restore", version, url, "--no-owner", "--no-privileges", str(path), dbname=fresh)
                with session(url, dbname=fresh) as connection:
                    _require_known(connection)
                    connection.execute("ANALYZE")
            except ServerError as error:
                raise ServerError(f"the backup {path} cannot be restored, nothing has changed: {error}") from error
            refused = [statement for statement in settings if not _is_allowed(admin, statement)]
            end_sessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            admin.execute(end_sessions, (name,))
            with admin.transaction():
                admin.execute(SQL("ALTER DATABASE {name} RENAME TO {replaced}").format(**ids))
                admin.execute(SQL("ALTER DATABASE {fresh} RENAME TO {name}").format(**ids))
            admin.execute(SQL("DROP DATABASE {replaced} WITH (FORCE)").format(**ids))
        finally:
            admin.execute(SQL("DROP DATABASE IF EXISTS {fresh} WITH (FORCE)").format(**ids))
    return [statement.replace(fresh, name) for statement in refused]


# --- checks before anything changes ---


def _require_backup(path: Path, version: int) -> None:
    """ServerError if a file is not a backup of a warehouse, by its table of contents."""
    expected = "expected a file written by `hetang db backup`; nothing has changed"
    try:
        with open_regular(path, sys.maxsize) as file:
            beginning = file.read(5)
    except OSError as error:
        raise ServerError(f"{path}: {error.strerror}; nothing has changed") from None
    if beginning != b"PGDMP":
        raise ServerError(f"{path} is not a backup, {expected}")
    try:
        listed = _run("pg_restore", version, ["--list", str(path)])
    except ServerError as error:
        raise ServerError(f"the backup {path} cannot be restored, nothing has changed: {error}") from error
    if missing := _TABLES - set(re.findall(r"^\d+; \d+ \d+ TABLE (\S+ \S+) ", listed, re.MULTILINE)):
        tables = ", ".join(sorted(table.replace(" ", ".") for table in missing))
        raise ServerError(f"{path} is a backup of another database, without {tables}; {expected}")


def _require_known(connection: psycopg.Connection[Any]) -> None:
    """ServerError if a restored warehouse has the schema of a newer hetang."""
    row = connection.execute("SELECT max(version_num) FROM meta.alembic_version").fetchone()
    newest = newest_revision()
    if row and row[0] and row[0] > newest:
        raise ServerError(f"it has schema {row[0]}, this program supports {newest} at most: upgrade hetang")


def _holds_data(connection: psycopg.Connection[Any]) -> bool:
    """Whether there is data to lose: a loaded disclosure, or tables that are not of a warehouse."""
    if connection.execute("SELECT to_regclass('budget.disclosure') IS NOT NULL").fetchone() == (True,):
        return connection.execute("SELECT EXISTS (SELECT FROM budget.disclosure)").fetchone() == (True,)
    tables = "SELECT EXISTS (SELECT FROM pg_stat_user_tables)"
    return connection.execute(tables).fetchone() == (True,)


def _require_rights(admin: psycopg.Connection[Any], name: str, path: Path) -> None:
    row = admin.execute(
        "SELECT current_user, rolcreatedb OR rolsuper, pg_has_role(datdba, 'USAGE'), pg_get_userbyid(datdba)"
        " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = %s",
        (name,),
    ).fetchone()
    assert row is not None
    role, may_create, is_owner, owner = row
    reason = None
    if not may_create:
        reason = f"the role {role} may not create databases (ALTER ROLE {role} CREATEDB allows it)"
    elif not is_owner:
        reason = f"the database {name} belongs to {owner}, not to {role}"
    if reason:
        raise ServerError(
            f"{reason}: a backup is restored into a new database, which replaces {name}. Without that right,"
            f" create an empty database and run: pg_restore --no-owner --no-privileges -d ADDRESS {path}"
        )


# --- one restore at a time ---


@contextmanager
def _alone(admin: psycopg.Connection[Any]) -> Iterator[None]:
    """Hold the lock of restores on this server; ServerError if another one runs."""
    if admin.execute("SELECT pg_try_advisory_lock(hashtext('hetang restore'))").fetchone() != (True,):
        row = admin.execute(
            """
            select string_agg(format('process %s of role %s', pid, usename), ', ')
            from pg_locks
            join pg_stat_activity using (pid)
            where locktype = 'advisory'
                and granted
                and objsubid = 1
                and database = datid
                and objid::bigint = hashtext('hetang restore') & 4294967295::bigint
            """
        ).fetchone()
        raise ServerError(f"another restore is running on this server; its lock is held by {row and row[0]}")
    yield  # the lock ends with the session


def _drop_leftovers(admin: psycopg.Connection[Any]) -> None:
    """Drop the databases that killed restores left behind; the lock ensures that none is running."""
    left = "SELECT datname FROM pg_database WHERE datname ~ %s AND pg_has_role(datdba, 'USAGE')"
    for (leftover,) in admin.execute(left, (_LEFTOVER,)).fetchall():
        admin.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(leftover)))


# --- the new database is like the current one ---


def _create(admin: psycopg.Connection[Any], name: str, fresh: str) -> Composed:
    """The statement that creates a database of the same encoding and collation as another."""
    row = admin.execute(
        "SELECT to_jsonb(d), pg_encoding_to_char(encoding) FROM pg_database AS d WHERE datname = %s", (name,)
    ).fetchone()
    assert row is not None
    found, encoding = row
    options = {"ENCODING": encoding, "LC_COLLATE": found["datcollate"], "LC_CTYPE": found["datctype"]}
    locale = found.get("datlocale") or found.get("daticulocale")
    if found["datlocprovider"] == "i":
        options |= {"LOCALE_PROVIDER": "icu", "ICU_LOCALE": locale}
    elif found["datlocprovider"] == "b":
        options |= {"LOCALE_PROVIDER": "builtin", "BUILTIN_LOCALE": locale}
    listed = SQL(" ").join(SQL(option) + SQL(" ") + Literal(value) for option, value in options.items())
    return SQL("CREATE DATABASE {} TEMPLATE template0 ").format(Identifier(fresh)) + listed


def _settings(admin: psycopg.Connection[Any], name: str, fresh: str) -> list[str]:
    """The statements that give a database the settings, the limit, the comment and the grants of another."""
    rows = admin.execute(
        """
        SELECT format(
            'ALTER %s SET %I TO %s',
            CASE setrole WHEN 0 THEN format('DATABASE %I', %(fresh)s::text)
                ELSE format('ROLE %s IN DATABASE %I', setrole::regrole, %(fresh)s::text) END,
            split_part(setting, '=', 1),
            -- a list is a list of words, anything else is one
            CASE WHEN split_part(setting, '=', 1) IN (
                'search_path', 'temp_tablespaces', 'session_preload_libraries', 'local_preload_libraries')
                THEN substr(setting, strpos(setting, '=') + 1)
                ELSE quote_literal(substr(setting, strpos(setting, '=') + 1)) END
        )
        FROM pg_db_role_setting CROSS JOIN unnest(setconfig) AS setting
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = %(name)s)
        UNION ALL
        SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', %(fresh)s::text, datconnlimit)
        FROM pg_database WHERE datname = %(name)s AND datconnlimit >= 0
        UNION ALL
        SELECT format('COMMENT ON DATABASE %I IS %L', %(fresh)s::text, shobj_description(oid, 'pg_database'))
        FROM pg_database WHERE datname = %(name)s AND shobj_description(oid, 'pg_database') IS NOT NULL
        UNION ALL
        SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', %(fresh)s::text)
        FROM pg_database WHERE datname = %(name)s AND datacl IS NOT NULL
        UNION ALL
        SELECT format(
            'GRANT %s ON DATABASE %I TO %s%s',
            privilege_type,
            %(fresh)s::text,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
            CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END
        )
        FROM pg_database CROSS JOIN LATERAL aclexplode(datacl)
        WHERE datname = %(name)s AND grantee <> datdba
        UNION ALL
        SELECT format('ALTER DATABASE %I OWNER TO %I', %(fresh)s::text, pg_get_userbyid(datdba))
        FROM pg_database WHERE datname = %(name)s AND pg_get_userbyid(datdba) <> current_user
        """.replace("%s", "%%s")
        .replace("%I", "%%I")
        .replace("%L", "%%L"),
        {"name": name, "fresh": fresh},
    ).fetchall()
    return [statement for (statement,) in rows]


def _is_allowed(admin: psycopg.Connection[Any], statement: str) -> bool:
    """Run a statement. Returns whether the role has the right."""
    try:
        admin.execute(statement.encode())
    except InsufficientPrivilege:
        return False
    return True


# --- the programs ---


def _client(program: str, version: int, url: str, *arguments: str, dbname: str | None = None) -> None:
    """Run pg_dump or pg_restore on a database."""
    target, environment = credentials(url, dbname)
    _run(program, version, ["-w", "-d", target, *arguments], environment)


def _run(program: str, version: int, arguments: list[str], environment: dict[str, str] | None = None) -> str:
    """The output of a program, of the server's version if installed, else of a newer one."""
    found = find_programs(program, lambda at: at == version) or find_programs(program, lambda at: at > version)
    if found is None:
        newest = max((each.version for each in installations()), default="none")
        raise ServerError(f"Postgres {version} needs a {program} of {version} or newer; the newest here is {newest}")
    environment = dict(environment or os.environ) | {"LC_ALL": "C", "PGCLIENTENCODING": "UTF8"}
    done = subprocess.run([str(found.program(program)), *arguments], env=environment, capture_output=True)
    printed = done.stderr.decode(errors="replace").splitlines()
    # From 17 on pg_restore begins with a setting that older servers do not know, complains, and goes on.
    errors = [line for line in printed if " error: " in line]
    serious = [line for line in errors if "transaction_timeout" not in line]
    if serious or (done.returncode and not errors):
        raise ServerError("\n".join((serious or printed)[:5]) or f"{program} failed with code {done.returncode}")
    return done.stdout.decode(errors="replace")
