"""Conditional formats of workbooks: what they hide is no part of the document, what nobody can tell is said."""

from __future__ import annotations

import struct
import time

import openpyxl
import pytest
import xlwt
from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule, IconSetRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from loader.documents.grid import Cell, Document
from loader.documents.readers import read
from loader.documents.readers.sheet import Sheet
from loader.documents.readers.workbooks.conditions import Conditional, apply
from synthetic import workbooks
from synthetic.workbooks import zipped
from tests.sound_documents import members, saved

WHITE = Font(color="FFFFFFFF")
BLUE = PatternFill(bgColor="FF4472C4", fill_type="solid")
HIDING = DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode=";;;"))
IN_YUAN = DifferentialStyle(numFmt=NumberFormat(numFmtId=171, formatCode='0.00"万元"'))


def looked(*rules: Rule, area: str = "B1:B4") -> Document:
    """A column of labels and one of 11.50, 0, 21.50 and an error, with conditional formats on the latter."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for label, value in zip("甲乙丙丁", (11.5, 0, 21.5, "#N/A"), strict=True):
        sheet.append([label, value])
    for rule in rules:
        sheet.conditional_formatting.add(area, rule)
    return read(saved(workbook), "a.xlsx")


def seen(document: Document) -> list[str]:
    return [cell.text for row in document.grids[0].rows for cell in row.cells if cell.column == 1]


HIDES = {
    "white digits": CellIsRule("equal", ["11.5"], font=WHITE),
    "white digits of the colour of their ground": CellIsRule("lessThan", ["20"], font=WHITE, fill=BLUE),
    "between two numbers": CellIsRule("between", ["11", "12"], font=WHITE),
    "not between two numbers": CellIsRule("notBetween", ["0", "11"], font=WHITE),
    "struck out": CellIsRule("greaterThan", ["20"], font=Font(strike=True)),
    "a format without digits": Rule("cellIs", dxf=HIDING, operator="equal", formula=["11.5"]),
    "another cell": FormulaRule(['$A1="甲"'], font=WHITE),
    "its own cell": FormulaRule(["B1>20"], font=WHITE),
    "errors": FormulaRule(["ISERROR(B1)"], font=WHITE),
    "errors by their kind": Rule("containsErrors", dxf=DifferentialStyle(font=WHITE), formula=["ISERROR(B1)"]),
}
LEFT = [
    ["0", "21.5", "#N/A"],
    ["11.5", "0", "21.5", "#N/A"],
    ["0", "21.5", "#N/A"],
    ["0", "#N/A"],
    ["11.5", "0", "#N/A"],
    ["0", "21.5", "#N/A"],
    ["0", "21.5", "#N/A"],
    ["11.5", "0", "#N/A"],
    ["11.5", "0", "21.5"],
    ["11.5", "0", "21.5"],
]


@pytest.mark.parametrize(("rule", "left"), list(zip(HIDES.values(), LEFT, strict=True)), ids=HIDES)
def test_what_a_condition_hides(rule: Rule, left: list[str]) -> None:
    document = looked(rule)
    assert seen(document) == left
    assert any("were left out" in remark for remark in document.remarks) == (len(left) < 4)


def test_zeros_that_are_hidden_need_no_word() -> None:
    document = looked(CellIsRule("equal", ["0"], font=WHITE))
    assert seen(document) == ["11.5", "21.5", "#N/A"]
    assert not document.remarks


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (CellIsRule("equal", ['""'], font=WHITE), ["11.5", "0", "21.5", "#N/A"]),
        (FormulaRule(['B1=""'], font=WHITE), ["11.5", "0", "21.5", "#N/A"]),
        (FormulaRule(['C1=""'], font=WHITE), []),  # a blank cell
        (FormulaRule(["C1=0"], font=WHITE), []),
        (FormulaRule(['A1>""'], font=WHITE), []),  # a text
        (CellIsRule("notEqual", ['""'], font=WHITE), ["#N/A"]),
    ],
)
def test_no_text_is_no_number(rule: Rule, left: list[str]) -> None:
    assert seen(looked(rule)) == left


def test_the_first_of_two_conditions_counts() -> None:
    shows = CellIsRule("greaterThan", ["20"], font=Font(color="FFFF0000"))
    hides = CellIsRule("greaterThan", ["10"], font=WHITE)
    assert seen(looked(shows, hides)) == ["0", "21.5", "#N/A"]


def test_a_condition_that_prints_in_another_way() -> None:
    document = looked(Rule("cellIs", dxf=IN_YUAN, operator="greaterThan", formula=["20"]))
    cells = [cell for row in document.grids[0].rows for cell in row.cells if cell.column == 1]
    assert [(cell.text, cell.raw) for cell in cells][2] == ("21.50万元", "21.5")


@pytest.mark.parametrize("rule", [FormulaRule(["VLOOKUP(A1,X:Y,2)>0"], font=WHITE), Rule("top10", dxf=HIDING, rank=1)])
def test_a_condition_that_nobody_works_out_is_told(rule: Rule) -> None:
    document = looked(rule)
    assert seen(document) == ["11.5", "0", "21.5", "#N/A"]
    (remark,) = document.remarks
    assert "4 cells whose conditional format may hide them" in remark


BARS = DataBarRule("num", 0, "max", color="FF638EC6", showValue=False)
ARROWS = IconSetRule("3Arrows", "percent", [0, 33, 67], showValue=False)


@pytest.mark.parametrize("rules", [(BARS,), (ARROWS,), (BARS, ARROWS)], ids=["bars", "symbols", "both"])
def test_what_is_drawn_instead_of_numbers_is_told(rules: tuple[Rule, ...]) -> None:
    document = looked(*rules)
    assert seen(document) == ["11.5", "0", "21.5", "#N/A"]
    (remark,) = document.remarks
    assert "4 cells whose conditional format may hide them" in remark


def test_numbers_beside_bars_and_symbols_need_no_word() -> None:
    assert not looked(DataBarRule("num", 0, "max", color="FF638EC6")).remarks


def looked_apart(condition: str) -> Document:
    """The same with a rule in the way of Excel 2010, which stands apart and may refer to other sheets."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for label, value in zip("甲乙丙", (11.5, 0, 21.5), strict=True):
        sheet.append([label, value])
    found = members(saved(workbook))
    name = "xl/worksheets/sheet1.xml"
    main, place = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main", "http://schemas.microsoft.com/office"
    rules = (
        f'<extLst><ext xmlns:x14="{main}"><x14:conditionalFormattings><x14:conditionalFormatting'
        f' xmlns:xm="{place}/excel/2006/main">{condition}<xm:sqref>B1:B3</xm:sqref></x14:conditionalFormatting>'
        "</x14:conditionalFormattings></ext></extLst></worksheet>"
    )
    found[name] = found[name].replace(b"</worksheet>", rules.encode())
    return read(zipped(dict(found)), "a.xlsx")


