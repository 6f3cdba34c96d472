"""`hetang`: load disclosures, rebuild their forms, compare published figures with the rebuilt ones.

This module assembles the commands. Each command has its own file, which is imported when the command is used, and
imports what it needs when it runs. So every command answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from loader.cli.console import print_line, print_message
from loader.cli.exits import Exit
from loader.cli.help import CommandGroup
from loader.cli.language import LANGUAGES, choose, translated
from loader.warehouse import server
from loader.warehouse.connection import newest_revision

# command → its module in loader.cli
_MODULES = {
    "answer": "answer",
    "check": "check",
    "compare": "compare",
    "compare-units": "compare_disclosures",
    "compare-years": "compare_disclosures",
    "correct": "correct",
    "db": "db",
    "demo": "demo",
    "execution": "execution",
    "explain": "explain",
    "export": "export",
    "findings": "findings",
    "load": "load",
    "missing": "missing",
    "page": "page",
    "report": "report",
    "superset": "superset",
    "units": "units",
    "withdraw": "withdraw",
}


class _Commands(Mapping[str, click.Command]):
    """The commands by name, each imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        module = import_module(f"loader.cli.{_MODULES[name]}")
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


class Hetang(CommandGroup):
    """Turns database errors and Ctrl-C into the exit codes that scripts can rely on."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        choose(None)
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # names may hold characters that the console lacks
        try:
            code = super().main(*args, **kwargs | {"standalone_mode": False})
            sys.exit(code if isinstance(code, int) else Exit.DONE)
        except click.ClickException as error:
            shown = io.StringIO()
            error.show(shown)
            for line in shown.getvalue().splitlines():
                print_line(line)
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            print_message("interrupted")
            sys.exit(Exit.INTERRUPTED)
        except Exception as error:
            if not _is_database_trouble(error):
                raise
            print_message(str(error))
            sys.exit(Exit.DATABASE)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """The help and the version are printed here."""
        with _no_reader_needed():
            return super().make_context(*args, **kwargs)

    def invoke(self, context: click.Context) -> Any:
        with _no_reader_needed():
            try:
                return super().invoke(context)
            finally:
                sys.stdout.flush()


@contextmanager
def _no_reader_needed() -> Iterator[None]:
    """A closed pipe (`| head`) is not an error: the remaining output is discarded."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(Exit.DONE) from None


def _is_database_trouble(error: Exception) -> bool:
    import psycopg  # slow to import, so only after something has failed

    from loader.warehouse.server_error import ServerError

    return isinstance(error, ServerError | psycopg.Error)


def _print_version(context: click.Context) -> None:
    from importlib.metadata import version

    click.echo(translated(f"hetang {version('hetang')}, schema {newest_revision()}"))
    context.exit()


EXIT_CODES = "\n".join(f"  {code:<5d}{code.meaning}".replace("`", "") for code in Exit)


@click.group(
    cls=Hetang,
    commands=_Commands(),
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"\b\nExit codes:\n{EXIT_CODES}",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=lambda context, _, is_asked: _print_version(context) if is_asked else None,
    help="Show the versions of hetang and of its schema.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, asked: choose(asked),
    help="Language of messages, headings and findings. Default: HETANG_LANG, else the locale.",
)
def main() -> None:
    """Load, check and query departmental budget disclosures (部门预算公开).

    \b
      hetang demo                                   load the sample, show the result
      hetang load samples/                          load documents
      hetang units                                  units that have filed
      hetang missing                                what is missing or contradictory
      hetang report 7 --unit 001001 --year 2024     a form rebuilt from the ledger
      hetang compare --unit 001001 --year 2024      published figures that differ
      hetang explain 001001 2024 3 2010101 basic    where a figure comes from
      hetang check --unit 001001 --year 2024        rules passed and failed
      hetang execution --year 2024                  budget and final account
      hetang page pages/                            HTML pages: open pages/index.html
      hetang export workbooks/                      the official forms as workbooks
      hetang superset hetang.zip                    a dashboard for Superset
      hetang db psql                                query in SQL

    Without DATABASE_URL, hetang runs its own Postgres.
    """
    server.notice = print_message


if __name__ == "__main__":
    main()
