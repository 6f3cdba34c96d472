"""Pages of a PDF that can only be read as pictures, and their pixels."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from loader.documents.readers.pages.page import Box
from loader.documents.readers.pdf import calls
from loader.documents.readers.pdf.objects import Object, picture_box, subpaths
from loader.documents.readers.pdf.shapes import hides_all
from loader.documents.readers.pdf.sight import UNPAINTED
from loader.documents.readers.pdf.text import Turn
from loader.documents.readers.scans import scan
from loader.documents.readers.scans.picture import SMALLEST_SCALE, is_speckled
from loader.documents.readers.scans.picture_file import LONGEST

_FILLS = 0.9  # of a page; a picture so large is a scan of it
_CORNERS_OF_AREA = 6  # of a rectangle at most, the first once or twice more when it is closed


def shows_pictures(objects: list[Object], text: pdfium.PdfTextPage) -> bool:
    """Whether a page without text shows what may be text all the same: pictures, texts without characters, letters
    drawn as outlines. A blank page and a table without text show only rules and rectangles."""
    has_characters = text.count_chars() > 0
    for kind, item, outer in objects:
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            if not has_characters:
                return True
        elif kind != raw.FPDF_PAGEOBJ_PATH or any(len(part) > _CORNERS_OF_AREA for part in subpaths(item, outer)):
            return True
    return False


def is_scan(document: pdfium.PdfDocument, page: pdfium.PdfPage, objects: list[Object]) -> bool:
    """Whether a page is a scan with the text that an OCR program hid: it is not painted, or lies below the picture."""
    texts = [(order, item) for order, (kind, item, _) in enumerate(objects) if kind == raw.FPDF_PAGEOBJ_TEXT]
    pictures = [entry for entry in enumerate(objects) if entry[1][0] == raw.FPDF_PAGEOBJ_IMAGE]
    if not texts or not pictures:
        return False
    if calls.mode_of_text(texts[0][1]) in UNPAINTED:
        return True
    across, down = page.get_size()
    middle, _ = texts[len(texts) // 2]
    for order, (_, item, outer) in pictures:
        left, bottom, right, top = picture_box(item, outer)
        is_large = 2 * (right - left) * (top - bottom) > across * down
        if is_large and order > middle and hides_all(document, page, item):
            return True
    return False


def pictures_on(objects: list[Object], turn: Turn) -> list[Box]:
    """The boxes of the pictures on a page."""
    return [turn(*picture_box(item, outer)) for kind, item, outer in objects if kind == raw.FPDF_PAGEOBJ_IMAGE]


def drawn(page: pdfium.PdfPage) -> NDArray[np.uint8]:
    """A page as pixels. If a coarse scan with specks fills it, the pixels of the scan itself, because specks are single
    pixels."""
    coarse = _scale_of_picture(page)
    if coarse and is_speckled(pixels := _pixels(page, coarse)):
        return pixels
    return _pixels(page, min(scan.SCALE, LONGEST / max(page.get_size())))


def _pixels(page: pdfium.PdfPage, scale: float) -> NDArray[np.uint8]:
    pixels: NDArray[np.uint8] = page.render(scale=scale).to_numpy()
    return pixels


def _scale_of_picture(page: pdfium.PdfPage) -> float | None:
    """Pixels per point of the picture that fills a page, if it is coarse, but fine enough to be enlarged."""
    pictures = list(islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), 2))
    if len(pictures) != 1:
        return None
    left, bottom, right, top = pictures[0].get_bounds()
    across, down = page.get_size()
    if (right - left) * (top - bottom) < _FILLS * across * down:
        return None
    # a little less, so that no column of pixels is added when sides are rounded up
    scale = max(pictures[0].get_px_size()) / max(right - left, top - bottom) * (1 - 1e-6)
    return scale if SMALLEST_SCALE / 2 <= scale < SMALLEST_SCALE else None
