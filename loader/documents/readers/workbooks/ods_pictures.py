"""Pictures on the sheets of an OpenDocument spreadsheet."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from lxml.etree import _Element as Element

from loader.documents.grid import DocumentError
from loader.documents.readers.lengths import POINTS
from loader.documents.readers.package import Package
from loader.documents.readers.workbooks.sheet_pictures import USUAL_HEIGHT, SheetPicture

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_PLACE = "{http://www.w3.org/1999/xlink}href"
FRAME = f"{_DRAW}frame"
_IMAGE, _BINARY = f"{_DRAW}image", f"{_OFFICE}binary-data"
_OTHERS = f"{_DRAW}object", f"{_DRAW}object-ole"  # what a chart or an object of another program shows as a picture
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)(cm|mm|in|pt|px)")
_LAST_ROW = re.compile(r"(\d{1,7})$")


def pictures_in(element: Element, row: int | None, package: Package | None) -> Iterator[SheetPicture]:
    """The pictures in a cell of a row (from 1), or in the element of those that belong to no cell."""
    for frame in element.iter(FRAME):
        image = frame.find(_IMAGE)
        if image is None or any(frame.find(other) is not None for other in _OTHERS):
            continue
        across, down, below = (_points(frame.get(f"{_SVG}{side}", "")) for side in ("width", "height", "y"))
        top = int(below / USUAL_HEIGHT) + 1 if row is None else row
        last = _LAST_ROW.search(frame.get(f"{_TABLE}end-cell-address", ""))
        bottom = int(last[1]) if last else top + int(down / USUAL_HEIGHT)
        yield SheetPicture(top, bottom, across, down, partial(_content, image, package))


def _points(length: str) -> float:
    found = _LENGTH.fullmatch(length)
    return float(found[1]) * POINTS[found[2]] if found else 0.0


def _content(image: Element, package: Package | None) -> bytes | None:
    """The content of a picture; None if it is missing, damaged or not in the document."""
    with suppress(binascii.Error):
        if (stored := image.findtext(_BINARY)) is not None:
            return binascii.a2b_base64(stored)
    with suppress(DocumentError):
        if package is not None:
            return package.read(image.get(_PLACE, "").removeprefix("./"))
    return None
