"""Columns that are too narrow to be real: edges of cells, one below the other, that do not quite meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def edges_without_slivers(widths: Sequence[float], spans: Iterable[tuple[int, int]], sliver: float) -> list[int]:
    """Edge of a table → the number of the column that begins there, if slivers do not count as columns.

    ``spans`` are the first and the end column of every cell with a text: each keeps a column, so that no two cells of a
    row get the same position. A column of unknown width (0) is kept.
    """
    kept = [not 0 < width < sliver for width in widths]
    for start, end in sorted(spans, key=lambda span: span[1] - span[0]):
        if not any(kept[start:end]):
            kept[max(range(start, end), key=widths.__getitem__)] = True
    edges = [0]
    for is_column in kept:
        edges.append(edges[-1] + is_column)
    return edges
