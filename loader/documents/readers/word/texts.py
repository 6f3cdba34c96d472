"""The printed text of paragraphs of Word: its runs, fields, formulas and symbols."""

from __future__ import annotations

from contextlib import suppress

from lxml.etree import _Element as Element

from loader.documents.grid import DocumentError
from loader.documents.readers.cell_text import BACK, RAISED, without_marks
from loader.documents.readers.word.elements import ALTERNATIVES, R, T
from loader.documents.readers.word.fields import Field, chosen_in, shown
from loader.documents.readers.word.lists import WordLists
from loader.documents.readers.word.look import VAL, W, WordLook
from loader.documents.readers.word.package import WordPackage, root_of
from loader.documents.readers.word.pictures import PICTURES
from loader.documents.readers.word.symbols import in_font, is_of_symbols, symbol

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_RPR, _PPR = W + "rPr", W + "pPr"
# what is not printed: properties, deleted and moved text, field codes, the reading above ruby text
_UNPRINTED = frozenset(W + name for name in ("pPr", "rPr", "del", "moveFrom", "instrText", "delText", "rt"))
_PRINTED = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_PICTURES = frozenset(W + name for name in ("drawing", "pict", "object"))
_BOX, _SYM, _FONTS = W + "txbxContent", W + "sym", W + "rFonts"
_FIELD_MARK, _FIELD_CODE, _FIELD_MARK_KIND = W + "fldChar", W + "instrText", W + "fldCharType"
_OBJECT, _OLE = f"{W}object", "{urn:schemas-microsoft-com:office:office}OLEObject"
_SIMPLE_FIELD, _TURNED = f"{W}fldSimple", f"{W}bdo"
_FORMULA_TEXT, _POWER, _INDEX, _DENOMINATOR = (_M + name for name in ("t", "sup", "sub", "den"))
_FORMULA_PARTS = frozenset(_M + name for name in ("e", "lim"))  # several beside one another are no one number
_FORMULA_MARKS = {_POWER: "^", _INDEX: "_", _DENOMINATOR: "/"}  # so that 10⁴ is not 104, nor ½ 12
_HIDES = (b"vanish", b"strike", b"vertAlign")  # what styles hide or raise text by
_IN_LIST = b"numpr"  # in small letters
_SYMBOL_FONTS = (b'"symbol', b'"wingdings', b'"webdings')
_WHITE = (b"ffffff", b"background1", b"light1")


