"""Word documents in one XML file of Word 2003 (xml, doc), as Word, WPS and LibreOffice write them.

Its words are nearly those of docx, so it is read as the docx that says the same. LibreOffice reads it, too, but takes
half a minute for a disclosure and gives up after one.
"""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from contextlib import suppress

from lxml import etree

from loader.documents.grid import Document, DocumentError
from loader.documents.readers.attribute import whole
from loader.documents.readers.package import xml_root
from loader.documents.readers.word import docx
from loader.documents.readers.word.elements import CELL, ROW, TBL, children
from loader.documents.readers.word.look import VAL, W
from loader.documents.readers.word.package import ID

_OLD = "{http://schemas.microsoft.com/office/word/2003/wordml}"
_HINT = "{http://schemas.microsoft.com/office/word/2003/auxHint}"  # sections and groups around paragraphs
_NOTE = "{http://schemas.microsoft.com/aml/2001/core}"  # changes that are followed, comments and bookmarks
_PICTURE, _SOURCE = "{urn:schemas-microsoft-com:vml}imagedata", "src"
# what has another name in docx
_NAMES = {
    "vmerge": "vMerge",
    "hmerge": "hMerge",
    "h-rule": "hRule",
    "listPr": "numPr",
    "list": "num",
    "listDef": "abstractNum",
    "listDefId": "abstractNumId",
    "ilst": "abstractNumId",
    "ilfo": "numId",
}
_OPENDOCUMENT = "urn:oasis:names:tc:opendocument"  # which LibreOffice names, and Word does not
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def read(content: bytes, file_name: str) -> Document:
    """One grid. Rows are numbered as in docx."""
    root = xml_root(content, file_name, "the document")
    if root.tag != f"{_OLD}wordDocument":
        raise DocumentError(f"{file_name}: XML without a document of Word 2003, expected wordDocument")
    pictures = _pictures(root)
    for element in list(root.iter(etree.Element)):
        _rename(element)
    if any(str(names).startswith(_OPENDOCUMENT) for names in root.nsmap.values()):
        _refuse_lost_cells(root, file_name)
    found = docx.read(_as_docx(root, pictures), file_name)
    return Document(file_name, "xml", found.grids, found.remarks, cut_off=found.cut_off)


def _rename(element: etree._Element) -> None:
    """Give an element and its attributes their names in docx."""
    tag = str(element.tag)
    if tag.startswith(_HINT):
        element.tag = f"{W}sdtContent"
    elif tag == f"{_NOTE}annotation":
        is_kept = element.get(f"{_OLD}type", "") == "Word.Insertion"
        element.tag = W + ("ins" if is_kept else "del")
    elif tag == f"{_NOTE}content":
        element.tag = f"{W}ins"
    elif tag == _PICTURE:
        element.set(ID, element.get(_SOURCE, ""))
    elif tag.startswith(_OLD):
        name = tag.removeprefix(_OLD)
        element.tag = W + _NAMES.get(name, name)
    for key, value in element.attrib.items():
        if str(key).startswith(_OLD):
            name = str(key).removeprefix(_OLD)
            # LibreOffice writes widths with decimals
            element.set(W + _NAMES.get(name, name), str(value).partition(".")[0] if name == "w" else value)
            del element.attrib[key]


def _refuse_lost_cells(root: etree._Element, file_name: str) -> None:
    """DocumentError if a row is narrower than its table: LibreOffice leaves out what lies below a cell over several
    rows, and nothing tells which of the columns these were."""
    for number, table in enumerate(root.iter(TBL), start=1):
        widths = [sum(map(_columns, children(row, CELL))) for row in children(table, ROW)]
        for place, width in enumerate(widths, start=1):
            if width < max(widths):
                raise DocumentError(
                    f"{file_name}: table {number}, row {place} has {width} columns, expected {max(widths)}: LibreOffice"
                    " loses merged cells in XML of Word 2003; save the document it was made from as docx"
                )


def _columns(cell: etree._Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return 1 if span is None else whole(span.get(VAL)) or 1


def _pictures(root: etree._Element) -> dict[str, bytes]:
    """The pictures by their names, taken out of the document. Those that are damaged are left out."""
    found: dict[str, bytes] = {}
    for data in list(root.iter(f"{_OLD}binData")):
        with suppress(binascii.Error):
            found[data.get(f"{_OLD}name", "")] = base64.b64decode(data.text or "")
        data.text = None
    return found


def _as_docx(root: etree._Element, pictures: dict[str, bytes]) -> bytes:
    """The package whose parts stand in a renamed document."""
    body = root.find(f"{W}body")
    written = b"" if body is None else etree.tostring(body, with_tail=False)
    parts = {"styles": root.find(f"{W}styles"), "numbering": root.find(f"{W}lists")}
    relations = etree.Element(f"{{{_RELATIONS}}}Relationships")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", b'<w:document xmlns:w="%s">%s</w:document>' % (W[1:-1].encode(), written))
        for name, part in parts.items():
            if part is not None:
                package.writestr(f"word/{name}.xml", etree.tostring(part))
                _relate(relations, name, name, f"{name}.xml")
        for number, (key, picture) in enumerate(pictures.items(), start=1):
            package.writestr(f"word/media/{number}", picture)
            _relate(relations, key, "image", f"media/{number}")
        package.writestr("word/_rels/document.xml.rels", etree.tostring(relations))
    return file.getvalue()


def _relate(relations: etree._Element, key: str, kind: str, target: str) -> None:
    attributes = {"Id": key, "Type": f"{_RELATION}/{kind}", "Target": target}
    etree.SubElement(relations, f"{{{_RELATIONS}}}Relationship", attributes)
