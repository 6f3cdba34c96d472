"""Documents as offices and their programs really write them: each of them says what the sample says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from functools import cache
from html import escape, unescape
from pathlib import Path

import openpyxl
import psycopg
import pytest
import xlrd
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject
from reportlab.lib.colors import black, blue, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from loader.documents.grid import DocumentError
from loader.documents.readers import read, scan
from loader.documents.wording import figure
from synthetic import pages, workbooks
from synthetic.workbooks import sheets_of, zipped
from tests.conftest import SAMPLE, Run
from tests.test_formats import EXPECTED, figures, filed, saved, texts

TEXT = SAMPLE.read_text(encoding="utf-8")
SHEETS = sheets_of(TEXT)
FIGURES = figures(EXPECTED)
TEXTS = texts(EXPECTED)


@cache
def sound(kind: str) -> bytes:
    """The sample in one format, without any mess."""
    forms = pages.forms_of(TEXT)
    match kind:
        case "docx":
            return pages.docx_of(TEXT)
        case "ofd":
            return pages.ofd(pages.drawings_of(forms))
    made: bytes = getattr(workbooks, kind)(SHEETS)
    return made


def members(content: bytes) -> dict[str, bytes]:
    """The files in a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def renamed(kind: str, change: Callable[[str], str]) -> bytes:
    """A package whose members have other names."""
    return zipped({change(name): content for name, content in members(sound(kind)).items()})


def replaced(kind: str, pattern: str, by: str | Callable[[re.Match[str]], str], part: str = "") -> bytes:
    """A document with its text or its parts changed by a regular expression, which must be found."""
    if not part:
        changed, count = re.subn(pattern, by, sound(kind).decode(), flags=re.DOTALL)
        assert count
        return changed.encode()
    found = members(sound(kind))
    total = 0
    for name in [name for name in found if name.startswith(part)]:
        changed, count = re.subn(pattern, by, found[name].decode(), flags=re.DOTALL)
        found[name] = changed.encode()
        total += count
    assert total
    return zipped(dict(found))


# ---------------------------------------------------------------------------- workbooks

INLINE = r'<c r="(\w+)"([^>]*?) t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>'
STRINGS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"


def shared(write: Callable[[str], str], related: bool = True) -> bytes:
    """A workbook with all texts in a table of strings, each written in some way; ``related``: the workbook says so."""
    strings: list[str] = []

    def moved(found: re.Match[str]) -> str:
        strings.append(write(escape(unescape(found[3]))))
        return f'<c r="{found[1]}"{found[2]} t="s"><v>{len(strings) - 1}</v></c>'

    found: dict[str, str | bytes] = dict(members(replaced("xlsx", INLINE, moved, "xl/worksheets/")))
    items = "".join(f"<si>{item}</si>" for item in strings)
    found["xl/sharedStrings.xml"] = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{items}</sst>'
    )
    if related:
        relations = members(sound("xlsx"))["xl/_rels/workbook.xml.rels"].decode()
        relation = f'<Relationship Id="rIdS" Type="{STRINGS}" Target="/xl/sharedStrings.xml"/>'
        found["xl/_rels/workbook.xml.rels"] = relations.replace("</Relationships>", f"{relation}</Relationships>")
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


def main_part_elsewhere(kind: str, name: str, other: str) -> bytes:
    """A package whose main part has another name, as its relations and its list of types say."""
    family = "spreadsheetml.sheet" if kind == "xlsx" else "wordprocessingml.document"
    found: dict[str, str | bytes] = {
        member.replace(name, other): content.replace(f"{name}.xml".encode(), f"{other}.xml".encode())
        for member, content in members(sound(kind)).items()
    }
    content_type = f"application/vnd.openxmlformats-officedocument.{family}.main+xml"
    found["[Content_Types].xml"] = f'<Types><Override PartName="/{other}.xml" ContentType="{content_type}"/></Types>'
    return zipped(found)


def bare_records() -> bytes:
    """The records of an xls without the file system around them."""
    container = xlrd.compdoc.CompDoc(sound("xls"), logfile=io.StringIO())
    content, start, length = container.locate_named_stream("Workbook")
    return bytes(content[start : start + length])


