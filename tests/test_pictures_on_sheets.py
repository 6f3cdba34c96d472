"""Pictures of tables on the sheets of workbooks and in web pages: read like scans, in their place."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from email.message import Message
from itertools import chain

import olefile
import pytest
import xlrd
import xlsxwriter
import xlwt
from PIL import Image

from loader.documents.grid import Cell, Document, Grid, Row
from loader.documents.readers import read
from loader.documents.readers.scans.pasted import PastedPictures
from loader.documents.readers.workbooks.sheet_pictures import SheetPicture, SheetPictures
from loader.documents.readers.workbooks.xls_pictures import stored_pictures
from loader.filing.file_disclosure import file_disclosures
from synthetic.pages import drawings_of, forms_of, pdf
from synthetic.pages import scan as scanned
from synthetic.workbooks import zipped
from tests.sound_documents import TEXT
from tests.test_pasted_pictures import ROWS, needs_ocr, saved, table, unknown, without_ocr

TITLE, NOTE = "支出总表", "说明：无"
_WIDE, _HIGH = 240.0, 56.0  # points, of the picture
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
_SVG = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"


def xlsx(picture: bytes, scale: float = 0.24, figures: bool = False) -> bytes:
    """A sheet with a title, a picture from row 3 and a note in row 40."""
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file)
    sheet = workbook.add_worksheet("公开表")
    sheet.write("A1", TITLE)
    sheet.write("A40", NOTE)
    if figures:
        sheet.write("B4", 12.5)
    sheet.insert_image("A3", "1.png", {"image_data": io.BytesIO(picture), "x_scale": scale, "y_scale": scale})
    workbook.close()
    return file.getvalue()


def in_cell_of_wps(picture: bytes) -> bytes:
    """WPS keeps a picture for a cell and writes a formula of its own into it."""
    with zipfile.ZipFile(io.BytesIO(xlsx(picture, scale=0.01))) as package:
        members: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    formula = '<f>_xlfn.DISPIMG("ID_7",1)</f><v>=DISPIMG("ID_7",1)</v>'
    sheet = members["xl/worksheets/sheet1.xml"]
    assert isinstance(sheet, bytes)
    cell = f'<row r="3"><c r="A3" t="str">{formula}</c></row><row r="40"'.encode()
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b'<row r="40"', cell)
    members["xl/cellimages.xml"] = (
        f'<e:cellImages xmlns:e="http://www.wps.cn/officeDocument/2017/etCustomData" xmlns:a="{drawing}main"'
        f' xmlns:x="{drawing}spreadsheetDrawing" xmlns:r="{relations}"><e:cellImage><x:pic><x:nvPicPr>'
        '<x:cNvPr id="2" name="ID_7"/></x:nvPicPr><x:blipFill><a:blip r:embed="rId1"/></x:blipFill><x:spPr><a:xfrm>'
        f'<a:ext cx="{_WIDE * 12700:.0f}" cy="{_HIGH * 12700:.0f}"/></a:xfrm></x:spPr></x:pic></e:cellImage>'
        "</e:cellImages>"
    )
    packed = "http://schemas.openxmlformats.org/package/2006/relationships"
    members["xl/_rels/cellimages.xml.rels"] = (
        f'<Relationships xmlns="{packed}"><Relationship Id="rId1" Type="{relations}/image" Target="media/image1.png"/>'
        "</Relationships>"
    )
    listed = members["xl/_rels/workbook.xml.rels"]
    assert isinstance(listed, bytes)
    kind = "http://www.wps.cn/officeDocument/2020/cellImage"
    entry = f'<Relationship Id="rId99" Type="{kind}" Target="cellimages.xml"/></Relationships>'.encode()
    members["xl/_rels/workbook.xml.rels"] = listed.replace(b"</Relationships>", entry)
    return zipped(members)


def ods(picture: bytes) -> bytes:
    size = f'svg:width="{_WIDE}pt" svg:height="{_HIGH}pt"'
    frame = f'<draw:frame {size}><draw:image xlink:href="Pictures/1.png"/></draw:frame>'
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"

    def cell(text: str) -> str:
        return f'<t:table-row><t:table-cell o:value-type="string"><x:p>{text}</x:p></t:table-cell></t:table-row>'

    content = (
        f'<o:document-content xmlns:o="{office}" xmlns:t="{_TABLE}" xmlns:x="{text}" xmlns:draw="{_DRAW}"'
        f' xmlns:svg="{_SVG}" xmlns:xlink="http://www.w3.org/1999/xlink"><o:body><o:spreadsheet>'
        f'<t:table t:name="公开表">{cell(TITLE)}<t:table-row/><t:table-row><t:table-cell>{frame}</t:table-cell>'
        f'</t:table-row><t:table-row t:number-rows-repeated="36"/>{cell(NOTE)}</t:table></o:spreadsheet></o:body>'
        "</o:document-content>"
    )
    members: dict[str, str | bytes] = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}
    return zipped(members | {"content.xml": content, "Pictures/1.png": picture})


def _shape(version: int, kind: int, *contents: bytes) -> bytes:
    """A record of a drawing."""
    content = b"".join(contents)
    return struct.pack("<HHI", version, kind, len(content)) + content


def _record(kind: int, content: bytes) -> bytes:
    """A record of a workbook, continued in others if it is long."""
    parts = [content[at : at + 8000] for at in range(0, len(content), 8000)]
    return b"".join(struct.pack("<HH", kind if not at else 0x3C, len(part)) + part for at, part in enumerate(parts))


def xls(picture: bytes) -> bytes:
    """The records of a workbook with a picture from row 3 to row 7, over five columns."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("公开表")
    sheet.write(0, 0, TITLE)
    sheet.write(39, 0, NOTE)
    file = io.BytesIO()
    workbook.save(file)
    stream: bytes = olefile.OleFileIO(file).openstream("Workbook").read()
    blip = _shape(0x6E00, 0xF01E, bytes(17), picture)
    kept = _shape(0x0F, 0xF000, _shape(0x1F, 0xF001, _shape(0x62, 0xF007, bytes(36), blip)))
    anchor = struct.pack("<9H", 2, 0, 0, 2, 0, 5, 0, 7, 0)
    picture_1 = _shape(0x13, 0xF00B, struct.pack("<HI", 0x4104, 1))
    shape = _shape(0x0F, 0xF004, _shape(0x4B2, 0xF00A, bytes(8)), picture_1, _shape(0, 0xF010, anchor))
    drawing = _shape(0x0F, 0xF002, _shape(0x0F, 0xF003, shape))
    end = b"\x0a\x00\x00\x00"
    store = _record(0xEB, kept)
    first_end = stream.index(end + b"\x09\x08")
    globals_, sheets = stream[:first_end], stream[first_end + 4 : stream.rindex(end)]
    at = globals_.index(b"\x85\x00")  # the entry of the sheet begins with its place
    [place] = struct.unpack_from("<I", globals_, at + 4)
    globals_ = globals_[: at + 4] + struct.pack("<I", place + len(store)) + globals_[at + 8 :]
    return globals_ + store + end + sheets + _record(0xEC, drawing) + end


