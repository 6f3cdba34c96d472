"""Which texts of a PDF page are seen: not invisible, not covered, not white on white, and no watermarks."""

from __future__ import annotations

import ctypes
from collections import defaultdict

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from loader.documents.readers.pages.page import Box, Glyph
from loader.documents.readers.pages.seen import Area
from loader.documents.readers.pdf import calls
from loader.documents.readers.pdf.colours import is_pale, is_white
from loader.documents.readers.pdf.objects import UNCHANGED, Matrix, Object, bounds_of
from loader.documents.readers.pdf.text import Turn

_OBLIQUE = 0.05  # the slope from which on a text runs across the page
_HUGE = 2.5  # of the usual size of letters: a pale text so large is a watermark
UNPAINTED = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
# what paints the letters: their insides, their outlines, or both
_INKS = {
    raw.FPDF_TEXTRENDERMODE_FILL: (calls.colour_of,),
    raw.FPDF_TEXTRENDERMODE_STROKE: (calls.stroke_colour_of,),
    raw.FPDF_TEXTRENDERMODE_FILL_STROKE: (calls.colour_of, calls.stroke_colour_of),
}


class Texts:
    """The text objects of a page: their order of painting, the invisible or white ones, and diagonal watermarks. If all
    are invisible, they are the text layer of a picture and are read."""

    def __init__(self, objects: list[Object]) -> None:
        self.orders: dict[int, int] = {}
        self.outer: dict[int, Matrix] = {}  # of those inside forms
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
            if outer != UNCHANGED:
                self.outer[address] = outer
            mode = mode_of(item)
            matrix_of(item, pointer)
            a, b = own.a, own.b
            if a and b and _OBLIQUE < abs(b / a) < 1 / _OBLIQUE:
                self.across.add(address)
            elif mode in UNPAINTED:
                self.invisible.add(order)
            elif mode in _INKS and all(is_white(item, ink) for ink in _INKS[mode]):
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
            box = turn(*bounds_of(address, self.outer.get(address, UNCHANGED)))
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


def flat_watermarks(glyphs: list[Glyph], owners: list[int], texts: Texts, areas: list[Area]) -> dict[int, str]:
    """The texts in pale letters, much larger than everything else on the page, that lie across others; text object →
    its letters. White ones are excluded, which are visible only on a darker background, and so are texts on an area
    that is not white."""
    sizes = np.array([y1 - y0 for _, _, y0, _, y1 in glyphs])
    if not len(sizes) or sizes.max() <= (large := _HUGE * float(np.median(sizes))):
        return {}
    huge = {owner for owner in {owners[index] for index in np.flatnonzero(sizes > large).tolist()} if owner}
    pale = {owner for owner in huge if texts.orders.get(owner) not in texts.white and is_pale(owner)}
    in_pale = np.array([owner in pale for owner in owners])
    lines: dict[float, list[int]] = defaultdict(list)  # where a line of pale letters begins → the numbers of its glyphs
    for index in np.flatnonzero(in_pale).tolist():
        lines[round(glyphs[index][2])].append(index)
    x0, y0, x1, y1 = np.array([glyph[1:] for glyph in glyphs], dtype=np.float64).T
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    found: dict[int, str] = {}
    for line in lines.values():
        left, top, right, bottom = float(x0[line].min()), float(y0[line].min()), x1[line].max(), y1[line].max()
        crossed = ~in_pale & (left <= x) & (x <= right) & (np.abs(y - (top + bottom) / 2) <= 0.4 * (bottom - top))
        order = texts.orders.get(owners[line[0]], 0)
        ground = [area for area in areas if area.order < order and _has_middle(area.box, (left, top, right, bottom))]
        if crossed.any() and (not ground or ground[-1].is_white):
            for index in line:
                found[owners[index]] = found.get(owners[index], "") + glyphs[index][0]
    return found


def _has_middle(box: Box, of: Box) -> bool:
    """Whether a text lies in an area, apart from its margins."""
    return (
        box[0] <= (of[0] + of[2]) / 2 <= box[2]
        and box[1] <= (of[1] + of[3]) / 2 <= box[3]
        and (min(box[2], of[2]) - max(box[0], of[0]) >= 0.9 * (of[2] - of[0]))
    )
