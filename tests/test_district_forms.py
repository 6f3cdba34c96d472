"""The forms of a whole district: each yuan once, whoever filed it, for all units and for those that one chooses."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from loader.loading.bulk import BulkLoad
from loader.loading.folder import Found
from loader.loading.options import Options
from schema.forms import FORMS
from schema.forms.template import Coordinate
from synthetic.district import District, write
from tests.conftest import shared_clone, url_of

DIVISIONS = ("430202", "430203", "430204", "430211", "430223")  # a district of its own in each


@pytest.fixture(scope="module")
def districts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection]:
    """Departments with a document for all, and units with their own, but for one whose department files alone."""
    documents: list[tuple[Found, Options]] = []
    for seed, division in enumerate(DIVISIONS, start=1):
        folder = tmp_path_factory.mktemp("district")
        departments, units = (2, (2, 3)) if seed == 1 else (1, (2, 2))
        write(District(folder, departments, units, (2024,), (("text", 1.0),), 0.0, 0.0, seed=seed), jobs=1)
        paths = sorted(path for path in folder.glob("*/*.txt") if "通知" not in path.name)[1:]
        documents += [(Found(path, path.name), Options(division_code=division)) for path in paths]
    with shared_clone(request, "district_forms") as connection:
        results = list(BulkLoad(connection, url_of(connection), documents))
        assert {result.error for result in results if result is not None} == {None}
        yield connection


def one(connection: psycopg.Connection, query: str) -> Any:
    [row] = connection.execute(query.encode()).fetchall()
    return row[0]


def by_district(connection: psycopg.Connection, what: str, source: str) -> dict[str, Decimal]:
    """A sum of each district, 0 where there is nothing to sum."""
    query = f"select division_code, {what} from {source} group by division_code"
    return dict.fromkeys(DIVISIONS, Decimal(0)) | dict(connection.execute(query.encode()).fetchall())


def test_documents_overlap(districts: psycopg.Connection) -> None:
    filed = by_district(districts, "sum(amount)", "budget.amount where statement = 'expenditure'")
    counted = by_district(districts, "sum(amount)", "mart.expenditure")
    assert all(filed[division] > counted[division] > 0 for division in DIVISIONS)


@pytest.mark.parametrize(
    ("form_id", "marts"),
    [
        ("r02", ("revenue", "carry_over where item_code = 'opening'")),
        ("r03", ("expenditure",)),
        ("r04", ("expenditure",)),
        ("r05", ("expenditure",)),
        ("r15", ("three_public",)),
        ("r21", ("special_fund",)),
    ],
)
def test_totals_are_those_of_the_marts(districts: psycopg.Connection, form_id: str, marts: tuple[str, ...]) -> None:
    sums = [by_district(districts, "sum(amount)", f"mart.{mart}") for mart in marts]
    expected = {division: sum(one[division] for one in sums) for division in DIVISIONS}
    assert by_district(districts, "sum(total)", f"district.{form_id} where row_level = 0") == expected
    assert by_district(districts, "sum(total)", f"district.{form_id} where is_leaf") == expected
    assert any(expected.values())


@pytest.mark.parametrize("coordinate", ["functional", "department_economic", "government_economic"])
def test_marts_tell_the_classes_of_the_ledger(districts: psycopg.Connection, coordinate: str) -> None:
    """A class that the forms leave open is null in the mart; nothing else is lost or moved."""
    spent = "from budget.current_amount where statement = 'expenditure'"
    query = f"select division_code, left({coordinate}_code, 3), sum(amount) {spent} group by 1, 2"
    ledger = {(division, code): amount for division, code, amount in districts.execute(query.encode())}
    query = f"select division_code, {coordinate}_class, sum(amount) from mart.expenditure group by 1, 2"
    mart = {(division, code): amount for division, code, amount in districts.execute(query.encode())}
    for division in DIVISIONS:
        here = {code: amount for (of, code), amount in ledger.items() if of == division}
        hidden = {code: amount - mart.get((division, code), 0) for code, amount in here.items()}
        is_open = -hidden.pop(None, -mart.get((division, None), Decimal(0)))
        assert sum(hidden.values()) == is_open < sum(here.values()) / 100
        assert min(hidden.values()) >= 0
    assert {key for key in mart if key[1] is not None} <= ledger.keys()


def test_a_form_by_subject_tells_each_subject_once(districts: psycopg.Connection) -> None:
    found = districts.execute(
        "select division_code, subject_code, total from district.r03 where is_leaf order by 1, 2"
    ).fetchall()
    expected = districts.execute(
        "select division_code, functional_code, sum(amount) from budget.current_amount"
        " where statement = 'expenditure' group by 1, 2 order by 1, 2"
    ).fetchall()
    assert found == expected


def test_lists_add_up_all_units(districts: psycopg.Connection) -> None:
    found = by_district(districts, "sum(function_amount)", "district.r01 where function_item = '本年支出合计'")
    assert found == by_district(districts, "sum(amount)", "mart.expenditure")


def test_some_units_are_chosen(districts: psycopg.Connection) -> None:
    here = f"division_code = '{DIVISIONS[0]}'"
    counted = f"budget.current_amount where {here} and statement = 'expenditure'"
    (unit,) = districts.execute(f"select min(unit_code) from {counted} and length(unit_code) > 3".encode())
    for chosen, condition in (
        (unit[0], f"unit_code = '{unit[0]}'"),
        (f"{unit[0][:3]}, 009", f"left(unit_code, 3) in ('{unit[0][:3]}', '009')"),
    ):
        with districts.transaction(force_rollback=True):
            districts.execute(f"set local hetang.units = '{chosen}'".encode())
            total, told = districts.execute(
                f"select total, chosen_units from district.r03 where row_level = 0 and {here}".encode()
            ).fetchone()  # type: ignore[misc]
        expected = f"select sum(amount) from {counted} and {condition}"
        assert (total, told) == (one(districts, expected), chosen)
    chosen_units = f"select chosen_units from district.r03 where row_level = 0 and {here}"
    assert one(districts, chosen_units) == ""
    with psycopg.connect(url_of(districts), options=f"-c hetang.units={unit[0]}") as told_at_once:
        assert one(told_at_once, chosen_units) == unit[0]


@pytest.mark.parametrize("form_id", ["r02", "r03", "r05", "r15", "r21"])
def test_rows_that_count_add_up_to_the_districts(districts: psycopg.Connection, form_id: str) -> None:
    """Of forms by unit: rows of what another document holds do not count, nor does a total that contains some."""
    assert FORMS[form_id].is_by(Coordinate.UNIT)
    counted = by_district(districts, "sum(total)", f"report.{form_id} where is_leaf and is_counted")
    expected = by_district(districts, "sum(total)", f"district.{form_id} where row_level = 0")
    assert counted == expected
    totals = by_district(districts, "sum(total)", f"report.{form_id} where row_level = 0")
    counted = by_district(districts, "sum(total)", f"report.{form_id} where row_level = 0 and is_counted")
    assert all(counted[division] <= expected[division] <= totals[division] for division in DIVISIONS)


def test_the_row_of_a_department_does_not_count_if_that_of_a_unit_of_it_does_not(districts: psycopg.Connection) -> None:
    """Its total contains what the unit's own document holds."""
    covered = (
        "select count(*) from report.r03 as shown where row_level = 1 and {} exists ("
        "select from budget.covered_part as part"
        " where part.disclosure_id = shown.disclosure_id and part.division_code = shown.division_code"
        " and part.statement = 'expenditure' and part.department_code = shown.subject_code)"
    )
    assert one(districts, covered.format("")) > 0
    assert one(districts, covered.format("is_counted and")) == 0


