"""Workbooks and csv as programs really write them: each of them says what the sample says."""

from __future__ import annotations

import codecs
import datetime
import io
import re
from collections.abc import Callable
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import openpyxl
import pytest
import xlrd
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from loader.documents.readers import read
from synthetic import workbooks
from synthetic.workbooks import zipped
from tests.sound_documents import (
    FIGURES,
    SHEETS,
    TEXTS,
    figures,
    filed,
    main_part_elsewhere,
    members,
    renamed,
    replaced,
    saved,
    separated,
    sound,
    texts,
)

STRING = r"<si><t[^>]*>([^<]*)</t></si>"


def shared(write: Callable[[str], str]) -> bytes:
    """A workbook whose table of strings writes each text in some way."""
    return replaced("xlsx", STRING, lambda found: f"<si>{write(found[1])}</si>", "xl/sharedStrings.xml")


def inline() -> bytes:
    """A workbook with all texts in their cells, as some programs write it."""
    strings = re.findall(STRING, members(sound("xlsx"))["xl/sharedStrings.xml"].decode())

    def text(found: re.Match[str]) -> str:
        return f't="inlineStr"><is><t xml:space="preserve">{strings[int(found[1])]}</t></is>'

    found: dict[str, str | bytes] = dict(members(replaced("xlsx", r't="s"><v>(\d+)</v>', text, "xl/worksheets/")))
    del found["xl/sharedStrings.xml"]
    return zipped(found)


def strict() -> bytes:
    """A workbook in the strict variant of the standard."""
    names = {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
    }
    found = members(sound("xlsx"))
    for old, new in names.items():
        found = {name: content.replace(old.encode(), new.encode()) for name, content in found.items()}
    return zipped(dict(found))


def bare_records() -> bytes:
    """The records of an xls without the file system around them."""
    container = xlrd.compdoc.CompDoc(sound("xls"), logfile=io.StringIO())
    content, start, length = container.locate_named_stream("Workbook")
    return bytes(content[start : start + length])


