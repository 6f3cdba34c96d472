"""Conditional formats of workbooks of Excel 97 to 2003, from the records that xlrd passes over (CONDFMT and CF): the
first of a cell's conditions that holds counts.

[MS-XLS] 2.4.42, 2.4.56, 2.5.77 (how cells look) and 2.5.198 (formulas, whose operators stand behind their operands).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from loader.documents.readers.colour import are_white
from loader.documents.readers.workbooks.column_letters import column_name
from loader.documents.readers.workbooks.conditions import Conditional
from loader.documents.readers.workbooks.number_format import Render

_BEGINNING, _END, _AREAS, _CONDITION = 0x0809, 0x0A, 0x01B0, 0x01B1
_PASSED_OVER = 0x0EEE  # by xlrd, which knows no such record
_ANY = re.compile(rb"\xb0\x01.[\x00-\x3f][\x01-\x20]\x00", re.DOTALL)  # the first bytes of a CONDFMT
_SIGNS = {
    1: (">=", "<="),
    2: ("<", ">"),  # each alone is enough
    3: ("=",),
    4: ("<>",),
    5: (">",),
    6: ("<",),
    7: (">=",),
    8: ("<=",),
}
_OUTSIDE = 2
_UNKNOWN = "?"  # a condition that nobody works out

# which parts of a look are stated, and their sizes in bytes
_NUMBER, _FONT, _ALIGNMENT, _BORDER, _FILL = (1 << bit for bit in range(25, 30))
_FONT_SIZE, _ALIGNMENT_SIZE, _BORDER_SIZE, _FILL_SIZE = 118, 8, 8, 4
_STRUCK = 0x80
_STYLE_AT, _INK_AT, _STYLE_IGNORED_AT = 68, 80, 88  # in the part of a font
_NO_FILL = 0x07 << 16  # pattern and colours that are not stated
_SOLID = (0, 1)

_COMPARISONS = {0x09: "<", 0x0A: "<=", 0x0B: "=", 0x0C: ">=", 0x0D: ">", 0x0E: "<>"}
_TESTS = {2: "ISNA", 3: "ISERROR", 32: "LEN", 38: "NOT", 126: "ISERR", 127: "ISTEXT", 128: "ISNUMBER", 129: "ISBLANK"}
_SEVERAL = {36: "AND", 37: "OR"}
_REFERENCE, _REFERENCE_APART, _FUNCTION, _FUNCTION_OF_SEVERAL = 0x24, 0x2C, 0x21, 0x22

Record = tuple[int, bytes]  # number and contents
Colours = Mapping[int, tuple[int, int, int] | None]
RenderOf = Callable[[int | str], Render]  # of the number of a format, or of the format


def taken_out(stream: bytearray, starts: Iterable[int]) -> list[list[Record]]:
    """The conditional-format records of the sheets that begin at some positions of a stream. Their record numbers are
    replaced by one that xlrd skips: it takes those with a number format for damaged."""
    if _ANY.search(stream) is None:
        return []
    return [list(_records(stream, start)) for start in starts]


def _records(stream: bytearray, start: int) -> Iterator[Record]:
    """The records of a sheet, without those of charts in it."""
    depth = 0
    while 0 <= start <= len(stream) - 4:
        kind, size = struct.unpack_from("<HH", stream, start)
        depth += (kind == _BEGINNING) - (kind == _END)
        if not depth:
            return
        if depth == 1 and kind in (_AREAS, _CONDITION):
            struct.pack_into("<H", stream, start, _PASSED_OVER)
            yield kind, bytes(stream[start + 4 : start + 4 + size])
        start += 4 + size


def conditionals(records: Iterable[Record], colours: Colours, render_of: RenderOf) -> Iterator[Conditional]:
    """The effects of conditional formats, with their conditions."""
    areas: tuple[tuple[int, int, int, int], ...] = ()
    for kind, data in records:
        if kind == _AREAS:
            count = min(int.from_bytes(data[12:14], "little"), (len(data) - 14) // 8)
            areas = tuple(
                (top + 1, left, bottom + 1, right)
                for top, bottom, left, right in struct.iter_unpack("<4H", data[14 : 14 + 8 * max(count, 0)])
            )
        elif areas:
            try:
                look, formulas = _look(data, colours, render_of)
            except (IndexError, UnicodeDecodeError, struct.error):
                yield Conditional(areas, (_UNKNOWN,), hides=True)  # damaged
                continue
            for conditions in _conditions(data, formulas, areas[0][:2]):
                yield replace(look, areas=areas, conditions=conditions)


def _look(data: bytes, colours: Colours, render_of: RenderOf) -> tuple[Conditional, bytes]:
    """The look that a condition gives to cells, and the bytes of its formulas."""
    stated, place = int.from_bytes(data[6:10], "little"), 12
    render: Render | None = None
    if stated & _NUMBER:
        if data[10] & 1:
            size = int.from_bytes(data[place : place + 2], "little")
            render = render_of(_text(data[place + 2 :], 2)[0])
            place += size
        else:
            render = render_of(data[place + 1])
            place += 2
    ink = None
    is_struck = False
    if stated & _FONT:
        font = data[place : place + _FONT_SIZE]
        ink = colours.get(int.from_bytes(font[_INK_AT : _INK_AT + 4], "little"))
        is_struck = bool(font[_STYLE_AT] & _STRUCK and not font[_STYLE_IGNORED_AT] & _STRUCK)
        place += _FONT_SIZE
    place += _ALIGNMENT_SIZE * bool(stated & _ALIGNMENT) + _BORDER_SIZE * bool(stated & _BORDER)
    ground = None
    if stated & _FILL:
        pattern, inks = struct.unpack_from("<HH", data, place)
        is_stated = stated & _NO_FILL != _NO_FILL and pattern >> 10 in _SOLID
        ground = colours.get(inks >> 7 & 0x7F) if is_stated else None
        place += _FILL_SIZE
    is_pale = are_white(ink)
    hides = is_struck or (is_pale and (ground is None or are_white(ground))) or (ink is not None and ink == ground)
    look = Conditional(
        (), (), False, hides, is_pale and ground is None, shows=ink is not None, render=render, stops=True
    )
    sizes = sum(struct.unpack_from("<HH", data, 2))
    return look, data[len(data) - sizes :]


def _conditions(data: bytes, formulas: bytes, base: tuple[int, int]) -> Iterator[tuple[str, ...]]:
    """Conditions that must all hold; several such groups if one of several conditions is enough."""
    size = int.from_bytes(data[2:4], "little")
    values = [_formula(formulas[:size], base), _formula(formulas[size:], base)]
    if data[0] != 1:
        yield (values[0],)
        return
    conditions = [f"{sign}{value}" for sign, value in zip(_SIGNS.get(data[1], ()), values, strict=False)]
    if data[1] == _OUTSIDE:
        yield from ((one,) for one in conditions)
    else:
        yield tuple(conditions) or (_UNKNOWN,)


def _formula(code: bytes, base: tuple[int, int]) -> str:
    """A formula in usual notation, relative to the first cell of an area, as far as conditions are evaluated."""
    parts: list[str] = []
    place = 0
    try:
        while place < len(code):
            token = code[place]
            kind = token & 0x1F | 0x20 if token >= 0x20 else token  # whatever the class of its value
            place += 1
            if token in _COMPARISONS:
                right = parts.pop()
                parts.append(f"{parts.pop()}{_COMPARISONS[token]}{right}")
            elif token == 0x13:  # a minus before a number
                parts.append(f"-{parts.pop()}")
            elif token == 0x17:
                text, size = _text(code[place:], 1)
                parts.append(f'"{text}"')
                place += size
            elif token in (0x1D, 0x1E, 0x1F):
                value, size = _constant(token, code, place)
                parts.append(value)
                place += size
            elif kind in (_REFERENCE, _REFERENCE_APART):
                row, column = struct.unpack_from("<HH", code, place)
                parts.append(_reference(row, column, base, kind == _REFERENCE_APART))
                place += 4
            elif kind == _FUNCTION:
                (number,) = struct.unpack_from("<H", code, place)
                parts.append(f"{_TESTS[number]}({parts.pop()})")
                place += 2
            elif kind == _FUNCTION_OF_SEVERAL:
                count, number = struct.unpack_from("<BH", code, place)
                parts[-count:] = [f"{_SEVERAL[number]}({','.join(parts[-count:])})"]
                place += 3
            elif token != 0x15:  # brackets
                return _UNKNOWN
    except (IndexError, KeyError, ValueError, struct.error):
        return _UNKNOWN
    return parts[0] if len(parts) == 1 else _UNKNOWN


def _constant(token: int, code: bytes, place: int) -> tuple[str, int]:
    """A number or a truth value, and its size in bytes."""
    if token == 0x1F:
        return repr(struct.unpack_from("<d", code, place)[0]).removesuffix(".0"), 8
    if token == 0x1E:
        return str(struct.unpack_from("<H", code, place)[0]), 2
    return ("TRUE" if code[place] else "FALSE"), 1


def _text(data: bytes, size: int) -> tuple[str, int]:
    """A text after its length, which has so many bytes, and the number of bytes in all."""
    count, is_wide = int.from_bytes(data[:size], "little"), data[size] & 1
    end = size + 1 + count * (1 + is_wide)
    return data[size + 1 : end].decode("utf-16-le" if is_wide else "latin-1"), end


def _reference(row: int, column: int, base: tuple[int, int], is_apart: bool) -> str:
    """$B2: parts without a $ are relative to the first cell of the area."""
    moves_down, moves_right = column & 0x8000, column & 0x4000
    column &= 0xFF
    if is_apart and moves_down:
        row = (base[0] - 1 + row) & 0xFFFF
    if is_apart and moves_right:
        column = (base[1] + column) & 0xFF
    return f"{'' if moves_right else '$'}{column_name(column)}{'' if moves_down else '$'}{row + 1}"
