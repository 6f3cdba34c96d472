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


@dataclass(frozen=True, slots=True)
class Heading:
    """Of which unit, year and stage a cover, or what stands above a form, speaks; None where it is silent. The name is
    spelt as names are compared."""

    unit_code: str | None = None
    unit_name: str | None = None
    fiscal_year: int | None = None
    stage: str | None = None


def department_of(unit_code: str) -> str:
    """The department that a unit belongs to by its code: its first three digits, or what a provisional code begins
    with."""
    return unit_code[:3] if unit_code.isdigit() else unit_code.partition("-")[0]
