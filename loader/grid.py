"""What every reader gives: grids of cells with the text as printed and its place in the source."""

from __future__ import annotations

from dataclasses import dataclass, field


class DocumentError(Exception):
    """A document cannot be loaded; the message names the file, the place, what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A non-blank cell. ``column`` counts from 0; spans are 1 where the source has none."""

    text: str
    column: int
    column_span: int = 1
    row_span: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its place in the source (line or row number, from 1) and its non-blank cells from left to right.

    ``in_table`` is false for a paragraph between tables; sheets have table rows only.
    """

    number: int
    cells: tuple[Cell, ...]
    in_table: bool = True

    @property
    def text(self) -> str:
        """All cells in reading order."""
        return " ".join(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """A stretch of rows whose columns line up: a sheet, a page or a whole text. ``place`` names it to people."""

    place: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read: its file name, format and grids, and what the reader had to leave or repair."""

    file_name: str
    file_format: str
    grids: tuple[Grid, ...]
    remarks: tuple[str, ...] = field(default=())
