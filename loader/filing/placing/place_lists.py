"""Forms of fixed lines: the line and the amount of a list that each cell is."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from functools import cache, lru_cache

from loader.documents.grid import Row
from loader.documents.wording import figure, fold, is_placeholder, label
from loader.filing.filed import FiledCell
from loader.filing.headers.words import TOTAL_WORDS
from loader.filing.placing.figures import place_others, printed_amount, set_figure
from loader.filing.placing.picture_words import likely_line
from loader.filing.rows.context import Context
from loader.filing.tables.form_table import FormTable
from schema.forms import FORMS
from schema.forms.template import Column, Form, Line, LineList, Role

_OF_THIS_YEAR = ("本年", "当年")
_BARE_TOTAL = re.compile("(?:收入|支出)?(?:合计|总计)")
# rows that count people, cars and things (公务用车保有量（辆）): they are kept, and lack in no ledger
_COUNT = re.compile(r"\((?:个|人|人次|批|批次|次|辆|台|套|件|项|[台套辆件项、,]{3,})\)$")
_ListCells = dict[tuple[str, str], FiledCell]  # line, column → cell


def place_lists(
    table: FormTable, form: Form, body: list[tuple[Row, list[FiledCell]]], factor: Decimal, context: Context
) -> None:
    """Give the cells of the body their lines, columns and figures. Lists and lines that are not found become
    findings."""
    for entry in form.lists:
        column = next((c for c, list_id in table.lists.items() if list_id == entry.id), None)
        if column is None:
            context.findings.add("missing_list", {"list": entry.label})
        else:
            _place_list(table, form, entry, column, body, factor, context)


def _place_list(
    table: FormTable,
    form: Form,
    entry: LineList,
    column: int,
    body: list[tuple[Row, list[FiledCell]]],
    factor: Decimal,
    context: Context,
) -> None:
    """Place the lines of one list. ``column`` is the grid column of its labels."""
    names = _line_names(form.form_id, entry.id)
    amounts = {amount.id: amount for amount in entry.amounts}
    columns = {c + 1: amounts[column_id] for c, column_id in table.columns.items() if column_id in amounts}
    others = {c + 1 for c, prior in table.priors.items() if prior.column_id in amounts}
    others |= {c + 1 for c, column_id in table.rates.items() if column_id in amounts}
    memos = {label(text): (line_id, amounts[column_id]) for text, line_id, column_id in entry.memos}
    beyond = _amounts_beyond(table, columns)
    last = -1
    placed: _ListCells = {}
    taken: set[int] = set()
    width = _label_width(table, column)
    known = _labels_of(body, column, width)
    group = ""
    for row, cells in body:
        labels = [c for c in cells if c.column_no <= column + width and c.column_no + c.column_span > column + 1]
        name_cell = labels[-1] if labels else None
        if width > 1 and labels and labels[0].column_no <= column + 1:
            group = labels[0].text
        shown = [cell for cell in cells if cell.column_no in columns]
        figures = [cell for cell in shown if columns[cell.column_no].role is not Role.ORDINAL]
        if name_cell is None and figures:
            name_cell = _total_on_the_left(cells, figures[0], names)
        if name_cell is None or name_cell in shown:
            for cell in figures:
                if (shown_figure := figure(cell.text)) and shown_figure.value:
                    context.findings.add("unlabelled_figure", {"text": cell.text}, row.number, cell.column_no)
            continue
        name = label(name_cell.text)
        if name == "小计":  # of the group to its left
            name = label(f"{label(group)}小计")
        is_bare = bool(_BARE_TOTAL.fullmatch(name))
        options = _totals_in_order(entry, names, known, row.number) if is_bare else []
        if not options:
            options = [p for p in names.get(name) or _otherwise_named(form.form_id, entry.id, name) if p not in taken]
        if not options and is_bare:
            options = _total_meant(entry, names, known, row.number)
        if not options and name_cell.is_doubtful and (likely := likely_line(name, names, last, taken)) is not None:
            options = [likely]
            context.findings.add(
                "ocr_word", {"read": name_cell.text, "known": entry.lines[likely].label}, row.number, column + 1
            )
        if _is_heading(row.number, options, figures, names, known):
            continue
        if not options and name in memos:
            line_id, amount = memos[name]
            for cell in figures:
                cell.row_key, cell.row_label = line_id, name_cell.text
                cell.column_key, cell.column_label = amount.id, entry.amount_label(amount)
                if not set_figure(cell, factor):
                    context.findings.add_no_figure(cell)
            continue
        if not options:
            says_something = any(not is_placeholder(cell.text) for cell in figures)
            if name not in ("其中", "") and says_something and not _COUNT.search(fold(name_cell.text)):
                context.findings.add("unknown_row", {"row": name_cell.text}, row.number, column + 1)
                for cell in figures:
                    if shown_amount := printed_amount(cell, factor):
                        context.unknown_rows[columns[cell.column_no].id].append(shown_amount)
            continue
        # several lines of a list may have one label: the next one in official order is meant
        position = next((p for p in options if p > last), options[0])
        last = position
        taken.add(position)
        line = entry.lines[position]
        if not figures and line.level == 0:
            shown += _figures_beyond(name_cell, cells, beyond)
        if name_cell.row_key is None:
            name_cell.row_key, name_cell.row_label = line.id, name_cell.text
        for cell in shown:
            amount = columns.get(cell.column_no) or beyond[cell.column_no]
            cell.row_key, cell.row_label = line.id, name_cell.text
            cell.column_key, cell.column_label = amount.id, entry.amount_label(amount)
            if amount.role is Role.ORDINAL:
                continue
            if amount.role is Role.MONEY:
                cell.statements = form.selection(amount, line).statement
            if not set_figure(cell, factor):
                context.findings.add_no_figure(cell)
            placed[line.id, amount.id] = cell
        if others:
            beside = [cell for cell in cells if cell.column_no in others]
            for cell in beside:
                cell.row_key, cell.row_label = line.id, name_cell.text
            place_others(beside, table, factor, context)
    _count_parts(entry, amounts, placed)
    closing = entry.lines[-1]
    if body and not closing.optional and len(entry.lines) - 1 not in taken:
        context.findings.add("no_closing_line", {"list": entry.label, "line": closing.label})


def _count_parts(entry: LineList, amounts: dict[str, Column], placed: _ListCells) -> None:
    """Count the parts of each cell that the form prints. A cell without parts that hold money is a leaf."""
    by_id = {line.id: line for line in entry.lines}
    for (line_id, amount_id), cell in placed.items():
        line, amount = by_id[line_id], amounts[amount_id]
        cell.is_leaf = True
        if line.parts:
            down = [placed[part, amount_id] for part in line.parts if (part, amount_id) in placed]
            cell.part_count = len([part for part in down if part.amount is not None])
            cell.is_leaf = not _figures_beneath(line, by_id, placed, amount_id)
        if amount.parts:
            across = [placed[line_id, part] for part in amount.parts if (line_id, part) in placed]
            cell.part_count = max(cell.part_count, len([part for part in across if part.amount is not None]))
            cell.is_leaf = cell.is_leaf and not any(part.amount for part in across)


def _is_heading(
    at: int, options: list[int], figures: list[FiledCell], names: dict[str, list[int]], labels: dict[int, str]
) -> bool:
    """Whether a row without figures only announces the line that a label below it names.

    An example: 一、“三公”经费支出 | — above （一）支出合计 | 12.00.
    """
    if len(options) != 1 or not figures or not all(is_placeholder(cell.text) for cell in figures):
        return False
    return any(number > at and names.get(text) == options for number, text in labels.items())


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


def _labels_of(body: list[tuple[Row, list[FiledCell]]], column: int, width: int) -> dict[int, str]:
    """Row → the label of a list in it."""
    return {row.number: label(c.text) for row, cells in body for c in cells if column < c.column_no <= column + width}


def _totals_in_order(entry: LineList, names: dict[str, list[int]], labels: dict[int, str], at: int) -> list[int]:
    """The total that a bare 合计 or 总计 is, by their order, if a list has several.

    There must be as many of them as totals that no other label names.
    """
    bare = sorted(number for number, text in labels.items() if _BARE_TOTAL.fullmatch(text))
    free = _free_totals(entry, names, {number: text for number, text in labels.items() if number not in bare})
    return [free[bare.index(at)]] if 1 < len(bare) == len(free) else []


def _free_totals(entry: LineList, names: dict[str, list[int]], labels: dict[int, str]) -> list[int]:
    """The positions of the totals of a list that no label names."""
    named = {position for text in labels.values() for position in names.get(text, ())}
    return [n for n, line in enumerate(entry.lines) if line.label.endswith(("合计", "总计")) and n not in named]


def _total_meant(entry: LineList, names: dict[str, list[int]], labels: dict[int, str], at: int) -> list[int]:
    """The total of a list that a bare 合计 or 支出合计 is: one that no other label names.

    If there are several, it is the last one if no known line follows in the list, else the first.
    """
    free = _free_totals(entry, names, labels)
    if len(free) < 2:
        return free
    follows = any(number > at and (text in names or _BARE_TOTAL.fullmatch(text)) for number, text in labels.items())
    return free[:1] if follows else free[-1:]


def _label_width(table: FormTable, column: int) -> int:
    """How many columns the labels of a list take. A group and its parts may stand side by side under one head."""
    width = 1
    while column + width not in table.columns and table.header_labels.get(column + width) == table.header_labels.get(
        column
    ):
        width += 1
    return width


@cache
def _line_names(form_id: str, list_id: str) -> dict[str, list[int]]:
    """Label → positions of the lines of a list with this label, from top to bottom."""
    names: dict[str, list[int]] = defaultdict(list)
    lines = next(line_list.lines for line_list in FORMS[form_id].lists if line_list.id == list_id)
    for position, line in enumerate(lines):
        for name in {label(line.label), *(label(alias) for alias in line.aliases)}:
            names[name].append(position)
    return dict(names)


@lru_cache(maxsize=1_000)
def _otherwise_named(form_id: str, list_id: str, name: str) -> list[int]:
    """The line of a list that a label means in other words.

    Examples: 一般公共服务 for 一般公共服务支出, 当年收入小计 for 本年收入合计, 收入合计 in a list with one total, 总计
    for the last line.
    """
    names = _line_names(form_id, list_id)
    own = next((word for word in TOTAL_WORDS if name.endswith(word)), None)
    if own is None:
        return names.get(f"{name}支出", [])
    lines = next(entry.lines for entry in FORMS[form_id].lists if entry.id == list_id)
    front = name.removesuffix(own)
    is_of_year = front.startswith(_OF_THIS_YEAR)
    fronts = [word + front[2:] for word in _OF_THIS_YEAR] if is_of_year else [front]
    totals = [position for position, line in enumerate(lines) if line.label.endswith(TOTAL_WORDS)]
    found = [p for other in fronts for word in TOTAL_WORDS for p in names.get(other + word, ()) if p in totals]
    if not front:
        totals = [position for position in totals if not lines[position].label.endswith("小计")] or totals
        found = totals[-1:]
    return [p for p in found if is_of_year or len(totals) == 1 or (own == "总计" and p == len(lines) - 1)][:1]


def _figures_beneath(line: Line, by_id: dict[str, Line], placed: _ListCells, amount_id: str) -> bool:
    """Whether a part of a line, at any depth, has a figure other than zero."""
    return any(
        ((part, amount_id) in placed and placed[part, amount_id].amount)
        or _figures_beneath(by_id[part], by_id, placed, amount_id)
        for part in line.parts
        if part in by_id
    )
