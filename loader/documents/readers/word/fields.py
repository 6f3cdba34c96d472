"""The text that Word shows for fields without a stored result: symbols, formulas (EQ), quotations, choices of a form.

A field has a code, perhaps a result, and marks around both. Most fields have a result, which is what is printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from loader.documents.readers.attribute import whole
from loader.documents.readers.cell_text import BACK, RAISED
from loader.documents.readers.word.look import VAL, W
from loader.documents.readers.word.symbols import UNKNOWN, symbol

_QUOTED = re.compile(r'"([^"]*)"')
_FONT = re.compile(r'\\f\s*(?:"([^"]*)"|(\S+))', re.IGNORECASE)
_CODE = re.compile(r"\s*SYMBOL\s+(?:0x([0-9a-f]{1,4})|(\d{1,5}))", re.IGNORECASE)
_UNICODE = re.compile(r"\\u\b", re.IGNORECASE)
_SWITCH = re.compile(r'\\\*\s*(?:"[^"]*"|\S+)')  # how a formula looks: font, size, place
_COMMAND = re.compile(r"\\([a-z]+)\s*(-?\d+(?:\.\d+)?)?\s*", re.IGNORECASE)
_CIRCLES = frozenset("○◯〇")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_DEEPEST = 20
_CHOICE = f"{W}ffData/{W}ddList"


@dataclass(slots=True)
class Field:
    """A field while its paragraph is read: its position among the parts of the text, its code, and whether its result
    has begun."""

    start: int
    code: str = ""
    has_result: bool = False


def chosen_in(mark: Element) -> str:
    """The text that a form shows for a list, stated in the mark at the beginning of its field."""
    choices = mark.find(_CHOICE)
    if choices is None:
        return ""
    number = next((whole(entry.get(VAL)) or 0 for entry in choices.iterfind(f"{W}result")), 0)
    listed = [entry.get(VAL, "") for entry in choices.iterfind(f"{W}listEntry")]
    return listed[number] if number < len(listed) else ""


def shown(code: str) -> str:
    """The text of a field without a result, by its code; "" if it is nothing, or something that only Word can
    compute."""
    kind, _, rest = code.strip().partition(" ")
    match kind.upper():
        case "SYMBOL":
            return _symbol(code)
        case "EQ":
            return _Formula(_SWITCH.sub("", rest)).read()
        case "QUOTE":
            quoted = _QUOTED.search(rest)
            return quoted[1] if quoted else rest.strip()
    return ""


def _symbol(code: str) -> str:
    stated = _CODE.match(code)
    if stated is None:
        return UNKNOWN
    number = int(stated[1], 16) if stated[1] else int(stated[2])
    font = _FONT.search(code)
    if font is None or _UNICODE.search(code):
        return symbol("", f"{number:x}")
    return symbol(font[1] or font[2], f"{0xF000 + number:x}" if number < 0x100 else f"{number:x}")


class _Formula:
    """The code of a formula, read from left to right."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._at = 0

    def read(self) -> str:
        """The text that the formula shows; a placeholder for what cannot be written in a line."""
        return self._sequence(0, "").strip()

    def _sequence(self, depth: int, ends: str) -> str:
        parts: list[str] = []
        while self._at < len(self._code) and self._code[self._at] not in ends:
            command = _COMMAND.match(self._code, self._at)
            if command is None:
                self._at += self._code[self._at] == "\\"  # before a bracket or a comma that is shown
                parts.append(self._code[self._at : self._at + 1])
                self._at += 1
                continue
            self._at = command.end()
            options = []
            while (option := _COMMAND.match(self._code, self._at)) is not None:
                options.append(option[1].lower())
                self._at = option.end()
            parts.append(_laid_out(command[1].lower(), options, self._arguments(depth)))
        return "".join(parts)

    def _arguments(self, depth: int) -> list[str]:
        if self._code[self._at : self._at + 1] != "(" or depth >= _DEEPEST:
            return []
        arguments: list[str] = []
        while self._at < len(self._code) and self._code[self._at] != ")":
            self._at += 1
            arguments.append(self._sequence(depth + 1, ",;)").strip())
        self._at += 1
        return arguments


def _laid_out(command: str, options: list[str], arguments: list[str]) -> str:
    """A part of a formula as a line."""
    match command:
        case "f":
            return "/".join(arguments)
        case "s":
            is_raised = bool({"up", "do"}.intersection(options)) and len(arguments) == 1
            return f"{RAISED}{arguments[0]}{BACK}" if is_raised else "\n".join(arguments)
        case "a":
            return "\n".join(arguments)
        case "b":
            return f"({''.join(arguments)})"
        case "l":
            return ",".join(arguments)
        case "x" | "d":
            return "".join(arguments)
        case "o":
            return _over_each_other([text for text in arguments if not text.startswith(RAISED)])
    return UNKNOWN


def _over_each_other(texts: list[str]) -> str:
    if len(texts) == 2 and _CIRCLES.intersection(texts):
        inner = next((text for text in texts if text not in _CIRCLES), "")
        if inner.isdecimal() and 0 < int(inner) <= len(_CIRCLED):
            return _CIRCLED[int(inner) - 1]
    return texts[0] if len(texts) == 1 else UNKNOWN
