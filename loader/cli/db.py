"""`hetang db`: server, address, backups and schema of the database."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click

from loader.cli.console import print_line, print_message, printed
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
    """If the database fails, the commands of this group end with exit code 5 and the reason on stderr."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ServerError as error:
            print_message(str(error))
            ctx.exit(Exit.DATABASE)


@click.group(cls=DatabaseGroup)
def db() -> None:
    """Start, stop, back up, restore and upgrade the database.

    Without DATABASE_URL, hetang runs its own Postgres. It starts when a command needs it and keeps running. Its data is
    in $HETANG_DATA (default ~/.local/share/hetang). With DATABASE_URL, every command uses that server.

    \b
      hetang db upgrade               update tables, codes and views
      hetang db psql                  query in SQL
      hetang db url                   address for BI tools
      hetang db backup 2026.dump      write a backup
      hetang db check                 verify all loaded data
      hetang db distribute            distribute the tables over a Citus cluster
    """


@db.command()
def start() -> None:
    """Start the server if it is not running; print its address.

    \b
      hetang db start
    """
    if url := server.external_url():
        server.status()
        print_line("DATABASE_URL is set, and its server answers; there is nothing to start.")
    click.echo(url or EmbeddedServer().start())


@db.command()
def stop() -> None:
    """Stop the server and end its sessions. The next command that needs it starts it again.

    \b
      hetang db stop
    """
    if server.external_url():
        raise ServerError("DATABASE_URL is set: hetang stops only its own server. Unset it to stop that one.")
    print_line("stopped" if EmbeddedServer().stop() else "was not running")


