"""Lines laid out over the filed forms: the lines that each cell adds up.

A set of lines is a whole number with a bit for each of its lines. A line adds to all cells of its rows in its columns,
so the lines of a cell are those of its row that are lines of its column, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, count

from loader.ledger.clock import spend
from loader.ledger.evidence.projection import Asked, CellKey, Coordinates, Projection, Shares, placing
from schema.forms.template import Form

_WORK_OF_LINE = 4.0  # with all that is made of it, see the clock
_VALUE_OF_DIGIT = bytes.maketrans(b"01", b"\0\1")


def numbers_of(lines: int) -> tuple[int, ...]:
    """The numbers of a set of lines, in order."""
    return tuple(compress(count(), bin(lines)[:1:-1].encode().translate(_VALUE_OF_DIGIT)))


class Layout:
    """Some lines, and the cells of any form to which they add. Lines are numbered in their order."""

    def __init__(self, lines: Sequence[Coordinates], projection: Projection) -> None:
        spend(_WORK_OF_LINE * len(lines))
        self._lines = lines
        self._columns: dict[str, dict[tuple[str, ...], int]] = defaultdict(dict)  # form_id → columns → their lines
        self._fixed: dict[str, dict[tuple[CellKey, ...], int]] = defaultdict(dict)  # form_id → cells of lists → lines
        self._placed: dict[Asked, dict[tuple[str, ...], int]] = {}
        alike: dict[int, tuple[Shares, int]] = {}  # lines with the same shares have the same object
        for number, line in enumerate(lines):
            shares = projection.shares(line)
            _, known = alike.get(id(shares), (shares, 0))
            alike[id(shares)] = shares, known | 1 << number
        for shares, own in alike.values():
            for form_id, columns in shares.columns.items():
                found = self._columns[form_id]
                found[columns] = found.get(columns, 0) | own
            for form_id, cells in shares.cells.items():
                fixed = self._fixed[form_id]
                fixed[cells] = fixed.get(cells, 0) | own

    def cells(self, form: Form) -> dict[CellKey, int]:
        """The cells of a form to which lines add, and these lines."""
        columns = self.columns(form)
        rows: dict[str, int] = {}
        for keys, own in self.rows(form):
            for row in keys:
                rows[row] = rows.get(row, 0) | own
        return self.fixed_cells(form) | crossed(rows, columns)

    def fixed_cells(self, form: Form) -> dict[CellKey, int]:
        """The cells of fixed lines to which lines add, and these lines."""
        found: dict[CellKey, int] = {}
        for cells, own in self._fixed.get(form.form_id, {}).items():
            for key in cells:
                found[key] = found.get(key, 0) | own
        return found

    def columns(self, form: Form) -> dict[str, int]:
        """The columns of a form with rows to which lines add, in their order, and these lines."""
        found: dict[str, int] = {}
        for columns, own in self._columns.get(form.form_id, {}).items():
            for column in columns:
                found[column] = found.get(column, 0) | own
        return {column.id: found[column.id] for column in form.money_columns if column.id in found}

    def rows(self, form: Form) -> Iterator[tuple[tuple[str, ...], int]]:
        """The keys of rows to which the same lines add, from the coarsest, and these lines."""
        adding = 0
        for own in self._columns.get(form.form_id, {}).values():
            adding |= own
        if form.rows is not None and adding:
            for place, own in self._at(placing(form.rows)).items():
                if own := own & adding:
                    yield form.rows.keys(place), own

    def _at(self, place_of: Asked) -> dict[tuple[str, ...], int]:
        """The lines at each place, that is with the same coordinates of those that decide their rows."""
        if place_of not in self._placed:
            found: dict[tuple[str, ...], int] = {}
            for number, line in enumerate(self._lines):
                place = place_of(line)
                found[place] = found.get(place, 0) | 1 << number
            self._placed[place_of] = found
        return self._placed[place_of]

    def one_of(self, lines: int) -> Coordinates:
        """One line of a set."""
        return self._lines[lines.bit_length() - 1]


def crossed(rows: Mapping[str, int], columns: Mapping[str, int]) -> dict[CellKey, int]:
    """The cells of rows and columns that share lines, and these lines."""
    return {
        (row, column): own
        for row, in_row in rows.items()
        for column, in_column in columns.items()
        if (own := in_row & in_column)
    }
