"""Tables without rules or separators: their columns stand below one another, in texts and on pages.

A line is a sequence of words with their places. What stands in one column is found by the gaps that all rows of a table
leave, figures first, because a text may reach into a column that is blank beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import inf
from operator import itemgetter
from typing import NamedTuple
from unicodedata import east_asian_width

from loader.documents.grid import Cell
from loader.documents.wording import figure, fold

_FEWEST_ROWS = 3  # with a figure, or figures in one row; less may stand below one another by chance
_FEWEST_COLUMNS = 2
_PLACES_SHOWN = 10  # in a remark
_MOST_COLUMNS = 100  # and texts of a line; the widest tables have seventy
_EVEN = 2.0  # how far the edges of the figures of a column may be apart
_MUCH_FARTHER = 2.0  # times as far
_BEYOND = 10.0  # a head hardly reaches beyond figures at the right end of its column


# a figure that is broken: its beginning, and what stands below it alone
_BEGINNING, _END = re.compile(r"-?[\d,]*\d(?:\.\d?)?|-?[\d,]+"), re.compile(r"\.?\d{1,3}|,\d{1,3}[\d,.]*")


_NONE = frozenset("-－—–")


class Word(NamedTuple):
    """A word and where it begins and ends. The unit of places is the width of a Latin letter."""

    text: str
    x0: float
    x1: float


Line = Sequence[Word]
_Span = tuple[float, float]


class AlignedTable(NamedTuple):
    """Where its columns stand, and the cells of its rows by the numbers of their lines. ``fault``: why it cannot be
    relied on, if so."""

    columns: list[_Span]
    rows: dict[int, tuple[Cell, ...]]
    fault: str | None


BROKEN, UNCLEAR = "figures are broken over lines", "it is not clear under which head figures stand"


def tables_in(lines: Sequence[Line]) -> list[AlignedTable]:
    """The tables that lines form. Blank lines part them, and so do those with too many texts."""
    parts = {number: _parts(line) for number, line in enumerate(lines) if line}
    parts = {number: line for number, line in parts.items() if len(line) <= _MOST_COLUMNS}
    is_flush = _end_flush(list(parts.values()))
    found = []
    for numbers in _blocks(list(parts)):
        for own in _tables(numbers, parts):
            if table := _table({number: parts[number] for number in own}, lines, is_flush):
                found.append(table)
    return found


def remarks_on(read: int, unread: Iterable[tuple[int, str]], are_pages: bool) -> list[str]:
    """What a reader of the document should know of its tables without rules or separators: how many were read, and the
    lines or pages and the faults of the others."""
    remarks = []
    if read:
        remarks.append(f"{read} tables without rules or separators were read by the places of their texts")
    places: dict[str, list[str]] = {}
    for place, fault in unread:
        places.setdefault(fault, []).append(str(place))
    for fault, found in places.items():
        listed = ", ".join(found if len(found) <= _PLACES_SHOWN else [*found[:_PLACES_SHOWN], "…"])
        if are_pages:
            remarks.append(f"tables without rules were not read, because {fault}: on pages {listed}")
        else:
            remarks.append(f"tables without separators were not read, because {fault}: from lines {listed} on")
    return remarks


def _has_broken_figures(rows: Sequence[tuple[Cell, ...]]) -> bool:
    """Whether a figure goes on in the next line, which then has no words of its own."""
    for above, below in pairwise(rows):
        if all(_END.fullmatch(cell.text) for cell in below):
            begun = {cell.column for cell in above if _BEGINNING.fullmatch(cell.text)}
            if any(cell.column in begun for cell in below):
                return True
    return False


def _has_joined_figures(row: Sequence[Cell]) -> bool:
    """Whether figures or dashes for none share a cell: amounts, or any in a row of numbers. Parts of a code may."""
    are_numbers = all(text.isdigit() for cell in row for text in cell.text.split())
    joined = [texts for cell in row if len(texts := cell.text.split()) > 1]
    figures = [texts for texts in joined if all(text in _NONE or figure(text) is not None for text in texts)]
    return any(are_numbers or not all(map(str.isdigit, texts)) for texts in figures)


def _end_flush(lines: Sequence[Sequence[Word]]) -> bool:
    """Whether amounts of different length end, rather than begin, below one another."""
    ends = begins = 0
    for above, below in pairwise([[part for part in line if _is_amount(part.text)] for line in lines]):
        ending, beginning = {part.x1: len(part.text) for part in below}, {part.x0: len(part.text) for part in below}
        ends += sum(ending.get(part.x1, len(part.text)) != len(part.text) for part in above)
        begins += sum(beginning.get(part.x0, len(part.text)) != len(part.text) for part in above)
    return ends >= begins


def alignment(lines: Iterable[Line]) -> int:
    """How many figures and texts end or begin right below those of the line before."""
    edges: list[set[tuple[bool, float]]] = []
    for line in lines:
        parts = ((part, figure(part.text) is not None) for part in _parts(line))
        edges.append({(is_figure, part.x1 if is_figure else part.x0) for part, is_figure in parts if part.x0})
    return sum(len(above & below) for above, below in pairwise(edges))


def _blocks(filled: Sequence[int]) -> Iterator[list[int]]:
    """Lines that follow each other with no more blank lines between them than usual."""
    gaps = Counter(after - before for before, after in pairwise(filled))
    usual = gaps.most_common(1)[0][0] if gaps else 1
    block: list[int] = []
    for number in filled:
        if block and number - block[-1] > usual:
            yield block
            block = []
        block.append(number)
    if block:
        yield block


def _parts(line: Line) -> list[Word]:
    """The texts of a line that are surely apart: by more than a space, or because one of them is an amount."""
    parts: list[list[Word]] = []
    for word in line:
        last = parts[-1][-1] if parts else None
        if last is None or word.x0 - last.x1 >= 2 or _is_amount(word.text) or _is_amount(last.text):
            parts.append([word])
        else:
            parts[-1].append(word)
    return [
        words[0] if len(words) == 1 else Word(" ".join(word.text for word in words), words[0].x0, words[-1].x1)
        for words in parts
    ]


def _is_amount(text: str) -> bool:
    return "." in text and figure(text) is not None


def _tables(numbers: Sequence[int], parts: dict[int, list[Word]]) -> Iterator[list[int]]:
    """The lines of a block by tables. A lone text that stands in no column of the rows before and after it, as titles
    and notes do, parts them, and so do heads that stand in other columns than the rows before."""
    table: list[int] = []
    rooms = _Rooms({}, {})
    has_figures = False
    for number, after in zip(numbers, _columns_after(numbers, parts), strict=True):
        line = parts[number]
        around = rooms, _Rooms.of(after)
        fitting = [part for part in line if any(room.fits(part) for room in around)]
        are_figures = any(figure(part.text) for part in line)
        is_apart = not fitting if len(line) == 1 else has_figures and not are_figures and 2 * len(fitting) < len(line)
        if is_apart:
            if table:
                yield table
            table, rooms, has_figures = [], _Rooms({}, {}), False
            if len(line) == 1:
                continue
        table.append(number)
        has_figures |= are_figures
        if len(line) > 1:
            rooms.add(line)
    if table:
        yield table


class _Rooms(NamedTuple):
    """Where texts of rows begin, with where the next text of such a row begins; and where they end, with where the text
    before ends. Whatever begins or ends there and has room fits into their column."""

    begun: dict[float, float]
    ended: dict[float, float]

    @classmethod
    def of(cls, line: Sequence[Word]) -> _Rooms:
        rooms = cls({}, {})
        rooms.add(line)
        return rooms

    def add(self, line: Sequence[Word]) -> None:
        for number, part in enumerate(line):
            after = line[number + 1].x0 if number + 1 < len(line) else inf
            before = line[number - 1].x1 if number else -inf
            self.begun[part.x0] = min(after, self.begun.get(part.x0, inf))
            self.ended[part.x1] = max(before, self.ended.get(part.x1, -inf))

    def fits(self, part: Word) -> bool:
        return part.x1 <= self.begun.get(part.x0, -inf) or part.x0 >= self.ended.get(part.x1, inf)


def _columns_after(numbers: Sequence[int], parts: dict[int, list[Word]]) -> list[list[Word]]:
    """For each line of a block the next that has several texts, if it is a lone text itself."""
    found: list[list[Word]] = []
    after: list[Word] = []
    for number in reversed(numbers):
        line = parts[number]
        found.append(after if len(line) == 1 else [])
        if len(line) > 1:
            after = line
    return found[::-1]


def _table(parts: dict[int, list[Word]], lines: Sequence[Line], is_flush: bool) -> AlignedTable | None:
    """The table of some lines, if they are one. ``is_flush``: its figures end below one another. Fields above its heads
    (单位：…) and what is above them are no part of it."""
    body = [number for number, line in parts.items() if any(figure(part.text) for part in line)]
    above = [
        number for number in parts if body and number < body[0] and any(":" in fold(p.text) for p in parts[number])
    ]
    parts = {number: line for number, line in parts.items() if not above or number > above[-1]}
    if not _are_figures([parts[number] for number in body]):
        return None
    rows_of_figures = [parts[number] for number in body]
    columns = _columns(rows_of_figures)
    if len(columns) > _MOST_COLUMNS:
        return _unclear(parts)
    heads = {number: _heads_apart(parts[number], columns) for number in parts if number < body[0]}
    leaves = _leaves(heads)
    if len(leaves) > _MOST_COLUMNS:
        return _unclear(parts)
    figures = _one_below_each(columns, [head for _, head in leaves], rows_of_figures)
    columns, column_of = _headed(figures, leaves, is_flush)
    texts = (part for number in parts if number > body[0] and number not in body for part in parts[number])
    order = sorted([*columns, *_apart_from(columns, texts)])
    if len(order) < _FEWEST_COLUMNS:
        return None
    if len(order) > _MOST_COLUMNS:
        return _unclear(parts)
    places = [order.index(column) for column in columns]
    rows = {number: _placed(lines[number], order) for number in parts if number not in heads}
    header, is_sure = _header(heads, {head: places[column] for head, column in column_of.items()}, order)
    rows |= header
    others = [key[1] for key in leaves if key not in column_of]
    fault = None
    if _has_broken_figures([rows[number] for number in sorted(rows)]):
        fault = BROKEN
    elif (
        not is_sure
        or any(map(_has_joined_figures, rows.values()))
        or not _is_clear(rows_of_figures, figures, leaves, column_of, is_flush)
        or _are_shared(rows_of_figures, columns, others)
    ):
        fault = UNCLEAR
    return AlignedTable(order, rows, fault)


def _unclear(numbers: Iterable[int]) -> AlignedTable:
    """A table of these lines whose columns are not known."""
    return AlignedTable([], dict.fromkeys(numbers, ()), UNCLEAR)


def _are_figures(rows: Sequence[Sequence[Word]]) -> bool:
    """Whether rows have the figures of a table, not the numbers of a list: one row with several amounts, or some rows
    with one, or with several numbers."""
    amounts = [
        sum(any(mark in part.text for mark in ".,") and figure(part.text) is not None for part in row) for row in rows
    ]
    numbers = [sum(figure(part.text) is not None for part in row) for row in rows]
    enough = sum(amount > 0 or number > 1 for amount, number in zip(amounts, numbers, strict=True))
    return enough >= _FEWEST_ROWS or max(amounts, default=0) >= _FEWEST_ROWS


def _columns(rows: Iterable[Sequence[Word]]) -> list[_Span]:
    """Where the columns of rows with figures stand."""
    parts = [part for row in rows for part in row]
    figures = _united((part.x0, part.x1) for part in parts if figure(part.text))
    starts = [start for start, _ in figures]
    texts = []
    for part in parts:
        if figure(part.text) is None:
            behind = bisect_right(starts, part.x0)
            is_within = behind and part.x0 < figures[behind - 1][1]
            if not is_within:  # it may reach into the next column of figures
                texts.append((part.x0, min(part.x1, starts[behind]) if behind < len(starts) else part.x1))
    return _united([*figures, *texts])


def _united(spans: Iterable[_Span]) -> list[_Span]:
    """The spans that overlapping ones cover together."""
    united: list[_Span] = []
    for start, end in sorted(spans):
        if united and start < united[-1][1]:
            united[-1] = united[-1][0], max(united[-1][1], end)
        else:
            united.append((start, end))
    return united


_Key = tuple[int, Word]  # the number of a line, and a head in it


def _leaves(heads: dict[int, list[Word]]) -> list[_Key]:
    """The heads of columns, from the left: those that no other head is below."""
    leaves: list[_Key] = []
    below: list[_Span] = []  # where heads stand in lower lines
    for number in sorted(heads, reverse=True):
        for head in heads[number]:
            at = bisect_left(below, head.x1, key=itemgetter(0))  # those before it begin at the left of its end
            if not at or below[at - 1][1] <= head.x0:
                leaves.append((number, head))
        below = _united([*below, *((head.x0, head.x1) for head in heads[number])])
    return sorted(leaves, key=lambda key: key[1].x0)


def _one_below_each(columns: list[_Span], heads: Sequence[Word], rows: Sequence[Sequence[Word]]) -> list[_Span]:
    """The columns, those below one head taken together if no row has a text in both: a figure at the left of its column
    among others at the right."""
    joined: list[_Span] = []
    for column in columns:
        last = joined[-1] if joined else None
        if (
            last is not None
            and any(_overlap(head, last) and _overlap(head, column) for head in heads)
            and not any(
                any(_overlap(part, last) for part in row) and any(_overlap(part, column) for part in row)
                for row in rows
            )
        ):
            joined[-1] = last[0], column[1]
        else:
            joined.append(column)
    return joined


def _headed(columns: list[_Span], leaves: Sequence[_Key], is_flush: bool) -> tuple[list[_Span], dict[_Key, int]]:
    """The columns with those that are blank below their head, each as wide as its head and its figures together; and
    the heads of columns with the number of their column.

    Heads may stand beside the figures of their column: if these are at the right (``is_flush``), heads are in the
    middle or at the left. So they are taken together, in their order.
    """
    widened = list(columns)
    column_of = dict(_nearest(leaves, columns, _BEYOND if is_flush else 0))
    for (_, head), column in column_of.items():
        start, end = columns[column]
        widened[column] = min(head.x0, start), max(head.x1, end)
    for key in leaves:
        if key not in column_of and not any(_overlap(key[1], column) for column in widened):
            column_of[key] = len(widened)
            widened.append((key[1].x0, key[1].x1))
    return widened, column_of


def _is_clear(
    rows: Sequence[Sequence[Word]],
    columns: Sequence[_Span],
    leaves: Sequence[_Key],
    column_of: dict[_Key, int],
    is_flush: bool,
) -> bool:
    """Whether each column of amounts has a head, none of which begins beyond amounts that end flush; no two amounts of
    a row share a column, and those of a column begin, end or have their middle below one another. A head may stand
    above several columns of codes. Where amounts do not end flush, a head beside them counts only if those without
    amounts are much farther."""
    heads = {column: head for (_, head), column in column_of.items()}
    placed: dict[int, list[Word]] = {}
    for row in rows:
        figures = [(_column_of(part, columns), part) for part in row if figure(part.text) and not part.text.isdigit()]
        if len({at for at, _ in figures}) < len(figures):
            return False
        for at, part in figures:
            placed.setdefault(at, []).append(part)
    blank = [key[1] for key in leaves if column_of.get(key) not in placed]
    for at, parts in placed.items():
        if at not in heads or (is_flush and heads[at].x0 >= columns[at][1]):
            return False
        own = _distance(heads[at], columns[at])
        if not is_flush and own > 0 and any(_distance(head, columns[at]) < _MUCH_FARTHER * own for head in blank):
            return False
        edges = [(part.x0, part.x1, (part.x0 + part.x1) / 2) for part in parts]
        if min(max(edge) - min(edge) for edge in zip(*edges, strict=True)) > _EVEN:
            return False
    return True


class _Pairs(NamedTuple):
    """Heads and columns in pairs: their number below zero, their distances in all, the last and those before."""

    number: int
    distance: float
    last: tuple[_Key, int] | None = None
    before: _Pairs | None = None


def _are_shared(rows: Sequence[Sequence[Word]], columns: Sequence[_Span], others: Sequence[Word]) -> bool:
    """Whether heads that got no column of their own stand above one of amounts, which then has two heads."""
    amounts = {_column_of(part, columns) for row in rows for part in row if _is_amount(part.text)} if others else ()
    return any(_overlap(head, columns[at]) for head in others for at in amounts)


def _nearest(keys: Sequence[_Key], columns: Sequence[_Span], beyond: float) -> list[tuple[_Key, int]]:
    """Heads and the numbers of columns in pairs: as many as there can be, in their order, with the least distances in
    all. What is beyond the right end of a column counts ``beyond`` times."""
    none = _Pairs(0, 0.0)
    best = [none] * (len(columns) + 1)  # for the heads so far, and the columns before each number
    for key in keys:
        row = [none]
        for number, column in enumerate(columns):
            before = best[number]
            apart = max(0.0, column[0] - key[1].x1) + max(0.0, key[1].x0 - column[1]) * (beyond or 1)
            apart += beyond * max(0.0, key[1].x1 - column[1])
            paired = _Pairs(before.number - 1, before.distance + apart, (key, number), before)
            row.append(min(paired, best[number + 1], row[-1], key=itemgetter(0, 1)))
        best = row
    pairs = []
    found: _Pairs | None = best[-1]
    while found is not None and found.last is not None:
        pairs.append(found.last)
        found = found.before
    return pairs[::-1]


def _apart_from(columns: Sequence[_Span], parts: Iterable[Word]) -> list[_Span]:
    """Columns of texts in rows without figures that stand in no other column."""
    return _united((part.x0, part.x1) for part in parts if not any(_overlap(part, column) for column in columns))


def _width(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1


def _overlap(part: Word, column: _Span) -> bool:
    return part.x0 < column[1] and column[0] < part.x1


def _distance(part: Word, column: _Span) -> float:
    return max(part.x0 - column[1], column[0] - part.x1)


def _placed(line: Line, columns: Sequence[_Span]) -> tuple[Cell, ...]:
    """A row of figures, word by word."""
    texts: dict[int, list[str]] = {}
    before: tuple[Word, int] | None = None
    for word in line:
        column = _column_of(word, columns)
        if before is not None and word.x0 - before[0].x1 < 2 and column == before[1] + 1 and not figure(word.text):
            # a text that reaches into the next column, unless it begins there
            begins_there = word.x0 >= columns[column][0] or _is_amount(before[0].text)
            column = column if begins_there else before[1]
        texts.setdefault(column, []).append(word.text)
        before = word, column
    return tuple(Cell(" ".join(words), column) for column, words in sorted(texts.items()))


def _column_of(word: Word, columns: Sequence[_Span]) -> int:
    """The column that a word shares most with, else the nearest."""
    _, x0, x1 = word
    shared = [(x1 if x1 < end else end) - (x0 if x0 > start else start) for start, end in columns]  # as fast as can be
    most = max(shared)
    alike = [column for column, share in enumerate(shared) if share == most]
    return min(alike, key=lambda column: abs(x0 + x1 - sum(columns[column])))


def _heads_apart(parts: Iterable[Word], columns: Sequence[_Span]) -> list[Word]:
    """The heads of a line. Words with only a space between are heads of their own if each stands above a column of its
    own."""
    heads: list[Word] = []
    for part in parts:
        words = _words_of(part)
        own = [_column_of(word, columns) for word in words]
        is_above = all(_overlap(word, columns[column]) for word, column in zip(words, own, strict=True))
        heads += words if is_above and len(set(own)) == len(words) else [part]
    return heads


def _words_of(part: Word) -> list[Word]:
    """The words of a text, and where they stand."""
    if " " not in part.text:
        return [part]
    unit = (part.x1 - part.x0) / sum(map(_width, part.text))
    words, at = [], part.x0
    for text in part.text.split(" "):
        end = at + unit * sum(map(_width, text))
        words.append(Word(text, at, end))
        at = end + unit
    return words


def _header(
    heads: dict[int, list[Word]], column_of: dict[_Key, int], columns: Sequence[_Span]
) -> tuple[dict[int, tuple[Cell, ...]], bool]:
    """The lines of heads, and whether it is clear what each of them spans.

    A head above others spans their columns, and those beside them that no other head stands above, as far as it is in
    their middle; or to the right, if it is at their left end.
    """
    is_clear = True
    below = {*range(len(columns))}.difference(column_of.values())  # columns without a head, or with one in a lower line
    headers: list[tuple[int, list[Cell]]] = []
    for number in sorted(heads, reverse=True):
        own = {head: column_of[number, head] for head in heads[number] if (number, head) in column_of}
        spans = {head: (column, column) for head, column in own.items()}
        over = {
            head: [column for (line, lower), column in column_of.items() if line > number and _is_over(head, lower)]
            for head in heads[number]
            if head not in own
        }
        spans |= {head: (min(found), max(found)) for head, found in over.items() if found}
        free = below - {column for start, end in spans.values() for column in range(start, end + 1)}
        texts: dict[tuple[int, int], list[str]] = {}
        for head in heads[number]:
            if head in own:
                span = spans[head]
            else:
                near = _column_of(head, columns)
                span, is_sure = _widened(head, spans.get(head, (near, near)), columns, free)
                is_clear &= is_sure
                free.difference_update(range(span[0], span[1] + 1))
            texts.setdefault(span, []).append(head.text)
        found = [Cell(" ".join(words), start, end - start + 1) for (start, end), words in sorted(texts.items())]
        headers.append((number, found))
        below.update(own.values())
    return {number: tuple(cells) for number, cells in _unbroken(headers) if cells}, is_clear


def _is_over(head: Word, lower: Word) -> bool:
    return _overlap(head, (lower.x0, lower.x1))


def _unbroken(headers: list[tuple[int, list[Cell]]]) -> list[tuple[int, list[Cell]]]:
    """The lines of heads from the lowest up, with heads that are broken over lines in one: a head of one column has no
    other below it."""
    for (_, lower), (_, upper) in pairwise(headers):
        above = {cell.column: at for at, cell in enumerate(upper) if cell.column_span == 1}
        for cell in [cell for cell in lower if cell.column_span == 1 and cell.column in above]:
            at = above[cell.column]
            upper[at] = upper[at]._replace(text=upper[at].text + cell.text)
            lower.remove(cell)
    return headers


def _widened(
    head: Word, span: tuple[int, int], columns: Sequence[_Span], free: set[int]
) -> tuple[tuple[int, int], bool]:
    """The columns that a head spans with the free ones beside, and whether no others are as likely."""
    first, last = left, right = span
    while left - 1 in free:
        left -= 1
    while right + 1 in free:
        right += 1

    def off_centre(span: tuple[int, int]) -> float:
        return abs(head.x0 + head.x1 - columns[span[0]][0] - columns[span[1]][1]) / 2

    spans = [(start, end) for start in range(left, first + 1) for end in range(last, right + 1)]
    if abs(head.x0 - columns[first][0]) <= _EVEN:
        is_clear = all(off_centre(span) > _EVEN for span in spans if span[0] < first)
        return (first, right), is_clear
    found = min(spans, key=lambda span: (off_centre(span), span[0] - span[1]))
    return found, all(off_centre(span) > off_centre(found) + _EVEN for span in spans if span != found)
