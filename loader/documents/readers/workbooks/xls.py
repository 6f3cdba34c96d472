"""Workbooks of Excel 97 to 2003 and WPS (xls, et): cells as printed, by their number formats."""

from __future__ import annotations

import io
from dataclasses import dataclass

import xlrd
from xlrd.formatting import XF, Font

from loader.documents.grid import Cell, Document, DocumentError
from loader.documents.readers.cell_text import BACK, RAISED, without_marks
from loader.documents.readers.colour import are_white
from loader.documents.readers.sheet import Book, Sheet, as_line, naming
from loader.documents.readers.workbooks.conditions import apply
from loader.documents.readers.workbooks.number_format import BUILT_IN, GENERAL, Render, renderer
from loader.documents.readers.workbooks.sheet_pictures import SheetPictures
from loader.documents.readers.workbooks.xls_conditions import conditionals, taken_out
from loader.documents.readers.workbooks.xls_pictures import STORE_OF_PICTURES, pictures_on, stored_pictures

# formats 5 to 8 and 37 to 44 are spelled out in the file, in the manner of the program that wrote it
_SPELLED_OUT = frozenset({*range(5, 9), *range(37, 45)})
_BEGINNING_OF_SHEET = b"\x09\x08\x10\x00\x00\x06\x10\x00"
_SOLID = 1
_FLAT, _NARROW = 40, 51  # twentieths of a point, 256ths of a digit; nobody sees less


def read(content: bytes, file_name: str) -> Document:
    """One grid a visible sheet."""
    book = Book(file_name, "xls")
    with naming(file_name, "its list of sheets, texts or styles"):
        workbook = _opened(content, book)
        styles = _Styles.of(workbook)
    stream = bytearray(workbook.mem[: workbook.base + workbook.stream_len])
    found = stream.count(_BEGINNING_OF_SHEET, workbook.base)
    if found > workbook.nsheets:
        raise DocumentError(
            f"{file_name}: the list of sheets is damaged: it names {workbook.nsheets} of {found}"
            f" ({', '.join(workbook.sheet_names())})"
        )
    conditions = taken_out(stream, workbook._sh_abs_posn)
    if conditions:
        workbook.mem = bytes(stream)
    stored = stored_pictures(workbook) if STORE_OF_PICTURES in stream else []
    pictures = SheetPictures()
    for index, name in enumerate(workbook.sheet_names()):
        with naming(file_name, f"the sheet {name!r}"):
            source = workbook.sheet_by_index(index)
            if source.visibility:
                book.leave_out(name)
            else:
                sheet = _sheet(source, styles)
                if conditions and conditions[index]:
                    looks = conditionals(conditions[index], workbook.colour_map, styles.render_of)
                    apply(looks, sheet, _on_colour(source, styles))
                book.add(sheet)
                if stored:
                    shown = pictures_on(workbook, index, source, stored)
                    book.grids[-1] = pictures.added(book.grids[-1], shown)
            workbook.unload_sheet(index)
    book.remarks += pictures.remarks()
    return book.document()


def _opened(content: bytes, book: Book) -> xlrd.Book:
    """The workbook. If the sector list of the file is damaged, as much of it as the list still gives."""
    try:
        return _open(content)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise DocumentError(
                f"{book.file_name}: a workbook with a password, or protected against changes; save it without"
            ) from None
        raise
    except xlrd.compdoc.CompDocError:
        workbook = _open(content, ignore_workbook_corruption=True)
        book.remarks.append("the file is damaged: parts of it belong to several streams; compare it with its source")
        return workbook


def _open(content: bytes, **options: bool) -> xlrd.Book:
    # what xlrd has to say about a file goes to its log, not to the user
    return xlrd.open_workbook(
        file_contents=content, formatting_info=True, ragged_rows=True, on_demand=True, logfile=io.StringIO(), **options
    )


