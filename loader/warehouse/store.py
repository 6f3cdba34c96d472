"""Write the disclosures of documents with their ledgers, all or none, in the caller's transaction."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import Connection

from loader.filing.identity import Identity
from loader.warehouse.attached import attach, same_disclosure
from loader.warehouse.disclosure_rows import write_rows
from loader.warehouse.document import ENTER_DOCUMENT, ReadDocument
from loader.warehouse.release import release
from loader.warehouse.revisions import by_year, group_of, lock, settle_revisions
from loader.warehouse.statistics import analyze_new_years
from loader.warehouse.units import refuse_another_unit, settle_units

if TYPE_CHECKING:
    from loader.filing.filed import FiledDisclosure
    from loader.ledger.lines import Ledger


@dataclass(frozen=True, slots=True)
class Stored:
    """The result of storing a disclosure: ``loaded``, ``revised``, ``unchanged``, ``attached`` (its document prints a
    known disclosure in another format), ``restored`` (it had been withdrawn), or ``reread`` (read again with another
    result)."""

    outcome: str
    disclosure_id: int
    revision: int
    is_current: bool

    @property
    def is_new(self) -> bool:
        """Whether what the document says was not in the warehouse."""
        return self.outcome in ("loaded", "revised", "reread")


def store(connection: Connection, documents: Sequence[ReadDocument]) -> list[list[Stored]]:
    """Write the disclosures of documents, compare them with the rebuilt forms, and settle current revisions and unit
    names. Returns the results of each document.

    All are of one division, and no two documents of the same unit. Known content changes nothing. DocumentError if
    another unit has the same code in that year.
    """
    identities = sorted({identity for document in documents for identity in document.identities}, key=group_of)
    # all loads lock in the same order: disclosures, then units
    for identity in identities:
        lock(connection, identity)
    filed_before = {group for _, of_year in by_year(identities) for group in _with_disclosures(connection, of_year)}
    known = [
        [
            _stored_before(connection, document, filed) if group_of(filed.identity)[:3] in filed_before else None
            for filed, _ in document.disclosures
        ]
        for document in documents
    ]
    new = [
        (document, filed, ledger)
        for document, of_one in zip(documents, known, strict=True)
        for (filed, ledger), one in zip(document.disclosures, of_one, strict=True)
        if one is None
    ]
    stored = iter(_store_new(connection, new))
    for (division_code, fiscal_year), of_year in by_year(identities):
        units = [identity.reporting_unit_code for identity in of_year]
        settle_units(connection, division_code, fiscal_year, units)
    return [[one or next(stored) for one in of_one] for of_one in known]


_New = tuple[ReadDocument, "FiledDisclosure", "Ledger"]


def _store_new(connection: Connection, disclosures: Sequence[_New]) -> list[Stored]:
    """Write disclosures, and decide which are current."""
    written = _enter(connection, disclosures)
    rows = [
        ((filed.identity.division_code, filed.identity.fiscal_year, disclosure_id), filed, ledger)
        for (disclosure_id, _), (_, filed, ledger) in zip(written, disclosures, strict=True)
    ]
    write_rows(connection, rows)
    analyze_new_years(connection, sorted({filed.identity.fiscal_year for _, filed, _ in disclosures}))
    identities = sorted((filed.identity for _, filed, _ in disclosures), key=group_of)
    current = {one for _, of_year in by_year(identities) for one in settle_revisions(connection, of_year)}
    return [
        Stored("loaded" if revision == 1 else "revised", disclosure_id, revision, disclosure_id in current)
        for disclosure_id, revision in written
    ]


def _with_disclosures(connection: Connection, identities: Sequence[Identity]) -> list[tuple[str, int, str]]:
    """Division, year and code of the units, all of one year, of which it has a disclosure."""
    division_code, fiscal_year, *_ = group_of(identities[0])
    return connection.execute(
        "select division_code, fiscal_year, reporting_unit_code from budget.disclosure"
        " where division_code = %s and fiscal_year = %s and reporting_unit_code = any(%s)",
        (division_code, fiscal_year, [identity.reporting_unit_code for identity in identities]),
    ).fetchall()


def _stored_before(connection: Connection, document: ReadDocument, filed: FiledDisclosure) -> Stored | None:
    """The disclosure in the warehouse that the document has the content of, or prints in another format; None if it has
    a new one. DocumentError if another unit has its code."""
    source, identity = document.source, filed.identity
    said = document.published_on, document.supersede_rank
    known = _same_content(connection, source.content_hash, identity)
    if known is not None:
        _describe_document(connection, identity.division_code, source.content_hash, source.file_name, source.address)
        return load_again(connection, identity, known, *said)[0]
    if not document.supersede_rank:
        refuse_another_unit(connection, filed)
    same = same_disclosure(connection, source, filed)
    if same is None:
        return None
    attach(connection, source, filed, same)
    return load_again(connection, identity, Stored("attached", *same), *said)[0]


def _same_content(connection: Connection, content_hash: str, identity: Identity) -> Stored | None:
    row = connection.execute(
        """
        select
            disclosure_id,
            revision,
            is_current
        from budget.disclosure as d
        where division_code = %s
            and fiscal_year = %s
            and reporting_unit_code = %s
            and stage = %s
            and (
                content_hash = %s
                or exists (
                    select
                    from budget.attached_document as a
                    where a.content_hash = %s
                        and a.division_code = d.division_code
                        and a.disclosure_id = d.disclosure_id
                )
            )
        """,
        (*group_of(identity), content_hash, content_hash),
    ).fetchone()
    return Stored("unchanged", *row) if row else None


def stored_before(
    connection: Connection,
    division_code: str,
    content_hash: str,
    stage: str | None,
    file_name: str,
    address: str | None = None,
    published_on: datetime.date | None = None,
    supersede_rank: int = 0,
) -> tuple[list[tuple[Identity, Stored]], bool]:
    """The stored disclosures of a document with this content, none if it is new; and whether ``store_again`` would
    change something."""
    rows = connection.execute(
        """
        with known as (
            select division_code, document_id, disclosure_id
            from budget.disclosure
            where content_hash = %(hash)s
            union all
            select division_code, document_id, disclosure_id
            from budget.attached_document
            where content_hash = %(hash)s
        )

        select
            d.fiscal_year, d.reporting_unit_code, d.reporting_unit_name, d.stage, d.disclosure_id, d.revision,
            d.is_current,
            d.withdrawn_at is not null
                or d.supersede_rank < %(rank)s
                or d.published_on is distinct from coalesce(%(published_on)s, d.published_on)
                or o.file_name > %(name)s
                or o.source_address is distinct from coalesce(%(address)s, o.source_address)
        from known
        join budget.document as o using (division_code, document_id)
        join budget.disclosure as d using (division_code, disclosure_id)
        where d.division_code = %(division)s and (%(stage)s::text is null or d.stage = %(stage)s)
        order by d.fiscal_year, d.reporting_unit_code
        """,
        {
            "division": division_code,
            "hash": content_hash,
            "stage": stage,
            "name": file_name,
            "address": address,
            "published_on": published_on,
            "rank": supersede_rank,
        },
    ).fetchall()
    known = [
        (Identity(division_code, year, code, name, of_stage), Stored("unchanged", disclosure_id, revision, is_current))
        for year, code, name, of_stage, disclosure_id, revision, is_current, _ in rows
    ]
    return known, any(row[-1] for row in rows)


def store_again(
    connection: Connection,
    identities: Sequence[Identity],
    content_hash: str,
    file_name: str,
    address: str | None = None,
    published_on: datetime.date | None = None,
    supersede_rank: int = 0,
) -> list[Stored]:
    """Load the disclosures of a known document again, by its content alone: see ``stored_before``."""
    for identity in sorted(identities, key=group_of):
        lock(connection, identity)
    stored = []
    changed = []
    for identity in identities:
        known = _same_content(connection, content_hash, identity)
        assert known is not None  # nothing is ever deleted
        again, has_changed = load_again(connection, identity, known, published_on, supersede_rank)
        stored.append(again)
        if has_changed:
            changed.append(identity)
    for division_code, year in sorted({group_of(identity)[:2] for identity in changed}):
        units = [identity.reporting_unit_code for identity in changed if identity.fiscal_year == year]
        settle_units(connection, division_code, year, units)
    _describe_document(connection, identities[0].division_code, content_hash, file_name, address)
    return stored


def _describe_document(
    connection: Connection, division_code: str, content_hash: str, file_name: str, address: str | None
) -> None:
    """A document found under several names keeps the first of them in order; the latest address wins."""
    connection.execute(
        """
        update budget.document set
            file_name = least(file_name, %(name)s),
            source_address = coalesce(%(address)s, source_address)
        where division_code = %(division)s
            and content_hash = %(hash)s
            and (file_name > %(name)s or source_address is distinct from coalesce(%(address)s, source_address))
        """,
        {"division": division_code, "hash": content_hash, "name": file_name, "address": address},
    )


def load_again(
    connection: Connection,
    identity: Identity,
    known: Stored,
    published_on: datetime.date | None,
    supersede_rank: int,
) -> tuple[Stored, bool]:
    """Load a known document again. Returns also whether that changed anything: a date, --supersede, or an undone
    withdrawal does."""
    changed = connection.execute(
        """
        update budget.disclosure as d set
            withdrawn_at = null,
            published_on = coalesce(%(published_on)s, d.published_on),
            supersede_rank = greatest(d.supersede_rank, %(rank)s)
        from budget.disclosure as before
        where d.division_code = %(division)s
            and d.disclosure_id = %(disclosure)s
            and before.division_code = d.division_code
            and before.disclosure_id = d.disclosure_id
            and (
                d.withdrawn_at is not null
                or d.supersede_rank < %(rank)s
                or d.published_on is distinct from coalesce(%(published_on)s, d.published_on)
            )
        returning before.withdrawn_at is not null
        """,
        {
            "division": identity.division_code,
            "disclosure": known.disclosure_id,
            "published_on": published_on,
            "rank": supersede_rank,
        },
    ).fetchone()
    if changed is None:
        return known, False
    current = settle_revisions(connection, [identity])
    outcome = "restored" if changed == (True,) and known.outcome in ("unchanged", "attached") else known.outcome
    return Stored(outcome, known.disclosure_id, known.revision, known.disclosure_id in current), True


def _enter(connection: Connection, disclosures: Sequence[_New]) -> list[tuple[int, int]]:
    """Enter disclosures, none of them current yet, with their documents. Returns their ids and revisions."""
    if not disclosures:
        return []
    with connection.cursor() as cursor:
        cursor.executemany(_ENTER, [_row_of(*each) for each in disclosures], returning=True)
        entered = cursor.fetchall()
        while cursor.nextset():
            entered += cursor.fetchall()
    return entered


_ENTER = f"""
    with document as ({ENTER_DOCUMENT})

    insert into budget.disclosure (
        division_code, fiscal_year, reporting_unit_code, stage, reporting_unit_name, form_set_id,
        revision, is_current, published_on, supersede_rank, document_id, content_hash, form_count,
        cell_count, is_rounded, coarse_forms, known_form_count, figure_count, read_by,
        cover_unit_code, cover_unit_name, cover_year, cover_stage
    )
    select
        %(division)s, %(year)s, %(unit)s, %(stage)s, %(unit_name)s, %(form_set)s,
        (
            select coalesce(max(revision), 0) + 1
            from budget.disclosure
            where division_code = %(division)s
                and fiscal_year = %(year)s
                and reporting_unit_code = %(unit)s
                and stage = %(stage)s
        ),
        false, %(published_on)s, %(rank)s, document_id, %(hash)s, %(forms)s, %(cells)s, %(rounded)s,
        %(coarse)s::smallint[], %(known_forms)s, %(figures)s, %(read_by)s,
        %(cover_code)s, %(cover_name)s, %(cover_year)s, %(cover_stage)s
    from document
    returning disclosure_id, revision
"""


def _row_of(document: ReadDocument, filed: FiledDisclosure, ledger: Ledger) -> dict[str, object]:
    return (
        document.source.parameters(filed.identity.division_code)
        | as_read(filed, ledger)
        | {"published_on": document.published_on or filed.published_on, "rank": document.supersede_rank}
    )


def as_read(filed: FiledDisclosure, ledger: Ledger) -> dict[str, object]:
    """What the row of a disclosure says of its document as this release reads it."""
    identity, cover = filed.identity, filed.cover
    return {
        "division": identity.division_code,
        "year": identity.fiscal_year,
        "unit": identity.reporting_unit_code,
        "stage": identity.stage,
        "unit_name": identity.reporting_unit_name,
        "form_set": filed.form_set_id,
        "forms": len(filed.forms),
        "cells": sum(len(form.cells) for form in filed.forms),
        "rounded": ledger.is_rounded,
        "coarse": sorted(ledger.coarse_forms),
        "known_forms": filed.known_form_count,
        "figures": filed.figure_count,
        "read_by": release(),
        "cover_code": cover.unit_code,
        "cover_name": cover.unit_name,
        "cover_year": cover.fiscal_year,
        "cover_stage": cover.stage,
    }
