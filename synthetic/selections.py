"""A ledger with money for every selection of every form of a set, written directly into the warehouse.

It has no document. Tests use it to compare the rules and views in SQL with the declarations, cell by cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import count, product
from typing import NamedTuple

import psycopg

from loader.ledger.evidence.projection import CellKey, Coordinates, cells_of, rows_of
from schema.forms import SETS
from schema.forms.template import Coordinate, Sheet, Statement, TemplateSet, Where

DIVISION, YEAR = "430202", 2024
UNITS = ("001001", "001002", "002")  # the last is a department whose units are not known
UNNAMED = "002"  # a unit that the disclosure does not name
PROJECTS = ("会议经费", "视察经费")

# how the beginning of a code is completed, and the codes of coordinates that a selection does not restrict
_WHOLE = {
    Coordinate.FUNCTIONAL: {3: "0101", 5: "01"},
    Coordinate.DEPARTMENT_ECONOMIC: {3: "01"},
    Coordinate.GOVERNMENT_ECONOMIC: {3: "01"},
}
_OPEN: dict[Statement, dict[Coordinate, tuple[str, ...]]] = {
    Statement.EXPENDITURE: {
        Coordinate.FUND: ("11", "12", "34", ""),
        Coordinate.NATURE: ("basic", "project", ""),
        Coordinate.FUNCTIONAL: ("2010101", "20805", "210", ""),
        Coordinate.DEPARTMENT_ECONOMIC: ("30201", "310", ""),
        Coordinate.GOVERNMENT_ECONOMIC: ("50201", "599", ""),
        Coordinate.PROJECT: ("", "", PROJECTS[0]),
    },
    Statement.REVENUE: {Coordinate.ITEM: ("111", "31")},
    Statement.CARRY_OVER: {Coordinate.FUND: ("181", "189"), Coordinate.ITEM: ("opening", "closing")},
    Statement.THREE_PUBLIC: {Coordinate.ITEM: ("abroad",)},
    Statement.SPECIAL_FUND: {
        Coordinate.FUND: ("111", "12"),
        Coordinate.ITEM: ("in_department_budget",),
        Coordinate.PROJECT: PROJECTS,
    },
    Statement.PROCUREMENT: {
        Coordinate.FUND: ("11", "31"),
        Coordinate.NATURE: ("basic", "project"),
        Coordinate.ITEM: ("A", "C", ""),
    },
    Statement.OPERATING_COST: {Coordinate.DEPARTMENT_ECONOMIC: ("30201", "310", "")},
}
# items of money carried over; other items belong to revenue
_CARRIED = ("opening", "closing", "surplus_used", "surplus_distributed")


def lines_of(entry: TemplateSet) -> dict[Coordinates, Decimal]:
    """Ledger lines with different amounts (万元), at least one for each code of each selection of a set."""
    found: dict[Coordinates, Decimal] = {}
    amounts = count(1)
    for form in entry.forms:
        for _, _, where in form.selections():
            for statement in where.statement:
                for line in _lines(Statement(statement), where):
                    if line not in found:
                        found[line] = Decimal(next(amounts) ** 2 % 99_991) / 100
    return found


def _lines(statement: Statement, where: Where) -> Iterator[Coordinates]:
    """Lines of one selection. Each code that it names, and some for other coordinates, is used at least once."""
    options = {
        coordinate: [_whole(coordinate, prefix) for prefix in where.on(coordinate)]
        or list(_OPEN.get(statement, {}).get(coordinate, ("",)))
        for coordinate in Coordinate
        if coordinate is not Coordinate.UNIT
    }
    if statement is Statement.REVENUE:
        options[Coordinate.ITEM] = [item for item in options[Coordinate.ITEM] if item[:1].isdigit()]
    if statement is Statement.CARRY_OVER:
        items = [item for item in options[Coordinate.ITEM] if item in _CARRIED]
        options[Coordinate.ITEM] = items
    if statement is Statement.EXPENDITURE:
        options[Coordinate.ITEM] = [""]
    longest = max(len(codes) for codes in options.values())
    for number in range(max(longest, len(UNITS))):
        chosen = {c.value: codes[number % len(codes)] for c, codes in options.items() if codes}
        yield Coordinates(statement.value, UNITS[number % len(UNITS)], **chosen)


def _whole(coordinate: Coordinate, prefix: str) -> str:
    return prefix + _WHOLE.get(coordinate, {}).get(len(prefix), "")


def expected_cells(entry: TemplateSet, lines: dict[Coordinates, Decimal]) -> dict[tuple[str, CellKey], Decimal]:
    """(form_id, cell) → the amount (万元) that follows from the lines by the declarations."""
    cells: dict[tuple[str, CellKey], Decimal] = defaultdict(Decimal)
    for form, (line, amount) in product(entry.forms, lines.items()):
        for key in cells_of(form, line):
            cells[form.form_id, key] += amount
    return dict(cells)


class Row(NamedTuple):
    """A row of a form without its amounts."""

    level: int
    is_leaf: bool
    is_printed: bool
    unit: str | None
    subject: str | None


def expected_rows(entry: TemplateSet, lines: dict[Coordinates, Decimal]) -> dict[tuple[str, str], Row]:
    """(form_id, row key) → the row, for forms with rows of codes.

    A row is a leaf if none of its lines has a finer row. A row of a level that the form leaves out is printed if it is
    the finest of some line.
    """
    finest: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for form in entry.forms:
        if form.rows is None or form.sheet is Sheet.PROJECT:
            continue
        if form.rows.total is not None:
            finest[form.form_id, form.rows.total] = {False}  # an empty form has its total
        for line in lines:
            keys = rows_of(form, line)
            if cells_of(form, line):
                for key in keys:
                    finest[form.form_id, key].add(key == keys[-1])
    found = {}
    for (form_id, key), is_finest in finest.items():
        rows = next(form.rows for form in entry.forms if form.form_id == form_id)
        assert rows is not None
        unit, _, subject = key.partition("/") if Coordinate.UNIT in rows else ("", "", key)
        if key == rows.total:
            unit, subject, level = "", "", 0
        elif not subject:
            level = 1 if len(unit) == 3 else 2
        else:
            depth = 1 if rows.subject in (Coordinate.ITEM, Coordinate.PROJECT) else (len(subject) - 1) // 2
            level = depth + 2 * (Coordinate.UNIT in rows)
        is_printed = level not in rows.unprinted_levels or any(is_finest)
        of_project = Coordinate.PROJECT in rows
        subject_code = None if of_project else subject or None
        found[form_id, key] = Row(level, all(is_finest), is_printed, unit or None, subject_code)
    return found


def division_of(entry: TemplateSet) -> str:
    """The division of a set's disclosure, a different one for each set."""
    return str(int(DIVISION) + 10 * [other.id for other in SETS].index(entry.id))


