"""`hetang db`: the warehouse's database: its server, its address, its backups, its schema."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click

from loader.cli.console import printed, say, warn
from loader.cli.exits import Exit, end
from loader.cli.help import CommandGroup, width_of
from loader.cli.language import heading
from loader.cli.language import value as shown_value
from loader.warehouse import server
from loader.warehouse.clients import psql as become_psql
from loader.warehouse.server import EmbeddedServer
from loader.warehouse.server_error import ServerError

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class DatabaseGroup(CommandGroup):
    """A group whose commands end with exit code 5 and the reason on stderr when the database fails."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ServerError as error:
            say(str(error))
            ctx.exit(Exit.DATABASE)


@click.group(cls=DatabaseGroup)
def db() -> None:
    """Run, reach, back up and upgrade the database.

    Without DATABASE_URL hetang runs a Postgres of its own. It starts when a command needs it, stays up, and
    keeps its data in $HETANG_DATA (else ~/.local/share/hetang). With DATABASE_URL every command uses that
    server instead.

    \b
      hetang db upgrade               bring the tables and views up to date
      hetang db psql                  ask it something
      hetang db url                   the address for BI tools
      hetang db backup 2026.dump      keep a copy
      hetang db check                 verify all that is loaded
      hetang db distribute            spread the tables over a Citus cluster
    """


@db.command()
def start() -> None:
    """Start the server, or attach to it, and print its address.

    \b
      hetang db start
    """
    if url := server.external_url():
        server.status()
        warn("DATABASE_URL is set, and its server answers; there is nothing to start.")
    click.echo(url or EmbeddedServer().start())


@db.command()
def stop() -> None:
    """Stop the server and end its sessions. The next command that needs it starts it again.

    \b
      hetang db stop
    """
    if server.external_url():
        raise ServerError("DATABASE_URL is set: hetang stops only its own server. Unset it to stop that one.")
    warn("stopped" if EmbeddedServer().stop() else "was not running")


@db.command()
@_as_json
def status(as_json: bool) -> None:
    """Say which server it is and whether it answers. Starts nothing.

    \b
      hetang db status
      hetang db status --json
    """
    found = asdict(server.status())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for name, value in found.items():
            if value is not None:
                words = heading(name)
                shown = shown_value(name, value)
                click.echo(f"{words}{' ' * (10 - width_of(words))}{printed(shown)}")


@db.command()
@click.option("--read-only", is_flag=True, help="The address of a role that may read and nothing else.")
@_as_json
def url(read_only: bool, as_json: bool) -> None:
    """Print the address, with its password, for BI tools and scripts. Starts the server if need be.

    Every user of this machine can read the command lines of programs: give it to them in the environment or in a
    file. `hetang db psql` does so.

    \b
      hetang db url
      hetang db url --read-only
      DATABASE_URL=$(hetang db url) python report.py
    """
    if read_only:
        from loader.warehouse.connection import connect
        from loader.warehouse.readers import read_only_url  # imports psycopg

        if server.external_url() is None:
            connect().close()  # the tables are there before somebody may read them
        address = read_only_url()
    else:
        address = server.database_url()
    click.echo(json.dumps({"url": address}) if as_json else address)


