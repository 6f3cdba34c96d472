"""The objects of a PDF page: texts, paths and pictures, also inside its forms, and where they are on the page."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2.raw as raw

from loader.documents.readers.pages.page import Box, shared
from loader.documents.readers.pdf import calls

Matrix = tuple[float, float, float, float, float, float]
UNCHANGED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Object = tuple[int, Any, Matrix]  # kind, handle, and how the coordinates that it stands in become the page's

_WANTED = frozenset({raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING})
_X, _Y = ctypes.c_float(), ctypes.c_float()
_TO_X, _TO_Y = ctypes.addressof(_X), ctypes.addressof(_Y)
_SIDES = tuple(ctypes.c_float() for _ in range(4))
_TO_SIDES = tuple(map(ctypes.addressof, _SIDES))


def objects_of(
    parent: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], outer: Matrix
) -> Iterator[Object]:
    """The paths, texts and pictures of a page, also inside its forms."""
    kind_of = calls.kind_of
    for index in range(count(parent)):
        item = get(parent, index)
        kind = kind_of(item)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            whole = multiplied(own_matrix(item), outer)
            yield from objects_of(item, calls.objects_in, calls.object_in, whole)
        elif kind in _WANTED:
            yield kind, item, outer


def own_matrix(item: Any) -> Matrix:
    """How the coordinates of an object become those that it stands in."""
    own = raw.FS_MATRIX()
    calls.matrix_of(item, ctypes.addressof(own))
    return own.a, own.b, own.c, own.d, own.e, own.f


def bounds_of(item: int, outer: Matrix) -> Box:
    """The box around an object, on the page."""
    calls.bounds_of(item, *_TO_SIDES)
    left, bottom, right, top = _SIDES
    box = left.value, bottom.value, right.value, top.value
    return box if outer == UNCHANGED else moved(box, outer)


def picture_box(item: int, outer: Matrix) -> Box:
    """The box around a picture, which may be turned, on the page."""
    return moved((0.0, 0.0, 1.0, 1.0), multiplied(own_matrix(item), outer))


def window_of(item: int) -> Box | None:
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


def seen_through_clip(box: Box, item: int, outer: Matrix) -> Iterator[Box]:
    """The part of an area that its clip path leaves visible."""
    window = window_of(item)
    if window is not None:
        box = shared(box, window if outer == UNCHANGED else moved(window, outer))
    if box[0] < box[2] and box[1] < box[3]:
        yield box


def subpaths(path: int, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
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


def moved(box: Box, matrix: Matrix) -> Box:
    """The box around a box in other coordinates."""
    a, b, c, d, e, f = matrix
    left, bottom, right, top = box
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def multiplied(first: Matrix, second: Matrix) -> Matrix:
    """One transformation, then the other."""
    if second == UNCHANGED:
        return first
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
