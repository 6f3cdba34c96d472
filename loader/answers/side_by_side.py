"""One form of several units or years side by side, with the change from the first to each of the others.

In a form by unit, rows with the same subject are matched, whatever the unit's code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import psycopg
from psycopg.rows import tuple_row

from loader.answers.current import current_with
from loader.answers.disclosed import Identity, Selection, identities
from loader.answers.reference_figures import without_unit
from schema.forms.template import Coordinate, Form, Role


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of the form in each disclosure, in 万元. None if a disclosure does not have it."""

    row_key: str
    row_label: str
    column_key: str
    column_label: str
    amounts: tuple[Decimal | None, ...]

    def change(self, place: int) -> Decimal | None:
        """The change from the first disclosure to another. A blank counts as 0. None if both are blank."""
        first, other = self.amounts[0], self.amounts[place]
        return None if first is None and other is None else (other or Decimal(0)) - (first or Decimal(0))

    def percent(self, place: int) -> Decimal | None:
        """The change in per cent of the first disclosure, to two decimals. None if the first is 0 or blank."""
        first, change = self.amounts[0], self.change(place)
        return round(change / abs(first) * 100, 2) if first and change is not None else None


def counted(
    connection: psycopg.Connection, division_code: str, fiscal_year: int, unit_code: str, form: Form
) -> Identity | None:
    """The disclosure of a unit and year that has the form: the budget first; if several revisions are current, the one
    that counts.

    None if there is none. OtherForms if the unit filed other forms.
    """
    fitting = current_with(connection, division_code, fiscal_year, unit_code, form)
    found = identities(connection, Selection(division_code, fiscal_year, unit_code))
    return next((one for one in found if fitting and one.disclosure_id == fitting[0].disclosure_id), None)


def column_keys(form: Form, wanted: str | None = None) -> tuple[str, ...]:
    """The columns to compare: the wanted one, else the total. For lists, and for rows that are only units, all columns.

    KeyError with the existing ids if the form does not have the wanted column.
    """
    if form.lists:
        known = [amount.id for entry in form.lists for amount in entry.amounts if amount.role is Role.MONEY]
    else:
        known = [column.id for column in form.money_columns]
    if wanted is not None:
        if wanted not in known:
            raise KeyError(", ".join(known))
        return (wanted,)
    if form.lists or (form.rows is not None and {*form.rows.by} <= {Coordinate.UNIT}):
        return tuple(known)
    return ("total",) if "total" in known else tuple(known[:1])


def side_by_side(
    connection: psycopg.Connection, form: Form, found: Sequence[Identity], columns: Sequence[str]
) -> list[Row]:
    """The figures of a form in some disclosures of one division, in the order of the form."""
    amounts: dict[tuple[str, str], dict[int, Decimal]] = {}
    labels: dict[tuple[str, str], str] = {}
    with connection.cursor(row_factory=tuple_row) as cursor:
        for place, one in enumerate(found):
            for row_key, row_label, column_key, amount in cursor.execute(
                """
                select
                    row_key,
                    row_label,
                    column_key,
                    amount
                from report.every_cell
                where disclosure_id = %s
                    and division_code = %s
                    and fiscal_year = %s
                    and form_id = %s
                    and column_key = any(%s)
                    and is_printed
                """,
                (one.disclosure_id, one.division_code, one.fiscal_year, form.form_id, list(columns)),
            ):
                key = column_key, without_unit(form.form_id, row_key, one.unit_code)
                if form.is_by(Coordinate.UNIT) and row_key == one.unit_code[:3] != one.unit_code:
                    continue  # the department row above a single unit repeats the unit
                amounts.setdefault(key, {})[place] = amount
                labels.setdefault(key, "本单位" if key[1] == "*" else row_label)
    order = _order(form)
    return [
        Row(
            row_key.lstrip("/"),
            labels[column_key, row_key],
            column_key,
            _label(form, column_key),
            tuple(amounts[column_key, row_key].get(place) for place in range(len(found))),
        )
        for column_key, row_key in sorted(
            amounts, key=lambda key: (columns.index(key[0]), order.get(key, 0), key[1] != _total(form), key[1])
        )
    ]


def _total(form: Form) -> str | None:
    return form.rows.total if form.rows is not None else None


def _order(form: Form) -> dict[tuple[str, str], int]:
    """The positions of fixed lines in their list."""
    return {
        (amount.id, line.id): number
        for entry in form.lists
        for amount in entry.amounts
        for number, line in enumerate(entry.lines)
    }


def _label(form: Form, column_key: str) -> str:
    for entry in form.lists:
        for amount in entry.amounts:
            if amount.id == column_key:
                return entry.amount_label(amount)
    return form.column(column_key).label
