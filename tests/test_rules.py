"""The rules that documents are checked by: what passes, what fails in which cell, and what has nothing to compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schema.codes.lists import read_codes
from schema.forms.final_accounts import FINAL_ACCOUNTS
from synthetic import workbooks
from synthetic.budgets import CENT_OF_WAN, FEN, Shape, budget_of, random_budget, random_shape
from synthetic.rendering import FORMS, render
from synthetic.set_documents import Style, amounts_of, document
from synthetic.workbooks import Cell
from synthetic.wrong_forms import last_year, of_last_year
from tests.conftest import Run, shared_clone

RULES = [row["rule"] for row in read_codes("rule")]
Failure = tuple[Any, ...]


def failures(connection: psycopg.Connection, rule: str) -> list[Failure]:
    """What failed: form, row, column, figure, expected."""
    return connection.execute(
        "select form_id, row_key, column_key, coalesce(figure::text, figure_text),"
        " coalesce(expected::text, expected_text) from rule.failure where rule = %s order by 1, 2, 3",
        (rule,),
    ).fetchall()


def passes(connection: psycopg.Connection, rule: str) -> int:
    """How many comparisons passed."""
    return len(connection.execute("select from rule.result where passed and rule = %s", (rule,)).fetchall())


@pytest.fixture(scope="module")
def sample_warehouse(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    with shared_clone(request, "rules", "loaded_template") as connection:
        yield connection


# ---------------------------------------------------------------------------- one disclosure


# what one sound disclosure has nothing of: units, years and accounts to compare with, and prose
ALONE = {
    "department_units",
    "held_account",
    "magnitude",
    "earlier_form",
    "other_unit_form",
    "prior_year",
    "final_account",
    "stated_fact",
    "stated_rate",
    "stated_twice",
}


def test_a_sound_document_passes_what_it_can(sample_warehouse: psycopg.Connection) -> None:
    rows = sample_warehouse.execute("select rule, passed_count, failed_count, outcome from rule.summary").fetchall()
    found = {rule: (passed, failed, outcome) for rule, passed, failed, outcome in rows}
    assert set(found) == set(RULES)
    assert {rule for rule, (_, _, outcome) in found.items() if outcome == "not_applicable"} == ALONE
    # three forms are not published although there is money, and three projects have no goals
    assert {rule: n for rule, (_, n, _) in found.items() if n} == {"form_with_money": 3, "project_goal": 3}
    assert [row[:1] for row in failures(sample_warehouse, "form_with_money")] == [("r02",), ("r04",), ("r05",)]
    assert ("r22", "人大培训费", None, "10.00", None) in failures(sample_warehouse, "project_goal")
    assert min(found[rule][0] for rule in set(RULES) - ALONE) >= 1


def test_what_is_no_longer_current_is_not_checked(sample_warehouse: psycopg.Connection) -> None:
    with sample_warehouse.transaction(force_rollback=True):
        sample_warehouse.execute("update budget.disclosure set is_current = false")
        assert sample_warehouse.execute("select count(*) from rule.summary").fetchone() == (0,)


def test_a_question_about_a_unit_checks_no_other(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    other = tmp_path / "001002.txt"
    other.write_text(sample.read_text(encoding="utf-8").replace("001001", "001002"), encoding="utf-8")
    run("load", sample, other)
    with database.transaction():
        database.execute("set local track_functions = 'pl'")
        # a figure, too: without one Postgres 15 sees that no rule need be looked at
        query = "select count(*), sum(compared_count) > 0 from rule.summary where reporting_unit_code = '001002'"
        asked = database.execute(query.encode()).fetchone()
        calls = "select calls from pg_stat_xact_user_functions where funcname = 'check_disclosure'"
        assert database.execute(calls).fetchone() == (1,)
    assert asked == (len(RULES), True)


# rule → a line of the sample, what it says instead, and what fails then
FAULTS: dict[str, tuple[str, str, list[Failure]]] = {
    "across_sum": (
        "2010102\t一般行政管理事务\t11.50\t\t11.50\t\t\t",
        "2010102\t一般行政管理事务\t12.50\t\t11.50\t\t\t",
        [("r03", "001001/2010102", "total", "12.50", "11.50")],
    ),
    "down_sum": (
        "302\t商品和服务支出\t92.28\t\t92.28",
        "302\t商品和服务支出\t92.38\t\t92.38",
        [
            ("r08", "302", "public", "92.38", "92.28"),
            ("r08", "302", "total", "92.38", "92.28"),
            ("r08", "total", "public", "93.28", "93.38"),
            ("r08", "total", "total", "790.28", "790.38"),
        ],
    ),
    "same_figure": (
        "合计\t\t790.28\t697.00\t93.28",
        "合计\t\t791.28\t697.00\t94.28",
        [("r08", "total", "public", "94.28", "93.28"), ("r08", "total", "total", "791.28", "790.28")],
    ),
    "balance": (
        "收 入 总 计\t896.28\t支 出 总 计\t896.28\n",
        "收 入 总 计\t896.28\t支 出 总 计\t895.28\n",
        [("r06", "grand_total", "function", "895.28", "896.28")],
    ),
    "goal_sheet": (
        "\t896.28\t896.28\t0\t0\t0\t790.28\t106",
        "\t896.28\t896.28\t0\t0\t0\t790.28\t107",
        [("r23", "budget", "project", "107", "106.00")],
    ),
    "three_public": ("\t0.60\t\t\t\t\t0.60", "\t0.40\t\t\t\t\t0.40", [("r15", "total", "reception", "0.40", "0.60")]),
    "code": (
        "221\t02\t01\t2210201\t住房公积金\t48.93\t48.93\t\t",
        "221\t02\t09\t2210209\t某某补贴\t48.93\t48.93\t\t",
        [("r03", "2210209", None, "2210209", None)],
    ),
    "code_name": (
        "30228\t工会经费",
        "30228\t工会活动费",
        [("r08", "30228", None, "工会活动费", "工会经费")],
    ),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_rule_names_the_cell(database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path, rule: str) -> None:
    before, after, expected = FAULTS[rule]
    content = sample.read_text(encoding="utf-8")
    assert before in content
    path = tmp_path / "001001.txt"
    path.write_text(content.replace(before, after), encoding="utf-8")
    run("load", path)
    assert failures(database, rule) == expected


def test_a_blank_part_fails_the_sum(database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "001001.txt"
    content = sample.read_text(encoding="utf-8")
    path.write_text(content.replace("30302\t退休费\t43.20\t43.20", "30302\t退休费\t\t"), encoding="utf-8")
    run("load", path)
    assert [row[:2] for row in failures(database, "down_sum")] == [("r08", "303"), ("r08", "303")]


def test_a_goal_without_a_number_cannot_be_measured(sample_warehouse: psycopg.Connection) -> None:
    with sample_warehouse.transaction(force_rollback=True):
        without = "update budget.performance_indicator set target_number = null where goal_no = 1"
        one = (
            "select min(indicator_no) from budget.performance_indicator where goal_no = 1 and target_number is not null"
        )
        sample_warehouse.execute(f"{without} and indicator_no <> ({one})".encode())
        assert failures(sample_warehouse, "measurable_goal") == []  # one is enough
        sample_warehouse.execute(without.encode())
        assert failures(sample_warehouse, "measurable_goal") == [("r22", "区人民代表大会会议经费", "target", "0", "1")]


@pytest.mark.parametrize(("item", "code"), [("abroad", "30212"), ("vehicle_operation", "30231")])
def test_an_item_of_the_three_public_is_held_against_its_subject(
    sample_warehouse: psycopg.Connection, item: str, code: str
) -> None:
    with sample_warehouse.transaction(force_rollback=True), sample_warehouse.cursor() as cursor:
        cursor.execute(
            "update budget.amount set department_economic_code = %s where department_economic_code = '30217'", (code,)
        )
        cursor.execute("update budget.amount set item_code = %s where item_code = 'reception'", (item,))
        assert failures(sample_warehouse, "three_public") == []
        cursor.execute("update budget.amount set amount = 0.40 where item_code = %s", (item,))
        assert failures(sample_warehouse, "three_public") == [("r15", "total", item, "0.40", "0.60")]


def test_the_crosswalk_marks_local_practice(sample_warehouse: psycopg.Connection) -> None:
    """绩效工资 of an agency is no official item; the district prints it under 50101."""
    query = "select department_economic_code from budget.economic_crosswalk where not is_official"
    assert sample_warehouse.execute(query).fetchall() == [("30107",)]


def test_an_outdated_code_is_told_with_its_years(sample_warehouse: psycopg.Connection) -> None:
    with sample_warehouse.transaction(force_rollback=True):
        sample_warehouse.execute("update filed.cell set row_key = '30104' where form_id = 'r08' and row_key = '30112'")
        assert failures(sample_warehouse, "code") == [("r08", "30104", None, "30104", "–2017")]


def test_a_short_name_is_the_units_and_an_adjusted_budget_a_budget(sample_warehouse: psycopg.Connection) -> None:
    name = "株洲市人民代表大会常务委员会办公室"
    above = {"r01": "市人大常委会办公室", "r02": f"湖南省{name}", "r03": "株洲市财政局"}
    with sample_warehouse.transaction(force_rollback=True), sample_warehouse.cursor() as cursor:
        cursor.execute("update budget.disclosure set cover_unit_name = %s, cover_stage = 'adjusted'", (name,))
        cursor.executemany(
            "update filed.form set heading_unit_code = null, heading_unit_name = %s, heading_stage = 'budget'"
            " where form_id = %s",
            [(office, form_id) for form_id, office in above.items()],
        )
        assert failures(sample_warehouse, "cover") == [("r03", "unit", None, "株洲市财政局", name)]


def test_a_class_of_spending_is_no_unit_of_another_department(sample_warehouse: psycopg.Connection) -> None:
    with sample_warehouse.transaction(force_rollback=True):
        sample_warehouse.execute("update budget.disclosure set cover_unit_code = '001001'")
        sample_warehouse.execute(
            "insert into filed.unit (division_code, fiscal_year, disclosure_id, unit_code, unit_name, department_code)"
            " select division_code, fiscal_year, disclosure_id, '301', '体育局', '301' from budget.disclosure"
        )
        assert failures(sample_warehouse, "cover") == []


def test_a_form_that_is_empty_though_others_have_its_money(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    head, _, rest = sample.read_text(encoding="utf-8").partition("\t合计\t629.15\t629.15")
    rest = rest[rest.index("\n\n注：") :]
    path = tmp_path / "001001.txt"
    path.write_text(f"{head}\t合计\t0.00{rest}", encoding="utf-8")
    run("load", path)
    assert ("r09", None, None, "0.00", "629.15") in failures(database, "form_with_money")


@pytest.mark.parametrize("seed", range(3))
def test_consistent_budgets_fail_no_sum(database: psycopg.Connection, run: Run, tmp_path: Path, seed: int) -> None:
    path = tmp_path / "budget.txt"
    path.write_text(render(random_budget(seed)), encoding="utf-8")
    run("load", path)
    rules = ["across_sum", "down_sum", "same_figure", "balance", "goal_sheet", "code", "code_name"]
    found = database.execute(
        "select rule, form_id, row_key, column_key, figure, expected, passed from rule.result where rule = any(%s)",
        (rules,),
    ).fetchall()
    assert [row for row in found if not row[-1]] == []
    assert sum(row[0] == "down_sum" for row in found) > 20


# ---------------------------------------------------------------------------- several disclosures


def test_a_figure_ten_times_last_years(database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path) -> None:
    content = sample.read_text(encoding="utf-8")
    (tmp_path / "2024.txt").write_text(
        content.replace("2010108\t代表工作\t64.50\t\t64.50\t\t\t", "2010108\t代表工作\t645.0\t\t64.50\t\t\t"),
        encoding="utf-8",
    )
    (tmp_path / "2023.txt").write_text(content.replace("2024年", "2023年"), encoding="utf-8")
    run("load", tmp_path / "2023.txt", tmp_path / "2024.txt")
    assert failures(database, "magnitude") == [("r03", "001001/2010108", "total", "645.0", "64.50")]
    assert passes(database, "magnitude") > 300


def test_a_form_left_over_from_the_year_before(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    """Nor is a revision that prints it again one with a form of the revision before: there it is as wrong."""
    left_over = of_last_year(OFFICE, 7)
    content = render(OFFICE, changes=left_over)
    (tmp_path / "2023.txt").write_text(render(last_year(OFFICE, 7)).replace("2024年", "2023年"), encoding="utf-8")
    (tmp_path / "2024.txt").write_text(content, encoding="utf-8")
    (tmp_path / "again.txt").write_text(f"{content}\n备注\n", encoding="utf-8")
    told = "select revision, form_id, figure, compared_with from rule.failure inner join budget.disclosure using"
    told += " (division_code, disclosure_id, fiscal_year) where rule = 'earlier_form' order by revision"
    failed = ("r07", len(left_over), "2023 budget 1")
    run("load", tmp_path / "2023.txt", tmp_path / "2024.txt")
    assert database.execute(told).fetchall() == [(1, *failed)]
    run("load", "--supersede", tmp_path / "again.txt")
    assert database.execute(told).fetchall() == [(2, *failed)]


def test_rules_look_at_the_sheet_of_every_project(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "2024.txt"
    path.write_text(render(budget_of(Shape(seed=1, project_functions=1, projects=2))), encoding="utf-8")
    run("load", path)
    assert database.execute("select count(*) from rule.printed_form where form_id = 'r22'").fetchall() == [(2,)]


def test_a_form_of_another_unit_with_the_own_code(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    neighbour = budget_of(Shape(seed=3, department="002", functions=2, items=3))
    theirs = render(neighbour)
    own, title = render(OFFICE), FORMS[7].title

    def form_7(text: str) -> str:
        return text[text.rindex(title + "\n") : text.rindex(FORMS[8].title + "\n")]

    copied = form_7(theirs).replace("002001", "001001").replace("002\t", "001\t")
    (tmp_path / "001001.txt").write_text(own.replace(form_7(own), copied), encoding="utf-8")
    (tmp_path / "002001.txt").write_text(theirs, encoding="utf-8")
    run("load", tmp_path / "001001.txt", tmp_path / "002001.txt")
    told = (
        "select reporting_unit_code, form_id, left(compared_with, 6) from rule.failure where rule = 'other_unit_form'"
    )
    assert database.execute(told).fetchall() == [("001001", "r07", "002001")]


def test_a_cover_of_another_unit_year_and_stage_than_its_forms(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    path = tmp_path / "001001.txt"
    cover, title, forms = sample.read_text(encoding="utf-8").partition("\n收支总表\n")
    cover = cover.replace("2024年部门预算公开表", "2024年部门决算公开表").replace("001001", "002001")
    forms = forms.replace("\n支出总表\n", "\n2023年部门预算支出总表\n")
    path.write_text(f"{cover}{title}{forms}", encoding="utf-8")
    run("load", "--stage", "budget", path)
    failed = failures(database, "cover")
    assert {row[:2] + row[3:] for row in failed if row[0] == "r03"} == {
        ("r03", "stage", "budget", "final"),
        ("r03", "unit", "001001", "002001"),
        ("r03", "unit_row/001", "001", "002001"),
        ("r03", "unit_row/001001", "001001", "002001"),
        ("r03", "year", "2023", "2024"),
    }
    assert ("r08", "unit", None, "001001", "002001") in failed
    assert [row[0] for row in failed if row[1] == "stage"] == ["r03"]  # 部门预算经济分类 says no stage


DEPARTMENT = budget_of(Shape(seed=1, department="105", kinds=("agency", "institution"), items=2))


def test_a_department_that_is_not_the_sum_of_its_units(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    home, school = (unit.code for unit in DEPARTMENT.units)
    total = (3, "total", "total")
    files = {
        "105": render(DEPARTMENT, (1, 3)),
        home: render(DEPARTMENT.of_unit(home), (1, 3)),
        school: render(DEPARTMENT.of_unit(school), (1, 3), changes={total: 100 * FEN}),
    }
    for name, text in files.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    run("load", tmp_path)
    own = Decimal(DEPARTMENT.of_unit(home).total("expenditure")) / FEN
    (failed,) = failures(database, "department_units")
    assert failed[:3] == ("r03", "total", "total")
    assert Decimal(failed[4]) == own + 100


OFFICE = budget_of(Shape(seed=5, functions=2, items=3, project_functions=1, projects=1, three_public=True))
SPENT = amounts_of(FINAL_ACCOUNTS, seed=5)


def test_a_final_account_beside_its_budget(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    (tmp_path / "预算.txt").write_text(render(OFFICE), encoding="utf-8")
    sheets = document(FINAL_ACCOUNTS, SPENT, Style(is_department=False), office=OFFICE.filed_by[1])
    (tmp_path / "决算.xlsx").write_bytes(workbooks.xlsx(sheets))
    run("load", tmp_path)
    planned = {at.item: amount for at, amount in OFFICE.amounts.items() if at.statement == "three_public"}
    done = {at.item: amount for at, amount in SPENT.items() if at.statement == "three_public"}
    over = {item for item, amount in done.items() if amount > planned.get(item, 0)}
    assert {row[1] for row in failures(database, "final_account")} - {"expenditure"} == over
    compared = {
        row[0]: (row[1], row[2])
        for row in database.execute(
            "select column_key, figure, expected from rule.prior_year where row_key = 'total'"
        ).fetchall()
    }
    for item, amount in (*planned.items(), ("total", sum(planned.values()))):
        _, expected = compared[f"{item}_budget@2024:budget"]
        assert expected == Decimal(amount) / FEN
    failed = {row[2] for row in failures(database, "prior_year")}
    assert failed == {column for column, (figure, expected) in compared.items() if figure != expected}
    with database.transaction(force_rollback=True):
        database.execute("update filed.cell set amount = null where column_key like '%@%'")
        assert database.execute("select count(*) from rule.prior_year").fetchone() == (0,)


def test_the_budget_beside_an_account_may_be_that_of_the_department_or_of_its_unit_of_one_name(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    shape = Shape(seed=7, kinds=("agency", "institution"), functions=2, items=3, three_public=True)
    budget = budget_of(shape)
    first, second = budget.units
    amounts = {at: amount for at, amount in budget.amounts.items() if at.statement != "three_public"}
    # what the account prints beside its figures is the plan of the unit
    beside = 100 * CENT_OF_WAN
    for at, amount in SPENT.items():
        if at.statement == "three_public":
            amounts[at._replace(unit=first.code)] = amount + beside
            amounts[at._replace(unit=second.code)] = amount
    budget = replace(budget, department_name=first.name, amounts=amounts)
    (tmp_path / "部门.txt").write_text(render(budget), encoding="utf-8")
    (tmp_path / "单位.txt").write_text(render(budget.of_unit(first.code)), encoding="utf-8")
    sheets = document(FINAL_ACCOUNTS, SPENT, Style(), office=first.name)
    (tmp_path / "决算.xlsx").write_bytes(workbooks.xlsx(sheets))
    run("load", tmp_path)
    items = {at.item for at in SPENT if at.statement == "three_public"}
    told = database.execute("select column_key, column_label, passed from rule.prior_year").fetchall()
    passed = {key.partition("_budget@")[0]: passed for key, _, passed in told}
    assert items
    assert [item for item in sorted(items) if not passed[item]] == []
    # the figure is named with the item that it is of
    assert len({label for _, label, _ in told}) == len(told)
    assert all(label.endswith("-预算数 2024年预算") for _, label, _ in told)


@pytest.mark.parametrize(("total", "failed"), [(50, []), (51, [("f02", "total", "education_fees", "51.00", "50.00")])])
def test_an_of_which_column_is_held_against_its_own_rows(
    database: psycopg.Connection, run: Run, tmp_path: Path, total: int, failed: list[Failure]
) -> None:
    cover, income = document(FINAL_ACCOUNTS, SPENT, Style(is_department=False), forms={"f02"})
    cells = [replace(cell, column=cell.column + (cell.column > 5)) for cell in income.cells]  # make room
    own = next(cell for cell in cells if cell.text == "事业收入")
    cells[cells.index(own)] = replace(own, column_span=2, row_span=1)
    cells += [Cell(own.row + 1, 5, "小计"), Cell(own.row + 1, 6, "其中：教育收费")]
    rows = {cell.text: cell.row for cell in cells if cell.column < 2}
    cells += [Cell(rows[row], 6, f"{fees}.00") for row, fees in {"合计": total, "201": 30, "208": 20}.items()]
    path = tmp_path / "决算.xlsx"
    path.write_bytes(workbooks.xlsx([cover, replace(income, cells=tuple(cells))]))
    run("load", path)
    assert failures(database, "down_sum") == failed
    told = database.execute(
        "select count(*) from rule.result where rule = 'down_sum' and column_key = 'education_fees'"
    )
    assert told.fetchone() == (1,)


def test_roundings_are_no_contradiction(database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path) -> None:
    """三公 in a form of fewer digits than that of 30217, and a total a cent off in a document rounded cell by cell."""
    coarse, rounded = tmp_path / "001001.txt", tmp_path / "236.txt"
    text = sample.read_text(encoding="utf-8").replace("\t0.60\t\t\t\t\t0.60", "\t0.6\t\t\t\t\t0.6")
    for figure, finer in (("0.60", "0.64"), ("15.00", "14.96"), ("74.93", "74.89")):
        text = text.replace(f"\t{figure}", f"\t{finer}")
    coarse.write_text(text, encoding="utf-8")
    text = render(budget_of(replace(random_shape(5), step=100)))
    total = "\t15968.24\t\t\t\t\t15799.61"
    assert total in text
    rounded.write_text(text.replace(total, total.replace("24", "25", 1)), encoding="utf-8")
    run("load", coarse, rounded)
    assert failures(database, "three_public") == failures(database, "same_figure") == []
    query = "select distinct rule from rule.result where rule in ('three_public', 'same_figure') and difference <> 0"
    assert len(database.execute(query).fetchall()) == 2
