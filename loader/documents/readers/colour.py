"""Colours that nobody sees on white paper."""

from __future__ import annotations

_WHITE = 250  # of 255


def is_white(code: str) -> bool:
    """Whether a colour (RRGGBB, #RRGGBB or AARRGGBB) is white, or so nearly that nobody tells them apart."""
    digits = code.removeprefix("#")
    try:
        return len(digits) in (6, 8) and min(bytes.fromhex(digits[-6:])) >= _WHITE
    except ValueError:
        return False
