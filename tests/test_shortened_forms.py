"""The 23 forms as other districts shorten them: fewer lists, heads and columns. What is printed keeps its meaning."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.filing.tables.recognise import recognise
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import gather
from schema.forms import FORMS
from synthetic.budgets import Shape, budget_of, random_budget
from synthetic.deviations import differing
from synthetic.rendering import Mess, render
from synthetic.set_documents import Figures
from tests.test_set_documents import filed_figures

Table = list[list[str]]


@cache
def plain() -> str:
    shape = Shape(seed=11, functions=2, items=4, project_functions=1, projects=1, other_funds=("12",))
    return render(budget_of(shape), forms=range(1, 22), mess=Mess(contents=False))


def filed(text: str) -> FiledDisclosure:
    (disclosure,) = file_disclosures(read(text.encode(), "公开.txt"), "430202")
    return disclosure


def changed(form_id: str, change: Callable[[Table], Table], text: str | None = None) -> str:
    """The document with the table of a form as another one, its header included."""
    lines = (text or plain()).split("\n")
    title = lines.index(FORMS[form_id].title)
    start = next(at for at in range(title, len(lines)) if "\t" in lines[at])
    end = next(at for at in range(start, len(lines)) if "\t" not in lines[at])
    table = change([line.split("\t") for line in lines[start:end]])
    return "\n".join([*lines[:start], *map("\t".join, table), *lines[end:]])


def odd(disclosure: FiledDisclosure) -> dict[tuple[str, str, str], tuple[int, int]]:
    """The cells that the ledger does not bear out."""
    return differing(gather(disclosure).all_forms(), make_ledger(disclosure))


def of_form(figures: Figures, form_id: str) -> Figures:
    return {key: amount for key, amount in figures.items() if key[0] == form_id}


@cache
def of_units() -> str:
    """A department called like its first unit, of whose units two spend on one function."""
    return render(
        budget_of(Shape(seed=5, kinds=("agency", "institution"), functions=2, items=3)),
        forms=(2, 3),
        mess=Mess(contents=False),
    )


@pytest.mark.parametrize("lacking", [range(3, 4), range(4)])
def test_units_and_functions_without_codes_are_told_by_their_names(lacking: range) -> None:
    def without_codes(table: Table) -> Table:
        return [[text for at, text in enumerate(row) if at not in lacking] for row in table]

    expected = filed_figures(filed(of_units()))
    units = {row.partition("/")[0] for _, row, _ in expected if "/" in row}
    assert len(units) > 1
    assert filed_figures(filed(changed("r03", without_codes, of_units()))) == expected


def _two_lists(table: Table) -> Table:
    return [["收入", "", "支出", ""], ["项目", "预算数", "项目", "预算数"], *(row[:4] for row in table[2:])]


def _plain_items(table: Table) -> Table:
    return [table[0], ["项目", "预算数"] * 4, *table[2:]]


def test_a_form_1_of_two_lists_is_form_1() -> None:
    """Form 6 has exactly its header, and functions in its second list, too."""
    disclosure = filed(changed("r01", _two_lists))
    expected = of_form(filed_figures(filed(plain())), "r01")
    found = of_form(filed_figures(disclosure), "r01")
    assert found == {key: amount for key, amount in expected.items() if key[2] in ("revenue", "function")}
    assert [finding.kind for finding in disclosure.findings] == ["missing_list", "missing_list"]
    assert not odd(disclosure)


def test_a_form_1_of_two_lists_is_known_by_its_lines_without_a_title() -> None:
    text = changed("r01", _two_lists).replace(f"\n{FORMS['r01'].title}\n", "\n").replace(FORMS["r06"].title, "")
    assert [form.form_id for form in filed(text).forms if form.form_id in ("r01", "r06")] == ["r01", "r06"]


def test_lists_whose_heads_do_not_say_by_what_stand_in_the_official_order() -> None:
    assert filed_figures(filed(changed("r01", _plain_items))) == filed_figures(filed(plain()))


def test_a_line_alone_in_a_line_of_a_text_ends_no_list() -> None:
    """Without a tab it is a paragraph."""

    def without_tabs(table: Table) -> Table:
        bare = [row[:1] if row[0] and not any(row[1:]) else row for row in table]
        return [*bare[:3], ["经费拨款"], *bare[3:]]

    assert filed_figures(filed(changed("r01", without_tabs))) == filed_figures(filed(plain()))


def _undivided(table: Table) -> Table:
    """人员经费 in one column."""

    def both(row: list[str]) -> str:
        total = sum(float(text) for text in row[7:9] if text)
        return f"{total:.2f}" if total else ""

    heads = [["功能科目", "", "", "科目编码", "科目名称", "合计", "基本支出", "", "", "项目支出"]]
    heads.append([*[""] * 6, "小计", "人员经费", "公用经费"])
    rows = ([*row, *[""] * (11 - len(row))] for row in table[3:])
    return heads + [[*row[:7], both(row), *row[9:]] for row in rows]


def test_staff_costs_that_form_7_does_not_divide_are_kept_as_such() -> None:
    disclosure = filed(changed("r07", _undivided))
    expected = of_form(filed_figures(filed(plain())), "r07")
    found = of_form(filed_figures(disclosure), "r07")
    parts = ("basic_wages", "basic_individuals_families")
    assert found == {key: amount for key, amount in expected.items() if key[2] not in parts}
    assert any(cell.column_key == "basic_staff" and cell.amount for form in disclosure.forms for cell in form.cells)
    assert not [finding for finding in disclosure.findings if finding.kind == "unknown_column"]
    assert not odd(disclosure)


@pytest.mark.parametrize("total", ["合计", "小计"])
def test_a_total_beneath_the_name_of_the_budget_is_no_basic_spending(total: str) -> None:
    """本年政府性基金预算支出 above all columns; in the official form it stands above basic spending alone."""

    def short(table: Table) -> Table:
        heads = [["科目编码", "科目名称", "本年政府性基金预算支出"], ["", "", total, "基本支出", "项目支出"]]
        rows = ([*row, *[""] * (8 - len(row))] for row in table[3:])
        return heads + [[*row[:4], row[7]] for row in rows]

    disclosure = filed(changed("r16", short))
    expected = of_form(filed_figures(filed(plain())), "r16")
    found = of_form(filed_figures(disclosure), "r16")
    assert found
    assert found == {key: amount for key, amount in expected.items() if key[2] in ("total", "basic_total", "project")}
    assert not odd(disclosure)


@pytest.mark.parametrize(
    ("heads", "columns"),
    [
        ([["单位代码", "单位名称（专项名称）", "预算额度"]], ("total",)),
        (
            [
                ["单位代码", "单位名称（专项名称）", "预算额度"],
                ["", "", "总计", "一般公共预算", "政府性基金"],
            ],
            ("total", "general_total", "government_fund"),
        ),
    ],
    ids=["one amount", "by fund"],
)
def test_a_form_21_with_few_columns_is_read(heads: Table, columns: tuple[str, ...]) -> None:
    def short(table: Table) -> Table:
        rows = ([*row, *[""] * (10 - len(row))] for row in table[3:])
        return heads + [[*row[:2], *(row[at] for at in (2, 3, 9)[: len(columns)])] for row in rows]

    disclosure = filed(changed("r21", short))
    expected = of_form(filed_figures(filed(plain())), "r21")
    found = of_form(filed_figures(disclosure), "r21")
    assert found
    assert found == {key: amount for key, amount in expected.items() if key[2] in columns}
    assert not odd(disclosure)


@pytest.mark.parametrize("division", ["310107", "430202"])
def test_sheets_of_goals_alone_are_of_the_set_that_has_them(division: str) -> None:
    """Wherever they are filed."""
    recognised = recognise(read(render(random_budget(900), (22, 23)).encode(), "goals.txt"), division)
    assert recognised.entry.id == "hunan_budget"
