"""The same disclosure as sheets and pages: every format gives the same figures and the same ledger as the text."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import openpyxl
import psycopg
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color, Font, PatternFill

from loader.documents.grid import Cell, Document
from loader.documents.readers import read
from loader.documents.wording import figure, stored_figure
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.ledger.lines import make_ledger
from loader.loading.load import load_content
from loader.loading.options import Options
from synthetic import workbooks
from synthetic.budgets import Shape, budget_of, shapes
from synthetic.rendering import Mess, messes, render
from synthetic.workbooks import Sheet, sheets_of
from tests.conftest import SAMPLE

TEXT = SAMPLE.read_text(encoding="utf-8")
SHEETS = sheets_of(TEXT)

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


def filed(content: bytes, name: str = "001001_2024.xls") -> FiledDisclosure:
    """The only disclosure of a document."""
    disclosures = file_disclosures(read(content, name), "430202")
    assert len(disclosures) == 1
    return disclosures[0]


def figures(disclosure: FiledDisclosure) -> Counter[tuple[int | None, str | None, str | None, Decimal]]:
    """Every figure by form, row and column."""
    return Counter(
        (form.report_no, cell.row_key, cell.column_key, cell.amount)
        for form in disclosure.forms
        for cell in form.cells
        if cell.amount is not None
    )


def texts(disclosure: FiledDisclosure) -> Counter[tuple[int | None, str | None, str | None, str]]:
    """Every cell by form, row and column, without white space."""
    return Counter(
        (form.report_no, cell.row_key, cell.column_key, "".join(cell.text.split()))
        for form in disclosure.forms
        for cell in form.cells
    )


def kinds(disclosure: FiledDisclosure) -> set[str]:
    """The kinds of what was found odd, without what is odd in the sample itself."""
    return {finding.kind for finding in disclosure.findings} - {"code_for_name", "missing_form"}


EXPECTED = filed(TEXT.encode())
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


def printed_in(document: Document) -> list[Cell]:
    """All cells of a document from top to bottom."""
    return [cell for grid in document.grids for row in grid.rows for cell in row.cells]


@pytest.mark.parametrize("render_as", [workbooks.xlsx, workbooks.xls, workbooks.xml2003])
def test_numbers_as_printed(render_as: Render) -> None:
    cells = [
        workbooks.Cell(row, 0, "", number=number, number_format=code)
        for row, (number, code, *_) in enumerate([*PRINTED, *HIDDEN])
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


def saved(workbook: openpyxl.Workbook) -> bytes:
    """A workbook of openpyxl as bytes."""
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


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


# ---------------------------------------------------------------------------- workbooks


def remarks(disclosure: FiledDisclosure) -> list[str]:
    """What the reader had to leave or repair."""
    return [finding.message for finding in disclosure.findings if finding.kind == "remark"]


@pytest.mark.parametrize("name", ["xlsx", "xls", "ods", "xml2003"])
def test_hidden_sheets_are_left_out(name: str) -> None:
    draft = replace(SHEETS[2], name="草稿", hidden=True)
    disclosure = filed(FORMATS[name]([*SHEETS, draft]))
    assert figures(disclosure) == figures(EXPECTED)
    assert remarks(disclosure) == ["the hidden sheet '草稿' was left out"]


def printed_as(number_format: str, scale: float = 1) -> bytes:
    """The sample with every figure under a number format."""
    return workbooks.xlsx(
        [
            replace(
                s,
                cells=tuple(
                    c if c.number is None else replace(c, number=c.number * scale, number_format=number_format)
                    for c in s.cells
                ),
            )
            for s in SHEETS
        ]
    )


@pytest.mark.parametrize(
    ("number_format", "scale"),
    [
        ("0.00E+00", 1),
        ('"RMB" #,##0.00', 1),
        ("[$CN¥-804]#,##0.00", 1),
        ('0.00"万元"', 1),
        ('0!.00,"万元"', 10_000),
        ('"约"0.00', 1),
    ],
)
def test_number_formats_lose_no_figure(number_format: str, scale: float) -> None:
    assert figures(filed(printed_as(number_format, scale))) == figures(EXPECTED)


@pytest.mark.parametrize("name", ["xlsx", "xls", "xml2003"])
@pytest.mark.parametrize("number_format", ["0.00;[Red]0.00", "0.00;(0.00)", "[>=0]0.00;[<0](0.00)", "0.00_);(-0.00)"])
def test_negatives_keep_their_sign(name: str, number_format: str) -> None:
    changed = [
        replace(
            s,
            cells=tuple(
                c if c.number is None else replace(c, number=-c.number, number_format=number_format) for c in s.cells
            ),
        )
        for s in SHEETS
    ]
    expected = Counter({(*key[:3], -key[3]): count for key, count in figures(EXPECTED).items() if key[0] < 22})
    found = Counter({key: count for key, count in figures(filed(FORMATS[name](changed))).items() if key[0] < 22})
    assert found == expected


def look(workbook: openpyxl.Workbook) -> Document:
    """A workbook as read."""
    return read(saved(workbook), "a.xlsx")


def paint(cell: OpenpyxlCell, letters: str, ground: str) -> None:
    cell.font, cell.fill = Font(color=letters), PatternFill("solid", fgColor=ground)


HARDLY_SEEN: dict[str, Callable[[OpenpyxlCell], None]] = {
    "A2": lambda cell: setattr(cell, "font", Font(color="FFFDFDFD")),
    "B2": lambda cell: setattr(cell, "font", Font(sz=1)),
    "C2": lambda cell: paint(cell, "FFD9D9D9", "FFD9D9D9"),
    "D2": lambda cell: setattr(cell, "number_format", "[白色]0.00"),
}


def test_what_nobody_sees_is_left_out_and_noted() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([1.5, 2.5, 3.5, 4.5, 5.5, 6.5])
    sheet["F1"].number_format = ";;;"
    white, struck = Font(color="FFFFFFFF"), Font(strike=True)
    sheet["B1"].font, sheet["C1"].font, sheet["D1"].font = white, struck, Font(color=Color(theme=0))
    sheet["E1"].font, sheet["E1"].fill = white, PatternFill("solid", fgColor="FF1F4E78")
    for place, change in HARDLY_SEEN.items():
        sheet[place] = 7.5
        change(sheet[place])
    document = look(workbook)
    assert [cell.text for cell in printed_in(document)] == ["1.5", "5.5"]
    assert document.remarks[0].startswith(
        "sheet 'Sheet': 8 texts that are struck out, tiny, of the colour of their ground or hidden by their format were"
        " left out: '2.5' in B1, '3.5' in C1, '4.5' in D1, 6.5 in F1"
    )


@pytest.mark.parametrize("usual", [Color(auto=True), Color(indexed=64)])
def test_letters_and_ground_of_the_usual_colour_are_seen(usual: Color) -> None:
    workbook = openpyxl.Workbook()
    cell = workbook.active["A1"]
    cell.value = 7.5
    cell.font, cell.fill = Font(color=usual), PatternFill("solid", fgColor=usual)
    assert [cell.text for cell in printed_in(look(workbook))] == ["7.5"]


ODS_STYLES = """<office:automatic-styles xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">
    <style:style style:name="struck"><style:text-properties style:text-line-through-style="solid"/></style:style>
    <style:style style:name="older" style:parent-style-name="struck"/>
    <style:style style:name="white"><style:text-properties fo:color="#ffffff"/></style:style>
    <style:style style:name="head" style:parent-style-name="white">
    <style:table-cell-properties fo:background-color="#1f4e78"/></style:style>
    <style:style style:name="note"><style:text-properties style:text-position="super 58%"/></style:style>
    <style:style style:name="flat"><style:table-row-properties style:row-height="0.02cm"/></style:style>
    </office:automatic-styles>"""
XML2003_STYLES = """<Styles><Style ss:ID="Default"/><Style ss:ID="struck"><Font ss:StrikeThrough="1"/></Style>
    <Style ss:ID="older" ss:Parent="struck"/><Style ss:ID="white"><Font ss:Color="#FFFFFF"/></Style>
    <Style ss:ID="head" ss:Parent="white"><Interior ss:Color="#1F4E78" ss:Pattern="Solid"/></Style></Styles>"""


def looks_in_ods() -> bytes:
    """Cells and parts of cells by their looks, and a row of no height."""

    def cell(text: str, style: str = "") -> str:
        return (
            f'<table:table-cell table:style-name="{style}" office:value-type="string"><text:p>{text}</text:p>'
            "</table:table-cell>"
        )

    def part(text: str, style: str) -> str:
        return f'<text:span text:style-name="{style}">{text}</text:span>'

    first = cell("1", "struck") + cell("2", "older") + cell("3", "white") + cell("4", "head") + "<table:table-cell/>"
    parts = cell(f"11.50{part('1', 'note')}") + cell(f"{part('9', 'struck')}11.50") + cell(f"{part('9', 'white')}11.50")
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in (first + "<table:table-cell/>", parts))
    flat = f'<table:table-row table:style-name="flat">{cell("注")}</table:table-row>'
    columns = '<table:table-column table:number-columns-repeated="9"/>'
    sheet = f'<table:table table:name="A">{columns}{rows}{flat}</table:table>'
    return workbooks.ods_of(f"{ODS_STYLES}<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>")


def looks_in_xml2003() -> bytes:
    def cell(text: str, style: str = "Default") -> str:
        html = "http://www.w3.org/TR/REC-html40"
        return f'<Cell ss:StyleID="{style}"><ss:Data ss:Type="String" xmlns="{html}">{text}</ss:Data></Cell>'

    first = cell("1", "struck") + cell("2", "older") + cell("3", "white") + cell("4", "head")
    parts = cell("11.50<Sup>1</Sup>") + cell("<S>9</S>11.50") + cell('<Font html:Color="#FFFFFF">9</Font>11.50')
    rows = f'<Row>{first}</Row><Row>{parts}</Row><Row ss:Height="0.75">{cell("注")}</Row>'
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}" xmlns:html="http://www.w3.org/TR/REC-html40">'
        f'{XML2003_STYLES}<Worksheet ss:Name="A"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode()


@pytest.mark.parametrize("make", [looks_in_ods, looks_in_xml2003])
def test_looks_of_cells_and_of_their_parts(make: Callable[[], bytes]) -> None:
    document = read(make(), "a")
    assert [cell.text for cell in printed_in(document)] == ["4", "11.50", "11.50", "11.50"]
    seen, hidden = document.remarks
    assert "5 texts that are struck out" in seen
    assert "a part of row 2, column 3" in seen
    assert "1 hidden rows" in hidden


def white_digits_in_xlsx() -> bytes:
    """Digits that a format prints in white, on white and on a dark ground."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([21, 11.5])
    for cell in sheet[1]:
        cell.number_format = "[White]0.00"
    sheet["B1"].fill = PatternFill("solid", fgColor="FF1F4E78")
    return saved(workbook)


