"""A department's document and those of its units overlap: each yuan counts once, and contradictions are told."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from loader.loading.load import load_content
from loader.loading.options import Options
from loader.warehouse.revisions import withdraw
from synthetic.budgets import FEN, Budget, Shape, budget_of
from synthetic.rendering import Key, Mess, render

FORMS = (1, 2, 3, 7, 15, 21)
STATEMENTS = ("expenditure", "revenue", "carry_over", "three_public", "special_fund")
BUDGET = budget_of(
    Shape(
        seed=8,
        department="105",
        kinds=("agency", "institution", "institution"),
        items=2,
        project_functions=1,
        projects=1,
        closing=True,
        three_public=True,
    )
)
HOME, SECOND, THIRD = (unit.code for unit in BUDGET.units)


def load(
    connection: psycopg.Connection,
    budget: Budget,
    forms: Collection[int] = FORMS,
    changes: dict[Key, int] | None = None,
    mess: Mess | None = None,
    options: Options | None = None,
) -> None:
    content = render(budget, forms, mess, changes).encode()
    result = load_content(connection, content, "budget.txt", options or Options())
    assert result.error is None


def counted(connection: psycopg.Connection) -> dict[str, int]:
    """Statement → its money that counts; the facts of the marts are the same lines."""
    facts = "select disclosure_id, line_no from internal.stored_fact"
    lines = "select disclosure_id, line_no from budget.current_amount where stage = 'budget'"
    for one, other in ((facts, lines), (lines, facts)):
        assert not connection.execute(f"{one} except {other}".encode()).fetchall()
    rows = connection.execute("select statement, sum(amount) from budget.current_amount group by 1").fetchall()
    return {statement: int(amount * FEN) for statement, amount in rows if amount}


def totals(*budgets: Budget) -> dict[str, int]:
    sums = {statement: sum(budget.total(statement) for budget in budgets) for statement in STATEMENTS}
    return {statement: amount for statement, amount in sums.items() if amount}


def doubled(budget: Budget) -> Budget:
    return replace(budget, amounts={entry: 2 * amount for entry, amount in budget.amounts.items()})


# ---------------------------------------------------------------------------- counted once


def test_the_budget_has_money_of_every_kind_in_every_unit() -> None:
    for unit in BUDGET.units:
        assert set(totals(BUDGET.of_unit(unit.code))) >= {"expenditure", "revenue", "three_public", "special_fund"}
    assert BUDGET.total("carry_over")


@pytest.mark.parametrize(
    "own", [(), (HOME,), (SECOND, THIRD), (HOME, SECOND, THIRD)], ids=["none", "home", "some", "all"]
)
def test_with_the_departments_document_each_yuan_counts_once(
    database: psycopg.Connection, own: tuple[str, ...]
) -> None:
    for code in own:
        load(database, BUDGET.of_unit(code))
    load(database, BUDGET)
    assert counted(database) == totals(BUDGET)


def test_without_the_departments_document_the_units_add_up(database: psycopg.Connection) -> None:
    for unit in BUDGET.units:
        load(database, BUDGET.of_unit(unit.code))
    assert counted(database) == totals(BUDGET)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_of_two_documents_the_units_own_counts_in_whatever_order(
    database: psycopg.Connection, order: tuple[int, ...]
) -> None:
    second = doubled(BUDGET.of_unit(SECOND))
    documents = (BUDGET, BUDGET.of_unit(HOME), second)
    for number in order:
        load(database, documents[number])
    kept = totals(BUDGET.of_unit(HOME), BUDGET.of_unit(THIRD), second)
    found = counted(database)
    assert {s: found[s] for s in ("expenditure", "three_public", "special_fund")} == {
        s: kept[s] for s in ("expenditure", "three_public", "special_fund")
    }


@pytest.mark.parametrize("forms", [(1, 3, 15, 21), (1,)], ids=["revenue", "everything"])
def test_what_a_department_states_as_a_whole_covers_its_units(
    database: psycopg.Connection, forms: tuple[int, ...]
) -> None:
    load(database, BUDGET, forms)
    undivided = database.execute("select distinct statement from budget.amount where unit_code = '105'").fetchall()
    assert ("revenue",) in undivided
    for unit in BUDGET.units:
        load(database, BUDGET.of_unit(unit.code))
    assert counted(database) == totals(BUDGET)


def test_a_form_that_the_unit_did_not_file_counts_from_the_department(database: psycopg.Connection) -> None:
    load(database, BUDGET)
    load(database, BUDGET.of_unit(SECOND), (1, 2, 3, 7, 21))
    assert counted(database) == totals(BUDGET)


def test_a_form_that_the_unit_filed_empty_says_zero(database: psycopg.Connection) -> None:
    load(database, BUDGET)
    second = BUDGET.of_unit(SECOND)
    nothing = replace(second, amounts={e: a for e, a in second.amounts.items() if e.statement != "three_public"})
    load(database, nothing)
    assert counted(database)["three_public"] == BUDGET.total("three_public") - second.total("three_public")


def test_of_undecided_revisions_one_counts(database: psycopg.Connection) -> None:
    load(database, BUDGET)
    load(database, BUDGET, mess=Mess(notes=False))
    load(database, BUDGET.of_unit(SECOND))
    load(database, BUDGET.of_unit(SECOND), mess=Mess(notes=False))
    assert database.execute("select count(*) from budget.disclosure where is_current").fetchone() == (4,)
    assert counted(database) == totals(BUDGET)


def test_a_withdrawn_document_counts_no_longer(database: psycopg.Connection) -> None:
    load(database, BUDGET)
    load(database, doubled(BUDGET.of_unit(SECOND)))
    found = database.execute("select reporting_unit_code, disclosure_id from budget.disclosure").fetchall()
    rows: dict[str, int] = dict(found)
    with database.transaction():
        withdraw(database, "430202", rows[SECOND])
    assert counted(database) == totals(BUDGET)
    with database.transaction():
        withdraw(database, "430202", rows["105"])
    assert counted(database) == {}


def test_a_department_of_one_unit_counts_once(database: psycopg.Connection) -> None:
    single = BUDGET.of_unit(HOME)
    load(database, single)
    load(database, single, mess=Mess(by_department=True))
    assert database.execute("select count(distinct reporting_unit_code) from budget.disclosure").fetchone() == (2,)
    assert counted(database) == totals(single)


# ---------------------------------------------------------------------------- contradictions and sums


def contradictions(connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "select unit_code, report_no, row_key, column_key, department_amount, unit_amount, difference"
        " from report.overlap_contradiction order by 1, 2, 3, 4"
    ).fetchall()


def sums(connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "select report_no, column_key, difference from report.department_sum where status = 'differs' order by 1, 2"
    ).fetchall()


def test_documents_that_agree_contradict_nothing(database: psycopg.Connection) -> None:
    load(database, BUDGET)
    for unit in BUDGET.units:
        load(database, BUDGET.of_unit(unit.code))
    assert contradictions(database) == []
    assert sums(database) == []
    compared = database.execute("select distinct report_no, unit_count from report.department_sum").fetchall()
    assert {no for no, units in compared if units == 3} == {2, 3, 7, 15, 21}


def test_a_figure_that_both_print_differently(database: psycopg.Connection) -> None:
    load(database, BUDGET)
    own = BUDGET.of_unit(SECOND)
    printed = sum(amount for e, amount in own.amounts.items() if e.statement == "three_public")
    load(database, own, changes={(15, SECOND, "total"): printed + FEN})
    filed = Decimal(printed) / FEN
    assert contradictions(database) == [(SECOND, 15, SECOND, "total", filed, filed + 1, -1)]
    assert sums(database) == []  # the total of the unit's form is as it was


def test_a_row_that_only_the_department_prints(database: psycopg.Connection) -> None:
    load(database, BUDGET)
    own = BUDGET.of_unit(SECOND)
    entry = next(e for e in own.amounts if e.statement == "expenditure" and e.nature == "project")
    less = {e: a for e, a in own.amounts.items() if (e.statement, e.nature) != ("expenditure", "project")}
    load(database, replace(own, amounts=less), (3,))
    rows = [row for row in contradictions(database) if row[2] == f"{SECOND}/{entry.functional}" and row[3] == "project"]
    assert [(row[1], row[5]) for row in rows] == [(3, None)]


def test_other_brackets_are_no_contradiction(database: psycopg.Connection) -> None:
    project = next(e.project for e in BUDGET.amounts if e.unit == SECOND and e.project)
    named = {e._replace(project=e.project.replace(project, "道路（一期）")): a for e, a in BUDGET.amounts.items()}
    budget = replace(BUDGET, amounts=named)
    load(database, budget)
    load(database, budget.of_unit(SECOND), mess=Mess(narrow=True, seed=2))
    assert database.execute(
        "select count(distinct row_key) from filed.cell where row_key like %s", ("%道路_一期_%",)
    ).fetchone() == (2,)
    assert contradictions(database) == []


def test_a_column_of_mere_sums_may_be_missing(database: psycopg.Connection) -> None:
    budget = budget_of(Shape(seed=8, department="105", kinds=("agency", "institution"), other_funds=("31",), items=2))
    load(database, budget, (2,), mess=Mess(optional_lines=True))
    load(database, budget.of_unit(SECOND), (2,))
    found = database.execute(
        "select distinct reporting_unit_code from filed.cell join budget.disclosure using (disclosure_id)"
        " where column_key = 'unit_funds_total' and amount is not null"
    ).fetchall()
    assert found == [("105",)]
    assert contradictions(database) == []
    assert sums(database) == []


def test_a_column_that_no_unit_prints(database: psycopg.Connection) -> None:
    load(database, BUDGET)
    own = BUDGET.of_unit(SECOND)
    less = {e: a for e, a in own.amounts.items() if (e.statement, e.nature) != ("expenditure", "project")}
    load(database, replace(own, amounts=less), (3,))
    found = {(no, column): difference for no, column, difference in sums(database)}
    spent = sum(a for e, a in own.amounts.items() if (e.statement, e.nature) == ("expenditure", "project"))
    assert found[3, "project"] == Decimal(spent) / FEN


def test_other_money_units_are_no_contradiction(database: psycopg.Connection) -> None:
    fine = budget_of(Shape(seed=2, department="105", kinds=("agency", "institution"), items=3, step=100))
    load(database, fine, (1, 2, 3), mess=Mess(yuan=(1, 2, 3)))
    load(database, fine.of_unit(HOME), (1, 2, 3))
    assert contradictions(database) == []
    assert sums(database) == []
    assert database.execute("select count(*) > 0 from report.department_sum where status = 'rounding'").fetchone() == (
        True,
    )


def test_units_that_do_not_add_up_to_their_department(database: psycopg.Connection) -> None:
    load(database, BUDGET)
    load(database, doubled(BUDGET.of_unit(SECOND)), (3,))
    more = BUDGET.of_unit(SECOND).total("expenditure")
    found = {(no, column): difference for no, column, difference in sums(database)}
    assert found[3, "total"] == -Decimal(more) / FEN
    assert {no for no, _ in found} == {3}


def test_a_unit_that_the_department_leaves_out(database: psycopg.Connection) -> None:
    rest = {e: a for e, a in BUDGET.amounts.items() if e.unit != THIRD}
    load(database, replace(BUDGET, units=BUDGET.units[:2], amounts=rest))
    third = BUDGET.of_unit(THIRD)
    load(database, third)
    found = {(no, column): difference for no, column, difference in sums(database)}
    assert found[3, "total"] == -Decimal(third.total("expenditure")) / FEN
    assert found[15, "total"] == -Decimal(third.total("three_public")) / FEN
    assert counted(database) == totals(BUDGET)
