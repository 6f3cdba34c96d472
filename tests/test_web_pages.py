"""Web pages: spans, parts of cells, what styles hide or add, characters."""

from __future__ import annotations

import pytest

from loader.documents.grid import Document, DocumentError
from loader.documents.readers import read
from loader.documents.wording import clean, figure, stored_figure
from tests.sound_documents import printed_in


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
    *("u:has(+ i) + i", "td:has(> i) i", "table:has(b, td i) i:not(:has(b))", "u:has(~ i[data-no='1']) ~ i"),
)


@pytest.mark.parametrize("selector", HIDING)
def test_selectors_that_hide(selector: str) -> None:
    part = '<i class="no a:b" data-no="1" style="display:inline">9</i>'
    cell = f"{part}11.50" if "first" in selector else f"<u></u>{part}11.50"
    document = page(f"<table><tr><td>{cell}</td></tr></table>", f"<style>{selector} {{display:none!important}}</style>")
    assert rows_of(document) == [(True, [("11.50", 0)])]


@pytest.mark.parametrize(
    "selector", ["i:has(b)", "tr:has(> i) i", "i:has(+ u)", "i:has()", "i:has(> > u)", "td:has(:has(i))"]
)
def test_selectors_that_match_nothing(selector: str) -> None:
    document = page(
        "<table><tr><td><u></u><i>11.50</i></td></tr></table>", f"<style>{selector} {{display:none}}</style>"
    )
    assert rows_of(document) == [(True, [("11.50", 0)])]


@pytest.mark.parametrize(
    ("selector", "seen"),
    [
        ("body:has(.open) td", 6000),
        ("tr:has(~ tr.last) td", 4),
        ("*:has(+ .last) td", 5996),
        ("body:has(.last) td:not(td:has(b))", 0),
        (", ".join(f"body:has(.m{number}) .bar" for number in range(20)), 6000),
    ],
)
def test_what_a_large_page_has_is_found_once(selector: str, seen: int) -> None:
    rows = "<tr><td>1.00</td><td>2.00</td><td>3.00</td><td class=bar>4.00</td></tr>" * 1499
    last = rows[:100].partition("</tr>")[0].replace("<tr>", "<tr class=last>")
    document = page(f"<table>{rows}{last}</table>", f"<style>{selector} {{display:none}}</style>")
    assert len(printed_in(document)) == seen
    assert not document.remarks


def test_a_rule_that_asks_too_much_of_a_page_is_left_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loader.documents.readers.web.selectors._MOST_STEPS_OF_HAS", 100)
    style = "<style>td:not(:has(*)) {display:none} table:has(td) td {display:none} i:has(b) {display:none}</style>"
    document = page("<table><tr>" + "<td>11.50</td>" * 200 + "<td>1<i><b>2</b></i></td></tr></table>", style)
    assert [cell.text for cell in printed_in(document)] == ["11.50"] * 200 + ["12"]
    assert document.remarks == ("3 style rules with :has() take too long to be followed: what they hide was read",)


def test_characters_from_right_to_left() -> None:
    body = (
        "<table><tr><td><bdo dir=rtl>05.<i>11</i></bdo></td><td><p class=turned>28.698</p></td>"
        "<td dir=rtl>12.00</td><td><bdo dir=ltr>13.00</bdo></td>"
        "<td style='direction:rtl;unicode-bidi:embed'>14.00</td></tr></table>"
    )
    style = "<style>.turned {unicode-bidi: bidi-override; direction: rtl}</style>"
    [(_, cells)] = rows_of(page(body, style))
    assert [clean(text) for text, _ in cells] == ["11.50", "896.82", "12.00", "13.00", "14.00"]


TURNED = "unicode-bidi:bidi-override;direction:rtl"


