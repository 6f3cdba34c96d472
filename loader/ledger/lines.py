"""What a ledger holds: its lines, the kinds of units, and findings. Everything that reads a ledger takes these."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from loader.filing.filed import Finding
from loader.ledger.evidence.projection import Coordinates


@dataclass(frozen=True, slots=True)
class Line:
    """One additive amount (万元) with its coordinates.

    ``allocated`` names the coordinates that were chosen, not shown. It also names the class of a code if that was
    chosen.
    """

    coordinates: Coordinates
    amount: Decimal
    basis: str
    allocated: tuple[str, ...] = ()
    is_rounding: bool = False
    source: tuple[int, int, int] | None = None  # form, row, column


@dataclass(slots=True)
class Ledger:
    """All lines of a disclosure, the kind of each unit, and the findings from making them.

    ``is_rounded``: every cell was rounded separately, so sums may differ by roundings. ``coarse_forms`` are the numbers
    (form_no) of forms that print fewer digits than the others and may differ within their rounding.
    """

    lines: list[Line] = field(default_factory=list)
    unit_kinds: dict[str, str | None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    is_rounded: bool = False
    coarse_forms: frozenset[int] = frozenset()
