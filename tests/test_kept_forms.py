"""Documents of forms that are known by their titles alone: every cell is kept, nothing is claimed."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from lxml import html

from loader.loading.load import load_content
from loader.loading.options import Options
from schema.forms import KEPT_FORMS, SETS
from tests.conftest import Run
from tests.test_bulk_load import small

UNIT = "单位：001001_株洲市荷塘区第1局\t单位：万元\n"
OLD = f"""2020年部门预算公开表

部门预算收支总表

{UNIT}
收入\t\t支出\t
项目\t本年预算\t项目\t本年预算
一、财政拨款\t40.50\t一、基本支出\t30.25
\t\t二、项目支出\t10.25
收入总计\t40.50\t支出总计\t40.50

部门一般公共预算支出预算总表

{UNIT}
科目名称\t单位名称\t总计\t工资和福利\t其他
一般公共服务\t株洲市荷塘区第1局\t40.50\t30.25\t10.25

部门一般公共预算支出预算明细表（按部门预算科目）（工资和福利支出）

{UNIT}
科目名称\t单位名称\t总计\t基本工资\t津贴补贴\t年终奖
一般公共服务\t株洲市荷塘区第1局\t30.25\t20.00\t10.00\t0.25

“三公”经费预算表

{UNIT}
项目\t合计\t一般公共预算拨款
公务接待费\t1.50\t1.50

政府采购预算表

{UNIT}
采购品目\t数量\t预算
办公设备\t2\t8.00
"""


def load(connection: psycopg.Connection, text: str, name: str = "a.txt") -> str:
    return load_content(connection, text.encode(), name, Options()).outcome


def count(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def test_every_cell_is_kept_and_no_figure_claimed(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "2020.txt"
    path.write_text(OLD, encoding="utf-8")
    (row,) = json.loads(run("load", path, "--json").stdout)
    assert row["outcome"] == "loaded"
    (disclosure,) = row["disclosures"]
    assert disclosure["is_current"]
    assert "5 forms are known by their titles alone; their 15 figures are kept" in disclosure["kept_only"]
    forms = database.execute("select form_id from filed.form order by form_no").fetchall()
    assert forms == [("hn01",), ("hn03",), ("hn04",), ("hn08",), ("hn13",)]
    printed = [text for line in OLD.splitlines() if "\t" in line and line + "\n" != UNIT for text in line.split("\t")]
    kept = database.execute("select cell_text from filed.cell order by form_no, row_no, column_no").fetchall()
    assert kept == [(text,) for text in printed if text]
    assert count(database, "select count(*) from filed.cell where row_key is not null or amount is not null") == 0
    for relation in ("budget.amount", "report.comparison", "report.missing_form", "mart.expenditure"):
        assert count(database, f"select count(*) from {relation}") == 0, relation


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_pages_and_workbooks_show_them_as_published(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    load(database, OLD)
    run("page", tmp_path)
    page: html.HtmlElement = html.document_fromstring((tmp_path / "2020/001001.html").read_text(encoding="utf-8"))
    head = words(page.find(".//header"))
    assert "仅保存 5 张表" in head
    assert "一致" not in head  # nothing was compared
    first = page.get_element_by_id("hn01")
    assert [words(cell) for cell in first.findall(".//tr")[2]] == ["一、财政拨款", "40.50", "一、基本支出", "30.25"]
    start = OLD.splitlines().index("收入\t\t支出\t") + 1
    assert [row.get("data-r") for row in first.findall(".//tr")] == [str(start + down) for down in range(5)]
    index = words(html.document_fromstring((tmp_path / "index.html").read_text(encoding="utf-8")).find(".//table"))
    assert "仅保存" in index
    assert "一致" not in index
    assert "0.00" not in index
    run("export", tmp_path)
    book = (tmp_path / "2020/001001.xlsx").read_bytes()
    assert load_content(database, book, "a.xlsx", Options()).outcome == "attached"  # the same in another format


def test_a_form_of_theirs_is_not_rebuilt_and_that_is_said(database: psycopg.Connection, run: Run) -> None:
    load(database, OLD)
    for command in (("report", 3, "--unit", "001001", "--year", 2020), ("explain", "001001", 2020, 3, "合计", "合计")):
        assert "stored as published and not rebuilt" in run(*command, code=2).output


@pytest.mark.parametrize("kept_first", [True, False])
def test_they_never_count_where_figures_are_known(database: psycopg.Connection, kept_first: bool) -> None:
    known = small(0).decode()
    old = OLD.replace("2020", "2024")
    for text in (old, known) if kept_first else (known, old):
        load(database, text)
    current = database.execute("select form_set_id from budget.disclosure where is_current").fetchall()
    assert current == [("hunan_budget",)]


def test_a_set_with_meaning_is_taken_where_it_knows_as_many_tables(database: psycopg.Connection) -> None:
    """Titles of both sets above columns of the 23 forms, and one table with a title of the older set."""
    extra = OLD[OLD.index("部门一般公共预算支出预算总表") : OLD.index("“三公”经费预算表")]
    assert load(database, f"{small(0).decode()}\n\n{extra}") == "loaded"
    assert count(database, "select count(*) from budget.disclosure where form_set_id = 'hunan_budget'") == 1
    assert count(database, "select count(*) from budget.amount") > 0


def test_a_title_of_two_sets_alone_tells_nothing(database: psycopg.Connection) -> None:
    """Above columns of neither."""
    form = OLD[OLD.index("政府采购预算表") :].replace("采购品目\t数量\t预算", "采购方式\t数量\t单价")
    result = load_content(database, f"2020年部门预算公开表\n\n{form}".encode(), "a.txt", Options())
    assert result.outcome == "rejected"
    assert result.error is not None
    assert "none of the official forms found" in result.error


def test_a_form_known_by_title_alone_is_of_no_other_set() -> None:
    assert all(form.is_kept_only and form.optional for form in KEPT_FORMS.values())
    assert not any(form.is_kept_only for entry in SETS for form in entry.forms)
