"""Processes that work on one task at a time each, and may die of it: the others and the caller go on.

Every task has limits of memory and processor time (``loader.documents.limits``), set by the process itself if the
system enforces such limits, and watched from here on every system.
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

# A fork starts in 5 ms and shares what is imported; a fresh interpreter takes 0.7 s. Elsewhere than on Linux system
# libraries do not bear a fork.
_CONTEXT: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")

_SCRATCH = "hetang-load-"  # and the number of the process that loads


# our ends of all channels: a forked child holds copies of them, and as long as it does, nobody sees us end
_our_ends: list[connection.Connection] = []

WATCH = 0.2  # seconds between two looks at what a process uses

_OUT_OF_MEMORY = f"needs more than {MEMORY >> 20} MB of memory, the limit for one document"
_OUT_OF_CPU = f"needs too much processor time for its size (the limit starts at {CPU_SECONDS:.0f} seconds)"
_OUT_OF_TIME = "took too long and was stopped"


@dataclass(frozen=True, slots=True)
class Died:
    """The process that had a task is gone: ended by itself, killed, or stopped at a limit, which ``breach`` tells."""

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
    allowed: Any  # bytes of memory and seconds of processor time, as its Allowance says
    task: Task | None = None
    begun: float = 0.0
    watched: float = 0.0

    def close(self) -> None:
        """Close its channel, which ends it if it is idle."""
        _our_ends.remove(self.channel)
        self.channel.close()

    def breach(self, time_limit: float) -> str | None:
        """The limit that its task has passed, if any."""
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
    """At most ``count`` processes, started when there is work. Each calls ``prepare`` once and what that returns for
    every task. A task that takes more than ``time_limit`` seconds, or passes another limit, is ended with its process;
    another process takes its place."""

    def __init__(self, count: int, prepare: Callable[[], Callable[[Task], Answer]], time_limit: float) -> None:
        self._count = count
        self._prepare = prepare
        self._time_limit = time_limit
        self._workers: list[_Worker[Task]] = []
        # temporary files of the workers, those of the killed included, go when the work ends
        _clear_scratch()
        self._scratch = tempfile.TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-", ignore_cleanup_errors=True)

    @property
    def busy(self) -> int:
        """How many tasks are under way."""
        return sum(worker.task is not None for worker in self._workers)

    @property
    def has_room(self) -> bool:
        """Whether another task would begin at once."""
        return self.busy < self._count

    def begin(self, task: Task) -> None:
        """Hand a task to an idle process; only where there is room."""
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
        """What has been done meanwhile; nothing if that takes longer than ``seconds``."""
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
        """Take a dead process, or one that is to die of a breach, off the list."""
        if breach:
            _kill(worker.process)
        worker.process.join()
        worker.close()
        self._workers.remove(worker)
        return Died(worker.process.exitcode, breach)

    def close(self) -> None:
        """End all processes: the idle by themselves, the busy at once."""
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
    """Kill a process with the programs that it runs, such as LibreOffice."""
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
    """The life of a worker; it ends when the other side closes the channel or is gone, or after a breach."""
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
        # what the error held is free by now
        goes_on = allowance.end() and not out_of_memory
        if out_of_memory:
            answer = Died(None, _OUT_OF_MEMORY)
        with suppress(OSError):
            channel.send((answer, goes_on))
