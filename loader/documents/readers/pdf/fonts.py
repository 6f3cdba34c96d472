"""The only font that PDFium gets if a PDF does not embed its own: a box for every Chinese character.

PDFium looks for such fonts on the machine, and leaves out a text if the font that it finds has no glyph for it. So the
result would depend on the installed fonts. A box for every character makes it the same everywhere; positions and widths
come from the PDF. For Latin letters PDFium has its own fonts.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import pypdfium2.raw as raw

_EM = 1000
_LAST_CHARACTER = 0x10FFFF
_LATIN, _SYMBOLS = 0, 2  # what PDFium calls the sets of characters
_HANDLE = 1  # of the font, for PDFium


def _font() -> bytes:
    """A TrueType font of two glyphs, both the same box; all characters map to the second."""
    box = struct.pack(">5h2H4B8h", 1, 100, 0, 900, 800, 3, 0, 1, 1, 1, 1, 100, 800, 0, -800, 0, 0, 800, 0) + b"\0\0"
    characters = struct.pack(">HHLLLLLL", 13, 0, 28, 0, 1, 0, _LAST_CHARACTER, 1)
    tables = {
        b"cmap": struct.pack(">HHHHLHHL", 0, 2, 3, 1, 20, 3, 10, 20) + characters,
        b"glyf": box * 2,
        b"head": struct.pack(
            ">LLLLHHqqhhhhHHhhh", 1 << 16, 1 << 16, 0, 0x5F0F3CF5, 0, _EM, 0, 0, 100, 0, 900, 800, 0, 8, 2, 0, 0
        ),
        b"hhea": struct.pack(">LhhhH11hH", 1 << 16, 880, -120, 0, _EM, 100, 100, 900, 1, *[0] * 7, 2),
        b"hmtx": struct.pack(">HhHh", _EM, 100, _EM, 100),
        b"loca": struct.pack(">3H", 0, len(box) // 2, len(box)),
        b"maxp": struct.pack(">L14H", 1 << 16, 2, 4, 1, 0, 0, 1, *[0] * 8),
    }
    place = 12 + 16 * len(tables)
    directory = struct.pack(">LHHHH", 1 << 16, len(tables), 64, 2, 48)
    body = b""
    for name, table in tables.items():
        directory += name + struct.pack(">LLL", 0, place + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return directory + body


_FONT = _font()


def _map(_this: Any, _weight: Any, _italic: Any, charset: int, *_: Any) -> int:
    """The box for Chinese and unknown fonts; 0 for Latin letters and symbols, for which PDFium has its own fonts."""
    return 0 if charset in (_LATIN, _SYMBOLS) else _HANDLE


def _data(_this: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
    """The whole font if PDFium asks for table 0, no table by its name."""
    if table:
        return 0
    if buffer and size >= len(_FONT):
        ctypes.memmove(buffer, _FONT, len(_FONT))
    return len(_FONT)


def _callback(name: str, function: Any) -> Any:
    return dict(raw.FPDF_SYSFONTINFO._fields_)[name](function)


# PDFium keeps the address, so these live as long as the process
_ONLY_BOXES = raw.FPDF_SYSFONTINFO(
    version=1, MapFont=_callback("MapFont", _map), GetFontData=_callback("GetFontData", _data)
)


def use_only_boxes() -> None:
    """Make PDFium use no fonts of the machine, in the whole process."""
    raw.FPDF_SetSystemFontInfo(_ONLY_BOXES)
