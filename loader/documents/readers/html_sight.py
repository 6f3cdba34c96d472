"""What a page shows of its elements: rules of its own style sheets, their own styles, and what is struck out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import _Element as Element

from loader.documents.readers.html_selectors import Elements, Selector, having, selectors
from loader.documents.readers.html_values import (
    PIXELS,
    SCREEN,
    definitions,
    is_everywhere,
    is_nothing,
    is_tiny,
    is_transparent,
    is_white,
    leaves_no_room,
    pixels,
    settled,
    with_sums,
)

_STRUCK = frozenset({"del", "s", "strike"})
_RAISED = frozenset({"sup", "sub"})
# what takes an element out of the page, hides it and all in it, or hides it as far as parts of it do not say otherwise
_GONE = ("display",)
_WHOLLY = ("opacity", "text-decoration", "place")
_INHERITED = ("visibility", "font-size", "mso-hide", "color", "transparent")
_UNSEEN = frozenset({*_GONE, *_WHOLLY, *_INHERITED, "vertical-align"})  # of texts that styles add
# a page without these words shows all of its elements
_WORDS = (
    "none",
    "hid",
    "collaps",
    "through",
    "size:0",
    "size: 0",
    "size:.",
    "font:",
    "opacity",
    "#f",
    "white",
    "rgb",
    "transparent",
    "-999",
    "clip",
    "scale",
    "translate",
    "overflow",
    "fill-color",
    "inset",
    "block",
    "flex",
    "grid",
    "list-item",
    "table-cell",
    "float",
    "absolute",
    "snow",
    "hsl",
    "bidi",
    "calc(",
    "zoom",
    "matrix",
    "rotate",
    "lab(",
    "lch(",
    "hwb(",
    "color(",
)
_TAGS = ("relative", "<sup", "<sub", "<del", "<s>", "<s ", "<strike", "<dialog", "<details", "<bdo")
_LIFTS = re.compile(r"vertical-align\s*:\s*(?:super|sub|text-top|top|[\d.])|font-size\s*:\s*1(?:\.\d+)?p[xt]")
_OF_ONE_COLOUR = re.compile(r"[^-]color\s*:\s*([#\w]{3,20})\s*;\s*background(?:-color)?\s*:\s*\1\b")
_FAINT = re.compile(r"color\s*:\s*#(?:[0-9a-f]{6}0[0-9a-d]|[0-9a-f]{3}0)\b")  # with all but no alpha
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_DEEPEST = 6  # blocks within one another
_SMALLEST_ZOOM = 0.1
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_FONT_ZERO = re.compile(r"(?:^|\s)0(?:px|pt|em|rem|%)?(?:$|[\s/])")
_AWAY = -900.0  # pixels; what stands so far to the left or above is no part of the page
_SIDES = ("left", "top", "right", "bottom", "text-indent", "margin-left")
_LIFTED = 2.0  # pixels above the line; letters so high are marks of footnotes
_SMALLER = re.compile(r"smaller|x+-small|(?:[1-8]\d?|[1-9])(?:\.\d+)?%|0?\.\d+r?em")  # than the letters around
_CLIPPED = re.compile(
    r"rect\(\s*([^,\s)]+)(?:[,\s]+\1){3}\s*\)|inset\((?:50|100)%\)|circle\(0(?:px|%)?\)|polygon\(([^,)]*)(?:,\s*\2)*\)"
)
_MOVED = re.compile(r"translate(?:x|y|3d)?\(\s*([-\d.]+(?:px|pt|r?em|v[wh])?)")
# possessive, or a run of spaces would be tried at every place where it can be parted
_SCALED = re.compile(
    r"scale(?:x|y|3d)?\(\s*+0*+(?:\.0++)?+\s*+[,)]|matrix\(\s*+0(?:\.0++)?+\s*+,\s*+0(?:\.0++)?+\s*+,"
    r"|rotate[xy]\(\s*+[-+]?(?:90|270)deg"
)
_FILTERED = re.compile(r"opacity\(\s*+0*+(?:\.0++)?+%?+\s*+\)")
_BLOCKS = frozenset({"block", "flex", "grid", "list-item", "table", "table-row", "table-cell", "flow-root"})
_ROWS_OF_BLOCKS = frozenset({"flex", "inline-flex", "grid", "inline-grid"})
_NO_BACKGROUND = frozenset({None, "", "none", "transparent", "inherit", "initial"})
_ADDS = re.compile(r"content\s*:\s*(?:[\"']|attr\()")
_CONTENT = re.compile(r"""(?:^|[;\s])content\s*:((?:"[^"]*"|'[^']*'|[^;"'])*)""", re.IGNORECASE)
_ADDED_TEXT = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|attr\(\s*([\w-]+)\s*\))""")
_ESCAPED = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_LONGEST_CONTENT = 500  # characters as the sheet states them
_LONGEST_ADDED = 100  # characters; signs, units and words, no matter how many elements they are added to
_PICTURES = re.compile("[\ue000-\uf8ff]")  # characters of fonts of icons
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_SIZE = re.compile(
    r"(?:(min|max)-(?:device-)?(width|height)\s*:|(width|height)\s*([<>])=?)\s*(\d+(?:\.\d+)?)\s*(px|r?em)"
)
_OTHER_SCREENS = re.compile(r"orientation\s*:\s*portrait|color-scheme\s*:\s*dark|hover\s*:\s*none|pointer\s*:\s*coarse")

# no rules of these do what they say of letters or boxes
_CELLS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "col", "colgroup"})

# no text is added to what shows something else
_REPLACED = frozenset({"img", "input", "br", "hr", "select", "textarea", "object", "video", "canvas", "col", "tr"})

Said = dict[str, bool]  # property → whether it hides (raises, parts lines, turns round), by what is said of an element
_Rank = tuple[int, ...]
# what elements and attributes mean goes before no rule, an own style before all but what is important
_ELEMENT, _OWN = (0, 0), (0, 1)
_STRIKES, _HIDES = {"text-decoration": True}, {"display": True}
_TURNS = {"unicode-bidi", "direction"}  # together


@dataclass(frozen=True, slots=True)
class Sight:
    """Elements that have no place in the page, elements that keep their place and are not seen, raised ones, and those
    that begin and end a line by their style; and how many rules took too long to be followed."""

    gone: frozenset[Element] = frozenset()
    unseen: frozenset[Element] = frozenset()
    raised: frozenset[Element] = frozenset()
    blocks: frozenset[Element] = frozenset()
    rules_left_aside: int = 0


def sight_of(root: Element, page: str, file_name: str) -> Sight:
    """What a page shows. DocumentError if its rules are too many to be matched."""
    lowered = page.lower()
    if not any(word in lowered for word in (*_WORDS, *_TAGS)) and not (
        (("vertical-align" in lowered or "font-size" in lowered) and _LIFTS.search(lowered))
        or ("background" in lowered and _OF_ONE_COLOUR.search(lowered))
        or ("#" in lowered and _FAINT.search(lowered))
        or _ADDS.search(lowered)
    ):
        return Sight()
    styles = _Styles(root, Elements(root, file_name))
    styles.read()
    return styles.sight()


@lru_cache(maxsize=10_000)
def _said(style: str) -> Said:
    """What declarations say of the properties that matter."""
    said: Said = {}
    stated: dict[str, str] = {}
    for declaration in with_sums(style.lower()).split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip(), value.replace("!important", "").strip()
        stated[name] = value
        if name == "display":
            said[name], said["block"], said["row"] = value == "none", value in _BLOCKS, value in _ROWS_OF_BLOCKS
        elif name == "visibility":
            said[name] = value in ("hidden", "collapse")
        elif name == "mso-hide":
            said[name] = value == "all"
        elif name == "content-visibility":
            said["visibility"] = value == "hidden"
        elif name == "font-size":
            said[name] = is_tiny(value)
        elif name == "font":
            said["font-size"] = bool(_FONT_ZERO.search(value))
        elif name == "opacity":
            said[name] = is_nothing(value)
        elif name in ("text-decoration", "text-decoration-line"):
            said["text-decoration"] = "line-through" in value
        elif name == "vertical-align":
            said[name] = value in ("super", "sub", "text-top") or pixels(value) >= _LIFTED
        elif name == "color" or name.endswith("text-fill-color"):
            said["color"], said["transparent"] = is_white(value), is_transparent(value)
        elif name == "unicode-bidi":
            said[name] = value.endswith("override")
        elif name == "direction" and value in ("ltr", "rtl"):
            said[name] = value == "rtl"
        elif name == "filter":
            said["opacity"] = _FILTERED.search(value) is not None
        elif name in ("background", "background-color", "background-image"):
            said["background"] = value not in _NO_BACKGROUND and not is_white(value)
    lifted = max(-pixels(stated.get("top", "")), pixels(stated.get("bottom", "")))
    if stated.get("position") == "relative" and lifted >= _LIFTED:
        said["vertical-align"] = True
    if stated.get("vertical-align") == "top" and _SMALLER.match(stated.get("font-size", "")):
        said["vertical-align"] = True
    if _is_out_of_place(stated):
        said["place"] = True
    if stated.get("float", "none") != "none" or stated.get("position") in ("absolute", "fixed"):
        said["block"] = True
    if said.get("opacity") and ("animation" in stated or "animation-name" in stated):
        said["opacity"] = False  # it comes forth
    if 0 < pixels(stated.get("zoom", "")) < _SMALLEST_ZOOM:
        said["opacity"] = True
    ground = stated.get("background-color") or stated.get("background")
    if ground not in _NO_BACKGROUND and ground == stated.get("color"):
        said["opacity"] = True
    return said


def _is_out_of_place(stated: dict[str, str]) -> bool:
    """Whether declarations move an element off the page, or leave no room to see it."""
    moved = _MOVED.findall(stated.get("transform", ""))
    if any(pixels(size) <= _AWAY for size in (*(stated.get(name, "") for name in _SIDES), *moved)):
        return True
    if any(pixels(size) <= _AWAY for size in stated.get("inset", "").split()):
        return True
    if _SCALED.search(stated.get("transform", "")) or is_nothing(stated.get("scale", "1")):
        return True
    if any(_CLIPPED.match(stated.get(name, "")) for name in ("clip", "clip-path")):
        return True
    sizes = (stated.get(name, "") for name in ("height", "max-height", "width", "max-width"))
    is_cut = any(stated.get(name, "") in ("hidden", "clip") for name in ("overflow", "overflow-x", "overflow-y"))
    return is_cut and any(map(leaves_no_room, sizes))


class _Rule(NamedTuple):
    """What a selector is told; ``content`` is the text that it adds, as the sheet states it."""

    selector: Selector
    is_important: bool
    said: Said
    content: str | None


@dataclass(slots=True)
class _Styles:
    """What is said of the elements of one page."""

    root: Element
    elements: Elements
    said: dict[Element, dict[str, tuple[_Rank, bool]]] = field(default_factory=lambda: defaultdict(dict))

    def read(self) -> None:
        """Rules first, then what the elements say of themselves."""
        sheets = [sheet.text or "" for sheet in self.root.iter("style") if is_for_screen(sheet.get("media", ""))]
        names_of_values = _names(sheets)
        rules = [rule for sheet in sheets for rule in _rules(sheet, names_of_values)]
        fonts = [(e, _said(f"color:{e.get('color')}"), _ELEMENT) for e in self.root.iter("font") if e.get("color")]
        struck = [(element, _STRIKES, _ELEMENT) for element in self.root.iter(*_STRUCK)]
        hidden = [(element, _HIDES, _ELEMENT) for element in having(self.root, "hidden")]
        hidden += [(e, _HIDES, _ELEMENT) for e in self.root.iter("dialog") if e.get("open") is None]
        hidden += [(part, _HIDES, _ELEMENT) for part in _folded(self.root)]
        turned = [(e, {"unicode-bidi": True}, _ELEMENT) for e in self.root.iter("bdo")]
        turned += [(e, _said(f"direction:{e.get('dir')}"), _ELEMENT) for e in having(self.root, "dir")]
        styled = [
            (element, said, (int(is_important), *_OWN[1:]))
            for element in having(self.root, "style")
            for is_important, said in _declared(_own(element.get("style", ""), names_of_values))
        ]
        of_elements = [*fonts, *struck, *hidden, *turned, *styled]
        of_rules = {name for rule in rules for name, hides in rule.said.items() if hides}
        names = of_rules.union(name for _, said, _ in of_elements for name, hides in said.items() if hides)
        if "color" not in names:
            names.discard("background")
        is_turned = names >= _TURNS
        if not is_turned:
            names -= _TURNS
        # what nothing hides by need not be followed
        if of_rules & names or is_turned:
            for order, rule in enumerate(rules):
                if names & rule.said.keys() and not rule.selector.added:
                    for element in self.elements.matching(rule.selector):
                        _say(self.said[element], rule, order)
        for element, said, rank in of_elements:
            if names & said.keys():
                _say_all(self.said[element], said, rank)
        self._add_texts([rule for rule in rules if rule.selector.added])

    def _add_texts(self, rules: list[_Rule]) -> None:
        """Put the texts that rules add before or after those of elements into the page."""
        contents: dict[tuple[Element, str], tuple[_Rank, str]] = {}
        looks: dict[tuple[Element, str], dict[str, tuple[_Rank, bool]]] = defaultdict(dict)
        for order, rule in enumerate(rules if any(rule.content for rule in rules) else ()):
            for element in self.elements.matching(rule.selector):
                key, rank = (element, rule.selector.added), _rank(rule, order)
                if rule.content is not None and (key not in contents or rank >= contents[key][0]):
                    contents[key] = rank, rule.content
                _say_all(looks[key], rule.said, rank)
        for (element, where), (_, content) in contents.items():
            is_unseen = any(value and name in _UNSEEN for name, (_, value) in looks[element, where].items())
            text = "" if is_unseen or element.tag in _REPLACED else _added(content, element)
            if not text:
                continue
            if where == "before":
                element.text = text + (element.text or "")
            else:
                _append(element, text)

    def sight(self) -> Sight:
        """The elements that are not seen or raised."""
        says: dict[tuple[str, bool], set[Element]] = defaultdict(set)
        for element, known in self.said.items():
            for name, (_, value) in known.items():
                says[name, value].add(element)
        unseen = {element for name in _WHOLLY for element in says[name, True]}
        unseen -= {element for element in says["place", True] if element.tag in _CELLS}  # these grow with their text
        for name in _INHERITED:
            hides = says[name, True]
            if name == "color":
                hides = {element for element in hides if not self._has_background(element)}
            if hides:
                shown = says[name, False]
                around = _around(shown)
                unseen |= hides - around
                for element in hides & around:
                    beside = _beside(element, shown | hides, around)
                    unseen.update(beside if name != "color" else filter(self._is_on_paper, beside))
        self._mark_turned(says["unicode-bidi", True])
        lifted = {element for element in says["vertical-align", True] if element.tag not in _CELLS}
        raised = lifted | set(self.root.iter(*_RAISED))
        gone = {element for name in _GONE for element in says[name, True]}
        blocks = says["block", True].union(*says["row", True])  # and what stands in a row of boxes
        left_aside = self.elements.left_aside
        return Sight(frozenset(gone), frozenset(unseen), frozenset(raised), frozenset(blocks), left_aside)

    def _mark_turned(self, overridden: set[Element]) -> None:
        """Say by the marks of Unicode which characters stand from right to left whatever they are, and which in these
        do not."""
        turned = {element for element in overridden if self._is_from_right(element)}
        around = _around(overridden - turned) & turned
        for element in overridden:
            if element in turned or any(above in around for above in element.iterancestors()):
                element.text = ("\u202e" if element in turned else "\u202d") + (element.text or "")
                _append(element, "\u202c")

    def _is_from_right(self, element: Element) -> bool:
        """Whether the direction that an element has, or the nearest one around that has any, is from right to left."""
        above: Element | None = element
        while above is not None:
            self.elements.step()
            _, from_right = self.said.get(above, {}).get("direction", ((), None))
            if from_right is not None:
                return from_right
            above = above.getparent()
        return False

    def _is_on_paper(self, element: Element) -> bool:
        """Whether nothing in an element has a ground of its own, on which white letters may be seen."""
        for part in element.iter():
            self.elements.step()
            if self.said.get(part, {}).get("background", ((), False))[1] or part.get("bgcolor"):
                return False
        return True

    def _has_background(self, element: Element) -> bool:
        """Whether white letters may be seen, as on a coloured heading; style sheets elsewhere may colour any class."""
        elsewhere = next(self.root.iter("link"), None) is not None
        above: Element | None = element
        while above is not None:
            self.elements.step()
            _, is_coloured = self.said.get(above, {}).get("background", ((), False))
            if is_coloured or above.get("bgcolor") or above.get("background"):
                return True
            if elsewhere and (above.get("class") or above.get("id")):
                return True
            above = above.getparent()
        return False


def _append(element: Element, text: str) -> None:
    """Let an element end with a text."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _say(known: dict[str, tuple[_Rank, bool]], rule: _Rule, order: int) -> None:
    _say_all(known, rule.said, _rank(rule, order))


