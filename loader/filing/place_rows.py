"""Forms with rows of codes: which row and column each cell is, what is summed beneath it, and whether it adds up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from loader.documents.grid import Row
from loader.documents.wording import figure, fold, is_total, label
from loader.filing.figures import place_others, place_prior, set_figure
from loader.filing.filed import FiledCell
from loader.filing.form_table import FormTable
from loader.filing.headers import PriorColumn
from loader.filing.row_reader import Context, PlacedRow, RowReader, one_text
from schema.forms import FORMS
from schema.forms.template import Column, Form, Prior, Role, Statement

_Above = dict[str, tuple[str, ...]]  # row → the rows that hold it, the nearest first


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


class _Layout(NamedTuple):
    """What the columns of a form are under one header: those that tell a row (``words``), those with figures of this
    year and the statements that these add up, those of other years."""

    groups: tuple[_Group, ...]
    words: frozenset[str]
    summed: dict[str, tuple[Statement, ...]]
    priors: dict[str, Prior]


@lru_cache(maxsize=1_000)
def _layout_of(form_id: str, groups: tuple[tuple[tuple[int, str], ...], ...]) -> _Layout:
    """The columns of a form under a header; ``groups`` are those of each group side by side, and what they are."""
    form, money = FORMS[form_id], _money(form_id)
    declared = {column_id: form.column(column_id) for _, column_id in groups[0]}
    if form.rows is not None and form.rows.detail is not None:
        declared[form.rows.detail] = form.column(form.rows.detail)
    told_by = (Role.CODE, Role.NAME, Role.TEXT) if form.rows and form.rows.detail else (Role.CODE, Role.NAME)
    return _Layout(
        groups=tuple(_group(dict(columns), declared) for columns in groups),
        words=frozenset(column_id for column_id, column in declared.items() if column.role in told_by),
        summed={
            column_id: money.get(column_id, ())
            for column_id, column in declared.items()
            if column.role in (Role.MONEY, Role.MEMO)
        },
        priors={
            column_id: column.prior
            for column_id, column in declared.items()
            if column.role is Role.PRIOR and column.prior is not None
        },
    )


def place_rows(
    table: FormTable, form: Form, body: list[tuple[Row, list[FiledCell]]], factor: Decimal, context: Context
) -> None:
    reader = RowReader(form, table, context)
    placed: list[_Placement] = []
    labels, money = column_labels(form.form_id), _money(form.form_id)
    year = context.identity.fiscal_year
    prior_counts: Counter[Prior] = Counter()
    layout = _layout_of(form.form_id, tuple([tuple(columns.items()) for columns in (table.columns, *table.beside)]))
    groups, words = layout.groups, layout.words
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
                    name = "".join(words_of.get(reader.codes.name, ()))
                    parts = reader.whole_parts({number: printed.get(number, "") for number in numbers}, name)
                    words_of[column_id] = parts or [""]
            values = {column_id: one_text(shown) for column_id, shown in words_of.items()}
            if reader.is_one_row and (prior := reader.prior_of(values, row)) is not None:
                prior_counts[prior] += 1
                if prior_counts[prior] == 1:
                    figures = {at: by_id[at] for at in by_id if at in layout.summed}
                    _place_prior_row(cells, figures, prior, reader.total, factor, context)
                else:  # 年初预算数 beneath 预算数: which of them counts is not known, and one key holds one figure
                    context.findings.add(
                        "duplicate_row", {"row": cells[0].text, "count": prior_counts[prior]}, row.number
                    )
                continue
            read = reader.read(values, row)
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
                place_others(cells, table, factor, context)
            placed.append(_Placement(read, row, by_id, cells))
    placed = _without_repeated_total(_without_hidden_copies(placed, context))
    if reader.is_one_row:
        placed = _without_units(placed, context)
    priors = {
        column_id: PriorColumn(column_id, year - prior.years_back, prior.stage)
        for column_id, prior in layout.priors.items()
    }
    summed = layout.summed
    for entry in placed:
        for column_id, cell in entry.by_id.items():
            cell.column_key, cell.column_label = column_id, labels[column_id]
            if column_id in summed:
                cell.statements = summed[column_id]
                if not set_figure(cell, factor):
                    context.findings.add_no_figure(cell)
            elif column_id in priors:
                place_prior(cell, priors[column_id], factor, context)
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


def _place_prior_row(
    cells: list[FiledCell], figures: dict[str, FiledCell], prior: Prior, key: str, factor: Decimal, context: Context
) -> None:
    """A row of another year or stage; ``figures`` are its cells of money by their columns."""
    said = cells[0].text
    for cell in cells:
        cell.row_key, cell.row_label = key, said
    for column_id, cell in figures.items():
        of = PriorColumn(column_id, context.identity.fiscal_year - prior.years_back, prior.stage)
        place_prior(cell, of, factor, context)


def _group(columns: dict[int, str], declared: dict[str, Column]) -> _Group:
    """A group by the ids of its columns, which count from 0."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for column, column_id in sorted(columns.items()):
        if declared[column_id].role is Role.CODE:
            numbers[column_id].append(column + 1)
    spread = {column_id: found for column_id, found in numbers.items() if len(found) > 1}
    return _Group({column + 1: column_id for column, column_id in columns.items()}, spread)


def _side_by_side(
    groups: Sequence[_Group], form: Form, cells: list[FiledCell]
) -> Iterator[tuple[list[FiledCell], _Group]]:
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


def _without_units(placed: list[_Placement], context: Context) -> list[_Placement]:
    """The rows of a form of one row without those beside 合计 that say less, such as a row a unit; their cells are kept
    as filed."""
    totals = [entry for entry in placed if any(is_total(cell.text) for cell in entry.cells)]
    if len(totals) != 1:
        return placed
    for entry in placed:
        if entry is not totals[0]:
            context.findings.add("unknown_row", {"row": entry.row.text[:60]}, entry.row.number)
            entry.keep_as_filed()
    return totals


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
            {"sum": sum(figures), "stated": stated, "column": column_labels(form.form_id)[column]},
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
        other_than_zero = {column_id for column_id, cell in shown.items() if cell.amount}
        for column_id, direct, all_parts in totals:
            if column_id in shown:
                cell = shown[column_id]
                cell.part_count = max(cell.part_count, len(direct.intersection(shown)))
                cell.is_leaf = cell.is_leaf and all_parts.isdisjoint(other_than_zero)


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


@cache
def _money(form_id: str) -> dict[str, tuple[Statement, ...]]:
    """Column of money → the statements that it adds up."""
    form = FORMS[form_id]
    return {column.id: form.selection(column).statement for column in form.money_columns}


@cache
def column_labels(form_id: str) -> dict[str, str]:
    """Column → its label."""
    return {column.id: column.label for column in FORMS[form_id].columns}
