"""The ordinary role that is given to users: it owns the warehouse and is not a superuser.

Clusters of early releases had one role, hetang, their first superuser. Postgres does not allow that one to become an
ordinary role. So it gets another name and password, and a new role takes over its name, password, databases and their
contents.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from loader.warehouse.clients import session
from loader.warehouse.server_error import ServerError

DATABASE = "hetang"  # also the name of the role that owns it
ADMINISTRATOR = "hetang_admin"

AddressOf = Callable[[str, str, str], str]  # role, password, database → address on the running server

# Gives the role hetang what the first superuser (role 10) owns or has granted in a database. Left out: objects of
# Postgres itself (numbers below 16384), of extensions ('e'), and sequences of tables ('a', 'i').
_HAND_OVER = f"""
DO $$
DECLARE
    change text;
BEGIN
    FOR change IN
        SELECT format('ALTER DATABASE %I OWNER TO {DATABASE}', datname)
        FROM pg_database WHERE datname = current_database() AND datdba = 10 AND datname NOT IN ('postgres', 'template1')
        UNION ALL
        SELECT format('ALTER %s %s OWNER TO {DATABASE}', kind, name)
        FROM (
            SELECT 'pg_namespace'::regclass, oid, 'SCHEMA', oid::regnamespace::text, nspowner FROM pg_namespace
            UNION ALL
            SELECT 'pg_class'::regclass, oid, 'TABLE', oid::regclass::text, relowner
            FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            UNION ALL
            SELECT 'pg_proc'::regclass, oid, 'ROUTINE', oid::regprocedure::text, proowner FROM pg_proc
            UNION ALL
            SELECT 'pg_type'::regclass, oid, 'TYPE', oid::regtype::text, typowner
            FROM pg_type WHERE typtype IN ('e', 'd', 'r')
                OR typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c')
            UNION ALL
            SELECT 'pg_largeobject'::regclass, oid, 'LARGE OBJECT', oid::text, lomowner FROM pg_largeobject_metadata
        ) AS owned (class, oid, kind, name, owner)
        WHERE owner = 10 AND oid >= 16384
            AND NOT EXISTS (
                SELECT FROM pg_depend
                WHERE classid = owned.class AND objid = owned.oid
                    AND (deptype = 'e' OR (kind = 'TABLE' AND deptype IN ('a', 'i') AND refobjsubid > 0))
            )
        UNION ALL
        SELECT format(
            'ALTER DEFAULT PRIVILEGES FOR ROLE {DATABASE}%s GRANT %s ON %s TO %s',
            ' IN SCHEMA ' || nullif(defaclnamespace, 0)::regnamespace,
            privilege_type,
            CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' END,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
        )
        FROM pg_default_acl CROSS JOIN LATERAL aclexplode(defaclacl)
        WHERE defaclrole = 10 AND grantee <> 10 AND defaclobjtype IN ('r', 'S', 'f', 'T', 'n')
        UNION ALL
        SELECT format('REVOKE {ADMINISTRATOR} FROM %1$s; GRANT {DATABASE} TO %1$s', member::regrole)
        FROM pg_auth_members WHERE roleid = 10
    LOOP
        EXECUTE change;
    END LOOP;
END
$$
"""


def creation(password: str) -> list[str]:
    """The statements that create the role. Restoring a backup needs the rights to create databases and to end
    sessions."""
    return [
        f"CREATE ROLE {DATABASE} LOGIN CREATEDB PASSWORD '{password}'",
        f"GRANT pg_signal_backend TO {DATABASE}",
    ]


def convert(address: AddressOf, password: str, new_password: str) -> None:
    """Convert a cluster whose only role, hetang, is its first superuser, which gets the new password.

    Its sessions are ended. If this is killed at any point, it can be called again with the same passwords. Raises
    ServerError.
    """
    _rename_superuser(address, password, new_password)
    with session(address(ADMINISTRATOR, new_password, "postgres")) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usesysid = 10 AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        names = connection.execute("SELECT datname FROM pg_database WHERE datallowconn").fetchall()
    for (name,) in names:
        with session(address(ADMINISTRATOR, new_password, name)) as connection, connection.transaction():
            connection.execute("SET LOCAL lock_timeout = '30s'")
            connection.execute(_HAND_OVER)


def _rename_superuser(address: AddressOf, password: str, new_password: str) -> None:
    """Rename the first superuser and create the ordinary role, both or neither, if not done yet."""
    with suppress(ServerError), session(address(ADMINISTRATOR, new_password, "postgres")):
        return
    with session(address(DATABASE, password, "postgres")) as connection, connection.transaction():
        for statement in (
            # a session cannot rename its own role
            "CREATE ROLE hetang_conversion SUPERUSER",
            "SET LOCAL SESSION AUTHORIZATION hetang_conversion",
            f"ALTER ROLE {DATABASE} RENAME TO {ADMINISTRATOR}",
            f"SET LOCAL SESSION AUTHORIZATION {ADMINISTRATOR}",
            "DROP ROLE hetang_conversion",
            f"ALTER ROLE {ADMINISTRATOR} PASSWORD '{new_password}'",
            *creation(password),
        ):
            connection.execute(statement.encode())
