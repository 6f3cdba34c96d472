"""Worker processes that do one task at a time. If a task kills its process, the others and the caller continue.

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
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
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
    task: Task | None = None
    begun: float = 0.0
    watched: float = 0.0

    def close(self) -> None:
        """Close its channel, which ends an idle process."""
        _our_ends.remove(self.channel)
        self.channel.close()

    def breach(self, time_limit: float) -> str | None:
        """The limit that its task has exceeded, if any."""
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
    returns for every task. A task that exceeds ``time_limit`` seconds, or another limit, is ended with its process,
    which is replaced."""

    def __init__(self, count: int, prepare: Callable[[], Callable[[Task], Answer]], time_limit: float) -> None:
        self._count = count
        self._prepare = prepare
        self._time_limit = time_limit
        self._workers: list[_Worker[Task]] = []
        # temporary files of the workers, also of killed ones, are removed when the work ends
        _clear_scratch()
        self._scratch = tempfile.TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-", ignore_cleanup_errors=True)

    @property
    def busy(self) -> int:
        """The number of tasks in progress."""
        return sum(worker.task is not None for worker in self._workers)

    @property
    def has_room(self) -> bool:
        """Whether another task would begin at once."""
        return self.busy < self._count

    def begin(self, task: Task) -> None:
        """Give a task to an idle process; only if there is room."""
        for worker in [worker for worker in self._workers if worker.task is None]:
            if self._send(worker, task):
                return
            self._bury(worker)  # it died while idle, so not of this task
        if not self._send(self._start(), task):
            raise RuntimeError("a process for a document ended before it started")

    def _send(self, worker: _Worker[Task], task: Task) -> bool:
        try:
            worker.channel.send(task)
        except OSError:
            return False
        worker.task, worker.begun = task, time.monotonic()
        worker.watched = worker.begun
        return True

    def wait(self, seconds: float) -> Iterator[tuple[Task, Answer | Died]]:
        """The tasks that ended meanwhile, each with its answer; none if that takes longer than ``seconds``."""
        busy = {worker.channel: worker for worker in self._workers if worker.task is not None}
        for channel in connection.wait(list(busy), seconds):
            worker = busy.pop(channel)  # type: ignore[call-overload]
            task: Any = worker.task
            try:
                answer, goes_on = worker.channel.recv()
                worker.task = None
                if not goes_on:
                    self._bury(worker)
            except (EOFError, OSError):
                answer = self._bury(worker)
            yield task, answer
        for worker in busy.values():
            if breach := worker.breach(self._time_limit):
                stopped: Any = worker.task
                yield stopped, self._bury(worker, breach)

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
            if worker.task is not None:
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
    prepare: Callable[[], Callable[[Any], Any]],
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
        try:
            answer = work(task)
        except MemoryError:
            out_of_memory = True
        # the memory of the error is released by now
        goes_on = allowance.end() and not out_of_memory
        if out_of_memory:
            answer = Died(None, _OUT_OF_MEMORY)
        with suppress(OSError):
            channel.send((answer, goes_on))
