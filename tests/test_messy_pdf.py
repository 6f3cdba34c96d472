"""PDF as programs really draw it: each says what the sample says; what a reader does not see is left out."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from functools import cache

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, RectangleObject
from reportlab.lib.colors import Color, black, blue, green, red, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from loader.documents.grid import DocumentError
from loader.documents.readers import read
from loader.documents.readers.pages.drawn_minus import with_drawn_minus
from loader.documents.readers.pages.page import Rule
from loader.documents.readers.scans import scan
from synthetic import pages
from tests.sound_documents import TEXT


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


def in_window(wider: float, more: str = "99") -> Callable[[Canvas, float, float, str], None]:
    """Texts in windows as spreadsheets cut them, those of figures with more behind, as far as it is wide."""

    def write(canvas: Canvas, x: float, y: float, text: str) -> None:
        behind = more if text == "11.50" else ""
        canvas.saveState()
        window = canvas.beginPath()
        window.rect(x - 1, y - 3, canvas.stringWidth(text) + wider, 14)
        canvas.clipPath(window, stroke=0)
        canvas.drawString(x, y, text + behind)
        canvas.restoreState()

    return write


def test_figures_that_are_seen_in_part_only_are_told() -> None:
    """Nobody knows whether the window or the figure is wrong."""
    [said] = read(drawn(in_window(2.0)), "a.pdf").remarks
    assert said.startswith("figures that are seen in part only were read whole: ")
    assert said.endswith("such as 11.5099, 11.5099")


def test_a_window_that_holds_its_text_needs_no_word() -> None:
    assert read(drawn(in_window(40.0)), "a.pdf").remarks == ()
    assert read(drawn(in_window(2.0, more="\xa0\xa0")), "a.pdf").remarks == ()


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


def as_spoken(canvas: Canvas, x: float, y: float, text: str) -> None:
    """A text that says of itself that it is to be copied as another one."""
    canvas._code.append("/Span <</ActualText (99.99)>> BDC")
    canvas.drawString(x, y, text)
    canvas._code.append("EMC")


def test_what_is_drawn_counts_and_not_what_is_to_be_copied() -> None:
    assert rows(drawn(as_spoken)) == plain_forms()


def with_minus(draw: Callable[[Canvas, float, float, float], None]) -> bytes:
    """Three forms with a minus drawn beside 11.50: the canvas, where the figure begins, its base line, its length."""

    def write(canvas: Canvas, x: float, y: float, text: str) -> None:
        if text == "11.50":
            x -= 5  # away from the rule at its right
            draw(canvas, x, y + 2.4, canvas.stringWidth(text))
        canvas.drawString(x, y, text)

    return drawn(write)


MINUS: dict[str, Callable[[Canvas, float, float, float], None]] = {
    "a line before it": lambda canvas, x, y, _: canvas.line(x - 4.5, y, x - 1, y),
    "a line behind it": lambda canvas, x, y, length: canvas.line(x + length + 0.5, y, x + length + 4, y),
    "an area": lambda canvas, x, y, _: canvas.rect(x - 4.5, y, 3.5, 0.4, stroke=0, fill=1),
}


@pytest.mark.parametrize("way", MINUS)
def test_a_minus_that_is_drawn(way: str) -> None:
    figures_of = [cell for row in rows(with_minus(MINUS[way])) for cell in row if "11.50" in cell]
    assert figures_of
    assert {cell.strip("-") for cell in figures_of} == {"11.50"}
    assert all("-" in cell for cell in figures_of)


def triangle(canvas: Canvas, x: float, y: float, is_filled: bool = True, down: float = 1.0) -> None:
    """A triangle of 4 points in front of a figure, one side level; ``down`` turns it over with -1."""
    path = canvas.beginPath()
    path.moveTo(x - 5, y - 2 * down)
    path.lineTo(x - 1, y - 2 * down)
    path.lineTo(x - 3, y + 2 * down)
    path.close()
    canvas.drawPath(path, stroke=not is_filled, fill=is_filled)


@pytest.mark.parametrize("is_filled", [True, False])
def test_a_triangle_that_is_drawn_is_a_sign(is_filled: bool) -> None:
    content = with_minus(lambda canvas, x, y, _: triangle(canvas, x, y, is_filled))
    figures_of = [cell for row in rows(content) for cell in row if "11.50" in cell]
    assert figures_of
    assert set(figures_of) == {"△11.50"}
    assert "drawn triangles were read as △, a minus, on pages" in read(content, "a.pdf").remarks[-1]


@pytest.mark.parametrize(
    ("colour", "is_filled", "down"),
    [(black, True, -1.0), (black, False, -1.0), (red, True, 1.0), (green, True, 1.0)],
    ids=["down", "an outline, down", "red", "green"],
)
def test_a_triangle_that_marks_a_trend_is_no_sign(colour: Color, is_filled: bool, down: float) -> None:
    def mark(canvas: Canvas, x: float, y: float, _: float) -> None:
        canvas.setFillColor(colour)
        triangle(canvas, x, y, is_filled, down)
        canvas.setFillColor(black)

    document = read(with_minus(mark), "a.pdf")
    assert not document.remarks
    cells = [cell.text for row in document.grids[0].rows for cell in row.cells]
    assert {cell for cell in cells if cell.endswith("11.50")} == {"11.50"}


@pytest.mark.parametrize(("grey", "alpha"), [(0.8, 1.0), (0.0, 0.2)])
def test_a_pale_text_across_the_tables_is_a_watermark(grey: float, alpha: float) -> None:
    """As large as a row is wide, it would take the rules for strokes through it."""
    written: set[int] = set()

    def write(canvas: Canvas, x: float, y: float, text: str) -> None:
        if canvas.getPageNumber() not in written:
            written.add(canvas.getPageNumber())
            canvas.saveState()
            canvas.setFillGray(grey)
            canvas.setFillAlpha(alpha)
            canvas.setFont("STSong-Light", 60)
            canvas.drawString(100, 440, "内部资料2024")
            canvas.restoreState()
        canvas.drawString(x, y, text)

    content = drawn(write)
    assert rows(content) == plain_forms()
    assert "watermarks, were left out on pages" in read(content, "a.pdf").remarks[-1]


@pytest.mark.parametrize(("grey", "ground"), [(0.65, None), (1.0, blue), (0.9, blue)], ids=["grey", "white", "pale"])
def test_a_large_pale_heading_is_no_watermark(grey: float, ground: Color | None) -> None:
    """It stands alone on its lines, or on a dark banner."""
    written: set[int] = set()

    def write(canvas: Canvas, x: float, y: float, text: str) -> None:
        if canvas.getPageNumber() not in written:
            written.add(canvas.getPageNumber())
            canvas.saveState()
            if ground is not None:
                canvas.setFillColor(ground)
                canvas.rect(0, 555, 842, 40, stroke=0, fill=1)
            canvas.setFillGray(grey)
            canvas.setFont("STSong-Light", 28)
            canvas.drawString(100, 565, "某区财政局")
            if ground is not None:
                canvas.setFont("STSong-Light", 8)
                canvas.drawString(250, 572, "文号")
                canvas.setFont("STSong-Light", 28)
                canvas.drawString(300, 565, "预算公开")
            canvas.restoreState()
        canvas.drawString(x, y, text)

    document = read(drawn(write), "a.pdf")
    assert "某区财政局" in document.grids[0].rows[0].text
    assert not document.remarks


def test_a_page_whose_corners_are_given_the_other_way_round() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(drawn(Canvas.drawString)))
    for page in writer.pages:
        left, bottom, right, top = page.mediabox
        page.mediabox = RectangleObject((right, top, left, bottom))
    target = io.BytesIO()
    writer.write(target)
    assert rows(target.getvalue()) == plain_forms()


def test_thousands_of_hidden_texts_take_no_time() -> None:
    def write(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 8)
        for number in range(12_000):
            canvas.drawString(number % 100 * 8, number // 100 * 4, "9", mode=3)
        canvas.drawString(60, 560, "收支总表")

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(842, 595))
    write(canvas)
    canvas.save()
    start = time.process_time()
    document = read(file.getvalue(), "a.pdf")
    assert time.process_time() - start < 5
    assert "invisible: 12000 texts" in document.remarks[0]


def test_a_rare_character_that_is_not_seen_is_told_whole() -> None:
    def write(canvas: Canvas, x: float, y: float, text: str) -> None:
        canvas.drawString(x, y, text)
        canvas.drawString(x, y, "\U00020000", mode=3)

    [said] = read(drawn(write), "a.pdf").remarks
    assert said.encode()
    assert "\U00020000" in said


def test_thousands_of_short_rules_take_no_time() -> None:
    """Each digit has a rule before it, each second rule a stroke that makes it a part of a table."""
    places = [(20.0 * column, 16.0 * line) for line in range(80) for column in range(100)]
    digits = [("7", x + 6, y, x + 11, y + 10) for x, y in places]
    rules = [Rule(x, y + 5, x + 5, y + 5) for x, y in places]
    strokes = [Rule(x, y + 2, x, y + 8) for x, y in places[::2]]
    start = time.process_time()
    found = with_drawn_minus(digits, rules + strokes)
    assert time.process_time() - start < 3
    assert "".join(letter for letter, *_ in found) == "7-7" * 4_000


def test_rules_that_are_no_minus() -> None:
    def under(canvas: Canvas, x: float, y: float, text: str) -> None:
        canvas.line(x, y - 1, x + canvas.stringWidth(text), y - 1)  # underlined
        if text == "11.50":
            canvas.line(x - 12, y + 2.4, x - 8, y + 2.4)  # far away
        canvas.drawString(x, y, text)

    assert rows(drawn(under)) == plain_forms()


@pytest.mark.parametrize(
    ("size", "rise"), [(7.0, 3.0), (4.0, 0.0), (4.2, 4.0)], ids=["raised", "small", "small and high"]
)
def test_a_mark_behind_a_figure_that_is_raised_or_small(size: float, rise: float) -> None:
    def marked(canvas: Canvas, x: float, y: float, text: str) -> None:
        canvas.drawString(x, y, text)
        if text == "11.50":
            x += canvas.stringWidth(text)
            canvas.setFont("STSong-Light", size)
            canvas.drawString(x, y + rise, "1")

    found = drawn(marked)
    assert rows(found) == plain_forms()
    assert "marks of footnotes" in " ".join(read(found, "a.pdf").remarks)


def test_a_mark_beyond_the_edge_of_its_cell_is_no_figure_of_the_next_one() -> None:
    def marked(canvas: Canvas, x: float, y: float, text: str) -> None:
        canvas.drawString(x, y, text)
        if text == "11.50":
            canvas.setFont("STSong-Light", 4.0)
            canvas.drawString(x + canvas.stringWidth(text) + 2.5, y + 3.0, "1")

    assert rows(drawn(marked)) == plain_forms()


def test_a_mark_high_above_a_figure_is_no_digit_of_it() -> None:
    def marked(canvas: Canvas, x: float, y: float, text: str) -> None:
        canvas.drawString(x, y, text)
        if text == "11.50":
            x += canvas.stringWidth(text)
            canvas.setFont("STSong-Light", 3.0)
            canvas.drawString(x, y + 7.0, "1")

    texts = {text for row in rows(drawn(marked)) for text in row}
    assert "1/11.50" in texts
    assert "111.50" not in texts


def test_a_copy_that_comes_after_all_others_counts_once() -> None:
    drawings = pages.drawings_of(pages.forms_of(TEXT)[1:4])
    for drawing in drawings:
        drawing.texts += [(x + 0.3, y, size, text) for x, y, size, text in drawing.texts]
    assert rows(pages.pdf(drawings)) == plain_forms()


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


def test_low_header_rows_of_a_page_scaled_down() -> None:
    """Heads over groups of columns, with columns beside them that go up to the top of the table."""
    drawing = pages.Drawing()
    xs = [100.0, 120, 140, 160, 180, 200, 220]
    tops = [60.0, 63.6, 67.2, 70.8]
    for row, words in enumerate([("基本", "", "", "", "项目", ""), "甲乙丙丁戊己", ("1", "2", "3", "4", "5", "6")]):
        drawing.texts += [(x + 1, tops[row] + 3, 3, w) for x, w in zip(xs, words, strict=False) if w]
    drawing.rules += [(100, y, 220, y) for y in (tops[0], *tops[2:])]
    drawing.rules += [(a, tops[1], b, tops[1]) for a, b in ((100, 120), (180, 220))]
    drawing.rules += [(x, tops[1] if x == 200 else tops[0], x, tops[3]) for x in xs]
    (grid,) = read(pages.pdf([drawing]), "表.pdf").grids
    assert [(row.in_table, row.cells[0].text, row.cells[-1].text) for row in grid.rows] == [
        (True, "基本", "项目"),
        (True, "甲", "己"),
        (True, "1", "6"),
    ]


def test_a_header_that_the_end_of_a_page_cuts_in_two_and_codes_cut_overleaf() -> None:
    upper, lower = pages.Drawing(), pages.Drawing()
    xs = (100.0, 118, 136, 200)
    upper.texts += [(105, 540, 8, "项目"), (140, 540, 8, "支出")]
    upper.rules += [(100, y, 200, y) for y in (530, 550)] + [(x, 530, x, 550) for x in (100, 136, 200)]
    for at, words in enumerate([("编码", "", "合计"), ("20", "0", "行政")]):
        lower.texts += [(x + 2, 50 + 20 * at, 8, word) for x, word in zip(xs, words, strict=False)]
    lower.rules += [(100, y, 200, y) for y in (40, 60, 80)] + [(x, 40, x, 80) for x in xs]
    last = pages.Drawing([(102, 50, 8, "8"), (120, 50, 8, "5")])
    last.rules += [(100, y, 200, y) for y in (40, 60)] + [(x, 40, x, 60) for x in xs]
    assert rows(pages.pdf([upper, lower, last])) == [("项目", "支出"), ("编码", "合计"), ("208", "05", "行政")]


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


def test_a_figure_with_its_letters_apart_or_upside_down() -> None:
    drawing = pages.Drawing([(105, 70, 7, "甲"), (170, 70, 7, "11.50"), (205, 70, 7, "22.50")])
    drawing.rules += [(100, y, 300, y) for y in (60, 75)] + [(x, 60, x, 75) for x in (100, 178, 200, 300)]

    def write(canvas: Canvas, x: float, y: float, text: str) -> None:
        if text == "22.50":
            canvas.translate(x + 20, y + 5)
            canvas.rotate(180)
            x, y = 0, 0
        canvas.drawString(x, y, text, charSpace=3 if text == "11.50" else 0)

    (row,) = read(pages.pdf([drawing], write=write), "a.pdf").grids[0].rows
    assert [cell.text for cell in row.cells] == ["甲", "11.50", "22.50"]


def test_a_rule_under_a_text_too_high_for_its_cell_strikes_nothing() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200))
    canvas.setFont("STSong-Light", 10)
    for y in (40, 80, 120):
        for x in (20, 72, 124):
            canvas.line(x, y, x + 52, y)  # cell by cell
    for x in (20, 72, 124, 176):
        canvas.line(x, 40, x, 120)
    canvas.drawString(74, 77, "工资福利支")  # its last line hangs out of the cell
    canvas.drawString(76, 50, "123.45")
    canvas.drawString(126, 50, "66.66")
    canvas.line(126, 53.5, 147, 53.5)
    canvas.save()
    document = read(file.getvalue(), "high.pdf")
    texts = [cell.text for row in document.grids[0].rows for cell in row.cells]
    assert texts == ["工资福利支", "123.45"]
    assert len(document.remarks) == 1
    assert document.remarks[0].endswith("struck out: 1 texts on pages 1, such as 66.66")


@pytest.mark.parametrize(("mode", "is_below"), [(0, True), (7, False)])
def test_a_scan_with_the_text_of_an_ocr_program_is_a_picture(
    mode: int, is_below: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text may lie below the picture or be a window alone; there are no rules, so its tables would be lost."""
    monkeypatch.setattr(scan, "is_available", lambda: False)
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200))
    picture = ImageReader(Image.new("L", (30, 20), 200))
    if not is_below:
        canvas.drawImage(picture, 0, 0, 300, 200)
    text = canvas.beginText(50, 100)
    text.setFont("STSong-Light", 10)
    text.setTextRenderMode(mode)
    text.textOut("支出总表")
    canvas.drawText(text)
    if is_below:
        canvas.drawImage(picture, 0, 0, 300, 200)
    canvas.save()
    with pytest.raises(DocumentError, match="only pictures"):
        read(file.getvalue(), "scan.pdf")
