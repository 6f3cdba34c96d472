"""Rows as offices print them: codes in parts, with points, filled up with zeros or before the name, totals in other
words, notes between rows. Nothing is lost, nothing counted twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache

import pytest

from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.headers.match_header import match_columns
from loader.filing.headers.paths import HeaderPath
from loader.filing.printed_codes import coded_name
from loader.filing.tables.titles import WHOLE, match_title
from schema.forms import FORMS, SETS
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.hunan_budget import HUNAN_BUDGET
from schema.forms.template import TemplateSet
from synthetic.budgets import Shape, budget_of
from synthetic.rendering import Mess, render
from synthetic.set_documents import OFFICE, Figures, amounts_of, document
from synthetic.workbooks import Cell, Sheet, sheets_of
from tests.test_other_layouts import first
from tests.test_set_documents import filed_figures, read_sheets

Change = Callable[[Sheet], Sheet]
LEVELS = ("类", "款", "项")


@lru_cache(maxsize=10)
def top(sheet: Sheet) -> int:
    """The first row of the header, below the money unit."""
    return max(cell.row for cell in sheet.cells if re.search("单位：万?元$", cell.text)) + 1


@lru_cache(maxsize=10)
def heads(sheet: Sheet) -> list[Cell]:
    """The cells of the header."""
    return [cell for cell in sheet.cells if top(sheet) <= cell.row < first(sheet)]


@cache
def plain(entry: TemplateSet) -> tuple[list[Sheet], Figures]:
    """A document as everybody expects it, and its figures."""
    if entry is HUNAN_BUDGET:
        budget = budget_of(Shape(seed=3, functions=2, items=4, project_functions=1, other_funds=("12", "2")))
        sheets = sheets_of(render(budget, forms=range(1, 21), mess=Mess(contents=False)))
    else:
        sheets = document(entry, amounts_of(entry, seed=3))
    return sheets, filed_figures(read_sheets(sheets))


def in_body(change: Callable[[Cell], str]) -> Change:
    """Other texts in the cells of the body that hold no figure."""

    def changed(sheet: Sheet) -> Sheet:
        cells = [replace(c, text=change(c)) if c.number is None and c.row >= first(sheet) else c for c in sheet.cells]
        return replace(sheet, cells=tuple(cells))

    return changed


def padded(sheet: Sheet) -> Sheet:
    """类 and 款 of functions with zeros up to seven digits."""
    if any(cell.text in LEVELS for cell in heads(sheet)):
        return sheet
    return in_body(lambda c: c.text.ljust(7, "0") if re.fullmatch(r"2\d\d(?:\d\d)?", c.text) else c.text)(sheet)


def parted(sign: str) -> Change:
    """Codes with a sign between 类, 款 and 项."""

    def text(cell: Cell) -> str:
        code = re.fullmatch(r"([23]\d\d)(\d\d)(\d\d)?", cell.text)
        return sign.join(filter(None, code.groups())) if code else cell.text

    return in_body(text)


def like_amounts(sheet: Sheet) -> Sheet:
    """Codes with commas, as a spreadsheet shows them in columns of amounts."""
    return in_body(lambda c: f"{int(c.text):,}" if re.fullmatch(r"[2-5]\d{4}(?:\d\d)?", c.text) else c.text)(sheet)


def before_the_name(sign: str) -> Change:
    """Codes before the names, in one cell; the column of codes is blank."""

    def changed(sheet: Sheet) -> Sheet:
        body = {(c.row, c.column): c for c in sheet.cells if c.row >= first(sheet) and c.number is None}
        names = {
            at: cell
            for at, cell in body.items()
            if (code := body.get((at[0], at[1] - 1))) is not None
            and re.fullmatch(r"\d{3}|\d{5,7}", code.text)
            and (at[0], at[1] - 2) not in body
            and not re.match(r"\d", cell.text)
        }
        gone = {(row, column - 1) for row, column in names}
        cells = [
            replace(c, text=f"{body[c.row, c.column - 1].text}{sign}{c.text}") if (c.row, c.column) in names else c
            for c in sheet.cells
            if (c.row, c.column) not in gone
        ]
        return replace(sheet, cells=tuple(cells))

    return changed


def undivided(more: int) -> Change:
    """类, 款 and 项 under one merged cell that does not tell them apart, over some columns more, which are blank."""

    def changed(sheet: Sheet) -> Sheet:
        levels = [cell for cell in heads(sheet) if cell.text in LEVELS]
        if len(levels) != len(LEVELS):
            return sheet
        second = levels[1].column
        depth = levels[0].row + levels[0].row_span
        cells = []
        for cell in sheet.cells:
            if cell in levels:
                continue
            if top(sheet) <= cell.row < levels[0].row and cell.column == levels[0].column:
                below = cell.column_span == len(LEVELS)
                cell = replace(cell, text="科目编码", row_span=depth - cell.row if below else 1)
                cell = replace(cell, column_span=cell.column_span + more)
            elif cell.column >= second and cell.row >= top(sheet):
                cell = replace(cell, column=cell.column + more)
            cells.append(cell)
        return replace(sheet, cells=tuple(cells))

    return changed


def codes_once(sheet: Sheet) -> Sheet:
    """类 and 款 printed in the first of the rows that they hold for."""
    columns = [cell.column for cell in heads(sheet) if cell.text in LEVELS]
    before: list[str] = []
    gone = set()
    body = {(c.row, c.column): c.text for c in sheet.cells if c.row >= first(sheet)}
    for row in sorted({row for row, _ in body}):
        codes = [body.get((row, column), "") for column in columns]
        for depth in range(len(codes) - 1):
            if codes[depth].isdigit() and codes[depth + 1] and codes[: depth + 1] == before[: depth + 1]:
                gone.add((row, columns[depth]))
        before = codes
    return replace(sheet, cells=tuple(c for c in sheet.cells if (c.row, c.column) not in gone))


def with_note(sheet: Sheet) -> Sheet:
    """A note between two rows of the table."""
    at = (first(sheet) + sheet.height) // 2 + 1
    width = max(cell.column + cell.column_span for cell in sheet.cells)
    moved = [replace(cell, row=cell.row + (cell.row >= at)) for cell in sheet.cells]
    return replace(sheet, cells=(*moved, Cell(at, 0, "注：以上为当年安排数。", width)))


def renumbered_heads(sheet: Sheet) -> Sheet:
    """Heads with numbers in front and sums behind."""

    def text(cell: Cell) -> str:
        if not top(sheet) <= cell.row < first(sheet) or cell.text in (*LEVELS, "行次"):
            return cell.text
        return f"{cell.text}1=2+3" if cell.text in ("合计", "总计") else f"1.{cell.text}："

    return replace(sheet, cells=tuple(replace(cell, text=text(cell)) for cell in sheet.cells))


def total_as(word: str) -> Change:
    """Another word for 合计 in the body of tables without lists."""

    def changed(sheet: Sheet) -> Sheet:
        is_list = any(c.text.startswith("项目") and c.row < first(sheet) and c.row_span < 2 for c in sheet.cells)
        return sheet if is_list else in_body(lambda c: word if c.text in ("合计", "总计") else c.text)(sheet)

    return changed


def total_twice(sheet: Sheet) -> Sheet:
    """The row 合计 once more at the foot."""
    total = next((c.row for c in sheet.cells if c.row >= first(sheet) and c.text == "合计"), None)
    again = [replace(cell, row=sheet.height) for cell in sheet.cells if cell.row == total]
    return replace(sheet, cells=(*sheet.cells, *again))


def spending_as_total(sheet: Sheet) -> Sheet:
    """预算合计 above the column of totals."""
    told = [replace(c, text="预算合计") if c in heads(sheet) and c.text in ("合计", "总计") else c for c in sheet.cells]
    return replace(sheet, cells=tuple(told))


def short_heads(sheet: Sheet) -> Sheet:
    """基本 and 项目 beside 合计, 人员 and 公用."""
    short = {"基本支出": "基本", "项目支出": "项目", "人员经费": "人员", "公用经费": "公用", "公用支出": "公用"}
    told = [replace(c, text=short.get(c.text, c.text)) if c in heads(sheet) else c for c in sheet.cells]
    return replace(sheet, cells=tuple(told))


def bare_totals(sheet: Sheet) -> Sheet:
    """本年收入合计 and 收入总计 alike."""
    return in_body(lambda c: "总计" if re.fullmatch("(?:本年)?(?:收入|支出)?[总合]计", c.text) else c.text)(sheet)


def all_of(*changes: Change) -> Change:
    def changed(sheet: Sheet) -> Sheet:
        for change in changes:
            sheet = change(sheet)
        return sheet

    return changed


WAYS: dict[str, Change] = {
    "codes with points, 小计": all_of(parted("."), total_as("小计")),
    "codes with dashes, numbered heads": all_of(parted("—"), renumbered_heads),
    "codes before names, 支出合计": all_of(before_the_name(" "), total_as("支出合计")),
    "padded codes, a note": all_of(padded, with_note),
    "合计 twice, 预算合计 above": all_of(total_twice, spending_as_total),
    "one head over the codes": undivided(0),
    "one head over the codes and a blank column": undivided(1),
    "short heads, bare totals, codes like amounts": all_of(short_heads, bare_totals, like_amounts),
    "codes once, indented labels": all_of(
        codes_once, in_body(lambda c: c.text if re.match(r"[\d合总]", c.text) else f"　——{c.text}")
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("entry", SETS, ids=[entry.id for entry in SETS])
def test_every_figure_keeps_its_row(entry: TemplateSet, way: str) -> None:
    sheets, expected = plain(entry)
    changed = [sheet if sheet.name == "封面" else WAYS[way](sheet) for sheet in sheets]
    assert filed_figures(read_sheets(changed)) == expected


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("2010301 行政运行", "2010301", "行政运行"),
        ("201一般公共服务支出", "201", "一般公共服务支出"),
        ("[30101]基本工资", "30101", "基本工资"),
        ("行政运行（2010301）", "2010301", "行政运行"),
        ("201 03 01\n行政运行", "2010301", "行政运行"),
        ("001001_某某局", "001001", "某某局"),
    ],
)
def test_code_and_name_in_one_cell(text: str, code: str, name: str) -> None:
    assert coded_name(text) == (code, name)


@pytest.mark.parametrize("text", ["2024年补助资金", "100万元以上项目", "行政运行", "301", "11.50"])
def test_a_number_before_words_is_no_code(text: str) -> None:
    assert coded_name(text) is None


@pytest.mark.parametrize("head", ["科目", "科目编码及名称", "功能科目", "支出功能分类科目", "项目", "科目名称(编码)"])
def test_one_column_of_codes_and_names(head: str) -> None:
    header: dict[int, HeaderPath] = {0: (head,), 1: ("合计",), 2: ("基本支出",), 3: ("项目支出",)}
    assert match_columns(FORMS["f05"], header).columns == {
        0: "subject_name",
        1: "total",
        2: "basic",
        3: "project",
    }


def test_小计_over_everything_is_no_part_of_a_source() -> None:
    header = {0: ("单位代码",), 1: ("单位名称",), 2: ("小计",), 3: ("一般公共预算", "小计"), 4: ("事业收入",)}
    assert match_columns(FORMS["r02"], header).columns[2] == "total"


@pytest.mark.parametrize(
    "text",
    [
        "《支出决算表》",
        "支出决算表（部门）",
        "支出决算表：",
        "支出决算表（表3）（续）",
        "支出决算表（公开表1-2）",
        "支出决算表（公开03表）",
    ],
)
def test_what_stands_around_a_title(text: str) -> None:
    assert match_title(text) == (("f03", WHOLE),)


@pytest.mark.parametrize("text", ["部门收入预算总表", "2024年单位收入预算总表"])
def test_whose_form_it_is_makes_no_other_title(text: str) -> None:
    """收入预算总表 is a form of Shanghai, and one of Jiangsu; national forms print 部门 in front."""
    assert {"sh02", "js02", "nb02"} <= {form_id for form_id, _ in match_title(text)}


def test_one_row_of_heads_over_lists() -> None:
    heads = ("收入项目", "收入预算数", "支出项目(按功能分类)", "支出预算数")
    header: dict[int, HeaderPath] = {column: (head,) for column, head in enumerate(heads)}
    assert match_columns(FORMS["r06"], header).lists == {0: "revenue", 2: "function"}


def test_a_row_of_the_office_is_no_function() -> None:
    """In a form whose rows are functions alone; its figures are those of 合计."""
    sheets, expected = plain(FINAL_ACCOUNTS)
    at = next(no for no, sheet in enumerate(sheets) if sheet.name.endswith("支出决算表"))
    start = first(sheets[at])
    cells = [replace(cell, row=cell.row + (cell.row > start)) for cell in sheets[at].cells]
    office = [replace(c, row=start + 1, text=OFFICE if c.text == "合计" else c.text) for c in cells if c.row == start]
    changed = [*sheets]
    changed[at] = replace(sheets[at], cells=(*cells, Cell(start + 1, 0, "101001"), *office))
    assert filed_figures(read_sheets(changed)) == expected


def rows_of(heads: str, *rows: str, title: str = "部门支出总表") -> list[tuple[int, str | None, str | None]]:
    """Row, key and column of the figures that are placed of a form."""
    text = f"2025年部门预算公开表\n\n{title}\n\n编制单位：001001_某某局\t单位：万元\n\n" + "\n".join((heads, *rows))
    (disclosure,) = file_disclosures(read(text.encode(), "001001.txt"), "430202")
    (form,) = disclosure.forms
    return [(cell.row_no, cell.row_key, cell.column_key) for cell in form.cells if cell.amount is not None]


def test_a_total_said_twice_has_no_second_figures_of_other_years() -> None:
    total, office = "\t合计\t11.50\t11.50\t9.00\t27.78%", "001001\t某某局\t11.50\t11.50\t9.00\t27.78%"
    placed = rows_of("单位编码\t单位名称\t合计\t基本支出\t上年预算数\t增减%", total, office, total)
    columns = ("total", "basic", "total@2024:budget", "total~rate")
    assert placed == [(row, key, column) for row, key in ((2, "total"), (3, "001001")) for column in columns]


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ("增减额", "total~change"),
        ("较上年差额", "total~change"),
        ("变动幅度", "total~rate"),
        ("占总支出比", "total~rate"),
        ("完成预算的百分比", "total~rate"),
        ("比上年增减", None),  # which of them, nobody can tell
    ],
)
def test_differences_and_per_cents_without_a_sign_are_kept_beside_the_figures(head: str, key: str | None) -> None:
    placed = rows_of(f"单位编码\t单位名称\t合计\t基本支出\t{head}", "001001\t某某局\t11.50\t11.50\t2.50")
    assert [column for _, _, column in placed] == ["total", "basic", *([key] if key else [])]


def test_a_number_that_belongs_to_the_name_of_a_unit_is_no_code() -> None:
    placed = rows_of("单位名称\t合计\t基本支出\t项目支出", "合计\t11.50\t11.50", "120急救中心\t11.50\t11.50")
    assert {key for _, key, _ in placed} == {"total"}


def test_a_小计_within_the_rows_is_not_the_total() -> None:
    office, other = "001001\t某某局\t11.50\t11.50", "001002\t某某站\t2.00\t2.00"
    heads = "单位编码\t单位名称\t合计\t基本支出\t项目支出"
    assert "total" not in {key for _, key, _ in rows_of(heads, office, "\t小计\t11.50\t11.50", other)}
    assert "total" in {key for _, key, _ in rows_of(heads, office, other, "\t小计\t13.50\t13.50")}


def test_a_function_under_the_name_of_the_office_is_a_function() -> None:
    placed = rows_of(
        "科目编码\t科目名称\t合计\t基本支出\t项目支出",
        "\t合计\t11.50\t11.50\t",
        "2010301\t某某局\t11.50\t11.50\t",
        title="一般公共预算财政拨款支出决算表",
    )
    assert {key for _, key, _ in placed} == {"total", "2010301"}


def test_code_and_name_of_a_unit_in_one_cell_above_its_projects() -> None:
    budget = budget_of(Shape(seed=3, functions=2, items=4, project_functions=1, projects=2))
    sheets = sheets_of(render(budget, forms=(1, 2, 3, 7, 15, 21), mess=Mess(contents=False)))
    expected = filed_figures(read_sheets(sheets))
    assert any(form_id == "r21" and row.count("/") for form_id, row, _ in expected)
    changed = [*sheets[:-1], before_the_name("_")(sheets[-1])]
    assert changed != sheets
    assert filed_figures(read_sheets(changed)) == expected


@pytest.mark.parametrize(
    "heads",
    [
        ["功能分类科目编码|||功能分类科目名称|合计|基本支出|项目支出", "类|款|项||||"],
        ["科目编码|||科目名称|合计|基本支出|项目支出"],
    ],
    ids=["parts", "one head"],
)
@pytest.mark.parametrize(
    ("name", "key"),
    [("机关事业单位基本养老保险缴费支出", "2080505"), ("某某支出", None)],
    ids=["known", "unknown"],
)
def test_a_款_merged_over_two_类_is_that_of_the_name(heads: list[str], name: str, key: str | None) -> None:
    """Its cell stands in the first row alone; 类 and 项 without it are no 款."""
    rows = [*heads, "合计||||9.00|9.00|", "201|03|01|行政运行|4.00|4.00|", "201||02|一般行政管理事务|2.00|2.00|"]
    rows.append(f"208||05|{name}|3.00|3.00|")
    table = "\n".join("\t".join(row.split("|")) for row in rows)
    text = f"{OFFICE}2024年部门预算\n\n支出预算总表\n\n单位：万元\n\n{table}\n"
    (disclosure,) = file_disclosures(read(text.encode(), "公开.txt"), "310107")
    filed = {
        cell.row_key: cell.amount for form in disclosure.forms for cell in form.cells if cell.column_key == "total"
    }
    assert {row: str(amount) for row, amount in filed.items()} == {
        "total": "9.00",
        "2010301": "4.00",
        "2010302": "2.00",
        **({key: "3.00"} if key else {}),
    }
    assert ("unknown_row" in {finding.kind for finding in disclosure.findings}) is (key is None)
