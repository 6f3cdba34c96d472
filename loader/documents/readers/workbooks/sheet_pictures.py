"""Pictures on the sheets of a workbook, as offices paste screenshots of tables: read like scans, between the rows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from loader.documents.grid import Grid, Row
from loader.documents.readers.scans.pasted import WHOLE, Crop, PastedPictures, is_large
from loader.documents.readers.sheet import MAX_ROWS
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
        """A sheet with the tables of its pictures, each below the row where the picture begins and the pictures above
        it, whose rows are numbered on from there. A picture has mostly fewer rows than it covers."""
        numbers = [row.number for row in grid.rows]
        with_figures = [row.number for row in grid.rows if _has_figures(row)]
        rows: list[Row] = []
        done = 0  # rows of the sheet that are added
        for picture in sorted(pictures, key=lambda picture: picture.top):
            if not is_large(picture.across, picture.down) or picture.top > MAX_ROWS:
                continue
            if bisect_left(with_figures, picture.top) < bisect_right(with_figures, picture.bottom):
                self.on_figures += 1
                continue
            at = bisect_right(numbers, picture.top)
            rows += grid.rows[done:at]
            done = at
            first = max(picture.top, rows[-1].number + 1 if rows else 1)
            seen = self.pasted.rows_of(picture.content, picture.across, picture.crop)
            rows += [row._replace(number=first + place) for place, row in enumerate(seen)]
        return Grid(grid.place, (*rows, *grid.rows[done:]))

    def remarks(self) -> list[str]:
        """What a reader of the workbook should know of its pictures."""
        remarks = self.pasted.remarks()
        if self.on_figures:
            remarks.append(f"{self.on_figures} pictures on or beside figures of their sheet were not read")
        return remarks


def _has_figures(row: Row) -> bool:
    return any((shown := figure(cell.text)) is not None and shown.value for cell in row.cells)
