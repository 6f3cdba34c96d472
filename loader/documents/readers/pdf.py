"""PDF: the characters and rules that PDFium hands out, put into the cells of the ruled tables."""

from __future__ import annotations

import ctypes
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from loader.documents.grid import Document, DocumentError, Grid
from loader.documents.readers import scan
from loader.documents.readers.ruled import MAX_PAGES, Box, Glyph, Page, Rule, Table, page_of, rows_of, rules_of

_SAMPLE = 12  # characters that tell which way a page is turned
_UNREADABLE = 0.3  # from this share of characters without a meaning on, a page has no text
_UNKNOWN = 0xFFFD  # stands for a character whose meaning the PDF does not tell
_LINE_END_HYPHEN = 2  # what PDFium says for a hyphen at the end of a line

_OBLIQUE = 0.05  # the slope from which on a text runs across the page
_WHITE = 250  # of 255

_Matrix = tuple[float, float, float, float, float, float]
_UNCHANGED: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_Turn = Callable[[Any, Any, Any, Any], tuple[Any, Any, Any, Any]]  # of numbers, or of arrays of them


def read(content: bytes, file_name: str) -> Document:
    """One grid; the row numbers tell the page (see :mod:`loader.documents.readers.ruled`). Pages without text are
    pictures, which only the extra ``ocr`` can read."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError(f"{file_name}: the PDF is protected by a password, expected one that opens") from None
        raise DocumentError(f"{file_name}: the PDF is damaged or cut off ({error})") from None
    try:
        return _read(document, file_name)
    except pdfium.PdfiumError as error:
        raise DocumentError(f"{file_name}: the PDF is damaged or cut off ({error})") from None
    finally:
        document.close()


def _read(document: pdfium.PdfDocument, file_name: str) -> Document:
    if len(document) > MAX_PAGES:
        raise DocumentError(f"{file_name}: {len(document)} pages, a disclosure has no more than {MAX_PAGES}")
    pages: list[Page] = []
    pictures: dict[int, str] = {}  # number of a page → why it can only be read as a picture
    for number in range(1, len(document) + 1):
        page = _page(document[number - 1], number)
        if isinstance(page, Page):
            pages.append(page)
            continue
        pictures[number] = page
        if scan.is_available():
            pages.append(scan.read_page(number, _drawn(document[number - 1])))
    unread = {} if scan.is_available() else pictures
    if unread and len(unread) == len(document):
        reasons = ", ".join(sorted(set(unread.values())))
        raise DocumentError(f"{file_name}: the PDF has no text on its {len(unread)} pages: {reasons}; {scan.ADVICE}")
    if not any(isinstance(block, Table) for page in pages for block in page.blocks):
        raise DocumentError(
            f"{file_name}: no ruled tables in the {len(document)} pages of the PDF, expected the tables of a disclosure"
        )
    remarks = [f"pages without text were left out: {', '.join(map(str, unread))}; {scan.ADVICE}"] if unread else []
    rows = rows_of(pages)
    return Document(file_name, "pdf", (Grid("pdf", rows),), tuple(remarks), scan.rows_on(pictures, rows))


def _drawn(page: pdfium.PdfPage) -> NDArray[np.uint8]:
    scale = min(scan.SCALE, scan.LONGEST / max(page.get_size()))
    pixels: NDArray[np.uint8] = page.render(scale=scale).to_numpy()
    return pixels


def _page(page: pdfium.PdfPage, number: int) -> Page | str:
    """A page as read, or why it can only be read as a picture."""
    text = page.get_textpage()
    try:
        left, bottom, right, top = page.get_bbox()
        turn, sideways = _turn(text, (left, bottom, right, top))
        objects = list(_objects(page.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, _UNCHANGED))
        glyphs, indexes, unreadable = _glyphs(text, turn, page.get_cropbox(), _unseen(objects))
        if unreadable > _UNREADABLE * len(glyphs):
            return "its fonts do not tell which characters they show"
        rules = list(_rules(objects, turn))
        if not glyphs and (rules or next(page.get_objects(), None) is not None):
            return "only pictures"
        if not rules and _is_covered(page):
            return "only pictures"
        height = right - left if sideways else top - bottom
        return page_of(number, height, glyphs, rules, _Origins(text, turn, glyphs, indexes))
    finally:
        text.close()
        page.close()


def _turn(text: pdfium.PdfTextPage, box: Box) -> tuple[_Turn, bool]:
    """How to turn a page so that its text runs to the right and y grows downwards, and whether that tips it over.

    The text itself tells, because a page may be turned by /Rotate, by its contents or by both.
    """
    left, bottom, right, top = box
    matrix = raw.FS_MATRIX()
    directions: Counter[tuple[int, int]] = Counter()
    for index in range(min(text.count_chars(), _SAMPLE)):
        if raw.FPDFText_GetMatrix(text.raw, index, matrix):
            across = abs(matrix.a) >= abs(matrix.b)
            directions[(1 if matrix.a >= 0 else -1, 0) if across else (0, 1 if matrix.b >= 0 else -1)] += 1
    match directions.most_common(1)[0][0] if directions else (1, 0):
        case (0, 1):
            return lambda x0, y0, x1, y1: (y0 - bottom, x0 - left, y1 - bottom, x1 - left), True
        case (0, -1):
            return lambda x0, y0, x1, y1: (top - y1, right - x1, top - y0, right - x0), True
        case (-1, 0):
            return lambda x0, y0, x1, y1: (right - x1, y0 - bottom, right - x0, y1 - bottom), False
    return lambda x0, y0, x1, y1: (x0 - left, top - y1, x1 - left, top - y0), False


def _glyphs(text: pdfium.PdfTextPage, turn: _Turn, paper: Box, unseen: set[int]) -> tuple[list[Glyph], list[int], int]:
    """The characters on the paper with their loose boxes (the tight one puts . and 、 on lines of their own), their
    numbers on the page, and how many there are whose meaning the PDF does not tell."""
    count = text.count_chars()
    if not count:
        return [], [], 0
    boxes = (raw.FS_RECTF * count)()
    first = boxes[0]  # of the same memory
    characters: list[str] = []
    indexes: list[int] = []
    high = 0
    handle, size, byref = text.raw, ctypes.sizeof(raw.FS_RECTF), ctypes.byref
    unicode_of, box_of, is_unknown = (
        raw.FPDFText_GetUnicode,
        raw.FPDFText_GetLooseCharBox,
        raw.FPDFText_HasUnicodeMapError,
    )
    # asking for each character takes long: where one in eight is sound, all are
    is_doubtful = any(is_unknown(handle, index) == 1 for index in range(0, count, 8))
    for index in range(count):
        code = unicode_of(handle, index)
        if is_doubtful or not (32 < code < 0x2E80 or 0x2FE0 <= code < 0xD800):
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else _UNKNOWN
            elif code == _LINE_END_HYPHEN:
                code = ord("-")
            elif not code or 0xE000 <= code < 0xF900 or code >= 0xFFF0:
                code = _UNKNOWN
            elif code < 32 or (code == 32 and raw.FPDFText_IsGenerated(handle, index) == 1):
                continue
            elif is_doubtful and is_unknown(handle, index) == 1:
                code = _UNKNOWN
        if unseen and _address(raw.FPDFText_GetTextObject(handle, index)) in unseen:
            continue
        character = chr(code)
        if 0x2E80 <= code < 0x2FE0 or 0xF900 <= code < 0xFB00:
            character = unicodedata.normalize("NFKC", character)  # fonts that name a radical for the character
        if box_of(handle, index, byref(first, size * index)):
            characters.append(character)
            indexes.append(index)
    if not indexes:
        return [], [], 0
    left, top, right, bottom = np.frombuffer(boxes, np.float32).reshape(-1, 4)[indexes].astype(np.float64).T
    most_left, lowest, most_right, highest = paper
    off = (right <= most_left) | (left >= most_right) | (top <= lowest) | (bottom >= highest)
    glyphs = list(zip(characters, *(side.tolist() for side in turn(left, bottom, right, top)), strict=True))
    if off.any():
        glyphs = [glyph for glyph, is_off in zip(glyphs, off, strict=True) if not is_off]
        indexes = [index for index, is_off in zip(indexes, off, strict=True) if not is_off]
    return glyphs, indexes, characters.count(chr(_UNKNOWN))


class _Origins:
    """Which text object a character belongs to, and where that may be seen: spreadsheets cut texts off at the edges
    of their cells. Asked only where texts overflow, because it takes time."""

    def __init__(self, text: pdfium.PdfTextPage, turn: _Turn, glyphs: list[Glyph], indexes: list[int]) -> None:
        self._text = text
        self._turn = turn
        self._numbered = glyphs, indexes
        self._index: dict[int, int] = {}
        self._clips: dict[int, Box | None] = {}

    def __call__(self, glyph: Glyph) -> tuple[int, Box | None]:
        if not self._index:
            glyphs, indexes = self._numbered
            self._index = dict(zip(map(id, glyphs), indexes, strict=True))
        text_object = raw.FPDFText_GetTextObject(self._text.raw, self._index[id(glyph)])
        address = _address(text_object)
        if address not in self._clips:
            self._clips[address] = self._clip(raw.FPDFPageObj_GetClipPath(text_object))
        return address, self._clips[address]

    def _clip(self, clip: Any) -> Box | None:
        x, y = ctypes.c_float(), ctypes.c_float()
        boxes: list[Box] = []
        for path in range(raw.FPDFClipPath_CountPaths(clip)):
            corners = []
            for number in range(raw.FPDFClipPath_CountPathSegments(clip, path)):
                raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
                corners.append((x.value, y.value))
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            if corners:
                boxes.append((min(xs), min(ys), max(xs), max(ys)))
        if not boxes:
            return None
        left, bottom, right, top = zip(*boxes, strict=True)
        return self._turn(max(left), max(bottom), min(right), min(top))


# ---------------------------------------------------------------------------- objects

_Object = tuple[int, Any, _Matrix]  # kind, handle, and how the coordinates that it stands in become the page's


def _objects(
    parent: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], outer: _Matrix
) -> Iterator[_Object]:
    """The paths and texts of a page, also inside its forms."""
    kind_of = raw.FPDFPageObj_GetType
    for index in range(count(parent)):
        item = get(parent, index)
        kind = kind_of(item)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            whole = _multiplied(_matrix(item), outer)
            yield from _objects(item, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, whole)
        elif kind in _WANTED:
            yield kind, item, outer


_WANTED = frozenset({raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH})


def _matrix(item: Any) -> _Matrix:
    own = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, own)
    return own.a, own.b, own.c, own.d, own.e, own.f


def _address(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _unseen(objects: list[_Object]) -> set[int]:
    """The texts that nobody sees on paper, or that belong to none: invisible ones, white ones on white, and those that
    run across the page as a watermark does. Where all are invisible, they lie over a picture and are what there is."""
    texts = [(item, outer) for kind, item, outer in objects if kind == raw.FPDF_PAGEOBJ_TEXT]
    unseen: set[int] = set()
    white: list[tuple[Any, _Matrix]] = []
    own = raw.FS_MATRIX()
    pointer = ctypes.byref(own)
    mode_of, matrix_of = raw.FPDFTextObj_GetTextRenderMode, raw.FPDFPageObj_GetMatrix
    for item, outer in texts:
        mode = mode_of(item)
        matrix_of(item, pointer)
        a, b = own.a, own.b
        if mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE or (a and b and _OBLIQUE < abs(b / a) < 1 / _OBLIQUE):
            unseen.add(_address(item))
        elif mode == raw.FPDF_TEXTRENDERMODE_FILL and _is_white(item):
            white.append((item, outer))
    if white:
        shades = [
            _bounds(item, outer)
            for kind, item, outer in objects
            if kind == raw.FPDF_PAGEOBJ_PATH and _is_filled(item) and not _is_white(item)
        ]
        for item, outer in white:
            x0, y0, x1, y1 = _bounds(item, outer)
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            if not any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in shades):
                unseen.add(_address(item))
    return unseen if len(unseen) < len(texts) else set()


_RED, _GREEN, _BLUE, _ALPHA = (ctypes.c_uint() for _ in range(4))
_COLOUR = tuple(map(ctypes.byref, (_RED, _GREEN, _BLUE, _ALPHA)))


def _is_white(item: Any) -> bool:
    if not raw.FPDFPageObj_GetFillColor(item, *_COLOUR):
        return False
    return _ALPHA.value == 0 or (_RED.value >= _WHITE and min(_GREEN.value, _BLUE.value) >= _WHITE)


def _is_filled(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(path, fill, stroke)) and fill.value != 0


def _bounds(item: Any, outer: _Matrix) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    a, b, c, d, e, f = outer
    xs, ys = zip(
        *((a * x + c * y + e, b * x + d * y + f) for x in (left.value, right.value) for y in (bottom.value, top.value)),
        strict=True,
    )
    return min(xs), min(ys), max(xs), max(ys)


def _rules(objects: list[_Object], turn: _Turn) -> Iterator[Rule]:
    """Straight lines that are drawn, and filled rectangles so thin that they look like lines."""
    fill, stroke, own = ctypes.c_int(), ctypes.c_int(), raw.FS_MATRIX()
    matrix_of, pointer = raw.FPDFPageObj_GetMatrix, ctypes.byref(own)
    for kind, path, outer in objects:
        if kind != raw.FPDF_PAGEOBJ_PATH:
            continue
        matrix_of(path, pointer)
        matrix = _multiplied((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        raw.FPDFPath_GetDrawMode(path, fill, stroke)
        if not (fill.value or stroke.value):
            continue
        for corners in _subpaths(path, matrix):
            for rule in rules_of(corners, stroke.value != 0):
                yield Rule(*turn(*rule))


def _multiplied(first: _Matrix, second: _Matrix) -> _Matrix:
    if second == _UNCHANGED:
        return first
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _subpaths(path: Any, matrix: _Matrix) -> Iterator[list[tuple[float, float]]]:
    """The corners of each part of a path, in the coordinates of the page."""
    a, b, c, d, e, f = matrix
    across, up = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, across, up)
        if index and raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            yield points
            points = []
        x, y = across.value, up.value
        points.append((a * x + c * y + e, b * x + d * y + f))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _is_covered(page: pdfium.PdfPage) -> bool:
    """Whether a page is a scan with the text that an OCR program hid behind it."""
    texts = page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])
    invisible = raw.FPDF_TEXTRENDERMODE_INVISIBLE
    first = next(texts, None)
    if first is None or raw.FPDFTextObj_GetTextRenderMode(first.raw) != invisible:
        return False
    return next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), None) is not None
