"""Write text documents as an office would publish them in Word, PDF and OFD, without code of the loader.

Each form takes one or more pages: title and unit above a ruled table, merged header cells, long texts broken over
lines.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import pypdfium2
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfgen.canvas import Canvas

from synthetic.workbooks import Cell, Sheet, sheets_of

_FIGURE = re.compile(r"-?\d[\d,]*\.\d\d")
_MARGIN = 40.0
_SIZE = 7.0
_LEADING = 8.5
_PADDING = 2.0
_FONT = "STSong-Light"
registerFont(UnicodeCIDFont(_FONT))


@dataclass(frozen=True)
class Form:
    """A form. ``above`` and ``below`` are the lines around its table. Rows of ``cells`` count from 0. ``depth`` is the
    number of header rows."""

    above: list[str]
    cells: list[Cell]
    depth: int
    below: list[str]

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(cell.column + cell.column_span for cell in self.cells)

    def rows(self) -> list[list[Cell]]:
        """The cells that begin in each row."""
        height = max(cell.row + cell.row_span for cell in self.cells)
        return [[cell for cell in self.cells if cell.row == row] for row in range(height)]


def forms_of(text: str) -> list[Form]:
    """The forms of a text document."""
    return [_form(sheet) for sheet in sheets_of(text)]


def _form(sheet: Sheet) -> Form:
    width = max(cell.column + cell.column_span for cell in sheet.cells)
    lines = [cell for cell in sheet.cells if cell.column_span == width]
    table = [cell for cell in sheet.cells if cell.column_span < width]
    top = min(cell.row for cell in table)
    cells = [Cell(c.row - top, c.column, c.text, c.column_span, c.row_span) for c in table]
    figures = [c.row for c in cells if _FIGURE.fullmatch(c.text)]
    depth = min(figures, default=0) if any(c.column_span > 1 or c.row_span > 1 for c in cells) else 0
    return Form(
        [cell.text for cell in lines if cell.row < top], cells, depth, [cell.text for cell in lines if cell.row > top]
    )


# ---------------------------------------------------------------------------- Word

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, prolog: str = "") -> bytes:
    """A Word document with this body of WordprocessingML."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
            ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
            ' Target="word/document.xml"/></Relationships>',
        )
        package.writestr("word/document.xml", f"{prolog}<w:document {_WORD}><w:body>{body}</w:body></w:document>")
    return file.getvalue()


def paragraph(text: str) -> str:
    """A paragraph of WordprocessingML, with line feeds as line breaks and tabs as tabs."""
    parts = escape(text).replace("\n", "</w:t><w:br/><w:t>").replace("\t", "</w:t><w:tab/><w:t>")
    return f"<w:p><w:r><w:t>{parts}</w:t></w:r></w:p>"


def docx_of(text: str) -> bytes:
    """A text document as a Word document."""
    return docx("".join(table_of(form) for form in forms_of(text)))


def word_2003(body: str) -> bytes:
    """A document with this body of WordprocessingML in one XML file, as Word 2003 saves it."""
    body = body.replace("w:vMerge", "w:vmerge")
    names = (
        'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"'
        ' xmlns:aml="http://schemas.microsoft.com/aml/2001/core"'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><?mso-application progid="Word.Document"?>'
        f"<w:wordDocument {names}><w:body><wx:sect>{body}</wx:sect></w:body></w:wordDocument>"
    ).encode()


def table_of(form: Form) -> str:
    """A form in WordprocessingML."""
    rows = []
    owners = {(r, c): cell for cell in form.cells for r, c in _area(cell)}
    for row in range(len(form.rows())):
        cells, column = "", 0
        while column < form.width:
            cell = owners.get((row, column), Cell(row, column, ""))
            span = f'<w:gridSpan w:val="{cell.column_span}"/>'
            merge = "" if cell.row_span == 1 else "<w:vMerge/>" if row > cell.row else '<w:vMerge w:val="restart"/>'
            inner = paragraph(cell.text if row == cell.row else "")
            cells += f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{inner}</w:tc>"
            column += cell.column_span
        rows.append(f"<w:tr>{cells}</w:tr>")
    above, below = ("".join(map(paragraph, lines)) for lines in (form.above, form.below))
    return f"{above}<w:tbl>{''.join(rows)}</w:tbl>{below}{paragraph('')}"


def _area(cell: Cell) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]


