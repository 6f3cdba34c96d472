"""Word documents (docx): tables with their merged cells, and the paragraphs between them, in order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from lxml.etree import _Element as Element

from loader.documents.grid import Cell, Document, DocumentError, Grid, Row
from loader.documents.readers.package import Package, xml_root
from loader.documents.readers.ruled import edges_without_slivers
from loader.documents.wording import join_lines

_TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
# what is not printed: properties, deleted and moved text, field codes, the reading above ruby text
_UNPRINTED = frozenset({"pPr", "rPr", "del", "moveFrom", "instrText", "delText", "rt"})
_SLIVER = 300  # twentieths of a point; a column so narrow and without text is none
_OFF = frozenset({"0", "false", "off"})


def read(content: bytes, file_name: str) -> Document:
    """One grid; rows are numbered through the paragraphs and table rows of the document."""
    root = _root(content, file_name)
    namespace = _STRICT if root.tag == f"{{{_STRICT}}}document" else _TRANSITIONAL
    body = root.find(f"{{{namespace}}}body")
    if body is None:
        raise DocumentError(f"{file_name}: a zip without a Word document in it, expected word/document.xml with a body")
    reader = _Reader(f"{{{namespace}}}")
    reader.read(body)
    if not reader.tables:
        raise DocumentError(f"{file_name}: a Word document without tables, expected the tables of a disclosure")
    return Document(file_name, "docx", (Grid("docx", tuple(reader.rows)),))


def _drop_slivers(drafts: list[list[_Draft]], widths: list[int]) -> None:
    """Cells one above the other may end a hair apart; the sliver between them is no column."""
    own = {d.column for row in drafts for d in row if d.column_span == 1 and d.text}
    reach = max((d.column + d.column_span for row in drafts for d in row), default=0)
    edges = edges_without_slivers([*widths, *[0] * (reach - len(widths))], own, _SLIVER)
    for draft in (draft for row in drafts for draft in row):
        start, end = edges[draft.column], edges[draft.column + draft.column_span]
        draft.column, draft.column_span = start, max(1, end - start)


def _root(content: bytes, file_name: str) -> Element:
    """The main part of a package, which may be a zip or one XML file."""
    if content.startswith(b"PK"):
        package = Package(content, file_name)
        return package.xml(_main_part(package))
    parts = xml_root(content, file_name, "the document")
    document = next((part for part in parts.iter("{*}document") if part.tag.endswith("/main}document")), None)
    return parts if document is None else document


def _main_part(package: Package) -> str:
    relations = package.xml("_rels/.rels") if "_rels/.rels" in package else None
    for relation in relations.iter(f"{_RELATIONS}Relationship") if relations is not None else ():
        if relation.get("Type", "").endswith("/officeDocument"):
            return posixpath.normpath(relation.get("Target", "").lstrip("/"))
    return "word/document.xml"


@dataclass(slots=True)
class _Draft:
    """A cell while its table is read: a merge may still make it longer."""

    column: int
    column_span: int
    text: str
    row_span: int = 1


@dataclass(slots=True)
class _Reader:
    """Goes through a document once, from top to bottom."""

    w: str  # the namespace of WordprocessingML, in braces
    rows: list[Row] = field(default_factory=list)
    number: int = 0
    tables: int = 0

    def read(self, parent: Element) -> None:
        """Paragraphs and tables directly in an element, also inside content controls and insertions."""
        for child in self._children(parent, "p", "tbl"):
            if child.tag == self.w + "p":
                self._paragraph(child)
            else:
                self._table(child)

    def _children(self, parent: Element, *names: str) -> Iterator[Element]:
        wanted = {self.w + name for name in names}
        wrappers = {self.w + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")}
        for child in parent.iterchildren("*"):
            if child.tag in wanted:
                yield child
            elif child.tag in wrappers:
                yield from self._children(child, *names)

    def _paragraph(self, paragraph: Element) -> None:
        self.number += 1
        text, boxes = self._text(paragraph)
        for line in text.splitlines():
            # a tab keeps apart what stands at the left and at the right end of a line
            parts = [part for piece in line.split("\t") if (part := piece.strip())]
            if parts:
                cells = tuple(Cell(part, column) for column, part in enumerate(parts))
                self.rows.append(Row(self.number, cells, in_table=False))
        for box in boxes:
            self.read(box)

    def _table(self, table: Element) -> None:
        rows = [row for row in self._children(table, "tr") if self._property(row, "trPr", "del") is None]
        widths = [self._twips(column) for column in table.iterfind(f"{self.w}tblGrid/{self.w}gridCol")]
        around = [
            row for row in rows if any(self._is_table(inner) for c in self._cells(row) for inner in self._inner(c))
        ]
        for is_row, group in groupby(rows, lambda row: not around or (row not in around and self._is_filled(row))):
            if is_row:
                self._rows(list(group), widths)
            else:
                # a row around tables is layout: what it holds stands one below the other
                for cell in (cell for row in group for cell in self._cells(row)):
                    self.read(cell)

    def _cells(self, row: Element) -> Iterator[Element]:
        return self._children(row, "tc")

    def _inner(self, cell: Element) -> Iterator[Element]:
        return self._children(cell, "tbl")

    def _is_table(self, table: Element) -> bool:
        """Whether this is more than a frame around a text."""
        cells = [cell for row in self._children(table, "tr") for cell in self._cells(row)]
        return len(cells) > 1 or any(self._is_table(inner) for cell in cells for inner in self._inner(cell))

    def _is_filled(self, row: Element) -> bool:
        """Whether a row has several texts, as rows of data have beside a table in the next row."""
        return sum(any(self._lines(cell)) for cell in self._cells(row)) > 1

    def _lines(self, cell: Element) -> Iterator[str]:
        """The lines of a cell, also those in frames."""
        for child in self._children(cell, "p", "tbl"):
            if child.tag == self.w + "p":
                yield self._text(child)[0]
            else:
                for inner in (inner for row in self._children(child, "tr") for inner in self._cells(row)):
                    yield from self._lines(inner)

    def _rows(self, rows: list[Element], widths: list[int]) -> None:
        self.tables += 1
        drafts: list[list[_Draft]] = []
        above: dict[int, _Draft] = {}  # column of the grid → the cell that a vertical merge would continue
        for row in rows:
            drafts.append([])
            end = self._number(row, "trPr", "gridBefore") or 0
            for cell in self._cells(row):
                start, end = end, end + (self._number(cell, "tcPr", "gridSpan") or 1)
                widest = max(range(start, end), key=lambda c: widths[c] if c < len(widths) else 0)
                top = above.get(widest)
                if self._continues(cell, "vMerge") and top is not None:
                    top.row_span += 1
                elif self._continues(cell, "hMerge") and drafts[-1]:
                    drafts[-1][-1].column_span += end - start
                else:
                    text = join_lines(self._lines(cell))
                    drafts[-1].append(_Draft(start, end - start, text))
                    above.update(dict.fromkeys(range(start, end), drafts[-1][-1]))
        _drop_slivers(drafts, widths)
        for row_drafts in drafts:
            self.number += 1
            cells = tuple(Cell(d.text, d.column, d.column_span, d.row_span) for d in row_drafts if d.text)
            if cells:
                self.rows.append(Row(self.number, cells))

    def _twips(self, column: Element) -> int:
        width = column.get(self.w + "w", "")
        return int(width) if width.isascii() and width.isdigit() else 0

    def _property(self, element: Element, group: str, name: str) -> Element | None:
        return element.find(f"{self.w}{group}/{self.w}{name}")

    def _number(self, element: Element, group: str, name: str) -> int | None:
        found = self._property(element, group, name)
        value = found.get(self.w + "val", "") if found is not None else ""
        return min(int(value), 500) if value.isascii() and value.isdigit() else None

    def _continues(self, cell: Element, merge: str) -> bool:
        found = self._property(cell, "tcPr", merge)
        return found is not None and found.get(self.w + "val", "continue") == "continue"

    def _text(self, element: Element) -> tuple[str, list[Element]]:
        """The printed text below an element, and the text boxes anchored in it."""
        parts: list[str] = []
        boxes: list[Element] = []
        self._collect(element, parts, boxes)
        return "".join(parts), boxes

    def _collect(self, element: Element, parts: list[str], boxes: list[Element]) -> None:
        for child in element.iterchildren("*"):
            name = child.tag[len(self.w) :] if child.tag.startswith(self.w) else child.tag
            if name == "t":
                parts.append(child.text or "")
            elif name in ("tab", "ptab"):
                parts.append("\t")
            elif name in ("br", "cr"):
                parts.append("\n")
            elif name == "noBreakHyphen":
                parts.append("-")
            elif name == "txbxContent":
                boxes.append(child)
            elif name == _ALTERNATIVES:
                # the same content twice, for new and old programs
                self._collect(next(child.iterchildren("*"), child), parts, boxes)
            elif name not in _UNPRINTED and not (name == "r" and self._is_hidden(child)):
                self._collect(child, parts, boxes)

    def _is_hidden(self, run: Element) -> bool:
        vanish = self._property(run, "rPr", "vanish")
        return vanish is not None and vanish.get(self.w + "val") not in _OFF
