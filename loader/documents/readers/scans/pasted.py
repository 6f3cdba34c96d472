"""Pictures of tables that offices paste into a document, beside its text: each is read like a scan, in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from loader.documents.grid import Row
from loader.documents.printed_row import ROWS_A_PAGE

if TYPE_CHECKING:
    from loader.documents.readers.pages.page import Box, Glyph, Page
    from loader.documents.readers.scans.picture import Image  # with numpy, which few documents need

LEAST_ACROSS, LEAST_DOWN = 200.0, 40.0  # points; stamps, signatures and marks of offices are smaller than a table
MOST = 100  # pictures of a document that are looked at; each takes seconds, also if it cannot be read

Crop = tuple[float, float, float, float]  # the shares of a picture that are cut off: left, top, right, bottom
WHOLE: Crop = (0.0, 0.0, 0.0, 0.0)
_SIGNED = 60  # characters on a picture at most: what a program writes on the scans that it makes, and a page number
_WHITE = 255
_FINEST = 1.5  # times as fine as pages of a PDF are drawn; a finer picture is made coarser, to take less time


def is_large(across: float, down: float) -> bool:
    """Whether a picture of this size on paper, in points, may show a table."""
    return across >= LEAST_ACROSS and down >= LEAST_DOWN


def may_show_table(pictures: Sequence[Box], glyphs: Sequence[Glyph]) -> bool:
    """Whether a page has a picture as large as a table, with hardly any text on it: a table that was pasted, or a scan
    that its program has signed. The strips of one picture count together."""
    wide = [box for box in pictures if box[2] - box[0] >= LEAST_ACROSS]
    if not wide:
        return False
    lefts, tops, rights, bottoms = zip(*wide, strict=True)
    return any(
        is_large(box[2] - box[0], box[3] - box[1]) and _characters_on(box, glyphs) <= _SIGNED
        for box in (*wide, (min(lefts), min(tops), max(rights), max(bottoms)))
    )


def _characters_on(box: Box, glyphs: Sequence[Glyph]) -> int:
    left, top, right, bottom = box
    return sum(left <= (x0 + x1) / 2 <= right and top <= (y0 + y1) / 2 <= bottom for _, x0, y0, x1, y1 in glyphs)


def with_pictures_read(page: Page, image: Image) -> Page | None:
    """A page with what is seen in its pictures, between the lines of its text; None if no table is seen in them.
    ``image`` is the page as it is drawn; what stands beside the pictures is not looked at, since a font that is not in
    the document may be drawn as boxes."""
    import numpy as np

    from loader.documents.readers.scans import scan

    scale = image.shape[0] / page.height
    bare = np.full_like(image, _WHITE)
    for box in page.pictures:
        left, top, right, bottom = (max(0, round(edge * scale)) for edge in box)
        bare[top:bottom, left:right] = image[top:bottom, left:right]
    seen = scan.read_page(page.number, bare)
    if not seen.has_table:
        return None
    add_seen(page, seen)
    return page


def add_seen(page: Page, seen: Page) -> None:
    """Put what is seen in pictures of a page between the lines of its text, from top to bottom."""
    from loader.documents.readers.pages.texts import top_of

    points = page.height / seen.height  # pictures do not know their size
    placed = [(*top_of(block), block) for block in page.blocks]
    for block in seen.blocks:
        y, x = top_of(block)
        placed.append((y * points, x * points, block))
    page.blocks = [block for _, _, block in sorted(placed, key=itemgetter(0, 1))]


@dataclass(slots=True)
class PastedPictures:
    """Reads the large pictures of one document, and counts those that gave no table."""

    unread: int = 0  # no extra, no content in the document, an unknown kind, or too many
    without_table: int = 0
    _seen: int = 0

    def rows_of(self, content: Callable[[], bytes | None], across: float, crop: Crop = WHOLE) -> tuple[Row, ...]:
        """The rows of a picture that is ``across`` points wide on paper, numbered from 1; none if no ruled table is
        seen on it. ``content`` is asked only if it is needed."""
        from loader.documents.readers.pages.rows import rows_of
        from loader.documents.readers.scans import scan

        image = None
        if self._seen < MOST and scan.is_available():
            self._seen += 1
            found = content()
            image = None if found is None else _image_in(found, crop)
        if image is None:
            self.unread += 1
            return ()
        paper = _on_paper(image, across)
        page = scan.read_page(1, paper) if scan.shows_table(paper) else None
        if page is None or not page.has_table:
            self.without_table += 1
            return ()
        return tuple(row._replace(number=row.number - ROWS_A_PAGE, is_ocr=True) for row in rows_of([page]))

    def remarks(self) -> list[str]:
        """What a reader of the document should know of its pictures."""
        from loader.documents.readers.scans import scan

        remarks = []
        if self.unread:
            advice = scan.ADVICE
            if scan.is_available():
                advice = f"they are of an unknown kind, not in the document, or behind the first {MOST}"
            remarks.append(f"{self.unread} pictures that may show tables were not read; {advice}")
        if self.without_table:
            remarks.append(f"{self.without_table} pictures show no ruled table and were left out")
        return remarks


def _image_in(content: bytes, crop: Crop) -> Image | None:
    """The pixels of a picture, without what is cut off; None if it cannot be read."""
    from loader.documents.readers.scans.picture_file import pages_in

    image = next(pages_in(content, []), None)
    if image is None:
        return None
    down, across = image.shape[:2]
    left, top, right, bottom = crop
    part = image[round(top * down) : round((1 - bottom) * down), round(left * across) : round((1 - right) * across)]
    return part if part.size else None


def _on_paper(image: Image, across: float) -> Image:
    """The picture at the upper edge of a sheet of A4, which tells the reader of scans how large its letters are."""
    import cv2
    import numpy as np

    from loader.documents.readers.scans.picture import LONG_SIDE
    from loader.documents.readers.scans.scan import SCALE

    scale = image.shape[1] / across
    if scale > _FINEST * SCALE:
        image = cv2.resize(image, None, fx=SCALE / scale, fy=SCALE / scale, interpolation=cv2.INTER_AREA)
        scale = SCALE
    missing = max(0, round(LONG_SIDE * scale) - image.shape[0])
    return np.pad(image, [(0, missing), *[(0, 0)] * (image.ndim - 1)], constant_values=_WHITE)
