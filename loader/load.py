"""The front door: a file → its disclosures in the warehouse, one transaction a disclosure."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from loader.file_disclosure import file_disclosures
from loader.grid import DocumentError
from loader.ledger import make_ledger
from loader.readers import read
from loader.readers.bundle import documents, is_bundle
from loader.store import Source, Stored, store

DIVISION = "430202"  # 株洲市荷塘区
MAX_FILE = 2**30  # bytes of a file that is read at all: a bundle of everything that a district publishes


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator says about the documents of a load."""

    division_code: str = DIVISION
    fiscal_year: int | None = None
    unit_code: str | None = None
    published_on: datetime.date | None = None
    supersede: bool = False
    stage: str = "budget"


@dataclass(slots=True)
class Result:
    """What became of one document: an outcome for each disclosure in it, or the reason why it was rejected."""

    file_name: str
    stored: list[tuple[str, int, Stored]] = field(default_factory=list)  # unit, year, outcome
    error: str | None = None

    @property
    def outcome(self) -> str:
        """loaded, revised, unchanged or rejected."""
        if self.error is not None:
            return "rejected"
        outcomes = {stored.outcome for _, _, stored in self.stored}
        return next(o for o in ("loaded", "revised", "unchanged") if o in outcomes)


def load_path(connection: psycopg.Connection, path: Path, options: Options) -> Iterator[Result]:
    """Load a document, or every document of a ZIP bundle, each on its own."""
    try:
        content = _content(path)
        if is_bundle(content):
            for name, document in documents(content, path.name):
                yield load_content(connection, document, name, options)
        else:
            yield load_content(connection, content, path.name, options)
    except DocumentError as error:
        yield _rejected(connection, Result(path.name), options, None, str(error))


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise DocumentError(f"{path}: larger than {MAX_FILE >> 20} MB, expected a disclosure")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror}") from None


def load_content(connection: psycopg.Connection, content: bytes, file_name: str, options: Options) -> Result:
    """Load a document from memory."""
    content_hash = hashlib.sha256(content).hexdigest()
    result = Result(file_name)
    try:
        document = read(content, file_name)
        disclosures = file_disclosures(
            document, options.division_code, options.fiscal_year, options.unit_code, options.stage
        )
        ledgers = [make_ledger(disclosure) for disclosure in disclosures]
        _ensure_year(connection, disclosures[0].identity.fiscal_year)
        source = Source(file_name, document.file_format, content_hash, len(content))
        with connection.transaction():
            # a document with several disclosures is loaded whole or not at all
            pairs = list(zip(disclosures, ledgers, strict=True))
            for disclosure, stored in zip(
                disclosures,
                store(connection, source, pairs, options.published_on, options.supersede),
                strict=True,
            ):
                identity = disclosure.identity
                result.stored.append((identity.reporting_unit_code, identity.fiscal_year, stored))
            _record(connection, options.division_code, result, content_hash)
    except DocumentError as error:
        reason = str(error)
        if not reason.startswith(file_name):
            reason = f"{file_name}: {reason}"
        return _rejected(connection, Result(file_name), options, content_hash, reason)
    return result


def _ensure_year(connection: psycopg.Connection, year: int) -> None:
    with connection.transaction():
        connection.execute("select meta.ensure_year(%s)", (year,))


def _rejected(
    connection: psycopg.Connection, result: Result, options: Options, content_hash: str | None, reason: str
) -> Result:
    result.error = reason
    with connection.transaction():
        _record(connection, options.division_code, result, content_hash)
    return result


def _record(connection: psycopg.Connection, division_code: str, result: Result, content_hash: str | None) -> None:
    connection.execute(
        "insert into meta.load (division_code, file_name, content_hash, outcome, message) values (%s, %s, %s, %s, %s)",
        (division_code, result.file_name, content_hash, result.outcome, result.error),
    )
