"""The rows of a table with their cells as they are filed, before these have keys."""

from __future__ import annotations

from loader.documents.grid import Row
from loader.documents.wording import fold
from loader.filing.filed import FiledCell
from loader.filing.headers.rows import says_only_heads, words_by_column
from loader.filing.tables.form_table import FormTable

Body = list[tuple[Row, list[FiledCell]]]


def cells_by_row(table: FormTable) -> Body:
    """Every cell of a table with its place, row by row, without keys."""
    cells = [
        (
            row,
            [
                FiledCell(number, column + 1, row.number, row_span, column_span, text, raw)
                for text, column, column_span, row_span, raw in row.cells
            ],
        )
        for number, row in enumerate((*table.header, *table.body), start=1)
    ]
    for row, of_row in cells:
        if row.is_ocr:
            for cell in of_row:
                cell.is_ocr, cell.is_doubtful = True, cell.column_no - 1 in row.doubtful
    return cells


def without_heads(table: FormTable, body: Body) -> Body:
    """The rows without those that repeat the header or only number the columns."""
    openings = {fold(row.cells[0].text) for row in table.header}
    if not openings.isdisjoint([fold(row.cells[0].text) for row, _ in body]):
        repeated = {words_by_column(row) for row in table.header}
        body = [one for one in body if words_by_column(one[0]) not in repeated]
    return [one for one in body if not says_only_heads(one[0])]
