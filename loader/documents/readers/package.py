"""Documents that are a zip of XML files (xlsx, docx, ods, OFD): their members, with limits and without entities."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from xml.parsers import expat

from lxml import etree

from loader.documents.grid import DocumentError

MAX_MEMBER = 128 * 2**20  # bytes of one unpacked file; the largest disclosures need a tenth
MAX_UNPACKED = 512 * 2**20  # bytes of all files that are read
MAX_NODES = 5_000_000  # elements and attributes of one XML file
MAX_MEMBERS = 20_000  # files in one document

_DAMAGED = "damaged or cut off, as by an incomplete download; get the file again"
_DECLARED = re.compile(rb"""<\?xml [^>]*encoding\s*=\s*["']([\w.-]+)["']""", re.IGNORECASE)


class Package:
    """An open zip. Every fault in it is a DocumentError that names the file and the member.

    Names are compared without case and with either slash, because some programs mix them up.
    """

    def __init__(self, content: bytes, file_name: str) -> None:
        self.file_name = file_name
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise DocumentError(f"{file_name}: {_DAMAGED}") from error
        # a zip that is cut off ends somewhere in a zip inside it, whose list of files is found in place of its own
        if content.startswith(b"PK\x03\x04") and self._is_inner(content):
            raise DocumentError(f"{file_name}: {_DAMAGED}")
        if len(self._zip.filelist) > MAX_MEMBERS:
            raise DocumentError(f"{file_name}: a zip of {len(self._zip.filelist):,} files, expected a document")
        self._members = {_key(member.filename): member for member in self._zip.infolist()}

    def _is_inner(self, content: bytes) -> bool:
        """Whether the offsets in the list of files do not count from the first byte, as in a zip inside another one."""
        end = content.rfind(b"PK\x05\x06")
        stated = int.from_bytes(content[end + 16 : end + 20], "little")
        return stated != 0xFFFFFFFF and self._zip.start_dir != stated

    def __contains__(self, member: str) -> bool:
        return _key(member) in self._members

    def read(self, member: str) -> bytes:
        """The bytes of a member."""
        if member not in self:
            raise DocumentError(f"{self.file_name}: {member} is missing in it")
        entry = self._members[_key(member)]
        if entry.flag_bits & 1:
            raise DocumentError(f"{self.file_name}: {member} is encrypted, expected a document without a password")
        try:
            # the size that a zip states may be a lie, so count what comes out
            with self._zip.open(entry) as file:
                content = file.read(MAX_MEMBER + 1)
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise DocumentError(f"{self.file_name}: {member} is damaged") from error
        except MemoryError:
            raise
        except Exception as error:  # zlib.error and lzma.LZMAError share no other parent
            raise DocumentError(f"{self.file_name}: {member} is damaged: it cannot be unpacked") from error
        if len(content) > MAX_MEMBER:
            raise DocumentError(f"{self.file_name}: {member} unpacks to more than {MAX_MEMBER >> 20} MB")
        self._unpacked += len(content)
        if self._unpacked > MAX_UNPACKED:
            raise DocumentError(f"{self.file_name}: unpacks to more than {MAX_UNPACKED >> 20} MB")
        return content

    def xml(self, member: str) -> etree._Element:
        """The root of a member that is XML."""
        return xml_root(self.read(member), self.file_name, member)


def _key(member: str) -> str:
    return member.replace("\\", "/").casefold()


def check_nodes(content: bytes, file_name: str, part: str) -> None:
    """DocumentError if a tree would be too large: it needs up to forty times the memory of its text."""
    if content.count(b"<") + content.count(b"=") > MAX_NODES:
        raise DocumentError(f"{file_name}: {part} has more than {MAX_NODES:,} elements and attributes")


def xml_root(content: bytes, file_name: str, part: str) -> etree._Element:
    """The root of an XML text. A document type is refused: no office format has one, but attacks do."""
    check_nodes(content, file_name, part)
    content, encoding = _encoded(content.lstrip())
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, encoding=encoding
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(f"{file_name}: {part} is no XML or is cut off ({error})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentError(f"{file_name}: {part} declares a document type or entities, which are refused")
    return root


def check_xml(content: bytes, file_name: str, part: str) -> None:
    """DocumentError if a text is not XML. It may have any number of elements, since no tree is built."""
    content, encoding = _encoded(content.lstrip())
    parser = expat.ParserCreate(encoding)

    def refuse(*_: object) -> None:
        raise DocumentError(f"{file_name}: {part} declares a document type or entities, which are refused")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise DocumentError(f"{file_name}: {part} is no XML or is cut off ({error})") from None


def _encoded(content: bytes) -> tuple[bytes, str | None]:
    """An XML text, and its encoding if it differs from the declared one: reports in GBK declare gb2312, UTF-8 or
    nothing."""
    declared = _DECLARED.match(content[:200])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:2].count(0):
        return content, None
    try:
        content.decode("utf-8")
        return content, "utf-8"
    except UnicodeDecodeError:
        pass
    if declared is None or declared[1].lower() in (b"utf-8", b"gb2312", b"gbk", b"gb18030"):
        try:
            return content.decode("gb18030").encode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    return content, None


def resolved(base: str, place: str | None) -> str:
    """A path in a package, absolute or relative to the folder of the member that names it."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), (place or "").strip())).lstrip("/")
