"""Several rows in the cells of one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from synthetic.deviations import filed

FORM = """2024年部门预算公开表

一般公共预算基本支出表

单位：001001_某局	单位：万元

科目编码	科目名称	合计	人员经费	公用经费
	合计	14.00	11.50	2.50
301	工资福利支出	11.50	11.50	
{joined}
302	商品和服务支出	2.50		2.50
30201	办公费	2.50		2.50
"""
APART = {"30101": ("基本工资", Decimal("8.25")), "30102": ("津贴补贴", Decimal("3.25"))}


def rows(joined: str) -> tuple[dict[str, tuple[str, Decimal]], set[str]]:
    disclosure = filed(FORM.format(joined=joined))
    cells = [cell for form in disclosure.forms for cell in form.cells if cell.column_key == "staff" and cell.amount]
    items = {cell.row_key or "": (cell.row_label or "", cell.amount) for cell in cells if cell.amount}
    return {row: items[row] for row in APART if row in items}, {finding.kind for finding in disclosure.findings}


@pytest.mark.parametrize("names", ["基本工资 津贴补贴", "基本工资津贴补贴"])
def test_rows_that_share_their_cells_are_read_apart(names: str) -> None:
    """A name for all stays with the first."""
    found, kinds = rows(f"30101 30102\t{names}\t8.25 3.25\t8.25 3.25\t")
    names_told = [name for name, _ in found.values()]
    assert names_told == (["基本工资", "津贴补贴"] if " " in names else [names, ""])
    assert [amount for _, amount in found.values()] == [Decimal("8.25"), Decimal("3.25")]
    assert "joined_rows" in kinds


@pytest.mark.parametrize("amounts", ["8.25 3.25\t11.50", "11.50\t11.50", "8.25 3.00 0.25\t8.25 3.25"])
def test_figures_that_are_not_as_many_as_the_codes_stay_as_they_are(amounts: str) -> None:
    found, kinds = rows(f"30101 30102\t基本工资 津贴补贴\t{amounts}\t")
    assert found == {}
    assert "joined_rows" not in kinds