@dataclass(frozen=True, slots=True)
class _Styles:
    """How cell styles, by number, print numbers; ``unseen`` ones are struck out, tiny or of the colour of their
    background."""

    workbook: xlrd.Book
    codes: dict[int, str]  # of number formats
    renderers: list[Render]
    unseen: frozenset[int]

    @classmethod
    def of(cls, workbook: xlrd.Book) -> _Styles:
        codes = {key: stated.format_str for key, stated in workbook.format_map.items()}
        codes |= {key: code for key, code in BUILT_IN.items() if key not in _SPELLED_OUT}
        renderers = [
            renderer(codes.get(style.format_key, GENERAL), bool(workbook.datemode), not _is_on_white(workbook, style))
            for style in workbook.xf_list
        ]
        fonts = workbook.font_list
        unseen = {
            number
            for number, style in enumerate(workbook.xf_list)
            if style.font_index < len(fonts) and _is_unseen(workbook, fonts[style.font_index], style)
        }
        return cls(workbook, codes, renderers, frozenset(unseen))

    def render_of(self, number_format: int | str) -> Render:
        """How a number format, given by number or text, prints numbers."""
        code = self.codes.get(number_format, GENERAL) if isinstance(number_format, int) else number_format
        return renderer(code, bool(self.workbook.datemode))

    def seen(self, text: str, runs: list[tuple[int, int]], style: int) -> tuple[str, bool]:
        """The visible part of a text in runs of several fonts, each beginning at a character, and whether some is
        invisible."""
        ends = [start for start, _ in runs[1:]] + [len(text)]
        parts = [text[: runs[0][0]]]
        is_seen = True
        for (start, number), end in zip(runs, ends, strict=True):
            font = self.workbook.font_list[number]
            if _is_unseen(self.workbook, font, self.workbook.xf_list[style]):
                is_seen = is_seen and start >= end
            else:
                parts.append(f"{RAISED}{text[start:end]}{BACK}" if font.escapement and start < end else text[start:end])
        return without_marks("".join(parts)), is_seen


def _is_on_white(workbook: xlrd.Book, style: XF) -> bool:
    fill = style.background
    is_solid = fill.fill_pattern == _SOLID
    return not fill.fill_pattern or (is_solid and are_white(workbook.colour_map.get(fill.pattern_colour_index)))


def _is_unseen(workbook: xlrd.Book, font: Font, style: XF) -> bool:
    fill, colours = style.background, workbook.colour_map
    ink, ground = colours.get(font.colour_index), colours.get(fill.pattern_colour_index)
    is_blended = fill.fill_pattern == _SOLID and ink is not None and ink == ground
    is_of_one_colour = is_blended or (are_white(ink) and _is_on_white(workbook, style))
    return bool(font.struck_out) or 0 < font.height < _FLAT or is_of_one_colour


def _sheet(source: xlrd.sheet.Sheet, styles: _Styles) -> Sheet:
    sheet = Sheet(source.name)
    in_runs, renderers, unseen = source.rich_text_runlist_map, styles.renderers, styles.unseen
    for number in range(source.nrows):
        cells = {}
        for column, (kind, value) in enumerate(zip(source.row_types(number), source.row_values(number), strict=True)):
            if kind == xlrd.XL_CELL_BLANK:
                continue
            raw = None
            if kind == xlrd.XL_CELL_TEXT:
                if in_runs and (runs := in_runs.get((number, column))):
                    value, is_seen = styles.seen(value, runs, source.cell_xf_index(number, column))
                    if not is_seen:
                        sheet.unseen.append(f"a part of row {number + 1}, column {column + 1}")
                text = as_line(value)
            elif kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                if not value and not source.show_zero_values:
                    continue
                stored = repr(value).removesuffix(".0")
                text = renderers[source.cell_xf_index(number, column)](stored)
                raw = stored if text != stored else None
            elif kind == xlrd.XL_CELL_BOOLEAN:
                text = "TRUE" if value else "FALSE"
            elif kind == xlrd.XL_CELL_ERROR:
                text = xlrd.error_text_from_code.get(value, "#N/A")
            else:
                continue
            if text and unseen and source.cell_xf_index(number, column) in unseen:
                sheet.unseen.append(f"{text!r} in row {number + 1}, column {column + 1}")
            elif text:
                cells[column] = Cell(text, column, 1, 1, raw)
            elif raw is not None and value:
                sheet.unseen.append(f"{raw} in row {number + 1}, column {column + 1}")
        if cells:
            sheet.rows[number + 1] = cells
    for top, bottom, left, right in source.merged_cells:
        sheet.merge(top + 1, left, min(bottom, source.nrows), right - 1)
    sheet.hidden_rows = {row + 1 for row, info in source.rowinfo_map.items() if info.hidden or info.height < _FLAT}
    sheet.hidden_columns = [
        range(c, c + 1) for c, info in source.colinfo_map.items() if info.hidden or info.width < _NARROW
    ]
    return sheet


def _on_colour(source: xlrd.sheet.Sheet, styles: _Styles) -> set[tuple[int, int]]:
    """The cells (rows from 1, columns from 0) with a background on which white letters are visible."""
    coloured = {
        number for number, style in enumerate(styles.workbook.xf_list) if not _is_on_white(styles.workbook, style)
    }
    return {
        (row + 1, column)
        for row in range(source.nrows if coloured else 0)
        for column in range(source.row_len(row))
        if source.cell_xf_index(row, column) in coloured
    }
