"""Web pages, and HTML saved under .xls: the innermost tables, and the text between them as paragraphs.

What is hidden is no text, with two exceptions: tables, which come forth when somebody chooses their tab, and rows with
figures, which are part of the sums.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree
from lxml.etree import _Element as Element

from loader.documents.grid import Cell, Document, DocumentError, Grid, Row
from loader.documents.readers.package import check_nodes
from loader.documents.readers.sheet import MAX_COLUMNS, MAX_SPAN, check_size
from loader.documents.wording import figure, join_lines

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TRADITIONAL = frozenset({"big5", "big5-hkscs", "x-x-big5"})
_CHINESE = re.compile("[\u4e00-\u9fff]")
_UNPRINTED = frozenset({"script", "style", "noscript", "template", "comment", "select", "textarea"})
# elements that begin and end a line
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "caption", "center", "dd", "div", "dl", "dt", "fieldset", "footer"}
    | {"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul"}
)
_SPACE = re.compile(r"[ \t\r\n\xa0]+")
_MAX_SPAN_COLUMNS = 1000  # as browsers do
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
_LEVELS = 6  # a row is in a body and a table, perhaps with a form between them


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
    page = _Page(file_name, _hidden(root, decoded), _around_tables(root))
    page.read(root)
    remarks = [f"{lost} characters could not be decoded"] if lost else []
    if page.hidden_rows:
        remarks.append(f"{page.hidden_rows} hidden rows with figures were read like the others")
    return Document(file_name, "html", (Grid("html", tuple(page.rows)),), tuple(remarks))


def _decode(content: bytes) -> tuple[str, int]:
    """The text of a page, and how many of its characters were lost. What a page declares is often not true: bytes that
    are UTF-8 are believed first."""
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), None)
    if encoding is None and content[:2].count(0) == 1:
        encoding = "utf-16-le" if content[0] else "utf-16-be"
    if encoding is not None:
        decoded = content.decode(encoding, "replace").removeprefix("\ufeff")
        return decoded, decoded.count("\ufffd")
    try:
        return content.decode("utf-8-sig"), 0
    except UnicodeDecodeError:
        decoded = content.decode("utf-8-sig", "replace")
    lost = decoded.count("\ufffd")
    if 20 * lost < len(_CHINESE.findall(decoded)):
        return decoded, lost  # damaged in places; GBK read as UTF-8 has next to no Chinese
    declared = _CHARSET.search(content[:4096])
    name = declared[1].decode().lower() if declared is not None else "gbk"
    decoded = content.decode("big5hkscs" if name in _TRADITIONAL else "gb18030", "replace")
    return decoded, decoded.count("\ufffd")


def _hidden(root: Element, page: str) -> set[Element]:
    """The elements that a page does not show."""
    words = page.lower()
    if "none" not in words and "hid" not in words:
        return set()
    return {
        element
        for element in root.iter("*")
        if element.get("hidden") is not None or _HIDDEN.search(element.get("style", ""))
    }


def _own_table(element: Element) -> Element | None:
    """The table that a row belongs to."""
    return next((above for above in islice(element.iterancestors(), _LEVELS) if above.tag == "table"), None)


def _around_tables(root: Element) -> set[Element]:
    """The tables that hold others, which arrange the page. A table of one cell is none: it frames a text."""
    inner = [table for table in root.iter("table") if next(table.iterancestors("table"), None) is not None]
    around: set[Element] = set()
    for table in inner:
        if next(islice(table.iter("td", "th"), 1, None), None) is not None:
            for above in table.iterancestors("table"):
                if above in around:
                    break
                around.add(above)
    return around


@dataclass(slots=True)
class _Page:
    """Goes through a page once, from top to bottom."""

    file_name: str
    hidden: set[Element]
    around: set[Element]
    rows: list[Row] = field(default_factory=list)
    number: int = 0
    cells: int = 0
    hidden_rows: int = 0
    _paragraph: list[str] = field(default_factory=list)

    def read(self, root: Element) -> None:
        """Read all tables that hold no other table, and the text outside them."""
        read: set[Element] = set()
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "end":
                if tag in _BLOCKS:
                    self._close()
                self._paragraph.append(element.tail or "")
                continue
            # links lead to other documents
            is_link = tag == "a" and not element.get("href", "#").startswith("#")
            if tag in _UNPRINTED or is_link or element in read:
                walk.skip_subtree()
            elif element in self.hidden and element.find(".//table") is None and tag != "table":
                walk.skip_subtree()  # but what comes forth when a tab is chosen has a table
            elif tag == "table" and element not in self.around:
                self._close()
                self._table(element.iter("tr") if element.find(".//table") is None else _own_lines(element))
                walk.skip_subtree()
            elif tag == "tr" and (lines := self._lines_without_tables(element)):
                self._close()
                self._table(lines)
                read.update(lines)
                walk.skip_subtree()
            else:
                if tag in _BLOCKS:
                    self._close()
                self._paragraph.append(element.text or "")
        self._close()

    def _close(self) -> None:
        """The end of a paragraph."""
        text = _spaced("".join(self._paragraph))
        self._paragraph.clear()
        if text:
            self.number += 1
            self._add(Row(self.number, (Cell(text, 0),), in_table=False))

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        self.cells += len(row.cells)
        check_size(self.file_name, self.cells)

    def _table(self, lines: Iterable[Element]) -> None:
        taken: dict[int, int] = {}  # column → rows that a cell above reaches down into it
        for line in lines:
            self.number += 1
            cells = []
            column = 0
            below: dict[int, int] = {}
            for entry in line.iterchildren("td", "th"):
                if entry in self.hidden:
                    continue
                while column in taken:
                    column += 1
                across, down = _span(entry, "colspan", _MAX_SPAN_COLUMNS), _span(entry, "rowspan", MAX_SPAN)
                text = self._text(entry)
                if text:
                    stored = entry.get("x:num") or entry.get("sdval")
                    cells.append(Cell(text, column, across, down, stored if stored != text else None))
                if down > 1:
                    below |= dict.fromkeys(range(column, column + across), down)
                column += across
                if column > MAX_COLUMNS:
                    raise DocumentError(f"{self.file_name}: row {self.number} has more than {MAX_COLUMNS:,} columns")
            if taken or below:
                taken = {c: rows - 1 for c, rows in (taken | below).items() if rows > 1}
            if cells and line in self.hidden:
                if not any(figure(cell.text) for cell in cells):
                    continue
                self.hidden_rows += 1
            if cells:
                self._add(Row(self.number, tuple(cells)))

    def _lines_without_tables(self, line: Element) -> list[Element]:
        """A row with several texts and the rows that follow it, as far as they hold no table: rows of a table that has
        another table in one of its cells."""
        lines = []
        following: Element | None = line
        while following is not None and following.tag == "tr" and following.find(".//table") is None:
            if sum(bool(self._text(entry)) for entry in following.iterchildren("td", "th")) < 2:
                break
            lines.append(following)
            following = following.getnext()
        return lines

    def _text(self, entry: Element) -> str:
        """The text of a cell; lines end with paragraphs and breaks, not where the source breaks them."""
        if not len(entry):
            return _spaced(entry.text or "")
        parts = [entry.text or ""]
        self._collect(entry, parts)
        lines = [text for line in "".join(parts).split("\0") if (text := _spaced(line))]
        return lines[0] if len(lines) == 1 else join_lines(lines)

    def _collect(self, element: Element, parts: list[str]) -> None:
        for child in element:
            if child.tag not in _UNPRINTED and child not in self.hidden:
                end = "\0" if child.tag in _BLOCKS else ""
                parts += (end, child.text or "")
                if len(child):
                    self._collect(child, parts)
                parts.append(end)
            parts.append(child.tail or "")


def _own_lines(table: Element) -> list[Element]:
    """The rows of a table without those of the frames in it."""
    return [line for line in table.iter("tr") if _own_table(line) is table]


def _spaced(text: str) -> str:
    """The text with one space wherever the source has some, or breaks its lines."""
    text = text.strip()
    return text if text.isprintable() and "  " not in text else _SPACE.sub(" ", text).strip()


def _span(entry: Element, name: str, most: int) -> int:
    value = entry.get(name)
    if value is None:
        return 1
    value = value.strip()
    return max(1, min(int(value), most)) if value.isascii() and value.isdigit() else 1
