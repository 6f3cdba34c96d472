"""Functions of PDFium with handles as plain addresses, which ctypes passes much faster than pointers.

Only functions that are called for each character or each path of a page.
"""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as raw

_HANDLE, _INT, _FLOAT = ctypes.c_void_p, ctypes.c_int, ctypes.c_float


def _bare(function: Any, result: Any, *arguments: Any) -> Any:
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return ctypes.CFUNCTYPE(result, *arguments)(address)


def handle(pointer: Any) -> Any:
    """The address in a pointer."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


text_object_of = _bare(raw.FPDFText_GetTextObject, _HANDLE, _HANDLE, _INT)
letter_of = _bare(raw.FPDFText_GetUnicode, ctypes.c_uint, _HANDLE, _INT)
has_no_meaning = _bare(raw.FPDFText_HasUnicodeMapError, _INT, _HANDLE, _INT)
origin_of = _bare(raw.FPDFText_GetCharOrigin, _INT, _HANDLE, _INT, _HANDLE, _HANDLE)
matrix_of_character = _bare(raw.FPDFText_GetMatrix, _INT, _HANDLE, _INT, _HANDLE)
size_of_character = _bare(raw.FPDFText_GetFontSize, ctypes.c_double, _HANDLE, _INT)
font_of = _bare(raw.FPDFTextObj_GetFont, _HANDLE, _HANDLE)
width_of = _bare(raw.FPDFFont_GetGlyphWidth, _INT, _HANDLE, ctypes.c_uint32, _FLOAT, _HANDLE)
mode_of_text = _bare(raw.FPDFTextObj_GetTextRenderMode, _INT, _HANDLE)

marks_of = _bare(raw.FPDFPageObj_CountMarks, _INT, _HANDLE)
mark_of = _bare(raw.FPDFPageObj_GetMark, _HANDLE, _HANDLE, ctypes.c_ulong)
kind_in_mark = _bare(raw.FPDFPageObjMark_GetParamValueType, _INT, _HANDLE, ctypes.c_char_p)
drop_from_mark = _bare(raw.FPDFPageObjMark_RemoveParam, _INT, _HANDLE, _HANDLE, ctypes.c_char_p)

objects_on = _bare(raw.FPDFPage_CountObjects, _INT, _HANDLE)
object_on = _bare(raw.FPDFPage_GetObject, _HANDLE, _HANDLE, _INT)
objects_in = _bare(raw.FPDFFormObj_CountObjects, _INT, _HANDLE)
object_in = _bare(raw.FPDFFormObj_GetObject, _HANDLE, _HANDLE, ctypes.c_ulong)
kind_of = _bare(raw.FPDFPageObj_GetType, _INT, _HANDLE)
matrix_of = _bare(raw.FPDFPageObj_GetMatrix, _INT, _HANDLE, _HANDLE)
colour_of = _bare(raw.FPDFPageObj_GetFillColor, _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
shines_through = _bare(raw.FPDFPageObj_HasTransparency, _INT, _HANDLE)
stroke_colour_of = _bare(raw.FPDFPageObj_GetStrokeColor, _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
bounds_of = _bare(raw.FPDFPageObj_GetBounds, _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
paths_of_clip = _bare(raw.FPDFClipPath_CountPaths, _INT, _HANDLE)
segments_of_clip = _bare(raw.FPDFClipPath_CountPathSegments, _INT, _HANDLE, _INT)
segment_of_clip = _bare(raw.FPDFClipPath_GetPathSegment, _HANDLE, _HANDLE, _INT, _INT)
clip_of = _bare(raw.FPDFPageObj_GetClipPath, _HANDLE, _HANDLE)
mode_of_path = _bare(raw.FPDFPath_GetDrawMode, _INT, _HANDLE, _HANDLE, _HANDLE)
segments_of = _bare(raw.FPDFPath_CountSegments, _INT, _HANDLE)
segment_of = _bare(raw.FPDFPath_GetPathSegment, _HANDLE, _HANDLE, _INT)
point_of = _bare(raw.FPDFPathSegment_GetPoint, _INT, _HANDLE, _HANDLE, _HANDLE)
kind_of_segment = _bare(raw.FPDFPathSegment_GetType, _INT, _HANDLE)
is_closed = _bare(raw.FPDFPathSegment_GetClose, _INT, _HANDLE)
