"""Messages for units without a disclosure or with several current revisions: what is wrong and what to do."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from loader.answers.revisions import Undecided, count, revisions_of, undecided
from loader.cli.exits import NothingLoaded
from loader.loading.options import DIVISION

if TYPE_CHECKING:
    import psycopg


def how_to_decide(found: list[Undecided]) -> str:
    """The message for units with several current revisions, with the commands that choose one."""
    first = found[0]
    revisions = ", ".join(map(str, first.revisions))
    more = f"; units with the same problem: {len(found) - 1}, see `hetang findings`" if len(found) > 1 else ""
    return (
        f"revisions {revisions} of {first.unit_code} for {first.fiscal_year} ({first.stage}) are all"
        f" current{more}. Choose one with `hetang load --supersede FILE`, or withdraw the others with `hetang withdraw"
        f" {first.unit_code} --year {first.fiscal_year} --stage {first.stage} --revision N`"
    )


def why_none(
    connection: psycopg.Connection, division_code: str, fiscal_year: int | None = None, unit_code: str | None = None
) -> str | None:
    """Why there is nothing to show for a year and unit, and what to do; None if something is current."""
    from loader.answers.units import filers_of

    known = count(connection, division_code, fiscal_year, unit_code)
    if known.current:
        return None
    whose = (f" of unit {unit_code}" if unit_code else "") + (f" for {fiscal_year}" if fiscal_year else "")
    if known.wanted:
        return f"everything loaded{whose} is withdrawn; load a document again to undo this"
    if unit_code and (filers := filers_of(connection, division_code, unit_code, fiscal_year)):
        return f"nothing is loaded{whose} itself; its figures are in documents of {', '.join(filers)}"
    if known.loaded:
        return f"nothing is loaded{whose}; see `hetang units`"
    return f"nothing is loaded for division {division_code} yet; start with `hetang load FOLDER`"


def refuse_if_none(
    connection: psycopg.Connection, division_code: str, fiscal_year: int | None = None, unit_code: str | None = None
) -> None:
    """NothingLoaded if nothing is current for a year and unit: every command says so in the same way."""
    if (reason := why_none(connection, division_code, fiscal_year, unit_code)) is not None:
        raise NothingLoaded(reason)


def not_counted(connection: psycopg.Connection, division_code: str, rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A message for each document that was loaded before and is not current: which revision is, and how to change
    it."""
    for row in rows:
        for one in row["disclosures"]:
            if row["outcome"] not in ("unchanged", "restored") or one["is_current"]:
                continue
            unit, year, stage = one["unit_code"], one["fiscal_year"], one["stage"]
            known = revisions_of(connection, division_code, year, unit, stage)
            current = ", ".join(str(other.revision) for other in known if other.is_current)
            yield (
                f"{row['file_name']}: revision {one['revision']} of {unit} for {year} ({stage}) was already"
                f" loaded and is not current; revision {current} is. `hetang load --supersede FILE` makes this one"
                " current"
            )


def undecided_among(
    connection: psycopg.Connection, division_code: str, rows: Sequence[dict[str, Any]]
) -> list[Undecided]:
    """The units of the documents just loaded that have several current revisions."""
    among = {
        (one["unit_code"], one["fiscal_year"], one["stage"])
        for row in rows
        for one in row["disclosures"]
        if one["is_current"]
    }
    return [one for one in undecided(connection, division_code) if (one.unit_code, one.fiscal_year, one.stage) in among]


def what_next(rows: Sequence[dict[str, Any]], division_code: str) -> list[tuple[str, str]]:
    """The commands to try after a load, each with what it shows."""
    # several documents may hold one disclosure
    found = {one["disclosure_id"]: one for row in rows for one in row["disclosures"] if one["is_current"]}.values()
    if not found:
        return []
    units, years = ({one[name] for one in found} for name in ("unit_code", "fiscal_year"))
    division = "" if division_code == DIVISION else f" --division {shlex.quote(division_code)}"
    year = f" --year {years.pop()}" if len(years) == 1 else ""
    unit = f" --unit {units.pop()}" if len(units) == 1 else ""
    differs, findings = (sum(one[name] or 0 for one in found) for name in ("differs", "findings"))
    return [
        (f"hetang compare{unit}{year}{division}", f"published cells that differ: {differs}"),
        (f"hetang findings{unit}{year}{division}", f"findings: {findings}"),
        (f"hetang missing{year}{division}", "what is missing or contradictory"),
        (f"hetang page pages/{unit}{year}{division}", "HTML pages: open pages/index.html"),
    ]