def write(
    connection: psycopg.Connection,
    entry: TemplateSet,
    lines: dict[Coordinates, Decimal],
    place: tuple[str, int] | None = None,
    unit_name: str = "单位",
) -> int:
    """Store the lines as the ledger of a current disclosure of this set, with goals for its sheets. Returns its id.

    ``place`` is division and year; by default each set has its own division. A unit is called ``unit_name`` followed by
    its code.
    """
    division, year = place or (division_of(entry), YEAR)
    connection.execute("insert into budget.division values (%s, '某区') on conflict do nothing", (division,))
    connection.execute("select meta.ensure_year(%s)", (year,))
    document = _id(
        connection,
        "insert into budget.document (division_code, content_hash, file_name, file_format, byte_size)"
        " values (%s, %s, 'lines', 'text', 0) returning document_id",
        (division, f"{entry.id} {year}"),
    )
    disclosure = _id(
        connection,
        "insert into budget.disclosure (division_code, fiscal_year, reporting_unit_code, reporting_unit_name,"
        " form_set_id, stage, revision, is_current, document_id, content_hash, form_count, cell_count)"
        " values (%s, %s, '001', '甲部门', %s, %s, 1, true, %s, %s, 0, 0) returning disclosure_id",
        (division, year, entry.id, entry.stage.value, document, entry.id),
    )
    key = (division, year, disclosure)
    for unit in sorted({*UNITS, *(unit[:3] for unit in UNITS)}):
        if unit != UNNAMED:
            connection.execute(
                "insert into filed.unit (division_code, fiscal_year, disclosure_id, unit_code, unit_name,"
                " department_code) values (%s, %s, %s, %s, %s, %s)",
                (*key, unit, f"{unit_name}{unit}", unit[:3]),
            )
        connection.execute(
            "insert into budget.unit (division_code, unit_code, fiscal_year, unit_name, department_code, is_department)"
            " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
            (division, unit, year, f"{unit_name}{unit}", unit[:3], len(unit) == 3),
        )
    for number, project in enumerate(PROJECTS, start=1):
        connection.execute(
            "insert into budget.project values (%s, %s, %s, %s, '001001', %s, %s, %s)",
            (*key, number, project, f"{project}类", f"{year}年"),
        )
    with connection.cursor().copy(
        "copy budget.amount (division_code, fiscal_year, disclosure_id, line_no, statement, unit_code, fund_code,"
        " nature, functional_code, department_economic_code, government_economic_code, item_code, project_id, amount,"
        " basis) from stdin"
    ) as copy:
        for number, (line, amount) in enumerate(lines.items(), start=1):
            project_id = PROJECTS.index(line.project) + 1 if line.project else None
            codes = [code or None for code in line[2:8]]
            copy.write_row((*key, number, line.statement, line.unit, *codes, project_id, amount, "filed"))
    _write_goals(connection, entry, key)
    connection.execute("select internal.settle_facts(%s, %s, array[%s::bigint])", key)
    return disclosure