def _rank(rule: _Rule, order: int) -> _Rank:
    return int(rule.is_important), 0, *rule.selector.weight, order


def _say_all(known: dict[str, tuple[_Rank, bool]], said: Said, rank: _Rank) -> None:
    for name, value in said.items():
        if name not in known or rank >= known[name][0]:
            known[name] = rank, value


def _folded(root: Element) -> Iterator[Element]:
    """What closed details do not show: all but their summary. Texts directly in them are taken out."""
    for details in root.iter("details"):
        if details.get("open") is None:
            details.text = None
            for part in details:
                part.tail = None
                if part.tag != "summary":
                    yield part


def _beside(element: Element, shown: set[Element], around: set[Element]) -> Iterator[Element]:
    """The parts of a hidden element beside those that are shown all the same. Texts directly in it are taken out."""
    waiting = [element]
    while waiting:
        around_others = waiting.pop()
        around_others.text = None
        for part in around_others:
            part.tail = None
            if part in shown:
                continue
            if part in around:
                waiting.append(part)
            else:
                yield part


def _added(content: str, element: Element) -> str:
    """The text that a style adds to an element; "" if it is a picture, a counter or the like."""
    parts = []
    place = 0
    content = content.replace("!important", "").partition(" / ")[0].strip()
    while place < len(content):
        found = _ADDED_TEXT.match(content, place)
        if found is None:
            return ""
        stated = next((text for text in found.groups()[:2] if text is not None), None)
        parts.append(element.get(found[3].lower(), "") if stated is None else _ESCAPED.sub(_unescaped, stated))
        place = found.end()
    text = "".join(parts).replace("\n", " ")
    return (
        ""
        if len(text) > _LONGEST_ADDED or _PICTURES.search(text) or not text.replace("\xa0", " ").isprintable()
        else text
    )


