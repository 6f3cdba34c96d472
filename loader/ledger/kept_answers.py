"""Methods that are asked the same again and again, whose answers their object keeps."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


def kept(find: Callable[..., _Answer]) -> Callable[..., _Answer]:
    """A method that is asked once for each value of its arguments, object by object.

    ``functools.cache`` of a bound method would refer back to the object: all that it holds, the cells of a document
    among it, would wait for the garbage collector.
    """
    name = f"{find.__name__}_kept"

    @wraps(find)
    def ask(self: Any, *asked: Any, **named: Any) -> _Answer:
        answers: dict[tuple[Any, ...], _Answer] = self.__dict__.setdefault(name, {})
        key = (*asked, *named.items())
        if key not in answers:
            answers[key] = find(self, *asked, **named)
        return answers[key]

    return ask
