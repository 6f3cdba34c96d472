"""The colours of the objects of a PDF page."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from loader.documents.readers.colour import FAINT, OPAQUE, WHITE, is_coloured
from loader.documents.readers.pdf import calls

_PALE = 0xA0  # the least part of a colour that is pale

_RED, _GREEN, _BLUE, _ALPHA = (ctypes.c_uint() for _ in range(4))
_COLOUR = tuple(map(ctypes.addressof, (_RED, _GREEN, _BLUE, _ALPHA)))


def is_white(item: Any, colour_of: Callable[..., int] = calls.colour_of) -> bool:
    """Whether an object is painted white, or so faintly that nobody sees it."""
    if not colour_of(item, *_COLOUR):
        return False
    return _ALPHA.value < FAINT or (_RED.value >= WHITE and min(_GREEN.value, _BLUE.value) >= WHITE)


def is_pale(item: Any) -> bool:
    """Whether an object is filled with a colour that hardly stands out on paper."""
    if not calls.colour_of(item, *_COLOUR):
        return False
    shown = _ALPHA.value / 255
    return all(255 - shown * (255 - part.value) >= _PALE for part in (_RED, _GREEN, _BLUE))


def is_coloured_object(item: Any, is_filled: bool) -> bool:
    """Whether an object is painted in another colour than black, grey and white."""
    colour_of = calls.colour_of if is_filled else calls.stroke_colour_of
    return bool(colour_of(item, *_COLOUR)) and is_coloured([_RED.value, _GREEN.value, _BLUE.value])


def is_opaque(item: Any) -> bool:
    """Whether nothing is seen through an object."""
    has_colour = calls.colour_of(item, *_COLOUR)
    return bool(has_colour) and _ALPHA.value >= OPAQUE and not calls.shines_through(item)
