"""Trials change the support of the cells of a disclosure. This undoes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from loader.filing.filed import FiledDisclosure


@contextmanager
def untouched(disclosure: FiledDisclosure) -> Iterator[None]:
    """Restore the support of the cells afterwards, because making a ledger changes it."""
    cells = [cell for form in disclosure.forms for cell in form.cells]
    before = [(cell.support, cell.part_count) for cell in cells]
    try:
        yield
    finally:
        for cell, (support, part_count) in zip(cells, before, strict=True):
            cell.support, cell.part_count = support, part_count
