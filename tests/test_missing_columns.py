"""Columns left out of a form: what is left keeps its meaning, nothing is accused, and what lacks is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.shanghai_budget import SHANGHAI_BUDGET
from schema.forms.template import TemplateSet
from synthetic.budgets import random_budget
from synthetic.deviations import filed
from synthetic.rendering import render
from synthetic.set_documents import amounts_of, document, figures_of
from synthetic.workbooks import Sheet
from tests.test_other_layouts import top
from tests.test_set_documents import filed_figures, read_sheets


def without_column(sheet: Sheet, head: str) -> Sheet:
    """A sheet without the column below a head."""
    at = next(cell.column for cell in sheet.cells if cell.text == head)
    cells = []
    for cell in sheet.cells:
        if cell.column <= at < cell.column + cell.column_span and cell.row >= top(sheet):
            if cell.column_span > 1:
                cells.append(replace(cell, column_span=cell.column_span - 1))
        elif cell.column > at and cell.row >= top(sheet):
            cells.append(replace(cell, column=cell.column - 1))
        else:
            cells.append(cell)
    return replace(sheet, cells=tuple(cells))


@pytest.mark.parametrize(
    ("entry", "form_id", "head", "told"),
    [
        (FINAL_ACCOUNTS, "f03", "功能分类科目编码", "code_by_name"),  # rows are known by their names
        (SHANGHAI_BUDGET, "sh03", "款", "code_by_name"),
        (FINAL_ACCOUNTS, "f05", "公用经费", "missing_column"),  # optional, but the parts of 基本支出 lack it
    ],
)
def test_a_column_left_out_takes_no_other_figure_along(entry: TemplateSet, form_id: str, head: str, told: str) -> None:
    amounts = amounts_of(entry, seed=3)
    cover, sheet = document(entry, amounts, forms=(form_id,))
    disclosure = read_sheets([cover, without_column(sheet, head)])
    expected = figures_of(amounts, [form for form in entry.forms if form.form_id == form_id])
    assert filed_figures(disclosure) == {key: a for key, a in expected.items() if key[2] != "public"}
    assert {finding.kind for finding in disclosure.findings} >= {told}
    assert not {f.kind for f in diagnosed_ledger(disclosure).findings} - {"no_fund", "remainder"}


def without_columns(text: str, form_id: str, lacking: set[str]) -> str:
    """A text document without some columns of a form."""
    lines = text.split("\n")
    form = next(form for form in filed(text).forms if form.form_id == form_id)
    gone = {cell.column_no - 1 for cell in form.cells if cell.column_key in lacking}
    for at in {cell.source_row - 1 for cell in form.cells}:
        lines[at] = "\t".join(text for column, text in enumerate(lines[at].split("\t")) if column not in gone)
    return "\n".join(lines)


LEVELS = {"functional_class", "functional_group", "functional_item"}


@pytest.mark.parametrize("lacking", [LEVELS, LEVELS | {"unit_code"}], ids=["beside units", "alone"])
@pytest.mark.parametrize("form_id", ["r04", "r10", "r12"])
def test_functions_without_codes_are_known_by_their_names_and_accuse_nobody(form_id: str, lacking: set[str]) -> None:
    """A name may stand for several functions (一般行政管理事务); other forms with codes tell which of them it is."""
    text = render(random_budget(980005))
    shortened = filed(without_columns(text, form_id, lacking))
    whole, found = (
        {
            (cell.row_key, cell.column_key): cell.amount
            for form in disclosure.forms
            for cell in form.cells
            if form.form_id == form_id and cell.row_key and cell.statements and cell.amount
        }
        for disclosure in (filed(text), shortened)
    )
    assert found == whole
    assert "code_by_name" in {finding.kind for finding in shortened.findings}
    assert not diagnosed_ledger(shortened).findings


def test_forms_with_the_same_columns_left_are_told_apart_by_their_titles() -> None:
    """Both print 助学金 and nothing else. Without a title of its own, the same header goes on with the same form."""
    basic = "一般公共预算基本支出表--人员经费(对个人和家庭的补助)"
    header = "类\t款\t项\t单位代码\t单位名称（功能科目）\t助学金\n"
    row = "205\t02\t02\t194001\t小学教育\t5.00\n"
    rows = f"\t\t\t\t合计\t5.00\n\t\t\t194001\t某某小学\t5.00\n{row}"
    text = "2024年部门预算\n\n单位编码：194001\n\n单位名称：某某小学\n\n"
    for kind in ("按政府预算经济分类", "按部门预算经济分类"):
        text += f"{basic}({kind})\n\n单位：万元\n\n{header}{rows}"
        text += f"{header}{row.replace('205', '206')}\n" if kind.startswith("按部门") else "\n"
    disclosure = filed(text)
    found = [
        (form.form_id, sum(cell.column_key == "student_grants" for cell in form.cells)) for form in disclosure.forms
    ]
    assert found == [("r11", 3), ("r12", 4)]


def test_a_form_that_lacks_columns_of_one_set_stays_that_of_another() -> None:
    """收入总表 may be form 2 without its other columns, but the other forms are of the national set."""
    text = (
        "2024年部门预算\n\n单位编码：194001\n\n单位名称：某某小学\n\n"
        "收入总表\n\n单位：万元\n\n单位编码\t单位名称\t合计\t经费拨款\n\t合计\t9.00\t9.00\n194001\t某某小学\t9.00\t9.00\n\n"
        "一般公共预算“三公”经费支出表\n\n单位：万元\n\n项目\t预算数\n合计\t3.00\n公务接待费\t3.00\n\n"
        "一般公共预算基本支出表\n\n单位：万元\n\n科目编码\t科目名称\t合计\n\t合计\t5.00\n30101\t基本工资\t5.00\n"
    )
    assert [form.form_id for form in filed(text).forms] == ["nb02x", "nb07x", "nb06"]
