"""Books of sheets while they are read: cells collected by row and column, merged areas settled, what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from loader.grid import Cell, Document, DocumentError, Grid, Row

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
    hidden_rows: int = 0  # with text in them
    hidden_columns: list[range] = field(default_factory=list)
    _merged_rows: int = 0

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Let the cell at the top left span an area (ends included); what the area covers is not printed."""
        self._merged_rows += bottom - top + 1
        if self._merged_rows > _MAX_MERGED_ROWS:
            raise DocumentError(f"sheet {self.name!r}: merged areas of more than {_MAX_MERGED_ROWS:,} rows")
        first = self.rows.get(top, {}).get(left)
        for number in range(top, bottom + 1):
            cells = self.rows.get(number)
            if cells:
                for column in [c for c in cells if left <= c <= right]:
                    del cells[column]
        if first is not None:
            spans = min(right - left + 1, MAX_SPAN), min(bottom - top + 1, MAX_SPAN)
            self.rows[top][left] = Cell(first.text, left, *spans, first.raw)

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
        self.cells += sum(map(len, sheet.rows.values()))
        check_size(self.file_name, self.cells)
        self.grids.append(sheet.grid())
        if sheet.uncalculated:
            self.remarks.append(
                f"sheet {sheet.name!r}: {sheet.uncalculated} formulas without a stored result read as blank"
            )
        columns = {column for cells in sheet.rows.values() for column in cells} if sheet.hidden_columns else set()
        hidden_columns = sum(any(column in hidden for hidden in sheet.hidden_columns) for column in columns)
        if sheet.hidden_rows or hidden_columns:
            self.remarks.append(
                f"sheet {sheet.name!r}: {sheet.hidden_rows} hidden rows and {hidden_columns} hidden columns"
                " were read like the others"
            )

    def leave_out(self, name: str) -> None:
        """Note a hidden sheet."""
        self.remarks.append(f"the hidden sheet {name!r} was left out")

    def document(self) -> Document:
        """The whole book; DocumentError where it shows no sheet."""
        if not self.grids:
            raise DocumentError(f"{self.file_name}: a workbook without visible sheets, expected a disclosure")
        return Document(self.file_name, self.file_format, tuple(self.grids), tuple(self.remarks))


def check_size(file_name: str, count: int) -> None:
    """DocumentError where a document has more cells than any disclosure."""
    if count > MAX_CELLS:
        raise DocumentError(f"{file_name}: more than {MAX_CELLS:,} cells, expected a disclosure")
