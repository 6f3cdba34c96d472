"""Forms with rows of codes: the row, column and figure of each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from loader.documents.grid import Row
from loader.documents.wording import figure, fold, is_placeholder, is_total
from loader.filing.filed import FiledCell
from loader.filing.headers.years import PriorColumn
from loader.filing.placing.body import Body
from loader.filing.placing.column_layout import Group, column_labels, layout_of, money_of, side_by_side
from loader.filing.placing.figures import amount_and_half_place, place_others, place_prior, printed_amount
from loader.filing.placing.placement import Placement
from loader.filing.placing.repeated_rows import (
    without_department,
    without_details,
    without_hidden_copies,
    without_repeated_total,
    without_units,
)
from loader.filing.placing.sums_of_rows import RowFigures, check_keys, check_sum, count_parts
from loader.filing.rows.context import Context
from loader.filing.rows.levels import one_text
from loader.filing.rows.placed_row import PlacedRow
from loader.filing.rows.row_reader import RowReader
from loader.filing.tables.form_table import FormTable
from schema.forms.template import Form, Prior


def place_rows(table: FormTable, form: Form, body: Body, factor: Decimal, context: Context) -> None:
    """Give the cells of the body their rows, columns and figures. Rows that are unknown or do not add up become
    findings."""
    placer = _Placer(table, form, factor, context)
    for row, cells in body:
        placer.read(row, cells)
    placed = without_repeated_total(without_hidden_copies(placer.placed, context))
    if not placer.reader.columns.whole:
        placed = without_department(form, placed, context)
    if placer.reader.one_row is not None:
        placed = without_units(placed, context)
    else:
        placed = without_details(form, placed, placer.money, context)
    figures = placer.set_figures(placed)
    above = {read.key: form.rows.above(read.key) if form.rows is not None else () for read, *_ in placed}
    count_parts(form, figures, above)
    check_sum(form, placed, above, context)
    check_keys(form, placed, context)


class _Placer:
    """Reads the rows of one table from top to bottom, then gives the cells their figures."""

    def __init__(self, table: FormTable, form: Form, factor: Decimal, context: Context) -> None:
        self.table = table
        self.form = form
        self.factor = factor
        self.context = context
        self.reader = RowReader(form, table, context)
        self.layout = layout_of(
            form.form_id, tuple([tuple(columns.items()) for columns in (table.columns, *table.beside)])
        )
        self.money = money_of(form.form_id)
        self.has_others = bool(table.rates or table.priors)
        self.prior_counts: Counter[Prior] = Counter()
        self.placed: list[Placement] = []

    def read(self, row: Row, cells: list[FiledCell]) -> None:
        """Give a row its key, or each of the rows that stand side by side in it."""
        groups, one_row = self.layout.groups, self.reader.one_row
        for own, group in side_by_side(groups, self.form, cells) if self.table.beside else [(cells, groups[0])]:
            by_id, values = self._in_columns(own, group)
            if one_row is not None and (prior := one_row.prior_of(values, row)) is not None:
                self._place_prior_row(row, own, by_id, prior)
            else:
                self._place_row(row, own, by_id, values)

    def _in_columns(self, cells: list[FiledCell], group: Group) -> tuple[dict[str, FiledCell], dict[str, str]]:
        """The cells of a row by column id, and the texts of the columns that identify it."""
        columns, words = group.columns, self.layout.words
        if group.is_plain:  # as most
            by_id = {columns[cell.column_no]: cell for cell in cells if cell.column_no in columns}
            return by_id, {column_id: cell.text for column_id, cell in by_id.items() if column_id in words}
        by_id = {}
        words_of: dict[str, list[str]] = {}
        for cell in cells:
            column_id = columns.get(cell.column_no)
            if column_id is None:
                continue
            if column_id not in by_id:
                by_id[column_id] = cell
                if column_id in words:
                    words_of[column_id] = [cell.text]
            elif column_id in words:
                words_of[column_id].append(cell.text)
        for column_id, numbers in group.spread.items():
            if column_id in words_of:
                printed = {cell.column_no: cell.text for cell in cells}
                name = "".join(words_of.get(self.reader.columns.name, ()))
                parts = self.reader.levels.whole_parts({number: printed.get(number, "") for number in numbers}, name)
                words_of[column_id] = parts or [""]
        return by_id, {
            column_id: shown[0] if len(shown) == 1 else one_text(shown) for column_id, shown in words_of.items()
        }

    def _place_row(self, row: Row, cells: list[FiledCell], by_id: dict[str, FiledCell], values: dict[str, str]) -> None:
        functions = self.context.functions
        known = len(functions)
        read = self.reader.read(values, row)
        if read is None and any(is_total(cell.text) for cell in cells):
            read = PlacedRow(self.reader.total, "合计")
        if read is None:
            shown = self._figures(by_id)
            if shown and not self._is_total_of_office(cells, shown):
                if len(functions) > known:
                    self.context.findings.add("name_of_several", {"row": row.text[:60]}, row.number)
                else:
                    self.context.findings.add("unknown_row", {"row": row.text[:60]}, row.number)
                for column_id in shown:
                    if amount := printed_amount(by_id[column_id], self.factor):
                        self.context.unknown_rows[column_id].append(amount)
            return
        if read.is_detail and self.form.rows is not None:
            beneath = dict(self.form.rows.details)
            kept = (column_id for column_id in by_id if column_id in beneath or column_id not in self.money)
            by_id = {beneath.get(column_id, column_id): by_id[column_id] for column_id in kept}
        key, row_label = read.key, read.label
        for cell in cells:
            cell.row_key, cell.row_label = key, row_label
        if self.has_others:
            place_others(cells, self.table, self.factor, self.context)
        self.placed.append(Placement(read, row, by_id, cells))

    def _figures(self, by_id: dict[str, FiledCell]) -> dict[str, str]:
        """The figures of a row as printed, by column id."""
        return {of: fold(cell.text) for of, cell in by_id.items() if of in self.money and figure(cell.text)}

    def _is_total_of_office(self, cells: list[FiledCell], shown: dict[str, str]) -> bool:
        """Whether a row repeats the total above it under the name of the office."""
        office = fold(self.context.identity.reporting_unit_name)
        return any(fold(cell.text) == office for cell in cells) and any(
            is_total(above.read.label) and self._figures(above.by_id) == shown for above in self.placed
        )

    def _place_prior_row(self, row: Row, cells: list[FiledCell], by_id: dict[str, FiledCell], prior: Prior) -> None:
        """Place a row of another year or stage. If several rows have the same year and stage, only the first is
        placed."""
        self.prior_counts[prior] += 1
        label_of_row = cells[0].text
        if self.prior_counts[prior] > 1:
            # 年初预算数 below 预算数: it is not known which of them counts, and a key has only one figure
            self.context.findings.add(
                "duplicate_row", {"row": label_of_row, "count": self.prior_counts[prior]}, row.number
            )
            return
        for cell in cells:
            cell.row_key, cell.row_label = self.reader.total, label_of_row
        for column_id, cell in by_id.items():
            if column_id in self.layout.summed:
                self._place_prior(cell, column_id, prior)

    def set_figures(self, placed: Sequence[Placement]) -> list[RowFigures]:
        """Give the cells of known columns their column keys and figures. Returns the figures of each row."""
        labels, summed, priors = column_labels(self.form.form_id), self.layout.summed, self.layout.priors
        factor = self.factor
        figures: list[RowFigures] = []
        for entry in placed:
            of_row: dict[str, FiledCell] = {}
            for column_id, cell in entry.by_id.items():
                cell.column_key, cell.column_label = column_id, labels[column_id]
                if column_id in summed:
                    cell.statements = summed[column_id]
                    if (shown := amount_and_half_place(cell.text, cell.raw, factor)) is not None:
                        cell.amount, cell.half_place = shown
                        of_row[column_id] = cell
                    elif not is_placeholder(cell.text):
                        self.context.findings.add_no_figure(cell)
                elif column_id in priors:
                    self._place_prior(cell, column_id, priors[column_id])
                    if cell.amount is not None:
                        of_row[column_id] = cell
            figures.append((entry.read.key, of_row))
        return figures

    def _place_prior(self, cell: FiledCell, column_id: str, prior: Prior) -> None:
        of = PriorColumn(column_id, self.context.identity.fiscal_year - prior.years_back, prior.stage)
        place_prior(cell, of, self.factor, self.context)
