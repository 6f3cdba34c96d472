"""Alembic's environment: ``upgrade`` drops the managed views, migrates and creates them from ``sql/`` again,
all in one transaction. If there is nothing to migrate, the views whose definition is unchanged stay. ``downgrade``
drops them, since they belong to the newest schema. The other commands leave the views alone."""

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, text

from schema import distribution, migrate, reference_data, stored_comparison, stored_facts, views
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


def _lock(connection: Connection) -> None:
    """One upgrade at a time. Its turn may take long to come; every other lock must come soon, see migrate.upgrade."""
    connection.execute(text(f"set local lock_timeout = {migrate.PATIENCE * 1000:.0f}"))
    connection.execute(text(f"select pg_advisory_xact_lock({migrate.UPGRADE_LOCK})"))
    connection.execute(text(f"set local lock_timeout = {migrate.SHORT * 1000:.0f}"))


def _require_utf8(connection: Connection) -> None:
    encoding = connection.execute(text("show server_encoding")).scalar()
    if encoding != "UTF8":
        raise CommandError(f"the database is encoded in {encoding}, a warehouse needs one in UTF8")


def _require_known(found: str | None) -> None:
    """CommandError if a newer program has made the schema."""
    head = context.get_head_revision()
    if found is not None and head is not None and found > str(head):
        raise CommandError(f"the database has schema {found}, this program knows {head} and none later: upgrade hetang")


def _run(connection: Connection) -> bool:
    """Run the command; whether it has written the reference data."""
    _lock(connection)
    _require_utf8(connection)
    connection.execute(text("create schema if not exists meta"))
    _configure(connection)
    found = context.get_context().get_current_revision()
    is_upgrade = _command() == "upgrade"
    is_newest = found == context.get_head_revision()
    if is_upgrade:
        _require_known(found)
        if is_newest and context.config.attributes.get("only_new"):
            return False
    if _command() == "downgrade":
        views.drop(connection)
    if not is_upgrade:
        context.run_migrations()
        return False
    before = stored_comparison.basis(connection)
    grants = views.drop(connection, keep_unchanged=is_newest)
    context.run_migrations()
    reference_data.write(connection)
    views.create(connection)
    distribution.plan_for_each_division(connection)
    reference_data.settle_subjects(connection)
    views.grant(connection, grants)
    stored_facts.refresh(connection, anew=not is_newest)
    changed = stored_comparison.change(before, stored_comparison.basis(connection))
    stored_comparison.refresh(connection, changed, context.config.attributes["progress"])
    return True


engine = engine_for(context.config.attributes["url"])
try:
    with engine.begin() as connection:
        has_written = _run(connection)
    if has_written:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            reference_data.analyze(connection)
finally:
    engine.dispose()
