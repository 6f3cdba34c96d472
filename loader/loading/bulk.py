"""Load many documents: known content is skipped, the rest is given to worker processes, one document at a time.

Each worker has its own connection, reads its documents and stores them in groups. Documents are started in the given
order, but the resulting warehouse does not depend on it. This process never reads a document itself: a document that
crashes its reader crashes a worker, which is replaced. The documents that this worker had read but not stored are then
read again, each alone, so that only the one at fault is rejected.
"""

from __future__ import annotations

import gc
import hashlib
import os
import time
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import psycopg

from loader.documents.grid import DocumentError
from loader.documents.limits import allow_for_bytes
from loader.documents.regular_file import open_regular, read_regular
from loader.loading.folder import Found
from loader.loading.known import is_known, load_known
from loader.loading.options import Options
from loader.loading.result import Result, reject
from loader.loading.trouble import DATABASE_ERRORS
from loader.loading.unpack import MAX_FILE, Bundles
from loader.loading.workers import Died, Workers
from loader.warehouse.connection import open_connection
from loader.warehouse.statistics import refresh_statistics

if TYPE_CHECKING:
    from loader.loading.load import Loading

GROUP = 8  # documents that are stored together
TICK = 0.2  # seconds between ticks without a result
TIME_LIMIT = 900.0  # seconds for one document, including waiting; scanned ones take minutes
MAX_DOCUMENT = 2**28  # bytes of one document; bundles may be larger
_PIECE = 2**20  # bytes hashed at a time


@dataclass(frozen=True, slots=True)
class _Task:
    """A document to read and load: a file, or the content of a file in a bundle."""

    name: str
    source: Path | bytes
    content_hash: str
    options: Options
    may_wait: bool = True  # for its forms, if it contains only prose
    is_alone: bool = False  # stored alone, and before another is begun


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
        undone: deque[_Task] = deque()  # begun by a process that ended before they were stored
        trouble: str | None = None
        workers: Workers[_Task, Result | _Trouble] = Workers(
            self.jobs, partial(_Loader, self.url, self.dry_run), self.time_limit
        )
        try:
            while True:
                item: _Task | Result | None = None
                if trouble is not None:
                    pass
                elif undone:
                    if workers.has_empty:
                        item = replace(undone.popleft(), is_alone=True)
                elif workers.has_room:
                    try:
                        item = next(items, None)
                        if item is None and waiting and not workers.open and not self._stopped:
                            item = replace(waiting.pop(), may_wait=False)
                    except DATABASE_ERRORS as error:
                        trouble = str(error).strip()
                if isinstance(item, _Task):
                    import loader.loading.load  # noqa: F401  imported before the fork, so that the processes share it

                    workers.begin(item)
                elif isinstance(item, Result):
                    yield item
                elif not workers.open:
                    break
                else:
                    workers.finish()
                    answers = list(workers.wait(TICK))
                    for task, answer in answers:
                        if isinstance(answer, Died):
                            answer = self._died(task, answer)
                        if answer is None:
                            undone.append(task)
                        elif isinstance(answer, _Trouble):
                            trouble = trouble or answer.message
                        elif answer.waits:
                            waiting.append(task)
                        else:
                            yield answer
                    if not answers:
                        yield None
        finally:
            self.not_begun += len(waiting) + len(undone)
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
        begun = time.monotonic()
        known = self._known(task)
        if known is None:
            return task
        known.seconds = time.monotonic() - begun
        return known

    def _known(self, task: _Task) -> Result | None:
        """The result of a document that is loaded without being read."""
        if task.options.again:
            return None
        return load_known(self.connection, task.content_hash, task.name, task.options, self.dry_run)

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
            known = self._known(task)  # the worker may have died after the document was stored
            return known or reject(self.connection, task.name, task.options, task.content_hash, reason, self.dry_run)
        except DATABASE_ERRORS as error:
            return _Trouble(str(error).strip())


class _Loader:
    """The work of a process: load documents over its own connection."""

    def __init__(self, url: str, dry_run: bool) -> None:
        self.url = url
        self.dry_run = dry_run
        self.loading: Loading | None = None
        self.begun = 0  # documents without an answer

    def __call__(self, task: _Task | None) -> list[Result | _Trouble | None]:
        """Load a document; without one, store those that wait. The answers of all documents that are done, in the order
        in which they were begun; after trouble None for the others, which are not stored."""
        self.begun += task is not None
        answers: list[Result | _Trouble | None] = []
        try:
            if self.loading is None:
                from loader.loading.load import Loading  # imports readers and solver

                spare_the_collector()
                connection = open_connection(self.url, application_name="hetang load")
                self.loading = Loading(connection, self.dry_run, GROUP)
            if task is not None:
                _load(self.loading, task)
            if task is None or task.is_alone:
                self.loading.store()
        except DATABASE_ERRORS as error:
            answers.append(_Trouble(str(error).strip()))
        if self.loading is not None:
            answers[:0] = self.loading.results
            self.loading.results.clear()
        if answers and isinstance(answers[-1], _Trouble):
            answers += [None] * (self.begun - len(answers))
        self.begun -= len(answers)
        return answers


def spare_the_collector() -> None:
    """Run the garbage collector rarely, and not on existing objects.

    A document creates many objects and leaves some two hundred of them in cycles. Looking for them took a fifth of the
    load time.
    """
    gc.freeze()
    gc.set_threshold(1_000_000, 20, 20)


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


def _load(loading: Loading, task: _Task) -> None:
    """Load one document."""
    try:
        content = read_regular(task.source, MAX_DOCUMENT) if isinstance(task.source, Path) else task.source
    except OSError as error:
        loading.reject(task.name, task.options, task.content_hash, f"{task.name}: {error.strerror}")
        return
    allow_for_bytes(len(content))
    loading.load(content, task.name, task.options, task.may_wait)
