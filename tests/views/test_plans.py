"""How Postgres goes about a question to a view."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.views.conftest import rows
from tests.views.test_marts import FACTS


@pytest.mark.parametrize("view", ["report.ocr_review", "report.prior_figure"])
def test_a_view_of_few_cells_does_not_read_all(loaded: psycopg.Connection, view: str) -> None:
    loaded.execute("analyze filed.cell")
    plan = str(rows(loaded, f"explain select * from {view} where fiscal_year = 2024"))
    assert "cell_2024_disclosure_id_idx" in plan  # what Postgres calls the indexes of few cells within a year


@pytest.mark.parametrize("fact", [*FACTS, "mart.unit_year", "mart.unit_over_years", "mart.project"])
def test_a_sum_of_facts_reads_nothing_but_what_is_stored_of_them(warehouse: psycopg.Connection, fact: str) -> None:
    """Not the ledger, nor what tells which lines count, nor the comparison."""
    plan = str(rows(warehouse, f"explain select fiscal_year, count(*) from {fact} group by fiscal_year"))
    assert "stored_fact_2024" in plan or "stored_spending_2024" in plan
    assert not [name for name in ("amount_2024", "covered_part", "disclosure ", "comparison_exception") if name in plan]


@pytest.mark.parametrize("rule", ["across_sum", "down_sum", "three_public", "form_with_money"])
def test_a_rule_asked_by_unit_reads_no_other(warehouse: psycopg.Connection, rule: str) -> None:
    plan = rows(
        warehouse,
        f"explain (format json) select * from rule.{rule}"
        " where division_code = '430202' and fiscal_year = 2024 and reporting_unit_code = '001001'",
    )
    steps = list(_steps(plan[0]["QUERY PLAN"][0]["Plan"]))
    looked_up = [
        f"{step.get('Index Cond')} {step.get('Recheck Cond')} {step.get('Filter')}"
        for step in steps
        if step.get("Relation Name") == "disclosure"
    ]
    assert looked_up
    assert all("'001001'" in found or "disclosure_id = " in found for found in looked_up), looked_up


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _steps(part)


@pytest.mark.parametrize("view", ["report.r03", 'report_zh."03支出总表"', "district.r03"])
def test_the_first_rows_of_a_form_are_of_one_year(warehouse: psycopg.Connection, view: str) -> None:
    """As BI tools ask for a preview: no other year is computed."""
    assert len(rows(warehouse, "select from internal.disclosed_year")) > 1
    plan = rows(warehouse, f"explain (analyze, timing off) select * from {view} limit 1")
    (computed,) = [line["QUERY PLAN"] for line in plan if "Subquery Scan on form_row" in line["QUERY PLAN"]]
    assert computed.endswith("loops=1)")


@pytest.mark.parametrize("view", ["report.r03", "district.r03"])
def test_of_two_forms_each_is_computed_once_for_each_division(warehouse: psycopg.Connection, view: str) -> None:
    divisions = len(rows(warehouse, "select from internal.disclosed_year where fiscal_year = 2024"))
    plan = rows(
        warehouse,
        f"explain (analyze, timing off) select from {view} as one"
        f" inner join {view} as other using (division_code, fiscal_year, stage) where fiscal_year = 2024",
    )
    sums = [line["QUERY PLAN"] for line in plan if "GroupAggregate" in line["QUERY PLAN"]]
    times = [int(found[1]) for line in sums if (found := re.search(r"loops=(\d+)", line))]
    assert times
    assert max(times) <= divisions


def test_rows_of_a_form_come_in_the_order_of_the_forms(warehouse: psycopg.Connection) -> None:
    """Without being sorted once more for whoever reads them."""
    found = rows(
        warehouse, 'select 预算年度, 行政区划代码, 填报单位编码, 公开文件编号, 行号 from report_zh."01收支总表"'
    )
    keys = [tuple(row.values()) for row in found]
    assert len(keys) > 1
    assert keys == sorted(keys)
