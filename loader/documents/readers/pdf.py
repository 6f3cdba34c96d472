"""PDF: the characters and rules that PDFium returns, put into the cells of the ruled tables."""

from __future__ import annotations

import ctypes
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import compress, islice
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from loader.documents.grid import Document, DocumentError, Grid
from loader.documents.limits import allow_for_picture
from loader.documents.readers import pdf_calls as calls
from loader.documents.readers import scan
from loader.documents.readers.colour import FAINT, OPAQUE, WHITE, is_coloured
from loader.documents.readers.drawn_minus import signs_read, with_drawn_triangles
from loader.documents.readers.pdf_fields import with_fields
from loader.documents.readers.pdf_structure import as_shown
from loader.documents.readers.pdf_text import Turn, characters
from loader.documents.readers.picture_file import LONGEST
from loader.documents.readers.ruled import MAX_PAGES, Box, Glyph, Page, Rule, shared
from loader.documents.readers.ruled_rows import rows_of
from loader.documents.readers.ruled_tables import area_of, rules_of, triangle_of
from loader.documents.readers.ruled_text import page_of
from loader.documents.readers.scan_picture import SMALLEST_SCALE, is_speckled
from loader.documents.readers.seen import Area, cut_figures_read, marks_left_out, remarks_on, seen, watermarks_left_out
from loader.documents.wording import figure

_SAMPLE = 12  # characters that tell which way a page is turned
_UNREADABLE = 0.3  # from this share of characters without a meaning on, a page has no text
_OTHER_TEXT = b"ActualText"
_FILLS = 0.9  # of a page; a picture so large is a scan of it
_MOST_OBJECTS = 1_000_000  # on one page, those inside its forms included

_DOT = 1.5  # points; smaller areas are seen as dots
_OPAQUE_PART = 0.9  # of a picture that lets nothing through; its edges may be soft
_OBLIQUE = 0.05  # the slope from which on a text runs across the page
_HUGE = 2.5  # of the usual size of letters: a pale text so large is a watermark
_PALE = 0xA0  # the least part of a colour that is pale
_CORNERS_OF_AREA = 6  # of a rectangle at most, the first once or twice more when it is closed
_MOST_OF_TRIANGLE = 5  # corners, the first once more when it is closed
_UNPAINTED = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)

_Matrix = tuple[float, float, float, float, float, float]
_UNCHANGED: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read(content: bytes, file_name: str) -> Document:
    """One grid. Row numbers contain the page (see :mod:`loader.documents.readers.ruled`). Pages without text that show
    something are pictures, which need the extra ``ocr``."""
    content, remarks = as_shown(content, file_name)
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError(f"{file_name}: the PDF is protected by a password, expected one that opens") from None
        raise DocumentError(f"{file_name}: the PDF is damaged or cut off ({error})") from None
    try:
        return _read(document, file_name, remarks)
    except pdfium.PdfiumError as error:
        raise DocumentError(f"{file_name}: the PDF is damaged or cut off ({error})") from None
    finally:
        document.close()


def _read(document: pdfium.PdfDocument, file_name: str, remarks: list[str]) -> Document:
    if len(document) > MAX_PAGES:
        raise DocumentError(f"{file_name}: {len(document)} pages, a disclosure has no more than {MAX_PAGES}")
    if document.get_formtype() != raw.FORMTYPE_NONE:
        document.init_forms()
    pages: list[Page] = []
    unseen: list[tuple[int, dict[str, list[str]]]] = []
    pictures: dict[int, str] = {}  # number of a page → why it can only be read as a picture
    for number in range(1, len(document) + 1):
        try:
            page = _page(document, number, unseen)
        except pdfium.PdfiumError as error:
            raise DocumentError(f"{file_name}: page {number} of the PDF is damaged ({error})") from None
        if isinstance(page, Page):
            pages.append(page)
            continue
        pictures[number] = page
        if scan.is_available():
            allow_for_picture()
            pages.append(scan.read_page(number, _drawn(document[number - 1])))
    unread = {} if scan.is_available() else pictures
    if unread and len(unread) == len(document):
        reasons = ", ".join(sorted(set(unread.values())))
        raise DocumentError(f"{file_name}: the PDF has no text on its {len(unread)} pages: {reasons}; {scan.ADVICE}")
    remarks = list(remarks)
    if unread:
        remarks.append(f"pages without text were left out: {', '.join(map(str, unread))}; {scan.ADVICE}")
    rows = rows_of(pages)
    remarks += [*remarks_on(unseen), *marks_left_out(pages), *watermarks_left_out(pages)]
    remarks += [*signs_read(pages), *cut_figures_read(pages)]
    return Document(file_name, "pdf", (Grid("pdf", rows),), tuple(remarks), scan.rows_on(pictures, rows))


