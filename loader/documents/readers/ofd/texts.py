"""The texts of an OFD page as glyphs, from the steps between their characters."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate, zip_longest
from math import isfinite

from lxml.etree import _Element as Element

from loader.documents.readers.ofd.objects import Matrix, PageError, matrix_of
from loader.documents.readers.pages.page import ABOVE, BELOW, Glyph

_SHORT = 200  # characters; the steps of figures are short, and many have the same


def glyphs_of(item: Element, outer: Matrix) -> list[Glyph]:
    """The characters of a text object with their boxes."""
    a, b, c, d, e, f = matrix_of(item, outer)
    size = float(item.get("Size", "0"))
    stretch = float(item.get("HScale", "1"))
    wide, narrow, most = size * stretch, 0.5 * size * stretch, 1.2 * size
    above, below = ABOVE * size, BELOW * size
    is_upside_down = "180" in (item.get("ReadDirection"), item.get("CharDirection"))
    is_level = not b and not c and a > 0 and d > 0 and not is_upside_down
    x = y = 0.0
    glyphs: list[Glyph] = []
    for code in item.iterchildren("{*}TextCode"):
        x, y = float(code.get("X", x)), float(code.get("Y", y))
        text = (code.text or "").strip("\r\n\t")
        across, down = _steps(code.get("DeltaX"), len(text)), _steps(code.get("DeltaY"), len(text))
        if is_level and not down:
            top, bottom = d * (y - above) + f, d * (y + below) + f
            widths = [narrow if character.isascii() else wide for character in text]
            steps = [*across, *widths[len(across) :]]
            lefts = list(accumulate(steps, initial=x))
            glyphs += [
                (
                    character,
                    a * left + e,
                    top,
                    a * (left + ((step if step < size else size) if 0 < step <= most else width)) + e,
                    bottom,
                )
                for character, left, step, width in zip(text, lefts, steps, widths, strict=False)
            ]
            x = lefts[-1]
            continue
        turned: list[Glyph] = []
        for character, stated, fall in zip_longest(text, across, down):
            usual = narrow if character.isascii() else wide
            step = stated if stated is not None else usual if fall is None else 0.0
            right = x + (min(step, size) if 0 < step <= most else usual)
            x0, x1 = sorted((a * x + c * (y - above) + e, a * right + c * (y + below) + e))
            y0, y1 = sorted((b * x + d * (y - above) + f, b * right + d * (y + below) + f))
            turned.append((character, x0, y0, x1, y1))
            x += step
            y += fall or 0.0
        glyphs += _whole(turned, is_upside_down)
    if glyphs and not isfinite(x + y + size + stretch):
        raise PageError("a position that is not a number")
    return glyphs


def _whole(glyphs: list[Glyph], is_upside_down: bool) -> list[Glyph]:
    """A text that does not run to the right, as one glyph: the order of its letters on the page is different."""
    if len(glyphs) < 2:
        return glyphs
    letters, left, top, right, bottom = zip(*glyphs, strict=True)
    if not is_upside_down and abs(top[-1] - top[0]) <= left[-1] - left[0]:
        return glyphs
    return [("".join(letters), min(left), min(top), max(right), max(bottom))]


def _steps(text: str | None, most: int) -> tuple[float, ...]:
    """The distances between characters, no more than there are characters; "g 3 2.5" means three times 2.5."""
    if not text:
        return ()
    return _known_steps(text, most) if len(text) <= _SHORT else _stated_steps(text, most)


def _stated_steps(text: str, most: int) -> tuple[float, ...]:
    steps: list[float] = []
    parts = iter(text.split(maxsplit=3 * most + 2))
    for part in parts:
        if len(steps) >= most:
            break
        if part == "g":
            count, step = min(int(next(parts, "0")), most - len(steps)), float(next(parts, "0"))
            steps += [step] * count
        else:
            steps.append(float(part))
    if not all(map(isfinite, steps)):
        raise PageError(f"a step that is not a number: {text[:40]}")
    return tuple(steps)


_known_steps = lru_cache(maxsize=4096)(_stated_steps)
