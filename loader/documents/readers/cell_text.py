"""The text of a cell from its printed lines: lines are joined, footnote marks left out, several figures kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from loader.documents.wording import APART, figure, join_lines

# readers put raised or lowered text between these
RAISED, BACK = "\x0e", "\x0f"

_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]")
_MARK = re.compile(f"(.?){RAISED}([^{BACK}]*){BACK}", re.DOTALL)
# a figure that goes on in the next line; one digit with a point may number a line
_OPEN, _DECIMALS = re.compile(r"[-(（]?[\d,]*\d\d\."), re.compile(r"\d\d[)）]?")


def text_of(lines: Iterable[str]) -> str:
    """The lines of a cell as one text. Two figures below one another are both shown, so that the cell is no figure: no
    form has two figures in one cell."""
    parts = [
        part
        for line in lines
        for piece in ((line,) if line.isprintable() else _BREAKS.split(line))
        if (part := piece.strip())
    ]
    if len(parts) < 2:
        return parts[0] if parts else ""
    joined = [[parts[0]]]
    for above, below in pairwise(parts):
        if figure(above) and figure(below) and not below.startswith(".") and not _is_one(above, below):
            joined.append([])
        joined[-1].append(below)
    return APART.join(join_lines(group) for group in joined)


def _is_one(above: str, below: str) -> bool:
    """Whether two lines are one figure that is broken after its decimal point."""
    return _OPEN.fullmatch(above) is not None and _DECIMALS.fullmatch(below) is not None


def without_marks(text: str) -> str:
    """A text without raised footnote marks, which would become digits of a figure or part of a label. Raised and
    lowered parts of units (m², CO₂) are kept, and so is a text that is raised as a whole."""
    if RAISED not in text:
        return text
    plain = _MARK.sub(lambda found: found[1] + (found[2] if found[1].isascii() and found[1].isalpha() else ""), text)
    return plain if plain.strip("\0 \t\r\n\xa0") else text.replace(RAISED, "").replace(BACK, "")
