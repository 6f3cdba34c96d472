"""Lines laid out over the filed forms: the lines that each cell adds up.

A set of lines is a whole number with a bit for each of its lines. A line adds to all cells of its rows in its columns,
so the lines of a cell are those of its row that are lines of its column, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import compress, count

from loader.ledger.clock import spend
from loader.ledger.evidence import FormEvidence
from loader.ledger.projection import Asked, CellKey, Coordinates, Projection, Shares, placing
from schema.forms.template import Coordinate

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

    def cells(self, form: FormEvidence) -> dict[CellKey, int]:
        """The cells of a filed form that are evidence of some of the lines, and these lines.

        A missing subtotal is no evidence. A missing row of the finest level means no money.
        """
        found: dict[CellKey, int] = {}
        for cells, own in self._fixed.get(form.form.form_id, {}).items():
            for key in cells:
                if key[0] in form.rows and key[1] in form.columns:
                    found[key] = found.get(key, 0) | own
        columns = self._columns_of(form)
        for row, in_row in self._rows(form, columns).items():
            for column, in_column in columns.items():
                if own := in_row & in_column:
                    found[row, column] = found.get((row, column), 0) | own
        for key in form.unreadable & found.keys():
            del found[key]
        return found

    def _columns_of(self, form: FormEvidence) -> dict[str, int]:
        """The filed columns in their order, with the lines of each."""
        found: dict[str, int] = {}
        for columns, own in self._columns.get(form.form.form_id, {}).items():
            for column in columns:
                found[column] = found.get(column, 0) | own
        kept = found.keys() & form.columns
        return {column.id: found[column.id] for column in form.form.money_columns if column.id in kept}

    def _rows(self, form: FormEvidence, columns: dict[str, int]) -> dict[str, int]:
        """The printed rows and the missing ones of the finest level, with the lines of each."""
        template = form.form.rows
        if template is None or not columns:
            return {}
        adding = 0
        for own in columns.values():
            adding |= own
        found: dict[str, int] = {}
        for place, own in self._at(placing(template)).items():
            if own & adding:
                rows = template.keys(place)
                for row in rows:
                    if row in form.rows or (row is rows[-1] and _is_missing_leaf(form, row, self._one_of(own))):
                        found[row] = found.get(row, 0) | own
        return found

    def _at(self, place_of: Asked) -> dict[tuple[str, ...], int]:
        """The lines at each place, that is with the same coordinates of those that decide their rows."""
        if place_of not in self._placed:
            found: dict[tuple[str, ...], int] = {}
            for number, line in enumerate(self._lines):
                place = place_of(line)
                found[place] = found.get(place, 0) | 1 << number
            self._placed[place_of] = found
        return self._placed[place_of]

    def _one_of(self, lines: int) -> Coordinates:
        return self._lines[lines.bit_length() - 1]


def _is_missing_leaf(form: FormEvidence, row: str, line: Coordinates) -> bool:
    """Whether the form lacks the line's own row but would print it if there were money in it. It may be one of the rows
    that are not understood."""
    rows = form.form.rows
    if rows is None or not rows.by or form.form.sheet is not None or form.filed.unknown_rows:
        return False
    if Coordinate.FUNCTIONAL in rows:
        return form.row_for(line.unit, line.functional) is None
    if Coordinate.DEPARTMENT_ECONOMIC in rows:
        return row[:3] not in form.leaf_rows
    # if all rows except 合计 are details (projects and goods of 政府采购), no row shows a unit or kind
    return not rows.details or any("/" not in printed for printed in form.rows - {form.total_row})
