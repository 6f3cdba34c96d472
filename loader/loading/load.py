"""The front door: a document → its disclosures in the warehouse, whole or not at all."""

from __future__ import annotations

import datetime
import hashlib
import random
import re
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, ProgramLimitExceeded, SerializationFailure
from psycopg.rows import dict_row

from loader.documents.grid import DocumentError
from loader.documents.limits import allow_for_cells
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import Identity
from loader.ledger.lines import make_ledger
from loader.warehouse.store import Source, Stored, next_supersede_rank, store, store_again, stored_before

DIVISION = "430202"  # 株洲市荷塘区
TRIES = 6  # of a transaction that others get in the way of

Value = TypeVar("Value")

_YEAR = re.compile(r"(?<!\d)20[1-4]\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator says about a document.

    ``supersede_rank`` is that of the whole load, see ``store.next_supersede_rank``; without it a document that
    supersedes is a load of its own.
    """

    division_code: str = DIVISION
    fiscal_year: int | None = None
    unit_code: str | None = None
    published_on: datetime.date | None = None
    supersede: bool = False
    supersede_rank: int = 0
    source_address: str | None = None
    stage: str = "budget"


@dataclass(slots=True)
class Result:
    """What became of one document: an outcome for each disclosure in it, or the reason why it was rejected.

    ``trace`` is the traceback where the reason is an error of the program; ``seconds`` is the time it took;
    ``rolled_back`` holds what ``described`` would say of a load that was only tried.
    """

    file_name: str
    stored: list[tuple[str, int, Stored]] = field(default_factory=list)  # unit, year, outcome
    error: str | None = None
    trace: str | None = None
    seconds: float = 0.0
    rolled_back: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """loaded, revised, unchanged or rejected."""
        if self.error is not None:
            return "rejected"
        outcomes = {stored.outcome for _, _, stored in self.stored}
        return next(o for o in ("loaded", "revised", "unchanged") if o in outcomes)


def load_content(
    connection: psycopg.Connection, content: bytes, file_name: str, options: Options, dry_run: bool = False
) -> Result:
    """Load a document from memory. A dry run does all of it and then rolls it back."""
    content_hash = hashlib.sha256(content).hexdigest()
    try:
        document = read(content, file_name)
        allow_for_cells(sum(len(row.cells) for grid in document.grids for row in grid.rows))
        disclosures = file_disclosures(
            document, options.division_code, options.fiscal_year, options.unit_code, options.stage
        )
        ledgers = [make_ledger(disclosure) for disclosure in disclosures]
        source = Source(file_name, document.file_format, content_hash, len(content), options.source_address)

        year = disclosures[0].identity.fiscal_year
        if not dry_run:
            _in_transaction(connection, lambda: _ensure_year(connection, year))

        def write() -> Result:
            # a document with several disclosures is loaded whole or not at all
            if dry_run:
                _ensure_year(connection, year)
            pairs = list(zip(disclosures, ledgers, strict=True))
            stored = store(connection, source, pairs, options.published_on, _rank(connection, options))
            result = _result(file_name, [disclosure.identity for disclosure in disclosures], stored)
            return _finish(connection, options, result, content_hash, dry_run)

        return _in_transaction(connection, write, dry_run)
    except DocumentError as error:
        reason = str(error)
        if not reason.startswith(file_name):
            reason = f"{file_name}: {reason}"
        result = reject(connection, file_name, options, content_hash, reason, dry_run)
        if error.__cause__ is not None and not isinstance(error.__cause__, DocumentError):
            result.trace = "".join(traceback.format_exception(error))  # what a reader stumbled over
        return result
    except (psycopg.DataError, psycopg.IntegrityError, ProgramLimitExceeded) as error:
        reason = f"{file_name}: the database does not take it: {error.diag.message_primary}"
        return reject(connection, file_name, options, content_hash, reason, dry_run)


def is_known(connection: psycopg.Connection, options: Options, content_hash: str) -> bool:
    """Whether a document with this content was loaded before."""
    row = connection.execute(
        "select exists (select from budget.disclosure where division_code = %s and content_hash = %s)",
        (options.division_code, content_hash),
    ).fetchone()
    return row == (True,)


def load_known(
    connection: psycopg.Connection, content_hash: str, file_name: str, options: Options, dry_run: bool = False
) -> Result | None:
    """Load a document again without reading it, None where that does not do.

    It does where the content is known and neither the options nor the name of the file may speak of another year or
    unit than it was loaded for.
    """
    rank = _rank(connection, options)
    said = (file_name, options.source_address, options.published_on, rank)
    known, changes = stored_before(connection, options.division_code, content_hash, options.stage, *said)
    if not known:
        return None
    years = {identity.fiscal_year for identity, _ in known}
    units = {identity.reporting_unit_code for identity, _ in known}
    if options.fiscal_year is not None and years != {options.fiscal_year}:
        return None
    if options.unit_code is not None and options.unit_code not in units:
        return None
    if not set(map(int, _YEAR.findall(file_name))) <= years:
        return None
    identities = [identity for identity, _ in known]

    def write() -> Result:
        stored = store_again(connection, identities, content_hash, *said)
        return _finish(connection, options, _result(file_name, identities, stored), content_hash, dry_run)

    if changes:
        return _in_transaction(connection, write, dry_run)
    return _finish(connection, options, _result(file_name, *zip(*known, strict=True)), content_hash, dry_run)


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
    return _in_transaction(connection, lambda: _finish(connection, options, result, content_hash, dry_run), dry_run)


def describe(connection: psycopg.Connection, division_code: str, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Disclosures by their ids: revision, whether current, and how many forms, cells, differences
    (None where not current: only what counts is compared) and findings."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select d.disclosure_id, d.revision, d.is_current, d.form_count as forms, d.cell_count as cells,"
            " case when d.is_current then (select count(*) from report.comparison_result as c"
            " where c.division_code = d.division_code and c.fiscal_year = d.fiscal_year"
            " and c.disclosure_id = d.disclosure_id and c.status = 'differs') end as differs,"
            " (select count(*) from meta.finding as f where f.division_code = d.division_code"
            " and f.fiscal_year = d.fiscal_year and f.disclosure_id = d.disclosure_id) as findings"
            " from budget.disclosure as d where d.division_code = %s and d.disclosure_id = any(%s)",
            (division_code, list(ids)),
        ).fetchall()
    return {row["disclosure_id"]: row for row in rows}


def _rank(connection: psycopg.Connection, options: Options) -> int:
    return (options.supersede_rank or next_supersede_rank(connection)) if options.supersede else 0


def _result(file_name: str, identities: Sequence[Identity], stored: Sequence[Stored]) -> Result:
    pairs = zip(identities, stored, strict=True)
    return Result(file_name, [(identity.reporting_unit_code, identity.fiscal_year, one) for identity, one in pairs])


def _finish(
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


def _in_transaction(connection: psycopg.Connection, work: Callable[[], Value], undo: bool = False) -> Value:
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


def _ensure_year(connection: psycopg.Connection, year: int) -> None:
    connection.execute("select meta.ensure_year(%s)", (year,))
