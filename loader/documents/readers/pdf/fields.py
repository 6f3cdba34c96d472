"""Form fields, free texts and strike-out annotations of a PDF page: they are drawn above its contents and read like
them."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from loader.documents.readers.pages.page import Box, Rule

_READ = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT)
_NOT_SHOWN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_MOST = 20_000  # on one page
_MARGIN = 2.0  # points between the frame of a field and its text
_LARGEST = 12.0  # points; the height of a line where nothing says it

_Field = tuple[str, Box]


def with_fields(
    document: pdfium.PdfDocument, page: pdfium.PdfPage, number: int
) -> tuple[pdfium.PdfPage, list[_Field], list[Rule]]:
    """The page with the appearances of its fields and free texts merged into its contents; the lines of fields that
    have a value but no appearance, with their boxes on the page; and the strokes of strike-out annotations."""
    count = raw.FPDFPage_GetAnnotCount(page.raw)
    if count <= 0:
        return page, [], []
    if count > _MOST:
        raise pdfium.PdfiumError(f"{count:,} annotations on it, expected no more than {_MOST:,}")
    fields: list[_Field] = []
    strokes: list[Rule] = []
    shown = False
    for index in reversed(range(count)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        # a square with an inside covers what it lies on
        is_read = kind in _READ or (kind == raw.FPDF_ANNOT_SQUARE and raw.FPDFAnnot_HasKey(annotation, b"IC"))
        has_appearance = raw.FPDFAnnot_GetAP(annotation, raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > 2
        if not raw.FPDFAnnot_GetFlags(annotation) & _NOT_SHOWN:
            if kind == raw.FPDF_ANNOT_STRIKEOUT:
                strokes += _strokes(annotation)
            elif not is_read:
                pass
            elif has_appearance:
                shown = True
            elif kind in _READ:
                fields += _lines(document, annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if not is_read:
            raw.FPDFPage_RemoveAnnot(page.raw, index)  # a highlight would lie over the text as if it covered it
    if shown and raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        page.close()
        page = document[number - 1]
    return page, fields, strokes


def _strokes(annotation: Any) -> list[Rule]:
    """A stroke through the middle of each text that is struck out."""
    strokes = []
    corners = raw.FS_QUADPOINTSF()
    for index in range(min(raw.FPDFAnnot_CountAttachmentPoints(annotation), _MOST)):
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, index, corners):
            xs = [corners.x1, corners.x2, corners.x3, corners.x4]
            y = (corners.y1 + corners.y2 + corners.y3 + corners.y4) / 4
            strokes.append(Rule(min(xs), y, max(xs), y))
    return strokes


def _lines(document: pdfium.PdfDocument, annotation: Any) -> list[_Field]:
    value = _string(annotation, b"Contents")
    if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
        value = _value(document, annotation)
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    rect = raw.FS_RECTF()
    if not lines or not raw.FPDFAnnot_GetRect(annotation, rect):
        return []
    left, right = sorted((rect.left, rect.right))
    bottom, top = sorted((rect.bottom, rect.top))
    margin = min(_MARGIN, (right - left) / 4)
    pitch = (top - bottom) / len(lines)
    size = min(_LARGEST, 0.8 * pitch)
    fields = []
    for number, line in enumerate(lines):
        middle = top - (number + 0.5) * pitch
        fields.append((line, (left + margin, middle - size / 2, right - margin, middle + size / 2)))
    return fields


def _value(document: pdfium.PdfDocument, annotation: Any) -> str:
    """The value of a field: a text or a choice. Check boxes have none that a reader would see."""
    form = document.formenv
    if form is None:
        return _string(annotation, b"V")
    if raw.FPDFAnnot_GetFormFieldType(form.raw, annotation) not in (
        raw.FPDF_FORMFIELD_TEXTFIELD,
        raw.FPDF_FORMFIELD_COMBOBOX,
        raw.FPDF_FORMFIELD_LISTBOX,
    ):
        return ""
    length = raw.FPDFAnnot_GetFormFieldValue(form.raw, annotation, None, 0)
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetFormFieldValue(form.raw, annotation, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def _string(annotation: Any, key: bytes) -> str:
    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
