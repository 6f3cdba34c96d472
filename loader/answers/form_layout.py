"""The printed layout of an official form: cells with places and spans, for pages and workbooks.

The layout comes from the declaration of the form, the figures from its report view. A cell with a figure carries its
keys of ``report.comparison``, so that the published figure can be shown with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from schema.forms.hunan_budget import INDICATOR_COLUMN_IDS
from schema.forms.template import Column, Form, Line, LineList, Role, Sheet
from schema.report_columns import report_columns

Row = dict[str, object]

_SUM = "小计"


class Kind(StrEnum):
    """The purpose of a cell."""

    HEADING = "heading"
    CODE = "code"
    LABEL = "label"
    FIGURE = "figure"
    TEXT = "text"


@dataclass(slots=True)
class Cell:
    """A cell at its place (from 0). ``key`` is row_key and column_key of the comparison, None beside figures."""

    row: int
    column: int
    value: object
    kind: Kind
    row_span: int = 1
    column_span: int = 1
    level: int = 0
    key: tuple[str, str] | None = None


@dataclass(slots=True)
class Layout:
    """A form: its width, the number of its header rows, and its cells from the top left to the bottom right.

    Forms 22 and 23 have no header. They have one ``Layout`` per sheet.
    """

    form: Form
    width: int
    header_rows: int
    cells: list[Cell] = field(default_factory=list)

    def rows(self) -> Iterator[list[Cell]]:
        """The cells row by row. A row that is filled by cells spanning from above has none."""
        number = 0
        for at, cells in groupby(sorted(self.cells, key=lambda c: (c.row, c.column)), lambda c: c.row):
            while number < at:
                yield []
                number += 1
            yield list(cells)
            number += 1


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of a list with its amount (``internal.list_line``), in official order."""

    list_key: str
    column_key: str
    row_key: str
    row_label: str
    row_level: int
    amount: Decimal | None


def headings(paths: Sequence[tuple[str, ...]]) -> list[Cell]:
    """The merged header over columns. Neighbours with the same word share a cell. A short path reaches to the
    bottom."""
    depth = max(map(len, paths))
    cells = []
    for level in range(depth):
        column = 0
        while column < len(paths):
            path = paths[column]
            if len(path) <= level:
                column += 1
                continue
            is_last = len(path) == level + 1
            span = 1
            if not is_last:
                while (
                    column + span < len(paths)
                    and paths[column + span][: level + 1] == path[: level + 1]
                    and len(paths[column + span]) > level + 1
                ):
                    span += 1
            cells.append(Cell(level, column, path[level], Kind.HEADING, depth - level if is_last else 1, span))
            column += span
    return cells


def as_published(form: Form, printed: Collection[tuple[str, str]]) -> Form:
    """The form without the optional columns, lists and lines that a document leaves out.

    ``printed`` are the row and column keys of its cells."""
    parts: list[Column | LineList | Line] = [*form.columns, *form.lists]
    parts += [line for entry in form.lists for line in entry.lines]
    if not any(part.optional for part in parts):
        return form
    rows, columns = {row for row, _ in printed}, {column for _, column in printed}
    return replace(
        form,
        columns=tuple(column for column in form.columns if not column.optional or column.id in columns),
        lists=tuple(
            replace(entry, lines=tuple(line for line in entry.lines if not line.optional or line.id in rows))
            for entry in form.lists
            if not entry.optional or any(amount.id in columns for amount in entry.amounts)
        ),
    )


