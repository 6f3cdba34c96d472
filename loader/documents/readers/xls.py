"""Workbooks of Excel 97 to 2003 and WPS (xls, et): cells as printed, by their number formats."""

from __future__ import annotations

import io

import xlrd

from loader.documents.grid import Cell, Document, DocumentError
from loader.documents.readers.number_format import BUILT_IN, GENERAL, Render, renderer
from loader.documents.readers.sheet import Book, Sheet
from loader.documents.wording import join_lines

# formats 5 to 8 and 37 to 44 are spelled out in the file, in the manner of the program that wrote it
_SPELLED_OUT = frozenset({*range(5, 9), *range(37, 45)})


def read(content: bytes, file_name: str) -> Document:
    """One grid a visible sheet."""
    try:
        # what xlrd has to say about a file goes to its log, not to the user
        workbook = xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, on_demand=True, logfile=io.StringIO()
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise DocumentError(
                f"{file_name}: a workbook with a password, or protected against changes; save it without"
            ) from None
        raise
    renderers = _renderers(workbook)
    book = Book(file_name, "xls")
    for index in range(workbook.nsheets):
        source = workbook.sheet_by_index(index)
        if source.visibility:
            book.leave_out(source.name)
        else:
            book.add(_sheet(source, renderers))
        workbook.unload_sheet(index)
    return book.document()


def _renderers(workbook: xlrd.Book) -> list[Render]:
    """Number of a cell style → how it prints numbers."""
    codes = {key: stated.format_str for key, stated in workbook.format_map.items()}
    codes |= {key: code for key, code in BUILT_IN.items() if key not in _SPELLED_OUT}
    return [renderer(codes.get(style.format_key, GENERAL), bool(workbook.datemode)) for style in workbook.xf_list]


def _sheet(source: xlrd.sheet.Sheet, renderers: list[Render]) -> Sheet:
    sheet = Sheet(source.name)
    for number in range(source.nrows):
        cells = {}
        for column, (kind, value) in enumerate(zip(source.row_types(number), source.row_values(number), strict=True)):
            raw = None
            match kind:
                case xlrd.XL_CELL_TEXT:
                    text = join_lines([value.replace("\x00", "")])
                case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
                    if not value and not source.show_zero_values:
                        continue
                    stored = repr(value).removesuffix(".0")
                    text = renderers[source.cell_xf_index(number, column)](stored)
                    raw = stored if text != stored else None
                case xlrd.XL_CELL_BOOLEAN:
                    text = "TRUE" if value else "FALSE"
                case xlrd.XL_CELL_ERROR:
                    text = xlrd.error_text_from_code.get(value, "#N/A")
                case _:
                    continue
            if text:
                cells[column] = Cell(text, column, 1, 1, raw)
        if cells:
            sheet.rows[number + 1] = cells
    for top, bottom, left, right in source.merged_cells:
        sheet.merge(top + 1, left, min(bottom, source.nrows), right - 1)
    sheet.hidden_rows = {row + 1 for row, info in source.rowinfo_map.items() if info.hidden}
    sheet.hidden_columns = [range(c, c + 1) for c, info in source.colinfo_map.items() if info.hidden]
    return sheet
