"""Workbooks and pages that hetang wrote itself: their figures are rebuilt ones, so they are no new revision."""

from __future__ import annotations

from loader.documents.grid import Document

MARK = "由 hetang 根据公开文件还原"  # printed at the beginning of every workbook and page
_BEGINNING = 20  # rows


def is_own_export(document: Document) -> bool:
    """Whether a document is a workbook of `hetang export` or a page of `hetang page`."""
    rows = document.grids[0].rows[:_BEGINNING] if document.grids else ()
    return any(MARK in cell.text for row in rows for cell in row.cells)
