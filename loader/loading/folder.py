"""Paths on the command line → documents to load, and manifests found in the folders."""

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
    """A file to load. ``name`` is shown to users: the path below the given folder. ``fault`` is the reason why it
    cannot be loaded, if already known."""

    path: Path
    name: str
    fault: str | None = None


def find(paths: Iterable[Path]) -> tuple[list[Found], list[Path]]:
    """The given files and those in the given folders, each once, sorted by name; and the manifests of the folders.

    Hidden files and leftovers of systems and office programs are skipped. A folder that cannot be read, or that is a
    link, is reported as a fault, so that no department goes missing unnoticed.
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
    """The files of a folder and its subfolders; an unreadable folder comes with the reason."""
    unreadable: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not _is_left_behind(name))
        # links may be circular, or lead outside of the given folder
        links = [path for name in folders if (path := Path(parent, name)).is_symlink()]
        yield from ((path, "a link to a folder, which is not followed; give the folder itself") for path in links)
        yield from ((Path(parent, name), None) for name in sorted(files) if not _is_left_behind(name))
    for error in unreadable:
        yield Path(error.filename), f"cannot read this folder: {error.strerror}"


def _is_left_behind(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _LEFT_BEHIND


def _printable(name: str) -> str:
    """The name as printable text. Names from Chinese Windows are in GBK."""
    written = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return printable(written.decode(encoding))
        except UnicodeDecodeError:
            continue
    return printable(written.decode("utf-8", "replace"))
