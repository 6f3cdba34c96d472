"""Forms of fixed lines: the line and the amount of a list that each cell is."""

from __future__ import annotations

import re
from decimal import Decimal

from loader.documents.grid import Row
from loader.documents.wording import figure, fold, is_placeholder, label
from loader.filing.filed import FiledCell
from loader.filing.headers.words import TOTAL_WORDS
from loader.filing.placing.body import Body
from loader.filing.placing.figures import place_others, printed_amount, set_figure
from loader.filing.placing.list_labels import ListLabels
from loader.filing.placing.repeated_rows import without_hidden_lines
from loader.filing.placing.sums_of_lists import ListCells, count_parts
from loader.filing.rows.context import Context
from loader.filing.tables.form_table import FormTable
from schema.forms.template import Column, Form, Line, LineList, Role

# rows that count people, cars and things (公务用车保有量（辆）): they are kept, and lack in no ledger
_NOTE = re.compile("备注|说明|附?注")  # a label whose line is no money
_COUNT = re.compile(r"\((?:个|人|人次|批|批次|次|辆|台|套|件|项|[台套辆件项、,]{3,})\)$")


def place_lists(table: FormTable, form: Form, body: Body, factor: Decimal, context: Context) -> None:
    """Give the cells of the body their lines, columns and figures. Lists and lines that are not found become
    findings."""
    body = without_hidden_lines(body, context.findings)
    for entry in form.lists:
        column = next((c for c, list_id in table.lists.items() if list_id == entry.id), None)
        if column is None:
            context.findings.add("missing_list", {"list": entry.label})
        else:
            placer = _ListPlacer(table, form, entry, column, body, factor, context)
            for row, cells in body:
                placer.read(row, cells)
            if body:
                placer.end()


class _ListPlacer:
    """Reads the labels of one list from top to bottom, and gives the cells beside them their lines, columns and
    figures. ``column`` is the grid column of the labels."""

    def __init__(
        self,
        table: FormTable,
        form: Form,
        entry: LineList,
        column: int,
        body: Body,
        factor: Decimal,
        context: Context,
    ) -> None:
        self.table = table
        self.form = form
        self.entry = entry
        self.factor = factor
        self.context = context
        self.amounts = {amount.id: amount for amount in entry.amounts}
        self.amount_labels = {amount.id: entry.amount_label(amount) for amount in entry.amounts}
        self.columns = {c + 1: self.amounts[of] for c, of in table.columns.items() if of in self.amounts}
        self.beyond = _amounts_beyond(table, self.columns)
        self.others = {c + 1 for c, prior in table.priors.items() if prior.column_id in self.amounts}
        self.others |= {c + 1 for c, column_id in table.rates.items() if column_id in self.amounts}
        self.memos = {label(text): (line_id, self.amounts[of]) for text, line_id, of in entry.memos}
        self.first, self.width = column + 1, _label_width(table, column)
        self.labels = ListLabels(form.form_id, entry, _labels_of(body, column, self.width))
        self.group = ""  # the label to the left of those of its parts
        self.placed: ListCells = {}

    def read(self, row: Row, cells: list[FiledCell]) -> None:
        """Place the cells of a row that belong to the list."""
        columns = self.columns
        shown = [cell for cell in cells if cell.column_no in columns]
        figures = [cell for cell in shown if columns[cell.column_no].role is not Role.ORDINAL]
        name_cell = self._label_in(cells, figures)
        if name_cell is None or name_cell in shown:
            for cell in figures:
                if (shown_figure := figure(cell.text)) and shown_figure.value:
                    self.context.findings.add("unlabelled_figure", {"text": cell.text}, row.number, cell.column_no)
            return
        name = label(name_cell.text)
        if name == "小计":  # of the group to its left
            name = label(f"{label(self.group)}小计")
        options = self.labels.options(name, row.number)
        if not options and name_cell.is_doubtful and (likely := self.labels.likely(name)) is not None:
            options = [likely]
            known = self.entry.lines[likely].label
            self.context.findings.add("ocr_word", {"read": name_cell.text, "known": known}, row.number, self.first)
        if self._is_heading(row.number, options, figures):
            return
        if options:
            self._place(self.entry.lines[self.labels.take(options)], name_cell, cells, shown, figures)
        elif name in self.memos:
            self._place_memo(*self.memos[name], name_cell, figures)
        else:
            self._note_unknown(name, row, name_cell, figures)

    def _label_in(self, cells: list[FiledCell], figures: list[FiledCell]) -> FiledCell | None:
        """The cell with the label of the line; notes the group that its column is divided by."""
        last = self.first + self.width - 1
        labels = [c for c in cells if c.column_no <= last and c.column_no + c.column_span > self.first]
        if self.width > 1 and labels and labels[0].column_no <= self.first:
            self.group = labels[0].text
        if labels:
            return labels[-1]
        return _total_on_the_left(cells, figures[0], self.labels.names) if figures else None

    def _is_heading(self, at: int, options: list[int], figures: list[FiledCell]) -> bool:
        """Whether a row without figures only announces the line that a label below it names.

        An example: 一、“三公”经费支出 | — above （一）支出合计 | 12.00.
        """
        if len(options) != 1 or not figures or not all(is_placeholder(cell.text) for cell in figures):
            return False
        return self.labels.is_named_below(options, at)

    def _place(
        self,
        line: Line,
        name_cell: FiledCell,
        cells: list[FiledCell],
        shown: list[FiledCell],
        figures: list[FiledCell],
    ) -> None:
        if not figures and line.level == 0:
            shown = shown + _figures_beyond(name_cell, cells, self.beyond)
        if name_cell.row_key is None:
            name_cell.row_key, name_cell.row_label = line.id, name_cell.text
        for cell in shown:
            amount = self.columns.get(cell.column_no) or self.beyond[cell.column_no]
            self._set_keys(cell, line.id, amount, name_cell)
            if amount.role is Role.ORDINAL:
                continue
            if amount.role is Role.MONEY:
                cell.statements = self.form.selection(amount, line).statement
            self._set_figure(cell)
            self.placed[line.id, amount.id] = cell
        if self.others:
            beside = [cell for cell in cells if cell.column_no in self.others]
            for cell in beside:
                cell.row_key, cell.row_label = line.id, name_cell.text
            place_others(beside, self.table, self.factor, self.context)

    def _place_memo(self, line_id: str, amount: Column, name_cell: FiledCell, figures: list[FiledCell]) -> None:
        """Place a row that is a column of the line above it."""
        for cell in figures:
            self._set_keys(cell, line_id, amount, name_cell)
            self._set_figure(cell)

    def _set_keys(self, cell: FiledCell, line_id: str, amount: Column, name_cell: FiledCell) -> None:
        cell.row_key, cell.row_label = line_id, name_cell.text
        cell.column_key, cell.column_label = amount.id, self.amount_labels[amount.id]

    def _set_figure(self, cell: FiledCell) -> None:
        if not set_figure(cell, self.factor):
            self.context.findings.add_no_figure(cell)

    def _note_unknown(self, name: str, row: Row, name_cell: FiledCell, figures: list[FiledCell]) -> None:
        """Add a finding about a row that the list does not know, if it holds something."""
        nothing = figure(name)  # a formula that refers to a blank label shows 0
        is_blank = nothing is not None and not nothing.value
        says_something = any(
            not is_placeholder(cell.text) and (not is_blank or printed_amount(cell, self.factor)) for cell in figures
        )
        if name in ("其中", "") or not says_something or _COUNT.search(fold(name_cell.text)):
            return
        if _NOTE.fullmatch(name) and not any(figure(cell.text) for cell in figures):
            return
        self.context.findings.add("unknown_row", {"row": name_cell.text}, row.number, self.first)
        for cell in figures:
            if shown_amount := printed_amount(cell, self.factor):
                self.context.unknown_rows[self.columns[cell.column_no].id].append(shown_amount)

    def end(self) -> None:
        """Count the parts of the cells, and look for the line that closes the list. A part of another line closes none:
        it may be left out if it is blank."""
        count_parts(self.entry, self.placed)
        *others, closing = self.entry.lines
        is_needed = not closing.optional and not any(closing.id in line.parts for line in others)
        if is_needed and len(others) not in self.labels.taken:
            self.context.findings.add("no_closing_line", {"list": self.entry.label, "line": closing.label})


