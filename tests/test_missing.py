"""What is missing: forms, units that filed the year before, units without a document of their own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from loader.answers.disclosed import Selection, identities, read_batch
from loader.loading.load import load_content
from loader.loading.options import Options
from schema.forms import FORMS
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.national_budget import NATIONAL_BUDGET
from schema.forms.template import TemplateSet
from synthetic.budgets import CENT_OF_WAN, FEN, YEAR, Budget, Shape, budget_of
from synthetic.rendering import Key, Mess, render
from synthetic.set_documents import Style, amounts_of, document
from synthetic.workbooks import xlsx
from tests.conftest import Run

BUDGET = budget_of(Shape(seed=1, department="105", kinds=("agency", "institution"), items=2))
HOME, SCHOOL = "105001", "105002"


def load(
    connection: psycopg.Connection,
    year: int,
    budget: Budget,
    forms: tuple[int, ...] = (1, 2, 3),
    changes: dict[Key, int] | None = None,
    mess: Mess | None = None,
) -> None:
    text = render(budget, forms, mess, changes).replace(f"{YEAR}年", f"{year}年")
    assert load_content(connection, text.encode(), "budget.txt", Options()).error is None


def missing(run: Run, year: int, name: str, *columns: str) -> list[tuple[Any, ...]]:
    rows = json.loads(run("missing", "--year", year, "--json").stdout)[name]
    return [tuple(row[column] for column in columns) for row in rows]


def test_forms_that_a_disclosure_lacks(database: psycopg.Connection, run: Run) -> None:
    load(database, 2024, BUDGET.of_unit(HOME))
    (row,) = missing(run, 2024, "missing_forms", "reporting_unit_code", "report_nos")
    assert row == (HOME, list(range(4, 24)))
    titles = database.execute("select report_no, title from report.missing_form where report_no = 15").fetchall()
    assert titles == [(15, "一般公共预算“三公”经费支出表")]


def test_a_form_without_rows_is_not_missing(loaded: psycopg.Connection, run: Run) -> None:
    assert missing(run, 2024, "missing_forms", "report_nos") == [([2, 4, 5],)]


VARIANTS = {form.form_id: form.variant_of for form in FORMS.values() if form.variant_of is not None}


def test_a_variant_is_an_optional_form_of_its_set() -> None:
    of_final_accounts = {"f06x": "f06", "f07x": "f07", "f07y": "f07"}
    of_budgets = {"nb01y": "nb01", "nb02x": "nb02", "nb02y": "nb02", "nb03x": "nb03", "nb03y": "nb03", "nb07x": "nb07"}
    of_budgets |= {f"{usual}u": usual for usual in ("nb02", "nb05", "nb06", "nb07", "nb08", "nb09")}
    assert of_final_accounts | of_budgets == VARIANTS
    assert all(FORMS[variant].optional and not FORMS[usual].optional for variant, usual in VARIANTS.items())
    assert all(FORMS[usual].title in FORMS[variant].aliases for variant, usual in VARIANTS.items())


# of 三公, nothing but the form itself says that it has money
@pytest.mark.parametrize(
    ("entry", "variants", "proved"),
    [(FINAL_ACCOUNTS, ("f06x", "f07x"), {"f06"}), (NATIONAL_BUDGET, ("nb07x",), set())],
)
def test_a_form_with_a_variant_in_its_place_is_not_missing(
    database: psycopg.Connection, run: Run, entry: TemplateSet, variants: tuple[str, ...], proved: set[str]
) -> None:
    """Nor not filed in the comparison; with neither of the two, the usual one is."""
    usual = {VARIANTS[variant] for variant in variants}
    load_set(database, entry, 2023, [*others(entry, usual)])
    load_set(database, entry, 2024, [*others(entry, usual), *variants])
    assert said_to_lack(database, run, 2023, usual) == (usual, usual)
    assert said_to_lack(database, run, 2024, usual) == (set(), set())
    assert with_money(database, 2023, usual) == dict.fromkeys(proved, False)
    assert with_money(database, 2024, usual) == dict.fromkeys(usual, True)


def test_a_variant_without_money_is_told_as_the_form_in_whose_place_it_stands(database: psycopg.Connection) -> None:
    load_set(database, FINAL_ACCOUNTS, 2024, [*others(FINAL_ACCOUNTS, {"f06"}), "f06x"], blank="f06x")
    assert with_money(database, 2024, {"f06", "f06x"}) == {"f06": False}


def test_a_page_shows_no_form_with_a_variant_in_its_place(database: psycopg.Connection) -> None:
    load_set(database, FINAL_ACCOUNTS, 2024, [*others(FINAL_ACCOUNTS, {"f06"}), "f06x"])
    (one,) = read_batch(database, identities(database, Selection(Options().division_code)))
    assert [printed.form.form_id for printed in one.forms if printed.form.form_id.startswith("f06")] == ["f06x"]


def test_tables_show_the_titles_of_forms_without_numbers(database: psycopg.Connection, run: Run) -> None:
    load_set(database, FINAL_ACCOUNTS, 2023, others(FINAL_ACCOUNTS, {"f06"}))
    named = f"f06 {FORMS['f06'].short_title}"
    assert named in run("missing", "--year", "2023").stdout
    assert named in run("compare", "--year", "2023", "--kind", "not_filed", "--limit", "0").stdout


def others(entry: TemplateSet, without: set[str]) -> list[str]:
    return [form.form_id for form in entry.forms if not form.optional and form.form_id not in without]


def load_set(
    connection: psycopg.Connection, entry: TemplateSet, year: int, forms: list[str], blank: str | None = None
) -> None:
    """A document with these forms, one of them without figures."""
    cover, *sheets = document(entry, amounts_of(entry, seed=3), Style(is_department=False), year=year, forms=forms)
    chosen = [form.form_id for form in entry.forms if form.form_id in forms]
    shown = [
        replace(sheet, cells=tuple(cell for cell in sheet.cells if form_id != blank or cell.number is None))
        for form_id, sheet in zip(chosen, sheets, strict=True)
    ]
    assert load_content(connection, xlsx([cover, *shown]), f"{year}.xlsx", Options()).error is None
    filed = connection.execute("select form_id from filed.form where fiscal_year = %s order by form_no", (year,))
    assert [form_id for (form_id,) in filed.fetchall()] == chosen


def said_to_lack(connection: psycopg.Connection, run: Run, year: int, forms: set[str]) -> tuple[set[str], set[str]]:
    """Which of these forms are missing, and which are not filed by the comparison."""
    rows = missing(run, year, "missing_forms", "report_nos")
    not_filed = connection.execute(
        "select distinct form_id from report.comparison where status = 'not_filed' and fiscal_year = %s", (year,)
    ).fetchall()
    return {form_id for (named,) in rows for form_id in named} & forms, {form_id for (form_id,) in not_filed} & forms


def with_money(connection: psycopg.Connection, year: int, forms: set[str]) -> dict[str, bool]:
    """Which of these forms have money by the others, and whether they print it."""
    rows = connection.execute(
        "select form_id, passed from rule.result"
        " where rule = 'form_with_money' and fiscal_year = %s and form_id = any(%s)",
        (year, list(forms)),
    )
    return dict(rows.fetchall())


def test_a_unit_that_filed_the_year_before(database: psycopg.Connection, run: Run) -> None:
    for unit in BUDGET.units:
        load(database, 2023, BUDGET.of_unit(unit.code))
    load(database, 2024, BUDGET.of_unit(HOME))
    columns = ("unit_code", "had_filed", "is_named")
    assert missing(run, 2024, "missing_units", *columns) == [(SCHOOL, True, False)]
    assert missing(run, 2023, "missing_units", *columns) == []
    run("missing", "--year", 2025, code=2)  # of that year nothing is loaded yet


def test_a_unit_that_only_its_department_still_names(database: psycopg.Connection, run: Run) -> None:
    load(database, 2023, BUDGET.of_unit(SCHOOL))
    load(database, 2024, BUDGET)
    columns = ("unit_code", "former_unit_name", "is_named")
    assert missing(run, 2024, "missing_units", *columns) == [(SCHOOL, BUDGET.units[1].name, True)]
    named = missing(run, 2024, "units_without_disclosure", "unit_code", "reporting_unit_code")
    assert named == [(HOME, "105"), (SCHOOL, "105")]


def test_a_unit_that_nobody_names_any_more(database: psycopg.Connection, run: Run) -> None:
    load(database, 2023, BUDGET)
    load(database, 2024, BUDGET.of_unit(HOME))
    rows = missing(run, 2024, "missing_units", "unit_code", "had_filed", "is_named")
    assert rows == [("105", True, True), (SCHOOL, False, False)]


def test_an_office_that_only_a_final_account_names_is_expected_under_its_code(
    database: psycopg.Connection, run: Run
) -> None:
    home = BUDGET.of_unit(HOME)
    for year in (2024, 2025):
        load(database, year, home)
    amounts = amounts_of(FINAL_ACCOUNTS, seed=1)
    sheets = document(FINAL_ACCOUNTS, amounts, Style(), office=home.filed_by[1])
    assert load_content(database, xlsx(sheets), "final.xlsx", Options()).error is None
    known = database.execute("select unit_code from budget.unit_alias").fetchall()
    assert known == [(HOME,)]
    assert missing(run, 2025, "missing_units", "unit_code") == []


def test_the_table_says_what_each_list_is(database: psycopg.Connection, run: Run) -> None:
    load(database, 2024, BUDGET, (1, 3))
    output = run("missing", "--year", 2024).stdout
    counts, named, *_ = output.split("\n\n")
    assert [line.split(maxsplit=3)[1::2] for line in counts.splitlines()[3:-1]][:4] == [
        ["0", "units that filed the year before, but not this year         |"],
        ["2", "units named in another disclosure, without one of their own |"],
        ["1", "disclosures without some of the official forms              |"],
        ["0", "departments that differ from the sum of their units         |"],
    ]
    assert named.startswith("units named in another disclosure, without one of their own: 2")
    assert SCHOOL in named
    output.encode("gbk")


def test_lists_are_limited_and_say_how_many_more(database: psycopg.Connection, run: Run) -> None:
    load(database, 2024, BUDGET, (1, 3))
    limited = run("missing", "--year", 2024, "--limit", 1).stdout
    assert "and 1 more: --limit 0 prints all" in limited
    assert (HOME in limited, SCHOOL in limited) == (True, False)
    for limit in (0, 2):
        output = run("missing", "--year", 2024, "--limit", limit).stdout
        assert "more:" not in output
        assert SCHOOL in output


def test_figures_have_two_decimals_or_the_more_that_they_have(database: psycopg.Connection, run: Run) -> None:
    own = BUDGET.of_unit(HOME)
    load(database, 2024, BUDGET, (1, 3))
    spent = own.total("expenditure")
    load(database, 2024, own, (1, 3), {(3, HOME, "total"): spent + CENT_OF_WAN * 3 // 2}, Mess(yuan=(3,)))
    output = run("missing", "--year", 2024).stdout
    (line,) = [line for line in output.splitlines() if f"| {HOME}" in line and "合计" in line]
    amounts = [cell.strip() for cell in line.split("|")[-4:-1]]
    assert amounts == [f"{spent / FEN:.2f}", f"{spent / FEN + 0.015:.3f}", "-0.015"]
