"""Workbooks saved as XML by Excel 2003 (SpreadsheetML, mostly under .xls): cells as printed."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from loader.documents.grid import Cell, Document
from loader.documents.readers.cell_text import BACK, RAISED, without_marks
from loader.documents.readers.colour import is_white
from loader.documents.readers.package import xml_root
from loader.documents.readers.sheet import MAX_SPAN, Book, Sheet, as_line, naming
from loader.documents.readers.workbooks.conditions import apply
from loader.documents.readers.workbooks.number_format import GENERAL, Render, renderer, serial_of
from loader.documents.readers.workbooks.xml2003_conditions import CONDITIONAL_FORMAT, conditionals

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_VISIBLE = "{urn:schemas-microsoft-com:office:excel}WorksheetOptions/{urn:schemas-microsoft-com:office:excel}Visible"
_CELL, _DATA = f"{_SS}Cell", f"{_SS}Data"
_INDEX, _STYLE, _TYPE = f"{_SS}Index", f"{_SS}StyleID", f"{_SS}Type"
_ACROSS, _DOWN = f"{_SS}MergeAcross", f"{_SS}MergeDown"
_HTML = "{http://www.w3.org/TR/REC-html40}"  # of texts whose parts look different
_FLAT = 2.0  # points; nobody sees letters or a row so low, or a column so narrow
_NAMED_FORMATS = {
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Currency": '"¥"#,##0.00;"¥"-#,##0.00',
    "Euro Currency": "[$€-2]#,##0.00;[$€-2]-#,##0.00",
    "Percent": "0.00%",
    "Scientific": "0.00E+00",
    "General Number": GENERAL,
    "General Date": "yyyy/m/d h:mm",
    "Long Date": 'yyyy"年"m"月"d"日"',
    "Medium Date": "d-mmm-yy",
    "Short Date": "yyyy/m/d",
    "Long Time": "h:mm:ss",
    "Medium Time": "h:mm AM/PM",
    "Short Time": "h:mm",
    "Yes/No": '"Yes";"Yes";"No"',
    "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}


def read(content: bytes, file_name: str) -> Document:
    """One grid a visible sheet."""
    root = xml_root(content, file_name, "the workbook")
    epoch_1904 = root.find(".//{*}Date1904") is not None
    with naming(file_name, "its list of styles"):
        styles = _Styles.of(root, epoch_1904)
    book = Book(file_name, "xml2003")
    for worksheet in root.iterfind(f"{_SS}Worksheet"):
        name = worksheet.get(f"{_SS}Name", "")
        if worksheet.findtext(_VISIBLE) in ("SheetHidden", "SheetVeryHidden"):
            book.leave_out(name)
        else:
            with naming(file_name, f"the sheet {name!r}"):
                book.add(_sheet(worksheet, Sheet(name), styles))
    return book.document()


@dataclass(frozen=True, slots=True)
class _Styles:
    """By the ids of the styles: how they print numbers, which are struck out, tiny or of the colour of their
    background, and on which white letters are visible; and whether the days of the workbook count from 1904."""

    epoch_1904: bool
    renderers: dict[str, Render]
    unseen: set[str] = field(default_factory=set)
    coloured: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, root: Element, epoch_1904: bool) -> _Styles:
        """The styles of a workbook; what a style does not state is inherited from its parent."""
        said: dict[str, dict[str, str]] = {"Default": {}}
        for style in root.iterfind(f"{_SS}Styles/{_SS}Style"):
            own = dict(said.get(style.get(f"{_SS}Parent", "Default"), {}))
            for part in style.iterfind("*"):
                name = etree.QName(part).localname
                own = {key: value for key, value in own.items() if not key.startswith(f"{name}.")}
                own |= {f"{name}.{etree.QName(key).localname}": str(value) for key, value in part.attrib.items()}
            said[style.get(f"{_SS}ID", "")] = own
        codes = {key: own.get("NumberFormat.Format", GENERAL) for key, own in said.items()}
        inks, grounds = ({key: _colour(own, name) for key, own in said.items()} for name in ("Font", "Interior"))
        patterns = {key: own.get("Interior.Pattern", "None") for key, own in said.items()}
        # patterns other than solid show white letters whatever their colours are
        coloured = {
            key
            for key, pattern in patterns.items()
            if pattern != "None" and (pattern != "Solid" or not is_white(grounds[key] or "#FFFFFF"))
        }
        unseen = {
            key
            for key, own in said.items()
            if own.get("Font.StrikeThrough") == "1"
            or float(own.get("Font.Size", _FLAT)) < _FLAT
            or (is_white(inks[key]) and key not in coloured)
            or (patterns[key] == "Solid" and inks[key] and inks[key] == grounds[key])
        }
        renderers = {
            key: renderer(_NAMED_FORMATS.get(code, code), epoch_1904, key in coloured) for key, code in codes.items()
        }
        return cls(epoch_1904, renderers, unseen, coloured)


def _colour(own: dict[str, str], part: str) -> str:
    """The colour that a style states for letters or background, "" for the default."""
    stated = own.get(f"{part}.Color", "").upper()
    return "" if stated == "AUTOMATIC" else stated


def _sheet(worksheet: Element, sheet: Sheet, styles: _Styles) -> Sheet:
    number = 0
    has_conditions = worksheet.find(CONDITIONAL_FORMAT) is not None
    on_colour: set[tuple[int, int]] = set()
    default = styles.renderers["Default"]
    for row in worksheet.iterfind(f"{_SS}Table/{_SS}Row"):
        number = int(row.get(_INDEX, number + 1))
        style_of_row = row.get(_STYLE, "Default")
        cells = sheet.rows.get(number, {})  # of a row that is given twice
        column = -1
        for entry in row.iterfind(_CELL):
            index, across, down = entry.get(_INDEX), int(entry.get(_ACROSS, 0)), entry.get(_DOWN)
            column = column + 1 if index is None else int(index) - 1
            if column in cells:
                sheet.twice.append(f"row {number}, column {column + 1} ({cells[column].text!r})")
            data = entry.find(_DATA)
            if data is not None:
                style = entry.get(_STYLE, style_of_row)
                if has_conditions and style in styles.coloured:
                    on_colour.add((number, column))
                stored = data.text or ""
                if len(data):
                    stored, is_whole = _seen(data, style in styles.coloured)
                    stored = without_marks(stored)
                    if not is_whole:
                        sheet.unseen.append(f"a part of row {number}, column {column + 1}")
                render = styles.renderers.get(style, default)
                text, raw = _printed(stored, data.get(_TYPE), render, styles.epoch_1904)
                if text and style in styles.unseen:
                    sheet.unseen.append(f"{text!r} in row {number}, column {column + 1}")
                elif text:
                    spans = min(across + 1, MAX_SPAN), min(int(down or 0) + 1, MAX_SPAN)
                    cells[column] = Cell(text, column, *spans, raw)
                elif raw is not None and raw.strip("-0."):
                    sheet.unseen.append(f"{raw} in row {number}, column {column + 1}")
            elif entry.get(f"{_SS}Formula"):
                sheet.uncalculated += 1
            column += across
        if cells:
            sheet.rows[number] = cells
            if row.get(f"{_SS}Hidden") == "1" or float(row.get(f"{_SS}Height", _FLAT)) < _FLAT:
                sheet.hidden_rows.add(number)
        number += int(row.get(f"{_SS}Span", 0))
    column = 0
    for entry in worksheet.iterfind(f"{_SS}Table/{_SS}Column"):
        start = int(entry.get(f"{_SS}Index", column + 1)) - 1
        column = start + 1 + int(entry.get(f"{_SS}Span", 0))
        if entry.get(f"{_SS}Hidden") == "1" or float(entry.get(f"{_SS}Width", _FLAT)) < _FLAT:
            sheet.hidden_columns.append(range(start, column))
    if has_conditions:
        apply(conditionals(worksheet), sheet, on_colour)
    return sheet


def _seen(part: Element, on_colour: bool) -> tuple[str, bool]:
    """The visible part of a text in parts of several looks, and whether that is all of it."""
    parts = [part.text or ""]
    is_whole = True
    for child in part:
        text, is_seen = _seen(child, on_colour)
        name = etree.QName(child).localname
        if name in ("S", "Strike") or (name == "Font" and not on_colour and is_white(child.get(f"{_HTML}Color", ""))):
            text, is_seen = "", not text and is_seen
        elif name in ("Sup", "Sub") and text:
            text = f"{RAISED}{text}{BACK}"
        parts += (text, child.tail or "")
        is_whole = is_whole and is_seen
    return "".join(parts), is_whole


def _printed(stored: str, kind: str | None, render: Render, epoch_1904: bool) -> tuple[str, str | None]:
    """The printed text of a cell, and the stored value if it differs."""
    if kind == "String":
        return as_line(stored), None
    stored = stored.strip()
    if kind == "Boolean":
        return ("TRUE" if stored == "1" else "FALSE"), None
    if kind == "DateTime" and (serial := serial_of(stored, epoch_1904)):
        return render(serial), stored
    if kind != "Number" or not stored:
        return as_line(stored), None
    text = render(stored)
    return text, stored if text != stored else None
