"""Variants of the 23 forms of Hunan: extra forms, other titles, and tables that are none of the forms."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import gather
from schema.forms import FORMS
from schema.forms.template import Where
from synthetic.budgets import FEN, Budget, Shape, budget_of, functional_names
from synthetic.deviations import differing
from synthetic.rendering import held, printed, render
from tests.conftest import Run

BUDGET = budget_of(Shape(seed=11, functions=2, items=4, capital_items=1, project_functions=1, projects=1))
CODE, OFFICE = BUDGET.filed_by
ABOVE = f"单位：{CODE}_{OFFICE}\n\n金额单位：万元\n"
PROCUREMENT = f"""
政府采购预算表

{ABOVE}
单位代码\t单位名称\t项目名称\t采购品目\t采购数量\t资金来源\t\t
\t\t\t\t\t合计\t一般公共预算\t政府性基金
\t合计\t\t\t\t40.00\t30.00\t10.00
{CODE}\t{OFFICE}\t\t\t\t40.00\t30.00\t10.00
\t\t日常办公\t台式计算机\t5\t30.00\t30.00\t
\t\t会议\t印刷服务\t\t10.00\t\t10.00
"""


def by_class(budget: Budget, *, prints_subjects: bool = False) -> str:
    """The extra form 9: basic spending by department-economic class; some print codes of subjects among the units."""
    form = FORMS["r09x"]
    own = held(budget.amounts, form.where)

    def row(level: str, where: Where) -> str:
        amounts = held(own, where)
        figures = [sum(held(amounts, column.where).values()) for column in form.money_columns]
        return "\t".join([level, *(f"{printed(amount)}" if amount else "" for amount in figures)])

    lines = [row("\t\t\t\t合计", Where()), row(f"\t\t\t{budget.department}\t{budget.department_name}", Where())]
    lines.append(row(f"\t\t\t{CODE}\t{OFFICE}", Where()))
    for code in sorted({at.functional for at in own}):
        parts = f"{code[:3]}\t{code[3:5]}\t{code[5:]}\t{code if prints_subjects else CODE}\t{functional_names()[code]}"
        lines.append(row(parts, Where(functional=(code,))))
    header = "功能科目\t\t\t单位代码\t单位名称（功能科目）\t" + "\t".join(c.path[-1] for c in form.money_columns)
    body = "\n".join(["类\t款\t项", *lines])
    return f"\n一般公共预算基本支出表（按部门预算经济分类）\n\n{ABOVE}\n{header}\n{body}\n"


def with_extra(text: str, extra: str, before: str) -> str:
    """A document with another form in front of the one with this title."""
    at = text.index(f"\n{before}\n", text.index("收支总表\n\n"))
    return text[:at] + extra + text[at:]


@pytest.fixture
def plain() -> str:
    return render(BUDGET)


def load(run: Run, tmp_path: Path, text: str, code: int = 0) -> str:
    path = tmp_path / "公开.txt"
    path.write_text(text)
    return run("load", path, code=code).output


def ledger(connection: psycopg.Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select unit_code, statement, fund_code, nature, functional_code, department_economic_code, item_code, amount"
        " from budget.current_amount where statement <> 'procurement' order by line_no"
    ).fetchall()


@pytest.mark.parametrize("prints_subjects", [False, True])
def test_an_extra_form_by_economic_class_agrees_with_the_others(
    database: psycopg.Connection, run: Run, tmp_path: Path, plain: str, prints_subjects: bool
) -> None:
    load(run, tmp_path, plain)
    expected = ledger(database)
    run("withdraw", CODE, "--year", 2024)
    load(run, tmp_path, with_extra(plain, by_class(BUDGET, prints_subjects=prints_subjects), FORMS["r09"].title))
    assert ledger(database) == expected
    told = database.execute(
        "select form_id, status, count(*) from report.comparison where form_id in ('r09', 'r09x') or status = 'differs'"
        " group by form_id, status order by form_id"
    ).fetchall()
    assert [(form, status) for form, status, _ in told] == [("r09", "equal"), ("r09x", "equal")]


def test_procurement_is_a_statement_of_its_own(
    database: psycopg.Connection, run: Run, tmp_path: Path, plain: str
) -> None:
    load(run, tmp_path, plain + PROCUREMENT)
    lines = database.execute(
        "select unit_code, fund_code, amount from budget.current_amount where statement = 'procurement'"
        " order by fund_code"
    ).fetchall()
    assert lines == [(CODE, "11", Decimal(30)), (CODE, "12", Decimal(10))]
    spent = database.execute("select sum(amount) from mart.expenditure").fetchone()
    assert spent == (Decimal(BUDGET.total("expenditure")) / FEN,)
    goods = database.execute(
        "select row_key, amount from filed.cell where form_id = 'r24' and column_key = 'detail' order by row_key"
    ).fetchall()
    assert goods == [(f"{CODE}/会议/印刷服务", Decimal(10)), (f"{CODE}/日常办公/台式计算机", Decimal(30))]
    differs = database.execute("select form_id, row_key from report.comparison where status = 'differs'").fetchall()
    assert not differs


@pytest.mark.parametrize(
    ("head", "front"),
    [
        ("单位代码\t单位名称\t", f"{CODE}\t{OFFICE}\t"),
        ("单位代码\t单位名称\t", f"\t{OFFICE}\t"),
        ("单位名称\t", f"{OFFICE}\t"),
        ("", ""),
    ],
    ids=["on every row", "without codes", "without a column of codes", "without units"],
)
def test_rows_of_what_is_bought_need_none_of_their_unit(plain: str, head: str, front: str) -> None:
    blank = "\t" * head.count("\t")
    text = f"""
