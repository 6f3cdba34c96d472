"""A row with its key, before its cells have theirs."""

from __future__ import annotations

from typing import NamedTuple

from loader.documents.grid import Row
from loader.filing.filed import FiledCell
from loader.filing.rows.placed_row import PlacedRow


class Placement(NamedTuple):
    """A row of the grid with its key and label. ``cells`` are all of its cells, ``by_id`` those of known columns."""

    read: PlacedRow
    row: Row
    by_id: dict[str, FiledCell]
    cells: list[FiledCell]

    def keep_as_filed(self) -> None:
        """Remove the keys and figures of its cells. Their texts and places stay."""
        for cell in self.cells:
            cell.row_key = cell.row_label = cell.column_key = cell.column_label = cell.amount = None
