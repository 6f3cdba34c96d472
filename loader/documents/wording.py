"""How labels, codes and figures are written, and how to compare them.

Offices print the same label with spaces and line breaks inside, with full- or half-width brackets, dashes and digits,
with or without an enumeration in front.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_DASHES = re.compile(r"[-\u2010-\u2015\u2212\u2500\uff0d_]+")
_QUOTES = re.compile("[\"'“”‘’「」『』＂〝〞]")
_NUMERALS = "一二三四五六七八九十"
_ENUMERATION = re.compile(
    rf"^(?:[{_NUMERALS}]+[、.,:]|\([{_NUMERALS}]+\)[、.]?|\d{{1,2}}[、.](?!\d)|\(\d{{1,2}}\)|其中:|加:|减:|[☆★*※#])+"
)
_NOTE = re.compile(r"^(?:注|备注|说明)\d?[:：.]")
_PAGE = re.compile(r"^(?:第?\d+页?(?:[,，/]?共?\d+页)?|-\d+-)$")
_CONTINUED = re.compile(r"(?:\(续表?[\d一二三四五]*\)|续表?[\d一二三四五]*)$")
_FIGURE = re.compile(r"^[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?$|^[-+]?\.\d+$")
# 无, /, dashes: a place left empty on purpose
PLACEHOLDERS = frozenset({"", "-", "/", "无", "\\", "--", "—"})
TOTAL_WORDS = frozenset({"合计", "总计", "合计:", "总计:", "合计数"})


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """The text without white space and quotation marks, with half-width forms and one kind of dash."""
    folded = _SPACE.sub("", unicodedata.normalize("NFKC", text))
    return _DASHES.sub("-", _QUOTES.sub("", folded))


@lru_cache(maxsize=50_000)
def label(text: str) -> str:
    """The folded text without an enumeration (一、 （二） 3. 其中：) in front and punctuation at the end."""
    folded = fold(text)
    return _ENUMERATION.sub("", folded).rstrip(":;。") or folded


def is_enumerated(text: str) -> bool:
    """Whether a text begins with an enumeration (一、 （二） 3.)."""
    return bool(_ENUMERATION.match(fold(text)))


def without_continued(text: str) -> str:
    """The folded text without the （续） of a table that goes on over the page."""
    return _CONTINUED.sub("", fold(text))


def is_note(text: str) -> bool:
    """Whether a line below a table is a note on it (注：…)."""
    return bool(_NOTE.match(fold(text)))


def is_page_number(text: str) -> bool:
    """Whether a line is a page number (第 3 页，共 25 页)."""
    return bool(_PAGE.match(fold(text)))


@lru_cache(maxsize=50_000)
def is_total(text: str) -> bool:
    """Whether a cell says 合计 or 总计."""
    return label(text) in TOTAL_WORDS


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed, in the money unit of its form, and how many decimals it shows."""

    value: Decimal
    decimals: int


@lru_cache(maxsize=50_000)
def figure(text: str) -> Figure | None:
    """The figure that a cell prints, or None where it prints none (a placeholder or other text).

    Thousands separators, full-width digits and accounting brackets for negatives are understood.
    """
    folded = _SPACE.sub("", unicodedata.normalize("NFKC", text)).replace("\u2212", "-").replace("¥", "")
    negative = folded.startswith("(") and folded.endswith(")")
    if negative:
        folded = folded[1:-1]
    if not _FIGURE.match(folded):
        return None
    value = Decimal(folded.replace(",", ""))
    decimals = len(folded.partition(".")[2])
    return Figure(-value if negative else value, decimals)


def join_lines(lines: Iterable[str]) -> str:
    """The lines of one cell as one text. Chinese breaks anywhere, so only between two Latin words is a space lost."""
    joined = ""
    for line in lines:
        for part in line.splitlines():
            part = part.strip()
            if joined and part and (joined[-1] + part[0]).isascii() and joined[-1].isalpha() and part[0].isalpha():
                joined += " "
            joined += part
    return joined


def is_placeholder(text: str) -> bool:
    """Whether a cell says that there is nothing: 无, / or a dash."""
    return fold(text) in PLACEHOLDERS


@lru_cache(maxsize=50_000)
def digits(text: str) -> str | None:
    """The code that a cell prints, or None: digits only, also where a spreadsheet wrote 201.0 or '201."""
    folded = fold(text)
    if folded.endswith(".0"):
        folded = folded[:-2]
    return folded if folded.isascii() and folded.isdigit() else None
