"""Forms with rows of codes: the row and column of each cell, the figures summed in it, and whether they add up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from loader.documents.grid import Row
from loader.documents.wording import figure, fold, is_total, label
from loader.filing.filed import FiledCell
from loader.filing.headers.years import PriorColumn
from loader.filing.known_names import names_of
from loader.filing.placing.figures import place_others, place_prior, set_figure
from loader.filing.rows.context import Context
from loader.filing.rows.levels import one_text
from loader.filing.rows.placed_row import PlacedRow
from loader.filing.rows.row_reader import RowReader
from loader.filing.tables.form_table import FormTable
from schema.forms import FORMS
from schema.forms.template import Column, Coordinate, Form, Prior, Role, Statement

_Above = dict[str, tuple[str, ...]]  # row → the rows that contain it, the nearest first


class _Placement(NamedTuple):
    """A row of the grid with its key and label. ``cells`` are all of its cells, ``by_id`` those of known columns."""

    read: PlacedRow
    row: Row
    by_id: dict[str, FiledCell]
    cells: list[FiledCell]

    def keep_as_filed(self) -> None:
        """Remove the keys and figures of its cells. Their texts and places stay."""
        for cell in self.cells:
            cell.row_key = cell.row_label = cell.column_key = cell.column_label = cell.amount = None


class _Group(NamedTuple):
    """The columns of one group of the same columns side by side.

    ``columns``: number of a column → id. ``spread``: id of a code → the columns over which its 类, 款 and 项 are
    spread, if several.
    """

    columns: dict[int, str]
    spread: dict[str, list[int]]


class _Layout(NamedTuple):
    """The columns of a form under one header.

    ``words``: the columns that identify a row. ``summed``: columns with figures of this year → the statements that they
    add up. ``priors``: columns of other years.
    """

    groups: tuple[_Group, ...]
    words: frozenset[str]
    summed: dict[str, tuple[Statement, ...]]
    priors: dict[str, Prior]


@lru_cache(maxsize=1_000)
def _layout_of(form_id: str, groups: tuple[tuple[tuple[int, str], ...], ...]) -> _Layout:
    """The columns of a form under a header. ``groups``: for each group side by side, its grid columns and their ids."""
    form, money = FORMS[form_id], _money(form_id)
    declared = {column_id: form.column(column_id) for _, column_id in groups[0]}
    beneath = [detail for _, detail in form.rows.details] if form.rows is not None else []
    declared |= {detail: form.column(detail) for detail in beneath}
    told_by = (Role.CODE, Role.NAME, Role.TEXT) if beneath else (Role.CODE, Role.NAME)
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
    """Give the cells of the body their rows, columns and figures. Rows that are unknown or do not add up become
    findings."""
    placer = _Placer(table, form, factor, context)
    for row, cells in body:
        placer.read(row, cells)
    placed = _without_repeated_total(_without_hidden_copies(placer.placed, context))
    if placer.reader.one_row is not None:
        placed = _without_units(placed, context)
    else:
        placed = _without_details(form, placed, placer.money, context)
    placer.set_figures(placed)
    above = {read.key: form.rows.above(read.key) if form.rows is not None else () for read, *_ in placed}
    _count_parts(form, placed, above)
    _check_sum(form, placed, above, context)
    _check_keys(form, placed, context)


class _Placer:
    """Reads the rows of one table from top to bottom, then gives the cells their figures."""

    def __init__(self, table: FormTable, form: Form, factor: Decimal, context: Context) -> None:
        self.table = table
        self.form = form
        self.factor = factor
        self.context = context
        self.reader = RowReader(form, table, context)
        self.layout = _layout_of(
            form.form_id, tuple([tuple(columns.items()) for columns in (table.columns, *table.beside)])
        )
        self.money = _money(form.form_id)
        self.has_others = bool(table.rates or table.priors)
        self.prior_counts: Counter[Prior] = Counter()
        self.placed: list[_Placement] = []

    def read(self, row: Row, cells: list[FiledCell]) -> None:
        """Give a row its key, or each of the rows that stand side by side in it."""
        groups, one_row = self.layout.groups, self.reader.one_row
        for own, group in _side_by_side(groups, self.form, cells) if self.table.beside else [(cells, groups[0])]:
            by_id, values = self._in_columns(own, group)
            if one_row is not None and (prior := one_row.prior_of(values, row)) is not None:
                self._place_prior_row(row, own, by_id, prior)
            else:
                self._place_row(row, own, by_id, values)

    def _in_columns(self, cells: list[FiledCell], group: _Group) -> tuple[dict[str, FiledCell], dict[str, str]]:
        """The cells of a row by column id, and the texts of the columns that identify it."""
        by_id: dict[str, FiledCell] = {}
        words_of: dict[str, list[str]] = {}
        words = self.layout.words
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
                name = "".join(words_of.get(self.reader.columns.name, ()))
                parts = self.reader.levels.whole_parts({number: printed.get(number, "") for number in numbers}, name)
                words_of[column_id] = parts or [""]
        return by_id, {column_id: one_text(shown) for column_id, shown in words_of.items()}

    def _place_row(self, row: Row, cells: list[FiledCell], by_id: dict[str, FiledCell], values: dict[str, str]) -> None:
        read = self.reader.read(values, row)
        if read is None and any(is_total(cell.text) for cell in cells):
            read = PlacedRow(self.reader.total, "合计")
        if read is None:
            if any(column_id in self.money and figure(cell.text) for column_id, cell in by_id.items()):
                self.context.findings.add("unknown_row", {"row": row.text[:60]}, row.number)
            return
        if read.is_detail and self.form.rows is not None:
            beneath = dict(self.form.rows.details)
            kept = (column_id for column_id in by_id if column_id in beneath or column_id not in self.money)
            by_id = {beneath.get(column_id, column_id): by_id[column_id] for column_id in kept}
        for cell in cells:
            cell.row_key, cell.row_label = read.key, read.label
        if self.has_others:
            place_others(cells, self.table, self.factor, self.context)
        self.placed.append(_Placement(read, row, by_id, cells))

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

    def set_figures(self, placed: Sequence[_Placement]) -> None:
        """Give the cells of known columns their column keys and figures."""
        labels, summed, priors = column_labels(self.form.form_id), self.layout.summed, self.layout.priors
        for entry in placed:
            for column_id, cell in entry.by_id.items():
                cell.column_key, cell.column_label = column_id, labels[column_id]
                if column_id in summed:
                    cell.statements = summed[column_id]
                    if not set_figure(cell, self.factor):
                        self.context.findings.add_no_figure(cell)
                elif column_id in priors:
                    self._place_prior(cell, column_id, priors[column_id])

    def _place_prior(self, cell: FiledCell, column_id: str, prior: Prior) -> None:
        of = PriorColumn(column_id, self.context.identity.fiscal_year - prior.years_back, prior.stage)
        place_prior(cell, of, self.factor, self.context)


def _group(columns: dict[int, str], declared: dict[str, Column]) -> _Group:
    """A group from its grid columns, which count from 0."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for column, column_id in sorted(columns.items()):
        if declared[column_id].role is Role.CODE:
            numbers[column_id].append(column + 1)
    spread = {column_id: found for column_id, found in numbers.items() if len(found) > 1}
    return _Group({column + 1: column_id for column, column_id in columns.items()}, spread)


