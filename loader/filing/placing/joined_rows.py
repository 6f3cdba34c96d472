"""Rows that share one row of cells: each cell holds the text of several, one below the other."""

from __future__ import annotations

import re
from itertools import chain
from operator import itemgetter

from loader.documents.grid import TEXT_OF, Cell, Row
from loader.documents.wording import figure
from loader.filing.form_findings import FormFindings
from loader.filing.tables.form_table import FormTable

_CELLS_OF = itemgetter(Row._fields.index("cells"))
_CODES = re.compile(r"\d{3,9}(?:\s+\d{3,9})+")


def with_rows_apart(table: FormTable, findings: FormFindings) -> FormTable:
    """The table with such rows apart, and a finding for each.

    One cell must hold several codes, and every cell with figures as many of them. Names that are not as many stay in
    the first row: the codes tell the others.
    """
    texts = "\n".join(map(TEXT_OF, chain.from_iterable(map(_CELLS_OF, table.body))))
    if " " not in texts or not any(_codes_in(cell) for row in table.body for cell in row.cells):
        return table
    body: list[Row] = []
    for row in table.body:
        apart = _apart(row)
        if len(apart) > 1:
            findings.add("joined_rows", {"row": row.text[:60], "count": len(apart)}, row.number)
        body += apart
    return table._replace(body=tuple(body))


def _codes_in(cell: Cell) -> int:
    """How many codes a cell holds, if it holds several and nothing else."""
    return len(cell.text.split()) if " " in cell.text and _CODES.fullmatch(cell.text) else 0


def _apart(row: Row) -> list[Row]:
    counts = {count for cell in row.cells if (count := _codes_in(cell))}
    if len(counts) != 1:
        return [row]
    [count] = counts
    columns = [_parts(cell, count) for cell in row.cells]
    has_figures = [any(map(figure, cell.text.split())) for cell in row.cells]
    is_apart = [len(parts) == count and all(figure(part.text) for part in parts) for parts in columns]
    if sum(is_apart) < 2 or is_apart != has_figures:  # codes and amounts
        return [row]
    return [
        row._replace(cells=tuple(parts[number] for parts in columns if number < len(parts))) for number in range(count)
    ]


def _parts(cell: Cell, count: int) -> list[Cell]:
    texts = cell.text.split()
    return [cell._replace(text=text) for text in texts] if len(texts) == count else [cell]
