"""Word documents as offices really write them: each of them says what the sample says."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from loader.documents.grid import DocumentError
from loader.documents.readers import read
from loader.documents.wording import figure
from synthetic import pages
from synthetic.workbooks import zipped
from tests.sound_documents import FIGURES, archived, figures, filed, main_part_elsewhere, members, replaced, sound

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


def field(code: str, result: str | None = None, form: str = "") -> str:
    """A field with its code and, perhaps, its result."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    begin = f'<w:r><w:fldChar w:fldCharType="begin">{form}</w:fldChar></w:r>'
    shown = "" if result is None else mark.format("separate") + result
    return f"{begin}<w:r><w:instrText> {code} </w:instrText></w:r>{shown}{mark.format('end')}"


FIGURE = "<w:r><w:t>11.50</w:t></w:r>"
CHOICE = (
    '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="9"/>'
    '<w:listEntry w:val="11.50"/></w:ddList></w:ffData>'
)
WEBDINGS = '<w:rFonts w:ascii="Webdings" w:hAnsi="Webdings"/>'
FIELDS = {
    "a minus by its code": (field(r'SYMBOL 45 \f "Symbol" \s 10') + FIGURE, "\u221211.50"),
    "a minus of Unicode": (field(r"SYMBOL 8722 \u", "<w:r/>") + FIGURE, "\u221211.50"),
    "a digit by its code": (field("SYMBOL 49") + "<w:r><w:t>1.50</w:t></w:r>", "11.50"),
    "numbers over each other": (field(r"EQ \o(11.50,9)"), "\ufffd"),
    "a fraction": (field(r"EQ \f(11,50)"), "11/50"),
    "a raised mark": (FIGURE + field(r"EQ \s\up5(1)"), "11.50"),
    "a mark in a circle": (FIGURE + field(r"eq \o\ac(○,1)"), "11.50①"),
    "a reading above a word": (field(r'EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(yuan),元)'), "元"),
    "figures above each other": (field(r"EQ \a(11,50)"), "11 / 50"),
    "brackets": (field(r"EQ \b(11.50)"), "(11.50)"),
    "a quotation": (field('QUOTE "11.50"'), "11.50"),
    "a choice": (field("FORMDROPDOWN", form=CHOICE), "11.50"),
    "a result": (field(r'=SUM(ABOVE) \# "0.00"', FIGURE), "11.50"),
    "a field in the code of another": (
        field(f'IF </w:instrText></w:r>{field("PAGE", "<w:r><w:t>3</w:t></w:r>")}<w:r><w:instrText> = 3 "x"', FIGURE),
        "11.50",
    ),
    "pictures of a font": (f"<w:r><w:rPr>{WEBDINGS}</w:rPr><w:t>9</w:t></w:r>{FIGURE}", "\ufffd11.50"),
    "lifted and not smaller": (f'{FIGURE}<w:r><w:rPr><w:position w:val="8"/></w:rPr><w:t>1</w:t></w:r>', "11.50"),
}


@pytest.mark.parametrize("way", FIELDS)
def test_what_word_shows_of_fields(way: str) -> None:
    written, shown = FIELDS[way]
    assert word_cells(written) == [shown]


