"""合计 in the last row of a header.

In final accounts, the form of 政府性基金 prints the label and some figures of the total there, in one row with the
heads 合计, 基本支出 and 项目支出.
"""

from __future__ import annotations

from collections.abc import Sequence

from loader.documents.grid import Cell, Row
from loader.documents.wording import figure, is_total
from loader.filing.headers.rows import is_header_word

_FEWEST = 3  # heads side by side: a total and two parts


def as_heads(rows: Sequence[Row]) -> list[Row]:
    """The rows as they count in a header. Of a row with such a total, only the heads are kept.

    The total is left out: the row has no place for all its figures.
    """
    return [
        _without_total(row) if row.in_table and len(row.cells) > _FEWEST and is_total(row.cells[0].text) else row
        for row in rows
    ]


def _without_total(row: Row) -> Row:
    """The heads of a row with such a total, else the row."""
    behind = next((at for at, cell in enumerate(row.cells[1:], 1) if figure(cell.text) is None), 0)
    if not behind or not is_total(row.cells[behind].text):
        return row
    heads = _without_gap(row.cells[behind:])
    is_apart = heads[0].column > row.cells[0].column + row.cells[0].column_span
    return row._replace(cells=heads) if is_apart and len(heads) >= _FEWEST else row


def _without_gap(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The first cells, as far as they are heads side by side."""
    found = [cells[0]]
    for cell in cells[1:]:
        if cell.column != found[-1].column + found[-1].column_span or not is_header_word(cell.text):
            break
        found.append(cell)
    return tuple(found)
