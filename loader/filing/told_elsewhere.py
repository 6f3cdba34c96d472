"""Year and office of a disclosure that its cover and its forms do not name, from other places in or on the document.

Such places are weak: a heading may speak of another document, and files are renamed. So each comes with its words, and
what is taken from one is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple

from loader.documents.grid import Document
from loader.documents.wording import fold
from loader.filing.cover import is_cover_line, without_lists
from loader.filing.office_names import name_in_one_spelling, office_in, office_of_sheet
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.form_table import FormTable
from loader.filing.tables.recognise import Recognised
from loader.filing.title_words import is_of_disclosure, stage_in, year_in
from schema.forms.template import Sheet

_LEADERS = re.compile(r"[.…·\s]+\d*$")  # of a line of the contents
_PERIOD_YEAR = re.compile(r"(20\d\d)[年.\-/]")
_HEAD_YEAR = re.compile(r"20\d\d(?=年)")
# headings about last year's spending and the like, which stand in the disclosures of any year
_ABOUT_OTHERS = re.compile("执行|结转|上年|完成|绩效|比较|增减")
# disclosures began about 2010; a file name may mention other numbers of four digits
_FILE_YEAR = re.compile(r"(?<!\d)(20[1-4]\d)(?!\d)")
_OF_OFFICES = "办公室"  # which a short name may add


class Told(NamedTuple):
    """A year or an office, the place that tells it, and its words there."""

    said: str
    place: str
    text: str


def years_elsewhere(document: Document, recognised: Recognised) -> list[Told]:
    """The years in headings, in the heads of columns of this year, in the names of sheets and of the file; else in the
    periods of projects; else any year in the name of the file. Headings of several years say none."""
    headings = [*_years_in(("heading", text) for text in _headings(recognised) if not _ABOUT_OTHERS.search(text))]
    found = headings if len({one.said for one in headings}) == 1 else []
    found += _head_years(recognised.tables)
    found += _years_in((grid.place, grid.place) for grid in document.grids)
    if year := year_of_file(document.file_name):
        found.append(Told(str(year), "file name", document.file_name))
    periods = [] if found else [*_period_years(recognised)]
    if len({one.said for one in periods}) == 1:
        return periods
    return found or [Told(m[1], "file name", document.file_name) for m in _FILE_YEAR.finditer(document.file_name)]


def year_of_file(file_name: str) -> int | None:
    """The year in the name of a file that is a title (某某局2024年部门预算.xlsx); 2024年公开 may be when."""
    name = fold(PurePath(file_name).stem)
    return year_in(name) if stage_in(name) and len(set(_FILE_YEAR.findall(name))) == 1 else None


def _years_in(texts: Iterable[tuple[str, str]]) -> Iterator[Told]:
    """The years in texts, each with its place."""
    return (Told(str(year), place, text) for place, text in texts if (year := year_in(text)))


def _head_years(known: Sequence[FormTable]) -> Iterator[Told]:
    """The year in the heads of the columns of a form's own year, which other columns stand apart from."""
    for table in known:
        for at in table.columns.keys() - table.priors.keys() - table.rates.keys():
            text = table.header_labels.get(at, "")
            if years := _HEAD_YEAR.findall(text):
                yield from (Told(year, table.place, text) for year in years)


def _period_years(recognised: Recognised) -> Iterator[Told]:
    """The years in the periods of projects in sheets of goals (项目支出实施期)."""
    for table in recognised.tables:
        if table.form is not None and table.form.sheet is Sheet.PROJECT:
            for row in table.body:
                for name, value in pairwise(row.cells):
                    if "实施期" in fold(name.text):
                        years = _PERIOD_YEAR.findall(fold(value.text))
                        yield from (Told(year, table.place, value.text) for year in years)


def offices_elsewhere(document: Document, recognised: Recognised) -> list[Told]:
    """The offices in titles of the disclosure between and behind the forms, in the names of sheets and of the file."""
    titles = [text for text in _headings(recognised) if is_of_disclosure(text)]
    found = [Told(office, "heading", text) for text in titles if (office := office_in(text))]
    sheets = {office: grid.place for grid in document.grids if (office := office_of_sheet(grid.place))}
    found += [Told(office, place, place) for office, place in sheets.items() if len(sheets) == 1]
    if office := office_of_file(document.file_name):
        found.append(Told(office, "file name", document.file_name))
    return found


def office_of_file(file_name: str) -> str | None:
    """The office in the name of a file: 某某局2024年部门预算.xlsx, 2024_某某局.xlsx. None if there is none."""
    name = PurePath(file_name).stem
    return office_in(name) or office_of_sheet(name) or None


def is_short_for(one: str, other: str) -> bool:
    """Whether two names may be of one office: the characters of one stand in the other, in any order (某某区卫健局,
    某某市某某区卫生健康局; 某某区政协办, 中国人民政治协商会议某某市某某区委员会)."""
    short, long = sorted((name_in_one_spelling(one), name_in_one_spelling(other)), key=len)
    return {*short} <= {*long, *_OF_OFFICES}


def _headings(recognised: Recognised) -> list[str]:
    """The lines outside the tables that are neither sentences nor entries of lists of offices, without leaders."""
    lines = [_LEADERS.sub("", text) for _, row in recognised.outside for text in whole_lines(row)]
    return [text for text in without_lists(lines) if is_cover_line(text)]
