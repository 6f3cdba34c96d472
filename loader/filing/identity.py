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


def department_of(unit_code: str) -> str:
    """The department that a unit belongs to by its code: its first three digits, or what a provisional code begins
    with."""
    return unit_code[:3] if unit_code.isdigit() else unit_code.partition("-")[0]
