"""Characters of symbol fonts in Word (w:sym), which use Unicode's private area."""

from __future__ import annotations

UNKNOWN = "\ufffd"  # a picture nobody can tell from a digit: with it no cell is a figure

_PRIVATE = range(0xF000, 0xF100)
# places of the font Symbol that are not those of ASCII
_SYMBOL = dict(
    zip(
        (0x2A, 0x2D, 0x44, 0xA3, 0xA5, 0xB0, 0xB1, 0xB2, 0xB3, 0xB4, 0xB7, 0xB8, 0xB9, 0xBA, 0xBB, 0xBC, 0xD7),
        "*\u2212Δ≤∞°±″≥×•÷≠≡≈…⋅",
        strict=True,
    )
)
_WINGDINGS = dict(zip((0x6C, 0x6E, 0x6F, 0x71, 0xA8, 0xFB, 0xFC, 0xFD, 0xFE), "●■□□□×√☒☑", strict=True))
_WINGDINGS |= {0x80 + number: "⓪①②③④⑤⑥⑦⑧⑨⑩"[number] for number in range(11)}


def symbol(font: str, code: str) -> str:
    """The character for the name of a symbol font and a code in hexadecimal digits."""
    try:
        number = int(code, 16)
    except ValueError:
        return UNKNOWN
    if number not in _PRIVATE:
        return chr(number) if 0x20 <= number < 0xD800 else UNKNOWN
    place = number - _PRIVATE.start
    if font.casefold() == "symbol":
        is_shared = chr(place) in "0123456789 ()+,./%=<>[]"
        return _SYMBOL.get(place, chr(place) if is_shared else UNKNOWN)
    if font.casefold().startswith(("wingdings", "webdings")):
        return _WINGDINGS.get(place, UNKNOWN) if font.casefold() == "wingdings" else UNKNOWN
    return chr(place) if 0x20 <= place < 0x7F else UNKNOWN


def is_of_symbols(font: str) -> bool:
    """Whether a font has pictures in place of letters and digits."""
    return font.casefold().startswith(("symbol", "wingdings", "webdings"))


def in_font(font: str, text: str) -> str:
    """The characters that letters show in a symbol font."""
    return "".join(
        symbol(font, f"{ord(c) if ord(c) in _PRIVATE else 0xF000 + ord(c):x}") if _has_place(c) else c for c in text
    )


def _has_place(character: str) -> bool:
    return ord(character) in _PRIVATE or 0x20 < ord(character) < 0x100
