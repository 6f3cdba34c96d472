"""Store documents together, in one transaction: all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import psycopg

from loader.documents.grid import DocumentError
from loader.loading.known import is_read
from loader.loading.options import Options
from loader.loading.result import Result, finish, in_transaction, result_of
from loader.loading.supersede import rank_of
from loader.warehouse.document import ReadDocument, Source
from loader.warehouse.reread import reread
from loader.warehouse.store import Stored, store
from loader.warehouse.strictness import MOST_REASONS, reasons_against
from loader.warehouse.unit_codes import link_units

if TYPE_CHECKING:
    from loader.filing.filed import FiledDisclosure
    from loader.ledger.lines import Ledger


@dataclass(slots=True)
class Read:
    """A document that was read in so many ``seconds``, to be stored."""

    options: Options
    source: Source
    disclosures: Sequence[tuple[FiledDisclosure, Ledger]]
    seconds: float = 0.0

    @property
    def file_name(self) -> str:
        return self.source.file_name

    @property
    def fiscal_years(self) -> list[int]:
        return sorted({filed.identity.fiscal_year for filed, _ in self.disclosures})

    @property
    def cell_count(self) -> int:
        return sum(len(form.cells) for filed, _ in self.disclosures for form in filed.forms)

    @property
    def unit_names(self) -> set[str]:
        """The names of the units that file."""
        return {filed.identity.reporting_unit_name for filed, _ in self.disclosures}

    @property
    def known_names(self) -> set[str]:
        """The names of the units that file, and of all that they name."""
        return self.unit_names.union(*(filed.unit_names.values() for filed, _ in self.disclosures))

    @property
    def is_partly_understood(self) -> bool:
        return any(finding.kind == "partly_understood" for filed, _ in self.disclosures for finding in filed.findings)

    @property
    def is_alone(self) -> bool:
        """Whether it is stored alone: it replaces what is stored, or what it is judged by depends on others."""
        return self.options.again or self.options.strict is not None

    def may_be_stored_with(self, other: Read) -> bool:
        """Whether neither changes what storing the other asks for. Documents of one unit are told by its code, those of
        a unit without a code by its name (``link_units``), and prose is held against the year before."""
        return (
            not (self.is_alone or other.is_alone)
            and self.fiscal_years == other.fiscal_years
            and self.source.content_hash != other.source.content_hash
            and self._unit_codes.isdisjoint(other._unit_codes)
            and self.unit_names.isdisjoint(other.unit_names)
        )

    @property
    def _unit_codes(self) -> set[str]:
        return {filed.identity.reporting_unit_code for filed, _ in self.disclosures}


def store_group(connection: psycopg.Connection, documents: Sequence[Read], dry_run: bool) -> list[Result]:
    """Store documents, none of which changes what storing another asks for: see ``Read.may_be_stored_with``."""
    years = documents[0].fiscal_years
    if not dry_run:
        for year in years:
            in_transaction(connection, partial(_ensure_year, connection, year))

    def write() -> list[Result]:
        for year in years if dry_run else ():
            _ensure_year(connection, year)
        results = _store(connection, documents)
        hashes = [document.source.content_hash for document in documents]
        finish(connection, documents[0].options.division_code, list(zip(results, hashes, strict=True)), dry_run)
        return results

    return in_transaction(connection, write, dry_run)


def _store(connection: psycopg.Connection, documents: Sequence[Read]) -> list[Result]:
    to_store = [
        ReadDocument(one.source, one.disclosures, one.options.published_on, rank_of(connection, one.options))
        for one in documents
    ]
    first, options = documents[0], documents[0].options
    changes: list[str] = []
    if options.again and is_read(connection, options, first.source.content_hash):
        again, changes = reread(connection, to_store[0])
        stored = [again]
    else:
        stored = store(connection, to_store)
    if options.strict is not None:
        _refuse_unsound(connection, options.division_code, stored[0], options.strict)
    results = []
    for one, document, of_one in zip(documents, to_store, stored, strict=True):
        result = result_of(one.file_name, document.identities, of_one)
        is_new = any(each.is_new for each in of_one)
        result.is_partly = is_new and one.is_partly_understood
        results.append(result)
    results[0].changes = changes
    linked = link_units(connection, options.division_code, set().union(*(one.known_names for one in documents)))
    for one, result in zip(documents, results, strict=True):
        for name in sorted(one.known_names & linked.keys()):
            result.changes += linked[name]
    return results


def _refuse_unsound(connection: psycopg.Connection, division_code: str, stored: list[Stored], severity: str) -> None:
    """DocumentError if new disclosures fail a rule or have a finding of this severity or higher; it undoes the caller's
    transaction."""
    ids = [one.disclosure_id for one in stored if one.is_new]
    reasons = reasons_against(connection, division_code, ids, severity) if ids else []
    if reasons:
        listed = reasons[:MOST_REASONS]
        if len(reasons) > MOST_REASONS:
            listed.append(f"and {len(reasons) - MOST_REASONS} more")
        raise DocumentError(f"does not pass --strict={severity}: {'; '.join(listed)}")


def _ensure_year(connection: psycopg.Connection, year: int) -> None:
    connection.execute("select meta.ensure_year(%s)", (year,))
