"""Style sheets of web pages: the rules that apply to a screen, and the declarations of rules and elements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from lxml.etree import _Element as Element
from tinycss2 import parse_blocks_contents, parse_stylesheet, serialize

from loader.documents.grid import DocumentError
from loader.documents.readers.web.selectors import LONGEST as LONGEST_SELECTORS

Tokens = tuple[Any, ...]  # nodes of tinycss2, without white space and comments
Layer = tuple[str, ...]  # the names of layers within one another, from the outermost on

SCREEN = {"width": 1366.0, "height": 768.0}  # pixels of the screen on which pages are read
_MAX_SHEETS = 500_000  # characters of all style sheets of a page, without pictures and fonts
_MAX_STYLES = 1_000_000  # characters of the styles of its elements, declarations that are the same counted once
_LONGEST_STYLE = 10_000  # characters of the style of an element
_DEEPEST = 6  # blocks within one another
_KEPT_SHEET, _KEPT_STYLE = 100_000, 200  # characters; what is longer takes much room and hardly comes twice
_DATA = re.compile(r"data:[^)\s\"']{100,}+")  # pictures and fonts in a style
_LONG_NUMBER = re.compile(r"(\d{300})\d++")  # none differs from one as long; Python refuses those of 4,300 digits
_NO_VALUE = frozenset({"whitespace", "comment"})
_PLAIN = re.compile(r"[\w\s:;.,%#!+-]*")  # declarations that end with every semicolon
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_SIZE = re.compile(
    r"(?:(min|max)-(?:device-)?(width|height)\s*:|(width|height)\s*([<>])=?)\s*(\d+(?:\.\d+)?)\s*(px|r?em)"
)
_PIXELS = {"px": 1.0, "em": 16.0, "rem": 16.0}
_OTHER_SCREENS = re.compile(r"orientation\s*:\s*portrait|color-scheme\s*:\s*dark|hover\s*:\s*none|pointer\s*:\s*coarse")


class Declaration(NamedTuple):
    """A property, in small letters, and its value."""

    name: str
    tokens: Tokens
    is_important: bool = False

    @property
    def value(self) -> str:
        """The value as one text in small letters."""
        return text_of(self.tokens)


class Rule(NamedTuple):
    """Declarations for the elements that a selector matches. A rule without both only names a layer before its
    rules."""

    selector: str
    declarations: tuple[Declaration, ...]
    layer: Layer = ()


def text_of(tokens: Tokens) -> str:
    """Tokens as one text in small letters, one space between two words."""
    parts: list[str] = []
    for token in tokens:
        if parts and token.type not in ("literal",) and parts[-1] not in (",", "/"):
            parts.append(" ")
        parts.append(token.serialize().lower())
    return "".join(parts)


def rules_of(root: Element, file_name: str) -> list[Rule]:
    """The rules in the style sheets of a page that apply to a screen, nested ones included. DocumentError if the sheets
    are too long."""
    texts = [_shortened(sheet.text or "") for sheet in root.iter("style") if is_for_screen(sheet.get("media", ""))]
    if (length := sum(map(len, texts))) > _MAX_SHEETS:
        raise DocumentError(
            f"{file_name}: style sheets of {length:,} characters, expected no more than {_MAX_SHEETS:,}"
        )
    return [
        rule
        for text in texts
        for rule in (_known_rules_of_sheet(text) if len(text) <= _KEPT_SHEET else _rules_of_sheet(text))
    ]


def _shortened(style: str) -> str:
    """A style without pictures and fonts, and without digits that have no effect."""
    return _LONG_NUMBER.sub(r"\1", _DATA.sub("data:", style))


def _rules_of_sheet(text: str) -> tuple[Rule, ...]:
    return tuple(_rules(parse_stylesheet(text, skip_comments=True, skip_whitespace=True), "", 0))


_known_rules_of_sheet = lru_cache(maxsize=16)(_rules_of_sheet)  # one program writes the same sheet on many pages


def _rules(nodes: list[Any], around: str, depth: int, layer: Layer = ()) -> Iterator[Rule]:
    """The rules among some nodes, which are nested in the rule of the selector ``around``, if it is not empty, and
    belong to a layer."""
    if depth > _DEEPEST or len(around) > LONGEST_SELECTORS:
        return
    declarations = tuple(_declaration(node) for node in nodes if node.type == "declaration")
    if declarations and around:
        yield Rule(around, declarations, layer)
    for node in nodes:
        if node.type == "at-rule":
            layers = _layers(node, layer)
            if node.content is None:
                yield from (Rule("", (), named) for named in layers)
            elif _holds(node):
                yield from _rules(_contents(node.content), around, depth + 1, next(iter(layers), layer))
        elif node.type == "qualified-rule":
            yield from _rules(_contents(node.content), _within(around, node.prelude), depth + 1, layer)


def _layers(node: Any, around: Layer) -> list[Layer]:
    """The layers that a node names, with those around them; none if it is no @layer. A layer without a name differs
    from all others."""
    if node.lower_at_keyword != "layer":
        return []
    names = serialize(node.prelude).strip() or f"{node.source_line} {node.source_column}"
    return [(*around, *name.strip().split(".")) for name in names.split(",")]


def _contents(nodes: Any) -> list[Any]:
    return list(parse_blocks_contents(nodes, skip_comments=True, skip_whitespace=True))


def _within(around: str, prelude: list[Any]) -> str:
    """The selector of a rule that is nested in the rule of the selector ``around``, if that is not empty."""
    selectors = str(serialize(prelude)).strip()
    if not around or len(selectors) > LONGEST_SELECTORS:
        return selectors
    outer = f":is({around})" if "," in around else around
    commas = [place for place, token in enumerate(prelude) if token == ","]
    parts = [prelude[start + 1 : end] for start, end in pairwise((-1, *commas, len(prelude)))]
    each = [serialize(part).strip() for part in parts]
    return ", ".join(one.replace("&", outer) if "&" in one else f"{outer} {one}" for one in each)


def _holds(rule: Any) -> bool:
    """Whether the rules in a block apply to a screen, and are not font descriptions, animation steps or the like."""
    condition = serialize(rule.prelude).strip().lower()
    match rule.lower_at_keyword:
        case "media":
            return is_for_screen(condition)
        case "supports":
            return not condition.startswith("not")
        case "layer" | "container":
            return True
    return False


def check_styles(styles: Iterable[str], file_name: str) -> None:
    """DocumentError if the elements' own styles are so many that parsing them takes minutes."""
    parts = {part for style in set(styles) if len(style) <= _LONGEST_STYLE for part in _parts(style)}
    if (length := sum(map(len, parts))) > _MAX_STYLES:
        raise DocumentError(
            f"{file_name}: styles of elements of {length:,} characters, expected no more than {_MAX_STYLES:,}"
        )