IN_WHITE = '<x14:dxf><font><color rgb="FFFFFFFF"/></font></x14:dxf></x14:cfRule>'


@pytest.mark.parametrize(
    "condition",
    [
        f'<x14:cfRule type="cellIs" priority="1" operator="equal"><xm:f>参数!$A$1</xm:f>{IN_WHITE}',
        f'<x14:cfRule type="expression" priority="1"><xm:f>参数!$A$1=1</xm:f>{IN_WHITE}',
        '<x14:cfRule type="iconSet" priority="1"><x14:iconSet iconSet="3Stars" showValue="0"/></x14:cfRule>',
    ],
)
def test_a_rule_that_refers_to_another_sheet_is_told(condition: str) -> None:
    document = looked_apart(condition)
    assert seen(document) == ["11.5", "0", "21.5"]
    (remark,) = document.remarks
    assert "3 cells whose conditional format may hide them" in remark


def test_a_rule_that_stands_apart_is_worked_out_like_others() -> None:
    assert seen(looked_apart(f'<x14:cfRule type="expression" priority="1"><xm:f>B1&gt;20</xm:f>{IN_WHITE}')) == [
        "11.5",
        "0",
    ]


SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in (("office", "office"), ("style", "style"), ("fo", "xsl-fo-compatible"))
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def in_ods(value: str, ground: str = "", area: str = "'表 1.a'.B1:'表 1.a'.B3") -> Document:
    """A column of labels and one of 11.50, 0 and 21.50 as LibreOffice stores it, whose cells are white if a condition
    holds; ``ground``: the colour of all cells."""
    rows_of = "".join(
        f"<table:table-row><table:table-cell><text:p>{label}</text:p></table:table-cell><table:table-cell"
        f' table:style-name="own" office:value-type="float" office:value="{number}"><text:p>{number:.2f}</text:p>'
        "</table:table-cell></table:table-row>"
        for label, number in zip("甲乙丙", (11.5, 0, 21.5), strict=True)
    )
    condition = f'<calcext:condition calcext:apply-style-name="White_1" calcext:value="{value}"/>'
    conditions = (
        f"<calcext:conditional-formats {CALC}><calcext:conditional-format calcext:target-range-address="
        f'"{area}">{condition}</calcext:conditional-format></calcext:conditional-formats>'
    )
    styles = (
        '<office:automatic-styles><style:style style:name="own" style:family="table-cell"><style:table-cell-properties'
        ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
        f' fo:background-color="{ground or "transparent"}"/></style:style></office:automatic-styles>'
    )
    content = workbooks.ods_of(
        f'{styles}<office:body><office:spreadsheet><table:table table:name="表 1.a">{rows_of}{conditions}</table:table>'
        "</office:spreadsheet></office:body>"
    )
    named = (
        f'<office:document-styles {SPACES}><office:styles><style:style style:name="White_5f_1" style:display-name='
        '"White_1" style:family="table-cell"><style:text-properties fo:color="#ffffff"/></style:style></office:styles>'
        "</office:document-styles>"
    )
    return read(zipped({**members(content), "styles.xml": named}), "a.ods")


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("=11.5", ["0.00", "21.50"]),
        ("!=0", ["0.00"]),
        ("between(11,12)", ["0.00", "21.50"]),
        ("not-between(0,20)", ["11.50", "0.00"]),
        ("formula-is([.$A1]=&quot;甲&quot;)", ["0.00", "21.50"]),
    ],
)
def test_what_a_condition_of_libreoffice_hides(value: str, left: list[str]) -> None:
    document = in_ods(value)
    assert seen(document) == left
    assert "were left out" in document.remarks[0]


