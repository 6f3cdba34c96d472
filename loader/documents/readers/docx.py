"""Word documents (docx): tables with their merged cells, and the paragraphs between them, in order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby, islice

from lxml.etree import _Element as Element

from loader.documents.grid import Cell, Document, DocumentError, Grid, Row
from loader.documents.readers.cell_text import BACK, RAISED, text_of, without_marks
from loader.documents.readers.package import Package, xml_root
from loader.documents.readers.sheet import MAX_COLUMNS, MAX_SPAN, check_size
from loader.documents.readers.slivers import edges_without_slivers
from loader.documents.readers.spans import check_area
from loader.documents.readers.word_fields import Field, chosen_in, shown
from loader.documents.readers.word_look import VAL, W, WordLook, is_on, whole
from loader.documents.readers.word_symbols import in_font, is_of_symbols, symbol

MAX_EMBEDDED = 3  # documents inside one another

# the strict variant of the standard has other names for the same
_VARIANTS = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_P, _R, _T, _TBL, _TR, _TC, _CHUNK = (W + name for name in ("p", "r", "t", "tbl", "tr", "tc", "altChunk"))
_RPR, _PPR, _TRPR, _TCPR = (W + name for name in ("rPr", "pPr", "trPr", "tcPr"))
_BLOCKS, _ROW, _CELL = frozenset({_P, _TBL, _CHUNK}), frozenset({_TR}), frozenset({_TC})
_WRAPPERS = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"))
# what is not printed: properties, deleted and moved text, field codes, the reading above ruby text
_UNPRINTED = frozenset(W + name for name in ("pPr", "rPr", "del", "moveFrom", "instrText", "delText", "rt"))
_PRINTED = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_PICTURES = frozenset(W + name for name in ("drawing", "pict", "object"))
_BOX, _SYM, _FONTS = W + "txbxContent", W + "sym", W + "rFonts"
_FIELD_MARK, _FIELD_CODE, _FIELD_MARK_KIND = W + "fldChar", W + "instrText", W + "fldCharType"
_LISTED = f"{W}numPr"
_MOST_BASES = 20  # styles that are based on one another
_InList = tuple[str, str]  # the number of a list and the level in it
_OBJECT, _OLE = f"{W}object", "{urn:schemas-microsoft-com:office:office}OLEObject"
_SIMPLE_FIELD, _TURNED = f"{W}fldSimple", f"{W}bdo"
_LIST_SIGNS = frozenset(
    "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d△▲负"
)  # in front of a figure they are its sign
_FORMULA_TEXT, _POWER, _INDEX, _DENOMINATOR = (_M + name for name in ("t", "sup", "sub", "den"))
_FORMULA_PARTS = frozenset(_M + name for name in ("e", "lim"))  # several beside one another are no one number
_FORMULA_MARKS = {_POWER: "^", _INDEX: "_", _DENOMINATOR: "/"}  # so that 10⁴ is not 104, nor ½ 12
_SLIVER = 300  # twentieths of a point; a column so narrow and without text is none
_FLAT = 40  # twentieths of a point; nobody sees a row so low
_WORDS_SHOWN = 3
_HIDES = (b"vanish", b"strike", b"vertAlign")  # what styles hide or raise text by
_IN_LIST = b"numpr"  # in small letters
_SYMBOL_FONTS = (b'"symbol', b'"wingdings', b'"webdings')
_WHITE = (b"ffffff", b"background1", b"light1")


def read(content: bytes, file_name: str, depth: int = 0) -> Document:
    """One grid. Rows are numbered through all paragraphs and table rows of the document."""
    package = Package(content, file_name) if content.startswith(b"PK") else None
    part = _main_part(package) if package else ""
    main = package.read(part) if package else content
    root = _root(main, file_name, part or "the document")
    body = root.find(f"{W}body")
    if body is None:
        raise DocumentError(f"{file_name}: a zip without a Word document in it, expected word/document.xml with a body")
    reader = _Reader(file_name, package, part, depth)
    lower = main.lower()
    reader.know_styles(has_white=any(word in lower for word in _WHITE), has_lists=_IN_LIST in lower)
    reader.has_symbols = any(name in lower for name in _SYMBOL_FONTS)
    reader.read(body)
    if reader.hidden_rows:
        reader.remarks.append(f"{reader.hidden_rows} hidden rows were left out")
    if unseen := [text for text in map(str.strip, reader.unseen) if text]:
        reader.remarks.append(
            f"{len(unseen)} texts that are struck out, hidden, of the colour of their ground or too small were left"
            f" out, such as {', '.join(unseen[:_WORDS_SHOWN])}"
        )
    if reader.uncalculated:
        reader.remarks.append(f"{reader.uncalculated} formulas without a stored result read as blank")
    if reader.objects:
        kinds = ", ".join(dict.fromkeys(reader.objects))
        reader.remarks.append(
            f"{len(reader.objects)} objects of other programs, shown as pictures, were not read: {kinds}"
        )
    grid = Grid("docx", tuple(reader.rows))
    return Document(file_name, "docx", (grid,), tuple(reader.remarks), cut_off=tuple(reader.cut_off))


def _root(content: bytes, file_name: str, part: str) -> Element:
    """The main part of a package. A package may also be a single XML file."""
    for strict, usual in _VARIANTS.items():
        content = content.replace(strict, usual)
    root = xml_root(content, file_name, part)
    if root.tag == f"{W}document":
        return root
    document = next(root.iter(f"{W}document"), None)
    return root if document is None else document


def _main_part(package: Package) -> str:
    relations = package.xml("_rels/.rels") if "_rels/.rels" in package else None
    for relation in relations.iter(_RELATION) if relations is not None else ():
        if relation.get("Type", "").endswith("/officeDocument"):
            return posixpath.normpath(relation.get("Target", "").lstrip("/"))
    return "word/document.xml"


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
class _TableRow:
    """A row of the document, and whether it only arranges the tables in its cells."""

    before: int
    cells: list[_TableCell]
    is_around: bool = False


@dataclass(slots=True)
class _Reader:
    """Reads a document once, from top to bottom."""

    file_name: str
    package: Package | None
    part: str
    depth: int  # of documents inside one another
    rows: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    cut_off: list[str] = field(default_factory=list)
    number: int = 0
    cells: int = 0
    area: int = 0  # columns that the cells of all rows cover
    hidden_rows: int = 0
    unseen: list[str] = field(default_factory=list)
    look: WordLook = field(default_factory=WordLook)
    fields: list[Field] = field(default_factory=list)  # those around what is read of a paragraph
    has_symbols: bool = False  # letters of fonts that show pictures
    signs: dict[_InList, str] = field(default_factory=dict)  # list and level → a sign in front of each entry
    lists_of_styles: dict[str, _InList] = field(default_factory=dict)  # style of a paragraph → the list it belongs to
    uncalculated: int = 0
    objects: list[str] = field(default_factory=list)

    def know_styles(self, has_white: bool, has_lists: bool) -> None:
        """Read the styles that hide or raise text, colour the background of white text, or put a minus in front of it.
        Damaged styles have no effect. Parsing them takes as long as the document, so it is done only if it may
        matter."""
        content = self._part_for("styles")
        if (has_lists or _IN_LIST in content.lower()) and (lists := self._part_for("numbering")):
            with suppress(DocumentError):
                self.signs = _signs_of_lists(_root(lists, self.file_name, "its lists"))
        if not content or not (has_white or self.signs or any(word in content for word in _HIDES)):
            return
        with suppress(DocumentError):
            entries = _root(content, self.file_name, "its list of styles")
            self.look.know(entries)
            styles_by_id = {entry.get(f"{W}styleId", ""): entry for entry in entries.iterfind(f"{W}style")}
            for name in styles_by_id if self.signs else ():
                if (listed := _listed_by_styles(name, styles_by_id)) is not None:
                    self.lists_of_styles[name] = listed

    def read(self, parent: Element) -> None:
        """Paragraphs and tables directly in an element, also inside content controls and insertions."""
        for child in _children(parent, _BLOCKS):
            if child.tag == _P:
                self._paragraph(child)
            elif child.tag == _TBL:
                self._table(child)
            else:
                self._embedded(child)

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        self.cells += len(row.cells)
        check_size(self.file_name, self.cells)

    def _paragraph(self, paragraph: Element) -> None:
        self.number += 1
        text, boxes = self._text(paragraph)
        for line in text.splitlines():
            # a tab keeps apart what stands at the left and at the right end of a line
            parts = [part for piece in line.split("\t") if (part := piece.strip())]
            if parts:
                cells = tuple(Cell(part, column) for column, part in enumerate(parts))
                self._add(Row(self.number, cells, in_table=False))
        for box in boxes:
            self.read(box)

    def _embedded(self, chunk: Element) -> None:
        """A document of any format inside this one, in its place."""
        from loader.documents.readers import format_of
        from loader.documents.readers import read as read_any

        if self.depth >= MAX_EMBEDDED:
            raise DocumentError(f"{self.file_name}: more than {MAX_EMBEDDED} documents inside one another")
        content = self._related(chunk.get(_ID, ""))
        is_word = format_of(content, self.file_name) == "docx"
        inner = read(content, self.file_name, self.depth + 1) if is_word else read_any(content, self.file_name)
        for grid in inner.grids:
            for row in grid.rows:
                self._add(row._replace(number=self.number + row.number))
            self.number += grid.rows[-1].number if grid.rows else 0
        self.remarks += inner.remarks
        self.cut_off += inner.cut_off

    def _related(self, key: str) -> bytes:
        for relation in self._relations():
            if relation.get("Id") == key and relation.get("TargetMode") != "External":
                return self._content_of(relation)
        raise DocumentError(f"{self.file_name}: a document inside it ({key}) is missing; save it as one document")

    def _relations(self) -> Iterator[Element]:
        """What the main part refers to."""
        folder, name = posixpath.split(self.part)
        relations = f"{folder}/_rels/{name}.rels"
        if self.package is not None and relations in self.package:
            yield from self.package.xml(relations).iter(_RELATION)

    def _part_for(self, kind: str) -> bytes:
        """The part that the main one refers to for this; empty if there is no reference, or the part is missing or
        damaged."""
        relation = next((r for r in self._relations() if r.get("Type", "").endswith(f"/{kind}")), None)
        with suppress(DocumentError):
            return b"" if relation is None else self._content_of(relation)
        return b""

    def _content_of(self, relation: Element) -> bytes:
        assert self.package is not None  # which has the relation
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.part), relation.get("Target", "")))
        return self.package.read(target.lstrip("/"))

    # ------------------------------------------------------------------------ tables

    def _table(self, table: Element) -> None:
        # most tables hold no other, which is quickly seen for all their cells
        may_nest = any(inner is not table for inner in islice(table.iter(_TBL, _CHUNK), 2))
        rows = [row for element in _children(table, _ROW) if (row := self._row(element, may_nest)) is not None]
        columns = table.iterfind(f"{W}tblGrid/{W}gridCol")
        widths = [whole(column.get(W + "w")) or 0 for column in columns]
        has_inner = any(row.is_around for row in rows)
        for is_row, group in groupby(rows, lambda r: not has_inner or (not r.is_around and self._is_filled(r))):
            if is_row:
                self._rows(list(group), widths)
            else:
                # a row around tables is layout: what it holds stands one below the other
                for cell in (cell for row in group for cell in row.cells):
                    self.read(cell.element)

    def _row(self, element: Element, may_nest: bool) -> _TableRow | None:
        """A row; None if it is invisible. ``may_nest``: there may be tables in its cells."""
        before = 0
        cells: list[_TableCell] = []
        for child in element:
            if child.tag == _TC:
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
            elif child.tag in _WRAPPERS:
                cells += [self._cell(cell) for cell in _children(child, _CELL)]
        return _TableRow(before, cells, may_nest and any(map(self._holds_table, cells)))

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
        return any(block.tag != _P and self._is_table(block) for block in _children(cell.element, _BLOCKS))

    def _is_table(self, block: Element) -> bool:
        """Whether this is a real table, not a frame around a text."""
        if block.tag == _CHUNK:
            return True
        cells = [cell for row in _children(block, _ROW) for cell in _children(row, _CELL)]
        return len(cells) > 1 or any(self._holds_table(_TableCell(cell)) for cell in cells)

    def _is_filled(self, row: _TableRow) -> bool:
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
        for child in _children(cell, _BLOCKS):
            if child.tag == _P:
                text, boxes = self._text(child)
                if text:
                    lines.append(text)
                for box in boxes:
                    lines += self._lines(box)
            else:
                for inner in (inner for row in _children(child, _ROW) for inner in _children(row, _CELL)):
                    lines += self._lines(inner)
        return lines

    def _rows(self, rows: list[_TableRow], widths: list[int]) -> None:
        drafts: list[list[_Draft]] = []
        above: dict[int, _Draft] = {}  # column of the grid → the cell that a vertical merge would continue
        for row in rows:
            drafts.append([])
            end = row.before
            for cell in row.cells:
                start, end = end, end + cell.span
                self.area += cell.span
                if end > MAX_COLUMNS:
                    raise DocumentError(
                        f"{self.file_name}: row {self.number + len(drafts)} has more than {MAX_COLUMNS:,} columns"
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
            check_area(self.file_name, self.area)
        _drop_slivers(drafts, widths)
        for row_drafts in drafts:
            self.number += 1
            cells = tuple([Cell(d.text, d.column, d.column_span, d.row_span) for d in row_drafts if d.text])
            if cells:
                self._add(Row(self.number, cells))

    # ------------------------------------------------------------------------ texts

    def _text(self, paragraph: Element) -> tuple[str, list[Element]]:
        """The printed text of a paragraph, and the text boxes anchored in it."""
        parts: list[str] = []
        boxes: list[Element] = []
        self.fields.clear()
        for child in paragraph:
            if child.tag == _R:
                self._run(child, parts, boxes)
            elif child.tag != _PPR:
                self._inline(child, parts, boxes)
            elif self.look.hides(child):
                self.unseen.append("".join(text.text or "" for text in paragraph.iter(_T)))
                return "", boxes
            elif self.signs and (listed := self._listed(child)) is not None:
                # the minus of a list in front of its entries: Word makes one of "- 11.50" while it is typed
                parts.append(self.signs.get(listed, ""))
        if not parts:
            return "", boxes
        return without_marks("".join(parts)), boxes

    def _listed(self, properties: Element) -> _InList | None:
        """The list that a paragraph belongs to and its level there; each is stated by the paragraph or by its style."""
        number, level = _stated_list(properties)
        named = properties.find(f"{W}pStyle") if number is None and self.lists_of_styles else None
        by_style = None if named is None else self.lists_of_styles.get(named.get(VAL, ""))
        if by_style is not None:
            number, level = by_style[0], level or by_style[1]
        return None if number is None else (number, level or "0")

    def _field_mark(self, mark: Element, parts: list[str]) -> None:
        """The beginning, middle or end of a field. Its code is not printed, its result is."""
        kind = mark.get(_FIELD_MARK_KIND)
        if kind == "begin":
            self.fields.append(Field(len(parts), chosen_in(mark) and f'QUOTE "{chosen_in(mark)}"'))
        elif not self.fields:
            return
        elif kind == "separate":
            found = self.fields[-1]
            found.has_result = True
            _cut(parts, found.start)
        else:
            found = self.fields.pop()
            if not found.has_result or not "".join(parts[found.start :]).strip(f"{RAISED}{BACK} "):
                _cut(parts, found.start)
                parts.append(shown(found.code))
                self.uncalculated += found.code.lstrip().startswith("=")

    def _run(self, run: Element, parts: list[str], boxes: list[Element]) -> None:
        is_raised = False
        font = ""
        for child in run:
            tag = child.tag
            if tag == _T:
                text = child.text or ""
                parts.append(in_font(font, text) if font else text)
            elif tag == _RPR:
                is_seen, is_raised = self.look.of(child)
                if not is_seen:
                    self.unseen.append("".join(text.text or "" for text in run.iter(_T)))
                    return
                if is_raised:
                    parts.append(RAISED)
                if self.has_symbols and (fonts := child.find(_FONTS)) is not None:
                    stated = fonts.get(f"{W}ascii", "")
                    font = stated if is_of_symbols(stated) else ""
            else:
                self._inline(child, parts, boxes)
        if is_raised:
            parts.append(BACK)

    def _inline(self, element: Element, parts: list[str], boxes: list[Element]) -> None:
        """The contents of a paragraph or a run other than plain text."""
        tag = element.tag
        if tag == _FIELD_CODE and self.fields and not self.fields[-1].has_result:
            self.fields[-1].code += element.text or ""
        if tag in _UNPRINTED:
            return
        if tag == _FIELD_MARK:
            self._field_mark(element, parts)
        elif tag == _TURNED and element.get(VAL) == "rtl":
            parts.append("\u202e")
            for child in element:
                self._inline(child, parts, boxes)
            parts.append("\u202c")
        elif tag == _R:
            self._run(element, parts, boxes)
        elif tag in (_T, _FORMULA_TEXT):
            parts.append(element.text or "")
        elif tag in _PRINTED:
            parts.append(_PRINTED[tag])
        elif tag == _SYM:
            parts.append(symbol(element.get(W + "font", ""), element.get(W + "char", "")))
        elif tag == _BOX:
            boxes.append(element)
        elif tag == _ALTERNATIVES:
            # the same content twice, for new and old programs
            for first in element:
                self._inline(first, parts, boxes)
                break
        else:
            if tag in _FORMULA_MARKS and len(element):
                parts.append(_FORMULA_MARKS[tag])
            elif tag == _SIMPLE_FIELD and element.get(f"{W}instr", "").lstrip().startswith("="):
                self.uncalculated += not any((text.text or "").strip() for text in element.iter(_T))
            elif tag in _PICTURES or (tag in _FORMULA_PARTS and element.getprevious() is not None):
                parts.append(" ")
            if tag == _OBJECT:
                self.objects += (found.get("ProgID", "") for found in element.iter(_OLE))
            for child in element:
                self._inline(child, parts, boxes)


def _cut(parts: list[str], start: int) -> None:
    """Remove the code of a field from a text, but not the beginning of what is raised."""
    gone = parts[start:]
    parts[start:] = [RAISED] if gone.count(RAISED) > gone.count(BACK) else []


def _stated_list(properties: Element | None) -> tuple[str | None, str | None]:
    """The number of a list and the level in it, if a paragraph or a style states them itself."""
    listed = None if properties is None else properties.find(_LISTED)
    if listed is None:
        return None, None
    number, level = (listed.find(W + name) for name in ("numId", "ilvl"))
    return None if number is None else number.get(VAL), None if level is None else level.get(VAL)


def _listed_by_styles(name: str, styles: dict[str, Element]) -> _InList | None:
    """The list that a style assigns to its paragraphs, itself or by the styles that it is based on."""
    level: str | None = None
    for _ in range(_MOST_BASES):
        entry = styles.get(name)
        if entry is None:
            return None
        number, own_level = _stated_list(entry.find(_PPR))
        level = level or own_level
        if number is not None:
            return number, level or "0"
        base = entry.find(f"{W}basedOn")
        name = "" if base is None else base.get(VAL, "")
    return None


def _signs_of_lists(lists: Element) -> dict[_InList, str]:
    """List and level → the minus sign in front of the entries, for lists that have one."""
    found: dict[_InList, str] = {}
    signs: dict[_InList, str] = {}  # by the lists that others are made as
    for made in lists.iterfind(f"{W}abstractNum"):
        for level in made.iterfind(f"{W}lvl"):
            printed, fonts = level.find(f"{W}lvlText"), level.find(f"{W}rPr/{W}rFonts")
            font = "" if fonts is None else fonts.get(f"{W}ascii", "")
            text = "" if printed is None else printed.get(VAL, "").strip()
            sign = in_font(font, text) if is_of_symbols(font) else text
            if sign in _LIST_SIGNS:
                signs[made.get(f"{W}abstractNumId", ""), level.get(f"{W}ilvl", "0")] = sign
    for used in lists.iterfind(f"{W}num"):
        rests_on = used.find(f"{W}abstractNumId")
        key = "" if rests_on is None else rests_on.get(VAL, "")
        for (made_as, level_of), sign in signs.items():
            if made_as == key:
                found[used.get(f"{W}numId", ""), level_of] = sign
    return found


def _children(parent: Element, wanted: frozenset[str]) -> Iterator[Element]:
    """The wanted elements directly inside another one, also inside content controls and insertions."""
    for child in parent:
        tag = child.tag
        if tag in wanted:
            yield child
        elif tag in _WRAPPERS:
            yield from _children(child, wanted)
        elif tag == _ALTERNATIVES and len(child):
            yield from _children(child[0], wanted)


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
