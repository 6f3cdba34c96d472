"""Pictures in the text of Word, in DrawingML and in the older VML: how large each is on paper, and its content."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml.etree import _Element as Element

from loader.documents.readers.lengths import POINTS
from loader.documents.readers.scans.drawing import BLIP, DRAWING, crop_of, size_of, within
from loader.documents.readers.scans.pasted import Crop
from loader.documents.readers.word.package import RELATIONS

_PICTURE = f"{DRAWING}picture}}pic"
_PLACED = frozenset(f"{DRAWING}wordprocessingDrawing}}{name}" for name in ("inline", "anchor"))
_ANCHOR_EXTENT, _ANCHOR_TEXT = (f"{DRAWING}wordprocessingDrawing}}{name}" for name in ("extent", "docPr"))
_VML = "{urn:schemas-microsoft-com:vml}"
_IMAGE = f"{_VML}imagedata"
PICTURES = frozenset({BLIP, _IMAGE})

_LENGTH = re.compile(r"(?<![\w-])(width|height):\s*(\d{1,9}(?:\.\d+)?|\.\d+)(pt|in|cm|mm|px)")
_SHARE_OF_SIDE = re.compile(r"(-?(?:\d{1,9}(?:\.\d+)?|\.\d+))(f?)")
_HIDDEN = re.compile(r"visibility:\s*hidden")


class Picture(NamedTuple):
    """A picture as it is shown: the relation to its content, and its size in points."""

    key: str
    across: float
    down: float
    crop: Crop


def picture_of(element: Element) -> Picture | None:
    """What a picture shows, by the element that names its content; None if it is hidden or states no size."""
    return _of_drawing(element) if element.tag == BLIP else _of_vml(element)


def _of_drawing(blip: Element) -> Picture | None:
    placed = next((outer for outer in blip.iterancestors() if outer.tag in _PLACED), None)
    if placed is None or any(named.get("hidden") in ("1", "true") for named in placed.iterfind(_ANCHOR_TEXT)):
        return None
    picture = next((outer for outer in blip.iterancestors(_PICTURE)), placed)
    across, down = size_of(picture, placed.find(_ANCHOR_EXTENT))
    return Picture(blip.get(f"{RELATIONS}embed", ""), across, down, crop_of(picture))


def _of_vml(data: Element) -> Picture | None:
    shape = data.getparent()
    style = "" if shape is None else shape.get("style", "")
    sizes = {side: float(number) * POINTS[unit] for side, number, unit in _LENGTH.findall(style)}
    if _HIDDEN.search(style) or len(sizes) < 2:
        return None
    crop = [_share(data.get(f"crop{side}", "0")) for side in ("left", "top", "right", "bottom")]
    return Picture(data.get(f"{RELATIONS}id", ""), sizes["width"], sizes["height"], within(crop))


def _share(text: str) -> float:
    """A share of a side: a number, or one in 65536ths with an f behind it."""
    found = _SHARE_OF_SIDE.fullmatch(text)
    return float(found[1]) / (65_536 if found[2] else 1) if found else 0.0
