"""Scans: pictures of pages, read by OpenCV (rules and lines of text) and RapidOCR (the text of the lines).

Both come with the extra ``ocr``. Their results are uncertain until other forms confirm them, so a document lists the
rows that were read this way.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from loader.documents.grid import Document, DocumentError, Grid, Row
from loader.documents.printed_row import ROWS_A_PAGE
from loader.documents.readers.pages.aligned_tables import find_aligned_tables
from loader.documents.readers.pages.page import Glyph, Page, Rule, Table
from loader.documents.readers.pages.rows import rows_of
from loader.documents.readers.pages.tables import tables_of
from loader.documents.readers.pages.texts import page_of
from loader.documents.readers.scans.picture import Image, Picture, ink_of, picture_of, scale_of, straightened
from loader.documents.readers.scans.picture_file import pages_in

SCALE = 300 / 72  # pixels a point at which pages of a PDF are drawn
ADVICE = (
    "to read pictures of pages install the extra ocr: pip install -e '.[ocr]' in a checkout,"
    " pipx install --force 'hetang-….whl[ocr]' for a wheel"
)

_SHORTEST_ACROSS = 36.0  # points; the strokes of a title are shorter, and rules run on over the columns
_SHORTEST_DOWN = 9.0  # points; about a row
_GAP_ACROSS, _GAP_DOWN = 12.0, 8.0  # points; gaps where a stamp covers a rule; no column or row is so narrow
_NEAR = 1.5  # points; rules closer than that meet
_LETTER = 8.0  # points; gaps up to this are inside a line
_SMALLEST = 3.0  # points; no line of text is smaller
_DIRT = 0.7  # square points; smaller spots say nothing about where text is
_SURE = 0.75  # mean confidence of a page that is the right way up
_CERTAIN = 0.95  # confidence of a text that is not doubted
_UNSEEN = 0.95  # of a gap in a rule that must be covered by a stamp, or show pieces of it
_FILLED = 0.6  # of its line; what letters of usual widths fill at least
_UPRIGHT = 2.0  # times as high as wide; no line of text that runs across is higher
_SAMPLE = 4  # lines that tell which way up a page is

_Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels


def is_available() -> bool:
    """Whether the extra is installed."""
    return all(importlib.util.find_spec(name) for name in ("cv2", "rapidocr", "onnxruntime"))


def read(content: bytes, file_name: str) -> Document:
    """Read a picture file; a TIFF may hold several pages."""
    if not is_available():
        raise DocumentError(f"{file_name}: a picture, not a text; {ADVICE}")
    cut_off: list[str] = []
    try:
        pages = [read_page(number, image) for number, image in enumerate(pages_in(content, cut_off), start=1)]
    except MemoryError:
        raise DocumentError(
            f"{file_name}: the picture takes more memory than one document may; save it with a lower resolution"
        ) from None
    if not pages:
        raise DocumentError(f"{file_name}: the picture is damaged or of an unknown kind")
    remarks = tuple(find_aligned_tables(pages))
    rows = marked(rows_of(pages), range(1, len(pages) + 1))
    return Document(file_name, "image", (Grid("image", rows),), remarks, tuple(cut_off))


def marked(rows: Sequence[Row], pages: Collection[int]) -> tuple[Row, ...]:
    """The rows of a document, those on some pages marked as read from a picture."""
    return tuple(row._replace(is_ocr=True) if row.number // ROWS_A_PAGE in pages else row for row in rows)


def read_page(number: int, image: Image) -> Page:
    """Read one page, given as rows of pixels from the top. Its time must have been allowed."""
    import cv2

    picture = picture_of(image)
    best: tuple[float, Picture] | None = None
    for turn in (None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180):
        upright = straightened(picture if turn is None else picture.rotated(turn))
        sureness = _sureness(upright.grey)
        if best is None or sureness > best[0]:
            best = sureness, upright
        if sureness >= _SURE:
            break
    assert best is not None
    return _read_upright(number, best[1])


def shows_table(image: Image) -> bool:
    """Whether there are the rules of a table on a page, whichever side is up; its text takes far longer to read."""
    _, rules = _ink_and_rules(straightened(picture_of(image)))
    return bool(tables_of(rules))


def _ink_and_rules(picture: Picture) -> tuple[Image, list[Rule]]:
    grey, covered = picture
    scale = scale_of(grey)
    ink = ink_of(grey, scale)
    return ink, _mended(list(_rules(ink, scale)), ink, covered, scale)


def _read_upright(number: int, picture: Picture) -> Page:
    grey, covered = picture
    scale = scale_of(grey)
    ink, rules = _ink_and_rules(picture)
    glyphs: list[Glyph] = []
    doubtful: list[_Box] = []
    for box in _text_boxes(ink, rules, scale):
        text, sure = _recognised(grey, box, scale)
        left, top, right, bottom = box
        if text:
            glyphs.append((text, left / scale, top / scale, right / scale, bottom / scale))
            if sure < _CERTAIN or covered[top:bottom, left:right].any():
                doubtful.append(box)
    page = page_of(number, grey.shape[0] / scale, glyphs, rules)
    tables = [block for block in page.blocks if isinstance(block, Table)]
    for left, top, right, bottom in doubtful:
        x, y = (left + right) / 2 / scale, (top + bottom) / 2 / scale
        for table in tables:
            if table.xs[0] < x < table.xs[-1] and table.ys[0] < y < table.ys[-1]:
                table.cell_at(x, y).is_doubtful = True
    return page


# ---------------------------------------------------------------------------- where text and rules are


def _without_dirt(ink: Image, scale: float) -> Image:
    import cv2

    _, spots, measures, _ = cv2.connectedComponentsWithStats(ink)
    large = measures[:, cv2.CC_STAT_AREA] >= _DIRT * scale * scale
    large[0] = False  # the paper
    clean: Image = np.where(large[spots], np.uint8(255), np.uint8(0))
    return clean


def _rules(ink: Image, scale: float) -> Iterator[Rule]:
    """The rules of tables. Within a row or across a narrow column they are as short as strokes of letters, but they
    reach from one rule to another."""
    long = round(_SHORTEST_ACROSS * scale)
    lying = list(_strokes(ink, scale, long, 1, round(_GAP_ACROSS * scale)))
    standing = list(_strokes(ink, scale, 1, long, round(_GAP_DOWN * scale)))
    standing += [
        rule
        for rule in _strokes(ink, scale, 1, round(_SHORTEST_DOWN * scale))
        if rule.y1 - rule.y0 < _SHORTEST_ACROSS
        and all(any(_meet(rule._replace(y0=y, y1=y), other) for other in lying) for y in (rule.y0, rule.y1))
    ]
    yield from lying
    yield from standing
    held = [rule for rule in standing if any(_meet(rule, other) for other in lying)]
    for rule in _strokes(ink, scale, round(_SHORTEST_DOWN * scale), 1):
        ends = (rule._replace(x0=x, x1=x) for x in (rule.x0, rule.x1))
        if rule.x1 - rule.x0 < _SHORTEST_ACROSS and all(any(_meet(other, end) for other in held) for end in ends):
            yield rule


def _strokes(ink: Image, scale: float, across: int, down: int, gap: int = 0) -> Iterator[Rule]:
    """The straight strokes of at least a length, in pixels, in one direction. Gaps are bridged."""
    import cv2

    # a rule that still leans a little is whole again when it is made thicker first
    thick = cv2.dilate(ink, np.ones((1, 3) if across == 1 else (3, 1), np.uint8))
    lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((down, across), np.uint8))
    if gap:
        lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((1, gap) if across > 1 else (gap, 1), np.uint8))
    for x, y, width, height, _ in cv2.connectedComponentsWithStats(lines)[2][1:].tolist():
        if min(width, height) <= 4 * scale:
            yield Rule(x / scale, y / scale, (x + width) / scale, (y + height) / scale)


def _meet(standing: Rule, lying: Rule) -> bool:
    return (
        lying.x0 - _NEAR <= standing.x1
        and standing.x0 <= lying.x1 + _NEAR
        and standing.y0 - _NEAR <= lying.y1
        and lying.y0 <= standing.y1 + _NEAR
    )


def _mended(rules: list[Rule], ink: Image, covered: Image, scale: float) -> list[Rule]:
    """The rules, completed below a stamp: it may cover a rule for several rows, up to its end."""
    if not covered.any():
        return rules
    unseen = ink | covered
    lying = [rule for rule in rules if rule.x1 - rule.x0 > rule.y1 - rule.y0]
    standing = [_turned(rule) for rule in rules if rule.x1 - rule.x0 <= rule.y1 - rule.y0]
    lying, standing = _joined(lying, unseen, scale), _joined(standing, unseen.T, scale)
    ends, sides = [_turned(rule) for rule in standing], [_turned(rule) for rule in lying]
    return [_extended(rule, ends, unseen, scale) for rule in lying] + [
        _turned(_extended(rule, sides, unseen.T, scale)) for rule in standing
    ]


def _turned(rule: Rule) -> Rule:
    """A rule with horizontal and vertical exchanged."""
    return Rule(rule.y0, rule.x0, rule.y1, rule.x1)


def _joined(lying: list[Rule], unseen: Image, scale: float) -> list[Rule]:
    """Rules, with pieces joined that continue after a gap below the stamp."""
    whole: list[Rule] = []
    for rule in sorted(lying, key=lambda rule: rule.x0):
        for number, one in enumerate(whole):
            is_level = abs((one.y0 + one.y1) - (rule.y0 + rule.y1)) <= 2 * _NEAR
            if is_level and one.x1 < rule.x0 and _goes_unseen(one, one.x1, rule.x0, unseen, scale):
                whole[number] = Rule(one.x0, min(one.y0, rule.y0), rule.x1, max(one.y1, rule.y1))
                break
        else:
            whole.append(rule)
    return whole


def _extended(lying: Rule, standing: list[Rule], unseen: Image, scale: float) -> Rule:
    """A rule extended to the farthest one across it, if only the stamp lies between."""
    y = (lying.y0 + lying.y1) / 2
    places = [(rule.x0 + rule.x1) / 2 for rule in standing if rule.y0 - _NEAR <= y <= rule.y1 + _NEAR]
    before = [x for x in places if x < lying.x0 - _NEAR and _goes_unseen(lying, x, lying.x0, unseen, scale)]
    behind = [x for x in places if x > lying.x1 + _NEAR and _goes_unseen(lying, lying.x1, x, unseen, scale)]
    return lying._replace(x0=min(before, default=lying.x0), x1=max(behind, default=lying.x1))


def _goes_unseen(lying: Rule, start: float, end: float, unseen: Image, scale: float) -> bool:
    """Whether the line of a rule has ink or is below the stamp along a whole stretch."""
    y = (lying.y0 + lying.y1) / 2
    across = slice(max(0, round((y - _NEAR) * scale)), round((y + _NEAR) * scale) + 1)
    stretch = unseen[across, round(start * scale) : round(end * scale) + 1]
    return bool(stretch.size) and float(stretch.any(axis=0).mean()) >= _UNSEEN


def _text_boxes(ink: Image, rules: list[Rule], scale: float) -> list[_Box]:
    """The lines of text: cell by cell, and outside the tables."""
    ink = _without_dirt(ink, scale)
    outside = ink.copy()
    inset = round(1.5 * scale)
    insides: list[_Box] = []
    for table in tables_of(rules):
        for cell in (cell for row in table.rows for cell in row):
            left, top, right, bottom = (round(side * scale) for side in (cell.x0, cell.y0, cell.x1, cell.y1))
            insides.append((left + inset, top + inset, right - inset, bottom - inset))
        left, top, right, bottom = (
            round(side * scale) for side in (table.xs[0], table.ys[0], table.xs[-1], table.ys[-1])
        )
        outside[max(0, top - inset) : bottom + inset, max(0, left - inset) : right + inset] = 0
    stripes = [_stripes(ink[top:bottom, left:right], scale) for left, top, right, bottom in insides]
    heights = [end - start for found in stripes for start, end in found if end - start >= _SMALLEST * scale]
    letter = float(np.median(heights)) if heights else _LETTER * scale
    boxes = [
        (left + columns[0], top + start, left + columns[-1] + 1, top + end)
        for (left, top, right, bottom), found in zip(insides, stripes, strict=True)
        for start, end in _lines_in_cell(ink[top:bottom, left:right], found, letter)
        if (columns := np.flatnonzero(ink[top + start : top + end, left:right].any(axis=0)).tolist())
    ]
    return boxes + list(_lines_outside(outside, scale))


def _stripes(ink: Image, scale: float) -> list[tuple[int, int]]:
    """The stretches of a cell with ink in every row of pixels, without remains of the cell's rules."""
    rows = np.flatnonzero(np.diff(ink.any(axis=1).astype(np.int8), prepend=0, append=0)).tolist()
    edge = 1.5 * scale
    return [
        (start, end)
        for start, end in zip(rows[::2], rows[1::2], strict=True)
        if end - start > edge or (start > edge and end < ink.shape[0] - edge)
    ]


