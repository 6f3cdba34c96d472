"""OFD (GB/T 33190), the Chinese counterpart of PDF: a zip of XML pages with text and paths at fixed positions."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import accumulate, zip_longest
from math import isfinite
from typing import NamedTuple

from lxml.etree import _Element as Element

from loader.documents.grid import Document, DocumentError, Grid
from loader.documents.readers.colour import FAINT, OPAQUE, WHITE, is_coloured
from loader.documents.readers.drawn_minus import signs_read, with_drawn_triangles
from loader.documents.readers.package import Package
from loader.documents.readers.ruled import ABOVE, BELOW, MAX_PAGES, Box, Glyph, Page, Rule, shared
from loader.documents.readers.ruled_rows import rows_of
from loader.documents.readers.ruled_tables import area_of, rules_of, triangle_of
from loader.documents.readers.ruled_text import page_of
from loader.documents.readers.seen import Area, marks_left_out, remarks_on, seen

_POINT = 72 / 25.4  # OFD measures in millimetres
_OBLIQUE = 0.05  # the slope from which on a text runs across the page
_OPERANDS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}  # numbers after each command of a path

_BLOCKS = "{*}Layer", "{*}PageBlock"
_OBJECTS = "{*}TextObject", "{*}PathObject", "{*}CompositeObject"
_MOST_OBJECTS = 1_000_000  # on one page, each as often as it is drawn
_DEEPEST = 10  # looks that rest on one another
_SHORT = 200  # characters; the shapes of rules and the steps of figures are short, and many have the same

_Matrix = tuple[float, float, float, float, float, float]
_POINTS: _Matrix = (_POINT, 0.0, 0.0, _POINT, 0.0, 0.0)
_Corners = tuple[tuple[float, float], ...]


class _PageError(ValueError):
    """The reason why a page cannot be read."""


def read(content: bytes, file_name: str) -> Document:
    """One grid. Row numbers contain the page (see :mod:`loader.documents.readers.ruled`)."""
    package = Package(content, file_name)
    if "Encryptions.xml" in package:
        raise DocumentError(f"{file_name}: the OFD is encrypted, expected one that opens without a password")
    unseen: list[tuple[int, dict[str, list[str]]]] = []
    again: list[int] = []
    damaged: list[str] = []
    pages = list(_pages(package, unseen, again, damaged))
    if not any(page.blocks for page in pages):
        raise DocumentError(
            f"{file_name}: the OFD has no text, only pictures; save it as PDF and load that with the extra for scans"
        )
    remarks = (*remarks_on(unseen), *marks_left_out(pages), *signs_read(pages))
    if again:
        remarks = (*remarks, f"{len(again)} pages that are listed again were left out, the first as page {again[0]}")
    if damaged:
        remarks = (*remarks, f"{len(damaged)} damaged parts with annotations were not read, the first is {damaged[0]}")
    return Document(file_name, "ofd", (Grid("ofd", rows_of(pages)),), remarks)


def _pages(
    package: Package, unseen: list[tuple[int, dict[str, list[str]]]], again: list[int], damaged: list[str]
) -> Iterator[Page]:
    """The pages in their order. Invisible text is added to ``unseen``, pages that are listed twice to ``again``, files
    of annotations that cannot be read to ``damaged``."""
    number = 0
    read: set[str] = set()
    for root in package.xml("OFD.xml").iterfind("{*}DocBody/{*}DocRoot"):
        place = _resolved("", root.text)
        document = package.xml(place)
        templates = {
            template.get("ID"): _resolved(place, template.get("BaseLoc"))
            for template in document.iterfind("{*}CommonData/{*}TemplatePage")
        }
        usual = document.findtext("{*}CommonData/{*}PageArea/{*}PhysicalBox")
        looks = _Looks(package, place, document)
        annotations = _annotations(package, place, document, damaged)
        for entry in document.iterfind("{*}Pages/{*}Page"):
            number += 1
            if number > MAX_PAGES:
                raise DocumentError(f"{package.file_name}: a disclosure has no more than {MAX_PAGES} pages")
            member = _resolved(place, entry.get("BaseLoc"))
            if member in read:
                again.append(number)
                continue
            read.add(member)
            page = package.xml(member)
            below = [templates.get(used.get("TemplateID")) for used in page.iterfind("{*}Template")]
            roots = [*(package.xml(template) for template in below if template), page]
            for resources in page.iterfind("{*}PageRes"):
                looks.know(package, _resolved(member, resources.text))
            roots += _annotations_read(package, annotations.get(entry.get("ID"), ()), looks, damaged)
            try:
                height = _numbers(page.findtext("{*}Area/{*}PhysicalBox") or usual or "0 0 210 297")[3] * _POINT
                glyphs, rules, found, signs = _contents(roots, looks)
            except _PageError as error:
                raise DocumentError(f"{package.file_name}: page {number} of the OFD is damaged ({error})") from None
            except (ValueError, IndexError, OverflowError):
                raise DocumentError(
                    f"{package.file_name}: page {number} of the OFD is damaged (a number is missing or is none)"
                ) from None
            if found:
                unseen.append((number, found))
            read_page = page_of(number, height, glyphs, rules)
            read_page.drawn_signs = signs
            yield read_page


def _annotations(package: Package, place: str, document: Element, damaged: list[str]) -> dict[str | None, list[str]]:
    """Page number → the files with its annotations and stamps."""
    found: dict[str | None, list[str]] = defaultdict(list)
    for entry in document.iterfind("{*}Annotations"):
        member = _resolved(place, entry.text)
        try:
            root = package.xml(member)
        except DocumentError:
            damaged.append(member)
            continue
        for page in root.iterfind("{*}Page"):
            found[page.get("PageID")] += (_resolved(member, part.text) for part in page.iterfind("{*}FileLoc"))
    return found


def _annotations_read(package: Package, members: Iterable[str], looks: _Looks, damaged: list[str]) -> Iterator[Element]:
    """The annotations of a page; those that cannot be read are left out."""
    for member in members:
        try:
            root = package.xml(member)
            _contents([root], looks)
        except (DocumentError, ValueError, IndexError, OverflowError):
            damaged.append(member)
        else:
            yield root


class _Looks:
    """The drawing parameters (DrawParam) that objects refer to, and the drawings that a document uses in several
    places."""

    def __init__(self, package: Package, place: str, document: Element) -> None:
        self._known: dict[str, Element] = {}
        self.drawings: dict[str, Element] = {}
        for entry in document.iterfind("{*}CommonData/*"):
            if entry.tag.endswith(("PublicRes", "DocumentRes")):
                self.know(package, _resolved(place, entry.text))

    def know(self, package: Package, member: str) -> None:
        """Add the resources of the document or of a page. Fonts and pictures do not matter."""
        if member not in package:
            return
        with suppress(DocumentError):
            resources = package.xml(member)
            for look in resources.iterfind("{*}DrawParams/{*}DrawParam"):
                self._known[look.get("ID", "")] = look
            for drawing in resources.iter("{*}CompositeGraphicUnit"):
                self.drawings[drawing.get("ID", "")] = drawing

    def colour(self, item: Element, own: _Parts, name: str) -> Element | None:
        """The fill or stroke colour of an object: its own, otherwise that of its drawing parameters, or of its
        layer's."""
        if name in own or not self._known:
            return own.get(name)
        above = item.getparent()
        key = item.get("DrawParam") or (None if above is None else above.get("DrawParam"))
        for _ in range(_DEEPEST):
            look = self._known.get(key or "")
            if look is None:
                return None
            if (stated := _parts(look).get(name)) is not None:
                return stated
            key = look.get("Relative")
        return None


