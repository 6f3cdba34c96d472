"""Forms → filed cells: which row and column of its template each cell is, and the figure that it prints.

Rows are told by their codes and names, columns by the header. A cell keeps its text and place whatever it says; what
cannot be told is listed as a finding and loses nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from loader.documents.grid import Row
from loader.documents.wording import figure, fold, is_placeholder, is_total, label, stored_figure
from loader.filing.filed import FiledCell, FiledForm, Finding
from loader.filing.form_findings import FormFindings
from loader.filing.form_table import FormTable
from loader.filing.headers import IS_CHANGE, IS_RATE, TOTAL_WORDS, PriorColumn, is_numbering
from loader.filing.identity import Identity
from loader.filing.picture_words import likely_line
from loader.filing.row_reader import Context, PlacedRow, RowReader, one_text
from schema.forms import FORMS
from schema.forms.template import Column, Form, Line, LineList, Role, Stage, Statement

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


class _Placement(NamedTuple):
    """A row of the grid and what it stands for; ``cells`` are all of its cells, ``by_id`` those of known columns."""

    read: PlacedRow
    row: Row
    by_id: dict[str, FiledCell]
    cells: list[FiledCell]

    def keep_as_filed(self) -> None:
        """Take back that its cells stand for anything."""
        for cell in self.cells:
            cell.row_key = cell.row_label = cell.column_key = cell.column_label = cell.amount = None


class _Group(NamedTuple):
    """Columns that tell a row and its figures: one for each group of the same columns that stand side by side.

    ``columns`` maps numbers of columns to ids, ``spread`` the id of a code to the columns over which its 类, 款 and 项
    are spread, if there are several.
    """

    columns: dict[int, str]
    spread: dict[str, list[int]]


@dataclass(slots=True)
class Placed:
    """A placed form with what was noted about it and its units."""

    form: FiledForm
    findings: list[Finding]
    unit_names: dict[str, Counter[str]]
    departments: dict[str, str]


def place(table: FormTable, form_no: int, identity: Identity, known_units: dict[str, str] | None = None) -> Placed:
    """Place the cells of one table. Sheets of goals (forms 22 and 23) are placed by :mod:`loader.filing.sheets`.

    ``known_units`` names the units in the rows of all forms of the document.
    """
    findings = FormFindings(form_no, table.form)
    context = Context(identity, known_units or {}, findings)
    money_unit = table.money_unit or "万元"
    form = table.form if table.form is not None and not table.form.is_kept_only else None
    if form is not None and table.money_unit is None:
        findings.add("money_unit_assumed", {"money_unit": money_unit})
    if table.form is None and table.title:
        findings.add("unknown_form", {"title": table.title})
    elif table.form is None:
        findings.add("untitled_table", {})
    elif table.recognised_by == "header alone":
        findings.add("title", {"title": table.form.title})
    for column, column_id in table.likely.items():
        known = _labels(table.form.form_id)[column_id] if table.form else column_id
        findings.add("ocr_word", {"read": table.header_labels[column], "known": known}, None, column + 1)
    cells = bare_cells(table)
    _mark_doubtful(cells)
    filed = FiledForm(
        form_no,
        table.form,
        table.title,
        None,
        table.recognised_by,
        table.place,
        money_unit,
        table.note,
        is_empty=False,
        cells=[cell for row in cells for cell in row[1]],
        header_columns=set(table.columns.values()),
    )
    if form is not None:
        _note_unknown_columns(table, findings)
        body = cells[len(table.header) :]
        header_width = max(table.header_labels, default=-1) + 1
        outside = [(row, cell) for row, row_cells in body for cell in row_cells if cell.column_no > header_width]
        for row, cell in outside:
            findings.add("ragged", {"text": cell.text, "width": header_width}, row.number, cell.column_no)
        repeated = {_words(row) for row in table.header}
        openings = {fold(row.cells[0].text) for row in table.header}
        body = [b for b in body if fold(b[0].cells[0].text) not in openings or _words(b[0]) not in repeated]
        body = [b for b in body if not is_numbering(b[0])]
        factor = UNIT_FACTORS[money_unit]
        if form.lists:
            _place_lists(table, form, body, factor, context)
        else:
            _place_rows(table, form, body, factor, context)
        filed.is_empty = not any(cell.amount for cell in filed.cells)
        if not body and table.note is None:  # a note says why the form is empty
            findings.add("no_rows", {})
    return Placed(filed, findings.found, context.unit_names, context.departments)


def _words(row: Row) -> tuple[tuple[int, str], ...]:
    return tuple([(cell.column, fold(cell.text)) for cell in row.cells])


def bare_cells(table: FormTable) -> list[tuple[Row, list[FiledCell]]]:
    """Every cell of a table with its place, row by row, without keys."""
    return [
        (
            row,
            [FiledCell(number, c.column + 1, row.number, c.row_span, c.column_span, c.text, c.raw) for c in row.cells],
        )
        for number, row in enumerate((*table.header, *table.body), start=1)
    ]


def _mark_doubtful(cells: list[tuple[Row, list[FiledCell]]]) -> None:
    for row, of_row in cells:
        for cell in of_row if row.doubtful else ():
            cell.is_doubtful = cell.column_no - 1 in row.doubtful


def set_figure(cell: FiledCell, factor: Decimal) -> bool:
    """Read the figure of a money cell; False where it is neither a figure nor a placeholder."""
    amount = _amount(cell.text, cell.raw, factor)
    if amount is None:
        return is_placeholder(cell.text)
    cell.amount, cell.half_place = amount
    return True


# in 万元: more than the country spends in a year, and less than what whole 分 count exactly in floating point
_NO_MONEY = 10**9


@lru_cache(maxsize=50_000)
def _amount(text: str, raw: str | None, factor: Decimal) -> tuple[Decimal, Decimal] | None:
    """The figure of a cell and half of the last place that it prints, in 万元."""
    shown = stored_figure(text, raw)
    if shown is None:
        return None
    if shown.yuan is not None:
        factor = UNIT_FACTORS["元"] * shown.yuan
    if abs(shown.value * factor) >= _NO_MONEY:
        return None
    return shown.value * factor, Decimal(5).scaleb(-shown.decimals - 1) * factor


def _note_unknown_columns(table: FormTable, findings: FormFindings) -> None:
    if table.form is None or table.form.lists:
        return
    understood = set().union(table.columns, table.priors, table.rates, *table.beside)
    for column, text in table.header_labels.items():
        if column not in understood:
            findings.add("unknown_column", {"column": text}, None, column + 1)
    found = set(table.columns.values())
    missing = [c.label for c in table.form.columns if c.role is Role.MONEY and not c.optional and c.id not in found]
    if missing:
        findings.add("missing_column", {"columns": missing})


# ---------------------------------------------------------------------------- fixed lines


def _place_lists(
    table: FormTable, form: Form, body: list[tuple[Row, list[FiledCell]]], factor: Decimal, context: Context
) -> None:
    for entry in form.lists:
        column = next((c for c, list_id in table.lists.items() if list_id == entry.id), None)
        if column is None:
            context.findings.add("missing_list", {"list": entry.label})
        else:
            _place_list(table, form, entry, column, body, factor, context)


_OF_THIS_YEAR = ("本年", "当年")
_ListCells = dict[tuple[str, str], FiledCell]  # line, column → cell


def _place_list(
    table: FormTable,
    form: Form,
    entry: LineList,
    column: int,
    body: list[tuple[Row, list[FiledCell]]],
    factor: Decimal,
    context: Context,
) -> None:
    """The lines of one list, whose labels stand in a column of the grid."""
    names = _line_names(form.form_id, entry.id)
    amounts = {amount.id: amount for amount in entry.amounts}
    columns = {c + 1: amounts[column_id] for c, column_id in table.columns.items() if column_id in amounts}
    others = {c + 1 for c, prior in table.priors.items() if prior.column_id in amounts}
    others |= {c + 1 for c, column_id in table.rates.items() if column_id in amounts}
    last = -1
    placed: _ListCells = {}
    taken: set[int] = set()
    width = _label_width(table, column)
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
                if figure(cell.text):
                    context.findings.add("unlabelled_figure", {"text": cell.text}, row.number, cell.column_no)
            continue
        name = label(name_cell.text)
        if name == "小计":  # of the group that stands left of it
            name = label(f"{label(group)}小计")
        is_bare = bool(_BARE_TOTAL.fullmatch(name))
        options = _totals_in_order(entry, names, _labels_of(body, column, width), row.number) if is_bare else []
        if not options:
            options = [p for p in names.get(name) or _otherwise_named(form.form_id, entry.id, name) if p not in taken]
        if not options and is_bare:
            options = _total_meant(entry, names, _labels_of(body, column, width), row.number)
        if not options and name_cell.is_doubtful and (likely := likely_line(name, names, last, taken)) is not None:
            options = [likely]
            context.findings.add(
                "ocr_word", {"read": name_cell.text, "known": entry.lines[likely].label}, row.number, column + 1
            )
        if not options:
            if name not in ("其中", "") and figures:
                context.findings.add("unknown_row", {"row": name_cell.text}, row.number, column + 1)
            continue
        # the same words stand in several places of a list: the next one in official order is meant
        position = next((p for p in options if p > last), options[0])
        last = position
        taken.add(position)
        line = entry.lines[position]
        if name_cell.row_key is None:
            name_cell.row_key, name_cell.row_label = line.id, name_cell.text
        for cell in shown:
            amount = columns[cell.column_no]
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
            _place_others(beside, table, factor, context)
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
    closing = entry.lines[-1]
    if body and not closing.optional and len(entry.lines) - 1 not in taken:
        context.findings.add("no_closing_line", {"list": entry.label, "line": closing.label})


def _total_on_the_left(cells: list[FiledCell], shown: FiledCell, names: dict[str, list[int]]) -> FiledCell | None:
    """The label of a figure that stands once for the lists beside one another (支出合计), next to the left of it."""
    left = [cell for cell in cells if cell.column_no < shown.column_no]
    is_total = bool(left) and label(left[-1].text).endswith(TOTAL_WORDS) and label(left[-1].text) in names
    return left[-1] if is_total else None


_BARE_TOTAL = re.compile("(?:收入|支出)?(?:合计|总计)")


def _labels_of(body: list[tuple[Row, list[FiledCell]]], column: int, width: int) -> dict[int, str]:
    """Row → the label that a list has there."""
    return {row.number: label(c.text) for row, cells in body for c in cells if column < c.column_no <= column + width}


def _totals_in_order(entry: LineList, names: dict[str, list[int]], labels: dict[int, str], at: int) -> list[int]:
    """Which total a bare 合计 or 总计 is if a list has several, as many as totals that no other label names."""
    bare = sorted(number for number, text in labels.items() if _BARE_TOTAL.fullmatch(text))
    free = _free_totals(entry, names, {number: text for number, text in labels.items() if number not in bare})
    return [free[bare.index(at)]] if 1 < len(bare) == len(free) else []


def _free_totals(entry: LineList, names: dict[str, list[int]], labels: dict[int, str]) -> list[int]:
    """The totals of a list that no label names."""
    said = {position for text in labels.values() for position in names.get(text, ())}
    return [n for n, line in enumerate(entry.lines) if line.label.endswith(("合计", "总计")) and n not in said]


def _total_meant(entry: LineList, names: dict[str, list[int]], labels: dict[int, str], at: int) -> list[int]:
    """Which total of a list a bare 合计 or 支出合计 is: the one that no other label names; of two, the last one if
    nothing known follows in the list."""
    free = _free_totals(entry, names, labels)
    if len(free) < 2:
        return free
    follows = any(number > at and (text in names or _BARE_TOTAL.fullmatch(text)) for number, text in labels.items())
    return free[:1] if follows else free[-1:]


def _label_width(table: FormTable, column: int) -> int:
    """How many columns the labels of a list take: a group and its parts may stand side by side under one head."""
    width = 1
    while column + width not in table.columns and table.header_labels.get(column + width) == table.header_labels.get(
        column
    ):
        width += 1
    return width


def _place_prior(cell: FiledCell, prior: PriorColumn, factor: Decimal, context: Context) -> None:
    """A figure of another year or stage: kept under a key of its own, which no rule knows."""
    year = prior.year if prior.year is not None else context.identity.fiscal_year - prior.years_back
    cell.column_key = f"{prior.column_id}@{year}:{prior.stage}"
    cell.column_label = f"{year}年{_STAGE_WORDS[prior.stage]}"
    set_figure(cell, factor)


def _place_others(cells: list[FiledCell], table: FormTable, factor: Decimal, context: Context) -> None:
    """The figures of a row that are none of this year's: of other years, and in relation to them."""
    for cell in cells:
        if cell.column_no - 1 in table.rates:
            _place_rate(cell, table, factor)
        if cell.column_no - 1 in table.priors:
            _place_prior(cell, table.priors[cell.column_no - 1], factor, context)