LISTS = """<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum
    w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="{}"/>{}</w:lvl></w:abstractNum>
    <w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""
SYMBOL_FONT = '<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr>'


@pytest.mark.parametrize(
    ("mark", "font", "shown"),
    [
        ("-", "", "-11.50"),
        ("–", "", "–11.50"),
        ("\uf02d", SYMBOL_FONT, "\u221211.50"),
        ("\uf0b7", SYMBOL_FONT, "11.50"),
    ],
    ids=["a hyphen", "a dash", "a minus of a font of symbols", "a dot"],
)
def test_a_minus_that_word_made_the_mark_of_a_list(mark: str, font: str, shown: str) -> None:
    assert in_list(f"<w:pPr>{IN_LIST}</w:pPr>", LISTS.format(mark, font)) == [shown]


def test_a_minus_that_a_style_puts_in_front_of_its_paragraphs() -> None:
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph"'
        f' w:styleId="a"><w:pPr>{IN_LIST}</w:pPr></w:style></w:styles>'
    )
    assert in_list('<w:pPr><w:pStyle w:val="a"/></w:pPr>', LISTS.format("-", ""), styles) == ["-11.50"]
    out_of_it = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    assert in_list(f'<w:pPr><w:pStyle w:val="a"/>{out_of_it}</w:pPr>', LISTS.format("-", ""), styles) == ["11.50"]


def test_a_minus_of_a_style_that_another_is_based_on() -> None:
    style = '<w:style w:type="paragraph" w:styleId="{}">{}</w:style>'
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        + style.format("a", f"<w:pPr>{IN_LIST}</w:pPr>")
        + style.format("b", '<w:basedOn w:val="a"/>')
        + style.format("c", '<w:basedOn w:val="c"/>')
        + "</w:styles>"
    )
    own_level = '<w:numPr><w:ilvl w:val="0"/></w:numPr>'
    for properties, shown in (
        ('<w:pStyle w:val="b"/>', "-11.50"),
        (f'<w:pStyle w:val="b"/>{own_level}', "-11.50"),
        ('<w:pStyle w:val="c"/>', "11.50"),
    ):
        assert in_list(f"<w:pPr>{properties}</w:pPr>", LISTS.format("-", ""), styles) == [shown]


IN_LIST = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'


def in_list(properties: str, lists: str, styles: str = "<a/>") -> list[str]:
    """The cells of a row with 11.50 in a paragraph of these properties."""
    found = members(pages.docx(f"<w:tbl><w:tr><w:tc><w:p>{properties}{FIGURE}</w:p></w:tc></w:tr></w:tbl>"))
    parts = {"numbering": lists, "styles": styles}
    relations = "".join(f'<Relationship Id="{p}" Type="http://schemas/{p}" Target="{p}.xml"/>' for p in parts)
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    found["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{namespace}">{relations}</Relationships>'.encode()
    for part, content in parts.items():
        found[f"word/{part}.xml"] = content.encode()
    [row] = read(zipped(dict(found)), "a.docx").grids[0].rows
    return [cell.text for cell in row.cells]


def told(*paragraphs: str) -> tuple[str, ...]:
    """What is remarked on a document with a table of one cell."""
    cell = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    return read(pages.docx(f"<w:tbl><w:tr><w:tc>{cell}</w:tc></w:tr></w:tbl>"), "a.docx").remarks


def test_formulas_without_a_result_are_told() -> None:
    simple = '<w:fldSimple w:instr="=SUM(ABOVE)">{}</w:fldSimple>'
    assert told(FIGURE + field("=SUM(ABOVE)"), simple.format("")) == (
        "2 formulas without a stored result read as blank",
    )
    assert not told(field("=SUM(ABOVE)", FIGURE), simple.format(FIGURE))


def test_objects_of_other_programs_are_told() -> None:
    office = 'xmlns:o="urn:schemas-microsoft-com:office:office"'
    sheet = f'<w:r><w:object><o:OLEObject {office} ProgID="Excel.Sheet.12"/></w:object></w:r>'
    assert told(FIGURE + sheet, sheet) == (
        "2 objects of other programs, shown as pictures, were not read: Excel.Sheet.12",
    )


def test_a_run_that_is_turned_round() -> None:
    (turned,) = word_cells('<w:bdo w:val="rtl"><w:r><w:t>05.11</w:t></w:r></w:bdo>')
    found = figure(turned)
    assert found is not None
    assert str(found.value) == "11.50"


def test_numbers_that_a_formula_or_a_picture_parts() -> None:
    one, other = (f"<m:e><m:r><m:t>{number}</m:t></m:r></m:e>" for number in (11, 50))
    matrix, column = f"<m:m><m:mr>{one}{other}</m:mr></m:m>", f"<m:eqArr>{one}{other}</m:eqArr>"
    picture = "<w:r><w:t>11</w:t></w:r><w:r><w:drawing/></w:r><w:r><w:t>50</w:t></w:r>"
    found = word_cells(*(f"<m:oMath {MATH}>{formula}</m:oMath>" for formula in (matrix, column)), picture)
    assert found == ["11 50"] * 3


HARDLY_SEEN = {
    "of the colour of its ground": '<w:color w:val="EEEEEE"/><w:shd w:val="clear" w:fill="EEEEEE"/>',
    "of the colour of its marker": '<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>',
    "black on black": '<w:color w:val="000000"/><w:highlight w:val="black"/>',
    "all clear": '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w14:solidFill>'
    '<w14:srgbClr w14:val="000000"><w14:alpha w14:val="100000"/></w14:srgbClr></w14:solidFill></w14:textFill>',
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