def page(picture: str) -> bytes:
    return f"<html><meta charset='utf-8'><body><p>{TITLE}</p>{picture}<p>{NOTE}</p></body></html>".encode()


def as_uri(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def in_paragraph(picture: bytes) -> bytes:
    return page(f'<p><img width="320" src="{as_uri(picture)}"></p>')


def in_table(picture: bytes) -> bytes:
    return page(f'<table><tr><td><img style="width:240pt; height:auto" src="{as_uri(picture)}"></td></tr></table>')


def archive(picture: bytes) -> bytes:
    body = page('<img width="320" src="cid:picture@1">')
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\n'
        b"Content-Type: text/html\r\n\r\n" + body + b"\r\n--B\r\nContent-Type: image/png\r\nContent-ID: <picture@1>\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(picture) + b"\r\n--B--\r\n"
    )


WRITERS = [xlsx, in_cell_of_wps, ods, xls, in_paragraph, in_table, archive]


def lines(document: Document) -> list[str]:
    return [row.text for grid in document.grids for row in grid.rows]


@needs_ocr
@pytest.mark.parametrize("writer", WRITERS)
def test_a_picture_is_read_where_it_stands(writer: Callable[[bytes], bytes]) -> None:
    document = read(writer(table()), "公开表")
    assert lines(document) == [TITLE, *map(" ".join, ROWS), NOTE]
    rows = [row for grid in document.grids for row in grid.rows]
    assert [row.is_ocr for row in rows] == [False, *(True for _ in ROWS), False]
    assert [row.number for row in rows] == sorted({row.number for row in rows})
    assert document.remarks == ()


