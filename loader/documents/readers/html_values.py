"""Values of style sheets: lengths in pixels, colours, sums (calc) and names that stand for values (var)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from loader.documents.readers.colour import FAINT, WHITE

SCREEN = {"width": 1366.0, "height": 768.0}  # pixels of the screen on which pages are read
PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "%": 0.16}  # of a letter of usual size
_UNITS = PIXELS | {"ex": 8.0, "ch": 8.0, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}
_UNITS |= {"vw": SCREEN["width"] / 100, "vh": SCREEN["height"] / 100}
_UNITS |= {"vmin": _UNITS["vh"], "vmax": _UNITS["vw"]}
_UNIT = "|".join(sorted(filter(None, _UNITS), key=len, reverse=True))
_LENGTH = re.compile(rf"([-+]?(?:\d+\.?\d*|\.\d+))\s*({_UNIT})?$")
_TINY = 2.0  # pixels; nobody sees letters so small
_NUMBER = re.compile(r"[\d.]+")
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(%?)")
_LIGHTEST = 0.98  # of white; nobody tells them apart
_PALE = frozenset({"white", "snow"})
# colours by their lightness: what stands before it, and what it is a part of
_LIGHTNESS = {"hsl": 2, "hsla": 2, "hwb": 1, "lab": 0, "lch": 0, "oklab": 0, "oklch": 0}
_FULL = {"lab": 100.0, "lch": 100.0}
_FUNCTION = re.compile(r"([a-z]+)\(\s*(?:srgb\s)?([^()]*)\)")

_CALCULATED = re.compile(r"calc\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")
_TERM = re.compile(rf"\s*(?:((?:\d+\.?\d*|\.\d+))({_UNIT})?(?![\w.])|([-+*/()]))")
_LONGEST_SUM = 100  # characters

_DEFINED = re.compile(r"(?:^|[;{])\s*(--[\w-]{1,100})\s*:\s*([^;{}]*)")
_STANDS_FOR = re.compile(r"var\(\s*(--[\w-]{1,100})\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
_EVERYWHERE = frozenset({":root", "html", "body", "*", ":root,:host", ":host,:root"})
_LONGEST_VALUE = 200  # characters
_NESTED = 5  # names that stand for names


def definitions(declarations: str) -> dict[str, str]:
    """The names that declarations let stand for values (--name: value)."""
    if "--" not in declarations:
        return {}
    return {name: value.strip() for name, value in _DEFINED.findall(declarations) if len(value) <= _LONGEST_VALUE}


def is_everywhere(selector: str) -> bool:
    """Whether what a rule defines holds for the whole page."""
    return "".join(selector.split()).lower() in _EVERYWHERE


def settled(declarations: str, names: Mapping[str, str]) -> str:
    """Declarations with values in place of the names that stand for them, as far as these are known."""
    for _ in range(_NESTED):
        if "var(" not in declarations:
            break
        declarations = _STANDS_FOR.sub(lambda found: _value(found, names), declarations)
        if len(declarations) > 10 * _LONGEST_VALUE:
            break
    return declarations


def _value(found: re.Match[str], names: Mapping[str, str]) -> str:
    value = names.get(found[1], found[2])
    return "unset" if value is None else value.strip()


def with_sums(declarations: str) -> str:
    """Declarations with lengths in place of sums (calc) of them."""
    return _CALCULATED.sub(lambda found: _sum(found[1]), declarations) if "calc(" in declarations else declarations


def _sum(text: str) -> str:
    parts: list[float | str] = []
    place = 0
    text = text.replace("calc", "").strip()
    while place < len(text) <= _LONGEST_SUM:
        found = _TERM.match(text, place)
        if found is None:
            return "unknown"
        parts.append(found[3] or float(found[1]) * _UNITS[found[2] or ""])
        place = found.end()
    try:
        value = _added(parts[::-1])
    except (IndexError, TypeError, ValueError, ZeroDivisionError):
        return "unknown"
    return f"{value:.4f}px"


def _added(parts: list[float | str]) -> float:
    """The value of a sum, whose parts are taken from the end of the list."""
    value = _multiplied(parts)
    while parts and parts[-1] in ("+", "-"):
        sign = 1.0 if parts.pop() == "+" else -1.0
        value += sign * _multiplied(parts)
    return value


def _multiplied(parts: list[float | str]) -> float:
    value = _operand(parts)
    while parts and parts[-1] in ("*", "/"):
        is_product = parts.pop() == "*"
        other = _operand(parts)
        value = value * other if is_product else value / other
    return value


def _operand(parts: list[float | str]) -> float:
    part = parts.pop()
    if part in ("-", "+"):
        return _operand(parts) * (1.0 if part == "+" else -1.0)
    if part == "(":
        value = _added(parts)
        if parts.pop() != ")":
            raise ValueError(part)
        return value
    return float(part)


def pixels(value: str) -> float:
    """A length in pixels, about; 0 for what is none."""
    length = _LENGTH.match(value)
    return float(length[1]) * _UNITS[length[2] or ""] if length else 0.0


def leaves_no_room(size: str) -> bool:
    """Whether a box of a height or width shows nothing. How much 1% is depends on what is around it."""
    return _LENGTH.match(size) is not None and pixels(size) <= (0 if size.endswith("%") else 1)


def is_tiny(size: str) -> bool:
    """Whether nobody sees letters of a size. A rem is 100 pixels on many pages for phones, so that .12rem is seen."""
    length = _LENGTH.match(size)
    if length is None:
        return False
    return (100 * float(length[1]) if length[2] == "rem" else pixels(size)) < _TINY


def is_nothing(value: str) -> bool:
    """Whether a number (of opacity, of a scale) is 0."""
    number = _NUMBER.match(value)
    return number is not None and number[0].strip("0.") == ""


@lru_cache(maxsize=1000)
def is_white(value: str) -> bool:
    """Whether a colour is white, or so nearly that nobody tells them apart."""
    if value.startswith(("#", "rgb")):
        parts = _parts_of(value)[:3]
        return len(parts) == 3 and min(parts) >= WHITE
    found = _FUNCTION.match(value)
    if found is None:
        return value in _PALE
    parts = [float(number) / (100 if sign else 1) for number, sign in _PART.findall(found[2])]
    if found[1] == "color":
        return len(parts) >= 3 and min(parts[:3]) >= _LIGHTEST
    place = _LIGHTNESS.get(found[1])
    if place is None or len(parts) < 3:
        return False
    is_share = "%" in found[2].replace(",", " ").split()[place]
    return parts[place] / (1.0 if is_share else _FULL.get(found[1], 1.0)) >= _LIGHTEST


def is_transparent(value: str) -> bool:
    """Whether a colour lets all but nothing be seen."""
    parts = _parts_of(value) if "(" in value or value.startswith("#") else []
    return value == "transparent" or (len(parts) == 4 and parts[3] < FAINT)


def _parts_of(value: str) -> list[float]:
    """Red, green, blue and, if it is stated, alpha of #rgb, #rrggbb or rgb(), each of 255; of other functions of colour
    alpha alone is so."""
    if value.startswith("#"):
        digits = value[1:] if len(value) > 5 else "".join(2 * digit for digit in value[1:])
        is_known = re.fullmatch("(?:[0-9a-f]{2}){3,4}", digits) is not None
        return [float(byte) for byte in bytes.fromhex(digits)] if is_known else []
    parts = _PART.findall(value)
    return [
        float(number) * (2.55 if sign else 255 if place == 3 else 1) for place, (number, sign) in enumerate(parts[:4])
    ]
