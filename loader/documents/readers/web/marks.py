"""Footnote marks on web pages that are not raised or lowered: one or two digits in smaller letters, or as a link within
the page, after a figure with all its decimals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from lxml.etree import _Element as Element

from loader.documents.readers.web.style_sheets import Rule
from loader.documents.wording import figure

_TAGS = frozenset({"small", "font", "a", "span"})  # what they are written with
_LONGEST = 2  # digits of a mark
_DECIMALS = 2  # of a figure to which no more digits belong
_USUAL = 16.0  # pixels of letters without a size
_SIZES = (10.0, 13.0, _USUAL, 18.0, 24.0, 32.0, 48.0)  # pixels of <font size=1> and so on
_SIZE = re.compile(r"[-+]?\d{1,2}")
_NAMED = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": _USUAL, "large": 18.0, "x-large": 24.0}
_OF_STYLE = re.compile(
    r"font-size\s*:\s*(?:(\d+(?:\.\d+)?|\.\d+)(px|pt|r?em|%)|(smaller|(?:x{1,2}-)?small|medium|(?:x-)?large))"
)
_CLASSES = re.compile(r"\.([\w-]+)\s*(?:,|\Z)")  # of .font5 {font-size:6.0pt}, as Excel and Word write it
_PIXELS = {"px": 1.0, "pt": 4 / 3, "rem": _USUAL}
_SMALLER = 5 / 6  # of the letters around
_LEVELS = 12  # elements around a text whose sizes count


def sizes_of_classes(rules: Iterable[Rule]) -> dict[str, str]:
    """The font sizes that the rules of a page state for single classes."""
    return {
        name: f"font-size:{declaration.value}"
        for rule in rules
        for declaration in rule.declarations
        if declaration.name == "font-size"
        for name in _CLASSES.findall(rule.selector)
    }


def may_be_mark(child: Element) -> bool:
    """Whether an element is written as such marks are."""
    text = child.text
    return text is not None and len(text) <= _LONGEST and text.isdecimal() and not len(child) and child.tag in _TAGS


def is_mark(child: Element, before: str, classes: Mapping[str, str]) -> bool:
    """Whether an element is such a mark; ``before``: what stands before it in its cell; ``classes``: the sizes of
    letters that classes state."""
    found = figure(before)
    if found is None or found.decimals != _DECIMALS:
        return False
    if child.tag == "a":
        return "#" in child.get("href", "")
    return _size(child, classes) < _size(_letters_before(child), classes)


def _letters_before(child: Element) -> Element:
    """The element with the text directly before another element."""
    before = child.getprevious()
    if before is None or before.tail:
        around = child.getparent()
        return child if around is None else around
    while len(before) and not before[-1].tail:
        before = before[-1]
    return before


def _size(element: Element, classes: Mapping[str, str]) -> float:
    """The font size in pixels, if the element, its ancestors, their classes or their own styles state it."""
    around = [element, *islice(element.iterancestors(), _LEVELS)]
    size = _USUAL
    for each in reversed(around):
        if each.tag == "small":
            size *= _SMALLER
        elif each.tag == "font" and (stated := _SIZE.fullmatch(each.get("size", "").strip())):
            number = int(stated[0]) + (3 if stated[0][0] in "+-" else 0)
            size = _SIZES[min(max(number, 1), len(_SIZES)) - 1]
        of_classes = (classes.get(name, "") for name in each.get("class", "").split())
        styles = (each.get("style", ""), *of_classes) if classes else (each.get("style", ""),)
        if found := next((found for style in styles if (found := _OF_STYLE.search(style.lower()))), None):
            number_of, unit, name = found.groups()
            if name:
                size = _NAMED.get(name, size * _SMALLER)
            elif unit in _PIXELS:
                size = float(number_of) * _PIXELS[unit]
            else:
                size *= float(number_of) / (100 if unit == "%" else 1)
    return size
