"""Write the rows of a disclosure by COPY: forms, cells, units, projects, ledger, goals, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from psycopg import Connection

from loader.filing.identity import department_of
from loader.warehouse.findings import values_of
from loader.warehouse.money import as_printed
from loader.warehouse.stated import store_stated

if TYPE_CHECKING:
    from loader.filing.filed import FiledDisclosure, Finding, Goal
    from loader.ledger.lines import Ledger

Key = tuple[str, int, int]  # division, year, disclosure


def write_rows(connection: Connection, key: Key, filed: FiledDisclosure, ledger: Ledger) -> None:
    """Write the forms, units, ledger, goals and findings of a disclosure."""
    _copy_forms(connection, key, filed)
    _copy_units(connection, key, filed, ledger)
    projects = _copy_projects(connection, key, filed, ledger)
    _copy_amounts(connection, key, ledger, projects)
    _copy_goals(connection, key, filed, projects)
    _copy_findings(connection, key, [*filed.findings, *ledger.findings])
    if filed.stated:
        store_stated(connection, key, filed.stated)


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


def _copy_forms(connection: Connection, key: Key, filed: FiledDisclosure) -> None:
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
            for form in filed.forms
        ),
    )
    _copy(
        connection,
        "filed.cell",
        tuple(_CELL),
        _cells(key, filed),
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


def _copy_units(connection: Connection, key: Key, filed: FiledDisclosure, ledger: Ledger) -> None:
    _copy(
        connection,
        "filed.unit",
        ("unit_code", "unit_name", "department_code", "unit_kind"),
        (
            (*key, code, name, filed.departments.get(code, department_of(code)), ledger.unit_kinds.get(code))
            for code, name in sorted(filed.unit_names.items())
        ),
    )


def _copy_projects(connection: Connection, key: Key, filed: FiledDisclosure, ledger: Ledger) -> dict[str, int]:
    """Number the projects: those of form 21 in its order, then those that only have a sheet of goals."""
    from schema.forms.template import Coordinate

    goals = {goal.project_name: goal for goal in filed.goals if goal.project_name}
    home = filed.identity.reporting_unit_code
    units: dict[str, str] = {}
    for line in ledger.lines:
        if line.coordinates.project:
            units.setdefault(line.coordinates.project, line.coordinates.unit)
    order = [
        cell.row_key.partition("/")[2]
        for form in filed.forms
        if form.template is not None and form.template.is_by(Coordinate.PROJECT) and form.template.has_table
        for cell in form.cells
        if cell.row_key and "/" in cell.row_key and cell.amount is None
    ]
    names = list(dict.fromkeys([*order, *sorted(units), *goals]))
    numbers = {name: number for number, name in enumerate(names, start=1)}
    _copy(
        connection,
        "budget.project",
        ("project_id", "unit_code", "project_name", "project_category", "project_period"),
        (
            (
                *key,
                number,
                units.get(name, home),
                name,
                goals[name].category if name in goals else None,
                goals[name].period if name in goals else None,
            )
            for name, number in numbers.items()
        ),
    )
    return numbers


def _copy_amounts(connection: Connection, key: Key, ledger: Ledger, projects: dict[str, int]) -> None:
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
            for number, line in enumerate(ledger.lines, start=1)
        ),
    )


def _copy_goals(connection: Connection, key: Key, filed: FiledDisclosure, projects: dict[str, int]) -> None:
    goals: list[tuple[int, Goal]] = list(enumerate(filed.goals, start=1))
    home = filed.identity.reporting_unit_code
    _copy(
        connection,
        "budget.performance_goal",
        ("goal_no", "form_id", "unit_code", "project_id", "subject_key", "goal_text"),
        (
            (*key, number, goal.form_id, home, projects.get(goal.project_name or ""), goal.subject_key, goal.text)
            for number, goal in goals
        ),
    )
    _copy(
        connection,
        "budget.performance_task",
        ("goal_no", "task_no", "task_name", "task_content"),
        (
            (*key, number, task_no, name, content)
            for number, goal in goals
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
                *key,
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
            for number, goal in goals
            for indicator_no, entry in enumerate(goal.indicators, start=1)
        ),
    )


def _copy_findings(connection: Connection, key: Key, findings: Sequence[Finding]) -> None:
    _copy(
        connection,
        "meta.finding",
        ("finding_no", "kind", '"values"', "form_no", "form_id", "report_no", "source_row", "column_no"),
        (
            (*key, number, f.kind, values_of(f), f.form_no, f.form_id, f.report_no, f.source_row, f.column_no)
            for number, f in enumerate(findings, start=1)
        ),
    )