def _unescaped(escaped: re.Match[str]) -> str:
    if escaped[1] is None:
        return escaped[2]
    code = int(escaped[1], 16)
    return chr(code) if code < 0x110000 else "\ufffd"


def _around(elements: Iterable[Element]) -> set[Element]:
    """The elements around some."""
    found: set[Element] = set()
    for element in elements:
        for above in element.iterancestors():
            if above in found:
                break
            found.add(above)
    return found


def _own(style: str, names: Mapping[str, str]) -> str:
    """What an element says of itself; ``names`` stand for values."""
    return settled(style, {**names, **definitions(style)}) if "var(" in style else style


@lru_cache(maxsize=10_000)
def _declared(style: str) -> tuple[tuple[bool, Said], ...]:
    """What declarations say, apart those that are important."""
    if "!important" not in style.lower():
        return ((False, _said(style)),)
    parts: tuple[list[str], list[str]] = [], []
    for declaration in style.split(";"):
        parts["!important" in declaration.lower()].append(declaration)
    return tuple((bool(number), _said(";".join(part))) for number, part in enumerate(parts) if part)


def _rules(sheet: str, names: Mapping[str, str]) -> Iterator[_Rule]:
    """What the rules that hold for a screen say; ``names`` stand for values."""
    for named, declarations in rules_for_screen(sheet):
        content = _CONTENT.search(declarations) if "content" in declarations else None
        for is_important, said in _declared(settled(declarations, names)):
            if said or content:
                for selector in selectors(named):
                    yield _Rule(selector, is_important, said, content[1][:_LONGEST_CONTENT] if content else None)


