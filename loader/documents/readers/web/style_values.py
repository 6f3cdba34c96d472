"""Values in style sheets: custom properties (var), lengths and sums of them (calc), colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any

from tinycss2.ast import FunctionBlock
from tinycss2.color4 import Color, parse_color

from loader.documents.readers.colour import FAINT, WHITE
from loader.documents.readers.web.style_sheets import SCREEN, Declaration, Rule, Tokens

# pixels, about
_UNITS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}
_UNITS |= {"em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0}
_UNITS |= {"vw": SCREEN["width"] / 100, "vh": SCREEN["height"] / 100}
_UNITS |= {"vmin": _UNITS["vh"], "vmax": _UNITS["vw"]}
_PER_CENT = 0.16  # pixels, of a letter of usual size
_TINY = 2.0  # pixels; nobody sees letters so small
_REM = 100.0  # pixels on many pages for phones, where letters of .12rem are seen
_LIGHTEST = 98.0  # of 100; nobody tells it from white
_PAPER = Color("srgb", (1, 1, 1), 1)
_EVERYWHERE = frozenset({":root", "html", "body", "*", ":root,:host", ":host,:root"})
_MOST_TOKENS = 200  # of a value with others in place of names, those within functions included
_DEEPEST = 20  # names that stand for one another, and functions within one another


def names_of(rules: Iterable[Rule]) -> dict[str, Tokens]:
    """The values of custom properties (--name) for the whole page, or wherever they are defined."""
    everywhere: dict[str, Tokens] = {}
    elsewhere: dict[str, dict[str, Tokens]] = {}
    for rule in rules:
        is_everywhere = "".join(rule.selector.split()).lower() in _EVERYWHERE
        for name, tokens in defined(rule.declarations).items():
            if is_everywhere:
                everywhere[name] = tokens
            else:
                elsewhere.setdefault(name, {})[str([token.serialize() for token in tokens])] = tokens
    return {name: next(iter(values.values())) for name, values in elsewhere.items() if len(values) == 1} | everywhere


def defined(declarations: Iterable[Declaration]) -> dict[str, Tokens]:
    """The custom properties that declarations define."""
    return {each.name: each.tokens for each in declarations if each.name.startswith("--")}


def settled(declarations: tuple[Declaration, ...], names: Mapping[str, Tokens]) -> tuple[Declaration, ...]:
    """Declarations with custom properties replaced by their values. A declaration with an undefined one has no
    effect."""
    found = []
    for each in declarations:
        tokens = _settled(each.tokens, names, 0)
        if tokens is not None:
            found.append(each if tokens is each.tokens else each._replace(tokens=tokens))
    return tuple(found)


def _settled(tokens: Tokens, names: Mapping[str, Tokens], depth: int) -> Tokens | None:
    if depth > _DEEPEST:
        return None
    if not any(token.type == "function" for token in tokens):
        return tokens
    found: list[Any] = []
    for token in tokens:
        if token.type != "function":
            found.append(token)
            continue
        arguments = _arguments(token)
        if token.lower_name == "var":
            name = arguments[0].value.lower() if arguments and arguments[0].type == "ident" else ""
            # what is behind the comma stands in for a name without a value
            value = names.get(name, arguments[2:])
            inner = _settled(value, names, depth + 1) if value else None
            if inner is None:
                return None
            found += inner
        else:
            inner = _settled(arguments, names, depth + 1)
            if inner is None:
                return None
            found.append(FunctionBlock(token.source_line, token.source_column, token.name, list(inner)))
    return tuple(found) if _count(found) <= _MOST_TOKENS else None


def _count(tokens: Iterable[Any]) -> int:
    return sum(1 + _count(token.arguments) if token.type == "function" else 1 for token in tokens)


def _arguments(function: Any) -> Tokens:
    return tuple(token for token in function.arguments if token.type not in ("whitespace", "comment"))


def functions(tokens: Tokens) -> list[tuple[str, list[Tokens]]]:
    """The functions in a value, each with its arguments, which are separated by commas or spaces."""
    found = []
    for token in tokens:
        if token.type == "function":
            parts = [argument for argument in _arguments(token) if argument != ","]
            found.append((token.lower_name, [(part,) for part in parts]))
    return found


def pixels(tokens: Tokens) -> float | None:
    """A length in pixels, approximately; None if it is no length."""
    return _length(tokens[0]) if len(tokens) == 1 else None


def _length(token: Any) -> float | None:
    match token.type:
        case "number":
            return float(token.value)
        case "percentage":
            return float(token.value) * _PER_CENT
        case "dimension":
            unit = _UNITS.get(token.lower_unit)
            return None if unit is None else float(token.value) * unit
        case "function" if token.lower_name == "calc":
            return _sum(list(_arguments(token))[::-1])
        case "() block":
            return _sum([part for part in token.content if part.type not in ("whitespace", "comment")][::-1])
    return None


def _sum(tokens: list[Any]) -> float | None:
    """The value of a sum, whose parts are taken from the end of the list; None if it is not understood."""
    value = _product(tokens)
    while tokens and value is not None:
        sign = tokens.pop()
        other = _product(tokens)
        if other is None or sign not in ("+", "-"):
            return None
        value = value + other if sign == "+" else value - other
    return value


def _product(tokens: list[Any]) -> float | None:
    value = _length(tokens.pop()) if tokens else None
    while tokens and value is not None and tokens[-1] in ("*", "/"):
        is_product = tokens.pop() == "*"
        other = _length(tokens.pop()) if tokens else None
        if other is None or not (is_product or other):
            return None
        value = value * other if is_product else value / other
    return value


def leaves_no_room(tokens: Tokens) -> bool:
    """Whether a box of this height or width shows nothing. Percentages depend on the surroundings, so of them only 0
    counts."""
    size = pixels(tokens)
    return size is not None and size <= (0 if tokens[0].type == "percentage" else 1)


def is_tiny(tokens: Tokens) -> bool:
    """Whether letters of this size are too small to be seen."""
    size = pixels(tokens)
    if size is not None and tokens[0].type == "dimension" and tokens[0].lower_unit == "rem":
        size *= _REM / _UNITS["rem"]
    return size is not None and size < _TINY


def is_nothing(tokens: Tokens) -> bool:
    """Whether a number (of opacity, of a scale) is 0."""
    return pixels(tokens) == 0


def is_unseen_through(tokens: Tokens) -> bool:
    """Whether an opacity leaves nearly nothing visible."""
    share = pixels(tokens)
    if share is not None and tokens[0].type == "percentage":
        share /= 100 * _PER_CENT
    return share is not None and 255 * share < FAINT


def is_white(tokens: Tokens) -> bool:
    """Whether a colour is white or looks like it."""
    colour = _colour(tokens)
    if colour is None:
        return False
    if colour.space in ("lab", "lch", "oklab", "oklch"):
        return bool(colour.to("lab").coordinates[0] >= _LIGHTEST)
    if colour.space in ("hsl", "hwb"):
        colour = colour.to("srgb")
    return all(255 * (part or 0) >= WHITE for part in colour.coordinates)


def is_transparent(tokens: Tokens) -> bool:
    """Whether a colour is nearly transparent."""
    colour = _colour(tokens)
    return colour is not None and 255 * colour.alpha < FAINT


def _colour(tokens: Tokens, depth: int = 0) -> Color | None:
    if len(tokens) != 1 or depth > _DEEPEST:
        return None
    token = tokens[0]
    if token.type == "function" and token.lower_name in ("light-dark", "color-mix"):
        parts = _parts(token)
        if token.lower_name == "light-dark":  # pages are read by day
            return _colour(parts[0], depth + 1)
        return _mixed([part for part in parts if _word(part) != "in"], depth + 1)
    colour = _PAPER if _word(tokens) in ("canvas", "field") else parse_color(token)
    return colour if isinstance(colour, Color) else None


def _parts(function: Any) -> list[Tokens]:
    """The arguments of a function, separated by commas."""
    parts: list[Tokens] = [()]
    for token in _arguments(function):
        if token == ",":
            parts.append(())
        else:
            parts[-1] += (token,)
    return parts


def _word(tokens: Tokens) -> str:
    return str(tokens[0].lower_value) if tokens and tokens[0].type == "ident" else ""


def _mixed(parts: list[Tokens], depth: int) -> Color | None:
    """The mixture of two colours. The colour space does not matter: the result is white in any if both are."""
    if len(parts) != 2:
        return None
    shares = [next((token.value / 100 for token in part if token.type == "percentage"), None) for part in parts]
    first = shares[0] if shares[0] is not None else 0.5 if shares[1] is None else 1 - shares[1]
    weights = first, 1 - first if shares[1] is None else shares[1]
    colours = [_colour(tuple(token for token in part if token.type != "percentage"), depth) for part in parts]
    mixed = [
        (weight, colour.to("srgb")) for weight, colour in zip(weights, colours, strict=True) if colour and weight > 0
    ]
    whole = sum(weights)
    alpha = sum(weight * colour.alpha for weight, colour in mixed)
    if None in colours or not 0 < whole < inf:
        return None
    if not alpha:
        return Color("srgb", (0, 0, 0), 0)
    sides = (sum(w * c.alpha * (c.coordinates[side] or 0) for w, c in mixed) / alpha for side in range(3))
    return Color("srgb", tuple(sides), alpha / whole if whole > 1 else alpha)
