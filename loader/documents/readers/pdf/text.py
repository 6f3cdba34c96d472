"""The characters of a PDF page and their positions: base lines, font sizes and widths as the PDF states them.

PDFium's own character boxes depend on the fonts of the machine if the PDF embeds none, and on ascents, which some fonts
state wrongly. Positions and widths in the PDF do not. Within a text object the font decides the positions, unless it is
spaced out: if its last character is where the widths put it, so are those between, and PDFium need not be asked for
them.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import hypot
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from loader.documents.readers.pages.page import ABOVE, BELOW, Glyph
from loader.documents.readers.pdf.calls import (
    font_of,
    has_no_meaning,
    matrix_of_character,
    origin_of,
    size_of_character,
    text_object_of,
    width_of,
)
from loader.documents.readers.pdf.calls import handle as handle_of
from loader.documents.readers.pdf.fonts import use_only_boxes

UNKNOWN = 0xFFFD  # stands for a character whose meaning the PDF does not tell
_LINE_END_HYPHEN = 2  # what PDFium says for a hyphen at the end of a line
_SPACE = 32
_OUT_OF_PLACE = 0.02  # of the font size: how far a character may stand from where the widths put it
_NARROWER = 0.8  # of the stated width: a step so much shorter shows that the width is not that of the character

use_only_boxes()

Turn = Callable[[Any, Any, Any, Any], tuple[Any, Any, Any, Any]]  # of numbers, or of arrays of them


class Characters(NamedTuple):
    """The glyphs of a page, the address of the text object of each, and the number of glyphs without a known character.
    A text that runs up or down, or is upside down, is one glyph."""

    glyphs: list[Glyph]
    objects: list[int]
    unreadable: int


class _Object(NamedTuple):
    """A text object: its font, its base line on the page, and the height of one em."""

    font: int
    along_x: float
    along_y: float
    up_x: float
    up_y: float
    size: float  # of an em along the base line


def characters(text: pdfium.PdfTextPage, turn: Turn) -> Characters:
    """The characters of a page in the order of PDFium, line by line."""
    count = text.count_chars()
    if not count:
        return Characters([], [], 0)
    handle = handle_of(text.raw)
    codes = _codes(text, count)
    setting = _Setting(text, handle, codes)
    objects = [0] * count
    for start, end in _stretches(codes):
        setting.place(start, end, objects)
    kept, letters = _meanings(handle, codes, objects)
    if not kept:
        return Characters([], [], 0)
    at = setting.places()[kept]
    sides, is_turned = _boxes(at, turn)
    glyphs: list[Glyph] = list(zip(letters, *(side.tolist() for side in sides), strict=True))
    addresses = [objects[index] for index in kept]
    if is_turned.any():
        glyphs, addresses = _as_wholes(glyphs, addresses, is_turned, at)
    return Characters(glyphs, addresses, letters.count(chr(UNKNOWN)))


def _meanings(page: Any, codes: list[int], objects: list[int]) -> tuple[list[int], list[str]]:
    """The indices of the characters that are on the page, and the characters."""
    # asking for each character takes long: if one in eight is sound, all are
    is_doubtful = any(has_no_meaning(page, index) == 1 for index in range(0, len(codes), 8))
    numbers, is_placed = np.array(codes), np.array(objects) != 0
    is_plain = ((numbers >= _SPACE) & (numbers < 0x2E80)) | ((numbers >= 0x2FE0) & (numbers < 0xD800))
    if not is_doubtful and (is_plain | ~is_placed).all():
        return np.flatnonzero(is_placed).tolist(), list(map(chr, numbers[is_placed].tolist()))
    kept: list[int] = []
    letters: list[str] = []
    high = 0
    for index, (code, item) in enumerate(zip(codes, objects, strict=True)):
        if not item:  # a space or the end of a line that PDFium thought of
            continue
        if is_doubtful or not (_SPACE <= code < 0x2E80 or 0x2FE0 <= code < 0xD800):
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else UNKNOWN
            elif code == _LINE_END_HYPHEN:
                code = ord("-")
            elif not code or 0xE000 <= code < 0xF900 or code >= 0xFFF0:
                code = UNKNOWN
            elif code < _SPACE:
                continue
            elif is_doubtful and has_no_meaning(page, index) == 1:
                code = UNKNOWN
        letter = chr(code)
        if 0x2E80 <= code < 0x2FE0 or 0xF900 <= code < 0xFB00:
            letter = unicodedata.normalize("NFKC", letter)  # fonts that name a radical for the character
        kept.append(index)
        letters.append(letter)
    return kept, letters


def _codes(text: pdfium.PdfTextPage, count: int) -> list[int]:
    """The code of every character, all at once if PDFium leaves none out."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if raw.FPDFText_GetText(text.raw, 0, count, buffer) == count + 1:
        codes = list(buffer)[:count]
        for index, code in enumerate(codes):
            if code >= 0xFFF0 or (code < _SPACE and code not in (10, 13)):
                codes[index] = raw.FPDFText_GetUnicode(text.raw, index)
        return codes
    return [raw.FPDFText_GetUnicode(text.raw, index) for index in range(count)]


