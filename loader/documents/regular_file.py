"""Files from outside: only regular files are opened, whatever a name refers to."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def open_regular(path: Path, most: int) -> BinaryIO:
    """A file opened for reading, of at most so many bytes. OSError, with the reason in ``strerror``, if it is another
    kind of file, is too large or cannot be opened.

    It never waits: a named pipe without a writer would block for ever. Links are followed.
    """
    file = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb")
    found = os.fstat(file.fileno())
    if stat.S_ISREG(found.st_mode) and found.st_size <= most:
        return file
    file.close()
    kind = _KINDS.get(stat.S_IFMT(found.st_mode))
    reason = f"{kind}, expected a regular file" if kind else f"larger than {most >> 20} MB, expected a disclosure"
    raise OSError(0, reason, str(path))


def read_regular(path: Path, most: int) -> bytes:
    """The content of a regular file of at most so many bytes; OSError as above. Content beyond its size at opening is
    left out: some files of the operating system have no end."""
    with open_regular(path, most) as file:
        return file.read(os.fstat(file.fileno()).st_size)