def test_of_two_current_revisions_the_rows_of_one_count(districts: psycopg.Connection) -> None:
    query = "select count(*) from report.r08 where row_level = 0 and is_counted"
    with districts.transaction(force_rollback=True):
        before = one(districts, query)
        districts.execute(
            "update budget.disclosure set is_current = false where disclosure_id ="
            " (select min(disclosure_id) from report.r08 where is_counted)"
        )
        assert one(districts, query) == before - 1
    assert before > 0


def test_another_stage_is_a_form_of_its_own(districts: psycopg.Connection) -> None:
    with districts.transaction(force_rollback=True):
        districts.execute(
            "update budget.disclosure set stage = 'adjusted' where disclosure_id ="
            " (select disclosure_id from budget.current_amount where statement = 'expenditure' limit 1)"
        )
        found = districts.execute(
            "select stage, sum(total) from district.r03 where row_level = 0 group by 1 order by 1"
        ).fetchall()
        expected = districts.execute(
            "select stage, sum(amount) from budget.current_amount where statement = 'expenditure' group by 1 order by 1"
        ).fetchall()
    assert found == expected
    assert [stage for stage, _ in found] == ["adjusted", "budget"]
    assert all(isinstance(total, Decimal) for _, total in found)


def test_a_rule_answers_for_a_year_what_it_answers_for_each_disclosure(districts: psycopg.Connection) -> None:
    """Before, every figure of a year read all cells of the year."""
    rows = (
        f"select count(*) from rule.same_figure as found where division_code = '{DIVISIONS[0]}' and fiscal_year = 2024"
    )
    numbers = f"select array_agg(disclosure_id) from budget.disclosure where division_code = '{DIVISIONS[0]}'"
    with districts.transaction():
        districts.execute("set local statement_timeout = '60s'")
        of_year = one(districts, rows)
    assert of_year == sum(one(districts, f"{rows} and disclosure_id = {number}") for number in one(districts, numbers))
    assert of_year > 0