@pytest.mark.parametrize(
    ("style", "cell", "seen"),
    [
        (f".a {{{TURNED}}} .b {{direction:ltr}}", "<i class='a b'>21.00</i>", "21.00"),
        (".a {direction:rtl} i {unicode-bidi:bidi-override}", "<i class=a>00.21</i>", "12.00"),
        (f".a {{{TURNED}}} .b {{unicode-bidi:normal}}", "<i class='a b'>21.00</i>", "21.00"),
        ("td {direction:rtl} i {unicode-bidi:isolate-override}", "<i>00.21</i>", "12.00"),
        ("td {direction:inherit}", "<i dir=rtl><bdo>00.21</bdo></i>", "12.00"),
        (f"i {{{TURNED}}}", "<i><bdo dir=ltr>12.34</bdo></i>", "12.34"),
        (f"i {{{TURNED}}}", "<i>00.<u style='unicode-bidi:bidi-override'>21</u></i>", "12.00"),
        (f"i {{{TURNED}}}", "<i>00.<bdo dir=ltr>12<bdo dir=rtl>43</bdo></bdo></i>", "1234.00"),
        ("bdo {unicode-bidi:normal}", "<bdo dir=rtl>21.00</bdo>", "21.00"),
        (f"i {{{TURNED}}}", "<bdo dir=ltr>21.00</bdo>", "21.00"),
        ("i {direction:rtl}", "<i>21.00</i>", "21.00"),
        ("", "<bdo dir=rtl>(00.21)</bdo>", "(12.00)"),
    ],
)
def test_direction_and_whether_it_overrides_are_said_one_by_one(style: str, cell: str, seen: str) -> None:
    document = page(f"<table><tr><td>{cell}</td></tr></table>", f"<style>{style}</style>")
    assert [clean(cell.text) for cell in printed_in(document)] == [seen]


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


def test_values_and_blocks_of_style_sheets() -> None:
    """Each class hides what it is said of, but for the last, of which nothing says so on a screen of today."""
    hides = (
        *("display: var(--none)", "display: var(--unknown, none)", "display: var(--as-none)", "color: var(--pale)"),
        *("font-size: calc(1px - 0.5em / 8)", "position: absolute; left: calc(-1 * (999px + 2px))"),
        *("color: hsla(0, 0%, 0%, 0)", "color: hwb(0 100% 0%)", "color: oklch(1 0 0)", "color: color(srgb 1 1 1)"),
        *(
            "transform: matrix(0, 0, 0, 0, 0, 0)",
            "transform: rotateX(90deg)",
            "zoom: 0.01",
            "clip: rect(1px 1px 1px 1px)",
        ),
        *("position: absolute; left: -100vw", "opacity: calc(1 - 1)"),
    )
    sheet = (
        '@charset "utf-8"; @import url(a.css); .c0 {display: none} :root {--none: none; --as-none: var(--none)}'
        " .z {--pale: #fff} [class=C1 i] {display: none} td {color: black; & .c2 {display: none}}"
        " .q::before {content: '{'}"
        + "".join(f".c{number} {{{style}}}" for number, style in enumerate(hides, 3))
        + "@supports not (display: grid) {.c99 {display: none}} .c99 {opacity: 0; animation: f 1s}"
        "@keyframes f {to {opacity: 1}} .c99 {display: var(--unknown)}"
    )
    classes = [*range(len(hides) + 3), 99]
    cells = "".join(f"<td><i class=c{number}>9</i>1.50</td>" for number in classes)
    document = page(f"<table><tr>{cells}</tr></table>", f"<style>{sheet}</style>")
    assert [cell.text for cell in printed_in(document)] == ["1.50"] * (len(classes) - 1) + ["91.50"]


@pytest.mark.parametrize(
    ("sheet", "seen"),
    [
        ("td {& i {display: none} & b, & u {display: none}}", "11.50"),
        ("td::first-line {display: none} td::-other {display: none}", "9911.50"),
        ("i, u:nth-child(x) {display: none}", "9911.50"),
        ("u {display: none; } i {font: 0/0 a} i {background: #fff; color: #fff}", "11.50"),
        ("/* u {} */ i { display: none; color: ';' } <!-- u {visibility: hidden} -->", "11.50"),
        ("@media print {i {display: none}} @media screen {u {display: none}}", "911.50"),
        (r"\69 {d\isplay: none} u {transform: translateX(-9999px)}", "11.50"),
    ],
)
def test_style_sheets_as_browsers_read_them(sheet: str, seen: str) -> None:
    document = page("<table><tr><td><i>9</i><u>9</u>11.50</td></tr></table>", f"<style>{sheet}</style>")
    assert [cell.text for cell in printed_in(document)] == [seen]


