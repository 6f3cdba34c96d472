"""What became of one document, and the record of it in the warehouse."""

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

TRIES = 6  # of a transaction that others get in the way of

Value = TypeVar("Value")


@dataclass(slots=True)
class Result:
    """What became of one document: an outcome for each disclosure in it, or the reason why it was rejected.

    ``is_partly``: most of its tables were not understood; ``waits``: it is prose whose forms may still come, so nothing
    was recorded; ``changes``: what reading it anew changed. ``trace`` is the traceback where the reason is an error of
    the program; ``seconds`` is the time it took; ``rolled_back`` holds what ``described`` would say of a load that was
    only tried.
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
        """loaded, revised, reread, attached, partly, unchanged or rejected."""
        if self.error is not None:
            return "rejected"
        if self.is_partly:
            return "partly"
        outcomes = {stored.outcome for _, _, stored in self.stored}
        return next(o for o in ("loaded", "revised", "reread", "attached", "unchanged") if o in outcomes)


def result_of(file_name: str, identities: Sequence[Identity], stored: Sequence[Stored]) -> Result:
    pairs = zip(identities, stored, strict=True)
    return Result(file_name, [(identity.reporting_unit_code, identity.fiscal_year, one) for identity, one in pairs])


def describe(connection: psycopg.Connection, division_code: str, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Disclosures by their ids: revision, whether current, and how many forms, cells, differences
    (None if not current: only what counts is compared) and findings, what says that the document breaks off,
    is in doubt or has forms that are only kept, and how many forms are without a money unit."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select d.disclosure_id, d.stage, d.revision, d.is_current, d.form_count as forms, d.cell_count as cells,"
            " case when d.is_current then (select coalesce(sum(c.cell_count_differs), 0)::bigint"
            " from internal.comparison_count as c"
            " where c.division_code = d.division_code and c.fiscal_year = d.fiscal_year"
            " and c.disclosure_id = d.disclosure_id) end as differs,"
            " (select count(*) from meta.finding as f where f.division_code = d.division_code"
            " and f.fiscal_year = d.fiscal_year and f.disclosure_id = d.disclosure_id) as findings,"
            " array(select f.message_en from report.finding as f where f.division_code = d.division_code"
            " and f.fiscal_year = d.fiscal_year and f.disclosure_id = d.disclosure_id"
            " and f.kind in ('incomplete', 'forms_cut_off') order by f.finding_no) as incomplete,"
            " array(select f.message_en from report.finding as f where f.division_code = d.division_code"
            " and f.fiscal_year = d.fiscal_year and f.disclosure_id = d.disclosure_id"
            " and f.kind in ('year_overruled', 'implausible_total', 'implausibly_small')"
            " order by f.finding_no) as in_doubt,"
            " (select f.message_en from report.finding as f where f.division_code = d.division_code"
            " and f.fiscal_year = d.fiscal_year and f.disclosure_id = d.disclosure_id"
            " and f.kind = 'kept_only') as kept_only,"
            " (select count(*) from meta.finding as f where f.division_code = d.division_code"
            " and f.fiscal_year = d.fiscal_year and f.disclosure_id = d.disclosure_id"
            " and f.kind = 'money_unit_assumed') as without_money_unit"
            " from budget.disclosure as d where d.division_code = %s and d.disclosure_id = any(%s)",
            (division_code, list(ids)),
        ).fetchall()
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
    return in_transaction(connection, lambda: finish(connection, options, result, content_hash, dry_run), dry_run)


def finish(
    connection: psycopg.Connection, options: Options, result: Result, content_hash: str | None, dry_run: bool
) -> Result:
    """The last step of a transaction: what happened is recorded, or described where it will be undone."""
    if dry_run:
        ids = [stored.disclosure_id for _, _, stored in result.stored]
        result.rolled_back = describe(connection, options.division_code, ids)
    else:
        connection.execute(
            "insert into meta.load (division_code, file_name, content_hash, outcome, message)"
            " values (%s, %s, %s, %s, %s)",
            (options.division_code, result.file_name, content_hash, result.outcome, result.error),
        )
    return result


def in_transaction(connection: psycopg.Connection, work: Callable[[], Value], undo: bool = False) -> Value:
    """Do the work in a transaction of its own, again where another transaction stood in its way."""
    for tries_left in reversed(range(TRIES)):
        try:
            with connection.transaction(force_rollback=undo):
                return work()
        except (DeadlockDetected, SerializationFailure):
            if not tries_left:
                raise
            time.sleep(random.uniform(0.01, 0.2))
    raise AssertionError("unreachable")
