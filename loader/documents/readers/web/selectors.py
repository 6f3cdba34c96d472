"""Selectors of style sheets: which elements of a page they match.

They are parsed by cssselect2 and matched here, so that every step can be counted. Libraries match ``tr ~ tr`` and
``:has()`` in time that grows with the square of the page, and cannot be interrupted. Selectors that depend on the
user's actions (``:hover``) match nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from cssselect2 import parser
from lxml.etree import XPath
from lxml.etree import _Element as Element
from tinycss2.nth import parse_nth

from loader.documents.grid import DocumentError

MAX_STEPS = 1_000_000  # in matching rules with elements; pages of offices need some thousands
_MOST_STEPS_OF_HAS = 300_000  # more for what :has() asks

LONGEST = 1000  # characters of the selectors of a rule; longer ones match nothing
_ADDED = (None, "before", "after")  # what rules may be about: elements, or what they add to these
_PLACES = {  # pseudo-class → whether of one name, whether from the end
    "nth-child": (False, False),
    "nth-last-child": (False, True),
    "nth-of-type": (True, False),
    "nth-last-of-type": (True, True),
}
_NTH = {
    "first-child": "nth-child",
    "last-child": "nth-last-child",
    "first-of-type": "nth-of-type",
    "last-of-type": "nth-last-of-type",
}
_BOTH_ENDS = {"only-child": ("first-child", "last-child"), "only-of-type": ("first-of-type", "last-of-type")}

Weight = tuple[int, int, int]  # ids; classes, attributes and pseudo-classes; names
_Test = Callable[["Elements", Element], bool]


class _Link(NamedTuple):
    """One part of a selector and its relation to the part before it: ancestor (" "), parent (">"), directly preceding
    ("+") or preceding sibling ("~"); "" for the first."""

    tests: tuple[_Test, ...]
    stands: str


class Selector(NamedTuple):
    """``links`` go from the last part to the first. ``added`` is "before" or "after" for text that a style adds.
    ``key`` is a .class, an #id or a tag that every match has, "" if none is known."""

    links: tuple[_Link, ...]
    added: str
    weight: Weight
    key: str


_Parts = list[tuple[str, Selector]]  # of a :has(): how what a selector matches stands to the element


class _AsksTooMuchError(Exception):
    """A :has() needs too many steps."""


class Elements:
    """The elements of a page, indexed for selectors. DocumentError if matching needs too many steps. A rule whose
    :has() does is ignored and counted in ``left_aside``, since it may hide anything or nothing."""

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
        """The elements that a :has() matches, found once for all from the matches of its selectors."""
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
        """Whether an element matches the part ``start`` of a selector, and its surroundings the parts before."""
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
        """Count a step of matching."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise DocumentError(
                f"{self._file_name}: style rules that take more than {MAX_STEPS:,} steps to match, expected a"
                " disclosure"
            )

    def place(self, element: Element, of_type: bool, from_end: bool) -> int:
        """The number of an element among its siblings, from 1."""
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
    """The elements with an attribute, the root of the page among them."""
    found = _having(attribute)(root)
    return found if isinstance(found, list) else []  # type: ignore[return-value]


@lru_cache(maxsize=20)
def _having(attribute: str) -> XPath:
    return XPath(f"descendant-or-self::*[@{attribute}]")  # // would look at texts, too


def selectors(text: str) -> tuple[Selector, ...]:
    """The selectors of a rule; none if one of them is not understood, as in browsers."""
    return _parsed(text) if len(text) <= LONGEST else ()


@lru_cache(maxsize=10_000)
def _parsed(text: str) -> tuple[Selector, ...]:
    try:
        return tuple(_selector(one) for one in parser.parse(text) if one.pseudo_element in _ADDED)
    except (parser.SelectorError, RecursionError):
        return ()


def _selector(parsed: Any) -> Selector:
    """A selector of cssselect2 as one of ours."""
    links = []
    tree = parsed.parsed_tree
    while isinstance(tree, parser.CombinedSelector):
        links.append(_Link(_tests(tree.right), tree.combinator))
        tree = tree.left
    links.append(_Link(_tests(tree), ""))
    last = parsed.parsed_tree
    last = last.right if isinstance(last, parser.CombinedSelector) else last
    return Selector(tuple(links), parsed.pseudo_element or "", parsed.specificity, _key(last.simple_selectors))


def _key(simple: Iterable[Any]) -> str:
    """A .class or an #id, else the tag that every match has."""
    tag = ""
    for one in simple:
        match one:
            case parser.IDSelector():
                return f"#{one.ident}"
            case parser.ClassSelector():
                return f".{one.class_name}"
            case parser.LocalNameSelector():
                tag = one.lower_local_name
    return tag


