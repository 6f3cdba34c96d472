"""A ledger that gives money to every selection of every form of a set, written straight into the warehouse.

No document prints it: it holds the rules and views in SQL against the declarations, cell by cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import count, product

import psycopg

from loader.ledger.projection import CellKey, Coordinates, cells_of
from schema.forms.template import Coordinate, Sheet, Statement, TemplateSet, Where

DIVISION, YEAR = "430202", 2024
UNITS = ("001001", "001002", "002")  # the last is a department whose units are not known
PROJECTS = ("会议经费", "视察经费")

# a whole code for the beginning of one, and the codes of coordinates that a selection leaves open
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
    },
    Statement.REVENUE: {Coordinate.ITEM: ("111", "31")},
    Statement.CARRY_OVER: {Coordinate.FUND: ("181", "189"), Coordinate.ITEM: ("opening", "closing")},
    Statement.THREE_PUBLIC: {Coordinate.ITEM: ("abroad",)},
    Statement.SPECIAL_FUND: {
        Coordinate.FUND: ("111", "12"),
        Coordinate.ITEM: ("in_department_budget",),
        Coordinate.PROJECT: PROJECTS,
    },
}


def lines_of(entry: TemplateSet) -> dict[Coordinates, Decimal]:
    """Ledger lines, with different amounts (万元): at least one for each code of each selection of a set."""
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
    """Lines of one selection: every code that it names once, beside each other's first, and those it leaves open."""
    options = {
        coordinate: [_whole(coordinate, prefix) for prefix in where.on(coordinate)]
        or list(_OPEN[statement].get(coordinate, ("",)))
        for coordinate in Coordinate
        if coordinate is not Coordinate.UNIT
    }
    if statement is Statement.REVENUE:
        options[Coordinate.ITEM] = [item for item in options[Coordinate.ITEM] if item[:1].isdigit()]
    if statement is Statement.CARRY_OVER:
        items = [item for item in options[Coordinate.ITEM] if item in ("opening", "closing")]
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
    """(form_id, cell) → what the declarations make of the lines; sheets of projects have no rules."""
    cells: dict[tuple[str, CellKey], Decimal] = defaultdict(Decimal)
    for form, (line, amount) in product(entry.forms, lines.items()):
        if form.sheet is not Sheet.PROJECT:
            for key in cells_of(form, line):
                cells[form.form_id, key] += amount
    return dict(cells)


def write(connection: psycopg.Connection, entry: TemplateSet, lines: dict[Coordinates, Decimal]) -> int:
    """Store the lines as the ledger of a current disclosure of this set; its id."""
    connection.execute("select meta.ensure_year(%s)", (YEAR,))
    document = _id(
        connection,
        "insert into budget.document (division_code, content_hash, file_name, file_format, byte_size)"
        " values (%s, %s, 'lines', 'text', 0) returning document_id",
        (DIVISION, entry.id),
    )
    disclosure = _id(
        connection,
        "insert into budget.disclosure (division_code, fiscal_year, reporting_unit_code, reporting_unit_name,"
        " form_set_id, stage, revision, is_current, document_id, content_hash, form_count, cell_count)"
        " values (%s, %s, '001', '甲部门', %s, %s, 1, true, %s, %s, 0, 0) returning disclosure_id",
        (DIVISION, YEAR, entry.id, entry.stage.value, document, entry.id),
    )
    key = (DIVISION, YEAR, disclosure)
    for unit in sorted({line.unit for line in lines} | {line.unit[:3] for line in lines}):
        connection.execute(
            "insert into filed.unit (division_code, fiscal_year, disclosure_id, unit_code, unit_name, department_code)"
            " values (%s, %s, %s, %s, %s, %s)",
            (*key, unit, f"单位{unit}", unit[:3]),
        )
        connection.execute(
            "insert into budget.unit (division_code, unit_code, fiscal_year, unit_name, department_code, is_department)"
            " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
            (DIVISION, unit, YEAR, f"单位{unit}", unit[:3], len(unit) == 3),
        )
    for number, project in enumerate(PROJECTS, start=1):
        connection.execute("insert into budget.project values (%s, %s, %s, %s, '001001', %s)", (*key, number, project))
    with connection.cursor().copy(
        "copy budget.amount (division_code, fiscal_year, disclosure_id, line_no, statement, unit_code, fund_code,"
        " nature, functional_code, department_economic_code, government_economic_code, item_code, project_id, amount,"
        " basis) from stdin"
    ) as copy:
        for number, (line, amount) in enumerate(lines.items(), start=1):
            project_id = PROJECTS.index(line.project) + 1 if line.project else None
            codes = [code or None for code in line[2:8]]
            copy.write_row((*key, number, line.statement, line.unit, *codes, project_id, amount, "filed"))
    return disclosure


def _id(connection: psycopg.Connection, query: str, values: tuple[object, ...]) -> int:
    row = connection.execute(query.encode(), values).fetchone()
    assert row is not None
    return int(row[0])