def white_digits_in_xls() -> bytes:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("A")
    sheet.write(0, 0, 21, xlwt.easyxf(num_format_str="[White]0.00"))
    sheet.write(0, 1, 11.5, xlwt.easyxf("pattern: pattern solid, fore_colour dark_blue", "[White]0.00"))
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def white_digits_in_xml2003() -> bytes:
    style = (
        '<Style ss:ID="{}"><Interior ss:Color="{}" ss:Pattern="Solid"/><NumberFormat ss:Format="[White]0.00"/></Style>'
    )
    automatic = (
        '<Style ss:ID="c"><Font ss:Color="Automatic"/><Interior ss:Color="Automatic" ss:Pattern="Solid"/></Style>'
    )
    blended = '<Style ss:ID="d"><Font ss:Color="#00ff00"/><Interior ss:Color="#00FF00" ss:Pattern="Solid"/></Style>'
    styles = style.format("a", "Automatic") + style.format("b", "#1F4E78") + automatic + blended
    values = {"a": "21", "b": "11.5", "c": "7", "d": "21"}
    cells = "".join(
        f'<Cell ss:StyleID="{key}"><Data ss:Type="Number">{value}</Data></Cell>' for key, value in values.items()
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Styles><Style ss:ID="Default"/>{styles}'
        f'</Styles><Worksheet ss:Name="A"><Table><Row>{cells}</Row></Table></Worksheet></Workbook>'
    ).encode()


