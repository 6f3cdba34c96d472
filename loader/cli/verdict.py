"""The result of a comparison as a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def verdict(summary: Sequence[Mapping[str, Any]]) -> str:
    """How many published figures differ and which forms were not published, from the counts of ``answers.compare``."""
    equal, differs = (sum(row[status] for row in summary) for status in ("equal", "differs"))
    absent = ", ".join(
        str(row["report_no"] or row["form_id"])
        for row in summary
        if row["not_filed"] and not row["equal"] + row["rounding"] + row["differs"]
    )
    forms = f"; forms {absent} were not published" if absent else ""
    if differs:
        return f"{differs} published cells differ from what the rest of the budget implies{forms}."
    return f"All {equal} published cells agree with what the rest of the budget implies{forms}."
