"""The processor time that resolving and naming contradictions may take, in all, for one document.

Steps that may take long ask this clock: the search for lines in doubt, programs in whole numbers, trials of faults. It
starts when the cells are laid out as equations. It stops while a step lays them out again, because that time grows with
the document. A step that has begun is finished, so a document may take a little more.
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
    """Start the clock of a document. Outside this context only the limits of each step apply."""
    token = _clock.set(_Clock(time.process_time() + SECONDS))
    try:
        yield
    finally:
        _clock.reset(token)


@contextmanager
def standing_still() -> Iterator[None]:
    """Stop the clock within this context."""
    clock, begun = _clock.get(), time.process_time()
    yield
    clock.end += time.process_time() - begun


def deadline(seconds: float) -> float:
    """The processor time at which a step of ``seconds`` ends, or the document's time if that is earlier."""
    return min(time.process_time() + seconds, _clock.get().end)


def is_over(deadline: float = float("inf")) -> bool:
    """Whether this processor time has come, or the document's time is over."""
    return time.process_time() > min(deadline, _clock.get().end)


def seconds_left(most: float) -> float:
    """How long a step may take from now, at most ``most`` seconds."""
    return max(0.0, min(most, _clock.get().end - time.process_time()))