def _side_by_side(
    groups: Sequence[_Group], form: Form, cells: list[FiledCell]
) -> Iterator[tuple[list[FiledCell], _Group]]:
    """The cells of a row for each group, if groups of the same columns stand side by side.

    A sum at the foot may span several groups: its figure is the next one to the right.
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
    """The rows without hidden ones that repeat a visible row. Their cells are kept as filed."""
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
    """The rows without a 合计 that repeats another one, at the foot or on the next page.

    Its cells are kept as filed.
    """
    seen: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    kept = []
    for entry in placed:
        if is_total(entry.read.label):
            shown = ((column_id, fold(cell.text)) for column_id, cell in entry.by_id.items() if figure(cell.text))
            total = entry.read.key, frozenset(shown)
            if total in seen:
                entry.keep_as_filed()
                continue
            seen.add(total)
        kept.append(entry)
    return kept


def _without_details(
    form: Form, placed: list[_Placement], money: Collection[str], context: Context
) -> list[_Placement]:
    """The rows without those that repeat a code, are not named like a subject, and add up to the first row of the code.

    Such rows are the projects of a function, or its 小计 at the end. Their cells are kept as filed.
    """
    subject = form.rows.subject if form.rows is not None else None
    if subject not in (Coordinate.FUNCTIONAL, Coordinate.DEPARTMENT_ECONOMIC):
        return placed
    if len({entry.read.key for entry in placed}) == len(placed):
        return placed
    names = names_of(subject.value)
    by_key: dict[str, list[_Placement]] = defaultdict(list)
    for entry in placed:
        by_key[entry.read.key].append(entry)
    dropped: list[_Placement] = []
    for entry, *details in by_key.values():
        is_divided = (
            bool(details)
            and not any(label(detail.read.label) in names for detail in details)
            and label(entry.read.label) in names
            and _add_up(details, entry, money)
        )
        for detail in details if is_divided else ():
            context.findings.add("unknown_row", {"row": detail.row.text[:60]}, detail.row.number)
            detail.keep_as_filed()
            dropped.append(detail)
    return [entry for entry in placed if not any(entry is detail for detail in dropped)]


def _add_up(details: Sequence[_Placement], entry: _Placement, money: Collection[str]) -> bool:
    """Whether the figures of rows add up to those of another row in each column of money."""
    return all(
        sum(_printed(detail, column_id) for detail in details) == _printed(entry, column_id)
        for column_id in {column_id for row in (entry, *details) for column_id in row.by_id if column_id in money}
    )


def _printed(entry: _Placement, column_id: str) -> Decimal:
    shown = figure(entry.by_id[column_id].text) if column_id in entry.by_id else None
    return shown.value if shown is not None else Decimal(0)


def _without_units(placed: list[_Placement], context: Context) -> list[_Placement]:
    """The rows of a form of one row without further rows beside 合计, such as one for each unit.

    Their cells are kept as filed.
    """
    totals = [entry for entry in placed if any(is_total(cell.text) for cell in entry.cells)]
    if len(totals) != 1:
        return placed
    for entry in placed:
        if entry is not totals[0]:
            context.findings.add("unknown_row", {"row": entry.row.text[:60]}, entry.row.number)
            entry.keep_as_filed()
    return totals


def _check_sum(form: Form, placed: list[_Placement], above: _Above, context: Context) -> None:
    """Add a finding if the finest rows do not add up to 合计: rows may be missing, as in a table cut off."""
    if form.rows is None or not form.rows.by:
        return
    column = next((column.id for column in form.columns if column.parts), "")
    total = next(
        ((row, by_id[column]) for read, row, by_id, _ in placed if read.key == form.rows.total and column in by_id),
        None,
    )
    if total is None or (stated := total[1].amount) is None:
        return
    row, printed = total
    parents = {held for holders in above.values() for held in holders}
    leaves = [by_id[column] for read, _, by_id, _ in placed if read.key not in parents and column in by_id]
    if not leaves and form.rows.details:  # all other rows are details, which have columns of their own
        return
    figures = [cell.amount for cell in leaves if cell.amount is not None and cell is not printed]
    tolerance = (len(figures) + 1) * (printed.half_place or Decimal(0))
    if abs(sum(figures) - stated) > tolerance:
        context.findings.add(
            "sum",
            {"sum": sum(figures), "stated": stated, "column": column_labels(form.form_id)[column]},
            row.number,
            printed.column_no,
        )


def _check_keys(form: Form, placed: list[_Placement], context: Context) -> None:
    """Add findings about repeated rows, and about a missing 合计."""
    keys = Counter(read.key for read, *_ in placed)
    for key, count in keys.items():
        if count > 1:
            context.findings.add("duplicate_row", {"row": key, "count": count})
    is_own_alone = keys.keys() == {context.identity.reporting_unit_code}  # a single unit needs no sum
    if placed and form.rows is not None and form.rows.total not in (None, *keys) and not is_own_alone:
        context.findings.add("no_total", {})


def _count_parts(form: Form, placed: list[_Placement], above: _Above) -> None:
    """Count the figures directly below each figure, down its column and across its row."""
    figures = [
        (read.key, {column_id: cell for column_id, cell in by_id.items() if cell.amount is not None})
        for read, _, by_id, _ in placed
    ]
    beneath: dict[str, list[str]] = defaultdict(list)  # row → columns of the figures in its parts
    for key, shown in figures:
        for held in above[key]:
            if held in above:
                beneath[held] += shown
                break
    totals = _totals(form.form_id, frozenset(chain.from_iterable([shown for _, shown in figures])))
    sums = {line.id: line.parts for line in form.sums}
    for key, shown in figures:
        if key in beneath:
            down = Counter(beneath[key])
            for column_id, cell in shown.items():
                cell.part_count = down[column_id]
        else:
            for cell in shown.values():
                cell.is_leaf = True
        if key in sums:
            for column_id, cell in shown.items():
                cell.part_count = sum(other in sums[key] and column_id in cells for other, cells in figures)
                cell.is_leaf = False
        for column_id, direct, all_parts in totals:
            if column_id in shown:
                cell = shown[column_id]
                cell.part_count = max(cell.part_count, len(direct.intersection(shown)))
                cell.is_leaf = cell.is_leaf and not any(shown[part].amount for part in all_parts if part in shown)


@lru_cache(maxsize=1_000)
def _totals(form_id: str, shown: frozenset[str]) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """The columns with parts and a figure, each with the columns directly below it and those at any depth."""
    form = FORMS[form_id]

    def beneath(column: Column) -> Iterator[str]:
        for part in column.parts:
            yield part
            yield from beneath(form.column(part))

    return tuple(
        (column.id, frozenset(column.parts), frozenset(beneath(column)) & shown)
        for column in form.columns
        if column.parts and column.id in shown
    )


@cache
def _money(form_id: str) -> dict[str, tuple[Statement, ...]]:
    """Column of money → the statements that it adds up."""
    form = FORMS[form_id]
    return {column.id: form.selection(column).statement for column in form.money_columns}


@cache
def column_labels(form_id: str) -> dict[str, str]:
    """Column id → label."""
    return {column.id: column.label for column in FORMS[form_id].columns}
