"""The elements of a Word document that hold others: paragraphs, tables, rows and cells."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from loader.documents.readers.word.look import W

P, R, T, TBL, TR, TC, CHUNK = (W + name for name in ("p", "r", "t", "tbl", "tr", "tc", "altChunk"))
BLOCKS, ROW, CELL = frozenset({P, TBL, CHUNK}), frozenset({TR}), frozenset({TC})
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
WRAPPERS = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"))


def children(parent: Element, wanted: frozenset[str]) -> Iterator[Element]:
    """The wanted elements directly inside another one, also inside content controls and insertions."""
    for child in parent:
        tag = child.tag
        if tag in wanted:
            yield child
        elif tag in WRAPPERS:
            yield from children(child, wanted)
        elif tag == ALTERNATIVES and len(child):
            yield from children(child[0], wanted)
