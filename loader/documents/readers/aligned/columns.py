"""Where the columns of rows with figures stand, and the rows in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from loader.documents.grid import Cell
from loader.documents.readers.aligned.words import Line, Span, Word, is_amount, nearest_column, overlap, united
from loader.documents.wording import figure


def columns_of(rows: Iterable[Sequence[Word]]) -> list[Span]:
    """Where the columns of rows with figures stand."""
    parts = [part for row in rows for part in row]
    figures = united((part.x0, part.x1) for part in parts if figure(part.text))
    starts = [start for start, _ in figures]
    texts = []
    for part in parts:
        if figure(part.text) is None:
            behind = bisect_right(starts, part.x0)
            is_within = behind and part.x0 < figures[behind - 1][1]
            if not is_within:  # it may reach into the next column of figures
                texts.append((part.x0, min(part.x1, starts[behind]) if behind < len(starts) else part.x1))
    return united([*figures, *texts])


def one_below_each(columns: list[Span], heads: Sequence[Word], rows: Sequence[Sequence[Word]]) -> list[Span]:
    """The columns, those below one head taken together if no row has a text in both: a figure at the left of its column
    among others at the right."""
    joined: list[Span] = []
    for column in columns:
        last = joined[-1] if joined else None
        if (
            last is not None
            and any(overlap(head, last) and overlap(head, column) for head in heads)
            and not any(
                any(overlap(part, last) for part in row) and any(overlap(part, column) for part in row) for row in rows
            )
        ):
            joined[-1] = last[0], column[1]
        else:
            joined.append(column)
    return joined


def without_figures(columns: Sequence[Span], rows: Iterable[Sequence[Word]]) -> set[int]:
    """The numbers of the columns in which no figure stands."""
    figures = [part for row in rows for part in row if figure(part.text) is not None]
    return {at for at, column in enumerate(columns) if not any(overlap(part, column) for part in figures)}


def apart_from(columns: Sequence[Span], parts: Iterable[Word]) -> list[Span]:
    """Columns of texts in rows without figures that stand in no other column."""
    return united((part.x0, part.x1) for part in parts if not any(overlap(part, column) for column in columns))


def cells_in(line: Line, columns: Sequence[Span]) -> tuple[Cell, ...]:
    """A row of figures, word by word."""
    texts: dict[int, list[str]] = {}
    before: tuple[Word, int] | None = None
    for word in line:
        column = nearest_column(word, columns)
        if before is not None and word.x0 - before[0].x1 < 2 and column == before[1] + 1 and not figure(word.text):
            # a text that reaches into the next column, unless it begins there
            begins_there = word.x0 >= columns[column][0] or is_amount(before[0].text)
            column = column if begins_there else before[1]
        texts.setdefault(column, []).append(word.text)
        before = word, column
    return tuple(Cell(" ".join(words), column) for column, words in sorted(texts.items()))
