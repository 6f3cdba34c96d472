"""Forms rebuilt from the lines of a ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from loader.ledger.clock import spend
from loader.ledger.evidence import to_fen
from loader.ledger.lines import Line
from loader.ledger.projection import CellKey, Projection, placing
from schema.forms.template import Form

Name = TypeVar("Name")
_WORK_OF_SHARE = 1.0  # of a line in a cell, see the clock


@dataclass(frozen=True, slots=True)
class RebuiltForm:
    """A form rebuilt from the ledger: cell → 分, cell → its lines by number, and the rows of each line from the
    coarsest."""

    amounts: dict[CellKey, int] = field(default_factory=dict)
    lines: dict[CellKey, list[int]] = field(default_factory=lambda: defaultdict(list))
    rows: set[tuple[str, ...]] = field(default_factory=set)


def rebuild(forms: Mapping[Name, Form], lines: Iterable[Line], projection: Projection) -> dict[Name, RebuiltForm]:
    """Rebuild forms, under any names, from lines. ``projection`` must include all of them."""
    rebuilt = {name: RebuiltForm() for name in forms}
    amounts = []
    filling = [(form.form_id, form.rows, placing(form.rows), rebuilt[name]) for name, form in forms.items()]
    for number, line in enumerate(lines):
        amounts.append(to_fen(line.amount))
        at = line.coordinates
        columns_of, cells_of = projection.shares(at)
        for form_id, form_rows, place_of, made in filling:
            columns, cells = columns_of.get(form_id, ()), cells_of.get(form_id, ())
            if not (columns or cells):
                continue
            rows = form_rows.keys(place_of(at)) if form_rows else ()
            made.rows.add(rows)
            adding = made.lines
            for key in cells:
                adding[key].append(number)
            for row in rows:
                for column in columns:
                    adding[row, column].append(number)
    for made in rebuilt.values():
        spend(_WORK_OF_SHARE * sum(map(len, made.lines.values())))
        for key, numbers in made.lines.items():
            made.amounts[key] = sum([amounts[number] for number in numbers])
    return rebuilt
