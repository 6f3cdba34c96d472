"""Pages that only show glyphs and rules (PDF, OFD, scans) → tables, lines of text and, over all pages, rows.

Coordinates are points; y grows downwards. A table is a set of rules that touch each other; where a piece of rule is
missing between two cells, they are one. Row numbers tell the page: 3012 is the twelfth row or line of page 3.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from loader.documents.grid import Cell, Row
from loader.documents.wording import (
    figure,
    fold,
    is_enumerated,
    is_note,
    is_page_number,
    is_total,
    join_lines,
    without_continued,
)

ROWS_A_PAGE = 1000
APART = " / "  # between the figures of several rows in one cell
MAX_PAGES = 2000

_SAME_RULE = 2.5  # rules closer than this are one, double borders included
_DASH = 4.0  # a gap in a dashed rule
_DOT = 3.0  # the largest dot of a dotted rule
_FEWEST_DOTS = 4
_BETWEEN = 8.0  # between tables, at least
_SLIVER = 15.0  # a column narrower than this and without text is two rules that should be one
_SAME_EDGE = 4.0  # how far the columns of a table may move from page to page
_TOUCHING = 0.12  # of the font size: glyphs closer than this were set as one text
_OVERLAP = 0.3  # of the font size: glyphs that lie over each other by more belong to two texts
_SAME_BASE = 0.25  # of the font size: how far the glyphs of a text may stand above each other
_SMALLER, _RAISED = 0.85, 0.12  # of the font size: a footnote mark is smaller than its text and stands above its base
_MARK = re.compile(r"[(（\[【]?(?:\d{1,2}|[①-⑳a-z]|[*＊※†‡]{1,3})[)）\]】]?")
_WORD_GAP = 0.25  # of the font size: a gap that reads as a space
_COLUMN_GAP = 3.0  # of the font size: outside tables, a gap that parts what stands left from what stands right
_PADDING = 6.0  # between a rule and the text that is aligned to it
_FOOT = 0.75  # of the height of a page: below it, what stands on many pages is a footer
_DEEPEST_HEADER = 6
_MOST_CROSSINGS = 2_000_000  # more rules than that are a drawing
ABOVE, BELOW = 0.88, 0.12  # of the font size: how far the box of a glyph reaches above and below its base line
_STRAIGHT = 0.5  # by how much a rule may lean
_THIN = 3.0  # a filled area so thin is a rule


# a character with its box: left, top, right, bottom. There are thousands on a page, so it is a bare tuple
Glyph = tuple[str, float, float, float, float]
Box = tuple[float, float, float, float]
# which text object of the document a glyph belongs to, and where that may be seen
OriginOf = Callable[[Glyph], tuple[int, Box | None]]


class Rule(NamedTuple):
    """A horizontal or vertical rule."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Line:
    """A line of text with its box; ``glyphs`` while it is being put together."""

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
        """The height at which the line runs."""
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class RuledCell:
    """A cell, or several merged into one, with its box and the lines of text in it."""

    row: int
    column: int
    row_span: int
    column_span: int
    x0: float
    y0: float
    x1: float
    y1: float
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of all lines. Figures of several rows in one cell stay apart, and are none: "300 / 400"."""
        if len(self.lines) == 1 and self.lines[0].text.isprintable():
            return self.lines[0].text.strip()
        if len(self.lines) > 1 and self._holds_figures():
            return APART.join(line.text.strip() for line in self.lines)
        return join_lines((line.text for line in self.lines), wrapped=True)

    def _holds_figures(self) -> bool:
        """Whether each line is a figure of its own: one that was broken over lines fills all but the last, or gets its
        two decimals from them all."""
        texts = [line.text.strip() for line in self.lines]
        figures = [figure(text) for text in texts]
        whole = figure("".join(texts))
        if any(found is None for found in figures):
            return False
        if any(found and found.decimals >= 2 for found in figures[:-1]):
            return True
        if "." in "".join(texts[:-1]) and whole is not None and whole.decimals == 2:
            return False
        widest = max(line.x1 - line.x0 for line in self.lines)
        margin = min(min(line.x0 - self.x0, self.x1 - line.x1) for line in self.lines)
        return 1.1 * widest + 0.6 * self.lines[0].size < self.x1 - self.x0 - 2 * margin


@dataclass(slots=True)
class Table:
    """A ruled table: the places of its rules, and its cells row by row (a merged cell in its first row only)."""

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
    """A page: its tables and the lines of text outside them, from top to bottom, and the raised marks of footnotes,
    which are no part of the texts that they stand behind."""

    number: int
    height: float
    blocks: list[Table | list[Line]]
    marks: list[str] = field(default_factory=list)


# ---------------------------------------------------------------------------- rules → tables


def rules_of(corners: Sequence[tuple[float, float]], is_drawn: bool) -> Iterator[Rule]:
    """The rules in one part of a path: its straight edges where it is drawn, the whole of it where it is filled and so
    thin that it looks like a line."""
    if is_drawn:
        for (x0, y0), (x1, y1) in pairwise(corners):
            if (abs(x1 - x0) <= _STRAIGHT) != (abs(y1 - y0) <= _STRAIGHT):
                yield Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        return
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    if min(max(xs) - min(xs), max(ys) - min(ys)) <= _THIN:
        yield Rule(min(xs), min(ys), max(xs), max(ys))


def area_of(corners: Sequence[tuple[float, float]]) -> Box | None:
    """The area that one part of a path fills, if it is an upright rectangle and no rule."""
    if not 4 <= len(corners) <= 6:
        return None
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    if right - left <= _THIN or bottom - top <= _THIN:
        return None
    sides = (min(x - left, right - x) + min(y - top, bottom - y) for x, y in corners)
    return (left, top, right, bottom) if max(sides) <= _STRAIGHT else None


def tables_of(rules: Iterable[Rule]) -> list[Table]:
    """The tables that rules form, the smaller first. A single frame is no table."""
    lying, standing = _spans(rules)
    standing, lying = _without_frame(standing, lying)
    lying, standing = _without_frame(lying, standing)
    horizontal, vertical = _straightened(lying), _straightened(standing)
    found = []
    for rows, columns in _touching(horizontal, vertical):
        xs = _edges([at for at, _, _ in columns], [end for _, a, b in rows for end in (a, b)])
        ys = _edges([at for at, _, _ in rows], [end for _, a, b in columns for end in (a, b)])
        if len(xs) > 1 and len(ys) > 1 and len(xs) + len(ys) > 4:
            found.append(_table(xs, ys, rows, columns))
    return sorted(found, key=lambda t: (t.xs[-1] - t.xs[0]) * (t.ys[-1] - t.ys[0]))


_Span = tuple[float, float, float]  # where a rule stands, where it begins and ends


def _spans(rules: Iterable[Rule]) -> tuple[list[_Span], list[_Span]]:
    """Rules that lie and rules that stand. Dots belong to either, as soon as enough of them stand in a line."""
    lying: list[_Span] = []
    standing: list[_Span] = []
    dots: list[Rule] = []
    for rule in rules:
        width, height = rule.x1 - rule.x0, rule.y1 - rule.y0
        if max(width, height) <= _DOT and abs(width - height) <= 0.2 * max(width, height):
            dots.append(rule)
        elif width >= height:
            lying.append(((rule.y0 + rule.y1) / 2, rule.x0, rule.x1))
        else:
            standing.append(((rule.x0 + rule.x1) / 2, rule.y0, rule.y1))
    if dots:
        lying += _dotted(((r.y0 + r.y1) / 2, r.x0, r.x1) for r in dots)
        standing += _dotted(((r.x0 + r.x1) / 2, r.y0, r.y1) for r in dots)
    return lying, standing


def _dotted(dots: Iterable[_Span]) -> list[_Span]:
    """The rules that dots make; few dots in a line are none."""
    lines: dict[float, list[_Span]] = defaultdict(list)
    for dot in dots:
        lines[round(dot[0], 1)].append(dot)
    found: list[_Span] = []
    for at, line in lines.items():
        line.sort(key=lambda dot: dot[1])
        start, end, count = line[0][1], line[0][2], 1
        for _, first, last in [*line[1:], (at, float("inf"), float("inf"))]:
            if first - end <= _DASH:
                end, count = max(end, last), count + 1
                continue
            if count >= _FEWEST_DOTS:
                found.append((at, start, end))
            start, end, count = first, last, 1
    return found


def _without_frame(along: list[_Span], across: list[_Span]) -> tuple[list[_Span], list[_Span]]:
    """Rules of one and the other direction without a frame around several tables: one of its sides runs on where the
    tables beside it stop. Only the sides in the direction ``along`` are looked at so."""
    if not along or not across:
        return along, across
    outermost = [min(along, key=lambda span: (sign * span[0], span[1] - span[2])) for sign in (1.0, -1.0)]
    for at, start, end in outermost:
        beside = sorted((a, b) for x, a, b in along if abs(x - at) <= _DASH and b - a < end - start)
        if not _has_gap(beside, [(a, b) for x, a, b in along if abs(x - at) > _DASH]):
            continue
        opposite = [span for span in outermost if abs(span[1] - start) <= 1 and abs(span[2] - end) <= 1]
        far = [span[0] for span in opposite]
        sides = set(opposite)
        ends = {
            (y, a, b)
            for y, a, b in across
            if min(abs(y - start), abs(y - end)) <= 1 and b - a >= max(far) - min(far) - 2 and len(opposite) == 2
        }
        return [span for span in along if span not in sides], [span for span in across if span not in ends]
    return along, across


def _has_gap(beside: list[tuple[float, float]], others: list[tuple[float, float]]) -> bool:
    """Whether rules beside each other leave room between tables, in which no other rule stands."""
    for (_, reached), (first, _) in pairwise(beside):
        if first - reached > _BETWEEN and not any(
            reached + _STRAIGHT < end and start < first - _STRAIGHT and end - start < first - reached + 2 * _BETWEEN
            for start, end in others
        ):
            return True
    return False


def _straightened(spans: Iterable[_Span]) -> list[_Span]:
    """Rules with their pieces joined: those on one line that overlap, or part by no more than a dash's gap."""
    lines: list[list[_Span]] = []
    for span in sorted(spans):
        if lines and span[0] - lines[-1][0][0] <= _SAME_RULE:
            lines[-1].append(span)
        else:
            lines.append([span])
    joined: list[_Span] = []
    for line in lines:
        pieces: list[_Span] = []
        for at, start, end in sorted(line, key=lambda span: span[1]):
            if pieces and start - pieces[-1][2] <= _DASH:
                before, first, last = pieces[-1]
                longer = before if last - first >= end - start else at
                pieces[-1] = (longer, first, max(last, end))
            else:
                pieces.append((at, start, end))
        joined += pieces
    return joined


