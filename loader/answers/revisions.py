"""The loaded revisions of a unit and year, with whether they are current."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import psycopg


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a unit's disclosure of a year."""

    disclosure_id: int
    stage: str
    revision: int
    is_current: bool
    withdrawn_at: datetime.datetime | None


def revisions_of(
    connection: psycopg.Connection, division_code: str, fiscal_year: int, unit_code: str, stage: str | None = None
) -> list[Revision]:
    """All revisions of a unit and year, of one or all stages: not withdrawn ones first, then the last withdrawn."""
    rows = connection.execute(
        """
        select
            disclosure_id, stage, revision, is_current, withdrawn_at
        from budget.disclosure
        where division_code = %s
            and fiscal_year = %s
            and reporting_unit_code = %s
            and (%s::text is null or stage = %s)
        order by withdrawn_at desc nulls first, stage, revision
        """,
        (division_code, fiscal_year, unit_code, stage, stage),
    ).fetchall()
    return [Revision(*row) for row in rows]


def current_revisions(
    connection: psycopg.Connection,
    division_code: str,
    disclosure_id: int | None = None,
    fiscal_year: int | None = None,
    unit_code: str | None = None,
    stage: str | None = None,
) -> list[Revision]:
    """The current revisions of one disclosure, or of a unit and year, of one or all stages."""
    rows = connection.execute(
        """
        select disclosure_id, stage, revision, is_current, withdrawn_at
        from budget.disclosure
        where division_code = %(division)s
            and is_current
            and (
                disclosure_id = %(id)s
                or (
                    fiscal_year = %(year)s
                    and reporting_unit_code = %(unit)s
                    and (%(stage)s::text is null or stage = %(stage)s)
                )
            )
        order by disclosure_id
        """,
        {"division": division_code, "id": disclosure_id, "year": fiscal_year, "unit": unit_code, "stage": stage},
    ).fetchall()
    return [Revision(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Undecided:
    """A unit, year and stage with several current revisions."""

    fiscal_year: int
    unit_code: str
    stage: str
    revisions: tuple[int, ...]


def undecided(
    connection: psycopg.Connection, division_code: str, fiscal_year: int | None = None, unit_code: str | None = None
) -> list[Undecided]:
    """Units, years and stages with several current revisions."""
    rows = connection.execute(
        """
        select
            fiscal_year,
            reporting_unit_code,
            stage,
            array_agg(revision order by revision)
        from budget.disclosure
        where division_code = %(division)s
            and is_current
            and (%(year)s::int is null or fiscal_year = %(year)s)
            and (%(unit)s::text is null or reporting_unit_code = %(unit)s)
        group by fiscal_year, reporting_unit_code, stage
        having count(*) > 1
        order by fiscal_year, reporting_unit_code, stage
        """,
        {"division": division_code, "year": fiscal_year, "unit": unit_code},
    ).fetchall()
    return [Undecided(year, unit, stage, tuple(revisions)) for year, unit, stage, revisions in rows]


class Count(NamedTuple):
    """The numbers of disclosures of a division: all, those of the wanted year and unit, and the current ones among
    these."""

    loaded: int
    wanted: int
    current: int


def count(
    connection: psycopg.Connection, division_code: str, fiscal_year: int | None = None, unit_code: str | None = None
) -> Count:
    """Count the disclosures of a division, of one year and unit or of all."""
    row = connection.execute(
        """
        select
            count(*),
            count(*) filter (where wanted),
            count(*) filter (where wanted and is_current)
        from (
            select
                is_current,
                (%(year)s::int is null or fiscal_year = %(year)s)
                and (%(unit)s::text is null or reporting_unit_code = %(unit)s) as wanted
            from budget.disclosure
            where division_code = %(division)s
        ) as known
        """,
        {"division": division_code, "year": fiscal_year, "unit": unit_code},
    ).fetchone()
    assert row is not None
    return Count(*row)
