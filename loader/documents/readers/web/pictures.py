"""Pictures of a web page: their size on the screen, and their content if it is in the page or in its archive."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from lxml.etree import _Element as Element

from loader.documents.grid import Row
from loader.documents.readers.lengths import POINTS
from loader.documents.readers.scans.pasted import PastedPictures, is_large
from loader.documents.readers.scans.picture_size import pixels_of

Contents = Callable[[str], bytes | None]  # of the parts of an archive, by the address of a picture

_LENGTH = re.compile(r"\s*(\d{1,5}(?:\.\d{1,4})?)\s*(px|pt|cm|mm|in)?\s*")
_STYLE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([^;!]{1,20})", re.IGNORECASE)
_WITHIN = re.compile(r"\s*data:image/[\w.+-]{1,40}(?:;[\w=.-]{1,40})*?(;base64)?,", re.IGNORECASE)


class _Stated(NamedTuple):
    """What a page states of the size of a picture, in points."""

    across: float | None
    down: float | None


@dataclass(slots=True)
class PagePictures:
    """Reads the pictures of one page."""

    contents: Contents
    pasted: PastedPictures = field(default_factory=PastedPictures)

    def rows_of(self, picture: Element) -> tuple[Row, ...]:
        """The rows of a picture of a table, numbered from 1. What is not in the document is counted if the page states
        that it is large."""
        content = self._content(picture.get("src", ""))
        across, down = _size(_stated(picture), content)
        if not is_large(across, down):
            return ()
        return self.pasted.rows_of(lambda: content, across)

    def _content(self, address: str) -> bytes | None:
        within = _WITHIN.match(address)
        if within is None:
            return self.contents(address.strip())
        stored = unquote_to_bytes(address[within.end() :])
        if within[1] is None:
            return stored
        try:
            return binascii.a2b_base64(stored)
        except binascii.Error:
            return None


def _stated(picture: Element) -> _Stated:
    said = {name: picture.get(name, "") for name in ("width", "height")}
    said |= {name.lower(): value for name, value in _STYLE.findall(picture.get("style", ""))}
    across, down = (_points(said[name]) for name in ("width", "height"))
    return _Stated(across, down)


def _points(length: str) -> float | None:
    found = _LENGTH.fullmatch(length.lower())
    return float(found[1]) * POINTS[found[2] or "px"] if found else None


def _size(stated: _Stated, content: bytes | None) -> tuple[float, float]:
    """The size of a picture in points. A side that is not stated follows from the other one and the pixels."""
    across, down = stated
    pixels = None if content is None else pixels_of(content)
    if pixels is None or not all(pixels):
        # a picture in the document whose size nothing tells may be as wide as a page
        unknown = 0.0 if content is None else 595.0
        return unknown if across is None else across, unknown if down is None else down
    wide, high = pixels
    if across is None:
        across = POINTS["px"] * wide if down is None else down * wide / high
    return across, across * high / wide if down is None else down