@pytest.mark.parametrize("writer", WRITERS)
def test_without_the_extra_a_picture_is_named(
    writer: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_ocr(monkeypatch)
    document = read(writer(table()), "公开表")
    assert lines(document) == [TITLE, NOTE]
    (remark,) = document.remarks
    assert remark.startswith("1 pictures that may show tables were not read")


@needs_ocr
@pytest.mark.parametrize("writer", WRITERS)
def test_a_picture_of_an_unknown_kind_is_named(writer: Callable[[bytes], bytes]) -> None:
    """Such as an enhanced metafile; the sheet or page states its size."""
    content = writer(table())
    if writer in (xlsx, in_cell_of_wps, ods):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
        content = zipped({n: b"\x01\0\0\0" + bytes(90) if n.endswith(".png") else c for n, c in members.items()})
    elif writer is xls:
        content = xls(b"\x01\0\0\0" + bytes(90))
    else:
        content = page('<img width="400" height="90" src="page.files/image001.emz">')
    document = read(content, "公开表")
    assert lines(document) == [TITLE, NOTE]
    (remark,) = document.remarks
    assert remark.startswith("1 pictures that may show tables were not read; they are of an unknown kind")


@pytest.mark.parametrize(
    "content",
    [
        lambda: xlsx(table(), scale=0.1),
        lambda: page(f'<img width="80" src="{as_uri(table())}">'),
        lambda: page('<img src="banner.png">'),
        lambda: page(f'<div style="display:none"><img width="320" src="{as_uri(table())}"></div>'),
    ],
    ids=["small on a sheet", "small in a page", "of unknown size beside the page", "hidden"],
)
def test_what_shows_no_table(content: Callable[[], bytes]) -> None:
    document = read(content(), "公开表")
    assert lines(document) == [TITLE, NOTE]
    assert document.remarks == ()


def test_a_picture_on_figures_is_named() -> None:
    document = read(xlsx(table(), figures=True), "公开表.xlsx")
    assert lines(document) == [TITLE, "12.5", NOTE]
    assert document.remarks == ("1 pictures on or beside figures of their sheet were not read",)


@needs_ocr
def test_a_form_pasted_on_a_sheet_is_filed_and_marked() -> None:
    chosen = [form for form in forms_of(TEXT) if "一般公共预算“三公”经费支出表" in form.above]
    shown = Image.open(io.BytesIO(scanned(pdf(drawings_of(chosen)))))
    document = read(xlsx(saved(shown.crop((0, 0, shown.width, shown.height // 3))), scale=0.24), "2024年.xlsx")
    (disclosure,) = file_disclosures(document, "430202", 2024, None, None, unknown)
    figures = [cell for form in disclosure.forms for cell in form.cells if cell.amount]
    assert [cell.amount for cell in figures] == [Decimal("0.60")] * 6
    assert all(cell.is_ocr for cell in figures)


@needs_ocr
def test_equal_row_numbers_of_other_sheets_are_not_marked() -> None:
    """The first sheet has texts in the rows that the picture takes on the second."""
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file)
    first, second = workbook.add_worksheet("一"), workbook.add_worksheet("二")
    for number in range(6):
        first.write(number, 0, "说明")
    second.insert_image("A1", "1.png", {"image_data": io.BytesIO(table()), "x_scale": 0.24, "y_scale": 0.24})
    workbook.close()
    document = read(file.getvalue(), "公开表.xlsx")
    assert [any(row.is_ocr for row in grid.rows) for grid in document.grids] == [False, True]


def test_pictures_with_more_rows_than_they_cover_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three pictures of three rows each: two from row 2, which cover one row, and one from row 3."""
    seen = [[f"{name}{number}" for number in range(3)] for name in "甲乙丙"]
    tables = [tuple(Row(number, (Cell(text, 0),)) for number, text in enumerate(texts, 1)) for texts in seen]
    reading = iter(tables)
    monkeypatch.setattr(PastedPictures, "rows_of", lambda *_: next(reading))
    grid = Grid("公开表", (Row(1, (Cell(TITLE, 0),)), Row(2, (Cell("上", 0),)), Row(40, (Cell(NOTE, 0),))))
    shown = [SheetPicture(top, top, _WIDE, _HIGH, lambda: None) for top in (2, 2, 3)]
    added = SheetPictures().added(grid, shown)
    assert [row.text for row in added.rows] == [TITLE, "上", *chain.from_iterable(seen), NOTE]
    assert [row.number for row in added.rows] == [1, 2, *range(3, 12), 40]


def test_a_picture_beyond_the_last_row_of_a_sheet_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet may state that a row is repeated any number of times; the warehouse has no number for such a row."""
    monkeypatch.setattr(PastedPictures, "rows_of", lambda *_: (Row(1, (Cell("甲", 0),)),))
    grid = Grid("公开表", (Row(1, (Cell(TITLE, 0),)),))
    shown = SheetPicture(10**12, 10**12, _WIDE, _HIGH, lambda: None)
    assert SheetPictures().added(grid, [shown]) == grid


def test_a_workbook_with_a_damaged_drawing_is_read() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx(table()))) as package:
        members: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    document = read(zipped(members | {"xl/drawings/drawing1.xml": "<xdr:wsDr"}), "公开表.xlsx")
    assert lines(document) == [TITLE, NOTE]


def test_an_archive_is_searched_for_its_pictures_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages with many pictures, and archives with many parts, take no more time than their length."""
    without_ocr(monkeypatch)
    body = page('<img width="320" height="90" src="a.png">' * 50)
    part = "\r\n--B\r\nContent-Type: image/png\r\nContent-Location: {}.png\r\n\r\nx"
    kind = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"'
    head = kind + b"\r\n\r\n--B\r\nContent-Type: text/html\r\n\r\n"
    content = head + body + "".join(map(part.format, [*range(50), "a"])).encode() + b"\r\n--B--\r\n"
    walks: list[None] = []
    walk = Message.walk

    def counted(message: Message) -> Iterator[Message]:
        walks.append(None)
        return walk(message)

    monkeypatch.setattr(Message, "walk", counted)
    document = read(content, "公开表.mht")
    assert document.file_format == "mhtml"
    assert document.remarks[0].startswith("50 pictures that may show tables were not read")
    assert len(walks) < 3 * 53  # a walk through the archive, its page and its parts begins one at each of them


def test_letters_in_the_checksum_of_a_stored_picture_begin_none() -> None:
    """The 16 bytes in front of a picture are arbitrary; two may be those that a bitmap begins with."""
    content = xls(table()).replace(bytes(17) + b"\x89PNG", b"\0\0BM" + bytes(13) + b"\x89PNG")
    workbook = xlrd.open_workbook(file_contents=content, on_demand=True)
    assert stored_pictures(workbook) == [table()]
