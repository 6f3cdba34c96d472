"""The sections of a document that hold a disclosure each: what the cover lines above every table say of it.

Offices publish several disclosures in one file, one behind another: those of a department and of its units, or of
several units. Each begins with a cover or a title such as 某某局2024年部门预算.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from loader.documents.grid import Document
from loader.documents.wording import fold, label
from loader.filing.cover import is_cover_line, without_lists
from loader.filing.office_names import ends_like_office, name_in_one_spelling, office_over
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.recognise import Recognised
from loader.filing.tables.titles import match_title
from loader.filing.title_words import is_of_department, is_of_disclosure, stage_in, year_in

# the headings of parts; that of the first one may name the office
_PART = re.compile(r"第[一二三四五六七八九十\d]+部分")
_FIRST_PART = re.compile(r"第[一1]部分(.*?)(?:(?:基本)?概况|基本情况|简介|主要职[能责].*)?$")
_LEADERS = re.compile(r"[.…·\s]+\d*$")  # of a line of the contents


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


_SILENT = Section()


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
        for before, text in pairwise(["", *filter(is_cover_line, without_lists(between))]):
            said = told_in(before, text)
            current = said.after(current) if said != _SILENT else current
        found.append(current)
    return found


def offices_of_prose(recognised: Recognised) -> list[str]:
    """The offices that have a first part (第一部分 某某局概况) each, as its heading names them, or the title above it.

    A heading may leave out the place in front of an office (某某局 for 某某市某某局). If one office has a first part in
    its 部门预算 and one in its 单位预算, it is named twice. A first part without a sentence is in the contents.
    """
    found: list[tuple[str, bool | None]] = []
    current, before = Section(), ""
    begun: str | None = None  # the office of a first part that has no sentence yet
    for _, row in recognised.outside:
        text = _LEADERS.sub("", row.text)
        if not is_cover_line(text):
            known = (of for one, of in found if begun is not None and _is_one_office(one, begun))
            level = current.is_department
            if begun is not None and not any(None in (of, level) or of == level for of in known):
                found.append((begun, level))
            begun = None
        elif part := _FIRST_PART.match(label(text)):
            begun = part[1] if ends_like_office(part[1]) else current.office
        elif not _PART.match(label(text)):
            current = told_in(before, text).after(current)
        before = text if is_cover_line(text) else ""
    return [name for name, _ in found]


def _is_one_office(one: str, other: str) -> bool:
    """Whether two names are of one office, one of them perhaps without its place."""
    names = [name_in_one_spelling(name) for name in (one, other)]
    return names[0].endswith(names[1]) or names[1].endswith(names[0])


@lru_cache(maxsize=10_000)  # documents share most of their lines
def told_in(before: str, text: str) -> Section:
    """What a cover line says. The office may stand on the line before 部门预算."""
    office = office_over(before, text)
    if match_title(text) or not is_of_disclosure(text):
        return Section(office)
    return Section(office, is_of_department(text), year_in(text), stage_in(fold(text)))
