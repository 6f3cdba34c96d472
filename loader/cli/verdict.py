"""The result of a comparison in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any


def verdicts(summary: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """How many published figures differ and which forms were not published, from ``answers.compare.summary``: a
    sentence for each stage and revision, which is named if there are several."""
    groups = [(key, list(rows)) for key, rows in groupby(summary, lambda row: (row["stage"], row["revision"]))]
    for (stage, revision), rows in groups:
        if len(groups) == 1:
            yield _verdict(rows)
        elif revision is None:
            yield f"stage {stage}: {_verdict(rows)}"
        else:
            yield f"stage {stage}, revision {revision}: {_verdict(rows)}"


def _verdict(rows: Sequence[Mapping[str, Any]]) -> str:
    equal, differs = (sum(row[status] for row in rows) for status in ("equal", "differs"))
    absent = ", ".join(
        str(row["report_no"] or row["title"])
        for row in rows
        if row["not_filed"] and not row["equal"] + row["rounding"] + row["differs"]
    )
    forms = f"; forms not published: {absent}" if absent else ""
    if differs:
        compared = sum(row["equal"] + row["rounding"] for row in rows) + differs
        return (
            "Published cells that differ from what the rest of the budget implies:"
            f" {differs} of {compared} in all{forms}."
        )
    return f"All {equal} published cells agree with what the rest of the budget implies{forms}."
