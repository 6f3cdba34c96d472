"""The entry point: load the disclosures of a document, whole or not at all."""

from __future__ import annotations

import hashlib
import traceback
from functools import partial

import psycopg
from psycopg.errors import ProgramLimitExceeded

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.documents.grid import DocumentError
from loader.documents.limits import allow_for_cells
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.identify import NoForms
from loader.filing.understood import partly_understood
from loader.loading.known import is_read
from loader.loading.options import Options
from loader.loading.prose import load_prose
from loader.loading.result import Result, finish, in_transaction, reject, result_of
from loader.loading.supersede import rank_of
from loader.warehouse.document import Source
from loader.warehouse.own_export import is_own_export
from loader.warehouse.reread import reread
from loader.warehouse.store import Stored, store
from loader.warehouse.strictness import MOST_REASONS, reasons_against
from loader.warehouse.unit_codes import link_units, official_code


def load_content(
    connection: psycopg.Connection,
    content: bytes,
    file_name: str,
    options: Options,
    dry_run: bool = False,
    may_wait: bool = False,
) -> Result:
    """Load a document from memory. A dry run does everything and then rolls back.

    Prose whose forms are not in the warehouse is rejected, or with ``may_wait`` deferred, see ``Result.waits``.
    """
    content_hash = hashlib.sha256(content).hexdigest()
    try:
        document = read(content, file_name)
        allow_for_cells(sum(len(row.cells) for grid in document.grids for row in grid.rows))
        source = Source(
            file_name,
            document.file_format,
            content_hash,
            len(content),
            options.source_address,
            is_own_export(document),
        )
        try:
            disclosures = file_disclosures(
                document,
                options.division_code,
                options.fiscal_year,
                options.unit_code,
                options.stage,
                lambda identity: official_code(connection, identity),
            )
        except NoForms as error:
            return load_prose(connection, document, source, options, dry_run, may_wait, error)
        ledgers = [diagnosed_ledger(disclosure) for disclosure in disclosures]
        years = sorted({disclosure.identity.fiscal_year for disclosure in disclosures})
        if not dry_run:
            for year in years:
                in_transaction(connection, partial(_ensure_year, connection, year))

        def write() -> Result:
            # a document with several disclosures is loaded whole or not at all
            for year in years if dry_run else ():
                _ensure_year(connection, year)
            pairs = list(zip(disclosures, ledgers, strict=True))
            said = (options.published_on, rank_of(connection, options))
            if options.again and is_read(connection, options, content_hash):
                stored, changes = reread(connection, source, pairs, *said)
            else:
                stored, changes = store(connection, source, pairs, *said), []
            if options.strict is not None:
                _refuse_unsound(connection, options.division_code, stored, options.strict)
            result = result_of(file_name, [disclosure.identity for disclosure in disclosures], stored)
            for identity in sorted((one.identity for one in disclosures), key=lambda one: one.reporting_unit_name):
                changes += link_units(connection, identity)
            result.changes = changes
            is_new = any(one.outcome in ("loaded", "revised", "reread") for one in stored)
            result.is_partly = is_new and any(map(partly_understood, disclosures))
            return finish(connection, options, result, content_hash, dry_run)

        return in_transaction(connection, write, dry_run)
    except DocumentError as error:
        reason = str(error)
        if not reason.startswith(file_name):
            reason = f"{file_name}: {reason}"
        result = reject(connection, file_name, options, content_hash, reason, dry_run)
        if error.__cause__ is not None and not isinstance(error.__cause__, DocumentError):
            result.trace = "".join(traceback.format_exception(error))  # the unexpected error of a reader
        return result
    except (psycopg.DataError, psycopg.IntegrityError, ProgramLimitExceeded) as error:
        reason = f"{file_name}: rejected by the database: {error.diag.message_primary}"
        return reject(connection, file_name, options, content_hash, reason, dry_run)


def _refuse_unsound(connection: psycopg.Connection, division_code: str, stored: list[Stored], severity: str) -> None:
    """DocumentError if new disclosures fail a rule or have a finding of this severity; it undoes the caller's
    transaction."""
    ids = [one.disclosure_id for one in stored if one.outcome in ("loaded", "revised", "reread")]
    reasons = reasons_against(connection, division_code, ids, severity) if ids else []
    if reasons:
        listed = reasons[:MOST_REASONS]
        if len(reasons) > MOST_REASONS:
            listed.append(f"and {len(reasons) - MOST_REASONS} more")
        raise DocumentError(f"does not pass --strict={severity}: {'; '.join(listed)}")


def _ensure_year(connection: psycopg.Connection, year: int) -> None:
    connection.execute("select meta.ensure_year(%s)", (year,))