def declarations_of(style: str) -> tuple[Declaration, ...]:
    """The declarations of an element's own style; none if it is implausibly long."""
    if len(style) > _LONGEST_STYLE:
        return ()
    return tuple(
        found
        for part in _parts(style)
        for found in (_known_parsed(part) if len(part) <= _KEPT_STYLE else _parsed(part))
    )


def _parts(style: str) -> list[str]:
    """The declarations of a style if they are only separated by semicolons: pages repeat single declarations more than
    whole styles."""
    if _PLAIN.fullmatch(style) and not _LONG_NUMBER.search(style):
        return [part.strip() for part in style.split(";")]
    return [_shortened(style)]


def _parsed(style: str) -> tuple[Declaration, ...]:
    return tuple(_declaration(node) for node in _contents(style) if node.type == "declaration")


_known_parsed = lru_cache(maxsize=10_000)(_parsed)


def _declaration(node: Any) -> Declaration:
    return Declaration(node.lower_name, tuple(t for t in node.value if t.type not in _NO_VALUE), node.important)


def is_for_screen(media: str) -> bool:
    """Whether rules for these media apply to a screen of usual width; rules without media do."""
    return not media.strip() or any(map(_is_screen, media.lower().split(",")))


def _is_screen(query: str) -> bool:
    """Whether a condition of a @media holds for a screen of usual width."""
    words = set(_IN_BRACKETS.sub(" ", query).split())
    if "not" in words:
        return "print" in words
    if words - {"only", "and", "all", "screen"} or _OTHER_SCREENS.search(query):
        return False
    for bound, side, other_side, sign, size, unit in _SIZE.findall(query):
        limit, own = float(size) * _PIXELS[unit], SCREEN[side or other_side]
        if limit < own if bound == "max" or sign == "<" else limit > own:
            return False
    return True
