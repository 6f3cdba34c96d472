"""Budget and final account of one office in one warehouse: each keeps its figures, and they stand side by side."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from lxml import html

from schema.codes.lists import subject_names
from schema.forms.final_accounts import FINAL_ACCOUNTS
from synthetic import workbooks
from synthetic.budgets import FEN, Budget, Entry, Shape, Unit, budget_of
from synthetic.rendering import render
from synthetic.set_documents import Style, amounts_of, document
from tests.conftest import Run

BUDGET = budget_of(Shape(seed=5, functions=2, items=3, project_functions=1, projects=1, three_public=True))
OFFICE = BUDGET.filed_by[1]
SPENT = amounts_of(FINAL_ACCOUNTS, seed=5)
FACTS = {
    "mart.expenditure": "expenditure",
    "mart.unit_over_years": "expenditure",
    "mart.revenue": "revenue",
    "mart.carry_over": "carry_over",
    "mart.three_public": "three_public",
    "mart.special_fund": "special_fund",
}
SCHEMES = {"function": "functional", "basic_economic_class": "department_economic", "three_public": "item"}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {"budget": tmp_path / "预算.txt", "final": tmp_path / "决算.xlsx"}
    found["budget"].write_text(render(BUDGET))
    found["final"].write_bytes(
        workbooks.xlsx(document(FINAL_ACCOUNTS, SPENT, Style(is_department=False), office=OFFICE))
    )
    return found


@pytest.mark.parametrize("order", [("budget", "final"), ("final", "budget")], ids=" then ".join)
@pytest.mark.parametrize("dated", [True, False], ids=["dated", "undated"])
def test_a_final_account_leaves_the_budget_alone(
    database: psycopg.Connection, run: Run, files: dict[str, Path], order: tuple[str, str], dated: bool
) -> None:
    dates = {"budget": "2024-02-01", "final": "2025-09-01"}
    for name in order:
        run("load", files[name], *(("--published", dates[name]) if dated else ()))
    for fact, statement in FACTS.items():
        sums = database.execute(f"select coalesce(sum(amount), 0) from {fact}".encode()).fetchone()
        assert sums == (Decimal(BUDGET.total(statement)) / FEN,), fact
    stages = database.execute("select stage, revision, is_current from budget.disclosure order by stage").fetchall()
    assert stages == [("budget", 1, True), ("final", 1, True)]


def test_forms_of_the_final_account_are_found_beside_the_budget(
    database: psycopg.Connection, run: Run, files: dict[str, Path]
) -> None:
    for path in files.values():
        run("load", path)
    unit, year = BUDGET.filed_by[0], 2024
    for form, statement in (("3", BUDGET.total("expenditure")), ("f03", None)):
        rows = json.loads(run("report", form, "--unit", unit, "--year", year, "--format", "json").stdout)["rows"]
        spent = statement if statement is not None else sum(a for e, a in SPENT.items() if e.statement == "expenditure")
        assert Decimal(rows[0]["total"]) == Decimal(spent) / FEN, form
    assert "上海市" in run("report", "sh03", "--unit", unit, "--year", year, code=2).output


def test_budget_and_final_account_stand_side_by_side(
    database: psycopg.Connection, run: Run, files: dict[str, Path]
) -> None:
    run("load", files["final"], files["budget"])
    rows = json.loads(run("execution", "--year", 2024, "--json").output)
    assert {(row["unit_code"], row["unit_name"]) for row in rows} == {BUDGET.filed_by}

    def wanted(amounts: dict[Entry, int]) -> dict[tuple[str, str | None], Decimal]:
        found: dict[tuple[str, str | None], int] = defaultdict(int)
        for at, amount in amounts.items():
            if at.statement == "three_public":
                found["three_public", at.item] += amount
            if at.statement == "expenditure":
                found["total", None] += amount
                found["function", at.functional] += amount
                if at.nature == "basic" and at.fund == "11":
                    found["basic_economic_class", at.department_economic[:3]] += amount
        return {key: Decimal(amount) / FEN for key, amount in found.items()}

    budgeted, spent = wanted(BUDGET.amounts), wanted(SPENT)
    assert {(row["aspect"], row["code"]) for row in rows} == budgeted.keys() | spent.keys()
    names = {aspect: subject_names(scheme, 2024) for aspect, scheme in SCHEMES.items()}
    for row in rows:
        assert row["code_name"] == names.get(row["aspect"], {}).get(row["code"])
        plan, done = budgeted.get((row["aspect"], row["code"])), spent.get((row["aspect"], row["code"]))
        assert row["budget_amount"] is None if plan is None else Decimal(row["budget_amount"]) == plan
        assert row["final_amount"] is None if done is None else Decimal(row["final_amount"]) == done
        assert Decimal(row["difference"]) == (done or 0) - (plan or 0)
        assert row["rate"] is None if not plan else Decimal(row["rate"]) == round(100 * (done or Decimal(0)) / plan, 2)


@pytest.mark.parametrize("first", ["budget", "final"])
def test_a_final_account_without_code_is_linked_to_the_unit_of_its_name(
    database: psycopg.Connection, run: Run, files: dict[str, Path], first: str, tmp_path: Path
) -> None:
    # the forms of final accounts say 部门, also if the office files its budget as a unit
    files["final"].write_bytes(workbooks.xlsx(document(FINAL_ACCOUNTS, SPENT, Style(), office=OFFICE)))
    outputs = [run("load", files[name]).output for name in sorted(files, key=lambda name: name != first)]
    ((provisional, official),) = database.execute(
        "select provisional_code, unit_code from budget.unit_alias"
    ).fetchall()
    assert official == BUDGET.filed_by[0]
    assert f"{provisional} is {official}" in outputs[1]
    stages = database.execute("select stage, reporting_unit_code from budget.disclosure").fetchall()
    assert dict[str, str](stages) == {"budget": official, "final": provisional}
    rows = json.loads(run("execution", "--by", "total", "--json").output)
    assert [(row["unit_code"], row["budget_amount"] is None, row["final_amount"] is None) for row in rows] == [
        (official, False, False)
    ]
    run("page", tmp_path / "pages")
    index = (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")
    assert official in index
    assert provisional not in index.replace(f"{provisional}_", "").replace(f"{provisional}.html", "")


def test_execution_is_asked_by_office_and_aspect(
    database: psycopg.Connection, run: Run, files: dict[str, Path]
) -> None:
    assert "nothing is loaded" in run("execution", code=2).output
    run("load", files["budget"])
    assert "no such final account" in run("execution").output
    run("load", files["final"])
    for named in (OFFICE, OFFICE[1:4]):
        rows = json.loads(run("execution", "--unit", named, "--by", "total", "--json").output)
        assert [row["aspect"] for row in rows] == ["total"]
    assert "no such final account" in run("execution", "--unit", "009009").output
    run("execution", "--by", "colour", code=2)
    database.execute(
        """
        insert into budget.covered_part
            (division_code, fiscal_year, disclosure_id, unit_code, statement, department_code)
        select division_code, fiscal_year, disclosure_id, reporting_unit_code, statement, left(reporting_unit_code, 3)
        from budget.disclosure
        cross join unnest(array['expenditure', 'three_public']) as statement
        """
    )
    said = run("execution", "--unit", OFFICE).output
    assert f"the final account of {OFFICE} is loaded, but its department's counts in its place" in said


def test_pages_show_budget_and_final_account(
    database: psycopg.Connection, run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    run("load", files["final"])
    ((alone,),) = database.execute("select difference from mart.execution where aspect = 'total'").fetchall()
    assert alone is None
    run("page", tmp_path / "before")
    (before,) = (tmp_path / "before" / "2024").glob("*.html")
    assert "预算与决算" not in before.read_text(encoding="utf-8")
    assert "决算完成" not in (tmp_path / "before" / "index.html").read_text(encoding="utf-8")
    run("load", files["budget"])
    run("page", tmp_path / "pages")
    rows = json.loads(run("execution", "--json").output)
    (total,) = [row for row in rows if row["aspect"] == "total"]
    stages = sorted((tmp_path / "pages" / "2024").glob("*.html"))
    assert len(stages) == 2
    for path in stages:
        page: html.HtmlElement = html.document_fromstring(path.read_text(encoding="utf-8"))
        table = page.find_class("executed")[0]
        shown = [[(cell.text or "").replace(",", "") for cell in row] for row in table.iter("tr")]
        assert shown[1] == [
            "支出合计",
            *(total[name] for name in ("budget_amount", "final_amount", "difference", "rate")),
        ]
        lines = [row for row in shown if len(row) == 5]
        assert len(lines) == 1 + sum(bool(row["budget_amount"] or row["final_amount"]) for row in rows)
    # the comparison is ours: no document has more figures for it
    of_budget = tmp_path / "pages" / "2024" / f"{BUDGET.filed_by[0]}.html"
    (loaded,) = json.loads(run("load", of_budget, "--json").stdout)
    assert loaded["outcome"] == "attached"
    assert database.execute("select from meta.finding where kind = 'attached_document'").rowcount == 0
    index: html.HtmlElement = html.document_fromstring((tmp_path / "pages" / "index.html").read_text(encoding="utf-8"))
    assert f"决算完成 {total['rate']}%" in index.text_content()


def _department_of_namesakes() -> Budget:
    """A department that is called as the first of its two units."""
    shape = Shape(seed=7, kinds=("agency", "institution"), functions=2, items=3, three_public=True)
    budget = budget_of(shape)
    first, second = budget.units
    office = "某某市某某区教育局"
    units = (Unit(first.code, office, first.kind), Unit(second.code, "某某市某某区第一小学", second.kind))
    return Budget(budget.department, office, units, budget.amounts, budget.sheets)


@pytest.mark.parametrize("is_department", [False, True], ids=["unit", "department"])
def test_a_department_and_its_unit_of_one_name_are_compared_with_their_own_money(
    database: psycopg.Connection, run: Run, tmp_path: Path, is_department: bool
) -> None:
    # the department tells of both units; the first one files its own budget, too
    budget = _department_of_namesakes()
    first = budget.units[0]
    (tmp_path / "部门预算.txt").write_text(render(budget))
    (tmp_path / "单位预算.txt").write_text(render(budget.of_unit(first.code)))
    run("load", tmp_path)
    sheets = document(FINAL_ACCOUNTS, SPENT, Style(is_department=is_department), office=first.name)
    (tmp_path / "决算.xlsx").write_bytes(workbooks.xlsx(sheets))
    run("load", tmp_path / "决算.xlsx")
    (row,) = json.loads(run("execution", "--by", "total", "--json").output)
    office, compared = (budget.department, budget) if is_department else (first.code, budget.of_unit(first.code))
    assert (row["unit_code"], Decimal(row["budget_amount"])) == (
        office,
        Decimal(compared.total("expenditure")) / FEN,
    )
    # the rule compares with the same money
    ((_, planned),) = database.execute(
        "select figure, expected from rule.final_account where row_key = 'expenditure'"
    ).fetchall()
    assert planned == Decimal(row["budget_amount"])
    run("page", tmp_path / "pages")
    shown = {
        path.stem
        for path in (tmp_path / "pages" / "2024").glob("*.html")
        if "预算与决算" in path.read_text(encoding="utf-8")
    }
    assert {name.partition("_")[0] for name in shown} == {office}


def _accounts(folder: Path, offices: dict[str, tuple[int, bool]], amounts: dict[int, dict[Entry, int]]) -> None:
    """Final accounts: office → which amounts, and whether its cover says 部门."""
    for office, (which, is_department) in offices.items():
        sheets = document(FINAL_ACCOUNTS, amounts[which], Style(is_department=is_department), office=office)
        kind = "部门" if is_department else "单位"
        (folder / f"{office}{kind}决算.xlsx").write_bytes(workbooks.xlsx(sheets))


def _spent(amounts: dict[Entry, int]) -> Decimal:
    return Decimal(sum(amount for at, amount in amounts.items() if at.statement == "expenditure")) / FEN


@pytest.mark.parametrize("is_whole", [True, False], ids=["whole", "lead unit"])
def test_a_final_account_of_a_department_holds_its_units_or_the_lead_unit_alone(
    database: psycopg.Connection, run: Run, tmp_path: Path, is_whole: bool
) -> None:
    budget = _department_of_namesakes()
    first, second = budget.units
    (tmp_path / "部门预算.txt").write_text(render(budget))
    for unit in budget.units:
        (tmp_path / f"{unit.code}.txt").write_text(render(budget.of_unit(unit.code)))
    run("load", tmp_path)
    lead, other = amounts_of(FINAL_ACCOUNTS, seed=5), amounts_of(FINAL_ACCOUNTS, seed=6)
    both = {at: lead.get(at, 0) + other.get(at, 0) for at in lead.keys() | other.keys()}
    (tmp_path / "决算").mkdir()
    offices = {budget.department_name: (0, True), second.name: (1, False)}
    _accounts(tmp_path / "决算", offices, {0: both if is_whole else lead, 1: other})
    run("load", tmp_path / "决算")
    planned = {code: Decimal(budget.of_unit(code).total("expenditure")) / FEN for code in (first.code, second.code)}
    expected = (
        {budget.department: (sum(planned.values()), _spent(both))}
        if is_whole
        else {
            budget.department: (planned[first.code], _spent(lead)),
            second.code: (planned[second.code], _spent(other)),
        }
    )
    rows = json.loads(run("execution", "--by", "total", "--json").output)
    shown = {row["unit_code"]: (Decimal(row["budget_amount"]), Decimal(row["final_amount"])) for row in rows}
    assert shown == expected
    counted = "select sum(amount) from budget.current_amount where stage = 'final' and statement = 'expenditure'"
    assert database.execute(counted.encode()).fetchone() == (_spent(both),)
    # what does not hold them is said, and the budget is that of the same money
    told = database.execute("select passed, compared_with, expected from rule.held_account").fetchall()
    assert told == [(is_whole, "1 个单位 / units" if is_whole else f"未含 / without {second.code}", _spent(other))]
    budgets = database.execute(
        "select reporting_unit_code, expected from rule.final_account where row_key = 'expenditure'"
    ).fetchall()
    assert dict[str, Decimal](budgets)[budget.department] == expected[budget.department][0]


def test_an_account_that_may_be_of_either_of_two_offices_is_compared_with_neither(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    office = "机关服务中心"
    planned = {}
    for department, seed in (("106", 7), ("107", 8)):
        budget = budget_of(Shape(seed=seed, department=department, functions=2, items=3))
        (unit,) = budget.units
        budget = Budget(department, f"{department}办公室", (Unit(unit.code, office, unit.kind),), budget.amounts)
        planned[unit.code] = Decimal(budget.total("expenditure")) / FEN
        (tmp_path / f"{unit.code}.txt").write_text(render(budget))
    _accounts(tmp_path, {office: (0, False)}, {0: SPENT})
    run("load", tmp_path)

    def shown() -> list[tuple[str, Decimal | None]]:
        rows = json.loads(run("execution", "--by", "total", "--json").output)
        return [(row["unit_code"], row["budget_amount"] and Decimal(row["budget_amount"])) for row in rows]

    ((provisional,),) = database.execute(
        "select reporting_unit_code from budget.disclosure where stage = 'final'"
    ).fetchall()
    assert shown() == [(provisional, None)]
    assert not database.execute("select from rule.final_account").fetchall()
    # said by a person it is the account of that office alone
    run("load", "--again", "--unit", "107001", tmp_path / f"{office}单位决算.xlsx")
    assert shown() == [("107001", planned["107001"])]
    ((_, expected),) = database.execute(
        "select figure, expected from rule.final_account where row_key = 'expenditure'"
    ).fetchall()
    assert expected == planned["107001"]


def test_an_account_is_of_nobody_once_a_second_department_names_such_a_unit(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    office = "机关服务中心"
    _accounts(tmp_path, {office: (0, False)}, {0: SPENT})
    run("load", tmp_path / f"{office}单位决算.xlsx")
    compared = []
    for department, seed in (("106", 7), ("107", 6)):
        budget = budget_of(Shape(seed=seed, department=department, kinds=("agency", "institution"), items=3))
        first, second = budget.units
        units = (Unit(first.code, f"{department}办公室", first.kind), Unit(second.code, office, second.kind))
        path = tmp_path / f"{department}.txt"
        path.write_text(render(Budget(department, f"{department}系统", units, budget.amounts)))
        run("load", path)
        (row,) = json.loads(run("execution", "--by", "total", "--json").output)
        linked = database.execute("select unit_code from budget.unit_alias").fetchall()
        compared.append((row["unit_code"], row["budget_amount"] is not None, linked))
    ((provisional,),) = database.execute(
        "select reporting_unit_code from budget.disclosure where stage = 'final'"
    ).fetchall()
    assert compared == [("106002", True, [("106002",)]), (provisional, False, [])]


@pytest.mark.parametrize("first", ["预算", "决算"])
def test_a_unit_that_only_its_department_names_is_compared_with_its_money_there(
    database: psycopg.Connection, run: Run, tmp_path: Path, first: str
) -> None:
    budget = _department_of_namesakes()
    second = budget.units[1]
    for stage in ("预算", "决算"):
        (tmp_path / stage).mkdir()
    (tmp_path / "预算" / "部门预算.txt").write_text(render(budget))
    _accounts(tmp_path / "决算", {second.name: (0, False)}, {0: SPENT})
    for stage in sorted(("预算", "决算"), key=lambda stage: stage != first):
        run("load", tmp_path / stage)
    filed_under = database.execute(
        "select coalesce(alias.unit_code, filed.reporting_unit_code) from budget.disclosure as filed"
        " left join budget.unit_alias as alias on alias.provisional_code = filed.reporting_unit_code"
        " where filed.stage = 'final'"
    ).fetchall()
    assert filed_under == [(second.code,)]
    (row,) = json.loads(run("execution", "--by", "total", "--json").output)
    planned = Decimal(budget.of_unit(second.code).total("expenditure")) / FEN
    assert (row["unit_code"], Decimal(row["budget_amount"]), Decimal(row["final_amount"])) == (
        second.code,
        planned,
        _spent(SPENT),
    )


def test_money_of_a_unit_is_compared_with_its_final_account_whoever_planned_it(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    budget = _department_of_namesakes()
    second = budget.units[1]
    (tmp_path / "部门预算.txt").write_text(render(budget))
    # its code is known from the year before
    (tmp_path / "上年.txt").write_text(render(budget.of_unit(second.code)).replace("2024年", "2023年"))
    run("load", tmp_path)
    sheets = document(FINAL_ACCOUNTS, SPENT, Style(is_department=False), office=second.name)
    (tmp_path / "决算.xlsx").write_bytes(workbooks.xlsx(sheets))
    run("load", tmp_path / "决算.xlsx")
    (row,) = json.loads(run("execution", "--by", "total", "--json").output)
    planned = Decimal(budget.of_unit(second.code).total("expenditure")) / FEN
    assert (row["unit_code"], Decimal(row["budget_amount"])) == (second.code, planned)


def test_what_a_final_account_does_not_tell_is_neither_unspent_nor_certain(
    database: psycopg.Connection, run: Run, files: dict[str, Path]
) -> None:
    sheets = document(FINAL_ACCOUNTS, SPENT, Style(is_department=False), office=OFFICE, forms=("f01", "f03"))
    files["final"].write_bytes(workbooks.xlsx(sheets))
    run("load", *files.values())
    rows = json.loads(run("execution", "--json").output)
    assert {row["aspect"] for row in rows} == {"total", "function", "basic_economic_class"}
    chosen = [row for row in rows if row["aspect"] == "basic_economic_class"]
    assert {row["final_amount"] is None for row in chosen} == {True, False}
    assert all(row["is_allocated"] and row["rate"] is row["difference"] is None for row in chosen)
    assert all(row["rate"] for row in rows if row["aspect"] == "total")
    names = "select 科目 from mart_zh.预算执行 where 口径 <> '支出合计' and 科目编码 is null"
    assert set(database.execute(names.encode()).fetchall()) <= {("未区分",)}
    told = (
        "nature = 'basic' and department_economic_code is not null and not 'department_economic_code' = any(allocated)"
    )
    shown = f"select department_economic_code from budget.current_amount where stage = 'final' and {told}"
    assert database.execute(shown.encode()).fetchall() == []
