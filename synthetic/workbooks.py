"""Text documents as an office would publish them in sheets: xlsx, xls, ods, XML 2003, HTML and csv.

A sheet for each form: title, unit and money unit above the table, merged header cells, figures stored as numbers with a
format. The readers must give back the texts.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from csv import writer as csv_writer
from dataclasses import dataclass, field, replace
from html import escape
from itertools import pairwise

import xlsxwriter
import xlwt

_FIGURE = re.compile(r"-?\d[\d,]*\.\d\d")
_CODE = re.compile(r"\d{1,7}")
_LONG_AGO = datetime.datetime(1980, 1, 1)
MIME_ODS = "application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Cell:
    """A cell with its place (from 0) and spans. ``number`` is the stored number, None if text is stored."""

    row: int
    column: int
    text: str
    column_span: int = 1
    row_span: int = 1
    number: float | None = None
    number_format: str = "General"


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet: its name and its cells. Sheets are compared by identity, so facts about them can be cached."""

    name: str
    cells: tuple[Cell, ...]
    hidden: bool = False

    def shifted(self, rows: int, columns: int = 0) -> Sheet:
        """The same sheet with its cells further down and to the right."""
        return replace(self, cells=tuple(replace(c, row=c.row + rows, column=c.column + columns) for c in self.cells))

    @property
    def height(self) -> int:
        """The number of rows from the top."""
        return max((cell.row + cell.row_span for cell in self.cells), default=0)


@dataclass
class _Block:
    """The paragraphs above a table, its rows, and the notes below it."""

    above: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


def sheets_of(text: str, numeric_codes: bool = False) -> list[Sheet]:
    """A sheet for each table of a text document. ``numeric_codes``: codes are numbers, too, and lose their zeros."""
    sheets = []
    for number, block in enumerate(_blocks(text), start=1):
        title = next((line for line in block.above if "：" not in line), "")
        width = max(map(len, block.rows))
        cells = [Cell(row, 0, line, width) for row, line in enumerate(block.above)]
        top = len(cells)
        depth = _header_depth(block.rows)
        cells += header_cells(block.rows[:depth], top, width)
        for row, texts in enumerate(block.rows[depth:], start=top + depth):
            cells += [
                stored_cell(row, column, text, numeric_codes) for column, text in enumerate(texts) if text.strip()
            ]
        cells += [Cell(top + len(block.rows) + row, 0, line, width) for row, line in enumerate(block.below)]
        sheets.append(Sheet(f"{number}{title}"[:31].translate({ord(c): "_" for c in "[]:*?/\\"}), tuple(cells)))
    return sheets


def _blocks(text: str) -> list[_Block]:
    """The tables of a text, each with the lines above it and the note below it."""
    blocks = [_Block()]
    after_blank = False
    for line in text.splitlines():
        words = line.strip()
        block = blocks[-1]
        if "\t" in line:
            if block.rows and after_blank:
                blocks.append(_Block())
            blocks[-1].rows.append(line.split("\t"))
        elif block.rows and words.startswith("注："):
            block.below.append(words)
        elif block.rows and words and not after_blank:
            block.rows.append([words])  # a page number
        elif words:
            if block.rows:
                blocks.append(_Block())
            blocks[-1].above.append(words)
        after_blank = not words
    return [block for block in blocks if block.rows]


def _header_depth(rows: list[list[str]]) -> int:
    """The number of rows above the first row with a figure, or of the header of forms 1 and 6. 0 for sheets of
    goals."""
    if "项目名称" in rows[0][0] or "部门名称" in rows[0][0]:
        return 0
    if rows[0][0].strip() in ("收入", "收 入"):
        return 2
    return next((i for i, row in enumerate(rows) if any(_FIGURE.fullmatch(text) for text in row)), 0)


def header_cells(rows: list[list[str]], top: int, width: int) -> list[Cell]:
    """Header cells, with the spans that follow from the blank cells beside and below them."""
    cells = []
    groups = [0] * width  # columns under one cell of the row above
    for depth, row in enumerate(rows):
        texts = [*row, *[""] * (width - len(row))]
        ends = [c for c in range(width) if texts[c] or (c and groups[c] != groups[c - 1])] + [width]
        next_groups = list(groups)
        for position, (start, end) in enumerate(pairwise(ends)):
            below = [line[c] for line in rows[depth + 1 :] for c in range(start, end) if c < len(line) and line[c]]
            down = 1 if below else len(rows) - depth
            if texts[start]:
                cells.append(Cell(top + depth, start, texts[start].strip(), end - start, down))
            for c in range(start, end):
                next_groups[c] = position
        groups = next_groups
    return cells