def _stretches(codes: list[int]) -> Iterator[tuple[int, int]]:
    """The stretches between spaces and line ends, and the spaces one by one: PDFium may have added them."""
    start = 0
    for index, code in enumerate(codes):
        if code <= _SPACE:
            if start < index:
                yield start, index
            if code not in (10, 13):
                yield index, index + 1
            start = index + 1
    if start < len(codes):
        yield start, len(codes)


class _Setting:
    """The position of each character of a page: origin, step along the base line, height of the font."""

    def __init__(self, text: pdfium.PdfTextPage, handle: Any, codes: list[int]) -> None:
        self._text = text
        self._handle = handle
        self._codes = codes
        self._objects: dict[int, _Object] = {}
        self._matrix = raw.FS_MATRIX()
        self._to_matrix = ctypes.addressof(self._matrix)
        self._widths: dict[tuple[int, int], float] = {}
        self._in_em = [0.0] * len(codes)  # the width of each
        # those that follow one another by their widths: first and number, origin, step of an em and height
        self._rows: list[tuple[int, int, float, float, float, float, float, float]] = []
        self._x, self._y, self._width = ctypes.c_double(), ctypes.c_double(), ctypes.c_float()
        self._to_x, self._to_y, self._to_width = map(ctypes.addressof, (self._x, self._y, self._width))

    def place(self, start: int, end: int, objects: list[int]) -> None:
        """Position the characters of a stretch, which is one text object or several."""
        handle = self._handle
        last = text_object_of(handle, end - 1) or 0
        while start < end:
            item = text_object_of(handle, start) or 0
            stop = end if item == last else start + 1
            while stop < end and (text_object_of(handle, stop) or 0) == item:
                stop += 1
            if item:
                objects[start:stop] = [item] * (stop - start)
                self._set(start, stop, item)
            start = stop

    def _set(self, start: int, end: int, item: int) -> None:
        font = self._objects.get(item) or self._described(start, item)
        _, along_x, along_y, up_x, up_y, size = font
        widths = [self._width_of(font.font, code) for code in self._codes[start:end]]
        x, y = self._origin(start)
        if end - start > 1:
            ahead = sum(widths[:-1])
            last_x, last_y = self._origin(end - 1)
            off = abs(last_x - x - ahead * along_x) + abs(last_y - y - ahead * along_y)
            if off > _OUT_OF_PLACE * size or not all(widths):
                between = (self._origin(index) for index in range(start + 1, end - 1))
                origins = [(x, y), *between, (last_x, last_y)]
                widths = self._narrowed(font, start, widths, origins)
                self._in_em[start:end] = widths
                for index, (x, y) in enumerate(origins, start):
                    self._rows.append((index, 1, x, y, along_x, along_y, up_x, up_y))
                return
        self._in_em[start:end] = widths if widths[0] else [0.5]
        self._rows.append((start, end - start, x, y, along_x, along_y, up_x, up_y))

    def places(self) -> NDArray[np.float64]:
        """By the numbers of the characters: x, y, step x, step y, height x, height y."""
        places = np.zeros((len(self._codes), 6))
        if not self._rows:
            return places
        first, count, x, y, along_x, along_y, up_x, up_y = np.array(self._rows).T
        number = count.astype(np.int64)
        row = np.repeat(np.arange(len(number)), number)
        before = np.cumsum(number) - number
        index = first.astype(np.int64)[row] + np.arange(len(row)) - before[row]
        width = np.array(self._in_em)[index]
        ahead = np.cumsum(width) - width
        ahead -= ahead[before][row]
        step_x, step_y = along_x[row], along_y[row]
        places[index] = np.column_stack(
            (x[row] + ahead * step_x, y[row] + ahead * step_y, width * step_x, width * step_y, up_x[row], up_y[row])
        )
        return places

    def _narrowed(
        self, font: _Object, start: int, widths: list[float], origins: list[tuple[float, float]]
    ) -> list[float]:
        """Widths limited so that they do not reach over the next character: one code may have two widths in a font."""
        em = font.size * font.size or 1.0
        for number, ((x0, y0), (x1, y1)) in enumerate(pairwise(origins)):
            step = ((x1 - x0) * font.along_x + (y1 - y0) * font.along_y) / em
            if 0 < step < _NARROWER * widths[number] or (step > 0 and not widths[number]):
                self._widths[font.font, self._codes[start + number]] = min(step, 1.0)
        codes = self._codes[start : start + len(widths)]
        return [self._width_of(font.font, code) or 0.5 for code in codes]

    def _origin(self, index: int) -> tuple[float, float]:
        origin_of(self._handle, index, self._to_x, self._to_y)
        return self._x.value, self._y.value

    def _width_of(self, font: int, code: int) -> float:
        """The width of a character in em, 0 if the PDF does not state it."""
        key = font, code
        width = self._widths.get(key)
        if width is None:
            is_known = width_of(font, code, 1.0, self._to_width)
            width = self._widths[key] = self._width.value if is_known and 0 < self._width.value < 10 else 0.0
        return width

    def _described(self, index: int, item: int) -> _Object:
        matrix = self._matrix
        matrix_of_character(self._handle, index, self._to_matrix)
        size = size_of_character(self._handle, index)
        a, b, c, d = size * matrix.a, size * matrix.b, size * matrix.c, size * matrix.d
        described = _Object(font_of(item) or 0, a, b, c, d, hypot(a, b))
        self._objects[item] = described
        return described