class WordTexts:
    """Reads the texts of a document from top to bottom."""

    def __init__(self, package: WordPackage) -> None:
        self.unseen: list[str] = []
        self.uncalculated = 0  # formulas without a result
        self.objects: list[str] = []  # of other programs, by their kinds
        self._look = WordLook()
        self._lists = WordLists()
        self._fields: list[Field] = []  # those around what is read of a paragraph
        main = package.main.lower()
        self._has_symbols = any(name in main for name in _SYMBOL_FONTS)  # letters of fonts that show pictures
        self._know_styles(package, has_white=any(word in main for word in _WHITE), has_lists=_IN_LIST in main)

    def _know_styles(self, package: WordPackage, has_white: bool, has_lists: bool) -> None:
        """Read the styles that hide or raise text, colour the background of white text, or put a minus in front of it.
        Damaged styles have no effect. Parsing them takes as long as the document, so it is done only if it may
        matter."""
        content = package.part_for("styles")
        if (has_lists or _IN_LIST in content.lower()) and (lists := package.part_for("numbering")):
            with suppress(DocumentError):
                self._lists.know(root_of(lists, package.file_name, "its lists"))
        if not content or not (has_white or self._lists.signs or any(word in content for word in _HIDES)):
            return
        with suppress(DocumentError):
            entries = root_of(content, package.file_name, "its list of styles")
            self._look.know(entries)
            self._lists.know_styles(entries)

    def of(self, paragraph: Element) -> tuple[str, list[Element]]:
        """The printed text of a paragraph, and the text boxes and pictures (``PICTURES``) anchored in it."""
        parts: list[str] = []
        boxes: list[Element] = []
        self._fields.clear()
        for child in paragraph:
            if child.tag == R:
                self._run(child, parts, boxes)
            elif child.tag != _PPR:
                self._inline(child, parts, boxes)
            elif self._look.hides(child):
                self.unseen.append("".join(text.text or "" for text in paragraph.iter(T)))
                return "", boxes
            elif self._lists.signs and (sign := self._lists.sign_before(child)):
                parts.append(sign)
        if not parts:
            return "", boxes
        return without_marks("".join(parts)), boxes

    def _run(self, run: Element, parts: list[str], boxes: list[Element]) -> None:
        is_raised = False
        font = ""
        for child in run:
            tag = child.tag
            if tag == T:
                text = child.text or ""
                parts.append(in_font(font, text) if font else text)
            elif tag == _RPR:
                is_seen, is_raised = self._look.of(child)
                if not is_seen:
                    self.unseen.append("".join(text.text or "" for text in run.iter(T)))
                    return
                if is_raised:
                    parts.append(RAISED)
                if self._has_symbols and (fonts := child.find(_FONTS)) is not None:
                    stated = fonts.get(f"{W}ascii", "")
                    font = stated if is_of_symbols(stated) else ""
            else:
                self._inline(child, parts, boxes)
        if is_raised:
            parts.append(BACK)

    def _inline(self, element: Element, parts: list[str], boxes: list[Element]) -> None:
        """The contents of a paragraph or a run other than plain text."""
        tag = element.tag
        if tag == _FIELD_CODE and self._fields and not self._fields[-1].has_result:
            self._fields[-1].code += element.text or ""
        if tag in _UNPRINTED:
            return
        if tag == _FIELD_MARK:
            self._field_mark(element, parts)
        elif tag == _TURNED and element.get(VAL) == "rtl":
            parts.append("\u202e")
            for child in element:
                self._inline(child, parts, boxes)
            parts.append("\u202c")
        elif tag == R:
            self._run(element, parts, boxes)
        elif tag in (T, _FORMULA_TEXT):
            parts.append(element.text or "")
        elif tag in _PRINTED:
            parts.append(_PRINTED[tag])
        elif tag == _SYM:
            parts.append(symbol(element.get(W + "font", ""), element.get(W + "char", "")))
        elif tag == _BOX or tag in PICTURES:
            boxes.append(element)
        elif tag == ALTERNATIVES:
            # the same content twice, for new and old programs
            for first in element:
                self._inline(first, parts, boxes)
                break
        else:
            if tag in _FORMULA_MARKS and len(element):
                parts.append(_FORMULA_MARKS[tag])
            elif tag == _SIMPLE_FIELD and element.get(f"{W}instr", "").lstrip().startswith("="):
                self.uncalculated += not any((text.text or "").strip() for text in element.iter(T))
            elif tag in _PICTURES or (tag in _FORMULA_PARTS and element.getprevious() is not None):
                parts.append(" ")
            if tag == _OBJECT:
                self.objects += (found.get("ProgID", "") for found in element.iter(_OLE))
            for child in element:
                self._inline(child, parts, boxes)

    def _field_mark(self, mark: Element, parts: list[str]) -> None:
        """The beginning, middle or end of a field. Its code is not printed, its result is."""
        kind = mark.get(_FIELD_MARK_KIND)
        if kind == "begin":
            self._fields.append(Field(len(parts), chosen_in(mark) and f'QUOTE "{chosen_in(mark)}"'))
        elif not self._fields:
            return
        elif kind == "separate":
            found = self._fields[-1]
            found.has_result = True
            _cut(parts, found.start)
        else:
            found = self._fields.pop()
            if not found.has_result or not "".join(parts[found.start :]).strip(f"{RAISED}{BACK} "):
                _cut(parts, found.start)
                parts.append(shown(found.code))
                self.uncalculated += found.code.lstrip().startswith("=")


def _cut(parts: list[str], start: int) -> None:
    """Remove the code of a field from a text, but not the beginning of what is raised."""
    gone = parts[start:]
    parts[start:] = [RAISED] if gone.count(RAISED) > gone.count(BACK) else []