def _tests(compound: Any) -> tuple[_Test, ...]:
    return tuple(map(_test, compound.simple_selectors))


def _test(simple: Any) -> _Test:
    """The test that one part of a selector makes. SelectorError if it is not understood."""
    match simple:
        case parser.LocalNameSelector():
            return _is_tag(simple.lower_local_name)
        case parser.IDSelector():
            return _has("id", "=", simple.ident)
        case parser.ClassSelector():
            return _has("class", "~=", simple.class_name)
        case parser.AttributeSelector():
            return _has(simple.lower_name, simple.operator, simple.value, simple.case_sensitive is False)
        case parser.NegationSelector():
            return _is_any(simple.selector_list, False)
        case parser.MatchesAnySelector() | parser.SpecificityAdjustmentSelector():
            return _is_any(simple.selector_list, True)
        case parser.RelationalSelector():
            return _holds_any(simple.selector_list)
        case parser.FunctionalPseudoClassSelector() if simple.name in _PLACES:
            return _is_nth(simple.name, parse_nth(simple.arguments))
        case parser.PseudoClassSelector():
            return _pseudo_class(simple.name)
    return _never


def _never(_: Elements, __: Element) -> bool:
    return False


def _is_tag(name: str) -> _Test:
    return lambda _, element: element.tag == name


def _has(attribute: str, way: str | None, wanted: str | None, any_case: bool = False) -> _Test:
    """Whether an attribute exists, or equals, contains, begins or ends with a value."""
    wanted = wanted.lower() if any_case and wanted else wanted

    def test(_: Elements, element: Element) -> bool:
        value = element.get(attribute)
        if value is None or wanted is None:
            return value is not None
        value = value.lower() if any_case else value
        match way:
            case "=":
                return value == wanted
            case "~=":
                return wanted in value.split()
            case "|=":
                return value == wanted or value.startswith(f"{wanted}-")
            case "^=":
                return bool(wanted) and value.startswith(wanted)
            case "$=":
                return bool(wanted) and value.endswith(wanted)
        return bool(wanted) and wanted in value

    return test


def _is_any(parsed: list[Any], wanted: bool) -> _Test:
    inner = [_selector(one).links for one in parsed]
    return lambda page, element: any(page.is_match(element, links, 0) for links in inner) == wanted


def _holds_any(parsed: list[Any]) -> _Test:
    """Whether an element contains, or is followed by, a match of one of some selectors. No :has() may be inside
    another."""
    if not parsed or any(_asks_has(one.selector.parsed_tree) for one in parsed):
        raise parser.SelectorError
    parts = [(one.combinator, _selector(one.selector)) for one in parsed]
    has = object()
    return lambda page, element: element in page.holding(has, parts)


def _asks_has(tree: Any) -> bool:
    if isinstance(tree, parser.CombinedSelector):
        return _asks_has(tree.left) or _asks_has(tree.right)
    return any(
        isinstance(one, parser.RelationalSelector)
        or any(_asks_has(inner.parsed_tree) for inner in getattr(one, "selector_list", ()))
        for one in tree.simple_selectors
    )


def _pseudo_class(name: str) -> _Test:
    if name == "root":
        return lambda _, element: element.getparent() is None
    if name == "empty":
        return lambda _, element: not len(element) and not element.text
    if name in _BOTH_ENDS:
        first, last = map(_pseudo_class, _BOTH_ENDS[name])
        return lambda page, element: first(page, element) and last(page, element)
    return _is_nth(_NTH[name], (0, 1)) if name in _NTH else _never


def _is_nth(name: str, series: tuple[int, int] | None) -> _Test:
    """Whether an element belongs to a series (step and offset: 2n+1 is (2, 1)) among its siblings."""
    if series is None:
        raise parser.SelectorError
    of_type, from_end = _PLACES[name]
    every, offset = series

    def test(page: Elements, element: Element) -> bool:
        number = page.place(element, of_type, from_end) - offset
        return number % every == 0 and number // every >= 0 if every else number == 0

    return test
