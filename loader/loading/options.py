"""The options of a load."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

DIVISION = "430202"  # 株洲市荷塘区


@dataclass(frozen=True, slots=True)
class Options:
    """The operator's values for a document. ``again``: read known documents again. ``strict``: reject documents with a
    failed rule or a finding of this severity or higher.

    ``supersede_rank`` is that of the whole load, see ``revisions.next_supersede_rank``; without it a document that
    supersedes gets its own.
    """

    division_code: str = DIVISION
    fiscal_year: int | None = None
    unit_code: str | None = None
    published_on: datetime.date | None = None
    supersede: bool = False
    supersede_rank: int = 0
    source_address: str | None = None
    stage: str | None = None
    again: bool = False
    strict: str | None = None