def white_digits_in_ods() -> bytes:
    styles = """<office:automatic-styles xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
        xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"><number:number-style style:name="N">
        <style:text-properties fo:color="#ffffff"/><number:number/></number:number-style>
        <style:style style:name="a" style:data-style-name="N"/>
        <style:style style:name="b" style:data-style-name="N"><style:table-cell-properties
        fo:background-color="#1f4e78"/></style:style><style:style style:name="d"><style:table-cell-properties
        fo:background-color="#00ff00"/><style:text-properties fo:color="#00FF00"/></style:style>
        </office:automatic-styles>"""
    cells = "".join(
        f'<table:table-cell table:style-name="{key}" office:value-type="float" office:value="{text}"><text:p>{text}'
        "<text:note><text:note-citation>1</text:note-citation></text:note></text:p></table:table-cell>"
        for key, text in {"a": "21", "b": "11.50", "d": "21"}.items()
    )
    sheet = f'<table:table table:name="A"><table:table-row>{cells}</table:table-row></table:table>'
    return workbooks.ods_of(f"{styles}<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>")


@pytest.mark.parametrize(
    ("make", "seen"),
    [
        (white_digits_in_xlsx, ["11.50"]),
        (white_digits_in_xls, ["11.50"]),
        (white_digits_in_xml2003, ["11.50", "7"]),
        (white_digits_in_ods, ["11.50"]),
    ],
)
def test_digits_in_white_are_seen_on_a_dark_ground(make: Callable[[], bytes], seen: list[str]) -> None:
    assert [cell.text for cell in printed_in(read(make(), "a"))] == seen