政府采购预算表

{ABOVE}
{head}项目名称\t采购品目\t合计
{blank}合计\t\t40.00
{front}日常办公\t台式计算机\t30.00
{front}会议\t印刷服务\t10.00
"""
    (disclosure,) = file_disclosures(read((plain + text).encode(), "公开.txt"), "430202")
    form = next(form for form in disclosure.forms if form.form_id == "r24")
    bought = {cell.row_key: cell.amount for cell in form.cells if cell.column_key == "detail"}
    assert bought == {f"{CODE}/日常办公/台式计算机": 30, f"{CODE}/会议/印刷服务": 10}
    assert form.form_no not in {finding.form_no for finding in disclosure.findings}
    ledger = make_ledger(disclosure)
    assert not [key for key in differing(gather(disclosure).all_forms(), ledger) if key[0] == "r24"]
    assert sum(line.amount for line in ledger.lines if line.coordinates.statement == "procurement") == 40


def test_levels_may_have_columns_of_their_own_in_forms_of_the_other_budgets() -> None:
    """类, 款 and 项 stand beside codes of units that every row repeats, as in form 5."""
    head = "功能科目\t\t\t单位代码\t单位名称\t本年政府性基金预算支出\t\t\n类\t款\t项\t\t\t合计\t基本支出\t项目支出"
    rows = ("\t\t\t\t合计", f"212\t\t\t{CODE}\t城乡社区支出", f"212\t08\t03\t{CODE}\t城市建设支出")
    body = "".join(f"{row}\t5.00\t\t5.00\n" for row in rows)
    text = f"{OFFICE}\n2024年度部门预算\n政府性基金预算支出表\n\n{ABOVE}\n{head}\n{body}"
    (disclosure,) = file_disclosures(read(text.encode(), "公开.txt"), "430202")
    (form,) = disclosure.forms
    found = {cell.row_key for cell in form.cells if cell.amount and cell.column_key == "project"}
    assert (form.form_id, found) == ("r16", {"total", f"{CODE}/212", f"{CODE}/2120803"})


def test_optional_forms_are_not_missing(database: psycopg.Connection, run: Run, tmp_path: Path, plain: str) -> None:
    load(run, tmp_path, plain)
    optional = [form_id for form_id, form in FORMS.items() if form.optional]
    assert optional == [
        "r09x",
        "r24",
        "f05x",
        "f06x",
        "f06y",
        "f07x",
        "f07y",
        "f10",
        "f11",
        "nb01y",
        "nb02u",
        "nb02x",
        "nb02y",
        "nb03x",
        "nb03y",
        "nb05u",
        "nb05x",
        "nb06u",
        "nb06x",
        "nb07u",
        "nb07x",
        "nb08u",
        "nb09u",
        "nb10",
        "nb11",
        "nb12",
    ]
    missing = "select count(*) from report.missing_form where form_id = any(%s)"
    not_filed = "select count(*) from report.comparison where form_id = any(%s)"
    assert [database.execute(query, (optional,)).fetchone() for query in (missing, not_filed)] == [(0,), (0,)]


@pytest.mark.parametrize(
    "title",
    ["国有资本经营预算表", "2024年国有资本经营预算支出表", "国有资本经营预算支出情况表"],
)
def test_form_19_is_known_by_any_of_its_titles(
    database: psycopg.Connection, run: Run, tmp_path: Path, plain: str, title: str
) -> None:
    load(run, tmp_path, plain.replace(f"\n{FORMS['r19'].title}\n", f"\n{title}\n"))
    how = database.execute("select recognised_by from filed.form where form_id = 'r19'").fetchall()
    assert how == [("title and header",)]


def test_a_title_of_something_else_is_believed(
    database: psycopg.Connection, run: Run, tmp_path: Path, plain: str
) -> None:
    # the columns of form 7 under a title that speaks of a fund without a form
    load(run, tmp_path, plain.replace(f"\n{FORMS['r07'].title}\n", "\n社会保险基金预算支出表\n"))
    kept = database.execute("select form_id from filed.form where title = '社会保险基金预算支出表'").fetchall()
    assert kept == [(None,)]
    assert database.execute("select 1 from filed.form where form_id = 'r07'").fetchone() is None
