"""A file → the documents in it: itself, or those of a ZIP bundle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from loader.documents.grid import DocumentError
from loader.documents.readers.bundle import documents, is_bundle

MAX_FILE = 2**30  # bytes of a file that is read at all: a bundle of everything that a district publishes


def contents(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of a document, or of every document of a ZIP bundle. DocumentError where it cannot be read."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise DocumentError(f"{name}: larger than {MAX_FILE >> 20} MB, expected a disclosure")
        content = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{name}: {error.strerror}") from None
    if is_bundle(content):
        yield from documents(content, name)
    else:
        yield name, content
