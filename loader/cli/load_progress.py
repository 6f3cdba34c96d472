"""The progress of a load on stderr, and what Ctrl-C does."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from loader.cli.console import print_line, print_message
from loader.cli.language import translated
from loader.documents.printable import printable
from loader.loading.bulk import TICK, BulkLoad
from loader.loading.result import Result

EVERY = 10.0  # seconds between progress lines without a terminal

Show = Callable[[int, Result | None], None]  # number of documents done, and the result if one has just ended


def progress(total: int) -> AbstractContextManager[Show]:
    return _bar(total) if sys.stderr.isatty() else _lines(total)


@contextmanager
def _bar(total: int) -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rejected]}"),
        TimeElapsedColumn(),
        TextColumn("/"),
        TimeRemainingColumn(),
    )
    # refreshed here: a refreshing thread does not survive the fork of the processes
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task("", total=total, rejected=translated("0 rejected"))
        rejected = 0
        shown = 0.0

        def show(done: int, result: Result | None) -> None:
            nonlocal rejected, shown
            if result is not None and result.error:
                rejected += 1
                progress.console.print(
                    printable(translated(f"rejected: {result.error}")), markup=False, highlight=False
                )
            if time.monotonic() - shown >= TICK:
                shown = time.monotonic()
                progress.update(
                    task, completed=done, total=max(total, done), rejected=translated(f"{rejected} rejected")
                )
                progress.refresh()

        yield show


@contextmanager
def _lines(total: int) -> Iterator[Show]:
    begun = last = time.monotonic()
    rejected = 0

    def show(done: int, result: Result | None) -> None:
        nonlocal last, rejected
        if result is not None and result.error:
            rejected += 1
            print_line(f"rejected: {result.error}")
        now = time.monotonic()
        if now - last >= EVERY:
            last = now
            print_message(f"{done} of {max(total, done)} documents, {rejected} rejected, {now - begun:.0f} s")

    yield show


class CtrlC:
    """Within this context the first Ctrl-C stops the load and the second raises KeyboardInterrupt."""

    def __init__(self, bulk: BulkLoad) -> None:
        self.bulk = bulk
        self.times = 0
        advice = translated("finishing the documents in progress; Ctrl-C again stops at once")
        self.advice = f"\nhetang: {advice}\n".encode(sys.stderr.encoding or "utf-8", errors="replace")

    def __enter__(self) -> CtrlC:
        self.before = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self.before)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.times += 1
        self.bulk.stop()
        if self.times > 1:
            raise KeyboardInterrupt
        # not print, which may be the call that was interrupted
        os.write(2, self.advice)
