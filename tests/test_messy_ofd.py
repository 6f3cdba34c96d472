"""OFD as programs really draw it: each says what the sample says; what a reader does not see is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest

from loader.documents.grid import DocumentError
from loader.documents.readers import read
from loader.documents.readers.ofd import objects as ofd_objects
from synthetic import pages
from synthetic.workbooks import zipped
from tests.sound_documents import FIGURES, TEXT, figures, filed, members, printed_in, replaced, sound

SHOWN = Counter({figure: times for figure, times in FIGURES.items() if figure[0] is not None and figure[0] <= 10})
GLYPHS = r'(<ofd:TextObject [^>]*Size="([\d.]+)"[^>]*>)<ofd:TextCode X="0" Y="([^"]*)"[^>]*>([^<]*)</ofd:TextCode>'


def ofd_singly(found: re.Match[str]) -> str:
    """Every character of a text as a text object of its own."""
    start, size, y, text = found.groups()
    x, objects = 0.0, []
    for character in re.findall(r"&\w+;|.", text):
        code = f'<ofd:TextCode X="{x:.3f}" Y="{y}">{character}</ofd:TextCode>'
        objects.append(start + code)
        x += float(size) * (0.5 if len(character) == 1 and character.isascii() else 1)
    return "</ofd:TextObject>".join(objects)


def with_ofd_texts(attributes: str, colour: str) -> bytes:
    """An 8 that nobody sees, in the place of every text."""
    eight = rf'<ofd:TextObject {attributes} \1>{colour}<ofd:TextCode X="0" Y="3">8</ofd:TextCode></ofd:TextObject>\g<0>'
    return replaced("ofd", r"<ofd:TextObject ([^>]*)>.*?</ofd:TextObject>", eight, "Doc_0/Pages")


OFD: dict[str, Callable[[], bytes]] = {
    "white in hexadecimal digits": lambda: with_ofd_texts("", '<ofd:FillColor Value="#FF #FF #FF"/>'),
    "white as a grey": lambda: with_ofd_texts("", '<ofd:FillColor Value="255"/>'),
    "white of four inks": lambda: with_ofd_texts("", '<ofd:FillColor Value="0 0 0 0"/>'),
    "all but transparent": lambda: with_ofd_texts('Alpha="3"', ""),
    "not filled": lambda: with_ofd_texts('Fill="false"', ""),
    "in a block that is not shown": lambda: replaced(
        "ofd",
        r"<ofd:TextObject (.*?</ofd:TextObject>)",
        r'<ofd:PageBlock Visible="false"><ofd:TextObject \1</ofd:PageBlock><ofd:TextObject \1',
        "Doc_0/Pages",
    ),
    "invisible texts": lambda: replaced(
        "ofd",
        r"<ofd:TextObject (.*?</ofd:TextObject>)",
        r'<ofd:TextObject Visible="false" \1<ofd:TextObject \1',
        "Doc_0/",
    ),
    "glyph by glyph": lambda: replaced("ofd", GLYPHS, ofd_singly, "Doc_0/Pages"),
    "places from the root": lambda: replaced("ofd", 'BaseLoc="Pages', 'BaseLoc="/Doc_0/Pages', "Doc_0/Document"),
}


@pytest.mark.parametrize("way", OFD)
def test_ofd(way: str) -> None:
    assert figures(filed(OFD[way]())) == SHOWN


def test_texts_that_nobody_sees_in_ofd() -> None:
    hidden = {
        "in white outlines": ('Fill="false" Stroke="true"', '<ofd:StrokeColor Value="255 255 255"/>'),
        "pressed": ('HScale="0.001"', ""),
        "outside its window": (
            "",
            '<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary="90 0 1 1"><ofd:AbbreviatedData>M 0 0 L 1 0 L 1 1 C'
            "</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>",
        ),
        "white by a look that rests on another": ('DrawParam="4"', ""),
    }
    drawing = pages.Drawing([(105, 70, 8, "甲"), (205, 70, 8, "11.50")])
    drawing.rules += [(100, y, 300, y) for y in (60, 75)] + [(x, 60, x, 75) for x in (100, 200, 300)]
    found = members(pages.ofd([drawing]))
    page = next(name for name in found if "Page_0" in name)
    plain = next(
        item for item in re.findall(r"<ofd:TextObject .*?</ofd:TextObject>", found[page].decode()) if ".5" in item
    )
    eight = re.sub(r' DeltaX="[^"]*">11.50', ">8", plain)
    others = [re.sub(r"<ofd:TextObject ([^>]*)>", rf"<ofd:TextObject {a} \1>{c}", eight) for a, c in hidden.values()]
    others.append(f'<ofd:PageBlock Visible="false"><ofd:PageBlock>{eight}</ofd:PageBlock></ofd:PageBlock>')
    found[page] = found[page].decode().replace(plain, "".join(others) + plain).encode()
    document = next(name for name in found if name.endswith("Document.xml"))
    resource = b"<ofd:CommonData><ofd:PublicRes>Looks.xml</ofd:PublicRes>"
    twice = rb"(<ofd:Pages>)(.*?)(</ofd:Pages>)"
    found[document] = re.sub(twice, rb"\1\2\2\3", found[document].replace(b"<ofd:CommonData>", resource))
    found["Doc_0/Looks.xml"] = (
        b'<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DrawParams><ofd:DrawParam ID="4" Relative="5"/>'
        b'<ofd:DrawParam ID="5"><ofd:FillColor Value="255 255 255"/></ofd:DrawParam></ofd:DrawParams></ofd:Res>'
    )
    read_ofd = read(zipped(dict(found)), "a.ofd")
    assert [cell.text for cell in read_ofd.grids[0].rows[0].cells] == ["甲", "11.50"]
    said = " ".join(read_ofd.remarks)
    assert all(reason in said for reason in ("cut off: 1", "too small to be seen: 1", "white on white: 2"))
    assert "1 pages that are listed again were left out, the first as page 2" in said


TEXT_OBJECT = (
    r'<ofd:TextObject ([^>]*Boundary="([\d.]+) ([\d.]+) [^>]*)>'
    r"(<ofd:TextCode [^>]*>11\.50</ofd:TextCode>)</ofd:TextObject>"
)
NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
IN_DOCUMENT = "Doc_0/Document.xml"


def composed() -> bytes:
    """An OFD that draws 11.50 by a drawing in its resources, inside another one."""
    written: list[str] = []

    def by(found: re.Match[str]) -> str:
        if not written:
            written.append(re.sub(r'Boundary="[^"]*"', 'Boundary="0 0 200 10"', found[1]) + ">" + found[4])
        return f'<ofd:CompositeObject Boundary="{found[2]} {found[3]} 200 10" ResourceID="71"/>'

    found = members(replaced("ofd", TEXT_OBJECT, by, "Doc_0/Pages"))
    inner = '<ofd:CompositeObject Boundary="-20 -5 200 10" CTM="2 0 0 2 0 0" ResourceID="72"/>'
    text = f'<ofd:TextObject CTM="0.5 0 0 0.5 10 2.5" {written[0]}</ofd:TextObject>'
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{key}"><ofd:Content>{content}</ofd:Content></ofd:CompositeGraphicUnit>'
        for key, content in (("71", inner), ("72", text))
    )
    found["Doc_0/Res.xml"] = f"<ofd:Res {NAMESPACE}>{units}</ofd:Res>".encode()
    resources = b"<ofd:DocumentRes>Res.xml</ofd:DocumentRes></ofd:CommonData>"
    assert b"</ofd:CommonData>" in found[IN_DOCUMENT]
    found[IN_DOCUMENT] = found[IN_DOCUMENT].replace(b"</ofd:CommonData>", resources)
    return zipped(dict(found))


def annotated(attributes: str, *, is_moved: bool, boundary: str = "Boundary='0 0 1 1'") -> bytes:
    """An OFD whose 11.50 are moved into annotations upon its pages or, if not, covered by 21.50 there."""
    found = members(sound("ofd"))
    document = found[IN_DOCUMENT].decode()
    pages_of: list[str] = []
    for number, place in re.findall(r'<ofd:Page ID="(\d+)" BaseLoc="([^"]+)"', document):
        name = f"Doc_0/{place}"
        texts = list(re.finditer(TEXT_OBJECT, found[name].decode()))
        if not texts:
            continue
        written = "".join(
            text[0]
            if is_moved
            else f'<ofd:PathObject Fill="true" Stroke="false" Boundary="{text[2]} {text[3]} 9 3.5"><ofd:FillColor'
            ' Value="255 255 255"/><ofd:AbbreviatedData>M 0 0 L 9 0 L 9 3.5 L 0 3.5 C</ofd:AbbreviatedData>'
            f"</ofd:PathObject>{text[0].replace('11.50', '21.50')}"
            for text in texts
        )
        if is_moved:
            found[name] = re.sub(TEXT_OBJECT, "", found[name].decode()).encode()
        annotation = f"<ofd:Annot {attributes}><ofd:Appearance {boundary}>{written}</ofd:Appearance></ofd:Annot>"
        found[f"Doc_0/Annots/{number}.xml"] = f"<ofd:PageAnnot {NAMESPACE}>{annotation}</ofd:PageAnnot>".encode()
        pages_of.append(f'<ofd:Page PageID="{number}"><ofd:FileLoc>{number}.xml</ofd:FileLoc></ofd:Page>')
    found["Doc_0/Annots/All.xml"] = f"<ofd:Annotations {NAMESPACE}>{''.join(pages_of)}</ofd:Annotations>".encode()
    annotations = "<ofd:Annotations>Annots/All.xml</ofd:Annotations></ofd:Document>"
    found[IN_DOCUMENT] = document.replace("</ofd:Document>", annotations).encode()
    return zipped(dict(found))


@pytest.mark.parametrize(
    "write",
    [
        composed,
        lambda: annotated('Type="Stamp"', is_moved=True),
        lambda: annotated('Type="Stamp" Visible="false"', is_moved=False),
        lambda: annotated('Type="Watermark"', is_moved=False),
    ],
    ids=["drawings in several places", "annotations", "hidden annotations", "a watermark"],
)
def test_drawings_and_annotations_of_ofd(write: Callable[[], bytes]) -> None:
    assert figures(filed(write())) == SHOWN


def test_what_an_annotation_of_ofd_covers_is_not_read() -> None:
    rows_of = read(annotated("", is_moved=False), "a.ofd").grids[0].rows
    found = [cell.text for row in rows_of for cell in row.cells if "2010102" in row.text]
    assert found.count("21.50") == 4
    assert "11.50" not in found


@pytest.mark.parametrize("boundary", ["", "Boundary=''", "Boundary=' '"])
def test_an_annotation_of_ofd_without_a_place_lies_on_the_page(boundary: str) -> None:
    assert figures(filed(annotated('Type="Stamp"', is_moved=True, boundary=boundary))) == SHOWN


@pytest.mark.parametrize("damaged", ["cut off", "a place in words", "the list of them", "lost"])
def test_annotations_of_ofd_that_are_damaged_are_told(damaged: str) -> None:
    found = members(annotated('Type="Watermark"', is_moved=False))
    first = min(name for name in found if name.startswith("Doc_0/Annots/") and not name.endswith("All.xml"))
    name = "Doc_0/Annots/All.xml" if damaged == "the list of them" else first
    whole = found[name].replace(b"Watermark", b"Stamp")
    found[name] = whole.replace(b"0 0 1 1", b"here") if damaged == "a place in words" else whole[:-5]
    if damaged == "lost":
        del found[name]
    content = zipped(dict(found))
    assert figures(filed(content)) == SHOWN
    assert f"1 damaged parts with annotations were not read, the first is {name}" in read(content, "a.ofd").remarks


def test_a_nest_of_drawings_in_ofd_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each drawing shows the next one ten times: more than a page may hold."""
    monkeypatch.setattr(ofd_objects, "_MOST_OBJECTS", 10_000)  # to count a million takes two seconds
    found = members(composed())
    nest = "".join(
        f'<ofd:CompositeGraphicUnit ID="{71 + level}"><ofd:Content>'
        + f'<ofd:CompositeObject Boundary="0 0 1 1" ResourceID="{72 + level}"/>' * 10
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
        for level in range(9)
    )
    found["Doc_0/Res.xml"] = f"<ofd:Res {NAMESPACE}>{nest}</ofd:Res>".encode()
    with pytest.raises(DocumentError, match="objects on it"):
        read(zipped(dict(found)), "a.ofd")


