"""OFD (GB/T 33190), the Chinese counterpart of PDF: a zip of XML pages with text and paths at fixed positions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from loader.documents.grid import Document, DocumentError, Grid
from loader.documents.readers.ofd.looks import Looks, is_coloured_path, is_white, is_white_text, parts_of
from loader.documents.readers.ofd.objects import POINT, PageError, is_visible, numbers_of, objects_of
from loader.documents.readers.ofd.paths import is_outside, shapes_of, window_of
from loader.documents.readers.ofd.pictures import boxes_of, painted
from loader.documents.readers.ofd.texts import glyphs_of
from loader.documents.readers.package import Package, resolved
from loader.documents.readers.pages.aligned_tables import find_aligned_tables
from loader.documents.readers.pages.drawn_minus import signs_read, with_drawn_triangles
from loader.documents.readers.pages.page import MAX_PAGES, Box, Glyph, Page, Rule
from loader.documents.readers.pages.rows import rows_of
from loader.documents.readers.pages.seen import Area, marks_left_out, remarks_on, seen
from loader.documents.readers.pages.texts import page_of
from loader.documents.readers.scans import scan
from loader.documents.readers.scans.pasted import add_seen, may_show_table
from loader.documents.readers.scans.picture import Image


def read(content: bytes, file_name: str) -> Document:
    """One grid. Row numbers contain the page (see :mod:`loader.documents.readers.pages.page`)."""
    package = Package(content, file_name)
    if "Encryptions.xml" in package:
        raise DocumentError(f"{file_name}: the OFD is encrypted, expected one that opens without a password")
    unseen: list[tuple[int, dict[str, list[str]]]] = []
    again: list[int] = []
    damaged: list[str] = []
    pictures = _Pictures()
    pages = list(_pages(package, unseen, again, damaged, pictures))
    if not any(page.blocks for page in pages):
        raise DocumentError(f"{file_name}: the OFD has no text, only pictures; {pictures.advice}")
    remarks = (*remarks_on(unseen), *marks_left_out(pages), *signs_read(pages), *find_aligned_tables(pages))
    if again:
        remarks = (*remarks, f"{len(again)} pages that are listed again were left out, the first as page {again[0]}")
    if damaged:
        remarks = (*remarks, f"{len(damaged)} damaged parts with annotations were not read, the first is {damaged[0]}")
    if pictures.unread:
        numbers = ", ".join(map(str, pictures.unread))
        remark = f"pages with pictures that may show tables were read without them: {numbers}; {pictures.advice}"
        remarks = (*remarks, remark)
    rows = scan.marked(rows_of(pages), set(pictures.read))
    return Document(file_name, "ofd", (Grid("ofd", rows),), remarks)


@dataclass(slots=True)
class _Pictures:
    """The pages whose pictures may show a table: those that were read as scans, and the others."""

    read: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)

    @property
    def advice(self) -> str:
        """How to read the others."""
        return "save it as PDF, their kind is unknown" if scan.is_available() else scan.ADVICE

    def add_to(self, page: Page, image: Image | None) -> None:
        """Add what a picture of the page shows to its text: a table, or the text of a page that has no other."""
        if image is None:
            self.unread.append(page.number)
            return
        if page.blocks and not scan.shows_table(image):
            return
        seen_page = scan.read_page(page.number, image)
        if seen_page.has_table or not page.blocks:
            self.read.append(page.number)
            add_seen(page, seen_page)


def _pages(
    package: Package,
    unseen: list[tuple[int, dict[str, list[str]]]],
    again: list[int],
    damaged: list[str],
    pictures: _Pictures,
) -> Iterator[Page]:
    """The pages in their order. Invisible text is added to ``unseen``, pages that are listed twice to ``again``, files
    of annotations that cannot be read to ``damaged``."""
    number = 0
    read: set[str] = set()
    for root in package.xml("OFD.xml").iterfind("{*}DocBody/{*}DocRoot"):
        place = resolved("", root.text)
        document = package.xml(place)
        templates = {
            template.get("ID"): resolved(place, template.get("BaseLoc"))
            for template in document.iterfind("{*}CommonData/{*}TemplatePage")
        }
        usual = document.findtext("{*}CommonData/{*}PageArea/{*}PhysicalBox")
        looks = Looks(package, place, document)
        annotations = _annotations(package, place, document, damaged)
        for entry in document.iterfind("{*}Pages/{*}Page"):
            number += 1
            if number > MAX_PAGES:
                raise DocumentError(f"{package.file_name}: a disclosure has no more than {MAX_PAGES} pages")
            member = resolved(place, entry.get("BaseLoc"))
            if member in read:
                again.append(number)
                continue
            read.add(member)
            page = package.xml(member)
            below = [templates.get(used.get("TemplateID")) for used in page.iterfind("{*}Template")]
            roots = [*(package.xml(template) for template in below if template), page]
            for resources in page.iterfind("{*}PageRes"):
                looks.know(package, resolved(member, resources.text))
            roots += _annotations_read(package, annotations.get(entry.get("ID"), ()), looks, damaged)
            try:
                box = numbers_of(page.findtext("{*}Area/{*}PhysicalBox") or usual or "0 0 210 297")
                width, height = box[2] * POINT, box[3] * POINT
                glyphs, rules, found, signs = _contents(roots, looks)
                boxes = boxes_of(roots)
            except PageError as error:
                raise DocumentError(f"{package.file_name}: page {number} of the OFD is damaged ({error})") from None
            except (ValueError, IndexError, OverflowError):
                raise DocumentError(
                    f"{package.file_name}: page {number} of the OFD is damaged (a number is missing or is none)"
                ) from None
            if found:
                unseen.append((number, found))
            read_page = page_of(number, height, glyphs, rules)
            read_page.drawn_signs = signs
            if not read_page.has_table and may_show_table(boxes, glyphs):
                is_read = scan.is_available()
                pictures.add_to(read_page, painted(roots, looks, package, width, height) if is_read else None)
            yield read_page


def _annotations(package: Package, place: str, document: Element, damaged: list[str]) -> dict[str | None, list[str]]:
    """Page number → the files with its annotations and stamps."""
    found: dict[str | None, list[str]] = defaultdict(list)
    for entry in document.iterfind("{*}Annotations"):
        member = resolved(place, entry.text)
        try:
            root = package.xml(member)
        except DocumentError:
            damaged.append(member)
            continue
        for page in root.iterfind("{*}Page"):
            found[page.get("PageID")] += (resolved(member, part.text) for part in page.iterfind("{*}FileLoc"))
    return found


def _annotations_read(package: Package, members: Iterable[str], looks: Looks, damaged: list[str]) -> Iterator[Element]:
    """The annotations of a page; those that cannot be read are left out."""
    for member in members:
        try:
            root = package.xml(member)
            _contents([root], looks)
        except (DocumentError, ValueError, IndexError, OverflowError):
            damaged.append(member)
        else:
            yield root


def _contents(roots: list[Element], looks: Looks) -> tuple[list[Glyph], list[Rule], dict[str, list[str]], int]:
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
        for item, outer in objects_of(root, looks):
            if not is_visible(item):
                continue
            order += 1
            parts = parts_of(item)
            if item.tag.endswith("PathObject"):
                drawn, box, tips = shapes_of(item, parts, outer)
                rules += drawn
                if tips and not is_coloured_path(item, parts, looks):
                    triangles += tips
                areas += (Area(area, order, is_white(item, parts, "FillColor", looks)) for area in box)
                continue
            before = len(glyphs)
            glyphs += glyphs_of(item, outer)
            orders += [order] * (len(glyphs) - before)
            if is_white_text(item, parts, looks):
                white.add(order)
            if "Clips" in parts and is_outside(glyphs[before:], window_of(item, parts["Clips"], outer)):
                cut_off.add(order)
    found = seen(glyphs, orders, {"cut off": cut_off}, white, areas, rules)
    kept = with_drawn_triangles([glyphs[index] for index in found.kept], triangles)
    return kept, found.rules, found.unseen, len(kept) - len(found.kept)
