"""The reports, their Chinese faces and those of a district against the cells that the rules make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import psycopg
import pytest

from schema.forms import FORMS
from schema.forms.template import Column, Coordinate, Form, Role, Rows
from schema.generate import stale
from schema.report_columns import (
    LEADING_COLUMNS,
    chinese_columns,
    chinese_name,
    comment_labels,
    district_labels,
    report_columns,
    report_labels,
)
from schema.report_views.views import report_view
from tests.views.conftest import Contents

TABLED = [form for form in FORMS.values() if form.sheet is None]


@pytest.mark.parametrize("form", [f for f in TABLED if not f.lists], ids=lambda form: form.form_id)
def test_a_report_prints_the_cells_of_its_rows(
    contents: Contents, cells: dict[str, list[dict[str, Any]]], form: Form
) -> None:
    money = [column.id for column in report_columns(form) if column.role is Role.MONEY]
    found = contents(f"report.{form.form_id}")
    printed = {(row["row_key"], column): row[column] for row in found for column in money if row[column] is not None}
    expected = [row for row in cells[form.form_id] if row["is_printed"]]
    assert printed == {(row["row_key"], row["column_key"]): row["amount"] for row in expected}
    assert {(row["row_key"], row["is_leaf"]) for row in found} == {(row["row_key"], row["is_leaf"]) for row in expected}
    labels = {row["row_key"]: row["row_label"] for row in cells[form.form_id]}
    names = [column.id for column in report_columns(form) if column.role is Role.NAME]
    for row in found:
        unit = labels.get(row["row_key"].partition("/")[0]) if row["row_level"] else None  # beside the project
        assert [row[name] for name in names] == [labels[row["row_key"]], unit][: len(names)]
    totals = [row["row_no"] for row in found if row["row_level"] == 0]
    assert form.rows is not None
    assert totals == ([len(found) if form.rows.total_is_last else 1] if form.rows.total else [])
    assert sorted(row["row_no"] for row in found) == list(range(1, len(found) + 1))


@pytest.mark.parametrize("form", [f for f in TABLED if not f.lists], ids=lambda form: form.form_id)
def test_a_report_prints_the_codes_of_its_rows(contents: Contents, form: Form) -> None:
    codes = [(c.id, c.code) for c in report_columns(form) if c.role is Role.CODE and c.code is not None]
    for row in (row for row in contents(f"report.{form.form_id}") if row["row_level"] > 0):
        unit, _, subject = row["row_key"].partition("/") if form.is_by(Coordinate.UNIT) else ("", "", row["row_key"])
        for column, code in codes:
            if row["row_key"] in {line.id for line in form.sums}:
                assert row[column] is None
            elif code.part is not None:
                assert (row[column] or "") == [subject[:3], subject[3:5], subject[5:]][code.part]
            elif form.is_by(Coordinate.PROJECT) or code.of == (Coordinate.UNIT,):
                assert row[column] == unit
            else:
                assert row[column] == (subject or unit)


@pytest.mark.parametrize("form", [f for f in TABLED if f.lists], ids=lambda form: form.form_id)
def test_a_report_of_lists_prints_their_lines_in_order(
    contents: Contents, cells: dict[str, list[dict[str, Any]]], form: Form
) -> None:
    found = contents(f"report.{form.form_id}")
    amounts = {(row["row_key"], row["column_key"]): row["amount"] for row in cells[form.form_id]}
    assert [(row["row_no"], row["row_key"], row["row_level"], row["is_leaf"]) for row in found] == list(_beside(form))
    for entry in form.lists:
        lines = sorted(entry.lines, key=lambda line: line.level == 0)  # the closing lines stand at the foot
        for amount in (a for a in entry.amounts if a.role is Role.MONEY):
            printed = [
                (row[f"{entry.id}_item"], row[f"{amount.id}_amount"]) for row in found if row[f"{entry.id}_item"]
            ]
            assert printed == [(line.label, amounts.get((line.id, amount.id))) for line in lines]


def _beside(form: Form) -> Iterator[tuple[int, str, int, bool]]:
    """(number, key, level, whether a leaf) of the rows of lists side by side, the closing lines at the foot."""
    bodies = [[line for line in entry.lines if line.level > 0] for entry in form.lists]
    feet = [[line for line in entry.lines if line.level == 0] for entry in form.lists]
    body = zip_longest(*bodies)
    for number, lines in enumerate([*body, *zip_longest(*feet)], start=1):
        found = [line for line in lines if line is not None]
        level = min(line.level for line in found)
        key = lines[0].id if level == 0 else str(number)
        yield number, key, level, all(not line.parts for line in found)


@pytest.mark.parametrize("form", list(FORMS.values()), ids=lambda form: form.form_id)
def test_the_chinese_face_shows_the_same(contents: Contents, form: Form) -> None:
    labels = chinese_columns(form)
    chinese = contents(f'report_zh."{chinese_name(form)}"')
    english = contents(f"report.{form.form_id}")
    translated = [{label: row[column] for column, label in labels.items()} for row in english]
    assert Counter(map(str, chinese)) == Counter(map(str, translated))
    assert list(labels)[: len(LEADING_COLUMNS)] == list(LEADING_COLUMNS)


@pytest.mark.parametrize("form", TABLED, ids=lambda form: form.form_id)
def test_a_form_of_a_district_prints_its_cells(contents: Contents, form: Form) -> None:
    """With the rows and columns of the report view, as far as they do not tell units."""
    found = contents(f"district.{form.form_id}")
    reported = contents(f"report.{form.form_id}")
    assert list(found[0]) == list(district_labels(form))
    assert [row["row_no"] for row in found] == list(range(1, len(found) + 1))
    columns = [
        column for column in reported[0] if column in found[0] and column not in ("row_no", "row_level", "row_key")
    ]
    if not form.is_by(Coordinate.UNIT):
        assert [{c: row[c] for c in columns} for row in found] == [{c: row[c] for c in columns} for row in reported]
        return
    money = [column.id for column in form.money_columns]
    totals = [row for row in reported if row["row_level"] == 0]
    assert [{c: row[c] for c in money} for row in found if row["row_level"] == 0] == [
        {c: row[c] for c in money} for row in totals
    ]


def test_the_generated_files_are_as_the_declarations_make_them() -> None:
    assert list(stale()) == []


@pytest.mark.parametrize(
    ("path", "label"),
    [
        (("一" * 21,), "一" * 21),  # 63 bytes, all that Postgres keeps
        (("一" * 22,), "一" * 20),
        (("甲" * 20, "乙" * 3), "乙" * 3),
        (("甲", "乙"), "甲-乙"),
    ],
)
def test_a_long_heading_is_cut_from_the_left(path: tuple[str, ...], label: str) -> None:
    form = Form("x01", "表", "表", rows=Rows(), columns=(Column("total", path),))
    assert report_labels(form)["total"] == label
    assert chinese_columns(form)["total"] == label.replace("-", "_")[:20]  # 60 bytes


def test_a_comment_says_the_money_unit_as_short_as_it_must() -> None:
    comments = comment_labels(FORMS["r10"])
    assert comments["pension"] == "机关事业单位基本养老保险缴费（万元）"  # without the head above it
    assert comments["medical_insurance"] == "社会保障缴费-职工基本医疗保险缴费_万元"  # 20 characters
    assert comments["unit_code"] == "单位代码"
    assert comments["total"] == "合计（万元）"  # 总计 in the form
    columns = (Column("long", ("一" * 9, "二" * 9)), Column("other", ("三", "二" * 9)))
    form = Form("x01", "表", "表", rows=Rows(), columns=columns)
    assert comment_labels(form)["long"] == "一" * 9 + "（万元）"  # the end is another column's, too


def test_a_chinese_name_that_postgres_would_cut_is_refused() -> None:
    assert chinese_name(Form("x01", "表", "一" * 20)) == "x01" + "一" * 20  # 63 bytes
    with pytest.raises(ValueError, match="longer than 63 bytes"):
        chinese_name(Form("x001", "表", "一" * 20))


def test_a_form_that_no_view_can_be_made_of_is_named() -> None:
    form = Form("x01", "表", "表")
    with pytest.raises(ValueError, match="neither rows nor lists nor a sheet"):
        report_view(form)


def test_a_sum_without_money_is_no_row(warehouse: psycopg.Connection) -> None:
    sums = {line.label for line in FORMS["f06"].sums}
    shown = b"select subject_name from report.f06"
    with warehouse.transaction(force_rollback=True):
        before = {name for (name,) in warehouse.execute(shown)}
        warehouse.execute("delete from budget.amount where department_economic_code !~ '^30[13]'")
        after = {name for (name,) in warehouse.execute(shown)}
    assert before >= sums
    assert sums - after == {"公用经费合计"}
