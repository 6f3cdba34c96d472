"""The identity of a disclosure: division, year, unit and stage."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of a disclosure. ``stage`` is budget, adjusted or final."""

    division_code: str
    fiscal_year: int
    reporting_unit_code: str
    reporting_unit_name: str
    stage: str = "budget"


@dataclass(frozen=True, slots=True)
class Heading:
    """Unit, year and stage as printed on a cover or above a form; None for what is not printed.

    ``unit_name`` is spelt for comparison, see :func:`name_in_one_spelling`.
    """

    unit_code: str | None = None
    unit_name: str | None = None
    fiscal_year: int | None = None
    stage: str | None = None


def department_of(unit_code: str) -> str:
    """The department of a unit, from its code: the first three digits, or the first part of a provisional code."""
    return unit_code[:3] if unit_code.isdigit() else unit_code.partition("-")[0]
