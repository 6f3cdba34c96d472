"""A limit on the processor time of a test, for input that takes for ever if it is read in a quadratic way."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail beyond so many seconds of processor time, whatever else the machine does."""

    def stop(number: int, frame: object) -> None:
        raise AssertionError(f"more than {seconds:.0f} seconds of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
