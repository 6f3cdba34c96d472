"""The parts of a docx package: the main one and those that it refers to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import suppress

from lxml.etree import _Element as Element

from loader.documents.grid import DocumentError
from loader.documents.readers.package import Package, xml_root
from loader.documents.readers.word.look import W

# the strict variant of the standard has other names for the same
_VARIANTS = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ID = f"{RELATIONS}id"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class WordPackage:
    """A Word document and the parts of its package, if it is no single XML file."""

    def __init__(self, content: bytes, file_name: str) -> None:
        self.file_name = file_name
        self._package = Package(content, file_name) if content.startswith(b"PK") else None
        self.part = _main_part(self._package) if self._package else ""
        self.main = self._package.read(self.part) if self._package else content

    def related(self, key: str) -> bytes:
        """The part that a relation leads to."""
        for relation in self._relations():
            if relation.get("Id") == key and relation.get("TargetMode") != "External":
                return self._content_of(relation)
        raise DocumentError(f"{self.file_name}: a document inside it ({key}) is missing; save it as one document")

    def picture(self, key: str) -> bytes | None:
        """The picture that a relation leads to; None if it is missing, damaged or not in the package."""
        with suppress(DocumentError):
            return self.related(key)
        return None

    def part_for(self, kind: str) -> bytes:
        """The part that the main one refers to for this; empty if there is no reference, or the part is missing or
        damaged."""
        relation = next((r for r in self._relations() if r.get("Type", "").endswith(f"/{kind}")), None)
        with suppress(DocumentError):
            return b"" if relation is None else self._content_of(relation)
        return b""

    def _relations(self) -> Iterator[Element]:
        """What the main part refers to."""
        folder, name = posixpath.split(self.part)
        relations = f"{folder}/_rels/{name}.rels"
        if self._package is not None and relations in self._package:
            yield from self._package.xml(relations).iter(_RELATION)

    def _content_of(self, relation: Element) -> bytes:
        assert self._package is not None  # which has the relation
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.part), relation.get("Target", "")))
        return self._package.read(target.lstrip("/"))


def root_of(content: bytes, file_name: str, part: str) -> Element:
    """The main part of a package. A package may also be a single XML file."""
    for strict, usual in _VARIANTS.items():
        content = content.replace(strict, usual)
    root = xml_root(content, file_name, part)
    if root.tag == f"{W}document":
        return root
    document = next(root.iter(f"{W}document"), None)
    return root if document is None else document


def _main_part(package: Package) -> str:
    relations = package.xml("_rels/.rels") if "_rels/.rels" in package else None
    for relation in relations.iter(_RELATION) if relations is not None else ():
        if relation.get("Type", "").endswith("/officeDocument"):
            return posixpath.normpath(relation.get("Target", "").lstrip("/"))
    return "word/document.xml"
