"""Web pages, and HTML saved under .xls: the innermost tables, and the text between them as paragraphs."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from loader.grid import Cell, Document, DocumentError, Grid, Row
from loader.readers.package import check_nodes
from loader.readers.sheet import MAX_COLUMNS, MAX_SPAN, check_size
from loader.wording import join_lines

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GB = frozenset({"gb2312", "gbk", "gb_2312-80", "x-gbk", "chinese"})  # pages say one and contain the next larger
_UNPRINTED = frozenset({"script", "style", "noscript", "template", "comment", "select", "textarea"})
# elements that begin and end a line
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "caption", "center", "dd", "div", "dl", "dt", "fieldset", "footer"}
    | {"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul"}
)
_SPACE = re.compile(r"[ \t\r\n\xa0]+")
_MAX_SPAN_COLUMNS = 1000  # as browsers do


def read(content: bytes, file_name: str) -> Document:
    """One grid; rows are numbered through the table rows and paragraphs of the page."""
    check_nodes(content, file_name, "the page")
    decoded, lost = _decode(content)
    # huge: elements may be nested 2048 deep; memory is limited by their number
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(decoded.encode("utf-8", "replace"), parser)
    if root is None:
        raise DocumentError(f"{file_name}: an empty page, expected a disclosure")
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise DocumentError(f"{file_name}: elements nested too deep to be read, expected a page with tables")
    page = _Page(file_name)
    page.read(root)
    remarks = (f"{lost} characters could not be decoded",) if lost else ()
    return Document(file_name, "html", (Grid("html", tuple(page.rows)),), remarks)


def _decode(content: bytes) -> tuple[str, int]:
    """The text of a page, by its mark, its declaration or its bytes; and how many characters were lost."""
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), None)
    declared = _CHARSET.search(content[:4096])
    if encoding is None and declared is not None:
        encoding = declared[1].decode().lower()
    for candidate in (encoding or "utf-8", "utf-8", "gb18030"):
        try:
            return content.decode("gb18030" if candidate in _GB else candidate).removeprefix("\ufeff"), 0
        except (UnicodeDecodeError, LookupError):
            continue
    decoded = content.decode("gb18030" if encoding is None or encoding in _GB else "utf-8", "replace")
    return decoded, decoded.count("\ufffd")


@dataclass(slots=True)
class _Page:
    """Goes through a page once, from top to bottom."""

    file_name: str
    rows: list[Row] = field(default_factory=list)
    number: int = 0
    cells: int = 0
    _paragraph: list[str] = field(default_factory=list)

    def read(self, root: Element) -> None:
        """Read all tables that hold no other table, and the text outside them."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "end":
                if tag in _BLOCKS:
                    self._close()
                self._paragraph.append(element.tail or "")
                continue
            # links lead to other documents
            is_link = tag == "a" and not element.get("href", "#").startswith("#")
            if tag in _UNPRINTED or is_link or not tag:
                walk.skip_subtree()
            elif tag == "table" and element.find(".//table") is None:
                self._close()
                self._table(element)
                walk.skip_subtree()
            else:
                if tag in _BLOCKS:
                    self._close()
                self._paragraph.append(element.text or "")
        self._close()

    def _close(self) -> None:
        """The end of a paragraph."""
        text = _SPACE.sub(" ", "".join(self._paragraph)).strip()
        self._paragraph.clear()
        if text:
            self.number += 1
            self._add(Row(self.number, (Cell(text, 0),), in_table=False))

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        self.cells += len(row.cells)
        check_size(self.file_name, self.cells)

    def _table(self, table: Element) -> None:
        taken: dict[int, int] = {}  # column → rows that a cell above reaches down into it
        for line in table.iter("tr"):
            self.number += 1
            cells = []
            column = 0
            below: dict[int, int] = {}
            for entry in line.iterchildren("td", "th"):
                while column in taken:
                    column += 1
                across, down = _span(entry, "colspan", _MAX_SPAN_COLUMNS), _span(entry, "rowspan", MAX_SPAN)
                text = _text(entry)
                if text:
                    stored = entry.get("x:num") or entry.get("sdval")
                    cells.append(Cell(text, column, across, down, stored if stored != text else None))
                if down > 1:
                    below |= dict.fromkeys(range(column, column + across), down)
                column += across
                if column > MAX_COLUMNS:
                    raise DocumentError(f"{self.file_name}: row {self.number} has more than {MAX_COLUMNS:,} columns")
            taken = {c: rows - 1 for c, rows in (taken | below).items() if rows > 1}
            if cells:
                self._add(Row(self.number, tuple(cells)))


def _span(entry: Element, name: str, most: int) -> int:
    value = entry.get(name, "").strip()
    return max(1, min(int(value), most)) if value.isascii() and value.isdigit() else 1


def _text(entry: Element) -> str:
    """The text of a cell; lines end with paragraphs and breaks, not where the source breaks them."""
    if not len(entry):
        return _SPACE.sub(" ", entry.text or "").strip()
    parts = [entry.text or ""]
    walk = etree.iterwalk(entry, events=("start", "end"))
    for event, element in walk:
        if element is entry:
            continue
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "end":
            parts += ["\0" if tag in _BLOCKS else "", element.tail or ""]
        elif tag in _UNPRINTED or not tag:
            walk.skip_subtree()
        else:
            parts += ["\0" if tag in _BLOCKS else "", element.text or ""]
    return join_lines(_SPACE.sub(" ", line) for line in "".join(parts).split("\0"))
