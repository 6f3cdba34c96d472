"""Forms made anew from the lines of a ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from loader.ledger.evidence import to_fen
from loader.ledger.lines import Line
from loader.ledger.projection import CellKey, Projection, cells_in, rows_of
from schema.forms.template import Form

Name = TypeVar("Name")


@dataclass(frozen=True, slots=True)
class RebuiltForm:
    """What the ledger makes of a form: cell → 分, cell → its lines by number, and the rows of each line, the coarsest
    first."""

    amounts: dict[CellKey, int] = field(default_factory=dict)
    lines: dict[CellKey, list[int]] = field(default_factory=lambda: defaultdict(list))
    rows: set[tuple[str, ...]] = field(default_factory=set)


def rebuild(forms: Mapping[Name, Form], lines: Iterable[Line], projection: Projection) -> dict[Name, RebuiltForm]:
    """Some forms, by whatever names, from lines; ``projection`` is one that knows all of them."""
    rebuilt = {name: RebuiltForm() for name in forms}
    amounts = []
    for number, line in enumerate(lines):
        amounts.append(to_fen(line.amount))
        shares = projection.shares(line.coordinates)
        for name, form in forms.items():
            if form.form_id in shares.columns or form.form_id in shares.cells:
                made = rebuilt[name]
                for key in cells_in(form, line.coordinates, shares):
                    made.lines[key].append(number)
                made.rows.add(rows_of(form, line.coordinates))
    for made in rebuilt.values():
        for key, numbers in made.lines.items():
            made.amounts[key] = sum([amounts[number] for number in numbers])
    return rebuilt
