"""Pictures in DrawingML, as Word and Excel place them: their size on paper, and what is cut off them."""

from __future__ import annotations

from lxml.etree import _Element as Element

from loader.documents.readers.attribute import whole
from loader.documents.readers.scans.pasted import Crop

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/"
BLIP = f"{DRAWING}main}}blip"
EMU = 12_700  # a point

_EXTENT, _CUT = (f"{DRAWING}main}}{name}" for name in ("ext", "srcRect"))
_SHARE = 100_000  # of a side


def size_of(picture: Element, frame: Element | None) -> tuple[float, float]:
    """How wide and high a picture is, in points: by itself, else by the element that states the size of its frame."""
    extent = next((found for found in picture.iter(_EXTENT) if found.get("cx")), frame)
    if extent is None:
        return 0.0, 0.0
    return (whole(extent.get("cx")) or 0) / EMU, (whole(extent.get("cy")) or 0) / EMU


def crop_of(picture: Element) -> Crop:
    """The shares of a picture that are cut off."""
    cut = next(picture.iter(_CUT), None)
    return within([(whole(cut.get(side)) or 0) / _SHARE if cut is not None else 0.0 for side in "ltrb"])


def within(crop: list[float]) -> Crop:
    """A picture may also be set in from its frame, which cuts off nothing; no more than all can be cut off."""
    left, top, right, bottom = (min(max(0.0, share), 1.0) for share in crop)
    return left, top, right, bottom
