"""A decorator that caches the results of a method, in its object."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


def cached_method(find: Callable[..., _Answer]) -> Callable[..., _Answer]:
    """Call the method once per object and arguments, and keep the result.

    ``functools.cache`` on a bound method would refer back to the object. Then everything that it holds, including the
    cells of a document, would wait for the garbage collector.
    """
    name = f"{find.__name__}_cached"

    @wraps(find)
    def ask(self: Any, *asked: Any, **named: Any) -> _Answer:
        key = (*asked, *named.items()) if named else asked
        answers: dict[tuple[Any, ...], _Answer] = self.__dict__.setdefault(name, {})
        if key not in answers:
            answers[key] = find(self, *asked, **named)
        return answers[key]

    return ask