def _write_goals(connection: psycopg.Connection, entry: TemplateSet, key: tuple[str, int, int]) -> None:
    """Store a goal for each project and one for the department, each with two indicators of the same name.

    The department's goal also has tasks.
    """
    sheets = [(form.form_id, form.sheet) for form in entry.forms if form.sheet is not None]
    goals: list[tuple[str, int | None, str]] = [
        (form_id, number, name)
        for form_id, sheet in sheets
        if sheet is Sheet.PROJECT
        for number, name in enumerate(PROJECTS, start=1)
    ]
    goals += [(form_id, None, "甲部门") for form_id, sheet in sheets if sheet is Sheet.DEPARTMENT]
    for goal_no, (form_id, project_id, subject) in enumerate(goals, start=1):
        connection.execute(
            "insert into budget.performance_goal (division_code, fiscal_year, disclosure_id, goal_no, form_id,"
            " unit_code, project_id, subject_key, goal_text) values (%s, %s, %s, %s, %s, '001001', %s, %s, %s)",
            (*key, goal_no, form_id, project_id, subject, f"{subject}的目标"),
        )
        for number in (1, 2):
            connection.execute(
                "insert into budget.performance_indicator (division_code, fiscal_year, disclosure_id, goal_no,"
                " indicator_no, level1_name, level2_name, level3_name, target_operator, target_number, target_measure,"
                " target_value, target_text, target_type, indicator_note) values (%s, %s, %s, %s, %s, '产出', '数量',"
                " '会议次数', '≥', %s, '次', %s, '足额', '定量', '备注')",
                (*key, goal_no, number, number, f"≥{number}"),
            )
            if project_id is None:
                connection.execute(
                    "insert into budget.performance_task values (%s, %s, %s, %s, %s, %s, '内容')",
                    (*key, goal_no, number, f"任务{number}"),
                )


def _id(connection: psycopg.Connection, query: str, values: tuple[object, ...]) -> int:
    row = connection.execute(query.encode(), values).fetchone()
    assert row is not None
    return int(row[0])