def test_what_a_condition_of_libreoffice_leaves_to_be_seen() -> None:
    assert seen(in_ods("=11.5", "#4472c4")) == ["11.50", "0.00", "21.50"]  # white on blue
    assert not in_ods("=99").remarks
    (remark,) = in_ods("duplicate").remarks
    assert "3 cells whose conditional format may hide them" in remark


def test_an_area_of_quotes_takes_no_time() -> None:
    start = time.process_time()
    assert seen(in_ods("=11.5", area="''" * 20_000)) == ["11.50", "0.00", "21.50"]
    assert time.process_time() - start < 3


def in_xml(conditions: str, area: str = "R1C2:R4C2", style: str = "Default") -> Document:
    """Four rows of a workbook in XML of Excel 2003, with a conditional format."""
    namespace = "urn:schemas-microsoft-com:office"
    cells = "".join(
        f'<Row><Cell><Data ss:Type="String">{label}</Data></Cell>'
        f'<Cell ss:StyleID="{style}"><Data ss:Type="Number">{value}</Data></Cell></Row>'
        for label, value in (("甲", 0), ("乙", 11.5), ("丙", -3), ("无", 20))
    )
    return read(
        (
            f'<?xml version="1.0"?><Workbook xmlns="{namespace}:spreadsheet" xmlns:ss="{namespace}:spreadsheet">'
            '<Styles><Style ss:ID="Default"/><Style ss:ID="blue"><Interior ss:Color="#0000FF" ss:Pattern="Solid"/>'
            f'</Style></Styles><Worksheet ss:Name="表"><Table>{cells}</Table>'
            f'<ConditionalFormatting xmlns="{namespace}:excel"><Range>{area}</Range>{conditions}'
            "</ConditionalFormatting></Worksheet></Workbook>"
        ).encode(),
        "a.xls",
    )


