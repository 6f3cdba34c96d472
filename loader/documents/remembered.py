"""Results of a function that is asked the same again and again: what a text says, thousands of times a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_Asked = TypeVar("_Asked")
_Found = TypeVar("_Found")


def remembered(most: int) -> Callable[[Callable[[_Asked], _Found]], Callable[[_Asked], _Found]]:
    """Remember what a function of one argument returns, for up to ``most`` arguments; then all is forgotten.

    Half as slow as ``lru_cache``, which also notes what was asked last.
    """

    def with_memory(function: Callable[[_Asked], _Found]) -> Callable[[_Asked], _Found]:
        return _Memory(function, most).__getitem__

    return with_memory


class _Memory(dict[_Asked, _Found]):
    """Argument → result, found when it is asked for."""

    __slots__ = ("_function", "_most")

    def __init__(self, function: Callable[[_Asked], _Found], most: int) -> None:
        self._function = function
        self._most = most

    def __missing__(self, asked: _Asked) -> _Found:
        found = self._function(asked)
        if len(self) >= self._most:
            self.clear()
        self[asked] = found
        return found
