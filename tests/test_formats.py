"""The same disclosure as sheets and pages: every format gives the same figures and the same ledger as the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import openpyxl
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.ledger.draft import make_ledger
from loader.loading.load import load_content
from loader.loading.options import Options
from synthetic import workbooks
from synthetic.budgets import Shape, budget_of, shapes
from synthetic.rendering import Mess, messes, render
from synthetic.workbooks import Sheet, sheets_of
from tests.sound_documents import EXPECTED, SHEETS, TEXT, figures, filed, printed_in, saved, texts

Render = Callable[[list[Sheet]], bytes]
FORMATS: dict[str, Render] = {
    "xlsx": workbooks.xlsx,
    "xls": workbooks.xls,
    "ods": workbooks.ods,
    "xml2003": workbooks.xml2003,
    "html": workbooks.html,
    "html in gb2312": lambda sheets: workbooks.html(sheets, "gb2312"),
    "html in utf-16": lambda sheets: workbooks.html(sheets, "utf-16"),
}
of_all_formats = pytest.mark.parametrize("render_as", FORMATS.values(), ids=FORMATS)


def kinds(disclosure: FiledDisclosure) -> set[str]:
    """The kinds of what was found odd, without what is odd in the sample itself."""
    return {finding.kind for finding in disclosure.findings} - {"code_for_name", "missing_form"}


LINES = Counter((line.coordinates, line.amount) for line in make_ledger(EXPECTED).lines)


# ---------------------------------------------------------------------------- the sample


@of_all_formats
def test_same_ledger_as_the_text(render_as: Render) -> None:
    disclosure = filed(render_as(SHEETS))
    assert texts(disclosure) == texts(EXPECTED)
    assert sum(len(form.cells) for form in disclosure.forms) == 1520
    assert figures(disclosure) == figures(EXPECTED)
    assert Counter((line.coordinates, line.amount) for line in make_ledger(disclosure).lines) == LINES


def test_loaded_like_the_text(loaded: psycopg.Connection, database: psycopg.Connection) -> None:
    result = load_content(database, workbooks.xlsx(SHEETS), "001001.xlsx", Options())
    assert result.outcome == "loaded", result.error
    query = (
        "select unit_code, statement, fund_code, nature, functional_code, department_economic_code,"
        " government_economic_code, item_code, amount, basis from budget.amount order by 1, 2, 3, 4, 5, 6, 7, 8, 9"
    )
    assert database.execute(query.encode()).fetchall() == loaded.execute(query.encode()).fetchall()
    stored = database.execute(
        "select report_no, cell_text from filed.cell where cell_text = '1.00' order by 1 limit 1"
    ).fetchone()
    assert stored == (1, "1.00")


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(shapes(), messes())
def test_random_budgets(shape: Shape, mess: Mess) -> None:
    text = render(budget_of(shape), mess=mess)
    sheets, expected = sheets_of(text), figures(filed(text.encode()))
    for name, render_as in FORMATS.items():
        assert figures(filed(render_as(sheets))) == expected, name


# ---------------------------------------------------------------------------- numbers as printed

ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '
PRINTED: list[tuple[float, str, str]] = [
    (896.2800000000001, "General", "896.28"),
    (0.1 + 0.2, "General", "0.3"),
    (1001, "General", "1001"),
    (1 / 3, "General", "0.333333333"),
    (430202001001, "General", "4.30202E+11"),
    (1, "0.00", "1.00"),
    (1.005, "0.00", "1.01"),
    (-0.5, "0.00", "-0.50"),
    (1234567.895, "#,##0.00", "1,234,567.90"),
    (1001, "000000", "001001"),
    (1, "00", "01"),
    (0, ACCOUNTING, "-"),
    (896.28, ACCOUNTING, "896.28"),
    (-1896.28, ACCOUNTING, "-1,896.28"),
    (-12.3, "#,##0.00_);[Red]\\(#,##0.00\\)", "(12.30)"),
    (0.954, "0.0%", "95.4%"),
    (12345678, '0\\.0,"万"', "1234.6万"),
    (12345678, "#,##0.00,", "12,345.68"),
    (5, '"¥"#,##0.00', "¥5.00"),
    (5, "[$¥-804]#,##0.00", "¥5.00"),
    (12345, "0.00E+00", "1.23E+04"),
    (2.5, "0.##", "2.5"),
    (2, "@", "2"),
    (45296, "yyyy/m/d", "2024/1/5"),
    (45296, '[$-804]yyyy"年"m"月"d"日";@', "2024年1月5日"),
    (45296.75, "yyyy-mm-dd hh:mm", "2024-01-05 18:00"),
    (45296.75, 'aaaa 上午/下午h"时"', "星期五 下午6时"),
    (1.5, "[h]:mm:ss", "36:00:00"),
    (20000, "[>=10000]0.00,;0.00", "20.00"),
    (7, '[=0]"";General', "7"),
]
PRINTED += [
    (-12.3, "#,##0.00;[Red]#,##0.00", "12.30"),
    (-12.3, "#,##0.00;(-#,##0.00)", "(-12.30)"),
    (-12.3, "[>=0]0.00;[<0](0.00)", "(12.30)"),
    (-12.3, "[>=0]0.00;(0.00)", "(12.30)"),
    (-12.3, "[<100]0.00;0.0", "-12.30"),
    (-12.3, "[红色]0.00", "-12.30"),
    (12.5, "# ?/8", "12.5"),
    (12.5, '# ??/16"t"', "12.5t"),
    (5, "[$CN¥-804]#,##0.00", "CN¥5.00"),
]
HIDDEN: list[tuple[float, str]] = [(0, "0.00;-0.00;"), (0, '[=0]"";General'), (5, ";;;")]


@pytest.mark.parametrize("render_as", [workbooks.xlsx, workbooks.xls, workbooks.xml2003])
def test_numbers_as_printed(render_as: Render) -> None:
    cells = [
        workbooks.Cell(row, 0, "", number=number, number_format=code)
        for row, (number, code) in enumerate([*(case[:2] for case in PRINTED), *HIDDEN])
    ]
    found = printed_in(read(render_as([Sheet("numbers", tuple(cells))]), "numbers"))
    assert [cell.text for cell in found] == [text for _, _, text in PRINTED]
    for cell, (number, _, text) in zip(found, PRINTED, strict=True):
        assert text == cell.raw or cell.raw is None or float(cell.raw) == pytest.approx(number)


def test_stored_value_is_kept() -> None:
    cells = (workbooks.Cell(0, 0, "", number=896.2800000000001, number_format="0.00"), workbooks.Cell(1, 0, "896.28"))
    for render_as in (workbooks.xlsx, workbooks.xls):
        found = printed_in(read(render_as([Sheet("numbers", cells)]), "numbers"))
        assert [(cell.text, cell.raw) for cell in found] == [("896.28", "896.2800000000001"), ("896.28", None)]


def test_a_sheet_that_hides_zeros() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append([0, 1.5, "0"])
    workbook.active.sheet_view.showZeros = False
    assert [cell.text for cell in printed_in(read(saved(workbook), "a.xlsx"))] == ["1.5", "0"]


# ---------------------------------------------------------------------------- what sheets do to content


def stacked(sheets: list[Sheet], gap: int = 0) -> Sheet:
    """All sheets one below the other in one."""
    cells: list[workbooks.Cell] = []
    top = 0
    for sheet in sheets:
        moved = sheet.shifted(top)
        cells += moved.cells
        top = moved.height + gap
    return Sheet("全部报表", tuple(cells))


def untitled(sheet: Sheet) -> Sheet:
    """Without the row that holds the title."""
    return replace(sheet, cells=tuple(c for c in sheet.cells if c.row or "：" in c.text or c.column_span < 4))


def footed(sheet: Sheet) -> Sheet:
    """With a page number and signatures below."""
    bottom = sheet.height
    signatures = ("填表人：张三", "审核人：李四", "联系电话：28421234", "填报日期：2024年2月5日")
    footer = [workbooks.Cell(bottom, 0, "第 1 页，共 3 页")]
    footer += [workbooks.Cell(bottom + 1, column, text) for column, text in enumerate(signatures)]
    return replace(sheet, cells=(*sheet.cells, *footer))


def printed_on_two_pages(sheet: Sheet) -> Sheet:
    """With a page number, the title, the unit and the header again between its rows."""
    first = min((cell.row for cell in sheet.cells if cell.number is not None), default=sheet.height)
    cut = first + 4
    if cut >= sheet.height:
        return sheet
    before = [cell for cell in sheet.cells if cell.row < cut]
    again = [replace(cell, row=cell.row + cut + 1) for cell in sheet.cells if cell.row < first]
    after = [replace(cell, row=cell.row + first + 1) for cell in sheet.cells if cell.row >= cut]
    return replace(sheet, cells=(*before, workbooks.Cell(cut, 0, "- 1 -"), *again, *after))


def with_unit_and_money_unit_in_one_row(sheet: Sheet) -> Sheet:
    """As most offices print it: the unit on the left, the money unit on the right."""
    unit = next((cell for cell in sheet.cells if cell.text.startswith("单位：0")), None)
    money = next((cell for cell in sheet.cells if "单位：万元" in cell.text), None)
    if unit is None or money is None:
        return sheet
    wide = unit.column_span - 2
    changes = {unit: replace(unit, column_span=wide), money: replace(money, row=unit.row, column=wide, column_span=2)}
    return replace(sheet, cells=tuple(changes.get(cell, cell) for cell in sheet.cells))


def centred(sheet: Sheet) -> Sheet:
    """With header cells centred across blank ones instead of merged."""
    return replace(sheet, cells=tuple(replace(c, column_span=1) if c.row_span == 1 else c for c in sheet.cells))


LAYOUTS: dict[str, Callable[[list[Sheet]], list[Sheet]]] = {
    "empty rows and columns first": lambda sheets: [sheet.shifted(3, 2) for sheet in sheets],
    "all forms in one sheet": lambda sheets: [stacked(sheets)],
    "all forms in one sheet, apart": lambda sheets: [stacked(sheets, gap=2).shifted(1, 1)],
    "footers": lambda sheets: [footed(sheet) for sheet in sheets],
    "footers, all forms in one sheet": lambda sheets: [stacked([footed(sheet) for sheet in sheets])],
    "printed on two pages": lambda sheets: [printed_on_two_pages(sheet) for sheet in sheets],
    "unit and money unit in one row": lambda sheets: [with_unit_and_money_unit_in_one_row(s) for s in sheets],
    "titles in the names of sheets only": lambda sheets: [untitled(sheet) for sheet in reversed(sheets)],
    "no titles": lambda sheets: [replace(untitled(s), name=f"Sheet{n}") for n, s in enumerate(sheets)],
    "header cells not merged": lambda sheets: [
        replace(s, cells=tuple(replace(c, column_span=1, row_span=1) for c in s.cells)) for s in sheets
    ],
    "header cells centred across blanks": lambda sheets: [centred(sheet) for sheet in sheets],
    "codes as numbers": lambda sheets: sheets_of(TEXT, numeric_codes=True),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(layout: Callable[[list[Sheet]], list[Sheet]]) -> None:
    assert figures(filed(workbooks.xlsx(layout(SHEETS)))) == figures(EXPECTED)


def test_titles_in_the_names_of_sheets() -> None:
    disclosure = filed(workbooks.xlsx([untitled(sheet) for sheet in SHEETS]))
    assert "title" not in kinds(disclosure)
    assert {form.title for form in disclosure.forms if form.report_no == 17} == {None}
    assert {f.recognised_by for f in disclosure.forms if f.report_no == 17} == {"sheet name and header"}


def test_repaired_codes_are_noted() -> None:
    disclosure = filed(workbooks.xlsx(sheets_of(TEXT, numeric_codes=True)))
    assert kinds(disclosure) == {"repaired_code"}


def test_two_units_form_by_form_in_one_sheet() -> None:
    other = (
        TEXT.replace("001001", "001002")
        .replace("人民代表大会常务委员会", "政协")
        .replace("人民代表大会常\n务委员会", "政协")
    )
    other = re.sub("人民代表大会(?:常 务|常务 |常务委 )[^\t]*", "政协", other)
    pairs = zip(SHEETS[1:], sheets_of(other)[1:], strict=True)
    document = workbooks.xlsx([replace(stacked([a, b]), name=a.name) for a, b in pairs])
    disclosures = file_disclosures(read(document, "2024.xlsx"), "430202")
    assert [d.identity.reporting_unit_code for d in disclosures] == ["001001", "001002"]
    assert figures(disclosures[0]) == figures(EXPECTED)
    assert figures(disclosures[1]) == figures(filed(other.encode()))


def test_goals_of_two_projects_in_one_sheet_state_their_own_money_unit() -> None:
    goals = next(sheet for sheet in SHEETS if any(cell.text == "项目名称" for cell in sheet.cells))
    changes = {"区人民代表大会会议经费": "人大培训费", "金额单位：万元": "金额单位：元"}
    other = replace(goals, cells=tuple(replace(c, text=changes.get(c.text, c.text)) for c in goals.cells))
    disclosure = filed(workbooks.xlsx([*SHEETS[:-2], stacked([goals, other]), SHEETS[-1]]))
    found = [(form.subject_key, form.money_unit) for form in disclosure.forms if form.report_no == 22]
    assert found == [("区人民代表大会会议经费", "万元"), ("人大培训费", "元")]


def test_percent_and_date_cells_in_goals() -> None:
    goals = next(sheet for sheet in SHEETS if any(cell.text == "项目名称" for cell in sheet.cells))
    stored = {"2024年1月-12月": (45292.0, 'yyyy"年"m"月"'), "98": (0.98, "0%")}
    cells = [
        replace(c, number=stored[c.text][0], number_format=stored[c.text][1]) if c.text in stored else c
        for c in goals.cells
    ]
    disclosure = filed(workbooks.xlsx([*SHEETS[:-2], replace(goals, cells=tuple(cells)), SHEETS[-1]]))
    goal = next(goal for goal in disclosure.goals if goal.project_name)
    assert goal.period == "2024年1月"
    rate = next(i for i in goal.indicators if i.level3 == "代表报到率")
    assert (rate.operator, rate.number, rate.measure) == ("≥", Decimal(98), "%")


def test_figures_lost_in_narrow_columns() -> None:
    lost = [
        replace(s, cells=tuple(replace(c, text="#####", number=None) if c.text == "93.28" else c for c in s.cells))
        for s in SHEETS
    ]
    findings = [f for f in filed(workbooks.xlsx(lost)).findings if f.kind == "figure_lost"]
    assert {f.report_no for f in findings} == {1, 7, 8}
    assert all("#####" in f.message for f in findings)


# ---------------------------------------------------------------------------- told by content


@pytest.mark.parametrize("name", FORMATS)
def test_the_extension_does_not_matter(name: str) -> None:
    expected = {"html in gb2312": "html", "html in utf-16": "html"}.get(name, name)
    for extension in ("xls", "xlsx", "et", "txt", "pdf", ""):
        assert read(FORMATS[name](SHEETS[:2]), f"001001.{extension}").file_format == expected
