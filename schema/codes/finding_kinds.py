"""The kinds of findings: how much each matters, and its wording in Chinese and English.

A finding is kept as a kind and values. The wording has named places, ``{code}``, that the values fill at reading: here,
and in SQL by ``meta.finding_message``. A value that is English of the program has its Chinese beside it: ``{text}`` and
``{text_zh}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schema.codes.lists import read_codes

PLACE = re.compile(r"\{(\w+)\}")
SEPARATORS = {"zh": "、", "en": ", "}

StoredValue = str | int | list[str]

# what `hetang load` prints at once about a document: the name in its result → the kinds of findings
PRINTED_BY_LOAD = {
    "incomplete": ("incomplete", "forms_cut_off"),
    "in_doubt": ("year_overruled", "implausible_total", "implausibly_small"),
    "kept_only": ("kept_only",),
    "without_money_unit": ("money_unit_assumed",),
}


@dataclass(frozen=True, slots=True)
class FindingKind:
    """A row of ``codes/finding_kind.csv``. ``severity``: ``error`` (the document is wrong or cut off, or someone has to
    decide), ``warning`` (something was assumed, added up or left out) or ``note`` (nothing is lost)."""

    kind: str
    severity: str
    wording_zh: str
    wording_en: str
    meaning_zh: str
    meaning_en: str

    def wording(self, language: str) -> str:
        """The template in ``zh`` or ``en``."""
        return {"zh": self.wording_zh, "en": self.wording_en}[language]

    def message(self, values: Mapping[str, StoredValue], language: str) -> str:
        """The wording with its values; a list is joined.

        A place ``{text_zh}`` without a value shows that of ``{text}``, as older loads have it; another one stays.
        """

        def fill(place: re.Match[str]) -> str:
            value = values.get(place[1], values.get(place[1].removesuffix("_zh"), place[0]))
            return SEPARATORS[language].join(value) if isinstance(value, list) else str(value)

        return PLACE.sub(fill, self.wording(language))


@cache
def finding_kinds() -> dict[str, FindingKind]:
    """Kind → what is known of it."""
    return {row["kind"]: FindingKind(**row) for row in read_codes("finding_kind")}