def within_groups(paths: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The paths of columns, the sum of a group as 小计 beneath its heading: 基本支出 beside 基本支出/人员经费."""
    neighbours = zip(((), *paths), paths, (*paths[1:], ()), strict=False)
    return [
        (*path, _SUM)
        if any(len(other) > len(path) and other[: len(path)] == path for other in (before, after))
        else path
        for before, path, after in neighbours
    ]


def memo_columns(form: Form) -> list[Column]:
    """The columns of figures that the ledger does not hold and that the form always prints (会议费 beside 三公)."""
    return [column for column in form.columns if column.role is Role.MEMO and not column.optional]


def table(form: Form, rows: Iterable[Row]) -> Layout:
    """The layout of a form with rows of codes.

    ``rows`` are rows of its report view. They may also hold published figures under the ids of ``memo_columns``.
    """
    shown = [*report_columns(form), *memo_columns(form)]
    columns = [column for column in form.columns if column in shown]
    paths = within_groups([column.path for column in columns])
    layout = Layout(form, len(columns), max(map(len, paths)), headings(paths))
    unprinted = form.rows.unprinted_levels if form.rows is not None else ()
    for number, row in enumerate(rows, start=layout.header_rows):
        key, level = str(row["row_key"]), _number(row["row_level"])
        level -= sum(other < level for other in unprinted)  # indented only beneath printed levels
        for place, column in enumerate(columns):
            value = row.get(column.id)
            if column.role in (Role.MONEY, Role.MEMO):
                cell = Cell(number, place, value, Kind.FIGURE, key=(key, column.id))
            else:
                kind = Kind.CODE if column.role is Role.CODE else Kind.LABEL
                cell = Cell(number, place, value, kind, level=level)
            layout.cells.append(cell)
    return layout


def lists(form: Form, lines: Iterable[ListLine]) -> Layout:
    """The layout of lists side by side (such as 收支总表), with their totals in one row at the foot."""
    paths: list[tuple[str, ...]] = []
    blocks: list[tuple[int, list[str], list[list[ListLine]]]] = []
    known = {(list_key, row_key): list(found) for (list_key, row_key), found in _by_line(lines)}
    for entry in form.lists:
        amounts = [amount for amount in entry.amounts if amount.role is Role.MONEY]
        shown = {line.id for line in entry.lines}
        found = [of_line for (list_key, row), of_line in known.items() if list_key == entry.id and row in shown]
        blocks.append((len(paths), [amount.id for amount in amounts], found))
        paths += [entry.label_path, *(amount.path for amount in amounts)]
    paths = within_groups(paths)
    body = max((sum(one[0].row_level > 0 for one in found) for _, _, found in blocks), default=0)
    layout = Layout(form, len(paths), max(map(len, paths)), headings(paths))
    for first, amounts_of, found in blocks:
        places = {True: layout.header_rows, False: layout.header_rows + body}
        for of_line in found:
            line = of_line[0]
            place = places[line.row_level > 0]
            places[line.row_level > 0] += 1
            layout.cells.append(Cell(place, first, line.row_label, Kind.LABEL, level=line.row_level))
            by_column = {one.column_key: one.amount for one in of_line}
            for number, column_key in enumerate(amounts_of, start=first + 1):
                value = by_column.get(column_key)
                layout.cells.append(Cell(place, number, value, Kind.FIGURE, key=(line.row_key, column_key)))
    return _filled(layout)


def _by_line(lines: Iterable[ListLine]) -> Iterator[tuple[tuple[str, str], Iterable[ListLine]]]:
    found: dict[tuple[str, str], list[ListLine]] = {}
    for line in lines:
        found.setdefault((line.list_key, line.row_key), []).append(line)
    yield from found.items()


def _filled(layout: Layout) -> Layout:
    """Add blank cells where lists of different lengths leave places, so that every row is complete."""
    bottom = max((cell.row for cell in layout.cells), default=0)
    taken = {(cell.row, cell.column) for cell in layout.cells}
    for row in range(layout.header_rows, bottom + 1):
        for column in range(layout.width):
            if (row, column) not in taken:
                layout.cells.append(Cell(row, column, None, Kind.LABEL))
    return layout


# ---------------------------------------------------------------------------- forms known by their titles alone


@dataclass(frozen=True, slots=True)
class KeptCell:
    """A cell of ``filed.cell`` as it was printed. Places count from 1."""

    form_no: int
    row_no: int
    column_no: int
    row_span: int
    column_span: int
    text: str
    source_row: int

    @property
    def key(self) -> tuple[str, str]:
        """Identifies the cell within its form, because it has no row and column keys."""
        return f"{self.form_no}/{self.row_no}", str(self.column_no)


def as_printed(form: Form, found: Sequence[KeptCell]) -> Layout:
    """A table as it was published, without a header, because the header rows are not known."""
    first = min(cell.row_no for cell in found)
    layout = Layout(form, max(cell.column_no + cell.column_span for cell in found) - 1, 0)
    taken: set[tuple[int, int]] = set()
    for kept in found:
        row, column = kept.row_no - first, kept.column_no - 1
        figure = _figure(kept.text)
        kind = Kind.TEXT if figure is None else Kind.FIGURE
        value = kept.text if figure is None else figure
        layout.cells.append(Cell(row, column, value, kind, kept.row_span, kept.column_span, key=kept.key))
        taken |= {(row + down, column + on) for down in range(kept.row_span) for on in range(kept.column_span)}
    bottom = max(row for row, _ in taken)
    blanks = {(row, column) for row in range(bottom + 1) for column in range(layout.width)} - taken
    layout.cells += [Cell(row, column, None, Kind.TEXT) for row, column in blanks]
    return layout


_MONEY = re.compile(r"-?\d[\d,]*\.\d\d")  # codes and counts have no decimals


def _figure(text: str) -> Decimal | None:
    return Decimal(text.replace(",", "")) if _MONEY.fullmatch(text) else None


# ---------------------------------------------------------------------------- forms 22 and 23

_MERGED = ("level1", "level2")  # printed once for the rows below that say the same


def sheets(form: Form, rows: Iterable[Row]) -> list[Layout]:
    """The sheets of goals (绩效目标), one per project or one for the department, from the rows of the report view."""
    found: list[list[Row]] = []
    for row in rows:
        is_first = row["item"] in ("项目名称", "部门名称") or not found
        if is_first:
            found.append([])
        found[-1].append(row)
    draw = _project_sheet if form.sheet is Sheet.PROJECT else _department_sheet
    return [draw(form, group) for group in found]


class _Drawing:
    """A sheet that is built row by row."""

    def __init__(self, form: Form, width: int) -> None:
        self.layout = Layout(form, width, 0)
        self.row = 0
        self._columns = {column.id: column for column in form.columns}

    def label(self, column: int, text: str, column_span: int = 1, row_span: int = 1, down: int = 0) -> None:
        self._add(Cell(self.row + down, column, text, Kind.HEADING, row_span, column_span))

    def heading(self, column: int, column_id: str, column_span: int = 1, row_span: int = 1, down: int = 0) -> None:
        self.label(column, self._columns[column_id].path[-1], column_span, row_span, down)

    def value(self, column: int, row: Row, column_id: str, column_span: int = 1, down: int = 0) -> None:
        kind = Kind.FIGURE if self._columns[column_id].role is Role.MONEY else Kind.TEXT
        cell = Cell(self.row + down, column, row.get(column_id), kind, 1, column_span)
        cell.key = (str(row["row_key"]), column_id)
        self._add(cell)

    def fact(self, row: Row | None, column_id: str) -> None:
        """Add a row with a label and its text, as wide as the sheet."""
        self.heading(0, column_id)
        if row is not None:
            self.value(1, row, column_id, self.layout.width - 1)
        self.row += 1

    def indicators(self, first: int, rows: Sequence[Row]) -> None:
        """Add the heads of the indicators and their rows, beginning at a column."""
        for place, column_id in enumerate(INDICATOR_COLUMN_IDS):
            self.heading(first + place, column_id)
        self.row += 1
        for down, row in enumerate(rows):
            for place, column_id in enumerate(INDICATOR_COLUMN_IDS):
                if column_id in _MERGED:
                    self._merged(first + place, rows, down, column_id)
                else:
                    self.value(first + place, row, column_id, down=down)
        self.row += len(rows)

    def _merged(self, column: int, rows: Sequence[Row], down: int, column_id: str) -> None:
        """Add the name of a group once, for the rows that share it and the groups above it."""
        path = _MERGED[: _MERGED.index(column_id) + 1]

        def same(one: int, other: int) -> bool:
            return all(rows[one].get(name) == rows[other].get(name) for name in path)

        if down and same(down - 1, down):
            return
        end = down + 1
        while end < len(rows) and same(down, end):
            end += 1
        self.value(column, rows[down], column_id, down=down)
        self.layout.cells[-1].row_span = end - down

    def _add(self, cell: Cell) -> None:
        self.layout.cells.append(cell)


def _of(rows: Iterable[Row], item: str) -> list[Row]:
    return [row for row in rows if row["item"] == item]


def _first(rows: Iterable[Row], item: str) -> Row | None:
    return next((row for row in rows if row["item"] == item), None)


def _project_sheet(form: Form, rows: list[Row]) -> Layout:
    sheet = _Drawing(form, 9)
    sheet.fact(_first(rows, "项目名称"), "project_name")
    sheet.heading(0, "category")
    sheet.heading(4, "amount", 2)
    if (row := _first(rows, "项目类别")) is not None:
        sheet.value(1, row, "category", 3)
        sheet.value(6, row, "amount", 3)
    sheet.row += 1
    sheet.fact(_first(rows, "项目支出实施期"), "period")
    sheet.fact(_first(rows, "本年度绩效目标"), "goal")
    indicators = _of(rows, "指标")
    sheet.label(0, "本年度绩效指标", row_span=len(indicators) + 1)
    sheet.indicators(1, indicators)
    return sheet.layout


def _department_sheet(form: Form, rows: list[Row]) -> Layout:
    sheet = _Drawing(form, 8)
    sheet.fact(_first(rows, "部门名称"), "department_name")
    sheet.fact(_first(rows, "年履职目标"), "duty_goal")
    tasks = _of(rows, "年度主要任务")
    sheet.label(0, "年度主要任务", row_span=len(tasks) + 1)
    sheet.heading(1, "task_name", 3)
    sheet.heading(4, "task_content", 4)
    sheet.row += 1
    for row in tasks:
        sheet.value(1, row, "task_name", 3)
        sheet.value(4, row, "task_content", 4)
        sheet.row += 1
    money = [column for column in form.columns if column.role is Role.MONEY]
    sheet.label(0, "预算情况（万元）", row_span=3)
    for cell in headings([column.path for column in money]):
        sheet.label(cell.column + 1, str(cell.value), cell.column_span, cell.row_span, cell.row)
    sheet.row += 2
    budget = next((row for row in rows if row["row_key"] == (form.rows.total if form.rows else None)), None)
    for place, column in enumerate(money, start=1):
        if budget is not None:
            sheet.value(place, budget, column.id)
    sheet.row += 1
    sheet.indicators(0, _of(rows, "指标"))
    return sheet.layout


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
