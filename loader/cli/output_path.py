"""Files and folders that commands write: a place where nothing can be written is told in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """UsageError if ``path``, or what is beneath it, cannot be written."""
    try:
        yield
    except Exception as error:
        # xlsxwriter raises an error of its own, around that of the system
        cause = next((one for one in (error, *error.args) if isinstance(one, OSError)), None)
        if cause is None or isinstance(cause, BrokenPipeError):
            raise
        raise click.UsageError(f"cannot write {cause.filename or path}: {cause.strerror or cause}") from error
