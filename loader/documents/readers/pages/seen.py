"""The visible glyphs of a page (PDF, OFD): not those that are printed twice at one position, white on white, covered by
an area painted later, struck out, or too small.

Coordinates are points; y grows downwards. What is painted later covers the rest; the order counts the objects of a
page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loader.documents.readers.pages.page import BELOW, Box, Glyph, Page, Rule

_TWICE = 0.15  # of the font size: equal glyphs nearer than that are one, printed twice to look bold
_SMALLEST = 0.7  # points; smaller glyphs are nothing that a reader sees
_NARROWEST = 0.02  # of the font size; narrower letters are pressed to nothing
_STRUCK = (0.1, 0.6)  # of the font size: how far above the base line a stroke goes through the glyphs
_STROKE_END = 0.7  # of the font size: how far a stroke may begin before its text and end behind it
_MOST_STRUCK = 40  # glyphs; no longer text is struck out by one stroke
_AT_WALL = 0.6  # points: a rule that ends so near to walls of a cell on both sides is one of the cell

_WORDS_SHOWN = 3


class Area(NamedTuple):
    """An opaque painted area."""

    box: Box
    order: int
    is_white: bool


class Seen(NamedTuple):
    """The numbers of the visible glyphs, the rules other than strokes through text, and the invisible texts: reason →
    texts."""

    kept: list[int]
    rules: list[Rule]
    unseen: dict[str, list[str]]


def seen(
    glyphs: Sequence[Glyph],
    orders: Sequence[int],
    unpainted: Mapping[str, Collection[int]],
    white: Collection[int],
    areas: Sequence[Area],
    rules: Sequence[Rule],
) -> Seen:
    """The visible contents among the glyphs of a page. ``orders``: the order of painting of each; ``unpainted``: reason
    → the orders of the texts that are not painted; ``white``: those of white texts."""
    if not glyphs:
        return Seen([], list(rules), {})
    letters, *sides = zip(*glyphs, strict=True)
    boxes = np.array(sides, dtype=np.float64).T
    painted = np.array(orders)
    reasons = {reason: np.isin(painted, list(texts)) for reason, texts in unpainted.items() if texts}
    reasons["too small to be seen"] = _tiny(boxes)
    reasons |= _painted_over(boxes, painted, np.isin(painted, list(white)), areas)
    struck, strokes = _struck(glyphs, boxes, rules)
    reasons["struck out"] = struck
    gone = np.zeros(len(glyphs), dtype=bool)
    unseen: dict[str, list[str]] = {}
    for reason, which in reasons.items():
        new = which & ~gone
        if new.any():
            unseen[reason] = _texts(glyphs, painted, np.flatnonzero(new))
            gone |= new
    gone |= _printed_twice(letters, boxes, gone)
    left = [rule for rule in rules if rule not in strokes] if strokes else list(rules)
    return Seen(np.flatnonzero(~gone).tolist(), left, unseen)


def remarks_on(unseen: Iterable[tuple[int, dict[str, list[str]]]]) -> list[str]:
    """The remarks on texts that were not read: for each reason the pages and the first words."""
    pages: dict[str, list[int]] = defaultdict(list)
    words: dict[str, list[str]] = defaultdict(list)
    for number, found in unseen:
        for reason, texts in found.items():
            pages[reason].append(number)
            words[reason] += texts
    return [
        f"not read because a reader does not see it, {reason}: {len(words[reason])} texts on pages"
        f" {', '.join(map(str, pages[reason]))}, such as {', '.join(words[reason][:_WORDS_SHOWN])}"
        for reason in pages
    ]


def marks_left_out(pages: Iterable[Page]) -> list[str]:
    """The remark on raised footnote marks."""
    found = [(page.number, page.marks) for page in pages if page.marks]
    if not found:
        return []
    numbers = ", ".join(str(number) for number, _ in found)
    marks = dict.fromkeys(mark for _, on_page in found for mark in on_page)
    return [
        f"raised small marks of footnotes were left out on pages {numbers}: {', '.join(list(marks)[:_WORDS_SHOWN])}"
    ]


def watermarks_left_out(pages: Iterable[Page]) -> list[str]:
    """The remark on large pale texts across others."""
    found = [(page.number, page.watermarks) for page in pages if page.watermarks]
    if not found:
        return []
    numbers = ", ".join(str(number) for number, _ in found)
    words = ", ".join(list(dict.fromkeys(word for _, on_page in found for word in on_page))[:_WORDS_SHOWN])
    return [f"large pale texts across others, watermarks, were left out on pages {numbers}: {words}"]


def cut_figures_read(pages: Iterable[Page]) -> list[str]:
    """The remark on figures that are only partly visible: it is unknown which part of them is meant."""
    found = [(page.number, page.cut_figures) for page in pages if page.cut_figures]
    if not found:
        return []
    numbers = ", ".join(str(number) for number, _ in found)
    figures = [figure for _, on_page in found for figure in on_page]
    return [
        f"figures that are seen in part only were read whole: {len(figures)} on pages {numbers}, such as"
        f" {', '.join(figures[:_WORDS_SHOWN])}"
    ]


def _texts(glyphs: Sequence[Glyph], painted: NDArray[np.int_], which: NDArray[np.int_]) -> list[str]:
    """The words that some glyphs form, one per text object."""
    words: dict[int, str] = {}
    for index in which.tolist():
        order = int(painted[index])
        words[order] = words.get(order, "") + glyphs[index][0]
    return [word for word in map(str.strip, words.values()) if word]


def _tiny(boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    height = boxes[:, 3] - boxes[:, 1]
    return (height < _SMALLEST) | (boxes[:, 2] - boxes[:, 0] < _NARROWEST * height)


def _painted_over(
    boxes: NDArray[np.float64], painted: NDArray[np.int_], is_white: NDArray[np.bool_], areas: Sequence[Area]
) -> dict[str, NDArray[np.bool_]]:
    """The glyphs below areas that are painted later, and white ones on nothing but white."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    covered = np.zeros(len(boxes), dtype=bool)
    ground = np.ones(len(boxes), dtype=bool)  # whether the paper or the area below is white
    first, last = int(painted.min()), int(painted.max())
    has_white = bool(is_white.any())
    for area in areas:
        if area.order <= first and not has_white:
            continue  # it covers nothing
        left, top, right, bottom = area.box
        inside = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
        covered |= inside & (painted < area.order)
        if has_white and area.order < last:
            ground[inside & (painted > area.order)] = area.is_white
    return {"covered": covered, "white on white": is_white & ground}


