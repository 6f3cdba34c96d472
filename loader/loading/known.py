"""Load a known document again without reading it."""

from __future__ import annotations

import re

import psycopg

from loader.loading.options import Options
from loader.loading.result import Result, finish, in_transaction, result_of
from loader.loading.supersede import rank_of
from loader.warehouse.store import store_again, stored_before

_YEAR = re.compile(r"(?<!\d)20[1-4]\d(?!\d)")


def is_known(connection: psycopg.Connection, options: Options, content_hash: str) -> bool:
    """Whether a document with this content was loaded before."""
    row = connection.execute(
        "select exists (select from budget.disclosure where division_code = %(division)s and content_hash = %(hash)s"
        " union all select from budget.attached_document"
        " where division_code = %(division)s and content_hash = %(hash)s)",
        {"division": options.division_code, "hash": content_hash},
    ).fetchone()
    return row == (True,)


def is_read(connection: psycopg.Connection, options: Options, content_hash: str) -> bool:
    """Whether a disclosure was read from a document with this content. A document that is only attached has none."""
    row = connection.execute(
        "select exists (select from budget.disclosure where division_code = %s and content_hash = %s)",
        (options.division_code, content_hash),
    ).fetchone()
    return row == (True,)


def load_known(
    connection: psycopg.Connection, content_hash: str, file_name: str, options: Options, dry_run: bool = False
) -> Result | None:
    """Load a document again without reading it; None if it must be read.

    It need not be read if its content is known, and neither the options nor the file name suggest another year or unit
    than it was loaded for.
    """
    rank = rank_of(connection, options)
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
        return finished(result_of(file_name, identities, stored))

    def finished(result: Result) -> Result:
        finish(connection, options.division_code, [(result, content_hash)], dry_run)
        return result

    if changes:
        return in_transaction(connection, write, dry_run)
    return finished(result_of(file_name, *zip(*known, strict=True)))