def test_an_ofd_page_without_a_place_is_named() -> None:
    with pytest.raises(DocumentError, match="page 1 of the OFD is damaged"):
        read(replaced("ofd", r'Boundary="[^"]*"', 'Boundary="nan nan nan nan"', "Doc_0/Pages/Page_0"), "a.ofd")
    with pytest.raises(DocumentError, match=r"damaged \(a number is missing or is none\)$"):
        read(replaced("ofd", ' Size="[^"]*"', ' Size="3,5"', "Doc_0/Pages/Page_0"), "a.ofd")


def test_a_copy_that_comes_after_all_others_counts_once() -> None:
    drawings = pages.drawings_of(pages.forms_of(TEXT)[1:4])
    once = pages.ofd(drawings)
    for drawing in drawings:
        drawing.texts += [(x + 0.3, y, size, text) for x, y, size, text in drawing.texts]
    twice = pages.ofd(drawings)
    found, expected = ("".join(row.text for row in read(content, "a.ofd").grids[0].rows) for content in (twice, once))
    assert found == expected


def test_a_triangle_that_is_drawn_in_ofd_is_a_sign() -> None:
    def by(text: re.Match[str]) -> str:
        place = f'Boundary="{float(text[2]) - 2} {float(text[3]) + 0.3} 3 3"'
        path = "<ofd:AbbreviatedData>M 0 2 L 1.6 2 L 0.8 0 C</ofd:AbbreviatedData>"
        return f'<ofd:PathObject {place} Fill="true" Stroke="false">{path}</ofd:PathObject>{text[0]}'

    found = [cell.text for cell in printed_in(read(replaced("ofd", TEXT_OBJECT, by, "Doc_0/Pages"), "a.ofd"))]
    assert found.count("△11.50") > found.count("11.50")  # in narrow columns it lies on the rule


def test_a_text_upside_down_in_ofd() -> None:
    drawing = pages.Drawing([(105, 70, 8, "11.50"), (205, 70, 8, "22.50")])
    drawing.rules += [(100, y, 300, y) for y in (60, 75)] + [(x, 60, x, 75) for x in (100, 200, 300)]
    found = members(pages.ofd([drawing]))
    page = next(name for name in found if "Page_0" in name)
    one, other = re.findall(r"<ofd:TextObject .*?</ofd:TextObject>", found[page].decode())
    steps = re.sub(r'X="0"(.*?)DeltaX="g 4 (\S+)"', r'X="8"\1DeltaX="g 4 -\2"', one)
    changed = found[page].decode().replace(one, steps.replace(" Font", ' ReadDirection="180" CharDirection="180" Font'))
    found[page] = changed.replace(other, other.replace(" Font", ' CTM="-1 0 0 -1 8 3" Font')).encode()
    (row, *_) = read(zipped(dict(found)), "a.ofd").grids[0].rows
    assert [cell.text for cell in row.cells] == ["11.50", "22.50"]
