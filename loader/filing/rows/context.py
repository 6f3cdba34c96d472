"""What the rows of a form are read with, and what is collected from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from loader.filing.form_findings import FormFindings
from loader.filing.identity import Identity
from loader.filing.rows.told_functions import FunctionRow


@dataclass(slots=True)
class Context:
    """The input for placing a form, and what is collected from it: units, findings, rows of functions, and column id →
    figures of rows without a meaning (万元).

    ``told``: number of a row of a function without a code → the code that other forms tell, see
    :mod:`.told_functions`.
    """

    identity: Identity
    known_units: dict[str, str]
    findings: FormFindings
    told: Mapping[int, str] = field(default_factory=dict)
    unit_names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    departments: dict[str, str] = field(default_factory=dict)
    unknown_rows: dict[str, list[Decimal]] = field(default_factory=lambda: defaultdict(list))
    functions: list[FunctionRow] = field(default_factory=list)
