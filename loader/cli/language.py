"""The language of output: English, or Chinese from ``loader/catalogue``.

``--lang`` decides, else HETANG_LANG, else the locale. JSON and csv keep their English names, because scripts rely on
them. Messages are translated when they are printed.
"""

from __future__ import annotations

import locale
import os

from loader.catalogue.chinese import entries, in_chinese

LANGUAGES = ("en", "zh")
# columns whose values are words of the program
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
_PLAINER = {
    "rate": "rate (%)",
    "percent": "change (%)",
    "speaks": "evidence",
}  # headings; the names stay in JSON and csv
TEXTS = ("adds up", "meaning", "message", "problem", "reason", "what")  # columns whose values are sentences


_asked: str | None = None


def choose(asked: str | None) -> None:
    """Set the language of ``--lang``, None if it is not given. It is kept for errors that are printed after the command
    ends."""
    global _asked
    _asked = asked


def language() -> str:
    """``zh`` or ``en``, from the command line, the environment or the locale."""
    if _asked is not None:
        return _asked
    for name in ("HETANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    name = locale.getlocale()[0] or ""  # Windows has no such variables and gives the full name
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def translated(text: str) -> str:
    """A message or help text in the user's language; line by line unless the whole text has an entry."""
    if language() == "en":
        return text
    whole = in_chinese(text)
    return whole if whole != text or "\n" not in text else "\n".join(map(in_chinese, text.split("\n")))


def heading(name: str) -> str:
    """The heading of a column in the user's language; a name without a translation is kept."""
    words = name.replace("_", " ")
    if language() == "en":
        return _PLAINER.get(words, words)
    known = entries("heading")
    first, _, rest = words.partition(" ")
    if words not in known and first in ("change", "percent"):  # one of several units or years
        return f"{known[first]} {rest}"
    return known.get(words, words)


def sheet_name(listing: str) -> str:
    """The name of a listing on its sheet of a workbook, in the user's language."""
    return listing if language() == "en" else entries("heading").get(f"sheet_{listing}", listing)


def value(column: str, content: object) -> object:
    """A value of the column with this name, in the user's language."""
    if language() == "en" or not isinstance(content, str):
        return content
    if column in WORDS:
        return entries("value").get(content, content)
    return translated(content) if column in TEXTS else content
