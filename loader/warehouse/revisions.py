"""The revisions of a disclosure: the lock for loading, which of them are current, and withdrawal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from psycopg import Connection
from psycopg.errors import LockNotAvailable

from loader.filing.identity import Identity
from loader.warehouse.findings import add_finding
from loader.warehouse.server_error import ServerError
from loader.warehouse.units import settle_units

LOCK_PATIENCE = 60  # seconds to wait for another load of the same unit, which usually takes less than one
REVISION_FINDINGS = ("undecided_revision", "partial_revision")  # written again each time revisions are settled


def group_of(identity: Identity) -> tuple[str, int, str, str]:
    """Division, year, unit and stage: disclosures of the same are revisions of each other."""
    return identity.division_code, identity.fiscal_year, identity.reporting_unit_code, identity.stage


def by_year(identities: Iterable[Identity]) -> Iterator[tuple[tuple[str, int], list[Identity]]]:
    """Division and year, with the identities of these, which are sorted by ``group_of``."""
    for division_and_year, of_year in groupby(identities, key=lambda identity: group_of(identity)[:2]):
        yield division_and_year, list(of_year)


def lock(connection: Connection, identity: Identity) -> None:
    """Make two loads of the same unit and year wait for each other. ServerError if that takes too long."""
    key = {"name": "hetang " + " ".join(map(str, group_of(identity))), "patience": f"{LOCK_PATIENCE}s"}
    if connection.execute("select pg_try_advisory_xact_lock(hashtextextended(%(name)s, 0))", key).fetchone() == (True,):
        return
    try:
        with connection.transaction():
            connection.execute("select set_config('lock_timeout', %(patience)s, true)", key)
            connection.execute("select pg_advisory_xact_lock(hashtextextended(%(name)s, 0))", key)
            connection.execute("set local lock_timeout to default")
    except LockNotAvailable as error:
        row = connection.execute(
            """
            select string_agg(format('process %%s of role %%s', pid, usename), ', ')
            from pg_locks
            join pg_stat_activity using (pid)
            where locktype = 'advisory'
                and granted
                and objsubid = 1
                and database = datid
                and (classid::bigint << 32) | objid::bigint = hashtextextended(%(name)s, 0)
            """,
            key,
        ).fetchone()
        raise ServerError(
            f"could not lock {identity.reporting_unit_code}, {identity.fiscal_year} within {LOCK_PATIENCE} seconds;"
            f" the lock is held by {(row and row[0]) or 'a session that has ended since'}"
        ) from error


def next_supersede_rank(connection: Connection) -> int:
    """A number higher than that of every earlier load. All documents of one load share it, so it does not decide
    between them."""
    row = connection.execute("select nextval('budget.supersede_rank')").fetchone()
    assert row is not None
    return int(row[0])


def settle_revisions(connection: Connection, identities: Sequence[Identity]) -> set[int]:
    """Decide which revisions of the disclosures of some units are current, all of one division and year. Returns their
    ids.

    ``budget.settle_revisions`` has the rule. If it does not decide, all stay current, and a finding asks which one
    counts. Revisions that become current are compared.
    """
    division_code, fiscal_year = identities[0].division_code, identities[0].fiscal_year
    rows = connection.execute(
        "select reporting_unit_code, stage, disclosure_id, is_current, revision, known_form_count, figure_count,"
        " is_part from budget.settle_revisions(%s, %s::smallint, %s, %s)",
        (
            division_code,
            fiscal_year,
            [identity.reporting_unit_code for identity in identities],
            [identity.stage for identity in identities],
        ),
    ).fetchall()
    settled: dict[tuple[str, str], list[Revision]] = {}
    for unit, stage, *row in rows:
        settled.setdefault((unit, stage), []).append(Revision(*row))
    for (unit, _), revisions in settled.items():
        if len(revisions) > 1:
            _note_revisions(connection, (division_code, fiscal_year), unit, revisions)
    return {revision.disclosure_id for revisions in settled.values() for revision in revisions if revision.is_current}


class Revision(NamedTuple):
    """A revision with the size of its contents; ``is_part`` is None if it is withdrawn."""

    disclosure_id: int
    is_current: bool
    number: int
    forms: int
    figures: int
    is_part: bool | None


def _note_revisions(connection: Connection, key: tuple[str, int], unit: str, revisions: list[Revision]) -> None:
    """Replace the findings about several current revisions of a unit and about partial ones. ``key`` is their division
    and year."""
    from loader.filing.filed import Finding

    connection.execute(
        "delete from meta.finding where division_code = %s and fiscal_year = %s and disclosure_id = any(%s)"
        " and kind = any(%s)",
        (*key, [revision.disclosure_id for revision in revisions], list(REVISION_FINDINGS)),
    )
    current = [revision for revision in revisions if revision.is_current]
    if len(current) > 1:
        finding = Finding("undecided_revision", {"unit": unit, "revisions": [revision.number for revision in current]})
        for revision in current:
            add_finding(connection, key, revision.disclosure_id, finding)
    standing = [revision for revision in revisions if revision.is_part is not None]
    for part in [revision for revision in standing if revision.is_part]:
        forms, figures = max(each.forms for each in standing), max(each.figures for each in standing)
        finding = Finding(
            "partial_revision",
            {
                "unit": unit,
                "forms": part.forms,
                "figures": part.figures,
                "most_forms": forms,
                "most_figures": figures,
            },
        )
        add_finding(connection, key, part.disclosure_id, finding)


def withdraw(connection: Connection, division_code: str, disclosure_id: int) -> Identity | None:
    """Withdraw a disclosure: it stays in the warehouse but no longer counts, and earlier revisions count again.

    Returns its identity, None if there is no such disclosure.
    """
    row = connection.execute(
        "select fiscal_year, reporting_unit_code, reporting_unit_name, stage from budget.disclosure"
        " where division_code = %s and disclosure_id = %s",
        (division_code, disclosure_id),
    ).fetchone()
    if row is None:
        return None
    identity = Identity(division_code, row[0], row[1], row[2], row[3])
    lock(connection, identity)
    connection.execute(
        "update budget.disclosure set withdrawn_at = now() where division_code = %s and disclosure_id = %s",
        (division_code, disclosure_id),
    )
    settle_revisions(connection, [identity])
    settle_units(connection, division_code, identity.fiscal_year, [identity.reporting_unit_code])
    return identity
