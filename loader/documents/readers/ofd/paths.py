"""The paths of an OFD page: rules of tables, areas that hide texts, triangles for a minus, and clip windows."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from lxml.etree import _Element as Element

from loader.documents.readers.ofd.looks import Parts, is_opaque
from loader.documents.readers.ofd.objects import Matrix, PageError, matrix_of, numbers_of
from loader.documents.readers.pages.page import Box, Glyph, Rule, shared
from loader.documents.readers.pages.tables import area_of, rules_of, triangle_of

_OPERANDS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}  # numbers after each command of a path
_SHORT = 200  # characters; the shapes of rules are short, and many have the same
_Corners = tuple[tuple[float, float], ...]


def shapes_of(item: Element, parts: Parts, outer: Matrix) -> tuple[list[Rule], list[Box], list[Box]]:
    """The rules of a path, the opaque areas that it fills, and the boxes of triangles."""
    is_drawn, is_filled = item.get("Stroke", "true") != "false", item.get("Fill", "false") == "true"
    if not (is_drawn or is_filled):
        return [], [], []
    a, b, c, d, x, y = matrix_of(item, outer)
    data = parts.get("AbbreviatedData")
    text = "" if data is None else data.text or ""
    found = (_known_figure if len(text) <= _SHORT else _figure)(text, a, b, c, d, is_drawn, is_filled)
    covers = found.areas and is_filled and is_opaque(item, parts)
    return (
        [Rule(x0 + x, y0 + y, x1 + x, y1 + y) for x0, y0, x1, y1 in found.rules],
        [(x0 + x, y0 + y, x1 + x, y1 + y) for x0, y0, x1, y1 in found.areas] if covers else [],
        [(x0 + x, y0 + y, x1 + x, y1 + y) for x0, y0, x1, y1 in found.triangles],
    )


class _Figure(NamedTuple):
    """What a path looks like wherever it stands: rules, areas, and the boxes of triangles that point up."""

    rules: list[Rule]
    areas: list[Box]
    triangles: list[Box]


def _figure(text: str, a: float, b: float, c: float, d: float, is_drawn: bool, is_filled: bool) -> _Figure:
    found = _Figure([], [], [])
    for shape in _corners(text):
        corners = [(a * x + c * y, b * x + d * y) for x, y in shape]
        if (triangle := triangle_of(corners, is_filled)) is not None:
            box, is_up = triangle
            if is_up:  # others mark how a figure has changed, coloured ones too
                found.triangles.append(box)
            continue
        found.rules.extend(rules_of(corners, is_drawn))
        if area := area_of(corners):
            found.areas.append(area)
    return found


_known_figure = lru_cache(maxsize=4096)(_figure)  # the rules of a table are of few lengths


def _corners(text: str) -> tuple[_Corners, ...]:
    """The corners of each part of a path, in the coordinates of the object."""
    parts = text.split()
    shapes: list[_Corners] = []
    corners: list[tuple[float, float]] = []
    place = 0
    while place < len(parts):
        command = parts[place]
        count = _OPERANDS.get(command, 0)
        place += count + 1
        if command in ("M", "S") and corners:
            shapes.append(tuple(corners))
            corners = []
        if command == "C" and corners:
            corners.append(corners[0])
        elif count and place <= len(parts):
            x, y = float(parts[place - 2]), float(parts[place - 1])
            if not isfinite(x + y):
                raise PageError(f"a position that is not a number: {x} {y}")
            corners.append((x, y))
    if corners:
        shapes.append(tuple(corners))
    return tuple(shapes)


def window_of(item: Element, clips: Element, outer: Matrix) -> Box | None:
    """The area of an object that its clips leave visible, on the page; None if they do not state it."""
    a, b, c, d, e, f = matrix_of(item, outer)
    window: Box | None = None
    for clip in clips.iterfind("{*}Clip"):
        corners = [
            (a * (x + left) + c * (y + top) + e, b * (x + left) + d * (y + top) + f)
            for path in clip.iterfind("{*}Area/{*}Path")
            for left, top in [numbers_of(path.get("Boundary", "0 0"))[:2]]
            for shape in _corners(path.findtext("{*}AbbreviatedData") or "")
            for x, y in shape
        ]
        if clip.find("{*}Area/{*}Text") is not None or not corners:
            return None
        xs, ys = zip(*corners, strict=True)
        box = min(xs), min(ys), max(xs), max(ys)
        window = box if window is None else shared(window, box)
    return window


def is_outside(glyphs: list[Glyph], window: Box | None) -> bool:
    """Whether all glyphs are outside a window."""
    if window is None:
        return False
    left, top, right, bottom = window
    return not any(left < x1 and x0 < right and top < y1 and y0 < bottom for _, x0, y0, x1, y1 in glyphs)
