"""Pictures of tables beside text, as offices paste them into Word, PDF and OFD: read like scans, in their place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from functools import cache

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from loader.documents.grid import Document, DocumentError
from loader.documents.readers import read
from loader.documents.readers.scans import scan
from loader.filing.file_disclosure import file_disclosures
from loader.filing.identity import Identity
from synthetic.pages import Drawing, docx, drawings_of, forms_of, paragraph, pdf
from synthetic.pages import scan as scanned
from synthetic.workbooks import zipped
from tests.sound_documents import TEXT
from tests.test_word_and_pdf import grid_of

needs_ocr = pytest.mark.skipif(not scan.is_available(), reason="the extra ocr is not installed")

PIXELS = 300 / 72  # a point
ROWS = [["科目名称", "合计", "基本支出"], ["行政运行", "896.28", "790.28"], ["人大会议", "20.00", "18.60"]]
XS, YS = [50.0, 150.0, 250.0, 350.0], [50.0, 68.0, 86.0, 104.0]
_A = "http://schemas.openxmlformats.org/drawingml/2006/"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WIDE, _HIGH = XS[-1] - XS[0] + 20, YS[-1] - YS[0] + 20  # points, with a margin of ten


@cache
def table() -> bytes:
    """The rows as a picture of 300 dots an inch."""
    texts = [
        (x + 8, y + 13, 9.0, text) for y, row in zip(YS, ROWS, strict=False) for x, text in zip(XS, row, strict=False)
    ]
    page = Image.open(io.BytesIO(scanned(pdf([Drawing(texts, grid_of(XS, YS))]))))
    box = [round(edge * PIXELS) for edge in (XS[0] - 10, YS[0] - 10, XS[-1] + 10, YS[-1] + 10)]
    return saved(page.crop((box[0], box[1], box[2], box[3])))


def saved(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def drawn(across: float = _WIDE, down: float = _HIGH, cut: str = "", is_linked: bool = False) -> str:
    """A paragraph of Word with the picture in it."""
    extent = f'cx="{across * 12700:.0f}" cy="{down * 12700:.0f}"'
    return (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{_A}wordprocessingDrawing"><wp:extent {extent}/><wp:docPr id="1"/>'
        f'<a:graphic xmlns:a="{_A}main"><a:graphicData uri="{_A}picture"><pic:pic xmlns:pic="{_A}picture">'
        f'<pic:blipFill><a:blip xmlns:r="{_R}" r:{"link" if is_linked else "embed"}="rId1"/>{cut}</pic:blipFill>'
        f"<pic:spPr><a:xfrm><a:ext {extent}/></a:xfrm></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>"
        "</w:drawing></w:r></w:p>"
    )


def in_old_words() -> str:
    """The same in VML, as Word of 2003 and converters write it."""
    return (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"'
        f' style="width:{_WIDE / 72:.3f}in;height:{_HIGH}pt"><v:imagedata xmlns:r="{_R}" r:id="rId1"/></v:shape>'
        "</w:pict></w:r></w:p>"
    )


def word(body: str, picture: bytes) -> bytes:
    """A Word document with a picture in its package."""
    with zipfile.ZipFile(io.BytesIO(docx(body))) as package:
        members: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    members["word/_rels/document.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_R}/image" Target="media/image1.png"/></Relationships>'
    )
    members["word/media/image1.png"] = picture
    return zipped(members)


def portable(*texts: str, font: str = "Helvetica") -> bytes:
    """A page of PDF with the picture, and with texts above and on it."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    canvas.drawImage(ImageReader(io.BytesIO(table())), 60, 500, _WIDE, _HIGH)
    canvas.setFont(font, 6)
    for y, text in zip((700, 502), texts, strict=False):
        canvas.drawString(70, y, text)
    canvas.save()
    return file.getvalue()


