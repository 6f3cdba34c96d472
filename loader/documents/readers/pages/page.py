"""The contents of a page of glyphs and rules (PDF, OFD, a scan): tables of ruled cells, and lines of text outside them.

    rules → tables (tables.py), glyphs → lines in their cells (texts.py), pages → rows (rows.py)

Coordinates are points; y grows downwards. Row numbers contain the page, see ``loader.documents.printed_row``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from loader.documents.wording import APART, figure, fold, join_lines

_ONE_SIZE = 0.8  # of the largest letters of a text; its other lines have no smaller ones
MAX_PAGES = 2000
ABOVE, BELOW = 0.88, 0.12  # of the font size: how far the box of a glyph reaches above and below its base line
SAME_EDGE = 4.0  # how far the columns of a table may move from page to page
_INDENT = 0.4  # of the font size: how far the first line of a text stands in, at least
PADDING = 6.0  # between a rule and the text that is aligned to it

# a character with its box: left, top, right, bottom. There are thousands on a page, so it is a bare tuple
Glyph = tuple[str, float, float, float, float]
Box = tuple[float, float, float, float]


def shared(one: Box, other: Box) -> Box:
    """The intersection of two boxes; empty if they are apart."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


class Rule(NamedTuple):
    """A horizontal or vertical rule."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Line:
    """A line of text with its box; ``glyphs`` is used while it is built."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    glyphs: Sequence[Glyph] = ()

    @property
    def size(self) -> float:
        """The height of the box, which is about the font size."""
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        """The vertical middle of the line."""
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class RuledCell:
    """A cell, or several merged into one, with its box and the lines of text in it.

    ``is_doubtful``: a stamp covers its text, or the recogniser was not sure of it.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    x0: float
    y0: float
    x1: float
    y1: float
    lines: list[Line] = field(default_factory=list)
    is_doubtful: bool = False

    @property
    def text(self) -> str:
        """The text of all lines. Figures of several rows in one cell stay apart, so that they are no figure: "300 /
        400"."""
        if len(self.lines) == 1 and self.lines[0].text.isprintable():
            return self.lines[0].text.strip()
        if len(self.lines) > 1 and self._holds_figures():
            return APART.join(line.text.strip() for line in self.lines)
        return join_lines((line.text for line in self.lines), wrapped=True)

    def _holds_figures(self) -> bool:
        """Whether each line is a separate figure.

        The lines of one broken figure fill the cell, all but the last, or only together have two decimals. Below a
        figure with more than two decimals its further ones are digits alone.
        """
        texts = [fold(line.text) for line in self.lines]
        figures = [figure(text) for text in texts]
        whole = figure("".join(texts))
        if any(found is None for found in figures):
            return False
        first_decimals = figures[0].decimals if figures[0] is not None else 0
        goes_on = first_decimals > 2 and all(text.isdigit() for text in texts[1:])  # 0.026 | 784, of six decimals
        if any(found and found.decimals >= 2 for found in figures[:-1]) and not goes_on:
            return True
        sizes = [line.size for line in self.lines]
        if min(sizes) < _ONE_SIZE * max(sizes):
            return True  # a mark of a footnote high above its figure; what was broken is of one size
        if "." in "".join(texts[:-1]) and whole is not None and whole.decimals == 2:
            return False
        first, last = self.lines[0], self.lines[-1]
        if min(first.x0 - last.x0, first.x1 - last.x1) > _INDENT * first.size:
            return False  # an indented code that was broken: figures of rows are even on one side or in the middle
        widest = max(line.x1 - line.x0 for line in self.lines)
        margin = min(PADDING, *(min(line.x0 - self.x0, self.x1 - line.x1) for line in self.lines))
        digit = 0.6 if self.lines[0].text.isascii() else 1.1
        return 1.1 * widest + digit * first.size < self.x1 - self.x0 - 2 * margin


@dataclass(slots=True)
class Table:
    """A ruled table: the positions of its rules, and its cells row by row (a merged cell in its first row only)."""

    xs: list[float]
    ys: list[float]
    owners: list[list[RuledCell]]
    rows: list[list[RuledCell]]

    def cell_at(self, x: float, y: float) -> RuledCell:
        """The cell at a point; outside, the nearest one."""
        column = bisect_right(self.xs, x, 1, len(self.xs) - 1) - 1
        row = bisect_right(self.ys, y, 1, len(self.ys) - 1) - 1
        return self.owners[row][column]


@dataclass(slots=True)
class Page:
    """A page: its tables and the lines of text outside them, from top to bottom, and the raised footnote marks, which
    are not part of the texts in front of them."""

    number: int
    height: float
    blocks: list[Table | list[Line]]
    marks: list[str] = field(default_factory=list)
    watermarks: list[str] = field(default_factory=list)
    drawn_signs: int = 0  # triangles that are read as a minus
    cut_figures: list[str] = field(default_factory=list)  # read whole, though a part of them is not seen
    lines: list[list[Line]] = field(default_factory=list)  # outside tables, as they are set
    pictures: list[Box] = field(default_factory=list)  # which may show a table, beside its text, which has none

    @property
    def has_table(self) -> bool:
        """Whether there is a ruled table on it."""
        return any(isinstance(block, Table) for block in self.blocks)
