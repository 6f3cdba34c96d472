"""What units are called: settled from all current disclosures, in whatever order they were loaded."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from decimal import Decimal

import psycopg
import pytest

from loader.filing.tables.titles import FilingUnit, filing_unit_of
from loader.loading.load import load_content
from loader.loading.options import Options
from loader.loading.result import Result
from loader.warehouse.revisions import withdraw
from synthetic.budgets import FEN, Budget, Shape, Unit, budget_of
from synthetic.rendering import render
from tests.conftest import Run, url_of

FORMS = (1, 2, 3)
HOME, SCHOOL = "105001", "105002"
BUDGET = budget_of(Shape(seed=1, department="105", kinds=("agency", "institution"), functions=1, items=2))


def named(budget: Budget, **names: str) -> Budget:
    """The budget with other names: d105 for the department, u105002 for a unit."""
    units = tuple(Unit(u.code, names.get(f"u{u.code}", u.name), u.kind) for u in budget.units)
    return replace(budget, department_name=names.get(f"d{budget.department}", budget.department_name), units=units)


DEPARTMENT = named(BUDGET, d105="荷塘区教育局", u105001="荷塘区教育局机关", u105002="荷塘区第一中学校")
OWN = named(BUDGET, d105="教育局", u105001="荷塘区教育局本级", u105002="荷塘区第一中学")


def load(connection: psycopg.Connection, budget: Budget, options: Options | None = None) -> Result:
    result = load_content(connection, render(budget, FORMS).encode(), "budget.txt", options or Options())
    assert result.error is None
    return result


def units(connection: psycopg.Connection) -> dict[str, str]:
    return dict(connection.execute("select unit_code, unit_name from budget.unit").fetchall())


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_unit_is_named_as_it_names_itself_in_whatever_order(
    database: psycopg.Connection, order: tuple[int, ...]
) -> None:
    documents = (DEPARTMENT, OWN.of_unit(HOME), OWN.of_unit(SCHOOL))
    for number in order:
        load(database, documents[number])
    assert units(database) == {"105": "荷塘区教育局", HOME: "荷塘区教育局本级", SCHOOL: "荷塘区第一中学"}


def test_without_a_document_of_its_own_a_department_is_named_as_most_do(database: psycopg.Connection) -> None:
    load(database, OWN.of_unit(HOME))
    assert units(database)["105"] == "教育局"
    load(database, named(OWN, d105="区教育局").of_unit(SCHOOL))
    assert units(database)["105"] == "区教育局"  # equally often: the first by name
    third = replace(OWN.of_unit(HOME), units=(Unit("105003", "荷塘区图书馆", "institution"),))
    load(database, replace(third, amounts={e._replace(unit="105003"): a for e, a in third.amounts.items()}))
    assert units(database)["105"] == "教育局"


def test_a_bare_code_never_beats_a_name(database: psycopg.Connection) -> None:
    load(database, OWN.of_unit(HOME))
    text = render(DEPARTMENT, FORMS).replace("105001\t荷塘区教育局机关", "105001\t105001")
    assert load_content(database, text.encode(), "a.txt", Options()).error is None
    rows = database.execute("select unit_name from filed.unit where unit_code = %s order by 1", (HOME,)).fetchall()
    assert rows == [(HOME,), ("荷塘区教育局本级",)]
    assert units(database)[HOME] == "荷塘区教育局本级"
    (row,) = database.execute("select disclosure_id from budget.disclosure where reporting_unit_code = %s", (HOME,))
    with database.transaction():
        withdraw(database, "430202", row[0])
    assert units(database)[HOME] == HOME


def test_a_code_is_no_name_of_a_department(database: psycopg.Connection) -> None:
    """Its name of another year, if there is one; else it is unknown."""
    text = render(OWN.of_unit(HOME), FORMS)
    bare = text.replace("105\t教育局", "105\t105")
    assert load_content(database, bare.encode(), "a.txt", Options()).error is None
    assert units(database)["105"] == "105"
    known = "select distinct department_name from mart.dim_unit where fiscal_year = 2024"
    shown = "select distinct 部门 from mart_zh.支出明细 where 年度 = 2024"
    assert [database.execute(query.encode()).fetchall() for query in (known, shown)] == [[(None,)], [("未知（105）",)]]
    before = text.replace("2024", "2023").encode()
    assert load_content(database, before, "b.txt", Options()).error is None
    assert [database.execute(query.encode()).fetchall() for query in (known, shown)] == [[("教育局",)]] * 2


def test_a_superseded_or_withdrawn_disclosure_names_nothing(database: psycopg.Connection) -> None:
    load(database, OWN.of_unit(SCHOOL))
    load(database, named(OWN, u105002="荷塘区第一高级中学").of_unit(SCHOOL), Options(supersede=True))
    assert units(database) == {"105": "教育局", SCHOOL: "荷塘区第一高级中学"}
    rows = database.execute("select disclosure_id from budget.disclosure order by revision desc").fetchall()
    with database.transaction():
        withdraw(database, "430202", rows[0][0])
    assert units(database) == {"105": "教育局", SCHOOL: "荷塘区第一中学"}
    with database.transaction():
        withdraw(database, "430202", rows[1][0])
    assert units(database) == {}


@pytest.mark.parametrize("own_first", [True, False])
def test_the_kind_is_what_the_units_own_money_shows(database: psycopg.Connection, own_first: bool) -> None:
    agencies = budget_of(Shape(seed=1, department="105", kinds=("agency", "agency"), items=2))
    documents = [OWN.of_unit(SCHOOL), agencies]
    for budget in documents if own_first else reversed(documents):
        content = render(budget, (1, 2, 3, 7, 9, 10)).encode()
        assert load_content(database, content, "a.txt", Options()).error is None
    kinds = database.execute("select unit_kind from filed.unit where unit_code = %s order by 1", (SCHOOL,)).fetchall()
    assert kinds == [("agency",), ("institution",)]
    assert database.execute("select unit_kind from budget.unit where unit_code = %s", (SCHOOL,)).fetchone() == (
        "institution",
    )


def test_other_names_stand_in_a_view(database: psycopg.Connection) -> None:
    for budget in (DEPARTMENT, OWN.of_unit(SCHOOL)):
        load(database, budget)
    rows = database.execute(
        "select reporting_unit_code, unit_code, unit_name, settled_name from report.unit_name_variant order by 1, 2"
    ).fetchall()
    assert rows == [
        ("105", SCHOOL, "荷塘区第一中学校", "荷塘区第一中学"),
        (SCHOOL, "105", "教育局", "荷塘区教育局"),
    ]


def test_a_departments_name_for_a_unit_does_not_reject_the_units_own_document(database: psycopg.Connection) -> None:
    load(database, named(DEPARTMENT, u105002="水利事务中心"))
    load(database, OWN.of_unit(SCHOOL))
    assert units(database)[SCHOOL] == "荷塘区第一中学"


def test_loads_at_the_same_time_end_as_one_after_the_other(database: psycopg.Connection) -> None:
    load(database, named(DEPARTMENT, d105="局"), Options(fiscal_year=2024))  # the year's partitions are there
    outcome: list[Result] = []
    with psycopg.connect(url_of(database), autocommit=True) as other:
        later = threading.Thread(target=lambda: outcome.append(load(other, DEPARTMENT, Options(supersede=True))))
        with database.transaction():
            load(database, OWN.of_unit(SCHOOL))
            later.start()
            later.join(0.5)  # it waits for this transaction, or has not seen it
        later.join(20)
    assert outcome
    # neither saw the other, and the school's money counts once all the same
    covered = "select count(*) from budget.covered_part where unit_code = %s"
    assert database.execute(covered, (SCHOOL,)).fetchone() == (2,)
    counted = "select sum(amount) from budget.current_amount where statement = 'expenditure'"
    assert database.execute(counted).fetchone() == (Decimal(BUDGET.total("expenditure")) / FEN,)
    assert units(database) == {"105": "荷塘区教育局", HOME: "荷塘区教育局机关", SCHOOL: "荷塘区第一中学"}


def test_a_unit_that_has_filed_is_known_by_its_name(loaded: psycopg.Connection, run: Run) -> None:
    by_code = run("report", 3, "--unit", "001001", "--year", 2024).stdout
    assert run("report", 3, "--unit", "人民代表大会", "--year", 2024).stdout == by_code
    asked = ("explain", "人民代表大会常务委员会", 2024, 3, "合计", "合计")
    assert "001001" in run(*asked).stdout
    assert "no filing unit has '月球局' in its name" in run("findings", "--unit", "月球局", code=2).output
    loaded.execute(
        "insert into budget.disclosure overriding system value select (jsonb_populate_record(d, jsonb_build_object("
        "'disclosure_id', 99, 'reporting_unit_code', '001'))).* from budget.disclosure as d"
    )
    assert "choose one by its code: 001 " in run(*asked, code=2).output


@pytest.mark.parametrize(
    "text",
    [
        *("单位：001001_某某局", "单位：[001001]某某局", "单位：【001001】某某局", "单位：001001：某某局"),
        *("单位：某某局（001001）", "单位：某某局[001001]", "单位：某某局-001001", "单位：某某局 001001"),
        *("单位：001001_某某局（公章）", "单位：001001_某某局  2024年3月1日"),
    ],
)
def test_code_and_name_of_an_office_are_told_apart(text: str) -> None:
    assert filing_unit_of(text) == FilingUnit("001001", "某某局", is_department=False)


@pytest.mark.parametrize("name", ["某某局(2024)", "第12中学", "某某局二〇二四"])
def test_digits_behind_an_office_that_are_no_code(name: str) -> None:
    assert filing_unit_of(f"单位：{name}") == FilingUnit(None, name, is_department=False)
