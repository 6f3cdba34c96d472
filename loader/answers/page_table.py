"""The tables of a page: official forms as HTML, each figure with its source and reference values.

They are built from strings, not by the template, because a page has thousands of cells. Some attributes are left out to
keep pages small. A row has its place in the document (``data-r``), and its sheet only if the form is on several
(``data-p``). A cell has its column in the document only if that is not its place in the form (``data-c``). Attribute
values are quoted only if necessary. Codes have no class.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from html import escape

from loader.answers.disclosed import PrintedForm
from loader.answers.form_layout import Cell, Kind, Layout
from loader.answers.reference_figures import ReferenceFigures, without_unit
from loader.warehouse.money import as_printed

_CLASSES = {Kind.HEADING: "", Kind.FIGURE: "n", Kind.CODE: "", Kind.TEXT: "t", Kind.LABEL: "l"}


def text_of(value: object) -> str:
    """A value as text: figures with at least two decimals and thousands separators."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{as_printed(value):,f}"
    return str(value)


@dataclass(frozen=True, slots=True)
class TableWriter:
    """Writes the layouts of one form of a unit."""

    printed: PrintedForm
    unit_code: str
    before: ReferenceFigures
    like: ReferenceFigures

    def table(self, layout: Layout) -> str:
        """A table element: a head and rows, or a sheet without a head."""
        rows = list(layout.rows())
        head = "".join(self._row(row) for row in rows[: layout.header_rows])
        body = "".join(self._row(row) for row in rows[layout.header_rows :])
        if head:
            return f'<table><thead>{head}</thead><tbody class="rows">{body}</tbody></table>'
        return f'<table class="sheet"><tbody class="rows whole">{body}</tbody></table>'

    def _row(self, cells: list[Cell]) -> str:
        sources = self.printed.sources
        key = next((cell.key for cell in cells if cell.key in sources), None)
        if key is None:
            return "<tr>" + "".join([self._cell(cell, None) for cell in cells])
        row, sheet = sources[key][0], self.printed.sheets.get(key[0])
        on = f' data-p="{escape(sheet)}"' if sheet is not None else ""
        return f"<tr data-r={row}{on}>" + "".join([self._cell(cell, row) for cell in cells])

    def _cell(self, cell: Cell, row: int | None) -> str:
        spans = ""
        if cell.row_span > 1:
            spans = f" rowspan={cell.row_span}"
        if cell.column_span > 1:
            spans += f" colspan={cell.column_span}"
        if cell.kind is Kind.HEADING:
            return f"<th{spans}>{escape(text_of(cell.value))}"
        found = self.printed.judged.get(cell.key) if cell.key else None
        if found is None and cell.value is None:
            return f"<td{spans}>"
        classes = _CLASSES[cell.kind]
        if cell.kind is Kind.LABEL:
            classes = f"l i{min(cell.level, 5)}" if cell.level > 1 else "l"
        if found is None:
            content = escape(text_of(cell.value))
        else:
            classes += " d" if found.status == "differs" else " r"
            content = f"{escape(text_of(found.filed)) or '空白'}<i>{escape(text_of(found.rebuilt))}</i>"
        if cell.kind is not Kind.FIGURE and found is None:
            return f"<td{_class(classes)}{spans}>{content}"
        return f"<td{_class(classes)}{spans}{self._source(cell, row)}{self._reference_figures(cell)}>{content}"

    def _source(self, cell: Cell, row: int | None) -> str:
        source = self.printed.sources.get(cell.key) if cell.key else None
        if source is None:
            return " data-c=0" if row is not None else ""
        if source[0] != row:
            return f" data-s={source[0]} data-c={source[1]}"
        form = self.printed.form
        counts = form.has_table and not form.is_kept_only  # the script counts the cells of a row
        is_own_column = source[1] == cell.column + 1 and counts
        return "" if is_own_column else f" data-c={source[1]}"

    def _reference_figures(self, cell: Cell) -> str:
        if cell.kind is not Kind.FIGURE or cell.key is None:
            return ""
        form_id = self.printed.form.form_id
        figure = form_id, without_unit(form_id, cell.key[0], self.unit_code), cell.key[1]
        before, like = self.before.figures.get(figure), self.like.figures.get(figure)
        text = "" if before is None else f" data-b={before:,.2f}"
        return text if like is None else f"{text} data-m={like:,.2f}"


def _class(names: str) -> str:
    names = names.strip()
    if not names:
        return ""
    return f' class="{names}"' if " " in names else f" class={names}"
