"""ZIP archives of documents, also inside one another. Nothing of them is written to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from loader.documents.grid import DocumentError
from loader.documents.printable import printable
from loader.documents.readers import format_of

MAX_MEMBERS = 5_000
MAX_UNPACKED = 2**30  # bytes of all documents together
MAX_RATIO = 300  # unpacked to packed; XML of the emptiest workbook reaches a hundred
MAX_DEPTH = 3
_SMALL = 2**20  # bytes below which any ratio is harmless
_UTF8 = 0x800
_ENCRYPTED = 0x1


def is_bundle(content: bytes) -> bool:
    """Whether this is a ZIP archive of documents, and not a document that is itself a ZIP."""
    try:
        return content.startswith(b"PK") and format_of(content, "") == "bundle"
    except DocumentError:
        return False


def documents(content: bytes, file_name: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of every document in a bundle, in its order. DocumentError if a limit is exceeded.

    The names are labels only: bundle.zip/folder/document.xlsx.
    """
    yield from _Bundle().documents(content, file_name, depth=1)


class _Bundle:
    """What has been unpacked so far, nested bundles included."""

    def __init__(self) -> None:
        self.members = 0
        self.unpacked = 0

    def documents(self, content: bytes, label: str, depth: int) -> Iterator[tuple[str, bytes]]:
        if depth > MAX_DEPTH:
            raise DocumentError(f"{label}: more than {MAX_DEPTH} archives inside one another")
        try:
            archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise DocumentError(f"{label}: a damaged or cut off ZIP archive") from error
        members = [member for member in archive.infolist() if _is_document(member)]
        if not members:
            raise DocumentError(f"{label}: an archive without documents")
        self._check(members, label)
        for member in members:
            name = f"{label}/{_name(member)}"
            unpacked = self._unpack(archive, member, name)
            if is_bundle(unpacked):
                yield from self.documents(unpacked, name, depth + 1)
            else:
                yield name, unpacked

    def _check(self, members: list[zipfile.ZipInfo], label: str) -> None:
        """What an archive says about itself, before anything is unpacked."""
        self.members += len(members)
        if self.members > MAX_MEMBERS:
            raise DocumentError(f"{label}: more than {MAX_MEMBERS:,} files in one bundle")
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise DocumentError(f"{label}: a ZIP archive with a password, expected one without")
        if self.unpacked + sum(member.file_size for member in members) > MAX_UNPACKED:
            raise DocumentError(f"{label}: more than {MAX_UNPACKED >> 20} MB when unpacked")
        for member in members:
            if member.file_size > max(_SMALL, MAX_RATIO * member.compress_size):
                raise DocumentError(
                    f"{label}: {_name(member)} unpacks to {member.file_size / max(member.compress_size, 1):.0f} times"
                    f" its size, expected at most {MAX_RATIO} times"
                )

    def _unpack(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
        try:
            # zipfile never unpacks more than the size that was checked
            unpacked = archive.read(member)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise DocumentError(f"{name}: its copy in the archive is damaged") from error
        self.unpacked += len(unpacked)
        return unpacked


def _is_document(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a document, and not a file that an operating system has left behind."""
    parts = PurePosixPath(member.filename).parts
    left_behind = any(part.startswith((".", "~$", "__MACOSX")) and part != ".." for part in parts)
    return not member.is_dir() and not left_behind and parts[-1:] != ("Thumbs.db",)


def _name(member: zipfile.ZipInfo) -> str:
    """The name of a member. Chinese programs write it in GBK without declaring it."""
    if not member.flag_bits & _UTF8:
        written = member.filename.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                return printable(written.decode(encoding))
            except UnicodeDecodeError:
                continue
    return printable(member.filename)
