"""Damaged and hostile documents: a sound document with one fault, chosen by a seeded random generator.

The faults are specific to the format: bytes, members of an archive and their directory, elements and attributes of XML
and HTML, records of BIFF, numbers and operators of PDF, headers of pictures.
"""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import olefile
from lxml import etree
from PIL import Image

from synthetic.workbooks import zipped

# values that a reader might trust without checking
STRANGE = (
    "",
    "0",
    "-1",
    "NaN",
    "1e400",
    "-1E-400",
    "99999999",
    "2147483648",
    "18446744073709551616",
    "9" * 400,
    "A1:XFD1048576",
    "XFD1048577",
    "../../../etc/passwd",
    "http://127.0.0.1:9/",
    "=1+1",
    "true",
    "\x85\u2028\u202e",
    "，" * 5_000,
    "1" + ",000" * 30,
    '"' * 999,
    "(" * 3_000,
    "\t" * 999,
)
MANY = (2, 50, 3_000)  # copies of one thing
DEEP = 3_000  # nested elements

_NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_ATTRIBUTE = re.compile(rb"""=\s*"([^"]*)\"""")
_TAG = re.compile(rb"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Damaged:
    """A document and its fault.

    ``is_visible``: it cannot be taken for a sound document, so lost figures must be reported.
    """

    content: bytes
    what: str
    is_visible: bool = False


Damage = Callable[[bytes, random.Random], Damaged]


def cut(content: bytes, chance: random.Random) -> Damaged:
    """The beginning of a document, like an incomplete download."""
    end = chance.randrange(len(content) // 20, len(content))
    return Damaged(content[:end], f"cut off at {end} of {len(content)}", True)


def spoil(content: bytes, chance: random.Random) -> Damaged:
    """Some bytes changed, inserted, removed or moved."""
    result = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 30))):
        at = chance.randrange(len(result))
        length = chance.choice((1, 1, 4, 200))
        kind = chance.randrange(4)
        if kind == 0:
            result[at : at + length] = chance.randbytes(length)
        elif kind == 1:
            result[at:at] = chance.choice((b"\x00", b"\xff", b"\x1a", b"\r\n", b"\x1b[2J")) * length
        elif kind == 2 and len(result) > 2 * length:
            del result[at : at + length]
        else:
            to = chance.randrange(len(result))
            result[to:to] = result[at : at + length * 50]
    return Damaged(bytes(result), "bytes changed")


def repeat(content: bytes, chance: random.Random) -> Damaged:
    """A piece repeated."""
    at = chance.randrange(len(content))
    length = chance.choice((1, 20, 2_000))
    times = chance.choice(MANY)
    return Damaged(content[:at] + content[at : at + length] * times + content[at:], f"{length} bytes {times} times")


def put_in(content: bytes, chance: random.Random) -> Damaged:
    """A word or figure replaced by a strange value."""
    words = list(re.finditer(rb"[^\s,;<>\"=]+", content))
    word, value = chance.choice(words), chance.choice(STRANGE)
    return Damaged(content[: word.start()] + value.encode() + content[word.end() :], f"{value[:20]!r} for a word")


def spoil_markup(content: bytes, chance: random.Random) -> Damaged:
    """An attribute with another value, or a tag doubled, removed or repeated many times."""
    kind = chance.choice(("value", "value", "again", "away", "many"))
    found = list((_ATTRIBUTE if kind == "value" else _TAG).finditer(content))
    if not found:
        return repeat(content, chance)
    place = chance.choice(found)
    if kind == "value":
        value = chance.choice(STRANGE).replace('"', "&quot;")
        return Damaged(
            content[: place.start(1)] + value.encode() + content[place.end(1) :], f"an attribute {value[:20]!r}"
        )
    times = {"again": 2, "away": 0, "many": chance.choice(MANY)}[kind]
    return Damaged(content[: place.start()] + place[0] * times + content[place.end() :], f"{place[0][:30]!r} {kind}")


# ---------------------------------------------------------------------------- XML


