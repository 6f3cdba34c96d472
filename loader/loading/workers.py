"""Worker processes that begin one task at a time. If a task kills its process, the others and the caller continue.

A process may put a task off, and answer it together with later ones.

Every task has limits of memory and processor time (``loader.documents.limits``). The process sets them itself if the
system enforces such limits; in addition they are watched from here on every system.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import connection
from pathlib import Path
from typing import Any, Generic, TypeVar

import psutil

from loader.documents.limits import CPU_SECONDS, MEMORY, Allowance

Task = TypeVar("Task")
Answer = TypeVar("Answer")

# A fork takes 5 ms and shares what is imported; a new interpreter takes 0.7 s. On systems other than Linux, system
# libraries do not survive a fork.
_CONTEXT: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")

_SCRATCH = "hetang-load-"  # and the number of the process that loads


# Our ends of all channels. A forked child must close its copies, or other workers never notice that this process ended.
_our_ends: list[connection.Connection] = []

WATCH = 0.2  # seconds between checks of a process

_OUT_OF_MEMORY = f"needs more than {MEMORY >> 20} MB of memory, the limit for one document"
_OUT_OF_CPU = f"needs more processor time than allowed for its size (at least {CPU_SECONDS:.0f} seconds)"
_OUT_OF_TIME = "took too long and was stopped"


@dataclass(frozen=True, slots=True)
class Died:
    """The process of a task is gone: it ended, was killed, or was stopped at a limit (``breach``)."""

    exit_code: int | None
    breach: str | None = None

    def __str__(self) -> str:
        if self.breach is not None:
            return self.breach
        if self.exit_code is None or self.exit_code >= 0:
            return f"crashed the process that read it (exit code {self.exit_code})"
        if self.exit_code == -getattr(signal, "SIGXCPU", 0):
            return _OUT_OF_CPU
        with suppress(ValueError):
            return f"crashed the process that read it ({signal.Signals(-self.exit_code).name})"
        return f"crashed the process that read it (signal {-self.exit_code})"


@dataclass(slots=True)
class _Worker(Generic[Task]):
    process: Any
    channel: connection.Connection
    allowed: Any  # bytes of memory and seconds of processor time, written by its Allowance
    tasks: deque[Task] = field(default_factory=deque)  # without an answer, in the order of beginning
    is_busy: bool = False
    begun: float = 0.0
    watched: float = 0.0

    def close(self) -> None:
        """Close its channel, which ends an idle process."""
        _our_ends.remove(self.channel)
        self.channel.close()

    def breach(self, time_limit: float) -> str | None:
        """The limit that it has exceeded since it became busy, if any."""
        now = time.monotonic()
        if now - self.begun > time_limit:
            return _OUT_OF_TIME
        if now - self.watched < WATCH:
            return None
        self.watched = now
        memory, cpu_seconds = self.allowed
        with suppress(psutil.Error):
            process = psutil.Process(self.process.pid)
            if process.memory_info().rss > memory:
                return _OUT_OF_MEMORY
            if sum(process.cpu_times()[:2]) > cpu_seconds + 1:  # the system's own limit is in whole seconds
                return _OUT_OF_CPU
        return None


class Workers(Generic[Task, Answer]):
    """At most ``count`` processes, started when there is work. Each calls ``prepare`` once, and the function that it
    returns for every task, or with None for those that it has put off. The function returns the answers of all tasks
    that are done, in the order of beginning; None as an answer: to be begun again. A task that exceeds ``time_limit``
    seconds, or another limit, is ended with its process, which is replaced."""

    def __init__(
        self,
        count: int,
        prepare: Callable[[], Callable[[Task | None], list[Answer | None]]],
        time_limit: float,
    ) -> None:
        self._count = count
        self._prepare = prepare
        self._time_limit = time_limit
        self._workers: list[_Worker[Task]] = []
        self._lost: list[Task] = []  # put off by a process that died while it was idle
        # temporary files of the workers, also of killed ones, are removed when the work ends
        _clear_scratch()
        self._scratch = tempfile.TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-", ignore_cleanup_errors=True)

    @property
    def open(self) -> int:
        """The number of tasks without an answer."""
        return len(self._lost) + sum(len(worker.tasks) for worker in self._workers)

    @property
    def has_room(self) -> bool:
        """Whether another task would begin at once."""
        return sum(worker.is_busy for worker in self._workers) < self._count

    @property
    def has_empty(self) -> bool:
        """Whether the next task would begin at once, in a process that has put none off."""
        return len(self._workers) < self._count or any(not worker.tasks for worker in self._workers)

    def begin(self, task: Task) -> None:
        """Give a task to an idle process, if there is one to one that has put none off; only if there is room."""
        for worker in sorted(self._idle(), key=lambda worker: len(worker.tasks)):
            if not worker.tasks or len(self._workers) == self._count:
                if self._send(worker, task):
                    return
                self._lose(worker)  # it died while idle, so not of this task
        if not self._send(self._start(), task):
            raise RuntimeError("a process for a document ended before it started")

    def finish(self) -> None:
        """Let idle processes do what they have put off."""
        for worker in self._idle():
            if worker.tasks and not self._send(worker, None):
                self._lose(worker)

    def _idle(self) -> list[_Worker[Task]]:
        return [worker for worker in self._workers if not worker.is_busy]

    def _send(self, worker: _Worker[Task], task: Task | None) -> bool:
        try:
            worker.channel.send(task)
        except OSError:
            return False
        if task is not None:
            worker.tasks.append(task)
        worker.is_busy, worker.begun = True, time.monotonic()
        worker.watched = worker.begun
        return True

    def wait(self, seconds: float) -> Iterator[tuple[Task, Answer | Died | None]]:
        """The tasks that ended meanwhile, each with its answer; none if that takes longer than ``seconds``.

        If a process dies of one of several tasks, it is unknown of which: the answer of each is None.
        """
        while self._lost:
            yield self._lost.pop(), None
        busy = {worker.channel: worker for worker in self._workers if worker.is_busy}
        for channel in connection.wait(list(busy), seconds):
            worker = busy.pop(channel)  # type: ignore[call-overload]
            try:
                answers, goes_on = worker.channel.recv()
            except (EOFError, OSError):
                yield from self._end(worker)
                continue
            if isinstance(answers, Died):
                yield from self._end(worker, answers)
                continue
            worker.is_busy = False
            done = [(worker.tasks.popleft(), answer) for answer in answers]
            if not goes_on:
                self._lose(worker)
            yield from done
        for worker in busy.values():
            if breach := worker.breach(self._time_limit):
                yield from self._end(worker, breach=breach)

    def _end(
        self, worker: _Worker[Task], death: Died | None = None, breach: str | None = None
    ) -> list[tuple[Task, Died | None]]:
        """Remove a process that died while it was busy. Returns its tasks with their answers."""
        tasks = list(worker.tasks)
        buried = self._bury(worker, breach)
        return [(task, death or buried if len(tasks) == 1 else None) for task in tasks]

    def _lose(self, worker: _Worker[Task]) -> None:
        """Remove a process that died while it was idle."""
        self._lost += worker.tasks
        self._bury(worker)

    def _start(self) -> _Worker[Task]:
        ours, theirs = _CONTEXT.Pipe()
        _our_ends.append(ours)
        copies = _our_ends if _CONTEXT.get_start_method() == "fork" else []
        allowed = _CONTEXT.Array("d", [math.inf, math.inf], lock=False)
        process = _CONTEXT.Process(target=_serve, args=(theirs, copies, self._prepare, self._scratch.name, allowed))
        process.start()
        theirs.close()
        worker: _Worker[Task] = _Worker(process, ours, allowed)
        self._workers.append(worker)
        return worker

    def _bury(self, worker: _Worker[Task], breach: str | None = None) -> Died:
        """Remove a dead process from the list; kill it first if it has exceeded a limit."""
        if breach:
            _kill(worker.process)
        worker.process.join()
        worker.close()
        self._workers.remove(worker)
        return Died(worker.process.exitcode, breach)

    def close(self) -> None:
        """End all processes: idle ones end by themselves, busy ones are killed."""
        for worker in self._workers:
            if worker.is_busy:
                _kill(worker.process)
            worker.close()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()
        self._scratch.cleanup()


def _clear_scratch() -> None:
    """Remove the temporary files of loads that were killed with all their workers."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*-*"):
        owner = folder.name.removeprefix(_SCRATCH).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _kill(process: Any) -> None:
    """Kill a process and the programs that it runs, such as LibreOffice."""
    with suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
    process.kill()


def _serve(
    channel: connection.Connection,
    copies: list[connection.Connection],
    prepare: Callable[[], Callable[[Any], list[Any]]],
    scratch: str,
    allowed: Any,
) -> None:
    """The main loop of a worker. It ends when the other side closes the channel or is gone, or after a limit was
    exceeded."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes; the caller decides what it means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for copy in copies:
        copy.close()
    tempfile.tempdir = scratch
    work = prepare()
    allowance = Allowance(allowed)
    goes_on = True
    while goes_on:
        try:
            task = channel.recv()
        except (EOFError, OSError):
            return
        allowance.begin()
        out_of_memory = False
        answers: list[Any] | Died
        try:
            answers = work(task)
        except MemoryError:
            out_of_memory = True
        # the memory of the error is released by now
        goes_on = allowance.end() and not out_of_memory
        if out_of_memory:
            answers = Died(None, _OUT_OF_MEMORY)
        with suppress(OSError):
            channel.send((answers, goes_on))
