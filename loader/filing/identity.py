"""Whose disclosure it is, and of which year."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose disclosure it is, and of which year."""

    division_code: str
    fiscal_year: int
    reporting_unit_code: str
    reporting_unit_name: str
    stage: str = "budget"
