"""Glyphs → lines of text in the cells of a page's tables, and lines outside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise

from loader.documents.readers.pages.drawn_minus import with_drawn_minus
from loader.documents.readers.pages.page import (
    BELOW,
    PADDING,
    SAME_EDGE,
    Box,
    Glyph,
    Line,
    Page,
    Rule,
    RuledCell,
    Table,
)
from loader.documents.readers.pages.tables import tables_of
from loader.documents.readers.slivers import edges_without_slivers
from loader.documents.wording import figure

_SLIVER = 15.0  # a column narrower than this and without text is two rules that should be one
_TOUCHING = 0.12  # of the font size: glyphs closer than this were set as one text
_OVERLAP = 0.3  # of the font size: glyphs that lie over each other by more belong to two texts
_SAME_BASE = 0.25  # of the font size: how far the glyphs of a text may stand above each other
# of the font size: a footnote mark is smaller than its text, and above or below its base
_SMALLER, _RAISED = 0.85, 0.12
_LIFTED = 0.25  # of the font size: a mark behind a figure that is not smaller than it stands so far above or below it
_MARK = re.compile(r"[(（\[【]?(?:注?\d{1,2}(?:[,，、-]\d{1,2})*|注|[①-⑳a-z]|[*＊※†‡]{1,3})[)）\]】]?")
_MARK_GAP = 0.5  # of the font size: how far behind a figure its mark begins at most
_WORD_GAP = 0.25  # of the font size: a gap that reads as a space
# of the font size: how far apart letters are set at most, and how evenly
_SPACED_OUT, _UNEVEN = 1.5, 0.3
_SPACED_FIGURE = re.compile(r"[-(（]?[\d,]+\.\d+[)）]?")
_IN_FIGURES = frozenset("0123456789.,-()（）")
_COLUMN_GAP = 3.0  # of the font size: outside tables, a gap that parts what stands left from what stands right

# which text object of the document a glyph belongs to, and where that may be seen
OriginOf = Callable[[Glyph], tuple[int, Box | None]]


def page_of(
    number: int, height: float, glyphs: Iterable[Glyph], rules: Iterable[Rule], origin_of: OriginOf | None = None
) -> Page:
    """The tables of a page with their text, and the lines outside them.

    ``origin_of`` helps with texts that overflow their cell.
    """
    rules = list(rules)
    tables = tables_of(rules)
    glyphs = with_drawn_minus(list(glyphs), rules)
    runs, is_crowded = _runs(glyphs)
    if is_crowded and origin_of:
        # glyphs come from left to right, whatever text they belong to: take the texts one by one
        texts: dict[int, list[Glyph]] = defaultdict(list)
        for glyph in glyphs:
            texts[origin_of(glyph)[0]].append(glyph)
        runs, _ = _runs(glyph for text in texts.values() for glyph in text)
    inside: dict[int, tuple[RuledCell, list[Line]]] = {}
    loose: list[Line] = []
    before: tuple[Line, RuledCell] | None = None
    for run in runs:
        table = next((t for t in tables if _holds(t, run)), None)
        if table is not None:
            for piece, cell in _placed(table, run, origin_of, is_crowded):
                if before is not None and _is_mark_of(piece, before[0]):
                    cell = before[1]  # the mark of a figure at the right edge of its cell stands in the next one
                before = piece, cell
                inside.setdefault(id(cell), (cell, []))[1].append(piece)
        elif not (tables and origin_of and _is_hidden(run, origin_of)):
            loose.append(run)
    marks: list[str] = []
    for cell, runs in inside.values():
        cell.lines = _lines(runs, marks)
    filled = [t for t in tables if any(cell.lines for row in t.rows for cell in row)]
    for table in filled:
        _drop_slivers(table)
    lines = [_without_marks(line, marks) for line in _grouped(loose)]
    return Page(number, height, blocks_of(filled, map(parted, lines)), marks, lines=lines)


def blocks_of(tables: Iterable[Table], lines: Iterable[list[Line]]) -> list[Table | list[Line]]:
    """Tables and lines in reading order."""
    return sorted([*tables, *(line for line in lines if line)], key=top_of)


def top_of(block: Table | list[Line]) -> tuple[float, float]:
    """The upper left corner of a table or a line, y first."""
    return (block.ys[0], block.xs[0]) if isinstance(block, Table) else (block[0].y0, block[0].x0)


def _runs(glyphs: Iterable[Glyph]) -> tuple[list[Line], bool]:
    """Glyphs of one size that follow each other without a gap: pieces of text that were set together; and whether some
    overlap others."""
    runs: list[list[Glyph]] = []
    is_crowded = False
    start = end = base = height = 0.0
    run: list[Glyph] = []
    for glyph in glyphs:
        character, x0, y0, x1, y1 = glyph
        size = y1 - y0
        gap, rise = x0 - end, y1 - base
        near = _TOUCHING * size
        is_alike = -_SAME_BASE * size <= rise <= _SAME_BASE * size and _SMALLER * height < size
        if is_alike and -near <= gap <= near and _SMALLER * size < height and run:
            run.append(glyph)
        elif character.isspace():
            continue
        else:
            is_crowded |= start < x0 and gap < -_OVERLAP * size and abs(rise) < _OVERLAP * size
            run = [glyph]
            runs.append(run)
            base, height = y1, size
        start, end = x0, x1
    return _closed_up([_run(run) for run in runs]), is_crowded


def _closed_up(runs: list[Line]) -> list[Line]:
    """The runs, with single letters that form a figure with wide letter spacing joined into one: rules of the table may
    be between them. Without a decimal point they may be codes in narrow columns."""
    closed: list[Line] = []
    letters: list[Line] = []
    for run in (*runs, None):
        if run is not None and len(run.text) == 1 and run.text in _IN_FIGURES:
            if letters and not _is_next(letters, run):
                closed += _as_figure(letters)
                letters = []
            letters.append(run)
            continue
        if letters:
            closed += _as_figure(letters)
            letters = []
        if run is not None:
            closed.append(run)
    return closed


def _is_next(letters: list[Line], run: Line) -> bool:
    """Whether a letter follows others at the same distance as they have."""
    gap = run.x0 - letters[-1].x1
    if abs(run.y1 - letters[-1].y1) > _SAME_BASE * run.size or not 0 < gap <= _SPACED_OUT * run.size:
        return False
    return len(letters) < 2 or abs(gap - (letters[1].x0 - letters[0].x1)) <= _UNEVEN * run.size


def _as_figure(letters: list[Line]) -> list[Line]:
    if len(letters) < 3 or not _SPACED_FIGURE.fullmatch("".join([letter.text for letter in letters])):
        return letters
    return [_run([glyph for letter in letters for glyph in letter.glyphs])]


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
    """The cell of a run, or the cells of its parts if it extends over several cells."""
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
    text objects or have different clip windows. Each part with its window."""
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
    """The cell with the same edges as the clip window of a text."""
    if clip is None:
        return None
    cell = table.cell_at((clip[0] + clip[2]) / 2, run.middle)
    return cell if abs(cell.x0 - clip[0]) <= SAME_EDGE and abs(cell.x1 - clip[2]) <= SAME_EDGE else None


