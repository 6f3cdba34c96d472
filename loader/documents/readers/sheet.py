"""Books of sheets while they are read: cells collected by row and column, merged areas settled, what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from loader.documents.grid import Cell, Document, DocumentError, Grid, Row, shared_cell
from loader.documents.wording import figure, join_lines

MAX_CELLS = 500_000  # of a document: three hundred units with all their forms
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_SPAN = 32_767
_MAX_MERGED_ROWS = 1_000_000  # rows of all merged areas of a sheet


@dataclass(slots=True)
class Sheet:
    """A sheet while it is read: row number (from 1) → column (from 0) → cell."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    uncalculated: int = 0  # formulas without a stored result
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[range] = field(default_factory=list)
    _merged_rows: int = 0

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Let the cell at the top left span an area (ends included); what the area covers is not printed."""
        self._merged_rows += bottom - top + 1
        if self._merged_rows > _MAX_MERGED_ROWS:
            raise DocumentError(f"sheet {self.name!r}: merged areas of more than {_MAX_MERGED_ROWS:,} rows")
        first = self.rows.get(top, {}).get(left)
        area = range(left, right + 1)
        for number in range(top, bottom + 1):
            cells = self.rows.get(number)
            if cells:
                # most areas are a column or two, some are whole rows
                for column in area if len(area) < len(cells) else [c for c in cells if c in area]:
                    cells.pop(column, None)
        if first is not None:
            spans = min(right - left + 1, MAX_SPAN), min(bottom - top + 1, MAX_SPAN)
            self.rows[top][left] = shared_cell(first.text, left, *spans, first.raw)

    def leave_out_hidden(self) -> list[str]:
        """Leave out hidden rows and columns that hold no figures, such as the field names of the program that wrote the
        sheet; what they have in common with visible ones stays. Those with figures are part of the sums: they stay."""
        if not (self.hidden_rows or self.hidden_columns):
            return []
        by_column: dict[int, list[str]] = {}
        for cells in self.rows.values():
            for column, cell in cells.items():
                by_column.setdefault(column, []).append(cell.text)
        hidden_columns = {c for c in by_column if any(c in hidden for hidden in self.hidden_columns)}
        columns = {c for c in hidden_columns if not any(map(_is_amount, by_column[c]))}
        hidden_rows = {n for n in self.hidden_rows if self.rows.get(n)}
        rows = {n for n in hidden_rows if not any(figure(cell.text) for cell in self.rows[n].values())}
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
        """The sheet as every reader gives it: rows and cells in order, without blanks."""
        rows = []
        for number, cells in sorted(self.rows.items()):
            columns = sorted(cells)
            if columns:
                if not (1 <= number <= MAX_ROWS and columns[0] >= 0 and columns[-1] < MAX_COLUMNS):
                    raise DocumentError(f"sheet {self.name!r}: row {number} is beyond the end of a sheet")
                rows.append(Row(number, tuple([cells[column] for column in columns])))
        return Grid(self.name, tuple(rows))


@dataclass(slots=True)
class Book:
    """A document of sheets while it is read."""

    file_name: str
    file_format: str
    grids: list[Grid] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    cells: int = 0

    def add(self, sheet: Sheet) -> None:
        """Take a sheet that is read, with a remark on what cannot be seen on paper."""
        remarks = sheet.leave_out_hidden()
        self.cells += sum(map(len, sheet.rows.values()))
        check_size(self.file_name, self.cells)
        self.grids.append(sheet.grid())
        if sheet.uncalculated:
            self.remarks.append(
                f"sheet {sheet.name!r}: {sheet.uncalculated} formulas without a stored result read as blank"
            )
        self.remarks += remarks

    def leave_out(self, name: str) -> None:
        """Note a hidden sheet."""
        self.remarks.append(f"the hidden sheet {name!r} was left out")

    def document(self) -> Document:
        """The whole book; DocumentError where it shows no sheet."""
        if not self.grids:
            raise DocumentError(f"{self.file_name}: a workbook without visible sheets, expected a disclosure")
        return Document(self.file_name, self.file_format, tuple(self.grids), tuple(self.remarks))


def _is_amount(text: str) -> bool:
    """Whether a figure is an amount of money and not a code, a number of a row, or a zero."""
    found = figure(text)
    return found is not None and found.decimals > 0 and found.value != 0


def as_line(text: str) -> str:
    """The text of a cell as one line."""
    text = text.strip()
    return text if text.isprintable() else join_lines([text])


def check_size(file_name: str, count: int) -> None:
    """DocumentError where a document has more cells than any disclosure."""
    if count > MAX_CELLS:
        raise DocumentError(f"{file_name}: more than {MAX_CELLS:,} cells, expected a disclosure")
