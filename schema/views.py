"""The managed views: every file under ``sql/`` is one view, created anew at each upgrade.

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
from schema.forms import FORMS
from schema.report_columns import report_labels
from schema.tables.metadata import SCHEMAS

_CREATE = re.compile(r"create\s+view\s+(\w+)\.(\w+)", re.IGNORECASE)


class ViewError(Exception):
    """A managed view cannot be dropped or created; the message names the view and the reason."""


@dataclass(frozen=True)
class View:
    """A managed view: its qualified name and the statement that creates it."""

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


def managed_views() -> list[View]:
    """All views in the order in which they can be created."""
    views: dict[str, View] = {}
    for path in _sql_files(files("sql")):
        statement = path.read_text(encoding="utf-8")
        match = _CREATE.search(statement)
        if match is None or f"{match[2]}.sql" != path.name:
            raise ViewError(f"{path.name}: expected one `create view` of the file's own name")
        view = View(match[1], match[2], statement)
        views[view.qualified] = view
    for view in chinese_views():
        views[view.qualified] = view
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


def chinese_views() -> list[View]:
    """``report_zh``: the reports under their official Chinese names, for people who read column headings.

    Names begin with the number of the form and stay under 63 bytes, where Postgres cuts identifiers.
    """
    views = []
    for form in FORMS.values():
        labels = report_labels(form)
        pairs = ",\n    ".join(f'{column} as "{label}"' for column, label in labels.items())
        name = f"{form.report_no:02d}{form.short_title}"
        if len(name.encode()) > 63:
            raise ViewError(f"report_zh.{name}: longer than 63 bytes")
        views.append(
            View(
                "report_zh",
                name,
                f'create view report_zh."{name}" as\nselect\n    {pairs}\nfrom report.r{form.report_no:02d}\n',
            )
        )
    return views


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
    return {definition_hash for _, _, definition_hash in found}


def create(connection: Connection) -> set[str]:
    """Create all managed views, comment them and their columns, and remember them; the hashes of their definitions."""
    dictionary = Dictionary.load()
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
        raise ViewError(f"the dictionary (schema/dictionary.csv) does not describe {error}") from error
    return {view.definition_hash for view in managed_views()}


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
    seen: set[tuple[str, str]] = set()
    for schema, relation, kind, column in rows:
        target = f'{schema}."{relation}"'
        if (schema, relation) not in seen:
            seen.add((schema, relation))
            word = "view" if kind == "v" else "table"
            statements.append(f"comment on {word} {target} is {_quote(dictionary.relation(schema, relation))}")
        statements.append(
            f'comment on column {target}."{column}" is {_quote(dictionary.column(schema, relation, column))}'
        )
    connection.exec_driver_sql(";\n".join(statements).replace("%", "%%"))


def _quote(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
