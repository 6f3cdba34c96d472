"""Web pages as programs and offices really write them: each of them says what the sample says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from loader.documents.readers import read
from tests.sound_documents import FIGURES, TEXTS, archived, figures, filed, page, sound, texts


def charset(name: str) -> Callable[[str], str]:
    """A page that states some encoding."""
    return lambda text: text.replace('charset="utf-8"', f'charset="{name}"')


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


def test_a_figure_that_is_broken_behind_its_point_is_one() -> None:
    """As a narrow column of a workbook or a document breaks it; a number of a line in front of a figure is none."""
    for printed, expected in (
        ("12,345.<br>67", "12,345.67"),
        ("<p>-896.</p><p>28</p>", "-896.28"),
        ("(11.<br>50)", "(11.50)"),
        ("1.<br>50", "1. / 50"),
        ("11.<br>150", "11. / 150"),
        ("11.5<br>0", "11.5 / 0"),
    ):
        assert cells(f"<table><tr><td>{printed}</table>") == [(expected, 0, 1, 1)]


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
        "<i style='color:rgb(100%,100%,100%)'>9</i>",
        "<i style='color:rgb(0 0 0 / 0)'>9</i>",
        "<i style='color:#00000000'>9</i>",
        "<i style='color:#0000'>9</i>",
        "<i style='-webkit-text-fill-color:transparent'>9</i>",
        "<i style='transform:translateX(-9999px)'>9</i>",
        "<i style='transform:scaleX(0)'>9</i>",
        "<i style='scale:0'>9</i>",
        "<i style='clip-path:polygon(0 0,0 0,0 0)'>9</i>",
        "<i style='height:0;overflow:clip'>9</i>",
        "<i style='height:0;overflow-y:hidden'>9</i>",
        "<i style='position:absolute;inset:-9999px auto auto'>9</i>",
        "<i style='filter:opacity(0)'>9</i>",
        "<i style='opacity:1%'>9</i>",
        "<i style='translate:-9999px'>9</i>",
        "<i style='color:color-mix(in oklab, white 99.9%, black)'>9</i>",
        "<i style='color:color-mix(in srgb, red 0%, transparent)'>9</i>",
        "<i style='color:light-dark(white, black)'>9</i>",
        "<i style='color:Canvas'>9</i>",
        "<dialog>9</dialog>",
        "<div popover>9</div>",
        "<svg><title>9</title></svg>",
    ],
)
def test_hardly_seen_parts_of_a_cell(part: str) -> None:
    assert cells(f"<table><tr><td>{part}11.50</table>")[0][0] == "11.50"


@pytest.mark.parametrize("word", ["2010102", "（一）一般公共服务支出", "常委会工作经费"])
@pytest.mark.parametrize("way", ["hidden", "style='display:none'"])
def test_a_hidden_row_of_a_page_yields_to_the_row_that_it_repeats(word: str, way: str) -> None:
    """In rows of functions, lists and projects alike."""
    rows = re.findall(r"<tr>(?:(?!<tr>).)*?</tr>", sound("html").decode(), re.DOTALL)
    row = next(row for row in rows if f">{word}<" in row)
    copy = re.sub(r">\d[\d,]*\.\d\d<", ">99.50<", row.replace("<tr>", f"<tr {way}>"))
    assert ">99.50<" in copy
    assert figures(filed(page(lambda html: html.replace(row, row + copy, 1)))) == FIGURES


@pytest.mark.parametrize("colour", ["hsl(0, 100%, 50%)", "hsl(0 100% 50% / 100%)", "hsl(100, 0%, 20%)"])
def test_letters_in_a_strong_colour_are_seen(colour: str) -> None:
    assert cells(f"<table><tr><td style='color:{colour}'>11.50</table>")[0][0] == "11.50"


@pytest.mark.parametrize("style", ["transform:scale({}1)", "filter:opacity({}1)", "transform:scale({}0 1)"])
def test_a_style_of_many_spaces_takes_no_time(style: str) -> None:
    start = time.process_time()
    assert cells(f"<table><tr><td><i style='{style.format(' ' * 40_000)}'>9</i>1.50</table>")[0][0] == "91.50"
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "style",
    [
        "filter:opacity(0.9)",
        "color:#000000ff",
        "transform:translateX(-9px)",
        "scale:1",
        "opacity:10%",
        "color:color-mix(in srgb, white, black)",
        f"width:{'9' * 5000}px;color:rgb({'9' * 5000}, 0, 0)",  # Python refuses numbers of so many digits
    ],
)
def test_letters_that_styles_touch_are_seen(style: str) -> None:
    assert cells(f"<table><tr><td><i style='{style}'>9</i>1.50</table>")[0][0] == "91.50"


@pytest.mark.parametrize(
    "mark",
    [
        "<small>1</small>",
        "<font size=1>1</font>",
        "<a href='#note'>1</a>",
        "<i style='position:relative;bottom:5px'>1</i>",
    ],
)
def test_a_mark_behind_a_whole_figure_is_no_digit_of_it(mark: str) -> None:
    assert cells(f"<table><tr><td>11.50{mark}<td>11.<small>50</small></table>") == [
        ("11.50", 0, 1, 1),
        ("11.50", 1, 1, 1),
    ]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("12.34<font>56</font>", "12.3456"),
        ("12.34<a>56</a>", "12.3456"),
        ("12.345<small>6</small>", "12.3456"),
        ("<font>12.3456</font><font>78</font>", "12.345678"),
        ("<font face=a>1,234.50</font><font face=b>00</font>", "1,234.5000"),
        ("<font size=1>12.34</font><font size=1>56</font>", "12.3456"),
        ("<font style='font-size:9pt'>12.34<font style='font-size:9pt'>56</font></font>", "12.3456"),
        ("<b><small>12.34</small></b><small>56</small>", "12.3456"),
    ],
)
def test_digits_that_look_like_those_before_them_are_no_mark(cell: str, shown: str) -> None:
    assert cells(f"<table><tr><td>{cell}</table>")[0][0] == shown


@pytest.mark.parametrize("mark", ["<small>1</small>", "<font style='font-size:8pt'>1</font>", "<a href='#n'>1</a>"])
def test_marks_of_footnotes_that_are_taken_off_are_told(mark: str) -> None:
    document = read(f"<table><tr><td>合计<td>11.50{mark}</table>".encode(), "a.html")
    assert "1 small marks of footnotes behind figures were left out: 11.50 [1]" in document.remarks


@pytest.mark.parametrize(
    ("rule", "mark", "shown"),
    [
        (".font5 {font-size:6.0pt;mso-font-charset:134}", '<font class="font5">1</font>', "11.50"),
        (".xl24 {font-size:9.0pt} .font5 {font-size:6.0pt}", "<span class='font5'>1</span>", "11.50"),
        (".font5 {font-size:9.0pt}", '<font class="font5">1</font>', "11.501"),
    ],
)
def test_marks_that_a_class_makes_small(rule: str, mark: str, shown: str) -> None:
    style = f"<style>.xl24 {{font-size:9.0pt}} {rule}</style>"
    assert cells(f"{style}<table><tr><td class=xl24>11.50{mark}</table>")[0][0] == shown


@pytest.mark.parametrize(
    ("sheet", "shown"),
    [
        ("<style media='print'>.a {font-size:6pt}</style>", "11.501"),
        ("<style>@media print {.b {color:red} .a {font-size:6pt}}</style>", "11.501"),
        ("<style>@media screen {.a {font-size:6pt}}</style>", "11.50"),
        ("<style>@media print {.b {color:red}} .a {font-size:6pt}</style>", "11.50"),
        ("<style>td .a, .b {font-size:6pt}</style>", "11.50"),
    ],
)
def test_sizes_for_paper_make_no_marks(sheet: str, shown: str) -> None:
    assert cells(f"{sheet}<table><tr><td>11.50<span class=a>1</span></table>")[0][0] == shown


@pytest.mark.parametrize(
    ("rules", "is_hidden"),
    [
        ("i {display:inline} @layer u {.a {display:none}}", False),
        ("@layer u {.a {display:none}} i {display:inline}", False),
        ("@layer u, b; @layer b {i {display:none}} @layer u {.a {display:inline}}", True),
        ("@layer u {i {display:inline} @layer v {.a {display:none}}}", False),
        ("@layer u.v {.a {display:none}} @layer {i {display:inline}}", False),
        ("@layer u {i {display:inline !important}} .a {display:none !important}", False),
        (f".a:nth-child({'9' * 5000}) {{display:none}}", False),
    ],
)
def test_layers_go_before_what_rules_select(rules: str, is_hidden: bool) -> None:
    shown = cells(f"<style>{rules}</style><table><tr><td><i class=a>9</i>1.50</table>")[0][0]
    assert shown == ("1.50" if is_hidden else "91.50")


def test_sheets_without_an_end_take_no_time() -> None:
    start = time.process_time()
    cells("<table><tr><td>甲<td>11.50</table>" + "<style>font-size" * 16_000)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(("media", "shown"), [("print", "911.50"), ("screen", "11.50"), ("", "11.50")])
def test_rules_for_paper_hide_nothing_on_a_screen(media: str, shown: str) -> None:
    style = f"<style media='{media}'>.a {{display:none}}</style>"
    assert cells(f"{style}<table><tr><td><b class=a>9</b>11.50</table>")[0][0] == shown


def test_the_text_of_a_drawing_stands_apart() -> None:
    assert cells("<table><tr><td>11<svg><text>50</text></svg></table>")[0][0] == "11 / 50"


def test_what_is_raised_in_a_unit_is_kept() -> None:
    body = "<table><tr><td>m<sup>2</sup><td>CO<sub>2</sub><td>教育支出<sup>①</sup><td><sup>5.00</sup></table>"
    assert [text for text, *_ in cells(body)] == ["m2", "CO2", "教育支出", "5.00"]


@pytest.mark.parametrize("style", ["font-size:.12rem", "width:1%; overflow:hidden", "transform:scale(0.5)"])
def test_what_is_small_only_by_its_number_is_seen(style: str) -> None:
    assert cells(f'<tr><td><b style="{style}">11.50</b></td></tr>')[0][0] == "11.50"


def test_white_letters_on_a_colour_are_seen() -> None:
    body = "<table><tr bgcolor=blue><td style='color:#FFF'>a<tr><td style='color: rgb(255, 255, 255)'>b<td>c</table>"
    assert [text for text, *_ in cells(body)] == ["a", "c"]
