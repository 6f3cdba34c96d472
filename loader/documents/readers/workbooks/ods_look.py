"""The look of cells and texts in an OpenDocument spreadsheet: struck out, white, raised or of no size."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from loader.documents.readers.colour import is_white
from loader.documents.readers.lengths import POINTS

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DISPLAY = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}display"
_STRUCK = tuple(f"{_STYLE}text-line-through-{part}" for part in ("style", "type"))
_LEVEL = frozenset({"", "0%", "0"})  # neither above nor below the line
_FLAT = 2.0  # points; nobody sees a row so low or a column so narrow
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(pt|in|cm|mm|px)$")


@dataclass(frozen=True, slots=True)
class OdsLook:
    """Names of styles by effect: ``struck`` ones hide a text, strike it out or give it the colour of its background;
    ``white`` ones are visible only on ``coloured`` ones; ``raised`` ones raise or lower it; ``flat`` rows and columns
    have no size."""

    struck: set[str] = field(default_factory=set)
    white: set[str] = field(default_factory=set)
    coloured: set[str] = field(default_factory=set)
    raised: set[str] = field(default_factory=set)
    flat: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, styles: Iterable[Element]) -> OdsLook:
        """The effects of the styles of a document. Each may be based on an earlier one. Number formats are styles,
        too."""
        look = cls()
        white_formats: set[str] = set()
        inks: dict[str, str] = {}
        grounds: dict[str, str] = {}
        for style in styles:
            name, parent = style.get(f"{_STYLE}name", ""), style.get(f"{_STYLE}parent-style-name", "")
            if style.tag != f"{_STYLE}style":
                if _is_white_format(style):
                    white_formats.add(name)
                continue
            said = {str(key): str(value) for part in style for key, value in part.attrib.items()}
            ink = inks[name] = said.get(f"{_FO}color", inks.get(parent, "")).lower()
            ground = grounds[name] = said.get(f"{_FO}background-color", grounds.get(parent, "")).lower()
            if ground not in ("", "transparent") and not is_white(ground):
                look.coloured.add(name)
            if is_white(ink) or style.get(f"{_STYLE}data-style-name") in white_formats:
                look.white.add(name)
            strokes = [said[key] for key in _STRUCK if key in said]
            is_struck = any(stroke != "none" for stroke in strokes) if strokes else parent in look.struck
            is_blended = ink == ground and name in look.coloured
            if is_struck or is_blended or said.get(_DISPLAY) == "none" or _is_flat(said.get(f"{_FO}font-size")):
                look.struck.add(name)
            if said.get(f"{_STYLE}text-position", "").partition(" ")[0] not in _LEVEL:
                look.raised.add(name)
            if any(_is_flat(said.get(f"{_STYLE}{size}")) for size in ("row-height", "column-width")):
                look.flat.add(name)
        return look

    def hides(self, style: str, on_colour: bool = False) -> bool:
        """Whether text of a style is invisible."""
        return style in self.struck or (style in self.white and not on_colour and style not in self.coloured)


def _is_white_format(style: Element) -> bool:
    """Whether a number format prints all numbers in white."""
    properties = style.find(f"{_STYLE}text-properties")
    has_others = style.find(f"{_STYLE}map") is not None  # for numbers of another size or sign
    return properties is not None and is_white(properties.get(f"{_FO}color", "")) and not has_others


def _is_flat(size: str | None) -> bool:
    length = _LENGTH.match(size or "")
    return length is not None and float(length[1]) * POINTS[length[2]] < _FLAT
