"""Minus signs that are drawn as short rules or triangles beside a figure, because the font of the program lacks
them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np

from loader.documents.readers.pages.page import BELOW, Box, Glyph, Page, Rule

_SIGN = "△"  # of negative numbers

_SHORTEST = 1.5  # points; shorter rules are dots
_WIDTH = (0.2, 1.05)  # of the font size
_THICKEST = 0.2  # of the font size
_HEIGHT = (0.12, 0.6)  # of the font size: how far above the base line it is drawn
_GAP = 0.6  # of the font size: how far from its figure, at most
_OVER = 0.1  # of the font size: how far it may reach over the figure
_DASH = 6.0  # points; rules in a line that are nearer to each other are the dashes of one
_TRIANGLE = (0.35, 1.1)  # of the font size: how high a triangle is that stands for a minus
_MOST_TRIANGLES = 1_000  # on a page; more are a drawing
_MEETS = 1.0  # points; a rule that ends so near to another one is a part of a table


def with_drawn_minus(glyphs: Sequence[Glyph], rules: Iterable[Rule]) -> list[Glyph]:
    """The glyphs of a page, with a minus for each short rule that stands alone before or after a digit, at the height
    of a minus."""
    glyphs = list(glyphs)
    largest = max((y1 - y0 for _, _, y0, _, y1 in glyphs), default=0.0)
    lines = _Lines(_standing_alone(list(rules), _WIDTH[1] * largest))
    near: dict[Rule, list[int]] = defaultdict(list)
    for index, (_, x0, y0, x1, y1) in enumerate(glyphs if lines.heights else ()):
        size = y1 - y0
        base, gap = y1 - BELOW * size, _GAP * size
        for rule in lines.around(x0 - gap, base - _HEIGHT[1] * size, x1 + gap, base - _HEIGHT[0] * size):
            near[rule].append(index)
    places = (_beside(rule, [(index, glyphs[index]) for index in indexes]) for rule, indexes in near.items())
    for index, minus in sorted((place for place in places if place is not None), reverse=True):
        glyphs.insert(index, minus)
    return glyphs


def with_drawn_triangles(glyphs: Sequence[Glyph], triangles: Sequence[Box]) -> list[Glyph]:
    """The glyphs of a page, with a sign for each triangle directly before a digit and of about its height."""
    written = list(glyphs)
    if not written or not 0 < len(triangles) <= _MOST_TRIANGLES:
        return written
    letters, *sides = zip(*written, strict=True)
    is_digit = np.array([letter.isdecimal() for letter in letters])
    x0, y0, _, y1 = np.array(sides, dtype=np.float64)
    size = y1 - y0
    signs: list[tuple[int, Glyph]] = []
    for left, top, right, bottom in triangles:
        gap = x0 - right
        is_near = is_digit & (-_OVER * size <= gap) & (gap <= _GAP * size)
        is_near &= (y0 <= (top + bottom) / 2) & ((top + bottom) / 2 <= y1)
        is_near &= (_TRIANGLE[0] * size <= bottom - top) & (bottom - top <= _TRIANGLE[1] * size)
        if is_near.any():
            index = int(np.argmin(np.where(is_near, gap, np.inf)))
            signs.append((index, (_SIGN, left, float(y0[index]), float(x0[index]), float(y1[index]))))
    for index, sign in sorted(signs, reverse=True):
        written.insert(index, sign)
    return written


def signs_read(pages: Iterable[Page]) -> list[str]:
    """The remark on triangles that were read as a minus."""
    found = [page for page in pages if page.drawn_signs]
    if not found:
        return []
    numbers = ", ".join(str(page.number) for page in found)
    return [f"{sum(page.drawn_signs for page in found)} drawn triangles were read as △, a minus, on pages {numbers}"]


class _Lines:
    """Short rules by height. Rules of one line do not overlap, so those at a position are found without checking
    all."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._at: dict[int, list[Rule]] = {
            height: sorted(line) for height, line in groupby(sorted(rules, key=_height), _height)
        }
        self.heights = list(self._at)

    def around(self, x0: float, y0: float, x1: float, y1: float) -> Iterator[Rule]:
        """The rules that reach into a box, or nearly."""
        first, last = bisect_left(self.heights, 2 * y0 - 1), bisect_right(self.heights, 2 * y1 + 1)
        for height in self.heights[first:last]:
            line = self._at[height]
            begin = bisect_left(line, x0, key=lambda rule: rule.x1)
            yield from line[begin : bisect_right(line, x1, key=lambda rule: rule.x0)]


def _height(rule: Rule) -> int:
    """The height of a rule in half points."""
    return round(rule.y0 + rule.y1)


def _standing_alone(rules: Sequence[Rule], longest: float) -> list[Rule]:
    """The short horizontal rules that touch no other rule and are not part of a dashed line."""
    lying = sorted((r for r in rules if r.x1 - r.x0 > r.y1 - r.y0), key=lambda r: (_height(r), r.x0))
    short: list[Rule] = []
    for _, line in groupby(lying, _height):
        row = list(line)
        for place, rule in enumerate(row):
            before = rule.x0 - row[place - 1].x1 if place else _DASH
            behind = row[place + 1].x0 - rule.x1 if place + 1 < len(row) else _DASH
            if _SHORTEST <= rule.x1 - rule.x0 <= longest and min(before, behind) >= _DASH:
                short.append(rule)
    lines = _Lines(short)
    met = {
        rule
        for other in (rules if short else ())
        if other.x1 - other.x0 <= other.y1 - other.y0
        for rule in lines.around(other.x0 - _MEETS, other.y0 - _MEETS, other.x1 + _MEETS, other.y1 + _MEETS)
        if _meets(rule, other)
    }
    return [rule for rule in short if rule not in met]


def _meets(rule: Rule, other: Rule) -> bool:
    return (
        other.x0 - _MEETS <= rule.x1
        and rule.x0 <= other.x1 + _MEETS
        and other.y0 - _MEETS <= rule.y1
        and rule.y0 <= other.y1 + _MEETS
    )


def _beside(rule: Rule, glyphs: Iterable[tuple[int, Glyph]]) -> tuple[int, Glyph] | None:
    """The minus that a rule draws, and the number of the glyph before which it is read; None if it is no minus.
    ``glyphs`` are those around it, with their numbers."""
    middle = (rule.y0 + rule.y1) / 2
    nearest: tuple[float, int, Glyph] | None = None
    for index, (letter, x0, y0, x1, y1) in glyphs:
        size = y1 - y0
        above = y1 - BELOW * size - middle
        if not _HEIGHT[0] * size <= above <= _HEIGHT[1] * size:
            continue
        if x0 < rule.x1 - _OVER * size and rule.x0 + _OVER * size < x1:
            return None  # it runs through a text
        ahead, back = x0 - rule.x1, rule.x0 - x1
        gap = max(ahead, back)
        if (
            gap <= _GAP * size
            and letter.isdecimal()
            and _WIDTH[0] * size <= rule.x1 - rule.x0 <= _WIDTH[1] * size
            and rule.y1 - rule.y0 <= _THICKEST * size
            and (nearest is None or gap < nearest[0])
        ):
            is_before = ahead >= back
            left, right = (rule.x0, x0) if is_before else (x1, rule.x1)
            nearest = gap, index + (not is_before), ("-", left, y0, right, y1)
    return None if nearest is None else nearest[1:]