_Parts = dict[str, Element]


def _parts(item: Element) -> _Parts:
    """The elements directly in another by their names, in any namespace."""
    return {_local(child.tag): child for child in item.iterchildren("*")}


@lru_cache(maxsize=256)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _contents(roots: list[Element], looks: _Looks) -> tuple[list[Glyph], list[Rule], dict[str, list[str]], int]:
    """The visible contents of a page and its templates: glyphs and rules; also the invisible texts, and the number of
    glyphs that are drawn triangles."""
    glyphs: list[Glyph] = []
    orders: list[int] = []
    white: set[int] = set()
    cut_off: set[int] = set()
    rules: list[Rule] = []
    areas: list[Area] = []
    triangles: list[Box] = []
    order = 0
    for root in roots:
        for item, outer in _objects(root, looks):
            if not _is_visible(item):
                continue
            order += 1
            parts = _parts(item)
            if item.tag.endswith("PathObject"):
                drawn, box, tips = _paths(item, parts, outer)
                rules += drawn
                if tips and not _is_coloured(item, parts, looks):
                    triangles += tips
                areas += (Area(area, order, _is_white(item, parts, "FillColor", looks)) for area in box)
                continue
            before = len(glyphs)
            glyphs += _glyphs(item, outer)
            orders += [order] * (len(glyphs) - before)
            if _is_white_text(item, parts, looks):
                white.add(order)
            if "Clips" in parts and _is_outside(glyphs[before:], _window(item, parts["Clips"], outer)):
                cut_off.add(order)
    found = seen(glyphs, orders, {"cut off": cut_off}, white, areas, rules)
    kept = with_drawn_triangles([glyphs[index] for index in found.kept], triangles)
    return kept, found.rules, found.unseen, len(kept) - len(found.kept)