def stored_cell(row: int, column: int, text: str, numeric_codes: bool) -> Cell:
    """A cell as a sheet stores it: figures as numbers, with ``numeric_codes`` codes, too, other texts as text."""
    text = text.strip()
    if _FIGURE.fullmatch(text):
        number = float(text.replace(",", ""))
        return Cell(row, column, text, number=number, number_format="#,##0.00" if "," in text else "0.00")
    if numeric_codes and _CODE.fullmatch(text):
        return Cell(row, column, text, number=float(text))
    return Cell(row, column, text)


# ---------------------------------------------------------------------------- formats


def xlsx(sheets: list[Sheet]) -> bytes:
    """A workbook as Excel 2007 and later write it. The same sheets always give the same bytes."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _LONG_AGO})
        formats = {
            code: workbook.add_format({"num_format": code})
            for code in sorted({cell.number_format for sheet in sheets for cell in sheet.cells})
        }
        for sheet in sheets:
            target = workbook.add_worksheet(sheet.name)
            if sheet.hidden:
                target.hide()
            for cell in sheet.cells:
                style = formats[cell.number_format]
                if (cell.row_span, cell.column_span) != (1, 1):
                    last = cell.row + cell.row_span - 1, cell.column + cell.column_span - 1
                    target.merge_range(cell.row, cell.column, *last, "", style)
                if cell.number is None:
                    target.write_string(cell.row, cell.column, cell.text, style)
                else:
                    target.write_number(cell.row, cell.column, cell.number, style)
    return file.getvalue()


def xls(sheets: list[Sheet]) -> bytes:
    """A workbook as Excel 97 to 2003 and WPS write it."""
    workbook = xlwt.Workbook()
    styles = {
        code: xlwt.easyxf(num_format_str=code) for code in {cell.number_format for s in sheets for cell in s.cells}
    }
    for sheet in sheets:
        target = workbook.add_sheet(sheet.name)
        target.visibility = int(sheet.hidden)
        for cell in sheet.cells:
            value = cell.text if cell.number is None else cell.number
            area = cell.row, cell.row + cell.row_span - 1, cell.column, cell.column + cell.column_span - 1
            target.write_merge(*area, value, styles[cell.number_format])
    return _saved(workbook.save)


def ods(sheets: list[Sheet]) -> bytes:
    """A spreadsheet as LibreOffice writes it, with the text of every cell as printed."""
    tables = []
    for sheet in sheets:
        rows = []
        for number in range(sheet.height):
            column = 0
            entries = []
            for cell in sorted((c for c in sheet.cells if c.row == number), key=lambda c: c.column):
                entries.append(f'<table:table-cell table:number-columns-repeated="{cell.column - column}"/>')
                value = "" if cell.number is None else f' office:value-type="float" office:value="{cell.number}"'
                entries.append(
                    f'<table:table-cell table:number-columns-spanned="{cell.column_span}"'
                    f' table:number-rows-spanned="{cell.row_span}"{value}><text:p>{escape(cell.text)}</text:p>'
                    "</table:table-cell>"
                    + f'<table:covered-table-cell table:number-columns-repeated="{cell.column_span - 1}"/>'
                    * (cell.column_span > 1)
                )
                column = cell.column + cell.column_span
            entries = [e for e in entries if 'repeated="0"' not in e]
            rows.append(f"<table:table-row>{''.join(entries)}</table:table-row>")
        style = ' table:style-name="hidden"' if sheet.hidden else ""
        tables.append(f'<table:table table:name="{escape(sheet.name)}"{style}>{"".join(rows)}</table:table>')
    return ods_of(
        '<office:automatic-styles><style:style style:name="hidden" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    )


def ods_of(content: str) -> bytes:
    """A spreadsheet in OpenDocument with this content."""
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    return zipped(
        {"mimetype": MIME_ODS, "content.xml": f"<office:document-content {spaces}>{content}</office:document-content>"}
    )


def xml2003(sheets: list[Sheet]) -> bytes:
    """A workbook that Excel 2003 saved as XML."""
    formats = sorted({cell.number_format for sheet in sheets for cell in sheet.cells})
    styles = "".join(
        f'<Style ss:ID="s{number}"><NumberFormat ss:Format="{escape(code)}"/></Style>'
        for number, code in enumerate(formats)
    )
    worksheets = []
    for sheet in sheets:
        rows = []
        for number in range(sheet.height):
            entries = []
            for cell in sorted((c for c in sheet.cells if c.row == number), key=lambda c: c.column):
                kind, value = ("String", cell.text) if cell.number is None else ("Number", f"{cell.number:.15g}")
                entries.append(
                    f'<Cell ss:Index="{cell.column + 1}" ss:StyleID="s{formats.index(cell.number_format)}"'
                    f' ss:MergeAcross="{cell.column_span - 1}" ss:MergeDown="{cell.row_span - 1}">'
                    f'<Data ss:Type="{kind}">{escape(value)}</Data></Cell>'
                )
            if entries:
                rows.append(f'<Row ss:Index="{number + 1}">{"".join(entries)}</Row>')
        options = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>" * sheet.hidden
        worksheets.append(
            f'<Worksheet ss:Name="{escape(sheet.name)}"><Table>{"".join(rows)}</Table>{options}</Worksheet>'
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f"<Styles>{styles}</Styles>{''.join(worksheets)}</Workbook>"
    ).encode()


def html(sheets: list[Sheet], encoding: str = "utf-8", title: str = "") -> bytes:
    """A web page. A cell over the whole width is a paragraph, and an outer table only arranges the page."""
    parts = []
    for sheet in sheets:
        width = max(cell.column + cell.column_span for cell in sheet.cells)
        rows: list[str] = []
        for number in range(sheet.height):
            cells = sorted((c for c in sheet.cells if c.row == number), key=lambda c: c.column)
            if len(cells) == 1 and cells[0].column_span == width:
                parts += [*_html_table(rows), f"<p>{escape(cells[0].text)}</p>"]
                rows = []
            else:
                rows.append(_html_row(sheet, cells, width))
        parts += _html_table(rows)
    page = (
        f'<html><head><meta charset="{encoding}"><title>{title}</title><style>td {{ color: black }}</style></head>'
        f"<body><table><tr><td>{''.join(parts)}</td></tr></table><script>var table = '<table>'</script></body></html>"
    )
    return page.encode("gb18030" if encoding.startswith("gb") else encoding)


def _html_table(rows: list[str]) -> list[str]:
    return [f"<table border=1>{''.join(rows)}</table>"] if rows else []


def _html_row(sheet: Sheet, cells: list[Cell], width: int) -> str:
    by_column = {cell.column: cell for cell in cells}
    row = cells[0].row if cells else 0
    covered = {
        column
        for c in sheet.cells
        if c.row <= row < c.row + c.row_span
        for column in range(c.column, c.column + c.column_span)
        if (c.row, c.column) != (row, column)
    }
    entries = []
    for column in range(width):
        if column in by_column:
            cell = by_column[column]
            words = f"<p><span>{escape(cell.text)}</span>&nbsp;</p>"
            entries.append(f"<td colspan={cell.column_span} rowspan='{cell.row_span}'>{words}")
        elif column not in covered:
            entries.append("<td>&nbsp;</td>")
    return f"<tr>{''.join(entries)}</tr>"


def csv(sheets: list[Sheet], delimiter: str = ",", encoding: str = "gb18030") -> bytes:
    """All sheets in one text, one below the other. Codes are written as formulas, so that they keep their zeros."""
    target = io.StringIO()
    writer = csv_writer(target, delimiter=delimiter)
    for sheet in sheets:
        width = max(cell.column + cell.column_span for cell in sheet.cells)
        for number in range(sheet.height):
            row = [""] * width
            for cell in (cell for cell in sheet.cells if cell.row == number):
                row[cell.column] = f'="{cell.text}"' if cell.text.isdigit() else cell.text
            writer.writerow(row)
    return target.getvalue().encode(encoding)


def zipped(members: dict[str, str | bytes]) -> bytes:
    """A ZIP archive of members (name → content)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return target.getvalue()


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    target = io.BytesIO()
    save(target)
    return target.getvalue()