def when(qualifier: str, *values: str, style: str = "color:white") -> str:
    named = f"<Qualifier>{qualifier}</Qualifier>" if qualifier else ""
    texts = "".join(f"<Value{number}>{value}</Value{number}>" for number, value in enumerate(values, start=1))
    return f"<Condition>{named}{texts}<Format Style='{style}'/></Condition>"


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        (when("Equal", "0"), ["11.5", "-3", "20"]),
        (when("Less", "0", style="color:#FFFFFF"), ["0", "11.5", "20"]),
        (when("Between", "1", "15"), ["0", "-3", "20"]),
        (when("NotBetween", "-1", "15"), ["0", "11.5"]),
        (when("", "RC=0"), ["11.5", "-3", "20"]),
        (when("", 'RC[-1]="无"'), ["0", "11.5", "-3"]),
        (when("", 'RC1="乙"'), ["0", "-3", "20"]),
        (when("Greater", "R2C2"), ["0", "11.5", "-3"]),
        (when("Greater", "R[-1]C", style="text-line-through:single"), ["0", "11.5", "-3", "20"]),  # of no row above
        (when("Equal", "20", style="color:red;background:red"), ["0", "11.5", "-3"]),
        (when("Equal", "20", style="color:white;background:red"), ["0", "11.5", "-3", "20"]),
        (when("Equal", "20", style="font-weight:700"), ["0", "11.5", "-3", "20"]),
        (when("Equal", "20", style="color:red") + when("Greater", "1"), ["0", "-3", "20"]),  # the first counts
    ],
)
def test_what_a_condition_of_excel_2003_hides(condition: str, left: list[str]) -> None:
    document = in_xml(condition)
    assert seen(document) == left
    is_told = not {"11.5", "-3", "20"} <= set(left) or "R[-1]" in condition
    assert bool(document.remarks) == is_told


def test_a_condition_of_excel_2003_on_a_colour() -> None:
    assert seen(in_xml(when("Equal", "20"), style="blue")) == ["0", "11.5", "-3", "20"]
    assert seen(in_xml(when("Equal", "20"), area="C2")) == ["0", "11.5", "-3"]
    assert seen(in_xml(when("Equal", "20"), area="R1:R3,R4C1")) == ["0", "11.5", "-3", "20"]


@pytest.mark.parametrize("formula", ["SUM(RC)=0", "Sheet2!RC=0", "MOD(ROW(),2)=0", "RC[-9]=0", "R[-1]C&gt;0"])
def test_a_condition_of_excel_2003_that_nobody_works_out_is_told(formula: str) -> None:
    document = in_xml(when("", formula))
    assert seen(document) == ["0", "11.5", "-3", "20"]
    assert "conditional format" in " ".join(document.remarks)


@pytest.mark.parametrize(("rows", "columns"), [(20_000, 1), (2, 10_000)])
def test_a_format_for_each_of_many_cells_takes_no_time(rows: int, columns: int) -> None:
    """As spreadsheets leave them whose rows were moved about."""
    cells = {row: {column: Cell("0", column) for column in range(columns)} for row in range(1, rows + 1)}
    sheet = Sheet("支出表", cells)
    places = [(1 + number % rows, number % columns) for number in range(6000)]
    looks = [Conditional(((*place, *place),), ("=0",), hides=True) for place in places]
    start = time.process_time()
    apply(looks, sheet, frozenset())
    assert time.process_time() - start < 1
    assert sum(map(len, sheet.rows.values())) == rows * columns - 6000


