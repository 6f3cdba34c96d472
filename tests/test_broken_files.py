"""Files that cannot be read, one fault each: a clear reason, bounded memory, nothing loaded; bundles of documents."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import psycopg
import pytest
import xlwt

from loader.documents.grid import DocumentError
from loader.documents.readers import bundle, read, sheet
from loader.documents.readers.web import selectors as html_selectors
from synthetic import pages, workbooks
from synthetic.workbooks import sheets_of, zipped
from tests.conftest import SAMPLE, load_files

TEXT = SAMPLE.read_text(encoding="utf-8")
SHEETS = sheets_of(TEXT)[:3]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
WIDE_CELL = '<w:tc><w:tcPr><w:gridSpan w:val="500"/></w:tcPr><w:p/></w:tc>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION_LAUGHS = f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]>'
EXTERNAL = '<!DOCTYPE a [<!ENTITY l9 SYSTEM "file:///etc/hostname">]>'


@cache
def xlsx() -> bytes:
    """A sound workbook."""
    return workbooks.xlsx(SHEETS)


@cache
def xls() -> bytes:
    """A sound workbook of the older kind."""
    return workbooks.xls(SHEETS)


def with_sheet(xml: str) -> bytes:
    """A workbook whose first sheet is this XML."""
    with zipfile.ZipFile(io.BytesIO(xlsx())) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**members, "xl/worksheets/sheet1.xml": xml})


def with_cells(data: str, behind: str = "", before: str = "") -> bytes:
    """A workbook whose first sheet holds these rows."""
    return with_sheet(f"{before}<worksheet {MAIN}><sheetData>{data}</sheetData>{behind}</worksheet>")


def without(member: str) -> bytes:
    """A workbook without one of its parts."""
    with zipfile.ZipFile(io.BytesIO(xlsx())) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist() if name != member})


def changed(member: str, *changes: bytes) -> bytes:
    """A workbook with one of its parts changed: old, new, old, new …"""
    with zipfile.ZipFile(io.BytesIO(xlsx())) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    part = members[member]
    assert isinstance(part, bytes)
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in part
        part = part.replace(old, new)
    return zipped({**members, member: part})


def lists_of_sheets() -> list[int]:
    """Where the records that list the sheets of the xls begin."""
    stream = xls().index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    found: list[int] = []
    at = stream
    while len(found) < len(SHEETS):
        number, length = struct.unpack("<HH", xls()[at : at + 4])
        if number == 0x85:
            found.append(at)
        at += 4 + length
    return found


def without_a_sheet(content: bytes) -> bytes:
    """An xls whose list of sheets has lost one: its record is of a kind that nobody knows."""
    at = lists_of_sheets()[1]
    return content[:at] + b"\xee\x0e" + content[at + 2 :]


def xls_with(offset: bytes) -> bytes:
    """An xls whose first sheet is said to begin elsewhere."""
    at = lists_of_sheets()[0] + 4
    return xls()[:at] + offset + xls()[at + 4 :]


def xml2003(before: str = "", change: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    """A workbook in XML, with a document type in front or with one place changed."""
    content = workbooks.xml2003(SHEETS)
    start = content.index(b"<Workbook")
    return content[:start] + before.encode() + content[start:].replace(*change, 1)


def ods(row: str) -> bytes:
    """A spreadsheet with one row."""
    table = f'<table:table table:name="a">{row}</table:table>'
    return workbooks.ods_of(f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>")


def ole_with(stream: str) -> bytes:
    """An OLE file whose only stream has another name."""
    old, new = (name.encode("utf-16-le") for name in ("Workbook\0", stream + "\0"))
    at = xls().index(old)
    return xls()[:at] + new.ljust(64, b"\0") + struct.pack("<H", len(new)) + xls()[at + 66 :]


def encrypted_xls() -> bytes:
    """A workbook whose stream says that what follows is encrypted."""
    workbook = xlwt.Workbook()
    workbook.add_sheet("a").write(0, 0, "b")
    stream = workbook.get_biff_data()
    first = 4 + struct.unpack("<H", stream[2:4])[0]
    password = struct.pack("<HHHHH", 0x2F, 6, 0, 1, 2)
    target = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(target, stream[:first] + password + stream[first:])
    return target.getvalue()


def noise(megabytes: float) -> bytes:
    """Bytes that mean nothing."""
    return random.Random(1).randbytes(int(megabytes * 2**20))


def _cut_off_behind_another() -> bytes:
    """The end of a ZIP is lost, that of one inside it is not."""
    inner = zipped({"001002.txt": TEXT})
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:  # nothing is packed, as what is packed already
        for name, content in (("001001.txt", TEXT.encode()), ("others.zip", inner)):
            archive.writestr(name, content)
    end = whole.getvalue().index(inner) + len(inner)
    return whole.getvalue()[: end + 20]


def test_a_workbook_whose_first_member_was_replaced_is_read() -> None:
    """Programs that add to a ZIP leave the old member in front of it, and no list names that."""
    target = io.BytesIO(xlsx())
    with zipfile.ZipFile(target, "a") as archive:
        first = archive.filelist.pop(0)
        content = archive.read(first)
        del archive.NameToInfo[first.filename]
        archive.writestr(first.filename, content)
    assert read(target.getvalue(), "a.xlsx") == read(xlsx(), "a.xlsx")


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "0 bytes": (lambda: b"", "empty"),
    "zeros only": (lambda: bytes(10_000), "empty"),
    "noise": (lambda: noise(0.1), "binary data of an unknown format"),
    "60 MB of line ends": (lambda: b"a" + b"\n" * (60 << 20) + b"a", "more than 500,000 cells"),
    "a wrong extension": (lambda: b"\x89PNG\r\n\x1a\n" + noise(0.01), "picture"),
    "an external entity, ods": (
        lambda: zipped({"mimetype": workbooks.MIME_ODS, "content.xml": f"{EXTERNAL}<a>&l9;</a>"}),
        "declares a document type or entities",
    ),
    "an external entity, Word": (
        lambda: pages.docx(pages.paragraph("e").replace(">e<", ">&l9;<"), EXTERNAL.replace(" a ", " w:document ")),
        "declares a document type or entities",
    ),
    "an external entity, OFD": (
        lambda: zipped({"OFD.xml": f"{EXTERNAL}<a>&l9;</a>"}),
        "declares a document type or entities",
    ),
    "a PDF with a password": (
        lambda: pages.pdf([pages.Drawing([(60, 60, 8.0, "收支总表")])], password="secret"),
        "protected by a password",
    ),
    "a document of Numbers": (lambda: zipped({"Index/Document.iwa": b"x", "preview.jpg": b"y"}), "Numbers"),
    "a document in UOF": (lambda: b"<?xml version='1.0'?><uof:UOF xmlns:uof='x'/>", "in UOF"),
    "a csv of one endless line": (lambda: b"a,b\nc,d\n" + b"," * 100_000 + b"\n", "more than 16,384 cells"),
    "an element of countless attributes": (
        lambda: f"<html><table><td {' '.join(f'a{n}' for n in range(3_000))}>11.50</td></table></html>".encode(),
        "more than 1,000 attributes",
    ),
    "an element of countless attributes with quoted brackets": (
        lambda: f"<table><td {' '.join('z=' + chr(34) + '<>' + chr(34) + f' a{n}' for n in range(3_000))}>1".encode(),
        "more than 1,000 attributes",
    ),
    "noise that begins like a ZIP": (lambda: b"PK\x03\x04" + noise(0.1), "damaged or cut off"),
    "noise that begins like an Office document": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(0.1),
        "damaged or cut off Office document",
    ),
    "a ZIP cut off": (lambda: xlsx()[: len(xlsx()) // 2], "damaged or cut off"),
    "a ZIP cut off behind a ZIP inside it": (_cut_off_behind_another, "damaged or cut off"),
    "a ZIP with a damaged member": (lambda: xlsx()[:2000] + bytes(500) + xlsx()[2500:], "damaged"),
    "an xls cut off": (lambda: xls()[: len(xls()) // 2], "damaged or cut off Office document"),
    "an xls with damaged records": (lambda: xls()[:3000] + b"\xff" * 200 + xls()[3200:], "damaged"),
    "XML cut off": (lambda: workbooks.xml2003(SHEETS)[:5000], "no XML or is cut off"),
    "an xlsx with a password": (lambda: ole_with("EncryptedPackage"), "a document with a password"),
    "an xls with a password": (encrypted_xls, "a workbook with a password"),
    "an ods with a password": (
        lambda: zipped(
            {
                "mimetype": workbooks.MIME_ODS,
                "content.xml": noise(0.01),
                "META-INF/manifest.xml": "<manifest:encryption-data/>",
            }
        ),
        "a spreadsheet with a password",
    ),
    "a presentation": (lambda: ole_with("PowerPoint Document"), "a presentation"),
    "an OLE file of another kind": (lambda: ole_with("Contents"), "expected one with Workbook or WordDocument"),
    "a text in Big5": (lambda: 9 * "單位預算總表\t1.50\n".encode("big5"), "a text in Big5"),
    "a page that says Big5 and is in it": (
        lambda: 9 * "<p>charset=big5 部門預算收支總表".encode("big5"),
        "a text in Big5",
    ),
    "a table in SYLK": (lambda: b"ID;PSCALC3\nC;X1;Y1;K1\nE\n", "a table in SYLK (slk); save it as xlsx"),
    "a table in DIF": (lambda: b'TABLE\r\n0,1\r\n""\r\nVECTORS\r\n0,2\r\n', "Data Interchange Format"),
    "a book": (
        lambda: zipped({"mimetype": "application/epub+zip", "OEBPS/a.xhtml": "<html><p>支出总表</p></html>"}),
        "an electronic book (epub); save it as docx or pdf",
    ),
    "slides of LibreOffice": (
        lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.presentation", "content.xml": "<a/>"}),
        "a presentation; save it as pdf",
    ),
    "a drawing of LibreOffice": (
        lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.graphics", "content.xml": "<a/>"}),
        "a drawing (odg); save it as pdf",
    ),
    "pages in XPS": (lambda: zipped({"FixedDocSeq.fdseq": "<a/>"}), "pages in XPS; save them as pdf"),
    "a RAR archive": (lambda: b"Rar!\x1a\x07\x00" + noise(0.01), "a RAR archive; pack it as ZIP"),
    "a web archive without pages": (
        lambda: b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n",
        "a web archive without pages",
    ),
    "a binary workbook": (lambda: zipped({"xl/workbook.bin": b"x"}), "a binary workbook (xlsb)"),
    "a workbook without its sheet": (lambda: without("xl/worksheets/sheet1.xml"), "sheet1.xml is missing"),
    "a string that is not there": (
        lambda: with_cells('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>'),
        "cell A1: the text number 99999 is not in the workbook",
    ),
    "a sheet that no relation leads to": (
        lambda: changed("xl/_rels/workbook.xml.rels", b"sheet2.xml", b"sheet2.xml", b'Id="', b'Id="x'),
        "is listed, but nothing tells where its cells are",
    ),
    "a sheet of an unknown kind": (
        lambda: changed("xl/_rels/workbook.xml.rels", b"relationships/worksheet", b"relationships/Worksheet"),
        "is listed, but nothing tells where its cells are",
    ),
    "a style that is no number": (lambda: changed("xl/styles.xml", b'numFmtId="', b'numFmtId="x'), "list of styles is"),
    "an xls whose list of sheets is damaged": (lambda: without_a_sheet(xls()), "it names 2 of 3"),
    "an xls with a sheet that begins nowhere": (lambda: xls_with(struct.pack("<i", 7)), "the sheet '12024"),
    "an XML cell at no column": (
        lambda: xml2003(change=(b'<Row ss:Index="1"', b'<Row ss:Index="x"')),
        "the sheet '12024年部门预算公开表' is damaged",
    ),
    "a row beyond the end": (
        lambda: with_cells('<row r="2000000"><c r="A2000000"><v>1</v></c></row>'),
        "row 2000000 is beyond the end of a sheet",
    ),
    "a column beyond the end": (
        lambda: with_cells('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'),
        "beyond the end of a sheet",
    ),
    "merged areas without end": (
        lambda: with_cells(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>',
            behind="<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 1000 + "</mergeCells>",
        ),
        "merged areas of more than",
    ),
    "entities that multiply, xlsx": (
        lambda: with_cells('<row r="1"><c r="A1"><v>&l9;</v></c></row>', before=BILLION_LAUGHS),
        "entity",
    ),
    "entities that multiply, ods": (
        lambda: zipped(
            {"mimetype": workbooks.MIME_ODS, "content.xml": f"{BILLION_LAUGHS}<a>&l9;</a>"},
        ),
        "entity",
    ),
    "an external entity, xlsx": (
        lambda: with_cells('<row r="1"><c r="A1"><v>&l9;</v></c></row>', before=EXTERNAL),
        "declares a document type or entities",
    ),
    "an external entity, XML": (
        lambda: xml2003(EXTERNAL, ("支出总表".encode(), b"&l9;")),
        "declares a document type or entities",
    ),
    "columns repeated without end": (
        lambda: ods(
            '<table:table-row table:number-rows-repeated="1000"><table:table-cell'
            ' table:number-columns-repeated="1000000000"><text:p>1</text:p></table:table-cell></table:table-row>'
        ),
        "more than 500,000 cells",
    ),
    "an XML row beyond the end": (
        lambda: xml2003(change=(b'<Row ss:Index="1"', b'<Row ss:Index="2000000000"')),
        "row 2000000000 is beyond the end",
    ),
    "a page nested without end": (lambda: b"<html>" + b"<div>" * 100_000 + b"x", "nested too deep"),
    "a page that is too wide": (
        lambda: b"<table><tr>" + b"<td colspan=1000>x</td>" * 1000 + b"</table>",
        "more than 16,384 columns",
    ),
    "a page nested deeper than it can be read": (
        lambda: b"<html>" + b"<table><tr><td>" * 1900 + b"x</table>",
        "nested too deep",
    ),
    "Word with a row that is too wide": (
        lambda: pages.docx(f"<w:tbl><w:tr>{WIDE_CELL * 40}</w:tr></w:tbl>"),
        "more than 16,384 columns",
    ),
    "Word with cells that cover too much": (
        lambda: pages.docx(f"<w:tbl>{f'<w:tr>{WIDE_CELL * 20}</w:tr>' * 600}</w:tbl>"),
        "cells that cover more than 5,000,000 columns",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_refused_with_a_reason(fault: str) -> None:
    make, reason = REFUSED[fault]
    with pytest.raises(DocumentError) as refused:
        read(make(), "001001.xls")
    assert reason.lower() in str(refused.value).lower()


# more than a hundredth of what a document may hold
TOO_MUCH: dict[str, tuple[Callable[[], bytes], str]] = {
    "characters": (
        lambda: with_cells(
            "".join(
                f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{"x" * 30_000}</t></is></c></row>' for n in range(1, 18)
            )
        ),
        "more than 500,000 characters",
    ),
    "cells": (
        lambda: with_cells("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 6_000))),
        "more than 5,000 cells",
    ),
    "cells of csv in quotation marks": (lambda: b"a,b\nc,d\n" + b'",\n' * 11_000, "more than 5,000 cells"),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_a_document_of_too_much_is_refused(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_CELLS", sheet.MAX_CELLS // 100)
    monkeypatch.setattr(sheet, "MAX_CHARACTERS", sheet.MAX_CHARACTERS // 100)
    make, reason = TOO_MUCH[what]
    with pytest.raises(DocumentError, match=reason):
        read(make(), "001001.xls")


def test_style_rules_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_selectors, "MAX_STEPS", 50_000)  # so many take five seconds otherwise
    style = b"<style>" + b".a .b{display:none}" * 500 + b"</style>"
    with pytest.raises(DocumentError, match="style rules that take more than 50,000 steps"):
        read(b"<html>" + style + b'<p class="b">' * 500 + b"<table></html>", "001001.xls")


# files made to take all memory: why they are refused, if they are, and how many MiB they may take beside what they are
HOSTILE: dict[str, tuple[Callable[[], bytes], str, int]] = {
    "200 MB of noise": (lambda: noise(1) * 200, "200 MB of an unknown format", 300),
    "60 MB of tabs": (lambda: b"a" + b"\t" * (60 << 20) + b"a", "more than 500,000 cells", 500),
    "a ZIP bomb": (lambda: with_cells(" " * (130 << 20)), "unpacks to more than 128 MB", 400),
    "a million rows of styles": (
        lambda: with_cells("".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(1, 1_048_577))),
        "",
        400,
    ),
    "a text in the last cell that a sheet can have": (
        lambda: with_cells('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', before='<?xml version="1.0"?>'),
        "",
        100,
    ),
    "too many elements": (
        lambda: with_cells("<!---->" + '<row r="1">' + "<c/>" * 6_000_000 + "</row>"),
        "more than 5,000,000 elements",
        400,
    ),
    "entities that multiply": (lambda: xml2003(BILLION_LAUGHS, ("支出总表".encode(), b"&l9;")), "entity", 100),
    "rows repeated without end": (
        lambda: ods(
            '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell><text:p>1</text:p>'
            "</table:table-cell></table:table-row>"
        ),
        "more than 500,000 cells",
        100,
    ),
    "thousands of tiny files": (
        lambda: zipped({f"{n}.txt": "" for n in range(21_000)}),
        "a zip of 21,000 files",
        200,
    ),
    "cells of Word without end": (
        lambda: pages.docx(f"<w:tbl>{f'<w:tr>{WIDE_CELL * 20}</w:tr>' * 4000}</w:tbl>"),
        "cells that cover more than 5,000,000 columns",
        300,
    ),
    "cells that reach down without end": (
        lambda: b"<html><table><tr>" + b"<td rowspan=65534>" * 16_000 + b"<tr><td>" * 200_000 + b"</table>",
        "cells that cover more than 5,000,000 columns",
        300,
    ),
    "a text of breaks within a cell": (lambda: b"a\tb\n" + b"1\x0b" * 1_000_000, "", 300),
}


def peak() -> int:
    """The most memory that this process has had, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def read_apart(content: bytes, seconds: int) -> tuple[str, int]:
    """Why a process of its own refuses to read this, if it does, and how many MiB that takes."""

    def answer() -> None:
        before, reason = peak(), ""
        try:
            read(content, "001001.xls")
        except DocumentError as error:
            reason = str(error)
        sender.send((reason, peak() - before))

    receiver, sender = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(target=answer, daemon=True)
    process.start()
    try:
        assert receiver.poll(seconds), "the reader does not end"
        found: tuple[str, int] = receiver.recv()
        return found
    finally:
        process.kill()
        process.join()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc that tells the peak of the memory")
