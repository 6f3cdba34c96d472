"""Word, PDF, OFD and scans as offices publish them: what the text says comes back, and faults are named."""

from __future__ import annotations

import io
import os
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from loader.documents.grid import Document, DocumentError
from loader.documents.readers import package, read
from loader.documents.readers.scans import picture as scan_picture
from loader.documents.readers.scans import scan
from loader.documents.readers.word import libreoffice
from loader.documents.wording import fold
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.projection import Coordinates
from synthetic.pages import (
    Drawing,
    Form,
    Rule,
    Style,
    Text,
    docx,
    docx_of,
    drawings_of,
    forms_of,
    ofd,
    paragraph,
    pdf,
    rtf_of,
    table_of,
    word_2003,
)
from synthetic.pages import scan as picture_of
from synthetic.workbooks import Cell
from tests.conftest import SAMPLE

TEXT = SAMPLE.read_text(encoding="utf-8")
needs_libreoffice = pytest.mark.skipif(libreoffice.find_program() is None, reason="LibreOffice is not installed")
needs_ocr = pytest.mark.skipif(not scan.is_available(), reason="the extra ocr is not installed")


class Contents(NamedTuple):
    """What a document says: ledger lines, figures by their keys, and the text of every cell by form."""

    lines: Counter[tuple[Coordinates, Decimal]]
    figures: Counter[tuple[int | None, str | None, str | None, Decimal]]
    texts: Counter[tuple[int | None, str]]


def filed(document: Document, unit: str | None = None) -> FiledDisclosure:
    """The only disclosure of a document."""
    disclosures = file_disclosures(document, "430202", 2024, unit)
    assert len(disclosures) == 1
    return disclosures[0]


def contents(document: Document) -> Contents:
    """A document's ledger and cells."""
    disclosure = filed(document)
    cells = [(form.report_no, cell) for form in disclosure.forms for cell in form.cells]
    return Contents(
        Counter((line.coordinates, line.amount) for line in make_ledger(disclosure).lines),
        Counter((no, c.row_key, c.column_key, c.amount) for no, c in cells if c.amount is not None),
        Counter((no, fold(c.text)) for no, c in cells),
    )


def rows(document: Document) -> list[tuple[str, ...]]:
    """The texts of a document row by row, column by column."""
    width = max(cell.column + 1 for grid in document.grids for row in grid.rows for cell in row.cells)
    result = []
    for row in (row for grid in document.grids for row in grid.rows):
        texts = {cell.column: cell.text for cell in row.cells}
        result.append(tuple(texts.get(column, "") for column in range(width if row.in_table else max(texts) + 1)))
    return result


@pytest.fixture(scope="module")
def expected() -> Contents:
    return contents(read(TEXT.encode(), SAMPLE.name))


# ---------------------------------------------------------------------------- whole documents

FORMS = forms_of(TEXT)
LOW = Style(height=340)
WAYS: dict[str, Callable[[], bytes]] = {
    "Word": lambda: docx_of(TEXT),
    "XML of Word 2003": lambda: word_2003("".join(map(table_of, FORMS))),
    "PDF": lambda: pdf(drawings_of(FORMS)),
    "PDF, tables over pages": lambda: pdf(drawings_of(FORMS, LOW), LOW.height),
    "PDF, rows cut by the end of the page": lambda: low(FORMS, cut_rows=True, foot="— 2024 年部门预算 —"),
    "OFD": lambda: ofd(drawings_of(FORMS)),
}


def titled(*titles: str) -> list[Form]:
    """Some forms of the sample."""
    return [form for form in FORMS if set(titles) & set(form.above)]


def low(forms: list[Form], **style: object) -> bytes:
    """Forms on low pages, so that most tables need two or more."""
    whole = Style(height=LOW.height, **style)  # type: ignore[arg-type]
    return pdf(drawings_of(forms, whole), whole.height)


