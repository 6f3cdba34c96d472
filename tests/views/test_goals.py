"""Sheets of goals: the cells of projects and departments, and the reports that print them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest

from loader.ledger.evidence.projection import Coordinates
from schema.forms import FORMS
from schema.forms.template import Form, Role, Sheet
from schema.report_columns import (
    report_columns,
)
from synthetic import selections
from tests.views.conftest import Contents, rows


def test_goals_are_told_with_their_projects_money_and_texts(
    warehouse: psycopg.Connection, lines: dict[str, dict[Coordinates, Decimal]]
) -> None:
    query = (
        "select part_no, line_no, row_key, column_key, rebuilt_text, rebuilt from internal.goal_cell where form_id = "
    )
    order = " order by goal_no, part_no, line_no, column_key"
    found = [tuple(row.values()) for row in rows(warehouse, f"{query}'r22'{order}")]
    expected = []
    for project in selections.PROJECTS:
        money = sum(amount for line, amount in lines["hunan_budget"].items() if _is_special(line, project))
        expected += [
            (1, 0, project, "project_name", project, None),
            (2, 0, project, "amount", None, money),
            (2, 0, project, "category", f"{project}类", None),
            (3, 0, project, "period", "2024年", None),
            (4, 0, project, "goal", f"{project}的目标", None),
            *_indicators(project),
        ]
    assert found == expected
    found = [tuple(row.values()) for row in rows(warehouse, f"{query}'r23'{order}")]
    assert found == [
        (1, 0, "department", "department_name", "甲部门", None),
        (2, 0, "department", "duty_goal", "甲部门的目标", None),
        (3, 1, "task/任务1", "task_content", "内容", None),
        (3, 1, "task/任务1", "task_name", "任务1", None),
        (3, 2, "task/任务2", "task_content", "内容", None),
        (3, 2, "task/任务2", "task_name", "任务2", None),
        *_indicators("indicator"),
    ]


def test_the_facts_of_sheets_are_called_as_on_the_form(warehouse: psycopg.Connection) -> None:
    query = "select distinct form_id, part_no, item from internal.goal_cell order by form_id, part_no"
    assert [tuple(row.values()) for row in rows(warehouse, query)] == [
        ("r22", 1, "项目名称"),
        ("r22", 2, "项目类别"),
        ("r22", 3, "项目支出实施期"),
        ("r22", 4, "本年度绩效目标"),
        ("r22", 5, "指标"),
        ("r23", 1, "部门名称"),
        ("r23", 2, "年履职目标"),
        ("r23", 3, "年度主要任务"),
        ("r23", 5, "指标"),
    ]


def _is_special(line: Coordinates, project: str) -> bool:
    return line.statement == "special_fund" and line.project == project


def _indicators(name: str) -> Iterator[tuple[object, ...]]:
    for number, key in ((1, f"{name}/产出/数量/会议次数"), (2, f"{name}/产出/数量/会议次数#2")):
        yield (5, number, key, "level1", "产出", None)
        yield (5, number, key, "level2", "数量", None)
        yield (5, number, key, "level3", "会议次数", None)
        yield (5, number, key, "measure", "次", None)
        yield (5, number, key, "note", "备注", None)
        yield (5, number, key, "target", f"≥{number}", number)
        yield (5, number, key, "target_text", "足额", None)
        yield (5, number, key, "target_type", "定量", None)


@pytest.mark.parametrize(
    "form", [form for form in FORMS.values() if form.sheet is not None], ids=lambda form: form.form_id
)
def test_a_report_prints_a_sheet_of_goals_in_order(
    warehouse: psycopg.Connection, contents: Contents, form: Form
) -> None:
    columns = report_columns(form)
    cells = rows(warehouse, "select * from internal.goal_cell where form_id = %s", form.form_id)
    order = ("part_no", "goal_no", "line_no") if form.sheet is Sheet.DEPARTMENT else ("goal_no", "part_no", "line_no")
    places = sorted({(*(cell[key] for key in order), cell["row_key"]) for cell in cells})
    found = contents(f"report.{form.form_id}")
    assert [row["row_key"] for row in found if row["row_key"] != "budget"] == [place[-1] for place in places]
    for cell in cells:
        value = cell["rebuilt" if form.column(cell["column_key"]).role is Role.MONEY else "rebuilt_text"]
        assert value in [row[cell["column_key"]] for row in found if row["row_key"] == cell["row_key"]]
    for row in found:
        is_indicator = row["row_key"] != "budget" and row["level1"] is not None
        assert row["row_level"] == (2 if is_indicator else 1)
        assert row["is_leaf"] == (row["row_key"] != "budget")
    if form.sheet is Sheet.DEPARTMENT:
        amounts = rows(
            warehouse, "select column_key, amount from internal.summed_cell where form_id = %s", form.form_id
        )
        (budget,) = [row for row in found if row["row_key"] == "budget"]
        money = {column.id: budget[column.id] for column in columns if column.role is Role.MONEY}
        assert money == {row["column_key"]: row["amount"] for row in amounts}
        assert found.index(budget) == 4
