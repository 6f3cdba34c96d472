"""What a page shows of its elements, by its own style sheets, the elements' own styles, and struck-out text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import _Element as Element

from loader.documents.readers.web.effects import Effects, effects_of
from loader.documents.readers.web.layers import LayerRank, opposite, ranks_of
from loader.documents.readers.web.selectors import Elements, Selector, having, selectors
from loader.documents.readers.web.style_sheets import Declaration, Rule, Tokens, check_styles, declarations_of
from loader.documents.readers.web.style_values import defined, names_of, settled

_STRUCK = frozenset({"del", "s", "strike"})
_RAISED = frozenset({"sup", "sub"})
# what takes an element out of the page, hides it and all in it, or hides it as far as parts of it do not say otherwise
_GONE = ("display",)
_WHOLLY = ("opacity", "text-decoration", "place")
_INHERITED = ("visibility", "font-size", "mso-hide", "color", "transparent")
_UNSEEN = frozenset({*_GONE, *_WHOLLY, *_INHERITED, "vertical-align"})  # of texts that styles add
_LONGEST_ADDED = 100  # characters; signs, units and words, no matter how many elements they are added to
_PICTURES = re.compile("[\ue000-\uf8ff]")  # characters of fonts of icons

# no rules of these do what they say of letters or boxes
_CELLS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "col", "colgroup"})

# no text is added to what shows something else
_REPLACED = frozenset({"img", "input", "br", "hr", "select", "textarea", "object", "video", "canvas", "col", "tr"})

_Rank = tuple[int | LayerRank, ...]
# what elements and attributes mean goes before no rule, an own style before all but what is important
_ELEMENT, _OWN = (0, 0), (0, 1)
_STRIKES, _HIDES = {"text-decoration": True}, {"display": True}
_DIRECTIONS = {"ltr": {"direction": False}, "rtl": {"direction": True}}
_TURNS = {"unicode-bidi", "direction"}  # together


@dataclass(frozen=True, slots=True)
class Sight:
    """Elements that take no space, elements that keep their space but are invisible, raised ones, and those that begin
    and end a line by their style; and the number of rules that took too long to match."""

    gone: frozenset[Element] = frozenset()
    unseen: frozenset[Element] = frozenset()
    raised: frozenset[Element] = frozenset()
    blocks: frozenset[Element] = frozenset()
    rules_left_aside: int = 0


def sight_of(root: Element, rules: list[Rule], file_name: str) -> Sight:
    """What a page shows by the rules of its style sheets. DocumentError if these are too many to be matched."""
    styled = [(element, element.get("style", "")) for element in having(root, "style")]
    check_styles((style for _, style in styled), file_name)
    styles = _Styles(root, Elements(root, file_name))
    styles.read(rules, styled)
    return styles.sight()


class _Rule(NamedTuple):
    """The effects of a rule on its matches; ``content`` is the text that it adds."""

    selector: Selector
    is_important: bool
    effects: Effects
    content: Tokens | None
    layer: LayerRank


@dataclass(slots=True)
class _Styles:
    """The styles of the elements of one page."""

    root: Element
    elements: Elements
    said: dict[Element, dict[str, tuple[_Rank, bool]]] = field(default_factory=lambda: defaultdict(dict))

    def read(self, stated: list[Rule], own: list[tuple[Element, str]]) -> None:
        """Rules first, then what the elements say of themselves."""
        values = names_of(stated)
        layers = ranks_of(stated)
        rules = [rule for each in stated for rule in _rules(each, values, layers[each.layer])]
        fonts = [(e, _of_colour(e.get("color", "")), _ELEMENT) for e in self.root.iter("font") if e.get("color")]
        struck = [(element, _STRIKES, _ELEMENT) for element in self.root.iter(*_STRUCK)]
        hidden = [(e, _HIDES, _ELEMENT) for name in ("hidden", "popover") for e in having(self.root, name)]
        hidden += [(e, _HIDES, _ELEMENT) for e in self.root.iter("dialog") if e.get("open") is None]
        hidden += [(part, _HIDES, _ELEMENT) for part in _folded(self.root)]
        turned = [(e, {"unicode-bidi": True}, _ELEMENT) for e in self.root.iter("bdo")]
        turned += [(e, _DIRECTIONS.get(e.get("dir", "").lower(), {}), _ELEMENT) for e in having(self.root, "dir")]
        of_elements = [*fonts, *struck, *hidden, *turned]
        of_styles = {style: _of_style(style, values) for style in {style for _, style in own}}
        of_rules = {name for rule in rules for name, hides in rule.effects.items() if hides}
        own_effects = [effects for each in of_styles.values() for _, effects in each]
        own_effects += (effects for _, effects, _ in of_elements)
        names = of_rules.union(name for effects in own_effects for name, hides in effects.items() if hides)
        if "color" not in names:
            names.discard("background")
        is_turned = names >= _TURNS
        if not is_turned:
            names -= _TURNS
        # what nothing hides by need not be followed
        if of_rules & names or is_turned:
            for order, rule in enumerate(rules):
                if names & rule.effects.keys() and not rule.selector.added:
                    for element in self.elements.matching(rule.selector):
                        _say(self.said[element], rule, order)
        for element, effects, rank in of_elements:
            if names & effects.keys():
                _say_all(self.said[element], effects, rank)
        telling = {style for style, each in of_styles.items() if any(names & effects.keys() for _, effects in each)}
        for element, style in own if telling else ():
            for is_important, effects in of_styles[style] if style in telling else ():
                _say_all(self.said[element], effects, (int(is_important), *_OWN[1:]))
        self._add_texts([rule for rule in rules if rule.selector.added])

    def _add_texts(self, rules: list[_Rule]) -> None:
        """Insert the texts that rules add before or after those of elements."""
        contents: dict[tuple[Element, str], tuple[_Rank, Tokens]] = {}
        looks: dict[tuple[Element, str], dict[str, tuple[_Rank, bool]]] = defaultdict(dict)
        for order, rule in enumerate(rules if any(rule.content for rule in rules) else ()):
            for element in self.elements.matching(rule.selector):
                key, rank = (element, rule.selector.added), _rank(rule, order)
                if rule.content is not None and (key not in contents or rank >= contents[key][0]):
                    contents[key] = rank, rule.content
                _say_all(looks[key], rule.effects, rank)
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
        """The elements that are invisible or raised."""
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
        """Insert Unicode marks around text that is forced from right to left, and around parts of it that are not."""
        turned = {element for element in overridden if self._is_from_right(element)}
        around = _around(overridden - turned) & turned
        for element in overridden:
            if element in turned or any(above in around for above in element.iterancestors()):
                element.text = ("\u202e" if element in turned else "\u202d") + (element.text or "")
                _append(element, "\u202c")

    def _is_from_right(self, element: Element) -> bool:
        """Whether the direction of an element, or of the nearest one around it that states one, is from right to
        left."""
        above: Element | None = element
        while above is not None:
            self.elements.step()
            _, from_right = self.said.get(above, {}).get("direction", ((), None))
            if from_right is not None:
                return from_right
            above = above.getparent()
        return False

    def _is_on_paper(self, element: Element) -> bool:
        """Whether no element inside has a background of its own, on which white letters may be visible."""
        for part in element.iter():
            self.elements.step()
            if self.said.get(part, {}).get("background", ((), False))[1] or part.get("bgcolor"):
                return False
        return True

    def _has_background(self, element: Element) -> bool:
        """Whether white letters may be visible, as on a coloured heading; external style sheets may colour any
        class."""
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
    """Add a text at the end of an element."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _say(known: dict[str, tuple[_Rank, bool]], rule: _Rule, order: int) -> None:
    _say_all(known, rule.effects, _rank(rule, order))


