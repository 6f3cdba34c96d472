"""The exit codes that scripts rely on, each with its meaning."""

from __future__ import annotations

from enum import IntEnum
from typing import NoReturn

import click


class Exit(IntEnum):
    """How a command ends. ``meaning`` is its text in the help and the README."""

    DONE = 0, "done; unchanged documents included"
    NONE_ACCEPTED = 1, "no document was accepted"
    USAGE = 2, "usage error, or nothing is loaded for the unit and year"  # click's own code
    SOME_REJECTED = 3, "some documents were rejected, or most of their tables not understood"
    DIFFERENCES = 4, "differences found by `compare`, errors by `check`, damage by `db check`"
    DATABASE = 5, "database error"
    INTERRUPTED = 130, "interrupted"

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Exit:
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member


class NothingLoaded(click.ClickException):
    """Nothing is current for the unit and year. The command line itself is right, so no usage is printed."""

    exit_code = Exit.USAGE


def end(code: Exit) -> NoReturn:
    """End the command with an exit code."""
    raise click.exceptions.Exit(code)
