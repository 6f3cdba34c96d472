"""A table by the places of its texts, and the parts of one that goes on beyond a page or a blank line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from loader.documents.grid import Cell
from loader.documents.readers.aligned.broken import joined_over_lines
from loader.documents.readers.aligned.columns import apart_from, cells_in, columns_of
from loader.documents.readers.aligned.faults import BROKEN, UNCLEAR, has_broken_figures, has_joined_figures
from loader.documents.readers.aligned.words import Line, Span, Word, is_amount
from loader.documents.readers.aligned.wrapped_labels import with_labels_joined
from loader.documents.wording import figure

MOST_BETWEEN = 4  # lines between the parts of a table: the foot of a page and the head of the next one
_NOT_WORDS = re.compile(r"[\W\d_]+|第|页|共")  # in the number of a page


class AlignedTable(NamedTuple):
    """Where its columns stand, and the cells of its rows by the numbers of their lines. ``fault``: why it cannot be
    relied on, if so. ``heads`` are the words of its lines of heads."""

    columns: list[Span]
    rows: dict[int, tuple[Cell, ...]]
    fault: str | None
    heads: tuple[str, ...] = ()

    def goes_on_in(self, heads: Sequence[str], between: Sequence[str], above: Collection[str]) -> bool:
        """Whether lines with these ``heads`` go on with this table. ``between`` are the texts of the lines between,
        ``above`` those above this table: pages may repeat its title and its heads."""
        if not heads:
            return len(between) <= MOST_BETWEEN
        return (*heads,) == self.heads and all(text in above or not _NOT_WORDS.sub("", text) for text in between)

    def remainder(self, parts: dict[int, list[Word]], lines: Sequence[Line]) -> AlignedTable:
        """Rows without heads as rows of this table, if they have columns of the same kinds."""
        with_figures = [number for number, line in parts.items() if any(figure(part.text) for part in line)]
        columns = columns_of([parts[number] for number in with_figures])
        others = (part for number in parts.keys() - {*with_figures} for part in parts[number])
        order = sorted([*columns, *apart_from(columns, others)])
        rows, lacks_labels = with_labels_joined({number: cells_in(lines[number], order) for number in sorted(parts)})
        rows, is_broken = joined_over_lines(rows)
        fault = None
        if is_broken or has_broken_figures([*rows.values()]):
            fault = BROKEN
        elif (
            lacks_labels
            or any(map(has_joined_figures, rows.values()))
            or _kinds(order, rows) != _kinds(self.columns, self.rows)
        ):
            fault = UNCLEAR
        return AlignedTable(order, {**rows}, fault)


def _kinds(columns: Sequence[Span], rows: Mapping[int, tuple[Cell, ...]]) -> list[int]:
    """For each column whether it has amounts (2), or only numbers (1), or neither (0)."""
    kinds = [0] * len(columns)
    for cell in chain.from_iterable(rows.values()):
        kind = 2 if is_amount(cell.text) else 1 if figure(cell.text) is not None else 0
        kinds[cell.column] = max(kinds[cell.column], kind)
    return kinds