@pytest.mark.parametrize("fault", HOSTILE)
def test_memory_stays_bounded(fault: str) -> None:
    make, expected, most = HOSTILE[fault]
    reason, taken = read_apart(make(), seconds=300)
    assert expected in reason
    assert bool(reason) == bool(expected)
    assert taken < most


HARMLESS: dict[str, str] = {
    "a number that is none": '<row r="1"><c r="A1"><v>abc</v></c></row>',
    "a number without end": '<row r="1"><c r="A1"><v>1E999999999</v></c></row>',
    "a style that is not there": '<row r="1"><c r="A1" s="9999"><v>5</v></c></row>',
    "a lone surrogate": '<row r="1"><c r="A1" t="inlineStr"><is><t>_xD800_5&#0;</t></is></c></row>',
}


@pytest.mark.parametrize("fault", HARMLESS)
def test_odd_cells_are_text(fault: str) -> None:
    grid = read(with_cells(HARMLESS[fault]), "a.xlsx").grids[0]
    assert len(grid.rows[0].cells) == 1
    grid.rows[0].cells[0].text.encode()


def test_a_cell_given_twice_is_named() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="A1"><v>3</v></c></row>'
    document = read(with_cells(cells + '<row r="1"><c r="B1"><v>4</v></c></row>'), "a.xlsx")
    assert document.remarks[0].endswith("cells that are given twice: A1 ('1' and '3'), B1 ('2' and '4')")


