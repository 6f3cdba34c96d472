"""Trials change the support of the cells of a disclosure. This undoes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from loader.filing.filed import FiledDisclosure

Support = Sequence[tuple[str | None, int]]  # of each cell: its support, and how many figures stand beneath it


def support_of(disclosure: FiledDisclosure) -> Support:
    """The support of all cells as it is now."""
    return [(cell.support, cell.part_count) for form in disclosure.forms for cell in form.cells]


def restore(disclosure: FiledDisclosure, support: Support) -> None:
    """Give the cells the support that they had."""
    cells = (cell for form in disclosure.forms for cell in form.cells)
    for cell, (own, part_count) in zip(cells, support, strict=True):
        cell.support, cell.part_count = own, part_count


@contextmanager
def untouched(disclosure: FiledDisclosure) -> Iterator[None]:
    """Restore the support of the cells afterwards, because making a ledger changes it."""
    before = support_of(disclosure)
    try:
        yield
    finally:
        restore(disclosure, before)