def test_runs_of_rich_text() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    runs = {
        "A1": ("11.50", TextBlock(InlineFont(vertAlign="superscript"), "1")),
        "B1": (TextBlock(InlineFont(strike=True), "21"), "11.50"),
        "C1": (TextBlock(InlineFont(color="FFFFFFFF"), "21"), "11.50"),
        "D1": (TextBlock(InlineFont(color="FFFFFFFF"), "合"), "计"),
        "E1": ("11.50", TextBlock(InlineFont(vertAlign="subscript"), "1-2")),
        "F1": (TextBlock(InlineFont(sz=1), "21"), "11.50"),
        "G1": ("m", TextBlock(InlineFont(vertAlign="superscript"), "2")),
    }
    for place, parts in runs.items():
        sheet[place] = CellRichText(*parts)
    sheet["D1"].fill = PatternFill("solid", fgColor="FF1F4E78")
    document = look(workbook)
    assert [cell.text for cell in printed_in(document)] == ["11.50", "11.50", "11.50", "合计", "11.50", "11.50", "m2"]
    assert document.remarks[0].endswith("a part of B1, a part of C1, a part of F1")


def test_two_numbers_in_a_cell_are_told() -> None:
    sheets = [
        replace(s, cells=tuple(replace(c, text="11\n50", number=None) if c.text == "93.28" else c for c in s.cells))
        for s in SHEETS
    ]
    disclosure = filed(workbooks.xlsx(sheets))
    assert Decimal(1150) not in {key[3] for key in figures(disclosure)}
    assert {f.report_no for f in disclosure.findings if f.kind == "not_a_number"} == {1, 7, 8}


@pytest.mark.parametrize("way", ['hidden="1"', 'ht="0" customHeight="1"', 'ht="0.75" customHeight="1"'])
def test_a_hidden_row_yields_to_the_row_that_it_repeats(way: str) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(workbooks.xlsx(SHEETS)))
    form = next(sheet for sheet in workbook if "3支出总表" in sheet.title)
    row = next(row for row in form.iter_rows(values_only=True) if "2010102" in row)
    form.append([99.5 if isinstance(value, float) else value for value in row])
    last = form.max_row
    written = re.compile(rf'<row r="{last}"(?=[^>]*>(?:(?!</row>).)*<v>99.5<)', re.DOTALL)
    content = changed(saved(workbook), lambda xml: written.sub(f'<row r="{last}" {way}', xml) + " ")
    disclosure = filed(content)
    assert figures(disclosure) == figures(EXPECTED)
    assert any("hidden row repeats" in f.message for f in disclosure.findings)


