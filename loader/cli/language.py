"""The language of what people read: English, or Chinese by the catalogue ``chinese.csv``.

``--lang`` decides, else HETANG_LANG, else the locale. JSON and csv keep the English names that scripts rely on.

The program words its messages in English, wherever they arise; here they are put into Chinese as they are printed. An
entry of the catalogue is the English wording with ``{1}``, ``{2}`` … for what the message fills in. What fills them is
put into Chinese as well if it has an entry of its own. What has no entry stays as it is: names, figures, and what
Postgres says.
"""

from __future__ import annotations

import csv
import locale
import os
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

LANGUAGES = ("en", "zh")
CATALOGUE = Path(__file__).with_name("chinese.csv")
# columns of words that the program chooses
WORDS = ("aspect", "basis", "nature", "outcome", "server", "severity", "speaks", "stage", "statement", "status")
TEXTS = ("adds up", "meaning", "message", "problem", "reason", "what")  # columns of sentences


_asked: str | None = None


class _Wording(NamedTuple):
    """A message in both languages. ``parts`` is the English between the places."""

    parts: list[str]
    chinese: str

    @property
    def length(self) -> int:
        """How much is said in words: the longer, the surer the message is this one."""
        return sum(map(len, self.parts))


@cache
def _catalogue(kind: str) -> dict[str, str]:
    """Chinese by English: of a ``heading``, of a ``value`` in a cell, or of a ``text``."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return {row["english"]: row["chinese"] for row in csv.DictReader(file) if row["kind"] == kind}


@cache
def _wordings() -> list[_Wording]:
    """The texts with places, those that say most first."""
    texts = ((re.split(r"\{\d\}", english), chinese) for english, chinese in _catalogue("text").items())
    found = [_Wording(parts, chinese) for parts, chinese in texts if len(parts) > 1]
    return sorted(found, key=lambda wording: wording.length, reverse=True)


def choose(asked: str | None) -> None:
    """Take the language that ``--lang`` says, None for none; errors are told when the command line is gone."""
    global _asked
    _asked = asked


def language() -> str:
    """``zh`` or ``en``, as the command line, the environment or the locale says."""
    if _asked is not None:
        return _asked
    for name in ("HETANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    name = locale.getlocale()[0] or ""  # Windows, which has no such variables, names it in full
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def said(text: str) -> str:
    """A message or help as people read it, line by line unless all of it has an entry."""
    if language() == "en":
        return text
    whole = _chinese(text)
    return whole if whole != text or "\n" not in text else "\n".join(map(_chinese, text.split("\n")))


def in_chinese(text: str) -> str:
    """A message in Chinese as far as it is known, whatever the language: for pages, which are Chinese always."""
    return _chinese(text)


def heading(name: str) -> str:
    """The heading of a column as people read it; a name without a translation stays as it is."""
    words = name.replace("_", " ")
    if language() == "en":
        return words
    known = _catalogue("heading")
    first, _, rest = words.partition(" ")
    if words not in known and first in ("change", "percent"):  # of one of several units or years
        return f"{known[first]} {rest}"
    return known.get(words, words)


def value(column: str, content: object) -> object:
    """What stands in a column of that name, as people read it."""
    if language() == "en" or not isinstance(content, str):
        return content
    if column in WORDS:
        return _catalogue("value").get(content, content)
    return said(content) if column in TEXTS else content


def _chinese(text: str) -> str:
    """The text in Chinese as far as it is known.

    A wording that begins with words is looked for first: it tells what the rest is. Else the message may follow a name
    (``FILE: what is wrong``), and of what fits, the wording that says most is taken.
    """
    if not text or text in _catalogue("text"):
        return _catalogue("text").get(text, text)
    for wording in _wordings():
        if wording.parts[0] and (worded := _worded(wording, text)):
            return worded
    starts = [match.end() for match in re.finditer(": ", text)]
    for start in starts:
        if text[start:] in _catalogue("text"):
            return f"{_chinese(text[: start - 2])}: {_catalogue('text')[text[start:]]}"
    for wording in _wordings():
        for start in (0, *starts):
            if worded := _worded(wording, text[start:]):
                return f"{_chinese(text[: start - 2])}: {worded}" if start else worded
    return text


def _worded(wording: _Wording, text: str) -> str | None:
    """The text in Chinese if this is its wording."""
    if not text.startswith(wording.parts[0]) or not all(part in text for part in wording.parts):
        return None
    match = re.fullmatch("(.*?)".join(map(re.escape, wording.parts)), text, re.DOTALL)
    if match is None:
        return None
    places = match.groups()
    return re.sub(r"\{(\d)\}", lambda place: _chinese(places[int(place[1]) - 1]), wording.chinese)
