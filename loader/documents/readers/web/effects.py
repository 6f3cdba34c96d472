"""Effects of style declarations on text and boxes: hidden, raised or struck out, separate lines, direction of
writing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from loader.documents.readers.web.style_sheets import Declaration, Tokens, text_of
from loader.documents.readers.web.style_values import (
    functions,
    is_nothing,
    is_tiny,
    is_transparent,
    is_unseen_through,
    is_white,
    leaves_no_room,
    pixels,
)

Effects = dict[str, bool]  # property → whether it hides, raises, parts or turns, by what is said of an element

_AWAY = -900.0  # pixels; what stands so far to the left or above is no part of the page
_SIDES = ("left", "top", "right", "bottom", "text-indent", "margin-left")
_LIFTED = 2.0  # pixels above the line; letters so high are marks of footnotes
_SMALLEST_ZOOM = 0.1
# properties that do something whatever else is declared
_DIRECT = frozenset(
    {"display", "visibility", "mso-hide", "content-visibility", "opacity", "filter", "font-size", "font"}
    | {"text-decoration", "text-decoration-line", "vertical-align", "unicode-bidi", "direction"}
    | {"color", "-webkit-text-fill-color", "background", "background-color", "background-image"}
)
_SMALLER = re.compile(r"smaller|x+-small|(?:[1-8]\d?|[1-9])(?:\.\d+)?%|0?\.\d+r?em")  # than the letters around
_BLOCKS = frozenset({"block", "flex", "grid", "list-item", "table", "table-row", "table-cell", "flow-root"})
_ROWS_OF_BLOCKS = frozenset({"flex", "inline-flex", "grid", "inline-grid"})
_NO_GROUND = frozenset({"", "none", "transparent", "inherit", "initial"})
_MOVES = frozenset({"translate", "translatex", "translatey", "translate3d"})
_SCALES = frozenset({"scale", "scalex", "scaley", "scale3d"})
_TURNS_AWAY = frozenset({"rotatex", "rotatey"})


def effects_of(declarations: Iterable[Declaration]) -> Effects:
    """The effects of declarations that matter for reading."""
    effects: Effects = {}
    stated: dict[str, Tokens] = {}
    for declaration in declarations:
        stated[declaration.name] = declaration.tokens
        effects |= _effects(declaration)
    lifted = max(-(pixels(stated.get("top", ())) or 0), pixels(stated.get("bottom", ())) or 0)
    words = {
        name: text_of(stated[name]) for name in ("position", "vertical-align", "font-size", "float") if name in stated
    }
    if words.get("position") == "relative" and lifted >= _LIFTED:
        effects["vertical-align"] = True
    if words.get("vertical-align") == "top" and _SMALLER.match(words.get("font-size", "")):
        effects["vertical-align"] = True
    if _is_out_of_place(stated):
        effects["place"] = True
    if words.get("float", "none") != "none" or words.get("position") in ("absolute", "fixed"):
        effects["block"] = True
    if effects.get("opacity") and ("animation" in stated or "animation-name" in stated):
        effects["opacity"] = False  # it comes forth
    if 0 < (pixels(stated.get("zoom", ())) or 0) < _SMALLEST_ZOOM:
        effects["opacity"] = True
    ground = text_of(stated.get("background-color") or stated.get("background") or ())
    if ground not in _NO_GROUND and ground == text_of(stated.get("color", ())):
        effects["opacity"] = True
    return effects


def _effects(declaration: Declaration) -> Effects:
    """The effects of one declaration that do not depend on the others."""
    name, tokens = declaration.name, declaration.tokens
    if name not in _DIRECT:
        return {}
    value = declaration.value
    match name:
        case "display":
            return {name: value == "none", "block": value in _BLOCKS, "row": value in _ROWS_OF_BLOCKS}
        case "visibility":
            return {name: value in ("hidden", "collapse")}
        case "mso-hide":
            return {name: value == "all"}
        case "content-visibility":
            return {"visibility": value == "hidden"}
        case "font-size":
            return {name: is_tiny(tokens)}
        case "font":
            sizes = [token for place, token in enumerate(tokens) if not place or tokens[place - 1] != "/"]
            return {"font-size": any(is_nothing((token,)) for token in sizes)}
        case "opacity":
            return {name: is_unseen_through(tokens)}
        case "text-decoration" | "text-decoration-line":
            return {"text-decoration": "line-through" in value}
        case "vertical-align":
            return {name: value in ("super", "sub", "text-top") or (pixels(tokens) or 0) >= _LIFTED}
        case "color" | "-webkit-text-fill-color":
            return {"color": is_white(tokens), "transparent": is_transparent(tokens)}
        case "unicode-bidi":
            return {name: value.endswith("override")}
        case "direction" if value in ("ltr", "rtl"):
            return {name: value == "rtl"}
        case "filter":
            return {
                "opacity": any(
                    name == "opacity" and is_unseen_through(parts[0]) for name, parts in functions(tokens) if parts
                )
            }
        case "background" | "background-color" | "background-image":
            return {"background": value not in _NO_GROUND and not is_white(tokens)}
    return {}


def _is_out_of_place(stated: Mapping[str, Tokens]) -> bool:
    """Whether declarations move an element off the page, or leave no space to show it."""
    moves = functions(stated.get("transform", ()))
    sides = [stated[name] for name in _SIDES if name in stated]
    sides += [(token,) for name in ("inset", "translate") for token in stated.get(name, ())]
    sides += [parts[0] for name, parts in moves if name in _MOVES and parts]
    if any((pixels(side) or 0) <= _AWAY for side in sides):
        return True
    if any(_scales_to_nothing(name, parts) for name, parts in moves) or _are_nothing([stated.get("scale", ())]):
        return True
    shapes = (*functions(stated.get("clip", ())), *functions(stated.get("clip-path", ())))
    if any(_clips_all(name, parts) for name, parts in shapes):
        return True
    sizes = [stated[name] for name in ("height", "max-height", "width", "max-width") if name in stated]
    overflows = [stated[name] for name in ("overflow", "overflow-x", "overflow-y") if name in stated]
    is_cut = any(text_of(overflow) in ("hidden", "clip") for overflow in overflows)
    return is_cut and any(map(leaves_no_room, sizes))


def _are_nothing(parts: list[Tokens]) -> bool:
    return bool(parts) and all(map(is_nothing, parts))


def _scales_to_nothing(name: str, parts: list[Tokens]) -> bool:
    if name in _TURNS_AWAY:
        return bool(parts) and text_of(parts[0]).lstrip("+-") in ("90deg", "270deg")
    return (name in _SCALES and _are_nothing(parts[:1])) or (name == "matrix" and _are_nothing(parts[:2]))


def _clips_all(name: str, parts: list[Tokens]) -> bool:
    texts = [text_of(part) for part in parts]
    match name:
        case "rect":
            return len(texts) == 4 and len(set(texts)) == 1 and texts[0] != "auto"
        case "inset":
            return texts in (["50%"], ["100%"])
        case "circle":
            return _are_nothing(parts[:1])
        case "polygon":
            return len(set(zip(texts[::2], texts[1::2], strict=False))) == 1
    return False
