"""What the rows of a form are read with, and what is collected from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from loader.filing.form_findings import FormFindings
from loader.filing.identity import Identity


@dataclass(slots=True)
class Context:
    """The input for placing a form, and the units and findings collected from it."""

    identity: Identity
    known_units: dict[str, str]
    findings: FormFindings
    unit_names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    departments: dict[str, str] = field(default_factory=dict)
