"""OFD (GB/T 33190), the Chinese counterpart of PDF: a zip of XML pages with text and paths at fixed places."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml.etree import _Element as Element

from loader.documents.grid import Document, DocumentError, Grid
from loader.documents.readers.package import Package
from loader.documents.readers.ruled import MAX_PAGES, Glyph, Page, Rule, Table, page_of, rows_of, rules_of

_POINT = 72 / 25.4  # OFD measures in millimetres
_OBLIQUE = 0.05  # the slope from which on a text runs across the page
_ASCENT = 0.88  # of the font size: how far a character stands above its base line
_OPERANDS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}  # numbers after each command of a path

_Matrix = tuple[float, float, float, float, float, float]


def read(content: bytes, file_name: str) -> Document:
    """One grid; the row numbers tell the page (see :mod:`loader.documents.readers.ruled`)."""
    package = Package(content, file_name)
    if "Encryptions.xml" in package:
        raise DocumentError(f"{file_name}: the OFD is encrypted, expected one that opens without a password")
    try:
        pages = list(_pages(package))
    except (ValueError, IndexError, OverflowError) as error:
        raise DocumentError(f"{file_name}: the OFD is damaged ({error})") from None
    if not any(page.blocks for page in pages):
        raise DocumentError(
            f"{file_name}: the OFD has no text, only pictures; save it as PDF and load that with the extra for scans"
        )
    if not any(isinstance(block, Table) for page in pages for block in page.blocks):
        raise DocumentError(
            f"{file_name}: no ruled tables in the {len(pages)} pages of the OFD, expected the tables of a disclosure"
        )
    return Document(file_name, "ofd", (Grid("ofd", rows_of(pages)),))


def _pages(package: Package) -> Iterator[Page]:
    number = 0
    for root in package.xml("OFD.xml").iterfind("{*}DocBody/{*}DocRoot"):
        place = _resolved("", root.text)
        document = package.xml(place)
        templates = {
            template.get("ID"): _resolved(place, template.get("BaseLoc"))
            for template in document.iterfind("{*}CommonData/{*}TemplatePage")
        }
        usual = document.findtext("{*}CommonData/{*}PageArea/{*}PhysicalBox")
        for entry in document.iterfind("{*}Pages/{*}Page"):
            number += 1
            if number > MAX_PAGES:
                raise DocumentError(f"{package.file_name}: a disclosure has no more than {MAX_PAGES} pages")
            page = package.xml(_resolved(place, entry.get("BaseLoc")))
            below = [templates.get(used.get("TemplateID")) for used in page.iterfind("{*}Template")]
            roots = [*(package.xml(template) for template in below if template), page]
            height = _numbers(page.findtext("{*}Area/{*}PhysicalBox") or usual or "0 0 210 297")[3] * _POINT
            glyphs: list[Glyph] = []
            rules: list[Rule] = []
            for each in roots:
                glyphs += (glyph for item in _seen(each, "TextObject") for glyph in _glyphs(item))
                rules += (rule for item in _seen(each, "PathObject") for rule in _rules(item))
            yield page_of(number, height, glyphs, rules)


def _seen(root: Element, name: str) -> Iterator[Element]:
    """The objects of a page that are visible, and do not run across it as a watermark does."""
    for item in root.iter(f"{{*}}{name}"):
        a, b, *_ = _numbers(item.get("CTM")) or (1, 0)
        if item.get("Visible", "true") != "false" and min(abs(a), abs(b)) <= _OBLIQUE * max(abs(a), abs(b)):
            yield item


def _resolved(base: str, place: str | None) -> str:
    """A place in the package: from its root, or from the folder of the file that names it."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), (place or "").strip())).lstrip("/")


def _numbers(text: str | None) -> list[float]:
    return [float(part) for part in (text or "").split()]


def _matrix(item: Element) -> _Matrix:
    """From the coordinates of an object to points on the page."""
    left, top = _numbers(item.get("Boundary"))[:2]
    a, b, c, d, e, f = _numbers(item.get("CTM")) or (1, 0, 0, 1, 0, 0)
    return a * _POINT, b * _POINT, c * _POINT, d * _POINT, (left + e) * _POINT, (top + f) * _POINT


def _at(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _glyphs(item: Element) -> Iterator[Glyph]:
    matrix = _matrix(item)
    size = float(item.get("Size", "0"))
    stretch = float(item.get("HScale", "1"))
    x = y = 0.0
    for code in item.iterfind("{*}TextCode"):
        x, y = float(code.get("X", x)), float(code.get("Y", y))
        text = (code.text or "").strip("\r\n\t")
        across, down = _steps(code.get("DeltaX")), _steps(code.get("DeltaY"))
        for index, character in enumerate(text):
            usual = size * stretch * (0.5 if character.isascii() else 1.0)
            step = across[index] if index < len(across) else 0.0 if index < len(down) else usual
            width = min(step, size) if 0 < step <= 1.2 * size else usual
            (x0, y0), (x1, y1) = _at(matrix, x, y - _ASCENT * size), _at(matrix, x + width, y + (1 - _ASCENT) * size)
            yield character, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
            x += step
            y += down[index] if index < len(down) else 0.0


def _steps(text: str | None) -> list[float]:
    """The steps from character to character; "g 3 2.5" says 2.5 three times."""
    steps: list[float] = []
    parts = iter((text or "").split())
    for part in parts:
        if part == "g":
            count, step = min(int(next(parts, "0")), 10_000), float(next(parts, "0"))
            steps += [step] * count
        else:
            steps.append(float(part))
    return steps


def _rules(item: Element) -> Iterator[Rule]:
    is_drawn = item.get("Stroke", "true") != "false"
    if not is_drawn and item.get("Fill", "false") != "true":
        return
    matrix = _matrix(item)
    parts = iter((item.findtext("{*}AbbreviatedData") or "").split())
    corners: list[tuple[float, float]] = []
    for command in parts:
        numbers = [float(next(parts, "0")) for _ in range(_OPERANDS.get(command, 0))]
        if command in ("M", "S") and corners:
            yield from rules_of(corners, is_drawn)
            corners = []
        if command == "C" and corners:
            corners.append(corners[0])
        elif numbers:
            corners.append(_at(matrix, *numbers[-2:]))
    if corners:
        yield from rules_of(corners, is_drawn)
