"""Words of a line and where they stand; which of them are one text, and which columns they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from unicodedata import east_asian_width

from loader.documents.wording import figure

AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d\d")  # of two decimals
_JOINED = re.compile(f"(?:{AMOUNT.pattern}){{2,}}")
SPACE = 1.2  # letters, at most
EVEN = 2.0  # letters; how far edges that stand below one another may be apart


class Word(NamedTuple):
    """A word and where it begins and ends. The unit of places is the width of a Latin letter."""

    text: str
    x0: float
    x1: float


Line = Sequence[Word]
Span = tuple[float, float]  # where a column begins and ends


def parts_of(line: Line) -> list[Word]:
    """The texts of a line that are surely apart: by far more than a space, by a little more behind a code, or because
    one of them is an amount."""
    parts: list[list[Word]] = []
    for word in line:
        last = parts[-1][-1] if parts else None
        if last is None or _are_apart(last, word):
            parts.append([word])
        else:
            parts[-1].append(word)
    return [
        words[0] if len(words) == 1 else Word(" ".join(word.text for word in words), words[0].x0, words[-1].x1)
        for words in parts
    ]


def _are_apart(word: Word, after: Word) -> bool:
    gap = after.x0 - word.x1
    is_behind_code = word.text.isdigit() and not after.text.isdigit()
    return gap >= 2 or is_amount(word.text) or is_amount(after.text) or (is_behind_code and gap > SPACE)


def amounts_apart(line: Line) -> Line:
    """The line with amounts of two decimals apart that have no space between them (896.28790.28)."""
    if not any(_JOINED.fullmatch(word.text) for word in line):
        return line
    apart: list[Word] = []
    for word in line:
        unit = (word.x1 - word.x0) / len(word.text)
        joined = AMOUNT.finditer(word.text) if _JOINED.fullmatch(word.text) else ()
        found = [Word(one[0], word.x0 + unit * one.start(), word.x0 + unit * one.end()) for one in joined]
        apart += found or [word]
    return apart


def is_amount(text: str) -> bool:
    return "." in text and figure(text) is not None


def words_of(part: Word) -> list[Word]:
    """The words of a text, and where they stand."""
    if " " not in part.text:
        return [part]
    unit = (part.x1 - part.x0) / width_of(part.text)
    words, at = [], part.x0
    for text in part.text.split(" "):
        end = at + unit * width_of(text)
        words.append(Word(text, at, end))
        at = end + unit
    return words


def width_of(text: str, wide: int = 2) -> int:
    """The width of a text if a Chinese character is as wide as so many Latin letters."""
    return sum(wide if east_asian_width(character) in "WF" else 1 for character in text)


def overlap(part: Word, column: Span) -> bool:
    return part.x0 < column[1] and column[0] < part.x1


def distance(part: Word, column: Span) -> float:
    return max(part.x0 - column[1], column[0] - part.x1)


def nearest_column(word: Word, columns: Sequence[Span]) -> int:
    """The column that a word shares most with, else the nearest."""
    _, x0, x1 = word
    shared = [(x1 if x1 < end else end) - (x0 if x0 > start else start) for start, end in columns]  # as fast as can be
    most = max(shared)
    alike = [column for column, share in enumerate(shared) if share == most]
    return min(alike, key=lambda column: abs(x0 + x1 - sum(columns[column])))


def united(spans: Iterable[Span]) -> list[Span]:
    """The spans that overlapping ones cover together."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start < united[-1][1]:
            united[-1] = united[-1][0], max(united[-1][1], end)
        else:
            united.append((start, end))
    return united