def _objects(root: Element, looks: _Looks) -> Iterator[tuple[Element, _Matrix]]:
    """The texts and paths of a page, a template or its annotations in the order of painting, each with the
    transformation from its coordinates to points on the page."""
    left = [_MOST_OBJECTS]
    notes = list(root.iterfind("{*}Annot"))
    for note in notes:
        if note.get("Visible") != "false" and note.get("Type") != "Watermark":
            for appearance in note.iterfind("{*}Appearance"):
                yield from _drawn(appearance, _matrix(appearance, _POINTS, "0 0"), looks, left)
    if not notes:
        yield from _drawn(root, _POINTS, looks, left)


def _drawn(
    parent: Element, outer: _Matrix, looks: _Looks, left: list[int], depth: int = 0
) -> Iterator[tuple[Element, _Matrix]]:
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
            raise _PageError(f"more than {_MOST_OBJECTS:,} objects on it, or drawings more than {_DEEPEST} deep")
        if not item.tag.endswith("CompositeObject"):
            yield item, outer
            continue
        drawing = looks.drawings.get(item.get("ResourceID", ""))
        if drawing is not None and _is_visible(item) and float(item.get("Alpha", "255")) >= FAINT:
            yield from _drawn(drawing, _matrix(item, outer), looks, left, depth + 1)


def _is_visible(item: Element) -> bool:
    """Whether an object is visible and not a diagonal watermark."""
    if item.get("Visible") == "false":
        return False
    turned = item.get("CTM")
    if turned is None:
        return True
    a, b, *_ = _numbers(turned) or (1, 0)
    return min(abs(a), abs(b)) <= _OBLIQUE * max(abs(a), abs(b))


def _is_white_text(item: Element, parts: _Parts, looks: _Looks) -> bool:
    """Whether everything that is drawn of a text, fill or stroke, is white."""
    return (item.get("Fill") == "false" or _is_white(item, parts, "FillColor", looks)) and (
        item.get("Stroke") != "true" or _is_white(item, parts, "StrokeColor", looks)
    )


def _is_white(item: Element, parts: _Parts, ink: str, looks: _Looks) -> bool:
    """Whether the fill or the stroke of an object is white or invisible."""
    if (alpha := item.get("Alpha")) is not None and float(alpha) < FAINT:
        return True
    colour = looks.colour(item, parts, ink)
    if colour is None:
        return False
    return float(colour.get("Alpha", "255")) < FAINT or _is_white_value(colour.get("Value", ""))


def _is_coloured(item: Element, parts: _Parts, looks: _Looks) -> bool:
    colour = looks.colour(item, parts, "FillColor" if item.get("Fill") == "true" else "StrokeColor")
    return colour is not None and is_coloured(_parts_of(colour.get("Value", "")))


