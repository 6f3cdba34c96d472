"""Documents that are understood in part, or not at all, are not passed off as loaded."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg

from loader.loading.load import load_content
from loader.loading.options import Options
from tests.conftest import Run
from tests.test_bulk_load import small

STRANGE = "\n\n{}\n\n品目\t数量\t金额\t备注说明\n办公桌\t3\t1.90\t政采\n电脑\t2\t1.20\t政采\n"


def strange_tables(count: int) -> str:
    return "".join(STRANGE.format(f"采购计划附表之{number}") for number in range(1, count + 1))


def test_most_tables_not_understood_is_an_outcome_of_its_own(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(small(0).decode() + strange_tables(3), encoding="utf-8")
    (row,) = json.loads(run("load", path, "--json", code=3).stdout)
    assert row["outcome"] == "partly"
    assert [d["is_current"] for d in row["disclosures"]] == [True]
    said = database.execute("select message_en from report.finding where kind = 'partly_understood'").fetchall()
    assert said == [("3 of the 5 tables with figures were not understood",)]
    assert "unchanged" in run("load", path).stdout


def test_some_tables_not_understood_are_findings_only(database: psycopg.Connection) -> None:
    result = load_content(database, (small(0).decode() + strange_tables(2)).encode(), "a.txt", Options())
    assert result.outcome == "loaded"
    assert database.execute("select count(*) from meta.finding where kind = 'unknown_form'").fetchone() == (2,)


def test_a_table_of_whole_yuan_that_is_not_understood_is_told(database: psycopg.Connection) -> None:
    rows = "".join(f"{word}\t{amount}\t0\n" for word, amount in (("甲", "1,250,000"), ("乙", "90,300")))
    content = (small(0).decode() + f"\n\n单位往来款情况\n\n{rows}").encode()
    load_content(database, content, "a.txt", Options())
    said = database.execute("select message_en from report.finding where kind = 'unknown_form'").fetchall()
    assert said == [("table 3: a table that is none of the official forms: 单位往来款情况",)]


def test_numbers_of_lines_are_no_figures_that_were_missed(database: psycopg.Connection) -> None:
    listed = "\n\n人员名册\n\n序号\t科室\t人数\t备注说明\n1\t办公室\t12\t在编\n2\t财务科\t7\t在编\n"
    content = (small(0).decode() + listed * 4).encode()
    assert load_content(database, content, "a.txt", Options()).outcome == "loaded"


def test_figures_without_any_meaning_are_rejected(database: psycopg.Connection) -> None:
    """The form is there by its title and header, but its rows are none of its own."""
    text = "2024年部门预算公开表\n\n一般公共预算基本支出表\n\n单位：001001_某某局\t单位：万元\n\n"
    text += "科目编码\t科目名称\t合计\t人员经费\t公用经费\n"
    text += "甲\t第一项工作\t11.50\t10.00\t1.50\n乙\t第二项工作\t2.25\t2.00\t0.25\n"
    result = load_content(database, text.encode(), "a.txt", Options())
    assert result.outcome == "rejected"
    assert result.error is not None
    assert "none of the 6 figures in its 1 tables was understood" in result.error
    assert database.execute("select count(*) from budget.document").fetchone() == (0,)


def test_a_blank_template_has_no_figures(database: psycopg.Connection) -> None:
    text = "2024年部门预算公开表\n\n一般公共预算基本支出表\n\n单位：001001_某某局\t单位：万元\n\n"
    text += "科目编码\t科目名称\t合计\t人员经费\t公用经费\n\t合计\t\t\t\n301\t工资福利支出\t\t\t\n"
    result = load_content(database, text.encode(), "a.txt", Options())
    assert result.error is not None
    assert "no figures in its" in result.error