def rtf_of(forms: Sequence[Form]) -> bytes:
    """Forms as RTF, with merged cells."""
    parts = [r"{\rtf1\ansi"]
    for form in forms:
        parts += [rf"\pard {_rtf(line)}\par" for line in form.above]
        owners = {place: cell for cell in form.cells for place in _area(cell)}
        for row in range(len(form.rows())):
            definition, texts, column = r"\trowd", "", 0
            while column < form.width:
                cell = owners.get((row, column), Cell(row, column, ""))
                is_first = row == cell.row
                definition += "" if cell.row_span == 1 else r"\clvmgf" if is_first else r"\clvmrg"
                column += cell.column_span
                definition += rf"\cellx{600 * column}"
                texts += rf"\intbl {_rtf(cell.text if is_first else '')}\cell"
            parts.append(rf"{definition}\pard{texts}\row")
        parts += [rf"\pard {_rtf(line)}\par" for line in [*form.below, ""]]
    return "\n".join([*parts, "}"]).encode("ascii")


def _rtf(text: str) -> str:
    return "".join(c if c.isascii() and c not in "\\{}" else rf"\u{ord(c) - (ord(c) >> 15 << 16)}?" for c in text)


# ---------------------------------------------------------------------------- pages


@dataclass(frozen=True)
class Style:
    """How pages are made. ``height`` is in points.

    ``repeat_header`` and ``repeat_lines``: the header and the lines above the table are repeated on the next page.
    ``cut_rows``: the end of a page may cut a row in two. ``foot``: a line at the foot of each page, with {} for its
    number.
    """

    height: float = 595.0
    repeat_header: bool = False
    repeat_lines: bool = False
    continued: str = ""  # text behind a repeated title
    cut_rows: bool = False
    foot: str = ""


Text = tuple[float, float, float, str]  # left, base line, size, text
Rule = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass
class Drawing:
    """A page with its texts and rules. y grows downwards."""

    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


WIDTH = 842.0


PLAIN = Style()


def drawings_of(forms: Sequence[Form], style: Style = PLAIN) -> list[Drawing]:
    """The pages of forms. Each form begins a new page."""
    pages: list[Drawing] = []
    for form in forms:
        pages += _FormPages(form, style).pages
    for number, page in enumerate(pages, start=1):
        if style.foot:
            page.texts.append((_MARGIN, style.height - 20, _SIZE, style.foot.format(number)))
    return pages


def _length(text: str, size: float = _SIZE) -> float:
    """The width of a text, by the widths that PDF and OFD state."""
    length: float = stringWidth(text, _FONT, size)
    return length


def _wrapped(text: str, width: float) -> list[str]:
    lines = [""]
    for character in text:
        if _length(lines[-1] + character) > width - 2 * _PADDING:
            lines.append("")
        lines[-1] += character
    return lines


