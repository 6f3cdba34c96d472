"""Workbooks of Excel and WPS (xlsx, xlsm, newer et): cells as printed, by their number formats.

Sheets are scanned, not parsed: building a tree of all cells costs more than everything else. The scan expects the form
in which nearly all programs write cells. A sheet in another form is parsed and rewritten in that form first.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import itemgetter

from lxml import etree
from lxml.etree import _Element as Element

from loader.documents.grid import Cell, Document, DocumentError, shared_cell
from loader.documents.readers.cell_text import BACK, RAISED, without_marks
from loader.documents.readers.colour import is_white
from loader.documents.readers.conditions import Conditional, apply, column_name
from loader.documents.readers.number_format import BUILT_IN, GENERAL, Render, renderer, serial_of
from loader.documents.readers.package import Package, check_xml, xml_root
from loader.documents.readers.sheet import Book, Sheet, as_line, check_size, naming

# every pattern ends at the next tag, so that none reads a damaged sheet more than once
_FORMULA = r"<f(?: [^<>]*)?(?:/>|>[^<]*</f>)"
# column, row, style, type, stored value, inline text
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?(?: t="(\w+)")?>'
    rf"(?:{_FORMULA})?(?:<v>([^<]*)</v>|<is><t(?: [^<>]*)?>([^<]*)</t></is>)"
)
_UNCALCULATED = re.compile(rf'<c (?:(?! t="str")[^<>])*>{_FORMULA}(?:<v></v>)?</c>')
_MERGED = re.compile(r'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
# a height below two points hides, too, and next to no width
_HIDDEN_ROW = re.compile(r'<row\b(?=[^<>]* (?:hidden="(?:1|true)"|ht="[01](?:\.\d{1,20})?"))[^<>]* r="(\d{1,7})"')
_HIDDEN_COLUMNS = re.compile(
    r'<col\b(?=[^<>]* (?:hidden="(?:1|true)"|width="0(?:\.[01]\d{0,20})?"))'
    r'(?=[^<>]* min="(\d{1,5})")[^<>]* max="(\d{1,5})"'
)
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_HIDES_ZEROS = re.compile(r'<sheetView [^<>]*showZeros="(?:0|false)"')
_OTHER_ENCODING = re.compile(rb"""\s*<\?xml [^>]*encoding=["'](?!utf-8)""", re.IGNORECASE)
# those of Excel 2010 stand apart
_CONDITIONAL_FORMATS = (
    "{*}conditionalFormatting",
    "{*}extLst/{*}ext/{*}conditionalFormattings/{*}conditionalFormatting",
)
_WITHOUT_CELLS = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
_INDEXED_WHITE = frozenset({"1", "9", "65"})
_COLOURS, _USUAL = frozenset({"rgb", "indexed", "theme"}), "64"
_TINY = 2.0  # points; nobody sees letters so small
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read(content: bytes, file_name: str) -> Document:
    """One grid a visible sheet."""
    package = Package(content, file_name)
    part = next((target for kind, target in _relations(package, "").values() if kind == "officeDocument"), "")
    workbook = package.xml(part or "xl/workbook.xml")
    relations = _relations(package, part)
    parts: dict[str, str] = dict(relations.values())
    properties = workbook.find("{*}workbookPr")
    epoch_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    folder = posixpath.dirname(part) or "xl"  # where these parts are even if no relation names them
    strings, styles = (parts.get(kind, f"{folder}/{kind}.xml") for kind in ("sharedStrings", "styles"))
    with naming(file_name, "its table of texts"):
        texts = [_Text.of(item) for item in package.xml(strings)] if strings in package else []
    with naming(file_name, "its list of styles"):
        look = _Styles.of(package.xml(styles), epoch_1904) if styles in package else _Styles()
    reader = _SheetReader(package, texts, look)
    book = Book(file_name, "xlsx")
    for entry in workbook.iterfind("{*}sheets/{*}sheet"):
        name = entry.get("name", "")
        key = next((value for key, value in entry.attrib.items() if str(key).endswith("}id")), "")
        kind, target = relations.get(str(key), ("", ""))
        if entry.get("state") in ("hidden", "veryHidden"):
            book.leave_out(name)
        elif kind == "worksheet":
            with naming(file_name, f"the sheet {name!r}"):
                book.add(reader.read(target, Sheet(name)))
        elif kind not in _WITHOUT_CELLS:
            raise DocumentError(f"{file_name}: the sheet {name!r} is listed, but nothing tells where its cells are")
    return book.document()


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Id → (kind, member) of the references of a part of the package."""
    folder, name = posixpath.split(part)
    member = posixpath.join(folder, "_rels", f"{name}.rels")
    if member not in package:
        return {}
    return {
        entry.get("Id", ""): (
            posixpath.basename(entry.get("Type", "")),
            posixpath.normpath(posixpath.join("/", folder, entry.get("Target", ""))).lstrip("/"),
        )
        for entry in package.xml(member).iter("{*}Relationship")
    }


@dataclass(frozen=True, slots=True)
class _Styles:
    """The looks of the cell styles of a workbook, by their numbers in sheets.

    ``unseen`` ones are struck out, tiny, or of the colour of their background; on ``coloured`` ones white letters are
    visible.
    """

    renderers: dict[str, Render] = field(default_factory=dict)
    looks: dict[str, Conditional] = field(default_factory=dict)  # of conditional formats, without their conditions
    unseen: frozenset[str] = frozenset()
    coloured: frozenset[str] = frozenset()

    @classmethod
    def of(cls, styles: Element, epoch_1904: bool) -> _Styles:
        codes = BUILT_IN | {
            int(entry.get("numFmtId", 0)): entry.get("formatCode", GENERAL)
            for entry in styles.iterfind("{*}numFmts/{*}numFmt")
        }
        fonts = list(styles.iterfind("{*}fonts/{*}font"))
        struck = {str(n) for n, font in enumerate(fonts) if _is_on(font.find("{*}strike"))}
        struck |= {str(n) for n, font in enumerate(fonts) if _is_tiny(font.find("{*}sz"))}
        white = {str(n) for n, font in enumerate(fonts) if _is_white(font.find("{*}color"))}
        inks = {str(n): _colour(font.find("{*}color")) for n, font in enumerate(fonts)}
        grounds = {str(n): fill for n, fill in enumerate(styles.iterfind("{*}fills/{*}fill"))}
        fills = {key for key, fill in grounds.items() if _is_coloured(fill)}
        solid = {key: _colour(_solid(fill)) for key, fill in grounds.items()}
        entries = {str(index): entry for index, entry in enumerate(styles.iterfind("{*}cellXfs/{*}xf"))}
        coloured = frozenset(key for key, entry in entries.items() if entry.get("fillId", "0") in fills)
        return cls(
            {
                key: renderer(codes.get(int(entry.get("numFmtId", 0)), GENERAL), epoch_1904, key in coloured)
                for key, entry in entries.items()
            },
            {str(n): look for n, entry in enumerate(styles.iterfind("{*}dxfs/{*}dxf")) if (look := _look(entry))},
            frozenset(
                key
                for key, entry in entries.items()
                if (font := entry.get("fontId", "0")) in struck
                or (font in white and key not in coloured)
                or ((ink := inks.get(font)) is not None and ink == solid.get(entry.get("fillId", "0")))
            ),
            coloured,
        )


def _look(entry: Element) -> Conditional:
    """The effect of a conditional format."""
    font, fill, stated = entry.find("{*}font"), entry.find("{*}fill"), entry.find("{*}numFmt")
    colour = None if font is None else font.find("{*}color")
    ground = None if fill is None else fill.find("{*}patternFill/{*}bgColor")  # which is that of a solid fill here
    is_coloured = ground is not None and not _is_white(ground)
    ink = _colour(colour)
    return Conditional(
        (),
        (),
        hides=(font is not None and _is_on(font.find("{*}strike")))
        or (_is_white(colour) and not is_coloured)
        or (ink is not None and ink == _colour(ground)),
        needs_white=_is_white(colour) and ground is None,
        shows=colour is not None,
        render=None if stated is None else renderer(stated.get("formatCode", GENERAL)),
    )


# operator of a rule → the one that formulas write; between two limits are two
_OPERATORS = {
    "equal": ("=",),
    "notEqual": ("<>",),
    "lessThan": ("<",),
    "lessThanOrEqual": ("<=",),
    "greaterThan": (">",),
    "greaterThanOrEqual": (">=",),
    "between": (">=", "<="),
    "notBetween": ("<", ">"),
}
_DRAWN = "{*}dataBar", "{*}iconSet"
_FORMULAS = "{*}formula", "{*}f"  # the latter in rules of Excel 2010, as those that refer to other sheets
_CELL_TESTS = {"containsErrors": "ISERROR", "notContainsErrors": "ISERROR", "containsBlanks": "ISBLANK"}


def _conditionals(rule: Element, areas: str, looks: dict[str, Conditional]) -> Iterator[Conditional]:
    """The effect and the conditions of a conditional-format rule, if it may matter. Those of bars and symbols instead
    of numbers are unknown."""
    own = rule.find("{*}dxf")
    look = looks.get(rule.get("dxfId", ""), Conditional((), ())) if own is None else _look(own)
    if any(part.get("showValue") in ("0", "false") for name in _DRAWN for part in rule.iterfind(name)):
        look = replace(look, hides=True)
    kind, operator = rule.get("type", ""), rule.get("operator", "")
    places = tuple(
        (int(top), _column(left), int(bottom or top), _column(right or left))
        for left, top, right, bottom in _AREA.findall(areas.upper())
    )
    stops = rule.get("stopIfTrue") in ("1", "true")
    if not places or not (stops or look.hides or look.shows or look.render):
        return
    formulas = [formula.text or "" for name in _FORMULAS for formula in rule.iterfind(name)]
    if kind == "cellIs":
        signs = _OPERATORS.get(operator, ())
        conditions = [f"{sign}{formula.removeprefix('=')}" for sign, formula in zip(signs, formulas, strict=False)]
    elif kind in _CELL_TESTS:
        conditions = [f"{_CELL_TESTS[kind]}({column_name(places[0][1])}{places[0][0]})"]
    else:
        conditions = formulas if kind == "expression" else []
    look = replace(look, areas=places, is_negated=kind == "notContainsErrors", stops=stops)
    for each in ((one,) for one in conditions) if operator == "notBetween" else (conditions,):
        yield replace(look, conditions=tuple(each) or ("?",))


def _is_on(flag: Element | None) -> bool:
    return flag is not None and flag.get("val", "1") not in ("0", "false")


def _is_white(colour: Element | None) -> bool:
    return colour is not None and (
        is_white(colour.get("rgb", ""))
        or colour.get("indexed") in _INDEXED_WHITE
        or (colour.get("theme") == "0" and float(colour.get("tint", 0)) >= 0)
    )


def _is_tiny(size: Element | None) -> bool:
    return size is not None and float(size.get("val", _TINY)) < _TINY


def _colour(stated: Element | None) -> tuple[str, ...] | None:
    """A colour as stated, for comparison; None for the default one of letters and backgrounds."""
    if stated is None or stated.get("indexed") == _USUAL or not _COLOURS.intersection(stated.keys()):
        return None
    return stated.get("rgb", "")[-6:].upper(), *(stated.get(name, "") for name in ("indexed", "theme", "tint"))


def _solid(fill: Element) -> Element | None:
    """The colour of a fill without a pattern."""
    pattern = fill.find("{*}patternFill")
    return pattern.find("{*}fgColor") if pattern is not None and pattern.get("patternType") == "solid" else None


def _is_coloured(fill: Element) -> bool:
    """Whether white letters are visible on a fill."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return len(fill) > 0
    kind = pattern.get("patternType", "none")
    return kind != "none" and not (kind == "solid" and _is_white(pattern.find("{*}fgColor")))


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in runs of several looks: the visible part on white and on colour, and whether parts are struck out."""

    on_white: str
    on_colour: str
    is_struck: bool = False

    @property
    def is_seen(self) -> bool:
        """Whether all of it is visible on any colour."""
        return not self.is_struck and self.on_white == self.on_colour

    @classmethod
    def of(cls, item: Element) -> _Text:
        """A text item without its phonetic runs and the raised marks of footnotes."""
        if len(item) == 1 and not len(item[0]):
            text = _printed(item[0].text or "")
            return cls(text, text)
        on_white, on_colour = [], []
        is_struck = False
        for run in item:
            if run.tag.endswith("rPh"):
                continue
            text = "".join(t.text or "" for t in run.iter("{*}t"))
            look = run.find("{*}rPr")
            if look is not None:
                raised = look.find("{*}vertAlign")
                if text and raised is not None and raised.get("val") in ("superscript", "subscript"):
                    text = f"{RAISED}{text}{BACK}"
                if _is_on(look.find("{*}strike")) or _is_tiny(look.find("{*}sz")):
                    is_struck = is_struck or bool(text)
                    continue
                if _is_white(look.find("{*}color")):
                    on_colour.append(text)
                    continue
            on_white.append(text)
            on_colour.append(text)
        white, colour = (_printed(without_marks("".join(parts))) for parts in (on_white, on_colour))
        return cls(white, colour, is_struck)


class _SheetReader:
    """Reads the sheets of one workbook."""

    def __init__(self, package: Package, texts: list[_Text], styles: _Styles) -> None:
        self.package = package
        self.texts = texts
        # by their numbers as sheets write them, without the few of which something may not be seen
        self.strings = {str(n): text.on_white for n, text in enumerate(texts) if text.is_seen}
        self.styles = styles
        self.renderers = styles.renderers
        self.default = self.renderers.get("0", renderer(GENERAL))

    def read(self, member: str, sheet: Sheet) -> Sheet:
        content = self.package.read(member)
        scan = self._scan(_decoded(content))
        if scan is None:
            scan = self._scan(self._rewritten(xml_root(content, self.package.file_name, member), sheet))
        if scan is None:
            raise DocumentError(f"{self.package.file_name}: {member} is not written as in a spreadsheet")
        head, data, tail, values = scan
        if not values:
            check_xml(content, self.package.file_name, member)  # a sheet may be blank; a damaged one is not
        hides_zeros = _HIDES_ZEROS.search(head) is not None
        unseen, strings = self.styles.unseen, self.strings
        row = ""
        cells: dict[int, Cell] = {}
        last = -1
        for letters, number, style, kind, stored, inline in values:
            if number != row:
                row = number
                cells = sheet.rows.setdefault(int(number), {})
                last = max(cells) if cells else -1
            raw = None
            if kind == "inlineStr":
                text = _unescaped(inline)
            elif not stored:
                continue
            elif kind == "s":
                shared = strings.get(stored)
                text = self._in_runs(stored, style, f"{letters}{number}", sheet) if shared is None else shared
            elif not kind or kind == "n":
                if hides_zeros and not float(stored):
                    continue
                text = self.renderers.get(style, self.default)(stored)
                if text != stored:
                    raw = stored
            elif kind == "b":
                text = "TRUE" if stored == "1" else "FALSE"
            elif kind == "d":
                text = self.renderers.get(style, self.default)(serial_of(stored) or stored)
            else:
                text = _unescaped(stored)
            if text:
                column = _column(letters)
                if unseen and style in unseen:
                    sheet.unseen.append(f"{text!r} in {letters}{number}")
                    continue
                if column > last:
                    last = column
                elif column in cells:
                    sheet.twice.append(f"{letters}{number} ({cells[column].text!r} and {text!r})")
                cells[column] = shared_cell(text, column, 1, 1, raw)
            elif raw is not None and float(raw):
                sheet.unseen.append(f"{raw} in {letters}{number}")
        if "cfRule" in tail and (self.styles.looks or "<extLst" in tail or " showValue=" in tail):
            self._look_at_conditions(xml_root(content, self.package.file_name, member), sheet, values)
        last = max(sheet.rows, default=0)
        for left, top, right, bottom in _MERGED.findall(tail):
            sheet.merge(int(top), _column(left), min(int(bottom), last), _column(right))
        if "<f" in data:
            sheet.uncalculated = len(_UNCALCULATED.findall(data))
        if " hidden=" in data or ' ht="0' in data or ' ht="1' in data:
            sheet.hidden_rows = set(map(int, _HIDDEN_ROW.findall(data)))
        sheet.hidden_columns = [range(int(first) - 1, int(end)) for first, end in _HIDDEN_COLUMNS.findall(head)]
        return sheet

    def _look_at_conditions(self, root: Element, sheet: Sheet, values: list[tuple[str, ...]]) -> None:
        """Apply the conditional formats that hide something or print it in another way."""
        found = [
            (int(rule.get("priority", 0)), conditional)
            for path in _CONDITIONAL_FORMATS
            for block in root.iterfind(path)
            for rule in block.iterfind("{*}cfRule")
            for conditional in _conditionals(
                rule, block.get("sqref") or block.findtext("{*}sqref") or "", self.styles.looks
            )
        ]
        on_colour = {
            (int(number), _column(letters)) for letters, number, style, *_ in values if style in self.styles.coloured
        }
        apply([conditional for _, conditional in sorted(found, key=itemgetter(0))], sheet, on_colour)

    def _in_runs(self, index: str, style: str, place: str, sheet: Sheet) -> str:
        """A text of the shared table that may be partly invisible."""
        if not index.isdecimal() or int(index) >= len(self.texts):
            raise DocumentError(
                f"{self.package.file_name}: sheet {sheet.name!r}, cell {place}: the text number {index[:20]} is not in"
                f" the workbook, which has {len(self.texts)}"
            )
        return self._seen(self.texts[int(index)], style, place, sheet)

    def _seen(self, text: _Text, style: str, place: str, sheet: Sheet) -> str:
        """The visible part of a text in a cell; the rest is noted."""
        on_colour = style in self.styles.coloured
        if text.is_struck or not (on_colour or text.is_seen):
            sheet.unseen.append(f"a part of {place}")
        return text.on_colour if on_colour else text.on_white

    def _rewritten(self, root: Element, sheet: Sheet) -> str:
        """A sheet rewritten in the form that the scan expects."""
        for element in root.iter("*"):
            element.tag = etree.QName(element).localname
        number = 0
        for row in root.iterfind("sheetData/row"):
            number = int(row.get("r", number + 1))
            row.set("r", str(number))
            column = -1
            for cell in row.iterfind("c"):
                # some programs leave references out: then cells follow one another
                reference = cell.get("r")
                column = _column(reference.rstrip("0123456789")) if reference else column + 1
                self._rewrite(cell, f"{column_name(column)}{number}", sheet)
        etree.cleanup_namespaces(root)
        return etree.tostring(root, encoding="unicode")

    def _rewrite(self, cell: Element, place: str, sheet: Sheet) -> None:
        style, kind = cell.get("s", ""), cell.get("t", "")
        inline, stored = cell.find("is"), cell.find("v")
        formula = cell.find("f")
        text = _Text.of(inline) if inline is not None and kind == "inlineStr" else None
        value = stored.text if stored is not None else None
        cell.clear()
        cell.set("r", place)
        if style:
            cell.set("s", style)
        if kind:
            cell.set("t", kind)
        if formula is not None:
            etree.SubElement(cell, "f").text = formula.text
        if text is not None:
            etree.SubElement(etree.SubElement(cell, "is"), "t").text = self._seen(text, style, place, sheet)
        elif value:
            etree.SubElement(cell, "v").text = value

    def _scan(self, xml: str) -> tuple[str, str, str, list[tuple[str, ...]]] | None:
        """The part before the cells, the cells, the part after them, and their values if none was missed."""
        head, start, rest = xml.partition("<sheetData")
        data, end, tail = rest.partition("</sheetData>")
        if not start or not (end or data.startswith("/>")):
            return None
        stored = data.count("<v") + data.count("<is")
        check_size(self.package.file_name, stored)
        values = _CELL.findall(data) if end else []
        return (head, data, tail, values) if not end or len(values) == stored else None


def _decoded(content: bytes) -> str:
    """A sheet as text; blank if it needs a parser: another encoding, comments, document types."""
    try:
        xml = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return "" if "<!" in xml or _OTHER_ENCODING.match(content) else xml


@lru_cache(maxsize=10_000)
def _unescaped(text: str) -> str:
    """A text of a sheet, without XML escapes."""
    return _printed(html.unescape(text))


def _printed(text: str) -> str:
    return as_line(_ESCAPED.sub(_character, text) if "_x" in text else text)


def _character(match: re.Match[str]) -> str:
    """A character that XML cannot contain, written as _x000D_."""
    character = chr(int(match[1], 16))
    return character if character.isprintable() else "\n"


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