@db.command()
@_as_json
def status(as_json: bool) -> None:
    """Show which server is used and whether it answers. Starts nothing.

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
@click.option("--read-only", is_flag=True, help="Print the address of a read-only role.")
@_as_json
def url(read_only: bool, as_json: bool) -> None:
    """Print the address of the database, with its password. Starts the server if necessary.

    For BI tools and scripts. All users of this machine can see the arguments of commands, so pass the address in the
    environment or in a file, as `hetang db psql` does.

    \b
      hetang db url
      hetang db url --read-only
      DATABASE_URL=$(hetang db url) python report.py
    """
    if read_only:
        from loader.warehouse.connection import connect
        from loader.warehouse.readers import read_only_url  # imports psycopg

        if server.external_url() is None:
            connect().close()  # creates the tables before somebody may read them
        address = read_only_url()
    else:
        address = server.database_url()
    click.echo(json.dumps({"url": address}) if as_json else address)


_NAME = re.compile(r"[^\W\d][\w.@-]*")
_LONGEST = 63  # bytes of a name in Postgres, which cuts longer ones
_NO_NAMES = ("public", "none", "current_role", "current_user", "session_user")  # Postgres means others by them


def _role_name(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """The name of a role that needs no care wherever it is written: in addresses, in SQL, in psql."""
    if not _NAME.fullmatch(value):
        raise click.BadParameter(
            f"{value!r}, expected a name that begins with a letter and has only letters, digits and the characters"
            " _ - . @"
        )
    if len(value.encode()) > _LONGEST:
        raise click.BadParameter(f"{value!r} has {len(value.encode())} bytes, Postgres allows {_LONGEST}")
    if value.lower().startswith("pg_") or value.lower() in _NO_NAMES:
        raise click.BadParameter(f"{value!r} is reserved by Postgres, choose another name")
    return value


@db.command("grant-reader")
@click.argument("name", callback=_role_name)
@click.option("--analyst", is_flag=True, help="Also let it read the tables (budget, filed), for people who write SQL.")
@click.option("--new-password", is_flag=True, help="Give a role that exists a new password, if its own is lost.")
def grant_reader(name: str, analyst: bool, new_password: bool) -> None:
    """Let the role NAME read the views.

    For a BI tool or a person. The role is created, with a password, if it does not exist. Its queries can change
    nothing and end after five minutes. It can read the views of later upgrades, too. On your own server, the role of
    DATABASE_URL must be allowed to create roles, or NAME must exist.

    \b
      hetang db grant-reader superset
      hetang db grant-reader li --analyst
    """
    from loader.warehouse import readers
    from loader.warehouse.connection import connect

    connect().close()  # creates the tables before somebody may read them
    password = readers.grant_reader(name, analyst, new_password)
    if password is not None:
        click.echo(f"{name} {password}")
    print_message(f"{name} can read the views" if password else f"{name} can read the views; its password is unchanged")


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql on the warehouse. All arguments go to psql.

    \b
      hetang db psql
      hetang db psql -c "select * from report.r01"
      hetang db psql --csv -f query.sql -o result.csv
    """
    become_psql(server.database_url(), arguments)


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a backup of the whole warehouse to FILE.

    The format is the custom format of pg_dump. Only you can read the file.

    \b
      hetang db backup 2026-03-01.dump
    """
    from loader.warehouse import backup as backups  # imports psycopg

    backups.backup(server.database_url(), file)
    print_line(f"Backup written: {file} ({file.stat().st_size:,} bytes)")


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a warehouse that contains data.")
def restore(file: Path, force: bool) -> None:
    """Restore the warehouse from a backup FILE.

    The backup is restored into a new database, which replaces the current one when it is complete. A damaged file, or
    one that is not a warehouse, changes nothing. Open sessions are ended. Settings of the database and rights on it are
    kept; rights on its tables and views must be granted again.

    \b
      hetang db restore 2026-03-01.dump
      hetang db restore --force 2026-03-01.dump
      hetang db upgrade
    """
    from loader.warehouse import backup as backups  # imports psycopg

    for statement in backups.restore(server.database_url(), file, force):
        print_message(f"no permission; ask the administrator of the server to run: {statement}")
    print_line(f"Restored from {file}. Next: hetang db upgrade")


def _compared(done: int, count: int) -> None:
    print_line(f"compared {done:,} of {count:,} disclosures again")


@db.command()
def upgrade() -> None:
    """Update tables, codes and views to this version of hetang.

    Runs in one transaction.

    \b
      hetang db upgrade
    """
    from loader.warehouse.connection import connect
    from loader.warehouse.statistics import refresh_statistics
    from schema.migrate import MigrationError, upgrade  # sqlalchemy and alembic, slow to import

    try:
        upgrade(server.database_url(), progress=_compared)
    except MigrationError as error:
        raise ServerError(str(error)) from error
    # the planner has no statistics of tables that a migration filled
    with connect() as connection:
        refresh_statistics(connection)
    print_line("The warehouse is up to date.")


@db.command()
@_as_json
def check(as_json: bool) -> None:
    """Verify all loaded data, after a crash or a restore. Changes nothing.

    Checks that forms, cells and ledger lines are complete and belong together, that the right revisions are current,
    and that the stored comparisons and the facts of mart match the cells and ledgers. Lists the problems, and ends with
    exit code 4 if there are any.

    \b
      hetang db check
      hetang db check --json
    """
    from loader.cli.console import print_table
    from loader.warehouse.check import Problem, read_by_older_releases
    from loader.warehouse.check import check as find_problems
    from loader.warehouse.connection import connect

    with connect() as connection:
        found = [asdict(problem) for problem in find_problems(connection)]
        older = [asdict(problem) for problem in read_by_older_releases(connection)]
    if as_json:
        click.echo(json.dumps(found + older, ensure_ascii=False, indent=1))
    elif found or older:
        print_table([each.name for each in fields(Problem)], [list(each.values()) for each in found + older])
    if older:
        print_message(f"disclosures read by older releases: {len(older)}; `hetang load --again` reads them again")
    print_message(f"problems found: {len(found)}" if found else "no problems found")
    if found:
        end(Exit.DIFFERENCES)


@db.command()
def distribute() -> None:
    """Distribute the tables over the workers of a Citus cluster.

    Each division is stored on one worker. DATABASE_URL must name the coordinator. Loaded data is moved, too. Running it
    again changes nothing; run it again after an upgrade that adds tables.

    \b
      hetang db upgrade
      hetang db distribute
    """
    import psycopg

    from loader.warehouse.connection import connect
    from schema.distribution import DistributionError
    from schema.distribution import distribute as distribute_tables

    try:
        connect().close()  # creates the tables before they are distributed
        changed = distribute_tables(server.database_url())
    except DistributionError as error:
        raise ServerError(str(error)) from error
    except psycopg.Error as error:
        raise ServerError(f"the tables cannot be distributed: {error}") from error
    if changed:
        click.echo("\n".join(changed))
    else:
        print_line("All tables are distributed already.")
