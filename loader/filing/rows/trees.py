"""Rows with further rows below the last level of their form: units or kinds of 政府采购, and the goods bought."""

from __future__ import annotations

from collections import Counter

from loader.documents.grid import Row
from loader.documents.wording import fold_name, label
from loader.filing.rows.context import Context
from loader.filing.rows.placed_row import PlacedRow
from loader.filing.rows.row_codes import RowCodes
from loader.filing.rows.units import Units
from schema.codes.lists import subject_names
from schema.forms.template import Coordinate, Form


class Trees:
    """Reads the rows of such a form, from top to bottom."""

    def __init__(self, form: Form, codes: RowCodes, units: Units, context: Context) -> None:
        self._is_by_item = form.is_by(Coordinate.ITEM)
        self._is_by_unit = form.is_by(Coordinate.UNIT)
        self._codes = codes
        self._units = units
        self._context = context
        self._head: str | None = None  # the key of the row that the next details are below
        self._details: list[str] = []
        self._seen: Counter[str] = Counter()

    def read(self, values: dict[str, str], row: Row) -> PlacedRow | None:
        """A kind of 政府采购, a unit, or the goods bought."""
        code, name, _ = self._codes.of_row(values)
        texts = [values.get(column, "") for column in self._codes.columns.details]
        whole = None
        if self._is_by_item and name:
            whole = self._item(name)
            self._head = whole.key if whole else None
        elif self._is_by_unit and code:
            whole = self._units.of_code(code, name, row)
            self._head = whole.key
        elif self._is_by_unit and any(texts):  # a name beside the goods
            own = self._context.identity.reporting_unit_code
            self._head = (self._units.named(name) if self._codes.columns.name_rows else own) or self._head
        elif self._is_by_unit and name:
            whole = self._units.of_name(name, row)
            self._head = whole.key if whole else self._head
        if whole is not None:
            self._details = []
        return self._detail(texts) if any(texts) else whole

    def _item(self, name: str) -> PlacedRow | None:
        """A kind of 政府采购, by its name or by the letter behind it (一、货物A)."""
        names = subject_names("item", self._context.identity.fiscal_year)
        text = label(name)
        item = next((code for code, known in names.items() if text in (known, f"{known}{code}", code)), None)
        return PlacedRow(item, name) if item else None

    def _detail(self, texts: list[str]) -> PlacedRow | None:
        """A row below the last level, by the texts of its columns and those that still hold from above."""
        first = next((number for number, text in enumerate(texts) if text), None)
        if self._head is None or first is None:
            return None
        self._details = [*self._details[:first], *(fold_name(text) for text in texts[first:])]
        key = "/".join([self._head, *(text for text in self._details if text)])
        self._seen[key] += 1
        count = self._seen[key]
        return PlacedRow(key if count == 1 else f"{key}#{count}", texts[first], is_detail=True)
