"""Write the rows of disclosures by COPY: forms, cells, units, projects, ledger, goals, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from psycopg import Connection

from loader.filing.identity import department_of
from loader.warehouse.findings import values_of
from loader.warehouse.money import as_printed
from loader.warehouse.stated import store_stated

if TYPE_CHECKING:
    from loader.filing.filed import FiledDisclosure
    from loader.ledger.lines import Ledger

Key = tuple[str, int, int]  # division, year, disclosure


class _Written(NamedTuple):
    """A disclosure that is written; ``projects`` are the numbers of its projects by name."""

    key: Key
    filed: FiledDisclosure
    ledger: Ledger
    projects: dict[str, int]


def write_rows(connection: Connection, disclosures: Sequence[tuple[Key, FiledDisclosure, Ledger]]) -> None:
    """Write the forms, units, ledger, goals and findings of disclosures, table by table."""
    written = [_Written(key, filed, ledger, _project_numbers(filed, ledger)) for key, filed, ledger in disclosures]
    _copy_forms(connection, written)
    _copy_units(connection, written)
    _copy_projects(connection, written)
    _copy_amounts(connection, written)
    _copy_goals(connection, written)
    _copy_findings(connection, written)
    for one in written:
        if one.filed.stated:
            store_stated(connection, one.key, one.filed.stated)


def _copy(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterator[Sequence[object]],
    types: Sequence[str] = (),
) -> None:
    """Copy rows to a table. If ``types`` says of which type each value of a row is, nobody asks that value by value."""
    first = next(rows, None)
    if first is None:
        return
    statement = f"copy {table} (division_code, fiscal_year, disclosure_id, {', '.join(columns)}) from stdin"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        if types:
            copy.set_types(types)
        copy.write_row(first)
        for row in rows:
            copy.write_row(row)


def _copy_forms(connection: Connection, written: Sequence[_Written]) -> None:
    _copy(
        connection,
        "filed.form",
        (
            "form_no",
            "report_no",
            "form_id",
            "title",
            "subject_key",
            "recognised_by",
            "place",
            "money_unit",
            "note",
            "is_empty",
            "header_columns",
            "heading_unit_code",
            "heading_unit_name",
            "heading_year",
            "heading_stage",
        ),
        (
            (
                *key,
                form.form_no,
                form.report_no,
                form.form_id,
                form.title,
                form.subject_key,
                form.recognised_by,
                form.place,
                form.money_unit,
                form.note,
                form.is_empty,
                sorted(form.header_columns),
                form.heading.unit_code,
                form.heading.unit_name,
                form.heading.fiscal_year,
                form.heading.stage,
            )
            for key, filed, *_ in written
            for form in filed.forms
        ),
    )
    _copy(
        connection,
        "filed.cell",
        tuple(_CELL),
        (cell for key, filed, *_ in written for cell in _cells(key, filed)),
        ("text", "int4", "int8", *_CELL.values()),
    )


# what a cell is stored as, most of all that a load writes: column → type
_CELL = {
    "form_no": "int4",
    "row_no": "int4",
    "column_no": "int4",
    "source_row": "int4",
    "row_span": "int4",
    "column_span": "int4",
    "cell_text": "text",
    "report_no": "int4",
    "form_id": "text",
    "row_key": "text",
    "row_label": "text",
    "column_key": "text",
    "column_label": "text",
    "amount": "numeric",
    "half_place": "numeric",
    "part_count": "int4",
    "support": "text",
    "raw_value": "text",
    "is_ocr": "bool",
}


def _cells(key: Key, filed: FiledDisclosure) -> Iterator[Sequence[object]]:
    for form in filed.forms:
        form_no, report_no, form_id = form.form_no, form.report_no, form.form_id
        for cell in form.cells:
            yield (
                *key,
                form_no,
                cell.row_no,
                cell.column_no,
                cell.source_row,
                cell.row_span,
                cell.column_span,
                cell.text,
                report_no,
                form_id,
                cell.row_key,
                cell.row_label,
                cell.column_key,
                cell.column_label,
                cell.amount,
                cell.half_place,
                cell.part_count if cell.amount is not None else None,
                cell.support,
                cell.raw,
                cell.is_ocr,
            )


def _copy_units(connection: Connection, written: Sequence[_Written]) -> None:
    _copy(
        connection,
        "filed.unit",
        ("unit_code", "unit_name", "department_code", "unit_kind"),
        (
            (*key, code, name, filed.departments.get(code, department_of(code)), ledger.unit_kinds.get(code))
            for key, filed, ledger, _ in written
            for code, name in sorted(filed.unit_names.items())
        ),
    )


def _project_numbers(filed: FiledDisclosure, ledger: Ledger) -> dict[str, int]:
    """Number the projects: those of form 21 in its order, then those that only have a sheet of goals."""
    from schema.forms.template import Coordinate

    order = [
        cell.row_key.partition("/")[2]
        for form in filed.forms
        if form.template is not None and form.template.is_by(Coordinate.PROJECT) and form.template.has_table
        for cell in form.cells
        if cell.row_key and "/" in cell.row_key and cell.amount is None
    ]
    of_ledger = sorted({line.coordinates.project for line in ledger.lines if line.coordinates.project})
    of_goals = [goal.project_name for goal in filed.goals if goal.project_name]
    return {name: number for number, name in enumerate(dict.fromkeys([*order, *of_ledger, *of_goals]), start=1)}


def _copy_projects(connection: Connection, written: Sequence[_Written]) -> None:
    _copy(
        connection,
        "budget.project",
        ("project_id", "unit_code", "project_name", "project_category", "project_period"),
        (row for one in written for row in _projects(*one)),
    )


def _projects(key: Key, filed: FiledDisclosure, ledger: Ledger, projects: dict[str, int]) -> Iterator[Sequence[object]]:
    goals = {goal.project_name: goal for goal in filed.goals if goal.project_name}
    units: dict[str, str] = {}
    for line in ledger.lines:
        if line.coordinates.project:
            units.setdefault(line.coordinates.project, line.coordinates.unit)
    for name, number in projects.items():
        goal = goals.get(name)
        yield (
            *key,
            number,
            units.get(name, filed.identity.reporting_unit_code),
            name,
            goal.category if goal else None,
            goal.period if goal else None,
        )


def _copy_amounts(connection: Connection, written: Sequence[_Written]) -> None:
    _copy(
        connection,
        "budget.amount",
        (
            "line_no",
            "statement",
            "unit_code",
            "fund_code",
            "nature",
            "functional_code",
            "department_economic_code",
            "government_economic_code",
            "item_code",
            "project_id",
            "amount",
            "basis",
            "allocated",
            "is_rounding",
            "source_form_no",
            "source_row_no",
            "source_column_no",
        ),
        (
            (
                *key,
                number,
                str(line.coordinates.statement),
                line.coordinates.unit,
                *(code or None for code in line.coordinates[2:8]),
                projects.get(line.coordinates.project),
                as_printed(line.amount),
                line.basis,
                list(line.allocated),
                line.is_rounding,
                *(line.source or (None, None, None)),
            )
            for key, _, ledger, projects in written
            for number, line in enumerate(ledger.lines, start=1)
        ),
    )


def _copy_goals(connection: Connection, written: Sequence[_Written]) -> None:
    goals = [(one, number, goal) for one in written for number, goal in enumerate(one.filed.goals, start=1)]
    _copy(
        connection,
        "budget.performance_goal",
        ("goal_no", "form_id", "unit_code", "project_id", "subject_key", "goal_text"),
        (
            (
                *one.key,
                number,
                goal.form_id,
                one.filed.identity.reporting_unit_code,
                one.projects.get(goal.project_name or ""),
                goal.subject_key,
                goal.text,
            )
            for one, number, goal in goals
        ),
    )
    _copy(
        connection,
        "budget.performance_task",
        ("goal_no", "task_no", "task_name", "task_content"),
        (
            (*one.key, number, task_no, name, content)
            for one, number, goal in goals
            for task_no, (name, content) in enumerate(goal.tasks, start=1)
        ),
    )
    _copy(
        connection,
        "budget.performance_indicator",
        (
            "goal_no",
            "indicator_no",
            "level1_name",
            "level2_name",
            "level3_name",
            "target_operator",
            "target_number",
            "target_measure",
            "target_value",
            "target_text",
            "target_type",
            "indicator_note",
        ),
        (
            (
                *one.key,
                number,
                indicator_no,
                entry.level1,
                entry.level2,
                entry.level3,
                entry.operator,
                entry.number,
                entry.measure,
                entry.value,
                entry.text,
                entry.type,
                entry.note,
            )
            for one, number, goal in goals
            for indicator_no, entry in enumerate(goal.indicators, start=1)
        ),
    )


def _copy_findings(connection: Connection, written: Sequence[_Written]) -> None:
    _copy(
        connection,
        "meta.finding",
        ("finding_no", "kind", '"values"', "form_no", "form_id", "report_no", "source_row", "column_no"),
        (
            (*key, number, f.kind, values_of(f), f.form_no, f.form_id, f.report_no, f.source_row, f.column_no)
            for key, filed, ledger, _ in written
            for number, f in enumerate([*filed.findings, *ledger.findings], start=1)
        ),
    )
