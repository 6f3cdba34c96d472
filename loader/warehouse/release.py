"""Which release of the program this is."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version


@cache
def release() -> str:
    """The version of the program, read once."""
    return version("hetang")
