"""Readers, one module per format. All return the same grids. The content decides the format, never the file name."""

from __future__ import annotations

import codecs
import importlib
import io
import re

from loader.documents.grid import Document, DocumentError

MAX_TEXT = 64 * 2**20  # bytes of a document that is read as one text

# format → module of its reader, which is imported when the first such document comes
_READERS = {
    "text": "text",
    "csv": "csv",
    "html": "web.html",
    "mhtml": "web.mhtml",
    "xml2003": "workbooks.xml2003",
    "xlsx": "workbooks.xlsx",
    "xls": "workbooks.xls",
    "ods": "workbooks.ods",
    "docx": "word.docx",
    "word2003": "word.word2003",
    "office": "word.libreoffice",
    "ofd": "ofd.ofd",
    "pdf": "pdf.pdf",
    "image": "scans.scan",
}
_DIF = "a table in the Data Interchange Format (dif); save it as xlsx"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNINGS = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    _OLE: "ole",
    b"{\\rtf": "office",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"II*\x00": "image",
    b"MM\x00*": "image",
    b"GIF87a": "image",
    b"GIF89a": "image",
    b"Rar!": "a RAR archive; pack it as ZIP",
    b"7z\xbc\xaf": "a 7z archive; pack it as ZIP",
    b"\x1f\x8b": "a gzip archive; pack it as ZIP",
    b"ID;P": "a table in SYLK (slk); save it as xlsx",
    b"TABLE\n0,1\n": _DIF,
    b"TABLE\r\n0,1\r\n": _DIF,
    # workbooks without the OLE file around them, from Excel 2.1 to 97
    b"\x09\x00\x04\x00": "xls",
    b"\x09\x02\x06\x00": "xls",
    b"\x09\x04\x06\x00": "xls",
    b"\x09\x08": "xls",
}
# pictures whose first bytes alone might begin a text
_PICTURE = re.compile(rb"BM.{4}\x00{4}|RIFF.{4}WEBP", re.DOTALL)
_BINARY_WORKBOOK = "a binary workbook (xlsb); save it as xlsx"
_PRESENTATION = "a presentation; save it as pdf"
_BIG5 = "a text in Big5 (traditional characters); save it as UTF-8 in simplified characters"
_UOF = "a document in UOF; save it as xlsx or docx"
_XPS = "pages in XPS; save them as pdf"
_MEMBERS = {
    "xl/workbook.xml": "xlsx",
    "word/document.xml": "docx",
    "OFD.xml": "ofd",
    "xl/workbook.bin": _BINARY_WORKBOOK,
    "ppt/presentation.xml": _PRESENTATION,
    "Index/Document.iwa": "a document of Numbers or Pages; export it as xlsx or docx",
    "uof.xml": _UOF,
    "FixedDocSeq.fdseq": _XPS,
    "FixedDocumentSequence.fdseq": _XPS,
}
# what a package of OpenDocument, or of a book, says it is
_MIME_TYPES = {
    b"application/epub+zip": "an electronic book (epub); save it as docx or pdf",
    b"application/vnd.oasis.opendocument.presentation": _PRESENTATION,
    b"application/vnd.oasis.opendocument.graphics": "a drawing (odg); save it as pdf",
}
# what a package says of its main part, whose name is free
_MAIN_PARTS = {
    b"ms-excel.sheet.binary": _BINARY_WORKBOOK,
    b"spreadsheetml": "xlsx",
    b"ms-excel": "xlsx",
    b"wordprocessingml": "docx",
    b"ms-word": "docx",
    b"presentationml": _PRESENTATION,
    b"ms-powerpoint": _PRESENTATION,
}
_CONTENT_TYPE = re.compile(rb"""ContentType=["']([\w./+-]{1,200}\.main)\b""")
_STREAMS = {
    "encryptedpackage": "a document with a password; save it without one",
    "workbook": "xls",
    "book": "xls",
    "worddocument": "office",
    "powerpoint document": _PRESENTATION,
}
_WORKBOOK_ENTRY = re.compile("BOOK\0".encode("utf-16-le"), re.IGNORECASE)  # Book or Workbook in a damaged directory
_WORKBOOK_2003 = re.compile(rb"<(?:\w+:)?Workbook\s[^>]*urn:schemas-microsoft-com:office:spreadsheet")
_MARKS_IN_XML = (
    (b"schemas.microsoft.com/office/word/2003/wordml", "word2003"),
    (b"schemas.microsoft.com/office/2006/xmlPackage", "docx"),  # in one XML file
    (b"opendocument.spreadsheet", "ods"),  # in one XML file
    (b"opendocument.text", "office"),
    (b"<uof:UOF", _UOF),
)
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|meta|body|div|table|tr|p)\b", re.IGNORECASE)
_TABLE = re.compile(rb"<(?:html|body|table)\b[^>]*>", re.IGNORECASE)
_WEB_ARCHIVE = re.compile(rb"^MIME-Version:", re.IGNORECASE | re.MULTILINE)