def fixed(picture: bytes, strips: int = 2, beside: str = "", page: str = "0 0 210 297") -> bytes:
    """A page of OFD with the picture cut into strips, as scanners do, and other objects below it."""
    image = Image.open(io.BytesIO(picture))
    millimetres = 25.4 / 72
    across, down = _WIDE * millimetres, _HIGH * millimetres / strips
    members: dict[str, str | bytes] = {}
    listed, objects = "", beside
    for number in range(strips):
        top, bottom = (round(image.height * share / strips) for share in (number, number + 1))
        members[f"Doc_0/Res/{number}.png"] = saved(image.crop((0, top, image.width, bottom)))
        listed += f'<MultiMedia ID="{number}" Type="Image"><MediaFile>{number}.png</MediaFile></MultiMedia>'
        objects += (
            f'<ImageObject ResourceID="{number}" Boundary="20 {30 + number * down:.4f} {across:.4f} {down:.4f}"'
            f' CTM="{across:.4f} 0 0 {down:.4f} 0 0"/>'
        )
    members["OFD.xml"] = "<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>"
    members["Doc_0/Document.xml"] = (
        f"<Document><CommonData><PageArea><PhysicalBox>{page}</PhysicalBox></PageArea>"
        "<DocumentRes>DocumentRes.xml</DocumentRes></CommonData>"
        '<Pages><Page ID="9" BaseLoc="Pages/Page_0/Content.xml"/></Pages></Document>'
    )
    members["Doc_0/DocumentRes.xml"] = f'<Res BaseLoc="Res"><MultiMedias>{listed}</MultiMedias></Res>'
    members["Doc_0/Pages/Page_0/Content.xml"] = f"<Page><Content><Layer>{objects}</Layer></Content></Page>"
    return zipped(members)


def tables(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for grid in document.grids for row in grid.rows if row.in_table]


def unknown(identity: Identity) -> str | None:
    """Under which code a unit has filed before."""
    return None


def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "is_available", lambda: False)


@needs_ocr
@pytest.mark.parametrize("paragraph_of", [drawn, in_old_words], ids=["DrawingML", "VML"])
def test_a_picture_in_word_stands_where_it_is_pasted(paragraph_of: Callable[[], str]) -> None:
    document = read(word(paragraph("表一") + paragraph_of() + paragraph("说明"), table()), "公开.docx")
    (grid,) = document.grids
    assert [row.text for row in grid.rows] == ["表一", *map(" ".join, ROWS), "说明"]
    assert all(row.is_ocr == row.in_table for row in grid.rows)
    assert [row.number for row in grid.rows] == sorted({row.number for row in grid.rows})


@needs_ocr
def test_what_is_cut_off_a_picture_is_not_read() -> None:
    right = round(100_000 * (1 - (XS[2] - XS[0] + 12) / _WIDE))
    cut = f'<a:srcRect xmlns:a="{_A}main" r="{right}"/>'
    across = _WIDE * (1 - right / 100_000)
    document = read(word(drawn(across, cut=cut), table()), "公开.docx")
    assert tables(document) == [row[:2] for row in ROWS]


@needs_ocr
def test_a_form_pasted_into_word_is_filed_and_marked() -> None:
    chosen = [form for form in forms_of(TEXT) if "一般公共预算“三公”经费支出表" in form.above]
    page = Image.open(io.BytesIO(scanned(pdf(drawings_of(chosen)))))
    body = paragraph("2024年部门预算公开") + drawn(page.width / PIXELS * 0.6, page.height / PIXELS * 0.6)
    (disclosure,) = file_disclosures(read(word(body, saved(page)), "公开.docx"), "430202", 2024, None, None, unknown)
    assert [form.form_id for form in disclosure.forms] == ["r15"]
    figures = [cell for cell in disclosure.forms[0].cells if cell.amount]
    assert [cell.amount for cell in figures] == [Decimal("0.60")] * 6
    assert all(cell.is_ocr for cell in figures)
    assert "ocr" in {finding.kind for finding in disclosure.findings}


@needs_ocr
@pytest.mark.parametrize("texts", [("Table 1",), ("Table 1", "Scanned by a camera")], ids=["a title", "a signed scan"])
def test_a_page_of_a_pdf_whose_table_is_a_picture(texts: tuple[str, ...]) -> None:
    document = read(portable(*texts), "公开.pdf")
    assert tables(document) == ROWS
    assert all(row.is_ocr for row in document.grids[0].rows)


@needs_ocr
def test_a_page_that_is_only_looked_at_is_allowed_the_time_of_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed: list[bool] = []
    monkeypatch.setattr("loader.documents.readers.pdf.pdf.allow_for_picture", lambda: allowed.append(True))
    monkeypatch.setattr(scan, "shows_table", lambda image: False)
    assert read(portable("Table 1"), "公开.pdf").remarks == ()
    assert allowed == [True]


@needs_ocr
def test_the_text_of_a_page_stays_beside_a_picture() -> None:
    """A font that is not in the document is drawn by one of the machine, or as boxes: its characters count."""
    document = read(portable("一般公共预算支出表", font="STSong-Light"), "公开.pdf")
    assert [row.text for row in document.grids[0].rows] == ["一般公共预算支出表", *map(" ".join, ROWS)]


