"""Budgets, adjusted budgets and final accounts of one unit and year: none of them touches another's figures."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from loader.filing.operator_input import STAGES
from loader.loading.load import load_content
from loader.loading.options import Options
from schema.forms import set_of
from schema.forms.template import Stage
from synthetic.deviations import filed
from tests.conftest import Run
from tests.test_bulk_load import small

BUDGET = small(0).decode()
FINAL = BUDGET.replace("2024年部门预算公开表", "2024年部门决算公开表").replace("516.37", "520.37")
FACTS = ("expenditure", "revenue", "carry_over", "three_public", "special_fund", "unit_over_years")


def facts(connection: psycopg.Connection) -> dict[str, list[tuple[object, ...]]]:
    """What every fact of mart adds up to."""
    return {
        name: connection.execute(f"select count(*), sum(amount) from mart.{name}".encode()).fetchall() for name in FACTS
    }


def stages(connection: psycopg.Connection) -> list[tuple[str, int, bool]]:
    return connection.execute(
        "select stage, revision, is_current from budget.disclosure order by stage, revision"
    ).fetchall()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A budget, and figures that changed under a cover that calls them a budget too."""
    budget, later = tmp_path / "a.txt", tmp_path / "b.txt"
    budget.write_text(BUDGET, encoding="utf-8")
    later.write_text(BUDGET.replace("516.37", "520.37"), encoding="utf-8")
    return budget, later


def test_sums_over_facts_stay_when_a_final_account_arrives(database: psycopg.Connection) -> None:
    load_content(database, BUDGET.encode(), "a.txt", Options())
    alone = facts(database)
    assert alone["expenditure"] != [(0, None)]
    assert load_content(database, FINAL.encode(), "b.txt", Options()).outcome == "loaded"
    assert facts(database) == alone
    assert stages(database) == [("budget", 1, True), ("final", 1, True)]


@pytest.mark.parametrize("dates", [(), ("--published", "2025-09-01")], ids=["undated", "dated"])
@pytest.mark.parametrize("final_first", [False, True])
def test_what_the_operator_says_decides_over_the_cover(
    database: psycopg.Connection, run: Run, files: tuple[Path, Path], final_first: bool, dates: tuple[str, ...]
) -> None:
    budget, later = files
    run("load", budget)
    alone = facts(database)
    run("withdraw", "001001", "--year", 2024)
    steps = [("load", budget), ("load", later, "--stage", "final", *dates)]
    for arguments in reversed(steps) if final_first else steps:
        (row,) = json.loads(run(*arguments, "--json").stdout)
        (disclosure,) = row["disclosures"]
        assert disclosure["stage"] == ("final" if "--stage" in arguments else "budget")
    assert facts(database) == alone
    assert stages(database) == [("budget", 1, True), ("final", 1, True)]


def test_a_manifest_says_the_stage(database: psycopg.Connection, run: Run, files: tuple[Path, Path]) -> None:
    folder = files[0].parent
    (folder / "manifest.csv").write_text("文件,阶段\na.txt,\nb.txt,决算\n", encoding="utf-8")
    run("load", folder, "--stage", "adjusted")
    assert stages(database) == [("adjusted", 1, True), ("final", 1, True)]
    (folder / "manifest.csv").write_text("file,stage\na.txt,later\n", encoding="utf-8")
    said = run("load", folder, code=2).stderr
    assert "line 2, column stage: 'later', expected budget 预算 or adjusted 调整预算 or final 决算" in said


def test_an_unknown_stage_on_the_command_line_is_wrong_usage(run: Run, files: tuple[Path, Path]) -> None:
    assert "'later', expected budget 预算" in run("load", files[0], "--stage", "later", code=2).stderr


@pytest.mark.parametrize(
    "below", ["附：部门决算另行公开", "目录\n\n第一部分 2024年部门预算表\n\n第二部分 2023年部门决算情况说明"]
)
def test_a_cover_may_name_another_disclosure_below_its_title(below: str) -> None:
    first, rest = BUDGET.split("部门预算公开表\n", 1)
    disclosure = filed(f"{first}部门预算公开表\n\n{below}\n{rest}")
    assert (disclosure.identity.fiscal_year, disclosure.identity.stage) == (2024, Stage.BUDGET)


@pytest.mark.parametrize(
    "heads",
    [
        "项目\t本年支出合计\t基本支出\t项目支出\n科目名称\t\t\t\n",
        "功能分类科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出\n",
        "项目\t\t一般公共预算支出\t\t\n功能分类科目编码\t功能分类科目名称\t合计\t基本支出\t项目支出\n",
    ],
)
def test_a_table_without_a_title_is_no_final_account_below_the_cover_of_a_budget(heads: str) -> None:
    names = ["201\t一般公共服务支出", "2010301\t行政运行", "\t合计"]
    shown = names if "编码" in heads else [name.partition("\t")[2] for name in names]
    table = f"单位：万元\n{heads}" + "".join(f"{name}\t9.00\t5.00\t4.00\n" for name in shown)
    disclosure = filed(f"某某市2024年区级部门预算\n\n预算主管部门：某某市某某街道办事处\n\n{table}")
    assert disclosure.identity.stage == "budget"
    assert [set_of(form.form_id).stage for form in disclosure.forms if form.form_id] == [Stage.BUDGET]
    assert filed(f"某某市某某街道办事处2024年度部门决算\n\n{table}").identity.stage == "final"


def test_a_plan_of_several_years_is_rejected_in_words_unless_it_is_said_to_be_a_budget(
    database: psycopg.Connection,
) -> None:
    plan = BUDGET.replace("2024年部门预算公开表", "2024—2026年中期财政规划").encode()
    result = load_content(database, plan, "plan.txt", Options(fiscal_year=2024))
    assert result.error is not None
    assert "a plan of several years (中期财政规划)" in result.error
    assert stages(database) == []
    assert load_content(database, plan, "plan.txt", Options(fiscal_year=2024, stage="budget")).error is None


def test_withdraw_asks_for_the_stage_if_there_are_several(
    database: psycopg.Connection, run: Run, files: tuple[Path, Path]
) -> None:
    budget, later = files
    run("load", budget)
    run("load", later, "--stage", "final")
    said = run("withdraw", "001001", "--year", 2024, code=2).stderr
    assert "several stages are loaded: budget, final; choose one with --stage" in said
    run("withdraw", "001001", "--year", 2024, "--stage", "决算")
    assert stages(database) == [("budget", 1, True), ("final", 1, False)]


def test_people_can_say_every_stage() -> None:
    assert list(STAGES) == [stage.value for stage in Stage]
