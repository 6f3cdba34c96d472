"""The look of a run of text in Word: whether it is visible, and whether it is raised or lowered.

The run states it itself or by the styles of run and paragraph. White letters are visible on a coloured background: that
of the run, its paragraph, its cell or its table.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from lxml.etree import _Element as Element

from loader.documents.readers.attribute import whole
from loader.documents.readers.colour import is_white as is_white_code

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"

_RPR, _SHD, _STYLE, _BASED_ON = (W + name for name in ("rPr", "shd", "style", "basedOn"))
_STRUCK = frozenset(W + name for name in ("vanish", "strike", "dstrike"))
_RAISES, _POSITION, _COLOR, _SIZE, _SCALE = (W + name for name in ("vertAlign", "position", "color", "sz", "w"))
_HIGHLIGHT, _RSTYLE, _PSTYLE, _TBL_STYLE = (W + name for name in ("highlight", "rStyle", "pStyle", "tblStyle"))
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_TEXT_FILL, _NO_FILL, _FILL_VALUE = (f"{_W14}{name}" for name in ("textFill", "noFill", "val"))
_FILL_COLOUR = f"{_W14}solidFill/{_W14}srgbClr"
_ALPHA = f"{_W14}alpha"
_CLEAR = 95_000  # thousandths of a per cent of what shines through; no letters are seen then
_HIGHLIGHTS = {"yellow": "FFFF00", "green": "00FF00", "cyan": "00FFFF", "red": "FF0000", "lightGray": "C0C0C0"}
_HIGHLIGHTS |= {"black": "000000", "blue": "0000FF", "magenta": "FF00FF", "darkBlue": "000080", "darkRed": "800000"}
_USUAL_INKS = frozenset({"", "AUTO"})  # which turn white on a dark ground
_BOX = f"{W}txbxContent"
_GROUNDS = {f"{W}p": f"{W}pPr", f"{W}tc": f"{W}tcPr", f"{W}tbl": f"{W}tblPr"}
_TINY = 2  # half points, or per cent of the usual width; nobody sees letters so small
_LIFTED = 4  # half points above or below the line; smaller letters so far from it are marks of footnotes
_MARK = 2  # characters
_OFF = frozenset({"0", "false", "off"})
_WHITE_THEMES = frozenset({"background1", "light1"})
_DEEPEST = 20  # styles that rest on one another


class WordLook:
    """The looks that the styles of one document give."""

    def __init__(self) -> None:
        self._styles: dict[str, list[Element]] = {}  # those that hide or raise, after the ones that they rest on
        self._hiding: set[str] = set()
        self._coloured: set[str] = set()  # styles of tables with coloured cells

    def know(self, styles: Element) -> None:
        """Add the styles of the document."""
        entries = {entry.get(f"{W}styleId", ""): entry for entry in styles.iterfind(_STYLE)}
        for key, entry in entries.items():
            looks = list(_rests_on(key, entries))[::-1]
            if any(_matters(part) for look in looks for part in look):
                self._styles[key] = looks
                if _struck(chain.from_iterable(looks)):
                    self._hiding.add(key)
            if entry.get(f"{W}type") == "table" and any(map(is_shade, entry.iter(_SHD))):
                self._coloured.add(key)

    def hides(self, paragraph: Element) -> bool:
        """Whether the style that the properties of a paragraph refer to hides it or strikes it out."""
        named = paragraph.find(_PSTYLE) if self._hiding else None
        return named is not None and named.get(VAL) in self._hiding

    def of(self, properties: Element) -> tuple[bool, bool]:
        """Whether a run with these properties is visible, and whether it is raised or lowered."""
        parts: Iterator[Element] = iter(properties)
        if self._styles and (named := properties.find(_RSTYLE)) is not None:
            parts = chain.from_iterable((*self._styles.get(named.get(VAL, ""), ()), properties))
        struck: set[str] = set()
        is_raised = is_lifted = has_size = is_tiny = is_white = is_shaded = False
        ink = ground = ""
        for part in parts:
            tag = part.tag
            if tag == _SIZE:
                has_size, is_tiny = True, _is_tiny(part)
            elif tag in _STRUCK:
                (struck.add if is_on(part) else struck.discard)(tag)
            elif tag == _COLOR:
                is_white, ink = _is_white(part), part.get(VAL, "").upper()
            elif tag == _RAISES:
                is_raised = part.get(VAL) in ("superscript", "subscript")
            elif tag == _SHD:
                is_shaded, ground = is_shade(part), part.get(f"{W}fill", "").upper()
            elif tag == _HIGHLIGHT:
                is_shaded = is_shaded or part.get(VAL) not in ("none", "white")
                ground = _HIGHLIGHTS.get(part.get(VAL, ""), ground)
            elif tag == _POSITION:
                is_lifted = (whole(part.get(VAL, "").removeprefix("-")) or 0) >= _LIFTED
            elif (tag == _SCALE and _is_tiny(part)) or (tag == _TEXT_FILL and _is_clear(part)):
                return False, False
            elif tag == _TEXT_FILL and (fill := part.find(_FILL_COLOUR)) is not None:
                is_white, ink = is_white_code(fill.get(_FILL_VALUE, "")), fill.get(_FILL_VALUE, "").upper()
        if struck or is_tiny or (ink not in _USUAL_INKS and ink == (ground or _ground_of_cell(properties))):
            return False, False
        is_seen = not is_white or is_shaded or self._is_on_colour(properties)
        return is_seen, is_raised or (is_lifted and (has_size or _is_mark(properties)))

    def _is_on_colour(self, properties: Element) -> bool:
        for above in properties.iterancestors(*_GROUNDS, _BOX):
            if above.tag == _BOX:
                return True  # shapes have colours of their own
            ground = above.find(_GROUNDS[above.tag])
            if ground is None:
                continue
            shade, style = ground.find(_SHD), ground.find(_TBL_STYLE)
            if shade is not None and is_shade(shade):
                return True
            if style is not None and style.get(VAL) in self._coloured:
                return True
        return False


def _is_clear(fill: Element) -> bool:
    """Whether letters are not filled, or nearly transparent."""
    clear = (whole(alpha.get(_FILL_VALUE)) or 0 for alpha in fill.iter(_ALPHA))
    return fill.find(_NO_FILL) is not None or max(clear, default=0) >= _CLEAR


def _is_mark(properties: Element) -> bool:
    """Whether a raised run is one or two digits after a run that is not raised."""
    run = properties.getparent()
    before = None if run is None else run.getprevious()
    if run is None or before is None or before.tag != f"{W}r" or before.find(f"{_RPR}/{_POSITION}") is not None:
        return False
    return len("".join(text.text or "" for text in run.iter(f"{W}t"))) <= _MARK


def _ground_of_cell(properties: Element) -> str:
    """The background colour (RRGGBB) that the cell around a run states, "" if none."""
    shade = next((cell.find(f"{W}tcPr/{W}shd") for cell in properties.iterancestors(f"{W}tc")), None)
    return "" if shade is None else shade.get(f"{W}fill", "").upper()


def is_on(switch: Element) -> bool:
    """Whether a property that is on or off is on."""
    return switch.get(VAL) not in _OFF


def is_shade(shade: Element) -> bool:
    """Whether a background is coloured."""
    fill = shade.get(f"{W}fill", "auto")
    return (fill not in ("", "auto") and not is_white_code(fill)) or shade.get(VAL) not in (None, "clear", "nil")


def _rests_on(key: str, styles: dict[str, Element]) -> Iterator[Element]:
    """The run properties of a style and of those that it is based on."""
    for _ in range(_DEEPEST):
        style = styles.get(key)
        if style is None:
            return
        if (look := style.find(_RPR)) is not None:
            yield look
        based = style.find(_BASED_ON)
        key = "" if based is None else based.get(VAL, "")


def _matters(part: Element) -> bool:
    """Whether a property of a style hides or raises text."""
    tag = part.tag
    if tag == _COLOR:
        return _is_white(part)
    return tag in _STRUCK or tag == _RAISES or (tag in (_SIZE, _SCALE) and _is_tiny(part))


def _struck(parts: Iterator[Element]) -> set[str]:
    struck: set[str] = set()
    for part in parts:
        if part.tag in _STRUCK:
            (struck.add if is_on(part) else struck.discard)(part.tag)
    return struck


def _is_tiny(part: Element) -> bool:
    return (whole(part.get(VAL)) or _TINY + 1) <= _TINY


def _is_white(colour: Element) -> bool:
    theme = colour.get(f"{W}themeColor")
    if theme is not None:
        return theme in _WHITE_THEMES and colour.get(f"{W}themeShade") is None
    return is_white_code(colour.get(VAL, ""))