def _printed_twice(letters: Sequence[str], boxes: NDArray[np.float64], gone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The later ones of equal glyphs at nearly the same position."""
    twice = np.zeros(len(letters), dtype=bool)
    size = boxes[:, 3] - boxes[:, 1]
    usual = float(np.median(size)) or 1.0
    number = {letter: kind for kind, letter in enumerate(set(letters))}
    kinds = np.array([number[letter] for letter in letters])
    alive = np.flatnonzero(~gone)
    # two ways to cut the page into bands: glyphs at nearly one height are in one band in at least one of them
    for shift in (0.0, 0.5):
        band = np.floor(boxes[alive, 3] / (2 * _TWICE * usual) + shift)
        sequence = alive[np.lexsort((boxes[alive, 0], band, kinds[alive]))]
        bands = np.floor(boxes[sequence, 3] / (2 * _TWICE * usual) + shift)
        near = (
            (kinds[sequence[1:]] == kinds[sequence[:-1]])
            & (bands[1:] == bands[:-1])
            & (np.diff(boxes[sequence, 0]) <= _TWICE * np.minimum(size[sequence[1:]], size[sequence[:-1]]))
        )
        if not near.any():
            continue
        first = sequence[0]
        for index, is_near in zip(sequence[1:].tolist(), near.tolist(), strict=True):
            if not is_near:
                first = index
            elif index < first:
                twice[first], first = True, index
            else:
                twice[index] = True
    return twice


def _struck(
    glyphs: Sequence[Glyph], boxes: NDArray[np.float64], rules: Sequence[Rule]
) -> tuple[NDArray[np.bool_], set[Rule]]:
    """The glyphs with a stroke of their length through them, and these strokes. The rules of tables are longer than the
    text that they may touch, or end at walls: texts too high for their cells run over them."""
    struck = np.zeros(len(glyphs), dtype=bool)
    strokes: set[Rule] = set()
    lying = sorted(((r.y0 + r.y1) / 2, r) for r in rules if r.x1 - r.x0 > r.y1 - r.y0)
    if not lying:
        return struck, strokes
    heights = [y for y, _ in lying]
    walls = [((r.x0 + r.x1) / 2, r.y0, r.y1) for r in rules if r.x1 - r.x0 <= r.y1 - r.y0]
    size = boxes[:, 3] - boxes[:, 1]
    base = boxes[:, 3] - BELOW * size
    low, high = _STRUCK
    for bottom, height in set(zip(base.round(1).tolist(), size.round(1).tolist(), strict=True)):
        start = bisect_left(heights, bottom - high * height)
        end = bisect_left(heights, bottom - low * height)
        for y, rule in lying[start:end]:
            on_line = (abs(base - bottom) <= 0.1) & (abs(size - height) <= 0.1)
            middle = (boxes[:, 0] + boxes[:, 2]) / 2
            under = np.flatnonzero(on_line & (middle >= rule.x0) & (middle <= rule.x1))
            if not 0 < len(under) <= _MOST_STRUCK:
                continue
            reach = _STROKE_END * height
            left, right = boxes[under, 0].min(), boxes[under, 2].max()
            inked = float((boxes[under, 2] - boxes[under, 0]).sum())
            is_as_long = left - reach <= rule.x0 and rule.x1 <= right + reach and inked >= 0.5 * (rule.x1 - rule.x0)
            if is_as_long and not _is_between(rule, y, walls):
                struck[under] = True
                strokes.add(rule)
    return struck, strokes


def _is_between(rule: Rule, y: float, walls: Sequence[tuple[float, float, float]]) -> bool:
    """Whether a rule reaches from one wall to another."""
    return all(
        any(abs(x - end) <= _AT_WALL and top - _AT_WALL <= y <= bottom + _AT_WALL for x, top, bottom in walls)
        for end in (rule.x0, rule.x1)
    )
