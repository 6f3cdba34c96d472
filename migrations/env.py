"""Alembic's environment: ``upgrade`` drops the managed views, migrates and creates them from ``sql/`` again,
all in one transaction. ``downgrade`` drops them, since they belong to the newest schema. The other commands leave the
views alone."""

from alembic import context
from sqlalchemy import Connection, text

from schema import reference_data, views
from schema.migrate import engine_for
from schema.tables import metadata


def _include(obj: object, name: str | None, type_: str, reflected: bool, compare_to: object) -> bool:
    """Partitions and alembic's own table are not part of the metadata."""
    return not (type_ == "table" and reflected and compare_to is None)


def _command() -> str:
    """upgrade, downgrade, or another command of alembic."""
    return getattr(context.get_context().opts.get("fn"), "__name__", "")


def _configure(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_schemas=True,
        include_object=_include,
        version_table="alembic_version",
        version_table_schema="meta",
        compare_server_default=False,
    )


def _run(connection: Connection) -> None:
    connection.execute(text("set lock_timeout = '30s'"))
    connection.execute(text("create schema if not exists meta"))
    connection.execute(text("select pg_advisory_xact_lock(hashtext('hetang upgrade'))"))
    _configure(connection)
    before = views.drop(connection) if _command() in ("upgrade", "downgrade") else set()
    context.run_migrations()
    if _command() == "upgrade":
        reference_data.write(connection)
        after = views.create(connection)
        if before and before != after:
            views.refresh_comparisons(connection)


engine = engine_for(context.config.attributes["url"])
with engine.begin() as connection:
    _run(connection)
if _command() == "upgrade":
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        reference_data.analyze(connection)
engine.dispose()
