"""Workbooks (xlsx) with the official forms as an office publishes them: one sheet per form, and a sheet of contents.

Figures are the rebuilt ones. A cell with another published figure has a note. A workbook that is loaded again gives the
same ledger. Texts are written as texts, so that none becomes a formula or a link. A unit that prints no code has none
here, because its code in the warehouse is provisional.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import psycopg
import xlsxwriter

from loader.answers.disclosed import Disclosed, PrintedForm, Selection, batches, identities, read_batch
from loader.answers.form_layout import Cell, Kind, Layout
from loader.answers.page_names import page_names
from loader.answers.page_table import text_of
from loader.warehouse.money import as_printed
from loader.warehouse.own_export import MARK
from loader.warehouse.unit_codes import filed_as, is_provisional
from schema.report_columns import chinese_name

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LINE = 15.0  # points of a line of text
PLACE = 0.97  # of a unit of width: 6.7 pixels, half a character of 宋体 in 10 points, of 7
TALLEST = 400.0  # points of a row; Excel takes 409
LONGEST = 32767  # characters that a cell of Excel takes
INDENT = 1.3  # units of width that a step of indentation takes
WIDEST = 42.0  # units of width of a column with the lines of a list
MONEY = "#,##0.00"
A3, A4 = 8, 9  # Excel's numbers of paper
WIDE = 10  # columns that fit on A4
PAGES_WIDE = 24  # columns that fit on one A3 beside the codes

# width of a column in characters by what it holds
_WIDTHS = {Kind.CODE: 9.0, Kind.LABEL: 30.0, Kind.FIGURE: 12.5, Kind.TEXT: 16.0, Kind.HEADING: 14.0}
_NARROW = 5.5  # 类, 款 and 项


def write_workbooks(
    connection: psycopg.Connection,
    wanted: Selection,
    folder: Path,
    wrote: Callable[[Path], None] = lambda path: None,
) -> int:
    """Write a workbook for every disclosure of a selection into a folder, ``YEAR/UNIT.xlsx``. Returns their number."""
    found = identities(connection, wanted)
    names = page_names(identities(connection, Selection(wanted.division_code)))
    for batch in batches(found):
        for disclosed in read_batch(connection, batch):
            path = (folder / names[disclosed.identity.disclosure_id]).with_suffix(".xlsx")
            path.parent.mkdir(parents=True, exist_ok=True)
            write_workbook(disclosed, path)
            wrote(path)
    return len(found)


def write_workbook(disclosed: Disclosed, path: Path) -> None:
    """Write the workbook of one disclosure. Sheets of goals that were not published are left out, because they are
    empty."""
    one = disclosed.identity
    title = f"{one.fiscal_year}年{one.title}公开表"
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": f"{one.unit_name}{title}"})
        styles = _Styles(book)
        contents = book.add_worksheet("目录")
        names = {}
        for printed in disclosed.forms:
            if printed.form.has_table or printed.is_published:
                name = chinese_name(printed.form)
                names[printed.form.form_id] = name
                _FormSheet(book.add_worksheet(name), styles, disclosed, printed).write()
        _write_contents(contents, styles, disclosed, title, names)


class _Styles:
    """The formats of a workbook. Each is created once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}
        self._of_cells: dict[tuple[Kind, str, int, bool], Format] = {}

    def get(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
            self._made[key] = self._book.add_format(base | properties)
        return self._made[key]

    def of(self, cell: Cell, is_marked: bool) -> Format:
        """The format of a cell of a form. ``is_marked``: another figure was published."""
        money = _number_format(cell.value) if cell.kind is Kind.FIGURE else ""
        key = cell.kind, money, cell.level, is_marked
        if key not in self._of_cells:
            properties: dict[str, object] = {"border": 1}
            if cell.kind is Kind.HEADING:
                properties |= {"align": "center", "bold": True, "text_wrap": True}
            elif cell.kind is Kind.FIGURE:
                properties |= {"align": "right", "num_format": money}
            elif cell.kind is Kind.CODE:
                properties |= {"align": "center", "num_format": "@"}
            else:
                properties |= {"align": "left", "text_wrap": True, "indent": _indent(cell)}
            if is_marked:
                properties |= {"bg_color": "#FFE9E5"}
            self._of_cells[key] = self.get(**properties)
        return self._of_cells[key]


def _indent(cell: Cell) -> int:
    """The indentation of a name in steps, 0 for the first level."""
    return min(max(cell.level - 1, 0), 5)


def _number_format(value: object) -> str:
    """Two decimals, or as many as the figure has, so that the stored and the shown figure are the same."""
    if isinstance(value, Decimal):
        return "#,##0." + "0" * -int(as_printed(value).as_tuple().exponent)
    return MONEY


class _FormSheet:
    """One form on its sheet: title, unit and money unit, header and rows, note. Sheets of goals stand one below
    another."""

    def __init__(self, sheet: Worksheet, styles: _Styles, disclosed: Disclosed, printed: PrintedForm) -> None:
        self._sheet = sheet
        self._styles = styles
        self._one = disclosed.identity
        self._printed = printed

    def write(self) -> None:
        top, breaks = 0, []
        for layout in self._printed.layouts:
            if top:
                breaks.append(top)
            top = self._write_layout(layout, top)
        self._sheet.set_h_pagebreaks(breaks)
        self._set_up_printing()

    def _write_layout(self, layout: Layout, top: int) -> int:
        """Write a layout from a row on. Returns the number of the row after it."""
        form, last = self._printed.form, layout.width - 1
        widths = self._widths(layout)
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        heading = self._styles.get(align="center", bold=True, font_size=16, text_wrap=True)
        self._put(top, 0, form.title, heading, 1, layout.width)
        self._sheet.set_row(top, self._height(form.title, sum(widths), 1.6, 26.0))
        one = self._one
        has_code = form.has_table and not is_provisional(one.unit_code)
        unit = f"{one.unit_code}_{one.unit_name}" if has_code else one.unit_name
        owner = "单位" if has_code else filed_as(one.unit_code)  # without a code, only this word tells which it is
        label = owner if form.has_table else "填报单位"
        half = max(1, layout.width // 2)
        self._put(top + 1, 0, f"{label}：{unit}", self._styles.get(align="left"), 1, half)
        if last >= half:
            money_unit = f"金额单位：{self._printed.money_unit}"
            self._put(top + 1, half, money_unit, self._styles.get(align="right"), 1, layout.width - half)
        start = top + 2
        heights: dict[int, float] = {}
        for cell in layout.cells:
            found = self._printed.judged.get(cell.key) if cell.key else None
            is_marked = found is not None and found.status == "differs"
            style = self._styles.of(cell, is_marked)
            row = start + cell.row
            is_ours = cell.kind is Kind.CODE and is_provisional(str(cell.value or "0"))
            self._put(row, cell.column, None if is_ours else cell.value, style, cell.row_span, cell.column_span)
            if is_marked and found is not None:
                note = f"公开数：{text_of(found.filed) or '空白'}\n还原数：{text_of(found.rebuilt) or '空白'}"
                self._sheet.write_comment(row, cell.column, note)
            if cell.kind is not Kind.FIGURE and cell.value is not None:
                indent = 0 if cell.kind is Kind.CODE else _indent(cell)
                width = sum(widths[cell.column : cell.column + cell.column_span]) - INDENT * indent
                height = self._height(str(cell.value), width) / cell.row_span
                for at in range(row, row + cell.row_span):
                    heights[at] = max(heights.get(at, LINE + 3), height)
        for row, height in heights.items():
            self._sheet.set_row(row, height)
        bottom = start + max((cell.row + cell.row_span for cell in layout.cells), default=0)
        if layout.header_rows:
            self._sheet.freeze_panes(start + layout.header_rows, self._leading(layout))
            self._sheet.repeat_rows(0, start + layout.header_rows - 1)
        if form.has_table and not form.is_kept_only and self._is_empty(layout):
            self._put(bottom, 0, "注：如本表格为空，则表示本年度未安排此项目。", self._styles.get(), 1, layout.width)
            bottom += 1
        self._note_unplaced(top)
        return bottom + 1

    def _put(
        self, row: int, column: int, value: object, style: Format, row_span: int = 1, column_span: int = 1
    ) -> None:
        if row_span > 1 or column_span > 1:
            self._sheet.merge_range(row, column, row + row_span - 1, column + column_span - 1, "", style)
        if isinstance(value, Decimal):
            self._sheet.write_number(row, column, float(value), style)  # 15 digits are exact in a sheet
        elif value is None or value == "":
            self._sheet.write_blank(row, column, None, style)
        else:
            self._sheet.write_string(row, column, str(value)[:LONGEST], style)

    def _is_empty(self, layout: Layout) -> bool:
        return not any(cell.kind is Kind.FIGURE and cell.value for cell in layout.cells)

    def _note_unplaced(self, row: int) -> None:
        """Published figures of cells that the rebuilt form lacks, as a note on the title."""
        lines = [
            f"{found.row_label or found.row_key} {found.column_label or found.column_key}：{text_of(found.filed)}"
            for found in self._printed.unplaced
            if found.status == "differs" and found.filed is not None
        ]
        if lines and row == 0:
            self._sheet.write_comment(row, 0, "公开表中另有：\n" + "\n".join(lines)[:30000])

    def _widths(self, layout: Layout) -> list[float]:
        """The width of each column, by the content of the rows beneath its heading."""
        if not layout.header_rows:
            return [16.0] + [15.0] * (layout.width - 1)
        widths = [_WIDTHS[Kind.FIGURE]] * layout.width
        for cell in layout.cells:
            is_filler = cell.kind is Kind.LABEL and cell.value is None  # beneath a list that is shorter than the others
            if cell.kind is not Kind.HEADING and not is_filler:
                widths[cell.column] = _WIDTHS[cell.kind]
        for cell in layout.cells:
            if cell.kind is Kind.LABEL and self._printed.form.lists:  # nearly every line of a list fits in one row
                needed = _places(str(cell.value or "")) * PLACE + INDENT * _indent(cell) + 1
                widths[cell.column] = max(widths[cell.column], min(needed, WIDEST))
            if cell.kind is Kind.HEADING and cell.value in ("类", "款", "项"):
                widths[cell.column] = _NARROW
        return widths

    def _leading(self, layout: Layout) -> int:
        """The number of leading columns with codes and names."""
        figures = [cell.column for cell in layout.cells if cell.kind is Kind.FIGURE]
        return min(figures, default=0) if not self._printed.form.lists else 0

    @staticmethod
    def _height(text: str, width: float, size: float = 1.0, least: float = LINE + 3) -> float:
        """The height in points of a row that shows a text completely."""
        room = max(width - 0.7, 1) / (PLACE * size)  # the sides of a cell stay free
        lines = sum(max(1, math.ceil(_places(line) / room)) for line in text.split("\n"))
        return min(TALLEST, max(least, lines * LINE * size + 3))

    def _set_up_printing(self) -> None:
        width = max((layout.width for layout in self._printed.layouts), default=1)
        leading = max((self._leading(layout) for layout in self._printed.layouts), default=0)
        self._sheet.set_landscape()
        self._sheet.set_paper(A4 if width <= WIDE else A3)
        self._sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self._sheet.set_footer("&C第 &P 页，共 &N 页")
        self._sheet.center_horizontally()
        self._sheet.fit_to_pages(math.ceil((width - leading) / PAGES_WIDE), 0)
        if leading and width > PAGES_WIDE:
            self._sheet.repeat_columns(0, leading - 1)


@lru_cache(maxsize=10_000)  # names are repeated in every form
def _places(text: str) -> int:
    """The places of a text in a sheet: two for a Chinese character."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _write_contents(sheet: Worksheet, styles: _Styles, disclosed: Disclosed, title: str, names: dict[str, str]) -> None:
    one = disclosed.identity
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 78)
    sheet.set_column(2, 2, 26)
    sheet.merge_range(0, 0, 0, 2, "", styles.get(align="center", bold=True, font_size=18))
    sheet.write_string(0, 0, title, styles.get(align="center", bold=True, font_size=18))
    sheet.set_row(0, 30)
    if not is_provisional(one.unit_code):
        sheet.write_string(1, 0, f"单位编码：{one.unit_code}", styles.get())
    sheet.write_string(2, 0, f"单位名称：{one.unit_name}", styles.get())
    explanation = "各表照公开原样。" if one.is_kept_only else "金额为还原数；公开数不同的单元格附有批注。"
    sheet.write_string(3, 0, f"本工作簿{MARK}，{explanation}", styles.get(font_color="#57606A"))
    link = styles.get(font_color="#0B5CAD", underline=1)
    for row, (printed, state) in enumerate(_states(disclosed), start=4):
        sheet.write_string(row, 0, str(printed.form.report_no or ""), styles.get(align="center"))
        if printed.form.form_id in names:
            target = f"internal:'{names[printed.form.form_id]}'!A1"
            sheet.write_url(row, 1, target, link, printed.form.title)
        else:
            sheet.write_string(row, 1, printed.form.title, styles.get())
        sheet.write_string(row, 2, state, styles.get(font_color="#B42318" if "不符" in state else "#57606A"))
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _states(disclosed: Disclosed) -> Iterator[tuple[PrintedForm, str]]:
    for printed in disclosed.forms:
        if printed.form.is_kept_only:
            yield printed, "照公开原样，未还原"
        elif not printed.is_published:
            yield printed, "未公开，由其他报表推算" if printed.form.has_table else "未公开"
        elif printed.differences:
            yield printed, f"与公开数不符 {printed.differences} 处"
        else:
            yield printed, "与公开数一致"
