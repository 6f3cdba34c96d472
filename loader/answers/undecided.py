"""What the commands say where a unit has no disclosure, or several current ones."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg


@dataclass(frozen=True, slots=True)
class Undecided:
    """A unit and year with several current revisions."""

    fiscal_year: int
    unit_code: str
    revisions: tuple[int, ...]


def undecided(
    connection: psycopg.Connection, division_code: str, fiscal_year: int | None = None, unit_code: str | None = None
) -> list[Undecided]:
    """Who has several current revisions, of one year and unit or of all."""
    rows = connection.execute(
        "select fiscal_year, reporting_unit_code, array_agg(revision order by revision) from budget.disclosure"
        " where division_code = %(division)s and is_current"
        " and (%(year)s::int is null or fiscal_year = %(year)s)"
        " and (%(unit)s::text is null or reporting_unit_code = %(unit)s)"
        " group by fiscal_year, reporting_unit_code, stage having count(*) > 1"
        " order by fiscal_year, reporting_unit_code",
        {"division": division_code, "year": fiscal_year, "unit": unit_code},
    ).fetchall()
    return [Undecided(year, unit, tuple(revisions)) for year, unit, revisions in rows]


def how_to_decide(found: list[Undecided]) -> str:
    """Who has several current revisions, and how to say which one counts."""
    first = found[0]
    revisions = ", ".join(map(str, first.revisions))
    more = f" (and {len(found) - 1} more units; see `hetang findings`)" if len(found) > 1 else ""
    return (
        f"revisions {revisions} of {first.unit_code} for {first.fiscal_year} are all current{more}. Say which counts by"
        f" `hetang load --supersede FILE`, or take back the others by `hetang withdraw {first.unit_code}"
        f" --year {first.fiscal_year} --revision N`"
    )


def why_none(
    connection: psycopg.Connection, division_code: str, fiscal_year: int | None = None, unit_code: str | None = None
) -> str | None:
    """Why there is nothing to show of a year and unit, and what to do; None where something is current."""
    row = connection.execute(
        "select count(*), count(*) filter (where wanted), count(*) filter (where wanted and is_current)"
        " from (select is_current, (%(year)s::int is null or fiscal_year = %(year)s)"
        " and (%(unit)s::text is null or reporting_unit_code = %(unit)s) as wanted"
        " from budget.disclosure where division_code = %(division)s) as known",
        {"division": division_code, "year": fiscal_year, "unit": unit_code},
    ).fetchone()
    assert row is not None
    loaded, wanted, current = row
    if current:
        return None
    whose = (f" of unit {unit_code}" if unit_code else "") + (f" for {fiscal_year}" if fiscal_year else "")
    if wanted:
        return f"all that was loaded{whose} is withdrawn; load a document again to bring it back"
    if loaded:
        return f"nothing is loaded{whose}; see `hetang units`"
    return f"nothing is loaded for division {division_code} yet; begin with `hetang load FOLDER`"
