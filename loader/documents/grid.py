"""The result of every reader: grids of cells, with the printed text and its position in the source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from operator import itemgetter
from typing import NamedTuple


class DocumentError(Exception):
    """A document cannot be loaded; the message names the file, the place, what was found and what was expected."""


class Cell(NamedTuple):
    """A non-blank cell with its text as printed. ``column`` counts from 0. Spans are 1 if the source states none.

    ``raw`` is the stored value if it differs from the printed text: 896.2800000000001 printed as 896.28, 1001 as
    001001.
    """

    text: str
    column: int
    column_span: int = 1
    row_span: int = 1
    raw: str | None = None


TEXT_OF = itemgetter(Cell._fields.index("text"))  # of a cell, faster than its attribute
_cell_of = partial(tuple.__new__, Cell)  # all that ``Cell`` does once its defaults are filled in, at half the cost


def plain_cells(texts: Iterable[str]) -> tuple[Cell, ...]:
    """The non-blank cells of a row that has only texts, one per column."""
    return tuple([_cell_of((text, column, 1, 1, None)) for column, text in enumerate(texts) if text])


_known_cell = lru_cache(maxsize=50_000)(Cell)
_SHORT_TEXT = 100  # characters; longer texts hardly come twice, and a cache of them would keep whole documents


def shared_cell(text: str, column: int, column_span: int = 1, row_span: int = 1, raw: str | None = None) -> Cell:
    """A cell; equal content gives the same object.

    Forms repeat one another, and documents repeat their headers, labels and zeros: half of the cells of a document
    equal another one of it or of the document before.
    """
    make = _known_cell if len(text) <= _SHORT_TEXT else Cell
    return make(text, column, column_span, row_span, raw)


class Row(NamedTuple):
    """A row with its position in the source (line or row number, from 1) and its non-blank cells from left to right.

    ``in_table`` is false for a paragraph between tables; sheets have table rows only. A ``hidden`` row has figures that
    may be part of the sums, but a visible row with the same key replaces it. ``is_ocr``: it was read from a picture,
    so its figures stay marked until the comparison has confirmed them. ``doubtful`` are the columns whose text was read
    there without certainty.
    """

    number: int
    cells: tuple[Cell, ...]
    in_table: bool = True
    hidden: bool = False
    doubtful: tuple[int, ...] = ()
    is_ocr: bool = False

    @property
    def text(self) -> str:
        """All cells in reading order."""
        return " ".join(map(TEXT_OF, self.cells))


_row_of = partial(tuple.__new__, Row)


def plain_row(number: int, cells: tuple[Cell, ...], in_table: bool) -> Row:
    """A row of a text, which has no more to say than its cells."""
    return _row_of((number, cells, in_table, False, (), False))


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows with common columns: a sheet, a page or a whole text. ``place`` is its name for people."""

    place: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read: its file name, format and grids, and remarks on what the reader left out or repaired.

    ``cut_off`` says why the document seems to break off before its end; what is there is read.
    """

    file_name: str
    file_format: str
    grids: tuple[Grid, ...]
    remarks: tuple[str, ...] = field(default=())
    cut_off: tuple[str, ...] = field(default=())
