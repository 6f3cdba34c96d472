"""The money unit of each table: as printed above it, in its heads or below it, else that of the other tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loader.documents.grid import Cell
from loader.documents.remembered import remembered
from loader.documents.wording import fold, money_unit_within
from loader.filing.tables.form_table import FormTable
from loader.filing.tables.titles import money_unit_of

_YUAN = re.compile("[元圆圓]")  # in the words of every money unit
_AROUND = "()[]【】〔〕/,:;·-"  # a unit within a head
_NEAR = 2  # lines between the halves of a head: a rule of Markdown, or a blank line
_PRICE = re.compile("单价|人均|定额|标准")  # 单价（元） beside 金额（万元）: its unit is not that of the form


def with_money_units(tables: Sequence[FormTable]) -> list[FormTable]:
    """The tables, with a money unit for those that have none above them.

    It is the first that the table states elsewhere, else that above the first rows of it if these were taken for a
    table of their own, else the unit of the other tables if all of these have the same.
    """
    own: list[FormTable] = []
    for table in tables:
        unit = table.money_unit or next(iter(_stated(table)), None)
        if unit is None and own and _is_below_its_head(table, own[-1]):
            unit = own[-1].money_unit
        own.append(table._replace(money_unit=unit))
    stated = {table.money_unit for table in own if table.form is not None and table.money_unit is not None}
    if len(stated) != 1:
        return own
    return [table if table.money_unit else table._replace(money_unit=next(iter(stated))) for table in own]


def _is_below_its_head(table: FormTable, above: FormTable) -> bool:
    """Whether a table without a title stands right below a few rows of no known form, such as the upper half of its
    head."""
    rows = (*above.header, *above.body)
    first = (table.header or table.body)[0].number
    return (
        table.title is None and above.form is None and above.sheet == table.sheet and first - rows[-1].number <= _NEAR
    )


def contradicting_unit(table: FormTable) -> str | None:
    """A money unit above a table, in its heads or below it that is not the table's, None if there is none."""
    stated = (*table.money_units, *_stated(table)) if table.money_unit else ()
    return next((unit for unit in stated if unit != table.money_unit), None)


def _stated(table: FormTable) -> list[str]:
    """The money units in the title, the heads, the note and below the table. A note must name the unit as such
    (金额单位为元)."""
    units = [money_unit_of(table.title or "")]
    for row in table.header:
        units += _units_of_heads(row.cells)
    if table.note and "单位" in table.note:
        units.append(money_unit_of(table.note))
    units.append(table.unit_below)
    return [unit for unit in units if unit]


@remembered(10_000)  # documents share most of their headers
def _units_of_heads(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    """The money units that the heads of a row state, each by itself and all together."""
    heads = [cell.text for cell in cells]
    whole = " ".join(heads)
    if not _YUAN.search(whole):
        return ()
    return tuple(unit for head in (*heads, whole) if (unit := _unit_of_head(head)) is not None)


def _unit_of_head(text: str) -> str | None:
    """The money unit that a head states for the form, None if it states none or that of a price."""
    if _PRICE.search(text):
        return None
    return money_unit_of(text) or money_unit_of(money_unit_within(fold(text)).strip(_AROUND))
