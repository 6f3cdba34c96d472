"""The rules, reports and marts in SQL against the declarations: every selection of every form, cell by cell.

A ledger that gives money to every selection is written straight into a warehouse; what the views make of it is held
against what the declarations make of it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import product, zip_longest
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from loader.ledger.projection import Coordinates, projection_of
from schema import generate, reference_data, views
from schema.codes.lists import subject_names, subjects
from schema.dictionary import Dictionary
from schema.forms import FORMS, KEPT_SETS, SETS
from schema.forms.template import Column, Coordinate, Form, Role, Rows, Sheet, Statement, TemplateSet, Where
from schema.report_columns import (
    LEADING_COLUMNS,
    chinese_columns,
    chinese_name,
    has_district_view,
    report_columns,
    report_labels,
)
from synthetic import selections
from tests.conftest import shared_clone

TABLED = [form for form in FORMS.values() if form.sheet is None]


@pytest.fixture(scope="module")
def lines() -> dict[str, dict[Coordinates, Decimal]]:
    """Set → the ledger lines of a disclosure of it."""
    return {entry.id: selections.lines_of(entry) for entry in SETS}


@pytest.fixture(scope="module")
def warehouse(
    request: pytest.FixtureRequest, lines: dict[str, dict[Coordinates, Decimal]]
) -> Iterator[psycopg.Connection]:
    """A warehouse with one disclosure a set."""
    with shared_clone(request, "views") as connection:
        for entry in SETS:
            selections.write(connection, entry, lines[entry.id])
        yield connection


Contents = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def contents(warehouse: psycopg.Connection) -> Contents:
    """The rows of a view, asked for once, those of a report in their order."""

    @cache
    def of(view: str) -> list[dict[str, Any]]:
        found = rows(warehouse, f"select * from {view}")
        return sorted(found, key=lambda row: row["row_no"]) if found and "row_no" in found[0] else found

    return of


@pytest.fixture(scope="module")
def cells(contents: Contents) -> dict[str, list[dict[str, Any]]]:
    """Form → its cells as the rules make them."""
    found = defaultdict(list)
    for row in contents("report.every_cell"):
        found[row["form_id"]].append(row)
    return found


def rows(connection: psycopg.Connection, query: str, *values: object) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), values).fetchall()


# ---------------------------------------------------------------------------- rules


@pytest.mark.parametrize("entry", SETS, ids=[entry.id for entry in SETS])
def test_every_selection_gets_money(entry: TemplateSet, lines: dict[str, dict[Coordinates, Decimal]]) -> None:
    projection = projection_of(entry.forms)
    paid: set[tuple[str, str | None, str]] = set()
    for line in lines[entry.id]:
        shares = projection.shares(line)
        paid |= {(form_id, None, column) for form_id, columns in shares.columns.items() for column in columns}
        paid |= {(form_id, *cell) for form_id, cells in shares.cells.items() for cell in cells}
    for form in entry.forms:
        for line_, column, _ in form.selections():
            assert (form.form_id, line_.id if line_ else None, column.id) in paid


@pytest.mark.parametrize("entry", SETS, ids=[entry.id for entry in SETS])
def test_rules_add_up_what_the_declarations_say(
    cells: dict[str, list[dict[str, Any]]], entry: TemplateSet, lines: dict[str, dict[Coordinates, Decimal]]
) -> None:
    expected = selections.expected_cells(entry, lines[entry.id])
    found = [row for form in entry.forms for row in cells[form.form_id]]
    amounts = {(r["form_id"], (r["row_key"], r["column_key"])): r["amount"] for r in found}
    assert len(amounts) == len(found)
    assert {key: amount for key, amount in amounts.items() if amount} == {k: a for k, a in expected.items() if a}


@pytest.mark.parametrize("entry", SETS, ids=[entry.id for entry in SETS])
def test_a_district_adds_up_what_the_declarations_say(
    warehouse: psycopg.Connection, entry: TemplateSet, lines: dict[str, dict[Coordinates, Decimal]]
) -> None:
    """One disclosure is the whole district: its cells without the units."""
    expected: Counter[tuple[str, str, str]] = Counter()
    for (form_id, (row_key, column)), amount in selections.expected_cells(entry, lines[entry.id]).items():
        form = FORMS[form_id]
        unit, slash, subject = row_key.partition("/")
        is_told = not form.is_by(Coordinate.UNIT) or unit == "total" or slash
        if is_told and (form.sheet is None):
            expected[form_id, subject or unit, column] += amount  # type: ignore[assignment]
    query = (
        "select form_id, row_key, column_key, amount from internal.district_{} where form_id = any(%s)"
        " and division_code = %s"
    )
    forms = [form.form_id for form in entry.forms if form.sheet is None]
    found = [
        row
        for name in ("cell", "line")
        for row in rows(warehouse, query.format(name), forms, selections.division_of(entry))
    ]
    cells = {(r["form_id"], r["row_key"], r["column_key"]): r["amount"] for r in found}
    assert len(cells) == len(found)
    assert {key: amount for key, amount in cells.items() if amount} == {k: a for k, a in expected.items() if a}


@pytest.mark.parametrize("form", TABLED, ids=lambda form: form.form_id)
def test_a_form_of_a_district_prints_its_cells(contents: Contents, form: Form) -> None:
    """With the rows and columns of the report view, as far as they do not tell units."""
    found = contents(f"district.{form.form_id}")
    reported = contents(f"report.{form.form_id}")
    assert [row["row_no"] for row in found] == list(range(1, len(found) + 1))
    columns = [
        column for column in reported[0] if column in found[0] and column not in ("row_no", "row_level", "row_key")
    ]
    if not form.is_by(Coordinate.UNIT):
        assert [{c: row[c] for c in columns} for row in found] == [{c: row[c] for c in columns} for row in reported]
        return
    money = [column.id for column in form.money_columns]
    totals = [row for row in reported if row["row_level"] == 0]
    assert [{c: row[c] for c in money} for row in found if row["row_level"] == 0] == [
        {c: row[c] for c in money} for row in totals
    ]


def test_counted_lines_are_the_cells_that_they_add_up_to(warehouse: psycopg.Connection) -> None:
    query = (
        "select form_id, row_key, column_key, amount, counted.amount as counted from report.every_cell"
        " full join (select form_id, row_key, column_key, sum(amount) as amount from report.counted_line"
        " group by form_id, row_key, column_key) as counted using (form_id, row_key, column_key)"
    )
    for row in rows(warehouse, query.replace("key, amount,", "key, every_cell.amount,")):
        if FORMS[row["form_id"]].sheet is Sheet.PROJECT:  # internal.goal_cell adds up a project's money
            continue
        assert (row["amount"] or 0) == (row["counted"] or 0), row


@pytest.mark.parametrize("entry", SETS, ids=[entry.id for entry in SETS])
def test_rows_are_placed_and_finest_as_declared(
    warehouse: psycopg.Connection, entry: TemplateSet, lines: dict[str, dict[Coordinates, Decimal]]
) -> None:
    forms = [form.form_id for form in entry.forms]
    found = rows(
        warehouse,
        "select distinct form_id, row_key, row_level, is_leaf, is_printed, unit_code, subject_code"
        " from internal.summed_cell where form_id = any(%s)",
        forms,
    )
    told = {
        (r["form_id"], r["row_key"]): selections.Row(
            r["row_level"], r["is_leaf"], r["is_printed"], r["unit_code"], r["subject_code"]
        )
        for r in found
    }
    assert len(told) == len(found)
    assert told == selections.expected_rows(entry, lines[entry.id])


@pytest.mark.parametrize("entry", SETS, ids=[entry.id for entry in SETS])
def test_rows_are_called_after_their_codes(warehouse: psycopg.Connection, entry: TemplateSet) -> None:
    for form in (form for form in entry.forms if form.rows is not None and form.sheet is None):
        query = "select distinct row_key, row_label, project_id from internal.summed_cell where form_id = %s"
        for row in rows(warehouse, query, form.form_id):
            key, _, subject = row["row_key"].partition("/")
            project = None
            if row["row_key"] == form.rows.total:
                label = form.rows.total_label
            elif form.is_by(Coordinate.UNIT) and not subject:
                label = f"单位{key}" if key != selections.UNNAMED else key
            elif form.is_by(Coordinate.PROJECT):
                label, project = subject, selections.PROJECTS.index(subject) + 1
            else:
                code = subject or key
                label = subject_names(str(form.rows.subject), selections.YEAR).get(code, code)
            assert (row["row_label"], row["project_id"]) == (label, project), row


def test_rows_by_government_economic_subject(
    warehouse: psycopg.Connection, lines: dict[str, dict[Coordinates, Decimal]]
) -> None:
    """No set has such a form yet: form 8 becomes one."""
    entry = SETS[0]
    declared = FORMS["r08"]
    form = replace(declared, rows=Rows((Coordinate.GOVERNMENT_ECONOMIC,), total_is_last=True))
    made = replace(entry, forms=(form,))
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update meta.form_template set subject = 'government_economic' where form_id = 'r08'")
        found = rows(
            warehouse, "select row_key, column_key, amount, row_level from internal.summed_cell where form_id = 'r08'"
        )
    cells = {("r08", (row["row_key"], row["column_key"])): row["amount"] for row in found}
    assert cells == selections.expected_cells(made, lines[entry.id])
    levels = selections.expected_rows(made, lines[entry.id])
    assert {row["row_key"]: row["row_level"] for row in found} == {key: row.level for (_, key), row in levels.items()}


def test_a_form_may_ask_for_no_code_or_for_a_longer_one(
    warehouse: psycopg.Connection, lines: dict[str, dict[Coordinates, Decimal]]
) -> None:
    """No form asks so of most coordinates yet: form 8 becomes one that does."""
    asked = {
        Coordinate.FUND: (("",), ("12", "34")),
        Coordinate.NATURE: (("",), ("", "basic")),
        Coordinate.FUNCTIONAL: (("",), ("20101",), ("201", "2080505")),
        Coordinate.DEPARTMENT_ECONOMIC: (("",), ("30101",), ("", "302")),
        Coordinate.GOVERNMENT_ECONOMIC: (("",), ("50101",), ("50101", "502")),
    }
    columns = tuple(
        Column(f"{coordinate}_{number}", (coordinate,), where=Where(**{coordinate.value: codes}))
        for coordinate, several in asked.items()
        for number, codes in enumerate(several)
    )
    where = Where((Statement.EXPENDITURE,))
    form = replace(FORMS["r08"], where=where, rows=Rows((Coordinate.UNIT,)), columns=columns, _column={})
    told = list(reference_data.rules(form))
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update meta.form_template set is_by_unit = true, subject = null where form_id = 'r08'")
        warehouse.execute("delete from meta.form_rule where form_id = 'r08'")
        values = ", ".join(f"%({name})s" for name in told[0])
        insert = f"insert into meta.form_rule ({', '.join(told[0])}) values ({values})"
        warehouse.cursor().executemany(insert.encode(), told)
        query = "select row_key, column_key, amount from internal.summed_cell where form_id = 'r08'"
        found = rows(warehouse, f"{query} and column_key <> 'total'")
    expected: Counter[tuple[str, str]] = Counter()
    for (line, amount), column in product(lines[SETS[0].id].items(), columns):
        (coordinate,) = column.where.restricted
        code = line.on(coordinate)
        if line.statement == "expenditure" and any(
            code.startswith(prefix) if prefix else not code for prefix in column.where.on(coordinate)
        ):
            for row_key in {"total", line.unit[:3], line.unit}:
                expected[row_key, column.id] += amount  # type: ignore[assignment]
    assert {column_id for _, column_id in expected} == {column.id for column in columns}
    assert {(row["row_key"], row["column_key"]): row["amount"] for row in found} == dict(expected)


def test_a_unit_stands_under_the_department_that_the_disclosure_names(warehouse: psycopg.Connection) -> None:
    query = "select distinct row_key from internal.summed_cell where form_id = 'r03' and row_level = 1 order by row_key"
    assert [row["row_key"] for row in rows(warehouse, query)] == ["001", "002"]
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update filed.unit set department_code = '009' where unit_code = '001001'")
        assert [row["row_key"] for row in rows(warehouse, query)] == ["001", "002", "009"]


def test_cells_that_a_form_leaves_out_are_not_rebuilt(warehouse: psycopg.Connection) -> None:
    columns = "form_id, report_no, disclosure_id, row_key, row_label, column_key"
    printed = rows(warehouse, f"select {columns}, is_leaf, amount as rebuilt from report.every_cell where is_printed")
    rebuilt = rows(warehouse, f"select {columns}, is_leaf, rebuilt from internal.rebuilt_cell")
    assert Counter(map(str, rebuilt)) == Counter(map(str, printed))
    assert rows(warehouse, "select count(*) as left_out from report.every_cell where not is_printed") != [
        {"left_out": 0}
    ]


def test_lines_columns_and_forms_are_numbered_from_one(warehouse: psycopg.Connection) -> None:
    for table, group, number in (
        ("form_line", "form_id, list_key", "line_no"),
        ("form_column", "form_id", "column_no"),
        ("form_template", "()", "form_order"),
        ("form_rule", "form_id", "rule_no"),
    ):
        query = f"select min({number}) as first, max({number}) - count(*) as more from meta.{table} group by {group}"
        assert {(row["first"], row["more"]) for row in rows(warehouse, query)} == {(1, 0)}


def test_sets_tell_their_places_years_and_stage(warehouse: psycopg.Connection) -> None:
    found = rows(warehouse, "select set_id, title, divisions, first_year, last_year, stage from meta.form_set")
    assert sorted(tuple(row.values()) for row in found) == sorted(
        (entry.id, entry.title, list(entry.divisions), entry.years[0], entry.years[-1], entry.stage)
        for entry in SETS + KEPT_SETS
    )


def test_an_empty_disclosure_has_totals_and_all_lines(warehouse: psycopg.Connection) -> None:
    entry = SETS[0]
    with warehouse.transaction(force_rollback=True):
        disclosure = selections.write(warehouse, entry, {}, ("430203", 2022))
        cells = rows(
            warehouse, "select form_id, row_key, amount from report.every_cell where disclosure_id = %s", disclosure
        )
        listed = rows(warehouse, "select form_id, row_key from internal.list_line where disclosure_id = %s", disclosure)
    expected = [(form.form_id, form.rows.total) for form in entry.forms if form.rows and form.rows.total]
    totals = [(form, line) for form in entry.forms for group in form.lists for line in group.lines]
    expected += [(form.form_id, line.id) for form, line in totals if line.level == 0 and line.parts]
    assert Counter((row["form_id"], row["row_key"]) for row in cells) == Counter(expected)
    assert {row["amount"] for row in cells} == {0}
    assert Counter((row["form_id"], row["row_key"]) for row in listed) == Counter(
        (form.form_id, line.id) for form, line in totals if not line.optional
    )


# without a place, nothing but other views, or with the year before beside each
PLACELESS = ("mart.dim_economic", "mart.dim_function", "mart.dim_fund", "meta.dictionary")
PLACELESS += ("report.counted_line", "internal.rebuilt_cell", "mart.unit_year", "mart.change")
OTHER_PLACES = (("430203", selections.YEAR), (selections.DIVISION, selections.YEAR - 1))


def test_other_places_and_years_change_nothing(
    warehouse: psycopg.Connection, lines: dict[str, dict[Coordinates, Decimal]]
) -> None:
    """The same codes elsewhere are other units, projects and goals."""
    entry = SETS[0]
    others = dict(list(lines[entry.id].items())[::10])
    placed = [view for view in KEYS if view not in PLACELESS and not view.startswith("mart_zh.")]

    def placed_contents() -> dict[str, Counter[str]]:
        query = "select * from {} where division_code = '430202' and fiscal_year = 2024"
        return {view: Counter(map(str, rows(warehouse, query.format(view)))) for view in placed}

    with warehouse.transaction(force_rollback=True):
        before = placed_contents()
        for place in OTHER_PLACES:
            selections.write(warehouse, entry, others, place, unit_name="别处")
        after = placed_contents()
    assert {view: after[view] - before[view] for view in placed if after[view] - before[view]} == {}
    assert {view: before[view] - after[view] for view in placed if before[view] - after[view]} == {}


# ---------------------------------------------------------------------------- sheets of goals


def test_goals_are_told_with_their_projects_money_and_texts(
    warehouse: psycopg.Connection, lines: dict[str, dict[Coordinates, Decimal]]
) -> None:
    query = (
        "select part_no, line_no, row_key, column_key, rebuilt_text, rebuilt from internal.goal_cell where form_id = "
    )
    order = " order by goal_no, part_no, line_no, column_key"
    found = [tuple(row.values()) for row in rows(warehouse, f"{query}'r22'{order}")]
    expected = []
    for project in selections.PROJECTS:
        money = sum(amount for line, amount in lines["hunan_budget"].items() if _is_special(line, project))
        expected += [
            (1, 0, project, "project_name", project, None),
            (2, 0, project, "amount", None, money),
            (2, 0, project, "category", f"{project}类", None),
            (3, 0, project, "period", "2024年", None),
            (4, 0, project, "goal", f"{project}的目标", None),
            *_indicators(project),
        ]
    assert found == expected
    found = [tuple(row.values()) for row in rows(warehouse, f"{query}'r23'{order}")]
    assert found == [
        (1, 0, "department", "department_name", "甲部门", None),
        (2, 0, "department", "duty_goal", "甲部门的目标", None),
        (3, 1, "task/任务1", "task_content", "内容", None),
        (3, 1, "task/任务1", "task_name", "任务1", None),
        (3, 2, "task/任务2", "task_content", "内容", None),
        (3, 2, "task/任务2", "task_name", "任务2", None),
        *_indicators("indicator"),
    ]


def test_the_facts_of_sheets_are_called_as_on_the_form(warehouse: psycopg.Connection) -> None:
    query = "select distinct form_id, part_no, item from internal.goal_cell order by form_id, part_no"
    assert [tuple(row.values()) for row in rows(warehouse, query)] == [
        ("r22", 1, "项目名称"),
        ("r22", 2, "项目类别"),
        ("r22", 3, "项目支出实施期"),
        ("r22", 4, "本年度绩效目标"),
        ("r22", 5, "指标"),
        ("r23", 1, "部门名称"),
        ("r23", 2, "年履职目标"),
        ("r23", 3, "年度主要任务"),
        ("r23", 5, "指标"),
    ]


def _is_special(line: Coordinates, project: str) -> bool:
    return line.statement == "special_fund" and line.project == project


def _indicators(name: str) -> Iterator[tuple[object, ...]]:
    for number, key in ((1, f"{name}/产出/数量/会议次数"), (2, f"{name}/产出/数量/会议次数#2")):
        yield (5, number, key, "level1", "产出", None)
        yield (5, number, key, "level2", "数量", None)
        yield (5, number, key, "level3", "会议次数", None)
        yield (5, number, key, "measure", "次", None)
        yield (5, number, key, "note", "备注", None)
        yield (5, number, key, "target", f"≥{number}", number)
        yield (5, number, key, "target_text", "足额", None)
        yield (5, number, key, "target_type", "定量", None)


@pytest.mark.parametrize(
    "form", [form for form in FORMS.values() if form.sheet is not None], ids=lambda form: form.form_id
)
def test_a_report_prints_a_sheet_of_goals_in_order(
    warehouse: psycopg.Connection, contents: Contents, form: Form
) -> None:
    columns = report_columns(form)
    cells = rows(warehouse, "select * from internal.goal_cell where form_id = %s", form.form_id)
    order = ("part_no", "goal_no", "line_no") if form.sheet is Sheet.DEPARTMENT else ("goal_no", "part_no", "line_no")
    places = sorted({(*(cell[key] for key in order), cell["row_key"]) for cell in cells})
    found = contents(f"report.{form.form_id}")
    assert [row["row_key"] for row in found if row["row_key"] != "budget"] == [place[-1] for place in places]
    for cell in cells:
        value = cell["rebuilt" if form.column(cell["column_key"]).role is Role.MONEY else "rebuilt_text"]
        assert value in [row[cell["column_key"]] for row in found if row["row_key"] == cell["row_key"]]
    for row in found:
        is_indicator = row["row_key"] != "budget" and row["level1"] is not None
        assert row["row_level"] == (2 if is_indicator else 1)
        assert row["is_leaf"] == (row["row_key"] != "budget")
    if form.sheet is Sheet.DEPARTMENT:
        amounts = rows(
            warehouse, "select column_key, amount from internal.summed_cell where form_id = %s", form.form_id
        )
        (budget,) = [row for row in found if row["row_key"] == "budget"]
        money = {column.id: budget[column.id] for column in columns if column.role is Role.MONEY}
        assert money == {row["column_key"]: row["amount"] for row in amounts}
        assert found.index(budget) == 4


# ---------------------------------------------------------------------------- reports


@pytest.mark.parametrize("form", [f for f in TABLED if not f.lists], ids=lambda form: form.form_id)
def test_a_report_prints_the_cells_of_its_rows(
    contents: Contents, cells: dict[str, list[dict[str, Any]]], form: Form
) -> None:
    money = [column.id for column in report_columns(form) if column.role is Role.MONEY]
    found = contents(f"report.{form.form_id}")
    printed = {(row["row_key"], column): row[column] for row in found for column in money if row[column] is not None}
    expected = [row for row in cells[form.form_id] if row["is_printed"]]
    assert printed == {(row["row_key"], row["column_key"]): row["amount"] for row in expected}
    assert {(row["row_key"], row["is_leaf"]) for row in found} == {(row["row_key"], row["is_leaf"]) for row in expected}
    labels = {row["row_key"]: row["row_label"] for row in expected}
    names = [column.id for column in report_columns(form) if column.role is Role.NAME]
    for row in found:
        assert [row[name] for name in names] == [labels[row["row_key"]]] * len(names)
    totals = [row["row_no"] for row in found if row["row_level"] == 0]
    assert form.rows is not None
    assert totals == ([len(found) if form.rows.total_is_last else 1] if form.rows.total else [])
    assert sorted(row["row_no"] for row in found) == list(range(1, len(found) + 1))


@pytest.mark.parametrize("form", [f for f in TABLED if not f.lists], ids=lambda form: form.form_id)
def test_a_report_prints_the_codes_of_its_rows(contents: Contents, form: Form) -> None:
    codes = [(c.id, c.code) for c in report_columns(form) if c.role is Role.CODE and c.code is not None]
    for row in (row for row in contents(f"report.{form.form_id}") if row["row_level"] > 0):
        unit, _, subject = row["row_key"].partition("/") if form.is_by(Coordinate.UNIT) else ("", "", row["row_key"])
        for column, code in codes:
            if row["row_key"] in {line.id for line in form.sums}:
                assert row[column] is None
            elif code.part is not None:
                assert (row[column] or "") == [subject[:3], subject[3:5], subject[5:]][code.part]
            elif form.is_by(Coordinate.PROJECT) or code.of == (Coordinate.UNIT,):
                assert row[column] == unit
            else:
                assert row[column] == (subject or unit)


@pytest.mark.parametrize("form", [f for f in TABLED if f.lists], ids=lambda form: form.form_id)
def test_a_report_of_lists_prints_their_lines_in_order(
    contents: Contents, cells: dict[str, list[dict[str, Any]]], form: Form
) -> None:
    found = contents(f"report.{form.form_id}")
    amounts = {(row["row_key"], row["column_key"]): row["amount"] for row in cells[form.form_id]}
    assert [(row["row_no"], row["row_key"], row["row_level"], row["is_leaf"]) for row in found] == list(_beside(form))
    for entry in form.lists:
        lines = sorted(entry.lines, key=lambda line: line.level == 0)  # the closing lines stand at the foot
        for amount in (a for a in entry.amounts if a.role is Role.MONEY):
            printed = [
                (row[f"{entry.id}_item"], row[f"{amount.id}_amount"]) for row in found if row[f"{entry.id}_item"]
            ]
            assert printed == [(line.label, amounts.get((line.id, amount.id))) for line in lines]


def _beside(form: Form) -> Iterator[tuple[int, str, int, bool]]:
    """(number, key, level, whether a leaf) of the rows of lists side by side, the closing lines at the foot."""
    bodies = [[line for line in entry.lines if line.level > 0] for entry in form.lists]
    feet = [[line for line in entry.lines if line.level == 0] for entry in form.lists]
    body = zip_longest(*bodies)
    for number, lines in enumerate([*body, *zip_longest(*feet)], start=1):
        found = [line for line in lines if line is not None]
        level = min(line.level for line in found)
        key = lines[0].id if level == 0 else str(number)
        yield number, key, level, all(not line.parts for line in found)


@pytest.mark.parametrize("form", list(FORMS.values()), ids=lambda form: form.form_id)
def test_the_chinese_face_shows_the_same(contents: Contents, form: Form) -> None:
    labels = chinese_columns(form)
    chinese = contents(f'report_zh."{chinese_name(form)}"')
    english = contents(f"report.{form.form_id}")
    translated = [{label: row[column] for column, label in labels.items()} for row in english]
    assert Counter(map(str, chinese)) == Counter(map(str, translated))
    assert list(labels)[: len(LEADING_COLUMNS)] == list(LEADING_COLUMNS)


def test_the_generated_files_are_as_the_declarations_make_them() -> None:
    assert list(generate.stale()) == []


@pytest.mark.parametrize(
    ("path", "label"),
    [
        (("一" * 21,), "一" * 21),  # 63 bytes, all that Postgres keeps
        (("一" * 22,), "一" * 20),
        (("甲" * 20, "乙" * 3), "乙" * 3),
        (("甲", "乙"), "甲-乙"),
    ],
)
def test_a_long_heading_is_cut_from_the_left(path: tuple[str, ...], label: str) -> None:
    form = Form("x01", "表", "表", rows=Rows(), columns=(Column("total", path),))
    assert report_labels(form)["total"] == label


def test_a_chinese_name_that_postgres_would_cut_is_refused() -> None:
    assert chinese_name(Form("x01", "表", "一" * 20)) == "x01" + "一" * 20  # 63 bytes
    with pytest.raises(ValueError, match="longer than 63 bytes"):
        chinese_name(Form("x001", "表", "一" * 20))


def test_a_form_that_no_view_can_be_made_of_is_named() -> None:
    form = Form("x01", "表", "表")
    with pytest.raises(ValueError, match="neither rows nor lists nor a sheet"):
        generate.report_view(form)


# ---------------------------------------------------------------------------- grain

DESCRIBED = Dictionary.load()
KEYS = {name: entry.keys for name, entry in DESCRIBED.relations.items() if entry.keys}
# facts: a row a ledger line
FACTS = {
    "mart.carry_over": "carry_over",
    "mart.expenditure": "expenditure",
    "mart.revenue": "revenue",
    "mart.special_fund": "special_fund",
    "mart.three_public": "three_public",
}
CHINESE_FACTS = {
    "mart_zh.支出明细": "mart.expenditure",
    "mart_zh.收入明细": "mart.revenue",
    "mart_zh.三公经费明细": "mart.three_public",
    "mart_zh.专项资金明细": "mart.special_fund",
}
GENERATED = {f"report.{form_id}" for form_id in FORMS} | {f"report_zh.{chinese_name(form)}" for form in FORMS.values()}
GENERATED |= {f"district.{form_id}" for form_id, form in FORMS.items() if has_district_view(form)}


def test_every_view_has_a_grain() -> None:
    assert {view.qualified for view in views.managed_views()} == KEYS.keys() | GENERATED
    for form in FORMS.values():
        assert DESCRIBED.relation("report", form.form_id).keys == "disclosure_id, row_no"


def repeated(connection: psycopg.Connection, view: str) -> list[dict[str, Any]]:
    """Keys that stand in a view more than once."""
    return rows(connection, f"select {KEYS[view]} from {view} group by {KEYS[view]} having count(*) > 1")


@pytest.mark.parametrize("view", ["report.ocr_review", "report.prior_figure"])
def test_a_view_of_few_cells_does_not_read_all(loaded: psycopg.Connection, view: str) -> None:
    loaded.execute("analyze filed.cell")
    plan = str(rows(loaded, f"explain select * from {view} where fiscal_year = 2024"))
    assert "cell_2024_disclosure_id_idx" in plan  # what Postgres calls the index of few cells within a year


@pytest.mark.parametrize("view", sorted(KEYS))
def test_the_grain_of_a_view_is_unique(warehouse: psycopg.Connection, view: str) -> None:
    assert repeated(warehouse, view) == []


def test_the_grain_of_views_is_unique_in_a_real_disclosure(loaded: psycopg.Connection) -> None:
    assert {view: found for view in sorted(KEYS) if (found := repeated(loaded, view))} == {}


@pytest.mark.parametrize("form", list(FORMS.values()), ids=lambda form: form.form_id)
def test_the_rows_of_a_report_are_numbered_and_keyed(contents: Contents, form: Form) -> None:
    found = contents(f"report.{form.form_id}")
    assert len({(row["disclosure_id"], row["row_no"]) for row in found}) == len(found)
    assert found
    if form.sheet is None:
        assert len({(row["disclosure_id"], row["row_key"]) for row in found}) == len(found)


# ---------------------------------------------------------------------------- marts


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_a_mart_holds_its_statement_line_by_line(
    warehouse: psycopg.Connection, fact: str, lines: dict[str, dict[Coordinates, Decimal]]
) -> None:
    found = rows(warehouse, f"select * from {fact}")
    names = {scheme: subject_names(scheme, selections.YEAR) for scheme in ("nature", "item")}
    place = {"fiscal_year": 2024, "reporting_unit_code": "001"}
    placed = [(entry, *counted) for entry in SETS for counted in lines[entry.id].items() if entry.stage == "budget"]
    expected = []
    for entry, line, amount in placed:
        told = place | {
            "division_code": selections.division_of(entry),
            "stage": "budget",  # final accounts have views of their own
            "unit_code": line.unit,
            "fund_code": line.fund or None,
            "nature": line.nature or None,
            "nature_name": names["nature"].get(line.nature),
            "functional_code": line.functional or None,
            "department_economic_code": line.department_economic or None,
            "government_economic_code": line.government_economic or None,
            "item_code": line.item or None,
            "item_name": names["item"].get(line.item),
            "project_name": line.project or None,
            "amount": amount.quantize(Decimal("0.000001")),
        }
        if line.statement == FACTS[fact]:
            expected.append({key: told[key] for key in found[0] if key in told})
    assert len({row["disclosure_id"] for row in found}) == len({row["division_code"] for row in found})
    assert Counter(str({key: row[key] for key in expected[0]}) for row in found) == Counter(map(str, expected))


@pytest.mark.parametrize("view", sorted(CHINESE_FACTS))
def test_a_chinese_fact_is_the_fact_with_names(warehouse: psycopg.Connection, view: str) -> None:
    query = (
        "select fact.division_code, fact.fiscal_year, unit.department_code, unit.department_name, fact.unit_code,"
        f" unit.unit_name, fact.amount, fact.disclosure_id from {CHINESE_FACTS[view]} as fact"
        " left join mart.dim_unit as unit using (division_code, fiscal_year, unit_code)"
    )
    chinese = f"select 行政区划代码, 年度, 部门编码, 部门, 单位编码, 单位, 金额_万元, 公开编号 from {view}"
    found, expected = (Counter(tuple(row.values()) for row in rows(warehouse, text)) for text in (chinese, query))
    assert found == Counter(
        tuple("未区分" if n in (3, 5) and not v else v for n, v in enumerate(row)) for row in expected
    )


def test_chinese_names_need_no_quotes_and_types_have_a_size(warehouse: psycopg.Connection) -> None:
    columns = rows(
        warehouse,
        "select relname as view, attname as name, format_type(atttypid, atttypmod) as type from pg_attribute"
        " join pg_class on pg_class.oid = attrelid where relnamespace = 'mart_zh'::regnamespace and attnum > 0",
    )
    assert len(columns) > 50
    for column in columns:
        assert re.fullmatch(r"[\u4e00-\u9fff_]{1,20}", column["name"]), column
        assert column["type"] != "numeric", column
        assert column["type"] != "text" or column["name"] in ("说明", "绩效目标", "目标值原文"), column


_ALL_CHOSEN = (
    "{unit_code,fund_code,fund_class,nature,functional_code,functional_class,department_economic_code,"
    "department_economic_class,government_economic_code,government_economic_class,item_code,project_id}"
)
_NAMES = {
    "mart_zh.支出明细": "部门 单位 资金性质 资金大类 支出性质 功能分类类 功能分类"
    " 部门经济分类类 部门经济分类 政府经济分类类 政府经济分类 项目",
    "mart_zh.收入明细": "部门 单位 收入来源 收入大类",
    "mart_zh.三公经费明细": "部门 单位",
    "mart_zh.专项资金明细": "部门 单位 项目 资金性质 预算编制方式",
}


@pytest.mark.parametrize("view", _NAMES)
def test_what_is_not_told_has_a_name(warehouse: psycopg.Connection, view: str) -> None:
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update budget.amount set allocated = %s", (_ALL_CHOSEN,))
        found = rows(warehouse, f"select distinct {', '.join(_NAMES[view].split())} from {view}")
    assert found == [dict.fromkeys(_NAMES[view].split(), "未区分")]


def test_a_class_is_known_if_only_the_code_was_chosen(warehouse: psycopg.Connection) -> None:
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update budget.amount set allocated = '{fund_code,functional_code,department_economic_code}'")
        found = rows(
            warehouse,
            "select fund_code, fund_class, functional_code, functional_level, department_economic_level"
            " from mart.expenditure where functional_class is not null and department_economic_class is not null",
        )
    assert found
    assert {row["fund_code"] for row in found} == {None}
    assert {"11", "12"} <= {row["fund_class"] for row in found}
    assert {(row["functional_code"], row["functional_level"], row["department_economic_level"]) for row in found} == {
        (None, "class", "class")
    }


def test_units_are_ranked_and_set_beside_the_year_before(warehouse: psycopg.Connection) -> None:
    """Every unit has the total of its lines, and all shares of a year are the whole."""
    found = rows(warehouse, "select * from mart.unit_year")
    expected = rows(
        warehouse,
        "select division_code, fiscal_year, unit_code, sum(amount) as expenditure from mart.expenditure"
        " group by division_code, fiscal_year, unit_code",
    )
    key = ("division_code", "fiscal_year", "unit_code", "expenditure")
    assert {tuple(row[name] for name in key) for row in expected} == {
        tuple(row[name] for name in key) for row in found if row["expenditure"]
    }
    shares: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for row in found:
        shares[row["division_code"], row["fiscal_year"]] += row["district_share"]
    assert all(abs(share - 100) < Decimal("0.1") for share in shares.values())
    with warehouse.transaction(force_rollback=True):
        warehouse.execute(
            "update budget.amount set amount = 2 * amount where fiscal_year = 2024 and unit_code = '001001'"
        )
        (doubled,) = rows(
            warehouse,
            "select expenditure from mart.unit_year where unit_code = '001001' and division_code = '430202'",
        )
    (single,) = [row for row in found if (row["division_code"], row["unit_code"]) == ("430202", "001001")]
    assert doubled["expenditure"] == 2 * single["expenditure"]


def test_a_special_fund_needs_no_project(warehouse: psycopg.Connection) -> None:
    query = "select count(*) as lines, sum(amount) as amount from mart.special_fund"
    before = rows(warehouse, query)
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update budget.amount set project_id = null where statement = 'special_fund'")
        assert rows(warehouse, query) == before != [{"lines": 0, "amount": None}]


@pytest.mark.parametrize(
    ("statement", "kept"), [("expenditure", "project_id is not null"), ("special_fund", "project_id is null")]
)
def test_goals_of_a_unit_that_another_document_covers_are_left_out(
    warehouse: psycopg.Connection, statement: str, kept: str
) -> None:
    """The goal of a unit goes with its expenditure, those of its projects with their special funds."""
    before = rows(warehouse, "select goal_no from mart.goal")
    expected = rows(warehouse, f"select goal_no from mart.goal where {kept}")
    with warehouse.transaction(force_rollback=True):
        warehouse.execute(
            "insert into budget.covered_part (division_code, fiscal_year, disclosure_id, unit_code, statement,"
            " department_code) select distinct division_code, fiscal_year, disclosure_id, unit_code, %s,"
            " left(unit_code, 3) from mart.goal",
            (statement,),
        )
        found = rows(warehouse, "select goal_no from mart.goal")
    assert Counter(map(str, found)) == Counter(map(str, expected))
    assert 0 < len(found) < len(before)


def test_projects_and_indicators_are_counted_once(warehouse: psycopg.Connection) -> None:
    found = rows(warehouse, "select project_name, special_fund_amount, has_goal from mart.project")
    special = rows(warehouse, "select project_name, sum(amount) as amount from mart.special_fund group by 1")
    by_name: dict[str, Decimal] = defaultdict(Decimal)
    for row in found:
        by_name[row["project_name"]] += row["special_fund_amount"] or 0
    expected = {row["project_name"]: row["amount"] for row in special if row["project_name"]}
    assert {name: amount for name, amount in by_name.items() if amount} == expected
    goals = rows(warehouse, "select project_name, amount, indicator_count, task_count from mart.goal order by goal_no")
    assert [tuple(row.values()) for row in goals] == [
        *((project, expected[project], 2, 0) for project in selections.PROJECTS),
        (None, None, 2, 2),
    ]
    counted = "select count(*) as n from mart.indicator"
    stored = "select count(*) as n from budget.performance_indicator"
    assert rows(warehouse, counted) == rows(warehouse, stored)
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update budget.disclosure set is_current = false")
        assert rows(warehouse, counted) == [{"n": 0}]


@pytest.mark.parametrize(
    ("fact", "column", "coordinate"),
    [
        ("mart.expenditure", "unit_code", "unit_code"),
        ("mart.expenditure", "fund_code", "fund_code"),
        ("mart.expenditure", "nature", "nature"),
        ("mart.expenditure", "nature_name", "nature"),
        ("mart.expenditure", "functional_code", "functional_code"),
        ("mart.expenditure", "department_economic_code", "department_economic_code"),
        ("mart.expenditure", "government_economic_code", "government_economic_code"),
        ("mart.expenditure", "project_name", "project_id"),
        ("mart.revenue", "unit_code", "unit_code"),
        ("mart.revenue", "fund_code", "fund_code"),
        ("mart.revenue", "fund_code", "item_code"),
        ("mart.carry_over", "unit_code", "unit_code"),
        ("mart.carry_over", "fund_code", "fund_code"),
        ("mart.three_public", "unit_code", "unit_code"),
        ("mart.special_fund", "unit_code", "unit_code"),
        ("mart.special_fund", "fund_code", "fund_code"),
        ("mart.special_fund", "item_code", "item_code"),
        ("mart.special_fund", "item_name", "item_code"),
        ("mart.special_fund", "project_name", "project_id"),
    ],
)
def test_a_mart_hides_what_was_chosen(warehouse: psycopg.Connection, fact: str, column: str, coordinate: str) -> None:
    """The mart shows a coordinate that a form fixes, and null for the same coordinate where it was allocated."""
    with warehouse.transaction(force_rollback=True):
        shown = rows(warehouse, f"select count({column}) as shown, sum(amount) as total from {fact}")[0]
        warehouse.execute(
            "update budget.amount set allocated = array[%s] where statement = %s", (coordinate, FACTS[fact])
        )
        hidden = rows(warehouse, f"select count({column}) as shown, sum(amount) as total from {fact}")[0]
    assert hidden == {"shown": 0, "total": shown["total"]}
    if column != "project_name" or fact == "mart.special_fund":
        assert shown["shown"] > 0


def test_spending_over_the_years_keeps_the_total(warehouse: psycopg.Connection) -> None:
    query = "select sum(amount) as total, count(*) filter (where is_allocated) as chosen from mart.unit_over_years"
    expected = (
        "select sum(amount) as total from budget.current_amount where statement = 'expenditure' and stage = 'budget'"
    )
    total = rows(warehouse, expected)[0]["total"]
    assert rows(warehouse, query)[0] == {"total": total, "chosen": 0}


def _nearest(scheme: str) -> dict[str, str]:
    """Code → the name that holds in the year, or in the nearest that knows the code."""
    found: dict[str, tuple[int, str]] = {}
    for row in subjects():
        if row["scheme"] == scheme:
            first, last = int(str(row["first_year"])), int(str(row["last_year"]))
            away = max(first - selections.YEAR, selections.YEAR - last, 0)
            code = str(row["code"])
            if code not in found or away < found[code][0]:
                found[code] = (away, str(row["subject_name"]))
    return {code: name for code, (_, name) in found.items()}


def test_every_function_has_its_class_group_and_item(warehouse: psycopg.Connection) -> None:
    names = _nearest("functional")
    expected = [
        (
            selections.YEAR,
            code,
            name,
            code[:3],
            names.get(code[:3]),
            code[:5] if len(code) >= 5 else None,
            names.get(code[:5]) if len(code) >= 5 else None,
            code if len(code) >= 7 else None,
            name if len(code) >= 7 else None,
        )
        for code, name in names.items()
    ]
    found = [tuple(row.values()) for row in rows(warehouse, "select * from mart.dim_function")]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_every_economic_subject_has_its_class(warehouse: psycopg.Connection) -> None:
    expected = []
    for scheme in ("department_economic", "government_economic"):
        names = _nearest(scheme)
        expected += [
            (selections.YEAR, scheme, code, name, code[:3], names.get(code[:3])) for code, name in names.items()
        ]
    found = [tuple(row.values()) for row in rows(warehouse, "select * from mart.dim_economic")]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    ("scheme", "query"),
    [
        ("functional", "select functional_name as name from mart.dim_function where functional_code = '29977'"),
        ("department_economic", "select economic_name as name from mart.dim_economic where economic_code = '29977'"),
    ],
)
@pytest.mark.parametrize(
    ("spans", "name"),
    [
        (((0, 2010), (2012, 2020), (2026, 9999)), "3"),
        (((0, 2010), (2012, 2023), (2026, 9999)), "2"),
        (((0, 2010), (2024, 2024), (2025, 9999)), "2"),
    ],
)
def test_a_code_keeps_the_name_of_the_nearest_year(
    warehouse: psycopg.Connection, scheme: str, query: str, spans: tuple[tuple[int, int], ...], name: str
) -> None:
    with warehouse.transaction(force_rollback=True):
        for number, span in enumerate(spans, start=1):
            warehouse.execute(
                "insert into budget.subject (scheme, code, first_year, last_year, subject_name, level, source)"
                " values (%s, '29977', %s, %s, %s, 2, '')",
                (scheme, *span, str(number)),
            )
        warehouse.execute("select budget.settle_subjects(2024)")
        assert rows(warehouse, query) == [{"name": name}]


def test_every_fund_has_its_class(warehouse: psycopg.Connection) -> None:
    funds = {str(row["code"]): row for row in subjects() if row["scheme"] == "fund"}
    found = [tuple(row.values()) for row in rows(warehouse, "select * from mart.dim_fund")]
    expected = [
        (code, row["subject_name"], row["parent_code"], code[:2], funds[code[:2]]["subject_name"])
        for code, row in funds.items()
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_every_unit_has_its_department(warehouse: psycopg.Connection) -> None:
    found = [
        tuple(row.values()) for row in rows(warehouse, "select * from mart.dim_unit where division_code = '430202'")
    ]
    units = sorted({*selections.UNITS, *(unit[:3] for unit in selections.UNITS)})
    assert sorted(found) == [
        ("430202", 2024, unit, f"单位{unit}", unit[:3], f"单位{unit[:3]}", len(unit) == 3, None, unit) for unit in units
    ]


def test_dimensions_name_classes_and_levels(warehouse: psycopg.Connection) -> None:
    function = rows(warehouse, "select * from mart.dim_function where functional_code = '2010101'")[0]
    assert (function["functional_class"], function["functional_group"], function["functional_item"]) == (
        "201",
        "20101",
        "2010101",
    )
    assert (function["functional_class_name"], function["functional_group_name"]) == ("一般公共服务支出", "人大事务")
    assert function["functional_name"] == function["functional_item_name"] == "行政运行"
    economic = rows(warehouse, "select * from mart.dim_economic where economic_code = '30201'")[0]
    assert (economic["economic_name"], economic["economic_class"]) == ("办公费", "302")
    assert economic["economic_class_name"] == "商品和服务支出"
    fund = rows(warehouse, "select * from mart.dim_fund where fund_code = '111'")[0]
    assert (fund["fund_class"], fund["parent_code"]) == ("11", "11")
    unit = rows(warehouse, "select * from mart.dim_unit where unit_code = '001001'")[0]
    assert (unit["unit_name"], unit["department_code"], unit["department_name"]) == ("单位001001", "001", "单位001")