class _FormPages:
    """Draws one form, row by row."""

    def __init__(self, form: Form, style: Style) -> None:
        self.form = form
        self.style = style
        self.pages: list[Drawing] = []
        longest = [2.0 * _SIZE] * form.width
        for cell in form.cells:
            if cell.column_span == 1:
                longest[cell.column] = max(longest[cell.column], min(_length(cell.text), 12 * _SIZE))
        scale = (WIDTH - 2 * _MARGIN - 4 * _SIZE) / sum(longest)
        self.xs = [_MARGIN]
        for length in longest:
            self.xs.append(self.xs[-1] + length * scale)
        self.lines = {
            id(cell): _wrapped(cell.text, self.xs[cell.column + cell.column_span] - self.xs[cell.column])
            for cell in form.cells
        }
        rows = form.rows()
        self._open(first=True)
        self._block(rows[: form.depth])
        for row in rows[form.depth :]:
            self._body_row(row)
        self._close()
        for line in form.below:
            self._line(line)

    def _open(self, first: bool) -> None:
        self.pages.append(Drawing())
        self.y = _MARGIN
        for number, line in enumerate(self.form.above if first or self.style.repeat_lines else ()):
            self._line(line + (self.style.continued if not first and not number else ""))
        self.top = self.y

    def _line(self, text: str) -> None:
        self.pages[-1].texts.append((_MARGIN + 100, self.y + _SIZE, 8.0, text))
        self.y += 14

    def _close(self) -> None:
        if self.y > self.top:
            self._horizontal(self.y, 0, self.form.width)

    def _overleaf(self) -> None:
        self._close()
        self._open(first=False)
        if self.style.repeat_header:
            self._block(self.form.rows()[: self.form.depth])

    def _room(self) -> int:
        """How many lines of text still fit on the page."""
        return int((self.style.height - _MARGIN - self.y - 2 * _PADDING) / _LEADING)

    def _block(self, rows: list[list[Cell]]) -> None:
        """Draw header rows. Cells are merged, so rules are missing between their parts."""
        heights = [max((len(self.lines[id(c)]) for c in row if c.row_span == 1), default=1) for row in rows]
        for row in rows:
            for cell in (c for c in row if c.row_span > 1):
                lacking = len(self.lines[id(cell)]) - sum(heights[cell.row : cell.row + cell.row_span])
                heights[cell.row + cell.row_span - 1] += max(0, lacking)
        tops = [self.y]
        for height in heights:
            tops.append(tops[-1] + height * _LEADING + 2 * _PADDING)
        for cell in (cell for row in rows for cell in row):
            self._cell(cell, self.lines[id(cell)], tops[cell.row], tops[cell.row + cell.row_span])
        self.y = tops[-1]

    def _body_row(self, row: list[Cell]) -> None:
        rest = {id(cell): self.lines[id(cell)] for cell in row}
        need = max(map(len, rest.values()), default=1)
        if need > self._room() and not (self.style.cut_rows and self._room() > 0):
            self._overleaf()
        while need > self._room() > 0:
            room = self._room()
            self._drawn(row, {key: lines[:room] for key, lines in rest.items()}, room)
            rest = {key: lines[room:] for key, lines in rest.items()}
            need -= room
            self._overleaf()
        self._drawn(row, rest, need)

    def _drawn(self, row: list[Cell], lines: dict[int, list[str]], height: int) -> None:
        bottom = self.y + height * _LEADING + 2 * _PADDING
        covered = {column for cell in row for _, column in _area(cell)}
        for cell in row:
            self._cell(cell, lines[id(cell)], self.y, bottom)
        for column in set(range(self.form.width)) - covered:
            self._cell(Cell(0, column, ""), [], self.y, bottom)
        self.y = bottom

    def _cell(self, cell: Cell, lines: Sequence[str], top: float, bottom: float) -> None:
        left, right = self.xs[cell.column], self.xs[cell.column + cell.column_span]
        self._horizontal(top, cell.column, cell.column + cell.column_span)
        for x in (left, right):
            self.pages[-1].rules.append((x, top, x, bottom))
        for number, line in enumerate(lines):
            is_figure = _FIGURE.fullmatch(cell.text) and len(lines) == 1
            x = right - _PADDING - _length(line) if is_figure else left + _PADDING
            if line.strip():
                self.pages[-1].texts.append((x, top + _PADDING + _SIZE + number * _LEADING, _SIZE, line))

    def _horizontal(self, y: float, first: int, last: int) -> None:
        self.pages[-1].rules.append((self.xs[first], y, self.xs[last], y))


# ---------------------------------------------------------------------------- PDF


