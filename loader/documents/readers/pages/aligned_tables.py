"""Pages without ruled tables: lines of text whose columns stand below one another → tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from loader.documents.readers.aligned.aligned_table import AlignedTable
from loader.documents.readers.aligned.faults import remarks_on
from loader.documents.readers.aligned.tables import tables_in
from loader.documents.readers.aligned.words import Word, is_amount
from loader.documents.readers.pages.page import Line, Page, RuledCell, Table
from loader.documents.readers.pages.texts import blocks_of, parted

_SENTENCE = re.compile("[，。；]")
_FEWEST_ROWS = 3
_FAR = 1.8  # times the usual distance of lines; what is further apart is no row of the same table


def find_aligned_tables(pages: Sequence[Page]) -> list[str]:
    """Find the tables of pages that have no ruled one, and say what was found. Where other pages have ruled tables,
    what is aligned is mostly prose. Pages without such tables stay as they are."""
    has_ruled = any(page.has_table for page in pages)
    pages = [page for page in pages if not page.has_table and (not has_ruled or _has_rows(page))]
    spread = [_spread(page.lines) for page in pages]
    words = [
        [[Word(run.text, run.x0 / letter, run.x1 / letter) for run in line] for line in lines]
        for lines, letter in spread
    ]
    read = 0
    unread = []
    for page, (lines, letter), found in zip(pages, spread, tables_in(words), strict=True):
        tables = [_table(table, lines, letter) for table in found if table.fault is None]
        if tables:
            placed = {number for table in found if table.fault is None for number in table.rows}
            others = [line for number, line in enumerate(lines) if line and number not in placed]
            page.blocks = blocks_of(tables, map(parted, others))
        read += len(tables)
        unread += [(page.number, table.fault) for table in found if table.fault is not None]
    return remarks_on(read, unread, are_pages=True)


def _has_rows(page: Page) -> bool:
    """Whether some lines have several amounts and are no sentences."""
    rows = 0
    for line in page.lines:
        rows += sum(is_amount(run.text) for run in line) > 1 and not any(_SENTENCE.search(run.text) for run in line)
    return rows >= _FEWEST_ROWS


def _spread(lines: list[list[Line]]) -> tuple[list[list[Line]], float]:
    """The lines with a blank one wherever two are far apart, and the width of a Latin letter."""
    if not lines:
        return [], 1.0
    usual = median([below[0].middle - above[0].middle for above, below in pairwise(lines)] or [0.0])
    spread = [lines[0]]
    for above, below in pairwise(lines):
        if below[0].middle - above[0].middle > _FAR * usual:
            spread.append([])
        spread.append(below)
    return spread, median(run.size for line in lines for run in line) / 2


def _table(table: AlignedTable, lines: Sequence[Sequence[Line]], letter: float) -> Table:
    """A table as if it were ruled: rules stand in the middle between its columns and between its lines."""
    numbers = sorted(table.rows)
    starts, ends = [start * letter for start, _ in table.columns], [end * letter for _, end in table.columns]
    xs = [starts[0], *((end + start) / 2 for end, start in zip(ends, starts[1:], strict=False)), ends[-1]]
    tops = [min(run.y0 for run in lines[number]) for number in numbers]
    ys = [*tops, max(run.y1 for run in lines[numbers[-1]])]
    owners: list[list[RuledCell]] = []
    for row, number in enumerate(numbers):
        cells: list[RuledCell] = []
        texts = {cell.column: cell for cell in table.rows[number]}
        while len(cells) < len(table.columns):
            column = len(cells)
            shown = texts.get(column)
            span = shown.column_span if shown else 1
            cell = RuledCell(row, column, 1, span, xs[column], ys[row], xs[column + span], ys[row + 1])
            if shown:
                cell.lines = [Line(shown.text, cell.x0, ys[row], cell.x1, max(run.y1 for run in lines[number]))]
            cells += [cell] * span
        owners.append(cells)
    rows = [[cell for at, cell in enumerate(cells) if cell.column == at] for cells in owners]
    return Table(xs, ys, owners, rows)
