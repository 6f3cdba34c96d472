"""Tables without separators that go on beyond a page, and rows that take several lines: read whole, or told."""

from __future__ import annotations

from collections import Counter

import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from schema.codes.lists import read_codes
from synthetic.budgets import random_budget
from synthetic.pages import Drawing, drawings_of, forms_of, pdf
from synthetic.rendering import render

HEAD = """支出总表
单位：001001_某某局
单位：万元

科目编码  科目名称          合计      基本支出      项目支出
"""
FIRST = """\
201       一般公共服务支出  622.37      516.37    106.00
20101     人大事务          622.37      516.37    106.00
2010101   行政运行          516.37      516.37
2010104   人大会议          106.00                106.00
"""
# further to the left, as on a page of its own
REST = """\
205    教育支出    20.00    12.00    8.00
20502  普通教育    20.00    12.00    8.00
合计              642.37   528.37  114.00
"""
PAGE = "\f"


def rows_of(text: str) -> list[tuple[int, list[str]]]:
    grids = read(text.encode(), "公开.txt").grids
    return [(row.number, [cell.text for cell in row.cells]) for grid in grids for row in grid.rows if row.in_table]


def filed(text: str) -> FiledDisclosure:
    (disclosure,) = file_disclosures(read(text.encode(), "公开.txt"), "430202", 2024, None, None, lambda _: None)
    return disclosure


def test_the_next_page_stands_below_the_heads_of_the_first() -> None:
    assert [row for _, row in rows_of(HEAD + FIRST + PAGE + REST)][5:] == [
        ["205", "教育支出", "20.00", "12.00", "8.00"],
        ["20502", "普通教育", "20.00", "12.00", "8.00"],
        ["合计", "642.37", "528.37", "114.00"],
    ]
    (form,) = filed(HEAD + FIRST + PAGE + REST).forms
    assert {cell.column_key for cell in form.cells if cell.row_key == "total" and cell.amount} >= {"basic", "project"}


FITTING = [
    "205       教育支出           20.00       12.00      8.00",
    "20502     普通教育           20.00       12.00      8.00",
    "合计                        642.37      528.37    114.00",
]
FIT = "".join(f"{line}\n" for line in FITTING)
UNEVEN = FIT.replace("12.00      8.00", "12.00 8.00 ")


def test_the_next_page_may_repeat_title_and_heads() -> None:
    rows = [row for _, row in rows_of(HEAD + FIRST + PAGE + HEAD + FIT)]
    assert len(rows) == 9
    assert rows[5] == rows[0]


@pytest.mark.parametrize(
    "rest",
    [
        REST.replace("    8.00", "").replace("  114.00", ""),  # a column less: which one is not known
        PAGE.join(["合计  642.37\n", ""]),
        "\n  第 2 页\n" + HEAD + UNEVEN,
    ],
    ids=["other columns", "a single amount", "heads again, and figures in no column"],
)
def test_no_part_is_read_if_another_one_is_not(rest: str) -> None:
    text = HEAD + FIRST + PAGE + rest
    assert rows_of(text) == []
    assert any(
        remark.startswith("tables without separators were not read") for remark in read(text.encode(), "a.txt").remarks
    )


def test_rows_keep_their_lines_below_a_page_with_line_breaks_of_other_kinds() -> None:
    text = (
        HEAD
        + FIRST
        + FIT
        + PAGE
        + "注\u2028一\u2028二"
        + PAGE
        + HEAD.replace("支出总表", "财政拨款支出表")
        + FIRST
        + FIT
    )
    lines = text.replace(PAGE, "\n").split("\n")
    rows = rows_of(text)
    assert len(rows) == 16
    assert all(lines[number - 1].split() == texts for number, texts in rows)


def test_what_follows_under_its_own_title_is_another_table() -> None:
    other = HEAD.replace("支出总表", "财政拨款支出表") + UNEVEN
    assert {number for number, _ in rows_of(HEAD + FIRST + PAGE + other)} == {5, 6, 7, 8, 9}


AROUND = """收支总表
单位：万元

项目              预算数    项目                预算数
一、一般公共预              一、一般公共服务
                  628.37                        516.37
算拨款收入                  支出
二、上年结转       14.00    二、教育支出        126.00
收入总计          642.37    支出总计            642.37
"""


def test_a_label_around_the_line_of_its_amount_is_one() -> None:
    assert [row for _, row in rows_of(AROUND)] == [
        ["项目", "预算数", "项目", "预算数"],
        ["一、一般公共预算拨款收入", "628.37", "一、一般公共服务支出", "516.37"],
        ["二、上年结转", "14.00", "二、教育支出", "126.00"],
        ["收入总计", "642.37", "支出总计", "642.37"],
    ]


def test_an_amount_whose_label_is_not_certain_is_not_read() -> None:
    assert rows_of(AROUND.replace("算拨款收入", " " * 10)) == []


def test_heads_on_several_lines_leave_no_line_of_their_own() -> None:
    text = (
        """支出总表

科目编码  科目名称          合计      基本支      项目支
                                      出          出
"""
        + FIT
    )
    assert [number for number, _ in rows_of(text)] == [3, 5, 6, 7]
    assert rows_of(text)[0][1] == ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]


def test_parts_of_codes_may_have_only_a_space_between() -> None:
    text = """支出总表

类  款 项  科目名称          合计      基本支出      项目支出
201 01 01  行政运行           20.00       12.00      8.00
201 01 04  人大会议           20.00       12.00      8.00
205 02 01  学前教育           20.00       12.00      8.00
"""
    assert [row[:4] for _, row in rows_of(text)] == [
        ["类", "款", "项", "科目名称"],
        ["201", "01", "01", "行政运行"],
        ["201", "01", "04", "人大会议"],
        ["205", "02", "01", "学前教育"],
    ]


def test_a_head_with_half_of_a_total_is_not_read() -> None:
    text = """收入总表

单位        总计    小 一般公共    政府性基金
                    计 预算补助    补助
某某局      30.00   10.00          20.00
某某中心    30.00   10.00          20.00
合计        60.00   20.00          40.00
"""
    assert rows_of(text) == []


def test_a_money_unit_beside_the_end_of_the_office() -> None:
    text = HEAD.replace(
        "单位：001001_某某局\n单位：万元\n", "部门：某某市某某         金额单位：万\n区某某局                 元\n"
    )
    (form,) = filed(text + FIRST + FIT).forms
    assert form.money_unit == "万元"


SEVERITY = {kind["kind"]: kind["severity"] for kind in read_codes("finding_kind")}


@pytest.mark.parametrize("seed", [5, 85, 8887, *range(20_000, 20_009)])
def test_a_right_budget_without_rules_is_not_accused(seed: int) -> None:
    """What its pages leave out is told, and nothing of what they show is called wrong."""
    text = render(random_budget(seed))
    drawings = [Drawing(drawing.texts, []) for drawing in drawings_of(forms_of(text))]
    found = file_disclosures(read(pdf(drawings), "公开.pdf"), "430202", 2024, None, None, lambda _: None)
    findings = Counter(
        finding.kind
        for disclosure in found
        for finding in (*disclosure.findings, *diagnosed_ledger(disclosure).findings)
        if SEVERITY[finding.kind] == "error"
    )
    assert findings.keys() <= {"partly_understood"}
