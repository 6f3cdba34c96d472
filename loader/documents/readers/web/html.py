"""Web pages, and HTML saved as .xls: the innermost tables, and the text between them as paragraphs.

Hidden text is not read, with two exceptions: tables that appear when a tab is chosen, and rows with figures, which are
part of the sums.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby, islice

from lxml import etree
from lxml.etree import _Element as Element

from loader.documents.grid import Cell, Document, DocumentError, Grid, Row
from loader.documents.readers.cell_text import BACK, RAISED, text_of, without_marks
from loader.documents.readers.encoding import decode
from loader.documents.readers.package import check_nodes
from loader.documents.readers.sheet import MAX_COLUMNS, MAX_SPAN, check_size
from loader.documents.readers.spans import MAX_ROWSPAN, check_area, colspan_of, rowspan_of
from loader.documents.readers.web.marks import is_mark, may_be_mark, sizes_of_classes
from loader.documents.readers.web.pictures import Contents, PagePictures
from loader.documents.readers.web.sight import Sight, sight_of
from loader.documents.readers.web.style_sheets import rules_of
from loader.documents.readers.web.tags import completed
from loader.documents.wording import figure

MAX_ATTRIBUTES = 1_000  # of one element

# a comment, a script or a sheet with what stands in it, else an element; quotes are some behind an = alone
_ELEMENT = re.compile(
    r"""<!--(?:-?>|.*?(?:-->|\Z))|<(script|style)\b[^>]*+(?<!/)>.*?(?=</\1|\Z)"""
    r"""|<[a-z](?:[^>=]++|=\s*+(?:"[^"]*"|'[^']*')?+)*+""",
    re.IGNORECASE | re.DOTALL,
)
# elements without an end, of which libxml2 does not know that: they would hold all that stands behind them
_VOID = re.compile(r"<(?:wbr|track|source|bgsound|keygen)\b[^<>]*+>", re.IGNORECASE)
_VALUE = re.compile(r"""=\s*+(?:"[^"]*"|'[^']*'|[^\s>]*+)""")  # of an attribute
_UNPRINTED = frozenset(
    {"script", "style", "noscript", "noframes", "noembed", "template", "comment", "rt", "rp"}
    | {"datalist", "iframe", "canvas", "audio", "video", "progress", "meter"}
)
# input boxes that show a text; others are buttons and marks, or secret
_TEXT_BOXES = frozenset({"", "text", "number", "tel", "search", "date", "month", "email", "url"})
# elements that begin and end a line
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "button", "caption", "center", "dd", "div", "dl", "dt", "fieldset"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "p"}
    | {"pre", "section", "svg", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul"}
)
_BOXES = frozenset({"input", "select", "textarea"})
_APART = frozenset({"img", "title"})  # what parts the texts around it: pictures; titles of drawings are not shown
_MATH = {"mfrac": "/", "msup": "^", "msub": "_"}  # what parts numbers that stand above each other
_ROW_GROUPS = frozenset({"table", "thead", "tbody", "tfoot"})
_IN_TABLES = _ROW_GROUPS | {"form", "colgroup", "col"}
_SPACE = re.compile(r"(?!(?<=\d)\xa0\d{3})[ \t\r\n\xa0]+")  # but those between thousands
_RED_FORMAT = re.compile(r"mso-number-format:[^}]{0,300}?\\;[^;}]{0,60}\[(?:Red|红色?)\\?\]", re.IGNORECASE)
_MOST_PARTS = 40  # in which a figure is written
_NAMED = 6  # marks of footnotes in a remark
_LEVELS = 6  # a row is in a body and a table, perhaps with a form between them