def test_hidden_columns_of_whole_amounts_are_read() -> None:
    workbook = openpyxl.Workbook()
    for amounts in ([1, 900], [2, 300], [3, 600]):
        workbook.active.append(["甲", *amounts])
    workbook.active.column_dimensions["B"].hidden = True  # numbers of records
    workbook.active.column_dimensions["C"].hidden = True
    assert [cell.text for cell in printed_in(look(workbook))] == ["甲", "900", "甲", "300", "甲", "600"]


def test_formulas_with_and_without_a_stored_result() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["=1+1", "=2+2", '=""', 3])
    results = {"A1": "<v>2</v>", "B1": "<v></v>", "C1": "<v></v>"}

    def fill(xml: str) -> str:
        for reference, result in results.items():
            kind = ' t="str"' if reference == "C1" else ""
            xml = re.sub(
                rf'<c r="{reference}">(<f>.*?</f>)<v ?/?>(?:</v>)?', rf'<c r="{reference}"{kind}>\1{result}', xml
            )
        return xml

    document = read(changed(saved(workbook), fill), "a.xlsx")
    assert [cell.text for cell in printed_in(document)] == ["2", "3"]
    assert document.remarks == ("sheet 'Sheet': 1 formulas without a stored result read as blank",)


def test_hidden_rows_and_columns_with_figures_are_read_and_noted() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for _ in range(3):
        sheet.append([1, 2, 3.5])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.column_dimensions["H"].hidden = True
    document = read(saved(workbook), "a.xlsx")
    assert len(printed_in(document)) == 9
    assert document.remarks == (
        "sheet 'Sheet': 1 hidden rows and 1 hidden columns with figures were read like the others",
    )


def test_hidden_names_of_fields_are_left_out() -> None:
    """Treasury systems put the names of their fields and the numbers of their records where nobody sees them."""
    sheets = [with_names_of_fields(sheet) for sheet in SHEETS]
    workbook = openpyxl.load_workbook(io.BytesIO(workbooks.xlsx(sheets)))
    for sheet in workbook:
        sheet.column_dimensions["A"].hidden = True
        for row in sheet.iter_rows():
            sheet.row_dimensions[row[0].row].hidden = row[0].value == "FIELD"
    disclosure = filed(saved(workbook))
    assert texts(disclosure) == texts(EXPECTED)
    assert remarks(disclosure)[0].endswith("1 hidden rows and 1 hidden columns without figures were left out")


def with_names_of_fields(sheet: Sheet) -> Sheet:
    """With a column of numbers in front and a row of names above the first figures. Cells over the whole width begin in
    the hidden column."""
    first = min((cell.row for cell in sheet.cells if cell.number is not None), default=sheet.height)
    width = max(cell.column + cell.column_span for cell in sheet.cells)
    cells = [workbooks.Cell(first, column, f"FIELD_{column}"[: 5 + 2 * (column > 0)]) for column in range(width + 1)]
    cells += [workbooks.Cell(row, 0, str(10_000 + row)) for row in range(first + 1, sheet.height)]
    for cell in sheet.cells:
        wide = not cell.column and cell.column_span == width
        moved = replace(cell, row=cell.row + (cell.row >= first), column=0 if wide else cell.column + 1)
        taken = wide and moved.row > first
        cells += [replace(moved, column=1) if taken else replace(moved, column_span=width + 1) if wide else moved]
    return replace(sheet, cells=tuple(cells))


