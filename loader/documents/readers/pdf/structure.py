"""Checks before PDFium reads a PDF: forms nested so that they would never end, and layers that are switched off, which
PDFium returns like all others.

Most documents have neither, which a search of their bytes shows; pypdf reads the others.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING, Any

from loader.documents.grid import DocumentError

if TYPE_CHECKING:
    from pypdf import PdfReader

_FORM = re.compile(rb"/Subtype\s*/Form\b")
_LAYERS = b"/OCProperties"
_PACKED = re.compile(rb"/ObjStm\b.{0,300}?\bstream\r?\n", re.DOTALL)  # objects in one compressed stream
_STREAM = re.compile(rb"\bobj\b(?P<dictionary>(?:(?!endobj).){0,4000}?)\bstream\r?\n", re.DOTALL)
_MOST_UNPACKED = 64 * 2**20
_CALLED = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_MOST_FORMS = 200_000  # on one page, each as often as it is drawn
_DEEPEST = 40
_PATH_PAINTED = {b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"}
_LINES_SHOWN = {b"'", b'"'}
_SHOWN = {b"Tj", b"TJ", b"Do", b"sh", b"INLINE IMAGE"}


def as_shown(content: bytes, file_name: str) -> tuple[bytes, list[str]]:
    """A PDF without the contents of layers that are switched off, and remarks on them. DocumentError if forms on a page
    are nested without end."""
    has_forms = _has_nested_forms(content)
    if not has_forms and not _has_layers(content):
        return content, []
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content))
        if has_forms:
            for number, page in enumerate(reader.pages, start=1):
                if _forms_drawn(page, {}, {}, 0) > _MOST_FORMS:
                    raise DocumentError(
                        f"{file_name}: page {number} of the PDF draws more than {_MOST_FORMS:,} forms within forms"
                    )
        off = _switched_off(reader)
        return _without(reader, off) if off else (content, [])
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # a parser may stumble over a damaged file in any way
        if has_forms:  # PDFium might draw them for ever
            raise DocumentError(
                f"{file_name}: the PDF is damaged, and the forms within its forms cannot be counted"
            ) from error
        return content, [f"its layers and forms could not be read ({type(error).__name__})"]


def _has_nested_forms(content: bytes) -> bool:
    """Whether the contents of a form draw another form or the form itself, or may do so."""
    if _FORM.search(content) is None:
        return False
    for found in _STREAM.finditer(content):
        if not _FORM.search(found["dictionary"]):
            continue
        end = content.find(b"endstream", found.end())
        data = content[found.end() : end if end >= 0 else len(content)]
        if b"/Filter" in found["dictionary"]:
            try:
                data = zlib.decompressobj().decompress(data, _MOST_UNPACKED)
            except zlib.error:
                return True
        if _CALLED.search(data):
            return True
    return False


def _has_layers(content: bytes) -> bool:
    if _LAYERS in content:
        return True
    unpacked = 0
    for found in _PACKED.finditer(content):
        inflate = zlib.decompressobj()
        try:
            objects = inflate.decompress(content[found.end() :], _MOST_UNPACKED - unpacked)
        except zlib.error:
            continue
        if _LAYERS in objects:
            return True
        unpacked += len(objects)
        if unpacked >= _MOST_UNPACKED:
            return True
    return False


# ---------------------------------------------------------------------------- nests of forms


def _forms_drawn(parent: Any, around: Any, known: dict[tuple[int, int], int], depth: int) -> int:
    """The number of forms drawn with a page or a form, nested ones included.

    A form without resources uses those of what is ``around`` it.
    """
    if depth > _DEEPEST:
        return 1
    resources = _resolved(parent.get("/Resources", around))
    key = id(parent), id(resources)
    if key in known:
        return known[key]
    known[key] = _MOST_FORMS  # if it is drawn within itself, PDFium draws it again and again
    total = 1
    forms = _resolved(resources.get("/XObject", {}))
    for name in _CALLED.findall(_data(parent)):
        form = _resolved(forms.get("/" + name.decode("latin-1")))
        if form is not None and form.get("/Subtype") == "/Form":
            total += _forms_drawn(form, resources, known, depth + 1)
            if total > _MOST_FORMS:
                break
    known[key] = total
    return total


def _resolved(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _data(parent: Any) -> bytes:
    if parent.get("/Type") != "/Page":
        return bytes(parent.get_data())
    contents = parent.get_contents()
    return b"" if contents is None else bytes(contents.get_data())


# ---------------------------------------------------------------------------- layers


def _switched_off(reader: PdfReader) -> dict[int, str]:
    """The layers that are switched off when the document is opened: object number → name."""
    properties = _resolved(reader.root_object.get("/OCProperties"))
    if not properties:
        return {}
    groups = {group.idnum: str(_resolved(group).get("/Name", "")) for group in _resolved(properties.get("/OCGs", []))}
    setting = _resolved(properties.get("/D", {}))
    off = set(groups) if setting.get("/BaseState") == "/OFF" else set()
    off |= {group.idnum for group in _resolved(setting.get("/OFF", []))}
    if setting.get("/BaseState") == "/OFF":
        off -= {group.idnum for group in _resolved(setting.get("/ON", []))}
    return {number: groups.get(number, "") for number in off}


def _without(reader: PdfReader, off: dict[int, str]) -> tuple[bytes, list[str]]:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=reader)
    layers = _switched_off(writer)  # type: ignore[arg-type]  # the objects of the copy have numbers of their own
    done: set[int] = set()
    for page in writer.pages:
        _clean(page, layers, writer, done)
    file = io.BytesIO()
    writer.write(file)
    names = ", ".join(name for name in off.values() if name) or "without names"
    return file.getvalue(), [f"layers that are switched off were left out: {names}"]


def _clean(parent: Any, off: dict[int, str], writer: Any, done: set[int]) -> None:
    """Remove what is switched off from a page or a form, and from the forms that it draws."""
    from pypdf.generic import ContentStream, NameObject

    if id(parent) in done:
        return
    done.add(id(parent))
    resources = _resolved(parent.get("/Resources", {}))
    properties, drawn = _resolved(resources.get("/Properties", {})), _resolved(resources.get("/XObject", {}))
    is_page = parent.get("/Type") == "/Page"
    source = parent.get_contents() if is_page else parent
    if source is None:
        return
    stream = ContentStream(source, writer)
    kept: list[tuple[Any, bytes]] = []
    hidden: list[bool] = []
    for operands, operator in stream.operations:
        if operator in (b"BDC", b"BMC"):
            is_layer = operator == b"BDC" and operands and operands[0] == "/OC"
            hidden.append(bool(is_layer) and _is_off(properties.get(operands[1]), off))
        elif operator == b"EMC" and hidden:
            hidden.pop()
        is_off = any(hidden)
        if operator == b"Do" and not is_off:
            item = _resolved(drawn.get(operands[0]))
            is_off = item is not None and "/OC" in item and _is_off(item.raw_get("/OC"), off)
        if is_off and operator in _SHOWN:
            continue
        if is_off and operator in _PATH_PAINTED:
            operands, operator = [], b"n"
        elif is_off and operator in _LINES_SHOWN:
            operands, operator = [], b"T*"
        kept.append((operands, operator))
    stream.operations = kept
    if is_page:
        parent[NameObject("/Contents")] = writer._add_object(stream)
    else:
        parent.set_data(stream.get_data())
    for item in map(_resolved, drawn.values()):
        if item.get("/Subtype") == "/Form":
            _clean(item, off, writer, done)


def _is_off(reference: Any, off: dict[int, str]) -> bool:
    """Whether a layer, or a condition on several, is off."""
    if reference is None:
        return False
    membership = _resolved(reference)
    if membership.get("/Type") != "/OCMD":
        return getattr(reference, "idnum", 0) in off
    groups: Any = membership.raw_get("/OCGs") if "/OCGs" in membership else []
    groups = _resolved(groups) if isinstance(_resolved(groups), list) else [groups]
    states = [getattr(group, "idnum", 0) in off for group in groups]
    match membership.get("/P", "/AnyOn"):
        case "/AllOn":
            return any(states)
        case "/AnyOff":
            return bool(states) and not any(states)
        case "/AllOff":
            return bool(states) and not all(states)
    return bool(states) and all(states)
