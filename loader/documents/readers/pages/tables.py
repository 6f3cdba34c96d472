"""Rules → tables. A table is a set of rules that touch each other. If a piece of rule is missing between two cells,
they are one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from loader.documents.readers.pages.page import PADDING, Box, Rule, RuledCell, Table

_SAME_RULE = 2.5  # rules closer than this are one, double borders included
_DASH = 4.0  # a gap in a dashed rule
_DOT = 3.0  # the largest dot of a dotted rule
_FEWEST_DOTS = 4
_BETWEEN = 8.0  # between tables, at least
_CELL_WALLS = 2  # rules that stand between tables up to their frame; one may divide it
_MOST_CROSSINGS = 2_000_000  # more rules than that are a drawing
_STRAIGHT = 0.5  # by how much a rule may lean
_THIN = 3.0  # a filled area so thin is a rule
_MOST_CORNERS = 20  # of a rectangle whose corners are rounded, with the points that shape them
_ROUND = 0.3  # of the shorter side: how far they may stand away from the corners; those of a circle stand further


def rules_of(corners: Sequence[tuple[float, float]], is_drawn: bool) -> Iterator[Rule]:
    """The rules in one part of a path: its straight edges if it is stroked; the whole part if it is filled and as thin
    as a line."""
    if is_drawn:
        for (x0, y0), (x1, y1) in pairwise(corners):
            if (abs(x1 - x0) <= _STRAIGHT) != (abs(y1 - y0) <= _STRAIGHT):
                yield Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        return
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    if min(max(xs) - min(xs), max(ys) - min(ys)) <= _THIN:
        yield Rule(min(xs), min(ys), max(xs), max(ys))


def area_of(corners: Sequence[tuple[float, float]]) -> Box | None:
    """The area that one part of a path fills, if it is an upright rectangle, even with rounded corners, and not a
    rule."""
    if not 4 <= len(corners) <= _MOST_CORNERS:
        return None
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    if right - left <= _THIN or bottom - top <= _THIN:
        return None
    sides = max(min(x - left, right - x) + min(y - top, bottom - y) for x, y in corners)
    is_rounded = len(corners) > 6 and sides <= _ROUND * min(right - left, bottom - top)
    return (left, top, right, bottom) if is_rounded or sides <= _STRAIGHT else None


def triangle_of(corners: Sequence[tuple[float, float]], is_filled: bool) -> tuple[Box, bool] | None:
    """The box of a part of a path that is a triangle with a horizontal side and its tip above or below the middle of
    it, and whether it points up; y grows downwards."""
    is_closed = len(corners) > 3 and corners[0] == corners[-1]
    points = set(corners)
    if len(points) != 3 or len(corners) > 5 or not (is_closed or is_filled):
        return None
    low, middle, high = sorted(points, key=lambda point: point[1])
    is_up = high[1] - middle[1] <= middle[1] - low[1]
    level, tip = ((middle, high), low) if is_up else ((low, middle), high)
    left, right = sorted(x for x, _ in level)
    is_level = level[1][1] - level[0][1] <= _STRAIGHT < high[1] - low[1]
    if not is_level or not left + 0.2 * (right - left) <= tip[0] <= right - 0.2 * (right - left):
        return None
    return (left, low[1], right, high[1]), is_up


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
    """Horizontal and vertical rules. Dots count for either direction if enough of them are in a line."""
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
    """The rules that rows of dots form; a few dots in a line are none."""
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
    """Rules of both directions without a frame around several tables: one of its sides continues beyond the tables
    inside. Only sides in the direction ``along`` are checked."""
    if not along or not across:
        return along, across
    outermost = [min(along, key=lambda span: (sign * span[0], span[1] - span[2])) for sign in (1.0, -1.0)]
    for at, start, end in outermost:
        beside = sorted((a, b) for x, a, b in along if abs(x - at) <= _DASH and b - a < end - start)
        walls = [x for x, a, b in across if min(abs(a - at), abs(b - at)) <= 1]
        if not _has_gap(beside, [(a, b) for x, a, b in along if abs(x - at) > _DASH], walls):
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


def _has_gap(beside: list[tuple[float, float]], others: list[tuple[float, float]], walls: list[float]) -> bool:
    """Whether parallel rules leave a gap between tables, without another rule in it and without cells up to the frame.
    The rules of a low header row are as near to its top as those of tables to their frame."""
    for (_, reached), (first, _) in pairwise(beside):
        if (
            first - reached > _BETWEEN
            and not any(
                reached + _STRAIGHT < end and start < first - _STRAIGHT and end - start < first - reached + 2 * _BETWEEN
                for start, end in others
            )
            and sum(reached + _STRAIGHT < at < first - _STRAIGHT for at in walls) < _CELL_WALLS
        ):
            return True
    return False


def _straightened(spans: Iterable[_Span]) -> list[_Span]:
    """Rules with their pieces joined: pieces on one line that overlap, or are no further apart than the gap of a dashed
    line."""
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
    """Groups of rules that touch each other, directly or through others."""
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
    """The positions of the rules of one direction. A side without a rule is where the other rules end."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _SAME_RULE:
            edges.append(place)
    ends = list(ends)
    if edges[0] - min(ends) > PADDING:
        edges.insert(0, min(ends))
    if max(ends) - edges[-1] > PADDING:
        edges.append(max(ends))
    return edges


def _table(xs: list[float], ys: list[float], rows: list[_Span], columns: list[_Span]) -> Table:
    """Cells extend to the right, then downwards, until a rule stops them."""
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
    """For each edge, the stretches between the other edges along which there is a rule."""
    walls = [[False] * (len(across) - 1) for _ in edges]
    firsts, lasts = [(3 * a + b) / 4 for a, b in pairwise(across)], [(a + 3 * b) / 4 for a, b in pairwise(across)]
    halfway = [(a + b) / 2 for a, b in pairwise(edges)]
    for at, start, end in rules:
        first, last = bisect_left(firsts, start), bisect_right(lasts, end)
        if first < last:
            walls[bisect_right(halfway, at)][first:last] = [True] * (last - first)
    return walls