def separated(delimiter: str, encoding: str) -> bytes:
    """All sheets as csv, with line breaks in some cells."""
    broken = [
        replace(s, cells=tuple(replace(c, text=c.text.replace("公积金", "公积\n金")) for c in s.cells)) for s in SHEETS
    ]
    return workbooks.csv(broken, delimiter, encoding)


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
    "shared strings": lambda: shared(lambda text: f"<t>{text}</t>"),
    "shared strings that no relation names": lambda: shared(lambda text: f"<t>{text}</t>", related=False),
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
    "ods with readings and notes": lambda: replaced(
        "ods",
        r"<text:p>([^<]*)</text:p>",
        r"<office:annotation><text:p>批注</text:p></office:annotation><text:p><text:ruby><text:ruby-base>\1"
        r"</text:ruby-base><text:ruby-text>du</text:ruby-text></text:ruby></text:p>",
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


# ---------------------------------------------------------------------------- web pages


def page(change: Callable[[str], str], encoding: str = "utf-8") -> bytes:
    """The page of the sample changed; something must have changed."""
    before = sound("html").decode()
    after = change(before)
    assert after != before or encoding != "utf-8"
    return after.encode(encoding)


def charset(name: str) -> Callable[[str], str]:
    """A page that states some encoding."""
    return lambda text: text.replace('charset="utf-8"', f'charset="{name}"')


def archived() -> bytes:
    """A page in a web archive, as Excel and report servers save it."""
    archive = MIMEMultipart("related")
    archive.attach(MIMEText("<html><body>框架</body></html>", "html", "utf-8"))
    archive.attach(MIMEText(sound("html").decode(), "html", "utf-8"))
    return archive.as_bytes()


PAGES: dict[str, Callable[[], bytes]] = {
    "says gb2312, is UTF-8": lambda: page(charset("gb2312")),
    "says UTF-8, is GBK": lambda: page(lambda text: text, "gb18030"),
    "says Latin, is GBK": lambda: page(charset("iso-8859-1"), "gb18030"),
    "says nothing, is GBK": lambda: page(lambda text: text.replace('<meta charset="utf-8">', ""), "gb18030"),
    "UTF-16 without a mark": lambda: page(charset("utf-16"), "utf-16-le"),
    "text before the first element": lambda: "部门预算\n".encode() + sound("html"),
    "an XHTML prolog": lambda: (
        (
            b'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
            b' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
        )
        + sound("html")
    ),
    "spaces of all kinds": lambda: page(
        lambda text: re.sub(r"<span>([^<]*)</span>", r"<span>&ensp;&#12288;\1&nbsp;&emsp;</span>", text)
    ),
    "hidden words in every cell": lambda: page(
        lambda text: text.replace("<p><span>", '<p><i style="DISPLAY: none">2023年</i><b hidden>x</b><span>')
    ),
    "a hidden line with another year": lambda: page(
        lambda text: text.replace("<body>", "<body><div style='display:none'>2023年部门预算公开</div>")
    ),
    "a hidden row with names of fields": lambda: page(
        lambda text: text.replace(
            "<table border=1><tr>", "<table><tr style='display:none'><td>FIELD_A<td>FIELD_B</tr><tr>"
        )
    ),
    "tables that come forth with their tabs": lambda: page(
        lambda text: text.replace("<table border=1>", "<div style='display:none'><table>").replace(
            "</table>", "</table></div>"
        )
    ),
    "a frame around every text": lambda: page(
        lambda text: re.sub(r"<p><span>([^<]*)</span>&nbsp;</p>", r"<table><tr><td>\1</td></tr></table>", text)
    ),
    "a web archive": archived,
    "spans with units and signs": lambda: page(
        lambda text: re.sub(r'(colspan|rowspan)="?(\d+)"?', lambda m: f'{m[1]}=" +{m[2]}px;"', text)
    ),
    "cells without rows": lambda: page(lambda text: re.sub(r"<tr[^>]*>(?=<t[dh])", "", text)),
    "figures in input boxes": lambda: page(
        lambda text: re.sub(r"<span>([\d.,]+)</span>", r'<input name=a value="\1"><input type=hidden value=9>', text)
    ),
    "figures to choose from": lambda: page(
        lambda text: re.sub(
            r"<span>([\d.,]+)</span>", r"<select><option>9.99<option selected>\1<option>7</select>", text
        )
    ),
    "figures in text areas": lambda: page(
        lambda text: re.sub(r"<span>([\d.,]+)</span>", r"<textarea>\1</textarea>", text)
    ),
    "footnotes behind figures": lambda: page(
        lambda text: re.sub(r"<span>([\d.,]+)</span>", r"<span>\1</span><sup>1</sup>", text)
    ),
    "struck out figures": lambda: page(
        lambda text: re.sub(
            r"<span>([\d.,]+)</span>",
            r'<del>9</del><s>8</s><i style="text-decoration: line-through">7</i><span>\1</span>',
            text,
        )
    ),
    "words that styles put out of sight": lambda: page(
        lambda text: re.sub(r"<span>([\d.,]+)</span>", lambda figure: out_of_sight() + figure[0], text)
    ),
    "marks that styles lift": lambda: page(
        lambda text: re.sub(
            r"<span>([\d.,]+)</span>",
            r'<span>\1</span><i style="vertical-align:4pt">1</i><i style="position:relative;top:-.3em">2</i>',
            text,
        )
    ),
    "words hidden by rules of the page": lambda: page(
        lambda text: re.sub(
            r"<p><span>",
            '<p><b class="note a">9</b><i class=b>8</i><u id=c>7</u><span class=e><b class=d>6</b></span>'
            "<font color=white>5</font><span>",
            text,
        ).replace(
            "</head>",
            "<style>.a { display: none } /* .d{} */ p > i.b { visibility:hidden }\n#c, .x {font-size:0}"
            " p .e .d{opacity: 0.0} @media print { span { display: none } } .x span {display:none}"
            " .a::before{color:red} .note{display:inline} .a.note{display:none}</style></head>",
        )
    ),
}


OUT_OF_SIGHT = (
    *("color:transparent", "color:rgba(0, 0, 0, 0)", "color:rgb(255 255 255)", "color:#fefefe", "font-size:1px"),
    *("position:absolute; left:-9999px", "text-indent:-999em", "transform:scale(0)", "clip:rect(0, 0, 0, 0)"),
    *("height:0; overflow:hidden", "clip-path:inset(50%)"),
)


def out_of_sight() -> str:
    """Digits that nobody sees."""
    return "".join(f'<span style="{style}">9</span>' for style in OUT_OF_SIGHT)


def test_numbers_above_each_other_stay_two() -> None:
    cells = (
        '<td><span style="display:block">11</span><span style="display:block">50</span></td>',
        "<td><math><mfrac><mn>11</mn><mn>50</mn></mfrac></math></td>",
        '<td style="color:#fff;background:#369;height:0;overflow:hidden">7</td>',
    )
    (row,) = read(f"<html><table><tr>{''.join(cells)}</tr></table></html>".encode(), "a.html").grids[0].rows
    assert [cell.text for cell in row.cells] == ["11 / 50", "11/50", "7"]


@pytest.mark.parametrize("way", PAGES)
def test_pages(way: str) -> None:
    disclosure = filed(PAGES[way]())
    assert texts(disclosure) == TEXTS
    assert figures(disclosure) == FIGURES


def test_rows_beside_a_table_in_a_table() -> None:
    inner = "<table><tr><td>一级指标<td>指标值</tr><tr><td>产出指标<td>6</tr></table>"
    outer = f"<table><tr><td>项目名称<td>会议费</tr><tr><td colspan=2>{inner}</td></tr></table>"
    rows = read(f"<html><body>{outer}</body></html>".encode(), "a.html").grids[0].rows
    assert [(row.in_table, [cell.text for cell in row.cells]) for row in rows] == [
        (True, ["项目名称", "会议费"]),
        (True, ["一级指标", "指标值"]),
        (True, ["产出指标", "6"]),
    ]


def test_a_damaged_character_does_not_change_the_encoding() -> None:
    content = sound("html")
    at = content.index("注：".encode())
    document = read(content[:at] + b"\xff" + content[at:], "a.html")
    [remark] = document.remarks
    assert remark.startswith("1 characters could not be decoded, the first in line")
    assert figures(filed(content[:at] + b"\xff" + content[at:])) == FIGURES


def cells(body: str) -> list[tuple[str, int, int, int]]:
    """Text, column and spans of all cells of a page."""
    rows = read(f"<html><body>{body}</body></html>".encode(), "a.html").grids[0].rows
    return [cell[:4] for row in rows for cell in row.cells]


def test_no_cell_reaches_beyond_its_group_of_rows() -> None:
    head = "<thead><tr><th rowspan=0>a<th>b<tr><th rowspan=9>c</thead>"
    assert cells(f"<table>{head}<tbody><tr><td>d<td>e</table>") == [
        ("a", 0, 1, 2),
        ("b", 1, 1, 1),
        ("c", 1, 1, 1),
        ("d", 0, 1, 1),
        ("e", 1, 1, 1),
    ]


def test_what_stands_beside_the_cells_of_a_table_stands_above_it() -> None:
    rows = read("<table><caption>收支总表</caption>单位：万元<tr><td>a<td>b</table>".encode(), "a.html").grids[0].rows
    assert [(row.in_table, row.text) for row in rows] == [(False, "收支总表"), (False, "单位：万元"), (True, "a b")]


def test_two_figures_in_a_cell_are_not_one() -> None:
    assert cells("<table><tr><td><p>11</p><p>50</p><td>11<br>.50<td>1,<br>150<td>11&#x2028;50</table>") == [
        ("11 / 50", 0, 1, 1),
        ("11.50", 1, 1, 1),
        ("1,150", 2, 1, 1),
        ("11 / 50", 3, 1, 1),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<input value=11><input value=50>",
        "11<img src=a.gif>50",
        "11<button>50</button>",
        "<i style='float:left'>11</i><i style='float:right'>50</i>",
        "<div style='display:flex'><i>11</i><i>50</i></div>",
        "<i style='display:table-cell'>11</i><i style='display:table-cell'>50</i>",
        "<i style='position:absolute'>11</i><i style='position:absolute;left:60px'>50</i>",
    ],
)
def test_boxes_beside_one_another_stay_apart(body: str) -> None:
    assert cells(f"<table><tr><td>{body}</table>")[0][0] == "11 / 50"