def read(content: bytes, file_name: str, parts: Contents = lambda address: None) -> Document:
    """One grid. Rows are numbered through all table rows and paragraphs of the page. ``parts``: what an archive holds
    beside it."""
    check_nodes(content, file_name, "the page")
    decoded = decode(content)
    _check_attributes(decoded.text, file_name)
    tagged = completed(_VOID.sub("", decoded.text))
    # huge: elements may be nested 2048 deep; memory is limited by their number
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(tagged.page.encode("utf-8", "replace"), parser)
    if root is None:
        raise DocumentError(f"{file_name}: an empty page, expected a disclosure")
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise DocumentError(f"{file_name}: elements nested too deep to be read, expected a page with tables")
    rules = rules_of(root, file_name)
    page = _Page(
        file_name,
        sight_of(root, rules, file_name),
        _around_tables(root),
        _has_red(tagged.page),
        sizes_of_classes(rules),
        PagePictures(parts) if next(root.iter("img"), None) is not None else None,
    )
    page.read(root)
    remarks = list(decoded.remarks)
    if page.hidden_rows:
        remarks.append(f"{page.hidden_rows} hidden rows with figures were read like the others")
    if page.marks:
        some = ", ".join(islice(page.marks.values(), _NAMED))
        remarks.append(f"{len(page.marks)} small marks of footnotes behind figures were left out: {some}")
    if page.sight.rules_left_aside:
        count = page.sight.rules_left_aside
        remarks.append(f"{count} style rules with :has() take too long to be followed: what they hide was read")
    if page.pictures is not None:
        remarks += page.pictures.pasted.remarks()
    how = tagged.cut_off or ("within a character" if decoded.is_cut else "")
    cut_off = (f"the page ends {how}, in row {page.number}: is it cut off?",) if how else ()
    return Document(file_name, "html", (Grid("html", tuple(page.rows)),), tuple(remarks), cut_off=cut_off)


def _check_attributes(page: str, file_name: str) -> None:
    """DocumentError if an element has so many attributes that parsing takes too long: the parser compares each with
    all."""
    for found in _ELEMENT.finditer(page):
        if found.end() - found.start() <= MAX_ATTRIBUTES or found[1] or found[0].startswith("<!"):
            continue
        if len(_VALUE.sub(" ", found[0]).replace("/", " ").split()) > MAX_ATTRIBUTES:
            raise DocumentError(
                f"{file_name}: an element of the page has more than {MAX_ATTRIBUTES:,} attributes, expected a"
                " disclosure"
            )


def _own_table(element: Element) -> Element | None:
    """The table that a row belongs to."""
    return next((above for above in islice(element.iterancestors(), _LEVELS) if above.tag == "table"), None)