def spoil_tree(content: bytes, chance: random.Random) -> Damaged:
    """Well-formed XML with one wrong element or attribute."""
    root = etree.fromstring(content)
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    element = chance.choice(elements)
    name = etree.QName(element).localname
    parent = element.getparent()
    kind = chance.choice(("attribute", "attribute", "attribute", "text", "copies", "away", "moved", "deep", "renamed"))
    if kind == "attribute" and element.attrib:
        attribute = chance.choice(list(element.attrib))
        value = _xml(chance.choice(STRANGE))
        element.set(attribute, value)
        what = f"{name}/@{etree.QName(attribute).localname} {value[:20]!r}"
    elif kind == "text":
        element.text = _xml(chance.choice(STRANGE))
        what = f"{name} says {element.text[:20]!r}"
    elif kind == "copies" and parent is not None:
        times = chance.choice(MANY)
        if len(etree.tostring(element)) * times < 2**24:
            text = etree.tostring(element)
            for _ in range(times):
                parent.insert(0, etree.fromstring(text))
        what = f"{name} {times} times"
    elif kind == "moved" and parent is not None:
        target = chance.choice([other for other in elements if element not in (other, *other.iterancestors())])
        target.append(element)
        what = f"{name} moved into {etree.QName(target).localname}"
    elif kind == "deep":
        for _ in range(DEEP):
            inner = etree.SubElement(element, element.tag, {str(name): str(value) for name, value in element.items()})
            element = inner
        what = f"{name} {DEEP} deep"
    elif kind == "renamed":
        element.tag = chance.choice(elements).tag
        what = f"{name} renamed to {etree.QName(element).localname}"
    elif parent is not None:
        parent.remove(element)
        what = f"{name} taken away"
    else:
        root.clear()
        what = "everything taken away"
    return Damaged(etree.tostring(root, xml_declaration=True, encoding="UTF-8"), what)


def _xml(text: str) -> str:
    return re.sub("[\x00-\x08\x0b-\x1f]", "", text)


