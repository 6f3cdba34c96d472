"""Workbooks saved as XML by Excel 2003 (SpreadsheetML, mostly under .xls): cells as printed."""

from __future__ import annotations

from lxml.etree import _Element as Element

from loader.documents.grid import Cell, Document
from loader.documents.readers.number_format import GENERAL, Render, renderer, serial_of
from loader.documents.readers.package import xml_root
from loader.documents.readers.sheet import MAX_SPAN, Book, Sheet, as_line, naming

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_VISIBLE = "{urn:schemas-microsoft-com:office:excel}WorksheetOptions/{urn:schemas-microsoft-com:office:excel}Visible"
_CELL, _DATA = f"{_SS}Cell", f"{_SS}Data"
_INDEX, _STYLE, _TYPE = f"{_SS}Index", f"{_SS}StyleID", f"{_SS}Type"
_ACROSS, _DOWN = f"{_SS}MergeAcross", f"{_SS}MergeDown"
_NAMED_FORMATS = {
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Currency": '"¥"#,##0.00;"¥"-#,##0.00',
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
}


def read(content: bytes, file_name: str) -> Document:
    """One grid a visible sheet."""
    root = xml_root(content, file_name, "the workbook")
    epoch_1904 = root.find(".//{*}Date1904") is not None
    with naming(file_name, "its list of styles"):
        renderers = _renderers(root, epoch_1904)
    book = Book(file_name, "xml2003")
    for worksheet in root.iterfind(f"{_SS}Worksheet"):
        name = worksheet.get(f"{_SS}Name", "")
        if worksheet.findtext(_VISIBLE) in ("SheetHidden", "SheetVeryHidden"):
            book.leave_out(name)
        else:
            with naming(file_name, f"the sheet {name!r}"):
                book.add(_sheet(worksheet, Sheet(name), renderers))
    return book.document()


def _renderers(root: Element, epoch_1904: bool) -> dict[str, Render]:
    """Id of a style → how it prints numbers; a style without a format has that of its parent."""
    codes: dict[str, str] = {"Default": GENERAL}
    for style in root.iterfind(f"{_SS}Styles/{_SS}Style"):
        stated = style.find(f"{_SS}NumberFormat")
        inherited = codes.get(style.get(f"{_SS}Parent", "Default"), GENERAL)
        code = inherited if stated is None else stated.get(f"{_SS}Format", GENERAL)
        codes[style.get(f"{_SS}ID", "")] = _NAMED_FORMATS.get(code, code)
    return {key: renderer(code, epoch_1904) for key, code in codes.items()}


def _sheet(worksheet: Element, sheet: Sheet, renderers: dict[str, Render]) -> Sheet:
    number = 0
    default = renderers["Default"]
    for row in worksheet.iterfind(f"{_SS}Table/{_SS}Row"):
        number = int(row.get(_INDEX, number + 1))
        style_of_row = row.get(_STYLE, "Default")
        cells: dict[int, Cell] = {}
        column = -1
        for entry in row.iterfind(_CELL):
            index, across, down = entry.get(_INDEX), int(entry.get(_ACROSS, 0)), entry.get(_DOWN)
            column = column + 1 if index is None else int(index) - 1
            if column in cells:
                sheet.twice.append(f"row {number}, column {column + 1} ({cells[column].text!r})")
            data = entry.find(_DATA)
            if data is not None:
                text, raw = _printed(data, renderers.get(entry.get(_STYLE, style_of_row), default))
                if text:
                    spans = min(across + 1, MAX_SPAN), min(int(down or 0) + 1, MAX_SPAN)
                    cells[column] = Cell(text, column, *spans, raw)
            elif entry.get(f"{_SS}Formula"):
                sheet.uncalculated += 1
            column += across
        if cells:
            sheet.rows[number] = cells
            if row.get(f"{_SS}Hidden") == "1" or row.get(f"{_SS}Height") == "0":
                sheet.hidden_rows.add(number)
        number += int(row.get(f"{_SS}Span", 0))
    column = 0
    for entry in worksheet.iterfind(f"{_SS}Table/{_SS}Column"):
        start = int(entry.get(f"{_SS}Index", column + 1)) - 1
        column = start + 1 + int(entry.get(f"{_SS}Span", 0))
        if entry.get(f"{_SS}Hidden") == "1" or entry.get(f"{_SS}Width") == "0":
            sheet.hidden_columns.append(range(start, column))
    return sheet


def _printed(data: Element, render: Render) -> tuple[str, str | None]:
    """The printed text of a cell and the stored value if it reads otherwise."""
    stored = (data.text or "") if not len(data) else "".join(map(str, data.itertext()))
    kind = data.get(_TYPE)
    if kind == "String":
        return as_line(stored), None
    stored = stored.strip()
    if kind == "Boolean":
        return ("TRUE" if stored == "1" else "FALSE"), None
    if kind == "DateTime" and (serial := serial_of(stored)):
        return render(serial), stored
    if kind != "Number" or not stored:
        return as_line(stored), None
    text = render(stored)
    return text, stored if text != stored else None
