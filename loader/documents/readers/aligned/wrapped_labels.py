"""Labels broken over lines, with the amounts of their row in the middle between these lines."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import NamedTuple

from loader.documents.grid import Cell
from loader.documents.readers.aligned.words import is_amount
from loader.documents.wording import figure, join_lines

Rows = Mapping[int, tuple[Cell, ...]]  # by the numbers of their lines


class Unwrapped(NamedTuple):
    """The rows of a table with their labels in one piece, and whether some amounts remain without a label."""

    rows: Rows
    is_broken: bool


def with_labels_joined(rows: Rows) -> Unwrapped:
    """The rows of a table; a label whose parts stand above and below its amounts is joined in their line.

    That is certain where the line of the amounts has no label of its own, and a line above and one below it, which have
    no amounts, do.
    """
    with_amounts = {number for number, cells in rows.items() if any(is_amount(cell.text) for cell in cells)}
    texts = {cell.column for cell in chain.from_iterable(rows.values()) if figure(cell.text) is None}
    figures = {cell.column for number in with_amounts for cell in rows[number] if is_amount(cell.text)}
    labels = sorted(texts - figures)
    found = {number: {cell.column: cell for cell in cells} for number, cells in rows.items()}
    numbers = sorted(found)
    is_broken = False
    for at, number in enumerate(numbers):
        if number not in with_amounts:
            continue
        above, below = (
            found[numbers[beside]] if 0 <= beside < len(numbers) and numbers[beside] not in with_amounts else {}
            for beside in (at - 1, at + 1)
        )
        for column in _without_label(rows[number], labels):
            if column in above and column in below:
                text = join_lines([above.pop(column).text, below.pop(column).text], wrapped=True)
                found[number][column] = Cell(text, column)
            elif column in above or column in below:
                is_broken = True
    if is_broken:
        return Unwrapped(rows, True)
    return Unwrapped({number: tuple(cells[at] for at in sorted(cells)) for number, cells in found.items()}, False)


def _without_label(cells: tuple[Cell, ...], labels: list[int]) -> set[int]:
    """The columns of labels that lack one: the nearest on the left of an amount, if no other cell is between them."""
    shown = {cell.column for cell in cells}
    found = set()
    for cell in cells:
        if is_amount(cell.text):
            column = max((label for label in labels if label < cell.column), default=None)
            if column is not None and shown.isdisjoint(range(column, cell.column)):
                found.add(column)
    return found
