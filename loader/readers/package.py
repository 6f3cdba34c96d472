"""Documents that are a zip of XML files (docx, OFD): their members, read within limits and without entities."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from loader.grid import DocumentError

MAX_MEMBER = 128 * 2**20  # bytes of one unpacked file; the largest disclosures need a tenth
MAX_UNPACKED = 512 * 2**20  # bytes of all files that are read
MAX_NODES = 5_000_000  # elements and attributes of one XML file


class Package:
    """An open zip. Every fault in it is a DocumentError that names the file and the member."""

    def __init__(self, content: bytes, file_name: str) -> None:
        self.file_name = file_name
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise DocumentError(f"{file_name}: damaged or cut off ({error}), expected a whole zip") from None

    def __contains__(self, member: str) -> bool:
        return member in self._zip.NameToInfo

    @property
    def members(self) -> list[str]:
        """The names of all members."""
        return list(self._zip.NameToInfo)

    def read(self, member: str) -> bytes:
        """The bytes of a member."""
        if member not in self:
            raise DocumentError(f"{self.file_name}: {member} is missing in it")
        if self._zip.NameToInfo[member].flag_bits & 1:
            raise DocumentError(f"{self.file_name}: {member} is encrypted, expected a document without a password")
        try:
            # the size that a zip states may be a lie, so count what comes out
            with self._zip.open(member) as file:
                content = file.read(MAX_MEMBER + 1)
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise DocumentError(f"{self.file_name}: {member} is damaged ({error})") from None
        except Exception as error:  # zlib.error and lzma.LZMAError share no other parent
            raise DocumentError(f"{self.file_name}: {member} cannot be unpacked ({error})") from None
        if len(content) > MAX_MEMBER:
            raise DocumentError(f"{self.file_name}: {member} unpacks to more than {MAX_MEMBER >> 20} MB")
        self._unpacked += len(content)
        if self._unpacked > MAX_UNPACKED:
            raise DocumentError(f"{self.file_name}: unpacks to more than {MAX_UNPACKED >> 20} MB")
        return content

    def xml(self, member: str) -> etree._Element:
        """The root of a member that is XML."""
        return xml_root(self.read(member), self.file_name, member)


def check_nodes(content: bytes, file_name: str, part: str) -> None:
    """DocumentError where a tree would be too large: it needs forty times the memory of the shortest elements."""
    if content.count(b"<") + content.count(b"=") > MAX_NODES:
        raise DocumentError(f"{file_name}: {part} has more than {MAX_NODES:,} elements and attributes")


def xml_root(content: bytes, file_name: str, part: str) -> etree._Element:
    """The root of an XML text. A document type is refused: no office format has one, attacks do."""
    check_nodes(content, file_name, part)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(f"{file_name}: {part} is no XML or is cut off ({error})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentError(f"{file_name}: {part} declares a document type or entities, which are refused")
    return root
