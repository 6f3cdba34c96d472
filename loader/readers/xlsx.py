"""Workbooks of Excel and WPS (xlsx, xlsm, newer et): cells as printed, by their number formats."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from lxml.etree import _Element as Element

from loader.grid import Cell, Document
from loader.readers.number_format import BUILT_IN, GENERAL, Render, renderer, serial_of
from loader.readers.package import Package
from loader.readers.sheet import Book, Sheet, check_size
from loader.wording import join_lines

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?$")
_YES = ("1", "true")
_NO = ("0", "false")


def read(content: bytes, file_name: str) -> Document:
    """One grid a visible sheet."""
    package = Package(content, file_name)
    part = next((target for kind, target in _relations(package, "").values() if kind == "officeDocument"), "")
    workbook = package.xml(part or "xl/workbook.xml")
    relations = _relations(package, part)
    parts: dict[str, str] = dict(relations.values())
    properties = workbook.find("{*}workbookPr")
    epoch_1904 = properties is not None and properties.get("date1904") in _YES
    strings, styles = parts.get("sharedStrings", ""), parts.get("styles", "")
    reader = _SheetReader(
        [_string(item) for item in package.xml(strings)] if strings in package else [],
        _renderers(package.xml(styles), epoch_1904) if styles in package else {},
    )
    book = Book(file_name, "xlsx")
    for entry in workbook.iterfind("{*}sheets/{*}sheet"):
        name = entry.get("name", "")
        key = next((value for key, value in entry.attrib.items() if str(key).endswith("}id")), "")
        kind, target = relations.get(str(key), ("", ""))
        if entry.get("state") in ("hidden", "veryHidden"):
            book.leave_out(name)
        elif kind == "worksheet":
            book.add(reader.read(package.xml(target), Sheet(name), file_name))
    return book.document()


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Id → (kind, member) of what a part of the package refers to."""
    folder, name = posixpath.split(part)
    member = posixpath.join(folder, "_rels", f"{name}.rels")
    if member not in package:
        return {}
    return {
        entry.get("Id", ""): (
            posixpath.basename(entry.get("Type", "")),
            posixpath.normpath(posixpath.join("/", folder, entry.get("Target", ""))).lstrip("/"),
        )
        for entry in package.xml(member).iter("{*}Relationship")
    }


def _renderers(styles: Element, epoch_1904: bool) -> dict[str, Render]:
    """Number of a cell style, as sheets write it, → how it prints numbers."""
    codes = BUILT_IN | {
        int(entry.get("numFmtId", 0)): entry.get("formatCode", GENERAL)
        for entry in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    return {
        str(index): renderer(codes.get(int(entry.get("numFmtId", 0)), GENERAL), epoch_1904)
        for index, entry in enumerate(styles.iterfind("{*}cellXfs/{*}xf"))
    }


class _SheetReader:
    """Reads the sheets of one workbook."""

    def __init__(self, strings: list[str], renderers: dict[str, Render]) -> None:
        self.strings = strings
        self.renderers = renderers
        self.default = renderers.get("0", renderer(GENERAL))

    def read(self, root: Element, sheet: Sheet, file_name: str) -> Sheet:
        hides_zeros = any(view.get("showZeros") in _NO for view in root.iterfind("{*}sheetViews/{*}sheetView"))
        data = root.find("{*}sheetData")
        number = count = 0
        for row in data if data is not None else ():
            number = int(row.get("r") or number + 1)
            cells = self._cells(row, sheet, hides_zeros)
            sheet.add(number, cells)
            sheet.hidden_rows += bool(cells) and row.get("hidden") in _YES
            count += len(cells)
            check_size(file_name, count)
        for area in root.iterfind("{*}mergeCells/{*}mergeCell"):
            if match := _AREA.match(area.get("ref", "")):
                left, top, right, bottom = match.groups()
                sheet.merge(int(top), _column(left), min(int(bottom or top), number), _column(right or left))
        sheet.hidden_columns = [
            range(int(entry.get("min", 1)) - 1, int(entry.get("max", 0)))
            for entry in root.iterfind("{*}cols/{*}col")
            if entry.get("hidden") in _YES
        ]
        return sheet

    def _cells(self, row: Element, sheet: Sheet, hides_zeros: bool) -> dict[int, Cell]:
        cells = {}
        column = -1
        for cell in row:
            reference = cell.get("r")
            # some programs leave references out: then cells follow one another
            column = _column(reference) if reference else column + 1
            if not len(cell):
                continue
            kind = cell.get("t", "n")
            if kind == "inlineStr":
                text = _string(cell[0])
                if text:
                    cells[column] = Cell(text, column)
                continue
            stored = cell[-1].text if cell[-1].tag.endswith("}v") else cell.findtext("{*}v")
            if not stored:
                # a formula without its result; one that results in no text says so by its type
                sheet.uncalculated += kind != "str"
                continue
            raw = None
            match kind:
                case "n":
                    if hides_zeros and not float(stored):
                        continue
                    text = self.renderers.get(cell.get("s", ""), self.default)(stored)
                    raw = stored if text != stored else None
                case "s":
                    text = self.strings[int(stored)]
                case "b":
                    text = "TRUE" if stored == "1" else "FALSE"
                case "d":
                    text = self.renderers.get(cell.get("s", ""), self.default)(serial_of(stored) or stored)
                case _:
                    text = _printed(stored)
            if text:
                cells[column] = Cell(text, column, 1, 1, raw)
        return cells


def _string(item: Element) -> str:
    """The text of a string item without its phonetic runs."""
    if len(item) == 1 and not len(item[0]):
        return _printed(item[0].text or "")
    return _printed("".join(t.text or "" for part in item if not part.tag.endswith("}rPh") for t in part.iter("{*}t")))


@lru_cache(maxsize=10_000)
def _printed(text: str) -> str:
    text = text.strip()
    if "_x" in text:
        text = _ESCAPED.sub(_unescaped, text)
    return join_lines([text]) if "\n" in text else text


def _unescaped(match: re.Match[str]) -> str:
    """A character that XML cannot hold, written as _x000D_."""
    character = chr(int(match[1], 16))
    return character if character.isprintable() else "\n"


@lru_cache(maxsize=20_000)
def _column(reference: str) -> int:
    """A1 → 0, Z1 → 25, AA1 → 26."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1
