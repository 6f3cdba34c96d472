"""Picture files → their pages as pixels, as a viewer shows them, at most as large as rendered PDF pages."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from loader.documents.limits import allow_for_picture
from loader.documents.readers.pages.page import MAX_PAGES
from loader.documents.readers.scans.picture import Image

LONGEST = 6000  # pixels of a side, whatever the size of the page
_MOST_PIXELS = 2**27  # of a picture: A3 at 900 points an inch
_ROWS_AT_A_TIME = 256
_JPEG = b"\xff\xd8"  # which is never transparent
_TIFF = {b"II*\0": "<", b"MM\0*": ">"}  # how a file with pages begins, and the order of its bytes


def pages_in(content: bytes, cut_off: list[str]) -> Iterator[Image]:
    """The pages one by one, since together they would take a gigabyte; empty if no picture is found.

    Only TIFF has pages; of animations, the first picture is read. Missing pages are reported in ``cut_off``.
    """
    os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(_MOST_PIXELS))
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")  # what is damaged is said by the reader
    count, is_whole = _pages_of_tiff(content)
    data = np.frombuffer(content, np.uint8)
    read = 0
    for number in range(count):
        allow_for_picture()
        image = _page(data, number, may_be_transparent=not content.startswith(_JPEG))
        if image is None:
            is_whole = False
        else:
            read += 1
            yield image
    if read and not is_whole:
        cut_off.append(f"only {read} pages of the picture can be read: is it cut off?")


def _pages_of_tiff(content: bytes) -> tuple[int, bool]:
    """The number of pages that a picture lists, up to the limit, and whether the list is complete."""
    order = _TIFF.get(content[:4])
    if order is None:
        return 1, True
    places: set[int] = set()
    try:
        [place] = struct.unpack_from(f"{order}I", content, 4)
        while place and place not in places and len(places) < MAX_PAGES:
            [entries] = struct.unpack_from(f"{order}H", content, place)
            [following] = struct.unpack_from(f"{order}I", content, place + 2 + 12 * entries)
            places.add(place)
            place = following
    except struct.error:
        return max(1, len(places)), False
    return max(1, len(places)), not place


def _page(data: Image, number: int, may_be_transparent: bool) -> Image | None:
    """A page on white paper, None if it cannot be read."""
    import cv2

    try:
        image = _decoded(data, number, cv2.IMREAD_ANYCOLOR)
        if image is None or not may_be_transparent:
            return image
        whole = _decoded(data, number, cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        return None
    if whole is None or whole.shape != (*image.shape[:2], 4):
        return image
    _lay_on_paper(image, whole[..., 3])
    return image


def _lay_on_paper(image: Image, opacity: NDArray[np.uint8] | NDArray[np.uint16]) -> None:
    """Make transparent parts of a picture white: most decoders return black for them. It is done some rows at a time,
    since fractions need four times the memory."""
    most = np.iinfo(opacity.dtype).max
    if opacity.min() == most:
        return
    for top in range(0, len(image), _ROWS_AT_A_TIME):
        rows = slice(top, top + _ROWS_AT_A_TIME)
        opaque = opacity[rows].astype(np.float32) / most
        ink = 255 - image[rows].astype(np.float32)
        image[rows] = (255 - ink * (opaque[..., np.newaxis] if image.ndim == 3 else opaque)).astype(np.uint8)


def _decoded(data: Image, number: int, how: int) -> Image | None:
    """One page, at most as large as pages are drawn; ``how`` are flags of OpenCV."""
    import cv2

    _, images = cv2.imdecodemulti(data, how, range=(number, number + 1))
    if not images:
        return None
    image: Image = images[0]
    much = LONGEST / max(image.shape[:2])
    return image if much >= 1 else cv2.resize(image, None, fx=much, fy=much, interpolation=cv2.INTER_AREA)