def spoil_archive(content: bytes, chance: random.Random) -> Damaged:
    """A ZIP of XML files with a member changed, cut off, lost, doubled, or huge."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name, text in members.items() if text])
    text = members[name]
    assert isinstance(text, bytes)
    kind = chance.choice(("tree", "tree", "tree", "tree", "cut", "lost", "spoilt", "huge", "name"))
    is_visible = False
    if kind == "tree" and text.lstrip().startswith(b"<"):
        damaged = spoil_tree(text, chance)
        members[name], what = damaged.content, damaged.what
    elif kind == "lost":
        del members[name]
        what, is_visible = "lost", True
    elif kind == "huge":
        members[name] = text + b" " * 2**27  # one byte more than a member may have
        what = "followed by 128 MB"
    elif kind == "name":
        members[name.upper() + chance.choice(("", "2"))] = text
        what = "again by another name"
    elif kind == "cut":
        members[name], what, is_visible = text[: chance.randrange(len(text))], "cut off", True
    else:
        damaged = spoil(text, chance)
        members[name], what = damaged.content, damaged.what
    return Damaged(zipped(members), f"{name}: {what}", is_visible)


def spoil_entries(content: bytes, chance: random.Random) -> Damaged:
    """A ZIP with wrong entries: another size, method, flag or offset, in one or both of its directories."""
    places = [found.start() for found in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", content)]
    result = bytearray(content)
    changes = []
    for _ in range(chance.choice((1, 1, 4))):
        place = chance.choice(places)
        field = chance.choice(range(4, 46 if content[place + 2] == 1 else 30 if content[place + 2] == 3 else 22, 2))
        value = chance.choice((0, 1, 8, 12, 0x800, 0x7FFF, 0xFFFF, chance.randrange(65536)))
        result[place + field : place + field + 2] = struct.pack("<H", value)
        changes.append(f"{value:#x} at {field} of an entry {content[place + 2]}")
    return Damaged(bytes(result), ", ".join(changes))


# ---------------------------------------------------------------------------- binary formats


def spoil_records(content: bytes, chance: random.Random) -> Damaged:
    """A workbook of records (xls) with another length, kind or content in some of them."""
    with olefile.OleFileIO(io.BytesIO(content)) as file:
        stream = file.openstream("Workbook").read()
    start = content.index(stream[:64])
    records = []
    at = 0
    while at + 4 <= len(stream):
        records.append(at)
        at += 4 + struct.unpack("<H", stream[at + 2 : at + 4])[0]
    result = bytearray(content)
    changes = []
    for _ in range(chance.choice((1, 1, 5))):
        record = start + chance.choice(records)
        place = record + chance.choice((0, 2, 4, 6, 8, 10))
        value = chance.choice((0, 1, 0xFF, 0x7FFF, 0xFFFF, chance.randrange(65536)))
        result[place : place + 2] = struct.pack("<H", value)
        changes.append(f"{value:#x} at {place - record} of a record {stream[record - start]:#x}")
    return Damaged(bytes(result), ", ".join(changes))


def spoil_stream(content: bytes, chance: random.Random) -> Damaged:
    """A Word document of 97 to 2003 (doc) with other bytes in some places of its text and its tables."""
    with olefile.OleFileIO(io.BytesIO(content)) as file:
        stream = file.openstream(chance.choice(("WordDocument", "1Table"))).read()
    start = content.index(stream[:64])
    result = bytearray(content)
    places = [chance.randrange(len(stream)) for _ in range(chance.choice((1, 5, 50)))]
    for place in places:
        result[start + place] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
    return Damaged(bytes(result), f"{len(places)} bytes, the first at {places[0]} of {len(stream)}")


def spoil_numbers(content: bytes, chance: random.Random) -> Damaged:
    """Text between binary parts, as in PDF, with some numbers replaced."""
    numbers = list(_NUMBER.finditer(content))
    result = content
    changes = []
    for number in sorted(chance.sample(numbers, chance.choice((1, 1, 3, 20))), key=lambda found: -found.start()):
        value = chance.choice((b"0", b"-1", b"1", b"2", b"7", b"99999999999", b"1e9", b"0.0000001", b"4294967297"))
        result = result[: number.start()] + value + result[number.end() :]
        changes.append(f"{value.decode()} for {number[0].decode()} at {number.start()}")
    return Damaged(result, ", ".join(changes[:3]))


# ---------------------------------------------------------------------------- pictures

_HEAD = 200  # first bytes of a picture, which state its size, colours and parts
# format → the modes and options with which programs save it
_KINDS: dict[str, tuple[tuple[str, dict[str, object]], ...]] = {
    "PNG": (("1", {}), ("L", {}), ("P", {}), ("RGB", {}), ("RGBA", {}), ("LA", {}), ("I;16", {})),
    "JPEG": (("L", {}), ("RGB", {"progressive": True}), ("CMYK", {})),
    "TIFF": (
        ("1", {"compression": "group4"}),
        ("L", {"compression": "tiff_lzw"}),
        ("RGB", {"compression": "jpeg"}),
        ("CMYK", {}),
        ("I;16", {}),
    ),
    "BMP": (("1", {}), ("L", {}), ("RGB", {})),
    "GIF": (("L", {}), ("P", {})),
    "WEBP": (("RGB", {"lossless": True}),),
}


def save_otherwise(content: bytes, chance: random.Random) -> Damaged:
    """A picture in another format and with other colours, turned, or followed by others. Its text is the same."""
    with Image.open(io.BytesIO(content)) as source:
        page = source.convert("L")
    file_format = chance.choice(list(_KINDS))
    mode, how = chance.choice(_KINDS[file_format])
    if mode in ("RGBA", "LA"):  # black text on a transparent ground
        clear = Image.new("RGBA", page.size, (0, 0, 0, 0))
        clear.putalpha(page.point(lambda level: 255 - level))
        shown = clear.convert(mode)
    elif mode == "I;16":
        shown = Image.frombytes(mode, page.size, b"".join(bytes((level, level)) for level in page.tobytes()))
    else:
        shown = page.convert(mode)
    kind = chance.choice(("alone", "turned", "several"))
    if kind == "turned" and file_format in ("JPEG", "TIFF"):
        exif = Image.Exif()
        exif[0x112] = chance.choice((1, 3, 6, 8))
        how = how | {"exif": exif}
    elif kind == "several" and file_format in ("PNG", "GIF", "WEBP"):
        how = how | {"save_all": True, "append_images": [shown.rotate(180)]}
    file = io.BytesIO()
    shown.save(file, file_format, **how)
    return Damaged(file.getvalue(), f"{file_format} {mode} {kind}", True)


def spoil_head(content: bytes, chance: random.Random) -> Damaged:
    """A picture in any format with a wrong header: its size, its colours, or the offsets of its parts."""
    other = save_otherwise(content, chance)
    result = bytearray(other.content)
    changes = []
    for _ in range(chance.choice((1, 1, 4))):
        at = chance.randrange(4, _HEAD)
        value = chance.choice((b"\0", b"\1", b"\x7f\xff", b"\xff\xff", b"\xff\xff\xff\x7f", chance.randbytes(1)))
        result[at : at + len(value)] = value
        changes.append(f"{value.hex()} at {at}")
    return Damaged(bytes(result), f"{other.what}: {', '.join(changes)}")
