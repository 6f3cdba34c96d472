"""Workbooks of Excel and WPS (xlsx, xlsm, newer et): cells as printed, by their number formats.

Sheets are scanned, not parsed: to build a tree of every cell costs more than all the rest. The scan knows the one way
in which nearly all programs write cells; a sheet written in another way is parsed and rewritten in that way first.
"""

from __future__ import annotations

import html
import posixpath
import re
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element as Element

from loader.documents.grid import Cell, Document, DocumentError, shared_cell
from loader.documents.readers.number_format import BUILT_IN, GENERAL, Render, renderer, serial_of
from loader.documents.readers.package import Package, xml_root
from loader.documents.readers.sheet import Book, Sheet, check_size
from loader.documents.wording import join_lines

_FORMULA = r"<f(?: [^>]*)?(?:/>|>[^<]*</f>)"
# column, row, style, type, stored value, inline text
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?(?: t="(\w+)")?>'
    rf"(?:{_FORMULA})?(?:<v>([^<]*)</v>|<is><t(?: [^>]*)?>([^<]*)</t></is>)"
)
_UNCALCULATED = re.compile(rf'<c (?:(?! t="str")[^>])*>{_FORMULA}(?:<v></v>)?</c>')
_MERGED = re.compile(r'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_HIDDEN_ROW = re.compile(r'<row\b(?=[^>]* hidden="(?:1|true)")[^>]* r="(\d{1,7})"')
_HIDDEN_COLUMNS = re.compile(r'<col\b(?=[^>]* hidden="(?:1|true)")(?=[^>]* min="(\d{1,5})")[^>]* max="(\d{1,5})"')
_HIDES_ZEROS = re.compile(r'<sheetView [^>]*showZeros="(?:0|false)"')
_OTHER_ENCODING = re.compile(rb"""\s*<\?xml [^>]*encoding=["'](?!utf-8)""", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read(content: bytes, file_name: str) -> Document:
    """One grid a visible sheet."""
    package = Package(content, file_name)
    part = next((target for kind, target in _relations(package, "").values() if kind == "officeDocument"), "")
    workbook = package.xml(part or "xl/workbook.xml")
    relations = _relations(package, part)
    parts: dict[str, str] = dict(relations.values())
    properties = workbook.find("{*}workbookPr")
    epoch_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    folder = posixpath.dirname(part) or "xl"  # where these parts are even if no relation names them
    strings, styles = (parts.get(kind, f"{folder}/{kind}.xml") for kind in ("sharedStrings", "styles"))
    reader = _SheetReader(
        package,
        [_printed(_text(item)) for item in package.xml(strings)] if strings in package else [],
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
            book.add(reader.read(target, Sheet(name)))
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

    def __init__(self, package: Package, strings: list[str], renderers: dict[str, Render]) -> None:
        self.package = package
        self.strings = strings
        self.renderers = renderers
        self.default = renderers.get("0", renderer(GENERAL))

    def read(self, member: str, sheet: Sheet) -> Sheet:
        content = self.package.read(member)
        scan = self._scan(_decoded(content))
        if scan is None:
            scan = self._scan(_rewritten(xml_root(content, self.package.file_name, member)))
        if scan is None:
            raise DocumentError(f"{self.package.file_name}: {member} is written in a way that is no spreadsheet")
        head, data, tail, values = scan
        hides_zeros = _HIDES_ZEROS.search(head) is not None
        row = ""
        cells: dict[int, Cell] = {}
        for letters, number, style, kind, stored, inline in values:
            if number != row:
                row = number
                cells = sheet.rows.setdefault(int(number), {})
            raw = None
            if kind == "inlineStr":
                text = _unescaped(inline)
            elif not stored:
                continue
            elif kind == "s":
                text = self.strings[int(stored)]
            elif not kind or kind == "n":
                if hides_zeros and not float(stored):
                    continue
                text = self.renderers.get(style, self.default)(stored)
                if text != stored:
                    raw = stored
            elif kind == "b":
                text = "TRUE" if stored == "1" else "FALSE"
            elif kind == "d":
                text = self.renderers.get(style, self.default)(serial_of(stored) or stored)
            else:
                text = _unescaped(stored)
            if text:
                column = _column(letters)
                cells[column] = shared_cell(text, column, 1, 1, raw)
        last = max(sheet.rows, default=0)
        for left, top, right, bottom in _MERGED.findall(tail):
            sheet.merge(int(top), _column(left), min(int(bottom), last), _column(right))
        if "<f" in data:
            sheet.uncalculated = len(_UNCALCULATED.findall(data))
        if " hidden=" in data:
            sheet.hidden_rows = set(map(int, _HIDDEN_ROW.findall(data)))
        sheet.hidden_columns = [range(int(first) - 1, int(end)) for first, end in _HIDDEN_COLUMNS.findall(head)]
        return sheet

    def _scan(self, xml: str) -> tuple[str, str, str, list[tuple[str, ...]]] | None:
        """What stands before the cells, the cells, what stands behind them, and their values if none was missed."""
        head, start, rest = xml.partition("<sheetData")
        data, end, tail = rest.partition("</sheetData>")
        if not start or not (end or data.startswith("/>")):
            return None
        stored = data.count("<v") + data.count("<is")
        check_size(self.package.file_name, stored)
        values = _CELL.findall(data) if end else []
        return (head, data, tail, values) if not end or len(values) == stored else None


def _decoded(content: bytes) -> str:
    """A sheet as text, blank where only a parser can tell: another encoding, comments, document types."""
    try:
        xml = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return "" if "<!" in xml or _OTHER_ENCODING.match(content) else xml


def _rewritten(root: Element) -> str:
    """A sheet in the way of writing that the scan knows."""
    for element in root.iter("*"):
        element.tag = etree.QName(element).localname
    number = 0
    for row in root.iterfind("sheetData/row"):
        number = int(row.get("r", number + 1))
        row.set("r", str(number))
        column = -1
        for cell in row.iterfind("c"):
            # some programs leave references out: then cells follow one another
            reference = cell.get("r")
            column = _column(reference.rstrip("0123456789")) if reference else column + 1
            parts = [(part.tag, _text(part) if part.tag == "is" else part.text) for part in cell]
            style, kind = cell.get("s"), cell.get("t")
            cell.clear()
            cell.set("r", f"{_letters(column)}{number}")
            if style:
                cell.set("s", style)
            if kind:
                cell.set("t", kind)
            for tag, text in parts:
                if tag == "is":
                    etree.SubElement(etree.SubElement(cell, "is"), "t").text = text
                elif tag == "f" or (tag == "v" and text):
                    etree.SubElement(cell, str(tag)).text = text
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _text(item: Element) -> str:
    """The text of a string item without its phonetic runs."""
    if len(item) == 1 and not len(item[0]):
        return item[0].text or ""
    return "".join(t.text or "" for part in item if not part.tag.endswith("rPh") for t in part.iter("{*}t"))


@lru_cache(maxsize=10_000)
def _unescaped(text: str) -> str:
    """A text of a sheet that was not parsed."""
    return _printed(html.unescape(text))


def _printed(text: str) -> str:
    text = text.strip()
    if "_x" in text:
        text = _ESCAPED.sub(_character, text)
    return join_lines([text]) if "\n" in text else text


def _character(match: re.Match[str]) -> str:
    """A character that XML cannot hold, written as _x000D_."""
    character = chr(int(match[1], 16))
    return character if character.isprintable() else "\n"


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)