def _window(item: Element, clips: Element, outer: _Matrix) -> Box | None:
    """The area of an object that its clips leave visible, on the page; None if they do not state it."""
    a, b, c, d, e, f = _matrix(item, outer)
    window: Box | None = None
    for clip in clips.iterfind("{*}Clip"):
        corners = [
            (a * (x + left) + c * (y + top) + e, b * (x + left) + d * (y + top) + f)
            for path in clip.iterfind("{*}Area/{*}Path")
            for left, top in [_numbers(path.get("Boundary", "0 0"))[:2]]
            for shape in _corners(path.findtext("{*}AbbreviatedData") or "")
            for x, y in shape
        ]
        if clip.find("{*}Area/{*}Text") is not None or not corners:
            return None
        xs, ys = zip(*corners, strict=True)
        box = min(xs), min(ys), max(xs), max(ys)
        window = box if window is None else shared(window, box)
    return window


def _is_outside(glyphs: list[Glyph], window: Box | None) -> bool:
    """Whether all glyphs are outside a window."""
    if window is None:
        return False
    left, top, right, bottom = window
    return not any(left < x1 and x0 < right and top < y1 and y0 < bottom for _, x0, y0, x1, y1 in glyphs)


def _is_white_value(value: str) -> bool:
    """Whether a colour of one (grey), three (RGB) or four parts (CMYK) is white; the maximum of a part is 255 or
    #FF."""
    parts = _parts_of(value)
    if len(parts) == 4:
        return max(parts) <= 255 - WHITE
    return len(parts) in (1, 3) and min(parts) >= WHITE


def _parts_of(value: str) -> list[float]:
    return [int(part[1:], 16) if part.startswith("#") else float(part) for part in value.split()]


def _resolved(base: str, place: str | None) -> str:
    """A path in the package, absolute or relative to the folder of the file that names it."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), (place or "").strip())).lstrip("/")


def _numbers(text: str | None) -> list[float]:
    numbers = list(map(float, text.split())) if text else []
    if not isfinite(sum(numbers)):
        raise _PageError(f"a position that is not a number: {text}")
    return numbers


def _matrix(item: Element, outer: _Matrix, usual: str | None = None) -> _Matrix:
    """The transformation from the coordinates of an object to points on the page. ``outer`` is that of the object
    around it; ``usual`` is the position of an object that states none."""
    left, top = _numbers((item.get("Boundary") or "").strip() or usual)[:2]
    turned = item.get("CTM")
    if outer is _POINTS:
        if turned is None:
            return _POINT, 0.0, 0.0, _POINT, left * _POINT, top * _POINT
        a, b, c, d, e, f = _numbers(turned) or (1, 0, 0, 1, 0, 0)
        return a * _POINT, b * _POINT, c * _POINT, d * _POINT, (left + e) * _POINT, (top + f) * _POINT
    a, b, c, d, e, f = _numbers(turned) or (1, 0, 0, 1, 0, 0)
    e, f = e + left, f + top
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _glyphs(item: Element, outer: _Matrix) -> list[Glyph]:
    a, b, c, d, e, f = _matrix(item, outer)
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
        raise _PageError("a position that is not a number")
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
        raise _PageError(f"a step that is not a number: {text[:40]}")
    return tuple(steps)


_known_steps = lru_cache(maxsize=4096)(_stated_steps)


def _paths(item: Element, parts: _Parts, outer: _Matrix) -> tuple[list[Rule], list[Box], list[Box]]:
    """The rules of a path, the opaque areas that it fills, and the boxes of triangles."""
    is_drawn, is_filled = item.get("Stroke", "true") != "false", item.get("Fill", "false") == "true"
    if not (is_drawn or is_filled):
        return [], [], []
    a, b, c, d, x, y = _matrix(item, outer)
    data = parts.get("AbbreviatedData")
    text = "" if data is None else data.text or ""
    found = (_known_figure if len(text) <= _SHORT else _figure)(text, a, b, c, d, is_drawn, is_filled)
    covers = found.areas and is_filled and _is_opaque(item, parts)
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


def _is_opaque(item: Element, parts: _Parts) -> bool:
    colour = parts.get("FillColor")
    alphas = (item.get("Alpha", "255"), "255" if colour is None else colour.get("Alpha", "255"))
    return all(float(alpha) >= OPAQUE for alpha in alphas) and "Clips" not in parts


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
                raise _PageError(f"a position that is not a number: {x} {y}")
            corners.append((x, y))
    if corners:
        shapes.append(tuple(corners))
    return tuple(shapes)