def _names(sheets: Iterable[str]) -> dict[str, str]:
    """The values that names stand for on the whole page, or wherever they stand for any."""
    found: dict[str, str] = {}
    elsewhere: dict[str, set[str]] = defaultdict(set)
    for sheet in sheets:
        for named, declarations in rules_for_screen(sheet) if "--" in sheet else ():
            if is_everywhere(named):
                found |= definitions(declarations)
            else:
                for name, value in definitions(declarations).items():
                    elsewhere[name].add(value)
    return {name: values.pop() for name, values in elsewhere.items() if len(values) == 1} | found


def rules_for_screen(sheet: str) -> Iterator[tuple[str, str]]:
    """The selectors and the declarations of the rules that hold for a screen, those within others included."""
    sheet = _COMMENT.sub("", sheet).replace("<!--", "").replace("-->", "")
    around: list[str] = []  # what the blocks are named that are open
    for block in _QUOTED.sub(_without_braces, sheet).split("}"):
        *names, declarations = block.split("{")
        for name in names:
            if ";" in name and (around or name.lstrip().startswith("@")):  # behind declarations, or behind @import
                before, _, name = name.rpartition(";")
                if around:
                    yield from _named(around, before)
            around.append(name.strip())
        if around:
            yield from _named(around, declarations)
            around.pop()


