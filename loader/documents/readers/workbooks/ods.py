"""Spreadsheets of LibreOffice and others in OpenDocument (ods), which store the text of every cell as printed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from lxml.etree import _Element as Element

from loader.documents.grid import Cell, Document, DocumentError
from loader.documents.readers.cell_text import BACK, RAISED, without_marks
from loader.documents.readers.package import Package, xml_root
from loader.documents.readers.sheet import MAX_COLUMNS, MAX_SPAN, Book, Sheet, as_line, check_size, naming
from loader.documents.readers.workbooks.conditions import Place, apply
from loader.documents.readers.workbooks.ods_conditions import CONDITIONAL_FORMAT, conditionals
from loader.documents.readers.workbooks.ods_look import OdsLook
from loader.documents.readers.workbooks.ods_pictures import FRAME, pictures_in
from loader.documents.readers.workbooks.sheet_pictures import SheetPicture, SheetPictures
from loader.documents.wording import join_lines

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
_STYLES = f"{_STYLE}style", *(f"{_NUMBER}{kind}-style" for kind in ("number", "currency", "percentage"))
_KIND, _VALUE = f"{_OFFICE}value-type", f"{_OFFICE}value"
_VALUES = {kind: f"{_OFFICE}{kind}-value" for kind in ("date", "time", "boolean", "string")}
_CELL, _FORMULA, _PARAGRAPH = f"{_TABLE}table-cell", f"{_TABLE}formula", f"{_TEXT}p"
_REPEATED = f"{_TABLE}number-columns-repeated"
_STYLE_NAME, _USUAL_STYLE = f"{_TABLE}style-name", f"{_TABLE}default-cell-style-name"
_TEXT_STYLE, _IS_HIDDEN = f"{_TEXT}style-name", f"{_TEXT}is-hidden"  # the latter of fields whose condition hides them
_ASIDE = frozenset({f"{_TEXT}ruby-text", f"{_TEXT}note", f"{_OFFICE}annotation"})  # readings, footnotes, comments
_UNSEEN = "\0"  # which no XML holds
_SPANS = f"{_TABLE}number-columns-spanned", f"{_TABLE}number-rows-spanned"
_GROUPS = frozenset(f"{_TABLE}{name}" for name in ("table-header-rows", "table-rows", "table-row-group"))


def read(content: bytes, file_name: str) -> Document:
    """One grid a visible sheet."""
    package = Package(content, file_name) if content.startswith(b"PK") else None
    if package is not None:
        root, named = _packed(package)
    else:
        root, named = xml_root(content, file_name, "the spreadsheet"), None
    has_pictures = next(root.iter(FRAME), None) is not None
    pictures = SheetPictures()
    with naming(file_name, "its list of styles"):
        look = OdsLook.of(chain.from_iterable(part.iter(*_STYLES) for part in (named, root) if part is not None))
    hidden = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        if any(p.get(f"{_TABLE}display") == "false" for p in style.iterfind(f"{_STYLE}table-properties"))
    }
    names = {
        style.get(f"{_STYLE}display-name", ""): style.get(f"{_STYLE}name", "")
        for style in (named.iter(f"{_STYLE}style") if named is not None else ())
    }
    book = Book(file_name, "ods")
    for table in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        name = table.get(f"{_TABLE}name", "")
        if table.get(f"{_TABLE}style-name") in hidden:
            book.leave_out(name)
        else:
            with naming(file_name, f"the sheet {name!r}"):
                book.add(_sheet(table, Sheet(name), look, names, file_name))
                if has_pictures:
                    book.grids[-1] = pictures.added(book.grids[-1], _pictures(table, package))
    book.remarks += pictures.remarks()
    return book.document()


def _packed(package: Package) -> tuple[Element, Element | None]:
    """The cells, and the named styles if the styles of the cells are based on them."""
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise DocumentError(f"{package.file_name}: a spreadsheet with a password, expected one without")
    root = package.xml("content.xml")
    parents = {style.get(f"{_STYLE}parent-style-name") for style in root.iter(f"{_STYLE}style")}
    is_named = not parents <= {None, "Default"} or next(root.iter(CONDITIONAL_FORMAT), None) is not None
    return root, package.xml("styles.xml") if is_named and "styles.xml" in package else None


def _sheet(table: Element, sheet: Sheet, look: OdsLook, names: dict[str, str], file_name: str) -> Sheet:
    usual: list[str] = []  # the style of cells by their columns, where they name none themselves
    column = 0
    for entry in table.iter(f"{_TABLE}table-column"):
        start, column = column, column + _times(entry.get(_REPEATED))
        if entry.get(f"{_TABLE}visibility", "visible") != "visible" or entry.get(_STYLE_NAME) in look.flat:
            sheet.hidden_columns.append(range(start, column))
        usual += [entry.get(_USUAL_STYLE, "")] * (min(column, MAX_COLUMNS) - len(usual))
    conditions = list(conditionals(table, look, names))
    on_colour: set[Place] = set()
    number = 1
    count = 0
    for row in _rows(table):
        cells = _cells(row, number, sheet, look, usual, on_colour if conditions else None)
        repeated = _times(row.get(f"{_TABLE}number-rows-repeated"))
        if cells:
            count += len(cells) * repeated
            check_size(file_name, count)
            for offset in range(repeated):
                sheet.rows[number + offset] = dict(cells)
            if row.get(f"{_TABLE}visibility", "visible") != "visible" or row.get(_STYLE_NAME) in look.flat:
                sheet.hidden_rows.update(range(number, number + repeated))
        number += repeated
    apply(conditions, sheet, on_colour)
    return sheet


def _pictures(table: Element, package: Package | None) -> Iterator[SheetPicture]:
    """The pictures on a sheet: in its cells, and those that belong to none."""
    for shapes in table.iterfind(f"{_TABLE}shapes"):
        yield from pictures_in(shapes, None, package)
    number = 1
    for row in _rows(table):
        yield from pictures_in(row, number, package)
        number += _times(row.get(f"{_TABLE}number-rows-repeated"))


def _times(stated: str | None) -> int:
    """How often something stands, or how far it reaches; LibreOffice takes less than once for once."""
    return 1 if stated is None else max(1, int(stated))


def _rows(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in _GROUPS:
            yield from _rows(child)


def _cells(
    row: Element, number: int, sheet: Sheet, look: OdsLook, usual: list[str], coloured: set[Place] | None
) -> dict[int, Cell]:
    """The cells of a row by column; those with a background on which white letters are visible are added to
    ``coloured``."""
    cells = {}
    column = 0
    hides = look.struck or look.white
    for entry in row:
        repeated = _times(entry.get(_REPEATED))
        kind = entry.get(_KIND)
        # what a merged cell covers is an entry of its own and is not printed
        if entry.tag == _CELL and (kind is not None or len(entry)):
            stored = entry.get(_VALUES.get(kind or "", _VALUE))
            first = entry[0] if len(entry) == 1 else None
            if first is not None and first.tag == _PARAGRAPH and not len(first):
                text = as_line(first.text or "")
            elif (first := entry.find(_PARAGRAPH)) is not None:
                on_colour = bool(look.white) and _style_of(entry, row, column, usual) in look.coloured
                parts = [_text(paragraph, look, on_colour) for paragraph in entry.iterfind(_PARAGRAPH)]
                text = join_lines(without_marks(part.replace(_UNSEEN, "")) for part in parts)
                if any(_UNSEEN in part for part in parts):
                    sheet.unseen.append(f"a part of row {number}, column {column + 1}")
            else:
                text = as_line(stored or "")
            if text and hides and look.hides(_style_of(entry, row, column, usual)):
                sheet.unseen.append(f"{text!r} in row {number}, column {column + 1}")
            elif text:
                across, down = (min(_times(entry.get(span)), MAX_SPAN) for span in _SPANS)
                raw = stored if stored != text and kind != "string" else None
                for at in range(column, min(column + repeated, MAX_COLUMNS)):
                    cells[at] = Cell(text, at, across, down, raw)
                if coloured is not None and _style_of(entry, row, column, usual) in look.coloured:
                    coloured.update((number, at) for at in range(column, min(column + repeated, MAX_COLUMNS)))
            elif stored is None and entry.get(_FORMULA):
                sheet.uncalculated += repeated
        elif entry.tag == _CELL and entry.get(_FORMULA):
            sheet.uncalculated += repeated
        column += repeated
    return cells


def _style_of(entry: Element, row: Element, column: int, usual: list[str]) -> str:
    """The name of the style of a cell, which may be that of its row or column."""
    return entry.get(_STYLE_NAME) or row.get(_USUAL_STYLE) or (usual[column] if column < len(usual) else "")


def _text(paragraph: Element, look: OdsLook, on_colour: bool) -> str:
    """The text of a paragraph with its spaces and line breaks, and a placeholder for text that is invisible."""
    parts = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", 1)), 100))
        elif child.tag == f"{_TEXT}tab":
            parts.append(" ")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag not in _ASIDE:
            style = child.get(_TEXT_STYLE, "")
            is_hidden = child.get(_IS_HIDDEN) == "true" or look.hides(style, on_colour)
            text = _UNSEEN if is_hidden else _text(child, look, on_colour)
            parts.append(f"{RAISED}{text}{BACK}" if style in look.raised and text else text)
        parts.append(child.tail or "")
    return "".join(parts)
