"""Selectors of style sheets: which elements of a page they match.

Matched here, so that every step can be counted. Libraries turn selectors into XPath, which nobody can stop once it has
begun: ``tr + tr`` takes minutes in a table of 20,000 rows. What depends on who looks (``:hover``) matches nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml.etree import _Element as Element

from loader.documents.grid import DocumentError

MAX_STEPS = 1_000_000  # in matching rules with elements; pages of offices need some thousands
_MOST_STEPS_OF_HAS = 300_000  # more for what :has() asks

_LONGEST = 1000  # characters of a selector
_DEEPEST = 5  # selectors within one another, such as :not(:is(…))
_IDENT = r"(?:[\w-]|\\.|[^\x00-\x7f])+"
_TOKEN = re.compile(
    rf"""(?P<comma>\s*,\s*)
    |(?P<stands>\s*[>+~]\s*|\s+)
    |(?P<every>\*)
    |(?P<named>[.#]){_IDENT}
    |(?P<attribute>\[\s*(?:[\w-]+\|)?{_IDENT}\s*(?:[~|^$*]?=\s*(?:"[^"]*"|'[^']*'|[^\]\s"']*)\s*[is]?\s*)?\])
    |(?P<pseudo>::?[\w-]+(?:\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?)
    |(?P<tag>{_IDENT})""",
    re.VERBOSE | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    rf"""\[\s*({_IDENT})\s*(?:([~|^$*]?)=\s*(?:"([^"]*)"|'([^']*)'|([^\]\s"']*))\s*([is]?)\s*)?\]""", re.IGNORECASE
)
_ESCAPE = re.compile(r"\\(.)")
_COMMA = re.compile(r",(?![^(\[]*[)\]])")  # between the selectors of :has()
_SERIES = re.compile(r"([+-]?\d*)n([+-]\d+)?|([+-]?\d+)")
_ADDED = frozenset({"before", "after"})
_LISTS = frozenset({"not", "is", "where", "matches", "-webkit-any", "-moz-any"})
_PLACES = {  # pseudo-class → series, whether of one name, whether from the end
    "first-child": ("1", False, False),
    "last-child": ("1", False, True),
    "first-of-type": ("1", True, False),
    "last-of-type": ("1", True, True),
    "nth-child": ("", False, False),
    "nth-last-child": ("", False, True),
    "nth-of-type": ("", True, False),
    "nth-last-of-type": ("", True, True),
}
_BOTH_ENDS = {"only-child": ("first-child", "last-child"), "only-of-type": ("first-of-type", "last-of-type")}

Weight = tuple[int, int, int]  # ids; classes, attributes and pseudo-classes; names
_Test = Callable[["Elements", Element], bool]


class _Link(NamedTuple):
    """One part of a selector, and how the part before it stands to it: above (" "), right above (">"), right before
    ("+") or before ("~"); "" for the first."""

    tests: tuple[_Test, ...]
    stands: str


class Selector(NamedTuple):
    """``links`` go from the last part to the first; ``added`` is "before" or "after" for the text that a style adds;
    ``key`` is a .class, an #id or a tag that every match has, "" if none is known."""

    links: tuple[_Link, ...]
    added: str
    weight: Weight
    key: str


_Parts = list[tuple[str, Selector]]  # of a :has(): how what a selector matches stands to the element


class _AsksTooMuchError(Exception):
    """A :has() of a rule takes too many steps."""


class Elements:
    """The elements of a page by what selectors ask for. DocumentError if they ask too much; a rule whose :has() does is
    left aside and counted in ``left_aside``, since it may hide anything or nothing."""

    def __init__(self, root: Element, file_name: str) -> None:
        self._root = root
        self._file_name = file_name
        self._named: dict[str, list[Element]] = {}
        self._places: dict[Element, tuple[int, int, int, int]] = {}
        self._holding: dict[object, set[Element] | None] = {}
        self._steps = self._steps_of_has = 0
        self.left_aside = 0

    def matching(self, selector: Selector) -> list[Element]:
        """The elements that a selector matches."""
        try:
            return list(self._matching(selector))
        except _AsksTooMuchError:
            self.left_aside += 1
            return []

    def _matching(self, selector: Selector) -> Iterator[Element]:
        key = selector.key
        for element in self._by_name(key) if key[:1] in (".", "#") else self._root.iter(key or "*"):
            if self.is_match(element, selector.links, 0):
                yield element

    def holding(self, has: object, parts: _Parts) -> set[Element]:
        """The elements that a :has() matches, found once for all of them from what its selectors match."""
        if has not in self._holding:
            steps, self._steps = self._steps, MAX_STEPS - _MOST_STEPS_OF_HAS + self._steps_of_has
            try:
                self._holding[has] = self._holders(parts)
            except DocumentError:
                self._holding[has] = None
            self._steps_of_has, self._steps = self._steps - MAX_STEPS + _MOST_STEPS_OF_HAS, steps
        found = self._holding[has]
        if found is None:
            raise _AsksTooMuchError
        return found

    def _holders(self, parts: _Parts) -> set[Element]:
        found: set[Element] = set()
        for stands, selector in parts:
            holders: set[Element] = set()
            for element in self._matching(selector):
                others = element.iterancestors() if stands in " >" else element.itersiblings(preceding=True)
                for other in others if stands in " ~" else islice(others, 1):
                    if other in holders:
                        break  # and so is all around or before it
                    self.step()
                    holders.add(other)
            found |= holders
        return found

    def is_match(self, element: Element, links: tuple[_Link, ...], start: int) -> bool:
        """Whether an element is the part ``start`` of a selector, and what is around it the parts before."""
        self.step()
        tests, stands = links[start]
        if not isinstance(element.tag, str) or not all(test(self, element) for test in tests):
            return False
        if not stands:
            return True
        others = element.iterancestors() if stands in " >" else element.itersiblings(preceding=True)
        for other in others:
            if self.is_match(other, links, start + 1):
                return True
            if stands in ">+":
                return False
        return False

    def step(self) -> None:
        """Count what a page takes."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise DocumentError(
                f"{self._file_name}: style rules that take more than {MAX_STEPS:,} steps to match, expected a"
                " disclosure"
            )

    def place(self, element: Element, of_type: bool, from_end: bool) -> int:
        """The number of an element among those in the same one, from 1."""
        if element not in self._places:
            parent = element.getparent()
            siblings = [element] if parent is None else [child for child in parent if isinstance(child.tag, str)]
            of_tag: Counter[str] = Counter()
            numbers = []
            for sibling in siblings:
                self.step()
                of_tag[sibling.tag] += 1
                numbers.append(of_tag[sibling.tag])
            for number, (sibling, in_tag) in enumerate(zip(siblings, numbers, strict=True), start=1):
                self._places[sibling] = number, in_tag, len(siblings) + 1 - number, of_tag[sibling.tag] + 1 - in_tag
        return self._places[element][2 * from_end + of_type]

    def _by_name(self, name: str) -> list[Element]:
        """The elements of a .class or with an #id."""
        if not self._named:
            named: dict[str, list[Element]] = defaultdict(list)
            for element in having(self._root, "class"):
                for word in element.get("class", "").split():
                    named[f".{word}"].append(element)
            for element in having(self._root, "id"):
                named[f"#{element.get('id')}"].append(element)
            self._named = named | {"": []}
        return self._named.get(name, [])


def having(root: Element, attribute: str) -> list[Element]:
    """The elements with an attribute."""
    found = root.xpath(f"//*[@{attribute}]")
    return found if isinstance(found, list) else []  # type: ignore[return-value]


@lru_cache(maxsize=10_000)
def selectors(text: str) -> tuple[Selector, ...]:
    """The selectors of a rule; none if one of them is not understood, as in browsers."""
    try:
        return tuple(_parsed(text.strip(), 0)) if len(text) <= _LONGEST else ()
    except ValueError:
        return ()


def _parsed(text: str, depth: int) -> Iterator[Selector]:
    if depth > _DEEPEST:
        raise ValueError(text)
    links: list[_Link] = []
    tests: list[_Test] = []
    added = key = stands = ""
    ids = classes = names = place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise ValueError(text)
        place = token.end()
        kind, word = token.lastgroup, _ESCAPE.sub(r"\1", token[0])
        if kind in ("comma", "stands"):
            if not tests and not key:
                raise ValueError(text)
            links.append(_Link(tuple(tests), stands))
            if kind == "comma":
                yield Selector(tuple(links[::-1]), added, (ids, classes, names), key)
                links, added, ids, classes, names = [], "", 0, 0, 0
            stands = "" if kind == "comma" else token[0].strip() or " "
            tests, key = [], ""
        elif kind == "every":
            tests.append(_always)
        elif kind == "tag":
            tests.append(_is_tag(word.lower()))
            key, names = key or word.lower(), names + 1
        elif kind == "named":
            tests.append(_has_class(word[1:]) if word[0] == "." else _has("id", "", word[1:]))
            key = key if key[:1] in (".", "#") else word
            ids, classes = ids + (word[0] == "#"), classes + (word[0] == ".")
        elif kind == "attribute":
            found = _ATTRIBUTE.match(token[0])
            if found is None:
                raise ValueError(text)
            wanted = next((value for value in found.groups()[2:5] if value is not None), None)
            tests.append(_has(found[1].lower(), found[2], wanted, (found[6] or "").lower() == "i"))
            classes += 1
        else:
            name, _, argument = token[0].lstrip(":").partition("(")
            name = name.lower()
            if name in _ADDED or token[0].startswith("::"):
                added, names = name, names + 1
                tests.append(_always if name in _ADDED else _never)
            elif name in _LISTS:
                inner = list(_parsed(argument[:-1].strip(), depth + 1))
                tests.append(_is_any(inner, name != "not"))
                most = max((one.weight for one in inner), default=(0, 0, 0)) if name != "where" else (0, 0, 0)
                ids, classes, names = ids + most[0], classes + most[1], names + most[2]
            elif name == "has":
                parts = [_relative(part.strip(), depth) for part in _COMMA.split(argument[:-1])]
                tests.append(_holds_any(parts))
                most = max(one.weight for _, one in parts)
                ids, classes, names = ids + most[0], classes + most[1], names + most[2]
            else:
                tests.append(_pseudo_class(name, argument[:-1]))
                classes += 1
    if not tests:
        raise ValueError(text)
    links.append(_Link(tuple(tests), stands))
    yield Selector(tuple(links[::-1]), added, (ids, classes, names), key)


def _always(_: Elements, __: Element) -> bool:
    return True


def _never(_: Elements, __: Element) -> bool:
    return False


def _is_tag(name: str) -> _Test:
    return lambda _, element: element.tag == name


def _has_class(name: str) -> _Test:
    return lambda _, element: name in element.get("class", "").split()


def _has(attribute: str, way: str, wanted: str | None, any_case: bool = False) -> _Test:
    """Whether an attribute is there, and is, holds, begins or ends with a value."""
    wanted = wanted.lower() if any_case and wanted else wanted

    def test(_: Elements, element: Element) -> bool:
        value = element.get(attribute)
        if value is None or wanted is None:
            return value is not None
        value = value.lower() if any_case else value
        match way:
            case "":
                return value == wanted
            case "~":
                return wanted in value.split()
            case "|":
                return value == wanted or value.startswith(f"{wanted}-")
            case "^":
                return bool(wanted) and value.startswith(wanted)
            case "$":
                return bool(wanted) and value.endswith(wanted)
        return bool(wanted) and wanted in value

    return test


def _is_any(inner: list[Selector], wanted: bool) -> _Test:
    return lambda page, element: any(page.is_match(element, one.links, 0) for one in inner) == wanted


def _relative(text: str, depth: int) -> tuple[str, Selector]:
    """A selector within :has(), and how what it matches stands to the element: in it (" "), right in it, behind it.
    No :has() may be in another."""
    if ":has(" in text.lower():
        raise ValueError(text)
    stands = text[:1] if text[:1] in (">", "+", "~") else " "
    [selector] = _parsed(text.removeprefix(stands).strip(), depth + 1)
    return stands, selector


def _holds_any(parts: _Parts) -> _Test:
    """Whether an element holds, or is followed by, what one of some selectors matches."""

    has = object()
    return lambda page, element: element in page.holding(has, parts)


def _pseudo_class(name: str, argument: str) -> _Test:
    if name == "root":
        return lambda _, element: element.getparent() is None
    if name == "empty":
        return lambda _, element: not len(element) and not element.text
    if name in _BOTH_ENDS:
        first, last = (_pseudo_class(end, "") for end in _BOTH_ENDS[name])
        return lambda page, element: first(page, element) and last(page, element)
    if name not in _PLACES:
        return _never
    series, of_type, from_end = _PLACES[name]
    every, offset = _series(series or argument)

    def test(page: Elements, element: Element) -> bool:
        number = page.place(element, of_type, from_end) - offset
        return number % every == 0 and number // every >= 0 if every else number == 0

    return test


def _series(text: str) -> tuple[int, int]:
    """The step and the offset of a series: 2n+1 is (2, 1), odd too; 3 is (0, 3)."""
    text = "".join(text.lower().split())
    found = _SERIES.fullmatch({"odd": "2n+1", "even": "2n"}.get(text, text))
    if found is None or len(text) > 10:
        raise ValueError(text)
    if found[3]:
        return 0, int(found[3])
    step = found[1] + "1" if found[1] in ("", "+", "-") else found[1]
    return int(step), int(found[2] or 0)
