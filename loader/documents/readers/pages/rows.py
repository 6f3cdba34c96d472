"""Pages → rows: tables that continue on the next page are joined."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loader.documents.grid import Cell, Row
from loader.documents.printed_row import ROWS_A_PAGE
from loader.documents.readers.pages.page import PADDING, SAME_EDGE, Page, RuledCell, Table
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

_FOOT = 0.75  # of the height of a page: below it, what stands on many pages is a footer
_DEEPEST_HEADER = 6

_RowKey = tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class _Running:
    """A table at the end of a page, which may continue on the next one."""

    above: set[str]  # the lines above it
    head: list[_RowKey]  # its first rows
    xs: list[float]
    has_total: bool
    table: Table  # the part of it on the latest page
    columns: list[int]  # edge of that part → column among those of the whole
    places: dict[int, int]  # row of that part → place among the rows so far


def rows_of(pages: Sequence[Page]) -> tuple[Row, ...]:
    """The rows of all pages in reading order. Tables that continue over pages are joined: a header repeated on the next
    page is left out, and a row that is cut by the end of a page is joined."""
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
    """Add the rows of a table, in the columns of the table that it continues if they are the same."""
    columns = _columns_among(running.xs, table.xs)
    if columns is None:
        _divide_columns(running, table.xs, rows)
        columns, running.xs = list(range(len(table.xs))), table.xs
    running.table, running.columns, running.places = table, columns, {}
    for index, row in enumerate(table.rows):
        cells = []
        doubtful: list[int] = []
        for cell in row if index >= skipped else ():
            start, end = columns[cell.column], columns[cell.column + cell.column_span]
            if text := cell.text:
                cells.append(Cell(text, start, end - start, cell.row_span))
                if cell.is_doubtful:
                    doubtful.append(start)
        if cells:
            running.places[index] = len(rows)
            rows.append(Row(number + index + 1, tuple(cells), doubtful=tuple(doubtful)))
            running.has_total |= _is_total_row(cell.text for cell in cells)


def _columns_among(whole: list[float], part: list[float]) -> list[int] | None:
    """For the edges of a part of a table, which edges of the table they are; None if some are not among them."""
    columns = [next((i for i, x in enumerate(whole) if abs(x - edge) <= SAME_EDGE), -1) for edge in part]
    return None if -1 in columns or sorted(set(columns)) != columns else columns


def _divide_columns(running: _Running, xs: list[float], rows: list[Row]) -> None:
    """Adapt the first part of a table to the columns of the next part if these divide its own: the end of a page may
    cut a header, whose upper rows alone do not show all columns."""
    columns = _columns_among(xs, running.xs)
    if columns is None or running.table.xs is not running.xs:
        return
    for place in running.places.values():
        cells = [
            c._replace(column=columns[c.column], column_span=columns[c.column + c.column_span] - columns[c.column])
            for c in rows[place].cells
        ]
        rows[place] = rows[place]._replace(
            cells=tuple(cells), doubtful=tuple(columns[at] for at in rows[place].doubtful)
        )


def _footers(pages: Sequence[Page]) -> set[int]:
    """Lines at the foot of several pages that are the same except for a page number."""
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
    """How many rows on top of a page repeat the header of the table before, or None if another table begins.

    Forms 16, 19 and 20 differ by one cell of the header, forms 4 and 17 by the title alone: so the header must be the
    same, and the lines above it the same or absent.
    """
    if abs(running.xs[0] - table.xs[0]) > SAME_EDGE or abs(running.xs[-1] - table.xs[-1]) > SAME_EDGE:
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
    """Whether a row is the 合计 of its table; headers may contain 合计, too, but no figures."""
    row = list(texts)
    return any(map(is_total, row)) and any(map(figure, row))


def _join_cut(running: _Running, table: Table, first: int, rows: list[Row]) -> int | None:
    """Join the rest of a row that is cut by the end of a page to its beginning; the position of the row if it was."""
    if first >= len(table.rows):
        return None
    before = running.table
    _move_labels_up(running, table.rows[first], rows)
    wrapped = [(cell, line) for row in before.rows for cell in row if len(cell.lines) > 1 for line in cell.lines]
    padding = max(0.0, min((line.x0 - cell.x0 for cell, line in wrapped), default=PADDING))
    filled = [cell for cell in table.rows[first] if cell.lines]
    cut: list[tuple[RuledCell, RuledCell]] = []
    for cell in filled:
        top = before.cell_at((cell.x0 + cell.x1) / 2, before.ys[-1])
        same = abs(top.x0 - cell.x0) <= SAME_EDGE and abs(top.x1 - cell.x1) <= SAME_EDGE
        if same and top.lines and top.row in running.places and _is_cut(top, cell, padding):
            cut.append((top, cell))
    in_row = [(top, cell) for top, cell in cut if cell.row_span == 1]
    whole = len(in_row) == sum(cell.row_span == 1 for cell in filled) and (
        _is_one_row(in_row) or (bool(in_row) and _are_only_codes(in_row, rows[running.places[in_row[0][0].row]]))
    )
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
    """Whether the cells before and after the end of a page are one row: two figures are two rows."""
    evident = [not figure(top.text) or _is_one_figure(top.text, cell.text) for top, cell in cut]
    codes = [top.text.isdigit() and cell.text.isdigit() for top, cell in cut]
    return any(evident) and all(map(max, evident, codes))


def _are_only_codes(cut: list[tuple[RuledCell, RuledCell]], row: Row) -> bool:
    """Whether the next page begins with nothing but the last digits of codes whose rows already have their words."""
    are_digits = all(top.text.isdigit() and rest.text.isdigit() for top, rest in cut)
    return are_digits and any(not figure(cell.text) for cell in row.cells)


def _is_one_figure(top: str, rest: str) -> bool:
    """Whether a figure gets its two decimals only with the rest on the next page: 38.6 and 3."""
    before, whole = figure(top), figure(top + rest)
    return whole is not None and whole.decimals == 2 and (before is None or before.decimals < 2)


def _is_cut(top: RuledCell, cell: RuledCell, padding: float) -> bool:
    """Whether the last line of a cell is so full that the first word on the next page did not fit."""
    if figure(top.text):
        if _is_one_figure(top.text, cell.text):
            return True
        if not (top.text.isdigit() and cell.text.isdigit()):
            return False
    elif figure(cell.text) or (len(top.lines) < 3 and is_enumerated(cell.text)):
        return False
    line = top.lines[-1]
    word = re.match(r"[(（“《「]*(?:[!-~]+|.)[)）”》」、，。；：]*", cell.lines[0].text)
    # fonts differ a little from the half and the whole square; the width of digits is known if digits are above
    half = (line.x1 - line.x0) / len(line.text) / line.size if line.text.isdigit() else 0.5
    width = (sum(half if c.isascii() else 1.0 for c in word[0]) + 0.1) * line.size if word else 0.0
    return line.x1 - line.x0 + width > top.x1 - top.x0 - 2 * padding


def _move_labels_up(running: _Running, row: list[RuledCell], rows: list[Row]) -> None:
    """A cell merged over the end of a page may have its text on the second page only; it belongs to its first row."""
    before = running.table
    for cell in row:
        top = before.cell_at((cell.x0 + cell.x1) / 2, before.ys[-1])
        same = abs(top.x0 - cell.x0) <= SAME_EDGE and abs(top.x1 - cell.x1) <= SAME_EDGE
        is_merged = cell.row_span > 1 and top.row + top.row_span == len(before.rows)
        if same and is_merged and cell.lines and not top.lines and top.row in running.places:
            place = running.places[top.row]
            start, end = running.columns[top.column], running.columns[top.column + top.column_span]
            label = Cell(cell.text, start, end - start, top.row_span)
            cells = sorted((*rows[place].cells, label), key=lambda c: c.column)
            rows[place] = Row(rows[place].number, tuple(cells))
            cell.lines = []
