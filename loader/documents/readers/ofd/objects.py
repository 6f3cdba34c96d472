"""The objects of an OFD page, drawings and annotations included, and where they are on the page."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from lxml.etree import _Element as Element

from loader.documents.readers.colour import FAINT
from loader.documents.readers.ofd.looks import Looks

Matrix = tuple[float, float, float, float, float, float]
POINT = 72 / 25.4  # OFD measures in millimetres
POINTS: Matrix = (POINT, 0.0, 0.0, POINT, 0.0, 0.0)
_OBLIQUE = 0.05  # the slope from which on a text runs across the page
_BLOCKS = "{*}Layer", "{*}PageBlock"
_OBJECTS = "{*}TextObject", "{*}PathObject", "{*}CompositeObject"
_MOST_OBJECTS = 1_000_000  # on one page, each as often as it is drawn
_DEEPEST = 10  # drawings inside one another


class PageError(ValueError):
    """The reason why a page cannot be read."""


def objects_of(root: Element, looks: Looks) -> Iterator[tuple[Element, Matrix]]:
    """The texts and paths of a page, a template or its annotations in the order of painting, each with the
    transformation from its coordinates to points on the page."""
    left = [_MOST_OBJECTS]
    notes = list(root.iterfind("{*}Annot"))
    for note in notes:
        if note.get("Visible") != "false" and note.get("Type") != "Watermark":
            for appearance in note.iterfind("{*}Appearance"):
                yield from _drawn(appearance, matrix_of(appearance, POINTS, "0 0"), looks, left)
    if not notes:
        yield from _drawn(root, POINTS, looks, left)


def _drawn(
    parent: Element, outer: Matrix, looks: Looks, left: list[int], depth: int = 0
) -> Iterator[tuple[Element, Matrix]]:
    """The texts and paths in an element, those of the drawings that it uses included; ``left``: how many more are
    allowed."""
    hidden: set[Element] = set()
    for block in parent.iter(*_BLOCKS):
        if block.get("Visible") == "false" and block not in hidden:
            hidden.update(block.iter("*"))
    for item in parent.iter(*_OBJECTS):
        if hidden and item in hidden:
            continue
        left[0] -= 1
        if left[0] < 0 or depth > _DEEPEST:
            raise PageError(f"more than {_MOST_OBJECTS:,} objects on it, or drawings more than {_DEEPEST} deep")
        if not item.tag.endswith("CompositeObject"):
            yield item, outer
            continue
        drawing = looks.drawings.get(item.get("ResourceID", ""))
        if drawing is not None and is_visible(item) and float(item.get("Alpha", "255")) >= FAINT:
            yield from _drawn(drawing, matrix_of(item, outer), looks, left, depth + 1)


def is_visible(item: Element) -> bool:
    """Whether an object is visible and not a diagonal watermark."""
    if item.get("Visible") == "false":
        return False
    turned = item.get("CTM")
    if turned is None:
        return True
    a, b, *_ = numbers_of(turned) or (1, 0)
    return min(abs(a), abs(b)) <= _OBLIQUE * max(abs(a), abs(b))


def numbers_of(text: str | None) -> list[float]:
    """The numbers in an attribute."""
    numbers = list(map(float, text.split())) if text else []
    if not isfinite(sum(numbers)):
        raise PageError(f"a position that is not a number: {text}")
    return numbers


def matrix_of(item: Element, outer: Matrix, usual: str | None = None) -> Matrix:
    """The transformation from the coordinates of an object to points on the page. ``outer`` is that of the object
    around it; ``usual`` is the position of an object that states none."""
    left, top = numbers_of((item.get("Boundary") or "").strip() or usual)[:2]
    turned = item.get("CTM")
    if outer is POINTS:
        if turned is None:
            return POINT, 0.0, 0.0, POINT, left * POINT, top * POINT
        a, b, c, d, e, f = numbers_of(turned) or (1, 0, 0, 1, 0, 0)
        return a * POINT, b * POINT, c * POINT, d * POINT, (left + e) * POINT, (top + f) * POINT
    a, b, c, d, e, f = numbers_of(turned) or (1, 0, 0, 1, 0, 0)
    e, f = e + left, f + top
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
