"""How much of a disclosure was understood: which of its figures got a meaning, and in which tables most did."""

from __future__ import annotations

from loader.documents.wording import figure
from loader.filing.filed import FiledCell, FiledDisclosure, FiledForm, Finding

_LEAST_WHOLE = 1000


def bare_figure_count(disclosure: FiledDisclosure) -> int:
    """How many figures have no meaning."""
    return sum(_is_bare_figure(cell) for form in disclosure.forms for cell in form.cells)


def partly_understood(disclosure: FiledDisclosure) -> Finding | None:
    """That most of the tables with figures were not understood, each of them for the most part; else None."""
    known = [_is_understood(form) for form in disclosure.forms]
    tables, unknown = len([one for one in known if one is not None]), known.count(False)
    if unknown * 2 <= tables:
        return None
    return Finding("partly_understood", {"tables": tables, "unknown": unknown})


def _is_understood(form: FiledForm) -> bool | None:
    """Whether half of the figures of a table have a meaning; None for a table without figures."""
    meant = sum(cell.has_meaning for cell in form.cells)
    bare = sum(map(_is_bare_figure, form.cells))
    return meant >= bare if meant or bare else None


def _is_bare_figure(cell: FiledCell) -> bool:
    """Whether a cell without a meaning holds a figure that may be money: small whole numbers count lines and columns
    (行次, 栏次) or are quantities."""
    if cell.row_key is not None and cell.column_key is not None:
        return False
    found = figure(cell.text)
    return found is not None and (found.decimals > 0 or abs(found.value) >= _LEAST_WHOLE)
