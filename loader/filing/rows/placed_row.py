"""The result of reading a row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class PlacedRow:
    """The key and label of a row."""

    key: str
    label: str
    is_detail: bool = False  # below the last level of the form
