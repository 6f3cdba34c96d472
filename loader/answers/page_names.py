"""Disclosures → the paths of their pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from loader.answers.disclosed import Identity


def page_names(found: Sequence[Identity]) -> dict[int, str]:
    """Disclosure → the path of its page below the folder of the index."""
    number: dict[tuple[int, str, str], int] = defaultdict(int)
    for one in found:
        number[one.fiscal_year, one.unit_code, one.stage] += 1
    names = {}
    for one in found:
        stage = "" if one.stage == "budget" else f"_{one.stage}"
        revision = f"_{one.revision}" if number[one.fiscal_year, one.unit_code, one.stage] > 1 else ""
        names[one.disclosure_id] = f"{one.fiscal_year}/{one.unit_code}{stage}{revision}.html"
    return names
