"""Workbooks and pages that hetang wrote itself: their figures are rebuilt ones, so they are no new revision."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from loader.documents.grid import Document

if TYPE_CHECKING:
    from loader.filing.filed import FiledForm

MARK = "由 hetang 根据公开文件还原"  # printed at the beginning of every workbook and page
COMPARISON = ("科目", "预算数", "决算数", "差额", "完成率（%）")  # the heads of budget and final account on a page
_BEGINNING = 20  # rows


def is_own_export(document: Document) -> bool:
    """Whether a document is a workbook of `hetang export` or a page of `hetang page`."""
    rows = document.grids[0].rows[:_BEGINNING] if document.grids else ()
    return any(MARK in cell.text for row in rows for cell in row.cells)


def is_comparison(form: FiledForm) -> bool:
    """Whether a table is the one of budget and final account, which no document published."""
    rows: dict[int, list[str]] = defaultdict(list)
    for cell in form.cells if form.template is None else ():
        rows[cell.row_no].append(cell.text)
    return any(tuple(row) == COMPARISON for row in rows.values())
