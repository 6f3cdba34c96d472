"""The work that resolving and naming contradictions may take, in all, for one document.

Work is counted and not timed: the same document has the same result on any machine, however busy. Steps that do most of
the work count it (``spend``), steps that may take long ask whether their share is used up: the search for lines in
doubt, programs in whole numbers, trials of faults. A unit of work takes about a microsecond of a quiet machine.

The count starts when the cells are laid out as equations. It stands still while a step lays them out again, because
that work grows with the document. A step that has begun is finished, so a document may take a little more. Time itself
is only the last guard, for work that is not counted well.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")

WORK = 1_200_000  # for a document
LAST_SECONDS = 10.0  # of processor time, after which all searches of a document stop


@dataclass(slots=True)
class _Clock:
    end: float  # of the work
    last: float  # moment of processor time
    done: int = 0


_NONE = _Clock(float("inf"), float("inf"))
_clock: ContextVar[_Clock] = ContextVar("clock", default=_NONE)


@contextmanager
def clock_of_document() -> Iterator[None]:
    """Start the clock of a document. Outside this context only the limits of each step apply."""
    token = _clock.set(_Clock(WORK, time.process_time() + LAST_SECONDS))
    try:
        yield
    finally:
        _clock.reset(token)


@contextmanager
def standing_still() -> Iterator[None]:
    """Stop the clock within this context."""
    clock = _clock.get()
    done, begun = clock.done, time.process_time()
    yield
    clock.done = done
    clock.last += time.process_time() - begun


def spend(work: float) -> None:
    """Count work that is done."""
    _clock.get().done += round(work)


def deadline(work: int) -> float:
    """The count of the work at which a step with so much of it ends, or the document's work if that is less."""
    clock = _clock.get()
    return min(clock.done + work, clock.end)


def is_over(deadline: float = float("inf")) -> bool:
    """Whether this much work is done, or the document's work."""
    clock = _clock.get()
    return clock.done > min(deadline, clock.end) or time.process_time() > clock.last


def cached_with_its_work(most: int) -> Callable[[Callable[_Asked, _Answer]], Callable[_Asked, _Answer]]:
    """Cache the last ``most`` results of a function, and the work that each took. A cached result counts as much work,
    because it may be left from another document."""

    def decorate(find: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
        @lru_cache(maxsize=most)
        def found(*asked: Any, **named: Any) -> tuple[_Answer, int]:
            begun = _clock.get().done
            return find(*asked, **named), _clock.get().done - begun

        @wraps(find)
        def ask(*asked: _Asked.args, **named: _Asked.kwargs) -> _Answer:
            clock = _clock.get()
            begun = clock.done
            answer, work = found(*asked, **named)  # type: ignore[arg-type]
            clock.done = begun + work
            return answer

        return ask

    return decorate
