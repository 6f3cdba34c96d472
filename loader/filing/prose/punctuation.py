"""Wrong punctuation of the prose: the same mark twice, and a closing quotation mark without an opening one."""

from __future__ import annotations

import re

_DOUBLED = re.compile(r"[，。、；：]\s*[，。、；：]")
_LONE = re.compile(r"\s*[。！]\s*")


def is_lone_stop(text: str) -> bool:
    """Whether a sentence is a full stop alone: the one before had ended."""
    return bool(_LONE.fullmatch(text))


def wrong_marks(text: str) -> list[str]:
    """The marks that are wrong in a sentence as printed, each once; of a quotation mark with the words before it."""
    found = [match[0] for match in _DOUBLED.finditer(text)]
    depth = 0
    for at, mark in enumerate(text):
        depth += (mark == "“") - (mark == "”")
        if depth < 0:
            found.append(text[max(0, at - 4) : at + 1])
            depth = 0
    return list(dict.fromkeys(found))
