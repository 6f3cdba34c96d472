"""Paths on the command line → the documents to load, and the manifests found beside them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from loader.documents.printable import printable

MANIFEST = "manifest.csv"
_LEFT_BEHIND = {"thumbs.db", "desktop.ini", "__macosx"}


@dataclass(frozen=True, slots=True)
class Found:
    """A file to load. ``name`` is what people read: the path below the folder that was named; ``fault`` is why it
    cannot be loaded, if that is known already."""

    path: Path
    name: str
    fault: str | None = None


def find(paths: Iterable[Path]) -> tuple[list[Found], list[Path]]:
    """The files named and those in the folders named, each once and in order of name; and the folders' manifests.

    Hidden files are passed over, and what systems and office programs leave behind. A folder that cannot be read, or
    that a link leads to, is one that cannot be loaded: a department must not be missing unnoticed.
    """
    documents: dict[Path, Found] = {}
    manifests: dict[Path, None] = {}
    for path in paths:
        for file, fault in _files(path) if path.is_dir() else ((path, None),):
            if fault is None and file != path and file.name.lower() == MANIFEST:
                manifests.setdefault(file.absolute())
            else:
                name = file.name if file == path else file.relative_to(path).as_posix()
                documents.setdefault(file.absolute(), Found(file, _printable(name or str(file)), fault))
    return list(documents.values()), list(manifests)


def _files(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """The files of a folder and of those in it; a folder that cannot be read with the reason."""
    unreadable: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not _is_left_behind(name))
        # links may lead in circles, and out of what the operator named
        links = [path for name in folders if (path := Path(parent, name)).is_symlink()]
        yield from ((path, "a link to a folder, which is not followed; give the folder itself") for path in links)
        yield from ((Path(parent, name), None) for name in sorted(files) if not _is_left_behind(name))
    for error in unreadable:
        yield Path(error.filename), f"cannot read this folder: {error.strerror}"


def _is_left_behind(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _LEFT_BEHIND


def _printable(name: str) -> str:
    """A name that may be written anywhere; names from Chinese Windows come in GBK."""
    written = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return printable(written.decode(encoding))
        except UnicodeDecodeError:
            continue
    return printable(written.decode("utf-8", "replace"))
