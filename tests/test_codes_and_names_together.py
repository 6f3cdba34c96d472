"""Codes and names of functions in one column, whatever its head is called; and forms that say neither."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from loader.filing.filed import FiledDisclosure
from synthetic.budgets import Shape, budget_of
from synthetic.deviations import filed
from synthetic.rendering import render

SHAPE = Shape(seed=3, kinds=("agency",), functions=3, items=3, project_functions=2, projects=1, sources=("111",))
BEFORE = ["功能科目", "", "", "科目编码", "科目名称"]  # the heads of forms 3 and 7 before their amounts
HEADS = ("功能科目", "支出功能分类科目", "预算科目", "单位（科目）", "科目编码及名称", "支出项目")
STYLES: dict[str, Callable[[str, str], str]] = {
    "code before name": lambda code, name: f"{code} {name}",
    "code in brackets": lambda code, name: f"[{code}]{name}",
    "code behind name": lambda code, name: f"{name}（{code}）",
    "name alone": lambda code, name: name,
}


def with_one_column(text: str, head: str, printed: Callable[[str, str], str]) -> str:
    """The document with one column in place of those of 类, 款, 项, code and name."""
    lines, within = [], False
    for line in text.split("\n"):
        cells = line.split("\t")
        if cells[:5] == BEFORE:
            within = True
            cells[:5] = [head]
        elif within and len(cells) > 5:
            *_, code, name = cells[:5]
            cells[:5] = [printed(code, name) if code else "" if cells[0] == "类" else name]
        else:
            within = False
        lines.append("\t".join(cells))
    return "\n".join(lines)


def figures(disclosure: FiledDisclosure) -> dict[tuple[str | None, str, str], str]:
    """The figures of forms 3 and 7 other than zero."""
    return {
        (form.form_id, cell.row_key, cell.column_key): str(cell.amount)
        for form in disclosure.forms
        if form.form_id in ("r03", "r07")
        for cell in form.cells
        if cell.row_key and cell.column_key and cell.amount
    }


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("style", STYLES)
def test_one_column_tells_codes_and_names(head: str, style: str) -> None:
    text = render(budget_of(SHAPE))
    disclosure = filed(with_one_column(text, head, STYLES[style]))
    assert figures(disclosure) == figures(filed(text))
    assert not {"duplicate_row", "unknown_row", "sum"} & {finding.kind for finding in disclosure.findings}


@pytest.mark.parametrize("head", ["功能科目", "预算科目"])
def test_one_column_may_tell_codes_alone(head: str) -> None:
    text = render(budget_of(SHAPE))
    disclosure = filed(with_one_column(text, head, lambda code, _: code))
    assert figures(disclosure) == figures(filed(text))


def test_rows_without_code_and_name_are_not_all_the_office() -> None:
    """Nothing says what such rows are, so their figures are told and kept as filed."""
    text = render(budget_of(SHAPE))
    disclosure = filed(with_one_column(text, "经办人", lambda code, name: "张三"))
    assert "unknown_row" in {finding.kind for finding in disclosure.findings}
    assert figures(disclosure).items() <= figures(filed(text)).items()
