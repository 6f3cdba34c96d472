"""The cover of a document: the lines before its first form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from loader.documents.wording import fold
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.recognise import Recognised

_CONTENTS = re.compile(r"目录|第[一1]部分|序号|公开\d*表|附件")
_SENTENCE = re.compile(r"[，。；,;]")
_LONGEST_COVER_LINE, _COVER_LINES = 60, 12


def cover_of(recognised: Recognised) -> list[str]:
    """The lines of the cover: the first lines before any form, up to a sentence or a long line."""
    lines: list[str] = []
    for _, row in recognised.outside[: recognised.before][:_COVER_LINES]:
        if not is_cover_line(row.text):
            break
        lines += whole_lines(row)
    return lines


@lru_cache(maxsize=10_000)  # documents share most of their lines
def is_cover_line(text: str) -> bool:
    """Whether a line may be on a cover: it is short and not a sentence."""
    return len(fold(text)) <= _LONGEST_COVER_LINE and not _SENTENCE.search(text)


def title_of_cover(cover: Sequence[str]) -> str:
    """The lines of a cover before the contents, as one text."""
    return "".join(lines_before_contents(cover))


def lines_before_contents(cover: Sequence[str]) -> Sequence[str]:
    """The lines of a cover before the contents."""
    until = next((at for at, text in enumerate(cover) if _CONTENTS.match(fold(text))), len(cover))
    return cover[:until]
