"""Word documents (docx): tables, and the paragraphs between them, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from lxml.etree import _Element as Element

from loader.documents.grid import Cell, Document, DocumentError, Grid, Row
from loader.documents.readers.scans.pasted import PastedPictures, is_large
from loader.documents.readers.sheet import check_size
from loader.documents.readers.word.elements import BLOCKS, TBL, P, children
from loader.documents.readers.word.look import W
from loader.documents.readers.word.package import ID, WordPackage, root_of
from loader.documents.readers.word.pictures import PICTURES, picture_of
from loader.documents.readers.word.tables import WordTables, widths_of
from loader.documents.readers.word.texts import WordTexts

MAX_EMBEDDED = 3  # documents inside one another
_WORDS_SHOWN = 3


def read(content: bytes, file_name: str, depth: int = 0) -> Document:
    """One grid. Rows are numbered through all paragraphs and table rows of the document."""
    package = WordPackage(content, file_name)
    body = root_of(package.main, file_name, package.part or "the document").find(f"{W}body")
    if body is None:
        raise DocumentError(f"{file_name}: a zip without a Word document in it, expected word/document.xml with a body")
    texts = WordTexts(package)
    tables = WordTables(file_name, texts)
    reader = _Reader(package, depth, texts, tables)
    reader.read(body)
    remarks = (*reader.remarks, *_remarks(texts, tables), *reader.pictures.remarks())
    grid = Grid("docx", tuple(reader.rows))
    return Document(file_name, "docx", (grid,), remarks, tuple(reader.cut_off))


def _remarks(texts: WordTexts, tables: WordTables) -> list[str]:
    """What a reader of the document should know of it."""
    remarks = []
    if tables.hidden_rows:
        remarks.append(f"{tables.hidden_rows} hidden rows were left out")
    if unseen := [text for text in map(str.strip, texts.unseen) if text]:
        remarks.append(
            f"{len(unseen)} texts that are struck out, hidden, of the colour of their ground or too small were left"
            f" out, such as {', '.join(unseen[:_WORDS_SHOWN])}"
        )
    if texts.uncalculated:
        remarks.append(f"{texts.uncalculated} formulas without a stored result read as blank")
    if texts.objects:
        kinds = ", ".join(dict.fromkeys(texts.objects))
        remarks.append(f"{len(texts.objects)} objects of other programs, shown as pictures, were not read: {kinds}")
    return remarks


@dataclass(slots=True)
class _Reader:
    """Reads a document once, from top to bottom."""

    package: WordPackage
    depth: int  # of documents inside one another
    texts: WordTexts
    tables: WordTables
    rows: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    cut_off: list[str] = field(default_factory=list)
    pictures: PastedPictures = field(default_factory=PastedPictures)
    number: int = 0
    cells: int = 0

    def read(self, parent: Element) -> None:
        """Paragraphs and tables directly in an element, also inside content controls and insertions."""
        for child in children(parent, BLOCKS):
            if child.tag == P:
                self._paragraph(child)
            elif child.tag == TBL:
                self._table(child)
            else:
                self._embedded(child)

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        self.cells += len(row.cells)
        check_size(self.package.file_name, self.cells)

    def _paragraph(self, paragraph: Element) -> None:
        self.number += 1
        text, boxes = self.texts.of(paragraph)
        for line in text.splitlines():
            # a tab keeps apart what stands at the left and at the right end of a line
            parts = [part for piece in line.split("\t") if (part := piece.strip())]
            if parts:
                cells = tuple(Cell(part, column) for column, part in enumerate(parts))
                self._add(Row(self.number, cells, in_table=False))
        for box in boxes:
            if box.tag in PICTURES:
                self._picture(box)
            else:
                self.read(box)

    def _picture(self, element: Element) -> None:
        """The table that a picture shows in place of one of Word."""
        picture = picture_of(element)
        if picture is None or not is_large(picture.across, picture.down):
            return
        content = partial(self.package.picture, picture.key)
        self._add_all(self.pictures.rows_of(content, picture.across, picture.crop))

    def _add_all(self, rows: Sequence[Row]) -> None:
        """Add rows that are numbered from 1."""
        for row in rows:
            self._add(row._replace(number=self.number + row.number))
        self.number += rows[-1].number if rows else 0

    def _table(self, table: Element) -> None:
        widths = widths_of(table)
        for is_data, rows in self.tables.parts_of(table):
            if not is_data:  # what it holds stands one below the other
                for cell in (cell for row in rows for cell in row.cells):
                    self.read(cell.element)
                continue
            for cells in self.tables.cells_of(rows, widths, self.number):
                self.number += 1
                if cells:
                    self._add(Row(self.number, cells))

    def _embedded(self, chunk: Element) -> None:
        """A document of any format inside this one, in its place."""
        from loader.documents.readers import format_of
        from loader.documents.readers import read as read_any

        file_name = self.package.file_name
        if self.depth >= MAX_EMBEDDED:
            raise DocumentError(f"{file_name}: more than {MAX_EMBEDDED} documents inside one another")
        content = self.package.related(chunk.get(ID, ""))
        is_word = format_of(content, file_name) == "docx"
        inner = read(content, file_name, self.depth + 1) if is_word else read_any(content, file_name)
        for grid in inner.grids:
            self._add_all(grid.rows)
        self.remarks += inner.remarks
        self.cut_off += inner.cut_off
