"""The rules of all cells in SQL against the declarations: every selection of every form, cell by cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import psycopg
import pytest

from loader.ledger.evidence.projection import Coordinates, projection_of
from schema import reference_data
from schema.codes.lists import subject_names
from schema.forms import FORMS, KEPT_SETS, SETS
from schema.forms.template import Column, Coordinate, Rows, Sheet, Statement, TemplateSet, Where
from synthetic import selections
from tests.views.conftest import rows


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
            assert form.rows is not None
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
    asked: dict[Coordinate, Any] = {
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
    form = replace(FORMS["r08"], where=where, rows=Rows((Coordinate.UNIT,)), columns=columns)
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
