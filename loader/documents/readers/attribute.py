"""Numbers in attributes of XML."""

from __future__ import annotations


def whole(value: str | None) -> int | None:
    """A number of an attribute that is not negative."""
    return int(value[:9]) if value and value.isascii() and value.isdigit() else None
