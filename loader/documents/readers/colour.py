"""Colours that are invisible on white paper, and opaque areas. Parts and alpha range from 0 to 255."""

from __future__ import annotations

from collections.abc import Sequence

WHITE = 250  # each part of a colour that nobody tells from white
OPAQUE = 250  # alpha: nothing shines through
FAINT = 13  # alpha: less than this is not seen
_COLOURED = 64  # how far the parts of a colour differ that is no grey


def is_coloured(parts: Sequence[float]) -> bool:
    """Whether a colour of three parts is not a grey."""
    return len(parts) == 3 and max(parts) - min(parts) > _COLOURED


def are_white(parts: Sequence[float] | None) -> bool:
    """Whether the parts of a colour, if it is known, are those of white or look like it."""
    return parts is not None and min(parts) >= WHITE


def is_white(code: str) -> bool:
    """Whether a colour (RRGGBB, #RRGGBB or AARRGGBB) is white or looks like it."""
    digits = code.removeprefix("#")
    try:
        return len(digits) in (6, 8) and are_white(bytes.fromhex(digits[-6:]))
    except ValueError:
        return False
