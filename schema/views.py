"""The managed views and functions: every file under ``sql/`` is one of them, created anew at each upgrade.

They are dropped before the migrations and created after them in the same transaction, so a broken view rolls back
everything. A view of somebody else's that depends on one of ours is named, never dropped with it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from graphlib import TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from schema.dictionary import Dictionary
from schema.tables.metadata import SCHEMAS

_VIEW = re.compile(r'create view (?P<schema>\w+)\.(?:"(?P<quoted>[^"]+)"|(?P<name>\w+))', re.IGNORECASE)
_FUNCTION = re.compile(r"create or replace function (?P<schema>\w+)\.(?P<name>\w+)(?P<quoted>)", re.IGNORECASE)


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
        return hashlib.sha256(self.sql.encode()).hexdigest()


def _sql_files(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            found += _sql_files(entry)
        elif entry.name.endswith(".sql"):
            found.append(entry)
    return found


def _managed(pattern: re.Pattern[str]) -> list[View]:
    """The views, or the functions, among the files of ``sql/``. ViewError if a file holds neither, or another name."""
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
    code_only = {name: re.sub(r"--[^\n]*", "", view.sql) for name, view in views.items()}
    graph = {
        name: {
            other
            for other in set(re.findall(r"\b(?:budget|filed|report|report_zh|mart|meta)\.\w+", code_only[name]))
            if other in views and other != name
        }
        for name in views
    }
    return [views[name] for name in TopologicalSorter(graph).static_order()]


def managed_functions() -> list[View]:
    """All functions; what their bodies name is looked up when they run, so their order does not matter."""
    return _managed(_FUNCTION)


def drop(connection: Connection) -> set[str]:
    """Drop the views that the last upgrade created, the latest first; the hashes of their definitions.

    Raises ViewError, naming it, where somebody else's view depends on one of them.
    """
    exists = connection.execute(text("select to_regclass('meta.managed_view')")).scalar()
    if exists is None:
        return set()
    found = connection.execute(
        text("select view_schema, view_name, definition_hash from meta.managed_view order by position desc")
    ).all()
    for schema, name, _ in found:
        try:
            connection.execute(text(f'drop view if exists {schema}."{name}"'))
        except DBAPIError as error:
            diagnostic = getattr(error.orig, "diag", None)
            detail = getattr(diagnostic, "message_detail", None) or str(error.orig)
            raise ViewError(f"{schema}.{name} cannot be replaced, another object depends on it: {detail}") from error
    connection.execute(text("delete from meta.managed_view"))
    return {definition_hash for _, _, definition_hash in found} | _function_hashes(connection)


def _function_hashes(connection: Connection) -> set[str]:
    if connection.execute(text("select to_regclass('meta.managed_function')")).scalar() is None:
        return set()
    return set(connection.execute(text("select definition_hash from meta.managed_function")).scalars())


def create(connection: Connection) -> set[str]:
    """Create all managed views, comment them and their columns, and remember them; the hashes of their definitions."""
    dictionary = Dictionary.load()
    _create_functions(connection)
    for position, view in enumerate(managed_views()):
        try:
            connection.exec_driver_sql(view.sql.replace("%", "%%"))
        except DBAPIError as error:
            raise ViewError(f"{view.qualified}: {str(error.orig).strip()}") from error
        connection.execute(
            text(
                "insert into meta.managed_view (position, view_schema, view_name, definition_hash)"
                " values (:position, :schema, :name, :hash)"
            ),
            {"position": position, "schema": view.schema, "name": view.name, "hash": view.definition_hash},
        )
    try:
        _comment(connection, dictionary)
    except KeyError as error:
        raise ViewError(f"schema/dictionary.csv does not describe {', '.join(error.args)}") from error
    return {view.definition_hash for view in (*managed_views(), *managed_functions())}


def _create_functions(connection: Connection) -> None:
    """Views may call them, so they come first; one that takes or returns something else needs a migration."""
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


def refresh_comparisons(connection: Connection) -> None:
    """Compute the stored comparisons of all current disclosures again, because a view has changed."""
    connection.execute(
        text(
            "select report.store_comparison(division_code, array_agg(disclosure_id))"
            " from (select division_code, disclosure_id,"
            " row_number() over (partition by division_code order by disclosure_id) / 200 as batch"
            " from budget.disclosure where is_current) as current group by division_code, batch"
        )
    )


def _comment(connection: Connection, dictionary: Dictionary) -> None:
    """Comment schemas, tables, views and every column of them in one statement a kind."""
    statements = [f"comment on schema {name} is {_quote(meaning)}" for name, meaning in SCHEMAS.items()]
    rows = connection.execute(
        text(
            "select n.nspname, c.relname, c.relkind, a.attname"
            " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
            " where n.nspname = any(:schemas) and c.relkind in ('r', 'p', 'v') and not c.relispartition"
            " order by n.nspname, c.relname, a.attnum"
        ),
        {"schemas": list(SCHEMAS)},
    ).all()
    undescribed: dict[str, None] = {}
    seen: set[tuple[str, str]] = set()
    for schema, relation, kind, column in rows:
        target = f'{schema}."{relation}"'
        try:
            if (schema, relation) not in seen:
                seen.add((schema, relation))
                word = "view" if kind == "v" else "table"
                statements.append(f"comment on {word} {target} is {_quote(dictionary.relation(schema, relation))}")
            comment = dictionary.column(schema, relation, column)
            statements.append(f'comment on column {target}."{column}" is {_quote(comment)}')
        except KeyError as error:
            undescribed[str(error.args[0])] = None
    if undescribed:
        raise KeyError(*undescribed)
    connection.exec_driver_sql(";\n".join(statements).replace("%", "%%"))


def _quote(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
