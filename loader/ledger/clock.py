"""One clock a document: the processor time that settling what its cells contradict, and naming it, may take in all.

Whatever may go on for long asks it: the search for lines in doubt, programs in whole numbers, faults that are tried. It
runs from when the cells are laid out as equations, and stands still while they are laid out otherwise: that takes as
long as the document is large. A step that has begun is ended, so a document may take a little more.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

SECONDS = 1.2  # of processor time


@dataclass(slots=True)
class _Clock:
    end: float  # of processor time


_NONE = _Clock(float("inf"))
_clock: ContextVar[_Clock] = ContextVar("clock", default=_NONE)


@contextmanager
def clock_of_document() -> Iterator[None]:
    """Starts the clock of a document; without it only the limit of each step holds."""
    token = _clock.set(_Clock(time.process_time() + SECONDS))
    try:
        yield
    finally:
        _clock.reset(token)


@contextmanager
def standing_still() -> Iterator[None]:
    """Stops the clock meanwhile."""
    clock, begun = _clock.get(), time.process_time()
    yield
    clock.end += time.process_time() - begun


def deadline(seconds: float) -> float:
    """The processor time at which a step ends that may take so many seconds, if the document has as many left."""
    return min(time.process_time() + seconds, _clock.get().end)


def is_over(deadline: float = float("inf")) -> bool:
    """Whether this processor time has come, or the document's time is over."""
    return time.process_time() > min(deadline, _clock.get().end)


def seconds_left(most: float) -> float:
    """How long a step may take from now on, at most so many seconds."""
    return max(0.0, min(most, _clock.get().end - time.process_time()))
