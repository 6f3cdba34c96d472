"""Why a table cannot be relied on, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from loader.documents.grid import Cell
from loader.documents.readers.aligned.heads import Key
from loader.documents.readers.aligned.words import EVEN, Span, Word, distance, is_amount, nearest_column, overlap
from loader.documents.wording import figure

BROKEN, UNCLEAR = "figures are broken over lines", "it is not clear under which head figures stand"

_MUCH_FARTHER = 2.0  # times as far
_PLACES_SHOWN = 10  # in a remark
_NONE = frozenset("-－—–")  # what stands for no figure
_TOTAL = re.compile(r"[合总小]\s*计$")
_PART_OF_TOTAL = re.compile(r"(?<!\w)[合总小计] | [合总小计](?!\w)")  # 小计 broken over lines beside another head
# a figure that is broken: its beginning, and what stands below it alone
_BEGINNING, _END = re.compile(r"-?[\d,]*\d(?:\.\d?)?|-?[\d,]+"), re.compile(r"\.?\d{1,3}|,\d{1,3}[\d,.]*")


def has_broken_figures(rows: Sequence[tuple[Cell, ...]]) -> bool:
    """Whether a figure goes on in the next line, which then has no words of its own."""
    for above, below in pairwise(rows):
        if below and all(_END.fullmatch(cell.text) for cell in below):
            begun = {cell.column for cell in above if _BEGINNING.fullmatch(cell.text)}
            if any(cell.column in begun for cell in below):
                return True
    return False


def has_joined_figures(row: Sequence[Cell]) -> bool:
    """Whether figures or dashes for none share a cell: amounts, or any in a row of numbers. Parts of a code may."""
    are_numbers = all(text.isdigit() for cell in row for text in cell.text.split())
    joined = [texts for cell in row if len(texts := cell.text.split()) > 1]
    figures = [texts for texts in joined if all(text in _NONE or figure(text) is not None for text in texts)]
    return any(are_numbers or not _is_code(texts) for texts in figures)


def _is_code(texts: Sequence[str]) -> bool:
    """Whether numbers may be the parts of a code (201 01 01); the code of a unit is none behind another part."""
    return all(map(str.isdigit, texts)) and all(len(text) <= 2 for text in texts[1:])


def is_clear(
    rows: Sequence[Sequence[Word]],
    columns: Sequence[Span],
    leaves: Sequence[Key],
    column_of: dict[Key, int],
    is_flush: bool,
) -> bool:
    """Whether each column of amounts has a head, none of which begins beyond amounts that end flush; no two amounts of
    a row share a column, and those of a column begin, end or have their middle below one another. A head may stand
    above several columns of codes. Where amounts do not end flush, a head beside them counts only if those without
    amounts are much farther. A total that is blank all the way down beside its parts has lost its amounts to them, and
    so may have one whose head is not apart from the next."""
    heads = {column: head for (_, head), column in column_of.items()}
    placed: dict[int, list[Word]] = {}
    for row in rows:
        figures = [
            (nearest_column(part, columns), part) for part in row if figure(part.text) and not part.text.isdigit()
        ]
        if len({at for at, _ in figures}) < len(figures):
            return False
        for at, part in figures:
            placed.setdefault(at, []).append(part)
    blank = [key[1] for key in leaves if column_of.get(key) not in placed]
    if any(_PART_OF_TOTAL.search(head.text) and not _TOTAL.fullmatch(head.text) for _, head in leaves):
        return False
    if any(
        _TOTAL.search(head.text) and column_of.get((number, head)) not in placed and column_of.get(after) in placed
        for (number, head), after in pairwise(leaves)
    ):
        return False
    for at, parts in placed.items():
        if at not in heads or (is_flush and heads[at].x0 >= columns[at][1]):
            return False
        own = distance(heads[at], columns[at])
        if not is_flush and own > 0 and any(distance(head, columns[at]) < _MUCH_FARTHER * own for head in blank):
            return False
        edges = [(part.x0, part.x1, (part.x0 + part.x1) / 2) for part in parts]
        if min(max(edge) - min(edge) for edge in zip(*edges, strict=True)) > EVEN:
            return False
    return True


def are_shared(rows: Sequence[Sequence[Word]], columns: Sequence[Span], others: Sequence[Word]) -> bool:
    """Whether heads that got no column of their own stand above one of amounts, which then has two heads."""
    amounts = {nearest_column(part, columns) for row in rows for part in row if is_amount(part.text)} if others else ()
    return any(overlap(head, columns[at]) for head in others for at in amounts)


def remarks_on(read: int, unread: Iterable[tuple[int, str]], are_pages: bool) -> list[str]:
    """What a reader of the document should know of its tables without rules or separators: how many were read, and the
    lines or pages and the faults of the others."""
    remarks = []
    if read:
        remarks.append(f"{read} tables without rules or separators were read by the places of their texts")
    places: dict[str, list[str]] = {}
    for place, fault in unread:
        places.setdefault(fault, []).append(str(place))
    for fault, found in places.items():
        listed = ", ".join(found if len(found) <= _PLACES_SHOWN else [*found[:_PLACES_SHOWN], "…"])
        if are_pages:
            remarks.append(f"tables without rules were not read, because {fault}: on pages {listed}")
        else:
            remarks.append(f"tables without separators were not read, because {fault}: from lines {listed} on")
    return remarks