def _touching(horizontal: list[_Span], vertical: list[_Span]) -> list[tuple[list[_Span], list[_Span]]]:
    """Groups of rules that touch each other, directly or by others."""
    if len(horizontal) * len(vertical) > _MOST_CROSSINGS:
        return []
    met: list[list[int]] = [
        [
            j
            for j, (x, top, bottom) in enumerate(vertical)
            if start - _DASH <= x <= end + _DASH and top - _DASH <= y <= bottom + _DASH
        ]
        for y, start, end in horizontal
    ]
    group = list(range(len(vertical)))  # vertical rule → one that stands for its group

    def standing_for(rule: int) -> int:
        while group[rule] != rule:
            group[rule] = group[group[rule]]
            rule = group[rule]
        return rule

    for columns in met:
        for column in columns[1:]:
            group[standing_for(column)] = standing_for(columns[0])
    groups: dict[int, tuple[list[_Span], list[_Span]]] = {}
    for row, columns in zip(horizontal, met, strict=True):
        if columns:
            groups.setdefault(standing_for(columns[0]), ([], []))[0].append(row)
    for number, rule in enumerate(vertical):
        if standing_for(number) in groups:
            groups[standing_for(number)][1].append(rule)
    return list(groups.values())


def _edges(places: Iterable[float], ends: Iterable[float]) -> list[float]:
    """Where the rules of one direction stand; a side that has none is where the other rules end."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _SAME_RULE:
            edges.append(place)
    ends = list(ends)
    if edges[0] - min(ends) > _PADDING:
        edges.insert(0, min(ends))
    if max(ends) - edges[-1] > _PADDING:
        edges.append(max(ends))
    return edges


def _table(xs: list[float], ys: list[float], rows: list[_Span], columns: list[_Span]) -> Table:
    """Cells are as wide and then as high as no rule stops them."""
    right, below = _walls(xs, ys, columns), _walls(ys, xs, rows)
    standing = [x for i, x in enumerate(xs) if i in (0, len(xs) - 1) or any(right[i])]
    lying = [y for i, y in enumerate(ys) if i in (0, len(ys) - 1) or any(below[i])]
    if len(standing) + len(lying) < len(xs) + len(ys):
        # strokes and short ends of rules part nothing
        return _table(standing, lying, rows, columns)
    width, height = len(xs) - 1, len(ys) - 1
    owners: list[list[RuledCell | None]] = [[None] * width for _ in range(height)]
    table_rows: list[list[RuledCell]] = [[] for _ in range(height)]
    for row in range(height):
        for column in range(width):
            if owners[row][column] is not None:
                continue
            end = column + 1
            while end < width and not right[end][row] and owners[row][end] is None:
                end += 1
            bottom = row + 1
            while (
                bottom < height
                and True not in below[bottom][column:end]
                and not any(wall[bottom] for wall in right[column + 1 : end])
                and owners[bottom][column:end].count(None) == end - column
            ):
                bottom += 1
            cell = RuledCell(row, column, bottom - row, end - column, xs[column], ys[row], xs[end], ys[bottom])
            table_rows[row].append(cell)
            for r in range(row, bottom):
                owners[r][column:end] = [cell] * (end - column)
    whole = [[cell for cell in line if cell is not None] for line in owners]
    return Table(xs, ys, whole, table_rows)


def _walls(edges: list[float], across: list[float], rules: list[_Span]) -> list[list[bool]]:
    """For each edge, along which stretches between the other edges a rule stands."""
    walls = [[False] * (len(across) - 1) for _ in edges]
    firsts, lasts = [(3 * a + b) / 4 for a, b in pairwise(across)], [(a + 3 * b) / 4 for a, b in pairwise(across)]
    halfway = [(a + b) / 2 for a, b in pairwise(edges)]
    for at, start, end in rules:
        first, last = bisect_left(firsts, start), bisect_right(lasts, end)
        if first < last:
            walls[bisect_right(halfway, at)][first:last] = [True] * (last - first)
    return walls


# ---------------------------------------------------------------------------- glyphs → lines


def page_of(
    number: int, height: float, glyphs: Iterable[Glyph], rules: Iterable[Rule], origin_of: OriginOf | None = None
) -> Page:
    """A page's tables with their text, and the lines outside them.

    ``origin_of`` helps with texts that run over the edge of their cell.
    """
    tables = tables_of(rules)
    glyphs = list(glyphs)
    runs, is_crowded = _runs(glyphs)
    if is_crowded and origin_of:
        # glyphs come from left to right, whatever text they belong to: take the texts one by one
        texts: dict[int, list[Glyph]] = defaultdict(list)
        for glyph in glyphs:
            texts[origin_of(glyph)[0]].append(glyph)
        runs, _ = _runs(glyph for text in texts.values() for glyph in text)
    inside: dict[int, tuple[RuledCell, list[Line]]] = {}
    loose: list[Line] = []
    for run in runs:
        table = next((t for t in tables if _holds(t, run)), None)
        if table is not None:
            for piece, cell in _placed(table, run, origin_of, is_crowded):
                inside.setdefault(id(cell), (cell, []))[1].append(piece)
        elif not (tables and origin_of and _is_hidden(run, origin_of)):
            loose.append(run)
    marks: list[str] = []
    for cell, runs in inside.values():
        cell.lines = _lines(runs, marks)
    filled = [t for t in tables if any(cell.lines for row in t.rows for cell in row)]
    for table in filled:
        _drop_slivers(table)
    lines = [_parted(_without_marks(line, marks)) for line in _grouped(loose)]
    return Page(number, height, blocks_of(filled, lines), marks)


def blocks_of(tables: Iterable[Table], lines: Iterable[list[Line]]) -> list[Table | list[Line]]:
    """Tables and lines in reading order."""
    placed: list[tuple[float, float, Table | list[Line]]] = [(t.ys[0], t.xs[0], t) for t in tables]
    placed += [(line[0].y0, line[0].x0, line) for line in lines if line]
    return [block for _, _, block in sorted(placed, key=lambda p: p[:2])]


def _runs(glyphs: Iterable[Glyph]) -> tuple[list[Line], bool]:
    """Glyphs that follow each other without a gap, which are pieces of text that were set at once; and whether some
    lie over others."""
    runs: list[list[Glyph]] = []
    is_crowded = False
    start = end = base = 0.0
    run: list[Glyph] = []
    for glyph in glyphs:
        character, x0, y0, x1, y1 = glyph
        size = y1 - y0
        gap, rise = x0 - end, y1 - base
        near = _TOUCHING * size
        if -near <= gap <= near and -_SAME_BASE * size <= rise <= _SAME_BASE * size and run:
            run.append(glyph)
        elif character.isspace():
            continue
        else:
            is_crowded |= start < x0 and gap < -_OVERLAP * size and abs(rise) < _OVERLAP * size
            run = [glyph]
            runs.append(run)
            base = y1
        start, end = x0, x1
    return [_run(run) for run in runs], is_crowded


def _run(glyphs: list[Glyph]) -> Line:
    while glyphs[-1][0].isspace():
        glyphs = glyphs[:-1]
    _, x0, y0, _, y1 = glyphs[0]
    return Line("".join([glyph[0] for glyph in glyphs]), x0, y0, glyphs[-1][3], y1, glyphs)


def _holds(table: Table, run: Line) -> bool:
    if not table.ys[0] <= run.middle <= table.ys[-1]:
        return False
    return table.xs[0] - 1 <= run.x0 <= table.xs[-1] or table.xs[0] <= run.x1 <= table.xs[-1] + 1


def _placed(table: Table, run: Line, origin_of: OriginOf | None, is_crowded: bool) -> list[tuple[Line, RuledCell]]:
    """The cell of a run, or of its parts where it runs over several cells."""
    inset = min(1.0, (run.x1 - run.x0) / 4)
    first = table.cell_at(run.x0 + inset, run.middle)
    last = table.cell_at(run.x1 - inset, run.middle)
    if first is last and not (is_crowded and origin_of):
        return [(run, first)]
    words = [pair for word in _words(run) for pair in _placed_word(table, word)]
    if len(words) > 1 and all(cell is not None for _, cell in words):
        return [(word, cell) for word, cell in words if cell is not None]  # a whole row, set as one text
    pieces = _apart(table, run, origin_of) if origin_of else [(run, None)]
    return [(piece, _seen(table, piece, clip) or _overflowing(table, piece)) for piece, clip in pieces]


def _placed_word(table: Table, word: Line) -> list[tuple[Line, RuledCell | None]]:
    first, last = table.cell_at(word.x0 + 0.5, word.middle), table.cell_at(word.x1 - 0.5, word.middle)
    return [(word, first if first is last else None)]


def _apart(table: Table, run: Line, origin_of: OriginOf) -> list[tuple[Line, Box | None]]:
    """The parts of a run that belong to different cells and happen to touch: they meet at a rule, and are different
    text objects or seen through different windows. With each part the window through which it is seen."""
    origins = [origin_of(glyph) for glyph in run.glyphs]
    is_set_singly = len({number for number, _ in origins}) == len(origins)
    starts, window = [0], origins[0][1]
    for position in range(1, len(origins)):
        number, clip = origins[position]
        _, x0, y0, _, y1 = run.glyphs[position]
        other_object = not is_set_singly and number != origins[position - 1][0]
        other_window = clip is not None and window is not None and abs(clip[0] - window[0]) > 1
        window = clip or window
        if (other_object and min(abs(x0 - x) for x in table.xs) <= y1 - y0) or other_window:
            starts.append(position)
    glyphs = list(run.glyphs)
    return [
        (_run(glyphs[start:end]), next((clip for _, clip in origins[start:end] if clip), None))
        for start, end in pairwise([*starts, len(glyphs)])
    ]


def _is_hidden(run: Line, origin_of: OriginOf) -> bool:
    _, clip = origin_of(run.glyphs[0])
    return clip is not None and not (clip[0] <= (run.x0 + run.x1) / 2 <= clip[2] and clip[1] <= run.middle <= clip[3])


def _words(run: Line) -> list[Line]:
    words: list[list[Glyph]] = [[]]
    for glyph in run.glyphs:
        if not glyph[0].isspace():
            words[-1].append(glyph)
        elif words[-1]:
            words.append([])
    return [_run(word) for word in words if word]


def _seen(table: Table, run: Line, clip: Box | None) -> RuledCell | None:
    """The cell whose edges are those of the window through which a text is seen."""
    if clip is None:
        return None
    cell = table.cell_at((clip[0] + clip[2]) / 2, run.middle)
    return cell if abs(cell.x0 - clip[0]) <= _SAME_EDGE and abs(cell.x1 - clip[2]) <= _SAME_EDGE else None


def _overflowing(table: Table, run: Line) -> RuledCell:
    """The cell of a text that may be too long for it: centred its middle is there, aligned left it begins there,
    aligned right it ends there."""
    first, last = table.cell_at(run.x0 + 1, run.middle), table.cell_at(run.x1 - 1, run.middle)
    if first is last:
        return first
    middle = (run.x0 + run.x1) / 2
    centre = table.cell_at(middle, run.middle)
    off_centre = abs(middle - (centre.x0 + centre.x1) / 2)
    if off_centre <= 1:
        return centre
    if 0 <= run.x0 - first.x0 <= _PADDING:
        return first
    return last if off_centre > _PADDING / 2 and 0 <= last.x1 - run.x1 <= _PADDING else centre


def _grouped(runs: list[Line]) -> list[list[Line]]:
    """Runs line by line, from left to right."""
    lines: list[list[Line]] = []
    for run in sorted(runs, key=lambda r: r.middle):
        if lines and run.middle - lines[-1][0].middle < 0.5 * min(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    for line in lines:
        line.sort(key=lambda r: r.x0)
    return lines


def _lines(runs: list[Line], marks: list[str]) -> list[Line]:
    if len(runs) == 1:
        return runs
    return [_joined(_without_marks(line, marks)) for line in _grouped(runs)]


def _without_marks(line: list[Line], marks: list[str]) -> list[Line]:
    """A line without the raised small marks of footnotes, which would be read as digits; ``marks`` gets them."""
    size = max(run.size for run in line)
    if all(run.size > _SMALLER * size for run in line):
        return line
    base = max(run.y1 - BELOW * run.size for run in line if run.size == size)
    kept = []
    for run in line:
        rise = base - (run.y1 - BELOW * run.size)
        if run.size <= _SMALLER * size and rise >= _RAISED * size and _MARK.fullmatch(run.text):
            marks.append(run.text)
        else:
            kept.append(run)
    return kept


def _joined(runs: list[Line]) -> Line:
    text = runs[0].text
    for before, run in pairwise(runs):
        text += (" " if run.x0 - before.x1 > _WORD_GAP * run.size else "") + run.text
    return Line(text, runs[0].x0, min(r.y0 for r in runs), max(r.x1 for r in runs), max(r.y1 for r in runs))


def _parted(runs: list[Line]) -> list[Line]:
    """A line outside tables, parted where the left and the right half stand far from each other."""
    parts = [[runs[0]]]
    for before, run in pairwise(runs):
        if run.x0 - before.x1 > _COLUMN_GAP * run.size:
            parts.append([])
        parts[-1].append(run)
    return [_joined(part) for part in parts]


def _drop_slivers(table: Table) -> None:
    """Two rules of one column that do not quite meet above each other make a sliver, which is no column."""
    filled = [cell for row in table.rows for cell in row if cell.lines]
    own = {cell.column for cell in filled if cell.column_span == 1}
    widths = [b - a for a, b in pairwise(table.xs)]
    edges = edges_without_slivers(widths, own, _SLIVER)
    # a text over nothing but slivers has a column, too: the widest of them
    while squeezed := [cell for cell in filled if edges[cell.column] == edges[cell.column + cell.column_span]]:
        own |= {max(range(c.column, c.column + c.column_span), key=widths.__getitem__) for c in squeezed}
        edges = edges_without_slivers(widths, own, _SLIVER)
    if edges[-1] == 0:
        return
    for row in table.rows:
        for cell in row:
            end = edges[cell.column + cell.column_span]
            cell.column = edges[cell.column]
            cell.column_span = end - cell.column
        row[:] = [cell for cell in row if cell.column_span]
    table.xs = [table.xs[len(edges) - 1 - edges[::-1].index(edge)] for edge in range(edges[-1] + 1)]


def edges_without_slivers(widths: Sequence[float], own: set[int], sliver: float) -> list[int]:
    """Edge of a table → the number of the column that begins there, when slivers are no columns.

    ``own`` are the columns with a text of their own, which are never slivers.
    """
    edges = [0]
    for column, width in enumerate(widths):
        is_sliver = 0 < width < sliver and column not in own and len(widths) > 1
        edges.append(edges[-1] + (0 if is_sliver else 1))
    return edges


# ---------------------------------------------------------------------------- pages → rows

_RowKey = tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class _Running:
    """A table at the end of a page, which may go on overleaf."""

    above: set[str]  # the lines above it
    head: list[_RowKey]  # its first rows
    xs: list[float]
    has_total: bool
    table: Table  # the part of it on the latest page
    columns: list[int]  # edge of that part → column among those of the whole
    places: dict[int, int]  # row of that part → place among the rows so far


def rows_of(pages: Sequence[Page]) -> tuple[Row, ...]:
    """The rows of all pages in reading order. Tables that go on over pages are put together again: what is repeated
    on top of the next page is left out, and a row that the end of a page cut in two is whole."""
    rows: list[Row] = []
    footers = _footers(pages)
    running: _Running | None = None
    for page in pages:
        number = page.number * ROWS_A_PAGE
        above: list[Row] = []
        goes_on = running
        for block in page.blocks:
            if isinstance(block, list):
                number += 1
                if id(block) not in footers:
                    above.append(Row(number, tuple(Cell(n.text, i) for i, n in enumerate(block)), in_table=False))
                    running = None
                continue
            lines = {without_continued(row.text) for row in above if not is_page_number(row.text)}
            skipped = _repeated(goes_on, lines, block) if goes_on else None
            if goes_on is None or skipped is None:
                rows += above
                running = _Running(lines, _head(block), block.xs, False, block, [], {})
                _add(running, block, 0, number, rows)
            else:
                running = goes_on
                cut = _join_cut(running, block, skipped, rows)
                _add(running, block, skipped + (cut is not None), number, rows)
                if cut is not None:
                    running.places[skipped] = cut  # it may be cut again at the end of this page
            number += len(block.rows)
            above, goes_on = [], None
        rows += above
    return tuple(rows)


def _add(running: _Running, table: Table, skipped: int, number: int, rows: list[Row]) -> None:
    """Add the rows of a table, in the columns of the table that it carries on where they are the same."""
    columns = [next((i for i, x in enumerate(running.xs) if abs(x - edge) <= _SAME_EDGE), -1) for edge in table.xs]
    if -1 in columns or sorted(set(columns)) != columns:
        columns, running.xs = list(range(len(table.xs))), table.xs
    running.table, running.columns, running.places = table, columns, {}
    for index, row in enumerate(table.rows):
        cells = []
        for cell in row if index >= skipped else ():
            start, end = columns[cell.column], columns[cell.column + cell.column_span]
            if text := cell.text:
                cells.append(Cell(text, start, end - start, cell.row_span))
        if cells:
            running.places[index] = len(rows)
            rows.append(Row(number + index + 1, tuple(cells)))
            running.has_total |= _is_total_row(cell.text for cell in cells)


def _footers(pages: Sequence[Page]) -> set[int]:
    """Lines at the foot of several pages that differ by a page number at most."""
    seen: dict[str, list[int]] = defaultdict(list)
    for page in pages:
        for block in reversed(page.blocks):
            if not isinstance(block, list) or block[0].y0 < _FOOT * page.height:
                break
            text = "".join(line.text for line in block)
            if not is_note(text):
                seen[re.sub(r"\d+", "#", fold(text))].append(id(block))
    return {i for found in seen.values() if len(found) > 1 for i in found}


def _head(table: Table) -> list[_RowKey]:
    return [
        tuple((fold(cell.text), cell.column, cell.column_span) for cell in row if cell.lines)
        for row in table.rows[:_DEEPEST_HEADER]
    ]


def _repeated(running: _Running, above: set[str], table: Table) -> int | None:
    """How many rows on top of a page repeat the header of the table before, or None where another table begins.

    Forms 16, 19 and 20 differ by one cell of the header, forms 4 and 17 by the title alone: so the header must be the
    same, and the lines above it the same or absent.
    """
    if abs(running.xs[0] - table.xs[0]) > _SAME_EDGE or abs(running.xs[-1] - table.xs[-1]) > _SAME_EDGE:
        return None
    if not above <= running.above:
        return None
    head = _head(table)
    repeated = 0
    for before, row in zip(running.head, head, strict=False):
        if row != before or _is_total_row(text for text, _, _ in row):
            break
        repeated += 1
    next_row = head[repeated] if repeated < len(head) else ()
    if running.has_total and _is_total_row(text for text, _, _ in next_row):
        return None
    # sheets of goals begin with the same field each, and go on without it
    begins_alike = bool(above and head[0] and running.head[0]) and head[0][0] == running.head[0][0]
    return None if not repeated and begins_alike else repeated


def _is_total_row(texts: Iterable[str]) -> bool:
    """Whether a row is the 合计 of its table; headers, too, have a 合计, but no figures."""
    row = list(texts)
    return any(map(is_total, row)) and any(map(figure, row))


def _join_cut(running: _Running, table: Table, first: int, rows: list[Row]) -> int | None:
    """Add the rest of a row that the end of a page cut in two to its beginning; the place of the row if it was."""
    if first >= len(table.rows):
        return None
    before = running.table
    _move_labels_up(running, table.rows[first], rows)
    wrapped = [(cell, line) for row in before.rows for cell in row if len(cell.lines) > 1 for line in cell.lines]
    padding = max(0.0, min((line.x0 - cell.x0 for cell, line in wrapped), default=_PADDING))
    filled = [cell for cell in table.rows[first] if cell.lines]
    cut: list[tuple[RuledCell, RuledCell]] = []
    for cell in filled:
        top = before.cell_at((cell.x0 + cell.x1) / 2, before.ys[-1])
        same = abs(top.x0 - cell.x0) <= _SAME_EDGE and abs(top.x1 - cell.x1) <= _SAME_EDGE
        if same and top.lines and top.row in running.places and _is_cut(top, cell, padding):
            cut.append((top, cell))
    in_row = [(top, cell) for top, cell in cut if cell.row_span == 1]
    whole = len(in_row) == sum(cell.row_span == 1 for cell in filled) and _is_one_row(in_row)
    for top, cell in cut:
        if whole or (cell.row_span > 1 and not figure(cell.text)):
            place, column = running.places[top.row], running.columns[top.column]
            joined = (
                c._replace(text=join_lines((c.text, cell.text), wrapped=True)) if c.column == column else c
                for c in rows[place].cells
            )
            rows[place] = Row(rows[place].number, tuple(joined))
            if cell.row_span > 1:
                cell.lines = []  # the other rows beside it stay
    return running.places[in_row[0][0].row] if whole else None


def _is_one_row(cut: list[tuple[RuledCell, RuledCell]]) -> bool:
    """Whether the cells on both sides of a page's end are one row: two figures are two rows."""
    evident = [not figure(top.text) or _is_one_figure(top.text, cell.text) for top, cell in cut]
    codes = [top.text.isdigit() and cell.text.isdigit() for top, cell in cut]
    return any(evident) and all(map(max, evident, codes))


