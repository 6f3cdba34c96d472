"""What the paths and pictures of a PDF page are: rules of tables, areas that hide texts, triangles for a minus."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from loader.documents.readers.colour import OPAQUE
from loader.documents.readers.pages.page import Box, Glyph, Rule
from loader.documents.readers.pages.seen import Area
from loader.documents.readers.pages.tables import area_of, rules_of, triangle_of
from loader.documents.readers.pdf import calls
from loader.documents.readers.pdf.colours import is_coloured_object, is_opaque, is_white
from loader.documents.readers.pdf.objects import (
    Object,
    bounds_of,
    multiplied,
    picture_box,
    seen_through_clip,
    subpaths,
)
from loader.documents.readers.pdf.text import Turn

_DOT = 1.5  # points; smaller areas are seen as dots
_OPAQUE_PART = 0.9  # of a picture that lets nothing through; its edges may be soft
_MOST_OF_TRIANGLE = 5  # corners, the first once more when it is closed


def drawn_paths(objects: list[Object], turn: Turn) -> tuple[list[Rule], list[Area], list[Box]]:
    """Straight lines that are drawn, filled rectangles that are thin like lines, areas, and the boxes of triangles."""
    fill, stroke, own = ctypes.c_int(), ctypes.c_int(), raw.FS_MATRIX()
    matrix_of, pointer = calls.matrix_of, ctypes.addressof(own)
    to_fill, to_stroke = ctypes.addressof(fill), ctypes.addressof(stroke)
    rules: list[Rule] = []
    areas: list[Area] = []
    triangles: list[Box] = []
    for order, (kind, path, outer) in enumerate(objects):
        if kind == raw.FPDF_PAGEOBJ_SHADING and not calls.shines_through(path):
            areas += (Area(turn(*box), order, False) for box in seen_through_clip(bounds_of(path, outer), path, outer))
        if kind != raw.FPDF_PAGEOBJ_PATH:
            continue
        matrix_of(path, pointer)
        matrix = multiplied((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        calls.mode_of_path(path, to_fill, to_stroke)
        if not (fill.value or stroke.value):
            continue
        if not stroke.value:
            left, bottom, right, top = dot = bounds_of(path, outer)
            if max(right - left, top - bottom) <= _DOT:  # of a dotted rule, of which there may be many thousands
                rules.append(Rule(*turn(*dot)))
                continue
        for corners in subpaths(path, matrix):
            on_page = [turn(x, y, x, y)[:2] for x, y in corners] if len(corners) <= _MOST_OF_TRIANGLE else []
            if (triangle := triangle_of(on_page, fill.value != 0)) is not None:
                box_of, is_up = triangle
                if is_up and not is_coloured_object(path, fill.value != 0):  # others mark how a figure has changed
                    triangles.append(box_of)
                continue
            rules += (Rule(*turn(*rule)) for rule in rules_of(corners, stroke.value != 0))
            box = area_of(corners) if fill.value else None
            if box and is_opaque(path):
                areas += (
                    Area(turn(*seen_of), order, is_white(path)) for seen_of in seen_through_clip(box, path, outer)
                )
    return rules, areas, triangles


def hiding_pictures(
    document: pdfium.PdfDocument,
    page: pdfium.PdfPage,
    objects: list[Object],
    turn: Turn,
    glyphs: list[Glyph],
    orders: list[int],
) -> Iterator[Area]:
    """The areas of opaque pictures above or below texts. Pictures that fill most of the page are excluded: they are
    scans with recognised text."""
    found = [entry for entry in enumerate(objects) if entry[1][0] == raw.FPDF_PAGEOBJ_IMAGE]
    if not found or not glyphs:
        return
    across, down = page.get_size()
    x, y = np.array([(glyph[1] + glyph[3], glyph[2] + glyph[4]) for glyph in glyphs]).T / 2
    painted = np.array(orders)
    for order, (_, item, outer) in found:
        whole = picture_box(item, outer)
        for shown in seen_through_clip(whole, item, outer):
            left, top, right, bottom = box = turn(*shown)
            inside = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
            if not inside.any() or 2 * (right - left) * (bottom - top) > across * down:
                continue
            if not (inside & (painted < order)).any() or hides_all(document, page, item):
                yield Area(box, order, False)


def hides_all(document: pdfium.PdfDocument, page: pdfium.PdfPage, item: int) -> bool:
    """Whether a picture is opaque."""
    if calls.shines_through(item):
        return False
    handle = ctypes.cast(item, raw.FPDF_PAGEOBJECT)
    bitmap = raw.FPDFImageObj_GetRenderedBitmap(document.raw, page.raw, handle)
    if not bitmap:
        return False
    drawn = pdfium.PdfBitmap.from_raw(bitmap).to_numpy()
    return drawn.ndim < 3 or drawn.shape[2] < 4 or float((drawn[:, :, 3] >= OPAQUE).mean()) >= _OPAQUE_PART
