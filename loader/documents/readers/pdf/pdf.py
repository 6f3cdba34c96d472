"""PDF: the characters and rules that PDFium returns, put into the cells of the ruled tables."""

from __future__ import annotations

from collections import Counter
from itertools import compress, islice

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from loader.documents.grid import Document, DocumentError, Grid
from loader.documents.limits import allow_for_picture
from loader.documents.readers.pages.aligned_tables import find_aligned_tables
from loader.documents.readers.pages.drawn_minus import signs_read, with_drawn_triangles
from loader.documents.readers.pages.page import MAX_PAGES, Box, Page, Rule
from loader.documents.readers.pages.rows import rows_of
from loader.documents.readers.pages.seen import cut_figures_read, marks_left_out, remarks_on, seen, watermarks_left_out
from loader.documents.readers.pages.texts import page_of
from loader.documents.readers.pdf import calls
from loader.documents.readers.pdf.fields import with_fields
from loader.documents.readers.pdf.objects import UNCHANGED, Object, objects_of
from loader.documents.readers.pdf.scans import drawn, is_scan, pictures_on, shows_pictures
from loader.documents.readers.pdf.shapes import drawn_paths, hiding_pictures
from loader.documents.readers.pdf.sight import Texts, flat_watermarks
from loader.documents.readers.pdf.structure import as_shown
from loader.documents.readers.pdf.text import Turn, characters
from loader.documents.readers.pdf.windows import Origins, Windows
from loader.documents.readers.scans import scan
from loader.documents.readers.scans.pasted import may_show_table, with_pictures_read

_MOST_OBJECTS = 1_000_000  # on one page, those inside its forms included
_SAMPLE = 12  # characters that tell which way a page is turned
_UNREADABLE = 0.3  # from this share of characters without a meaning on, a page has no text
_OTHER_TEXT = b"ActualText"


def read(content: bytes, file_name: str) -> Document:
    """One grid. Row numbers contain the page (see :mod:`loader.documents.readers.pages.page`). Pages without text that
    show something are pictures, which need the extra ``ocr``."""
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
    pasted: list[int] = []  # pages whose text was read, and not the pictures beside it
    for number in range(1, len(document) + 1):
        try:
            page = _page(document, number, unseen)
        except pdfium.PdfiumError as error:
            raise DocumentError(f"{file_name}: page {number} of the PDF is damaged ({error})") from None
        if isinstance(page, str):
            pictures[number] = page
            if scan.is_available():
                pages.append(_read_as_picture(document, number))
            continue
        if page.pictures and not scan.is_available():
            pasted.append(number)
        elif page.pictures:
            allow_for_picture()
            image = drawn(document[number - 1])
            if scan.shows_table(image):  # which takes about a second
                allow_for_picture()
                seen_page = with_pictures_read(page, image) or scan.read_page(number, image)
                if seen_page.has_table:
                    pictures[number], page = "a table on it is a picture", seen_page
        pages.append(page)
    unread = {} if scan.is_available() else pictures
    if unread and len(unread) == len(document):
        reasons = ", ".join(sorted(set(unread.values())))
        raise DocumentError(f"{file_name}: the PDF has no text on its {len(unread)} pages: {reasons}; {scan.ADVICE}")
    remarks = list(remarks)
    if unread:
        remarks.append(f"pages without text were left out: {', '.join(map(str, unread))}; {scan.ADVICE}")
    if pasted:
        remarks.append(
            f"pages with pictures that may show tables were read without them: {', '.join(map(str, pasted))};"
            f" {scan.ADVICE}"
        )
    remarks += find_aligned_tables(pages)
    rows = scan.marked(rows_of(pages), pictures.keys())
    remarks += [*remarks_on(unseen), *marks_left_out(pages), *watermarks_left_out(pages)]
    remarks += [*signs_read(pages), *cut_figures_read(pages)]
    return Document(file_name, "pdf", (Grid("pdf", rows),), tuple(remarks))


def _read_as_picture(document: pdfium.PdfDocument, number: int) -> Page:
    """A page as the extra ``ocr`` reads it."""
    allow_for_picture()
    return scan.read_page(number, drawn(document[number - 1]))


def _page(document: pdfium.PdfDocument, number: int, unseen: list[tuple[int, dict[str, list[str]]]]) -> Page | str:
    """A page as read, or the reason why it can only be read as a picture. Invisible text is added to ``unseen``."""
    page = document[number - 1]
    page, fields, strokes = with_fields(document, page, number)
    found_objects = objects_of(calls.handle(page.raw), calls.objects_on, calls.object_on, UNCHANGED)
    objects = list(islice(found_objects, _MOST_OBJECTS + 1))
    if len(objects) > _MOST_OBJECTS:
        raise pdfium.PdfiumError(f"more than {_MOST_OBJECTS:,} objects on it")
    _forget_other_texts(objects)
    text = page.get_textpage()
    try:
        left, bottom, right, top = page.get_bbox()
        turn, sideways = _turn(text, (left, bottom, right, top))
        rules, areas, triangles = drawn_paths(objects, turn)
        rules += (Rule(*turn(*stroke)) for stroke in strokes)
        texts = Texts(objects)
        away = texts.hidden(text, areas, turn)
        if away:
            # PDFium hands out equal characters at one place once, the first of them: so what lies below has to go
            text.close()
            text = page.get_textpage()
        glyphs, owners, unreadable = characters(text, turn)
        watermarks = flat_watermarks(glyphs, owners, texts, areas)
        texts.across.update(watermarks)
        if unreadable > _UNREADABLE * len(glyphs):
            return "its fonts do not tell which characters they show"
        if not glyphs and not fields:
            if shows_pictures(objects, text):
                return "only pictures"
            rules = []  # of a table that was left empty
        if not rules and is_scan(document, page, objects):
            return "only pictures"
        x0, y0, x1, y1 = page.get_cropbox()
        left_edge, top_edge, right_edge, bottom_edge = turn(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        on_paper = [
            left_edge < x1 and x0 < right_edge and top_edge < y1 and y0 < bottom_edge and owner not in texts.across
            for (_, x0, y0, x1, y1), owner in zip(glyphs, owners, strict=True)
        ]
        glyphs, owners = list(compress(glyphs, on_paper)), list(compress(owners, on_paper))
        windows = Windows(turn, texts.outer)
        orders = [texts.orders.get(owner, 0) for owner in owners]
        areas = sorted(
            [*areas, *hiding_pictures(document, page, objects, turn, glyphs, orders)], key=lambda area: area.order
        )
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
        read_page = page_of(number, height, written, found.rules, Origins(glyphs, owners, windows))
        read_page.watermarks = list(watermarks.values())
        read_page.cut_figures = cut_figures
        read_page.drawn_signs = len(written) - len(glyphs) - len(filled)
        boxes = pictures_on(objects, turn)
        read_page.pictures = boxes if not read_page.has_table and may_show_table(boxes, glyphs) else []
        return read_page
    finally:
        text.close()
        page.close()


def _forget_other_texts(objects: list[Object]) -> None:
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
