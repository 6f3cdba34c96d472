"""How styles of workbooks state flags, sizes and colours of letters."""

from __future__ import annotations

from lxml.etree import _Element as Element

from loader.documents.readers.colour import is_white

_INDEXED_WHITE = frozenset({"1", "9", "65"})
_COLOURS, _USUAL = frozenset({"rgb", "indexed", "theme"}), "64"
_TINY = 2.0  # points; nobody sees letters so small


def is_on(flag: Element | None) -> bool:
    return flag is not None and flag.get("val", "1") not in ("0", "false")


def is_white_ink(colour: Element | None) -> bool:
    return colour is not None and (
        is_white(colour.get("rgb", ""))
        or colour.get("indexed") in _INDEXED_WHITE
        or (colour.get("theme") == "0" and float(colour.get("tint", 0)) >= 0)
    )


def is_tiny(size: Element | None) -> bool:
    return size is not None and float(size.get("val", _TINY)) < _TINY


def colour_of(stated: Element | None) -> tuple[str, ...] | None:
    """A colour as stated, for comparison; None for the default one of letters and backgrounds."""
    if stated is None or stated.get("indexed") == _USUAL or not _COLOURS.intersection(stated.keys()):
        return None
    return stated.get("rgb", "")[-6:].upper(), *(stated.get(name, "") for name in ("indexed", "theme", "tint"))
