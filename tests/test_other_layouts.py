"""The same forms as other years and places lay them out: heads worded otherwise, rows of heads left out, columns more,
totals elsewhere. Every figure keeps its place, and no figure gets another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import pytest

from schema.forms import FORMS, SETS
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.jiangsu_budget import JIANGSU_BUDGET
from schema.forms.national_budget import NATIONAL_BUDGET
from schema.forms.shanghai_budget import SHANGHAI_BUDGET
from schema.forms.template import TemplateSet
from synthetic.set_documents import Style, amounts_of, document, figures_of
from synthetic.workbooks import Cell, Sheet
from tests.test_set_documents import filed_figures, read_sheets

OTHERS = SETS[1:]
Change = Callable[[Sheet], Sheet]


@lru_cache(maxsize=10)
def top(sheet: Sheet) -> int:
    """The first row of the header, below the money unit."""
    return next(cell.row for cell in sheet.cells if cell.text.startswith("金额单位")) + 1


@lru_cache(maxsize=10)
def first(sheet: Sheet) -> int:
    """The first row that prints a figure."""
    return min((cell.row for cell in sheet.cells if cell.number is not None), default=sheet.height)


def worded(**others: str) -> Change:
    """Other words in the header and the labels; every text that is one of the words, or ends with it."""

    def change(sheet: Sheet) -> Sheet:
        def text(cell: Cell) -> str:
            word = max((w for w in others if cell.text.endswith(w)), key=len, default="")
            return cell.text.removesuffix(word) + others.get(word, "") if cell.row >= top(sheet) else cell.text

        return replace(sheet, cells=tuple(replace(cell, text=text(cell)) for cell in sheet.cells))

    return change


def without_first_head(sheet: Sheet) -> Sheet:
    """Without the first row of a header of several."""
    start = top(sheet)
    if not any(cell.row == start + 1 < first(sheet) for cell in sheet.cells):
        return sheet
    cells = []
    for cell in sheet.cells:
        if cell.row == start and cell.row_span == 1:
            continue
        if cell.row == start:
            cell = replace(cell, row_span=cell.row_span - 1)
        cells.append(replace(cell, row=cell.row - 1) if cell.row > start else cell)
    return replace(sheet, cells=tuple(cells))


def with_wide_column(at: int) -> Change:
    """A blank column of the grid behind one, as a head merged over two columns leaves it."""

    def change(sheet: Sheet) -> Sheet:
        def moved(cell: Cell) -> Cell:
            if cell.row < top(sheet) or cell.column + cell.column_span <= at:
                return cell
            return (
                replace(cell, column=cell.column + 1)
                if cell.column >= at
                else replace(cell, column_span=cell.column_span + 1)
            )

        return replace(sheet, cells=tuple(map(moved, sheet.cells)))

    return change


def numbered(sheet: Sheet) -> Sheet:
    """With a column 序号 in front and 备注 behind."""
    start, body = top(sheet), first(sheet)
    width = max(cell.column + cell.column_span for cell in sheet.cells if cell.row >= start)
    cells = [replace(cell, column=cell.column + 1) if cell.row >= start else cell for cell in sheet.cells]
    heads = [Cell(start, column, text, 1, body - start) for column, text in ((0, "序号"), (width + 1, "备注"))]
    rows = sorted({cell.row for cell in cells if cell.row >= body})
    return replace(sheet, cells=(*cells, *heads, *(Cell(row, 0, str(no)) for no, row in enumerate(rows, start=1))))


def with_total_last(sheet: Sheet) -> Sheet:
    """With the row 合计 at the foot."""
    total = next((c.row for c in sheet.cells if c.row >= first(sheet) and c.text == "合计"), None)
    if total is None:
        return sheet
    end = sheet.height - 1

    def moved(cell: Cell) -> Cell:
        row = end if cell.row == total else cell.row - 1 if cell.row > total else cell.row
        return replace(cell, row=row)

    return replace(sheet, cells=tuple(map(moved, sheet.cells)))


def with_header_at_foot(sheet: Sheet) -> Sheet:
    """The header once more right below the last row."""
    down = sheet.height - top(sheet)
    header = (cell for cell in sheet.cells if top(sheet) <= cell.row < first(sheet))
    return replace(sheet, cells=(*sheet.cells, *(replace(cell, row=cell.row + down) for cell in header)))


CHANGES: dict[str, Change] = {
    "科目代码": worded(科目编码="科目代码"),
    "支出功能科目": worded(功能分类科目编码="支出功能科目代码", 功能科目代码="支出功能分类科目编码"),
    "编码 and 名称": worded(
        **dict.fromkeys(("功能分类科目编码", "经济分类科目编码", "功能科目代码", "科目编码"), "编码"),
        **dict.fromkeys(("功能分类科目名称", "功能科目名称", "经济分类科目名称", "科目名称"), "名称"),
    ),
    "科目": worded(项目="科目"),
    "总计": worded(合计="总计"),
    "预算金额": worded(预算数="预算金额", 决算数="决算金额"),
    "dated": worded(预算数="2024年年初预算数", 决算数="2024年决算数"),
    "三公": worded(公务用车购置费="购置费", 公务用车运行维护费="运行费", 公务接待费="公务接待经费"),
    "财政拨款": worded(财政拨款收入="财政拨款", 事业单位经营收入="经营收入", 一般公共服务支出="一般公共服务"),
    "first head left out": without_first_head,
    "wide column 1": with_wide_column(1),
    "wide column 2": with_wide_column(2),
    "numbered": numbered,
    "total last": with_total_last,
}
# what a change leaves no way to tell: sums over 公用经费 are 人员经费合计 in no other words
NOT_TOLD = {("总计", "f06"), ("dated", "sh09")}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("entry", OTHERS, ids=[entry.id for entry in OTHERS])
def test_other_words_and_columns_change_no_figure(entry: TemplateSet, name: str) -> None:
    amounts = amounts_of(entry, seed=3)
    cover, *sheets = document(entry, amounts)
    disclosure = read_sheets([cover, *map(CHANGES[name], sheets)])
    filed = filed_figures(disclosure)
    expected = figures_of(amounts, entry.forms)
    lost = {key for key in expected if key not in filed}
    assert name != "numbered" or not any(finding.kind == "unknown_column" for finding in disclosure.findings)
    assert {key: filed[key] for key in filed} == {key: expected[key] for key in expected if key not in lost}
    assert {(name, form_id) for form_id, _, _ in lost} <= NOT_TOLD


@pytest.mark.parametrize("entry", OTHERS, ids=[entry.id for entry in OTHERS])
def test_a_header_at_the_foot_begins_no_table(entry: TemplateSet) -> None:
    cover, *sheets = document(entry, amounts_of(entry, seed=3))
    disclosure = read_sheets([cover, *map(with_header_at_foot, sheets)])
    assert [form.form_id for form in disclosure.forms] == [form.form_id for form in read_sheets([cover, *sheets]).forms]
    assert not disclosure.findings


def beside(own: str, other: str) -> Change:
    """Tables with one kind of amount, and another one left of each: 上年预算数 | 本年预算数."""

    def change(sheet: Sheet) -> Sheet:
        start, body = top(sheet), first(sheet)
        columns = {cell.column for cell in sheet.cells if cell.number is not None}
        heads = [c for c in sheet.cells if start <= c.row < body and c.text in ("金额", "预算数", "决算数")]
        if not columns or {head.column for head in heads} != columns or len(heads) != len(columns):
            return sheet

        def moved(cell: Cell) -> list[Cell]:
            if cell.row < start:
                return [cell]
            column = cell.column + sum(at < cell.column for at in columns)
            if cell in heads:
                return [replace(cell, column=column, text=other), replace(cell, column=column + 1, text=own)]
            if cell.number is not None:
                return [replace(cell, column=column, number=cell.number + 7), replace(cell, column=column + 1)]
            end = cell.column + cell.column_span
            return [replace(cell, column=column, column_span=end + sum(at < end for at in columns) - column)]

        return replace(sheet, cells=tuple(new for cell in sheet.cells for new in moved(cell)))

    return change


@pytest.mark.parametrize(
    ("entry", "own", "other"),
    [
        (FINAL_ACCOUNTS, "2024年决算数", "2023年决算数"),
        (FINAL_ACCOUNTS, "决算数", "年初预算数"),
        (JIANGSU_BUDGET, "本年预算数", "上年预算数"),
        (JIANGSU_BUDGET, "2024年预算数", "2023年决算数"),
        (JIANGSU_BUDGET, "2024年", "2023年"),
        (FINAL_ACCOUNTS, "本年", "上年"),
        (FINAL_ACCOUNTS, "本年数", "上年数"),
        (FINAL_ACCOUNTS, "本期", "上期"),
        (JIANGSU_BUDGET, "本期数", "上期数"),
        (JIANGSU_BUDGET, "本期预算数", "上期决算数"),
        (JIANGSU_BUDGET, "本年预算数", "上年决算数"),
        (JIANGSU_BUDGET, "2024年初预算数", "2023年初预算数"),
        (NATIONAL_BUDGET, "2024年批复数", "2023年批复数"),
        (NATIONAL_BUDGET, "本年数", "上年同期数"),
        (NATIONAL_BUDGET, "本年预算", "上年实际"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.id,
)
def test_amounts_of_another_year_or_stage_are_kept_apart(entry: TemplateSet, own: str, other: str) -> None:
    amounts = amounts_of(entry, seed=3)
    forms = {form.form_id for form in entry.forms if not form.optional and not form.variant_of} - {"f07"}
    cover, *sheets = document(entry, amounts, forms=forms)
    changed = list(map(beside(own, other), sheets))
    assert changed != sheets
    disclosure = read_sheets([cover, *changed])
    assert filed_figures(disclosure) == figures_of(amounts, [form for form in entry.forms if form.form_id in forms])
    assert any("@" in (cell.column_key or "") for form in disclosure.forms for cell in form.cells)


def test_a_budget_and_an_account_under_each_item_of_三公() -> None:
    amounts = amounts_of(FINAL_ACCOUNTS, seed=3)
    sheets = document(FINAL_ACCOUNTS, amounts, forms={"f03", "f07"})
    disclosure = read_sheets([sheets[0], *map(worded(预算数="2024年全年预算数", 决算数="2024年决算数"), sheets[1:])])
    form = next(form for form in disclosure.forms if form.form_id == "f07")
    keys = {cell.column_key for cell in form.cells if cell.amount}
    assert {"total", "total@2024:adjusted"} <= keys


@pytest.mark.parametrize(("entry", "forms"), [(SHANGHAI_BUDGET, ("sh05", "sh06")), (JIANGSU_BUDGET, ("js05", "js06"))])
def test_the_second_form_under_one_heading_is_a_form_of_its_own(entry: TemplateSet, forms: tuple[str, str]) -> None:
    amounts = amounts_of(entry, seed=3)
    cover, *sheets = document(entry, amounts)
    numbers = [next(no for no, form in enumerate(entry.forms) if form.form_id == form_id) for form_id in forms]
    upper, lower = (sheets[number] for number in numbers)
    below = [replace(c, row=c.row + upper.height + 1) for c in lower.cells if c.row >= top(lower)]
    sheets[numbers[0]] = replace(upper, cells=(*upper.cells, *below))
    del sheets[numbers[1]]
    assert filed_figures(read_sheets([cover, *sheets])) == figures_of(amounts, entry.forms)


@pytest.mark.parametrize("is_alone", [False, True])
def test_lines_without_figures_begin_no_table_and_end_none(is_alone: bool) -> None:
    """Groups and their 小计 read like a header; 财政专户管理资金, alone in its row, like the beginning of a title."""
    amounts = {at: amount for at, amount in amounts_of(JIANGSU_BUDGET, seed=3).items() if at.fund not in ("12", "2")}
    amounts = {at: amount for at, amount in amounts.items() if not at.item.startswith(("12", "2"))}
    cover, *sheets = document(JIANGSU_BUDGET, amounts)
    at = next(no for no, form in enumerate(JIANGSU_BUDGET.forms) if form.form_id == "js02")
    if is_alone:
        blank = {c.row for c in sheets[at].cells} - {c.row for c in sheets[at].cells if c.number is not None}
        kept = [c for c in sheets[at].cells if not (c.row in blank and c.text == "小计")]
        sheets[at] = replace(sheets[at], cells=tuple(kept))
    disclosure = read_sheets([cover, *sheets])
    assert filed_figures(disclosure) == figures_of(amounts, JIANGSU_BUDGET.forms)
    assert not [finding.message for finding in disclosure.findings if finding.kind == "no_closing_line"]


def test_basic_spending_with_staff_and_public_in_columns_is_known_without_a_title() -> None:
    amounts = amounts_of(FINAL_ACCOUNTS, seed=3)
    cover, *sheets = document(FINAL_ACCOUNTS, amounts, forms=("f05", "f06x"))
    untitled = [
        replace(sheet, name=f"Sheet{number}", cells=tuple(cell for cell in sheet.cells if cell.row))
        for number, sheet in enumerate(sheets)
    ]
    expected = figures_of(amounts, [form for form in FINAL_ACCOUNTS.forms if form.form_id in ("f05", "f06x")])
    assert filed_figures(read_sheets([cover, *untitled])) == expected


def test_basic_spending_with_staff_and_public_in_columns_goes_on_over_the_page() -> None:
    """Under the title of the usual form, which has the two side by side; the second page repeats the header alone."""
    amounts = amounts_of(FINAL_ACCOUNTS, seed=3)
    forms = [form for form in FINAL_ACCOUNTS.forms if form.form_id != "f06"]
    cover, *sheets = document(FINAL_ACCOUNTS, amounts, forms=[form.form_id for form in forms])
    at = next(no for no, form in enumerate(forms) if form.form_id == "f06x")
    usual = FORMS["f06"].title
    whole = replace(sheets[at], cells=tuple(replace(c, text=usual) if c.row == 0 else c for c in sheets[at].cells))
    cut = first(whole) + 3
    repeated = [c for c in whole.cells if top(whole) <= c.row < first(whole)]
    head = [replace(c, row=c.row + cut - top(whole) + 1) for c in repeated]
    down = first(whole) - top(whole) + 1
    rest = [replace(c, row=c.row + down) if c.row >= cut else c for c in whole.cells]
    sheets[at] = replace(whole, cells=tuple(sorted((*rest, *head), key=lambda c: (c.row, c.column))))
    disclosure = read_sheets([cover, *sheets])
    assert filed_figures(disclosure) == figures_of(amounts, forms)
    assert [form.form_id for form in disclosure.forms] == [form.form_id for form in forms]


def test_basic_spending_in_columns_is_known_under_科目_without_a_title() -> None:
    amounts = amounts_of(FINAL_ACCOUNTS, seed=3)
    cover, *sheets = document(FINAL_ACCOUNTS, amounts, forms=("f05", "f06x"))
    words = {"项目": "科目", "经济分类科目编码": "科目编码"}

    def spelt(sheet: Sheet) -> Sheet:
        """科目 over 科目编码 and 科目名称, beside 合计, 人员经费 and 公用经费 over two rows."""
        start = top(sheet)
        cells = []
        for cell in (cell for cell in sheet.cells if cell.row and not cell.text.startswith("一般公共预算财政拨款")):
            is_amount = cell.row == start + 1 and cell.text in ("合计", "人员经费", "公用经费")
            place = replace(cell, row=start, row_span=2) if is_amount else cell
            cells.append(replace(place, text=words.get(cell.text, cell.text)))
        return replace(sheet, name="Sheet2", cells=tuple(cells))

    expected = figures_of(amounts, [form for form in FINAL_ACCOUNTS.forms if form.form_id in ("f05", "f06x")])
    assert filed_figures(read_sheets([cover, sheets[0], spelt(sheets[1])])) == expected


def test_what_was_spent_may_be_called_金额_beside_预算数() -> None:
    amounts = amounts_of(FINAL_ACCOUNTS, seed=3)
    cover, *sheets = document(FINAL_ACCOUNTS, amounts, Style(stages_first=True), forms=("f03", "f07"))
    disclosure = read_sheets([cover, sheets[0], worded(决算数="金额")(sheets[1])])
    expected = figures_of(amounts, [form for form in FINAL_ACCOUNTS.forms if form.form_id in ("f03", "f07")])
    assert filed_figures(disclosure) == expected


@pytest.mark.parametrize("words", [("“三公”经费", "机关运行经费"), ("2024年度“三公”经费", "2024年度机关运行经费")])
def test_heads_of_三公_and_机关运行经费_may_say_their_year_and_not_that_they_are_of_a_budget(
    words: tuple[str, str],
) -> None:
    amounts = amounts_of(SHANGHAI_BUDGET, seed=3)
    change = worded(**{"“三公”经费预算数": words[0], "机关运行经费预算数": words[1]})
    cover, sheet = document(SHANGHAI_BUDGET, amounts, forms=("sh09",))
    assert filed_figures(read_sheets([cover, change(sheet)])) == figures_of(amounts, [FORMS["sh09"]])


def test_三公_of_a_final_account_beneath_one_another_keeps_the_budget_beside_apart() -> None:
    amounts = amounts_of(FINAL_ACCOUNTS, seed=3)
    cover, *sheets = document(FINAL_ACCOUNTS, amounts, forms=("f03", "f07x"))
    usual = FORMS["f07"].title
    three_public = replace(
        sheets[1], cells=tuple(replace(cell, text=usual) if cell.row == 0 else cell for cell in sheets[1].cells)
    )
    disclosure = read_sheets([cover, sheets[0], beside("决算数", "全年预算数")(three_public)])
    expected = figures_of(amounts, [form for form in FINAL_ACCOUNTS.forms if form.form_id in ("f03", "f07x")])
    assert filed_figures(disclosure) == expected
    assert any("@2024:adjusted" in (cell.column_key or "") for form in disclosure.forms for cell in form.cells)


def test_a_title_over_two_rows_ends_the_table_above_it_in_one_sheet() -> None:
    """Two forms with one header stand beneath one another; the second was rows of the first."""
    amounts = amounts_of(NATIONAL_BUDGET, seed=3)
    forms = ("nb05", "nb05x")
    cover, *sheets = document(NATIONAL_BUDGET, amounts, Style(wrapped_titles=True), forms=forms)
    cells: list[Cell] = []
    for sheet in sheets:
        down = max((cell.row + 1 for cell in cells), default=0)
        cells += [replace(cell, row=cell.row + down) for cell in sheet.cells]
    filed = filed_figures(read_sheets([cover, Sheet("公开表", tuple(cells))]))
    assert filed == figures_of(amounts, [form for form in NATIONAL_BUDGET.forms if form.form_id in forms])


@pytest.mark.parametrize("entry", [FINAL_ACCOUNTS, NATIONAL_BUDGET], ids=["final_accounts", "national_budget"])
def test_编码_over_类_款_and_项_beside_名称_is_that_of_subjects(entry: TemplateSet) -> None:
    amounts = amounts_of(entry, seed=3)
    cover, *sheets = document(entry, amounts, Style(code_columns=3))
    filed = filed_figures(read_sheets([cover, *map(CHANGES["编码 and 名称"], sheets)]))
    assert filed == figures_of(amounts, entry.forms)