def _lines_in_cell(ink: Image, stripes: list[tuple[int, int]], letter: float) -> Iterator[tuple[int, int]]:
    """The beginnings and ends of lines: the strokes of 二 belong together, and lines that touch are separated."""
    joined: list[tuple[int, int]] = []
    for start, end in stripes:
        if joined and end - joined[-1][0] <= 1.2 * letter:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    for start, end in joined:
        count = max(1, round((end - start) / (1.25 * letter)))
        pitch = (end - start) / count
        cuts = [start]
        for number in range(1, count):
            near = start + round(pitch * number)
            reach = max(1, round(pitch / 4))
            density = ink[near - reach : near + reach].sum(axis=1, dtype=np.int64)
            cuts.append(near - reach + int(density.argmin()))
        yield from pairwise([*cuts, end])


def _lines_outside(ink: Image, scale: float) -> Iterator[_Box]:
    """The boxes around the lines of text on a page, split at wide gaps."""
    import cv2

    joined = cv2.dilate(ink, np.ones((max(1, round(scale)), round(_LETTER * scale)), np.uint8))
    for x, y, width, height, _ in cv2.connectedComponentsWithStats(joined)[2][1:].tolist():
        piece = ink[y : y + height, x : x + width]
        rows, columns = np.flatnonzero(piece.any(axis=1)), np.flatnonzero(piece.any(axis=0))
        if rows.size and rows[-1] - rows[0] >= _SMALLEST * scale:
            yield x + int(columns[0]), y + int(rows[0]), x + int(columns[-1]) + 1, y + int(rows[-1]) + 1