def _overflowing(table: Table, run: Line) -> RuledCell:
    """The cell of a text that may be too long for it: a centred text has its middle in the cell, one aligned left
    begins in it, one aligned right ends in it."""
    first, last = table.cell_at(run.x0 + 1, run.middle), table.cell_at(run.x1 - 1, run.middle)
    if first is last:
        return first
    middle = (run.x0 + run.x1) / 2
    centre = table.cell_at(middle, run.middle)
    off_centre = abs(middle - (centre.x0 + centre.x1) / 2)
    if off_centre <= 1:
        return centre
    if 0 <= run.x0 - first.x0 <= PADDING:
        return first
    return last if off_centre > PADDING / 2 and 0 <= last.x1 - run.x1 <= PADDING else centre


def _grouped(runs: list[Line]) -> list[list[Line]]:
    """Runs line by line, from left to right."""
    lines: list[list[Line]] = []
    for run in sorted(runs, key=lambda r: r.middle):
        if lines and (
            run.middle - lines[-1][0].middle < 0.5 * min(run.size, lines[-1][0].size)
            or _is_beside(run, lines[-1][0])
            or _is_beside(lines[-1][0], run)
        ):
            lines[-1].append(run)
        else:
            lines.append([run])
    for line in lines:
        line.sort(key=lambda r: r.x0)
    return lines