def pdf(
    drawings: Sequence[Drawing],
    height: float = 595.0,
    turned: int = 0,
    flagged: bool = True,
    thin_areas: bool = False,
    in_form: bool = False,
    password: str | None = None,
    write: Callable[[Canvas, float, float, str], None] = Canvas.drawString,
    rule: Callable[[Canvas, float, float, float, float], None] = Canvas.line,
) -> bytes:
    """Drawings as PDF.

    ``turned``: pages are rotated by so many degrees, and ``flagged``: /Rotate says so. ``thin_areas``: rules are filled
    rectangles. ``in_form``: each page is a form object drawn at half its size. ``write`` and ``rule``: how texts and
    rules are drawn.
    """
    file = io.BytesIO()
    # reportlab swaps the sides of a page with /Rotate by itself
    size = (height, WIDTH) if turned in (90, 270) and not flagged else (WIDTH, height)
    canvas = Canvas(file, pagesize=size, encrypt=StandardEncryption(password) if password else None)
    for number, drawing in enumerate(drawings):
        if flagged and turned:
            canvas.setPageRotation(turned)
        if turned == 90:
            canvas.transform(0, 1, -1, 0, height, 0)
        elif turned == 270:
            canvas.transform(0, -1, 1, 0, 0, WIDTH)
        elif turned == 180:
            canvas.transform(-1, 0, 0, -1, WIDTH, height)
        if in_form:
            canvas.beginForm(f"page{number}", 0, 0, 2 * WIDTH, 2 * height)
            canvas.scale(2, 2)
        canvas.setLineWidth(0.5)
        for left, top, right, bottom in drawing.rules:
            if thin_areas:
                canvas.rect(left, height - bottom - 0.25, right - left + 0.5, bottom - top + 0.5, stroke=0, fill=1)
            else:
                rule(canvas, left, height - top, right, height - bottom)
        for x, y, font_size, text in drawing.texts:
            canvas.setFont(_FONT, font_size)
            write(canvas, x, height - y, text)
        if in_form:
            canvas.endForm()
            canvas.scale(0.5, 0.5)
            canvas.doForm(f"page{number}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def scan(content: bytes) -> bytes:
    """The pages of a PDF as pictures in one TIFF, with 300 dots per inch.

    Drawn in a separate process: after the import of the PDF reader, PDFium shows Chinese characters as boxes.
    """
    draw = "import sys; from synthetic.pages import drawn; sys.stdout.buffer.write(drawn(sys.stdin.buffer.read()))"
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", draw], input=content, cwd=root, stdout=subprocess.PIPE, check=True)
    return done.stdout


def drawn(content: bytes) -> bytes:
    """The work of the process of :func:`scan`."""
    first, *others = (page.render(scale=300 / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(content))
    file = io.BytesIO()
    first.save(file, "TIFF", save_all=True, append_images=others, compression="tiff_deflate")
    return file.getvalue()


# ---------------------------------------------------------------------------- OFD

_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_MM = 25.4 / 72


def ofd(drawings: Sequence[Drawing], height: float = 595.0) -> bytes:
    """Drawings as OFD. Content shared by all pages is in a template."""
    file = io.BytesIO()
    box = f"<ofd:PhysicalBox>0 0 {WIDTH * _MM:.3f} {height * _MM:.3f}</ofd:PhysicalBox>"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "OFD.xml",
            f"<ofd:OFD {_OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        pages = "".join(f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(drawings)))
        package.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {_OFD}><ofd:CommonData><ofd:PageArea>{box}</ofd:PageArea>"
            '<ofd:TemplatePage ID="1" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData>'
            f"<ofd:Pages>{pages}</ofd:Pages></ofd:Document>",
        )
        package.writestr("Doc_0/Tpls/Tpl_0/Content.xml", _ofd_page(Drawing([(40, height - 20, 7, "部门预算公开")]), ""))
        for number, drawing in enumerate(drawings):
            package.writestr(
                f"Doc_0/Pages/Page_{number}/Content.xml",
                _ofd_page(drawing, '<ofd:Template TemplateID="1" ZOrder="Background"/>'),
            )
    return file.getvalue()


def _ofd_page(drawing: Drawing, template: str) -> str:
    items = []
    for left, top, right, bottom in drawing.rules:
        across, down = (right - left) * _MM, (bottom - top) * _MM
        items.append(
            f'<ofd:PathObject Boundary="{left * _MM:.3f} {top * _MM:.3f} {across + 0.1:.3f} {down + 0.1:.3f}">'
            f"<ofd:AbbreviatedData>M 0 0 L {across:.3f} {down:.3f}</ofd:AbbreviatedData></ofd:PathObject>"
        )
    for x, y, size, text in drawing.texts:
        steps = " ".join(f"{_length(character, size) * _MM:.3f}" for character in text[:-1])
        # the same steps may be written as a repetition
        if len(set(steps.split())) == 1 and len(text) > 2:
            steps = f"g {len(text) - 1} {steps.split()[0]}"
        items.append(
            f'<ofd:TextObject Font="2" Size="{size * _MM:.3f}" Boundary="{x * _MM:.3f} {(y - size) * _MM:.3f} 200 10">'
            f'<ofd:TextCode X="0" Y="{size * _MM:.3f}" DeltaX="{steps}">{escape(text)}</ofd:TextCode></ofd:TextObject>'
        )
    return f"<ofd:Page {_OFD}>{template}<ofd:Content><ofd:Layer>{''.join(items)}</ofd:Layer></ofd:Content></ofd:Page>"
