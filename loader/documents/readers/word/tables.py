"""Tables of Word: their rows, their merged cells, and those that only arrange other tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from lxml.etree import _Element as Element

from loader.documents.grid import Cell, DocumentError
from loader.documents.readers.attribute import whole
from loader.documents.readers.cell_text import text_of
from loader.documents.readers.sheet import MAX_COLUMNS, MAX_SPAN
from loader.documents.readers.slivers import edges_without_slivers
from loader.documents.readers.spans import check_area
from loader.documents.readers.word.elements import (
    BLOCKS,
    CELL,
    CHUNK,
    ROW,
    TBL,
    TC,
    WRAPPERS,
    P,
    children,
)
from loader.documents.readers.word.look import VAL, W, is_on
from loader.documents.readers.word.texts import WordTexts

_TRPR, _TCPR = W + "trPr", W + "tcPr"
_SLIVER = 300  # twentieths of a point; a column so narrow and without text is none
_FLAT = 40  # twentieths of a point; nobody sees a row so low


@dataclass(slots=True)
class _Draft:
    """A cell while its table is read; a merged cell may still grow."""

    column: int
    column_span: int
    text: str
    row_span: int = 1


@dataclass(slots=True)
class _TableCell:
    """A cell of the document: its element and its properties."""

    element: Element
    span: int = 1
    goes_on_below: bool = False  # goes on the cell above
    goes_on_right: bool = False  # goes on the cell before
    is_deleted: bool = False


@dataclass(slots=True)
class TableRow:
    """A row of the document, and whether it only arranges the tables in its cells."""

    before: int
    cells: list[_TableCell]
    is_around: bool = False


class WordTables:
    """Reads the tables of a document from top to bottom."""

    def __init__(self, file_name: str, texts: WordTexts) -> None:
        self.hidden_rows = 0
        self._file_name = file_name
        self._texts = texts
        self._area = 0  # columns that the cells of all rows cover

    def parts_of(self, table: Element) -> Iterator[tuple[bool, list[TableRow]]]:
        """The rows that belong together, and whether they are rows of data. Others only arrange what their cells
        hold."""
        # most tables hold no other, which is quickly seen for all their cells
        may_nest = any(inner is not table for inner in islice(table.iter(TBL, CHUNK), 2))
        rows = [row for element in children(table, ROW) if (row := self._row(element, may_nest)) is not None]
        has_inner = any(row.is_around for row in rows)
        for is_data, group in groupby(rows, lambda r: not has_inner or (not r.is_around and self._is_filled(r))):
            yield is_data, list(group)

    def cells_of(self, rows: list[TableRow], widths: list[int], number: int) -> list[tuple[Cell, ...]]:
        """The cells of each row, merged as the document says. ``number``: of the row before the first."""
        drafts: list[list[_Draft]] = []
        above: dict[int, _Draft] = {}  # column of the grid → the cell that a vertical merge would continue
        for row in rows:
            drafts.append([])
            end = row.before
            for cell in row.cells:
                start, end = end, end + cell.span
                self._area += cell.span
                if end > MAX_COLUMNS:
                    raise DocumentError(
                        f"{self._file_name}: row {number + len(drafts)} has more than {MAX_COLUMNS:,} columns"
                    )
                top = None
                if cell.goes_on_below:
                    top = above.get(max(range(start, end), key=lambda c: widths[c] if c < len(widths) else 0))
                if top is not None:
                    top.row_span = min(top.row_span + 1, MAX_SPAN)
                elif cell.goes_on_right and drafts[-1]:
                    drafts[-1][-1].column_span += end - start
                else:
                    draft = _Draft(start, end - start, self._cell_text(cell))
                    drafts[-1].append(draft)
                    for column in range(start, end):
                        above[column] = draft
            check_area(self._file_name, self._area)
        _drop_slivers(drafts, widths)
        return [tuple([Cell(d.text, d.column, d.column_span, d.row_span) for d in row if d.text]) for row in drafts]

    def _row(self, element: Element, may_nest: bool) -> TableRow | None:
        """A row; None if it is invisible. ``may_nest``: there may be tables in its cells."""
        before = 0
        cells: list[_TableCell] = []
        for child in element:
            if child.tag == TC:
                cells.append(self._cell(child))
            elif child.tag == _TRPR:
                for entry in child:
                    name = entry.tag
                    if name == W + "del":
                        return None
                    is_flat = name == W + "trHeight" and entry.get(W + "hRule") == "exact"
                    if (name == W + "hidden" and is_on(entry)) or (
                        is_flat and (whole(entry.get(VAL)) or _FLAT) < _FLAT
                    ):
                        self.hidden_rows += 1
                        return None
                    if name == W + "gridBefore":
                        before = min(whole(entry.get(VAL)) or 0, MAX_COLUMNS)
            elif child.tag in WRAPPERS:
                cells += [self._cell(cell) for cell in children(child, CELL)]
        return TableRow(before, cells, may_nest and any(map(self._holds_table, cells)))

    def _cell(self, element: Element) -> _TableCell:
        cell = _TableCell(element)
        properties = next(iter(element), None)
        for entry in properties if properties is not None and properties.tag == _TCPR else ():
            name = entry.tag[len(W) :]
            if name == "gridSpan":
                cell.span = min(whole(entry.get(VAL)) or 1, MAX_COLUMNS)
            elif name == "vMerge":
                cell.goes_on_below = entry.get(VAL, "continue") == "continue"
            elif name == "hMerge":
                cell.goes_on_right = entry.get(VAL, "continue") == "continue"
            elif name == "cellDel":
                cell.is_deleted = True
        return cell

    def _holds_table(self, cell: _TableCell) -> bool:
        """Whether a cell contains more than a text, perhaps in a frame."""
        return any(block.tag != P and self._is_table(block) for block in children(cell.element, BLOCKS))

    def _is_table(self, block: Element) -> bool:
        """Whether this is a real table, not a frame around a text."""
        if block.tag == CHUNK:
            return True
        cells = [cell for row in children(block, ROW) for cell in children(row, CELL)]
        return len(cells) > 1 or any(self._holds_table(_TableCell(cell)) for cell in cells)

    def _is_filled(self, row: TableRow) -> bool:
        """Whether a row has several texts, like rows of data beside a nested table."""
        return sum(bool(self._cell_text(cell)) for cell in row.cells) > 1

    def _cell_text(self, cell: _TableCell) -> str:
        if cell.is_deleted:
            return ""
        lines = self._lines(cell.element)
        if not lines:
            return ""
        if len(lines) == 1 and lines[0].isprintable():
            return lines[0].strip()
        return text_of(lines)

    def _lines(self, cell: Element) -> list[str]:
        """The lines of a cell, also those in frames and boxes."""
        lines: list[str] = []
        for child in children(cell, BLOCKS):
            if child.tag == P:
                text, boxes = self._texts.of(child)
                if text:
                    lines.append(text)
                for box in boxes:
                    lines += self._lines(box)
            else:
                for inner in (inner for row in children(child, ROW) for inner in children(row, CELL)):
                    lines += self._lines(inner)
        return lines


def widths_of(table: Element) -> list[int]:
    """The widths of the columns of a table, in twentieths of a point."""
    columns = table.iterfind(f"{W}tblGrid/{W}gridCol")
    return [whole(column.get(W + "w")) or 0 for column in columns]


def _drop_slivers(drafts: list[list[_Draft]], widths: list[int]) -> None:
    """Cells below one another may end at slightly different positions; the sliver between them is no column."""
    spans = {(d.column, d.column + d.column_span) for row in drafts for d in row if d.text}
    reach = max((d.column + d.column_span for row in drafts for d in row), default=0)
    edges = edges_without_slivers([*widths, *[0] * (reach - len(widths))], spans, _SLIVER)
    if edges[-1] == len(edges) - 1:
        return
    for draft in (draft for row in drafts for draft in row):
        start, end = edges[draft.column], edges[draft.column + draft.column_span]
        draft.column, draft.column_span = start, max(1, end - start)