# ---------------------------------------------------------------------------- what the text says


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error", "Global.text_score": 0.0})


def _recognised(grey: Image, box: _Box, scale: float) -> tuple[str, float]:
    """The text of a line and the confidence of the recogniser."""
    import cv2

    margin = round(0.8 * scale)
    left, top, right, bottom = box
    line = grey[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    height = line.shape[0]  # signs that stand alone are told better with paper around them
    line = cv2.copyMakeBorder(line, height // 3, height // 3, height, height, cv2.BORDER_CONSTANT, value=(255,))
    found = _engine()(line, use_det=False, use_cls=False, use_rec=True)
    return (found.txts[0].strip(), float(found.scores[0])) if found.txts else ("", 0.0)


def _sureness(grey: Image) -> float:
    """How well some lines of a page can be read in its present rotation. An empty page gets the best value."""
    scale = scale_of(grey)
    ink = ink_of(grey, scale)
    boxes = _text_boxes(ink, list(_rules(ink, scale)), scale)
    longest = sorted(boxes, key=lambda box: box[0] - box[2])[:_SAMPLE]
    scores = [_sure_of(*_recognised(grey, box, scale), box) for box in longest]
    return sum(scores) / len(scores) if scores else 1.0


def _sure_of(text: str, sure: float, box: _Box) -> float:
    """How sure a text is that should fill its box: of lines of a page turned sideways, single letters are read."""
    left, top, right, bottom = box
    if bottom - top > _UPRIGHT * (right - left):
        return 0.0
    squares = sum(0.5 if letter.isascii() else 1.0 for letter in text)
    return sure * min(1.0, squares * (bottom - top) / (_FILLED * (right - left)))