def test_style_sheets_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loader.documents.readers.web.style_sheets._MAX_SHEETS", 10)
    with pytest.raises(DocumentError, match=r"page\.html: style sheets of 15 characters, expected no more than 10"):
        page("<table></table>", "<style>i {color: #fff}</style>")


def test_styles_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loader.documents.readers.web.style_sheets._MAX_STYLES", 14)
    cells = "<td style='top:1px; top:2px'><td style='top:2px'><td style='top:1px'>"
    assert page(f"<table><tr>{cells}1.50</table>").grids
    with pytest.raises(DocumentError, match="styles of elements of 15 characters, expected no more than 14"):
        page(f"<table><tr>{cells}<td style=a>1.50</table>")


def test_pictures_in_style_sheets_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loader.documents.readers.web.style_sheets._MAX_SHEETS", 60)
    sheet = f"i {{display: none}} b {{background: url(data:image/png;base64,{'A' * 900})}}"
    document = page("<table><tr><td>1<i>2</i></td></tr></table>", f"<style>{sheet}</style>")
    assert [cell.text for cell in printed_in(document)] == ["1"]


NAMES_WITHIN_NAMES = ":root{" + "".join(f"--n{n}:f({f'var(--n{n + 1})' * 40});" for n in range(9)) + "--n9:1}"


def test_style_sheets_of_signs() -> None:
    for sheet in (
        *("@a " * 50_000, "a{&" * 20_000, "a{b:var(--" * 20_000),
        *("b{" + ("& " * 400 + "{") * 5 + "color:red", NAMES_WITHIN_NAMES + "b{width:var(--n0)}"),
        *("b{width:" + "f(" * 900, "b::after{content:attr(1)}"),
    ):
        document = page("<table><tr><td>1<i hidden>2</i></td></tr></table>", f"<style>{sheet}</style>")
        assert [cell.text for cell in printed_in(document)] == ["1"]


def test_elements_without_an_end_are_looked_for_once() -> None:
    document = page("<table><tr><td>1</td></tr></table>" + "<wbr," * 60_000)
    assert printed_in(document)[0].text == "1"


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
        '<td style="font-size:0">9<u>9<b style="font-size:12px">11.50</b>9</u></td>',
        '<td style="visibility:hidden">9<b style="visibility:visible">11.50</b>9</td>',
        "<td><font color=white>9<font color=black>11.50</font><i>9</i></font></td>",
        "<td>11<wbr>.50",  # without an end
        "<td>1&nbsp;234.50</td>",
    )
    document = page(f"<table><tr>{''.join(cells)}</tr></table>")
    found = [figure(cell.text) for cell in printed_in(document)]
    assert [shown and str(shown.value) for shown in found] == [*["11.50"] * (len(cells) - 1), "1234.50"]


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


SHEET = " ".join(f".xl{number} {{color:black; border:none; width:9pt;}}" for number in range(400))
NAMES = ", ".join(f"'{number}'" for number in range(1_500))


@pytest.mark.parametrize(
    "head",
    [
        f"<style><!--table {{}} {SHEET}--></style>",
        f"<script>for (i = 0; i<n; i++) names = [{NAMES}]</script>",
        f"<!-- <td {NAMES}> -->",
        '<p title="5"" class="a">a' * 2_000,  # quotes that close nothing
    ],
    ids=["a sheet of Excel", "a script", "a comment", "stray quotes"],
)
def test_what_is_no_element_has_no_attributes(head: str) -> None:
    rows = page("<table><tr><td>甲<td>11.50</table>", head).grids[0].rows
    assert [cell.text for cell in rows[-1].cells] == ["甲", "11.50"]