# lists side by side, a table of many columns, projects, and the two sheets of goals
SOME = titled("收支总表", "一般公共预算支出表", "专项资金预算汇总表") + FORMS[-2:]
WAYS_OF_PAGES: dict[str, Callable[[], bytes]] = {
    "PDF, pages on their side": lambda: pdf(drawings_of(SOME), turned=90),
    "PDF, pages on their side and not set right": lambda: pdf(drawings_of(SOME), turned=270, flagged=False),
    "PDF, pages upside down": lambda: pdf(drawings_of(SOME), turned=180),
    "PDF, thin areas for rules": lambda: pdf(drawings_of(SOME), thin_areas=True),
    "PDF, pages as form objects": lambda: pdf(drawings_of(SOME), in_form=True),
    "PDF, tables over pages with headers": lambda: low(SOME, repeat_header=True),
    "PDF, tables over pages with titles and headers": lambda: low(
        SOME, repeat_header=True, repeat_lines=True, continued="（续）", foot="第 {} 页"
    ),
    "PDF, rows cut above a header": lambda: low(SOME, cut_rows=True, repeat_header=True, foot="- {} -"),
    "OFD, tables over pages": lambda: ofd(drawings_of(SOME, LOW), LOW.height),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_document_says_what_the_text_says(way: str, expected: Contents) -> None:
    found = contents(read(WAYS[way](), "公开表"))
    assert found.figures == expected.figures
    assert found.lines == expected.lines
    assert found.texts == expected.texts


@pytest.mark.parametrize("way", WAYS_OF_PAGES)
def test_some_forms_say_what_the_text_says(way: str, expected: Contents) -> None:
    found = contents(read(WAYS_OF_PAGES[way](), "公开表"))
    numbers = {number for number, _ in found.texts}
    assert len(numbers) == len(SOME)
    assert found.figures == Counter({key: times for key, times in expected.figures.items() if key[0] in numbers})
    assert found.texts == Counter({key: times for key, times in expected.texts.items() if key[0] in numbers})


def test_rows_of_a_pdf_tell_their_page() -> None:
    document = read(pdf(drawings_of(titled("政府性基金预算支出表", "专项资金预算汇总表"))), "公开表.pdf")
    numbers = {form.report_no: [c.source_row for c in form.cells if c.text == "合计"] for form in filed(document).forms}
    assert numbers == {16: [1004, 1007], 21: [2007]}


def test_a_title_broken_over_two_lines(expected: Contents) -> None:
    title = "一般公共预算基本支出表--公用经费(商品和服务支出)（按政府预算经济分类）"
    assert title in TEXT
    broken = TEXT.replace(f"\n{title}\n\n", f"\n{title[:11]}\n{title[11:24]}\n{title[24:]}\n\n")
    disclosure = filed(read(docx_of(broken), "公开表.docx"))
    assert [form.title for form in disclosure.forms if form.report_no == 13] == [title]
    assert contents(read(docx_of(broken), "公开表.docx")).figures == expected.figures


def test_a_sheet_of_goals_goes_on_under_the_word_continued(expected: Contents) -> None:
    *others, sheet = FORMS
    first = len(sheet.rows()) // 4
    upper = replace(sheet, cells=[cell for cell in sheet.cells if cell.row < first])
    lower = [replace(cell, row=cell.row - first) for cell in sheet.cells if cell.row >= first]
    parts = [*others, upper, replace(sheet, above=["（续表）"], cells=lower)]
    found = contents(read(docx("".join(map(table_of, parts))), "公开表.docx"))
    assert (found.figures, found.texts) == (expected.figures, expected.texts)


def test_a_row_over_three_pages() -> None:
    form = Form(
        [], [Cell(0, 0, "年度绩效目标"), Cell(0, 1, "预算公开" * 300), Cell(1, 0, "单位"), Cell(1, 1, "某局")], 0, []
    )
    low_page = Style(height=150, cut_rows=True)
    pages = drawings_of([form], low_page)
    assert len(pages) >= 3
    document = read(pdf(pages, low_page.height), "a.pdf")
    assert rows(document) == [("年度绩效目标", "预算公开" * 300), ("单位", "某局")]


def test_forms_without_titles_whose_headers_differ_by_one_cell() -> None:
    chosen = titled("政府性基金预算支出表", "国有资本经营预算支出表", "财政专户管理资金预算支出表")
    bare = [Form([], form.cells, form.depth, []) for form in chosen]
    disclosure = filed(read(pdf(drawings_of(bare)), "公开表.pdf"), unit="001001")
    assert [form.report_no for form in disclosure.forms] == [16, 19, 20]


# ---------------------------------------------------------------------------- details of Word


def test_word_structures() -> None:
    text_box = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><w:txbxContent>{paragraph('收支总表')}</w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent>{paragraph('收支总表')}</w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    deleted = "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins></w:p>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>"
    inner = row(cell(paragraph("住房公积\n金")), cell(f"<w:p>{hidden}<w:r><w:t>48.93</w:t></w:r></w:p>"))
    nested = table(row(cell(f"{paragraph('外')}{table(inner)}{paragraph('')}")))
    control = f"<w:sdt><w:sdtContent>{table(row(cell(paragraph('甲')), cell(paragraph('Budget'), paragraph('2024'))))}"
    body = paragraph("单位：001001_某局\t\t金额单位：万元") + text_box + deleted + nested
    document = read(docx(f"{body}{control}</w:sdtContent></w:sdt>"), "a.docx")
    assert rows(document) == [
        ("单位：001001_某局", "金额单位：万元"),
        ("收支总表",),
        ("新",),
        ("外",),
        ("住房公积金", "48.93"),
        ("甲", "Budget2024"),
    ]


def test_word_2003_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes that are followed, comments and widths with decimals."""
    monkeypatch.setattr(libreoffice, "find_program", lambda: None)
    run = "<w:r><w:t>{}</w:t></w:r>".format
    note = '<aml:annotation w:type="Word.{}"><aml:content>{}</aml:content></aml:annotation>'.format
    line = note("Insertion", run("支出")) + note("Deletion", "<w:r><w:delText>收入</w:delText></w:r>")
    line += f"{run('总表')}<w:r>{note('Comment', paragraph('请核对'))}</w:r>"
    grid = '<w:tblGrid><w:gridCol w:w="1081.14"/><w:gridCol w:w="900.5"/></w:tblGrid>'
    body = f"<w:p>{line}</w:p><w:tbl>{grid}{row(cell(paragraph('合计')), cell(paragraph('1.00')))}</w:tbl>"
    document = read(word_2003(body), "公开表.doc")
    assert (document.file_format, rows(document)) == ("xml", [("支出总表",), ("合计", "1.00")])


def test_cells_that_libreoffice_lost_in_xml_of_word_2003() -> None:
    """It writes a cell over two rows in the first, and nothing in its place in the second."""
    name, heads = cell(paragraph("单位")), [cell(paragraph(text)) for text in ("基本支出", "项目支出")]
    whole = table(row(name, cell(paragraph("支出"), span=2)), row(name, *heads)) + paragraph("单位：万元")
    mark = b" xmlns:number='urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0' xmlns:w="
    complete = word_2003(whole).replace(b" xmlns:w=", mark)
    assert rows(read(complete, "公开表.xml"))[0] == ("单位", "支出", "")
    with pytest.raises(DocumentError, match="table 1, row 2 has 2 columns, expected 3: LibreOffice loses merged cells"):
        read(complete.replace(row(name, *heads).encode(), row(*heads).encode()), "公开表.xml")


def test_cells_that_end_a_hair_apart_share_a_column() -> None:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in (2000, 40, 2000))
    head = row(cell(paragraph("科目"), span=2), cell(paragraph("合计")))
    line = row(cell(paragraph("基本支出")), cell(paragraph("1.00"), span=2))
    document = read(docx(f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{head}{line}</w:tbl>"), "a.docx")
    assert rows(document) == [("科目", "合计"), ("基本支出", "1.00")]


def table(*table_rows: str) -> str:
    return f"<w:tbl>{''.join(table_rows)}</w:tbl>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def cell(*paragraphs: str, span: int = 1) -> str:
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{"".join(paragraphs)}</w:tc>'


# ---------------------------------------------------------------------------- details of PDF


def grid_of(xs: list[float], ys: list[float]) -> list[tuple[float, float, float, float]]:
    """All rules of a table."""
    across = [(xs[0], y, xs[-1], y) for y in ys]
    return across + [(x, ys[0], x, ys[-1]) for x in xs]


def test_text_that_runs_over_its_cell_stays_in_it() -> None:
    rules = grid_of([50, 100, 150, 200], [50, 65, 80])
    left = (52, 61, 8, "机关事业单位基本养老")  # begins at the rule and ends in the third cell
    right = (154, 61, 8, "万元")
    centred = (75, 76, 8, "资源勘探工业信息等支出")  # in the second cell, and over both its rules
    centred = (125 - 4 * len(centred[3]), *centred[1:])
    document = read(pdf([Drawing([left, right, centred], rules)]), "a.pdf")
    assert rows(document) == [("机关事业单位基本养老", "", "万元"), ("", "资源勘探工业信息等支出", "")]


def test_an_indented_code_that_is_broken_over_lines_is_one() -> None:
    rules = grid_of([50, 80, 110, 150, 190], [50, 75])
    code: list[Text] = [(65, 60, 7.0, "001"), (52, 69, 7.0, "001")]
    wide: list[Text] = [(85, 60, 7.0, "６７"), (85, 69, 7.0, "．２３")]
    right: list[Text] = [(134.5, 60, 7.0, "300"), (134.5, 69, 7.0, "400")]  # of two rows
    centred: list[Text] = [(165, 60, 7.0, "300"), (163.25, 69, 7.0, "1400")]
    document = read(pdf([Drawing(code + wide + right + centred, rules)]), "a.pdf")
    assert rows(document) == [("001001", "６７．２３", "300 / 400", "300 / 1400")]


def test_missing_rules_make_merged_cells() -> None:
    # nothing between the rows of the first column
    rules: list[Rule] = [(50, 50, 200, 50), (50, 80, 200, 80), (100, 65, 200, 65)]
    rules += [(50, 50, 50, 80), (100, 50, 100, 80), (150, 65, 150, 80), (200, 50, 200, 80)]
    texts: list[Text] = [(60, 68, 8.0, "项目"), (110, 60, 8.0, "基本支出")]
    texts += [(110, 76, 8.0, "小计"), (160, 76, 8.0, "其他")]
    first, second = read(pdf([Drawing(texts, rules)]), "a.pdf").grids[0].rows
    assert [tuple(found)[:4] for found in first.cells] == [("项目", 0, 1, 2), ("基本支出", 1, 2, 1)]
    assert [tuple(found)[:4] for found in second.cells] == [("小计", 1, 1, 1), ("其他", 2, 1, 1)]


def test_a_figure_that_was_printed_as_hashes_is_kept_and_named() -> None:
    (form,) = titled("专项资金预算汇总表")
    cells = [replace(cell, text="####") if cell.text == "64.50" else cell for cell in form.cells]
    disclosure = filed(read(pdf(drawings_of([replace(form, cells=cells)])), "公开表.pdf"))
    lost = [finding for finding in disclosure.findings if finding.kind == "figure_lost"]
    assert [(finding.report_no, finding.source_row) for finding in lost] == [(21, 1012)] * 4


# ---------------------------------------------------------------------------- faults

A_TABLE = [Drawing([(60, 61, 8.0, "收支总表")], grid_of([50, 100, 150], [50, 65, 80]))]
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
FAULTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a PDF with a password": (lambda: pdf(A_TABLE, password="secret"), "protected by a password"),
    "a PDF without rules": (lambda: pdf([Drawing([(60, 60, 8.0, "收支总表 896.28")])]), "lines of text without tables"),
    "a PDF cut off": (lambda: pdf(A_TABLE)[:-400], "damaged or cut off"),
    "a PDF of pictures": (
        lambda: pdf([Drawing([], [(50, 50, 100, 65)])], rule=Canvas.ellipse),
        "pip install -e '.[ocr]'",
    ),
    "a PDF with tables of something else": (lambda: pdf(A_TABLE), "none of the official forms"),
    "Word without tables": (lambda: docx(paragraph("关于公开的说明")), "lines of text without tables"),
    "Word with an external entity": (
        lambda: docx(paragraph("&e;").replace("&amp;", "&"), ENTITY),
        "declares a document type or entities",
    ),
    "XML of Word 2003 cut off": (lambda: word_2003(paragraph("预算"))[:-30], "is no XML or is cut off"),
    "Word that is no XML": (lambda: docx("<w:p>"), "is no XML"),
    "Word cut off": (lambda: docx_of(TEXT)[:-2000], "damaged"),
    "a zip that only claims to be Word": (lambda: zipped({"word/document.xml": "<a/>"}), "word/document.xml"),
    "OFD cut off": (lambda: ofd(drawings_of(FORMS[:2]))[:-900], "damaged"),
    "OFD without its pages": (lambda: without(ofd(drawings_of(FORMS[:1])), "Pages/Page_0"), "is missing"),
    "OFD with a password": (lambda: zipped({"OFD.xml": "<a/>", "Encryptions.xml": "<a/>"}), "encrypted"),
    "OFD without rules": (lambda: ofd([Drawing([(60, 60, 8.0, "收支总表")])]), "lines of text without tables"),
}


def zipped(members: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def without(content: bytes, part: str) -> bytes:
    """A zip without the members whose names contain a part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return zipped({name: archive.read(name).decode() for name in archive.namelist() if part not in name})


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "is_available", lambda: False)
    make, message = FAULTS[fault]
    with pytest.raises(DocumentError) as error:
        filed(read(make(), "公开表"))
    assert message in str(error.value)
    assert str(error.value).startswith("公开表")