@pytest.mark.parametrize(
    "part",
    [
        "<i style='color:#eee;background:#eee'>9</i>",
        "<i style='color:hsl(0, 0%, 100%)'>9</i>",
        "<i style='position:absolute; right:-9999px'>9</i>",
        "<i style='clip-path:circle(0)'>9</i>",
        "<i style='content-visibility:hidden'>9</i>",
        "<dialog>9</dialog>",
        "<svg><title>9</title></svg>",
    ],
)
def test_hardly_seen_parts_of_a_cell(part: str) -> None:
    assert cells(f"<table><tr><td>{part}11.50</table>")[0][0] == "11.50"


@pytest.mark.parametrize("colour", ["hsl(0, 100%, 50%)", "hsl(0 100% 50% / 100%)", "hsl(100, 0%, 20%)"])
def test_letters_in_a_strong_colour_are_seen(colour: str) -> None:
    assert cells(f"<table><tr><td style='color:{colour}'>11.50</table>")[0][0] == "11.50"


def test_what_is_raised_in_a_unit_is_kept() -> None:
    body = "<table><tr><td>m<sup>2</sup><td>CO<sub>2</sub><td>教育支出<sup>①</sup><td><sup>5.00</sup></table>"
    assert [text for text, *_ in cells(body)] == ["m2", "CO2", "教育支出", "5.00"]


@pytest.mark.parametrize("style", ["font-size:.12rem", "width:1%; overflow:hidden", "transform:scale(0.5)"])
def test_what_is_small_only_by_its_number_is_seen(style: str) -> None:
    assert cells(f'<tr><td><b style="{style}">11.50</b></td></tr>')[0][0] == "11.50"


def test_white_letters_on_a_colour_are_seen() -> None:
    body = "<table><tr bgcolor=blue><td style='color:#FFF'>a<tr><td style='color: rgb(255, 255, 255)'>b<td>c</table>"
    assert [text for text, *_ in cells(body)] == ["a", "c"]


# ---------------------------------------------------------------------------- text


def with_line(change: Callable[[str], str]) -> bytes:
    """The sample as text, its lines changed."""
    return "\n".join(map(change, TEXT.split("\n"))).encode()


TEXTS_AS_SENT: dict[str, Callable[[], bytes]] = {
    "ended as by DOS": lambda: TEXT.encode("gb18030") + b"\x1a",
    "padded": lambda: TEXT.encode() + bytes(5000),
    "padded in GBK": lambda: TEXT.encode("gb18030") + bytes(511) + b"\x1a",
    "zeros in it": lambda: TEXT.replace("\n", "\n\0", 3).encode("gb18030"),
    "breaks within cells": lambda: TEXT.replace("公积金", "公\x0b积\u2028金").encode(),
    "line separators": lambda: TEXT.replace("\n", "\u2028").encode(),
    "bars": lambda: separated("|", "gb18030"),
    "circumflexes": lambda: separated("^", "utf-8"),
    "Markdown": lambda: in_markdown(),
    "a tab before every figure": lambda: re.sub(r'(?<=[,\n])"?([\d.]+)"?(?=[,\n])', r"\t\1", commas()).encode(),
    "a tab behind every figure": lambda: re.sub(r'(?<=[,\n])"?([\d.]+)"?(?=[,\n])', r"\1\t", commas()).encode(),
    "an apostrophe before every figure": lambda: re.sub(r'(?<=,)"?([\d.]+)"?(?=[,\n])', r"'\1", commas()).encode(),
}


def commas() -> str:
    return workbooks.csv(SHEETS, ",", "utf-8").decode().replace("\r", "")


def in_markdown() -> bytes:
    """The sample with bars around its cells, and a rule beneath the first row of every table."""
    lines = [""]
    for line in TEXT.split("\n"):
        cells = line.split("\t")
        is_below = lines[-1].startswith("|")
        lines.append(f"| {' | '.join(cells)} |" if len(cells) > 1 else line)
        if len(cells) > 1 and not is_below:
            lines.append("|" + " --- |" * len(cells))
    return "\n".join(lines).encode()


@pytest.mark.parametrize("way", TEXTS_AS_SENT)
def test_texts(way: str) -> None:
    content = TEXTS_AS_SENT[way]()
    assert read(content, "a").cut_off == ()
    assert figures(filed(content)) == FIGURES
    assert texts(filed(content)) == TEXTS


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_damaged_character_of_a_text_is_named(encoding: str) -> None:
    content = TEXT.encode(encoding)
    at = content.index("注：".encode(encoding))
    line = content.count(b"\n", 0, at) + 1
    damaged = content[:at] + b"\xff" + content[at:]
    assert read(damaged, "a.txt").remarks == (f"1 characters could not be decoded, the first in line {line}",)
    assert figures(filed(damaged)) == FIGURES


# ---------------------------------------------------------------------------- documents cut off


def until(content: bytes, mark: str, more: int) -> bytes:
    """What a document holds as far as some bytes behind a mark."""
    return content[: content.index(mark.encode()) + more]


CUT_OFF: dict[str, tuple[Callable[[], bytes], str]] = {
    "a page within a table": (lambda: until(sound("html"), "支出总表", 5000), "within a table, in row"),
    "a page between tables": (lambda: until(sound("html"), "</table>", 8) + b"</td></tr></table>", "closing tags"),
    "a text within a row": (lambda: until(TEXT.encode(), "\t一般行政管理事务\t", 30), "within a row of a table, line"),
    "a text within the blank cells of a row": (
        lambda: until(TEXT.encode(), "\t住房改革支出\t", 32),
        "within a row of a table, line",
    ),
    "a text within a character": (lambda: until(TEXT.encode(), "一般行政管理事务", 2), "within a character, in line"),
    "csv within a row": (
        lambda: commas()[: commas().index("一般行政管理事务")].encode(),
        "within a row of a table, line",
    ),
    "csv within quotation marks": (lambda: commas().encode() + b'"one\ntwo', "is not closed"),
    "a web archive": (lambda: archived()[:-30000], "closing tags|within a table|boundary"),
}


@pytest.mark.parametrize("way", CUT_OFF)
def test_a_document_that_breaks_off_says_so(way: str) -> None:
    make, place = CUT_OFF[way]
    [said] = read(make(), "a").cut_off
    assert re.search(place, said)


