"""The letters by which spreadsheets name their columns."""

from __future__ import annotations

from functools import lru_cache


def column_name(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    return (column_name(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