def _drawn(page: pdfium.PdfPage) -> NDArray[np.uint8]:
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


def _page(document: pdfium.PdfDocument, number: int, unseen: list[tuple[int, dict[str, list[str]]]]) -> Page | str:
    """A page as read, or the reason why it can only be read as a picture. Invisible text is added to ``unseen``."""
    page = document[number - 1]
    page, fields, strokes = with_fields(document, page, number)
    found_objects = _objects(calls.handle(page.raw), calls.objects_on, calls.object_on, _UNCHANGED)
    objects = list(islice(found_objects, _MOST_OBJECTS + 1))
    if len(objects) > _MOST_OBJECTS:
        raise pdfium.PdfiumError(f"more than {_MOST_OBJECTS:,} objects on it")
    _forget_other_texts(objects)
    text = page.get_textpage()
    try:
        left, bottom, right, top = page.get_bbox()
        turn, sideways = _turn(text, (left, bottom, right, top))
        rules, areas, triangles = _paths(objects, turn)
        rules += (Rule(*turn(*stroke)) for stroke in strokes)
        texts = _Texts(objects)
        away = texts.hidden(text, areas, turn)
        if away:
            # PDFium hands out equal characters at one place once, the first of them: so what lies below has to go
            text.close()
            text = page.get_textpage()
        glyphs, owners, unreadable = characters(text, turn)
        watermarks = _flat_watermarks(glyphs, owners, texts, areas)
        texts.across.update(watermarks)
        if unreadable > _UNREADABLE * len(glyphs):
            return "its fonts do not tell which characters they show"
        if not glyphs and not fields:
            if _shows_pictures(objects, text):
                return "only pictures"
            rules = []  # of a table that was left empty
        if not rules and _is_scan(document, page, objects):
            return "only pictures"
        x0, y0, x1, y1 = page.get_cropbox()
        left_edge, top_edge, right_edge, bottom_edge = turn(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        on_paper = [
            left_edge < x1 and x0 < right_edge and top_edge < y1 and y0 < bottom_edge and owner not in texts.across
            for (_, x0, y0, x1, y1), owner in zip(glyphs, owners, strict=True)
        ]
        glyphs, owners = list(compress(glyphs, on_paper)), list(compress(owners, on_paper))
        windows = _Windows(turn, texts.outer)
        orders = [texts.orders.get(owner, 0) for owner in owners]
        areas = sorted([*areas, *_pictures(document, page, objects, turn, glyphs, orders)], key=lambda area: area.order)
        outside = windows.cut_off(glyphs, owners)
        cut_off = {texts.orders[owner] for owner in outside if owner in texts.orders}
        cut_figures = windows.cut_figures(glyphs, owners, outside)
        found = seen(glyphs, orders, {"invisible": texts.invisible, "cut off": cut_off}, texts.white, areas, rules)
        for reason, words in found.unseen.items():
            away.setdefault(reason, []).extend(words)
        if away:
            unseen.append((number, away))
        if len(found.kept) < len(glyphs):
            glyphs, owners = [glyphs[index] for index in found.kept], [owners[index] for index in found.kept]
        filled = [(line, *turn(*box)) for line, box in fields]
        height = right - left if sideways else top - bottom
        written = with_drawn_triangles([*glyphs, *filled], triangles)
        read_page = page_of(number, height, written, found.rules, _Origins(glyphs, owners, windows))
        read_page.watermarks = list(watermarks.values())
        read_page.cut_figures = cut_figures
        read_page.drawn_signs = len(written) - len(glyphs) - len(filled)
        return read_page
    finally:
        text.close()
        page.close()


def _forget_other_texts(objects: list[_Object]) -> None:
    """Remove the texts that a PDF gives for reading aloud or copying (ActualText): PDFium would return them instead of
    the drawn text."""
    known: set[int] = set()
    for kind, item, _ in objects:
        if kind != raw.FPDF_PAGEOBJ_TEXT:
            continue
        for number in range(calls.marks_of(item)):
            mark = calls.mark_of(item, number)
            if mark not in known:
                known.add(mark)
                if calls.kind_in_mark(mark, _OTHER_TEXT):
                    calls.drop_from_mark(item, mark, _OTHER_TEXT)


def _turn(text: pdfium.PdfTextPage, box: Box) -> tuple[Turn, bool]:
    """The rotation after which the text runs to the right and y grows downwards, and whether it swaps width and height.

    The text decides it, because a page may be rotated by /Rotate, by its contents or by both.
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


class _Windows:
    """The clip window of each text object: spreadsheets clip texts at the edges of their cells."""

    def __init__(self, turn: Turn, outer: dict[int, _Matrix]) -> None:
        self._turn = turn
        self._outer = outer
        self._known: dict[int, Box | None] = {}

    def __getitem__(self, address: int) -> Box | None:
        if address not in self._known:
            box = _clip(address)
            if box and address in self._outer:
                box = _moved(box, self._outer[address])
            self._known[address] = box and self._turn(*box)
        return self._known[address]

    def cut_off(self, glyphs: list[Glyph], owners: list[int]) -> set[int]:
        """The text objects with all glyphs outside their windows."""
        windows = {owner: box for owner in set(owners) if (box := self[owner]) is not None}
        outside = set(windows)
        for (_, x0, y0, x1, y1), owner in zip(glyphs, owners, strict=True) if windows else ():
            if owner in outside:
                left, top, right, bottom = windows[owner]
                if left < x1 and x0 < right and top < y1 and y0 < bottom:
                    outside.remove(owner)
        return outside

    def cut_figures(self, glyphs: list[Glyph], owners: list[int], cut_off: set[int]) -> list[str]:
        """The figures with some glyphs outside their windows, in full. The blanks that Excel puts after figures do not
        count."""
        windows = {owner: box for owner in set(owners) - cut_off if (box := self[owner]) is not None}
        cut = {
            owner
            for (text, x0, y0, x1, y1), owner in (zip(glyphs, owners, strict=True) if windows else ())
            if (box := windows.get(owner)) is not None
            and not text.isspace()
            and not (box[0] <= (x0 + x1) / 2 <= box[2] and box[1] <= (y0 + y1) / 2 <= box[3])
        }
        texts: dict[int, str] = {}
        for glyph, owner in zip(glyphs, owners, strict=True) if cut else ():
            if owner in cut:
                texts[owner] = texts.get(owner, "") + glyph[0]
        return [text.strip() for text in texts.values() if figure(text.strip())]


class _Origins:
    """The text object of a character and its clip window. Asked only if texts overflow, because it takes time."""

    def __init__(self, glyphs: list[Glyph], owners: list[int], windows: _Windows) -> None:
        self._windows = windows
        self._numbered = glyphs, owners
        self._owners: dict[int, int] = {}

    def __call__(self, glyph: Glyph) -> tuple[int, Box | None]:
        if not self._owners:
            glyphs, owners = self._numbered
            self._owners = dict(zip(map(id, glyphs), owners, strict=True))
        address = self._owners.get(id(glyph), 0)
        if not address:
            return -id(glyph), None  # a form field, which is no text object
        return address, self._windows[address]


_X, _Y = ctypes.c_float(), ctypes.c_float()
_TO_X, _TO_Y = ctypes.addressof(_X), ctypes.addressof(_Y)


def _clip(item: int) -> Box | None:
    """The window that the clip path of an object leaves, in the coordinates of the object."""
    clip = calls.clip_of(item)
    window: Box | None = None
    for path in range(calls.paths_of_clip(clip)):
        xs, ys = [], []
        for number in range(calls.segments_of_clip(clip, path)):
            calls.point_of(calls.segment_of_clip(clip, path, number), _TO_X, _TO_Y)
            xs.append(_X.value)
            ys.append(_Y.value)
        if xs:
            box = min(xs), min(ys), max(xs), max(ys)
            window = box if window is None else shared(window, box)
    return window


# ---------------------------------------------------------------------------- objects

_Object = tuple[int, Any, _Matrix]  # kind, handle, and how the coordinates that it stands in become the page's


def _objects(
    parent: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], outer: _Matrix
) -> Iterator[_Object]:
    """The paths, texts and pictures of a page, also inside its forms."""
    kind_of = calls.kind_of
    for index in range(count(parent)):
        item = get(parent, index)
        kind = kind_of(item)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            whole = _multiplied(_matrix(item), outer)
            yield from _objects(item, calls.objects_in, calls.object_in, whole)
        elif kind in _WANTED:
            yield kind, item, outer


_WANTED = frozenset({raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING})


def _matrix(item: Any) -> _Matrix:
    own = raw.FS_MATRIX()
    calls.matrix_of(item, ctypes.addressof(own))
    return own.a, own.b, own.c, own.d, own.e, own.f


class _Texts:
    """The text objects of a page: their order of painting, the invisible or white ones, and diagonal watermarks. If all
    are invisible, they are the text layer of a picture and are read."""

    def __init__(self, objects: list[_Object]) -> None:
        self.orders: dict[int, int] = {}
        self.outer: dict[int, _Matrix] = {}  # of those inside forms
        self.across: set[int] = set()
        self.invisible: set[int] = set()
        self.white: set[int] = set()
        own = raw.FS_MATRIX()
        pointer = ctypes.addressof(own)
        mode_of, matrix_of = calls.mode_of_text, calls.matrix_of
        for order, (kind, item, outer) in enumerate(objects):
            if kind != raw.FPDF_PAGEOBJ_TEXT:
                continue
            address = item
            self.orders[address] = order
            if outer != _UNCHANGED:
                self.outer[address] = outer
            mode = mode_of(item)
            matrix_of(item, pointer)
            a, b = own.a, own.b
            if a and b and _OBLIQUE < abs(b / a) < 1 / _OBLIQUE:
                self.across.add(address)
            elif mode in _UNPAINTED:
                self.invisible.add(order)
            elif mode in _INKS and all(_is_white(item, ink) for ink in _INKS[mode]):
                self.white.add(order)
        if len(self.invisible) + len(self.across) == len(self.orders):
            self.invisible = set()

    def hidden(self, text: pdfium.PdfTextPage, areas: list[Area], turn: Turn) -> dict[str, list[str]]:
        """Set aside the texts that are invisible, covered by a later area or white on white; reason → texts."""
        first = min(self.orders.values(), default=0)
        found: dict[str, list[str]] = {}
        if not self.invisible and not self.white and not any(area.order > first for area in areas):
            return found
        words = _words_by_text(text)
        for address, order in self.orders.items():
            if address in self.across:
                continue
            box = turn(*_bounds(address, self.outer.get(address, _UNCHANGED)))
            around = [area for area in areas if _has_middle(area.box, box)]
            ground = [area.is_white for area in around if area.order < order]
            if order in self.invisible:
                reason = "invisible"
            elif any(area.order > order for area in around):
                reason = "covered"
            elif order in self.white and (not ground or ground[-1]):
                reason = "white on white"
            else:
                continue
            if said := words.get(address, "").strip():
                found.setdefault(reason, []).append(said)
            raw.FPDFPageObj_SetIsActive(ctypes.cast(address, raw.FPDF_PAGEOBJECT), False)
        return found


def _words_by_text(text: pdfium.PdfTextPage) -> dict[int, str]:
    """The text of each text object: asked one by one, PDFium would search all characters for each."""
    letters: dict[int, list[str]] = defaultdict(list)
    page = calls.handle(text.raw)
    for index in range(text.count_chars()):
        letters[calls.text_object_of(page, index) or 0].append(chr(calls.letter_of(page, index)))
    return {address: _of_units("".join(said)) for address, said in letters.items()}


def _of_units(letters: str) -> str:
    """The text of UTF-16 units, two for a rare character. Stored text has no NUL and no half characters."""
    return letters.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")


def _flat_watermarks(glyphs: list[Glyph], owners: list[int], texts: _Texts, areas: list[Area]) -> dict[int, str]:
    """The texts in pale letters, much larger than everything else on the page, that lie across others; text object →
    its letters. White ones are excluded, which are visible only on a darker background, and so are texts on an area
    that is not white."""
    sizes = np.array([y1 - y0 for _, _, y0, _, y1 in glyphs])
    if not len(sizes) or sizes.max() <= (large := _HUGE * float(np.median(sizes))):
        return {}
    huge = {owner for owner in {owners[index] for index in np.flatnonzero(sizes > large).tolist()} if owner}
    pale = {owner for owner in huge if texts.orders.get(owner) not in texts.white and _is_pale(owner)}
    is_pale = np.array([owner in pale for owner in owners])
    lines: dict[float, list[int]] = defaultdict(list)  # where a line of pale letters begins → the numbers of its glyphs
    for index in np.flatnonzero(is_pale).tolist():
        lines[round(glyphs[index][2])].append(index)
    x0, y0, x1, y1 = np.array([glyph[1:] for glyph in glyphs], dtype=np.float64).T
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    found: dict[int, str] = {}
    for line in lines.values():
        left, top, right, bottom = float(x0[line].min()), float(y0[line].min()), x1[line].max(), y1[line].max()
        crossed = ~is_pale & (left <= x) & (x <= right) & (np.abs(y - (top + bottom) / 2) <= 0.4 * (bottom - top))
        order = texts.orders.get(owners[line[0]], 0)
        ground = [area for area in areas if area.order < order and _has_middle(area.box, (left, top, right, bottom))]
        if crossed.any() and (not ground or ground[-1].is_white):
            for index in line:
                found[owners[index]] = found.get(owners[index], "") + glyphs[index][0]
    return found


_RED, _GREEN, _BLUE, _ALPHA = (ctypes.c_uint() for _ in range(4))
_COLOUR = tuple(map(ctypes.addressof, (_RED, _GREEN, _BLUE, _ALPHA)))


# what paints the letters: their insides, their outlines, or both
_INKS = {
    raw.FPDF_TEXTRENDERMODE_FILL: (calls.colour_of,),
    raw.FPDF_TEXTRENDERMODE_STROKE: (calls.stroke_colour_of,),
    raw.FPDF_TEXTRENDERMODE_FILL_STROKE: (calls.colour_of, calls.stroke_colour_of),
}


def _is_white(item: Any, colour_of: Callable[..., int] = calls.colour_of) -> bool:
    if not colour_of(item, *_COLOUR):
        return False
    return _ALPHA.value < FAINT or (_RED.value >= WHITE and min(_GREEN.value, _BLUE.value) >= WHITE)


def _is_pale(item: Any) -> bool:
    if not calls.colour_of(item, *_COLOUR):
        return False
    shown = _ALPHA.value / 255
    return all(255 - shown * (255 - part.value) >= _PALE for part in (_RED, _GREEN, _BLUE))


def _is_coloured(item: Any, is_filled: bool) -> bool:
    colour_of = calls.colour_of if is_filled else calls.stroke_colour_of
    return bool(colour_of(item, *_COLOUR)) and is_coloured([_RED.value, _GREEN.value, _BLUE.value])


def _is_opaque(item: Any) -> bool:
    has_colour = calls.colour_of(item, *_COLOUR)
    return bool(has_colour) and _ALPHA.value >= OPAQUE and not calls.shines_through(item)


def _paths(objects: list[_Object], turn: Turn) -> tuple[list[Rule], list[Area], list[Box]]:
    """Straight lines that are drawn, filled rectangles that are thin like lines, areas, and the boxes of triangles."""
    fill, stroke, own = ctypes.c_int(), ctypes.c_int(), raw.FS_MATRIX()
    matrix_of, pointer = calls.matrix_of, ctypes.addressof(own)
    to_fill, to_stroke = ctypes.addressof(fill), ctypes.addressof(stroke)
    rules: list[Rule] = []
    areas: list[Area] = []
    triangles: list[Box] = []
    for order, (kind, path, outer) in enumerate(objects):
        if kind == raw.FPDF_PAGEOBJ_SHADING and not calls.shines_through(path):
            areas += (Area(turn(*box), order, False) for box in _through(_bounds(path, outer), path, outer))
        if kind != raw.FPDF_PAGEOBJ_PATH:
            continue
        matrix_of(path, pointer)
        matrix = _multiplied((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        calls.mode_of_path(path, to_fill, to_stroke)
        if not (fill.value or stroke.value):
            continue
        if not stroke.value:
            left, bottom, right, top = dot = _bounds(path, outer)
            if max(right - left, top - bottom) <= _DOT:  # of a dotted rule, of which there may be many thousands
                rules.append(Rule(*turn(*dot)))
                continue
        for corners in _subpaths(path, matrix):
            on_page = [turn(x, y, x, y)[:2] for x, y in corners] if len(corners) <= _MOST_OF_TRIANGLE else []
            if (triangle := triangle_of(on_page, fill.value != 0)) is not None:
                box_of, is_up = triangle
                if is_up and not _is_coloured(path, fill.value != 0):  # others mark how a figure has changed
                    triangles.append(box_of)
                continue
            rules += (Rule(*turn(*rule)) for rule in rules_of(corners, stroke.value != 0))
            box = area_of(corners) if fill.value else None
            if box and _is_opaque(path):
                areas += (Area(turn(*seen_of), order, _is_white(path)) for seen_of in _through(box, path, outer))
    return rules, areas, triangles


def _pictures(
    document: pdfium.PdfDocument,
    page: pdfium.PdfPage,
    objects: list[_Object],
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
        whole = _moved((0.0, 0.0, 1.0, 1.0), _multiplied(_matrix(item), outer))
        for shown in _through(whole, item, outer):
            left, top, right, bottom = box = turn(*shown)
            inside = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
            if not inside.any() or 2 * (right - left) * (bottom - top) > across * down:
                continue
            if not (inside & (painted < order)).any() or _hides_all(document, page, item):
                yield Area(box, order, False)


def _hides_all(document: pdfium.PdfDocument, page: pdfium.PdfPage, item: int) -> bool:
    """Whether a picture is opaque."""
    if calls.shines_through(item):
        return False
    handle = ctypes.cast(item, raw.FPDF_PAGEOBJECT)
    bitmap = raw.FPDFImageObj_GetRenderedBitmap(document.raw, page.raw, handle)
    if not bitmap:
        return False
    drawn = pdfium.PdfBitmap.from_raw(bitmap).to_numpy()
    return drawn.ndim < 3 or drawn.shape[2] < 4 or float((drawn[:, :, 3] >= OPAQUE).mean()) >= _OPAQUE_PART


def _through(box: Box, item: int, outer: _Matrix) -> Iterator[Box]:
    """The part of an area that its clip path leaves visible."""
    window = _clip(item)
    if window is not None:
        box = shared(box, window if outer == _UNCHANGED else _moved(window, outer))
    if box[0] < box[2] and box[1] < box[3]:
        yield box


_SIDES = tuple(ctypes.c_float() for _ in range(4))
_TO_SIDES = tuple(map(ctypes.addressof, _SIDES))


def _bounds(item: int, outer: _Matrix) -> Box:
    """The box around an object, on the page."""
    calls.bounds_of(item, *_TO_SIDES)
    left, bottom, right, top = _SIDES
    box = left.value, bottom.value, right.value, top.value
    return box if outer == _UNCHANGED else _moved(box, outer)


def _has_middle(box: Box, of: Box) -> bool:
    """Whether a text lies in an area, apart from its margins."""
    return (
        box[0] <= (of[0] + of[2]) / 2 <= box[2]
        and box[1] <= (of[1] + of[3]) / 2 <= box[3]
        and (min(box[2], of[2]) - max(box[0], of[0]) >= 0.9 * (of[2] - of[0]))
    )


def _moved(box: Box, matrix: _Matrix) -> Box:
    a, b, c, d, e, f = matrix
    left, bottom, right, top = box
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _multiplied(first: _Matrix, second: _Matrix) -> _Matrix:
    if second == _UNCHANGED:
        return first
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _subpaths(path: int, matrix: _Matrix) -> Iterator[list[tuple[float, float]]]:
    """The corners of each part of a path, in the coordinates of the page."""
    a, b, c, d, e, f = matrix
    across, up = ctypes.c_float(), ctypes.c_float()
    to_across, to_up = ctypes.addressof(across), ctypes.addressof(up)
    segment_of, point_of = calls.segment_of, calls.point_of
    kind_of_segment, is_closed = calls.kind_of_segment, calls.is_closed
    points: list[tuple[float, float]] = []
    for index in range(calls.segments_of(path)):
        segment = segment_of(path, index)
        point_of(segment, to_across, to_up)
        if index and kind_of_segment(segment) == raw.FPDF_SEGMENT_MOVETO:
            yield points
            points = []
        x, y = across.value, up.value
        points.append((a * x + c * y + e, b * x + d * y + f))
        if index and is_closed(segment):
            points.append(points[0])
    if points:
        yield points


def _shows_pictures(objects: list[_Object], text: pdfium.PdfTextPage) -> bool:
    """Whether a page without text shows what may be text all the same: pictures, texts without characters, letters
    drawn as outlines. A blank page and a table without text show only rules and rectangles."""
    has_characters = text.count_chars() > 0
    for kind, item, outer in objects:
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            if not has_characters:
                return True
        elif kind != raw.FPDF_PAGEOBJ_PATH or any(len(part) > _CORNERS_OF_AREA for part in _subpaths(item, outer)):
            return True
    return False


def _is_scan(document: pdfium.PdfDocument, page: pdfium.PdfPage, objects: list[_Object]) -> bool:
    """Whether a page is a scan with the text that an OCR program hid: it is not painted, or lies below the picture."""
    texts = [(order, item) for order, (kind, item, _) in enumerate(objects) if kind == raw.FPDF_PAGEOBJ_TEXT]
    pictures = [entry for entry in enumerate(objects) if entry[1][0] == raw.FPDF_PAGEOBJ_IMAGE]
    if not texts or not pictures:
        return False
    if calls.mode_of_text(texts[0][1]) in _UNPAINTED:
        return True
    across, down = page.get_size()
    middle, _ = texts[len(texts) // 2]
    for order, (_, item, outer) in pictures:
        left, bottom, right, top = _moved((0.0, 0.0, 1.0, 1.0), _multiplied(_matrix(item), outer))
        is_large = 2 * (right - left) * (top - bottom) > across * down
        if is_large and order > middle and _hides_all(document, page, item):
            return True
    return False
