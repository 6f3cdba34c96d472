"""The figure of a cell in 万元. Figures of other years and per cents get keys of their own."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from loader.documents.wording import figure, fold, is_placeholder, stored_figure
from loader.filing.filed import FiledCell
from loader.filing.headers.years import IS_CHANGE, IS_RATE, PriorColumn
from loader.filing.rows.context import Context
from loader.filing.tables.form_table import FormTable
from schema.forms.template import Stage

UNIT_FACTORS = {
    "元": Decimal(1) / 10000,
    "百元": Decimal(1) / 100,
    "千元": Decimal(1) / 10,
    "万元": Decimal(1),
    "十万元": Decimal(10),
    "百万元": Decimal(100),
    "千万元": Decimal(1000),
    "亿元": Decimal(10000),
}
_FEN = Decimal(1).scaleb(-6)  # 分 in 万元; what is printed below it is no money, but the noise of a program
# in 万元: more than the country spends in a year, and small enough to be exact in 分 as a floating point number
_NO_MONEY = 10**9


def set_figure(cell: FiledCell, factor: Decimal) -> bool:
    """Read the figure of a money cell. False if it is neither a figure nor a placeholder."""
    amount = amount_and_half_place(cell.text, cell.raw, factor)
    if amount is None:
        return is_placeholder(cell.text)
    cell.amount, cell.half_place = amount
    return True


def printed_amount(cell: FiledCell, factor: Decimal) -> Decimal | None:
    """The figure of a cell without a meaning, in 万元, None if it is no figure. ``factor`` converts from the unit of
    its form."""
    amount = amount_and_half_place(cell.text, cell.raw, factor)
    return amount[0] if amount is not None else None


@lru_cache(maxsize=50_000)
def amount_and_half_place(text: str, raw: str | None, factor: Decimal) -> tuple[Decimal, Decimal] | None:
    """The figure of a cell and half of its last printed place, both in 万元."""
    shown = stored_figure(text, raw)
    if shown is None:
        return None
    if shown.yuan is not None:
        factor = UNIT_FACTORS["元"] * shown.yuan
    if abs(shown.value * factor) >= _NO_MONEY:
        return None
    amount, place = shown.value * factor, Decimal(1).scaleb(-shown.decimals) * factor
    if place < _FEN:
        amount, place = amount.quantize(_FEN, ROUND_HALF_UP), _FEN
    return amount, place / 2


_STAGE_WORDS = {Stage.BUDGET: "预算", Stage.ADJUSTED: "调整预算", Stage.FINAL: "决算"}


def place_others(cells: list[FiledCell], table: FormTable, factor: Decimal, context: Context) -> None:
    """Place the figures of a row that are not this year's: those of other years, and comparisons with them."""
    for cell in cells:
        if cell.column_no - 1 in table.rates:
            _place_rate(cell, table, factor)
        if cell.column_no - 1 in table.priors:
            place_prior(cell, table.priors[cell.column_no - 1], factor, context)


def place_prior(cell: FiledCell, prior: PriorColumn, factor: Decimal, context: Context) -> None:
    """Place a figure of another year or stage. It gets a key of its own, which no rule uses."""
    year = prior.year if prior.year is not None else context.identity.fiscal_year - prior.years_back
    cell.column_key = f"{prior.column_id}@{year}:{prior.stage}"
    cell.column_label = f"{year}年{_STAGE_WORDS[prior.stage]}"
    set_figure(cell, factor)


def _place_rate(cell: FiledCell, table: FormTable, factor: Decimal) -> None:
    """Place a per cent or a difference, if the cell or its head says which of them it is.

    It gets a key of its own, which no rule uses. A per cent is kept as printed.
    """
    head = table.header_labels.get(cell.column_no - 1, "")
    column_id = table.rates[cell.column_no - 1]
    rate = figure(cell.text.strip().rstrip("%％"))
    if rate is not None and ("%" in fold(cell.text) or IS_RATE.search(head)):
        cell.column_key, cell.column_label = f"{column_id}~rate", head
        cell.amount = rate.value
    elif IS_CHANGE.search(head):
        cell.column_key, cell.column_label = f"{column_id}~change", head
        set_figure(cell, factor)
