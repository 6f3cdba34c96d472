"""Units over the years: renamed, merged, transferred and split ones, from a curated file."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from loader.loading.load import load_content
from loader.loading.options import Options
from synthetic.budgets import FEN, YEAR, Budget, Shape, Unit, budget_of
from synthetic.rendering import render
from tests.conftest import Run, store_facts

HEADING = "from_year,old_unit_code,new_unit_code,succession,note\n"
BUDGET = budget_of(Shape(seed=1, department="105", items=2)).of_unit("105001")
SPENT = Decimal(BUDGET.total("expenditure")) / FEN


def of(code: str, name: str) -> Budget:
    """The budget as another unit would have it."""
    amounts = {entry._replace(unit=code): amount for entry, amount in BUDGET.amounts.items()}
    return replace(BUDGET, department=code[:3], units=(Unit(code, name, "agency"),), amounts=amounts)


def load(connection: psycopg.Connection, year: int, *units: tuple[str, str]) -> None:
    for code, name in units:
        text = render(of(code, name), (1, 2, 3)).replace(f"{YEAR}年", f"{year}年")
        assert load_content(connection, text.encode(), f"{code}.txt", Options()).error is None


@pytest.fixture
def told(run: Run, tmp_path: Path) -> Any:
    """told(rows) gives the program a file of successions; told(rows, code=2) is its complaint."""

    def tell(rows: str, code: int = 0, heading: str = HEADING) -> str:
        path = tmp_path / "succession.csv"
        path.write_text(heading + rows, encoding="utf-8")
        return run("units", "--succession", path, code=code).stderr

    return tell


def over_years(connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "select unit_code, unit_name, fiscal_year, sum(amount), max(unit_codes), bool_or(is_divided)"
        " from mart.unit_over_years group by 1, 2, 3 order by 3, 1"
    ).fetchall()


def missing(run: Run, year: int) -> list[tuple[str, str]]:
    rows = json.loads(run("missing", "--year", year, "--json").stdout)["missing_units"]
    return [(row["unit_code"], row["former_unit_code"]) for row in rows if len(row["former_unit_code"]) > 3]


# ---------------------------------------------------------------------------- what became of units


def test_without_a_succession_units_keep_their_codes(database: psycopg.Connection, run: Run) -> None:
    load(database, 2023, ("105001", "旧局"))
    load(database, 2024, ("106001", "新局"))
    assert over_years(database) == [
        ("105001", "旧局", 2023, SPENT, "105001", False),
        ("106001", "新局", 2024, SPENT, "106001", False),
    ]
    assert missing(run, 2024) == [("105001", "105001")]


def test_a_transferred_unit_keeps_its_history(database: psycopg.Connection, run: Run, told: Any) -> None:
    load(database, 2023, ("105001", "旧局"))
    load(database, 2024, ("106001", "新局"))
    told("2024,105001,106001,transferred,\n")
    assert over_years(database) == [
        ("106001", "新局", 2023, SPENT, "105001", False),
        ("106001", "新局", 2024, SPENT, "106001", False),
    ]
    assert missing(run, 2024) == []


def changes(connection: psycopg.Connection, grouped_by: str) -> list[tuple[Any, ...]]:
    """Year, unit and what is asked for, with spending, that of the year before, and the change."""
    return connection.execute(
        f"select fiscal_year, unit_code, {grouped_by}, sum(amount), sum(amount_before), sum(amount_change),"
        " max(amount_change_rate) from mart.change group by 1, 2, 3 order by 1, 2, 3".encode()
    ).fetchall()


def test_changes_are_told_through_renamings(database: psycopg.Connection, told: Any) -> None:
    load(database, 2023, ("105001", "旧局"))
    load(database, 2024, ("106001", "新局"))
    assert changes(database, "unit_name") == [
        (2023, "105001", "旧局", SPENT, None, None, None),
        (2024, "106001", "新局", SPENT, None, None, None),
    ]
    told("2024,105001,106001,renamed,\n")
    assert changes(database, "unit_name") == [
        (2023, "106001", "新局", SPENT, None, None, None),
        (2024, "106001", "新局", SPENT, SPENT, 0, 0),
    ]


def test_a_subject_of_one_year_only_changes_from_nothing_or_to_nothing(database: psycopg.Connection) -> None:
    for year in (2023, 2024):
        load(database, year, ("105001", "甲"))
    before = changes(database, "functional_code")
    (year, unit, code, amount, *_) = before[-1]
    database.execute("update budget.amount set functional_code = '2299999' where fiscal_year = 2024")
    store_facts(database)
    found = [row for row in changes(database, "functional_code") if row[0] == 2024]
    assert (2024, unit, code, 0, amount, -amount, -100) in found
    assert (2024, unit, "2299999", SPENT, 0, SPENT, None) in found
    database.execute("update budget.amount set allocated = '{functional_code,department_economic_class}'")
    store_facts(database)
    query = "select department_economic_class from mart.change where fiscal_year = 2024"
    assert database.execute(query.encode()).fetchall() == [(None,)]
    assert changes(database, "functional_code")[-1] == (2024, unit, None, SPENT, SPENT, 0, 0)


def test_merged_units_add_up_through_later_changes(database: psycopg.Connection, told: Any) -> None:
    load(database, 2022, ("105001", "甲"), ("105002", "乙"))
    load(database, 2023, ("105002", "乙"))
    load(database, 2024, ("107001", "丙"))
    told("2023,105001,105002,merged,\n2024,105002,107001,renamed,\n")
    assert over_years(database) == [
        ("107001", "丙", 2022, 2 * SPENT, "105001、105002", False),
        ("107001", "丙", 2023, SPENT, "105002", False),
        ("107001", "丙", 2024, SPENT, "107001", False),
    ]


def test_a_split_unit_cannot_be_divided(database: psycopg.Connection, run: Run, told: Any) -> None:
    load(database, 2023, ("105001", "甲"))
    load(database, 2024, ("105002", "乙"))
    told("2024,105001,105002,split,\n2024,105001,105003,split,\n")
    assert over_years(database) == [
        ("105001", "甲", 2023, SPENT, "105001", True),
        ("105002", "乙", 2024, SPENT, "105002", False),
    ]
    assert missing(run, 2024) == [("105003", "105001")]


def test_a_unit_that_was_never_loaded_has_no_lineage(database: psycopg.Connection, told: Any) -> None:
    load(database, 2024, ("105002", "乙"))
    told("2024,105001,105002,renamed,\n")
    codes = database.execute("select unit_code from budget.unit_lineage order by 1").fetchall()
    assert codes == [("105",), ("105002",)]


def test_a_code_given_to_another_unit_later_does_not_mix(database: psycopg.Connection, told: Any) -> None:
    load(database, 2023, ("105001", "甲"), ("105002", "乙"))
    load(database, 2024, ("105001", "乙"), ("105002", "甲"))
    told("2024,105001,105002,renamed,\n2024,105002,105001,renamed,\n")
    assert over_years(database) == [
        ("105001", "乙", 2023, SPENT, "105002", False),
        ("105002", "甲", 2023, SPENT, "105001", False),
        ("105001", "乙", 2024, SPENT, "105001", False),
        ("105002", "甲", 2024, SPENT, "105002", False),
    ]


def test_the_file_replaces_the_one_before(database: psycopg.Connection, told: Any) -> None:
    told("2024,105001,106001,renamed,\n")
    assert "successions: 1" in told("2023,105001,105002,merged,撤并\n")
    rows = database.execute("select from_year, new_unit_code, succession, note, source from budget.unit_succession")
    assert rows.fetchall() == [(2023, "105002", "merged", "撤并", None)]


# ---------------------------------------------------------------------------- wrong files


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("二〇二四,105001,106001,renamed,\n", "line 2, from_year: '二〇二四'"),
        ("2024,105001,106001,renamed,\n2024,5001,106002,renamed,\n", "line 3, old_unit_code: '5001'"),
        ("2024,105001,,renamed,\n", "line 2, new_unit_code: ''"),
        ("2024,105001,106001,closed,\n", "line 2, succession: 'closed', expected renamed or merged"),
        ("2024,105001,105001,renamed,\n", "line 2, new_unit_code: '105001', expected a code other"),
        ("2024,105001,106001,split,\n", "line 2, succession: split, but 105001 has only one successor"),
        ("2024,105001,106001,split,\n2024,105001,106002,merged,\n", "line 3, succession: 105001 has several"),
        ("2024,105001,106001,renamed,\n2024,105002,106001,merged,\n", "line 2, succession: 106001 succeeds several"),
        ("2024,105001,106001,renamed,\n2024,105001,106001,renamed,\n", "line 3, new_unit_code: 105001 to 106001"),
        ("2024,105001,106001,renamed,a,b\n", "line 2: more cells than headings"),
    ],
)
def test_what_is_wrong_is_named_with_line_and_column(
    database: psycopg.Connection, told: Any, rows: str, complaint: str
) -> None:
    told("2023,105001,106001,renamed,\n")
    assert complaint in told(rows, code=2)
    assert database.execute("select from_year from budget.unit_succession").fetchall() == [(2023,)]


def test_a_file_without_its_columns(database: psycopg.Connection, told: Any) -> None:
    assert "no column new_unit_code" in told("", code=2, heading="from_year,old_unit_code,succession\n")
    assert "unknown column 'remarks'" in told("", code=2, heading=HEADING.replace("note", "remarks"))
