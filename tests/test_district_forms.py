"""The forms of a whole district: each yuan once, whoever filed it, for all units and for those that one chooses."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from schema.forms import FORMS
from schema.forms.template import Coordinate
from synthetic.district import District, write
from tests.conftest import load_files, shared_clone, url_of


@pytest.fixture(scope="module", params=(1, 2))
def district(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection]:
    """Departments with a document for all, and units with their own; a unit whose department files alone."""
    folder = tmp_path_factory.mktemp("district")
    write(District(folder, 2, (2, 3), (2024,), (("text", 1.0),), 0.0, 0.0, seed=request.param))
    paths = sorted(path for path in folder.glob("*/*.txt") if "通知" not in path.name)[: 8 - request.param]
    with shared_clone(request, "district_forms") as connection:
        assert {result.error for result in load_files(connection, *paths)} == {None}
        yield connection


def one(connection: psycopg.Connection, query: str) -> Any:
    [row] = connection.execute(query.encode()).fetchall()
    return row[0]


def test_documents_overlap(district: psycopg.Connection) -> None:
    filed = "select sum(amount) from budget.amount where statement = 'expenditure'"
    assert one(district, filed) > Decimal("1.2") * one(district, "select sum(amount) from mart.expenditure")


@pytest.mark.parametrize(
    ("form_id", "marts"),
    [
        ("r02", ("revenue", "carry_over")),
        ("r03", ("expenditure",)),
        ("r04", ("expenditure",)),
        ("r05", ("expenditure",)),
        ("r15", ("three_public",)),
        ("r21", ("special_fund",)),
    ],
)
def test_totals_are_those_of_the_marts(district: psycopg.Connection, form_id: str, marts: tuple[str, ...]) -> None:
    expected = sum(
        one(
            district,
            f"select coalesce(sum(amount), 0) from mart.{mart}"
            + (" where item_code = 'opening'" if mart == "carry_over" else ""),
        )
        for mart in marts
    )
    assert one(district, f"select total from district.{form_id} where row_level = 0") == expected
    assert one(district, f"select sum(total) from district.{form_id} where is_leaf") == expected
    assert expected > 0 or form_id == "r21"


def test_a_form_by_subject_tells_each_subject_once(district: psycopg.Connection) -> None:
    found = district.execute("select subject_code, total from district.r03 where is_leaf order by 1").fetchall()
    expected = district.execute(
        "select functional_code, sum(amount) from budget.current_amount"
        " where statement = 'expenditure' group by 1 order by 1"
    ).fetchall()
    assert found == expected


def test_lists_add_up_all_units(district: psycopg.Connection) -> None:
    found = one(district, "select sum(function_amount) from district.r01 where function_item = '本年支出合计'")
    assert found == one(district, "select sum(amount) from mart.expenditure")


def test_some_units_are_chosen(district: psycopg.Connection) -> None:
    (unit,) = district.execute("select min(unit_code) from budget.current_amount where length(unit_code) > 3")
    for chosen, condition in (
        (unit[0], f"unit_code = '{unit[0]}'"),
        (f"{unit[0][:3]}, 009", f"left(unit_code, 3) in ('{unit[0][:3]}', '009')"),
    ):
        with district.transaction(force_rollback=True):
            district.execute(f"set local hetang.units = '{chosen}'".encode())
            total, told = district.execute(
                "select total, chosen_units from district.r03 where row_level = 0"
            ).fetchone()  # type: ignore[misc]
        expected = f"select sum(amount) from budget.current_amount where statement = 'expenditure' and {condition}"
        assert (total, told) == (one(district, expected), chosen)
    assert one(district, "select chosen_units from district.r03 where row_level = 0") == ""
    with psycopg.connect(url_of(district), options=f"-c hetang.units={unit[0]}") as told_at_once:
        assert one(told_at_once, "select chosen_units from district.r03 where row_level = 0") == unit[0]


@pytest.mark.parametrize("form_id", ["r02", "r03", "r05", "r15", "r21"])
def test_rows_that_count_add_up_to_the_districts(district: psycopg.Connection, form_id: str) -> None:
    """Of forms by unit: rows of what another document holds do not count, nor does a total that contains some."""
    assert FORMS[form_id].is_by(Coordinate.UNIT)
    counted = f"select coalesce(sum(total), 0) from report.{form_id} where is_leaf and is_counted"
    expected = one(district, f"select total from district.{form_id} where row_level = 0")
    assert one(district, counted) == expected
    totals = f"select coalesce(sum(total), 0) from report.{form_id} where row_level = 0"
    assert one(district, f"{totals} and is_counted") <= expected <= one(district, totals)


def test_of_two_current_revisions_the_rows_of_one_count(district: psycopg.Connection) -> None:
    query = "select count(*) from report.r08 where row_level = 0 and is_counted"
    with district.transaction(force_rollback=True):
        before = one(district, query)
        district.execute(
            "update budget.disclosure set is_current = false where disclosure_id ="
            " (select min(disclosure_id) from report.r08 where is_counted)"
        )
        assert one(district, query) == before - 1
    assert before > 0


def test_another_stage_is_a_form_of_its_own(district: psycopg.Connection) -> None:
    with district.transaction(force_rollback=True):
        district.execute(
            "update budget.disclosure set stage = 'adjusted' where disclosure_id ="
            " (select disclosure_id from budget.current_amount where statement = 'expenditure' limit 1)"
        )
        found = district.execute("select stage, total from district.r03 where row_level = 0 order by 1").fetchall()
        expected = district.execute(
            "select stage, sum(amount) from budget.current_amount where statement = 'expenditure' group by 1 order by 1"
        ).fetchall()
    assert found == expected
    assert [stage for stage, _ in found] == ["adjusted", "budget"]
    assert all(isinstance(total, Decimal) for _, total in found)
