"""Workbooks while they are read: cells by row and column, merged areas, and remarks on what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, pairwise

from loader.documents.grid import TEXT_OF, Cell, Document, DocumentError, Grid, Row, shared_cell
from loader.documents.wording import figure, join_lines

MAX_CHARACTERS = 50_000_000  # of all cells of a document: a hundred a cell
MAX_CELLS = 500_000  # of a document: three hundred units with all their forms
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_SPAN = 32_767
_NAMED = 5  # cells that a remark names
_MAX_MERGED_ROWS = 1_000_000  # rows of all merged areas of a sheet


@dataclass(slots=True)
class Sheet:
    """A sheet while it is read: row number (from 1) → column (from 0) → cell."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    uncalculated: int = 0  # formulas without a stored result
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[range] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)  # texts that nobody sees, by their places
    twice: list[str] = field(default_factory=list)  # cells that are given twice
    covered: list[str] = field(default_factory=list)  # figures below merged areas that show something else
    has_drawing: bool = False  # pictures or shapes upon its cells
    unsettled: list[str] = field(default_factory=list)  # cells that a condition may hide or print in another way
    _merged_rows: int = 0

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Extend the cell at the top left over an area (ends included); what the area covers is not printed."""
        self._merged_rows += bottom - top + 1
        if self._merged_rows > _MAX_MERGED_ROWS:
            raise DocumentError(f"sheet {self.name!r}: merged areas of more than {_MAX_MERGED_ROWS:,} rows")
        rows = self.rows
        first = rows.get(top, {}).get(left)
        across = right - left + 1
        for number in range(top, bottom + 1):
            cells = rows.get(number)
            if not cells:
                continue
            if across == 1:
                self._cover(cells.pop(left, None), first, number)
            elif first is None or number > top or len(cells) > 1:
                # most areas are a column or two, some are whole rows
                area = range(left, right + 1)
                for column in area if across < len(cells) else [c for c in cells if c in area]:
                    self._cover(cells.pop(column, None), first, number)
        if first is not None:
            rows[top][left] = shared_cell(
                first.text, left, min(across, MAX_SPAN), min(bottom - top + 1, MAX_SPAN), first.raw
            )

    def _cover(self, cell: Cell | None, first: Cell | None, number: int) -> None:
        """Note a figure that a merged area covers, unless the area shows the same."""
        if cell is None or cell is first or (first is not None and cell.text == first.text):
            return
        if (found := figure(cell.text)) and found.value:
            self.covered.append(f"{cell.text!r} in row {number}, column {cell.column + 1}")

    def leave_out_hidden(self) -> list[str]:
        """Leave out hidden rows and columns without figures, such as the field names of the program that wrote the
        sheet; cells that they share with visible ones stay. Those with figures may be part of the sums: they stay."""
        if not (self.hidden_rows or self.hidden_columns):
            return []
        by_column: dict[int, list[str]] = {}
        for _, cells in sorted(self.rows.items()):
            for column, cell in cells.items():
                by_column.setdefault(column, []).append(cell.text)
        hidden_columns = {c for c in by_column if any(c in hidden for hidden in self.hidden_columns)}
        columns = {c for c in hidden_columns if not _has_amounts(by_column[c])}
        hidden_rows = {n for n in self.hidden_rows if self.rows.get(n)}
        rows = {n for n in hidden_rows if not _has_amounts([c.text for _, c in sorted(self.rows[n].items())])}
        for number in sorted(self.rows):
            cells = self.rows[number]
            for column in sorted(columns & cells.keys()):
                cell = cells.pop(column)
                visible = next((c for c in range(column, column + cell.column_span) if c not in columns), None)
                if visible is not None:
                    cells[visible] = cell._replace(column=visible, column_span=column + cell.column_span - visible)
        for number in sorted(rows):
            for column, cell in self.rows.pop(number).items():
                visible = next((n for n in range(number, number + cell.row_span) if n not in rows), None)
                if visible is not None:
                    self.rows.setdefault(visible, {})[column] = cell._replace(row_span=number + cell.row_span - visible)
        remarks = []
        if rows or columns:
            remarks.append(f"{len(rows)} hidden rows and {len(columns)} hidden columns without figures were left out")
        if hidden_rows - rows or hidden_columns - columns:
            remarks.append(
                f"{len(hidden_rows - rows)} hidden rows and {len(hidden_columns - columns)} hidden columns with figures"
                " were read like the others"
            )
        return [f"sheet {self.name!r}: {remark}" for remark in remarks]

    def grid(self) -> Grid:
        """The sheet as a grid: rows and cells in order, without blanks."""
        rows = []
        hidden = self.hidden_rows
        for number, cells in sorted(self.rows.items()):
            columns = sorted(cells)
            if columns:
                if not (1 <= number <= MAX_ROWS and columns[0] >= 0 and columns[-1] < MAX_COLUMNS):
                    raise DocumentError(f"sheet {self.name!r}: row {number} is beyond the end of a sheet")
                in_order = tuple([cells[column] for column in columns])
                rows.append(Row(number, in_order, True, number in hidden) if hidden else Row(number, in_order))
        return Grid(self.name, tuple(rows))


@dataclass(slots=True)
class Book:
    """A document of sheets while it is read."""

    file_name: str
    file_format: str
    grids: list[Grid] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    cells: int = 0
    characters: int = 0

    def add(self, sheet: Sheet) -> None:
        """Add a sheet that was read, with a remark on what is invisible on paper."""
        remarks = sheet.leave_out_hidden()
        self.cells += sum(map(len, sheet.rows.values()))
        check_size(self.file_name, self.cells)
        self.characters += sum(map(len, map(TEXT_OF, chain.from_iterable(map(dict.values, sheet.rows.values())))))
        if self.characters > MAX_CHARACTERS:
            raise DocumentError(f"{self.file_name}: more than {MAX_CHARACTERS:,} characters, expected a disclosure")
        self.grids.append(sheet.grid())
        if sheet.uncalculated:
            self.remarks.append(
                f"sheet {sheet.name!r}: {sheet.uncalculated} formulas without a stored result read as blank"
            )
        if sheet.unseen:
            self.remarks.append(
                f"sheet {sheet.name!r}: {len(sheet.unseen)} texts that are struck out, tiny, of the colour of"
                f" their ground or hidden by their format were left out: {_some(sheet.unseen)}"
            )
        if sheet.unsettled:
            self.remarks.append(
                f"sheet {sheet.name!r}: {len(sheet.unsettled)} cells whose conditional format may hide them or print"
                f" them in another way were read as if they had none: {_some(sheet.unsettled)}"
            )
        if sheet.covered:
            self.remarks.append(
                f"sheet {sheet.name!r}: {len(sheet.covered)} figures below merged cells were left out:"
                f" {_some(sheet.covered)}"
            )
        if sheet.twice:
            self.remarks.append(f"sheet {sheet.name!r}: cells that are given twice: {_some(sheet.twice)}")
        self.remarks += remarks

    def leave_out(self, name: str) -> None:
        """Note a hidden sheet."""
        self.remarks.append(f"the hidden sheet {name!r} was left out")

    def document(self) -> Document:
        """The whole book; DocumentError if it shows no sheet."""
        if not self.grids:
            raise DocumentError(f"{self.file_name}: a workbook without visible sheets, expected a disclosure")
        return Document(self.file_name, self.file_format, tuple(self.grids), tuple(self.remarks))


@contextmanager
def naming(file_name: str, part: str) -> Iterator[None]:
    """Turn any error that a damaged part of a document causes into a DocumentError that names the part."""
    try:
        yield
    except (DocumentError, MemoryError):
        raise
    except Exception as error:
        raise DocumentError(f"{file_name}: {part} is damaged") from error


def _some(entries: list[str]) -> str:
    return ", ".join(entries[:_NAMED]) + (", …" if len(entries) > _NAMED else "")


def _has_amounts(texts: Iterable[str]) -> bool:
    """Whether a row or column contains amounts of money, not only zeros, consecutive codes or record numbers."""
    found = [(text, shown) for text in texts if (shown := figure(text)) and shown.value]
    if any(shown.decimals or "," in text for text, shown in found):
        return True
    values = [shown.value for _, shown in found]
    steps = {after - before for before, after in pairwise(values)}
    in_order = bool(values) and min(values) >= 100 and all(step > 0 for step in steps)
    return bool(values) and steps != {1} and not in_order


def as_line(text: str) -> str:
    """The text of a cell as one line."""
    text = text.strip()
    return text if text.isprintable() else join_lines([text])


def check_size(file_name: str, count: int) -> None:
    """DocumentError if a document has more cells than any disclosure."""
    if count > MAX_CELLS:
        raise DocumentError(f"{file_name}: more than {MAX_CELLS:,} cells, expected a disclosure")