def _rank(rule: _Rule, order: int) -> _Rank:
    layer = opposite(rule.layer) if rule.is_important else rule.layer
    return int(rule.is_important), 0, layer, *rule.selector.weight, order


def _say_all(known: dict[str, tuple[_Rank, bool]], effects: Effects, rank: _Rank) -> None:
    for name, value in effects.items():
        if name not in known or rank >= known[name][0]:
            known[name] = rank, value


def _folded(root: Element) -> Iterator[Element]:
    """What closed details do not show: all but their summary. Texts directly in them are removed."""
    for details in root.iter("details"):
        if details.get("open") is None:
            details.text = None
            for part in details:
                part.tail = None
                if part.tag != "summary":
                    yield part


def _beside(element: Element, shown: set[Element], around: set[Element]) -> Iterator[Element]:
    """The parts of a hidden element other than those that are visible nevertheless. Texts directly in it are
    removed."""
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


def _added(content: Tokens, element: Element) -> str:
    """The text that a style adds to an element; "" if it is a picture, a counter or the like."""
    parts = []
    for token in content:
        if token == "/":
            break  # what is read out instead
        if token.type == "string":
            parts.append(token.value)
        elif token.type == "function" and token.lower_name == "attr":
            named = [argument for argument in token.arguments if argument.type != "whitespace"]
            if len(named) != 1 or named[0].type != "ident":
                return ""
            parts.append(element.get(named[0].lower_value, ""))
        else:
            return ""
    text = "".join(parts).replace("\n", " ")
    is_text = text.replace("\xa0", " ").isprintable() and not _PICTURES.search(text)
    return text if is_text and len(text) <= _LONGEST_ADDED else ""


def _around(elements: Iterable[Element]) -> set[Element]:
    """The elements around the given ones."""
    found: set[Element] = set()
    for element in elements:
        for above in element.iterancestors():
            if above in found:
                break
            found.add(above)
    return found


@lru_cache(maxsize=1_000)  # programs state the colour of every cell
def _of_colour(colour: str) -> Effects:
    return effects_of(declarations_of(f"color:{colour}"))


def _of_style(style: str, values: Mapping[str, Tokens]) -> list[tuple[bool, Effects]]:
    """The effects of an element's own style, important ones separately; ``values``: the values of custom properties."""
    if "var(" not in style:
        return _of_plain_style(style)
    declarations = declarations_of(style)
    return _by_importance(settled(declarations, {**values, **defined(declarations)}))


@lru_cache(maxsize=10_000)
def _of_plain_style(style: str) -> list[tuple[bool, Effects]]:
    return _by_importance(declarations_of(style))


def _by_importance(declarations: tuple[Declaration, ...]) -> list[tuple[bool, Effects]]:
    parts = ([each for each in declarations if each.is_important == important] for important in (False, True))
    return [(bool(number), effects_of(part)) for number, part in enumerate(parts) if part]


def _rules(stated: Rule, values: Mapping[str, Tokens], layer: LayerRank) -> Iterator[_Rule]:
    """The effects of a rule on the matches of its selectors; ``values``: the values of custom properties."""
    declarations = settled(stated.declarations, values)
    content = next((each.tokens for each in declarations[::-1] if each.name == "content"), None)
    for is_important, effects in _by_importance(declarations):
        if effects or content:
            for selector in selectors(stated.selector):
                yield _Rule(selector, is_important, effects, content, layer)