def _is_one_figure(top: str, rest: str) -> bool:
    """Whether a figure has its two decimals with its rest from overleaf only: 38.6 and 3."""
    before, whole = figure(top), figure(top + rest)
    return whole is not None and whole.decimals == 2 and (before is None or before.decimals < 2)


def _is_cut(top: RuledCell, cell: RuledCell, padding: float) -> bool:
    """Whether the last line of a cell is so full that the word overleaf had no room in it."""
    if figure(top.text):
        if _is_one_figure(top.text, cell.text):
            return True
        if not (top.text.isdigit() and cell.text.isdigit()):
            return False
    elif figure(cell.text) or (len(top.lines) < 3 and is_enumerated(cell.text)):
        return False
    line = top.lines[-1]
    word = re.match(r"[(（“《「]*(?:[!-~]+|.)[)）”》」、，。；：]*", cell.lines[0].text)
    # fonts differ a little from the half and the whole square
    width = (sum(0.5 if c.isascii() else 1.0 for c in word[0]) + 0.1) * line.size if word else 0.0
    return line.x1 - line.x0 + width > top.x1 - top.x0 - 2 * padding


def _move_labels_up(running: _Running, row: list[RuledCell], rows: list[Row]) -> None:
    """A cell merged over the end of a page may show its text on the second page only; it belongs to its first row."""
    before = running.table
    for cell in row:
        top = before.cell_at((cell.x0 + cell.x1) / 2, before.ys[-1])
        same = abs(top.x0 - cell.x0) <= _SAME_EDGE and abs(top.x1 - cell.x1) <= _SAME_EDGE
        is_merged = cell.row_span > 1 and top.row + top.row_span == len(before.rows)
        if same and is_merged and cell.lines and not top.lines and top.row in running.places:
            place = running.places[top.row]
            start, end = running.columns[top.column], running.columns[top.column + top.column_span]
            label = Cell(cell.text, start, end - start, top.row_span)
            cells = sorted((*rows[place].cells, label), key=lambda c: c.column)
            rows[place] = Row(rows[place].number, tuple(cells))
            cell.lines = []
