"""The language of what people read: English, or Chinese by ``loader/catalogue``.

``--lang`` decides, else HETANG_LANG, else the locale. JSON and csv keep the English names that scripts rely on.
Messages are put into Chinese as they are printed.
"""

from __future__ import annotations

import locale
import os

from loader.catalogue.chinese import entries, in_chinese

LANGUAGES = ("en", "zh")
# columns of words that the program chooses
WORDS = (
    "answer",
    "aspect",
    "basis",
    "nature",
    "outcome",
    "server",
    "severity",
    "speaks",
    "stage",
    "statement",
    "status",
)
TEXTS = ("adds up", "meaning", "message", "problem", "reason", "what")  # columns of sentences


_asked: str | None = None


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


def translated(text: str) -> str:
    """A message or help as people read it, line by line unless all of it has an entry."""
    if language() == "en":
        return text
    whole = in_chinese(text)
    return whole if whole != text or "\n" not in text else "\n".join(map(in_chinese, text.split("\n")))


def heading(name: str) -> str:
    """The heading of a column as people read it; a name without a translation stays as it is."""
    words = name.replace("_", " ")
    if language() == "en":
        return words
    known = entries("heading")
    first, _, rest = words.partition(" ")
    if words not in known and first in ("change", "percent"):  # of one of several units or years
        return f"{known[first]} {rest}"
    return known.get(words, words)


def value(column: str, content: object) -> object:
    """What stands in a column of that name, as people read it."""
    if language() == "en" or not isinstance(content, str):
        return content
    if column in WORDS:
        return entries("value").get(content, content)
    return translated(content) if column in TEXTS else content