def _around_tables(root: Element) -> set[Element]:
    """The tables that contain other tables and only arrange the page. A table of one cell is none of them: it frames a
    text."""
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
    """Reads a page once, from top to bottom."""

    file_name: str
    sight: Sight
    around: set[Element]
    has_red: bool  # whether formats of numbers print negatives in red and nothing else
    sizes: dict[str, str]  # class → a style with the size of its letters
    pictures: PagePictures | None  # none if the page has no pictures
    rows: list[Row] = field(default_factory=list)
    number: int = 0
    cells: int = 0
    hidden_rows: int = 0
    area: int = 0  # columns that the cells of all rows cover
    marks: dict[Element, str] = field(default_factory=dict)  # of footnotes, with the figures before them
    _paragraph: list[str] = field(default_factory=list)

    def read(self, root: Element) -> None:
        """Read all tables that contain no other table, and the text outside them."""
        read: set[Element] = set()
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "end":
                if tag in _BLOCKS:
                    self._close()
                if element in self.sight.raised:
                    self._paragraph.append(BACK)
                self._paragraph.append(element.tail or "")
                continue
            # links lead to other documents
            is_link = tag == "a" and not element.get("href", "#").startswith("#")
            if tag in _UNPRINTED or is_link or element in read:
                walk.skip_subtree()
            elif self._is_hidden(element) and tag != "table" and element.find(".//table") is None:
                walk.skip_subtree()  # but what comes forth when a tab is chosen has a table
            elif tag == "img":
                self._picture(element)
            elif tag in ("input", "textarea"):
                self._paragraph.append(_typed(element))
                walk.skip_subtree()
            elif tag == "select":
                walk.skip_subtree()  # mostly the years or the places of a whole site
            elif tag == "table" and element not in self.around:
                self._close()
                self._loose(element)
                self._table(element.iter("tr") if element.find(".//table") is None else _own_lines(element))
                self._pictures_in(element)
                walk.skip_subtree()
            elif tag == "tr" and (lines := self._lines_without_tables(element)):
                self._close()
                self._table(lines)
                for line in lines:
                    self._pictures_in(line)
                read.update(lines)
                walk.skip_subtree()
            else:
                if tag in _BLOCKS:
                    self._close()
                if element in self.sight.raised:
                    self._paragraph.append(RAISED)
                self._paragraph.append(element.text or "")
        self._close()

    def _is_hidden(self, element: Element) -> bool:
        return element in self.sight.gone or element in self.sight.unseen

    def _close(self) -> None:
        """The end of a paragraph."""
        text = _spaced(without_marks("".join(self._paragraph)))
        self._paragraph.clear()
        if text:
            self.number += 1
            self._add(Row(self.number, (Cell(text, 0),), in_table=False))

    def _picture(self, picture: Element) -> None:
        """The table that a picture shows."""
        rows = self.pictures.rows_of(picture) if self.pictures is not None else ()
        if rows:
            self._close()
        for row in rows:
            self._add(row._replace(number=self.number + row.number))
        self.number += rows[-1].number if rows else 0

    def _pictures_in(self, element: Element) -> None:
        """The tables that pictures in cells show, below the rows of these cells."""
        for picture in element.iter("img") if self.pictures is not None else ():
            if not any(map(self._is_hidden, (picture, *picture.iterancestors()))):
                self._picture(picture)

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        self.cells += len(row.cells)
        check_size(self.file_name, self.cells)

    def _loose(self, table: Element) -> None:
        """The text in a table but outside its cells, such as its caption: browsers show it above the table."""
        self._paragraph.append(table.text or "")
        for child in table.iterchildren("*"):
            if child.tag in _IN_TABLES:
                self._loose(child)
            elif child.tag != "tr" and child.tag not in _UNPRINTED and not self._is_hidden(child):
                self._paragraph.append(self._text(child))
            self._close()
            self._paragraph.append(child.tail or "")
        self._close()

    def _table(self, lines: Iterable[Element]) -> None:
        shown: list[tuple[int, Element]] = []
        for line in lines:
            self.number += 1
            if line in self.sight.gone:
                if not any(figure(self._text(entry)) for entry in line.iterchildren("td", "th")):
                    continue
                self.hidden_rows += 1
            shown.append((self.number, line))
        for _, group in groupby(shown, lambda pair: _group_of(pair[1])):
            self._group(list(group))

    def _group(self, lines: list[tuple[int, Element]]) -> None:
        """The rows of a head, body or foot: no cell spans beyond it."""
        until: dict[int, int] = {}  # column → row of the group to which a cell above reaches down into it
        for place, (number, line) in enumerate(lines):
            cells = []
            column = 0
            for entry in line.iterchildren("td", "th"):
                if entry in self.sight.gone:
                    continue
                while column in until and until[column] > place:
                    column += 1
                    self.area += 1
                colspan, rowspan = entry.get("colspan"), entry.get("rowspan")
                across = 1 if colspan is None else colspan_of(colspan)
                down = 1 if rowspan is None else min(rowspan_of(rowspan) or MAX_ROWSPAN, len(lines) - place)
                text = "" if line in self.sight.unseen else self._text(entry)
                if text:
                    stored = (
                        entry.get("x:num") or entry.get("sdval") or (self.has_red and _negative(entry, text)) or None
                    )
                    spans = across, min(down, MAX_SPAN)
                    cells.append(Cell(text, column, *spans, stored if stored != text else None))
                if down > 1:
                    until.update(dict.fromkeys(range(column, column + across), place + down))
                column += across
                self.area += across
                if column > MAX_COLUMNS:
                    raise DocumentError(f"{self.file_name}: row {number} has more than {MAX_COLUMNS:,} columns")
            check_area(self.file_name, self.area)
            if cells:
                self._add(Row(number, tuple(cells), hidden=line in self.sight.gone))

    def _lines_without_tables(self, line: Element) -> list[Element]:
        """A row with several texts and the rows after it that contain no table: rows of a table with another table in
        one of its cells."""
        lines = []
        following: Element | None = line
        while following is not None and following.tag == "tr" and following.find(".//table") is None:
            if sum(bool(self._text(entry)) for entry in following.iterchildren("td", "th")) < 2:
                break
            lines.append(following)
            following = following.getnext()
        return lines

    def _text(self, entry: Element) -> str:
        """The text of a cell. Lines end at paragraphs and breaks, not at line ends of the source."""
        if entry in self.sight.unseen:
            return ""
        only = self._only_part(entry)
        if not len(only) and only.tag not in _BOXES:
            text = _spaced(only.text or "")
            return text if text.isprintable() else text_of([text])
        if entry.tag in _BOXES:
            return text_of(_typed(entry).split("\0"))
        parts = [entry.text or ""]
        self._collect(entry, parts)
        if entry in self.sight.raised:
            parts = [RAISED, *parts, BACK]
        lines = [text for line in without_marks("".join(parts)).split("\0") if (text := _spaced(line))]
        return lines[0] if len(lines) == 1 and lines[0].isprintable() else text_of(lines)

    def _only_part(self, entry: Element) -> Element:
        """The innermost element around all that an element shows: letters mostly stand in a paragraph and a font."""
        while len(entry) == 1:
            child = entry[0]
            tag = child.tag
            if ((text := entry.text) and not text.isspace()) or ((tail := child.tail) and not tail.isspace()):
                break
            if tag in _APART or tag in _UNPRINTED or tag in _BOXES or self._is_hidden(child):
                break
            entry = child
        return entry

    def _collect(self, element: Element, parts: list[str]) -> None:
        gone, unseen, raised, blocks = self.sight.gone, self.sight.unseen, self.sight.raised, self.sight.blocks
        between = _MATH.get(element.tag)
        for place, child in enumerate(element):
            tag = child.tag
            if place and between:
                parts.append(between)
            if tag in _APART:
                parts.append("\0")
            elif tag in _UNPRINTED or child in gone or child in unseen:
                pass
            elif tag in _BOXES:
                parts.append(f"\0{_typed(child)}\0")
            else:
                is_block = tag in _BLOCKS or child in blocks
                is_raised = child in raised or (may_be_mark(child) and self._is_mark(child, parts))
                if is_block or is_raised:
                    parts.append("\0" if is_block else RAISED)
                if text := child.text:
                    parts.append(text)
                if len(child):
                    self._collect(child, parts)
                if is_block or is_raised:
                    parts.append("\0" if is_block else BACK)
            if tail := child.tail:
                parts.append(tail)

    def _is_mark(self, child: Element, parts: list[str]) -> bool:
        """Whether an element is a footnote mark after a figure; it is then noted for the remark."""
        before = _spaced("".join(parts[-_MOST_PARTS:]).rpartition("\0")[2])
        if not is_mark(child, before, self.sizes):
            return False
        self.marks[child] = f"{before} [{child.text}]"
        return True


