"""A memory of results returns what the function returns, asks it once, and never holds more than it may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.documents.remembered import remembered


@given(st.lists(st.integers(0, 9)), st.integers(1, 5))
def test_the_same_results(asked: list[int], most: int) -> None:
    assert [*map(remembered(most)(str), asked)] == [*map(str, asked)]


def test_asked_once_until_it_is_full() -> None:
    found: list[str] = []

    @remembered(2)
    def upper(text: str) -> str:
        found.append(text)
        return text.upper()

    assert [upper(text) for text in "aabab"] == [*"AABAB"]
    assert found == [*"ab"]
    assert upper("c") == "C"  # and the others are forgotten
    assert upper("a") == "A"
    assert found == [*"abca"]


def test_an_error_is_not_remembered() -> None:
    half: Callable[[int], float] = remembered(2)(lambda number: 1 / number)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            half(0)
    assert half(2) == 0.5