def test_a_member_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_MEMBER", 10_000)
    with pytest.raises(DocumentError, match="unpacks to more than"):
        read(docx(paragraph("预" * 20_000)), "公开表.docx")


def test_pictures_among_the_pages_are_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "is_available", lambda: False)
    table = Drawing([], grid_of([50, 100], [50, 65]))  # without text: nothing to read, and nothing to tell
    letters = Drawing([], [(50, 50, 100, 65)])
    forms = drawings_of(titled("支出总表"))

    def drawn(canvas: Canvas, *box: float) -> None:
        """An outline on the second page, rules on the others."""
        (canvas.ellipse if canvas.getPageNumber() == 2 else canvas.line)(*box)

    document = read(pdf([table, letters, *forms], rule=drawn), "公开表.pdf")
    (remark,) = document.remarks
    assert "pages without text were left out: 2;" in remark
    assert rows(document) == rows(read(pdf(forms), "公开表.pdf"))


def test_a_picture_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "is_available", lambda: False)
    with pytest.raises(DocumentError, match=r"pip install -e '\.\[ocr\]'"):
        read(b"\x89PNG\r\n\x1a\n" + bytes(100), "扫描件.png")


# ---------------------------------------------------------------------------- LibreOffice


@needs_libreoffice
def test_rtf_by_libreoffice() -> None:
    chosen = titled("支出总表", "专项资金预算汇总表")
    in_word = contents(read(docx("".join(map(table_of, chosen))), "公开表.docx"))
    document = read(rtf_of(chosen), "公开表.rtf")
    assert document.file_format == "rtf"
    assert contents(document) == in_word


