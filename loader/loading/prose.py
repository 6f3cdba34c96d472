"""Attach prose to its forms: prose in one file and forms in another are two documents of one disclosure."""

from __future__ import annotations

import psycopg

from loader.documents.grid import Document, DocumentError
from loader.filing.identification.identify import NoForms
from loader.filing.identification.prose_owner import SeveralOffices
from loader.filing.identity import Identity
from loader.filing.office_names import name_in_one_spelling
from loader.filing.prose.file_prose import Prose, file_prose
from loader.loading.options import Options
from loader.loading.result import Result, finish, in_transaction, result_of
from loader.warehouse.attached import attach_prose
from loader.warehouse.document import Source
from loader.warehouse.store import Stored


def load_prose(
    connection: psycopg.Connection,
    document: Document,
    source: Source,
    options: Options,
    dry_run: bool,
    may_wait: bool,
    without_forms: NoForms,
) -> Result:
    """Attach a document without forms to the disclosure that it is about.

    If the document states nothing, ``without_forms`` is raised again. If the disclosure is not in the warehouse, the
    document waits for it (nothing is recorded) if it ``may_wait``; otherwise DocumentError, as for prose of several
    offices.
    """
    try:
        prose = file_prose(document, options.fiscal_year, options.unit_code, options.stage)
    except SeveralOffices:
        raise
    except DocumentError:  # its year is unknown
        prose = None
    if prose is None:
        raise without_forms
    known = _known(connection, options.division_code, prose)
    if len(known) != 1:
        reason = _reason(document.file_name, prose, [identity for identity, _ in known])
        if may_wait and not known:
            return Result(document.file_name, error=reason, waits=True)
        raise DocumentError(reason)
    ((identity, stored),) = known

    def write() -> Result:
        key = (identity.division_code, identity.fiscal_year, stored.disclosure_id)
        attach_prose(connection, source, key, prose.facts)
        result = result_of(document.file_name, [identity], [stored])
        finish(connection, options.division_code, [(result, source.content_hash)], dry_run)
        return result

    return in_transaction(connection, write, dry_run)


def _known(connection: psycopg.Connection, division_code: str, prose: Prose) -> list[tuple[Identity, Stored]]:
    """The current disclosures that the prose may be about."""
    owner = prose.owner
    rows = connection.execute(
        "select d.reporting_unit_code, d.reporting_unit_name, d.disclosure_id, d.revision"
        " from budget.disclosure as d join budget.counted_disclosure as counted"
        " using (division_code, fiscal_year, disclosure_id)"
        " where d.division_code = %s and d.fiscal_year = %s and d.stage = %s order by d.reporting_unit_code",
        (division_code, owner.fiscal_year, owner.stage.value),
    ).fetchall()
    return [
        (
            Identity(division_code, owner.fiscal_year, code, name, owner.stage.value),
            Stored("attached", disclosure_id, revision, True),
        )
        for code, name, disclosure_id, revision in rows
        if (
            code == owner.unit_code
            if owner.unit_code
            else name_in_one_spelling(name) == name_in_one_spelling(owner.unit_name or "")
        )
    ]


def _reason(file_name: str, prose: Prose, units: list[Identity]) -> str:
    owner = prose.owner
    if units:
        codes = ", ".join(identity.reporting_unit_code for identity in units)
        return (
            f"{file_name}: only prose of {owner.unit_name}, no forms; the units {codes} have this name, choose one with"
            " --unit"
        )
    unit = owner.unit_code or owner.unit_name or "an unnamed unit (give it with --unit)"
    return (
        f"{file_name}: none of the official forms found, only prose of {unit} for {owner.fiscal_year}; expected its"
        " forms in the warehouse or in the same load"
    )
