"""Forms rebuilt from the lines of a ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from loader.ledger.clock import spend
from loader.ledger.evidence.evidence import to_fen
from loader.ledger.evidence.layout import Layout, numbers_of
from loader.ledger.evidence.projection import CellKey, Projection
from loader.ledger.lines import Line
from schema.forms.template import Form

Name = TypeVar("Name")
_WORK_OF_SHARE = 1.0  # of a line in a cell, see the clock


@dataclass(frozen=True, slots=True)
class RebuiltForm:
    """A form rebuilt from the ledger: cell → 分, cell → its lines by number, and the rows of each line from the
    coarsest."""

    amounts: dict[CellKey, int] = field(default_factory=dict)
    lines: dict[CellKey, tuple[int, ...]] = field(default_factory=dict)
    rows: set[tuple[str, ...]] = field(default_factory=set)


def rebuild(forms: Mapping[Name, Form], lines: Iterable[Line], projection: Projection) -> dict[Name, RebuiltForm]:
    """Rebuild forms, under any names, from lines. ``projection`` must include all of them."""
    lines = list(lines)
    amounts = [to_fen(line.amount) for line in lines]
    layout = Layout([line.coordinates for line in lines], projection)
    known: dict[int, tuple[tuple[int, ...], int]] = {}  # many cells add up the same lines
    rebuilt: dict[Name, RebuiltForm] = {}
    for name, form in forms.items():
        rebuilt[name] = made = RebuiltForm(rows={rows for rows, _ in layout.rows(form)})
        for key, own in layout.cells(form).items():
            if own not in known:
                numbers = numbers_of(own)
                known[own] = numbers, sum([amounts[number] for number in numbers])
            made.lines[key], made.amounts[key] = known[own]
        spend(_WORK_OF_SHARE * sum(map(len, made.lines.values())))
    return rebuilt