def _boxes(at: NDArray[np.float64], turn: Turn) -> tuple[tuple[NDArray[np.float64], ...], NDArray[np.bool_]]:
    """Left, top, right and bottom on the rotated page, and which glyphs do not run to the right on it."""
    x, y, along_x, along_y, up_x, up_y = at.T
    corners = [
        (x + along * along_x + up * up_x, y + along * along_y + up * up_y)
        for along in (0.0, 1.0)
        for up in (-BELOW, ABOVE)
    ]
    xs, ys = np.stack([x for x, _ in corners]), np.stack([y for _, y in corners])
    sides = turn(xs.min(axis=0), ys.min(axis=0), xs.max(axis=0), ys.max(axis=0))
    origin_x, origin_y, *_ = turn(x, y, x, y)
    end_x, end_y, *_ = turn(x + along_x, y + along_y, x + along_x, y + along_y)
    return sides, np.abs(end_y - origin_y) > end_x - origin_x


def _as_wholes(
    glyphs: list[Glyph], objects: list[int], is_turned: NDArray[np.bool_], at: NDArray[np.float64]
) -> tuple[list[Glyph], list[int]]:
    """Texts that do not run to the right, as one glyph each: the order of their letters on the page is different."""
    wholes: list[Glyph] = []
    owners: list[int] = []
    before = -1
    for index, (glyph, item) in enumerate(zip(glyphs, objects, strict=True)):
        if not is_turned[index]:
            wholes.append(glyph)
            owners.append(item)
            before = -1
            continue
        if before >= 0:
            x, y, along_x, along_y = at[before, :4]
            gap = abs(at[index, 0] - x - along_x) + abs(at[index, 1] - y - along_y)
            if gap <= 0.5 * float(np.hypot(*at[index, 4:6])):
                text, x0, y0, x1, y1 = wholes[-1]
                letter, left, top, right, bottom = glyph
                wholes[-1] = text + letter, min(x0, left), min(y0, top), max(x1, right), max(y1, bottom)
                before = index
                continue
        wholes.append(glyph)
        owners.append(item)
        before = index
    return wholes, owners
