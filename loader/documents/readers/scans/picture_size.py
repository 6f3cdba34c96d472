"""The size of a picture in pixels, by the first bytes of its file."""

from __future__ import annotations

import struct

_NOT_A_FRAME = frozenset({0xC4, 0xC8, 0xCC})  # of the marks of JPEG from C0 to CF


def pixels_of(content: bytes) -> tuple[int, int] | None:
    """How wide and high a picture is (PNG, GIF, BMP, JPEG); None for other kinds and damaged files."""
    try:
        if content.startswith(b"\x89PNG"):
            return struct.unpack_from(">II", content, 16)
        if content.startswith(b"GIF8"):
            return struct.unpack_from("<HH", content, 6)
        if content.startswith(b"BM"):
            across, down = struct.unpack_from("<ii", content, 18)
            return across, abs(down)
        if content.startswith(b"\xff\xd8"):
            return _of_jpeg(content)
    except (struct.error, IndexError):
        pass
    return None


def _of_jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    while content[at] == 0xFF:
        mark, length = struct.unpack_from(">xBH", content, at)
        if 0xC0 <= mark <= 0xCF and mark not in _NOT_A_FRAME:
            down, across = struct.unpack_from(">HH", content, at + 5)
            return across, down
        at += 2 + length
    return None
