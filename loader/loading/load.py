"""The entry point: load documents. They are read one by one, and stored together in groups."""

from __future__ import annotations

import hashlib
import time
import traceback
from pathlib import Path

import psycopg
from psycopg.errors import ProgramLimitExceeded

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.documents.grid import DocumentError
from loader.documents.limits import allow_for_cells
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.identify import NoForms
from loader.filing.identity import Identity
from loader.loading.options import Options
from loader.loading.prose import load_prose
from loader.loading.result import Result, reject
from loader.loading.store_group import Read, store_group
from loader.loading.trouble import DATABASE_ERRORS
from loader.warehouse.document import Source
from loader.warehouse.own_export import is_own_export
from loader.warehouse.unit_codes import is_provisional, official_code

MOST_CELLS = 50_000  # of the documents that wait, so that large ones are not kept in memory
PATIENCE = 5.0  # seconds after which no more documents are waited for


def load_content(connection: psycopg.Connection, content: bytes, file_name: str, options: Options) -> Result:
    """Load one document from memory, see :meth:`Loading.load`."""
    loading = Loading(connection)
    loading.load(content, file_name, options)
    (result,) = loading.results
    return result


class Loading:
    """Loads documents over a connection. A dry run does everything and then rolls back.

    A document that was read waits until there are ``group`` of them, which are stored in one transaction; if that
    fails, each is stored alone. So nothing depends on what it is stored with: a document whose reading or storing asks
    for something that a waiting one changes is preceded by the waiting ones.

    ``results``: of the documents that are done, in the order in which they were given; the caller takes them from here.
    An error of the database is raised, with the results so far; the documents that wait are lost.
    """

    def __init__(self, connection: psycopg.Connection, dry_run: bool = False, group: int = 1) -> None:
        self.results: list[Result] = []
        self._connection = connection
        self._dry_run = dry_run
        self._group = 1 if dry_run else group  # a dry run treats each document separately
        self._waiting: list[Read] = []
        self._begun = 0.0  # when the first of them was

    def load(self, content: bytes, file_name: str, options: Options, may_wait: bool = False) -> None:
        """Read a document, and store it as soon as its group is complete.

        Prose whose forms are not in the warehouse is rejected, or with ``may_wait`` deferred, see ``Result.waits``. An
        internal error rejects this document only.
        """
        begun = time.monotonic()
        content_hash = hashlib.sha256(content).hexdigest()
        try:
            one = self._read(content, content_hash, file_name, options, may_wait)
        except (*DATABASE_ERRORS, MemoryError):
            raise
        except Exception as error:
            self.store()
            one = self._rejected(error, file_name, options, content_hash)
        if isinstance(one, Result):
            one.seconds = time.monotonic() - begun
            self.results.append(one)
            return
        one.seconds = time.monotonic() - begun
        if not all(one.may_be_stored_with(other) for other in self._waiting):
            self.store()
        if not self._waiting:
            self._begun = begun
        self._waiting.append(one)
        if (
            one.is_alone
            or len(self._waiting) >= self._group
            or sum(waiting.cell_count for waiting in self._waiting) >= MOST_CELLS
            or time.monotonic() - self._begun >= PATIENCE
        ):
            self.store()

    def reject(self, file_name: str, options: Options, content_hash: str, reason: str) -> None:
        """Reject a document unread."""
        self.store()
        self.results.append(reject(self._connection, file_name, options, content_hash, reason, self._dry_run))

    def store(self) -> None:
        """Store the documents that wait."""
        waiting, self._waiting = self._waiting, []
        allow_for_cells(sum(one.cell_count for one in waiting))
        if len(waiting) > 1:
            try:
                self.results += self._stored(waiting)
                return
            except Exception:  # of any of them: then each alone, to learn of which
                if self._connection.closed:
                    raise
        for one in waiting:
            try:
                self.results += self._stored([one])
            except (*DATABASE_ERRORS, MemoryError):
                raise
            except Exception as error:
                rejected = self._rejected(error, one.file_name, one.options, one.source.content_hash)
                rejected.seconds = one.seconds
                self.results.append(rejected)

    def _read(
        self, content: bytes, content_hash: str, file_name: str, options: Options, may_wait: bool
    ) -> Read | Result:
        """A document to store, or the result of prose, which is attached at once."""
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
                self._official_code,
            )
        except NoForms as error:
            self.store()  # its forms may wait
            return load_prose(self._connection, document, source, options, self._dry_run, may_wait, error)
        return Read(options, source, [(disclosure, diagnosed_ledger(disclosure)) for disclosure in disclosures])

    def _official_code(self, identity: Identity) -> str | None:
        named = (waiting.known_names for waiting in self._waiting)
        if is_provisional(identity.reporting_unit_code) and any(identity.reporting_unit_name in one for one in named):
            self.store()
        return official_code(self._connection, identity)

    def _stored(self, documents: list[Read]) -> list[Result]:
        begun = time.monotonic()
        results = store_group(self._connection, documents, self._dry_run)
        for document, result in zip(documents, results, strict=True):
            result.seconds = document.seconds + (time.monotonic() - begun) / len(documents)
        return results

    def _rejected(self, error: Exception, file_name: str, options: Options, content_hash: str) -> Result:
        """The result of a document with this error."""
        trace = None
        if isinstance(error, DocumentError):
            reason = str(error)
            if not reason.startswith(file_name):
                reason = f"{file_name}: {reason}"
            if error.__cause__ is not None and not isinstance(error.__cause__, DocumentError):
                trace = "".join(traceback.format_exception(error))  # the unexpected error of a reader
        elif isinstance(error, (psycopg.DataError, psycopg.IntegrityError, ProgramLimitExceeded)):
            reason = f"{file_name}: rejected by the database: {error.diag.message_primary}"
        else:
            place = traceback.extract_tb(error.__traceback__)[-1]
            reason = (
                f"{file_name}: internal error at {Path(place.filename).name}:{place.lineno}; please report it with"
                " the document and the log (--log-file)"
            )
            trace = "".join(traceback.format_exception(error))
        result = reject(self._connection, file_name, options, content_hash, reason, self._dry_run)
        result.trace = trace
        return result
