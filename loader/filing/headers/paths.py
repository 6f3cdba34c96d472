"""The header path of each column of a table: the words above it, from the top down."""

from __future__ import annotations

from collections.abc import Sequence

from loader.documents.grid import Cell
from loader.documents.wording import fold, without_money_unit

HeaderPath = tuple[str, ...]
DEEPEST_HEADER = 5


def header_paths(rows: Sequence[tuple[Cell, ...]]) -> dict[int, HeaderPath]:
    """The header path of every column, from the top down, without repetitions.

    A cell covers the blank cells to its right as far as the cell above it reaches. A cell with a span covers only that.
    Both kinds may stand in one row, because sheets also centre text across blank cells.
    """
    width = max((cell.column + cell.column_span for cells in rows for cell in cells), default=0)
    paths: list[list[str]] = [[] for _ in range(width)]
    parents = [0] * width  # the cell of the row above that covers a column
    for depth, cells in enumerate(rows):
        covering = [-1] * width
        texts = [""] * width
        for index, cell in enumerate(cells):
            for column in range(cell.column, min(cell.column + cell.column_span, width)):
                texts[column] = cell.text
                covering[column] = index
        for column in range(1, width):
            left = covering[column - 1]
            same_parent = depth == 0 or parents[column] == parents[column - 1]
            if covering[column] < 0 <= left and same_parent and cells[left].column_span == 1:
                covering[column] = left
                texts[column] = texts[column - 1]
        for column in range(width):
            text = without_money_unit(fold(texts[column]))
            if text and (not paths[column] or paths[column][-1] != text):
                paths[column].append(text)
        # columns under one cell here, and under one cell above, stay together further down
        groups: dict[tuple[int, int], int] = {}
        parents = [
            groups.setdefault((parents[c], covering[c] if covering[c] >= 0 else -2 - c), len(groups))
            for c in range(width)
        ]
    return {column: tuple(path) for column, path in enumerate(paths) if path}