def _place_rate(cell: FiledCell, table: FormTable, factor: Decimal) -> None:
    """A per cent or a difference: kept under a key of its own, which no rule knows, if the cell or its head says which
    of them it is. A per cent is kept as printed."""
    head = table.header_labels.get(cell.column_no - 1, "")
    column_id = table.rates[cell.column_no - 1]
    rate = figure(cell.text.strip().rstrip("%％"))
    if rate is not None and ("%" in fold(cell.text) or IS_RATE.search(head)):
        cell.column_key, cell.column_label = f"{column_id}~rate", head
        cell.amount = rate.value
    elif IS_CHANGE.search(head):
        cell.column_key, cell.column_label = f"{column_id}~change", head
        set_figure(cell, factor)


_STAGE_WORDS = {Stage.BUDGET: "预算", Stage.ADJUSTED: "调整预算", Stage.FINAL: "决算"}


@cache
def _line_names(form_id: str, list_id: str) -> dict[str, list[int]]:
    """Label → positions of the lines of a list that bear it, from top to bottom."""
    names: dict[str, list[int]] = defaultdict(list)
    lines = next(line_list.lines for line_list in FORMS[form_id].lists if line_list.id == list_id)
    for position, line in enumerate(lines):
        for name in {label(line.label), *(label(alias) for alias in line.aliases)}:
            names[name].append(position)
    return dict(names)