def _has_red(page: str) -> bool:
    """Whether the page contains Excel's number formats with colours, such as red for negatives."""
    return "mso-ignore:color" in page and _RED_FORMAT.search(page) is not None


def _negative(entry: Element, text: str) -> str:
    """The number of a cell that Excel's format prints in red without a sign; "" if it does not."""
    found = figure(text) if any(_is_red(font) for font in entry.iter("font")) else None
    return f"-{found.value}" if found and found.value > 0 else ""


def _is_red(font: Element) -> bool:
    return "mso-ignore:color" in font.get("style", "") and font.get("color", "").lower() in ("red", "#ff0000")


def _typed(box: Element) -> str:
    """The text shown by an input box, a select list or a text area."""
    if box.tag == "input":
        return box.get("value", "") if box.get("type", "").lower() in _TEXT_BOXES else ""
    if box.tag == "textarea":
        return box.text or ""
    options = list(box.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and box.get("multiple") is None:
        chosen = options[:1]
    return "\0".join(str(option.xpath("string()")) for option in chosen)


def _group_of(line: Element) -> Element | None:
    """The head, body or foot of a row, else its table."""
    return next((above for above in islice(line.iterancestors(), _LEVELS) if above.tag in _ROW_GROUPS), None)


def _own_lines(table: Element) -> list[Element]:
    """The rows of a table without those of tables nested in it as frames."""
    return [line for line in table.iter("tr") if _own_table(line) is table]


def _spaced(text: str) -> str:
    """The text with one space wherever the source has some, or breaks its lines."""
    text = text.strip()
    return text if text.isprintable() and "  " not in text else _SPACE.sub(" ", text).strip()