def _total_on_the_left(cells: list[FiledCell], shown: FiledCell, names: dict[str, list[int]]) -> FiledCell | None:
    """The label of a total that is printed once for lists side by side (支出合计), right before its figure."""
    left = [cell for cell in cells if cell.column_no < shown.column_no]
    is_total = bool(left) and label(left[-1].text).endswith(TOTAL_WORDS) and label(left[-1].text) in names
    return left[-1] if is_total else None


def _amounts_beyond(table: FormTable, columns: dict[int, Column]) -> dict[int, Column]:
    """Columns further right with the same head as the amounts of this list.

    They belong to a list that the form does not have (by 支出性质, beside 功能分类). Totals of both lists stand there.
    """
    heads = {table.header_labels.get(at - 1): amount for at, amount in columns.items() if amount.role is Role.MONEY}
    known = {*table.columns, *table.lists, *table.priors, *table.rates}
    right = max(columns, default=0)
    return {
        at + 1: heads[head]
        for at, head in table.header_labels.items()
        if at >= right and at not in known and head in heads
    }


def _figures_beyond(name_cell: FiledCell, cells: list[FiledCell], beyond: dict[int, Column]) -> list[FiledCell]:
    """The figure of a label in such a column, with only numbers (行次) in between."""
    for cell in cells:
        if cell.column_no > name_cell.column_no:
            if figure(cell.text) is None:
                return []
            if cell.column_no in beyond:
                return [cell]
    return []


def _labels_of(body: Body, column: int, width: int) -> dict[int, str]:
    """Row → the label of a list in it."""
    return {row.number: label(c.text) for row, cells in body for c in cells if column < c.column_no <= column + width}


def _label_width(table: FormTable, column: int) -> int:
    """How many columns the labels of a list take. A group and its parts may stand side by side under one head."""
    width = 1
    while column + width not in table.columns and table.header_labels.get(column + width) == table.header_labels.get(
        column
    ):
        width += 1
    return width