def styled_rows() -> bytes:
    """A workbook whose first sheets say that they have all rows and columns that there can be; one has many of them."""
    rows = "".join(f'<row r="{row}" spans="1:8"><c r="A{row}" s="1"/></row>' for row in range(900, 100_000))
    found = members(replaced("xlsx", r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', "xl/worksheets/"))
    name = "xl/worksheets/sheet2.xml"
    found[name] = found[name].replace(b"</sheetData>", f"{rows}</sheetData>".encode())
    return zipped(dict(found))


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "names with backslashes": lambda: renamed("xlsx", lambda name: name.replace("/", "\\")),
    "names in other letters": lambda: renamed("xlsx", lambda name: name.replace("worksheets", "Worksheets")),
    "targets from the root, as WPS writes them": lambda: replaced(
        "xlsx", r'Target="/?(?:xl/)?', 'Target="/xl/', "xl/_rels/"
    ),
    "the workbook under another name": lambda: main_part_elsewhere("xlsx", "workbook", "workbook2"),
    "no dimension": lambda: replaced("xlsx", r"<dimension [^>]*/>", "", "xl/worksheets/"),
    "many rows with a style and no text": styled_rows,
    "the strict variant": strict,
    "texts in their cells": inline,
    "shared strings that no relation names": lambda: replaced(
        "xlsx", r'<Relationship [^>]*"sharedStrings.xml"/>', "", "xl/_rels/"
    ),
    "shared strings with spaces kept": lambda: shared(
        lambda text: f'<t xml:space="preserve">  {text}&#10;_x000D_ </t>'
    ),
    "shared strings with their reading": lambda: shared(
        lambda text: f'<t>{text}</t><rPh sb="0" eb="2"><t>dú yīn</t></rPh><phoneticPr fontId="1"/>'
    ),
    "rich shared strings": lambda: shared(
        lambda text: f'<r><rPr><b/></rPr><t xml:space="preserve">{text}</t></r><r><t></t></r><rPh sb="0"><t>x</t></rPh>'
    ),
    "xls without a file system": bare_records,
    "XML in GBK that says gb2312": lambda: (
        sound("xml2003").decode().replace("UTF-8", "gb2312").replace("</Styles>", "</Styles><!--㛃€-->")
    ).encode("gb18030"),
    "XML in GBK that says nothing": lambda: sound("xml2003").decode().replace(' encoding="UTF-8"', "").encode("gbk"),
    "XML in GBK that says UTF-8": lambda: sound("xml2003").decode().encode("gbk"),
    "XML after blank lines": lambda: b"\r\n\r\n" + sound("xml2003"),
    "XML in UTF-16": lambda: sound("xml2003").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "XML with rich text, comments and readings": lambda: replaced(
        "xml2003",
        r'<Data ss:Type="String">([^<]*)</Data>',
        r'<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><Font>\1</Font></ss:Data>'
        r"<Comment><ss:Data>批注</ss:Data></Comment><PhoneticText>du</PhoneticText>",
    ),
    "ods with readings, notes and hidden fields": lambda: replaced(
        "ods",
        r"<text:p>([^<]*)</text:p>",
        r"<office:annotation><text:p>批注</text:p></office:annotation><text:p><text:ruby><text:ruby-base>\1"
        r"</text:ruby-base><text:ruby-text>du</text:ruby-text></text:ruby>"
        r'<text:hidden-text text:is-hidden="true">9</text:hidden-text></text:p>',
        "content.xml",
    ),
    "ods in one file": lambda: members(sound("ods"))["content.xml"].replace(
        b"<office:document-content ",
        b'<?xml version="1.0"?><office:document-content'
        b' office:mimetype="application/vnd.oasis.opendocument.spreadsheet" ',
    ),
    "csv in GBK": lambda: separated(",", "gb18030"),
    "csv in UTF-8 with a mark": lambda: separated(",", "utf-8-sig"),
    "csv in UTF-32": lambda: separated(",", "utf-32"),
    "csv in GBK with the mark of UTF-8": lambda: b"\xef\xbb\xbf" + separated(",", "gb18030"),
    "csv with semicolons": lambda: separated(";", "utf-8"),
    "tabs and quotes, in UTF-16": lambda: separated("\t", "utf-16"),
    "tabs and quotes around codes only": lambda: workbooks.csv(SHEETS, "\t", "utf-8"),
    "csv with spaces before its quotes": lambda: separated(",", "utf-8").replace(b',"', b', "'),
}


@pytest.mark.parametrize("way", WORKBOOKS)
def test_workbooks(way: str) -> None:
    disclosure = filed(WORKBOOKS[way]())
    assert texts(disclosure) == TEXTS
    assert figures(disclosure) == FIGURES


def test_ods_that_stores_values_only() -> None:
    content = replaced("ods", r'(office:value="[^"]*">)<text:p>[^<]*</text:p>', r"\1", "content.xml")
    assert figures(filed(content)) == FIGURES


def test_dates_from_1904() -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active["A1"] = 45296
    workbook.active["A1"].number_format = "yyyy/m/d"
    [row] = read(saved(workbook), "a.xlsx").grids[0].rows
    assert row.text == "2028/1/6"


def test_dates_in_words_of_workbooks_that_count_from_1904() -> None:
    workbook = openpyxl.Workbook(iso_dates=True)
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active["A1"] = datetime.date(2028, 1, 6)
    workbook.active["A1"].number_format = "yyyy/m/d"
    [row] = read(saved(workbook), "a.xlsx").grids[0].rows
    assert row.text == "2028/1/6"


def test_dates_of_xml_that_counts_from_1904() -> None:
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"
    content = (
        f'<Workbook xmlns="{namespace}" xmlns:ss="{namespace}"><ExcelWorkbook><Date1904/></ExcelWorkbook>'
        '<Styles><Style ss:ID="day"><NumberFormat ss:Format="yyyy/m/d"/></Style></Styles>'
        '<Worksheet ss:Name="a"><Table><Row><Cell ss:StyleID="day">'
        '<Data ss:Type="DateTime">2028-01-06T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    [row] = read(content.encode(), "a.xml").grids[0].rows
    assert row.text == "2028/1/6"


OPEN, CLOSE = "<office:body><office:spreadsheet>", "</office:spreadsheet></office:body>"


def test_cells_of_ods_that_are_repeated_less_than_once_stand_once() -> None:
    cells = "".join(
        f'<table:table-cell table:number-columns-repeated="{times}" office:value-type="float" office:value="{value}"/>'
        for times, value in ((1, 11.5), (0, 20), (-1, 30))
    )
    row = f'<table:table-row table:number-rows-repeated="0">{cells}</table:table-row>'
    [grid] = read(workbooks.ods_of(f"{OPEN}<table:table>{row}</table:table>{CLOSE}"), "a.ods").grids
    assert [cell.text for cell in grid.rows[0].cells] == ["11.5", "20", "30"]


def test_a_row_of_xml_that_is_given_twice_is_told() -> None:
    content = sound("xml2003").replace(b'<Row ss:Index="2">', b'<Row ss:Index="1">', 1)
    assert any("(" in remark and "twice" in remark for remark in read(content, "a.xml").remarks)


def test_a_hidden_sheet_of_a_web_archive_is_left_out() -> None:
    options = "<xml><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></xml>"
    archive = MIMEMultipart("related")
    for head, text in ((options, "旧"), ("", "新")):
        archive.attach(MIMEText(f"<html><head>{head}</head><body>{text}</body></html>", "html", "utf-8"))
    document = read(codecs.BOM_UTF8 + archive.as_bytes(), "a.mht")
    assert [row.text for grid in document.grids for row in grid.rows] == ["新"]
    assert document.remarks == ("the hidden sheet 'html' was left out",)
