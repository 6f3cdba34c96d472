"""Workbooks of Excel and WPS (xlsx, xlsm, newer et): cells as printed, by their number formats.

Sheets are scanned, not parsed: building a tree of all cells costs more than everything else. The scan expects the form
in which nearly all programs write cells. A sheet in another form is parsed and rewritten in that form first.
"""

from __future__ import annotations

import html
import posixpath
import re
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element as Element

from loader.documents.grid import Cell, Document, DocumentError, shared_cell
from loader.documents.readers.package import Package, check_xml, xml_root
from loader.documents.readers.sheet import Book, Sheet, check_size, naming
from loader.documents.readers.workbooks.column_letters import column_name, column_number
from loader.documents.readers.workbooks.conditions import apply
from loader.documents.readers.workbooks.number_format import GENERAL, renderer, serial_of
from loader.documents.readers.workbooks.sheet_pictures import SheetPictures
from loader.documents.readers.workbooks.xlsx_conditions import conditionals_of
from loader.documents.readers.workbooks.xlsx_pictures import kept_in_cells, pictures_on, taken_from_cells
from loader.documents.readers.workbooks.xlsx_relations import relations_of
from loader.documents.readers.workbooks.xlsx_styles import Styles
from loader.documents.readers.workbooks.xlsx_texts import Text, printed

# every pattern ends at the next tag, so that none reads a damaged sheet more than once
_FORMULA = r"<f(?: [^<>]*)?(?:/>|>[^<]*</f>)"
# column, row, style, type, stored value, inline text
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?(?: t="(\w+)")?>'
    rf"(?:{_FORMULA})?(?:<v>([^<]*)</v>|<is><t(?: [^<>]*)?>([^<]*)</t></is>)"
)
_UNCALCULATED = re.compile(rf'<c (?:(?! t="str")[^<>])*>{_FORMULA}(?:<v></v>)?</c>')
_MERGED = re.compile(r'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
# a height below two points hides, too, and next to no width
_HIDDEN_ROW = re.compile(r'<row\b(?=[^<>]* (?:hidden="(?:1|true)"|ht="[01](?:\.\d{1,20})?"))[^<>]* r="(\d{1,7})"')
_HIDDEN_COLUMNS = re.compile(
    r'<col\b(?=[^<>]* (?:hidden="(?:1|true)"|width="0(?:\.[01]\d{0,20})?"))'
    r'(?=[^<>]* min="(\d{1,5})")[^<>]* max="(\d{1,5})"'
)
_HIDES_ZEROS = re.compile(r'<sheetView [^<>]*showZeros="(?:0|false)"')
_OTHER_ENCODING = re.compile(rb"""\s*<\?xml [^>]*encoding=["'](?!utf-8)""", re.IGNORECASE)
_WITHOUT_CELLS = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})


def read(content: bytes, file_name: str) -> Document:
    """One grid a visible sheet."""
    package = Package(content, file_name)
    part = next((target for kind, target in relations_of(package, "").values() if kind == "officeDocument"), "")
    workbook = package.xml(part or "xl/workbook.xml")
    relations = relations_of(package, part)
    parts: dict[str, str] = dict(relations.values())
    properties = workbook.find("{*}workbookPr")
    epoch_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    folder = posixpath.dirname(part) or "xl"  # where these parts are even if no relation names them
    strings, styles = (parts.get(kind, f"{folder}/{kind}.xml") for kind in ("sharedStrings", "styles"))
    with naming(file_name, "its table of texts"):
        texts = [Text.of(item) for item in package.xml(strings)] if strings in package else []
    with naming(file_name, "its list of styles"):
        look = Styles.of(package.xml(styles), epoch_1904) if styles in package else Styles(epoch_1904)
    reader = _SheetReader(package, texts, look)
    book = Book(file_name, "xlsx")
    pictures = SheetPictures()
    in_cells = kept_in_cells(package, relations.values())
    for entry in workbook.iterfind("{*}sheets/{*}sheet"):
        name = entry.get("name", "")
        key = next((value for key, value in entry.attrib.items() if str(key).endswith("}id")), "")
        kind, target = relations.get(str(key), ("", ""))
        if entry.get("state") in ("hidden", "veryHidden"):
            book.leave_out(name)
        elif kind == "worksheet":
            with naming(file_name, f"the sheet {name!r}"):
                sheet = reader.read(target, Sheet(name))
                shown = [*taken_from_cells(sheet, in_cells)]
                shown += pictures_on(package, target) if sheet.has_drawing else ()
                book.add(sheet)
                if shown:
                    book.grids[-1] = pictures.added(book.grids[-1], shown)
        elif kind not in _WITHOUT_CELLS:
            raise DocumentError(f"{file_name}: the sheet {name!r} is listed, but nothing tells where its cells are")
    book.remarks += pictures.remarks()
    return book.document()


