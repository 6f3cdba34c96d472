"""What the commands say if a unit has no disclosure or several current ones, and what to do then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loader.answers.revisions import Undecided, count

if TYPE_CHECKING:
    import psycopg


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
    """Why there is nothing to show of a year and unit, and what to do; None if something is current."""
    known = count(connection, division_code, fiscal_year, unit_code)
    if known.current:
        return None
    whose = (f" of unit {unit_code}" if unit_code else "") + (f" for {fiscal_year}" if fiscal_year else "")
    if known.wanted:
        return f"all that was loaded{whose} is withdrawn; load a document again to bring it back"
    if known.loaded:
        return f"nothing is loaded{whose}; see `hetang units`"
    return f"nothing is loaded for division {division_code} yet; begin with `hetang load FOLDER`"