def test_a_sheet_whose_rows_are_damaged_is_not_blank() -> None:
    with pytest.raises(DocumentError, match="is no XML or is cut off"):
        read(with_cells('<row r="1" ' * 3), "a.xlsx")


def test_a_figure_below_a_merged_cell_that_shows_another_is_named() -> None:
    cells = "".join(f'<c r="{column}1"><v>{value}</v></c>' for column, value in zip("ABC", (5, 5, 7), strict=True))
    merged = '<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'
    [remark] = read(with_cells(f'<row r="1">{cells}</row>', behind=merged), "a.xlsx").remarks
    assert remark.endswith(": 1 figures below merged cells were left out: '7' in row 1, column 3")


def test_an_inline_text_with_a_value_beside_it() -> None:
    document = read(with_cells('<row r="1"><c r="A1" t="inlineStr"><v>0</v><is><t>甲</t></is></c></row>'), "a.xlsx")
    assert [cell.text for row in document.grids[0].rows for cell in row.cells] == ["甲"]


def test_control_characters_do_not_pass() -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲\x1b]0;乙\x07\x9b丙</t></is></c></row>'
    document = read(with_cells(cells), "a.xlsx")
    assert document.grids[0].rows[0].text == "甲]0;乙丙"


def test_streams_in_capitals() -> None:
    old, new = (name.encode("utf-16-le") for name in ("Workbook", "WORKBOOK"))
    assert read(xls().replace(old, new), "a.xls").grids == read(xls(), "a.xls").grids