def changed(content: bytes, change: Callable[[str], str | bytes]) -> bytes:
    """A workbook with the XML of its sheets written in another way."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    for name, member in members.items():
        if name.startswith("xl/worksheets/"):
            assert isinstance(member, bytes)
            members[name] = change(member.decode())
            assert members[name] != member
    return workbooks.zipped(members)


def _prefixed(xml: str) -> str:
    return re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")


def _without_references(xml: str) -> str:
    for row in range(1, 60):
        # cells follow one another only where none is missing: fill the gaps
        xml = re.sub(rf'<row r="{row}".*?</row>', lambda m: _filled(m[0]), xml, flags=re.DOTALL)
    return re.sub(r'<(row|c) r="\w+"', r"<\1", xml)


def _filled(row: str) -> str:
    cells = {m[1]: m[0] for m in re.finditer(r'<c r="([A-Z]+)\d+".*?(?:</c>|(?<=/)>)', row)}
    letters = [chr(65 + i) if i < 26 else "A" + chr(39 + i) for i in range(45)]
    start = row[: row.index(">") + 1]
    return start + "".join(cells.get(letter, f'<c r="{letter}1"/>') for letter in letters) + "</row>"


WRITINGS: dict[str, Callable[[str], str | bytes]] = {
    "a prefix before every element": _prefixed,
    "single quotes": lambda xml: xml.replace('"', "'"),
    "attributes in another order": lambda xml: re.sub(r' r="(\w+)"( s="\d+")? t="(\w+)"', r' t="\3" r="\1"\2', xml),
    "line breaks between elements": lambda xml: (
        re.sub(r"(</?(?:c|v|is|row)\b[^>]*>)", r"\n\1\n", xml).replace("<v>\n", "<v>").replace("\n</v>", "</v>")
    ),
    "comments": lambda xml: xml.replace("<v>", "<!-- value --><v>"),
    "another encoding": lambda xml: xml.replace("UTF-8", "UTF-16").encode("utf-16"),
    "the strict namespace": lambda xml: xml.replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    "no references": _without_references,
}


@pytest.mark.parametrize("write", WRITINGS.values(), ids=WRITINGS)
def test_other_ways_of_writing_xlsx(write: Callable[[str], str | bytes]) -> None:
    content = workbooks.xlsx(SHEETS)
    assert read(changed(content, write), "a").grids == read(content, "a").grids


def test_rich_text_without_its_phonetic_runs() -> None:
    rich = '<is><r><t>收支</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 总表</t></r><rPh><t>shouzhi</t></rPh></is>'
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = 1
    content = changed(saved(workbook), lambda xml: re.sub("<c .*</c>", f'<c r="A1" t="inlineStr">{rich}</c>', xml))
    assert [cell.text for cell in printed_in(read(content, "a"))] == ["收支 总表"]


# ---------------------------------------------------------------------------- told by content


@pytest.mark.parametrize("name", FORMATS)
def test_the_extension_does_not_matter(name: str) -> None:
    expected = {"html in gb2312": "html", "html in utf-16": "html"}.get(name, name)
    for extension in ("xls", "xlsx", "et", "txt", "pdf", ""):
        assert read(FORMATS[name](SHEETS[:2]), f"001001.{extension}").file_format == expected


# ---------------------------------------------------------------------------- web pages


def page(body: str, head: str = "") -> Document:
    """A web page as read."""
    return read(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "page.html")


def rows_of(document: Document) -> list[tuple[bool, list[tuple[str, int]]]]:
    """In a table or not, and text and column of every cell, row by row."""
    return [(row.in_table, [(c.text, c.column) for c in row.cells]) for grid in document.grids for row in grid.rows]


def test_spans_of_pages_keep_their_columns() -> None:
    table = (
        "<table><tr><td rowspan=2>a</td><td colspan='2'>b</td></tr><tr><td>c</td><td>d</td></tr>"
        "<tr><td>&nbsp;</td><td>e</td><td></td></tr></table>"
    )
    document = page(table)
    assert rows_of(document) == [(True, [("a", 0), ("b", 1)]), (True, [("c", 1), ("d", 2)]), (True, [("e", 1)])]
    first = document.grids[0].rows[0].cells
    assert [(c.column_span, c.row_span) for c in first] == [(1, 2), (2, 1)]


def test_only_innermost_tables_are_tables() -> None:
    body = "<table><tr><td><p>收支<b>总表</b></p><table><tr><td>项目<td>预算数</table>注：无<br>第二行</table>"
    assert rows_of(page(body)) == [
        (False, [("收支总表", 0)]),
        (True, [("项目", 0), ("预算数", 1)]),
        (False, [("注：无", 0)]),
        (False, [("第二行", 0)]),
    ]


def test_lines_and_parts_of_a_cell_join() -> None:
    body = "<table><tr><td>住房公积<br>金</td><td><p>机关\n  <span>服务</span></p><p>支出</p></td></tr></table>"
    assert rows_of(page(body)) == [(True, [("住房公积金", 0), ("机关 服务支出", 1)])]


HIDING = (
    *('i[data-no="1"]', "[data-no]", "i[class^=no]", "td > i:first-child", "i:not(.yes):not(:hover)", "u + i", "u ~ i"),
    *("td > :nth-child(2n + 2)", "i:nth-last-of-type(1)", ":is(i, s)", ":root i", r".a\:b", "a[title='x,y'], i"),
)


@pytest.mark.parametrize("selector", HIDING)
def test_selectors_that_hide(selector: str) -> None:
    part = '<i class="no a:b" data-no="1" style="display:inline">9</i>'
    cell = f"{part}11.50" if "first" in selector else f"<u></u>{part}11.50"
    document = page(f"<table><tr><td>{cell}</td></tr></table>", f"<style>{selector} {{display:none!important}}</style>")
    assert rows_of(document) == [(True, [("11.50", 0)])]


def test_texts_that_styles_add() -> None:
    style = (
        'td.minus::before {content: "("} td.minus:after {content: "\\29"} [data-u]::after {content: attr(data-u)}'
        '.icon::before {content: "\\f101"} .fix::after {content: "."; visibility: hidden}'
        '.n::after {content: "1"; vertical-align: super}'
        "@media screen and (max-width: 600px) {td::before {content: attr(title)} td {display: none}}"
        "@media (width <= 600px), (max-height: 300px), print {td {display: none}}"
    )
    classes = ("class=minus", "data-u=万元", "class=icon", "class=fix", "class=n")
    cells = "".join(f"<td title=金额 {words}>11.50</td>" for words in classes)
    document = page(f"<table><tr>{cells}</tr></table>", f"<style>{style}</style>")
    assert [cell.text for cell in printed_in(document)] == ["(11.50)", "11.50万元", "11.50", "11.50", "11.50"]


def test_negatives_that_excel_prints_in_red_only() -> None:
    style = r'<style>.x {mso-number-format:"0\.00\;\[Red\]0\.00"; color: black}</style>'
    red = "<font color=red style='mso-ignore:color'>11.50</font>"
    document = page(f"<table><tr><td class=x>{red}</td><td class=x>11.50</td></tr></table>", style)
    values = [stored_figure(cell.text, cell.raw) for cell in printed_in(document)]
    assert [str(found and found.value) for found in values] == ["-11.50", "11.50"]
    every = page(f"<table><tr><td class=x>{red}</td></tr></table>", style.replace(r"0\.00\;", ""))
    assert [cell.raw for cell in printed_in(every)] == [None]


def test_what_stands_beside_parts_of_pages_that_are_shown() -> None:
    cells = (
        '<td style="font-size:0"><b style="font-size:12px">11.50</b><i>9</i></td>',
        "<td>11.50<details>9<summary></summary><i>9</i>9</details></td>",
        '<td>11.50<input style="display:none" value="9"></td>',
        '<td>11.50<span style="font-size:60%;vertical-align:top">1</span></td>',
        "<td>1&nbsp;234.50</td>",
    )
    document = page(f"<table><tr>{''.join(cells)}</tr></table>")
    found = [figure(cell.text) for cell in printed_in(document)]
    assert [shown and str(shown.value) for shown in found] == ["11.50", "11.50", "11.50", "11.50", "1234.50"]


def test_links_and_scripts_are_no_text() -> None:
    body = "<a href='2023.html'>2023年部门预算</a><script>2022年部门预算</script><p>2024年部门预算</p>"
    assert rows_of(page(body, head="<title>公开</title>")) == [
        (False, [("公开", 0)]),
        (False, [("2024年部门预算", 0)]),
    ]


def test_characters_beyond_the_declared_gb2312() -> None:
    content = "<meta charset=gb2312><table><tr><td>朱镕基</td><td>㛃€</td></tr></table>".encode("gb18030")
    document = read(content, "a.html")
    assert rows_of(document) == [(True, [("朱镕基", 0), ("㛃€", 1)])]
    assert document.remarks == ()


def test_undecodable_characters_are_noted() -> None:
    document = read("<meta charset=gbk><p>预算".encode("gbk") + b"\xff</p>", "a.html")
    assert document.remarks == ("1 characters could not be decoded, the first in line 1",)
