"""Files with disclosures of several years or stages one behind another, such as a budget behind a final account.

Each begins with a cover or a title of its own (某某局2025年部门预算). Its tables belong to another set of forms, so the
document is divided before its forms are recognised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from loader.documents.grid import Document, Grid
from loader.documents.wording import fold
from loader.filing.identification.cover import is_cover_line
from loader.filing.identification.identify import SEVERAL
from loader.filing.identification.sections import Section, sections_of, told_in
from loader.filing.office_names import ends_like_office
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.recognise import Recognised
from loader.filing.title_words import stage_in, year_in

_BARE_YEAR = re.compile(r"20\d\d年度?")

_Place = tuple[int, int]  # number of the grid, and of the row in it
_Of = tuple[int | None, str | None]  # year and stage


def parts_of(document: Document, recognised: Recognised) -> list[Document]:
    """The parts of a document that begin with a cover of another year or stage; the document itself if none does.

    Each must have several tables, whose titles do not contradict it, and be named once: a year or stage that comes
    again is a heading about something else.
    """
    sections = sections_of(document, recognised)
    kinds: list[_Of] = [(section.year, section.stage) for section in sections]
    changes = [at for at in range(1, len(kinds)) if kinds[at] != kinds[at - 1]]
    runs = [kinds[at] for at in (0, *changes)] if kinds else []
    if len(runs) < 2 or len(set(runs)) < len(runs) or any(None in run for run in runs):
        return [document]
    if min(Counter(kinds).values()) < SEVERAL or not _agrees_with_titles(recognised, kinds):
        return [document]
    cuts = [_cover_before(document, recognised, at, sections[at]) for at in changes]
    places = [cut for cut in cuts if cut is not None]
    return list(_divided(document, places)) if len(places) == len(changes) else [document]


def _agrees_with_titles(recognised: Recognised, kinds: Sequence[_Of]) -> bool:
    """Whether less than half of the titles of each part name another year or stage than its cover."""
    others: Counter[_Of] = Counter()
    for table, (year, stage) in zip(recognised.tables, kinds, strict=True):
        title = table.title or ""
        if year_in(title) not in (None, year) or stage_in(fold(title)) not in (None, stage):
            others[year, stage] += 1
    return all(others[kind] * 2 < count for kind, count in Counter(kinds).items())


def _cover_before(document: Document, recognised: Recognised, at: int, section: Section) -> _Place | None:
    """Where the cover of a table begins: at the line with its year and stage, or the name of the office above it."""
    grids = {grid.place: number for number, grid in enumerate(document.grids)}
    earlier, table = recognised.tables[at - 1], recognised.tables[at]
    first = (grids[earlier.sheet], (earlier.body or earlier.header)[-1].number)
    last = (grids[table.sheet], (table.header or table.body)[0].number)
    begins: _Place | None = None
    before = ""
    for place, row in recognised.outside:
        line = (grids[place], row.number)
        if not first < line < last:
            continue
        for text in whole_lines(row):
            if is_cover_line(text) and _names(told_in(before, text), section):
                return begins if begins is not None and _may_be_above_title(before) else line
            before = text
        begins = line
    return None


def _may_be_above_title(text: str) -> bool:
    """Whether a line may stand above the title on a cover: the office or the year."""
    return ends_like_office(text) or _BARE_YEAR.fullmatch(fold(text)) is not None


def _names(said: Section, section: Section) -> bool:
    """Whether a line says the stage or the year of a section, and nothing else of them."""
    told = ((said.year, section.year), (said.stage, section.stage))
    return any(one for one, _ in told) and all(one in (None, other) for one, other in told)


def _divided(document: Document, cuts: list[_Place]) -> Iterator[Document]:
    bounds = [(0, 0), *cuts, (len(document.grids), 0)]
    for number, (start, end) in enumerate(pairwise(bounds)):
        grids = tuple(
            Grid(grid.place, rows)
            for at, grid in enumerate(document.grids)
            if (rows := tuple(row for row in grid.rows if start <= (at, row.number) < end))
        )
        is_last = number == len(cuts)
        yield replace(
            document,
            grids=grids,
            remarks=document.remarks if number == 0 else (),
            cut_off=document.cut_off if is_last else (),
        )
