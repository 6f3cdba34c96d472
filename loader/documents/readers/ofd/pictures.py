"""The pictures on a page of an OFD, painted as one: scanners and programs often cut a page into strips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from math import isfinite

import numpy as np
from lxml.etree import _Element as Element

from loader.documents.grid import DocumentError
from loader.documents.readers.ofd.looks import Looks
from loader.documents.readers.ofd.objects import POINTS, PageError, is_visible, matrix_of
from loader.documents.readers.package import Package
from loader.documents.readers.pages.page import Box
from loader.documents.readers.scans.picture import Image
from loader.documents.readers.scans.picture_file import LONGEST, pages_in
from loader.documents.readers.scans.scan import SCALE

_PICTURE = "{*}ImageObject"
_WHITE = 255
_MOST = 1_000  # pictures on a page; scanners cut it into some dozens of strips


def boxes_of(roots: Iterable[Element]) -> list[Box]:
    """The boxes of the visible pictures on a page, in points."""
    return [box for _, box in _pictures(roots)]


def painted(roots: Iterable[Element], looks: Looks, package: Package, across: float, down: float) -> Image | None:
    """A page of this size in points with its pictures on it, as pixels; None if none of them can be read, or
    there are too many."""
    import cv2

    pictures = list(_pictures(roots))
    if min(across, down) <= 0 or len(pictures) > _MOST:
        return None
    scale = min(SCALE, LONGEST / max(across, down))
    page = np.full((round(down * scale), round(across * scale), 3), _WHITE, np.uint8)
    is_blank = True
    for key, box in pictures:
        (left, right), (top, bottom) = _seen(box[0], box[2], across), _seen(box[1], box[3], down)
        x0, y0, x1, y1 = (round(edge * scale) for edge in (left, top, right, bottom))
        shown = page[y0:y1, x0:x1]
        if not shown.size:
            continue
        image = None
        with suppress(DocumentError):
            image = next(pages_in(package.read(looks.pictures.get(key, "")), []), None)
        if image is None:
            continue
        # only what is on the page, because a picture may be as large as a number can be
        high, wide = image.shape[0] / (box[3] - box[1]), image.shape[1] / (box[2] - box[0])
        part = image[
            round((top - box[1]) * high) : round((bottom - box[1]) * high),
            round((left - box[0]) * wide) : round((right - box[0]) * wide),
        ]
        if not part.size:
            continue
        part = cv2.resize(part, (shown.shape[1], shown.shape[0]), interpolation=cv2.INTER_AREA)
        shown[:] = cv2.cvtColor(part, cv2.COLOR_GRAY2BGR) if part.ndim == 2 else part[..., :3]
        is_blank = False
    return None if is_blank else page


def _seen(start: float, end: float, size: float) -> tuple[float, float]:
    """The part of a side of a picture that is on the page."""
    return min(max(start, 0.0), size), min(max(end, 0.0), size)


def _pictures(roots: Iterable[Element]) -> Iterator[tuple[str, Box]]:
    """The resource of each visible picture, and its box. A picture is a square of one millimetre, which its matrix
    makes as large as it is."""
    for root in roots:
        for item in root.iter(_PICTURE):
            if is_visible(item):
                a, b, c, d, e, f = matrix_of(item, POINTS)
                xs, ys = sorted((e, e + a + c)), sorted((f, f + b + d))
                if not all(map(isfinite, (*xs, *ys, xs[1] - xs[0], ys[1] - ys[0]))):
                    raise PageError("a position that is not a number")
                yield item.get("ResourceID", ""), (xs[0], ys[0], xs[1], ys[1])
