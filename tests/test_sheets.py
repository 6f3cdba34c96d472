"""What sheets of workbooks hide, how their cells look, and how programs write them."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
import xlwt
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color, Font, PatternFill

from loader.documents.grid import Document
from loader.documents.readers import read
from loader.filing.filed import FiledDisclosure
from synthetic import workbooks
from synthetic.workbooks import Sheet
from tests.sound_documents import EXPECTED, SHEETS, figures, filed, printed_in, saved, texts

Render = Callable[[list[Sheet]], bytes]


def remarks(disclosure: FiledDisclosure) -> list[str]:
    """What the reader had to leave or repair."""
    return [finding.message for finding in disclosure.findings if finding.kind == "remark"]


@pytest.mark.parametrize("render_as", [workbooks.xlsx, workbooks.xls, workbooks.ods, workbooks.xml2003])
def test_hidden_sheets_are_left_out(render_as: Render) -> None:
    draft = replace(SHEETS[2], name="草稿", hidden=True)
    disclosure = filed(render_as([*SHEETS, draft]))
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


def is_money(report_no: int | None) -> bool:
    """Whether a form is none of the sheets of goals, which hold numbers of other things, too."""
    return report_no is not None and report_no < 22


@pytest.mark.parametrize("render_as", [workbooks.xlsx, workbooks.xls, workbooks.xml2003])
@pytest.mark.parametrize("number_format", ["0.00;[Red]0.00", "0.00;(0.00)", "[>=0]0.00;[<0](0.00)", "0.00_);(-0.00)"])
def test_negatives_keep_their_sign(render_as: Render, number_format: str) -> None:
    changed = [
        replace(
            s,
            cells=tuple(
                c if c.number is None else replace(c, number=-c.number, number_format=number_format) for c in s.cells
            ),
        )
        for s in SHEETS
    ]
    expected = Counter({(*key[:3], -key[3]): count for key, count in figures(EXPECTED).items() if is_money(key[0])})
    found = Counter({key: n for key, n in figures(filed(render_as(changed))).items() if is_money(key[0])})
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


@pytest.mark.parametrize("name", ["会议经费", "2#楼维修"])
@pytest.mark.parametrize("is_above", [True, False], ids=["above", "below"])
def test_a_hidden_row_of_a_project_yields_to_the_visible_one_of_its_name(name: str, is_above: bool) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(workbooks.xlsx(SHEETS)))
    form = next(sheet for sheet in workbook if "专项资金" in sheet.title)
    (at,) = [cell.row for cell in form["B"] if cell.value == "区人民代表大会会议经费"]
    form.cell(at, 2).value = name
    row = [cell.value for cell in form[at]]
    form.insert_rows(at + 1)
    hidden, shown = (at, at + 1) if is_above else (at + 1, at)
    for column, value in enumerate(row, start=1):
        form.cell(shown, column).value = value
        form.cell(hidden, column).value = 31 if isinstance(value, int) else value
    form.row_dimensions[hidden].hidden = True
    disclosure = filed(saved(workbook))
    assert Decimal(31) not in {key[3] for key in figures(disclosure)}
    assert any("hidden row repeats" in f.message for f in disclosure.findings)


def test_a_hidden_row_of_a_sheet_of_goals_yields_too() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(workbooks.xlsx(SHEETS)))
    form, rows = next(
        (sheet, rows)
        for sheet in workbook
        if (rows := list(sheet.iter_rows(values_only=True))) and any("一级指标" in row for row in rows)
    )
    head = next(number for number, row in enumerate(rows) if "一级指标" in row)
    form.append(rows[head + 1])
    form.row_dimensions[form.max_row].hidden = True
    disclosure = filed(saved(workbook))
    assert [len(goal.indicators) for goal in disclosure.goals] == [len(goal.indicators) for goal in EXPECTED.goals]
    assert "hidden_row" in {finding.kind for finding in disclosure.findings}


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
