"""The result of loading one document, and its record in the warehouse."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure
from psycopg.rows import dict_row

from loader.filing.identity import Identity
from loader.loading.options import Options
from loader.warehouse.store import Stored
from schema.codes.finding_kinds import PRINTED_BY_LOAD

TRIES = 6  # attempts of a transaction that conflicts with others

Value = TypeVar("Value")


@dataclass(slots=True)
class Result:
    """The result of loading one document: an outcome for each of its disclosures, or the reason of the rejection.

    ``is_partly``: most of its tables were not understood. ``waits``: it is prose whose forms may still come, so nothing
    was recorded. ``changes``: what reading it again changed. ``trace``: the traceback of an internal error.
    ``seconds``: the time it took. ``rolled_back``: what ``describe`` returned before a dry run was rolled back.
    """

    file_name: str
    stored: list[tuple[str, int, Stored]] = field(default_factory=list)  # unit, year, outcome
    error: str | None = None
    trace: str | None = None
    is_partly: bool = False
    waits: bool = False
    changes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    rolled_back: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """loaded, revised, reread, restored, attached, partly, unchanged or rejected."""
        if self.error is not None:
            return "rejected"
        if self.is_partly:
            return "partly"
        outcomes = {stored.outcome for _, _, stored in self.stored}
        return next(o for o in ("loaded", "revised", "reread", "restored", "attached", "unchanged") if o in outcomes)


def result_of(file_name: str, identities: Sequence[Identity], stored: Sequence[Stored]) -> Result:
    pairs = zip(identities, stored, strict=True)
    return Result(file_name, [(identity.reporting_unit_code, identity.fiscal_year, one) for identity, one in pairs])


# report.finding composes messages only for the kinds that load prints
_DESCRIBED = """
    select
        disclosure.disclosure_id,
        disclosure.stage,
        disclosure.revision,
        disclosure.is_current,
        disclosure.form_count as forms,
        disclosure.cell_count as cells,
        case
            when disclosure.is_current then (
                select coalesce(sum(counted.cell_count_differs), 0)::bigint
                from internal.comparison_count as counted
                where counted.division_code = disclosure.division_code
                    and counted.fiscal_year = disclosure.fiscal_year
                    and counted.disclosure_id = disclosure.disclosure_id
            )
        end as differs,
        found.*
    from budget.disclosure as disclosure
    cross join lateral (
        select
            count(*) as findings,
            coalesce(
                array_agg(finding.message_en order by finding.finding_no)
                    filter (where finding.kind = any(%(incomplete)s)),
                '{}'
            ) as incomplete,
            coalesce(
                array_agg(finding.message_en order by finding.finding_no)
                    filter (where finding.kind = any(%(in_doubt)s)),
                '{}'
            ) as in_doubt,
            min(finding.message_en) filter (where finding.kind = any(%(kept_only)s)) as kept_only,
            count(*) filter (where finding.kind = any(%(without_money_unit)s)) as without_money_unit
        from report.finding as finding
        where finding.division_code = disclosure.division_code
            and finding.fiscal_year = disclosure.fiscal_year
            and finding.disclosure_id = disclosure.disclosure_id
    ) as found
    where disclosure.division_code = %(division)s
        and disclosure.disclosure_id = any(%(ids)s)
"""


def describe(connection: psycopg.Connection, division_code: str, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Disclosures by id: stage, revision, whether current, numbers of forms, cells, differences (None if not current,
    since only current disclosures are compared) and findings, the messages that the document is incomplete, in doubt or
    only stored, and the number of forms without a money unit."""
    kinds = {name: list(kinds) for name, kinds in PRINTED_BY_LOAD.items()}
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_DESCRIBED, {"division": division_code, "ids": list(ids), **kinds}).fetchall()
    return {row["disclosure_id"]: row for row in rows}


def reject(
    connection: psycopg.Connection,
    file_name: str,
    options: Options,
    content_hash: str | None,
    reason: str,
    dry_run: bool = False,
) -> Result:
    """Record that a document was rejected."""
    result = Result(file_name, error=reason)

    def write() -> None:
        finish(connection, options.division_code, [(result, content_hash)], dry_run)

    in_transaction(connection, write, dry_run)
    return result


def finish(
    connection: psycopg.Connection,
    division_code: str,
    results: Sequence[tuple[Result, str | None]],
    dry_run: bool,
) -> None:
    """The last step of a transaction: record the results, each with the hash of its document; in a dry run describe
    them before they are rolled back."""
    if dry_run:
        for result, _ in results:
            ids = [stored.disclosure_id for _, _, stored in result.stored]
            result.rolled_back = describe(connection, division_code, ids)
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into meta.load (division_code, file_name, content_hash, outcome, message)"
            " values (%s, %s, %s, %s, %s)",
            [
                (division_code, result.file_name, content_hash, result.outcome, result.error)
                for result, content_hash in results
            ],
        )


def in_transaction(connection: psycopg.Connection, work: Callable[[], Value], undo: bool = False) -> Value:
    """Do the work in a transaction of its own; repeat it after a conflict with another transaction."""
    for tries_left in reversed(range(TRIES)):
        try:
            with connection.transaction(force_rollback=undo):
                return work()
        except (DeadlockDetected, SerializationFailure):
            if not tries_left:
                raise
            time.sleep(random.uniform(0.01, 0.2))
    raise AssertionError("unreachable")