QUADRATIC: dict[str, Callable[[], bytes]] = {
    "content types": lambda: zipped({"[Content_Types].xml": "spreadsheetml" * 100_000}),
    "hidden rows": lambda: with_cells("<row hidden=" * 200_000),
    "columns": lambda: with_cells("", before="<col " * 200_000),
    "views": lambda: with_cells("", before="<sheetView " * 200_000),
    "formulas": lambda: with_cells('<c r="A1"><f ' * 200_000),
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc that tells the peak of the memory")
@pytest.mark.parametrize("fault", QUADRATIC)
def test_no_part_is_read_again_and_again(fault: str) -> None:
    # a pattern that begins again at every tag takes hours
    read_apart(QUADRATIC[fault](), seconds=120)


REFUSED_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut.xlsx": (lambda: xlsx()[:3000], "damaged or cut off, as by an incomplete download; get the file again"),
    "deep.xlsx": (
        lambda: with_cells('<row r="2000000"><c r="A2000000"><v>1</v></c></row>'),
        "sheet '12024年部门预算公开表': row 2000000 is beyond the end of a sheet",
    ),
    "page.html": (
        lambda: f"<!DOCTYPE html SYSTEM 'file:///etc/hostname' [{EXTERNAL[12:-1]}><html>&l9;</html>".encode(),
        "lines of text without tables",
    ),
    "text.docx": (lambda: pages.docx(pages.paragraph("关于公开的说明")), "lines of text without tables"),
    "text.pdf": (
        lambda: pages.pdf([pages.Drawing([(60, 60, 8.0, "收支总表 896.28")])]),
        "lines of text without tables",
    ),
}