def read(content: bytes, file_name: str) -> Document:
    """Read a document of any known format; DocumentError if it is empty, damaged or of an unknown format."""
    found = format_of(content, file_name)
    if found == "bundle":
        raise DocumentError(f"{file_name}: a ZIP archive of several files, expected one document")
    if found not in _READERS:
        raise DocumentError(f"{file_name}: {found} (expected one of {', '.join(_READERS)})")
    reader = importlib.import_module(f"loader.documents.readers.{_READERS[found]}")
    try:
        document: Document = reader.read(content, file_name)
    except (DocumentError, MemoryError):
        raise
    except RecursionError as error:
        raise DocumentError(f"{file_name}: nested too deep to be read ({found})") from error
    except Exception as error:
        # a parser may stumble over a damaged file in any way; the log tells in which
        raise DocumentError(
            f"{file_name}: damaged, or not what it seems to be ({found}): its reader does not understand it; if"
            " another program opens it, save it there again"
        ) from error
    return document


def format_of(content: bytes, file_name: str) -> str:
    """The format of a document: a key of the readers, ``bundle``, or the name of a format that nothing reads."""
    if not content.strip(b"\x00 \t\r\n"):
        raise DocumentError(f"{file_name}: empty, expected a disclosure")
    beginning = next((found for mark, found in _BEGINNINGS.items() if content.startswith(mark)), None)
    if beginning == "zip":
        return _format_of_zip(content, file_name)
    if beginning == "ole":
        return _format_of_ole(content, file_name)
    if beginning is None and _PICTURE.match(content):
        return "image"
    if beginning is not None:
        return beginning
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if len(content) > MAX_TEXT:
        raise DocumentError(
            f"{file_name}: {len(content) >> 20} MB of an unknown format, expected a document or at most"
            f" {MAX_TEXT >> 20} MB of text"
        )
    return _format_of_text(content[: 2**20])


def _format_of_text(start: bytes) -> str:
    from loader.documents.readers.encoding import decode, is_big5

    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        start = start.decode("utf-32", "ignore").encode()
    elif start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start.decode("utf-16", "ignore").encode()
    elif start[:2].count(0) == 1:
        start = start.decode("utf-16-le" if start[0] else "utf-16-be", "ignore").encode()
    elif is_big5(start):
        return _BIG5
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip(b" \r\n")
    head = start[:8192]
    if head.startswith(b"<"):
        if _WORKBOOK_2003.search(head):
            return "xml2003"
        found = next((found for mark, found in _MARKS_IN_XML if mark in head), None)
        return found or ("html" if _MARKUP.search(head) else "text")
    if b"text/html" in start and _WEB_ARCHIVE.search(head):
        return "mhtml"
    if _TABLE.search(head):
        return "html"
    from loader.documents.readers.csv import delimiter_of

    return "text" if delimiter_of(decode(start).text) is None else "csv"


def _format_of_zip(content: bytes, file_name: str) -> str:
    from loader.documents.readers.package import Package

    package = Package(content, file_name)
    for member, found in _MEMBERS.items():
        if member in package:
            return found
    if "[Content_Types].xml" in package:
        for stated in _CONTENT_TYPE.findall(package.read("[Content_Types].xml")):
            if main := next((kind for mark, kind in _MAIN_PARTS.items() if mark in stated), None):
                return main
    mime_type = package.read("mimetype").strip() if "mimetype" in package else b""
    if mime_type in _MIME_TYPES:
        return _MIME_TYPES[mime_type]
    if mime_type and "content.xml" in package:
        return "ods" if b"opendocument.spreadsheet" in mime_type else "office"
    return "bundle"


def _format_of_ole(content: bytes, file_name: str) -> str:
    import olefile

    try:
        streams = {path[0] for path in olefile.OleFileIO(io.BytesIO(content)).listdir()}
    except Exception as error:
        # as with readers: whatever a damaged directory leads to
        if _WORKBOOK_ENTRY.search(content):
            return "xls"
        raise DocumentError(f"{file_name}: a damaged or cut off Office document") from error
    known = {stream.casefold() for stream in streams}
    found = next((found for stream, found in _STREAMS.items() if stream in known), None)
    if found is None:
        names = ", ".join(sorted(streams)[:5]) or "no streams"
        raise DocumentError(f"{file_name}: an OLE file with {names}, expected one with Workbook or WordDocument")
    return found