@needs_ocr
def test_a_scan_in_ofd() -> None:
    document = read(fixed(table()), "公开.ofd")
    assert tables(document) == ROWS
    assert all(row.is_ocr for row in document.grids[0].rows)


@needs_ocr
@pytest.mark.parametrize("size", ["9e5", "9e150"])
def test_a_picture_in_ofd_far_larger_than_its_page(size: str) -> None:
    huge = f'<ImageObject ResourceID="0" Boundary="-4e5 -4e5 9 9" CTM="{size} 0 0 {size} 0 0"/>'
    assert tables(read(fixed(table(), beside=huge), "公开.ofd")) == ROWS


@needs_ocr
def test_a_page_of_ofd_without_a_size_or_with_pictures_without_end() -> None:
    for document in (
        fixed(table(), page="0 0 0 0"),
        fixed(table(), beside='<ImageObject Boundary="0 0 1 1"/>' * 1_000),
    ):
        with pytest.raises(DocumentError, match="only pictures"):
            read(document, "公开.ofd")
    infinite = '<ImageObject Boundary="0 0 9 9" CTM="1e308 0 0 1e308 1e308 0"/>'
    with pytest.raises(DocumentError, match="a position that is not a number"):
        read(fixed(table(), beside=infinite), "公开.ofd")


@pytest.mark.parametrize("old", ["width:", "height:"])
@pytest.mark.parametrize("size", ["1.2.3pt", ".pt", "9" * 400 + "pt"])
def test_a_size_in_old_words_that_is_no_number(old: str, size: str) -> None:
    body = in_old_words().replace(old, f"{old}{size};x:")
    document = read(word(paragraph("表一") + body, table()), "公开.docx")
    assert tables(document) == []
    assert [row.text for row in document.grids[0].rows] == ["表一"]


@needs_ocr
def test_pictures_behind_the_first_ones_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loader.documents.readers.scans.pasted.MOST", 1)
    document = read(word(paragraph("表一") + drawn() * 3, b"\xd7\xcd\xc6\x9a" + bytes(100)), "公开.docx")
    (remark,) = document.remarks
    assert remark.startswith("3 pictures")
    assert remark.endswith("behind the first 1")


@pytest.mark.parametrize(
    ("document", "remark"),
    [
        (lambda: word(paragraph("表一") + drawn(), b""), "1 pictures that may show tables were not read"),
        (lambda: portable("Table 1"), "pages with pictures that may show tables were read without them: 1"),
    ],
    ids=["Word", "PDF"],
)
def test_without_the_extra_pictures_are_named(
    document: Callable[[], bytes], remark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_ocr(monkeypatch)
    found = read(document(), "公开文件")
    assert any(remark in said and "[ocr]" in said for said in found.remarks)
    with pytest.raises(DocumentError, match=f"none of the official forms found.*{remark}"):
        file_disclosures(found, "430202", 2024, None, None, unknown)


def test_without_the_extra_an_ofd_of_pictures_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    without_ocr(monkeypatch)
    with pytest.raises(DocumentError, match=r"only pictures; .*\[ocr\]"):
        read(fixed(saved(Image.new("L", (900, 300), 255))), "公开.ofd")


@pytest.mark.parametrize("paragraph_of", [lambda: drawn(60, 60), lambda: drawn(400, 12)], ids=["a stamp", "a line"])
def test_small_pictures_are_no_tables(paragraph_of: Callable[[], str]) -> None:
    document = read(word(paragraph("表一") + paragraph_of(), table()), "公开.docx")
    assert tables(document) == []
    assert document.remarks == ()


@needs_ocr
def test_pictures_that_cannot_be_read_are_named() -> None:
    body = paragraph("表一") + drawn() + drawn(is_linked=True)
    document = read(word(body, b"\xd7\xcd\xc6\x9a" + bytes(100)), "公开.docx")
    assert document.remarks == (
        "2 pictures that may show tables were not read; they are of an unknown kind, not in the document, or"
        " behind the first 100",
    )


@needs_ocr
def test_a_photograph_is_no_table() -> None:
    document = read(word(paragraph("表一") + drawn(), saved(Image.effect_noise((900, 300), 60))), "公开.docx")
    assert tables(document) == []
    assert document.remarks == ("1 pictures show no ruled table and were left out",)
