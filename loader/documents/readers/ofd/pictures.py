"""The pictures on a page of an OFD, painted as one: scanners and programs often cut a page into strips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

import numpy as np
from lxml.etree import _Element as Element

from loader.documents.grid import DocumentError
from loader.documents.readers.ofd.looks import Looks
from loader.documents.readers.ofd.objects import POINTS, is_visible, matrix_of
from loader.documents.readers.package import Package
from loader.documents.readers.pages.page import Box
from loader.documents.readers.scans.picture import Image
from loader.documents.readers.scans.picture_file import LONGEST, pages_in
from loader.documents.readers.scans.scan import SCALE

_PICTURE = "{*}ImageObject"
_WHITE = 255


def boxes_of(roots: Iterable[Element]) -> list[Box]:
    """The boxes of the visible pictures on a page, in points."""
    return [box for _, box in _pictures(roots)]


def painted(roots: Iterable[Element], looks: Looks, package: Package, across: float, down: float) -> Image | None:
    """A page of this size in points with its pictures on it, as pixels; None if none of them can be read."""
    import cv2

    scale = min(SCALE, LONGEST / max(across, down))
    page = np.full((round(down * scale), round(across * scale), 3), _WHITE, np.uint8)
    is_blank = True
    for key, box in _pictures(roots):
        image = None
        with suppress(DocumentError):
            image = next(pages_in(package.read(looks.pictures.get(key, "")), []), None)
        left, top, right, bottom = (round(edge * scale) for edge in box)
        shown = page[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
        if image is None or not shown.size:
            continue
        image = cv2.resize(image, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        if image.ndim == 2:
            image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
        part = image[max(-top, 0) :, max(-left, 0) :]
        shown[:] = part[: shown.shape[0], : shown.shape[1], :3]
        is_blank = False
    return None if is_blank else page


def _pictures(roots: Iterable[Element]) -> Iterator[tuple[str, Box]]:
    """The resource of each visible picture, and its box. A picture is a square of one millimetre, which its matrix
    makes as large as it is."""
    for root in roots:
        for item in root.iter(_PICTURE):
            if is_visible(item):
                a, b, c, d, e, f = matrix_of(item, POINTS)
                xs, ys = sorted((e, e + a + c)), sorted((f, f + b + d))
                yield item.get("ResourceID", ""), (xs[0], ys[0], xs[1], ys[1])