def _is_beside(small: Line, large: Line) -> bool:
    """Whether a mark in much smaller letters is beside others, however much it is raised."""
    is_beside = small.size <= _SMALLER * large.size and large.y0 <= small.middle <= large.y1
    return is_beside and _MARK.fullmatch(small.text) is not None


def _is_mark_of(small: Line, large: Line) -> bool:
    """Whether a small raised or lowered mark directly follows a figure."""
    gap = small.x0 - large.x1
    if not (-_TOUCHING * large.size <= gap <= _MARK_GAP * large.size and _is_beside(small, large)):
        return False
    rise = abs(large.y1 - small.y1 + BELOW * (small.size - large.size))
    return rise >= _RAISED * large.size and _is_whole([large])


def _lines(runs: list[Line], marks: list[str]) -> list[Line]:
    if len(runs) == 1:
        return runs
    return [_joined(_without_marks(line, marks)) for line in _grouped(runs)]


def _without_marks(line: list[Line], marks: list[str]) -> list[Line]:
    """A line without the small raised or lowered footnote marks, which would be read as digits; they are added to
    ``marks``. After a figure with all its decimals, marks that are only raised or only small count, too."""
    size = max(run.size for run in line)
    base = max(run.y1 - BELOW * run.size for run in line if run.size == size)
    if all(run.size > _SMALLER * size and abs(base - run.y1 + BELOW * run.size) <= _LIFTED * size for run in line):
        return line
    kept: list[Line] = []
    for run in line:
        rise = abs(base - (run.y1 - BELOW * run.size))
        is_small = run.size <= _SMALLER * size
        is_behind = bool(kept) and run.x0 - kept[-1].x1 <= _WORD_GAP * size and _is_whole(kept)
        is_raised = is_small and rise >= _RAISED * size
        if (is_raised or (is_behind and (is_small or rise > _LIFTED * size))) and _MARK.fullmatch(run.text):
            marks.append(run.text)
        else:
            kept.append(run)
    return kept


def _is_whole(runs: list[Line]) -> bool:
    """Whether runs form a figure with two decimals, to which no digit can be added."""
    found = figure(_joined(runs).text)
    return found is not None and found.decimals >= 2


def _joined(runs: list[Line]) -> Line:
    text = runs[0].text
    for before, run in pairwise(runs):
        text += (" " if run.x0 - before.x1 > _WORD_GAP * run.size else "") + run.text
    return Line(text, runs[0].x0, min(r.y0 for r in runs), max(r.x1 for r in runs), max(r.y1 for r in runs))


def parted(runs: list[Line]) -> list[Line]:
    """A line outside tables, split if its left and right parts are far apart."""
    parts = [[runs[0]]]
    for before, run in pairwise(runs):
        if run.x0 - before.x1 > _COLUMN_GAP * run.size:
            parts.append([])
        parts[-1].append(run)
    return [_joined(part) for part in parts]


def _drop_slivers(table: Table) -> None:
    """Two rules of one column that do not quite meet form a sliver, which is no column."""
    spans = [(cell.column, cell.column + cell.column_span) for row in table.rows for cell in row if cell.lines]
    edges = edges_without_slivers([b - a for a, b in pairwise(table.xs)], spans, _SLIVER)
    for row in table.rows:
        for cell in row:
            end = edges[cell.column + cell.column_span]
            cell.column = edges[cell.column]
            cell.column_span = end - cell.column
        row[:] = [cell for cell in row if cell.column_span]
    table.xs = [table.xs[len(edges) - 1 - edges[::-1].index(edge)] for edge in range(edges[-1] + 1)]
