"""Pictures on the sheets of a workbook, as offices paste screenshots of tables: read like scans, between the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from loader.documents.grid import Grid, Row
from loader.documents.readers.scans.pasted import WHOLE, Crop, PastedPictures, is_large
from loader.documents.wording import figure

USUAL_HEIGHT, USUAL_WIDTH = 13.5, 54.0  # points, of a row and a column that state none


class SheetPicture(NamedTuple):
    """A picture on a sheet: the rows that it covers (from 1, ends included), its size in points, what gives its
    content, and what is cut off it."""

    top: int
    bottom: int
    across: float
    down: float
    content: Callable[[], bytes | None]
    crop: Crop = WHOLE


@dataclass(slots=True)
class SheetPictures:
    """Reads the pictures of one workbook, and counts those that stand on figures."""

    pasted: PastedPictures = field(default_factory=PastedPictures)
    on_figures: int = 0

    def added(self, grid: Grid, pictures: Iterable[SheetPicture]) -> Grid:
        """A sheet with the tables of its pictures, each below the row where the picture begins, whose rows are numbered
        on from there. A picture has mostly fewer rows than it covers."""
        rows = list(grid.rows)
        for picture in sorted(pictures, key=lambda picture: picture.top):
            if not is_large(picture.across, picture.down):
                continue
            if any(_has_figures(row) for row in grid.rows if picture.top <= row.number <= picture.bottom):
                self.on_figures += 1
                continue
            seen = self.pasted.rows_of(picture.content, picture.across, picture.crop)
            at = next((at for at, row in enumerate(rows) if row.number > picture.top), len(rows))
            first = picture.top + (at > 0 and rows[at - 1].number == picture.top)
            rows[at:at] = (row._replace(number=first + place) for place, row in enumerate(seen))
        return Grid(grid.place, tuple(rows))

    def remarks(self) -> list[str]:
        """What a reader of the workbook should know of its pictures."""
        remarks = self.pasted.remarks()
        if self.on_figures:
            remarks.append(f"{self.on_figures} pictures on or beside figures of their sheet were not read")
        return remarks


def _has_figures(row: Row) -> bool:
    return any((shown := figure(cell.text)) is not None and shown.value for cell in row.cells)
