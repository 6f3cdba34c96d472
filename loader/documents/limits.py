"""Limits on memory and processor time of the process that reads a document.

The operating system enforces them if it can (the module ``resource``). The process that waits for the answer watches as
well (``loader.loading.workers``): it reads the limits from shared memory. A document that needs another program, or
whose pictures are recognised, gets higher limits for that.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import MutableSequence
from contextlib import suppress

import psutil

if sys.platform == "win32":
    resource = None
else:
    import resource

MEMORY = 768 * 2**20  # bytes that one document may need, beyond what the process holds when it begins
CPU_SECONDS = 10.0  # of processor time for one document; most take a tenth of one second
MB_CPU_SECONDS = 10.0  # more for every megabyte of it: reading the documents of whole departments takes a third
MOST_CPU_SECONDS = 120.0  # for reading a document, whatever its size
CELL_CPU_SECONDS = 0.0003  # more for every cell that was read; recognising, solving and storing it takes a third
OCR_MEMORY = 3 * 2**30  # bytes for one document with pictures of pages
OCR_CPU_SECONDS = 120.0  # of processor time more for every such page
PROGRAM_MEMORY = 768 * 2**20  # bytes of another program that reads a document, such as LibreOffice, which needs 160 MiB
PROGRAM_CPU_SECONDS = 120  # of its processor time
KEPT = MEMORY // 2  # bytes that a process may keep when a document is done; one that keeps more is replaced

_allowance: Allowance | None = None  # that of this process, if it has one


class Allowance:
    """The limits of this process. ``shared`` holds them for the process that watches: bytes of memory, and seconds of
    processor time since the start of the process; ``inf`` while it does nothing."""

    def __init__(self, shared: MutableSequence[float]) -> None:
        global _allowance
        _allowance = self
        # one process a core does the work; threads would only take address space
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        self._shared = shared
        self._process = psutil.Process()
        self._first = self._process.memory_info().rss

    def begin(self) -> None:
        """Start the limits of a document."""
        self._before = self._process.memory_info()
        self._cpu = time.process_time()
        self._memory = MEMORY
        self.allow(CPU_SECONDS)

    def allow(self, cpu_seconds: float, memory: int = 0) -> None:
        """Allow so many more seconds, and so many bytes in total if that is more than before."""
        self._cpu += cpu_seconds
        self._memory = max(self._memory, memory)
        self._shared[:] = [self._before.rss + self._memory, self._cpu]
        _limit("RLIMIT_AS", self._before.vms + self._memory)
        _limit("RLIMIT_CPU", math.ceil(self._cpu))

    def end(self) -> bool:
        """End the limits of a document. False if the process should not read another one."""
        self._shared[:] = [math.inf, math.inf]
        if resource is not None:
            _limit("RLIMIT_AS", resource.RLIM_INFINITY)
            _limit("RLIMIT_CPU", resource.RLIM_INFINITY)
        return self._process.memory_info().rss - self._first <= KEPT


def allow_for_picture() -> None:
    """Another picture of a page will be recognised."""
    if _allowance is not None:
        _allowance.allow(OCR_CPU_SECONDS, OCR_MEMORY)


def allow_for_bytes(count: int) -> None:
    """A document of so many bytes will be read."""
    if _allowance is not None:
        _allowance.allow(min(count / 2**20 * MB_CPU_SECONDS, MOST_CPU_SECONDS - CPU_SECONDS))


def allow_for_cells(count: int) -> None:
    """So many cells were read, which takes time from now on: the documents of whole departments are large."""
    if _allowance is not None:
        _allowance.allow(count * CELL_CPU_SECONDS)


def limit_program(pid: int) -> None:
    """Limits for another program, just started, instead of those that it has inherited."""
    if sys.platform == "linux":
        with suppress(OSError):
            for limit, most in (("RLIMIT_DATA", PROGRAM_MEMORY), ("RLIMIT_CPU", PROGRAM_CPU_SECONDS)):
                kind = getattr(resource, limit)
                resource.prlimit(pid, kind, (most, resource.prlimit(pid, kind)[1]))


def _limit(kind: str, most: int) -> None:
    """Set a soft limit, so that it can be raised for the next document; no further than the hard one."""
    if resource is not None and hasattr(resource, kind):
        limit = getattr(resource, kind)
        hard = resource.getrlimit(limit)[1]
        if hard != resource.RLIM_INFINITY and (most == resource.RLIM_INFINITY or most > hard):
            most = hard
        with suppress(OSError, ValueError):
            resource.setrlimit(limit, (most, hard))