@db.command("grant-reader")
@click.argument("name")
@click.option("--analyst", is_flag=True, help="Tables as well (budget, filed), for people who write SQL.")
def grant_reader(name: str, analyst: bool) -> None:
    """Let the role NAME read the views, for a BI tool or a person; make it, with a password, if it is not there.

    Its queries end after five minutes and change nothing. Views of later upgrades are readable, too. On a server of
    yours the role of DATABASE_URL must be allowed to make roles, or NAME be there already.

    \b
      hetang db grant-reader superset
      hetang db grant-reader li --analyst
    """
    from loader.warehouse import readers
    from loader.warehouse.connection import connect

    connect().close()  # the tables are there before somebody may read them
    password = readers.grant_reader(name, analyst)
    if password is not None:
        click.echo(f"{name} {password}")
    say(f"{name} may read" if password else f"{name} may read; its password stays as it is")


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql on the warehouse; what follows goes to psql.

    \b
      hetang db psql
      hetang db psql -c "select * from report.r01"
      hetang db psql --csv -f query.sql -o result.csv
    """
    become_psql(server.database_url(), arguments)


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a backup of the whole warehouse into FILE (the custom format of pg_dump), which only you may read.

    \b
      hetang db backup 2026-03-01.dump
    """
    from loader.warehouse import backup as backups  # imports psycopg

    backups.backup(server.database_url(), file)
    warn(f"Backup written: {file} ({file.stat().st_size:,} bytes)")


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a warehouse that holds data.")
def restore(file: Path, force: bool) -> None:
    """Restore the warehouse from a backup FILE.

    The backup goes into a fresh database, which takes the present one's place when it is complete: a damaged
    file, or one that is no warehouse, changes nothing. Open sessions are ended. Settings of the database and what was
    granted on it stay; grants on its tables and views have to be given again.

    \b
      hetang db restore 2026-03-01.dump
      hetang db restore --force 2026-03-01.dump
      hetang db upgrade
    """
    from loader.warehouse import backup as backups  # imports psycopg

    for statement in backups.restore(server.database_url(), file, force):
        say(f"this role may not do so, ask the administrator of the server: {statement}")
    warn(f"Restored from {file}. Next: hetang db upgrade")


def _compared(done: int, count: int) -> None:
    warn(f"compared {done:,} of {count:,} disclosures anew")


@db.command()
def upgrade() -> None:
    """Bring tables, codes and views to the version of this program, in one transaction.

    \b
      hetang db upgrade
    """
    from loader.warehouse.connection import connect
    from loader.warehouse.statistics import refresh_statistics
    from schema.migrate import MigrationError, upgrade  # sqlalchemy and alembic, slow to import

    try:
        upgrade(server.database_url(), tell=_compared)
    except MigrationError as error:
        raise ServerError(str(error)) from error
    # tables that a migration filled are unknown to the planner
    with connect() as connection:
        refresh_statistics(connection)
    warn("The warehouse is up to date.")


@db.command()
@_as_json
def check(as_json: bool) -> None:
    """Verify every disclosure in the warehouse, after a crash or a restore. Changes nothing.

    Forms, cells and ledger lines must all be there and belong together, the right revisions be current, and the stored
    comparisons and the facts of mart be those of the cells and ledgers. Lists what is wrong, and ends with exit code 4
    if anything is.

    \b
      hetang db check
      hetang db check --json
    """
    from loader.cli.console import print_table
    from loader.warehouse.check import Trouble, read_by_older_releases
    from loader.warehouse.check import check as find_trouble
    from loader.warehouse.connection import connect

    with connect() as connection:
        found = [asdict(trouble) for trouble in find_trouble(connection)]
        older = [asdict(trouble) for trouble in read_by_older_releases(connection)]
    if as_json:
        click.echo(json.dumps(found + older, ensure_ascii=False, indent=1))
    elif found or older:
        print_table([each.name for each in fields(Trouble)], [list(each.values()) for each in found + older])
    if older:
        say(f"{len(older)} disclosures were read by older releases; `hetang load --again` reads them anew")
    say(f"{len(found)} problems found" if found else "the warehouse is whole")
    if found:
        end(Exit.DIFFERENCES)


@db.command()
def distribute() -> None:
    """Spread the tables over the workers of a Citus cluster, so that each division lies on one of them.

    DATABASE_URL names the coordinator. What is loaded already goes along. Doing it again changes nothing; do it
    again after an upgrade that adds tables.

    \b
      hetang db upgrade
      hetang db distribute
    """
    import psycopg

    from loader.warehouse.connection import connect
    from schema.distribution import DistributionError
    from schema.distribution import distribute as distribute_tables

    try:
        connect().close()  # the tables are there before they are distributed
        changed = distribute_tables(server.database_url())
    except DistributionError as error:
        raise ServerError(str(error)) from error
    except psycopg.Error as error:
        raise ServerError(f"the tables cannot be distributed: {error}") from error
    if changed:
        click.echo("\n".join(changed))
    else:
        warn("All tables are distributed already.")