class _SheetReader:
    """Reads the sheets of one workbook."""

    def __init__(self, package: Package, texts: list[Text], styles: Styles) -> None:
        self.package = package
        self.texts = texts
        # by their numbers as sheets write them, without the few of which something may not be seen
        self.strings = {str(n): text.on_white for n, text in enumerate(texts) if text.is_seen}
        self.styles = styles
        self.renderers = styles.renderers
        self.default = self.renderers.get("0", renderer(GENERAL))

    def read(self, member: str, sheet: Sheet) -> Sheet:
        content = self.package.read(member)
        scan = self._scan(_decoded(content))
        if scan is None:
            scan = self._scan(self._rewritten(xml_root(content, self.package.file_name, member), sheet))
        if scan is None:
            raise DocumentError(f"{self.package.file_name}: {member} is not written as in a spreadsheet")
        head, data, tail, values = scan
        if not values:
            check_xml(content, self.package.file_name, member)  # a sheet may be blank; a damaged one is not
        self._fill(sheet, values, hides_zeros=_HIDES_ZEROS.search(head) is not None)
        if "cfRule" in tail and (self.styles.looks or "<extLst" in tail or " showValue=" in tail):
            root = xml_root(content, self.package.file_name, member)
            coloured = [cell for cell in values if cell[2] in self.styles.coloured]
            on_colour = {(int(number), column_number(letters)) for letters, number, *_ in coloured}
            apply(conditionals_of(root, self.styles.looks), sheet, on_colour)
        sheet.has_drawing = "<drawing" in (tail or data)  # a sheet without cells has no tail
        last = max(sheet.rows, default=0)
        for left, top, right, bottom in _MERGED.findall(tail):
            sheet.merge(int(top), column_number(left), min(int(bottom), last), column_number(right))
        if "<f" in data:
            sheet.uncalculated = len(_UNCALCULATED.findall(data))
        if " hidden=" in data or ' ht="0' in data or ' ht="1' in data:
            sheet.hidden_rows = set(map(int, _HIDDEN_ROW.findall(data)))
        sheet.hidden_columns = [range(int(first) - 1, int(end)) for first, end in _HIDDEN_COLUMNS.findall(head)]
        return sheet

    def _fill(self, sheet: Sheet, values: list[tuple[str, ...]], hides_zeros: bool) -> None:
        """Put the stored values into the sheet as they are printed."""
        unseen, strings = self.styles.unseen, self.strings
        row = ""
        cells: dict[int, Cell] = {}
        last = -1
        for letters, number, style, kind, stored, inline in values:
            if number != row:
                row = number
                cells = sheet.rows.setdefault(int(number), {})
                last = max(cells) if cells else -1
            raw = None
            if kind == "inlineStr":
                text = _unescaped(inline)
            elif not stored:
                continue
            elif kind == "s":
                shared = strings.get(stored)
                text = self._in_runs(stored, style, f"{letters}{number}", sheet) if shared is None else shared
            elif not kind or kind == "n":
                if hides_zeros and not float(stored):
                    continue
                text = self.renderers.get(style, self.default)(stored)
                if text != stored:
                    raw = stored
            elif kind == "b":
                text = "TRUE" if stored == "1" else "FALSE"
            elif kind == "d":
                text = self.renderers.get(style, self.default)(serial_of(stored, self.styles.epoch_1904) or stored)
            else:
                text = _unescaped(stored)
            if text:
                column = column_number(letters)
                if unseen and style in unseen:
                    sheet.unseen.append(f"{text!r} in {letters}{number}")
                    continue
                if column > last:
                    last = column
                elif column in cells:
                    sheet.twice.append(f"{letters}{number} ({cells[column].text!r} and {text!r})")
                cells[column] = shared_cell(text, column, 1, 1, raw)
            elif raw is not None and float(raw):
                sheet.unseen.append(f"{raw} in {letters}{number}")

    def _in_runs(self, index: str, style: str, place: str, sheet: Sheet) -> str:
        """A text of the shared table that may be partly invisible."""
        if not index.isdecimal() or int(index) >= len(self.texts):
            raise DocumentError(
                f"{self.package.file_name}: sheet {sheet.name!r}, cell {place}: the text number {index[:20]} is not in"
                f" the workbook, which has {len(self.texts)}"
            )
        return self._seen(self.texts[int(index)], style, place, sheet)

    def _seen(self, text: Text, style: str, place: str, sheet: Sheet) -> str:
        """The visible part of a text in a cell; the rest is noted."""
        on_colour = style in self.styles.coloured
        if text.is_struck or not (on_colour or text.is_seen):
            sheet.unseen.append(f"a part of {place}")
        return text.on_colour if on_colour else text.on_white

    def _rewritten(self, root: Element, sheet: Sheet) -> str:
        """A sheet rewritten in the form that the scan expects."""
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
                column = column_number(reference.rstrip("0123456789")) if reference else column + 1
                self._rewrite(cell, f"{column_name(column)}{number}", sheet)
        etree.cleanup_namespaces(root)
        return etree.tostring(root, encoding="unicode")

    def _rewrite(self, cell: Element, place: str, sheet: Sheet) -> None:
        style, kind = cell.get("s", ""), cell.get("t", "")
        inline, stored = cell.find("is"), cell.find("v")
        formula = cell.find("f")
        text = Text.of(inline) if inline is not None and kind == "inlineStr" else None
        value = stored.text if stored is not None else None
        cell.clear()
        cell.set("r", place)
        if style:
            cell.set("s", style)
        if kind:
            cell.set("t", kind)
        if formula is not None:
            etree.SubElement(cell, "f").text = formula.text
        if text is not None:
            etree.SubElement(etree.SubElement(cell, "is"), "t").text = self._seen(text, style, place, sheet)
        elif value:
            etree.SubElement(cell, "v").text = value

    def _scan(self, xml: str) -> tuple[str, str, str, list[tuple[str, ...]]] | None:
        """The part before the cells, the cells, the part after them, and their values if none was missed."""
        head, start, rest = xml.partition("<sheetData")
        data, end, tail = rest.partition("</sheetData>")
        if not start or not (end or data.startswith("/>")):
            return None
        stored = data.count("<v") + data.count("<is")
        check_size(self.package.file_name, stored)
        values = _CELL.findall(data) if end else []
        return (head, data, tail, values) if not end or len(values) == stored else None


def _decoded(content: bytes) -> str:
    """A sheet as text; blank if it needs a parser: another encoding, comments, document types."""
    try:
        xml = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return "" if "<!" in xml or _OTHER_ENCODING.match(content) else xml


@lru_cache(maxsize=10_000)
def _unescaped(text: str) -> str:
    """A text of a sheet, without XML escapes."""
    return printed(html.unescape(text))
