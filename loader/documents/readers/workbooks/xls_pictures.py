"""Pictures on the sheets of xls: drawings are records within the records of a workbook ([MS-ODRAW])."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

import xlrd

from loader.documents.readers.workbooks.sheet_pictures import USUAL_HEIGHT, USUAL_WIDTH, SheetPicture

# records of a workbook
_CONTINUED, _END, _STORE, _DRAWING = 0x3C, 0x0A, 0xEB, 0xEC
# records of drawings; containers hold others
_CONTAINER = 0xF
_STORED, _SHAPE, _PROPERTIES, _ANCHOR = 0xF007, 0xF004, 0xF00B, 0xF010
_NUMBER_OF_PICTURE = 0x0104
_STATED = 36  # bytes before the content of a stored picture
_BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"BM")  # of the kinds that can be read; the shortest may be chance
_BEFORE = 64  # bytes at most before the beginning of a picture in its record
_MOST_COLUMNS, _MOST_ROWS = 256, 100  # that a picture is measured over; any that covers more is large
_TWENTIETH, _DIGIT = 20, 256 / 5.25  # of a point; units of a column's width in one

STORE_OF_PICTURES = struct.pack("<H", 0xF001)  # which every workbook with pictures has


class _Record(NamedTuple):
    kind: int
    instance: int
    content: bytes


def stored_pictures(workbook: xlrd.Book) -> list[bytes]:
    """The contents of the pictures that a workbook keeps, in their order; empty for kinds that cannot be read."""
    store = _drawing(workbook.mem, workbook.base, _STORE)
    pictures = []
    for record in _records(store, lambda kind: kind != _STORED):
        if record.kind == _STORED:
            start = record.content[_STATED : _STATED + _BEFORE]
            begins = [at for mark in _BEGINNINGS if (at := start.find(mark)) >= 0]
            pictures.append(record.content[_STATED + begins[0] :] if begins else b"")
    return pictures


def pictures_on(workbook: xlrd.Book, index: int, source: xlrd.sheet.Sheet, stored: list[bytes]) -> list[SheetPicture]:
    """The pictures on a sheet. Their size is that of the cells that they cover."""
    pictures = []
    drawing = _drawing(workbook.mem, workbook._sh_abs_posn[index], _DRAWING)
    for shape in _records(drawing, lambda kind: kind != _SHAPE):
        if shape.kind != _SHAPE:
            continue
        number, anchor = 0, b""
        for record in _records(shape.content, lambda kind: True):
            if record.kind == _PROPERTIES:
                number = _picture_number(record)
            elif record.kind == _ANCHOR:
                anchor = record.content
        if not number or len(anchor) < 18:
            continue
        _, left, from_left, top, from_top, right, to_right, bottom, to_bottom = struct.unpack_from("<9H", anchor)
        across = _across(source, right) * to_right / 1024 - _across(source, left) * from_left / 1024
        across += sum(_across(source, column) for column in range(left, min(right, left + _MOST_COLUMNS)))
        down = _down(source, bottom) * to_bottom / 256 - _down(source, top) * from_top / 256
        down += sum(_down(source, row) for row in range(top, min(bottom, top + _MOST_ROWS)))
        content = stored[number - 1] if number <= len(stored) else b""
        pictures.append(SheetPicture(top + 1, bottom + 1, across, down, _giving(content)))
    return pictures


def _giving(content: bytes) -> Callable[[], bytes | None]:
    return lambda: content or None


def _picture_number(properties: _Record) -> int:
    """The number of the picture that a shape shows, from 1; 0 if it shows none."""
    entries = properties.content[: 6 * properties.instance]
    for key, value in struct.iter_unpack("<HI", entries[: len(entries) // 6 * 6]):
        if key & 0x3FFF == _NUMBER_OF_PICTURE:
            return int(value)
    return 0


def _across(source: xlrd.sheet.Sheet, column: int) -> float:
    stated = source.colinfo_map.get(column)
    return stated.width / _DIGIT if stated else USUAL_WIDTH


def _down(source: xlrd.sheet.Sheet, row: int) -> float:
    stated = source.rowinfo_map.get(row)
    return stated.height / _TWENTIETH if stated and stated.height else USUAL_HEIGHT


def _drawing(stream: bytes, start: int, wanted: int) -> bytes:
    """What the records of one kind hold together, from the beginning of a sheet or of the workbook to its end."""
    parts: list[bytes] = []
    at, depth, is_wanted = start, 0, False
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        is_wanted = kind == wanted or (is_wanted and kind == _CONTINUED)
        if is_wanted:
            parts.append(stream[at + 4 : at + 4 + length])
        depth += kind == 0x0809  # charts on a sheet have an end of their own
        depth -= kind == _END
        at += 4 + length
        if not depth:
            break
    return b"".join(parts)


def _records(content: bytes, is_opened: Callable[[int], bool]) -> Iterator[_Record]:
    """The records of a drawing, those in containers of the kinds to be opened behind these."""
    at = 0
    while at + 8 <= len(content):
        version, kind, length = struct.unpack_from("<HHI", content, at)
        at += 8
        if version & 0xF == _CONTAINER and is_opened(kind):
            yield _Record(kind, version >> 4, b"")
            continue  # what it holds follows
        yield _Record(kind, version >> 4, content[at : at + length])
        at += length
