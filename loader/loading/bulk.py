"""Load many documents: known content is skipped, the rest is given to worker processes, one document at a time.

Each worker has its own connection and does all the work for its document. Documents are started in the given order, but
the resulting warehouse does not depend on it. This process never reads a document itself: a document that crashes its
reader crashes a worker, which is replaced.
"""

from __future__ import annotations

import gc
import hashlib
import os
import time
import traceback
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg.errors import InsufficientPrivilege, ReadOnlySqlTransaction

from loader.documents.grid import DocumentError
from loader.documents.limits import allow_for_bytes
from loader.documents.regular_file import open_regular, read_regular
from loader.loading.folder import Found
from loader.loading.known import is_known, load_known
from loader.loading.options import Options
from loader.loading.result import Result, reject
from loader.loading.unpack import MAX_FILE, Bundles
from loader.loading.workers import Died, Workers
from loader.warehouse.connection import open_connection
from loader.warehouse.server_error import ServerError
from loader.warehouse.statistics import refresh_statistics

TICK = 0.2  # seconds between ticks without a result
TIME_LIMIT = 900.0  # seconds for one document, including waiting; scanned ones take minutes
MAX_DOCUMENT = 2**28  # bytes of one document; bundles may be larger
_PIECE = 2**20  # bytes hashed at a time

_DATABASE_ERRORS = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    InsufficientPrivilege,
    ReadOnlySqlTransaction,
    ServerError,
)


@dataclass(frozen=True, slots=True)
class _Task:
    """A document to read and load: a file, or the content of a file in a bundle."""

    name: str
    source: Path | bytes
    content_hash: str
    options: Options
    may_wait: bool = True  # for its forms, if it contains only prose


@dataclass(frozen=True, slots=True)
class _Trouble:
    """The database failed during a document; the load ends."""

    message: str


class DatabaseTrouble(Exception):
    """The database failed during a load. Each document is still loaded whole or not at all."""


