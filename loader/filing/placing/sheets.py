"""Sheets of performance goals (forms 22 and 23): fields with labels, tasks, budget figures and indicators."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from itertools import pairwise

from loader.documents.remembered import remembered
from loader.documents.wording import figure, fold, fold_name, label
from loader.filing.filed import FiledCell, FiledForm, Finding, Goal, Indicator
from loader.filing.form_findings import FormFindings
from loader.filing.headers.paths import header_paths
from loader.filing.identity import Identity
from loader.filing.placing.body import cells_by_row
from loader.filing.placing.figures import UNIT_FACTORS, set_figure
from loader.filing.placing.repeated_rows import without_hidden_lines
from loader.filing.tables.form_table import FormTable
from loader.filing.tables.titles import money_unit_of
from schema.forms import FORMS
from schema.forms.hunan_budget import INDICATOR_COLUMN_IDS
from schema.forms.template import Column, Form, Role, Sheet, first_row_of_project

_OPERATORS = {"≤": "≤", "≦": "≤", "<=": "≤", "≥": "≥", "≧": "≥", ">=": "≥", "=": "=", "<": "<", ">": ">"}
_WORD_OPERATORS = {
    "小于等于": "≤",
    "不超过": "≤",
    "大于等于": "≥",
    "不低于": "≥",
    "等于": "=",
    "小于": "<",
    "大于": ">",
}
_TARGET = re.compile(r"^([≤≥≦≧=<>]|<=|>=)?([-+]?[\d,]*\.?\d+)(.*)$")


@cache
def _fields_of(form_id: str) -> dict[str, Column]:
    """Label → the column of a sheet that it names."""
    return {label(path[-1]): column for column in FORMS[form_id].columns for path in (column.path, *column.aliases)}


@remembered(10_000)  # sheets ask for every cell, twice
def _bare_label(text: str) -> str:
    """The label of a field without what stands in brackets behind it."""
    return label(re.sub(r"\(.*?\)$", "", fold(text)))


class _Sheet:
    """One sheet, read row by row."""

    def __init__(
        self, table: FormTable, form: Form, form_no: int, identity: Identity, projects: dict[str, str]
    ) -> None:
        self.table = table
        self.form = form
        self.findings = FormFindings(form_no, form)
        self.cells = cells_by_row(table)
        self.rows = without_hidden_lines(self.cells, self.findings)
        self.names = _fields_of(form.form_id)
        title = next(
            (
                cell.text
                for _, cells in self.rows
                for before, cell in pairwise(cells)
                if self._field(before.text) in ("project_name", "department_name")
            ),
            identity.reporting_unit_name,
        )
        name = fold_name(title)
        if form.sheet is Sheet.PROJECT:
            name = projects.get(fold(title), first_row_of_project(name))
        self.goal = Goal(form.form_id, name, name if form.sheet is Sheet.PROJECT else None)
        self.key = self.goal.subject_key if form.sheet is Sheet.PROJECT else "department"
        self.factor = UNIT_FACTORS[table.money_unit or "万元"]

    def _field(self, text: str) -> str | None:
        column = self.names.get(_bare_label(text))
        return column.id if column else None

    def read(self) -> None:
        """Read all rows: fields, tasks, budget figures, and the indicators at the end."""
        index = 0
        while index < len(self.rows):
            cells = self.rows[index][1]
            words = {label(cell.text) for cell in cells}
            if "一级指标" in words:
                self._indicators(index)
                return
            if "任务名称" in words:
                index = self._tasks(index)
            elif "资金总额" in words:
                index = self._budget(index)
            else:
                self._fields(cells)
                index += 1
        self.findings.add("no_indicators", {}, self.rows[-1][0].number)

    def _fields(self, cells: list[FiledCell]) -> None:
        """Read pairs of a label and the value to its right."""
        position = 0
        while position < len(cells) - 1:
            field = self._field(cells[position].text)
            value = cells[position + 1]
            if field is None or self._field(value.text) is not None:
                position += 1
                continue
            column = self.form.column(field)
            self._key(value, self.key, column, cells[position].text)
            if column.role is Role.MONEY:
                unit = money_unit_of(cells[position].text)
                self._figure(value, UNIT_FACTORS[unit] if unit else self.factor)
                value.statements = self.form.selection(column).statement
                value.is_leaf = True
            elif field == "category":
                self.goal.category = value.text
            elif field == "period":
                self.goal.period = value.text
            elif field in ("goal", "duty_goal"):
                self.goal.text = value.text
            position += 2

    def _tasks(self, index: int) -> int:
        """Read the rows of task and content below 任务名称 | 主要内容. Returns the index of the row after them."""
        _, cells = self.rows[index]
        columns = {self._field(c.text): c.column_no for c in cells}
        name_at, content_at = columns.get("task_name"), columns.get("task_content")
        seen: Counter[str] = Counter()
        index += 1
        while index < len(self.rows):
            cells = self.rows[index][1]
            words = {label(cell.text) for cell in cells}
            if words & {"资金总额", "一级指标"} or name_at is None:
                break
            name = next((c for c in cells if c.column_no == name_at), None)
            content = next((c for c in cells if c.column_no == content_at), None)
            if name is None and content is None:
                self._fields(cells)
            else:
                task = fold_name(name.text) if name else ""
                seen[task] += 1
                key = f"task/{task}" + (f"#{seen[task]}" if seen[task] > 1 else "")
                if name:
                    self._key(name, key, self.form.column("task_name"), name.text)
                if content:
                    self._key(content, key, self.form.column("task_content"), name.text if name else "")
                self.goal.tasks.append((task, content.text if content else None))
            index += 1
        return index

    def _budget(self, index: int) -> int:
        """Read the figures below 资金总额 | 按收入性质分 | 按支出性质分. Returns the index of the row after them."""
        end = index + 1
        while end < len(self.rows) and not any(figure(c.text) for c in self.rows[end][1]):
            end += 1
        if end == len(self.rows):
            return index + 1
        header = [row for row, _ in self.rows[index:end]]
        unit = next((u for row in header for cell in row.cells if (u := money_unit_of(cell.text))), None)
        factor = UNIT_FACTORS[unit] if unit else self.factor
        paths = header_paths([row.cells for row in header])
        row, cells = self.rows[end]
        known = {
            tuple(fold(word) for word in path): column
            for column in self.form.money_columns
            for path in (column.path, *column.aliases)
        }
        by_leaf = {path[-1]: column for path, column in known.items()}
        for cell in cells:
            path = paths.get(cell.column_no - 1, ())
            column = known.get(path) or (by_leaf.get(path[-1]) if path else None)
            if column is None:
                if figure(cell.text):
                    self.findings.add("unknown_column", {"column": "-".join(path)}, row.number, cell.column_no)
                continue
            self._key(cell, "budget", column, "预算情况")
            self._figure(cell, factor)
            cell.statements = self.form.selection(column).statement
            cell.is_leaf = not column.parts
            cell.part_count = len(column.parts)
        return end + 1

    def _indicators(self, index: int) -> None:
        _, cells = self.rows[index]
        at = {cell.column_no: field for cell in cells if (field := self._field(cell.text)) in INDICATOR_COLUMN_IDS}
        seen: Counter[tuple[str | None, ...]] = Counter()
        level1 = level2 = None
        for _, cells in self.rows[index + 1 :]:
            if self._is_signature(cells):
                continue
            by_field = {at[c.column_no]: c for c in cells if c.column_no in at}
            texts = {field: cell.text for field, cell in by_field.items()}
            if "level1" in texts:
                level1, level2 = fold_name(texts["level1"]), None
            if "level2" in texts:
                level2 = fold_name(texts["level2"])
            level3 = fold_name(texts["level3"]) if "level3" in texts else None
            if level3 is None and "target" not in texts:
                continue
            path = (level1, level2, level3)
            seen[path] += 1
            prefix = self.key if self.form.sheet is Sheet.PROJECT else "indicator"
            key = "/".join([prefix, *(part or "" for part in path)])
            key += f"#{seen[path]}" if seen[path] > 1 else ""
            for field, cell in by_field.items():
                self._key(cell, key, self.form.column(field), level3 or "")
            self.goal.indicators.append(_indicator(level1, level2, level3, texts))

    @staticmethod
    def _is_signature(cells: list[FiledCell]) -> bool:
        """Whether a row below the indicators is a signature (填表人、负责人 …)."""
        return bool(re.match(r"(填表|填报|制表|审核|负责|联系|单位负责)", fold(cells[0].text)))

    @staticmethod
    def _key(cell: FiledCell, row_key: str, column: Column, row_label: str) -> None:
        cell.row_key, cell.row_label = row_key, row_label
        cell.column_key, cell.column_label = column.id, column.label

    def _figure(self, cell: FiledCell, factor: Decimal) -> None:
        if not set_figure(cell, factor):
            self.findings.add_no_figure(cell)


def _indicator(level1: str | None, level2: str | None, level3: str | None, texts: dict[str, str]) -> Indicator:
    """Split a target into its parts: ≥ 95 %. The sign may stand in the value or in the column 指标值类型."""
    value = texts.get("target")
    kind = texts.get("target_type")
    operator = _OPERATORS.get(fold(kind or "").replace("＝", "="), _WORD_OPERATORS.get(fold(kind or "")))
    number = None
    measure = texts.get("measure")
    match = _TARGET.match(_words_to_operators(fold(value or "")))
    if match and len(match[3]) <= 4:
        operator = _OPERATORS.get(match[1] or "", operator)
        shown = figure(match[2])
        number = shown.value if shown else None
        measure = measure or match[3] or None
    else:
        operator = operator if number is not None else None
    if measure is not None and fold(measure) in ("/", "-", "无"):
        measure = None
    return Indicator(
        level1, level2, level3, operator, number, measure, value, texts.get("target_text"), kind, texts.get("note")
    )


def _words_to_operators(value: str) -> str:
    for word, sign in _WORD_OPERATORS.items():
        if value.startswith(word):
            return sign + value[len(word) :]
    return value


def place_sheet(
    table: FormTable, form: Form, form_no: int, identity: Identity, projects: dict[str, str] | None = None
) -> tuple[FiledForm, Goal, list[Finding]]:
    """Place the cells of form 22 or 23, and read its goal, tasks and indicators.

    ``projects``: folded project name → the name as form 21 prints it.
    """
    sheet = _Sheet(table, form, form_no, identity, projects or {})
    sheet.read()
    filed = FiledForm(
        form_no,
        form,
        table.title,
        sheet.goal.subject_key,
        table.recognised_by,
        table.place,
        table.money_unit or "万元",
        table.note,
        is_empty=not sheet.goal.indicators,
        cells=[cell for _, cells in sheet.cells for cell in cells],
    )
    return filed, sheet.goal, sheet.findings.found