def test_a_load_says_that_a_document_breaks_off(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "001001.html"
    path.write_bytes(until(sound("html"), "一般公共预算支出表", 9000))
    said = run("load", path).stderr
    assert "001001.html: incomplete: the page ends within a table, in row" in said
    assert "001001.html: incomplete: the contents name" in said
    kinds = database.execute("select count(*) from meta.finding where kind in ('incomplete', 'forms_cut_off')")
    assert kinds.fetchone() == (2,)


def test_a_load_says_that_no_form_states_a_money_unit(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    before, after = sample.read_text(encoding="utf-8").rsplit("单位：万元", 1)
    before = re.sub("(金额)?单位：万元", "", before)
    path = tmp_path / "001001.txt"
    path.write_text(before + after, encoding="utf-8")
    assert run("load", path).stderr.count("001001.txt: no money unit is stated in 18 forms, 万元 assumed") == 1
    # one form that states it speaks for the others
    path.write_text(f"{before}单位：万元{after}", encoding="utf-8")
    assert "assumed" not in run("load", path, "--supersede").stderr


# ---------------------------------------------------------------------------- Word

RUN = r"<w:r><w:t>([^<]*)</w:t></w:r>"
TABLE = r"<w:tbl>.*?</w:tbl>"
ROW = r"<w:tr>(?:(?!</w:tr>).)*?896\.28.*?</w:tr>"


def word(pattern: str, by: str | Callable[[re.Match[str]], str]) -> bytes:
    """The sample in Word with its main part changed."""
    return replaced("docx", pattern, by, "word/document.xml")


def struck(row: re.Match[str]) -> str:
    """A row that was deleted while changes were tracked, and the row that took its place."""
    mark = '<w:tr><w:trPr><w:del w:id="5" w:author="审核"/></w:trPr>'
    return row[0].replace("<w:tr>", mark, 1).replace("896.28", "555.55") + row[0]


def in_a_box(table: re.Match[str]) -> str:
    """A table in a text box, which Word writes twice."""
    box = f"<w:txbxContent>{table[0]}</w:txbxContent>"
    return (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


def one_xml_file() -> bytes:
    """The package as one XML file."""
    parts = "".join(
        f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{content.decode()}</pkg:xmlData></pkg:part>'
        for name, content in members(sound("docx")).items()
    )
    namespace = "http://schemas.microsoft.com/office/2006/xmlPackage"
    return f'<?xml version="1.0"?><pkg:package xmlns:pkg="{namespace}">{parts}</pkg:package>'.encode()


def singly(found: re.Match[str]) -> str:
    """Every character in a run of its own."""
    characters = re.findall(r"&\w+;|.", found[1])
    return "".join(f'<w:r w:rsidR="00A"><w:t xml:space="preserve">{c}</w:t></w:r>' for c in characters)


MONEY = r"(<w:r>(<w:t>([\d.,]+\.\d\d)</w:t>)</w:r>)"
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def unseen(money: re.Match[str]) -> str:
    """A figure after others that are struck out, hidden, white or tiny."""
    looks = ["<w:strike/>", "<w:dstrike/>", "<w:vanish/>", '<w:sz w:val="2"/>', '<w:w w:val="1"/>']
    looks += ['<w:color w:val="FFFFFF"/>', '<w:color w:val="FEFEFE"/>', '<w:color w:themeColor="background1"/>']
    return "".join(f"<w:r><w:rPr>{look}</w:rPr><w:t>9</w:t></w:r>" for look in looks) + money[1]


STYLES = """<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
    <w:style w:type="character" w:styleId="old"><w:rPr><w:strike/></w:rPr></w:style>
    <w:style w:type="character" w:styleId="older"><w:basedOn w:val="old"/></w:style>
    <w:style w:type="character" w:styleId="note"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
    <w:style w:type="paragraph" w:styleId="draft"><w:rPr><w:vanish/></w:rPr></w:style>
    <w:style w:type="table" w:styleId="blue"><w:tcPr><w:shd w:fill="4472C4"/></w:tcPr></w:style>
    </w:styles>"""


def with_styles(content: bytes) -> bytes:
    """A Word document with styles."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
    found: dict[str, str | bytes] = dict(members(content))
    found["word/styles.xml"] = STYLES
    found["word/_rels/document.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="styles.xml"/></Relationships>'
    )
    return zipped(found)


def by_styles(money: re.Match[str]) -> str:
    """A figure, and what styles hide or raise beside it."""
    older, note = (f'<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr><w:t>9</w:t></w:r>' for style in ("older", "note"))
    return older + money[1] + note + '</w:p><w:p><w:pPr><w:pStyle w:val="draft"/></w:pPr><w:r><w:t>8</w:t></w:r>'


def as_symbols(money: re.Match[str]) -> str:
    """A figure whose characters are symbols."""
    return "".join(f'<w:r><w:sym w:font="Symbol" w:char="F0{ord(c):02X}"/></w:r>' for c in money[3])


def hidden_before(row: re.Match[str]) -> str:
    """A hidden row, one of no height, and the row that is seen."""
    other = row[0].replace("896.28", "555.55")
    low = '<w:tr><w:trPr><w:trHeight w:val="1" w:hRule="exact"/></w:trPr>'
    return other.replace("<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>", 1) + other.replace("<w:tr>", low, 1) + row[0]


def split_columns(table: re.Match[str]) -> str:
    """A table of narrow columns, each split in two by a blank row."""
    first = re.search(r"<w:tr>.*?</w:tr>", table[0], re.DOTALL)
    assert first is not None
    width = sum(map(int, re.findall(r'gridSpan w:val="(\d+)"', first[0])))
    wider = re.sub(r'gridSpan w:val="(\d+)"', lambda m: f'gridSpan w:val="{2 * int(m[1])}"', table[0])
    grid = "<w:tblGrid>" + '<w:gridCol w:w="280"/>' * (2 * width) + "</w:tblGrid>"
    blank = f"<w:tr>{'<w:tc><w:p/></w:tc>' * (2 * width)}</w:tr>"
    return wider.replace("<w:tbl>", f"<w:tbl>{grid}").replace("</w:tbl>", f"{blank}</w:tbl>")


def embedding(content: bytes) -> bytes:
    """A Word document with another document in the place of its text."""
    key = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    found = members(pages.docx(f'<w:altChunk xmlns:r="{key}" r:id="rId7"/>'))
    relation = f'<Relationship Id="rId7" Type="{key}/aFChunk" Target="/word/chunk"/>'
    found["word/chunk"] = content
    found["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relation}'
        "</Relationships>"
    ).encode()
    return zipped(dict(found))


WORD: dict[str, Callable[[], bytes]] = {
    "tracked changes": lambda: word(
        r"<w:r><w:t>([\d.,]+)</w:t></w:r>",
        r"<w:del><w:r><w:delText>9\1</w:delText></w:r></w:del><w:ins><w:r><w:t>\1</w:t></w:r></w:ins>",
    ),
    "deleted rows": lambda: word(ROW, struck),
    "tables in text boxes": lambda: word(TABLE, in_a_box),
    "tables in a table that arranges them": lambda: word(
        TABLE, lambda t: f"<w:tbl><w:tr><w:tc>{t[0]}<w:p/></w:tc></w:tr></w:tbl>"
    ),
    "a frame around every text": lambda: word(
        r"(<w:p>(?:(?!</?w:p>).)*</w:p>)(?=</w:tc>)", r"<w:tbl><w:tr><w:tc>\1</w:tc></w:tr></w:tbl><w:p/>"
    ),
    "content controls around rows": lambda: word(
        r"(<w:tr>.*?</w:tr>)", r"<w:sdt><w:sdtPr/><w:sdtContent>\1</w:sdtContent></w:sdt>"
    ),
    "a run for every character": lambda: word(RUN, singly),
    "calculated fields and ruby text": lambda: word(
        RUN,
        r"<w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r><w:r><w:ruby><w:rt><w:r><w:t>du</w:t></w:r></w:rt>"
        r"<w:rubyBase><w:r><w:t>\1</w:t></w:r></w:rubyBase></w:ruby></w:r>",
    ),
    "texts left in merged cells": lambda: word(r"(<w:vMerge/></w:tcPr><w:p>)", r"\1<w:r><w:t>旧</w:t></w:r>"),
    "the main part under another name": lambda: main_part_elsewhere("docx", "document", "document2"),
    "the strict variant": lambda: word(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ),
    "footnotes behind figures": lambda: word(
        MONEY, r'\1<w:r><w:rPr><w:b/><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'
    ),
    "what nobody sees": lambda: word(MONEY, unseen),
    "marks that are small and lifted": lambda: word(
        MONEY, r'\1<w:r><w:rPr><w:position w:val="8"/><w:sz w:val="12"/></w:rPr><w:t>1</w:t></w:r>'
    ),
    "what styles hide and raise": lambda: with_styles(word(MONEY, by_styles)),
    "white letters on the colour of the table's style": lambda: with_styles(
        replaced(
            "docx",
            r"<w:tbl>(.*?)</w:tbl>",
            lambda table: re.sub(
                MONEY,
                r'<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr>\2</w:r>',
                f'<w:tbl><w:tblPr><w:tblStyle w:val="blue"/></w:tblPr>{table[1]}</w:tbl>',
            ),
            "word/document.xml",
        )
    ),
    "white letters on a colour": lambda: word(
        MONEY, r'<w:r><w:rPr><w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="4472C4"/></w:rPr>\2</w:r>'
    ),
    "figures in formulas": lambda: word(MONEY, rf"<m:oMath {MATH}><m:r><m:t>\3</m:t></m:r></m:oMath>"),
    "figures in boxes": lambda: word(
        MONEY, r"<w:r><w:pict><w:txbxContent><w:p><w:r>\2</w:r></w:p></w:txbxContent></w:pict></w:r>"
    ),
    "digits that are symbols": lambda: word(MONEY, as_symbols),
    "hidden rows": lambda: word(ROW, hidden_before),
    "columns split by blank rows": lambda: word(TABLE, split_columns),
    "a page inside the document": lambda: embedding(sound("html")),
    "a web archive inside the document": lambda: embedding(archived()),
    "a Word document inside the document": lambda: embedding(sound("docx")),
    "one XML file": one_xml_file,
}


@pytest.mark.parametrize("way", WORD)
def test_word(way: str) -> None:
    assert figures(filed(WORD[way]())) == FIGURES


def test_what_nobody_sees_in_word_is_told() -> None:
    (remark,) = read(word(ROW, lambda row: re.sub(MONEY, unseen, row[0])), "a.docx").remarks
    assert "struck out, hidden, of the colour of their ground or too small were left out, such as 9, 9, 9" in remark


def test_documents_inside_one_another_end() -> None:
    content = sound("docx")
    for _ in range(5):
        content = embedding(content)
    with pytest.raises(DocumentError, match="documents inside one another"):
        read(content, "a.docx")


def word_cells(*paragraphs: str) -> list[str]:
    """The texts of the cells of a row, each of one paragraph."""
    cells = "".join(f"<w:tc><w:p>{paragraph}</w:p></w:tc>" for paragraph in paragraphs)
    rows = read(pages.docx(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"), "a.docx").grids[0].rows
    return [cell.text for row in rows for cell in row.cells]


def test_what_word_shows_of_formulas_and_symbols() -> None:
    fraction = "<m:f><m:num><m:r><m:t>11</m:t></m:r></m:num><m:den><m:r><m:t>50</m:t></m:r></m:den></m:f>"
    power = "<m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>4</m:t></m:r></m:sup></m:sSup>"
    minus = '<w:r><w:sym w:font="Symbol" w:char="F02D"/><w:t>11.50</w:t></w:r>'
    unknown = '<w:r><w:sym w:font="Office Marks" w:char="F0C1"/><w:t>11.50</w:t></w:r>'
    two = "<w:r><w:t>11</w:t><w:br/><w:t>50</w:t></w:r>"
    formulas = (f"<m:oMath {MATH}>{formula}</m:oMath>" for formula in (fraction, power))
    found = word_cells(*formulas, minus, unknown, two)
    assert found == ["11/50", "10^4", "\u221211.50", "\ufffd11.50", "11 / 50"]
    assert [figure(text) is None for text in found] == [True, True, False, True, True]


def test_numbers_that_a_formula_or_a_picture_parts() -> None:
    one, other = (f"<m:e><m:r><m:t>{number}</m:t></m:r></m:e>" for number in (11, 50))
    matrix, column = f"<m:m><m:mr>{one}{other}</m:mr></m:m>", f"<m:eqArr>{one}{other}</m:eqArr>"
    picture = "<w:r><w:t>11</w:t></w:r><w:r><w:drawing/></w:r><w:r><w:t>50</w:t></w:r>"
    found = word_cells(*(f"<m:oMath {MATH}>{formula}</m:oMath>" for formula in (matrix, column)), picture)
    assert found == ["11 50"] * 3


HARDLY_SEEN = {
    "of the colour of its ground": '<w:color w:val="EEEEEE"/><w:shd w:val="clear" w:fill="EEEEEE"/>',
    "of the colour of its marker": '<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>',
    "without a fill": '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w14:noFill/>'
    "</w14:textFill>",
    "small and lowered": '<w:position w:val="-6"/><w:sz w:val="12"/>',
}


@pytest.mark.parametrize("look", HARDLY_SEEN.values(), ids=HARDLY_SEEN)
def test_hardly_seen_parts_of_a_cell_in_word(look: str) -> None:
    mark = f"<w:r><w:rPr>{look}</w:rPr><w:t>9</w:t></w:r>"
    assert word_cells(f"{mark}<w:r><w:t>11.50</w:t></w:r>") == ["11.50"]


def test_deleted_cells_are_blank() -> None:
    mark = '<w:tcPr><w:cellDel w:id="1" w:author="a"/></w:tcPr>'
    row = "".join(f"<w:tc>{mark * (n == 1)}{pages.paragraph(str(n))}</w:tc>" for n in range(3))
    [found] = read(pages.docx(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"), "a.docx").grids[0].rows
    assert [(cell.text, cell.column) for cell in found.cells] == [("0", 0), ("2", 2)]


# ---------------------------------------------------------------------------- PDF and OFD


def drawn(write: Callable[[Canvas, float, float, str], None]) -> bytes:
    """Three forms of the sample as PDF, the texts written in some way."""
    return pages.pdf(pages.drawings_of(pages.forms_of(TEXT)[1:4]), write=write)


def ruled(rule: Callable[[Canvas, float, float, float, float], None]) -> bytes:
    """The same, the rules drawn in some way."""
    return pages.pdf(pages.drawings_of(pages.forms_of(TEXT)[1:4]), rule=rule)


def glyph_by_glyph(canvas: Canvas, x: float, y: float, text: str) -> None:
    for character in text:
        canvas.drawString(x, y, character)
        x += canvas.stringWidth(character)


def twice(canvas: Canvas, x: float, y: float, text: str) -> None:
    """How programs make bold letters of a font that has none."""
    canvas.drawString(x, y, text)
    canvas.drawString(x + 0.3, y, text)


def over_white(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.setFillColor(white)
    canvas.drawString(x, y - 0.5, "旧9.99")
    canvas.setFillColor(black)
    canvas.drawString(x, y, text)


def white_on_blue(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.setFillColor(blue)
    canvas.rect(x - 1, y - 2, 8 * len(text), 9, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.drawString(x, y, text)
    canvas.setFillColor(black)


def over_invisible(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.drawString(x, y, "旧8.88", mode=3)
    canvas.drawString(x, y, text, mode=0)


def beside_the_paper(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.drawString(x, y, text)
    canvas.drawString(x + 2000, y, "旧8.88")


def under_a_watermark(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.drawString(x, y, text)
    if "金额单位" in text:
        canvas.saveState()
        canvas.setFont("STSong-Light", 60)
        canvas.setFillGray(0.9)
        canvas.translate(250, 150)
        canvas.rotate(35)
        canvas.drawString(0, 0, "某区财政局")
        canvas.restoreState()


def dashed(canvas: Canvas, *ends: float) -> None:
    canvas.setDash(2, 1.5)
    canvas.line(*ends)


def in_pieces(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    for piece in range(8):
        start, end = piece / 8, (piece + 1) / 8
        canvas.line(x0 + (x1 - x0) * start, y0 + (y1 - y0) * start, x0 + (x1 - x0) * end, y0 + (y1 - y0) * end)


def doubled(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    across, up = (0.75, 0.0) if x0 == x1 else (0.0, 0.75)
    canvas.line(x0 - across, y0 - up, x1 - across, y1 - up)
    canvas.line(x0 + across, y0 + up, x1 + across, y1 + up)


def over_shades(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.setFillGray(0.9)
    canvas.rect(x0 - 2, y1 - 4, abs(x1 - x0) + 4, abs(y1 - y0) + 8, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.line(x0, y0, x1, y1)


PDF: dict[str, Callable[[], bytes]] = {
    "glyph by glyph": lambda: drawn(glyph_by_glyph),
    "bold by drawing twice": lambda: drawn(twice),
    "white texts": lambda: drawn(over_white),
    "white texts on blue": lambda: drawn(white_on_blue),
    "invisible texts": lambda: drawn(over_invisible),
    "texts beside the paper": lambda: drawn(beside_the_paper),
    "a watermark": lambda: drawn(under_a_watermark),
    "letters set apart": lambda: drawn(lambda canvas, x, y, text: canvas.drawString(x, y, text, charSpace=0.4)),
    "dashed rules": lambda: ruled(dashed),
    "rules in pieces": lambda: ruled(in_pieces),
    "double rules": lambda: ruled(doubled),
    "shaded cells": lambda: ruled(over_shades),
}


@cache
def plain_forms() -> list[tuple[str, ...]]:
    return rows(drawn(Canvas.drawString))


def rows(content: bytes) -> list[tuple[str, ...]]:
    return [tuple("".join(cell.text.split()) for cell in row.cells) for row in read(content, "a.pdf").grids[0].rows]


@pytest.mark.parametrize("way", PDF)
def test_pdf(way: str) -> None:
    assert rows(PDF[way]()) == plain_forms()


def without_meaning() -> bytes:
    """A PDF that draws letters of a font and does not say which they are."""
    grid = [(50, 500, 200, 500), (50, 480, 200, 480), (50, 460, 200, 460)]
    grid += [(50, 460, 50, 500), (120, 460, 120, 500), (200, 460, 200, 500)]
    content = "".join(f"{a} {b} m {c} {d} l S " for a, b, c, d in grid)
    content += "BT /F1 8 Tf 55 488 Td <0025002600270028> Tj ET BT /F1 8 Tf 130 488 Td <00250026> Tj ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 595]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+SimSun/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        "/Supplement 0>>/FontDescriptor 7 0 R/DW 600>>",
        "<</Type/FontDescriptor/FontName/ABCDEF+SimSun/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900"
        "/Descent -200/CapHeight 700/StemV 80>>",
    ]
    body = "".join(f"{number} 0 obj\n{text}\nendobj\n" for number, text in enumerate(objects, start=1))
    return f"%PDF-1.5\n{body}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\n%%EOF".encode()


def test_a_font_that_does_not_tell_its_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "is_available", lambda: False)
    with pytest.raises(DocumentError, match="fonts do not tell which characters they show"):
        read(without_meaning(), "公开表.pdf")


GLYPHS = r'(<ofd:TextObject [^>]*Size="([\d.]+)"[^>]*>)<ofd:TextCode X="0" Y="([^"]*)"[^>]*>([^<]*)</ofd:TextCode>'


def ofd_singly(found: re.Match[str]) -> str:
    """Every character of a text as a text object of its own."""
    start, size, y, text = found.groups()
    x, objects = 0.0, []
    for character in re.findall(r"&\w+;|.", text):
        code = f'<ofd:TextCode X="{x:.3f}" Y="{y}">{character}</ofd:TextCode>'
        objects.append(start + code)
        x += float(size) * (0.5 if len(character) == 1 and character.isascii() else 1)
    return "</ofd:TextObject>".join(objects)


def with_ofd_texts(attributes: str, colour: str) -> bytes:
    """An 8 that nobody sees, in the place of every text."""
    eight = rf'<ofd:TextObject {attributes} \1>{colour}<ofd:TextCode X="0" Y="3">8</ofd:TextCode></ofd:TextObject>\g<0>'
    return replaced("ofd", r"<ofd:TextObject ([^>]*)>.*?</ofd:TextObject>", eight, "Doc_0/Pages")


OFD: dict[str, Callable[[], bytes]] = {
    "white in hexadecimal digits": lambda: with_ofd_texts("", '<ofd:FillColor Value="#FF #FF #FF"/>'),
    "white as a grey": lambda: with_ofd_texts("", '<ofd:FillColor Value="255"/>'),
    "white of four inks": lambda: with_ofd_texts("", '<ofd:FillColor Value="0 0 0 0"/>'),
    "all but transparent": lambda: with_ofd_texts('Alpha="3"', ""),
    "not filled": lambda: with_ofd_texts('Fill="false"', ""),
    "in a block that is not shown": lambda: replaced(
        "ofd",
        r"<ofd:TextObject (.*?</ofd:TextObject>)",
        r'<ofd:PageBlock Visible="false"><ofd:TextObject \1</ofd:PageBlock><ofd:TextObject \1',
        "Doc_0/Pages",
    ),
    "invisible texts": lambda: replaced(
        "ofd",
        r"<ofd:TextObject (.*?</ofd:TextObject>)",
        r'<ofd:TextObject Visible="false" \1<ofd:TextObject \1',
        "Doc_0/",
    ),
    "glyph by glyph": lambda: replaced("ofd", GLYPHS, ofd_singly, "Doc_0/Pages"),
    "places from the root": lambda: replaced("ofd", 'BaseLoc="Pages', 'BaseLoc="/Doc_0/Pages', "Doc_0/Document"),
}


@pytest.mark.parametrize("way", OFD)
def test_ofd(way: str) -> None:
    assert figures(filed(OFD[way]())) == FIGURES


# ---------------------------------------------------------------------------- what a reader of a page does not see


def covered(canvas: Canvas, x: float, y: float, text: str) -> None:
    """How PDF editors change a figure: a white box over it, and the new one above."""
    canvas.drawString(x, y, "9.99")
    canvas.setFillColor(white)
    canvas.rect(x - 0.5, y - 1.5, 20, 8, stroke=0, fill=1)
    canvas.setFillColor(black)
    canvas.drawString(x, y, text)


def struck_out(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.drawString(x, y, text)
    if re.fullmatch(r"[\d.]+", text):
        width = canvas.stringWidth("9", "STSong-Light", 7)
        canvas.drawString(x - width - 1, y, "9")
        canvas.line(x - width - 1, y + 2.2, x - 1, y + 2.2)


def marked(canvas: Canvas, x: float, y: float, text: str) -> None:
    """A raised mark of a footnote behind every figure."""
    canvas.drawString(x, y, text)
    if re.fullmatch(r"\d+\.\d\d", text):
        canvas.setFont("STSong-Light", 4)
        canvas.drawString(x + canvas.stringWidth(text, "STSong-Light", 7), y + 2.5, "1")


def with_tiny(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.drawString(x, y, text)
    canvas.setFont("STSong-Light", 0.1)
    canvas.drawString(x, y, "8")


def with_faint(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.saveState()
    canvas.setFillAlpha(0.01)
    canvas.drawString(x - 4, y, "8")
    canvas.restoreState()
    canvas.drawString(x, y, text)


def with_window(canvas: Canvas, x: float, y: float, text: str) -> None:
    """A text that only cuts a window out for what comes later."""
    canvas.saveState()
    line = canvas.beginText(x - 4, y)
    line.setTextRenderMode(7)
    line.textOut("8")
    canvas.drawText(line)
    canvas.restoreState()
    canvas.drawString(x, y, text)


def covered_roundly(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.drawString(x - 4, y, "8")
    canvas.saveState()
    canvas.setFillGray(1)
    canvas.roundRect(x - 5, y - 2, 5, 9, 1, stroke=0, fill=1)
    canvas.restoreState()
    canvas.drawString(x, y, text)


def outside_its_window(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.saveState()
    window = canvas.beginPath()
    window.rect(x + 100, y - 2, 5, 9)
    canvas.clipPath(window, stroke=0)
    canvas.drawString(x - 4, y, "8")
    canvas.restoreState()
    canvas.drawString(x, y, text)


def under_a_picture(canvas: Canvas, x: float, y: float, text: str) -> None:
    """A picture lies over what is no longer seen, one that shines through lies over the rest."""
    canvas.drawString(x - 4, y, "8")
    canvas.drawImage(PAPER, x - 5, y - 2, 5, 9)
    canvas.drawString(x, y, text)
    canvas.drawImage(STAMP, x - 5, y - 2, 20, 9, mask="auto")


def in_white_outlines(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.setStrokeColor(white)
    canvas.drawString(x - 4, y, "8", mode=1)
    canvas.setStrokeColor(black)
    canvas.drawString(x, y, text, mode=0)


UNSEEN: dict[str, tuple[Callable[[Canvas, float, float, str], None], str]] = {
    "covered": (covered, "covered"),
    "struck out": (struck_out, "struck out"),
    "marks of footnotes": (marked, "marks of footnotes"),
    "tiny": (with_tiny, "too small to be seen"),
    "faint": (with_faint, "white on white"),
    "a window": (with_window, "invisible"),
    "covered roundly": (covered_roundly, "covered"),
}


@pytest.mark.parametrize("way", UNSEEN)
def test_what_a_reader_of_a_pdf_does_not_see_is_left_out_and_said(way: str) -> None:
    write, reason = UNSEEN[way]
    assert rows(drawn(write)) == plain_forms()
    assert reason in " ".join(read(drawn(write), "a.pdf").remarks)


PAPER, STAMP = (ImageReader(Image.new("RGBA", (2, 2), (255, 0, 0, alpha))) for alpha in (255, 60))


def test_texts_that_are_cut_off_covered_by_pictures_or_outlined_in_white() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(842, 595))
    ways = (outside_its_window, under_a_picture, in_white_outlines)
    for place in range(len(ways) + 1):
        canvas.line(100, 500 - 15 * place, 300, 500 - 15 * place)
    for x in (100, 200, 300):
        canvas.line(x, 500, x, 500 - 15 * len(ways))
    for place, write in enumerate(ways):
        canvas.setFont("STSong-Light", 8)
        canvas.drawString(105, 489 - 15 * place, "甲")
        write(canvas, 215, 489 - 15 * place, "11.50")
    canvas.save()
    assert rows(file.getvalue()) == [("甲", "11.50")] * len(ways)
    said = " ".join(read(file.getvalue(), "a.pdf").remarks)
    assert all(
        f"{reason}: 1 texts on pages 1, such as 8" in said for reason in ("cut off", "covered", "white on white")
    )


def test_texts_that_nobody_sees_in_ofd() -> None:
    hidden = {
        "in white outlines": ('Fill="false" Stroke="true"', '<ofd:StrokeColor Value="255 255 255"/>'),
        "pressed": ('HScale="0.001"', ""),
        "outside its window": (
            "",
            '<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary="90 0 1 1"><ofd:AbbreviatedData>M 0 0 L 1 0 L 1 1 C'
            "</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>",
        ),
        "white by a look that rests on another": ('DrawParam="4"', ""),
    }
    drawing = pages.Drawing([(105, 70, 8, "甲"), (205, 70, 8, "11.50")])
    drawing.rules += [(100, y, 300, y) for y in (60, 75)] + [(x, 60, x, 75) for x in (100, 200, 300)]
    found = members(pages.ofd([drawing]))
    page = next(name for name in found if "Page_0" in name)
    plain = next(
        item for item in re.findall(r"<ofd:TextObject .*?</ofd:TextObject>", found[page].decode()) if ".5" in item
    )
    eight = re.sub(r' DeltaX="[^"]*">11.50', ">8", plain)
    others = [re.sub(r"<ofd:TextObject ([^>]*)>", rf"<ofd:TextObject {a} \1>{c}", eight) for a, c in hidden.values()]
    others.append(f'<ofd:PageBlock Visible="false"><ofd:PageBlock>{eight}</ofd:PageBlock></ofd:PageBlock>')
    found[page] = found[page].decode().replace(plain, "".join(others) + plain).encode()
    document = next(name for name in found if name.endswith("Document.xml"))
    resource = b"<ofd:CommonData><ofd:PublicRes>Looks.xml</ofd:PublicRes>"
    twice = rb"(<ofd:Pages>)(.*?)(</ofd:Pages>)"
    found[document] = re.sub(twice, rb"\1\2\2\3", found[document].replace(b"<ofd:CommonData>", resource))
    found["Doc_0/Looks.xml"] = (
        b'<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DrawParams><ofd:DrawParam ID="4" Relative="5"/>'
        b'<ofd:DrawParam ID="5"><ofd:FillColor Value="255 255 255"/></ofd:DrawParam></ofd:DrawParams></ofd:Res>'
    )
    read_ofd = read(zipped(dict(found)), "a.ofd")
    assert [cell.text for cell in read_ofd.grids[0].rows[0].cells] == ["甲", "11.50"]
    said = " ".join(read_ofd.remarks)
    assert all(reason in said for reason in ("cut off: 1", "too small to be seen: 1", "white on white: 2"))
    assert "1 pages that are listed again were left out, the first as page 2" in said


def test_a_text_that_a_review_strikes_out_is_left_out_and_said() -> None:
    rules = [(50.0, y, 150.0, y) for y in (50.0, 70.0, 90.0)] + [(x, 50.0, x, 90.0) for x in (50.0, 100.0, 150.0)]
    texts = [(55.0, 64.0, 8.0, "合计"), (105.0, 64.0, 8.0, "9"), (120.0, 64.0, 8.0, "11.50"), (55.0, 84.0, 8.0, "甲")]
    writer = PdfWriter(io.BytesIO(pages.pdf([pages.Drawing(texts, rules)])))
    top, bottom = (float(writer.pages[0].mediabox.height) - y for y in (57, 66))
    corners = ArrayObject(map(FloatObject, (105, top, 109, top, 105, bottom, 109, bottom)))
    stroke = {"/Type": NameObject("/Annot"), "/Subtype": NameObject("/StrikeOut"), "/QuadPoints": corners}
    stroke["/Rect"] = ArrayObject(map(FloatObject, (105, bottom, 109, top)))
    writer.add_annotation(0, DictionaryObject({NameObject(key): value for key, value in stroke.items()}))
    file = io.BytesIO()
    writer.write(file)
    document = read(file.getvalue(), "a.pdf")
    assert [tuple(cell.text for cell in row.cells) for row in document.grids[0].rows] == [("合计", "11.50"), ("甲",)]
    assert document.remarks[0].startswith("not read because a reader does not see it, struck out: 1 texts")


def test_a_copy_that_comes_after_all_others_counts_once() -> None:
    drawings = pages.drawings_of(pages.forms_of(TEXT)[1:4])
    for drawing in drawings:
        drawing.texts += [(x + 0.3, y, size, text) for x, y, size, text in drawing.texts]
    assert rows(pages.pdf(drawings)) == plain_forms()
    twice_in_ofd = "".join(row.text for row in read(pages.ofd(drawings), "a.ofd").grids[0].rows)
    once = pages.ofd(pages.drawings_of(pages.forms_of(TEXT)[1:4]))
    assert twice_in_ofd == "".join(row.text for row in read(once, "a.ofd").grids[0].rows)


def test_dotted_rules() -> None:
    def dots(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
        steps = max(1, round((abs(x1 - x0) + abs(y1 - y0)) / 2))
        for step in range(steps + 1):
            x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
            canvas.rect(x - 0.4, y - 0.4, 0.8, 0.8, stroke=0, fill=1)

    assert rows(ruled(dots)) == plain_forms()


def test_a_small_box_beside_the_tables() -> None:
    drawings = pages.drawings_of(pages.forms_of(TEXT)[1:4])
    left, top = 2.0, 2.0
    drawings[0].rules += [(left, top + at, left + 26, top + at) for at in (0, 13, 26)]
    drawings[0].rules += [(left + at, top, left + at, top + 26) for at in (0, 13, 26)]
    drawings[0].texts.append((left + 3, top + 10, 7.0, "章"))
    found = rows(pages.pdf(drawings))
    assert [row for row in found if row != ("章",)] == plain_forms()


def test_a_frame_around_several_tables() -> None:
    drawing = pages.Drawing()
    for top, word in ((60.0, "甲"), (140.0, "乙")):
        drawing.texts += [(110, top - 10, 8, f"{word}表"), (105, top + 10, 8, word), (205, top + 10, 8, "11.50")]
        drawing.rules += [(100, y, 300, y) for y in (top, top + 15, top + 30)]
        drawing.rules += [(x, top, x, top + 30) for x in (100, 200, 300)]
    plain = rows(pages.pdf([drawing]))
    assert plain == [("甲表",), ("甲", "11.50"), ("乙表",), ("乙", "11.50")]
    drawing.rules += [(98.5, 30, 98.5, 190), (400, 30, 400, 190), (98.5, 30, 400, 30), (98.5, 190, 400, 190)]
    assert rows(pages.pdf([drawing])) == plain


def test_figures_of_two_rows_in_one_ruled_band_stay_apart() -> None:
    drawing = pages.Drawing([(105, 70, 8, "甲"), (205, 70, 8, "300"), (205, 82, 8, "400")])
    drawing.rules += [(100, y, 300, y) for y in (60, 90, 105)] + [(x, 60, x, 105) for x in (100, 200, 300)]
    assert rows(pages.pdf([drawing])) == [("甲", "300/400")]


def test_values_of_form_fields() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(842, 595))
    for y in (500, 515, 530):
        canvas.line(100, y, 300, y)
    for x in (100, 200, 300):
        canvas.line(x, 500, x, 530)
    canvas.setFont("STSong-Light", 8)
    canvas.drawString(105, 504, "甲")
    canvas.acroForm.textfield(name="f", value="11.50", x=210, y=502, width=60, height=11, fontSize=7, borderWidth=0)
    canvas.save()
    assert rows(file.getvalue()) == [("甲", "11.50")]


def test_an_ofd_page_without_a_place_is_named() -> None:
    with pytest.raises(DocumentError, match="page 1 of the OFD is damaged"):
        read(replaced("ofd", r'Boundary="[^"]*"', 'Boundary="nan nan nan nan"', "Doc_0/Pages/Page_0"), "a.ofd")


@pytest.mark.parametrize(("last", "has_resources"), [(14, True), (5, True), (5, False)])
def test_a_nest_of_forms_in_a_pdf_is_refused(last: int, has_resources: bool) -> None:
    """Each draws the next one eight times, or the only one itself, by its own resources or by those of the page."""
    form = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
        "<</Length 5>>stream\n/X Do\nendstream",
    ]
    for number in range(5, last + 1):
        resources = f"/Resources<</XObject<</X {5 if last == 5 else number + 1} 0 R>>>>" if has_resources else ""
        objects.append(f"{form}{resources}/Length 48>>stream\n{'/X Do ' * 8}\nendstream")
    objects.append(f"{form}/Length 0>>stream\n\nendstream")
    body, places = "%PDF-1.5\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{item}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    xref = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
    end = f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    content = f"{body}{xref}{end}"
    with pytest.raises(DocumentError, match="forms within forms"):
        read(content.encode(), "a.pdf")
    with pytest.raises(DocumentError, match="forms within its forms cannot be counted"):
        read(content.replace("startxref", "").replace("%%EOF", "").encode(), "a.pdf")
