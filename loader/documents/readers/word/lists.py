"""The minus signs that lists put in front of their entries: Word makes a list of "- 11.50" while it is typed."""

from __future__ import annotations

from lxml.etree import _Element as Element

from loader.documents.readers.word.look import VAL, W
from loader.documents.readers.word.symbols import in_font, is_of_symbols

_InList = tuple[str, str]  # the number of a list and the level in it
_LISTED = f"{W}numPr"
_MOST_BASES = 20  # styles that are based on one another
# in front of a figure they are its sign
_LIST_SIGNS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d△▲负")


class WordLists:
    """The lists of a document that put a minus in front of their entries."""

    def __init__(self) -> None:
        self.signs: dict[_InList, str] = {}  # list and level → a sign in front of each entry
        self._of_styles: dict[str, _InList] = {}  # style of a paragraph → the list it belongs to

    def know(self, lists: Element) -> None:
        """Read the part with the lists."""
        self.signs = _signs_of_lists(lists)

    def know_styles(self, styles: Element) -> None:
        """Read which styles of paragraphs belong to lists, if any list has signs."""
        styles_by_id = {entry.get(f"{W}styleId", ""): entry for entry in styles.iterfind(f"{W}style")}
        for name in styles_by_id if self.signs else ():
            if (listed := _listed_by_styles(name, styles_by_id)) is not None:
                self._of_styles[name] = listed

    def sign_before(self, properties: Element) -> str:
        """The sign in front of a paragraph with these properties."""
        listed = self._listed(properties)
        return "" if listed is None else self.signs.get(listed, "")

    def _listed(self, properties: Element) -> _InList | None:
        """The list that a paragraph belongs to and its level there; each is stated by the paragraph or by its style."""
        number, level = _stated_list(properties)
        named = properties.find(f"{W}pStyle") if number is None and self._of_styles else None
        by_style = None if named is None else self._of_styles.get(named.get(VAL, ""))
        if by_style is not None:
            number, level = by_style[0], level or by_style[1]
        return None if number is None else (number, level or "0")


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
        number, own_level = _stated_list(entry.find(f"{W}pPr"))
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
