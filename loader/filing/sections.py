"""The sections of a document that hold a disclosure each: what the cover lines above every table say of it.

Offices publish several disclosures in one file, one behind another: those of a department and of its units, or of
several units. Each begins with a cover or a title such as 某某局2024年部门预算.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from loader.documents.grid import Document
from loader.documents.wording import fold
from loader.filing.cover import is_cover_line
from loader.filing.office_names import office_in
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.recognise import Recognised
from loader.filing.tables.titles import match_title
from loader.filing.title_words import is_of_department, stage_in, year_in

# 2024年部门预算 and what may follow it in the title of a disclosure; 部门预算执行情况 is another thing
_DISCLOSURE = re.compile(
    r"(?:部门|单位)(?:预算|决算)(?:信息)?(?:公开)?(?:情况|内容|报告|文本|草案)?(?:公开)?(?:的?(?:说明|表格?))?(?:\(.*\))?\d*$"
)


class Section(NamedTuple):
    """What the lines above a table say of its disclosure, from the nearest lines that say it; None if none does.

    ``is_department``: the title says 部门预算, not 单位预算. ``year`` and ``stage`` are those of the title.
    """

    office: str | None = None
    is_department: bool | None = None
    year: int | None = None
    stage: str | None = None

    def after(self, earlier: Section) -> Section:
        """What holds after this was said: also what was said before, unless of another office."""
        if self.office and earlier.office and fold(self.office) != fold(earlier.office):
            return self
        return Section(
            self.office or earlier.office,
            earlier.is_department if self.is_department is None else self.is_department,
            self.year or earlier.year,
            self.stage or earlier.stage,
        )


def sections_of(document: Document, recognised: Recognised) -> list[Section]:
    """The section of each table. What one does not say, the one before has said; a new office begins anew."""
    places = {grid.place: number for number, grid in enumerate(document.grids)}
    outside = [((places[place], row.number), row) for place, row in recognised.outside]
    found: list[Section] = []
    current, at = Section(), 0
    for table in recognised.tables:
        line = (places[table.sheet], (table.header or table.body)[0].number)
        between: list[str] = []
        while at < len(outside) and outside[at][0] < line:
            between += whole_lines(outside[at][1])
            at += 1
        for said in _said(between):
            current = said.after(current)
        found.append(current)
    return found


def _said(lines: Sequence[str]) -> Iterator[Section]:
    """What each cover line says. The office may stand on the line before 部门预算."""
    short = [text for text in lines if is_cover_line(text)]
    for before, text in pairwise(["", *short]):
        office = office_in(text) or office_in(before + text)
        is_title = not match_title(text) and _DISCLOSURE.search(fold(text))
        if is_title:
            yield Section(office, is_of_department(text), year_in(text), stage_in(fold(text)))
        elif office is not None:
            yield Section(office)
