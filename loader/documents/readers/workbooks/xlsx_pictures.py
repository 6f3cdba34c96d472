"""Pictures on the sheets of xlsx: pasted ones, and those that WPS keeps in cells (DISPIMG)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial

from lxml.etree import _Element as Element

from loader.documents.grid import DocumentError
from loader.documents.readers.attribute import whole
from loader.documents.readers.package import Package
from loader.documents.readers.scans.drawing import BLIP, EMU, crop_of, size_of
from loader.documents.readers.sheet import Sheet
from loader.documents.readers.workbooks.sheet_pictures import USUAL_HEIGHT, USUAL_WIDTH, SheetPicture
from loader.documents.readers.workbooks.xlsx_relations import relations_of

_PICTURE, _PROPERTIES, _FRAME, _PLACE = (f"{{*}}{name}" for name in ("pic", "cNvPr", "ext", "pos"))
_IN_CELL = re.compile(r'^=?(?:_xlfn\.)?DISPIMG\("(\w{1,80})"', re.IGNORECASE)


def pictures_on(package: Package, sheet: str) -> Iterator[SheetPicture]:
    """The pictures pasted on a sheet, given by its member of the package."""
    references: Iterable[tuple[str, str]] = ()
    with suppress(DocumentError):
        references = relations_of(package, sheet).values()
    for drawing, contents in _parts(package, references, "drawing"):
        for anchor in drawing.iterchildren("*"):
            for picture in anchor.iter(_PICTURE):
                if not any(named.get("hidden") in ("1", "true") for named in picture.iter(_PROPERTIES)):
                    yield _picture(package, picture, anchor, contents)


def _parts(
    package: Package, references: Iterable[tuple[str, str]], kind: str
) -> Iterator[tuple[Element, dict[str, tuple[str, str]]]]:
    """The parts of a kind among references, each with its own. A damaged one shows no picture: the cells can be read
    without it."""
    for of, part in references:
        if of.lower() == kind and part in package:
            with suppress(DocumentError):
                yield package.xml(part), relations_of(package, part)


def _picture(package: Package, picture: Element, anchor: Element, contents: dict[str, tuple[str, str]]) -> SheetPicture:
    across, down = size_of(picture, anchor.find(_FRAME))
    (left, top), (right, bottom) = (_corner(anchor, name) for name in ("from", "to"))
    if top is None:
        place = anchor.find(_PLACE)
        top = int((whole(place.get("y")) or 0) / EMU / USUAL_HEIGHT) + 1 if place is not None else 1
    if bottom is None:
        bottom = top + int(down / USUAL_HEIGHT)
    if not across or not down:
        across, down = ((right or 0) - (left or 0)) * USUAL_WIDTH, (bottom - top) * USUAL_HEIGHT
    return SheetPicture(top, bottom, across, down, partial(_content, package, picture, contents), crop_of(picture))


def _corner(anchor: Element, name: str) -> tuple[int | None, int | None]:
    """The column and row, from 1, where a picture begins or ends."""
    corner = anchor.find(f"{{*}}{name}")
    if corner is None:
        return None, None
    column, row = (whole((corner.findtext(f"{{*}}{side}") or "").strip()) for side in ("col", "row"))
    return (column or 0) + 1, (row or 0) + 1


def _content(package: Package, picture: Element, contents: dict[str, tuple[str, str]]) -> bytes | None:
    """The content of a picture; None if it is missing, damaged or not in the package."""
    blip = next(picture.iter(BLIP), None)
    keys = () if blip is None else (value for key, value in blip.attrib.items() if str(key).endswith("}embed"))
    _, member = contents.get(str(next(iter(keys), "")), ("", ""))
    with suppress(DocumentError):
        return package.read(member)
    return None


def kept_in_cells(package: Package, references: Iterable[tuple[str, str]]) -> dict[str, SheetPicture]:
    """The pictures that WPS keeps for cells, by their ids, among the references of a workbook (kind and member). They
    stand in no row yet."""
    kept: dict[str, SheetPicture] = {}
    for root, contents in _parts(package, references, "cellimage"):
        for picture in root.iter(_PICTURE):
            content = partial(_content, package, picture, contents)
            shown = SheetPicture(0, 0, *size_of(picture, None), content, crop_of(picture))
            kept.update((named.get("name", ""), shown) for named in picture.iter(_PROPERTIES))
    return kept


def taken_from_cells(sheet: Sheet, kept: dict[str, SheetPicture]) -> Iterator[SheetPicture]:
    """The pictures in the cells of a sheet, whose formulas are no texts of it."""
    for number, cells in sheet.rows.items() if kept else ():
        for column, cell in [*cells.items()]:
            if named := _IN_CELL.match(cell.text):
                del cells[column]
                if named[1] in kept:
                    yield kept[named[1]]._replace(top=number, bottom=number)
