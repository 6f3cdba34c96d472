"""What a page shows of its elements: rules of its own style sheets, their own styles, and what is struck out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml.etree import _Element as Element

from loader.documents.grid import DocumentError
from loader.documents.readers.colour import WHITE

MAX_STEPS = 2_000_000  # in matching rules with elements; pages of offices need some thousands

_STRUCK = frozenset({"del", "s", "strike"})
_RAISED = frozenset({"sup", "sub"})
# what takes an element out of the page, hides it and all in it, or hides it as far as parts of it do not say otherwise
_GONE = ("display",)
_WHOLLY = ("opacity", "text-decoration", "place")
_INHERITED = ("visibility", "font-size", "mso-hide", "color", "transparent")
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
    "scale(0",
    "block",
    "flex",
    "grid",
    "list-item",
    "table-cell",
    "float",
    "absolute",
    "snow",
    "hsl",
)
_TAGS = ("relative", "<sup", "<sub", "<del", "<s>", "<s ", "<strike", "<dialog")
_LIFTS = re.compile(r"vertical-align\s*:\s*(?:super|sub|text-top|[\d.])|font-size\s*:\s*1(?:\.\d+)?p[xt]")
_OF_ONE_COLOUR = re.compile(r"[^-]color\s*:\s*([#\w]{3,20})\s*;\s*background(?:-color)?\s*:\s*\1\b")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_NUMBER = re.compile(r"[\d.]+")
_DECIMAL = re.compile(r"\d+\.?\d*|\.\d+")
_FONT_ZERO = re.compile(r"(?:^|\s)0(?:px|pt|em|rem|%)?(?:$|[\s/])")
_LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))\s*(px|pt|em|rem|%)?$")
_PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "%": 0.16}  # of a letter of usual size
_TINY = 2.0  # pixels; nobody sees letters so small
_AWAY = -900.0  # pixels; what stands so far to the left or above is no part of the page
_SIDES = ("left", "top", "right", "bottom", "text-indent", "margin-left")
_LIFTED = 2.0  # pixels above the line; letters so high are marks of footnotes
_CLIPPED = re.compile(r"rect\((?:0(?:px)?[,\s]*){4}\)|inset\((?:50|100)%\)|circle\(0(?:px|%)?\)")
_BLOCKS = frozenset({"block", "flex", "grid", "list-item", "table", "table-row", "table-cell", "flow-root"})
_ROWS_OF_BLOCKS = frozenset({"flex", "inline-flex", "grid", "inline-grid"})
_NO_BACKGROUND = frozenset({None, "", "none", "transparent", "inherit", "initial"})
_LIGHTEST = re.compile(r"hsla?\([^%]*%[\s,]*(?:9[89]|100)(?:\.\d+)?%")  # whatever the hue and the saturation before
_COMPOUND = re.compile(r"([a-z][\w-]*|\*)?((?:[.#][\w-]+)*)$", re.IGNORECASE)
_TOKEN = re.compile(r"[.#][\w-]+")

# no rules of these do what they say of letters or boxes
_CELLS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "col", "colgroup"})

Said = dict[str, bool]  # property → whether it hides (raises, parts lines), by what is said of an element
_Rank = tuple[int, ...]
_ELEMENT, _OWN = (0, 0), (1, 0)  # what elements and attributes mean goes before no rule, an own style before all
_STRIKES, _HIDES = {"text-decoration": True}, {"display": True}


@dataclass(frozen=True, slots=True)
class Sight:
    """Elements that have no place in the page, elements that keep their place and are not seen, raised ones, and those
    that begin and end a line by their style."""

    gone: frozenset[Element] = frozenset()
    unseen: frozenset[Element] = frozenset()
    raised: frozenset[Element] = frozenset()
    blocks: frozenset[Element] = frozenset()


def sight_of(root: Element, page: str, file_name: str) -> Sight:
    """What a page shows. DocumentError if its rules are too many to be matched."""
    lowered = page.lower()
    if not any(word in lowered for word in (*_WORDS, *_TAGS)) and not (
        (("vertical-align" in lowered or "font-size" in lowered) and _LIFTS.search(lowered))
        or ("background" in lowered and _OF_ONE_COLOUR.search(lowered))
    ):
        return Sight()
    styles = _Styles(root, file_name)
    styles.read()
    return styles.sight()


@lru_cache(maxsize=10_000)
def _said(style: str) -> Said:
    """What declarations say of the properties that matter."""
    said: Said = {}
    stated: dict[str, str] = {}
    for declaration in style.lower().split(";"):
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
            said[name] = _is_tiny(value)
        elif name == "font":
            said["font-size"] = bool(_FONT_ZERO.search(value))
        elif name == "opacity":
            said[name] = _is_nothing(value)
        elif name in ("text-decoration", "text-decoration-line"):
            said["text-decoration"] = "line-through" in value
        elif name == "vertical-align":
            said[name] = value in ("super", "sub", "text-top") or _pixels(value) >= _LIFTED
        elif name == "color":
            said[name], said["transparent"] = _is_white(value), _is_transparent(value)
        elif name in ("background", "background-color", "background-image"):
            said["background"] = value not in _NO_BACKGROUND and not _is_white(value)
    if stated.get("position") == "relative" and _pixels(stated.get("top", "")) <= -_LIFTED:
        said["vertical-align"] = True
    if _is_out_of_place(stated):
        said["place"] = True
    if stated.get("float", "none") != "none" or stated.get("position") in ("absolute", "fixed"):
        said["block"] = True
    ground = stated.get("background-color") or stated.get("background")
    if ground not in _NO_BACKGROUND and ground == stated.get("color"):
        said["opacity"] = True
    return said


def _is_out_of_place(stated: dict[str, str]) -> bool:
    """Whether declarations move an element off the page, or leave no room to see it."""
    if any(_pixels(stated.get(name, "")) <= _AWAY for name in _SIDES):
        return True
    if "scale(0" in stated.get("transform", "") and "scale(0." not in stated["transform"]:
        return True
    if any(_CLIPPED.match(stated.get(name, "")) for name in ("clip", "clip-path")):
        return True
    sizes = (stated.get(name, "") for name in ("height", "max-height", "width", "max-width"))
    return stated.get("overflow") == "hidden" and any(map(_leaves_no_room, sizes))


def _leaves_no_room(size: str) -> bool:
    """Whether a box of a height or width shows nothing. How much 1% is depends on what is around it."""
    return _LENGTH.match(size) is not None and _pixels(size) <= (0 if size.endswith("%") else 1)


def _is_tiny(size: str) -> bool:
    """Whether nobody sees letters of a size. A rem is 100 pixels on many pages for phones, so that .12rem is seen."""
    length = _LENGTH.match(size)
    if length is None:
        return False
    return (100 * float(length[1]) if length[2] == "rem" else _pixels(size)) < _TINY


def _pixels(value: str) -> float:
    """A length in pixels, about; 0 for what is none."""
    length = _LENGTH.match(value)
    return float(length[1]) * _PIXELS[length[2] or ""] if length else 0.0


def _is_white(value: str) -> bool:
    """Whether a colour is white, or so nearly that nobody tells them apart."""
    if value.startswith("#"):
        digits = value[1:] if len(value) > 5 else "".join(2 * digit for digit in value[1:])
        is_known = re.fullmatch("[0-9a-f]{6,8}", digits) is not None
        parts = [float(int(digits[at : at + 2], 16)) for at in (0, 2, 4)] if is_known else []
    elif value.startswith("rgb"):
        parts = list(map(float, _DECIMAL.findall(value)[:3]))
    elif value.startswith("hsl"):
        return _LIGHTEST.match(value) is not None
    else:
        return value in ("white", "snow")
    return len(parts) == 3 and min(parts) >= WHITE


def _is_transparent(value: str) -> bool:
    numbers = _DECIMAL.findall(value) if value.startswith("rgba") else []
    return value == "transparent" or (len(numbers) == 4 and float(numbers[3]) == 0)


def _is_nothing(value: str) -> bool:
    number = _NUMBER.match(value)
    return number is not None and number[0].strip("0.") == ""


@dataclass(slots=True)
class _Styles:
    """What is said of the elements of one page."""

    root: Element
    file_name: str
    by_name: dict[str, list[Element]] = field(default_factory=lambda: defaultdict(list))  # .class and #id
    said: dict[Element, dict[str, tuple[_Rank, bool]]] = field(default_factory=lambda: defaultdict(dict))
    steps: int = 0

    def read(self) -> None:
        """Rules first, then what the elements say of themselves."""
        rules = [rule for sheet in self.root.iter("style") for rule in _rules(sheet.text or "")]
        fonts = [(e, _said(f"color:{e.get('color')}"), _ELEMENT) for e in self.root.iter("font") if e.get("color")]
        struck = [(element, _STRIKES, _ELEMENT) for element in self.root.iter(*_STRUCK)]
        hidden = [(element, _HIDES, _ELEMENT) for element in _having(self.root, "hidden")]
        hidden += [(e, _HIDES, _ELEMENT) for e in self.root.iter("dialog") if e.get("open") is None]
        styled = [(element, _said(element.get("style", "")), _OWN) for element in _having(self.root, "style")]
        of_elements = [*fonts, *struck, *hidden, *styled]
        of_rules = {name for _, said in rules for name, hides in said.items() if hides}
        names = of_rules.union(name for _, said, _ in of_elements for name, hides in said.items() if hides)
        if "color" not in names:
            names.discard("background")
        # what nothing hides by need not be followed
        if of_rules & names:
            for order, (selector, said) in enumerate(rules):
                for element, rank in self._matches(selector) if names & said.keys() else ():
                    self._say(element, said, (*rank, order))
        for element, said, rank in of_elements:
            if names & said.keys():
                self._say(element, said, rank)

    def _named(self, name: str) -> list[Element]:
        """The elements of a .class or with an #id."""
        if not self.by_name:
            self.by_name[""] = []
            for element in _having(self.root, "class"):
                for word in element.get("class", "").split():
                    self.by_name[f".{word}"].append(element)
            for element in _having(self.root, "id"):
                self.by_name[f"#{element.get('id')}"].append(element)
        return self.by_name.get(name, [])

    def _say(self, element: Element, said: Said, rank: _Rank) -> None:
        known = self.said[element]
        for name, value in said.items():
            if name not in known or rank >= known[name][0]:
                known[name] = rank, value

    def _matches(self, selector: str) -> Iterator[tuple[Element, _Rank]]:
        """The elements that a selector of names, classes and ids matches, with its weight. Others match nothing."""
        *outer, last = selector.replace(">", " > ").split()
        found = _COMPOUND.match(last)
        if found is None or last == "*":
            return
        names = _TOKEN.findall(found[2])
        every = " ".join([*outer, last])
        ids, classes = every.count("#"), every.count(".")
        is_plain = last == (names[0] if names else found[1])  # all that stand under its name
        rank = 0, 0, ids, classes, len(outer) + 1
        for element in self._named(names[0]) if names else self.root.iter(found[1].lower()):
            self._step()
            if (is_plain or self._is(element, last)) and self._stands_in(element, outer):
                yield element, rank

    def _stands_in(self, element: Element, outer: list[str]) -> bool:
        above = element.getparent()
        waiting = list(outer)
        is_child = False
        while waiting:
            wanted = waiting.pop()
            if wanted == ">":
                is_child = True
                continue
            while above is not None and not self._is(above, wanted):
                self._step()
                above = None if is_child else above.getparent()
            if above is None:
                return False
            above, is_child = above.getparent(), False
        return True

    def _is(self, element: Element, compound: str) -> bool:
        found = _COMPOUND.match(compound)
        if found is None or not isinstance(element.tag, str):
            return False
        if found[1] not in (None, "*", element.tag) and found[1].lower() != element.tag:
            return False
        own = {f".{name}" for name in element.get("class", "").split()} | {f"#{element.get('id')}"}
        return own.issuperset(_TOKEN.findall(found[2]))

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise DocumentError(
                f"{self.file_name}: style rules that take more than {MAX_STEPS:,} steps to match, expected a disclosure"
            )

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
            unseen |= hides - _around(says[name, False]) if hides else set()
        lifted = {element for element in says["vertical-align", True] if element.tag not in _CELLS}
        raised = lifted | set(self.root.iter(*_RAISED))
        gone = {element for name in _GONE for element in says[name, True]}
        blocks = says["block", True].union(*says["row", True])  # and what stands in a row of boxes
        return Sight(frozenset(gone), frozenset(unseen), frozenset(raised), frozenset(blocks))

    def _has_background(self, element: Element) -> bool:
        """Whether white letters may be seen, as on a coloured heading; style sheets elsewhere may colour any class."""
        elsewhere = next(self.root.iter("link"), None) is not None
        above: Element | None = element
        while above is not None:
            self._step()
            _, is_coloured = self.said.get(above, {}).get("background", ((), False))
            if is_coloured or above.get("bgcolor") or above.get("background"):
                return True
            if elsewhere and (above.get("class") or above.get("id")):
                return True
            above = above.getparent()
        return False


def _having(root: Element, attribute: str) -> list[Element]:
    found = root.xpath(f"//*[@{attribute}]")
    return found if isinstance(found, list) else []  # type: ignore[return-value]


def _around(elements: Iterable[Element]) -> set[Element]:
    """The elements around some."""
    found: set[Element] = set()
    for element in elements:
        for above in element.iterancestors():
            if above in found:
                break
            found.add(above)
    return found


def _rules(sheet: str) -> Iterator[tuple[str, Said]]:
    """Selectors and what they say, of the rules that hold for a screen."""
    is_printed_only = False
    sheet = _COMMENT.sub("", sheet).replace("<!--", "").replace("-->", "")
    for block in sheet.split("}"):
        *outer, selectors, declarations = ["", *block.split("{")] if "{" in block else ("", block)
        if "{" not in block:
            is_printed_only = False  # the end of a @media
            continue
        if any("@media" in words for words in outer):
            is_printed_only = not any(re.search(r"screen|all", words) for words in outer)
        if not is_printed_only and "@" not in selectors and (said := _said(declarations)):
            for selector in selectors.split(","):
                if selector.strip():
                    yield selector.strip(), said
