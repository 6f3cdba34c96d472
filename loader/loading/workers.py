"""Processes that work on one task at a time each, and may die of it: the others and the caller go on."""

from __future__ import annotations

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

Task = TypeVar("Task")
Answer = TypeVar("Answer")

# A fork starts in 5 ms and shares what is imported; a fresh interpreter takes 0.7 s. Elsewhere than on Linux system
# libraries do not bear a fork.
_CONTEXT: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")

_SCRATCH = "hetang-load-"  # and the number of the process that loads


@dataclass(frozen=True, slots=True)
class Died:
    """The process that had a task is gone: ended by itself, killed, or out of time."""

    exit_code: int | None
    timed_out: bool = False

    def __str__(self) -> str:
        if self.timed_out:
            return "took too long and was stopped"
        if self.exit_code is None or self.exit_code >= 0:
            return f"ended the process that read it (exit code {self.exit_code})"
        with suppress(ValueError):
            return f"ended the process that read it ({signal.Signals(-self.exit_code).name})"
        return f"ended the process that read it (signal {-self.exit_code})"


@dataclass(slots=True)
class _Worker(Generic[Task]):
    process: Any
    channel: connection.Connection
    task: Task | None = None
    begun: float = 0.0


class Workers(Generic[Task, Answer]):
    """At most ``count`` processes, started when there is work. Each calls ``prepare`` once and what that returns for
    every task. A task that takes more than ``time_limit`` seconds is ended with its process."""

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
            raise RuntimeError("a process for a document ended before it began")

    def _send(self, worker: _Worker[Task], task: Task) -> bool:
        try:
            worker.channel.send(task)
        except OSError:
            return False
        worker.task, worker.begun = task, time.monotonic()
        return True

    def wait(self, seconds: float) -> Iterator[tuple[Task, Answer | Died]]:
        """What has been done meanwhile; nothing if that takes longer than ``seconds``."""
        busy = {worker.channel: worker for worker in self._workers if worker.task is not None}
        for channel in connection.wait(list(busy), seconds):
            worker = busy.pop(channel)  # type: ignore[call-overload]
            task: Any = worker.task
            try:
                answer = worker.channel.recv()
            except (EOFError, OSError):
                answer = self._bury(worker)
            worker.task = None
            yield task, answer
        for worker in busy.values():
            if time.monotonic() - worker.begun > self._time_limit:
                overdue: Any = worker.task
                yield overdue, self._bury(worker, timed_out=True)

    def _start(self) -> _Worker[Task]:
        ours, theirs = _CONTEXT.Pipe()
        # a forked child holds copies of our ends of all channels; as long as it does, nobody sees us end
        copies = [ours, *(worker.channel for worker in self._workers)] if _CONTEXT.get_start_method() == "fork" else []
        process = _CONTEXT.Process(target=_serve, args=(theirs, copies, self._prepare, self._scratch.name))
        process.start()
        theirs.close()
        worker: _Worker[Task] = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _bury(self, worker: _Worker[Task], timed_out: bool = False) -> Died:
        """Take a dead process, or one that is to die, off the list."""
        if timed_out:
            _kill(worker.process)
        worker.process.join()
        worker.channel.close()
        self._workers.remove(worker)
        return Died(worker.process.exitcode, timed_out)

    def close(self) -> None:
        """End all processes: the idle by themselves, the busy at once."""
        for worker in self._workers:
            if worker.task is not None:
                _kill(worker.process)
            worker.channel.close()
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
) -> None:
    """The life of a worker; it ends when the other side closes the channel or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes; the caller decides what it means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for copy in copies:
        copy.close()
    tempfile.tempdir = scratch
    work = prepare()
    while True:
        try:
            task = channel.recv()
        except (EOFError, OSError):
            return
        answer = work(task)
        with suppress(OSError):
            channel.send(answer)