@dataclass
class BulkLoad:
    """A load of many documents. Iterating gives the results as they come, and None for each tick without one.

    ``connection`` belongs to the caller; the workers connect to ``url``, the same database. DatabaseTrouble is raised
    after the documents in progress have ended.
    """

    connection: psycopg.Connection
    url: str
    files: list[tuple[Found, Options]]
    jobs: int = 1
    dry_run: bool = False
    time_limit: float = TIME_LIMIT
    not_begun: int = field(init=False)
    _stopped: bool = field(default=False, init=False)
    _first_options: dict[str, tuple[str, Options]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.not_begun = len(self.files)

    def stop(self) -> None:
        """Start no more documents; those in progress are finished."""
        self._stopped = True

    def __iter__(self) -> Iterator[Result | None]:
        items = self._items()
        waiting: list[_Task] = []  # prose whose forms may come with a later document
        trouble: str | None = None
        workers: Workers[_Task, Result | _Trouble] = Workers(
            self.jobs, partial(_Loader, self.url, self.dry_run), self.time_limit
        )
        try:
            while True:
                item: _Task | Result | None = None
                if workers.has_room and trouble is None:
                    try:
                        item = next(items, None)
                        if item is None and waiting and not workers.busy and not self._stopped:
                            item = replace(waiting.pop(), may_wait=False)
                    except _DATABASE_ERRORS as error:
                        trouble = str(error).strip()
                if isinstance(item, _Task):
                    import loader.loading.load  # noqa: F401  imported before the fork, so that the processes share it

                    workers.begin(item)
                elif isinstance(item, Result):
                    yield item
                elif not workers.busy:
                    break
                else:
                    answers = list(workers.wait(TICK))
                    for task, answer in answers:
                        if isinstance(answer, Died):
                            answer = self._died(task, answer)
                        if isinstance(answer, _Trouble):
                            trouble = trouble or answer.message
                        elif answer.waits:
                            waiting.append(task)
                        else:
                            yield answer
                    if not answers:
                        yield None
        finally:
            self.not_begun += len(waiting)
            workers.close()
            items.close()
        if trouble is not None:
            raise DatabaseTrouble(trouble)
        if not self.dry_run:
            refresh_statistics(self.connection)

    def _items(self) -> Generator[_Task | Result]:
        """The documents that must be read, and the results of the others."""
        bundles = Bundles(self.time_limit)
        try:
            for found, options in self.files:
                if self._stopped:
                    return
                self.not_begun -= 1
                try:
                    for task in self._tasks(found, options, bundles):
                        yield self._unless_known(self._with_first_address(task))
                        if self._stopped:
                            return
                except DocumentError as error:
                    yield reject(self.connection, found.name, options, None, str(error), self.dry_run)
        finally:
            bundles.close()

    def _tasks(self, found: Found, options: Options, bundles: Bundles) -> Iterator[_Task]:
        """A document, or every document of a bundle. DocumentError if it cannot be read."""
        if found.fault is not None:
            raise DocumentError(f"{found.name}: {found.fault}")
        try:
            with open_regular(found.path, MAX_FILE) as file:
                start, content_hash = _start_and_hash(file)
        except OSError as error:
            raise DocumentError(f"{found.name}: {error.strerror}") from None
        may_be_bundle = start == b"PK" and not is_known(self.connection, options, content_hash)
        if may_be_bundle and bundles.is_bundle(found.path, found.name):
            for name, content in bundles.documents(found.name):
                yield _Task(name, content, hashlib.sha256(content).hexdigest(), options)
        else:
            yield _Task(found.name, found.path, content_hash, options)

    def _unless_known(self, task: _Task) -> _Task | Result:
        """The task if the document must be read, else its result."""
        if task.options.again:
            return task
        begun = time.monotonic()
        known = load_known(self.connection, task.content_hash, task.name, task.options, self.dry_run)
        if known is None:
            return task
        known.seconds = time.monotonic() - begun
        return known

    def _with_first_address(self, task: _Task) -> _Task:
        """The task with the address that was first given for its content: a document at two addresses keeps the first.

        DocumentError if another publication date was given for the same content.
        """
        given = task.options
        if given.published_on is None and given.source_address is None:
            return task
        name, first = self._first_options.setdefault(task.content_hash, (task.name, given))
        if None not in (given.published_on, first.published_on) and given.published_on != first.published_on:
            raise DocumentError(
                f"{task.name}: same content as {name}, whose publication date was given as {first.published_on},"
                f" not {given.published_on}"
            )
        if first.source_address is None:
            return task
        return replace(task, options=replace(given, source_address=first.source_address))

    def _died(self, task: _Task, death: Died) -> Result | _Trouble:
        reason = f"{task.name}: {death}; it may be damaged or malicious"
        try:
            # the worker may have died after the document was stored
            known = None
            if not task.options.again:
                known = load_known(self.connection, task.content_hash, task.name, task.options, self.dry_run)
            return known or reject(self.connection, task.name, task.options, task.content_hash, reason, self.dry_run)
        except _DATABASE_ERRORS as error:
            return _Trouble(str(error).strip())


class _Loader:
    """The work of a process: load each document over its own connection."""

    def __init__(self, url: str, dry_run: bool) -> None:
        self.url = url
        self.dry_run = dry_run
        self.connection: psycopg.Connection | None = None

    def __call__(self, task: _Task) -> Result | _Trouble:
        try:
            if self.connection is None:
                spare_the_collector()
                self.connection = open_connection(self.url, application_name="hetang load")
            return _load(self.connection, task, self.dry_run)
        except _DATABASE_ERRORS as error:
            return _Trouble(str(error).strip())


def spare_the_collector() -> None:
    """Run the garbage collector rarely, and not on existing objects.

    A document creates many objects and hardly any cycles. Looking for them took a fifth of the load time.
    """
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


def _start_and_hash(file: BinaryIO) -> tuple[bytes, str]:
    """The first two bytes of a regular file, and the hash of its content at its present size."""
    left = os.fstat(file.fileno()).st_size
    start = file.read(min(2, left))
    digest = hashlib.sha256(start)
    left -= len(start)
    while left and (piece := file.read(min(_PIECE, left))):
        digest.update(piece)
        left -= len(piece)
    return start, digest.hexdigest()


def _load(connection: psycopg.Connection, task: _Task, dry_run: bool) -> Result:
    """Load one document. An internal error rejects this document only; the others are loaded."""
    from loader.loading.load import load_content  # imports readers and solver, which known documents do not need

    begun = time.monotonic()
    try:
        content = read_regular(task.source, MAX_DOCUMENT) if isinstance(task.source, Path) else task.source
    except OSError as error:
        return reject(connection, task.name, task.options, task.content_hash, f"{task.name}: {error.strerror}", dry_run)
    allow_for_bytes(len(content))
    try:
        result = load_content(connection, content, task.name, task.options, dry_run, task.may_wait)
    except (*_DATABASE_ERRORS, MemoryError):
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        reason = (
            f"{task.name}: internal error at {Path(place.filename).name}:{place.lineno}; please report it with"
            " the document and the log (--log-file)"
        )
        result = reject(connection, task.name, task.options, task.content_hash, reason, dry_run)
        result.trace = traceback.format_exc()
    result.seconds = time.monotonic() - begun
    return result
