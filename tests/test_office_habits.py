"""Right documents with habits of offices: all figures are read, and nothing is accused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.filing.filed import FiledDisclosure
from loader.filing.headers.glosses import without_gloss
from loader.filing.printed_codes import coded_name
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.jiangsu_budget import JIANGSU_BUDGET
from schema.forms.national_budget import NATIONAL_BUDGET
from schema.forms.template import TemplateSet
from synthetic.deviations import filed
from synthetic.set_documents import random_account, text_of


def figures(disclosure: FiledDisclosure) -> dict[tuple[str | None, str, str], object]:
    return {
        (form.form_id, cell.row_key, cell.column_key): cell.amount
        for form in disclosure.forms
        for cell in form.cells
        if cell.row_key and cell.column_key and cell.statements and cell.amount
    }


def glossed(text: str) -> str:
    for word, gloss in (("年初结转和结余", "上年结转"), ("上年结转结余", "年初结转和结余"), ("公务接待费", "即接待费")):
        text = text.replace(f"\t{word}\t", f"\t{word}（{gloss}）\t").replace(f"\n{word}\t", f"\n{word}（{gloss}）\t")
    return text


def beside_last_year(text: str) -> str:
    """The lists of the first form with a column 2023年决算数 at the right."""
    lines = text.split("\n")
    first = next(at for at, line in enumerate(lines) if line.startswith("收入\t"))
    last = next(at for at, line in enumerate(lines) if at > first and not line.strip())
    lines[first] += "\t2023年决算数"
    return "\n".join(line + "\t1.00" if first + 1 < at < last else line for at, line in enumerate(lines))


def beside_amounts_of_last_year(own: str, other: str) -> Callable[[str], str]:
    """The lists of the first form with such a column at the right, and other heads over this year's amounts."""

    def changed(text: str) -> str:
        lines = text.split("\n")
        first = next(at for at, line in enumerate(lines) if line.startswith("收入\t"))
        last = next(at for at, line in enumerate(lines) if at > first and not line.strip())
        body = next(at for at, line in enumerate(lines) if at > first and "." in line)
        for at in range(first, body):
            heads = lines[at].split("\t")
            lines[at] = "\t".join(own if head in ("预算数", "金额") else head for head in heads)
        lines[first] += f"\t{other}"
        lines[body:last] = [f"{line}\t1.00" for line in lines[body:last]]
        return "\n".join(lines)

    return changed


@pytest.mark.parametrize(
    ("entry", "change"),
    [
        (FINAL_ACCOUNTS, glossed),
        (NATIONAL_BUDGET, glossed),
        (NATIONAL_BUDGET, beside_last_year),
        (NATIONAL_BUDGET, beside_amounts_of_last_year("金额", "2023年预算数")),
        (NATIONAL_BUDGET, beside_amounts_of_last_year("本年预算数", "2023年预算数")),
        (NATIONAL_BUDGET, beside_amounts_of_last_year("金额", "2023年执行数")),
        (JIANGSU_BUDGET, beside_amounts_of_last_year("本年预算数", "2023年执行数")),
        (JIANGSU_BUDGET, beside_amounts_of_last_year("本年预算数", "2023年决算数")),
    ],
)
def test_habits_of_offices_hide_no_figure_and_accuse_nobody(entry: TemplateSet, change: Callable[[str], str]) -> None:
    text = text_of(random_account(entry, 5001))
    disclosure = filed(change(text))
    assert figures(disclosure) == figures(filed(text))
    assert not [*disclosure.findings, *diagnosed_ledger(disclosure).findings]


def test_brackets_that_say_something_else_are_no_gloss() -> None:
    for word in (
        "本年支出合计(不含补助和上缴)",
        "其他收入(其中:利息)",
        "本年支出(一般公共预算财政拨款)",
        "经费拨款(补助)",
        "年初结转和结余(一般公共预算财政拨款)",
        "公务用车购置及运行维护费(购置)",
        "年末结转和结余(结转)",
    ):
        assert without_gloss(word) == word
    assert without_gloss("科目名称(功能分类)") == "功能分类科目名称"
    assert without_gloss("财政拨款(一般公共预算)") == "一般公共预算财政拨款"
    assert without_gloss("财政拨款收入(一般公共预算)") == "一般公共预算财政拨款收入"


def test_a_name_may_begin_like_a_date() -> None:
    assert coded_name("2010405 日常经济运行调节") == ("2010405", "日常经济运行调节")
    assert coded_name("2230102 “三供一业”移交补助支出") == ("2230102", "“三供一业”移交补助支出")
    assert coded_name("“三供一业”移交补助支出（2230102）") == ("2230102", "“三供一业”移交补助支出")
    assert coded_name("2024年预算") is None
    assert coded_name("2024年初结转") is None


@pytest.mark.parametrize("row", ["本单位2024年度无此项收支\n", ""])
def test_a_form_of_a_fund_that_an_office_has_not_may_print_no_row(row: str) -> None:
    """It says so, or ends after its header."""
    account = random_account(FINAL_ACCOUNTS, 5001)
    funds = ("12", "13", "182", "183")
    amounts = {at: amount for at, amount in account.amounts.items() if at.fund not in funds and at.item not in funds}
    whole = text_of(replace(account, amounts=amounts))
    text = re.sub(r"\t合计\t+\n", row, whole)
    assert text.count("\n") == whole.count("\n") - (0 if row else 2)
    disclosure = filed(text)
    assert {form.form_id for form in disclosure.forms if form.is_empty} == {"f08", "f09"}
    assert not [*disclosure.findings, *diagnosed_ledger(disclosure).findings]


def test_a_form_of_a_fund_that_ends_after_its_header_is_not_passed_if_others_have_its_money() -> None:
    lines = text_of(random_account(FINAL_ACCOUNTS, 5001)).split("\n")
    first = lines.index(next(line for line in lines if line.startswith("政府性基金预算财政拨款收入支出决算表")))
    head = next(at for at in range(first, len(lines)) if "合计" in lines[at].split("\t")[:2])
    end = next(at for at in range(head, len(lines)) if not lines[at].strip())
    disclosure = filed("\n".join(lines[:head] + lines[end:]))
    assert next(form for form in disclosure.forms if form.form_id == "f08").is_empty
    assert [*disclosure.findings, *diagnosed_ledger(disclosure).findings]
