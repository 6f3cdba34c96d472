"""The resources of an OFD document (drawing parameters, pictures, drawings for several places), and the colours of
objects."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache

from lxml.etree import _Element as Element

from loader.documents.grid import DocumentError
from loader.documents.readers.colour import FAINT, OPAQUE, WHITE, is_coloured
from loader.documents.readers.package import Package, resolved

_DEEPEST = 10  # looks that rest on one another
Parts = dict[str, Element]


class Looks:
    """The drawing parameters (DrawParam) that objects refer to, the drawings that a document uses in several places,
    and the files of its pictures."""

    def __init__(self, package: Package, place: str, document: Element) -> None:
        self._known: dict[str, Element] = {}
        self.drawings: dict[str, Element] = {}
        self.pictures: dict[str, str] = {}
        for entry in document.iterfind("{*}CommonData/*"):
            if entry.tag.endswith(("PublicRes", "DocumentRes")):
                self.know(package, resolved(place, entry.text))

    def know(self, package: Package, member: str) -> None:
        """Add the resources of the document or of a page. Fonts do not matter."""
        if member not in package:
            return
        with suppress(DocumentError):
            resources = package.xml(member)
            for look in resources.iterfind("{*}DrawParams/{*}DrawParam"):
                self._known[look.get("ID", "")] = look
            for drawing in resources.iter("{*}CompositeGraphicUnit"):
                self.drawings[drawing.get("ID", "")] = drawing
            folder = resources.get("BaseLoc") or "."
            for media in resources.iterfind("{*}MultiMedias/{*}MultiMedia"):
                self.pictures[media.get("ID", "")] = resolved(member, f"{folder}/{media.findtext('{*}MediaFile')}")

    def colour(self, item: Element, own: Parts, name: str) -> Element | None:
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
            if (stated := parts_of(look).get(name)) is not None:
                return stated
            key = look.get("Relative")
        return None


def parts_of(item: Element) -> Parts:
    """The elements directly in another by their names, in any namespace."""
    return {_local(child.tag): child for child in item.iterchildren("*")}


@lru_cache(maxsize=256)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def is_white_text(item: Element, parts: Parts, looks: Looks) -> bool:
    """Whether everything that is drawn of a text, fill or stroke, is white."""
    return (item.get("Fill") == "false" or is_white(item, parts, "FillColor", looks)) and (
        item.get("Stroke") != "true" or is_white(item, parts, "StrokeColor", looks)
    )


def is_white(item: Element, parts: Parts, ink: str, looks: Looks) -> bool:
    """Whether the fill or the stroke of an object is white or invisible."""
    if (alpha := item.get("Alpha")) is not None and float(alpha) < FAINT:
        return True
    colour = looks.colour(item, parts, ink)
    if colour is None:
        return False
    return float(colour.get("Alpha", "255")) < FAINT or _is_white_value(colour.get("Value", ""))


def is_coloured_path(item: Element, parts: Parts, looks: Looks) -> bool:
    """Whether a path is painted in another colour than black, grey and white."""
    colour = looks.colour(item, parts, "FillColor" if item.get("Fill") == "true" else "StrokeColor")
    return colour is not None and is_coloured(_values_of(colour.get("Value", "")))


def is_opaque(item: Element, parts: Parts) -> bool:
    """Whether nothing is seen through the area that a path fills."""
    colour = parts.get("FillColor")
    alphas = (item.get("Alpha", "255"), "255" if colour is None else colour.get("Alpha", "255"))
    return all(float(alpha) >= OPAQUE for alpha in alphas) and "Clips" not in parts


def _is_white_value(value: str) -> bool:
    """Whether a colour of one (grey), three (RGB) or four parts (CMYK) is white; the maximum of a part is 255 or
    #FF."""
    parts = _values_of(value)
    if len(parts) == 4:
        return max(parts) <= 255 - WHITE
    return len(parts) in (1, 3) and min(parts) >= WHITE


def _values_of(value: str) -> list[float]:
    return [int(part[1:], 16) if part.startswith("#") else float(part) for part in value.split()]
