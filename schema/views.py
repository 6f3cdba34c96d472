"""The managed views and functions, one in each file under ``sql/``.

Views are dropped before the migrations and created after them in the same transaction, so a broken view rolls back
everything. If there is nothing to migrate, unchanged views stay. A view of another owner that depends on a managed view
is named in the error, never dropped.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from graphlib import TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from schema.dictionary import Dictionary, Entry
from schema.tables.metadata import SCHEMAS

_VIEW = re.compile(r'create view (?P<schema>\w+)\.(?:"(?P<quoted>[^"]+)"|(?P<name>\w+))', re.IGNORECASE)
_FUNCTION = re.compile(r"create or replace function (?P<schema>\w+)\.(?P<name>\w+)(?P<quoted>)", re.IGNORECASE)

DEPENDENT_OBJECTS_STILL_EXIST = "2BP01"
UNDEFINED_COLUMN = "42703"


class ViewError(Exception):
    """A managed view cannot be dropped or created; the message names the view and the reason."""


@dataclass(frozen=True)
class View:
    """A managed view or function: its qualified name and the statement that creates it."""

    schema: str
    name: str
    sql: str

    @property
    def qualified(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def definition_hash(self) -> str:
        """A hash of the statement without comment lines, so that a changed comment does not count as a change."""
        return hashlib.sha256(re.sub(r"^\s*--.*\n?", "", self.sql, flags=re.MULTILINE).encode()).hexdigest()

    @property
    def names(self) -> set[str]:
        """The qualified names in the statement: the views, tables and functions that it uses, and possibly columns of
        aliases."""
        return set(re.findall(rf"\b(?:{'|'.join(SCHEMAS)})\.\w+", re.sub(r"--[^\n]*", "", self.sql)))


def _sql_files(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            found += _sql_files(entry)
        elif entry.name.endswith(".sql"):
            found.append(entry)
    return found


def _managed(pattern: re.Pattern[str]) -> list[View]:
    """The views, or the functions, among the files of ``sql/``. ViewError if a file contains neither, or another
    name."""
    found = []
    for path in _sql_files(files("sql")):
        statement = path.read_text(encoding="utf-8")
        match = _VIEW.search(statement) or _FUNCTION.search(statement)
        if match is None or (match["name"] and f"{match['name']}.sql" != path.name):
            raise ViewError(
                f"{path.name}: expected one `create view` or `create or replace function` of the file's name"
            )
        if match.re is pattern:
            found.append(View(match["schema"], match["name"] or match["quoted"], statement))
    return found


def managed_views() -> list[View]:
    """All views in the order in which they can be created."""
    views = {view.qualified: view for view in _managed(_VIEW)}
    graph = {name: view.names & views.keys() - {name} for name, view in views.items()}
    return [views[name] for name in TopologicalSorter(graph).static_order()]


def managed_functions() -> list[View]:
    """All functions. Names in their bodies are resolved when they run, so their order does not matter."""
    return _managed(_FUNCTION)


def drop(connection: Connection, keep_unchanged: bool = False) -> list[tuple[str, str]]:
    """Drop the views that the last upgrade created, in reverse order. Returns the rights granted on them, as GRANT
    statements by view.

    With ``keep_unchanged``, only changed views and those that read them are dropped. ViewError names a view of another
    owner that depends on one of them.
    """
    exists = connection.execute(text("select to_regclass('meta.managed_view')")).scalar()
    if exists is None:
        return []
    found = connection.execute(
        text("select view_schema, view_name, definition_hash from meta.managed_view order by position desc")
    ).all()
    known = {f'{schema}."{name}"': definition_hash for schema, name, definition_hash in found}
    stale = _stale(connection, known) if keep_unchanged else set(known)
    grants = _grants(connection, stale)
    for view in known:
        if view not in stale:
            continue
        try:
            connection.execute(text(f"drop view if exists {view}"))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != DEPENDENT_OBJECTS_STILL_EXIST:
                raise
            detail = getattr(getattr(error.orig, "diag", None), "message_detail", None) or str(error.orig)
            name = view.replace('"', "")
            raise ViewError(f"{name} cannot be replaced, another object depends on it: {detail}") from error
        connection.execute(
            text("delete from meta.managed_view where format('%s.\"%s\"', view_schema, view_name) = :view"),
            {"view": view},
        )
    return grants


def _stale(connection: Connection, known: dict[str, str]) -> set[str]:
    """The views that have changed or were removed, and all that read one of them."""
    wanted = {f'{view.schema}."{view.name}"': view.definition_hash for view in managed_views()}
    changed = [view for view, definition_hash in known.items() if wanted.get(view) != definition_hash]
    found = connection.execute(
        text(
            "with recursive stale (oid) as ("
            " select to_regclass(name)::oid from unnest(cast(:changed as text[])) as name"
            " union"
            " select rule.ev_class from stale join pg_depend as reading on reading.refobjid = stale.oid"
            " and reading.refclassid = 'pg_class'::regclass and reading.classid = 'pg_rewrite'::regclass"
            " join pg_rewrite as rule on rule.oid = reading.objid)"
            " select format('%s.\"%s\"', relnamespace::regnamespace, relname)"
            " from stale join pg_class using (oid)"
        ),
        {"changed": changed},
    ).scalars()
    gone = connection.execute(
        text("select name from unnest(cast(:known as text[])) as name where to_regclass(name) is null"),
        {"known": list(known)},
    ).scalars()
    return {*changed, *gone, *found}


def _grants(connection: Connection, names: set[str]) -> list[tuple[str, str]]:
    """The rights of other roles on these views and their columns: view and GRANT statement."""
    rows = connection.execute(
        text(
            "with view as (select oid, relowner, relacl,"
            " format('%s.\"%s\"', relnamespace::regnamespace, relname) as name from pg_class where relkind = 'v'),"
            " granted as ("
            " select name, relowner, null as column_name, entry.*"
            " from view cross join lateral aclexplode(relacl) as entry"
            " union all"
            " select name, relowner, attname, entry.* from view join pg_attribute on attrelid = view.oid"
            " cross join lateral aclexplode(attacl) as entry)"
            " select name, format('grant %s%s on %s to %s%s',"
            " privilege_type, '(' || quote_ident(column_name) || ')', name,"
            " case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end,"
            " case when is_grantable then ' with grant option' end)"
            " from granted where grantee <> relowner and name = any(:names) order by 1, 2"
        ),
        {"names": list(names)},
    ).all()
    return [(name, statement) for name, statement in rows]


def grant(connection: Connection, grants: list[tuple[str, str]]) -> None:
    """Grant the rights on recreated views again, as far as these still exist."""
    for view, statement in grants:
        if connection.execute(text("select to_regclass(:view)"), {"view": view}).scalar() is None:
            continue
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(statement.replace("%", "%%"))
        except DBAPIError as error:
            # the column may no longer exist
            if getattr(error.orig, "sqlstate", None) != UNDEFINED_COLUMN:
                raise


def create(connection: Connection) -> None:
    """Create the missing managed views, write the comments of all views and columns, and record the views."""
    dictionary = Dictionary.load()
    _create_functions(connection)
    kept = set(connection.execute(text("select view_schema || '.' || view_name from meta.managed_view")).scalars())
    connection.execute(text("delete from meta.managed_view"))
    managed = managed_views()
    for view in managed:
        try:
            if view.qualified not in kept:
                connection.exec_driver_sql(view.sql.replace("%", "%%"))
        except DBAPIError as error:
            raise ViewError(f"{view.qualified}: {str(error.orig).strip()}") from error
    cursor = connection.connection.cursor()
    with cursor.copy("copy meta.managed_view (position, view_schema, view_name, definition_hash) from stdin") as copy:
        for position, view in enumerate(managed):
            copy.write_row((position, view.schema, view.name, view.definition_hash))
    try:
        _describe(connection, dictionary)
    except KeyError as error:
        raise ViewError(f"schema/dictionary.csv does not describe {', '.join(error.args)}") from error


def _create_functions(connection: Connection) -> None:
    """Create the functions. They come first, because views may call them. A changed signature needs a migration."""
    connection.execute(text("delete from meta.managed_function"))
    for function in managed_functions():
        try:
            connection.exec_driver_sql(function.sql.replace("%", "%%"))
        except DBAPIError as error:
            raise ViewError(f"{function.qualified}: {str(error.orig).strip()}") from error
        connection.execute(
            text(
                "insert into meta.managed_function (function_schema, function_name, definition_hash)"
                " values (:schema, :name, :hash)"
            ),
            {"schema": function.schema, "name": function.name, "hash": function.definition_hash},
        )


def _describe(connection: Connection, dictionary: Dictionary) -> None:
    """Comment schemas, tables, views and every column of them in one statement, and write meta.data_dictionary."""
    statements = [f"comment on schema {name} is {_quote(meaning)}" for name, meaning in SCHEMAS.items()]
    rows = connection.execute(
        text(
            "select n.nspname, c.relname, c.relkind, a.attname, a.attnum"
            " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
            " where n.nspname = any(:schemas) and c.relkind in ('r', 'p', 'v') and not c.relispartition"
            " order by n.nspname, c.relname, a.attnum"
        ),
        {"schemas": list(SCHEMAS)},
    ).all()
    undescribed: dict[str, None] = {}
    described: list[tuple[str, str, int, str | None, Entry]] = []
    for (schema, relation, kind), columns in groupby(rows, key=lambda row: row[:3]):
        target = f'{schema}."{relation}"'
        try:
            described.append((schema, relation, 0, None, dictionary.relation(schema, relation)))
            statements.append(f"comment on {'view' if kind == 'v' else 'table'} {target} is ")
            statements[-1] += _quote(described[-1][-1].label)
        except KeyError as error:
            undescribed[str(error.args[0])] = None
        for *_, column, position in columns:
            try:
                described.append((schema, relation, position, column, dictionary.column(schema, relation, column)))
                statements.append(f'comment on column {target}."{column}" is {_quote(described[-1][-1].label)}')
            except KeyError as error:
                undescribed[str(error.args[0])] = None
    if undescribed:
        raise KeyError(*undescribed)
    connection.exec_driver_sql(";\n".join(statements).replace("%", "%%"))
    connection.execute(text("delete from meta.data_dictionary"))
    cursor = connection.connection.cursor()
    with cursor.copy(
        "copy meta.data_dictionary (schema_name, relation_name, position, column_name, label, english, meaning,"
        " money_unit, keys, joins, nulls, sums) from stdin"
    ) as copy:
        for *place, entry in described:
            told = (entry.meaning, "万元" * entry.is_money, entry.keys, entry.joins, entry.nulls, entry.sums)
            copy.write_row((*place, entry.label, entry.english, *(value or None for value in told)))


def _quote(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
