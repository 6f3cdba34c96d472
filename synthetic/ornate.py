"""Sound documents with features that readers must handle: style sheets, conditional formats, fields, drawings.

Each has the same contents as the plain document. Damage to them tests parts of the readers that plain documents do not
reach.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from itertools import count

from reportlab.pdfgen.canvas import Canvas

from synthetic.workbooks import zipped

_NUMBER = r"-?\d[\d,]*\.\d\d"
_SHEET_STYLE = (
    ".a{display:none} .note td > i.b { visibility:hidden } #c, .x {font-size:0} p .e .d{opacity: 0.0}"
    " @media print { span { display: none } } @media (min-width: 100px) { .f { left: -9999px; position: absolute } }"
    ' tr:nth-child(2n+1) td:not(.g):first-child > b { display: none } .m::before { content: "-" !important }'
    ' .y::after { content: "\\5143" attr(title) } td[class^="h"] ~ td > i { text-indent: -999em }'
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_TEXT_OBJECT = (
    r'<ofd:TextObject ([^>]*?)Boundary="([\d.]+) ([\d.]+) 200 10">(<ofd:TextCode [^>]*>'
    rf"{_NUMBER}</ofd:TextCode>)</ofd:TextObject>"
)


def html(page: bytes) -> bytes:
    """A page with style rules, and words that the rules hide in front of every figure."""
    ways = (
        '<b class="note a">9</b>',
        '<span class=e><b class="d">8</b></span>',
        "<i class=f>7</i>",
        '<u id="c">6</u>',
        '<i style="position:relative; top:-.3em; font-size: 6pt">5</i>',
        '<font color=white>4</font><s>3</s><sup class="m">2</sup>',
        '<details><summary></summary><i class="y" title="万">1</i></details>',
    )
    places = count()
    text = page.decode()
    text = re.sub(rf"<span>({_NUMBER})</span>", lambda m: f"{ways[next(places) % len(ways)]}<span>{m[1]}</span>", text)
    return text.replace("</head>", f"<style>{_SHEET_STYLE}</style></head>").encode()


def xlsx(workbook: bytes) -> bytes:
    """A workbook with conditional formats that hide nothing, and texts in runs of different formats."""
    rules = (
        '<cfRule type="cellIs" dxfId="0" priority="1" operator="lessThan"><formula>-100000</formula></cfRule>'
        '<cfRule type="cellIs" dxfId="0" priority="2" operator="between"><formula>1000000</formula>'
        "<formula>2000000</formula></cfRule>"
        '<cfRule type="expression" dxfId="0" priority="3"><formula>$A1="nothing"</formula></cfRule>'
        '<cfRule type="containsErrors" dxfId="0" priority="4"><formula>ISERROR(A1)</formula></cfRule>'
    )
    format_of = f'<conditionalFormatting sqref="A1:Z40 B50:C60">{rules}</conditionalFormatting>'
    looks = '<dxfs count="1"><dxf><font><color rgb="FFFFFFFF"/></font></dxf></dxfs>'

    def change(name: str, text: str) -> str:
        if name.startswith("xl/worksheets/sheet"):
            return re.sub("<pageMargins", f"{format_of}<pageMargins", text, count=1)
        if name == "xl/styles.xml":
            return re.sub(r"<dxfs[^>]*/>", looks, text)
        if name == "xl/sharedStrings.xml":
            in_runs = r"<si><r><t>\1</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>1</t></r></si>"
            return re.sub(r"<si><t>([^<]+)</t></si>", in_runs, text, count=40)
        return text

    return _changed(workbook, change)


def docx(document: bytes) -> bytes:
    """A document with styles, a list, fields, tracked changes, content controls and hidden text around figures."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    field = mark.format("begin") + r"<w:r><w:instrText>EQ \s\up5(1)</w:instrText></w:r>" + mark.format("end")
    ways = (
        ('<w:r><w:rPr><w:rStyle w:val="gone"/></w:rPr><w:t>9</w:t></w:r>', ""),
        ("<w:del><w:r><w:delText>8</w:delText></w:r></w:del><w:ins>", "</w:ins>"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>", "</w:sdtContent></w:sdt>"),
        ("", field),
        ("", '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'),
        ('<w:r><w:rPr><w:color w:val="FFFFFF"/><w:sz w:val="1"/></w:rPr><w:t>7</w:t></w:r>', ""),
    )
    places = count()
    plain = rf"(<w:p>)<w:r>(<w:t>{_NUMBER}</w:t>)</w:r>(</w:p>)"

    def word(found: re.Match[str]) -> str:
        before, behind = ways[next(places) % len(ways)]
        listed = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr></w:pPr>'
        return f"{found[1]}{listed}{before}<w:r>{found[2]}</w:r>{behind}{found[3]}"

    changed = _changed(document, lambda name, text: re.sub(plain, word, text) if name == "word/document.xml" else text)
    parts = {
        "styles": f'<w:styles xmlns:w="{_WORD}"><w:style w:type="character" w:styleId="gone"><w:basedOn w:val="base"/>'
        '<w:rPr><w:strike/></w:rPr></w:style><w:style w:type="character" w:styleId="base"/></w:styles>',
        "numbering": f'<w:numbering xmlns:w="{_WORD}"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt'
        ' w:val="bullet"/><w:lvlText w:val="&#xb7;"/></w:lvl></w:abstractNum><w:num w:numId="3"><w:abstractNumId'
        ' w:val="7"/></w:num></w:numbering>',
    }
    relations = "".join(f'<Relationship Id="{name}" Type="http://x/{name}" Target="{name}.xml"/>' for name in parts)
    added = {f"word/{name}.xml": text for name, text in parts.items()}
    added["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>'
    return zipped({**_members(changed), **added})


def ofd(document: bytes) -> bytes:
    """A document with some figures as drawings in its resources and some in annotations."""
    units: list[str] = []
    places = count()
    found = _members(document)
    listed = []
    main = found["Doc_0/Document.xml"]
    for number, place in re.findall(r'<ofd:Page ID="(\d+)" BaseLoc="([^"]+)"', main):
        noted: list[str] = []

        def by(text: re.Match[str], noted: list[str] = noted) -> str:
            way = next(places) % 6
            if way in (1, 3):
                units.append(f'<ofd:TextObject {text[1]}Boundary="0 0 200 10">{text[4]}</ofd:TextObject>')
                boundary = f'Boundary="{text[2]} {text[3]} 200 10"'
                return f'<ofd:CompositeObject {boundary} CTM="1 0 0 1 0 0" ResourceID="{100 + len(units)}"/>'
            if way == 2:
                noted.append(text[0])
                return ""
            return text[0]

        name = f"Doc_0/{place}"
        found[name] = re.sub(_TEXT_OBJECT, by, found[name])
        if noted:
            appearance = f'<ofd:Appearance Boundary="0 0 1 1">{"".join(noted)}</ofd:Appearance>'
            annotation = f'<ofd:PageAnnot {_OFD}><ofd:Annot Type="Stamp">{appearance}</ofd:Annot></ofd:PageAnnot>'
            found[f"Doc_0/Annots/{number}.xml"] = annotation
            listed.append(f'<ofd:Page PageID="{number}"><ofd:FileLoc>{number}.xml</ofd:FileLoc></ofd:Page>')
    found["Doc_0/Annots/All.xml"] = f"<ofd:Annotations {_OFD}>{''.join(listed)}</ofd:Annotations>"
    graphics = "".join(
        f'<ofd:CompositeGraphicUnit ID="{101 + at}"><ofd:Content>{unit}</ofd:Content></ofd:CompositeGraphicUnit>'
        for at, unit in enumerate(units)
    )
    found["Doc_0/Res.xml"] = f"<ofd:Res {_OFD}>{graphics}</ofd:Res>"
    main = main.replace("</ofd:CommonData>", "<ofd:DocumentRes>Res.xml</ofd:DocumentRes></ofd:CommonData>")
    annotations = "<ofd:Annotations>Annots/All.xml</ofd:Annotations></ofd:Document>"
    found["Doc_0/Document.xml"] = main.replace("</ofd:Document>", annotations)
    return zipped({**found})


def writer() -> Callable[[Canvas, float, float, str], None]:
    """A function that writes the texts of ``synthetic.pages.pdf`` in unusual ways.

    Some figures are form fields, have another ActualText, are drawn twice, or stand over an invisible digit.
    """
    places = count()

    def write(canvas: Canvas, x: float, y: float, text: str) -> None:
        if not re.fullmatch(_NUMBER, text):
            canvas.drawString(x, y, text)
            return
        way = next(places) % 12
        if way == 1:
            length = canvas.stringWidth(text)
            canvas.acroForm.textfield(
                name=f"f{x:.0f}-{y:.0f}", value=text, x=x - 2, y=y - 2, width=length + 4, height=9, fontSize=6,
                borderWidth=0,
            )  # fmt: skip
            return
        if way == 3:
            canvas._code.append("/Span <</ActualText (99.99)>> BDC")
        canvas.drawString(x, y, text)
        if way == 3:
            canvas._code.append("EMC")
        elif way == 5:
            canvas.drawString(x + 0.2, y, text)
        elif way == 7:
            canvas.drawString(x, y, "9", mode=3)

    return write


def _members(package: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def _changed(package: bytes, change: Callable[[str, str], str]) -> bytes:
    """A package with ``change`` (name, text → text) applied to its members."""
    return zipped({name: change(name, text) for name, text in _members(package).items()})
