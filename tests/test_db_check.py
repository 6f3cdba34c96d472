"""`hetang db check` finds what a crash, a restore or a hand in the tables may have broken, one fault a test."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.conftest import Run
from tests.test_schema import contents


def test_a_sound_warehouse(loaded: psycopg.Connection, run: Run) -> None:
    before = contents(loaded)
    assert json.loads(run("db", "check", "--json").stdout) == []
    assert contents(loaded) == before


def test_an_empty_warehouse(database: psycopg.Connection, run: Run) -> None:
    assert "no problems found" in run("db", "check").stderr


@pytest.mark.parametrize(
    ("fault", "problems"),
    [
        (
            "delete from filed.form where form_no = 3",
            ["forms, found", "cells belong to no form"],
        ),
        ("delete from filed.form where form_no = (select max(form_no) from filed.form)", ["forms, found"]),
        ("delete from filed.cell where cell_text = '单位' or (form_no, row_no) = (3, 4)", ["cells, found"]),
        ("insert into filed.cell select * from filed.cell where (form_no, row_no) = (3, 2)", ["cells, found"]),
        ("update filed.cell set amount = amount + 1 where form_no = 3 and amount > 0", ["comparison does not match"]),
        ("update budget.amount set amount = amount + 1 where line_no = 3", ["comparison does not match"]),
        (
            "delete from budget.amount where line_no = 3",
            ["rows are missing from budget.amount", "comparison does not match"],
        ),
        ("update budget.amount set source_row_no = 999 where line_no = 3", ["refer to a missing cell"]),
        ("delete from budget.project where project_id = 1", ["belong to a missing project"]),
        (
            "delete from internal.stored_fact where line_no = 3",
            ["1 lines of its ledger are not as they stand in the facts"],
        ),
        ("update internal.stored_fact set unit_code = '001002'", ["are not as they stand in the facts of mart"]),
        (
            "update internal.stored_fact set functional_class = '999' where line_no in (3, 4)",
            ["2 lines of its ledger are not as they stand in the facts"],
        ),
        (
            "update internal.stored_spending set functional_code = '999' where functional_code like '208%'",
            ["sums of its spending are not as they stand in the facts"],
        ),
        (
            "update internal.stored_spending set is_allocated = not is_allocated where functional_code like '208%'",
            ["sums of its spending are not as they stand in the facts"],
        ),
        (
            "insert into internal.stored_spending select * from internal.stored_spending",
            ["sums of its spending are not as they stand in the facts"],
        ),
        (
            "update budget.performance_goal set is_counted = not is_counted where goal_no = 1",
            ["1 of its goals count in mart but should not"],
        ),
        ("delete from internal.comparison_count", ["comparison is not stored"]),
        (
            "update internal.comparison_count set cell_count_differs = 1 where form_id = 'r03'",
            ["comparison does not match"],
        ),
        (
            "insert into internal.comparison_exception select division_code, fiscal_year, disclosure_id,"
            " (select count(*) + 1 from internal.comparison_exception), form_no, row_no, column_no, form_id, report_no,"
            " row_key, row_label, column_key, column_label, filed, rebuilt, difference, tolerance, 'differs', support"
            " from internal.cell_as_equal where form_id = 'r03' and row_key = 'total' and column_key = 'basic'",
            ["comparison does not match"],
        ),
        (
            "update budget.disclosure set is_current = false",
            ["is not current, but should be", "comparison does not match"],
        ),
        ("update budget.disclosure set withdrawn_at = now()", ["is current, but should not be"]),
        ("update budget.document set content_hash = 'another'", ["document is not in budget.document"]),
        ("delete from budget.unit", ["is not in budget.unit"]),
        ("delete from budget.disclosure", ["rows of filed.cell have no disclosure"]),
    ],
)
def test_a_fault_is_named(loaded: psycopg.Connection, run: Run, fault: str, problems: list[str]) -> None:
    loaded.execute(fault.encode())
    found = json.loads(run("db", "check", "--json", code=4).stdout)
    assert {each["fiscal_year"] for each in found} == {2024}
    for problem in problems:
        assert any(problem in each["problem"] for each in found), found
    assert problems[0] in " ".join(run("db", "check", code=4).stdout.split())


@pytest.mark.parametrize(
    ("read_by", "said"), [("'0.0.9'", "was read by release 0.0.9"), ("null", "was read by a release before 0.2.0")]
)
def test_what_older_releases_read_is_listed_and_is_no_damage(
    loaded: psycopg.Connection, run: Run, read_by: str, said: str
) -> None:
    loaded.execute(f"update budget.disclosure set read_by = {read_by}".encode())
    (listed,) = json.loads(run("db", "check", "--json").stdout)
    assert (listed["reporting_unit_code"], listed["problem"]) == ("001001", f"2024_001001.txt {said}")
    result = run("db", "check")
    assert "disclosures read by older releases: 1; `hetang load --again`" in result.stderr
    assert "no problems found" in result.stderr


def test_what_a_newer_release_read_is_not_listed(loaded: psycopg.Connection, run: Run) -> None:
    loaded.execute("update budget.disclosure set read_by = '999.0.0'")
    assert json.loads(run("db", "check", "--json").stdout) == []