def test_without_libreoffice_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "find_program", lambda: None)
    with pytest.raises(DocumentError, match=r"needs LibreOffice.*apt install libreoffice.*save the document as docx"):
        read(b"{\\rtf1 }", "公开表.rtf")


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("script", "seconds", "message"),
    [("sleep 60", 0.3, "did not finish within"), ("exit 1", 60, "cannot read this rtf file")],
)
def test_a_converter_that_hangs_or_fails(
    script: str, seconds: float, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(libreoffice, "find_program", lambda: str(program))
    monkeypatch.setattr(libreoffice, "TIMEOUT", seconds)
    with pytest.raises(DocumentError, match=message):
        read(b"{\\rtf1 }", "公开表.rtf")


# ---------------------------------------------------------------------------- scans


@needs_ocr
def test_a_scan_is_read_and_marked() -> None:
    chosen = titled("一般公共预算“三公”经费支出表")
    document = read(picture_of(pdf(drawings_of(chosen))), "扫描件.tiff")
    assert all(row.is_ocr for row in document.grids[0].rows)
    disclosure = filed(document)
    assert [form.report_no for form in disclosure.forms] == [15]
    assert Counter(cell.amount for cell in disclosure.forms[0].cells if cell.amount) == {Decimal("0.60"): 6}
    assert "ocr" in {finding.kind for finding in disclosure.findings}


@needs_ocr
def test_a_scan_with_narrow_columns() -> None:
    """Over narrow columns a rule is as short as the strokes of large letters."""
    xs, ys = [50.0, 60.0, 70.0, 80.0, 200.0, 300.0], [50.0, 62.5, 75.0, 87.5, 100.0]
    rules = [(xs[0], y, xs[-1], y) for y in (ys[0], *ys[2:])] + [(x, ys[0], x, ys[-1]) for x in (xs[0], *xs[3:])]
    rules += [(xs[0], ys[1], xs[3], ys[1])] + [(x, ys[1], x, ys[-1]) for x in xs[1:3]]
    texts: list[Text] = [(53, 59, 6.0, "功能科目"), (110, 66, 7.0, "科目名称"), (230, 66, 7.0, "合计")]
    texts += [(52, 72, 6.0, "类"), (62, 72, 6.0, "款"), (72, 72, 6.0, "项"), (110, 84, 7.0, "行政运行")]
    texts += [(230, 84, 7.0, "896.28"), (110, 97, 7.0, "人大会议"), (230, 97, 7.0, "20.00")]
    document = read(picture_of(pdf([Drawing(texts, rules)])), "扫描件.tiff")
    assert rows(document) == [
        ("功能科目", "", "", "科目名称", "合计"),
        ("类", "款", "项", "", ""),
        ("", "", "", "行政运行", "896.28"),
        ("", "", "", "人大会议", "20.00"),
    ]


def scanned(content: bytes) -> bytes:
    """A page as a scanner gives it: turned a little, on grainy paper, with a red stamp over the figures."""
    page = Image.open(io.BytesIO(picture_of(content))).convert("RGB").reduce(2)
    draw = ImageDraw.Draw(page)
    x, y = 268 * 150 / 72, 86 * 150 / 72  # beside the figures; its ring crosses the rules
    draw.ellipse((x - 62, y - 62, x + 62, y + 62), outline=(205, 40, 40), width=5)
    page = page.rotate(0.7, Image.Resampling.BICUBIC, fillcolor="white")
    grain = Image.effect_noise(page.size, 20).convert("RGB")
    page = ImageChops.add(page, grain, scale=1, offset=-128)
    file = io.BytesIO()
    page.save(file, "TIFF")
    return file.getvalue()


@needs_ocr
def test_a_scan_that_is_turned_stamped_and_grainy() -> None:
    xs, ys = [50.0, 200.0, 300.0, 400.0], [50.0, 68.0, 86.0, 104.0, 122.0]
    lines = [("科目名称", "合计", "基本支出"), ("行政运行", "896.28", "790.28")]
    lines += [("人大会议", "20.00", "18.60"), ("(十九)其他", "116.37", "106.00")]
    drawing = Drawing(
        [
            (x + 8, y + 13, 9.0, text)
            for y, line in zip(ys, lines, strict=False)
            for x, text in zip(xs, line, strict=False)
        ],
        [(xs[0], y, xs[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in xs],
    )
    found = [tuple(fold(text) for text in row) for row in rows(read(scanned(pdf([drawing])), "扫描件.tiff"))]
    assert found == lines


@needs_ocr
def test_dots_of_a_bad_copier_are_painted_over() -> None:
    """Rules and decimal points stay as they are, and so does a picture without dots."""
    clean = np.asarray(Image.open(io.BytesIO(picture_of(pdf(A_TABLE)))).convert("L"))[:600]
    chance = np.random.default_rng(1).random(clean.shape)
    dotted = np.where(chance < 0.015, np.uint8(0), np.where(chance > 0.985, np.uint8(255), clean))
    assert scan_picture.picture_of(clean).grey is clean
    left = np.abs(scan_picture.picture_of(dotted).grey.astype(int) - clean) > 80
    assert left.mean() < 0.001 < 0.01 < (np.abs(dotted.astype(int) - clean) > 80).mean()


def test_damaged_pictures_are_refused() -> None:
    with pytest.raises(DocumentError, match="picture"):
        read(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "扫描件.png")


# ---------------------------------------------------------------------------- details of OFD


def test_a_label_that_runs_up_the_page() -> None:
    upwards = '<ofd:TextObject CTM="0 -1 1 0 0 0" Boundary="19 28 9 9" Size="3"><ofd:TextCode>支出</ofd:TextCode>'
    drawing = Drawing([(110, 71, 8.0, "合计")], grid_of([50, 100, 150], [50, 90]))
    with zipfile.ZipFile(io.BytesIO(ofd([drawing]))) as file:
        found = {name: file.read(name).decode() for name in file.namelist()}
    (page,) = (name for name in found if "Pages/" in name)
    found[page] = found[page].replace("<ofd:TextObject", f"{upwards}</ofd:TextObject><ofd:TextObject", 1)
    assert ("支出", "合计") in rows(read(zipped(found), "a.ofd"))
