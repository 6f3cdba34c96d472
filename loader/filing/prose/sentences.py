"""The sentences of the prose (说明) around the tables, with their places.

Lines may break anywhere, also at the end of a page, so a sentence may span several rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from loader.documents.grid import Row
from loader.documents.wording import fold, is_page_number, join_lines
from loader.filing.tables.titles import filing_unit_of, match_title, money_unit_of

_ENDS = re.compile(r"(?<=[。！!])")
_HEADING = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))[^,;:。]{1,40}$"
)
_POINT = re.compile(r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})、|\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\)")
_CONTENTS = re.compile(r"[.…·]{4,}\d*$|……")
_PUNCTUATION = re.compile("[，,；;、。]")
_SHORT = 20  # characters; lines of prose are longer
_LONGEST = 2000  # characters of a sentence that is read; offices write a fifth of it at most
_APART = 2  # rows from one line of a sentence to the next; a page or a table in between takes more
_FIGURE = re.compile(r"\d\s*(?:亿|万|千)?\s*元|\d\s*[名人]")


class Sentence(NamedTuple):
    """A sentence as printed, with the place of its grid, the row where it begins, and the heading right above it."""

    text: str
    place: str
    source_row: int
    heading: str = ""


def sentences(outside: Iterable[tuple[str, Row]]) -> list[Sentence]:
    """The sentences in the rows outside of tables; empty if none of them states money or people.

    Of a longer sentence than people write only the beginning is taken.
    """
    rows = [(place, row) for place, row in outside if len(row.cells) == 1]
    if not any(_FIGURE.search(row.cells[0].text) for _, row in rows):
        return []
    return [sentence._replace(text=sentence.text[:_LONGEST]) for sentence in _sentences(rows)]


def _sentences(rows: list[tuple[str, Row]]) -> Iterator[Sentence]:
    open_lines: list[str] = []
    last = 0  # number of the row before
    begun: tuple[str, int] | None = None
    may_be_title = True  # what begins behind a full stop is none
    heading = ""
    for place, row in rows:
        text = row.cells[0].text
        folded = fold(text)
        if is_page_number(text):
            continue
        is_heading = bool(_HEADING.match(folded) or _CONTENTS.search(folded))
        is_apart = row.number - last > _APART and (
            bool(_POINT.match(folded)) or (may_be_title and all(map(_is_title, open_lines)))
        )
        is_heading = is_heading or (_is_title(text) and (begun is None or is_apart) and len(folded) < _SHORT)
        last = row.number
        if begun is not None and (begun[0] != place or is_heading or is_apart):
            yield Sentence(join_lines(open_lines, wrapped=True), *begun, heading)
            open_lines, begun, heading = [], None, ""
        if is_heading:
            heading = folded
            continue
        if is_apart:
            heading = ""
        *whole, rest = _ENDS.split(text)
        for piece in whole:
            open_lines.append(piece)
            yield Sentence(join_lines(open_lines, wrapped=True), *(begun or (place, row.number)), heading)
            open_lines, begun, heading = [], None, ""
        if rest.strip():
            may_be_title = not whole and (begun is None or may_be_title)
            open_lines.append(rest)
            begun = begun or (place, row.number)
    if begun is not None:
        yield Sentence(join_lines(open_lines, wrapped=True), *begun, heading)


def _is_title(line: str) -> bool:
    """Whether a line without a full stop is a title or a field, not the beginning of a sentence."""
    if _PUNCTUATION.search(line) or _FIGURE.search(line):
        return False
    return len(line) < _SHORT or bool(money_unit_of(line) or filing_unit_of(line) or match_title(line))