def test_a_refused_file_leaves_its_reason(database: psycopg.Connection, tmp_path: Path) -> None:
    for name, (make, _) in REFUSED_FILES.items():
        (tmp_path / name).write_bytes(make())
    results = load_files(database, *(tmp_path / name for name in REFUSED_FILES))
    told = {result.file_name: str(result.error) for result in results}
    assert told.keys() == REFUSED_FILES.keys()
    for name, (_, reason) in REFUSED_FILES.items():
        assert told[name].startswith(f"{name}: ")
        assert reason in told[name]
    assert database.execute("select outcome, message from meta.load order by load_id").fetchall() == [
        ("rejected", message) for message in told.values()
    ]
    for table in ("budget.document", "budget.disclosure", "filed.form", "filed.cell", "meta.finding"):
        assert database.execute(f"select count(*) from {table}".encode()).fetchone() == (0,)


# ---------------------------------------------------------------------------- bundles


def unit(number: int) -> str:
    """The sample as another unit would file it."""
    return TEXT.replace("001001", f"0010{number:02}").replace("人民代表大会", f"第{number}")


def members_of(content: bytes) -> list[tuple[str, bytes]]:
    """What a bundle holds."""
    return list(bundle.documents(content, "all.zip"))


def test_every_document_of_a_bundle_is_loaded_on_its_own(database: psycopg.Connection, tmp_path: Path) -> None:
    inner = zipped({"001002.xlsx": workbooks.xlsx(sheets_of(unit(2))), "damaged.xlsx": xlsx()[:3000]})
    path = tmp_path / "2024.zip"
    path.write_bytes(zipped({"001001.txt": TEXT, "一科/001002.zip": inner, "说明.txt": "2024年部门预算说明"}))
    results = load_files(database, path)
    assert [(result.file_name, result.outcome) for result in results] == [
        ("2024.zip/001001.txt", "loaded"),
        ("2024.zip/一科/001002.zip/001002.xlsx", "loaded"),
        ("2024.zip/一科/001002.zip/damaged.xlsx", "rejected"),
        ("2024.zip/说明.txt", "rejected"),
    ]
    units = database.execute("select reporting_unit_code from budget.disclosure order by 1").fetchall()
    assert units == [("001001",), ("001002",)]


