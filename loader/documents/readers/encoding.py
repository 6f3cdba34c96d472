"""Bytes → text: the bytes decide the encoding before what a document declares. Damaged characters are counted."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # which begins like the next
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f]")  # \x85 and what else breaks a line is text
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\x00-\x08\x0e-\x1b\x1f\x7f]+(?=\d)")
# in UTF-8 and GB18030 no part of another character
_CONTROL_BYTES = bytes([*range(9), *range(14, 28), 31, 127])
_REPLACED = "\ufffd"
_END_OF_FILE = "\x00\x1a"  # padding of a download or a tape, and how DOS ends a text
_SAMPLE = 4096  # bytes that tell whether a text is UTF-16 or Big5
# two bytes of a character that is none of ASCII; in Big5 the common ones are in one part of the table, and the second
# byte is as often in the lower half of all bytes as a rare character of GB18030 has it
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_COMMON_IN_BIG5 = re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]")
_LOWER_HALF = bytes(range(0x80))
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_FEWEST_PAIRS = 20
_MOSTLY, _OFTEN = 0.9, 0.15
# a text with a larger part of its characters damaged is taken for binary data
_MOST_DAMAGED = 0.02


class Decoded(NamedTuple):
    """A text without padding and control characters; the number of characters that could not be decoded, the number of
    control characters left out, the line of the first of either, and whether the bytes end within a character."""

    text: str
    lost: int = 0
    left_out: int = 0
    line: int = 0
    is_cut: bool = False

    @property
    def is_binary(self) -> bool:
        """Whether so much is damaged that this is not a text."""
        return self.lost + self.left_out > _MOST_DAMAGED * (len(self.text) + self.left_out)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks on the damage."""
        remarks = []
        if self.lost:
            remarks.append(f"{self.lost} characters could not be decoded, the first in line {self.line}")
        if self.left_out:
            remarks.append(f"{self.left_out} control characters were left out, the first in line {self.line}")
        return tuple(remarks)


@lru_cache(maxsize=1)  # the format of a document is told from its text, which is then read
def decode(content: bytes) -> Decoded:
    """The text of UTF-8 or UTF-16 bytes, with or without a byte order mark, otherwise of HZ or GB18030."""
    text = _text(content).rstrip(_END_OF_FILE)
    lost = text.count(_REPLACED)
    if not lost and (len(content.translate(None, _CONTROL_BYTES)) == len(content) or not _CONTROL.search(text)):
        return Decoded(text)
    is_cut = lost > 0 and text.endswith(_REPLACED)
    if is_cut:
        text = text.rstrip(_REPLACED)
        lost = text.count(_REPLACED)
    damaged = _CONTROL.search(text)
    places = [place for place in (text.find(_REPLACED), damaged.start() if damaged else -1) if place >= 0]
    line = text.count("\n", 0, min(places)) + 1 if places else 0
    if damaged:
        text, between = _BETWEEN_DIGITS.subn(_REPLACED, text)  # so that two numbers do not become one
        text, left_out = _CONTROL.subn("", text)
        left_out += between
    else:
        left_out = 0
    return Decoded(text, lost, left_out, line, is_cut)


def is_big5(content: bytes) -> bool:
    """Whether a text is in Big5, whose Chinese is in traditional characters."""
    first = _BEYOND_ASCII.search(content)
    sample = content[first.start() : first.start() + _SAMPLE] if first else b""
    try:
        codecs.utf_8_decode(sample, "strict", False)
    except UnicodeDecodeError:
        pairs = _PAIR.findall(sample)
    else:
        return False
    seconds = b"".join(pairs)[1::2]
    low = len(seconds) - len(seconds.translate(None, _LOWER_HALF))
    if len(pairs) < _FEWEST_PAIRS or low < _OFTEN * len(pairs):
        return False
    return sum(_COMMON_IN_BIG5.fullmatch(pair) is not None for pair in pairs) >= _MOSTLY * len(pairs)


def _text(content: bytes) -> str:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            text = content[len(bom) :].decode(encoding, "replace").lstrip("\ufeff")
            if encoding != "utf-8" or _REPLACED not in text:
                return text
            content = content[len(bom) :]  # put before a text in another encoding, or a damaged one
            break
    zeros = content.count(0)
    if zeros and (wide := _utf16(content)) is not None and 4 * zeros > len(content):
        return content.decode(wide, "replace")
    is_seven_bits = b"~{" in content and content.isascii()
    for encoding in ("hz", "utf-8") if is_seven_bits else ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Chinese in UTF-16 may look like GB18030, but not without control characters
        if not zeros or _CONTROL.search(text.replace("\x00", "").rstrip(_END_OF_FILE)) is None:
            return text
    if zeros and wide is not None:
        return content.decode(wide, "replace")
    text = content.decode("utf-8", "replace")
    if 20 * text.count(_REPLACED) < len(_CHINESE.findall(text)):
        return text  # damaged in places; a legacy encoding read as UTF-8 has next to no Chinese
    return content.decode("gb18030", "replace")


def _utf16(content: bytes) -> str | None:
    """UTF-16 without a byte order mark: tabs and digits have a zero byte on one side only."""
    sample = content[:_SAMPLE]
    low, high = sample[1::2].count(0), sample[0::2].count(0)
    if min(low, high) * 20 >= max(low, high):
        return None
    return "utf-16-le" if low > high else "utf-16-be"
