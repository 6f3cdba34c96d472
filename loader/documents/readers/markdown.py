"""Tables in Markdown, and the words of a cell, without the marks that make them bold, break lines or link."""

from __future__ import annotations

import re
from html import unescape

RULE = re.compile(r"^(?=.*?(?:--|:-|-:))[\t |:+-]+$", re.MULTILINE)  # beneath the header of a table
_BELOW_HEADER = re.compile(r"^[ \t]*\|.*\|[ \t]*\r?\n[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*\r?$", re.MULTILINE)
_MARKED = re.compile(r"[*_`~=$\\<&\[#]")
_HEADING = re.compile(r"^#{1,6}\s+|(?<!\s)\s+#+$")
_LEFT_OUT = re.compile(r"~~[^~]*~~|<(del|s|strike|sup|sub)\b[^<>]*>[^<]*</\1>|\[\^[^\[\]]*\]", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^)\s]{0,2000}\)")
_AROUND = re.compile(r"(\*{1,3}|_{1,3}|`+|==|\$)(?=\S)(.*?\S)\1", re.DOTALL)  # bold, code, marked, formulas
_BOLD = re.compile(r"\*\*(?=\S)([^*]*[^*\s])\*\*")  # within a line
_DEEPEST = 3  # marks within one another
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def has_tables(text: str) -> bool:
    """Whether a text has a row between bars with the rule below it that makes it the header of a table, however much
    prose stands around it."""
    return _BELOW_HEADER.search(text) is not None


def words_of(text: str) -> str:
    """The words of a cell or paragraph, with line feeds for breaks. What is struck out and marks of footnotes are left
    out."""
    if not _MARKED.search(text):
        return text
    text = _LEFT_OUT.sub("", _HEADING.sub("", text.strip()))
    text = _LINK.sub(r"\1", unescape(_TAG.sub("", _BREAK.sub("\n", text))))
    for _ in range(_DEEPEST):
        if (whole := _AROUND.fullmatch(text)) is not None:
            text = whole[2]
    text = _BOLD.sub(r"\1", text)
    return _ESCAPED.sub(r"\1", text)