def test_each_part_of_a_condition_is_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loader.documents.readers.workbooks.conditions._MOST_STEPS", 5)
    for condition, unsettled in (("AND(A1>0,A1<20)", []), ("AND(A1>0,A1<20,A1<>0)", ["row 2, column 1"])):
        sheet = Sheet("支出表", {row: {0: Cell("11.50", 0)} for row in (1, 2)})
        apply([Conditional(((1, 0, 2, 0),), (condition,), hides=True)], sheet, frozenset())
        assert sheet.unsettled == unsettled


_WHITE_INK = bytes(80) + struct.pack("<I", 9) + bytes(34)
_STRUCK_OUT = bytes(68) + b"\x80" + bytes(11) + b"\xff\xff\xff\xff" + bytes(34)
_RED_GROUND = struct.pack("<HH", 1 << 10, 10 << 7)
_OF_FONT, _OF_FILL, _OF_FORMAT = 1 << 26, 1 << 29, 1 << 25
_IS_TEXT = b"\x4c\x00\x00\xff\xc0" + b"\x17\x01\x01\x32\x75" + b"\x0b"  # A1="甲", to the left of the cell


def in_records(kind: int, operator: int, formula: bytes, stated: int, look: bytes, is_own: int = 0) -> Document:
    """A workbook of Excel 97 with a column of labels, and one of figures with a conditional format."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("支出表")
    for row, (label, value) in enumerate(zip("甲乙丙", (11.5, 0, 21.5), strict=True)):
        sheet.write(row, 0, label)
        sheet.write(row, 1, value)
    area = struct.pack("<4H", 0, 2, 1, 1)
    head = struct.pack("<BBHHIH", kind, operator, len(formula), 0, stated, is_own)
    records = ((0x01B0, b"\x01\x00\x01\x00" + area + b"\x01\x00" + area), (0x01B1, head + look + formula))
    written = b"".join(struct.pack("<HH", number, len(data)) + data for number, data in records)
    plain = workbook.get_biff_data()
    return read(plain[:-4] + written + plain[-4:], "a.xls")


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ((1, 6, b"\x1e\x0c\x00", _OF_FONT, _WHITE_INK), ["21.5"]),  # less than 12
        ((1, 6, b"\x1e\x0c\x00", _OF_FONT | _OF_FILL, _WHITE_INK + _RED_GROUND), ["11.5", "0", "21.5"]),
        ((1, 5, b"\x1f" + struct.pack("<d", 20.5), _OF_FONT, _STRUCK_OUT), ["11.5", "0"]),
        ((2, 0, _IS_TEXT, _OF_FONT, _WHITE_INK), ["0", "21.5"]),
        (
            (2, 0, _IS_TEXT + b"\x4c\x00\x00\x00\xc0\x1e\x00\x00\x0d\x42\x02\x24\x00", _OF_FONT, _WHITE_INK),  # and >0
            ["0", "21.5"],
        ),
        ((1, 5, b"\x1e\x14\x00", _OF_FORMAT, b"\x08\x00\x03\x00\x00;;;", 1), ["11.5", "0"]),
    ],
)
def test_what_a_condition_of_excel_97_hides(rule: tuple[int, int, bytes, int, bytes], left: list[str]) -> None:
    document = in_records(*rule)
    assert seen(document) == left
    assert bool(document.remarks) == (len(left) < 3)


def test_a_condition_of_excel_97_that_nobody_works_out_is_told() -> None:
    for formula, look in ((b"\x05", _WHITE_INK), (b"\x1d\x01", b"")):
        document = in_records(2, 0, formula, _OF_FONT, look)
        assert seen(document) == ["11.5", "0", "21.5"]
        assert "conditional format" in " ".join(document.remarks)