@lru_cache(maxsize=1_000)
def _otherwise_named(form_id: str, list_id: str, name: str) -> list[int]:
    """The line of a list that a label means in other words: 一般公共服务 for 一般公共服务支出, 当年收入小计 for
    本年收入合计, 收入合计 in a list with one total, 总计 for the last line."""
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
    return any(
        ((part, amount_id) in placed and placed[part, amount_id].amount)
        or _figures_beneath(by_id[part], by_id, placed, amount_id)
        for part in line.parts
        if part in by_id
    )


# ---------------------------------------------------------------------------- rows with codes


def _group(columns: dict[int, str], declared: dict[str, Column]) -> _Group:
    """A group by the ids of its columns, which count from 0."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for column, column_id in sorted(columns.items()):
        if declared[column_id].role is Role.CODE:
            numbers[column_id].append(column + 1)
    spread = {column_id: found for column_id, found in numbers.items() if len(found) > 1}
    return _Group({column + 1: column_id for column, column_id in columns.items()}, spread)


def _place_rows(
    table: FormTable, form: Form, body: list[tuple[Row, list[FiledCell]]], factor: Decimal, context: Context
) -> None:
    reader = RowReader(form, table, context)
    placed: list[_Placement] = []
    labels, money = _labels(form.form_id), _money(form.form_id)
    declared = {column_id: form.column(column_id) for column_id in table.columns.values()}
    if form.rows is not None and form.rows.detail is not None:
        declared[form.rows.detail] = form.column(form.rows.detail)
    told_by = (Role.CODE, Role.NAME, Role.TEXT) if form.rows and form.rows.detail else (Role.CODE, Role.NAME)
    words = {column_id for column_id, column in declared.items() if column.role in told_by}
    groups = [_group(columns, declared) for columns in (table.columns, *table.beside)]
    has_others = bool(table.rates or table.priors)
    for row, all_cells in body:
        for cells, group in _side_by_side(groups, form, all_cells) if table.beside else [(all_cells, groups[0])]:
            by_id: dict[str, FiledCell] = {}
            words_of: dict[str, list[str]] = {}
            for cell in cells:
                column_id = group.columns.get(cell.column_no)
                if column_id is None:
                    continue
                if column_id in words:
                    words_of.setdefault(column_id, []).append(cell.text)
                if column_id not in by_id:
                    by_id[column_id] = cell
            for column_id, numbers in group.spread.items():
                if column_id in words_of:
                    printed = {cell.column_no: cell.text for cell in cells}
                    words_of[column_id] = reader.whole_parts({number: printed.get(number, "") for number in numbers})
            read = reader.read({column_id: one_text(shown) for column_id, shown in words_of.items()}, row)
            if read is None and any(is_total(cell.text) for cell in cells):
                read = PlacedRow(reader.total, "合计")
            if read is None:
                if any(column_id in money and figure(cell.text) for column_id, cell in by_id.items()):
                    context.findings.add("unknown_row", {"row": row.text[:60]}, row.number)
                continue
            if read.is_detail and form.rows is not None and form.rows.detail is not None:
                by_id = {form.rows.detail if column_id in money else column_id: c for column_id, c in by_id.items()}
            key, said = read.key, read.label
            for cell in cells:
                cell.row_key, cell.row_label = key, said
            if has_others:
                _place_others(cells, table, factor, context)
            placed.append(_Placement(read, row, by_id, cells))
    placed = _without_repeated_total(_without_hidden_copies(placed, context))
    year = context.identity.fiscal_year
    priors = {
        column_id: PriorColumn(column_id, year - column.prior.years_back, column.prior.stage)
        for column_id, column in declared.items()
        if column.role is Role.PRIOR and column.prior is not None
    }
    summed = {
        column_id: money.get(column_id, ())
        for column_id, column in declared.items()
        if column.role in (Role.MONEY, Role.MEMO)
    }
    for entry in placed:
        for column_id, cell in entry.by_id.items():
            cell.column_key, cell.column_label = column_id, labels[column_id]
            if column_id in summed:
                cell.statements = summed[column_id]
                if not set_figure(cell, factor):
                    context.findings.add_no_figure(cell)
            elif column_id in priors:
                _place_prior(cell, priors[column_id], factor, context)
    above = {read.key: form.rows.above(read.key) if form.rows is not None else () for read, *_ in placed}
    _count_parts(form, placed, above)
    _check_sum(form, placed, above, context)
    keys = Counter(read.key for read, *_ in placed)
    for key, count in keys.items():
        if count > 1:
            context.findings.add("duplicate_row", {"row": key, "count": count})
    is_own_alone = keys.keys() == {context.identity.reporting_unit_code}  # which needs no sum
    if placed and form.rows is not None and form.rows.total not in (None, *keys) and not is_own_alone:
        context.findings.add("no_total", {})


def _side_by_side(groups: list[_Group], form: Form, cells: list[FiledCell]) -> Iterator[tuple[list[FiledCell], _Group]]:
    """The cells of a row group by group, if groups of the same columns stand side by side.

    A sum at the foot may reach over several groups: its figure is the next one to the right.
    """
    names = {label(name) for line in form.sums for name in (line.label, *line.aliases)}
    sums = [number for number, cell in enumerate(cells) if label(cell.text) in names]
    if sums:
        name = next(
            (column_id for column_id in groups[0].columns.values() if form.column(column_id).role is Role.NAME), None
        )
        money = next(column.id for column in form.money_columns)
        amounts = {number for group in groups for number, column_id in group.columns.items() if column_id == money}
        for start, end in pairwise([*sums, len(cells)]):
            figures = [cell for cell in cells[start + 1 : end] if figure(cell.text)]
            amount = next((cell for cell in figures if cell.column_no in amounts), next(iter(figures), None))
            named = {cells[start].column_no: name} if name is not None else {}
            if amount is None:
                yield [cells[start]], _Group(named, {})
            else:
                yield [cells[start], amount], _Group(named | {amount.column_no: money}, {})
        return
    for group in groups:
        own = [cell for cell in cells if min(group.columns) <= cell.column_no <= max(group.columns)]
        if own:
            yield own, group


def _without_hidden_copies(placed: list[_Placement], context: Context) -> list[_Placement]:
    """Rows without the hidden ones that repeat a row which everybody sees; their cells are kept as filed."""
    seen = {entry.read.key for entry in placed if not entry.row.hidden}
    kept = []
    for entry in placed:
        if entry.row.hidden and entry.read.key in seen:
            context.findings.add("hidden_row", {"row": entry.read.key}, entry.row.number)
            entry.keep_as_filed()
        else:
            kept.append(entry)
    return kept


def _without_repeated_total(placed: list[_Placement]) -> list[_Placement]:
    """Rows without a 合计 that says once more, at the foot or on the next page, what another one says; its cells are
    kept as filed."""
    said: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    kept = []
    for entry in placed:
        if is_total(entry.read.label):
            shown = ((column_id, fold(cell.text)) for column_id, cell in entry.by_id.items() if figure(cell.text))
            total = entry.read.key, frozenset(shown)
            if total in said:
                entry.keep_as_filed()
                continue
            said.add(total)
        kept.append(entry)
    return kept


@cache
def _labels(form_id: str) -> dict[str, str]:
    """Column → its label."""
    return {column.id: column.label for column in FORMS[form_id].columns}


@cache
def _money(form_id: str) -> dict[str, tuple[Statement, ...]]:
    """Column of money → the statements that it adds up."""
    form = FORMS[form_id]
    return {column.id: form.selection(column).statement for column in form.money_columns}


_Above = dict[str, tuple[str, ...]]  # row → the rows that hold it, the nearest first


def _check_sum(form: Form, placed: list[_Placement], above: _Above, context: Context) -> None:
    """If the finest rows do not add up to 合计, rows may be missing: a table cut off looks like this."""
    if form.rows is None or not form.rows.by:
        return
    column = next((column_id for column_id, _, _ in _totals(form.form_id)), "")
    total = next(
        ((row, by_id[column]) for read, row, by_id, _ in placed if read.key == form.rows.total and column in by_id),
        None,
    )
    if total is None or (stated := total[1].amount) is None:
        return
    row, printed = total
    parents = {held for holders in above.values() for held in holders}
    leaves = [by_id[column] for read, _, by_id, _ in placed if read.key not in parents and column in by_id]
    figures = [cell.amount for cell in leaves if cell.amount is not None and cell is not printed]
    tolerance = (len(figures) + 1) * (printed.half_place or Decimal(0))
    if abs(sum(figures) - stated) > tolerance:
        context.findings.add(
            "sum",
            {"sum": sum(figures), "stated": stated, "column": _labels(form.form_id)[column]},
            row.number,
            printed.column_no,
        )


def _count_parts(form: Form, placed: list[_Placement], above: _Above) -> None:
    """Count the figures printed directly beneath each figure, down its column and across its row."""
    figures = [
        (read.key, {column_id: cell for column_id, cell in by_id.items() if cell.amount is not None})
        for read, _, by_id, _ in placed
    ]
    beneath: dict[str, dict[str, int]] = {}  # row → column → figures in the rows that are its parts
    for key, shown in figures:
        parent = next((held for held in above[key] if held in above), None)
        if parent is not None:
            counts = beneath.setdefault(parent, {})
            for column_id in shown:
                counts[column_id] = counts.get(column_id, 0) + 1
    totals = _totals(form.form_id)
    sums = {line.id: line.parts for line in form.sums}
    for key, shown in figures:
        down = beneath.get(key)
        if down is None:
            for cell in shown.values():
                cell.is_leaf = True
        else:
            for column_id, cell in shown.items():
                cell.part_count = down.get(column_id, 0)
        if key in sums:
            for column_id, cell in shown.items():
                cell.part_count = sum(other in sums[key] and column_id in cells for other, cells in figures)
                cell.is_leaf = False
        for column_id, direct, all_parts in totals:
            if column_id in shown:
                cell = shown[column_id]
                cell.part_count = max(cell.part_count, sum(map(shown.__contains__, direct)))
                if cell.is_leaf:
                    cell.is_leaf = not any(part in shown and shown[part].amount for part in all_parts)


@cache
def _totals(form_id: str) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """The columns with parts, with the columns printed directly beneath them and those at any depth."""
    form = FORMS[form_id]

    def beneath(column: Column) -> Iterator[str]:
        for part in column.parts:
            yield part
            yield from beneath(form.column(part))

    return tuple(
        (column.id, frozenset(column.parts), frozenset(beneath(column))) for column in form.columns if column.parts
    )