def test_names_in_gbk_and_leftovers_of_systems() -> None:
    content = zipped({"??/??.txt": "a", "__MACOSX/b.txt": "b", ".DS_Store": "c", "~$a.xls": "d", "folder/": ""})
    content = content.replace(b"??/??.txt", "区/人.txt".encode("gbk"))
    assert members_of(content) == [("all.zip/区/人.txt", b"a")]


def test_names_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content = zipped({"../../etc/passwd": "a", "/absolute.txt": "b"})
    assert members_of(content) == [("all.zip/../../etc/passwd", b"a"), ("all.zip//absolute.txt", b"b")]
    assert list(tmp_path.iterdir()) == []


def _nested(depth: int) -> bytes:
    return zipped({"a.txt": "a"} if depth == 1 else {"a.zip": _nested(depth - 1)})


def _with_password() -> bytes:
    content = bytearray(zipped({"a.txt": "a"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


BUNDLES: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty archive": (lambda: zipped({}), "without documents"),
    "archives inside one another": (lambda: _nested(5), "more than 3 archives inside one another"),
    "too many files": (lambda: zipped({f"{n}.txt": "" for n in range(5001)}), "more than 5,000 files"),
    "a bomb": (lambda: zipped({"a.txt": bytes(64 << 20)}), "times its size"),
    "a password": (_with_password, "with a password"),
    "a damaged member": (lambda: zipped({"a.txt": TEXT})[:900] + bytes(99) + zipped({"a.txt": TEXT})[999:], "damaged"),
}


@pytest.mark.parametrize("fault", BUNDLES)
def test_bundles_refused(fault: str, database: psycopg.Connection, tmp_path: Path) -> None:
    make, reason = BUNDLES[fault]
    path = tmp_path / "all.zip"
    path.write_bytes(make())
    [result] = load_files(database, path)
    assert result.error is not None
    assert result.error.startswith("all.zip")
    assert reason in result.error