def _without_braces(quoted: re.Match[str]) -> str:
    return quoted[0].replace("{", r"\7b ").replace("}", r"\7d ") if "{" in quoted[0] or "}" in quoted[0] else quoted[0]


def _named(around: list[str], declarations: str) -> Iterator[tuple[str, str]]:
    """The declarations of a block under its whole selector, if it holds for a screen."""
    if len(around) > _DEEPEST:
        return
    selector = ""
    for name in around:
        if name.startswith("@"):
            if not _holds(name.lower()):
                return
        elif "&" in name:
            selector = name.replace("&", f":is({selector})" if "," in selector else selector)
        elif selector:
            selector = f":is({selector}) {name}" if "," in selector else f"{selector} {name}"
        else:
            selector = name
    if selector:
        yield selector, declarations


def _holds(condition: str) -> bool:
    """Whether the rules in a block hold for a screen, and none of another kind (@font-face, @keyframes) are in it."""
    if condition.startswith("@media"):
        return is_for_screen(condition.removeprefix("@media"))
    if condition.startswith("@supports"):
        return not condition.removeprefix("@supports").lstrip().startswith("not")
    return condition.startswith(("@layer", "@container"))


def is_for_screen(media: str) -> bool:
    """Whether rules for these media hold for a screen of the usual width; those for none in particular do."""
    return not media.strip() or any(map(_is_screen, media.lower().split(",")))


def _is_screen(query: str) -> bool:
    """Whether a condition of a @media holds for a screen of the usual width."""
    words = set(_IN_BRACKETS.sub(" ", query).split())
    if "not" in words:
        return "print" in words
    if words - {"only", "and", "all", "screen"} or _OTHER_SCREENS.search(query):
        return False
    for bound, side, other_side, sign, size, unit in _SIZE.findall(query):
        limit, own = float(size) * PIXELS[unit], SCREEN[side or other_side]
        if limit < own if bound == "max" or sign == "<" else limit > own:
            return False
    return True
